"""Finding the names of people in running text, as people write them: with titles and initials, without accents, in the
genitive. Whole names only, and never within other words.
"""

import re
import unicodedata
from dataclasses import dataclass
from functools import lru_cache

TITLES = {
    *["dr", "prof", "professor", "sir", "dame", "lord", "lady", "baroness", "baron", "mr", "mrs", "ms", "mx", "miss"],
    *["rev", "reverend", "hon", "phd", "md", "mp", "obe", "cbe", "mbe", "jr", "sr"],
}
# Letters that Unicode does not take apart into a letter and its accent.
WHOLE = str.maketrans({"ø": "o", "ł": "l", "đ": "d", "ð": "d", "þ": "th", "æ": "ae", "œ": "oe", "ı": "i", "’": "'", "ʼ": "'"})
BETWEEN = 3  # so many names or initials may stand between the first name and the last
SHORTEST = 4  # letters of a name that is one word
PLACES = 50  # so often a family name is looked at
_PIECE = re.compile(r"[^\W\d_]+(?:[-'’ʼ][^\W\d_]+)*|[^\W_]+|[^\w\s]|\n")


@lru_cache(maxsize=20_000)
def folded(word: str) -> str:
    """``word`` without case, accents and genitive, for comparison."""
    if word.isascii():
        return word.lower().removesuffix("'s")
    letters = unicodedata.normalize("NFKD", word.casefold().translate(WHOLE))
    return "".join(letter for letter in letters if not unicodedata.combining(letter)).removesuffix("'s")


@dataclass(frozen=True)
class Word:
    """A word of a text; ``starts`` says that a sentence, a bracket or the like begins here, and no name goes across."""

    text: str
    plain: str  # folded
    starts: bool
    is_initial: bool  # a letter with a full stop

    @property
    def is_capital(self) -> bool:
        """Whether it may be part of a name. Some scripts have no capitals."""
        return not self.text[0].islower()


@lru_cache(maxsize=20_000)
def parts_of(name: str) -> tuple[str, tuple[str, ...], tuple[str, ...]] | None:
    """``(first name, names between, family name)`` folded, each word for itself; None for what is no name to look for.

    Small words before the last belong to the family name: van der Berg.
    """
    words = [word for word in re.split(r"[\s.]+", name.split(",")[0]) if word and folded(word) not in TITLES]
    if len(words) < 2:
        return ("", (), (folded(words[0]),)) if words and len(words[0]) >= SHORTEST else None
    begins = len(words) - 1
    while begins > 1 and words[begins - 1][0].islower():
        begins -= 1
    plain = [folded(word) for word in words]
    return plain[0], tuple(plain[1:begins]), tuple(plain[begins:])


class Text:
    """A text in which names are looked up: read once, however many names there are."""

    def __init__(self, text: str):
        self.words = list(_words(text))
        self.places = {}
        for place, word in enumerate(self.words):
            self.places.setdefault(word.plain, []).append(place)

    def naming(self, name: str) -> str:
        """How the text first names the bearer of ``name``, as it is written there; empty when it does not."""
        parts = parts_of(name)
        for end in self.places.get(parts[2][-1], ())[:PLACES] if parts else ():
            begin = self._begin(parts, end)
            if begin is not None:
                return " ".join(word.text + ("." if word.is_initial else "") for word in self.words[begin : end + 1])
        return ""

    def _begin(self, parts, end: int) -> int | None:
        first, between, family = parts
        begin = end - len(family) + 1
        found = self.words[max(0, begin) : end + 1]
        if tuple(word.plain for word in found) != family or not found[-1].is_capital or any(w.starts for w in found[1:]):
            return None
        if not first:
            return begin
        for place in range(begin - 1, max(-1, begin - 2 - BETWEEN), -1):
            if self.words[place + 1].starts or not self.words[place].is_capital:
                return None
            if self._is_first(place, first):
                return place
            if not self._is_between(self.words[place], between):
                return None
        return None

    def _is_first(self, place: int, first: str) -> bool:
        word = self.words[place]
        if word.plain == first:
            return True
        if not word.is_initial or word.plain != first[0]:
            return False
        # An initial stands for the first name only where no other name stands before it.
        before = self.words[place - 1] if place and not word.starts else None
        return not before or before.plain in TITLES or not (before.is_capital and (before.is_initial or not before.starts))

    @staticmethod
    def _is_between(word: Word, between: tuple[str, ...]) -> bool:
        return word.is_initial or word.plain in between or (len(word.plain) == 1 and any(n[0] == word.plain for n in between))


def _words(text: str):
    """The words of ``text``; what stands between them tells where a name cannot go on."""
    starts, pieces = True, _PIECE.findall(text)
    for place, piece in enumerate(pieces):
        if not piece[0].isalnum():
            last = pieces[place - 1] if place else ""
            goes_on = piece == "." and (len(last) == 1 or folded(last) in TITLES)
            starts = starts or not (goes_on or piece in "-'’")
            continue
        dotted = len(piece) == 1 and place + 1 < len(pieces) and pieces[place + 1] == "."
        yield Word(piece.removesuffix("’s").removesuffix("'s"), folded(piece), starts, dotted)
        starts = False
