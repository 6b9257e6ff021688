"""A comment moved to another page with all that answers it: every column, every counter, and where its old address leads."""

import random

import pytest
from django.contrib.contenttypes.models import ContentType
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django_comments.models import Comment
from django_comments_xtd.models import XtdComment

from discussion import moving, privacy
from discussion.curating import Refused, close_thread
from discussion.models import Discussion, Edit, FormerPlace, LogEntry, PageComment, Report, Subscription
from discussion.paths import depth
from discussion.posting import ParentGone, post_comment
from discussion.threads import screen_of
from discussion.transitions import decide
from pages.models import SectionPage
from tests import factories
from tests.discussion.test_concurrency import at_once
from tests.discussion.test_threads import flat, wild_growth
from tests.discussion.truth import assert_counts_hold, rows_of, tree_order
from tests.nets.canaries import WAYS


@pytest.fixture
def other(section):
    return factories.VideoPageFactory(parent=section, title="A film", slug="a-film")


def fresh(comment) -> PageComment:
    return PageComment.objects.get(pk=comment.pk)


def numbers(page) -> list[tuple[str, int | None]]:
    """``[(text, number)]`` in thread order."""
    return list(PageComment.objects.on_page(page.pk).in_thread_order().values_list("comment", "number"))


def assert_stands(page) -> None:
    """Paths, levels and the package's columns are as if everything had been posted where it stands."""
    rows = rows_of(page)
    kind = ContentType.objects.get_for_model(page.specific_class)
    by_key = {row.pk: row for row in rows}
    assert [row.pk for row in sorted(rows, key=lambda row: row.path)] == tree_order(rows)
    for row in rows:
        parent = by_key.get(row.in_reply_to_id)
        assert row.in_reply_to_id is None or parent is not None
        assert row.root_id == (parent.root_id if parent else row.pk)
        assert row.depth == depth(row.path) == (min(parent.depth + 1, 7) if parent else 0)
        assert (row.object_pk, row.content_type_id) == (str(page.pk), kind.pk)
        package = XtdComment._base_manager.get(pk=row.pk)
        assert (package.thread_id, package.level) == (row.root_id, row.depth)
        assert package.parent_id == (row.in_reply_to_id or row.pk)
    assert_counts_hold(page)


def refusal(kind, *arguments, **options) -> str:
    before = [list(model.objects.order_by("pk").values()) for model in (PageComment, Discussion, FormerPlace, LogEntry)]
    with pytest.raises(kind) as caught:
        moving.move(*arguments, **options)
    assert [list(model.objects.order_by("pk").values()) for model in (PageComment, Discussion, FormerPlace, LogEntry)] == before
    return caught.value.reason


@pytest.mark.parametrize("seed", [1, 2, 3])
def test_any_branch_becomes_a_thread_of_the_other_page(article, other, moderator, seed):
    dice = random.Random(seed)
    made = wild_growth(article, 30, seed=seed)
    there = factories.comment(other)
    states = ["pending", "rejected", "removed", "spam", "erased"]
    for comment in dice.sample(made, 8):
        decide([comment.pk], dice.choice(states), by=None)
    top = max((c for c in rows_of(article) if c.state != "erased" and c.depth), key=lambda c: len(moving.branch_of(c)))
    branch = [row.pk for row in moving.branch_of(top)]
    assert len(branch) > 1

    moving.move(top, other, by=moderator)

    assert {row.pk for row in rows_of(other)} == {*branch, there.pk}
    assert fresh(top).in_reply_to is None
    assert len(rows_of(article)) == 30 - len(branch)
    for page in (article, other):
        assert_stands(page)


def test_numbers_are_new_in_the_old_order_and_old_ones_are_not_given_again(article, other, moderator):
    first = factories.comment(article, text="a")
    top = factories.comment(article, text="b", reply_to=first)
    later = factories.comment(article, text="c")
    held = factories.comment(article, text="d", reply_to=top, state="pending")
    factories.comment(article, text="e", reply_to=top)
    decide([held.pk], "published", by=None)
    factories.comment(article, text="f", reply_to=top, state="pending")
    factories.comment(other, text="x")

    moved = moving.move(top, other, by=moderator, reason="Off the point here")

    assert numbers(article) == [("a", 1), ("c", 3)]
    # It stands where its age puts it.
    assert numbers(other) == [("b", 2), ("d", 4), ("e", 3), ("f", None), ("x", 1)]
    assert factories.comment(article).number == 6
    assert factories.comment(other).number == 5
    former = FormerPlace.objects.order_by("number").values_list("page_id", "number", "comment__number")
    assert list(former) == [(article.pk, 2, 2), (article.pk, 4, 3), (article.pk, 5, 4)]
    entry = LogEntry.objects.get()
    assert (entry.action, entry.comment_id, entry.page_id, entry.by, entry.reason) == (
        "move",
        moved.pk,
        article.pk,
        moderator,
        "Off the point here",
    )
    assert (entry.before, entry.after) == (
        {"page": article.pk, "number": 2},
        {"page": other.pk, "number": 2, "comments": 4},
    )
    assert (fresh(later).reply_count, fresh(first).reply_count, fresh(first).thread_count) == (0, 0, 0)
    assert (moved.reply_count, moved.thread_count) == (2, 2)


def test_comment_on_the_last_level_takes_its_answers_beside_it_along(article, other, moderator):
    made = [factories.comment(article, text="0")]
    for level in range(1, 8):
        made.append(factories.comment(article, text=str(level), reply_to=made[-1]))
    answer = factories.comment(article, text="answer", reply_to=made[7])
    factories.comment(article, text="beside", reply_to=made[6])
    factories.comment(article, text="further", reply_to=answer)

    moving.move(made[7], other, by=moderator)

    assert numbers(other) == [("7", 1), ("answer", 2), ("further", 3)]
    assert [row.depth for row in rows_of(other)] == [0, 1, 2]
    for page in (article, other):
        assert_stands(page)


def test_what_was_hidden_by_what_stays_behind_is_seen_again_and_what_is_hidden_within_is_not(article, other, moderator):
    out = factories.comment(article)
    top = factories.comment(article, reply_to=out, text="top")
    inner = factories.comment(article, reply_to=top, text="inner")
    factories.comment(article, reply_to=inner, text="beneath")
    decide([out.pk], "rejected", by=None)
    decide([inner.pk], "spam", by=None)

    moving.move(fresh(top), other, by=moderator)

    assert [row.comment.number for row in flat(screen_of(other).rows)] == [1]
    assert {row.comment: row.hidden_by_ancestor for row in rows_of(other)} == {"top": False, "inner": False, "beneath": True}
    for page in (article, other):
        assert_stands(page)


def test_what_would_be_untrue_elsewhere_is_taken_off_and_all_else_comes_along(article, other, moderator, reader):
    elsewhere = factories.comment(article)
    top = factories.comment(article, anchor="kindle", anchor_text="Kindle format", wishes=("page",), is_proven=True)
    said = factories.comment(article, reply_to=top)
    again, twin = factories.comment(article, reply_to=top), factories.comment(article, reply_to=top)
    PageComment.objects.filter(pk=again.pk).update(duplicate_number=said.number, state="removed", is_featured=True)
    PageComment.objects.filter(pk=twin.pk).update(duplicate_number=elsewhere.number, state="removed")
    decide([said.pk], "removed", by=moderator)
    decide([said.pk], "published", by=moderator)
    Report.objects.create(comment=said, reason="spam", reporter_key="somebody")
    close_thread(top, by=moderator)

    moving.move(top, other, by=moderator)

    after = fresh(top)
    assert (after.anchor, after.anchor_text, after.closed_at is None) == ("", "", False)
    assert [fresh(again).duplicate_number, fresh(twin).duplicate_number] == [fresh(said).number, None]
    assert fresh(again).is_featured
    assert (said.reports.count(), said.decisions.count()) == (1, 2)
    assert list(Subscription.objects.values_list("page_id", flat=True)) == [article.pk]
    assert fresh(elsewhere).page_id == article.pk


def test_comment_that_waits_is_moved_and_waits_there(article, other, moderator):
    comment = factories.comment(article, state="pending")
    moving.move(comment, other, by=moderator)
    assert not FormerPlace.objects.exists()
    counts = Discussion.objects.order_by("page_id").values_list("page_id", "pending_count", "last_number")
    assert sorted(counts) == sorted([(article.pk, 0, 0), (other.pk, 1, 0)])
    decide([comment.pk], "published", by=moderator)
    assert numbers(other) == [(comment.comment, 1)]
    for page in (article, other):
        assert_stands(page)


def test_moved_back_it_gets_a_new_number_and_every_old_address_leads_there(client, article, other, moderator):
    comment = factories.comment(article)
    for page in (other, article):
        comment = moving.move(comment, page, by=moderator)
    assert (comment.page_id, comment.number) == (article.pk, 2)
    place = reverse("discussion:comment", args=[article.pk, 2])
    for page, number in ((article, 1), (other, 1)):
        answer = client.get(reverse("discussion:comment", args=[page.pk, number]))
        assert (answer.status_code, answer["Location"]) == (302, place)
    for page in (article, other):
        assert_stands(page)


# Where it cannot go


def test_page_that_cannot_take_it_is_refused(article, section, other, moderator):
    comment = factories.comment(article)
    alias = other.create_alias(parent=section, update_slug="again")
    other.discussion_mode = "off"
    other.save()
    draft = factories.ArticlePageFactory(parent=section, live=False)
    assert refusal(moving.WrongPage, comment, article, by=moderator) == "It stands on this page already."
    for page in (alias, other, draft):
        assert refusal(moving.WrongPage, comment, page, by=moderator) == "Readers find no discussion on that page."
    Discussion.objects.create(page=other, override="off")
    gone = factories.ArticlePageFactory(parent=section)
    type(gone).objects.get(pk=gone.pk).delete()
    assert "deleted" in refusal(moving.WrongPage, comment, gone, by=moderator)


def test_what_is_not_there_any_more_is_refused(article, other, section, moderator):
    comment, erased = factories.comment(article), factories.comment(article, state="erased")
    stale = fresh(comment)
    moving.move(comment, other, by=moderator)
    third = factories.ArticlePageFactory(parent=section)
    assert "moved to another page a moment ago" in refusal(Refused, stale, third, by=moderator)
    assert "was erased" in refusal(Refused, erased, other, by=moderator)
    moved = fresh(comment)
    PageComment.objects.filter(pk=comment.pk).delete()
    assert "no longer there" in refusal(Refused, moved, third, by=moderator)


def test_branch_that_is_too_large_is_refused(article, other, moderator, monkeypatch):
    top = factories.comment(article)
    for _ in range(3):
        factories.comment(article, reply_to=top)
    monkeypatch.setattr(moving, "MOST", 3)
    assert "More than 3 comments" in refusal(Refused, top, other, by=moderator)
    monkeypatch.setattr(moving, "MOST", 4)
    moving.move(top, other, by=moderator)


def test_moving_many_costs_as_much_as_moving_few(article, other, moderator):
    def cost(count):
        top = factories.comment(article)
        for _ in range(count):
            factories.comment(article, reply_to=top)
        with CaptureQueriesContext(connection) as queries:
            moving.move(top, other, by=moderator)
        return len(queries)

    cost(1)
    assert cost(2) == cost(24)


# Who follows the old address


@pytest.mark.parametrize("way", WAYS.values(), ids=WAYS)
def test_old_address_tells_nothing_of_a_page_that_the_reader_may_not_see(client, home, section, article, moderator, way):
    private = SectionPage(title="Private", slug="private")
    home.add_child(instance=private)
    WAYS["a page behind a log-in"](closed := SectionPage(title="Closed", slug="closed"), private, None)
    target = factories.ArticlePageFactory(parent=private, title="Open still", slug="open-still")
    comment = factories.comment(article)
    moving.move(comment, target, by=moderator)
    addresses = [reverse(f"discussion:{name}", args=[article.pk, 1]) for name in ("comment", "replies")]
    assert [client.get(address).status_code for address in addresses] == [302, 302]
    hidden = factories.ArticlePageFactory.build(title="Hidden", slug="hidden")
    way(hidden, section, closed)
    PageComment.objects.filter(pk=comment.pk).update(page_id=hidden.pk)
    answers = [client.get(address) for address in addresses]
    nowhere = client.get(reverse("discussion:comment", args=[article.pk, 99]))
    assert {(answer.status_code, answer.content) for answer in answers} == {(404, nowhere.content)}


def test_old_address_leads_to_nothing_out_of_sight(client, article, other, moderator):
    comment = factories.comment(article)
    moving.move(comment, other, by=moderator)
    old = reverse("discussion:comment", args=[article.pk, 1])
    for state, status in [("removed", 302), ("rejected", 404), ("published", 302), ("erased", 302)]:
        decide([comment.pk], state, by=None)
        assert client.get(old).status_code == status, state
    Discussion.objects.filter(page=other).update(override="off")
    assert client.get(old).status_code == 404
    Discussion.objects.filter(page=other).update(override="")
    Discussion.objects.filter(page=article).update(override="off")
    assert client.get(old).status_code == 404


# Forgetting


def test_erasure_finds_what_was_moved(article, other, moderator):
    comment = factories.comment(article, text="Secret", email="rumpel@readers.example", reply_to=factories.comment(article))
    Edit.objects.create(comment=comment, text_before="Secret before", edited_at=comment.submitted_at)
    moving.move(comment, other, by=moderator, reason="Of Rumpel")

    privacy.erase(privacy.find_person("rumpel@readers.example"))

    after = fresh(comment)
    assert (after.state, after.number, after.page_id, after.comment, after.user_email) == ("erased", 1, other.pk, "", "")
    assert not Edit.objects.exists()
    entry = LogEntry.objects.get()
    assert (entry.by, entry.before, entry.after, entry.reason) == (moderator, None, None, "")
    for page in (article, other):
        assert_stands(page)


@pytest.mark.parametrize("first", ["source", "target"])
def test_either_page_can_be_deleted_afterwards(client, article, other, moderator, first):
    top = factories.comment(article)
    factories.comment(article, reply_to=top)
    stays = factories.comment(article)
    moving.move(top, other, by=moderator)
    goes, kept = (article, other) if first == "source" else (other, article)

    goes.delete()

    assert not FormerPlace.objects.exists()
    left = [stays.pk] if first == "target" else [top.pk, top.pk + 1]
    assert [row.pk for row in rows_of(kept)] == left == list(PageComment.objects.order_by("pk").values_list("pk", flat=True))
    assert Comment.objects.count() == XtdComment._base_manager.count() == len(left)
    assert client.get(reverse("discussion:comment", args=[kept.pk, 99])).status_code == 404
    if first == "source":
        assert_stands(other)
        assert list(LogEntry.objects.values_list("page_id", flat=True)) == [None]
    else:
        assert client.get(reverse("discussion:comment", args=[article.pk, 1])).status_code == 404
        assert client.get(reverse("discussion:comment", args=[article.pk, 3])).status_code == 302


def test_readers_find_it_in_its_new_place(article, other, moderator):
    top = factories.comment(article, text="Moved words")
    moving.move(top, other, by=moderator)
    visitor = Client()
    assert b"Moved words" not in visitor.get(article.url).content
    assert b"Moved words" in visitor.get(other.url).content
    feeds = [visitor.get(reverse("discussion:feed", args=[page.pk])).content for page in (article, other)]
    assert [b"Moved words" in feed for feed in feeds] == [False, True]
    followed = visitor.get(reverse("discussion:comment", args=[article.pk, 1]), follow=True)
    assert [status for _url, status in followed.redirect_chain] == [302, 302]
    assert followed.redirect_chain[-1][0] == f"{other.url}#comment-1"


@pytest.mark.django_db(transaction=True, serialized_rollback=True)
def test_moves_crosswise_and_replies_and_posts_at_once_lose_nothing(article, other, moderator):
    here, there = [[factories.comment(page) for _ in range(3)] for page in (article, other)]

    def attempt(act):
        try:
            act()
        except (Refused, ParentGone) as refused:
            return type(refused).__name__

    def reply(page, comment):
        post_comment(page, factories.submission(reply_to=comment.number), hold=False)

    tasks = [lambda c=c: attempt(lambda: moving.move(c, other, by=moderator)) for c in here]
    tasks += [lambda c=c: attempt(lambda: moving.move(c, article, by=moderator)) for c in there]
    tasks += [lambda: attempt(lambda: moving.move(fresh(here[0]), other, by=moderator))]
    tasks += [lambda c=c: attempt(lambda: reply(article, c)) for c in here]
    tasks += [
        lambda page=page: attempt(lambda: post_comment(page, factories.submission(), hold=False)) for page in (article, other)
    ]
    random.Random(7).shuffle(tasks)

    assert set(at_once(tasks)) <= {None, "Refused", "WrongPage", "ParentGone"}

    assert {fresh(comment).page_id for comment in here} == {other.pk}
    assert {fresh(comment).page_id for comment in there} == {article.pk}
    for page in (article, other):
        assert_stands(page)
