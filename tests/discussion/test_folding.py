"""Long discussions as readers walk through them: every link leads on to what it promises, and no screen costs more."""

import random
import re
from urllib.parse import urljoin

import pytest
from bs4 import BeautifulSoup
from django.db import connection
from django.db.models.sql import compiler
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from discussion.models import DiscussionSettings, PageComment
from discussion.paths import WIDTH
from discussion.transitions import decide
from hub.measuring import rows as bulk
from hub.measuring import scale, shape, words
from hub.measuring.record import recorded
from pages.models import Role
from tests import factories
from tests.discussion.truth import rows_of

pytestmark = pytest.mark.django_db

COUNT = re.compile(r"(\d+) repl")


class Reader:
    """Somebody who follows links, and remembers what stood at each address."""

    def __init__(self, client):
        self.client, self.pages = client, {}

    def at(self, address) -> BeautifulSoup:
        address = address.partition("#")[0]
        if address not in self.pages:
            response = self.client.get(address)
            assert response.status_code == 200, address
            self.pages[address] = BeautifulSoup(response.content, "html.parser")
        return self.pages[address]

    def chain(self, address) -> list[BeautifulSoup]:
        """The screen at ``address`` and all that its “more” leads to."""
        screens = [self.at(address)]
        while more := screens[-1].select_one("a[rel=next]"):
            screens.append(self.at(address := urljoin(address, more["href"])))
            assert len(screens) < 100
        return screens

    def walk(self, address):
        """Follow every link that leads on within the discussion, until nothing new comes."""
        ahead, seen = [address], set()
        while ahead:
            address = ahead.pop().partition("#")[0]
            if address in seen:
                continue
            seen.add(address)
            ahead += [urljoin(address, link["href"]) for link in leading_on(self.at(address))]


def leading_on(soup):
    return soup.select("a[rel=next], .thread__more a, .comment__ways a[href$='/replies/']")


def numbers_on(soup) -> list[int]:
    return [int(article["id"].removeprefix("comment-")) for article in soup.select("article.comment")]


def answered(article) -> int | None:
    """The number of the comment that a heading says was answered."""
    link = article.select_one(".comment__by a")
    return int(re.search(r"#(\d+)\)?$", link.get_text())[1]) if link else None


def answers_to(number, screens) -> list[int]:
    """Numbers of published comments that say that they answer ``number``."""
    return [
        int(article["id"].removeprefix("comment-"))
        for soup in screens
        for article in soup.select("article.comment:not(.comment--gone)")
        if answered(article) == number
    ]


def grow(page, dice, count):
    """Threads of all depths, many of them deep; then some comments are taken out, removed, or erased."""
    made = [factories.comment(page)]
    for _ in range(count - 1):
        draw = dice.random()
        parent = None if draw < 0.15 else made[-1] if draw < 0.6 else dice.choice(made)
        made.append(factories.comment(page, reply_to=parent))
    for comment in dice.sample(made, count // 4):
        decide([comment.pk], dice.choice(["removed", "erased", "removed", "spam"]), by=None)


def standing_of(page) -> dict[int, PageComment]:
    return {c.number: c for c in rows_of(page) if c.is_standing}


def starts(page) -> dict[str, str]:
    own = f"/discussion/{page.pk}/"
    return {"page": page.url, "oldest": own, "newest": f"{own}?order=newest"}


@pytest.fixture(params=[(3, 1), (4, 2), (6, 3), (7, 4), (12, 5)], ids=lambda values: "size {}, seed {}".format(*values))
def wood(request, article, settings):
    """A page with a random discussion, on small screens."""
    settings.HUB_THREAD_SLICE, seed = request.param
    grow(article, random.Random(seed), 45)
    assert max(comment.depth for comment in standing_of(article).values()) >= 5
    return article


@pytest.mark.parametrize("start", ["page", "oldest", "newest"])
def test_every_comment_is_reached_by_links_and_says_whom_it_answers(client, wood, settings, start):
    reader, standing = Reader(client), standing_of(wood)
    reader.walk(starts(wood)[start])
    found = set()
    by_key = {comment.pk: comment for comment in standing.values()}
    for soup in reader.pages.values():
        here = numbers_on(soup)
        assert len(here) == len(set(here)) <= settings.HUB_THREAD_SLICE + 1
        found |= set(here)
        for article, number in zip(soup.select("article.comment"), here, strict=True):
            parent = by_key.get(standing[number].in_reply_to_id)
            assert answered(article) == (parent.number if parent else None)
            if parent:
                link = article.select_one(".comment__by a")["href"]
                expected = f"#comment-{parent.number}" if parent.number in here else f"/discussion/{wood.pk}/{parent.number}/"
                assert link == expected
    assert found == set(standing)


@pytest.mark.parametrize("start", ["oldest", "newest"])
def test_each_link_shows_what_it_promises(client, wood, start):
    reader, standing = Reader(client), standing_of(wood)
    reader.walk(starts(wood)[start])
    links = [link for soup in reader.pages.values() for link in leading_on(soup)]
    promises = {link["href"]: link for link in links if link.get("rel") != ["next"]}
    assert promises
    for href, link in promises.items():
        number, words_ = int(href.split("/")[-3]), link.get_text()
        screens = reader.chain(href)
        shown = COUNT.search(words_)
        if "All" in words_ or "in all" in words_:
            comment = standing[number]
            thread = [c.number for c in standing.values() if c.root_id == comment.pk]
            assert sorted({n for soup in screens for n in numbers_on(soup)}) == sorted(thread)
            published = sum(standing[n].is_published for n in thread if n != number)
            assert (int(shown[1]) if shown else 0) == published
        else:
            assert len(answers_to(number, screens)) == int(shown[1])


@pytest.mark.parametrize("newest", [False, True])
def test_threads_follow_each_other_whole_or_folded_and_fill_each_screen_as_far_as_they_fit(client, wood, settings, newest):
    size = settings.HUB_THREAD_SLICE
    threads = {}
    for comment in sorted(standing_of(wood).values(), key=lambda comment: comment.path):
        threads.setdefault(comment.path[:WIDTH], []).append(comment.number)
    expected = [[]]
    for start in sorted(threads, reverse=newest):
        shown = threads[start][: size // 2 + 1]
        if len(expected[-1]) + len(shown) > size:
            expected.append([])
        expected[-1] += shown
    screens = Reader(client).chain(starts(wood)["newest" if newest else "oldest"])
    assert [numbers_on(soup) for soup in screens] == expected
    marked = {int(soup_link["href"].split("/")[-3]) for soup in screens for soup_link in soup.select(".thread__more a")}
    assert marked == {numbers[0] for numbers in threads.values() if len(numbers) > size // 2 + 1}


def test_every_permanent_address_leads_to_a_screen_that_shows_and_marks_the_comment(client, wood):
    for number in standing_of(wood):
        location = client.get(f"/discussion/{wood.pk}/{number}/")["Location"]
        assert location.endswith(f"#comment-{number}")
        assert number in numbers_on(Reader(client).at(location))


def test_headings_and_lists_are_nested_as_the_comments_are(client, wood):
    own, top = f"/discussion/{wood.pk}/", next(c for c in standing_of(wood).values() if c.depth == 0 and c.thread_count > 2)
    for address, level in {wood.url: "h3", own: "h3", f"{own}{top.number}/replies/": "h2"}.items():
        soup = Reader(client).at(address)
        assert len(soup.select("h1")) == 1
        assert {article.header.find(re.compile("^h[1-6]$")).name for article in soup.select("article.comment")} == {level}
        above = [heading.name for heading in soup.select("main :is(h1, h2, h3, h4)")]
        assert all(int(after[1]) <= int(before[1]) + 1 for before, after in zip(above, above[1:], strict=False))
        assert len(soup.select(".thread > .thread__item > .thread__replies")) > 0
        assert soup.select(".thread__replies .thread__replies .thread__replies") == []


# What it costs


@pytest.fixture
def fetched(monkeypatch):
    """Counts the rows that come from the database: ``fetched()`` says how many came since it was asked last."""
    counted, original = [0], compiler.cursor_iter

    def counting(*arguments):
        for rows in original(*arguments):
            counted[0] += len(rows)
            yield rows

    def since():
        found, counted[0] = counted[0], 0
        return found

    monkeypatch.setattr(compiler, "cursor_iter", counting)
    return since


def long_thread(page, size, accounts):
    """``size`` comments in one thread, and ten short threads around it; every fifth by an account."""
    plan = shape.Shape()
    for _ in range(5):
        plan.add(None)
    first = len(plan)
    for parent in shape.thread(size, words.dice(1)).parents:
        plan.add(None if parent is None else first + parent)
    for _ in range(5):
        plan.add(None)
    scale.CommentWriter(len(plan)).write(page, plan)
    bulk.continue_keys_after(PageComment)
    keys = list(PageComment.objects.filter(page=page).order_by("number").values_list("pk", flat=True))
    for place, account in enumerate(accounts):
        PageComment.objects.filter(pk__in=keys[place :: 5 * len(accounts)]).update(user=account)
    return page


def test_no_part_of_a_thread_of_3000_costs_more_than_of_one_of_100(client, section, person, reader, editor, fetched):
    person.user = reader
    person.save()
    costs = {}
    for size in (100, 3000):
        page = factories.ArticlePageFactory(parent=section)
        factories.ContributionFactory(page=page, person=person, role=Role.AUTHOR)
        long_thread(page, size, [reader, editor])
        own = f"/discussion/{page.pk}/"
        middle = PageComment.objects.filter(page=page).in_thread_order()[size // 2]
        place = client.get(f"{own}{middle.number}/")["Location"].partition("#")[0]
        assert place.startswith(f"{own}6/replies/?after=")
        addresses = {
            "page": page.url,
            "oldest": own,
            "newest": f"{own}?order=newest",
            "after": f"{own}?after=2",
            "newest after": f"{own}?order=newest&after={size + 8}",
            "thread": f"{own}6/replies/",
            "middle": place,
            "permanent": f"{own}{middle.number}/",
            "feed": f"{own}feed/",
        }
        for name, address in addresses.items():
            client.get(address)
            fetched()
            with CaptureQueriesContext(connection) as queries:
                client.get(address)
            costs.setdefault(name, []).append((len(queries), fetched()))
    different = {name: found for name, found in costs.items() if found[0][0] != found[1][0]}
    assert different == {}
    assert {name: found for name, found in costs.items() if abs(found[0][1] - found[1][1]) > 60 or found[1][1] > 250} == {}


def test_nothing_is_counted_or_passed_over(client, article, reader):
    long_thread(article, 300, [reader])
    own = f"/discussion/{article.pk}/"
    with CaptureQueriesContext(connection) as queries:
        for address in (article.url, own, f"{own}?order=newest", f"{own}6/replies/?after=100", f"{own}200/", f"{own}feed/"):
            client.get(address)
    asked = [query["sql"] for query in queries if "discussion_pagecomment" in query["sql"]]
    assert asked
    assert [sql for sql in asked if re.search(r"COUNT\(|OFFSET|OVER \(|LIKE", sql)] == []
    # Each names the page, and asks for one comment by its number or for so many at most.
    assert [sql for sql in asked if "LIMIT" not in sql and " IN (" not in sql and '"number" =' not in sql] == []


def everything_beside(home, page, person, reader):
    """All that can stand beside a discussion: host, house rules, privacy notice, rules of age, interviews, badges."""
    person.user = reader
    person.save()
    factories.ContributionFactory(page=page, person=person, role=Role.AUTHOR)
    page.discussion_host, page.first_published_at = person, timezone.now()
    page.save()
    titles = {"Say please": f"please-{page.pk}", "Your data": f"data-{page.pk}"}
    please, data = (factories.StandardPageFactory(parent=home, title=title, slug=slug) for title, slug in titles.items())
    rules = {"house_rules": please, "privacy": data, "close_after_days": 30}
    DiscussionSettings.objects.update_or_create(site=page.get_site(), defaults=rules)
    factories.comment(factories.ChapterPageFactory(parent=page))
    interview = factories.InterviewPageFactory(parent=page.get_parent())
    factories.ContentLinkFactory(source=interview, target=page, kind="interview-for")
    factories.comment(interview)


def cost_of(client, address) -> tuple[int, str]:
    """The queries of the discussion itself at ``address``, after a first time, and what was answered."""
    client.get(address)
    with recorded() as record:
        response = client.get(address)
    asked = [query for query in record.queries if query.path and not query.within("readable_page")]
    ours = [query for query in asked if query.path[0].startswith("discussion.") or query.within("discussion_of")]
    assert set(map(id, record.of_discussion())) <= set(map(id, ours))
    return len(ours), response.content.decode()


def test_discussion_costs_at_most_eight_queries_on_every_screen_of_any_size(client, home, section, person, reader, editor):
    costs = []
    for size in (200, 600):
        page = factories.PublicationPageFactory(parent=section)
        everything_beside(home, page, person, reader)
        long_thread(page, size, [reader, editor])
        own = f"/discussion/{page.pk}/"
        addresses = [page.url, own, f"{own}?after=2", f"{own}?order=newest", f"{own}?order=newest&after={size + 8}"]
        addresses += [f"{own}6/replies/", f"{own}6/replies/?after=100", f"{own}120/"]
        answers = [cost_of(client, address) for address in addresses]
        costs.append([cost for cost, _ in answers])
        words_beside = ("Say please", "Your data", "Your host here", "on its interview", "on its chapter", "Author")
        assert [word for word in words_beside if word not in answers[0][1].partition('id="comments"')[2]] == []
    assert costs[0] == costs[1]
    assert max(costs[0]) <= 8
    assert min(costs[0]) > 4
