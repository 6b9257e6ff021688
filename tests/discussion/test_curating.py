"""Picks, redaction, duplicates, closed threads and replies by moderators: what they change, what is kept, what is refused."""

import uuid
from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from discussion import curating, editing
from discussion.models import Decision, Discussion, Edit, LogEntry, PageComment, Report
from discussion.posting import ThreadClosed, post_comment
from discussion.threads import branch_of, screen_of
from discussion.transitions import decide, undo
from pages.models import ArticlePage
from tests import factories
from tests.discussion.truth import assert_counts_hold, rows_of


def fresh(comment) -> PageComment:
    return PageComment.objects.get(pk=comment.pk)


def logged() -> list[tuple]:
    """``[(action, comment's key, who, reason)]``, oldest first."""
    rows = LogEntry.objects.order_by("pk")
    return [(row.action, row.comment_id, row.by_name, row.reason) for row in rows]


def refusal(act, *arguments, **options) -> str:
    """Why ``act`` is refused; nothing may have been written then."""
    before = sizes()
    with pytest.raises(curating.Refused) as caught:
        act(*arguments, **options)
    assert sizes() == before
    return caught.value.reason


def sizes():
    rows = {model.__name__: list(model.objects.order_by("pk").values()) for model in (PageComment, Discussion)}
    return rows | {model.__name__: model.objects.count() for model in (Decision, Edit, LogEntry)}


# Picks


def test_published_comments_become_picks_and_no_others(article, moderator):
    top = factories.comment(article)
    hidden = factories.comment(article, reply_to=top)
    others = [factories.comment(article, state=state) for state in ("pending", "rejected", "spam", "removed", "erased")]
    picked = factories.comment(article)
    decide([top.pk], "rejected", by=None)
    keys = [comment.pk for comment in [top, hidden, *others, picked]]

    assert curating.feature(keys, True, by=moderator) == 1
    assert curating.feature(keys, True, by=moderator) == 0

    assert [row.pk for row in rows_of(article) if row.is_featured] == [picked.pk]
    assert [row.pk for row in rows_of(article) if row.reviewed_at] == [picked.pk]
    assert logged() == [("feature", picked.pk, str(moderator), "")]


def test_pick_that_lost_its_place_can_be_unpicked(article, moderator):
    comment = factories.comment(article)
    curating.feature([comment.pk], True, by=moderator)
    decide([comment.pk], "removed", by=moderator)
    assert curating.feature([comment.pk], False, by=moderator) == 1
    assert not fresh(comment).is_featured
    assert [entry[0] for entry in logged()] == ["feature", "unfeature"]


def test_picking_many_costs_as_much_as_picking_few(article, moderator):
    comments = [factories.comment(article) for _ in range(14)]

    def cost(chosen):
        with CaptureQueriesContext(connection) as queries:
            assert curating.feature([comment.pk for comment in chosen], True, by=moderator) == len(chosen)
        return len(queries)

    assert cost(comments[:2]) == cost(comments[2:])


# Closed threads


@pytest.fixture
def thread(article):
    """A thread of eight levels, the last one answered, and another thread."""
    made = [factories.comment(article)]
    for _ in range(8):
        made.append(factories.comment(article, reply_to=made[-1]))
    return [*made, factories.comment(article)]


@pytest.mark.parametrize("place", [0, 3, 8])
def test_no_reply_is_taken_anywhere_in_a_closed_thread(article, moderator, thread, place):
    assert curating.close_thread(thread[place], by=moderator, reason="Round in circles")
    assert not curating.close_thread(thread[0], by=moderator)

    for comment in thread[:-1]:
        with pytest.raises(ThreadClosed):
            post_comment(article, factories.submission(reply_to=comment.number), hold=False)
        assert "no more replies" in refusal(curating.answer, comment, "Stop.", by=moderator, submission_key=uuid.uuid4())
    factories.comment(article, reply_to=thread[-1])
    factories.comment(article)
    assert [row.pk for row in rows_of(article) if row.closed_at] == [thread[0].pk]
    assert logged() == [("close-thread", thread[0].pk, str(moderator), "Round in circles")]

    assert curating.open_thread(thread[5], by=moderator)
    assert not curating.open_thread(thread[5], by=moderator)
    factories.comment(article, reply_to=thread[place])
    assert [entry[:2] for entry in logged()][1:] == [("open-thread", thread[0].pk)]


def flat(rows):
    for row in rows:
        yield row
        yield from flat(row.replies)


def test_screens_offer_replies_in_open_threads_only_and_say_which_are_closed(article, moderator, thread):
    curating.close_thread(thread[2], by=moderator)

    rows = list(flat(screen_of(article, takes_comments=True).rows))
    assert [row.may_reply for row in rows] == [False] * 9 + [True]
    assert [row.is_closed for row in rows] == [True] + [False] * 9
    for number in (1, 3, 8):
        branch = branch_of(article, number, takes_comments=True)
        assert (branch.is_closed, {row.may_reply for row in flat([branch.top])}) == (True, {False})
    assert not branch_of(article, 10, takes_comments=True).is_closed
    assert not branch_of(article, 1, takes_comments=False).is_closed, "the whole discussion is closed, which says more"
    assert not any(row.is_closed for row in flat(screen_of(article).rows))


def test_author_changes_nothing_in_a_closed_thread(article, moderator):
    comment = factories.comment(article)
    curating.close_thread(comment, by=moderator)
    with pytest.raises(editing.TooLate) as caught:
        editing.edit_comment(comment, "One more word.", by=None, hold=False)
    assert "closed this thread" in caught.value.reason
    editing.delete_comment(comment)
    assert fresh(comment).state == "erased"


# Redaction


def test_redaction_keeps_what_was_said_for_moderators_and_ends_the_authors_changes(article, moderator):
    comment = factories.comment(article, text="Ring *Bea* on 020 7946 0000.")

    curating.redact(comment, "Ring *Bea* on […].", by=moderator, reason="A number")

    after = fresh(comment)
    assert (after.comment, after.body_html) == ("Ring *Bea* on […].", "<p>Ring <em>Bea</em> on […].</p>\n")
    assert (after.edited_at, after.state, after.number) == (None, "published", 1)
    assert after.redacted_at == after.reviewed_at
    edit = Edit.objects.get()
    assert (edit.comment_id, edit.text_before, edit.by, edit.by_name) == (
        comment.pk,
        "Ring *Bea* on 020 7946 0000.",
        moderator,
        str(moderator),
    )
    assert logged() == [("redact", comment.pk, str(moderator), "A number")]
    entry = LogEntry.objects.get()
    assert (entry.page_id, entry.before, entry.after) == (article.pk, None, None)
    with pytest.raises(editing.TooLate) as caught:
        editing.edit_comment(after, "Ring Bea on 020 7946 0000.", by=None, hold=False)
    assert "A moderator has changed this comment" in caught.value.reason
    assert_counts_hold(article)


@pytest.mark.parametrize("state", ["pending", "rejected", "spam", "removed"])
def test_redaction_leaves_the_state_as_it_is(article, moderator, state):
    comment = factories.comment(article, state=state)
    curating.redact(comment, "Less.", by=moderator)
    after = fresh(comment)
    assert (after.state, after.comment, after.body_html) == (state, "Less.", "<p>Less.</p>\n")
    assert_counts_hold(article)


def test_redaction_to_the_same_words_is_none(article, moderator):
    comment = factories.comment(article, text="As it is")
    curating.redact(comment, "As it is", by=moderator)
    curating.redact(comment, "Less", by=moderator)
    curating.redact(comment, "Less", by=moderator)  # the button was pressed twice
    assert (Edit.objects.count(), LogEntry.objects.count()) == (1, 1)


def test_erasure_takes_redactions_along(article, moderator):
    comment = factories.comment(article, text="My secret")
    curating.redact(comment, "[…]", by=moderator, reason="Names the secret")
    decide([comment.pk], "erased", by=None)
    assert (Edit.objects.count(), fresh(comment).redacted_at) == (0, None)
    assert logged() == [("redact", comment.pk, str(moderator), "")]


# What was changed meanwhile


ACTS = {
    "redact": lambda comment, by: curating.redact(comment, "Less.", by=by),
    "mark_duplicate": lambda comment, by: curating.mark_duplicate(comment, 1, by=by),
    "answer": lambda comment, by: curating.answer(comment, "So it is.", by=by, submission_key=uuid.uuid4()),
}
MEANWHILE = {
    "decided about": (lambda comment: decide([comment.pk], "rejected", by=None), "decided about this comment a moment ago"),
    "changed by its author": (
        lambda comment: editing.edit_comment(comment, "Otherwise.", by=None, hold=False),
        "was changed a moment ago",
    ),
    "deleted": (lambda comment: PageComment.objects.filter(pk=comment.pk).delete(), "no longer there"),
    "erased": (lambda comment: decide([comment.pk], "erased", by=None), "“Erased” now"),
}


@pytest.mark.parametrize(("change", "words"), MEANWHILE.values(), ids=MEANWHILE)
@pytest.mark.parametrize("act", ACTS.values(), ids=ACTS)
def test_what_changed_meanwhile_is_left_as_it_is(article, moderator, act, change, words):
    factories.comment(article)
    comment = factories.comment(article)
    change(comment)
    assert words in refusal(act, comment, moderator)


# Duplicates


def made_of(comment) -> list[tuple]:
    rows = Decision.objects.filter(comment=comment).order_by("pk")
    return [(row.from_state, row.to_state, row.reason_code, row.reason, row.message, row.by_name) for row in rows]


@pytest.mark.parametrize("state", ["pending", "published", "unconfirmed"])
def test_duplicate_without_replies_is_rejected(article, moderator, state):
    factories.comment(article)
    comment = factories.comment(article, state="pending" if state == "unconfirmed" else state)
    PageComment.objects.filter(pk=comment.pk).update(state=state)
    Report.objects.create(comment=comment, reason="spam", reporter_key="somebody")

    after = curating.mark_duplicate(fresh(comment), 1, by=moderator, message="Dear reader")

    assert (after.state, after.duplicate_number) == ("rejected", 1)
    wanted = [(state, "rejected", "duplicate", "Says the same as #1", "Dear reader", str(moderator))]
    assert made_of(comment) == wanted
    assert Report.objects.get().settled_at
    assert_counts_hold(article)


def test_duplicate_with_replies_leaves_a_place_that_leads_to_the_other(article, moderator):
    factories.comment(article)
    comment = factories.comment(article)
    reply = factories.comment(article, reply_to=comment)

    curating.mark_duplicate(comment, 1, by=moderator, reason="Word for word")

    assert [(row.comment.number, row.same_as) for row in flat(screen_of(article).rows)] == [(1, None), (2, 1), (3, None)]
    assert fresh(reply).is_standing
    assert made_of(comment) == [("published", "removed", "duplicate", "Word for word", "", str(moderator))]
    assert_counts_hold(article)


def test_place_of_a_duplicate_leads_nowhere_once_the_other_is_out_of_sight(article, moderator):
    original = factories.comment(article)
    comment = factories.comment(article)
    factories.comment(article, reply_to=comment)
    curating.mark_duplicate(comment, 1, by=moderator)
    decide([original.pk], "rejected", by=moderator)
    assert [(row.comment.number, row.same_as) for row in flat(screen_of(article).rows)] == [(2, None), (3, None)]


def test_answered_comment_that_waits_again_leaves_a_place_too(article, moderator):
    factories.comment(article)
    comment = factories.comment(article)
    reply = factories.comment(article, reply_to=comment)
    decide([comment.pk], "pending", by=None)

    curating.mark_duplicate(fresh(comment), 1, by=moderator)

    assert (fresh(comment).state, fresh(reply).is_standing) == ("removed", True)
    assert [made[:3] for made in made_of(comment)] == [("published", "pending", ""), ("pending", "removed", "duplicate")]
    assert_counts_hold(article)


@pytest.mark.parametrize("waits", [True, False])
@pytest.mark.parametrize("is_answered", [True, False])
def test_marking_a_duplicate_is_taken_back_as_one_step(article, moderator, waits, is_answered):
    factories.comment(article)
    comment = factories.comment(article)
    if is_answered:
        factories.comment(article, reply_to=comment)
    if waits:
        decide([comment.pk], "pending", by=None)
    comment = fresh(comment)
    curating.mark_duplicate(comment, 1, by=moderator)
    outcome = undo(Decision.objects.latest("pk").batch, by=moderator)
    assert [row.pk for row in outcome.changed] == [comment.pk]
    after = fresh(comment)
    assert (after.state, after.duplicate_number) == (comment.state, None)
    assert_counts_hold(article)


def test_duplicate_of_what_cannot_be_meant_is_refused(article, section, moderator):
    elsewhere = factories.ArticlePageFactory(parent=section)
    for _ in range(9):
        factories.comment(elsewhere)
    comment = factories.comment(article)
    factories.comment(article, reply_to=factories.comment(article, reply_to=comment))
    removed = factories.comment(article, state="removed")

    def said(number):
        with pytest.raises(curating.WrongNumber):
            curating.mark_duplicate(comment, number, by=moderator)
        return refusal(curating.mark_duplicate, comment, number, by=moderator)

    assert said(9) == "Readers see no comment #9 on this page."
    assert said(removed.number) == f"Readers see no comment #{removed.number} on this page."
    assert said(1) == "That is this comment itself."
    assert {said(2), said(3)} == {"That is a reply to this comment. Call the reply a duplicate instead."}


@pytest.mark.parametrize("state", ["rejected", "spam", "removed", "erased"])
def test_what_was_decided_about_is_no_duplicate_any_more(article, moderator, state):
    factories.comment(article)
    comment = factories.comment(article, state=state)
    assert "decided about this comment already" in refusal(curating.mark_duplicate, comment, 1, by=moderator)


# Answers


def test_answer_is_a_comment_of_the_moderators_and_seen_at_once(article, moderator):
    comment = factories.comment(article)
    key = uuid.uuid4()
    replies = [curating.answer(comment, "So it *is*.", by=moderator, submission_key=key) for _ in range(2)]
    assert replies[0].pk == replies[1].pk
    reply = fresh(replies[0])
    assert (reply.state, reply.number, reply.in_reply_to_id, reply.user, reply.user_name, reply.user_email) == (
        "published",
        2,
        comment.pk,
        moderator,
        moderator.get_full_name(),
        moderator.email,
    )
    assert all(row.reviewed_at for row in rows_of(article))
    assert "another text" in refusal(curating.answer, comment, "It is not.", by=moderator, submission_key=key)
    assert_counts_hold(article)


def test_comment_that_waits_is_answered_with_its_approval_only(article, moderator):
    comment = factories.comment(article, state="pending")
    key = uuid.uuid4()
    assert "approve it first" in refusal(curating.answer, comment, "So it is.", by=moderator, submission_key=key)

    for _ in range(2):  # as it was when the form was opened, both times
        curating.answer(comment, "So it is.", by=moderator, submission_key=key, approve=True)

    assert [(row.number, row.state) for row in rows_of(article)] == [(1, "published"), (2, "published")]
    assert [made[:2] for made in made_of(comment)] == [("pending", "published")]
    assert_counts_hold(article)


@pytest.mark.parametrize("state", ["rejected", "spam", "removed", "erased"])
def test_what_readers_do_not_see_is_not_answered(article, moderator, state):
    comment = factories.comment(article, state=state)
    said = refusal(curating.answer, comment, "So it is.", by=moderator, submission_key=uuid.uuid4(), approve=True)
    assert said == "Readers do not see this comment, so it cannot be answered."


def test_nothing_is_answered_and_nothing_approved_where_the_discussion_is_closed(article, moderator):
    comment = factories.comment(article, state="pending")
    options = {"by": moderator, "submission_key": uuid.uuid4(), "approve": True}
    Discussion.objects.update(override="closed", override_reason="Enough was said.")
    assert refusal(curating.answer, comment, "So it is.", **options) == "Enough was said."
    Discussion.objects.update(override="")
    ArticlePage.objects.update(discussion_closes_at=timezone.now() - timedelta(days=1))
    assert "The discussion closed on" in refusal(curating.answer, fresh(comment), "So it is.", **options)


@pytest.mark.parametrize("since", [{"live": False}, {"expire_at": timezone.now() - timedelta(hours=1)}])
def test_nothing_is_answered_on_a_page_that_readers_do_not_see(article, moderator, since):
    comment = factories.comment(article, state="pending")
    known = fresh(comment)
    assert known.page.live
    ArticlePage.objects.update(**since)
    said = refusal(curating.answer, known, "So it is.", by=moderator, submission_key=uuid.uuid4(), approve=True)
    assert said == "Readers do not see this page now, so nothing on it can be answered."
    assert fresh(comment).state == "pending"
