"""Taking decisions back: what was, is again; what was decided since, stays."""

import pytest
from django.db import connection
from django.db.models import Q
from django.test.utils import CaptureQueriesContext

from discussion import transitions
from discussion.models import Decision, PageComment, Reason, Report
from discussion.transitions import decide, lock_discussions_of, undo
from tests import factories
from tests.discussion.truth import assert_counts_hold, stored_counts

STEPS = [
    ("unconfirmed", "published"),
    ("unconfirmed", "rejected"),
    ("pending", "published"),
    ("pending", "rejected"),
    ("pending", "spam"),
    ("published", "removed"),
    ("published", "rejected"),
    ("published", "spam"),
    ("rejected", "published"),
    ("spam", "published"),
    ("removed", "published"),
]


def in_state(page, state) -> PageComment:
    comment = factories.comment(page, state="pending" if state == "unconfirmed" else state)
    if state == "unconfirmed":
        PageComment.objects.filter(pk=comment.pk).update(state=state)
    return comment


@pytest.mark.parametrize(("start", "end"), STEPS)
def test_each_decision_can_be_taken_back(article, moderator, start, end):
    comment = in_state(article, start)
    outcome = decide([comment.pk], end, by=moderator, reason_code=Reason.OTHER)
    back = undo(outcome.batch, by=moderator)
    comment.refresh_from_db()
    assert ([c.pk for c in back.changed], back.late) == ([comment.pk], [])
    assert comment.state == start
    assert [(row.to_state, row.is_undo, row.undone_at is not None) for row in comment.decisions.order_by("pk")][-2:] == [
        (end, False, True),
        (start, True, False),
    ]
    assert_counts_hold(article)


def test_replies_that_went_with_a_comment_return_with_it(article, moderator):
    top = factories.comment(article)
    factories.comment(article, reply_to=factories.comment(article, reply_to=top))
    before = stored_counts(article)
    undo(decide([top.pk], "rejected", by=moderator).batch, by=moderator)
    assert stored_counts(article) == before


def test_what_one_decision_hid_is_shown_again_whatever_state_each_came_from(article, moderator):
    top = factories.comment(article)
    middle = factories.comment(article, reply_to=top)
    factories.comment(article, reply_to=middle)
    decide([middle.pk], "removed", by=moderator)
    before = stored_counts(article)
    undo(decide([top.pk, middle.pk], "spam", by=moderator).batch, by=moderator)
    assert stored_counts(article) == before
    assert not PageComment.objects.filter(hidden_by_ancestor=True).exists()
    assert_counts_hold(article)


def test_comments_of_one_decision_go_back_to_the_states_that_they_came_from(article, moderator):
    comments = [in_state(article, state) for state in ("pending", "published", "rejected")]
    outcome = decide([comment.pk for comment in comments], "spam", by=moderator)
    undo(outcome.batch, by=moderator)
    assert list(PageComment.objects.order_by("pk").values_list("state", flat=True)) == ["pending", "published", "rejected"]
    assert_counts_hold(article)


def test_what_somebody_decided_since_stays(article, moderator, administrator):
    first, second = in_state(article, "pending"), in_state(article, "pending")
    outcome = decide([first.pk, second.pk], "published", by=moderator)
    decide([first.pk], "spam", by=administrator)
    back = undo(outcome.batch, by=moderator)
    assert ([c.pk for c in back.changed], [c.pk for c in back.late]) == ([second.pk], [first.pk])
    first.refresh_from_db()
    assert first.state == "spam"


def test_taking_back_twice_does_nothing_more(article, moderator):
    comment = in_state(article, "pending")
    batch = decide([comment.pk], "published", by=moderator).batch
    undo(batch, by=moderator)
    assert undo(batch, by=moderator).changed == []
    assert comment.decisions.count() == 2


def test_reports_that_a_decision_answered_are_open_again_and_earlier_ones_are_not(article, moderator):
    comment = factories.comment(article)
    earlier = Report.objects.create(comment=comment, reason=Report.Reason.SPAM, reporter_key="browser:a")
    decide([comment.pk], "published", by=moderator)
    later = Report.objects.create(comment=comment, reason=Report.Reason.SPAM, reporter_key="browser:b")
    undo(decide([comment.pk], "removed", by=moderator).batch, by=moderator)
    assert list(Report.objects.filter(settled_at=None)) == [later]
    assert earlier != later


@pytest.mark.parametrize("state", ["published", "pending"])
def test_taking_back_answers_no_report(article, moderator, state):
    comment = factories.comment(article)
    batch = decide([comment.pk], state, by=moderator).batch
    since = Report.objects.create(comment=comment, reason=Report.Reason.SPAM, reporter_key="browser:a")
    undo(batch, by=moderator)
    assert list(Report.objects.filter(settled_at=None)) == [since]


def test_taking_back_out_of_sight_answers_what_was_reported_since(article, moderator):
    comment = in_state(article, "spam")
    batch = decide([comment.pk], "published", by=moderator).batch
    since = Report.objects.create(comment=comment, reason=Report.Reason.SPAM, reporter_key="browser:a")
    undo(batch, by=moderator)
    since.refresh_from_db()
    assert since.settled_by == moderator


def test_what_was_erased_stays_erased(article, moderator):
    comment = factories.comment(article)
    assert undo(decide([comment.pk], "erased", by=moderator).batch, by=moderator).changed == []


def test_only_what_the_moderator_looks_after_is_taken_back(article, section, moderator):
    other = factories.ArticlePageFactory(parent=section)
    here, there = in_state(article, "pending"), in_state(other, "pending")
    batch = decide([here.pk, there.pk], "published", by=moderator).batch
    undo(batch, by=moderator, within=Q(page=article))
    assert list(PageComment.objects.order_by("pk").values_list("state", flat=True)) == ["pending", "published"]


def test_second_moderator_decides_nothing_twice(article, moderator, administrator):
    comment = in_state(article, "pending")
    seen = {comment.pk: 0}
    decide([comment.pk], "published", by=moderator, seen=seen)
    outcome = decide([comment.pk], "rejected", by=administrator, seen=seen)
    comment.refresh_from_db()
    assert ([c.pk for c in outcome.late], outcome.changed, comment.state) == ([comment.pk], [], "published")
    last = Decision.objects.get(comment=comment)
    assert decide([comment.pk], "rejected", by=administrator, seen={comment.pk: last.pk}).changed == [comment]


def test_comment_that_was_moved_while_the_decision_waited_is_left_alone(article, section, moderator, monkeypatch):
    other = factories.ArticlePageFactory(parent=section)
    factories.comment(other)
    comment = in_state(article, "pending")

    def held_before_the_move(comment_ids):
        held = lock_discussions_of(comment_ids)
        PageComment.objects.filter(pk=comment.pk).update(page=other)
        return held

    monkeypatch.setattr(transitions, "lock_discussions_of", held_before_the_move)
    assert decide([comment.pk], "published", by=moderator).late == [comment]
    comment.refresh_from_db()
    assert (comment.state, comment.number) == ("pending", None)


def test_what_returns_says_no_more_that_it_repeats_another(article, moderator):
    comment = in_state(article, "removed")
    PageComment.objects.filter(pk=comment.pk).update(duplicate_number=1)
    decide([comment.pk], "published", by=moderator)
    comment.refresh_from_db()
    assert comment.duplicate_number is None


def test_many_cost_as_many_queries_as_few(article, moderator):
    def cost(count):
        top = factories.comment(article)
        keys = [factories.comment(article, reply_to=top, state="pending").pk for _ in range(count)]
        with CaptureQueriesContext(connection) as queries:
            batch = decide(keys, "published", by=moderator).batch
        decided = len(queries)
        with CaptureQueriesContext(connection) as queries:
            undo(batch, by=moderator)
        return decided, len(queries)

    few = cost(2)
    assert cost(30) == few
    assert few <= (14, 18)


def test_returning_branches_cost_the_same_for_few_and_many(article, moderator):
    def cost(count):
        tops = [factories.comment(article) for _ in range(count)]
        for top in tops:
            factories.comment(article, reply_to=top)
        keys = [top.pk for top in tops]
        with CaptureQueriesContext(connection) as queries:
            decide(keys, "rejected", by=moderator)
            decide(keys, "published", by=moderator)
        return len(queries)

    assert cost(2) == cost(12)
    assert_counts_hold(article)
