"""Reading a discussion: order, nesting, screens, branches, badges, and what it costs."""

import random

import pytest
from django.contrib.auth.models import Group, Permission
from django.db import connection
from django.test.utils import CaptureQueriesContext

from discussion.models import PageComment
from discussion.threads import Place, branch_of, place_of, screen_of
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
def test_order_is_that_of_a_walk_over_the_parents(article, settings, seed):
    settings.HUB_THREAD_SLICE = 100
    wild_growth(article, 40, seed=seed)
    assert keys(screen_of(article)) == tree_order(rows_of(article))


def test_discussion_without_comments(article):
    part = screen_of(article)
    assert (part.rows, part.next_after) == ([], None)


def test_replies_are_nested_to_three_levels_and_deeper_ones_stand_in_line(article):
    made = {}
    for text, parent in [("a", None), ("b", "a"), ("c", "b"), ("d", "c"), ("e", "d"), ("f", "b"), ("g", "a"), ("h", None)]:
        made[text] = factories.comment(article, reply_to=made.get(parent), text=text)
    rows = screen_of(article).rows
    assert outline(rows) == [("a", [("b", [("c", []), ("d", []), ("e", []), ("f", [])]), ("g", [])]), ("h", [])]
    assert [row.level for row in flat(rows)] == [0, 1, 2, 2, 2, 2, 1, 0]
    parents = {row.comment.comment: row.parent.comment if row.parent else None for row in flat(rows)}
    assert parents == {"a": None, "b": "a", "c": "b", "d": "c", "e": "d", "f": "b", "g": "a", "h": None}


def after_number(page, number):
    """The path that a screen begins after."""
    return PageComment.objects.get(page=page, number=number).path


def screens(page, **options):
    """Every screen, first to last."""
    part = screen_of(page, **options)
    yield part
    while part.next_after:
        part = screen_of(page, after=after_number(page, part.next_after), **options)
        yield part


def singles(page, count):
    return [factories.comment(page).pk for _ in range(count)]


def thread(page, replies):
    """The keys of a new thread with so many direct replies."""
    top = factories.comment(page)
    return [top.pk, *(factories.comment(page, reply_to=top).pk for _ in range(replies))]


@pytest.mark.parametrize("newest", [False, True])
def test_threads_stand_oldest_or_newest_first_and_each_in_its_own_order(article, settings, newest):
    settings.HUB_THREAD_SLICE = 7
    threads = [thread(article, replies) for replies in (0, 2, 3, 0, 0, 1, 3, 2)]
    found = [keys(part) for part in screens(article, newest=newest)]
    assert sum(found, []) == sum(threads[::-1] if newest else threads, [])
    assert [len(part) for part in found] == ([7, 4, 7, 1] if newest else [4, 6, 6, 3])


@pytest.mark.parametrize("newest", [False, True])
@pytest.mark.parametrize("count", [50, 51, 100, 101])
def test_more_is_offered_only_where_more_follows(article, newest, count):
    singles(article, count)
    assert [len(keys(part)) for part in screens(article, newest=newest)] == {
        50: [50], 51: [50, 1], 100: [50, 50], 101: [50, 50, 1]
    }[count]  # fmt: skip


# comments of each thread, a screen holding six and folding at four → what each screen shows of each
FOLDED = [
    ([4], [[4]], [[4]]),
    ([5], [[4]], [[4]]),
    ([30], [[4]], [[4]]),
    ([5, 1, 1], [[4, 1, 1]], [[1, 1, 4]]),
    ([1, 1, 5], [[1, 1, 4]], [[4, 1, 1]]),
    ([1, 1, 1, 5], [[1, 1, 1], [4]], [[4, 1, 1], [1]]),
    ([5, 1, 1, 1], [[4, 1, 1], [1]], [[1, 1, 1], [4]]),
    ([9, 9, 9], [[4], [4], [4]], [[4], [4], [4]]),
    ([5, 9], [[4], [4]], [[4], [4]]),
    ([2, 2, 2], [[2, 2, 2]], [[2, 2, 2]]),
    ([2, 3, 2], [[2, 3], [2]], [[2, 3], [2]]),
    ([9, 2, 1, 9, 2], [[4, 2], [1, 4], [2]], [[2, 4], [1, 2], [4]]),
    ([5, 2, 3], [[4, 2], [3]], [[3, 2], [4]]),
    ([5, 3], [[4], [3]], [[3], [4]]),
]


@pytest.mark.parametrize(("threads", "oldest_first", "newest_first"), FOLDED)
def test_long_thread_is_folded_to_half_a_screen_and_none_is_torn(article, settings, threads, oldest_first, newest_first):
    settings.HUB_THREAD_SLICE = 6
    made = [thread(article, size - 1) for size in threads]
    for newest, expected in ((False, oldest_first), (True, newest_first)):
        found = [[list(flat([row])) for row in part.rows] for part in screens(article, newest=newest)]
        assert [[len(rows) for rows in part] for part in found] == expected
        shown = [rows for part in found for rows in part]
        for whole, rows in zip(made[::-1] if newest else made, shown, strict=True):
            assert [row.comment.pk for row in rows] == whole[:4]
            assert [row.is_folded for row in rows] == [len(whole) > 4, *[False] * (len(rows) - 1)]


@pytest.mark.parametrize("newest", [False, True])
def test_what_is_not_seen_takes_no_place_on_a_screen(article, settings, newest):
    settings.HUB_THREAD_SLICE = 4
    hidden = factories.comment(article)
    for _ in range(9):
        factories.comment(article, reply_to=hidden)
        factories.comment(article, state="pending")
    decide([hidden.pk], "spam", by=None)
    shown = singles(article, 4)
    assert [keys(part) for part in screens(article, newest=newest)] == [shown[::-1] if newest else shown]


def test_comment_whose_replies_are_not_all_there_says_how_many_it_has(article, settings):
    settings.HUB_THREAD_SLICE = 6
    top = factories.comment(article)
    first = factories.comment(article, reply_to=top)
    for _ in range(5):
        factories.comment(article, reply_to=first)
    factories.comment(article, reply_to=top)
    rows = list(flat(screen_of(article).rows))
    assert [(row.comment.number, row.unseen_replies) for row in rows] == [(1, 2), (2, 5), (3, 0), (4, 0)]


def test_branch_is_a_comment_with_all_beneath_it_in_parts(article, settings):
    settings.HUB_THREAD_SLICE = 3
    top = factories.comment(article)
    chain = [factories.comment(article, reply_to=top)]
    for _ in range(3):
        chain.append(factories.comment(article, reply_to=chain[-1]))
    beside = factories.comment(article, reply_to=chain[0])
    factories.comment(article, reply_to=top)
    first = branch_of(article, 2)
    assert [(row.comment.number, row.level) for row in flat([first.top])] == [(2, 0), (3, 1), (4, 2), (5, 2)]
    assert first.next_after == 5
    second = branch_of(article, 2, after=5)
    assert [row.comment.number for row in flat([second.top])] == [2, beside.number]
    assert second.next_after is None
    assert second.top.replies[0].parent == chain[0]
    assert second.top.parent == top
    assert not second.top.parent_is_here


def test_replies_to_the_last_level_are_found_where_they_stand(article):
    chain = [factories.comment(article)]
    for _ in range(7):
        chain.append(factories.comment(article, reply_to=chain[-1]))
    other = factories.comment(article, reply_to=chain[6])
    beside = factories.comment(article, reply_to=chain[7])
    branch = branch_of(article, chain[7].number)
    assert [(row.comment.pk, row.level, row.parent.pk) for row in flat([branch.top])] == [
        (chain[7].pk, 0, chain[6].pk),
        (other.pk, 1, chain[6].pk),
        (beside.pk, 1, chain[7].pk),
    ]


def test_branch_begins_anew_after_a_comment_that_is_not_in_it(article):
    top = factories.comment(article)
    reply = factories.comment(article, reply_to=top)
    factories.comment(article)
    for after in (3, 99, 1):
        assert [row.comment.pk for row in flat([branch_of(article, 1, after=after).top])] == [top.pk, reply.pk]


@pytest.mark.parametrize("state", ["pending", "rejected", "spam"])
def test_comment_that_is_not_seen_has_no_branch(article, state):
    top = factories.comment(article)
    factories.comment(article, reply_to=top)
    decide([top.pk], state, by=None)
    assert branch_of(article, 1) is None
    assert branch_of(article, 2) is None
    assert branch_of(article, 3) is None


def test_screen_goes_on_after_a_comment_that_was_taken_out_meanwhile(article, settings):
    settings.HUB_THREAD_SLICE = 2
    made = singles(article, 4)
    decide([made[1]], "spam", by=None)
    assert keys(screen_of(article, after=after_number(article, 2))) == made[2:]


@pytest.mark.parametrize("size", [1, 2, 3, 4, 7, 20])
def test_every_comment_stands_where_its_address_leads(article, settings, size):
    settings.HUB_THREAD_SLICE = size
    for comment in wild_growth(article, 40, seed=size):
        place = place_of(comment)
        if place.thread:
            rows = flat([branch_of(article, place.thread, after=place.after).top])
            shown = [row.comment.pk for row in rows]
        else:
            shown = keys(screen_of(article, after=after_number(article, place.after) if place.after else ""))
        assert comment.pk in shown


def test_address_of_a_comment_leads_to_a_few_comments_before_it(article):
    singles(article, 120)
    places = [place_of(PageComment.objects.get(page=article, number=number)) for number in (1, 50, 51, 100, 120)]
    assert places == [Place(None, None), Place(None, None), Place(None, 41), Place(None, 90), Place(None, 110)]


def test_address_of_a_comment_in_the_fold_leads_to_a_few_before_it_in_its_thread(article):
    thread(article, 60)
    places = [place_of(PageComment.objects.get(page=article, number=number)) for number in (26, 27, 61)]
    assert places == [Place(None, None), Place(1, 17), Place(1, 51)]


def cost_of(page, **options):
    with CaptureQueriesContext(connection) as queries:
        screen_of(page, **options)
    return len(queries)


def test_screen_costs_the_same_for_2_12_and_50_comments(article, section, person, reader, editor):
    person.user = reader
    person.save()
    costs = {}
    for count in (2, 12, 50):
        page = factories.ArticlePageFactory(parent=section)
        factories.ContributionFactory(page=page, person=person, role=Role.AUTHOR)
        for n in range(count // 2):
            top = factories.comment(page, user=(reader, editor)[n % 2])
            factories.comment(page, user=editor, reply_to=top)
        costs[count] = cost_of(page), cost_of(page, newest=True)
    assert set(costs.values()) == {(2, 2)}


def test_page_of_the_discussion_costs_the_same_for_2_and_25_comments(client, section, reader, editor):
    costs = {}
    for count in (2, 25):
        page = factories.ArticlePageFactory(parent=section)
        wild_growth(page, count, seed=count, users=[reader, editor])
        client.get(f"/discussion/{page.pk}/")
        with CaptureQueriesContext(connection) as queries:
            assert client.get(f"/discussion/{page.pk}/").content.count(b"<article") == count
        costs[count] = len(queries)
    assert costs[2] == costs[25]


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
    assert [row.badges for row in screen_of(article).rows] == [badges]


@pytest.mark.parametrize(
    ("group", "is_superuser", "badges"),
    [("Moderators", False, ["Staff"]), ("Editors", False, ["Staff"]), (None, True, ["Staff"])],
)
def test_whoever_may_enter_the_admin_is_staff(article, reader, group, is_superuser, badges):
    reader.is_superuser = is_superuser
    reader.save()
    reader.groups.set(Group.objects.filter(name=group))
    factories.comment(article, user=reader)
    assert [row.badges for row in screen_of(article).rows] == [badges]


def test_group_that_may_not_enter_the_admin_is_no_staff(article, reader):
    members = Group.objects.create(name="Members")
    members.permissions.set(Permission.objects.exclude(codename="access_admin"))
    reader.groups.add(members)
    factories.comment(article, user=reader)
    assert [row.badges for row in screen_of(article).rows] == [[]]


def test_nobody_gets_a_badge_by_typing_the_authors_name(article, person, reader):
    person.user = reader
    person.save()
    factories.ContributionFactory(page=article, person=person, role=Role.AUTHOR)
    factories.comment(article, name=person.title, email=reader.email)
    assert [row.badges for row in screen_of(article).rows] == [[]]


def test_part_in_another_page_gives_no_badge_here(article, section, person, reader):
    person.user = reader
    person.save()
    factories.ContributionFactory(page=factories.ArticlePageFactory(parent=section), person=person, role=Role.AUTHOR)
    factories.comment(article, user=reader)
    assert [row.badges for row in screen_of(article).rows] == [[]]


@pytest.mark.parametrize("state", ["pending", "rejected", "spam"])
def test_what_is_held_or_refused_is_not_shown(article, state):
    top = factories.comment(article)
    factories.comment(article, state=state)
    factories.comment(article, reply_to=top, state=state)
    assert keys(screen_of(article)) == [top.pk]


@pytest.mark.parametrize("state", ["removed", "erased"])
def test_placeholder_keeps_its_replies_and_takes_no_new_ones(article, state):
    top = factories.comment(article, text="top")
    factories.comment(article, reply_to=top, text="reply")
    decide([top.pk], state, by=None)
    rows = list(flat(screen_of(article, takes_comments=True).rows))
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
    assert [screen_of(article, takes_comments=takes).rows[0].may_reply for takes in (True, False)] == [True, False]


def test_reply_beside_a_last_level_comment_that_was_taken_out_does_not_name_it(article):
    chain = [factories.comment(article)]
    for _ in range(7):
        chain.append(factories.comment(article, reply_to=chain[-1]))
    beside = factories.comment(article, reply_to=chain[-1])
    assert list(flat(screen_of(article).rows))[-1].parent == chain[-1]
    decide([chain[-1].pk], "spam", by=None)
    last = list(flat(screen_of(article).rows))[-1]
    assert (last.comment, last.parent) == (beside, None)


def test_comment_of_another_page_never_appears(article, section):
    factories.comment(factories.ArticlePageFactory(parent=section))
    assert screen_of(article).rows == []
