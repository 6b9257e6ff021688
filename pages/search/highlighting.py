"""The words that were found, marked in the text they were found in."""

from dataclasses import dataclass
from itertools import islice, takewhile

from pages.search import analysis
from pages.search.query import Query, languages

LENGTH = 260  # characters of an extract
BEFORE = 60  # of them before the first word that is marked
TELLING = 3  # letters; shorter words are marked only where all that was asked for is as short
ELLIPSIS = "…"


@dataclass(frozen=True)
class Piece:
    """A stretch of text, marked or not. Plain text: whoever shows it escapes it."""

    text: str
    marked: bool = False


class Marker:
    """Finds the words of a query in texts. Made once for a page of results."""

    def __init__(self, query: Query):
        telling = [term for term in query.terms if len(term.word) >= TELLING] or query.terms
        self._stems = {stem for term in telling for stem in term.all_stems}
        self._beginnings = tuple(term.word for term in query.terms if term.begins)
        self._languages = languages()

    def marks(self, word: str) -> bool:
        """Whether a folded word is one that was asked for."""
        if self._beginnings and word.startswith(self._beginnings):
            return True
        return any(analysis.stem(word, language) in self._stems for language in self._languages)

    def pieces(self, text: str) -> list[Piece]:
        """The whole ``text``, cut where marks begin and end; neighbouring words are marked as one."""
        return _cut(text, self._places(text))

    def extract(self, text: str) -> list[Piece]:
        """The stretch of ``text`` that holds most of the words, with an ellipsis where something was left out."""
        places = self._places(text)
        if len(text) <= LENGTH:
            return _cut(text, places)
        start, end = _window(text, places)
        inside = [(one - start, other - start) for one, other in places if start <= one and other <= end]
        pieces = _cut(text[start:end].rstrip(), inside)
        before, after = [Piece(f"{ELLIPSIS} ")] if start else [], [Piece(f" {ELLIPSIS}")] if end < len(text) else []
        return [*before, *pieces, *after]

    def _places(self, text: str) -> list[tuple[int, int]]:
        return [(token.start, token.end) for token in analysis.tokens(text) if self.marks(token.word)]


def _window(text: str, places: list[tuple[int, int]]) -> tuple[int, int]:
    """Where an extract begins and ends: at words, around the place with the most different words in it."""
    best, first = 0, 0
    for place, (start, _end) in enumerate(places):
        near = takewhile(lambda at, start=start: at[1] <= start + LENGTH - BEFORE, islice(places, place, None))
        words = {analysis.fold(text[one:other]) for one, other in near}
        if len(words) > best:
            best, first = len(words), start
    start = max(0, min(first - BEFORE, len(text) - LENGTH))
    end = min(len(text), start + LENGTH)
    if start:
        start = text.find(" ", start) + 1 or start
    if end < len(text):
        end = max(text.rfind(" ", start, end), start + 1)
    return start, end


def _cut(text: str, places: list[tuple[int, int]]) -> list[Piece]:
    pieces, done = [], 0
    for start, end in places:
        between = text[done:start]
        if pieces and pieces[-1].marked and not between.strip():
            pieces[-1] = Piece(pieces[-1].text + between + text[start:end], True)
        else:
            if between:
                pieces.append(Piece(between))
            pieces.append(Piece(text[start:end], True))
        done = end
    return [*pieces, Piece(text[done:])] if text[done:] else pieces
