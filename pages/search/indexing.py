"""The index is brought up to date by the worker, never in a request: requests only leave a mark.

A few pages are written in one transaction, so that nothing waits for long, and a page that cannot be read keeps no other
from being found. What must not be found any more is also asked when it would be shown.
"""

import logging
import time
from collections.abc import Callable, Iterable

from django.db import connection, transaction
from django.db.models import F, Q
from django.utils import timezone
from wagtail.models import Page

from pages.models import PageTopic, SearchEntry, SearchPassage, SearchWord, StaleEntry
from pages.search import analysis, store
from pages.search.gathering import Gathered, Passage, gather
from people.visibility import is_visible, seen_in_bulk

logger = logging.getLogger(__name__)

AT_ONCE = 20  # marks taken in one transaction
LOOKED_AT = 500  # pages in one step of going over everything
HEAD = 3  # parts of a page that weigh more than its text: title, people and topics, summary
PAUSE = 0.1  # seconds in which others come to write, where one writes at a time and those who wait look only now and then
SHORTEST, WORDS_KEPT = 4, 4_000  # letters of a word that can be mistyped, and how many are kept of a page


def mark(*pages: int, beneath: bool = False) -> None:
    """Leave a mark that these pages have changed; ``beneath``: everything under them too."""
    StaleEntry.objects.bulk_create([StaleEntry(page_id=key, beneath=beneath) for key in pages])


def catch_up() -> int:
    """Index what was marked until no mark is left; how many pages were looked at."""
    done = 0
    while taken := _take_some():
        done += taken
    return done


def _take_some() -> int:
    """Two workers may take the same marks: they write the same, one after the other."""
    marks = list(StaleEntry.objects.order_by("pk")[:AT_ONCE])
    for page in Page.objects.filter(pk__in=[mark.page_id for mark in marks if mark.beneath]):
        mark(*page.get_descendants().values_list("pk", flat=True))
    update({mark.page_id for mark in marks})
    StaleEntry.objects.filter(pk__in=[mark.pk for mark in marks]).delete()
    return len(marks)


def update(keys: Iterable[int]) -> None:
    """Bring the entries of these pages in line with what readers may see of them now."""
    pages = Page.objects.filter(pk__in=keys, alias_of__isnull=True).specific()
    before = dict(SearchEntry.objects.filter(pk__in=keys).values_list("pk", "title"))
    rows = [(page, gathered) for page in pages if (gathered := _gathered(page))]
    after = {page.pk: gathered.title for page, gathered in rows}
    with transaction.atomic():
        SearchEntry.objects.filter(pk__in=[key for key in keys if key not in after]).delete()
        write(rows)
        _mark_what_is_under([key for key in keys if before.get(key) != after.get(key)])


def _gathered(page: Page) -> Gathered | None:
    try:
        return gather(page) if is_visible(page) else None
    except Exception:  # one page's broken body must not keep all others from being found
        logger.exception("Page %s cannot be indexed", page.pk)
        return None


def write(rows: list[tuple[Page, Gathered]]) -> None:
    """Write the entries of pages, passages and spelling included, in place of what was kept of them."""
    backend, entries, passages = store.chosen(), [], []
    spelled: set[tuple[str, str]] = set()
    for page, gathered in rows:
        language = page.locale.language_code
        words = _words(gathered)
        parts = [analysis.stems_of(part, language) for part in words]
        in_order = [*parts[:HEAD], [stem for part in parts[HEAD:] for stem in part]]
        SearchEntry.objects.update_or_create(pk=page.pk, defaults=_entry(page, gathered) | backend.entry_columns(in_order))
        SearchPassage.objects.filter(entry_id=page.pk).delete()
        entries.append((page.pk, in_order))
        for place, (passage, stems) in enumerate(zip(gathered.passages, parts[HEAD:], strict=True)):
            passages.append((_passage(page.pk, place, passage, backend.passage_columns(stems)), stems))
        spelled |= {(word, analysis.stem(word, language)) for word in _worth_spelling(words)}
    SearchPassage.objects.bulk_create([passage for passage, _stems in passages])
    backend.after_writing(entries, [(passage.pk, stems) for passage, stems in passages])
    _remember(spelled)


def _words(gathered: Gathered) -> list[list[str]]:
    """The words of title, people and topics, and summary, in the order of their weight; then those of each passage."""
    heads = [f"{gathered.title} {gathered.subtitle}", " ".join(gathered.names), gathered.summary]
    texts = [f"{passage.heading} {passage.text}" for passage in gathered.passages]
    return [analysis.words(text) for text in (*heads, *texts)]


def _entry(page: Page, gathered: Gathered) -> dict:
    return {
        "kind": gathered.kind,
        "display_date": getattr(page, "display_date", None),
        "title": gathered.title[:255],
        "indexed_at": timezone.now(),
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


def _remember(words: set[tuple[str, str]]) -> None:
    known = set(SearchWord.objects.filter(word__in=[word for word, _stem in words]).values_list("word", flat=True))
    new = [SearchWord(word=word, stem=stem) for word, stem in sorted(words) if word not in known]
    SearchWord.objects.bulk_create(new, ignore_conflicts=True, batch_size=500)


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
    total, done, last = pages.count(), 0, 0
    while keys := list(pages.filter(pk__gt=last).order_by("pk").values_list("pk", flat=True)[:AT_ONCE]):
        update(keys)
        done, last = done + len(keys), keys[-1]
        say(done, total)
        time.sleep(PAUSE if connection.vendor == "sqlite" else 0)
    forget_words()
    return total


def forget_words() -> int:
    """Take words away that no page holds any more; how many."""
    backend, entries, last, gone = store.chosen(), SearchEntry.objects.all(), 0, 0
    while words := list(SearchWord.objects.filter(pk__gt=last).order_by("pk")[:LOOKED_AT]):
        unused = [word.pk for word in words if not backend.occurs(word.stem, entries)]
        gone += SearchWord.objects.filter(pk__in=unused).delete()[0]
        last = words[-1].pk
    return gone
