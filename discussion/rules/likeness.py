"""Whether a text was said before: by sketches of it that are looked up by key, and then by the texts themselves.

A text is cut into runs of five words. Of their hashes a few are kept: the smallest among those at its beginning, at its
end, and of all. What was cut short keeps the beginning or the end, what was changed keeps most of the rest, so that two
texts of which one holds the other have some in common; how much is then counted exactly.
"""

import hashlib
from heapq import nsmallest

from discussion.rules.texts import Word, without_quotations, words_of

RUN = 5  # words
EDGE = 12  # runs that count as the beginning, and as the end
OF_EDGE, OF_ALL = 4, 6
# A run's hash is made of its words', so that the next one costs one step: a polynomial over a prime that a database's
# integer has room for.
PRIME, BASE = 2**61 - 1, 1_000_003


def runs_of(text: str, words: list[Word] | None = None, *, length: int = RUN) -> list[int]:
    """The hashes of all runs of ``length`` words in ``text``, in their order; quoted lines do not count. One for a shorter
    text.

    ``words``: those of the text, for whoever has them already.
    """
    if words is None or ">" in text:
        words = words_of(without_quotations(text))
    hashes: dict[str, int] = {}
    values = [hashes.get(word) or hashes.setdefault(word, _hash(word)) for _start, _end, word in words]
    if len(values) < length:
        return [_together(values)] if values else []
    run, leading = _together(values[:length]), pow(BASE, length - 1, PRIME)
    runs = [run]
    for leaving, coming in zip(values, values[length:], strict=False):
        run = ((run - leaving * leading) * BASE + coming) % PRIME
        runs.append(run)
    return runs


def _hash(word: str) -> int:
    return int.from_bytes(hashlib.blake2b(word.encode(errors="replace"), digest_size=8).digest(), "big") % PRIME


def _together(values: list[int]) -> int:
    total = 0
    for value in values:
        total = (total * BASE + value) % PRIME
    return total


def sketch_of(runs: list[int]) -> list[int]:
    """The few of ``runs`` by which the text is found again, in order."""
    kept = {*nsmallest(OF_EDGE, set(runs[:EDGE])), *nsmallest(OF_EDGE, set(runs[-EDGE:])), *nsmallest(OF_ALL, set(runs))}
    return sorted(kept)


def share_held(runs: list[int], others: list[int]) -> float:
    """How much of the shorter text stands in the longer one, from 0 to 1."""
    mine, theirs = set(runs), set(others)
    return len(mine & theirs) / min(len(mine), len(theirs)) if mine and theirs else 0.0
