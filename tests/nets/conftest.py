"""What the nets share: the world they are cast over, and visitors in every role."""

import gc
from pathlib import Path

import pytest
from django.http import HttpResponse
from django.test import Client
from wagtail.models import Page

from discussion import tokens
from tests.conftest import client_of, moderator_of
from tests.nets import world as worlds

# Section moderators: what stands in the world is in the section of the one, and outside that of the other.
SECTIONS = {"insider": "section", "outsider": "other section"}


def pytest_collection_modifyitems(items):
    """Wagtail leaves temporary files of pictures to the collector, which Python warns of."""
    for item in items:
        if Path(item.fspath).parent == Path(__file__).parent:
            item.add_marker(pytest.mark.filterwarnings("ignore::ResourceWarning"))


@pytest.fixture(autouse=True)
def _collected():
    """Let the collector come here, and not in somebody else's test."""
    yield
    gc.collect()


@pytest.fixture
def world(home, settings):
    settings.HUB_SENDS_MAIL = True  # or what concerns mail would answer 404
    return worlds.build(home)


@pytest.fixture
def visitor_as(request):
    """A function from the name of a role to its browser."""

    def make(role: str) -> worlds.Visitor:
        if role == "anonymous":
            client = Client()
        elif role == "guest":
            client, response = Client(), HttpResponse()
            tokens.remember(response, "a-guest")
            client.cookies.update(response.cookies)
        elif role in SECTIONS:
            values = request.getfixturevalue("world").values
            client = client_of(moderator_of(role, Page.objects.get(pk=values[SECTIONS[role]])))
        else:
            client = request.getfixturevalue(f"{role}_client")
        return worlds.Visitor(client)

    return make
