"""Who gets where: every address of the resolver, asked by everybody who may come.

An address that neither table knows fails the test, so that no view arrives unjudged. In the tables

- ``login`` is a redirect to a log-in page,
- ``home`` one to the front of the admin, by which Wagtail refuses whoever has come in,
- ``302`` one to anywhere else,
- and any other number the status itself.
"""

from fnmatch import fnmatchcase
from urllib.parse import urlsplit

import pytest
from django.db import transaction
from django.http import HttpResponse
from django.test import Client
from django.urls import resolve

from discussion import tokens
from tests.nets import world as worlds

ROLES = ["anonymous", "guest", "reader", "editor", "publisher", "moderator", "administrator"]

# Ours: all that is no part of Wagtail's admin, and in the admin all that is about the discussion.
OURS_GET = """
#                                                    anonymous guest reader editor publisher moderator administrator
"""
OURS_POST = ""
WAGTAILS = """
"""

POSTED = {
    "discussion:add": {"comment": "I was there.", "name": "G. Uest", "email": "g@readers.example"},
    "wagtailcore_authenticate_with_password": {"password": "open", "return_url": "/everything/a-closed-street/"},
    "wagtaildocs_authenticate_with_password": {"password": "open", "return_url": "/"},
    "wagtail_bulk_action": {"reason": "Off the subject"},
    "discussion_decide": {"reason": "Off the subject"},
    "wagtailsettings:edit": {"hold_comments": "on"},
}

pytestmark = pytest.mark.filterwarnings("ignore::ResourceWarning")  # Wagtail leaves temporary files of pictures to the collector


def is_ours(case) -> bool:
    return not case.row.is_admin or "discussion" in case.key


@pytest.fixture
def world(home):
    return worlds.build(home)


@pytest.fixture
def visitor_as(request, world):
    """A function from the name of a role to its browser."""

    def make(role: str) -> worlds.Visitor:
        if role == "anonymous":
            client = Client()
        elif role == "guest":
            client, response = Client(), HttpResponse()
            tokens.remember(response, "a-guest")
            client.cookies.update(response.cookies)
        else:
            client = request.getfixturevalue(f"{role}_client")
        return worlds.Visitor(client)

    return make


def outcome(response) -> str:
    if response.status_code != 302:
        return str(response.status_code)
    view = resolve(urlsplit(response["Location"]).path).view_name
    return {"wagtailadmin_login": "login", "wagtailcore_login": "login", "wagtailadmin_home": "home"}.get(view, "302")


@pytest.mark.parametrize("role", ROLES)
def test_x(world, visitor_as, role):
    visitor = visitor_as(role)
    for case in worlds.cases(world):
        if not is_ours(case): continue
        for method in ("GET", "POST"):
            with transaction.atomic():
                data = None
                if method == "POST":
                    data = POSTED.get(case.row.known_as, {})
                    if case.row.known_as == "discussion:add":
                        data = data | {"token": tokens.issue_token(world.page.pk)}
                r = visitor.ask(method, case.path, data, HTTP_ORIGIN="http://testserver")
                transaction.set_rollback(True)
            print("OUT", role, method, case.key.replace(" ","~"), outcome(r))
