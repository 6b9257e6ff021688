"""Writing a comment: where it stands, what is refused, and that sending twice makes one."""

import uuid
from datetime import UTC, datetime, timedelta
from unittest.mock import patch

import pytest
from django.contrib.contenttypes.models import ContentType
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from django_comments.models import Comment
from django_comments_xtd.models import XtdComment
from wagtail.models import Site

from discussion import posting
from discussion.models import Discussion, DiscussionSettings, PageComment
from discussion.paths import encode
from discussion.posting import PageGone, ParentGone, must_be_held, post_comment
from discussion.threads import screen_of
from discussion.transitions import decide
from pages.models import Role
from tests import factories
from tests.discussion.truth import assert_counts_hold, rows_of, tree_order

MORNING = datetime(2026, 3, 2, 9, 30, tzinfo=UTC)


def test_published_comment_has_all_that_readers_need(article, reader):
    comment = post_comment(
        article,
        factories.submission(
            text="It was **cold**.",
            name="A. Reader",
            email="a@readers.example",
            user=reader,
            author_role="Nurse",
            organisation="Harbour Clinic",
            author_key="browser",
            anchor="format-1",
            anchor_text="Kindle",
        ),
        hold=False,
        now=MORNING,
    )
    comment.refresh_from_db()
    assert {
        "text": comment.comment,
        "html": comment.body_html,
        "name": comment.user_name,
        "email": comment.user_email,
        "user": comment.user,
        "role": comment.author_role,
        "organisation": comment.organisation,
        "browser": comment.author_key,
        "anchor": (comment.anchor, comment.anchor_text),
        "state": comment.state,
        "number": comment.number,
        "times": (comment.submitted_at, comment.published_at, comment.edited_at),
        "page": comment.page_id,
    } == {
        "text": "It was **cold**.",
        "html": "<p>It was <strong>cold</strong>.</p>\n",
        "name": "A. Reader",
        "email": "a@readers.example",
        "user": reader,
        "role": "Nurse",
        "organisation": "Harbour Clinic",
        "browser": "browser",
        "anchor": ("format-1", "Kindle"),
        "state": "published",
        "number": 1,
        "times": (MORNING, MORNING, None),
        "page": article.pk,
    }


def test_held_comment_has_no_number_and_is_seen_by_nobody(article):
    comment = post_comment(article, factories.submission(), hold=True)
    comment.refresh_from_db()
    assert (comment.state, comment.number, comment.published_at) == ("pending", None, None)
    assert screen_of(article).rows == []
    assert_counts_hold(article)


@pytest.mark.parametrize(("hold", "public"), [(False, True), (True, False)])
def test_columns_of_the_package_mirror_ours(article, hold, public):
    top = factories.comment(article)
    reply = post_comment(article, factories.submission(reply_to=top.number), hold=hold, now=MORNING)
    stored = XtdComment.objects.get(pk=reply.pk)
    base = Comment.objects.get(pk=reply.pk)
    assert (stored.thread_id, stored.parent_id, stored.level) == (top.pk, top.pk, 1)
    assert (base.is_public, base.is_removed, base.submit_date, base.site_id) == (public, False, MORNING, 1)
    assert base.object_pk == str(article.pk)
    assert base.content_type == ContentType.objects.get_by_natural_key("pages", "articlepage")


def test_top_comment_is_its_own_thread_and_parent_as_the_package_has_it(article):
    top = factories.comment(article)
    assert (top.root_id, top.thread_id, top.parent_id, top.in_reply_to_id) == (top.pk, top.pk, top.pk, None)
    assert (top.path, top.depth, top.level) == (encode(top.pk), 0, 0)


def test_same_submission_twice_makes_one_comment(article):
    handed_in = factories.submission()
    first = post_comment(article, handed_in, hold=True)
    again = post_comment(article, handed_in, hold=True)
    assert again.pk == first.pk
    assert len(rows_of(article)) == 1
    assert_counts_hold(article)


def test_second_sending_does_not_undo_what_was_decided_since(article):
    handed_in = factories.submission()
    comment = post_comment(article, handed_in, hold=True)
    decide([comment.pk], "spam", by=None)
    assert post_comment(article, handed_in, hold=False).state == "spam"
    assert_counts_hold(article)


def test_second_sending_is_answered_though_the_parent_is_gone_by_then(article):
    parent = factories.comment(article)
    handed_in = factories.submission(reply_to=parent.number)
    reply = post_comment(article, handed_in, hold=False)
    decide([parent.pk], "rejected", by=None)
    assert post_comment(article, handed_in, hold=False).pk == reply.pk


def test_two_pages_number_their_comments_apart(article, section):
    other = factories.ArticlePageFactory(parent=section)
    numbers = [factories.comment(page).number for page in (article, other, article, article, other)]
    assert numbers == [1, 1, 2, 3, 2]


def test_held_comments_leave_no_gap_in_the_numbers(article):
    factories.comment(article)
    held = factories.comment(article, state="pending")
    assert factories.comment(article).number == 2
    decide([held.pk], "published", by=None)
    held.refresh_from_db()
    assert held.number == 3


def out_of_sight(article, other):
    """Comments that cannot be answered, by reason, with the number that names them."""
    hidden_top = factories.comment(article)
    hidden = factories.comment(article, reply_to=hidden_top)
    decide([hidden_top.pk], "rejected", by=None)
    was_published = factories.comment(article)
    decide([was_published.pk], "pending", by=None)
    elsewhere = [factories.comment(other) for _ in range(9)][-1]
    return {
        "never there": 4_000,
        "of another page": elsewhere.number,
        "rejected": hidden_top.number,
        "beneath a rejected one": hidden.number,
        "pending again": was_published.number,
        "removed": factories.comment(article, state="removed").number,
        "erased": factories.comment(article, state="erased").number,
        "number of a held one, which has none": 0,
        "largest": 2**31 - 1,
    }


@pytest.mark.parametrize("hold", [True, False])
def test_reply_to_what_is_not_to_be_seen_is_refused_and_nothing_written(article, section, hold):
    other = factories.ArticlePageFactory(parent=section)
    factories.comment(article, state="pending")
    before = None
    for reason, number in out_of_sight(article, other).items():
        before = before or everything()
        with pytest.raises(ParentGone):
            post_comment(article, factories.submission(reply_to=number), hold=hold)
        assert everything() == before, reason


def test_refused_first_reply_leaves_no_discussion_behind(article):
    with pytest.raises(ParentGone):
        post_comment(article, factories.submission(reply_to=1), hold=False)
    assert not Discussion.objects.exists()


def everything():
    return [list(model._base_manager.order_by("pk").values()) for model in (Comment, XtdComment, PageComment, Discussion)]


def test_page_deleted_meanwhile_takes_no_comment(article):
    stale = type(article).objects.get(pk=article.pk)
    article.delete()
    with pytest.raises(PageGone):
        post_comment(stale, factories.submission(), hold=True)
    assert not Discussion.objects.exists()


def test_failure_half_way_writes_nothing(article):
    parent = factories.comment(article)
    before = everything()
    with patch.object(posting, "_place", side_effect=RuntimeError("the power went")), pytest.raises(RuntimeError):
        post_comment(article, factories.submission(reply_to=parent.number), hold=False)
    assert everything() == before


def deepest(article):
    """A thread of one comment on each of the eight levels."""
    chain = [factories.comment(article)]
    for _ in range(7):
        chain.append(factories.comment(article, reply_to=chain[-1]))
    return chain


def test_replies_stand_on_levels_0_to_7(article):
    chain = deepest(article)
    assert [comment.depth for comment in chain] == list(range(8))
    assert [comment.path for comment in chain] == ["".join(encode(c.pk) for c in chain[: n + 1]) for n in range(8)]
    assert {comment.root_id for comment in chain} == {chain[0].pk}
    assert [comment.level for comment in chain] == list(range(8))


def test_reply_to_the_last_level_stands_beside_it_with_its_true_parent(article):
    chain = deepest(article)
    beside = factories.comment(article, reply_to=chain[7])
    further = factories.comment(article, reply_to=beside)
    for comment, parent in ((beside, chain[7]), (further, beside)):
        assert comment.depth == comment.level == 7
        assert comment.path == chain[6].path + encode(comment.pk)
        assert (comment.in_reply_to_id, comment.parent_id, comment.root_id) == (parent.pk, parent.pk, chain[0].pk)
    assert list(PageComment.objects.in_thread_order().values_list("pk", flat=True)) == [
        *(comment.pk for comment in chain),
        beside.pk,
        further.pk,
    ]
    assert_counts_hold(article)


def test_counts_of_page_thread_and_parent(article):
    top = factories.comment(article, now=MORNING)
    reply = factories.comment(article, reply_to=top, now=MORNING + timedelta(minutes=1))
    factories.comment(article, reply_to=reply, now=MORNING + timedelta(minutes=2))
    factories.comment(article, reply_to=top, state="pending", now=MORNING + timedelta(minutes=3))
    for comment in (top, reply):
        comment.refresh_from_db()
    row = Discussion.objects.get(page=article)
    assert (row.published_count, row.pending_count, row.last_number) == (3, 1, 3)
    assert row.last_published_at == MORNING + timedelta(minutes=2)
    assert (top.reply_count, top.thread_count) == (1, 2)
    assert (reply.reply_count, reply.thread_count) == (1, 0)
    assert_counts_hold(article)


def test_order_in_the_thread_is_that_of_the_conversation(article):
    first, second = factories.comment(article), factories.comment(article)
    late_to_first = factories.comment(article, reply_to=first)
    factories.comment(article, reply_to=second)
    factories.comment(article, reply_to=late_to_first)
    factories.comment(article, reply_to=first)
    assert list(PageComment.objects.in_thread_order().values_list("pk", flat=True)) == tree_order(rows_of(article))


@pytest.mark.parametrize("hold", [True, False])
def test_posting_costs_the_same_in_a_long_thread(article, hold):
    def cost(reply_to):
        with CaptureQueriesContext(
            connection,
        ) as queries:
            post_comment(article, factories.submission(reply_to=reply_to.number, address="192.0.2.7"), hold=hold, limits=limits)
        return sum("SAVEPOINT" not in query["sql"] for query in queries)

    limits = DiscussionSettings(posts_per_person=1000, posts_per_address=1000)
    top = factories.comment(article)
    in_short = cost(top)
    replies = [factories.comment(article, reply_to=top) for _ in range(30)]
    assert cost(top) == cost(replies[0]) == cost(replies[-1]) == in_short
    assert in_short <= 11, "and one more for what rules found"


def test_text_of_any_kind_is_stored_as_it_came_and_names_without_what_turns_direction(article):
    text = "\u202eoverride \u200bzero\ufeff Z\u0351\u036b 👩‍👩‍👧 <b>{{ x }}</b> '; DROP TABLE x; --\n\n\U0001f4a9" * 50
    comment = post_comment(article, factories.submission(text=text, name="\u202e<i>Eve</i>" + "x" * 100), hold=False)
    comment.refresh_from_db()
    assert comment.comment == text
    assert comment.user_name == ("<i>Eve</i>" + "x" * 100)[:50]


def test_key_is_unique_in_the_database(article):
    key = uuid.uuid4()
    post_comment(article, factories.submission(submission_key=key), hold=False)
    assert PageComment.objects.filter(submission_key=key).count() == 1
    assert PageComment._meta.get_field("submission_key").unique


# who, their part in the page, whether the site holds comments → whether theirs is held
HOLDING = [
    ("guest", None, True, True),
    ("guest", None, False, False),
    ("reader", None, True, True),
    ("reader", None, False, False),
    ("editor", None, True, True),
    ("publisher", None, True, True),
    ("moderator", None, True, False),
    ("administrator", None, True, False),
    ("reader", Role.AUTHOR, True, False),
    ("reader", Role.INTERVIEWEE, True, False),
]


@pytest.mark.parametrize(("who", "part", "site_holds", "held"), HOLDING)
def test_whose_comments_are_held(request, article, person, who, part, site_holds, held):
    user = None if who == "guest" else request.getfixturevalue(who)
    site = Site.objects.get()
    DiscussionSettings.objects.create(site=site, hold_comments=site_holds)
    if part:
        person.user = user
        person.save()
        factories.ContributionFactory(page=article, person=person, role=part)
    assert must_be_held(article, user) is held


def test_contributor_to_one_page_is_held_on_another(article, section, person, reader):
    person.user = reader
    person.save()
    factories.ContributionFactory(page=factories.ArticlePageFactory(parent=section), person=person)
    assert must_be_held(article, reader) is True


def test_comments_are_held_where_nobody_set_anything(article):
    assert must_be_held(article, None) is True


def test_inactive_account_of_a_moderator_is_held(article, moderator):
    moderator.is_active = False
    moderator.save()
    assert must_be_held(article, moderator) is True


@pytest.mark.parametrize(("days", "held"), [(None, False), (9, True), (11, False)])
def test_comments_on_old_pages_are_held_where_the_site_says_so(article, days, held):
    DiscussionSettings.objects.create(site=Site.objects.get(), hold_comments=False, hold_after_days=days)
    article.first_published_at = timezone.now() - timedelta(days=10)
    article.save()
    assert must_be_held(article, None) is held
