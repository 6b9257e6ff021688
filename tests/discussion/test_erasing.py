"""Erasing one person's data: no trace is left, and the thread keeps its shape."""

import io

import pytest
from django.core.management import CommandError, call_command
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from wagtail.log_actions import log
from wagtail.models import ModelLogEntry, PageLogEntry

from discussion import confirmation, curating, editing, privacy, search
from discussion.models import (
    Decision,
    Discussion,
    LogEntry,
    Note,
    OutgoingMail,
    PageComment,
    Quota,
    Report,
    Subscription,
    Treatment,
)
from discussion.notes import write_note
from discussion.posting import post_comment
from discussion.reporting import report
from discussion.transitions import decide
from discussion.treatments import treat
from pages.search import query as asking
from tests import factories
from tests.discussion.person import CANARIES, EMAIL, by_person, everything, found
from tests.discussion.truth import assert_counts_hold


def test_erasing_a_person_leaves_nothing_of_them_in_any_table(planted, article):
    assert found() == set(CANARIES)

    privacy.erase(privacy.find_person(EMAIL.upper()))

    assert found() == set()
    assert_counts_hold(article)


@pytest.mark.parametrize("canary", CANARIES)
def test_one_forgotten_column_would_be_found(planted, article, canary):
    privacy.erase(privacy.find_person(EMAIL))
    PageComment.objects.filter(page=article).update(anchor_text=CANARIES[canary])
    assert found() == {canary}


def test_what_is_erased_is_no_pick_any_more(article, moderator):
    comment = by_person(article)
    curating.feature([comment.pk], True, by=moderator)
    privacy.erase(privacy.find_person(EMAIL))
    assert not PageComment.objects.get(pk=comment.pk).is_featured


def test_erasing_a_person_leaves_other_people_alone(planted, article):
    privacy.erase(privacy.find_person(EMAIL))
    theirs = PageComment.objects.filter(user_email="theodora@others.example")
    assert set(theirs.values_list("state", "user_name")) == {("published", "Theodora")}
    assert theirs.count() == 2
    assert Subscription.objects.get().email == "theodora@others.example"
    assert set(OutgoingMail.objects.values_list("to", "state")) == {("theodora@others.example", "dropped")}
    assert Quota.objects.get().key == "post:person:somebody"
    assert Report.objects.count() == 0
    assert Treatment.objects.get().subject == "@others.example"
    assert Note.objects.get().text == "Kept with Theodora."
    assert set(LogEntry.objects.values_list("action", "about", "before", "person")) >= {
        ("treat", "", None, ""),
        ("note", "", None, ""),
        ("redact", "", None, ""),
        ("treat", "@others.example", None, ""),
        ("note", "Theodora", None, ""),
    }
    assert ModelLogEntry.objects.get().data == {"to": "…", "also": ["kept"]}
    assert ModelLogEntry.objects.get().label == "Mail to …"
    assert PageLogEntry.objects.get(action="wagtail.edit").data["note"] == "asked by …."


def test_shape_of_the_thread_is_kept(client, planted, article):
    shape = list(PageComment.objects.filter(page=article).order_by("pk").values_list("pk", "path", "in_reply_to"))
    numbers = dict(PageComment.objects.filter(page=article).values_list("pk", "number"))
    privacy.erase(privacy.find_person(EMAIL))
    after = PageComment.objects.filter(page=article)
    assert list(after.order_by("pk").values_list("pk", "path", "in_reply_to")) == shape
    stood = {planted[state].pk for state in ("published", "removed", "erased")}
    for comment in after.exclude(user_email="theodora@others.example", state="published"):
        assert comment.state == "erased"
        if comment.pk in stood or comment.depth == 2:
            assert comment.number == numbers[comment.pk]
        else:
            assert (comment.number, comment.is_standing) == (None, False)
    page = client.get(article.url).content.decode()
    assert "Theodora" in page
    assert "Wilhelmina" not in page
    assert f'id="comment-{numbers[planted["published"].pk]}"' in page
    assert Discussion.objects.get(page=article).last_number >= max(number or 0 for number in numbers.values())


@pytest.mark.parametrize("state", ["rejected", "spam", "pending"])
def test_replies_hidden_by_a_moderator_do_not_return_when_the_comment_above_is_erased(client, article, state):
    top = by_person(article)
    reply = factories.comment(article, reply_to=top, text="Hidden with it")
    decide([top.pk], state, by=None)
    privacy.erase(privacy.find_person(EMAIL))
    assert "Hidden with it" not in client.get(article.url).content.decode()
    assert PageComment.objects.get(pk=reply.pk).hidden_by_ancestor
    assert_counts_hold(article)
    assert factories.comment(article).number == 3


def test_erasing_an_account_holders_data_leaves_the_account(article, reader):
    comment = by_person(article, user=reader, email="old@quagmire.example", author_key="")
    other = factories.comment(article)
    Report.objects.create(comment=other, reason="spam", by=reader, reporter_key=f"account:{reader.pk}")
    Subscription.objects.create(page=article, scope="page", email="old@quagmire.example", person_key="k", user=reader)
    Quota.objects.create(key=f"post:person:user:{reader.pk}", started_at=timezone.now())
    Decision.objects.create(
        comment=comment, from_state="pending", to_state="published", by=reader, by_name=str(reader), decided_at=timezone.now()
    )
    counts = privacy.erase(privacy.find_person(reader.email.upper()))
    assert counts["Comments"] == 1
    comment = PageComment.objects.get(pk=comment.pk)
    assert (comment.state, comment.user) == ("erased", None)
    assert [model.objects.count() for model in (Report, Subscription, Quota)] == [0, 0, 0]
    assert not Decision.objects.exclude(by=None, by_name="").exists()
    reader.refresh_from_db()
    assert reader.is_active


def test_what_is_held_under_a_former_address_of_an_account_is_erased_too(article, reader, moderator):
    comment = factories.comment(article, user=reader, email=reader.email)
    write_note("Knows Ada well.", by=moderator, person=comment.person_key)
    treat(comment.person_key, "hold", by=moderator, about="Ada")
    reader.email = "new@readers.example"
    reader.save()
    person = privacy.find_person(reader.email)
    assert privacy.export(person)["notes"]
    privacy.erase(person)
    assert (Note.objects.count(), Treatment.objects.count()) == (0, 0)
    assert not LogEntry.objects.filter(about__contains="Ada").exists()


def left_by(browser, page, *, asked=True, proven=False):
    """A comment under the person's address by ``browser``, which reports somebody else's comment too."""
    given = factories.submission(email=EMAIL, author_key=browser, is_proven=proven)
    made = post_comment(page, given, hold=True, confirm=asked and not proven)
    report(factories.comment(page), reason="other", text="Of a browser.", user=None, author_key=browser, address="192.0.2.1")
    return made


def assert_its_reports_are(theirs: bool):
    person = privacy.find_person(EMAIL)
    assert [row["text"] for row in privacy.export(person)["reports"]] == ["Of a browser."] * theirs
    privacy.erase(person)
    assert Report.objects.count() == (0 if theirs else 1)


def test_whoever_gave_the_address_and_never_confirmed_it_is_not_the_person(article):
    factories.comment(article, email=EMAIL)
    left_by("another-browser", article)
    assert_its_reports_are(False)


@pytest.mark.parametrize("state", ["pending", "published", "rejected", "spam"])
def test_decision_of_a_moderator_confirms_no_address(article, moderator, state):
    made = left_by("another-browser", article)
    decide([made.pk], state, by=moderator)
    assert_its_reports_are(False)


def test_address_that_was_not_asked_for_once_is_not_proven_by_that(article):
    left_by("another-browser", article)
    factories.comment(article, email=EMAIL, author_key="another-browser")
    assert_its_reports_are(False)


def test_whoever_confirmed_the_address_once_is_the_person_whatever_became_of_the_comment(article, moderator):
    made = left_by("browser-of-theirs", article)
    confirmation.confirm(made)
    decide([made.pk], "spam", by=moderator)
    waiting = post_comment(article, factories.submission(email=EMAIL, author_key="browser-of-theirs"), hold=True, confirm=True)
    assert waiting.confirmed_at is None
    assert_its_reports_are(True)


@pytest.mark.parametrize("how", [{"proven": True}, {"asked": False}])
def test_browser_that_is_remembered_or_was_never_asked_is_the_persons(article, moderator, how):
    made = left_by("browser-of-theirs", article, **how)
    decide([made.pk], "spam", by=moderator)
    assert_its_reports_are(True)


def test_erasing_holds_the_discussions_before_anything_else(planted):
    with CaptureQueriesContext(connection) as queries:
        privacy.erase(privacy.find_person(EMAIL))
    changes = [query["sql"] for query in queries if query["sql"].startswith(("DELETE", "UPDATE"))]
    held = next(n for n, query in enumerate(queries) if 'FROM "discussion_discussion"' in query["sql"])
    assert held < next(n for n, query in enumerate(queries) if query["sql"] == changes[0])


def test_moderators_keep_their_names_on_what_they_decided(article, moderator):
    comment = by_person(article)
    decide([comment.pk], "spam", by=moderator)
    decide([comment.pk], "published", by=moderator)
    privacy.erase(privacy.find_person(EMAIL))
    privacy.erase(privacy.find_person(moderator.email))
    names = list(Decision.objects.values_list("to_state", "by_name").order_by("pk"))
    assert names == [("spam", str(moderator)), ("published", str(moderator)), ("erased", "")]


def test_address_within_a_longer_one_is_another_persons(article, moderator):
    for email in ("xann@b.example", "ann@b.example.org", "ann@b.example-two"):
        factories.comment(article, email=email, name=f"Not {email}")
        log(moderator, "wagtail.edit", data={"to": email})
    person = privacy.find_person("ann@b.example")
    assert set(privacy.held(person).values()) == {0}
    privacy.erase(person)
    assert PageComment.objects.filter(state="published").count() == 3
    assert [entry.data["to"] for entry in ModelLogEntry.objects.order_by("pk")] == [
        "xann@b.example",
        "ann@b.example.org",
        "ann@b.example-two",
    ]


SPELLINGS = ["w@köln.example", "W@KÖLN.Example", "w@xn--kln-sna.example", "w@XN--KLN-SNA.example"]


@pytest.mark.parametrize("asked", SPELLINGS)
def test_person_is_known_by_every_spelling_of_a_domain(article, moderator, django_user_model, asked):
    for n, written in enumerate(SPELLINGS):
        user = django_user_model.objects.create(username=f"w{n}", email=written)
        report(factories.comment(article), reason="other", text="Theirs.", user=user, author_key="", address="192.0.2.1")
        OutgoingMail.objects.create(key=f"alert:{n}", kind=OutgoingMail.Kind.ALERT, to=written)
        log(moderator, "wagtail.edit", data={"to": written})
        ModelLogEntry.objects.filter(data__to=written).update(label=f"Mail to {written}")
    log(moderator, "wagtail.edit", data={"to": "w@koln.example"})
    person = privacy.find_person(asked)
    counts = privacy.erase(person)
    assert (len(person.accounts), counts["Reports made"], counts["Mails"], counts["Log entries"]) == (4, 4, 4, 4)
    assert (Report.objects.count(), OutgoingMail.objects.count()) == (0, 0)
    entries = ModelLogEntry.objects.filter(action="wagtail.edit").order_by("pk")
    assert [entry.data["to"] for entry in entries] == ["…"] * 4 + ["w@koln.example"]
    assert [entry.label for entry in entries][:4] == ["Mail to …"] * 4


def test_alerts_to_a_former_address_of_a_moderator_are_theirs(moderator):
    OutgoingMail.objects.create(key="alert:1", kind=OutgoingMail.Kind.ALERT, to="old@hub.example", moderator=moderator)
    privacy.erase(privacy.find_person(moderator.email))
    assert not OutgoingMail.objects.exists()


@pytest.mark.parametrize("email", ["", "  ", "nobody", "%", "@", "foo@", "foo@ ", "@readers.example", " @ "])
def test_what_is_no_address_finds_nobody(article, email):
    factories.comment(article, email="")
    with pytest.raises(ValueError, match="no e-mail address"):
        privacy.find_person(email)
    with pytest.raises(CommandError, match="no e-mail address"):
        call_command("erase_person", email, yes=True, stdout=io.StringIO())


def indexed_words() -> bytes:
    """What the file holds of the index of words, deleted or not."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT block FROM discussion_commentwords_words_data")
        return b"".join(bytes(block) for (block,) in cursor.fetchall())


@pytest.mark.skipif(connection.vendor != "sqlite", reason="FTS5 keeps deleted words; PostgreSQL vacuums")
@pytest.mark.parametrize("how", ["erased", "taken back"])
def test_no_word_is_left_in_the_index_of_words(article, how):
    for n in range(3):  # in parts of the index of their own
        factories.comment(article, text=f"Of somebody else, {n}")
        comment = by_person(article)
        search.index_new()
    assert b"anzibar" in indexed_words()
    if how == "erased":
        privacy.erase(privacy.find_person(EMAIL))
    else:
        for comment in privacy.comments_of(privacy.find_person(EMAIL)):
            editing.delete_comment(comment)
        privacy.forget_leftovers()
    assert b"anzibar" not in indexed_words()
    assert b"somebod" in indexed_words()
    assert len(search.find(asking.parse("somebody"))[0]) == 3


def test_erasing_again_is_harmless(planted, article):
    person = privacy.find_person(EMAIL)
    privacy.erase(person)
    before = everything()
    assert set(privacy.erase(privacy.find_person(EMAIL)).values()) == {0}
    assert everything() == before


def test_comments_erased_by_an_earlier_way_are_emptied_without_a_second_record(article):
    comment = by_person(article, "erased")
    privacy.erase(privacy.find_person(EMAIL))
    assert found() == set()
    assert list(comment.decisions.values_list("to_state", "by_name")) == [("erased", "")]


def test_erasing_many_costs_as_many_queries_as_few(article, section, monkeypatch):
    other = factories.ArticlePageFactory(parent=section)

    def cost(count):
        for n in range(count):
            by_person(other if n % 2 else article, "rejected" if n % 3 == 0 else "published")
        with CaptureQueriesContext(connection) as queries:
            privacy.erase(privacy.find_person(EMAIL))
        return len(queries)

    cost(2)
    few = cost(4)
    assert cost(24) == few
    assert few <= 70
    monkeypatch.setattr(privacy, "BATCH", 2)
    cost(5)
    assert found() == set()
    assert_counts_hold(article)


# The command


def test_erasing_command_says_what_it_erased(planted):
    out = io.StringIO()
    call_command("erase_person", EMAIL, yes=True, stdout=out)
    assert out.getvalue().splitlines() == [
        "Comments: 15",
        "Earlier versions of comments: 15",
        "Reports made: 1",
        "Subscriptions: 3",
        "Mails: 6",
        "Bans, holds and trust: 1",
        "Moderators’ notes: 2",
        "Log entries: 7",
        "Moderators’ ban, hold or trust for them has ended with it: they may comment as anybody may.",
        "Erased. Published comments leave an empty place, so that replies keep theirs.",
    ]
    assert found() == set()


@pytest.mark.parametrize(("typed", "erased"), [("yes", True), (" YES ", True), ("y", False), ("", False), (None, False)])
def test_erasing_command_asks_first(article, monkeypatch, typed, erased):
    by_person(article)

    def answer(question):
        if typed is None:
            raise EOFError
        return typed

    monkeypatch.setattr("builtins.input", answer)
    if erased:
        call_command("erase_person", EMAIL, stdout=io.StringIO())
    else:
        with pytest.raises(CommandError, match="Nothing was erased."):
            call_command("erase_person", EMAIL, stdout=io.StringIO())
    assert found() == (set() if erased else found())
    assert bool(found()) != erased


def test_erasing_command_says_that_the_account_stays_and_that_nothing_is_held(reader):
    out = io.StringIO()
    call_command("erase_person", reader.email, stdout=out)
    assert "Nothing is held." in out.getvalue()
    assert "not deleted: 1" in out.getvalue()
