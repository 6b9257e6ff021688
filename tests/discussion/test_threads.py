"""Reading a discussion: order, nesting, slices, badges, and what it costs."""

import random

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from discussion.threads import place_of, slice_of
from discussion.transitions import decide
from pages.models import Role
from tests import factories
from tests.discussion.truth import rows_of, tree_order


def flat(rows):
    """Rows from top to bottom, as they are read."""
    for row in rows:
        yield row
        yield from flat(row.replies)


def keys(part):
    return [row.comment.pk for row in flat(part.rows)]


def outline(rows):
    """Texts, nested as the rows are."""
    return [(row.comment.comment, outline(row.replies)) for row in rows]


def wild_growth(page, count, *, seed, users=(None,)):
    """``count`` published comments, each at the top or beneath a random earlier one, the latest most often."""
    dice, made = random.Random(seed), []
    for n in range(count):
        open_ones = [comment for comment in made if comment.depth < 7]
        parent = dice.choice([None, *open_ones, *open_ones[-2:]])
        made.append(factories.comment(page, reply_to=parent, user=dice.choice(users), text=str(n)))
    return made


@pytest.mark.parametrize("seed", [1, 2, 3])
def test_order_is_that_of_a_walk_over_the_parents(article, seed):
    wild_growth(article, 40, seed=seed)
    assert keys(slice_of(article)) == tree_order(rows_of(article))


def test_discussion_without_comments(article):
    part = slice_of(article)
    assert (part.rows, part.next_after) == ([], None)


def test_replies_are_nested_to_three_levels_and_deeper_ones_stand_in_line(article):
    made = {}
    for text, parent in [("a", None), ("b", "a"), ("c", "b"), ("d", "c"), ("e", "d"), ("f", "b"), ("g", "a"), ("h", None)]:
        made[text] = factories.comment(article, reply_to=made.get(parent), text=text)
    rows = slice_of(article).rows
    assert outline(rows) == [("a", [("b", [("c", []), ("d", []), ("e", []), ("f", [])]), ("g", [])]), ("h", [])]
    assert [row.level for row in flat(rows)] == [0, 1, 2, 2, 2, 2, 1, 0]
    parents = {row.comment.comment: row.parent.comment if row.parent else None for row in flat(rows)}
    assert parents == {"a": None, "b": "a", "c": "b", "d": "c", "e": "d", "f": "b", "g": "a", "h": None}


def test_slices_of_fifty_hold_each_comment_exactly_once_and_in_order(article):
    wild_growth(article, 120, seed=7)
    parts, after = [], None
    while True:
        part = slice_of(article, after=after)
        parts.append(keys(part))
        if part.next_after is None:
            break
        after = part.next_after
    assert [len(part) for part in parts] == [50, 50, 20]
    assert sum(parts, []) == tree_order(rows_of(article))


@pytest.mark.parametrize("count", [50, 51])
def test_more_is_offered_only_where_more_follows(article, count):
    for _ in range(count):
        factories.comment(article)
    assert slice_of(article).next_after == (50 if count > 50 else None)


def test_every_comment_stands_in_the_slice_that_its_address_leads_to(article, settings):
    settings.HUB_THREAD_SLICE = 7
    wild_growth(article, 30, seed=3)
    for comment in rows_of(article):
        assert comment.pk in keys(slice_of(article, after=place_of(comment)))


def test_row_whose_parent_stands_in_an_earlier_slice_still_names_it(article, settings):
    settings.HUB_THREAD_SLICE = 2
    top = factories.comment(article, text="top")
    first = factories.comment(article, reply_to=top, text="first")
    factories.comment(article, reply_to=first, text="answer")
    factories.comment(article, reply_to=top, text="second")
    part = slice_of(article, after=slice_of(article).next_after)
    assert [(row.comment.comment, row.parent.number) for row in flat(part.rows)] == [("answer", 2), ("second", 1)]
    assert outline(part.rows) == [("answer", []), ("second", [])]


@pytest.mark.parametrize("after", [999, 0, 2**31 - 1])
def test_unknown_number_begins_at_the_beginning(article, after):
    comment = factories.comment(article)
    assert keys(slice_of(article, after=after)) == [comment.pk]


def test_number_of_another_page_is_no_place_here(article, section):
    other = factories.ArticlePageFactory(parent=section)
    for _ in range(3):
        factories.comment(other)
    comment = factories.comment(article)
    assert keys(slice_of(article, after=3)) == [comment.pk]


def cost_of(page, **options):
    with CaptureQueriesContext(connection) as queries:
        slice_of(page, **options)
    return len(queries)


def test_reading_costs_the_same_for_2_12_and_200_comments(article, section, person, reader, editor):
    person.user = reader
    person.save()
    costs = {}
    for count in (2, 12, 200):
        page = factories.ArticlePageFactory(parent=section)
        factories.ContributionFactory(page=page, person=person, role=Role.AUTHOR)
        wild_growth(page, count, seed=count, users=[reader, editor])
        costs[count] = cost_of(page)
    assert set(costs.values()) == {3}
    assert cost_of(page, after=slice_of(page).next_after) <= 5


def test_page_of_the_discussion_costs_the_same_for_2_and_50_comments(client, section, reader, editor):
    costs = {}
    for count in (2, 50):
        page = factories.ArticlePageFactory(parent=section)
        wild_growth(page, count, seed=count, users=[reader, editor])
        client.get(f"/discussion/{page.pk}/")
        with CaptureQueriesContext(connection) as queries:
            assert client.get(f"/discussion/{page.pk}/").content.count(b"<article") == count
        costs[count] = len(queries)
    assert costs[2] == costs[50]


# what the page says of the person, whether the account is staff → badges
BADGES = [
    ([], False, []),
    ([], True, ["Staff"]),
    ([Role.AUTHOR], False, ["Author"]),
    ([Role.AUTHOR], True, ["Author"]),
    ([Role.INTERVIEWEE], False, ["Interviewee"]),
    ([Role.EDITOR, Role.INTERVIEWER], False, ["Editor", "Interviewer"]),
    ([Role.TRANSLATOR], False, []),
    ([Role.REVIEWER], True, ["Staff"]),
]


@pytest.mark.parametrize(("roles", "is_staff", "badges"), BADGES)
def test_badges_say_what_part_the_commenter_has_in_the_page(article, person, reader, roles, is_staff, badges):
    reader.is_staff = is_staff
    reader.save()
    person.user = reader
    person.save()
    for order, role in enumerate(roles):
        factories.ContributionFactory(page=article, person=person, role=role, sort_order=order)
    factories.comment(article, user=reader)
    assert [row.badges for row in slice_of(article).rows] == [badges]


def test_nobody_gets_a_badge_by_typing_the_authors_name(article, person, reader):
    person.user = reader
    person.save()
    factories.ContributionFactory(page=article, person=person, role=Role.AUTHOR)
    factories.comment(article, name=person.title, email=reader.email)
    assert [row.badges for row in slice_of(article).rows] == [[]]


def test_part_in_another_page_gives_no_badge_here(article, section, person, reader):
    person.user = reader
    person.save()
    factories.ContributionFactory(page=factories.ArticlePageFactory(parent=section), person=person, role=Role.AUTHOR)
    factories.comment(article, user=reader)
    assert [row.badges for row in slice_of(article).rows] == [[]]


@pytest.mark.parametrize("state", ["pending", "rejected", "spam"])
def test_what_is_held_or_refused_is_not_shown(article, state):
    top = factories.comment(article)
    factories.comment(article, state=state)
    factories.comment(article, reply_to=top, state=state)
    assert keys(slice_of(article)) == [top.pk]


@pytest.mark.parametrize("state", ["removed", "erased"])
def test_placeholder_keeps_its_replies_and_takes_no_new_ones(article, state):
    top = factories.comment(article, text="top")
    factories.comment(article, reply_to=top, text="reply")
    decide([top.pk], state, by=None)
    rows = list(flat(slice_of(article, takes_comments=True).rows))
    assert [(row.comment.number, row.is_placeholder, row.may_reply) for row in rows] == [(1, True, False), (2, False, True)]
    assert rows[0].replies == rows[1:]


@pytest.mark.parametrize("state", ["removed", "erased"])
def test_placeholder_says_nothing_of_what_stood_there(client, article, state):
    top = factories.comment(article, text="Libellous words", name="Eve Dropper", organisation="Gossip Ltd")
    factories.comment(article, reply_to=top, text="I disagree")
    decide([top.pk], state, by=None)
    for address in (article.url, f"/discussion/{article.pk}/", f"/discussion/{article.pk}/add/?reply_to=1"):
        html = client.get(address).content.decode()
        assert "Libellous" not in html
        assert "Eve Dropper" not in html
        assert "Gossip Ltd" not in html


def test_replies_are_offered_only_where_comments_are_taken(article):
    factories.comment(article)
    assert [slice_of(article, takes_comments=takes).rows[0].may_reply for takes in (True, False)] == [True, False]


def test_reply_beside_a_last_level_comment_that_was_taken_out_does_not_name_it(article):
    chain = [factories.comment(article)]
    for _ in range(7):
        chain.append(factories.comment(article, reply_to=chain[-1]))
    beside = factories.comment(article, reply_to=chain[-1])
    assert list(flat(slice_of(article).rows))[-1].parent == chain[-1]
    decide([chain[-1].pk], "spam", by=None)
    last = list(flat(slice_of(article).rows))[-1]
    assert (last.comment, last.parent) == (beside, None)


def test_comment_of_another_page_never_appears(article, section):
    factories.comment(factories.ArticlePageFactory(parent=section))
    assert slice_of(article).rows == []
