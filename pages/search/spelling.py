"""Help for who mistypes: the words of the index that are spelled most like one that is found nowhere."""

from dataclasses import replace

from django.db.models import QuerySet

from pages.models import SearchEntry
from pages.search import store
from pages.search.indexing import SHORTEST
from pages.search.query import Clause, Query, Term, term
from people.visibility import seen_in_bulk

LOOKED_AT = 40  # words that are spelled alike
MENDED = 3  # words of one search; who mistypes more is looking for something else
COMMON = 100  # a word in more pages is no likelier


def corrected(query: Query) -> Query | None:
    """The query with each word that is found nowhere in place of one that is; None when there is nothing to better."""
    seen = SearchEntry.objects.filter(seen_in_bulk("page__"))  # no word is offered that only stands where nobody may look
    better = _better_words(query, seen)
    clauses = tuple(replace(clause, typed=_in_place(clause, better)) for clause in query.clauses)
    return replace(query, clauses=clauses) if clauses != query.clauses else None


def _in_place(clause: Clause, better: dict[Term, Term]) -> tuple:
    return tuple(tuple(better.get(one, one) for one in phrase) for phrase in clause.typed)


def _better_words(query: Query, seen: QuerySet) -> dict[Term, Term]:
    """What stands in place of the first few words that are found nowhere."""
    better, backend = {}, store.chosen()
    for one in dict.fromkeys(typed for clause in query.clauses for typed in clause.typed_terms):
        unknown = not one.begins and len(one.word) >= SHORTEST
        if unknown and not any(backend.occurs(stem, seen) for stem in dict.fromkeys(one.stems)):
            better[one] = _spelled(one, seen)
            if len(better) == MENDED:
                break
    return better


def _spelled(one: Term, seen: QuerySet) -> Term:
    backend = store.chosen()
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
