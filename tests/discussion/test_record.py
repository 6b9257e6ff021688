"""The record: many tables read as one log, in one order, by those who may, at a fixed cost."""

import random
import re
import uuid
from datetime import UTC, datetime, timedelta
from importlib import import_module

import pytest
from django.apps import apps
from django.contrib.auth.models import Group
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from discussion import record
from discussion.erasure import wipe
from discussion.models import (
    Decision,
    Discussion,
    Edit,
    Flag,
    LogEntry,
    ModeratedSection,
    OutgoingMail,
    PageComment,
    Report,
    Subscription,
)
from discussion.overrides import set_override
from discussion.persons import person_key, subject_of
from discussion.record import sources
from discussion.record.sources import SOURCES
from discussion.transitions import decide, undo
from tests import factories
from tests.conftest import client_of, in_group

pytestmark = pytest.mark.django_db
NOON = datetime(2026, 5, 4, 12, tzinfo=UTC)


def decided(comment, at=NOON, by=None, to_state="rejected", **values):
    names = {"by": by, "by_name": str(by or "")}
    return Decision.objects.create(comment=comment, from_state="pending", to_state=to_state, decided_at=at, **names, **values)


def edited(comment, at=NOON, by=None):
    return Edit.objects.create(comment=comment, text_before="As it was", by=by, by_name="Its Author", edited_at=at)


def acted(comment=None, at=NOON, by=None, action=LogEntry.Action.FEATURE, **values):
    entry = record.write(action, by=by, comment=comment, **values)
    LogEntry.objects.filter(pk=entry.pk).update(at=at)
    return entry


def reported(comment, at=NOON, settled_at=None):
    key = uuid.uuid4().hex
    return Report.objects.create(
        comment=comment, reason="spam", text="Look at it", reporter_key=key, reported_at=at, settled_at=settled_at
    )


def mailed(comment, at=NOON, kind="decided"):
    return OutgoingMail.objects.create(key=uuid.uuid4().hex, kind=kind, to="a@b.example", comment=comment, created_at=at)


def flagged(comment, at=NOON):
    rule = f"rule-{uuid.uuid4().hex[:8]}"  # each rule is once on a comment
    return Flag.objects.create(comment=comment, rule=rule, weight=4, raised_at=at)


MAKERS = [decided, edited, acted, reported, flagged, mailed]


def seen(user, **asked) -> list[str]:
    """What the entries say; of rules, which have made-up names here, that they are some."""
    return [entry.what.partition("rule-")[0] for entry in record.entries(user, **asked)[0]]


@pytest.fixture
def comment(article):
    return factories.comment(article, name="A. Reader")


@pytest.fixture
def moderator_of_section(section):
    """Moderates what stands beneath ``section``, and nothing else."""
    group = Group.objects.create(name="Section moderators")
    group.permissions.set(Group.objects.get(name="Editors").permissions.filter(codename="access_admin"))
    ModeratedSection.objects.create(group=group, page=section)
    return in_group("section-moderator", "Section moderators")


# Order and paging


def plainly_sorted() -> list[tuple]:
    """Every row of every table, as a list in Python has it: newest first, then by table, then the later key first."""
    rows = []
    for rank, source in enumerate(SOURCES):
        for row in source.model._base_manager.all():
            if at := getattr(row, source.at):
                rows.append((-at.timestamp(), rank, -row.pk, source.facts(row).what, at))
    return [(at, what) for *_order, what, at in sorted(rows)]


@pytest.mark.parametrize("seed", range(3))
def test_order_is_that_of_a_plain_sort_and_paging_finds_each_entry_once(article, comment, administrator, seed):
    """Few moments and many rows, so that most stand beside others of the same time, on and across the ends of pages."""
    chance = random.Random(seed)
    moments = [NOON + timedelta(seconds=number) for number in range(4)]
    for _ in range(60):
        maker = chance.choice(MAKERS)
        more = {"settled_at": chance.choice([None, *moments])} if maker is reported else {}
        maker(comment, at=chance.choice(moments), **more)
    expected = plainly_sorted()

    for limit in (1, 7, 500):
        found, cursor, calls = [], "", 0
        while cursor or not calls:
            some, cursor = record.entries(administrator, before=cursor, limit=limit)
            assert len(some) == limit or not cursor
            found += [(entry.at, entry.what) for entry in some]
            calls += 1
        assert found == expected


def test_entries_that_arrive_while_one_pages_disturb_nothing(comment, administrator):
    for number in range(4):
        decided(comment, at=NOON + timedelta(seconds=number), reason=str(number))
    first, cursor = record.entries(administrator, limit=2)
    decided(comment, at=NOON + timedelta(hours=1), reason="late")
    rest, _cursor = record.entries(administrator, before=cursor, limit=9)
    assert [entry.reason for entry in first + rest] == ["3", "2", "1", "0"]


BROKEN = [
    "x",
    "1-decision",
    "1-nothing-1",
    "1-decision-x",
    "-1-decision-1",
    f"{'9' * 18}-decision-1",
    "1-decision-1\x00",
    "１-act-1",
]


@pytest.mark.parametrize("cursor", BROKEN)
def test_cursor_that_is_none_is_refused(administrator, moderator_client, cursor):
    with pytest.raises(ValueError, match="no place"):
        record.entries(administrator, before=cursor)
    assert moderator_client.get(reverse("discussion_record"), {"before": cursor}).status_code == 404


def test_reading_costs_the_same_for_few_and_many(comment, section, administrator):
    def cost(**asked):
        with CaptureQueriesContext(connection) as queries:
            record.entries(administrator, **asked)
        return len(queries)

    def more(times):
        for _ in range(times):
            other = factories.comment(factories.ArticlePageFactory(parent=section))
            for maker in MAKERS:
                maker(other)
            acted(page=factories.SectionPageFactory(parent=section), action=LogEntry.Action.MODE)

    more(1)
    few = cost()
    more(12)
    assert cost() == few == len(SOURCES) + 2
    assert cost(person=subject_of(comment), kinds=["decision", "mail"]) <= 4


# What is asked for


def test_each_table_is_found_by_what_it_tells_of(article, section, moderator, administrator):
    mine = factories.comment(article, email="mine@readers.example")
    other = factories.comment(factories.ArticlePageFactory(parent=section), email="other@readers.example")
    for maker in MAKERS:
        maker(mine)
        maker(other)
    acted(person=person_key("mine@readers.example"), action=LogEntry.Action.TREAT, about="Mine", at=NOON - timedelta(days=2))
    Decision.objects.filter(comment=mine).update(by=moderator, decided_at=NOON + timedelta(days=2))

    of_one = ["Rejected", "Text changed", "Made an editor’s pick", "Reported", "Rule: ", "Mail: a decision"]
    person = person_key("mine@readers.example")
    assert seen(administrator, comment=mine.pk) == of_one
    assert seen(administrator, page=article.pk) == of_one
    both = [of_one[0], *sorted([*of_one[1:], *of_one], key=of_one.index)]
    assert seen(administrator, page=[article.pk, other.page_id]) == both
    assert seen(administrator, person=person) == [*of_one, "Person or domain treated: Mine"]
    assert seen(administrator, by=moderator.pk) == ["Rejected"]
    assert seen(administrator, since=NOON + timedelta(days=1)) == ["Rejected"]
    assert seen(administrator, until=NOON) == ["Person or domain treated: Mine"]
    assert seen(administrator, kinds=["act.treat", "decision.rejected"]) == ["Rejected"] * 2 + ["Person or domain treated: Mine"]
    assert seen(administrator, kinds=["decision.spam"]) == seen(administrator, kinds=["nonsense", "act.x"]) == []


def test_account_without_an_address_is_found_by_its_number(article, reader, administrator):
    decided(factories.comment(article, email="", user=reader))
    decided(factories.comment(article, email=""))
    assert seen(administrator, person=f"user:{reader.pk}") == ["Rejected"]


def test_entry_tells_who_what_why_and_leads_to_its_comment(comment, moderator, administrator):
    decided(comment, by=moderator, reason_code="off-topic", reason="About another page", message="Write there, please.")
    (entry,) = record.entries(administrator)[0]
    assert (entry.at, entry.by_name, entry.what, entry.before, entry.after) == (
        NOON,
        str(moderator),
        "Rejected",
        "Pending",
        "Rejected",
    )
    assert (entry.reason, entry.message) == ("Off topic: About another page", "Write there, please.")
    assert (entry.comment, entry.page.pk, entry.person) == (comment, comment.page_id, subject_of(comment))
    assert entry.url.startswith("/admin/")
    assert f"/{comment.pk}/" in entry.url


def test_decision_taken_back_says_so_and_so_does_what_took_it_back(comment, administrator):
    decided(comment, undone_at=NOON)
    decided(comment, at=NOON + timedelta(seconds=9), to_state="pending", is_undo=True)
    assert seen(administrator) == ["Taken back", "Rejected, taken back later"]


def test_closing_a_discussion_is_in_the_record_with_before_and_after(article, moderator):
    set_override(article, override="closed", until=None, reason="Too heated.", by=moderator)
    set_override(article, override="off", until=None, reason="", by=moderator)
    found, _cursor = record.entries(moderator, page=article.pk)
    assert [(entry.before, entry.after, entry.reason) for entry in found] == [
        ("override: closed, reason: Too heated.", "override: off", ""),
        ("", "override: closed, reason: Too heated.", "Too heated."),
    ]
    assert found[0].url == reverse("discussion_override", args=[article.pk])


def test_address_of_a_follower_stands_nowhere_in_the_record(comment, moderator_client):
    mailed(comment, kind="new")
    page = moderator_client.get(reverse("discussion_record"), {"kind": "all"}).content.decode()
    assert "Mail: a new comment" in page
    assert "a@b.example" not in page
    assert "Mail: a new comment" not in moderator_client.get(reverse("discussion_record")).content.decode()


def test_report_that_was_answered_names_who_answered_it(comment, moderator, administrator):
    reported(comment)
    batch = decide([comment.pk], "published", by=moderator).batch
    answered = record.entries(administrator, kinds=["settled"])[0]
    assert [(entry.what, entry.by_name) for entry in answered] == [("Report answered", str(moderator))]
    assert seen(administrator, kinds=["settled"], by=moderator.pk) == ["Report answered"]
    undo(batch, by=administrator)
    assert (Report.objects.get().settled_by, Report.objects.get().settled_by_name) == (None, "")


def test_report_that_was_answered_before_is_given_who_answered_it(comment, moderator):
    reported(comment, settled_at=NOON)
    decided(comment, by=moderator)
    import_module("discussion.migrations.0012_answered_reports").name_who_answered(apps, None)
    assert (Report.objects.get().settled_by, Report.objects.get().settled_by_name) == (moderator, str(moderator))


def test_rule_that_fired_is_in_the_record_with_its_reason_weight_and_effect(comment, administrator):
    detail = {"matched": ["casino"], "entries": ["casino"]}
    Flag.objects.create(comment=comment, rule="suspect", weight=10, effect="hold", detail=detail, raised_at=NOON)
    (entry,) = record.entries(administrator, kinds=["flag"])[0]
    assert (entry.what, entry.by_name, entry.after) == ("Rule: Suspect words", "", "Holds, weight 10")
    assert entry.reason == "Holds “casino”, which is suspect (casino)."


def test_mails_to_moderators_and_about_subscriptions_are_in_the_record(comment, moderator, administrator):
    OutgoingMail.objects.create(key="a", kind="alert", to="m@b.example", moderator=moderator, created_at=NOON, state="sent")
    wish = Subscription.objects.create(page=comment.page, scope="page", email="f@b.example", person_key="f")
    OutgoingMail.objects.create(key="s", kind="subscribe", to="f@b.example", subscription=wish, created_at=NOON)
    made = decided(comment, by=moderator, at=NOON - timedelta(days=1), message="Write there, please.")
    OutgoingMail.objects.create(key="m", kind="message", to="a@b.example", comment=comment, decision=made, created_at=NOON)
    found = record.entries(administrator, kinds=["mail"])[0]
    assert [(entry.what, entry.by_name, entry.page and entry.page.pk, entry.after, entry.reason) for entry in found] == [
        ("Mail: a moderator’s message", str(moderator), comment.page_id, "Waiting", ""),
        ("Mail: confirm a subscription", "", comment.page_id, "Waiting", ""),
        ("Mail: comments wait", "", None, "Sent", f"to {moderator}"),
    ]
    assert "b.example" not in repr(found)


# Who sees it


def test_moderator_of_a_section_sees_what_was_done_there_and_nothing_else(home, comment, moderator, moderator_of_section):
    outside = factories.comment(factories.ArticlePageFactory(parent=factories.SectionPageFactory(parent=home), title="Outside"))
    for maker in MAKERS:
        maker(comment)
        maker(outside)
    acted(action=LogEntry.Action.SETTINGS)
    acted(page=outside.page, action=LogEntry.Action.MODE)
    assert len(seen(moderator)) == 14
    assert {entry.comment for entry in record.entries(moderator_of_section)[0]} == {comment}
    assert len(seen(moderator_of_section)) == 6
    assert record.history_of(outside, moderator_of_section) == []
    page = client_of(moderator_of_section).get(reverse("discussion_record"), {"page": outside.page_id})
    assert (page.status_code, "Outside" in page.content.decode()) == (200, False)


@pytest.mark.parametrize(("named", "walked"), [(100, 0), (0, 0), (0, 5), (0, 500)])
def test_section_reads_the_same_however_many_comments_it_has(
    home, comment, administrator, moderator_of_section, monkeypatch, named, walked
):
    """Few comments are named, many are first looked for among the latest rows; in any case all is found, in order."""
    monkeypatch.setattr(sources, "NAMED", named)
    monkeypatch.setattr(sources, "WALKED", walked)
    outside = factories.comment(factories.ArticlePageFactory(parent=factories.SectionPageFactory(parent=home)))
    chance = random.Random(named + walked)
    for number in range(40):
        chance.choice(MAKERS)(chance.choice([comment, outside]), at=NOON + timedelta(seconds=number // 2))
    expected = [entry for entry in record.entries(administrator)[0] if entry.comment == comment]
    found, cursor = [], None
    while cursor != "":
        some, cursor = record.entries(moderator_of_section, before=cursor or "", limit=3)
        found += some
    assert found == expected


@pytest.mark.parametrize("role", ["reader", "editor", "publisher"])
def test_who_moderates_nothing_sees_nothing(request, comment, role):
    user = request.getfixturevalue(role)
    decided(comment)
    assert record.entries(user) == ([], "")
    assert record.history_of(comment, user) == []


def test_all_who_moderate_can_be_asked_for_and_nobody_else(moderator, moderator_of_section, administrator, editor, article):
    page = client_of(moderator).get(reverse("discussion_record")).content.decode()
    offered = page.split('name="by"')[1].split("</select>")[0]
    assert set(re.findall(r'value="(\d+)"', offered)) == {
        str(user.pk) for user in (moderator, moderator_of_section, administrator)
    }


# The history of one comment


def test_history_of_a_comment_is_its_whole_story_in_seven_queries(article, moderator):
    comment = factories.comment(article, state="pending", name="A. Reader", now=NOON - timedelta(hours=1))
    comment.confirmed_at = NOON - timedelta(minutes=30)
    for minute, maker in enumerate(MAKERS):
        maker(comment, at=NOON + timedelta(minutes=minute))
    mailed(comment, kind="new")
    reported(comment, at=NOON + timedelta(hours=1), settled_at=NOON + timedelta(hours=2))
    comment = PageComment.objects.for_queue().get(pk=comment.pk)
    comment.confirmed_at = NOON - timedelta(minutes=30)

    with CaptureQueriesContext(connection) as queries:
        found = record.history_of(comment, moderator)

    assert [entry.what.partition("rule-")[0] for entry in found] == [
        "Report answered",
        "Reported",
        "Mail: a decision",
        "Rule: ",
        "Reported",
        "Made an editor’s pick",
        "Text changed",
        "Rejected",
        "E-mail address confirmed",
        "Submitted",
    ]
    assert len([query for query in queries if "discussion_" in query["sql"]]) <= 7


# Forgetting


def test_erasing_leaves_who_did_what_and_when_and_nothing_more(comment, moderator):
    decided(comment, by=moderator, reason="vexatious", message="vexatious")
    edited(comment)
    acted(comment, by=moderator, about="vexatious", reason="vexatious", before={"was": "vexatious"})
    reported(comment)
    mailed(comment)
    Discussion.objects.get(page=comment.page)
    wipe([comment.pk])
    found, _cursor = record.entries(moderator)
    assert [(entry.what, entry.by_name) for entry in found] == [
        ("Rejected", str(moderator)),
        ("Made an editor’s pick", str(moderator)),
    ]
    assert "vexatious" not in repr(found)
    assert {entry.person for entry in found} == {"", subject_of(PageComment.objects.get())}
