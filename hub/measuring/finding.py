"""The figures of ``make bench`` about search: common and rare words beside Wagtail's own, and whether known pages are found.

Ten thousand pages are of forty paragraphs, the others of four. Their words are made up and fall as words do in languages: a
few very often, most of them seldom. Three words are planted, in 0.2, 5 and 60 of a hundred pages. The demo hub's pages are
asked for too, in a database of their own.
"""

import itertools
import subprocess
import sys
import time
from contextlib import ExitStack
from dataclasses import asdict
from html import unescape
from statistics import median

from django.conf import settings
from django.core.management import call_command
from django.core.paginator import Paginator
from django.db import DatabaseError, connection, transaction
from django.test import Client
from django.utils.html import strip_tags
from wagtail.search.backends import get_search_backend

from hub.measuring import scale, words
from hub.measuring.figure import Figure
from hub.measuring.figures import HOST, gather_statistics
from hub.measuring.record import recorded
from pages.models import ContentPage, PublicationPage
from pages.search import indexing
from pages.search import query as asking
from pages.search.finding import find
from pages.search.narrowing import Narrowing

WHOLE, PARAGRAPHS, SHORT_PARAGRAPHS, PARAGRAPH_WORDS = 10_000, 40, 4, 110
VOCABULARY, TITLE_WORDS = 12_000, 6
PLANTED = {"zuverol": 500, "quimbast": 20, "harnolide": None}  # in every so manieth page; None: in three of five
LABELS = {"zuverol": "rare word (0.2 %)", "quimbast": "5 % word", "harnolide": "60 % word"}
CHEAPER = 40
AT_ONCE = 5  # requests in one record: the system counts the database's time in hundredths of a second
SOUGHT, SHOWN = 400, 10
PUBLISHED, BEFOREHAND = 200, 5  # pages, and the seconds that the command has before
BY_WAGTAIL, PATIENCE = 40, 120  # known pages that its own search is asked for, and seconds after which no more: each takes long
REBUILD = "from pages.search import indexing; indexing.rebuild()"
STOCK_AT_ONCE, TOLD_EVERY = 5_000, 500  # Wagtail's own index reads itself again after each lot
PHRASE_WORDS, LONGER_THAN = 6, 3  # words of a phrase; letters of a word that nobody mistypes
DEMO_TIMES = 10
KNOWN = {"with a typo": 95, "with a word missing": 98, "by a phrase of the body": 98}


def measure(pages: int, rounds: int, say) -> list[dict]:
    """Fill an empty database, measure, and return the figures as plain values."""
    made = _fill(pages, say)
    gather_statistics()
    figures = [_compared(word, rounds) for word in PLANTED]
    chance = words.dice(5)
    sought = chance.sample([page.pk for page in made[:WHOLE]], min(SOUGHT, len(made)))
    wanted = list(PublicationPage.objects.filter(pk__in=sought).order_by("pk"))
    figures += [_known(kind, wanted, say) for kind in KNOWN]
    figures.append(_publishing(made))
    return [asdict(figure) for figure in itertools.chain.from_iterable(figures)]


def measure_demo(say) -> list[dict]:
    """The same questions about everything on the demo hub, each page some times, in an empty database."""
    call_command("seed_demo", verbosity=0)
    indexing.rebuild()
    pages = list(ContentPage.objects.listed().order_by("pk").specific())
    for page in pages:
        get_search_backend().add(page)
    figures = [_known(kind, pages * DEMO_TIMES, say, of="demo page") for kind in KNOWN]
    return [asdict(figure) for figure in itertools.chain.from_iterable(figures)]


def vocabulary() -> list[str]:
    """Words that nobody uses, all different, two to four syllables long."""
    chance, found = words.dice(3), {}
    heads, hearts, tails = "bcdfghjklmnprstvwz", "aeiou", ["", "n", "r", "l", "s", "m", "t", "nd"]
    while len(found) < VOCABULARY:
        parts = [chance.choice(heads) + chance.choice(hearts) + chance.choice(tails) for _ in range(chance.randint(2, 4))]
        found["".join(parts)] = None
    return list(found)


class Writer:
    """Prose of made-up words; the same number gives the same text."""

    def __init__(self):
        self.words = vocabulary()
        # Zipf's law: the n-th word falls once where the first falls n times.
        self.weights = list(itertools.accumulate(1 / place for place in range(1, len(self.words) + 1)))

    def text(self, chance, length: int) -> str:
        return " ".join(chance.choices(self.words, cum_weights=self.weights, k=length))

    def title(self, number: int) -> str:
        """Words of all frequencies alike, as titles have them."""
        return " ".join(words.dice(number * 7 + 1).sample(self.words, TITLE_WORDS)).capitalize()

    def body(self, number: int):
        chance = words.dice(number * 7 + 2)
        count = PARAGRAPHS if number <= WHOLE else SHORT_PARAGRAPHS
        paragraphs = [self.text(chance, PARAGRAPH_WORDS) for _ in range(count)]
        planted = [word for word, every in PLANTED.items() if (number % every == 0 if every else number % 5 < 3)]
        return scale.body_of(f"found {number}", [*paragraphs[:-1], f"{paragraphs[-1]} {' '.join(planted)}"])


def _fill(pages: int, say) -> list[PublicationPage]:
    writer = Writer()
    made = scale.publications(pages, say, pages, bare=True, write=lambda page, number: _word(writer, page, number))
    keys = [page.pk for page in made]
    stock, kept = get_search_backend(), set()
    for start in range(0, len(keys), STOCK_AT_ONCE):
        part = list(PublicationPage.objects.filter(pk__in=keys[start : start + STOCK_AT_ONCE]))
        stock.add_bulk(PublicationPage, part)
        for first in range(start, start + len(part), TOLD_EVERY):
            indexing.update(keys[first : first + TOLD_EVERY], kept)
            say(f"  indexed {min(first + TOLD_EVERY, len(keys))}/{len(keys)}")
    return made


def _word(writer: Writer, page, number: int) -> None:
    page.title = page.draft_title = writer.title(number)
    page.summary = writer.text(words.dice(number * 7 + 3), 20)
    page.body = writer.body(number)


def _compared(word: str, rounds: int) -> list[Figure]:
    """The whole page of results, facets included, beside ten results and their number by Wagtail's own search."""
    client = Client(SERVER_NAME=HOST)
    _searched(client, word)  # once for nothing
    ours = [_cost(lambda: _searched(client, word), AT_ONCE) for _ in range(rounds)]
    stock = [_cost(lambda: _by_wagtail(word)) for _ in range(min(rounds, 3))]
    own, theirs = median(ours), median(stock)
    ratio = theirs / own
    name = LABELS[word]
    target = f"≥ {CHEAPER}x less" if connection.vendor == "postgresql" else ""
    holds = ratio >= CHEAPER if target else None
    told = f"{own * 1000:.0f} ms, Wagtail's own {theirs * 1000:.0f} ms: {ratio:.0f}x less"
    with recorded() as record:
        _searched(client, word)
    return [
        Figure(f"search, {name}: processor", target, told, holds),
        Figure(f"search, {name}: queries", "", str(len(record.queries)), None),
    ]


def _searched(client, word: str) -> None:
    answer = client.get("/search/", {"q": word})
    if answer.status_code != 200 or answer.content.count(b'class="found-page"') < SHOWN:
        raise RuntimeError(f"Searching for {word} was answered {answer.status_code}, without {SHOWN} results.")


def _cost(act, times: int = 1) -> float:
    """Seconds of the processor that one of ``times`` takes."""
    with recorded() as record:
        for _ in range(times):
            act()
    return (record.wall if record.server_cpu is None else record.cpu + record.server_cpu) / times


def _by_wagtail(word: str) -> None:
    """Ten cards of its results and how many there are, as the page of results would ask for them."""
    shown = ContentPage.objects.listed().values("pk")
    found = ContentPage.objects.filter(pk__in=shown).for_cards().search(word)
    list(Paginator(found, settings.HUB_LISTING_SIZE).get_page(1))


def _known(kind: str, pages: list, say, of: str = "known page") -> list[Figure]:
    """Of how many known pages the first ten results hold the page that was meant; Wagtail's own search beside it."""
    chance = words.dice(9)
    own, theirs, waited = [], [], 0.0
    for page in pages:
        asked = _asked(kind, page, chance)
        if not asked:
            continue
        own.append(page.pk in find(asking.parse(asked), Narrowing()).keys[:SHOWN])
        if len(theirs) < BY_WAGTAIL and waited < PATIENCE:
            begun = time.monotonic()
            theirs.append(page.pk in {found.pk for found in ContentPage.objects.search(asked)[:SHOWN]})
            waited += time.monotonic() - begun
    share, other = (100 * sum(hits) / len(hits) for hits in (own, theirs))
    say(f"  {of}s {kind}: {share:.1f} %")
    told = f"{share:.1f} % of {len(own)}; Wagtail's own search {other:.0f} % of {len(theirs)}"
    return [Figure(f"{of} {kind}", f"≥ {KNOWN[kind]} %", told, share >= KNOWN[kind])]


def _publishing(pages: list[PublicationPage]) -> list[Figure]:
    """Publishing while both indexes are made anew, Wagtail's by its command and the readers' beside it."""
    manage = [sys.executable, settings.BASE_DIR / "manage.py"]
    commands = [[*manage, "update_index", "--verbosity", "0"], [*manage, "shell", "--verbosity", "0", "--command", REBUILD]]
    published = pages[:: max(1, len(pages) // PUBLISHED)][:PUBLISHED]
    failed, slowest = [], 0.0
    with ExitStack() as beside:
        started = [beside.enter_context(subprocess.Popen(command)) for command in commands]  # noqa: S603  (our own commands)
        for indexing_anew in started:
            beside.callback(indexing_anew.terminate)
        time.sleep(BEFOREHAND)
        for page in PublicationPage.objects.filter(pk__in=[page.pk for page in published]):
            begun = time.monotonic()
            try:
                with transaction.atomic():
                    page.save_revision().publish()
            except DatabaseError as error:
                failed.append(type(error).__name__)
            slowest = max(slowest, time.monotonic() - begun)
        ended = [indexing_anew.poll() for indexing_anew in started]
    went_on = ended == [None, None]
    told = f"{len(failed)} failed, the slowest took {slowest:.1f} s; {'both went on' if went_on else f'indexing ended: {ended}'}"
    # With few pages indexing is done before, and nothing is shown.
    holds = False if failed or any(ended) else True if went_on else None
    return [Figure(f"publishing {len(published)} pages while both indexes are made anew", "0 failures", told, holds)]


def _asked(kind: str, page, chance) -> str:
    """What somebody types who knows the page; nothing where it has no text, or a title too short for that."""
    if kind == "by a phrase of the body":
        paragraphs = [unescape(strip_tags(str(block.value))).split() for block in page.body if block.block_type == "paragraph"]
        paragraphs = [text for text in paragraphs if len(text) >= PHRASE_WORDS]
        if not paragraphs:
            return ""
        text = chance.choice(paragraphs)
        start = chance.randrange(len(text) - PHRASE_WORDS + 1)
        return " ".join(text[start : start + PHRASE_WORDS])
    typed = page.title.lower().split()
    if kind == "with a word missing":
        place = chance.randrange(len(typed))
        return " ".join(typed[:place] + typed[place + 1 :]) if len(typed) > 2 else ""
    places = [place for place, word in enumerate(typed) if len(word) > LONGER_THAN]
    if not places:
        return ""
    place = chance.choice(places)
    typed[place] = mistyped(typed[place], chance)
    return " ".join(typed)


def mistyped(word: str, chance) -> str:
    """A letter left out, doubled, taken for another or swapped with the next."""
    place = chance.randrange(1, len(word) - 1)
    way = chance.randrange(4)
    if way == 0:
        return word[:place] + word[place + 1 :]
    if way == 1:
        return word[:place] + word[place] + word[place:]
    if way == 2:
        return word[:place] + chance.choice("aeiou") + word[place + 1 :]
    return word[:place] + word[place + 1] + word[place] + word[place + 2 :]
