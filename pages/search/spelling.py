"""Help for who mistypes: the words of the index that are spelled most like one that is found nowhere."""

from dataclasses import replace

from django.db.models import QuerySet

from pages.models import SearchEntry
from pages.search import store
from pages.search.indexing import SHORTEST
from pages.search.query import Clause, Query, Term, term
from people.visibility import seen_in_bulk

LOOKED_AT = 40  # words that are spelled alike
COMMON = 100  # a word in more pages is no likelier


def corrected(query: Query) -> Query | None:
    """The query with each word that is found nowhere in place of one that is; None when there is nothing to better."""
    seen = SearchEntry.objects.filter(seen_in_bulk("page__"))  # no word is offered that only stands where nobody may look
    clauses = [_better(clause, seen) for clause in query.clauses]
    if clauses == list(query.clauses):
        return None
    return replace(query, clauses=tuple(clauses))


def _better(clause: Clause, seen: QuerySet) -> Clause:
    typed = tuple(tuple(_spelled(one, seen) for one in phrase) for phrase in clause.typed)
    return clause if typed == clause.typed else replace(clause, typed=typed)


def _spelled(one: Term, seen: QuerySet) -> Term:
    backend = store.chosen()
    if one.begins or len(one.word) < SHORTEST or any(backend.occurs(stem, seen) for stem in one.stems):
        return one
    allowed = 1 if len(one.word) < 6 else 2
    found = []
    for word in backend.alike(one.word, LOOKED_AT):
        distance = edits(one.word, word.word, allowed)
        if distance <= allowed and (pages := backend.occurs(word.stem, seen, COMMON)):
            same_start = one.word[0] == word.word[0]
            found.append((distance, not same_start, -pages, word.word))
    return term(min(found)[-1]) if found else one


def edits(one: str, other: str, most: int) -> int:
    """How many letters were left out, added, taken for another or swapped with their neighbour; ``most`` + 1 if more.

    The optimal string alignment distance (Damerau 1964, restricted to one edit of each substring).
    """
    if abs(len(one) - len(other)) > most:
        return most + 1
    before, last = [], list(range(len(other) + 1))
    for row, letter in enumerate(one, start=1):
        line = [row]
        for column, letter_of_other in enumerate(other, start=1):
            swapped = row > 1 and column > 1 and letter == other[column - 2] and one[row - 2] == letter_of_other
            best = min(last[column] + 1, line[-1] + 1, last[column - 1] + (letter != letter_of_other))
            line.append(min(best, before[column - 2] + 1) if swapped else best)
        before, last = last, line
    return min(last[-1], most + 1)
