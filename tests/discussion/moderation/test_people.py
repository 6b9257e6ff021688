"""A person as moderators know them: what is shown to whom, notes, and what is decided about them."""

import re
from datetime import UTC, datetime, timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from discussion.commenters import commenter, person_card
from discussion.models import LogEntry, Note, PageComment, Treatment
from discussion.moderation.people import comment_url, person_url
from discussion.notes import write_note
from discussion.persons import person_key
from discussion.transitions import decide
from discussion.treatments import treat
from tests import factories
from tests.conftest import client_of, moderator_of

pytestmark = pytest.mark.django_db
NOON = datetime(2026, 5, 1, 12, tzinfo=UTC)
WHO = {"name": "Ada Ferry", "email": "Ada@tides.example"}
PERSON = person_key(WHO["email"])


def html(response) -> str:
    return " ".join(response.content.decode().split())


def facts(page: str) -> dict:
    found = re.findall(r"<dt>(.*?)</dt> <dd>(.*?)</dd>", page)
    return {name: " ".join(re.sub(r"<[^>]*>", " ", words).split()) for name, words in found}


@pytest.fixture
def elsewhere(home):
    section = factories.SectionPageFactory(parent=home, title="Elsewhere")
    return factories.ArticlePageFactory(parent=section, title="A wet street")


@pytest.fixture
def ada(article, elsewhere):
    """Five comments by one person under two names on two pages, and one by somebody else."""
    factories.comment(article, now=NOON, is_proven=True, **WHO)
    factories.comment(article, state="spam", now=NOON + timedelta(days=1), **WHO | {"name": "A. F."})
    factories.comment(elsewhere, state="pending", now=NOON - timedelta(days=9), text="Said in another section", **WHO)
    factories.comment(elsewhere, now=NOON + timedelta(days=2), **WHO)
    factories.comment(article, name="Somebody else", email="else@tides.example", text="Nothing of Ada’s")
    return PageComment.objects.filter(person_key=PERSON)


@pytest.fixture
def insider(section):
    return moderator_of("insider", section)


def test_moderator_sees_a_person_whole(moderator_client, moderator, ada):
    decide([ada.get(state="pending").pk], "rejected", by=moderator, reason="Off the subject")
    treat("@tides.example", Treatment.Kind.HOLD, by=moderator, about="@tides.example", reason="A campaign")
    write_note("Knows the ferry well.", by=moderator, person=PERSON, about="Ada Ferry")
    page = html(moderator_client.get(person_url(PERSON)))
    shown = facts(page)
    assert {name: shown[name] for name in ("First seen", "Address", "Comments")} == {
        "First seen": "22 Apr 2026",
        "Address": "confirmed",
        "Comments": "2 published, 1 rejected, 1 spam",
    }
    assert shown["@tides.example"].startswith("Always hold “A campaign” by")
    assert "<bdi>Ada Ferry</bdi> (3), <bdi>A. F.</bdi> (1)" in page
    assert "Knows the ferry well." in page
    assert page.count('class="moderation__other"') == 4
    assert all(comment_url(comment) in page for comment in ada)
    done = " ".join(re.sub(r"<[^>]+>", " ", page.split('id="record-heading"')[1]).split())
    assert f"{moderator} Ada Ferry A wet street Rejected Pending → Rejected Off the subject" in done
    assert "Nothing of Ada’s" not in page


def test_section_moderator_sees_the_person_within_the_section(insider, section, ada, moderator):
    decide([ada.get(state="pending").pk], "rejected", by=moderator, reason="Decided elsewhere")
    page = html(client_of(insider).get(person_url(PERSON)))
    assert facts(page)["Comments"] == "1 published, 1 spam"
    assert facts(page)["First seen"] == "1 May 2026"
    assert page.count('class="moderation__other"') == 2
    assert "Said in another section" not in page
    assert "Decided elsewhere" not in page
    assert 'name="kind"' not in page
    stranger = client_of(moderator_of("stranger", factories.SectionPageFactory(parent=section.get_parent())))
    assert stranger.get(person_url(PERSON)).status_code == 404


NOBODY = ["0" * 32, "f" * 32, "user:1", "user:999999999", "x", "user:0", "user:" + "9" * 30, "\x00", ""]


@pytest.mark.parametrize("subject", NOBODY)
def test_person_who_is_none_is_not_found(administrator_client, ada, subject):
    address = f"/admin/discussion/people/{subject}/"
    assert administrator_client.get(address).status_code == 404
    for action in ("note", "treat"):
        assert administrator_client.post(f"{address}{action}/", {"text": "x", "kind": "ban", "whom": "person"}).status_code == 404


def test_address_tells_no_e_mail_address(moderator_client, ada):
    assert "@" not in person_url(PERSON)
    assert "tides" not in person_url(PERSON)


def test_account_without_an_address_is_a_person_by_its_key(moderator_client, reader, article):
    factories.comment(article, user=reader, email="", name="Reader")
    page = html(moderator_client.get(person_url(f"user:{reader.pk}")))
    assert facts(page)["Comments"] == "1 published"
    assert "Everybody with an address" not in page


def test_screen_costs_the_same_for_few_and_many(moderator_client, moderator, article, ada):
    def cost():
        with CaptureQueriesContext(connection) as queries:
            moderator_client.get(person_url(PERSON))
        return len(queries)

    write_note("One", by=moderator, person=PERSON)
    cost()
    few = cost()
    for number in range(12):
        decide([factories.comment(article, **WHO | {"name": f"Name {number}"}).pk], "spam", by=moderator)
        write_note(f"Note {number}", by=moderator, person=PERSON)
    assert cost() == few


# The card beside a comment


@pytest.mark.parametrize(("who", "most"), [("moderator", 3), ("insider", 4)])
def test_card_costs_few_queries(request, moderator, ada, who, most):
    user = request.getfixturevalue(who)
    write_note("Knows the ferry well.", by=moderator, person=PERSON)
    treat(PERSON, Treatment.Kind.TRUST, by=moderator, about="Ada Ferry")
    user = type(user).objects.get(pk=user.pk)
    user.has_perm("discussion.moderate")  # asked by every screen before
    comment = ada.select_related("page").filter(state="published").earliest("submitted_at")
    with CaptureQueriesContext(connection) as queries:
        card = person_card(comment, user)
    known = card["commenter"]
    assert len(queries) <= most
    assert (card["name"], card["url"], known.note_count, known.treatment.kind) == ("Ada Ferry", person_url(PERSON), 1, "trust")
    assert known.counts_in_words == (
        [("pending", 1), ("published", 2), ("spam", 1)] if who == "moderator" else [("published", 1), ("spam", 1)]
    )


def test_card_of_an_erased_comment_names_nobody(moderator, ada):
    comment = ada.filter(state="published").first()
    decide([comment.pk], "erased", by=None)
    comment.refresh_from_db()
    card = person_card(comment, moderator)
    assert (card["name"], card["url"], card["commenter"].counts_in_words) == ("", "", [])


def test_treatment_that_has_ended_is_not_shown(moderator, ada):
    treat(PERSON, Treatment.Kind.BAN, by=moderator, about="", until=timezone.now() - timedelta(minutes=1))
    assert commenter(PERSON, moderator).treatment is None


# Notes


def test_notes_are_written_by_those_who_see_the_person_and_taken_back_by_their_writers(moderator_client, insider, ada):
    inside = client_of(insider)
    assert inside.post(reverse("discussion_write_note", args=[PERSON]), {"text": "A. neighbour"})["Location"] == person_url(
        PERSON
    )
    note = Note.objects.get()
    assert (note.person, note.text, note.by, note.by_name) == (PERSON, "A. neighbour", insider, str(insider))
    delete = reverse("discussion_delete_note", args=[note.pk])
    assert delete in html(inside.get(person_url(PERSON)))
    assert delete not in html(moderator_client.get(person_url(PERSON)))
    assert moderator_client.post(delete)["Location"] == "/admin/"
    assert Note.objects.exists()
    assert inside.post(delete)["Location"] == person_url(PERSON)
    assert not Note.objects.exists()
    rows = LogEntry.objects.order_by("pk").values_list("action", "person", "by", "before", "after")
    assert list(rows) == [(action, PERSON, insider.pk, None, None) for action in ("note", "delete-note")]


@pytest.mark.parametrize("text", ["", "  ", "nul\x00", "x" * 2001])
def test_note_that_is_none_is_said_at_its_field(moderator_client, ada, text):
    response = moderator_client.post(reverse("discussion_write_note", args=[PERSON]), {"text": text})
    assert (response.status_code, list(response.context["note_form"].errors)) == (400, ["text"])
    assert not Note.objects.exists()


@pytest.mark.parametrize("key", [0, 999999999])
def test_note_that_is_not_there_is_not_found(moderator_client, key):
    assert moderator_client.post(f"/admin/discussion/notes/{key}/delete/").status_code == 404


# Treatments


def form(**changed):
    return {"whom": "person", "kind": "ban", "until": "", "reason": "Insults"} | changed


def let(client, **changed):
    return client.post(reverse("discussion_treat", args=[PERSON]), form(**changed))


# what is chosen → what then holds for whom
TREATED = [
    (form(), (PERSON, "ban", "Insults")),
    (form(kind="trust", reason=""), (PERSON, "trust", "")),
    (form(whom="domain", kind="hold"), ("@tides.example", "hold", "Insults")),
]


@pytest.mark.parametrize(("chosen", "holds"), TREATED)
def test_moderator_decides_what_holds_from_now_on(moderator_client, moderator, ada, chosen, holds):
    response = moderator_client.post(reverse("discussion_treat", args=[PERSON]), chosen)
    assert response["Location"] == person_url(PERSON)
    assert Treatment.objects.values_list("subject", "kind", "reason", "by", "until").get() == (*holds, moderator.pk, None)
    about = "@tides.example" if chosen["whom"] == "domain" else "Ada Ferry"
    assert LogEntry.objects.values_list("action", "about").get() == ("treat", about)


WRONG = [
    (form(kind=""), "kind"),
    (form(kind="erase"), "kind"),
    (form(until="2020-01-01 12:00"), "until"),
    (form(until="9999-12-31 23:59"), "until"),
    (form(reason="x" * 251), "reason"),
    (form(reason="nul\x00"), "reason"),
    (form(whom="everybody"), "whom"),
    ({}, "kind"),
]


@pytest.mark.parametrize(("chosen", "field"), WRONG)
def test_what_is_wrong_is_said_at_its_field(moderator_client, ada, chosen, field):
    response = moderator_client.post(reverse("discussion_treat", args=[PERSON]), chosen)
    assert response.status_code == 400
    assert field in response.context["treatment_form"].errors
    assert not Treatment.objects.exists()


def test_domain_where_anybody_has_an_address_is_treated_only_by_who_is_sure(moderator_client, article):
    factories.comment(article, email="somebody@gmail.com")
    subject = person_key("somebody@gmail.com")
    address = reverse("discussion_treat", args=[subject])
    assert "Anybody can have such an address" in html(moderator_client.get(person_url(subject)))
    assert list(moderator_client.post(address, form(whom="domain")).context["treatment_form"].errors) == ["sure"]
    assert moderator_client.post(address, form()).status_code == 302
    assert moderator_client.post(address, form(whom="domain", sure="on")).status_code == 302
    assert set(Treatment.objects.values_list("subject", flat=True)) == {subject, "@gmail.com"}


def test_section_moderator_treats_nobody(insider, ada):
    assert let(client_of(insider))["Location"] == "/admin/"
    assert client_of(insider).get(reverse("discussion_treatments"))["Location"] == "/admin/"
    assert not Treatment.objects.exists()


def listed(client, **query):
    table = html(client.get(reverse("discussion_treatments_results"), query))
    cells = [" ".join(re.sub(r"<[^>]*>", " ", cell).split()) for cell in re.findall(r"<td.*?</td>", table)]
    return [tuple(cells[place : place + 5]) for place in range(0, len(cells), 7)]


def test_list_says_who_what_until_why_and_by_whom_and_ends_it(moderator_client, moderator, reader, ada):
    for subject, kind, values in [
        (PERSON, "ban", {"reason": "Insults"}),
        ("@tides.example", "hold", {"until": datetime(2999, 1, 1, 12, tzinfo=UTC)}),
        (f"user:{reader.pk}", "trust", {}),
        ("f" * 32, "ban", {"until": NOON}),
        ("e" * 32, "hold", {}),
    ]:
        treat(subject, kind, by=moderator, about="", **values)
    rows = listed(moderator_client)
    assert [row[:2] for row in rows] == [
        ("Somebody without comments", "Always hold"),
        (str(reader), "Trust: never hold"),
        ("@tides.example", "Always hold"),
        ("Ada Ferry", "Ban: takes no comments"),
    ]
    assert rows[3][3:] == ("Insults", str(moderator))
    assert [row[2] for row in rows] == ["", "", "1 Jan 2999, noon", ""]
    ban = Treatment.objects.get(subject=PERSON)
    address = reverse("discussion_end_treatment", args=[ban.pk])
    assert moderator_client.post(address)["Location"] == reverse("discussion_treatments")
    assert moderator_client.post(address).status_code == 404
    assert not Treatment.objects.filter(subject=PERSON).exists()
    assert LogEntry.objects.filter(action="end-treatment").values_list("about", "person").get() == ("Ada Ferry", PERSON)


@pytest.mark.parametrize("query", [{"p": "9" * 30}, {"p": "x"}, {"q": "\x00"}, {"ordering": "by"}])
def test_list_survives_nonsense(moderator_client, moderator, query):
    treat("@tides.example", "ban", by=moderator, about="")
    assert len(listed(moderator_client, **query)) == 1


def test_list_comes_in_pages_of_fixed_cost(moderator_client, moderator):
    def cost():
        with CaptureQueriesContext(connection) as queries:
            shown = len(listed(moderator_client))
        return len(queries), shown

    for number in range(2):
        treat(f"{number:032x}", "ban", by=moderator, about="")
    cost()
    few, shown = cost()
    assert shown == 2
    for number in range(60):
        treat(f"@{number}.example", "ban", by=moderator, about="")
    assert cost() == (few, 50)
