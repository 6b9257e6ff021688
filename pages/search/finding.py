"""What a search finds: the best pages first, never more than ``MOST``, and never what a reader may not see.

The words of head and text are looked up in the index; of very many that fit, the newest are taken. That bounds what any
search costs, whatever it asks for, and the numbers beside the filters count within that bound.
"""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from itertools import chain

from wagtail.models import Page

from pages.models import SearchEntry
from pages.search import spelling, store
from pages.search.counting import COLUMNS, Entry
from pages.search.narrowing import NEWEST, Narrowing
from pages.search.query import SHORTEST_BEGINNING, Query
from people.many import many
from people.visibility import seen_in_bulk

MOST = 1_000
RANKED = 100  # of those that fit anywhere, so many are ranked by their whole text
# What counts more than any rank, which is below 1: all words in the head, as a phrase, as the whole title or its beginning.
IN_HEAD, AS_PHRASE, AS_TITLE, AT_ITS_BEGINNING = 2.0, 1.5, 3.0, 1.0
# Whoever types so many words of a text remembers it, and it counts more than the same words here and there in a head.
REMEMBERED, AS_REMEMBERED = 4, 3.0


@dataclass(frozen=True)
class Found:
    """``pages`` by their keys, in their order. ``capped`` when more fit; ``query`` is what was
    looked up in the end.

    ``instead`` are the words that were looked for because the typed ones were found nowhere, and ``partly`` says that no
    page holds all of the words. ``too_much``: the database gave up.
    """

    pages: dict[int, Entry]
    capped: bool
    query: Query
    instead: str = ""
    partly: bool = False
    too_much: bool = False

    @property
    def keys(self) -> list[int]:
        return list(self.pages)


def find(query: Query, narrowing: Narrowing) -> Found:
    """Pages that hold all words; or, where none does, those spelled alike; or all words but one."""
    if not query or query.is_in_vain:
        return Found({}, False, query)
    try:
        return _find(query, narrowing)
    except store.TooMuch:
        return Found({}, False, query, too_much=True)


def _find(query: Query, narrowing: Narrowing) -> Found:
    found = look_up(query, narrowing)
    if found.pages:
        return found
    with store.bounded():
        corrected = spelling.corrected(query)
    if corrected:
        found = look_up(corrected, narrowing)
        if found.pages:
            return replace(found, instead=" ".join(corrected.words))
    for attempt in _attempts(query, corrected or query, narrowing):
        found = look_up(attempt, narrowing)
        if found.pages:
            instead = " ".join(corrected.words) if corrected and attempt.spare else ""
            return replace(found, instead=instead, partly=bool(attempt.spare))
    return Found({}, False, query)


def _attempts(query: Query, corrected: Query, narrowing: Narrowing) -> Iterator[Query]:
    """What else may have been meant. No word is spared where it may be the filter alone that keeps all pages away."""
    begun = query.beginning()
    if begun != query and len(query.words[-1]) >= SHORTEST_BEGINNING:
        yield begun
    if len(query.clauses) > 1 and not narrowing.leaves_out:
        yield corrected.sparing()


def look_up(query: Query, narrowing: Narrowing) -> Found:
    """Exactly what was asked for."""
    backend = store.chosen()
    allowed = narrowing.apply(SearchEntry.objects.all())
    with store.bounded():
        newest = backend.newest(allowed, query, MOST + 1)
        in_order = list(newest) if narrowing.order == NEWEST else _best_first(backend, allowed, query, newest)
    keys, capped = in_order[:MOST], len(newest) > MOST
    seen = Page.objects.filter(seen_in_bulk(""), pk__in=many(keys), alias_of__isnull=True).order_by()
    fitting = narrowing.among(set(seen.values_list("pk", flat=True)))
    entries = newest | _entries([key for key in keys if key not in newest])
    return Found({key: entries[key] for key in keys if key in fitting and key in entries}, capped, query)


def _entries(keys: list[int]) -> dict[int, Entry]:
    """Of pages that are older than the newest: few, found by what counts most."""
    rows = SearchEntry.objects.filter(pk__in=many(keys)).values_list("pk", *COLUMNS) if keys else []
    return {key: Entry(*columns) for key, *columns in rows}


def _best_first(backend, allowed, query: Query, newest: dict[int, Entry]) -> list[int]:
    if not newest:
        return []
    head, whole, phrase = backend.best(allowed, query, MOST), " ".join(query.words)[:255], query.whole
    as_phrase = AS_REMEMBERED if len(query.words) >= REMEMBERED else AS_PHRASE
    ranks = {key: IN_HEAD + rank for key, _folded, rank in head}
    if len(head) == MOST:  # of so many, older ones may be missing
        titled = backend.titled(allowed, query, MOST)
        same = allowed.filter(folded=whole).values_list("pk", flat=True)[:RANKED]
    else:
        titled = head
        same = [key for key, folded, _rank in head if folded == whole]
    for key, folded, rank in titled[:RANKED]:
        ranks.setdefault(key, IN_HEAD + rank)
        if f"{folded} ".startswith(f"{whole} "):
            ranks[key] += AT_ITS_BEGINNING
        if phrase and f" {whole} " in f" {folded} ":
            ranks[key] += as_phrase
    for key in same:
        ranks[key] = ranks.get(key, IN_HEAD) + AS_TITLE
    if phrase:
        for key in backend.holding(allowed, phrase, MOST):
            ranks[key] = ranks.get(key, 0.0) + as_phrase
    # What must not occur was asked of the head, a title or a passage alone, where the words themselves are; of the whole text
    # only the newest were asked.
    found = newest if query.without else chain(newest, ranks)
    if len(newest) <= RANKED:
        for key, rank in backend.ranks(newest, query).items():
            ranks[key] = ranks.get(key, 0.0) + rank
    return sorted(dict.fromkeys(found), key=lambda key: ranks.get(key, 0.0), reverse=True)  # and where equal, as found
