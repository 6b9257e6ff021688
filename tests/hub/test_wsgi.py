"""What the server hands to Django."""

import pytest
from django.core.signals import request_finished, request_started
from django.db import close_old_connections
from django.test import RequestFactory
from django.test.client import encode_multipart

from discussion import tokens
from discussion.models import PageComment
from hub.wsgi import application
from tests.discussion.journey import HERE, TYPED

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _connection_is_kept():
    """As Django's own test client sees to it: the test's transaction is in it."""
    for signal in (request_started, request_finished):
        signal.disconnect(close_old_connections)
    yield
    for signal in (request_started, request_finished):
        signal.connect(close_old_connections)


class Server(RequestFactory):
    """Sends what it is told to the application, as a server does, and gives the status and the page."""

    def request(self, **environ):
        told = []
        answer = application(self._base_environ(**environ), lambda status, headers: told.append(status))
        return told[0], b"".join(answer).decode()


ENCODINGS = ["base64", "idna", "undefined", '"undefined"', "utf-16", "rot13", "unknown", "latin-1", "", "utf-8"]


@pytest.mark.parametrize("preview", [False, True])
@pytest.mark.parametrize("charset", ENCODINGS)
def test_form_is_read_as_utf_8_whatever_it_calls_itself(article, charset, preview):
    body = encode_multipart("x", TYPED | {"comment": "Bücher", "token": tokens.issue_token(article.pk)})
    address = f"/discussion/{article.pk}/add/" + ("?preview=%C3%BC" if preview else "")
    kind = f"multipart/form-data; charset={charset}; boundary=x"
    status, page = Server().generic("POST", address, body, kind, headers=HERE)
    if preview:
        assert (status, "<p>Bücher</p>" in page) == ("200 OK", True)
    else:
        assert (status, PageComment.objects.get().comment) == ("302 Found", "Bücher")


@pytest.mark.parametrize("charset", ENCODINGS)
def test_address_is_read_as_utf_8_whatever_the_request_calls_itself(home, charset):
    status, page = Server().get("/search/?q=B%C3%BCcher", CONTENT_TYPE=f"text/plain;charset={charset}")
    assert (status, "Bücher" in page) == ("200 OK", True)


def test_request_that_says_nothing_of_its_kind_is_answered(home):
    assert Server().get("/")[0] == "200 OK"
