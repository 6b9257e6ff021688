"""What several tests of the discussion begin with."""

import pytest

from tests.discussion.person import plant


@pytest.fixture
def planted(article, section, moderator):
    """The person's data wherever data can stand, by state, with other people's beside it."""
    return plant(article, section, moderator)
