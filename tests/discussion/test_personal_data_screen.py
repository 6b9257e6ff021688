"""The admin's screen for one person's data: who may see it, and what it does."""

import json

import pytest
from django.contrib.auth.models import Group, Permission
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from wagtail.models import ModelLogEntry

from tests.conftest import client_of, in_group
from tests.discussion.person import EMAIL, by_person, everything, exported, found

SCREEN, DOWNLOAD, ERASE = (
    "discussion_personal_data",
    "discussion_personal_data_download",
    "discussion_personal_data_erase",
)


def said(response):
    return [str(message).strip() for message in response.context["messages"]]


@pytest.fixture
def keeper_client(db):
    """Whoever may see personal data and nothing else."""
    group = Group.objects.create(name="Data protection")
    group.permissions.set(Permission.objects.filter(codename__in=["personal_data", "access_admin"]))
    return client_of(in_group("keeper", "Data protection"))


ROLES = {
    "reader": "/admin/login/",
    "editor": "/admin/",
    "publisher": "/admin/",
    "moderator": "/admin/",
    "keeper": None,
    "administrator": None,
}


@pytest.mark.parametrize(("role", "refused_to"), ROLES.items())
def test_who_may_see_and_erase_personal_data(request, article, role, refused_to):
    by_person(article)
    visitor = request.getfixturevalue(f"{role}_client")
    answers = [visitor.get(reverse(SCREEN)), visitor.post(reverse(SCREEN), {"email": EMAIL})]
    answers.append(visitor.post(reverse(DOWNLOAD), {"email": EMAIL}))
    for answer in answers:
        if refused_to:
            assert answer["Location"].partition("?")[0] == refused_to
        else:
            assert answer.status_code == 200
        assert "zanzibarine" not in answer.content.decode() or not refused_to
    answer = visitor.post(reverse(ERASE), {"email": EMAIL, "confirmed": "yes"})
    assert answer["Location"].partition("?")[0] == (refused_to or reverse(SCREEN))
    assert (found() == set()) == (refused_to is None)


@pytest.mark.parametrize(("role", "refused_to"), [pair for pair in ROLES.items() if pair[0] != "reader"])
def test_entry_in_the_settings_menu(request, db, role, refused_to):
    page = request.getfixturevalue(f"{role}_client").get("/admin/").content.decode()
    assert ("/admin/discussion/personal-data/" in page) == (refused_to is None)


def test_permission_is_on_the_group_form_and_nobody_has_it(administrator_client, db):
    permission = Permission.objects.get(content_type__app_label="discussion", codename="personal_data")
    assert not permission.group_set.exists()
    page = administrator_client.get("/admin/groups/new/").content.decode()
    assert "Can export and erase the personal data of commenters" in page


def test_screen_shows_what_is_held_and_downloads_it(keeper_client, planted):
    page = keeper_client.post(reverse(SCREEN), {"email": f" {EMAIL} "}).content.decode()
    for shown in ("Comments: 15", "Subscriptions: 3", "Mails: 6", "zanzibarine", "Elsewhere", "Download as JSON"):
        assert shown in page
    assert "Theodora" not in page
    answer = keeper_client.post(reverse(DOWNLOAD), {"email": EMAIL})
    assert answer["Content-Type"] == "application/json; charset=utf-8"
    assert answer["Content-Disposition"] == 'attachment; filename="personal-data.json"'
    assert json.loads(answer.content) == json.loads(exported())
    assert "no-store" in answer["Cache-Control"]


def test_screen_erases_after_a_second_confirmation(keeper_client, planted):
    before = everything()
    question = keeper_client.post(reverse(ERASE), {"email": EMAIL})
    assert "This cannot be undone." in question.content.decode()
    assert everything() == before
    answer = keeper_client.post(reverse(ERASE), {"email": EMAIL, "confirmed": "yes"}, follow=True)
    assert said(answer) == [
        "Erased. Comments: 15, Earlier versions of comments: 15, Reports made: 1, Subscriptions: 3, Mails: 6, "
        "Bans, holds and trust: 1, Moderators’ notes: 2, Log entries: 7.",
        "Moderators’ ban, hold or trust for them has ended with it: they may comment as anybody may.",
    ]
    assert found() == set()
    done = ModelLogEntry.objects.get(action="discussion.erase_person")
    assert (done.user.username, done.data) == ("keeper", {"count": 50})


def test_screen_says_that_the_account_stays(keeper_client, article, reader):
    by_person(article, user=reader, email=reader.email)
    page = keeper_client.post(reverse(SCREEN), {"email": reader.email}).content.decode()
    assert "One account has this address" in page
    answer = keeper_client.post(reverse(ERASE), {"email": reader.email, "confirmed": "yes"}, follow=True)
    assert said(answer)[1] == "One account has this address. It was not deleted."


def test_screen_of_somebody_unknown_offers_nothing(keeper_client, article):
    page = keeper_client.post(reverse(SCREEN), {"email": "nobody@nowhere.example"}).content.decode()
    assert "Comments: 0" in page
    assert "Download as JSON" not in page


@pytest.mark.parametrize("name", [SCREEN, DOWNLOAD, ERASE])
@pytest.mark.parametrize("email", ["", "nobody", "a\x00b@c.example", f"{'x' * 250}@c.example"])
def test_wrong_address_is_said_in_place(keeper_client, article, name, email):
    answer = keeper_client.post(reverse(name), {"email": email, "confirmed": "yes"})
    assert answer.status_code == 400
    assert "error" in answer.content.decode()
    assert not ModelLogEntry.objects.exists()


@pytest.mark.parametrize("name", [DOWNLOAD, ERASE])
def test_address_is_in_no_url(keeper_client, article, name):
    by_person(article)
    assert keeper_client.get(reverse(name), {"email": EMAIL, "confirmed": "yes"}).status_code == 405
    assert "zanzibarine" not in keeper_client.get(reverse(SCREEN), {"email": EMAIL}).content.decode()
    assert found() != set()


@pytest.mark.parametrize("name", [SCREEN, DOWNLOAD, ERASE])
def test_another_site_cannot_ask_for_personal_data(administrator, article, name):
    browser = client_of(administrator)
    browser.handler.enforce_csrf_checks = True
    assert browser.post(reverse(name), {"email": EMAIL, "confirmed": "yes"}).status_code == 403


def test_screen_costs_the_same_for_few_and_many(administrator_client, article, reader):
    def cost():
        with CaptureQueriesContext(connection) as queries:
            administrator_client.post(reverse(SCREEN), {"email": EMAIL})
        return len(queries)

    by_person(article, user=reader)
    cost()
    few = cost()
    for _ in range(12):
        by_person(article, user=reader)
    assert cost() == few
