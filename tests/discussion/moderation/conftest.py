"""Comments as a moderator finds them."""

from datetime import UTC, datetime

import pytest

from tests import factories


@pytest.fixture
def four(section, article):
    """Comments of different days, states, names and pages, oldest first."""
    film = factories.VideoPageFactory(parent=section, title="A film")

    def said_on(day, page, **values):
        return factories.comment(page, now=datetime(2026, 5, day, 12, tzinfo=UTC), **values)

    return [
        said_on(1, article, text="The first tide", name="Ada", email="ada@tides.example"),
        said_on(2, article, text="A second tide", name="Bea", email="bea@hills.example", state="pending"),
        said_on(3, film, text="A third hill", name="Cyd", email="cyd@hills.example", state="pending"),
        said_on(4, film, text="The fourth hill", name="Tideswell", email="dot@woods.example", state="spam"),
    ]
