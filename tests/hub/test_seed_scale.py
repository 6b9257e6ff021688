"""Content in bulk: as the posting function and the editor would have left it."""

from io import StringIO

import pytest
from django.core.management import CommandError, call_command
from wagtail.models import Page, ReferenceIndex
from wagtail.search.backends import get_search_backend

from discussion.models import Decision, Discussion, PageComment, State
from discussion.posting import post_comment
from hub.measuring import check, rows, scale, shape, words
from pages.models import ContentLink, PublicationPage, TopicPage
from pages.search.finding import find
from pages.search.narrowing import Narrowing
from pages.search.query import parse
from people.models import PersonPage
from tests import factories
from tests.discussion.truth import assert_counts_hold, rows_of, tree_order

pytestmark = pytest.mark.django_db


def seed(**options) -> str:
    said = StringIO()
    call_command("seed_scale", **{"pages": 3, "comments": 120, "largest": 50} | options, stdout=said)
    return said.getvalue()


def largest() -> PublicationPage:
    return PublicationPage.objects.get(slug="scale-largest")


def test_seeding_makes_as_many_pages_and_comments_as_asked(home):
    said = seed()
    assert PublicationPage.objects.live().count() == 3
    assert PageComment.objects.count() == 120
    assert PageComment.objects.on_page(largest().pk).count() == 50
    assert "comments 120/120" in said
    assert "pages 3/3" in said


def test_largest_thread_is_one_thread_of_published_comments_at_all_depths(home):
    seed(pages=1, comments=400, largest=400)
    comments = rows_of(largest())
    assert {comment.root_id for comment in comments} == {comments[0].pk}
    assert {comment.state for comment in comments} == {State.PUBLISHED}
    assert [comment.number for comment in comments] == list(range(1, 401))
    assert {comment.depth for comment in comments} == set(range(8))
    assert comments[0].thread_count == 399
    assert comments[0].reply_count > 20


def test_all_counters_and_package_columns_are_as_a_naive_count_finds_them(home):
    seed(comments=300)
    for row in Discussion.objects.select_related("page"):
        assert_counts_hold(row.page)


def test_comments_stand_in_the_order_of_their_tree(home):
    seed()
    for row in Discussion.objects.select_related("page"):
        order = list(PageComment.objects.on_page(row.page_id).in_thread_order().values_list("pk", flat=True))
        shallow = [c for c in rows_of(row.page) if c.depth < 7]
        assert [pk for pk in order if pk in {c.pk for c in shallow}] == tree_order(shallow)


def test_some_comments_outside_the_largest_thread_are_held_or_spam_and_the_spam_was_decided(home):
    seed(comments=400, largest=0)
    by_state = {state: PageComment.objects.filter(state=state).count() for state in State}
    assert by_state[State.PENDING] > 0
    assert by_state[State.SPAM] == Decision.objects.count() > 0
    assert 0.02 < 1 - by_state[State.PUBLISHED] / 400 < 0.1


def test_a_published_comment_counts_as_announced_and_belongs_to_its_person(home):
    seed()
    published = PageComment.objects.published()
    assert not published.filter(announced_at__isnull=True).exists()
    assert not published.filter(person_key="").exists()
    assert not published.filter(body_html="").exists()


def test_the_same_numbers_give_the_same_content(home):
    seed()
    columns = ["comment", "user_email", "state", "depth", "number", "submission_key", "submitted_at"]
    first = list(PageComment.objects.order_by("pk").values_list(*columns))
    titles = list(PublicationPage.objects.order_by("path").values_list("title", flat=True))
    seed(replace=True)
    assert list(PublicationPage.objects.order_by("path").values_list("title", flat=True)) == titles
    assert list(PageComment.objects.order_by("pk").values_list(*columns)) == first


def test_seeding_twice_is_refused_and_changes_nothing(home):
    seed()
    before = list(PageComment.objects.values_list("pk", flat=True))
    with pytest.raises(CommandError, match="--replace"):
        seed()
    assert list(PageComment.objects.values_list("pk", flat=True)) == before


def test_replacing_deletes_what_was_there_and_what_was_said_there_since(home, article):
    kept = factories.comment(article)
    seed()
    post_comment(largest(), factories.submission(reply_to=1), hold=False)
    seed(replace=True, comments=60)
    assert PageComment.objects.count() == 61
    assert PageComment.objects.filter(pk=kept.pk).exists()
    assert Discussion.objects.filter(page=article).exists()
    assert not Page.find_problems()[0]


@pytest.mark.parametrize("options", [{"pages": 0}, {"largest": 121}, {"largest": -1}])
def test_numbers_that_cannot_be_are_refused(home, options):
    with pytest.raises(CommandError, match="At least one page"):
        seed(**options)


def test_pages_are_long_linked_indexed_and_can_be_edited_on(home, admin_search):
    seed(pages=12, comments=0, largest=0)
    page = largest()
    assert [block.block_type for block in page.body] == ["paragraph"] * 40
    assert ContentLink.objects.filter(source=page).count() == 10
    assert ReferenceIndex.get_references_for_object(page).count() == 10
    assert page.latest_revision_id == page.live_revision_id
    assert page.get_latest_revision_as_object().title == page.title
    word = page.title.split(",")[0]
    found = get_search_backend().search(word, PublicationPage.objects.live())
    assert page.pk in {result.pk for result in found}
    assert page.pk in find(parse(word), Narrowing()).keys
    assert Page.find_problems() == ([], [], [], [], [])
    assert page.get_parent().numchild == 12


def links() -> list[tuple]:
    rows = ContentLink.objects.order_by("pk").values_list("source__slug", "target__slug", "kind", "sort_order")
    return list(rows)


def test_as_many_links_are_made_as_asked_the_same_each_time(home):
    seed(pages=8, comments=0, largest=0, links=30)
    first = links()
    to_the_second, to_the_third = ([row for row in first if row[1] == f"scale-{number}"] for number in (2, 3))
    assert (len(first), len(set(first)), len(to_the_second), len(to_the_third)) == (30, 30, 5, 5)
    assert TopicPage.objects.count() == 6
    assert {page.contributions.count() for page in PublicationPage.objects.all()} == {3}
    seed(pages=8, comments=0, largest=0, links=30, replace=True)
    assert links() == first
    assert (TopicPage.objects.count(), PersonPage.objects.count(), Page.find_problems()[0]) == (6, 101, [])


@pytest.mark.parametrize("options", [{"links": -1}, {"links": 10, "pages": 3}])
def test_links_that_cannot_be_are_refused(home, options):
    with pytest.raises(CommandError, match="Links are not fewer"):
        seed(**options)


def test_the_seeded_page_is_readable_and_shows_its_thread(home, client):
    seed()
    answer = client.get(largest().url)
    assert answer.status_code == 200
    assert b'id="comment-1"' in answer.content


def test_posting_goes_on_after_seeding(home):
    seed()
    reply = post_comment(largest(), factories.submission(reply_to=50), hold=False)
    assert reply.number == 51
    assert_counts_hold(largest())


def test_check_names_what_does_not_add_up(home):
    seed()
    page = largest()
    assert check.faults([page.pk]) == []
    key = rows_of(page)[3].pk
    PageComment.objects.filter(pk=key).update(path="ZZZZZZ", reply_count=99, is_public=False)
    Discussion.objects.filter(page=page).update(published_count=7)
    found = " ".join(check.faults([page.pk]))
    for fault in ("out of place", "wrong count of replies", "package columns", "published_count is 7 and should be 50"):
        assert fault in found


def test_a_second_discussion_beside_the_largest_thread_keeps_its_own_parents(home):
    seed(pages=1, comments=150, largest=50)
    page = largest()
    assert len({comment.root_id for comment in rows_of(page)}) > 1
    assert check.faults([page.pk]) == []


def test_comments_are_spread_unevenly_and_none_is_lost():
    parts = shape.spread(1_000, 10, words.dice(1))
    assert sum(parts) == 1_000
    assert parts[0] > parts[-1]
    assert shape.spread(5, 0, words.dice(1)) == []


def test_keys_go_on_after_those_that_were_given(home):
    before = rows.next_key(PublicationPage)
    scale.publications(2, lambda line: None)
    assert rows.next_key(PublicationPage) > before + 1
    added = factories.PublicationPageFactory(parent=Page.objects.get(slug="scale").specific)
    assert added.pk not in PublicationPage.objects.filter(slug__startswith="scale").values_list("pk", flat=True)
