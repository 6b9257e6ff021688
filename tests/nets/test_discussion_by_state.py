"""A discussion is as hidden as its page: each of its addresses, for pages in every state, to those who may read them or not."""

import pytest
from django.urls import reverse

from discussion import tokens
from discussion.models import Discussion
from pages.models import ArticlePage, SectionPage
from tests import factories
from tests.nets.canaries import FUTURE, PAST, WAYS

ADDRESSES = ["page", "comment", "replies", "token", "yours", "add", "POST add"]
OPEN = {
    "published": {},
    "closed": {"discussion_mode": "closed"},
    "closed since": {"discussion_closes_at": PAST},
    "opens later": {"discussion_opens_at": FUTURE},
    "off": {"discussion_mode": "off"},
}
OVERRIDDEN = {"closed by a moderator": "closed", "off by a moderator": "off"}

# What anybody gets who may read the page.
READABLE = """
                                         page comment replies token yours add POST
published                                200  302     200     200   200   200 302
closed                                   200  302     200     200   200   200 403
closed since                             200  302     200     200   200   200 403
opens later                              200  302     200     200   200   200 403
closed by a moderator                    200  302     200     200   200   200 403
off                                      404  404     404     200   200   200 403
off by a moderator                       404  404     404     200   200   200 403
"""
# Who may read a page that is hidden; to all others no address of it exists.
MAY_READ = """
                                         anonymous reader editor moderator administrator
a draft                                  no        no     no     no        no
a scheduled page                         no        no     no     no        no
a page live before its time              no        no     no     no        no
an expired page, the worker being late   no        no     no     no        no
an unpublished page                      no        no     no     no        no
a page behind a log-in                   no        yes    yes    yes       yes
a page beneath a private one             no        yes    yes    yes       yes
a page behind a password                 no        no     no     no        no
a page for a group                       no        no     yes    no        yes
"""
ROLES = ["anonymous", "reader", "editor", "moderator", "administrator"]


def cells(table: str) -> dict[str, list[str]]:
    width = len(table.strip("\n").splitlines()[0].split())
    rows = [line.rsplit(maxsplit=width) for line in table.strip("\n").splitlines()[1:]]
    return {name.strip(): values for name, *values in rows}


def test_every_way_of_hiding_a_page_has_a_line():
    assert set(cells(MAY_READ)) == set(WAYS)


def page_in(state: str, home) -> ArticlePage:
    """An article in ``state`` with a published comment."""
    section = factories.SectionPageFactory(parent=home, title="Everything", slug="everything")
    private = SectionPage(title="Private", slug="private")
    home.add_child(instance=private)
    page = ArticlePage(title="A dry street", slug="a-dry-street", summary="What is in it.", **OPEN.get(state, {}))
    if state in WAYS:
        WAYS["a page behind a log-in"](private_section := SectionPage(title="Closed", slug="closed"), private, None)
        WAYS[state](page, section, private_section)
    else:
        section.add_child(instance=page)
    factories.comment(page)
    if state in OVERRIDDEN:
        Discussion.objects.filter(page=page).update(override=OVERRIDDEN[state])
    return page


def statuses(visitor, page) -> list[str]:
    """What each address of the page's discussion answers, in the order of ``ADDRESSES``."""
    answers = [
        visitor.ask("GET", reverse(f"discussion:{name}", args=[page.pk, *([1] if name in {"comment", "replies"} else [])]))
        for name in ADDRESSES[:-1]
    ]
    form = {"comment": "I was there.", "name": "G. Uest", "email": "g@readers.example", "token": tokens.issue_token(page.pk)}
    origin = {"origin": "http://testserver"}
    answers.append(visitor.ask("POST", reverse("discussion:add", args=[page.pk]), form, headers=origin))
    return [str(answer.status_code) for answer in answers]


@pytest.mark.parametrize(("state", "expected"), cells(READABLE).items())
def test_discussion_of_a_page_that_everybody_may_read(home, visitor_as, state, expected):
    page = page_in(state, home)

    assert statuses(visitor_as("anonymous"), page) == expected


@pytest.mark.parametrize(("state", "may"), cells(MAY_READ).items())
def test_discussion_of_a_hidden_page_exists_for_those_who_may_read_the_page(home, visitor_as, state, may):
    page = page_in(state, home)

    found = {role: statuses(visitor_as(role), page) for role in ROLES}

    as_published, nothing = cells(READABLE)["published"], ["404"] * len(ADDRESSES)
    assert found == {role: as_published if word == "yes" else nothing for role, word in zip(ROLES, may, strict=True)}


def test_whoever_gave_the_password_may_read_the_discussion_too(client, home):
    page = page_in("a page behind a password", home)
    restriction = page.get_view_restrictions().get()

    unlock = reverse("wagtailcore_authenticate_with_password", args=[restriction.pk, page.pk])
    assert client.post(unlock, {"password": "open", "return_url": "/everything/a-dry-street/"}).status_code == 302

    assert client.get(reverse("discussion:page", args=[page.pk])).status_code == 200
