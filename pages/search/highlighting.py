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


@dataclass(frozen=True)
class Marked:
    """A text, and where in it the words stand that were asked for."""

    text: str
    places: list[tuple[int, int]]

    @property
    def words(self) -> set[str]:
        """Which words they are, folded."""
        return {analysis.fold(self.text[start:end]) for start, end in self.places}

    def pieces(self) -> list[Piece]:
        """The whole text, cut where marks begin and end; neighbouring words are marked as one."""
        return _cut(self.text, self.places)

    def extract(self) -> list[Piece]:
        """The stretch of the text that holds most of the words, with an ellipsis where something was left out."""
        text = self.text
        if len(text) <= LENGTH:
            return self.pieces()
        start, end = _window(text, self.places)
        inside = [(one - start, other - start) for one, other in self.places if start <= one and other <= end]
        pieces = _cut(text[start:end].rstrip(), inside)
        before, after = [Piece(f"{ELLIPSIS} ")] if start else [], [Piece(f" {ELLIPSIS}")] if end < len(text) else []
        return [*before, *pieces, *after]


class Marker:
    """Finds the words of a query in texts. Made once for a page of results, whose texts have many words in common."""

    def __init__(self, query: Query):
        telling = [term for term in query.terms if len(term.word) >= TELLING] or query.terms
        self._stems = {stem for term in telling for stem in term.all_stems}
        self._beginnings = tuple(term.word for term in query.terms if term.begins)
        self._languages = languages()
        self._known: dict[str, bool] = {}

    def mark(self, text: str) -> Marked:
        """``text`` with the places of all words that were asked for, in whatever form."""
        known, places = self._known, []
        for match in analysis.matches(text):
            word = match[0]
            if word not in known:
                known[word] = self._is_meant(analysis.fold(word))
            if known[word]:
                places.append(match.span())
        return Marked(text, places)

    def _is_meant(self, word: str) -> bool:
        if self._beginnings and word.startswith(self._beginnings):
            return True
        return any(analysis.stem(word, language) in self._stems for language in self._languages)


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
    # Not every script has spaces, and none is worth leaving the word out.
    if start:
        start = text.find(" ", start, first) + 1 or start
    if end < len(text):
        space = text.rfind(" ", first, end)
        end = space if space > first else end
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
