"""Long discussions as readers walk through them: every link leads on to what it promises.

Nothing here writes. So each wood grows once, and each of its screens is asked for once, whoever comes by.
"""

import random
import re
from urllib.parse import urljoin

import pytest
from bs4 import BeautifulSoup
from django.db import transaction

from discussion.models import PageComment
from discussion.paths import WIDTH
from discussion.transitions import decide
from pages.models import HomePage
from tests import factories
from tests.discussion.truth import rows_of

pytestmark = pytest.mark.django_db

COUNT = re.compile(r"(\d+) repl")


class Reader:
    """Somebody who follows links, and remembers where it was: ``pages``. ``known`` is what others were shown before."""

    def __init__(self, client, known):
        self.client, self.known, self.pages = client, known, {}

    def at(self, address) -> BeautifulSoup:
        address = address.partition("#")[0]
        if address not in self.known:
            response = self.client.get(address)
            assert response.status_code == 200, address
            self.known[address] = BeautifulSoup(response.content, "html.parser")
        self.pages[address] = self.known[address]
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


def of_size(size, seed):
    """A parameter of ``grown``, whose tests come to the worker where the wood stands."""
    return pytest.param((size, seed), id=f"size {size}, seed {seed}", marks=pytest.mark.xdist_group(f"wood {seed}"))


@pytest.fixture(scope="module", params=[of_size(3, 1), of_size(4, 2), of_size(6, 3), of_size(7, 4), of_size(12, 5)])
def grown(request, django_db_setup, django_db_blocker):
    """``(page, comments on a screen)``: a page with a random discussion, which goes when the next one comes."""
    size, seed = request.param
    with django_db_blocker.unblock(), transaction.atomic():
        section = factories.SectionPageFactory(parent=HomePage.objects.get(), title="Everything", slug="everything")
        page = factories.ArticlePageFactory(parent=section, title="A dry street", slug="a-dry-street")
        grow(page, random.Random(seed), 45)
        assert max(comment.depth for comment in standing_of(page).values()) >= 5
        yield page, size
        transaction.set_rollback(True)


@pytest.fixture(scope="module")
def known(grown) -> dict[str, BeautifulSoup]:
    """The screens of this wood that somebody was shown, by address."""
    return {}


@pytest.fixture
def wood(grown, settings):
    """A page with a random discussion, on small screens."""
    page, settings.HUB_THREAD_SLICE = grown
    return page


@pytest.fixture
def walker(client, wood, known):
    return Reader(client, known)


@pytest.mark.parametrize("start", ["page", "oldest", "newest"])
def test_every_comment_is_reached_by_links_and_says_whom_it_answers(walker, wood, settings, start):
    standing = standing_of(wood)
    walker.walk(starts(wood)[start])
    found = set()
    by_key = {comment.pk: comment for comment in standing.values()}
    for soup in walker.pages.values():
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
def test_each_link_shows_what_it_promises(walker, wood, start):
    standing = standing_of(wood)
    walker.walk(starts(wood)[start])
    links = [link for soup in walker.pages.values() for link in leading_on(soup)]
    promises = {link["href"]: link for link in links if link.get("rel") != ["next"]}
    assert promises
    for href, link in promises.items():
        number, words_ = int(href.split("/")[-3]), link.get_text()
        screens = walker.chain(href)
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
def test_threads_follow_each_other_whole_or_folded_and_fill_each_screen_as_far_as_they_fit(walker, wood, settings, newest):
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
    screens = walker.chain(starts(wood)["newest" if newest else "oldest"])
    assert [numbers_on(soup) for soup in screens] == expected
    marked = {int(soup_link["href"].split("/")[-3]) for soup in screens for soup_link in soup.select(".thread__more a")}
    assert marked == {numbers[0] for numbers in threads.values() if len(numbers) > size // 2 + 1}


def test_every_permanent_address_leads_to_a_screen_that_shows_and_marks_the_comment(client, walker, wood):
    for number in standing_of(wood):
        location = client.get(f"/discussion/{wood.pk}/{number}/")["Location"]
        assert location.endswith(f"#comment-{number}")
        assert number in numbers_on(walker.at(location))


def test_headings_and_lists_are_nested_as_the_comments_are(walker, wood):
    own, top = f"/discussion/{wood.pk}/", next(c for c in standing_of(wood).values() if c.depth == 0 and c.thread_count > 2)
    for address, level in {wood.url: "h3", own: "h3", f"{own}{top.number}/replies/": "h2"}.items():
        soup = walker.at(address)
        assert len(soup.select("h1")) == 1
        assert {article.header.find(re.compile("^h[1-6]$")).name for article in soup.select("article.comment")} == {level}
        above = [heading.name for heading in soup.select("main :is(h1, h2, h3, h4)")]
        assert all(int(after[1]) <= int(before[1]) + 1 for before, after in zip(above, above[1:], strict=False))
        assert len(soup.select(".thread > .thread__item > .thread__replies")) > 0
        assert soup.select(".thread__replies .thread__replies .thread__replies") == []
