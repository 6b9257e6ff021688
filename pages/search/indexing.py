"""The index is brought up to date by the worker, never in a request: requests only leave a mark.

Each page is written in a transaction of its own, with its words cut before, so that nothing waits for long, and a page that
cannot be read or written keeps no other from being found. What must not be found any more is also asked when it would be shown.
"""

import logging
import time
from collections.abc import Callable, Iterable
from datetime import datetime

from django.db import connection, transaction
from django.db.models import F, Q
from django.utils import timezone
from wagtail.models import Page

from pages.models import PageTopic, SearchEntry, SearchPassage, SearchWord, StaleEntry
from pages.search import analysis, store
from pages.search.gathering import Gathered, Passage, around, gather
from people.visibility import seen_in_bulk

logger = logging.getLogger(__name__)

AT_ONCE = 20  # marks taken together
LOOKED_AT = 500  # pages in one step of going over everything
HEAD = 3  # parts of a page that weigh more than its text: title, people and topics, summary
PAUSE = 0.1  # seconds in which others come to write, where one writes at a time and those who wait look only now and then
CHECKED, TOGETHER = 20_000, 500  # words looked at in one day, and in one statement
SHORTEST, WORDS_KEPT = 4, 4_000  # letters of a word that can be mistyped, and how many are kept of a page


def mark(*pages: int, beneath: bool = False) -> None:
    """Leave a mark that these pages have changed; ``beneath``: everything under them too."""
    StaleEntry.objects.bulk_create([StaleEntry(page_id=key, beneath=beneath) for key in pages])


def catch_up() -> int:
    """Index what was marked until no mark is left; how many pages were looked at."""
    done = 0
    while taken := _take_some():
        done += taken
        if taken == AT_ONCE:
            _let_others_write()
    return done


def _take_some() -> int:
    """A mark is taken away when its page is done, or cannot be done: no page keeps others from being found."""
    marks = list(StaleEntry.objects.order_by("pk")[:AT_ONCE])
    with transaction.atomic():
        for page in Page.objects.filter(pk__in=[mark.page_id for mark in marks if mark.beneath]):
            mark(*page.get_descendants().values_list("pk", flat=True))
        StaleEntry.objects.filter(pk__in=[mark.pk for mark in marks if mark.beneath]).update(beneath=False)
    update({mark.page_id for mark in marks})
    StaleEntry.objects.filter(pk__in=[mark.pk for mark in marks]).delete()
    return len(marks)


def _let_others_write() -> None:
    time.sleep(PAUSE if connection.vendor == "sqlite" else 0)


def update(keys: Iterable[int], kept: set[str] | None = None) -> None:
    """Bring the entries of these pages in line with what readers may see of them now. ``kept``: as for ``write``."""
    kept = set() if kept is None else kept
    keys, moment = set(keys), timezone.now()  # before the pages are read: what is written from then on is newer
    pages = Page.objects.filter(seen_in_bulk(""), pk__in=keys, alias_of__isnull=True).prefetch_related("locale").specific()
    before = dict(SearchEntry.objects.filter(pk__in=keys).values_list("pk", "title"))
    after, known = {}, around(keys)
    for page in pages:
        try:
            if gathered := gather(page, known[page.pk]):
                write(page, gathered, moment, kept)
                after[page.pk] = gathered.title
        except Exception:  # whatever it is, the page's words are not worth those of all others
            logger.exception("Page %s cannot be indexed", page.pk)
    SearchEntry.objects.filter(pk__in=keys - set(after)).delete()
    _mark_what_is_under([key for key in keys if before.get(key) != after.get(key)])


def write(page: Page, gathered: Gathered, moment: datetime, kept: set[str]) -> None:
    """Write the entry of a page, passages and spelling included, in place of what was kept of it.

    ``moment``: when the page was read. ``kept``: words that pages before it brought into the spelling; the page's own are
    added. All that takes time is done before anything is written.
    """
    backend, language = store.chosen(), page.locale.language_code
    words = _words(gathered)
    parts = [analysis.stems_of(part, language) for part in words]
    in_order = [*parts[:HEAD], [stem for part in parts[HEAD:] for stem in part]]
    spelled = {word: analysis.stem(word, language) for word in _worth_spelling(words) if word not in kept}
    entry = _entry(page, gathered, moment) | backend.entry_columns(in_order)
    passages = [
        _passage(page.pk, place, passage, backend.passage_columns(stems))
        for place, (passage, stems) in enumerate(zip(gathered.passages, parts[HEAD:], strict=True))
    ]
    with transaction.atomic():
        SearchEntry.objects.bulk_create(
            [SearchEntry(page_id=page.pk, **entry)], update_conflicts=True, unique_fields=["page"], update_fields=[*entry]
        )
        SearchPassage.objects.filter(entry_id=page.pk).delete()
        SearchPassage.objects.bulk_create(passages)
        backend.after_writing(page.pk, in_order, dict(zip([row.pk for row in passages], parts[HEAD:], strict=True)))
        _remember(spelled)
    kept.update(spelled)


def _words(gathered: Gathered) -> list[list[str]]:
    """The words of title, people and topics, and summary, in the order of their weight; then those of each passage."""
    heads = [f"{gathered.title} {gathered.subtitle}", " ".join(gathered.names), gathered.summary]
    texts = [f"{passage.heading} {passage.text}" for passage in gathered.passages]
    return [analysis.words(text) for text in (*heads, *texts)]


def _entry(page: Page, gathered: Gathered, moment: datetime) -> dict:
    return {
        "kind": gathered.kind,
        "display_date": getattr(page, "display_date", None),
        "title": gathered.title[:255],
        "folded": " ".join(analysis.words(gathered.title))[:255],
        "counted": gathered.counted,
        "indexed_at": moment,
    }


def _passage(key: int, place: int, passage: Passage, columns: dict) -> SearchPassage:
    return SearchPassage(
        entry_id=key,
        place=place,
        anchor=passage.anchor,
        second=passage.second,
        heading=passage.heading[:150],
        text=passage.text,
        **columns,
    )


def _worth_spelling(words: list[list[str]]) -> list[str]:
    """The words that somebody may mistype, of the head first; no more than are kept of a page."""
    found = dict.fromkeys(word for part in words for word in part if len(word) >= SHORTEST and not word.isdigit())
    return list(found)[:WORDS_KEPT]


def _remember(spelled: dict[str, str]) -> None:
    """Keep words that are not kept yet, with their stems."""
    words = sorted(spelled)
    for start in range(0, len(words), TOGETHER):
        part = words[start : start + TOGETHER]
        known = set(SearchWord.objects.filter(word__in=part).values_list("word", flat=True))
        new = [SearchWord(word=word, stem=spelled[word]) for word in part if word not in known]
        SearchWord.objects.bulk_create(new, ignore_conflicts=True)


def _mark_what_is_under(changed: list[int]) -> None:
    """Mark the pages under topics that came, went or were renamed: they are found by the topic's title."""
    if changed:
        mark(*PageTopic.objects.filter(topic__in=changed).values_list("page_id", flat=True))


# Going over everything: what was changed in bulk, by time or by hand, leaves no mark.


def find_changes() -> int:
    """Mark what the index should hold and does not, or holds and should not; how many pages."""
    indexed = Q(search_entry__isnull=False)
    kinds = Q(contentpage__isnull=False) | Q(personpage__isnull=False) | Q(standardpage__isnull=False)
    shown = Page.objects.filter(kinds, seen_in_bulk(""), alias_of__isnull=True)
    missing = shown.filter(~indexed | Q(last_published_at__gt=F("search_entry__indexed_at")))
    hidden = SearchEntry.objects.exclude(pk__in=Page.objects.filter(seen_in_bulk(""), alias_of__isnull=True).values("pk"))
    waiting = StaleEntry.objects.values("page_id")
    found = {
        *missing.exclude(pk__in=waiting).values_list("pk", flat=True)[:LOOKED_AT],
        *hidden.values_list("pk", flat=True)[:LOOKED_AT],
    }
    mark(*found)
    return len(found)


def rebuild(say: Callable[[int, int], None] = lambda done, total: None) -> int:
    """Index every page anew, a few at a time, beside whatever else goes on; how many pages. ``say(done, total)`` is told."""
    pages = Page.objects.filter(Q(contentpage__isnull=False) | Q(personpage__isnull=False) | Q(standardpage__isnull=False))
    total, done, last, kept = pages.count(), 0, 0, set()
    while keys := list(pages.filter(pk__gt=last).order_by("pk").values_list("pk", flat=True)[:AT_ONCE]):
        update(keys, kept)
        done, last = done + len(keys), keys[-1]
        say(done, total)
        _let_others_write()
    return total


def forget_words() -> int:
    """Take words away that no page holds any more; how many. Each time those are asked for that were not for longest."""
    backend, entries = store.chosen(), SearchEntry.objects.all()
    words = list(SearchWord.objects.order_by("checked_at", "pk")[:CHECKED])
    unused = {word.pk for word in words if not backend.occurs(word.stem, entries)}
    for start in range(0, len(words), TOGETHER):
        part = [word.pk for word in words[start : start + TOGETHER]]
        SearchWord.objects.filter(pk__in=part).update(checked_at=timezone.now())
        # Asked again: a page that was indexed meanwhile found its word kept, and kept it no second time.
        doubtful = [word for word in words[start : start + TOGETHER] if word.pk in unused]
        gone = [word.pk for word in doubtful if not backend.occurs(word.stem, entries)]
        SearchWord.objects.filter(pk__in=gone).delete()
    return len(unused)
