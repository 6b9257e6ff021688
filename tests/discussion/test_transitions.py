"""The life of a comment: which state may follow which, and all that hangs on it."""

import random
from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from django_comments.models import Comment
from django_comments_xtd.models import XtdComment

from discussion.curating import mark_duplicate
from discussion.models import Decision, Discussion, PageComment, Report, State
from discussion.threads import screen_of
from discussion.transitions import decide, recount
from tests import factories
from tests.discussion.truth import assert_counts_hold, rows_of, stands_by_itself, stored_counts, tree_order

STATES = ["unconfirmed", "pending", "published", "rejected", "spam", "removed", "erased"]
# from → the states that may follow
MAY_FOLLOW = {
    "unconfirmed": {"pending", "published", "rejected", "spam", "erased"},
    "pending": {"published", "rejected", "spam", "erased"},
    "published": {"pending", "removed", "rejected", "spam", "erased"},
    "rejected": {"pending", "published", "spam", "erased"},
    "spam": {"pending", "published", "rejected", "erased"},
    "removed": {"published", "rejected", "spam", "erased"},
    "erased": set(),
}
PAIRS = [(start, end) for start in STATES for end in STATES]


def in_state(page, state, *, was_published=False) -> PageComment:
    """A comment in ``state``; one that was published first and so has a number, when asked for."""
    if state == "unconfirmed":
        comment = factories.comment(page, state="pending")
        PageComment.objects.filter(pk=comment.pk).update(state=state)
        recount([page.pk])
    elif was_published:
        comment = factories.comment(page)
        decide([comment.pk], state, by=None)
    else:
        comment = factories.comment(page, state=state)
    comment.refresh_from_db()
    assert comment.state == state
    return comment


def seen(page) -> list[tuple]:
    """What readers see of a discussion: numbers, and whether text or a placeholder stands there."""
    shown, rows = [], screen_of(page).rows
    while rows:
        row = rows.pop(0)
        shown.append((row.comment.number, "placeholder" if row.is_placeholder else row.comment.body_html))
        rows = row.replies + rows
    return shown


@pytest.mark.parametrize(("start", "end"), PAIRS)
def test_each_step_from_state_to_state(article, start, end):
    comment = in_state(article, start)
    outcome = decide([comment.pk], end, by=None)
    comment.refresh_from_db()
    allowed = end in MAY_FOLLOW[start]
    assert comment.state == (end if allowed else start)
    assert [c.pk for c in outcome.changed] == [comment.pk] * allowed
    assert [c.pk for c in outcome.refused] == [comment.pk] * (not allowed)
    assert_counts_hold(article)


AFTER_PUBLICATION = {"published": "<p>It was cold.</p>\n", "removed": "placeholder", "erased": "placeholder"}


@pytest.mark.parametrize("state", [state for state in STATES if state != "unconfirmed"])
def test_what_readers_see_of_a_comment_that_was_published(article, state):
    comment = factories.comment(article, text="It was cold.")
    decide([comment.pk], state, by=None)
    assert seen(article) == ([(1, AFTER_PUBLICATION[state])] if state in AFTER_PUBLICATION else [])


@pytest.mark.parametrize("state", ["pending", "rejected", "spam", "erased", "unconfirmed"])
def test_readers_never_see_anything_of_a_comment_that_was_not_published(article, state):
    comment = in_state(article, "pending")
    PageComment.objects.filter(pk=comment.pk).update(state="unconfirmed")
    decide([comment.pk], state, by=None)
    assert seen(article) == []
    assert not PageComment.objects.standing().exists()
    assert not PageComment.objects.get().is_standing


@pytest.mark.parametrize(("start", "end"), [pair for pair in PAIRS if pair[1] in MAY_FOLLOW[pair[0]]])
def test_columns_of_the_package_follow_every_step(article, start, end):
    comment = in_state(article, start, was_published=start != "unconfirmed")
    decide([comment.pk], end, by=None)
    comment.refresh_from_db()
    stored = Comment.objects.get(pk=comment.pk)
    placeholder = end in {"removed", "erased"}
    assert stored.is_removed == placeholder
    assert stored.is_public == (end == "published" or (placeholder and comment.number is not None))


def test_number_is_kept_for_ever(article):
    first, second = factories.comment(article), factories.comment(article)
    for state in ("pending", "published", "spam", "published", "removed", "published", "rejected", "published", "erased"):
        decide([first.pk], state, by=None)
        first.refresh_from_db()
        assert (first.state, first.number) == (state, 1)
    assert factories.comment(article).number == 3
    assert second.number == 2


def test_moment_of_first_publication_is_kept(article):
    long_ago = timezone.now() - timedelta(days=400)
    comment = factories.comment(article, now=long_ago)
    decide([comment.pk], "rejected", by=None)
    decide([comment.pk], "published", by=None)
    comment.refresh_from_db()
    assert comment.published_at == long_ago


@pytest.mark.parametrize("reported", [False, True])
def test_moderator_sees_a_published_comment_and_lets_it_stand_once(article, moderator, reported):
    comment = factories.comment(article)
    if reported:
        Report.objects.create(comment=comment, reason=Report.Reason.SPAM, reporter_key="browser:a")
    assert decide([comment.pk], "published", by=moderator).changed == [comment]
    comment.refresh_from_db()
    assert (comment.state, comment.number, comment.reviewed_at is not None) == ("published", 1, True)
    assert not Report.objects.filter(settled_at=None).exists()
    assert decide([comment.pk], "published", by=moderator).refused == [comment]
    assert_counts_hold(article)


def test_held_comments_are_numbered_in_the_order_in_which_they_came(article):
    came = [factories.comment(article, state="pending") for _ in range(4)]
    decide([comment.pk for comment in reversed(came)], "published", by=None)
    assert list(PageComment.objects.order_by("pk").values_list("number", flat=True)) == [1, 2, 3, 4]


def test_published_text_is_rendered_anew(article):
    comment = factories.comment(article, state="pending", text="*cold*")
    decide([comment.pk], "published", by=None)
    comment.refresh_from_db()
    assert comment.body_html == "<p><em>cold</em></p>\n"


def branch(article):
    """1 ── 2 ── 3 ── 4, all published; and 5, a thread of its own."""
    chain = [factories.comment(article, text="1")]
    for text in "234":
        chain.append(factories.comment(article, reply_to=chain[-1], text=text))
    return [*chain, factories.comment(article, text="5")]


def numbers_seen(article):
    return [number for number, _text in seen(article)]


@pytest.mark.parametrize("state", ["rejected", "spam", "pending"])
def test_replies_vanish_with_their_comment_and_return_with_it(article, state):
    one, two, three, four, _five = branch(article)
    decide([two.pk], state, by=None)
    assert numbers_seen(article) == [1, 5]
    assert_counts_hold(article)
    assert set(PageComment.objects.filter(pk__in=[three.pk, four.pk]).values_list("state", flat=True)) == {"published"}
    decide([two.pk], "published", by=None)
    assert numbers_seen(article) == [1, 2, 3, 4, 5]
    assert_counts_hold(article)


@pytest.mark.parametrize("state", ["removed", "erased"])
def test_replies_stay_beneath_a_placeholder(article, state):
    one, two, *_ = branch(article)
    decide([two.pk], state, by=None)
    assert seen(article)[1] == (2, "placeholder")
    assert numbers_seen(article) == [1, 2, 3, 4, 5]
    assert_counts_hold(article)


def test_inner_branch_stays_hidden_when_the_outer_returns(article):
    one, two, three, four, _five = branch(article)
    decide([three.pk], "spam", by=None)
    decide([one.pk], "rejected", by=None)
    assert numbers_seen(article) == [5]
    decide([one.pk], "published", by=None)
    assert numbers_seen(article) == [1, 2, 5]
    assert_counts_hold(article)
    decide([three.pk], "published", by=None)
    assert numbers_seen(article) == [1, 2, 3, 4, 5]


def test_inner_branch_that_returns_beneath_a_hidden_one_waits_for_it(article):
    one, two, three, four, _five = branch(article)
    decide([one.pk], "rejected", by=None)
    decide([three.pk], "spam", by=None)
    decide([three.pk], "published", by=None)
    assert numbers_seen(article) == [5]
    assert_counts_hold(article)
    decide([one.pk], "published", by=None)
    assert numbers_seen(article) == [1, 2, 3, 4, 5]


@pytest.mark.parametrize("backwards", [False, True])
def test_whole_branch_at_once_in_any_order(article, backwards):
    comments = branch(article)
    keys = [comment.pk for comment in (reversed(comments) if backwards else comments)]
    decide(keys, "rejected", by=None)
    assert numbers_seen(article) == []
    assert_counts_hold(article)
    decide(keys[:2], "published", by=None)
    assert_counts_hold(article)
    decide(keys, "published", by=None)
    assert numbers_seen(article) == [1, 2, 3, 4, 5]
    assert_counts_hold(article)


def test_branch_with_very_many_outcasts_returns(article):
    """One condition for each of them would be more than SQLite can parse."""
    top = factories.comment(article)
    spam = [factories.comment(article, reply_to=top) for _ in range(3)]
    for comment in spam:
        factories.comment(article, reply_to=comment)
    base = {field.attname: getattr(spam[0], field.attname) for field in PageComment._meta.local_fields}
    clones = []
    for n in range(1100):
        parent = XtdComment(
            content_type_id=spam[0].content_type_id, object_pk=str(article.pk), site_id=1, submit_date=timezone.now()
        )
        super(Comment, parent).save(force_insert=True)
        clones.append(parent.pk)
        row = PageComment(**base | {"xtdcomment_ptr_id": parent.pk, "path": f"{top.path}{900_000 + n}", "number": 100 + n})
        row.submission_key = factories.submission().submission_key
        row.save_base(raw=True, force_insert=True)
    decide([comment.pk for comment in spam] + clones, "spam", by=None)
    decide([top.pk], "rejected", by=None)
    decide([top.pk], "published", by=None)
    assert numbers_seen(article) == [1]
    assert Discussion.objects.get(page=article).published_count == 1


def test_decision_records_who_when_from_to_and_why(article, moderator):
    moderator.first_name, moderator.last_name = "Mo", "Derator"
    moderator.save()
    comment = factories.comment(article, state="pending")
    before = timezone.now()
    decide([comment.pk], "rejected", by=moderator, reason="Names a patient.")
    decide([comment.pk], "published", by=None)
    last, first = Decision.objects.filter(comment=comment)
    assert before <= first.decided_at <= last.decided_at <= timezone.now()
    assert (first.by, first.by_name, first.from_state, first.to_state, first.reason) == (
        moderator,
        "Mo Derator",
        "pending",
        "rejected",
        "Names a patient.",
    )
    assert (last.by, last.by_name, last.from_state, last.to_state, last.reason) == (None, "", "rejected", "published", "")


def test_decision_keeps_its_name_when_the_account_goes(article, moderator):
    comment = factories.comment(article, state="pending")
    decide([comment.pk], "spam", by=moderator)
    name = str(moderator)
    moderator.delete()
    decision = Decision.objects.get()
    assert (decision.by, decision.by_name) == (None, name)


def test_refused_step_leaves_no_record(article, moderator):
    comment = factories.comment(article, state="pending")
    decide([comment.pk], "removed", by=moderator)
    assert not Decision.objects.exists()


def test_very_long_reason_is_cut(article):
    comment = factories.comment(article)
    decide([comment.pk], "removed", by=None, reason="x" * 1000)
    assert Decision.objects.get().reason == "x" * 250


def test_many_are_decided_at_once_across_pages(article, section):
    other = factories.ArticlePageFactory(parent=section)
    held = [factories.comment(page, state="pending") for page in (article, other) for _ in range(3)]
    published = factories.comment(article)
    outcome = decide([comment.pk for comment in [*held, published]], "published", by=None)
    assert [comment.pk for comment in outcome.changed] == [comment.pk for comment in held]
    assert [comment.pk for comment in outcome.refused] == [published.pk]
    for page in (article, other):
        assert_counts_hold(page)


@pytest.mark.parametrize(("state", "most"), [("published", 16), ("rejected", 16), ("erased", 28)])
def test_many_cost_as_many_queries_as_few(article, state, most):
    top = factories.comment(article)

    def cost(count):
        keys = [factories.comment(article, reply_to=top, state="pending").pk for _ in range(count)]
        with CaptureQueriesContext(connection) as queries:
            decide(keys, state, by=None)
        return len(queries)

    few = cost(2)
    assert cost(40) == few
    assert few <= most


def test_deciding_about_nothing_is_nothing(article):
    for keys in ([], [10**6]):
        assert decide(keys, "published", by=None).changed == []


def test_approving_a_comment_publishes_no_held_reply(article):
    top = factories.comment(article)
    held = factories.comment(article, reply_to=top, state="pending")
    decide([top.pk], "rejected", by=None)
    decide([top.pk], "published", by=None)
    held.refresh_from_db()
    assert (held.state, held.number, held.is_public, held.hidden_by_ancestor) == ("pending", None, False, False)
    assert seen(article) == [(1, top.body_html)]


def test_saving_a_comment_changes_no_other_row(article):
    top = factories.comment(article)
    factories.comment(article, reply_to=top, state="pending")
    factories.comment(article, reply_to=factories.comment(article, reply_to=top))

    def everything():
        return [list(model._base_manager.order_by("pk").values()) for model in (Comment, XtdComment, PageComment, Discussion)]

    before = everything()
    for comment in rows_of(article):
        comment.save()
    for comment in XtdComment.objects.all():
        super(Comment, comment).save()
    assert everything() == before


def test_reply_approved_beneath_a_hidden_comment_stays_out_of_sight_until_it_returns(article):
    top = factories.comment(article)
    held = factories.comment(article, reply_to=top, state="pending")
    decide([top.pk], "spam", by=None)
    decide([held.pk], "published", by=None)
    assert seen(article) == []
    assert_counts_hold(article)
    decide([top.pk], "published", by=None)
    assert numbers_seen(article) == [1, 2]
    assert_counts_hold(article)


def test_recount_mends_whatever_was_wrong(article):
    branch(article)
    true = stored_counts(article)
    Discussion.objects.update(published_count=99, pending_count=99, last_published_at=None)
    PageComment.objects.update(reply_count=99, thread_count=99)
    recount(Discussion.objects.values_list("pk", flat=True))
    mended = stored_counts(article)
    tops = set(PageComment.objects.filter(depth=0).values_list("pk", flat=True))
    mended["threads"] = {key: count if key in tops else 0 for key, count in mended["threads"].items()}
    assert mended == true


@pytest.mark.parametrize("seed", [1, 2])
def test_two_hundred_random_steps_keep_every_count_and_order_right(article, seed):
    dice = random.Random(seed)
    for step in range(200):
        comments = rows_of(article)
        if step < 5 or dice.random() < 0.35:
            open_ones = [comment for comment in comments if comment.is_published]
            parent = dice.choice([None, *open_ones, *open_ones[-3:]])
            factories.comment(article, reply_to=parent, state=dice.choice(["published", "published", "pending"]))
        else:
            chosen = dice.sample(comments, min(len(comments), dice.choice([1, 1, 1, 2, 5])))
            states = [state for state in STATES if state not in {"unconfirmed", "erased"}] * 4 + ["erased"]
            decide([comment.pk for comment in chosen], State(dice.choice(states)), by=None)
        assert_counts_hold(article)
    comments = rows_of(article)
    order = tree_order(comments)
    standing = [
        c.pk for c in sorted(comments, key=lambda c: order.index(c.pk)) if stands_by_itself(c) and not c.hidden_by_ancestor
    ]
    assert list(PageComment.objects.standing().in_thread_order().values_list("pk", flat=True)) == standing
    published = [comment for comment in comments if comment.published_at]
    numbers = {comment.number for comment in published if comment.number}
    without = [comment for comment in published if comment.number is None]
    assert {comment.state for comment in without} <= {"erased"}
    assert len(numbers) + len(without) == len(published) == Discussion.objects.get(page=article).last_number


def test_comment_that_is_approved_after_all_is_a_duplicate_no_more(article, administrator):
    factories.comment(article, text="Said first.")
    twin = factories.comment(article, text="Said again.", state="pending")
    mark_duplicate(twin, 1, by=administrator)
    decide([twin.pk], State.PUBLISHED, by=administrator)
    approved = PageComment.objects.get(pk=twin.pk)
    assert (approved.state, approved.number, approved.duplicate_number) == (State.PUBLISHED, 2, None)
    assert approved.reviewed_at == approved.published_at
    assert_counts_hold(article)


def test_one_press_writes_the_rows_of_those_that_were_never_shown_once(article, administrator):
    """Number and state in one statement, and no counters of what nobody could answer."""
    waiting = [factories.comment(article, text=f"Comment {place}.", state="pending").pk for place in range(3)]
    with CaptureQueriesContext(connection) as queries:
        decide(waiting, State.PUBLISHED, by=administrator)
    assert len([query for query in queries if query["sql"].upper().startswith('UPDATE "DISCUSSION_PAGECOMMENT"')]) == 0
    assert len([query for query in queries if query["sql"].startswith("UPDATE discussion_pagecomment")]) == 1
