"""A text as the words it consists of, each with its place, in a form in which words can be compared.

Capitals, compatibility forms and invisible characters make no difference; accents do, since in many languages they make
another word. Scripts that are written without spaces count each letter as a word.
"""

import re
import unicodedata
from functools import lru_cache
from typing import NamedTuple

LONGEST_WORD = 64  # no word of a list is longer
INVISIBLE = "\u00ad\u034f\u061c\u115f\u1160\u17b4\u17b5\u180e\u200b-\u200f\u202a-\u202e\u2060-\u2064\u2066-\u2069\ufeff"
UNSPACED = (
    "\u0e00-\u0eff\u1000-\u109f\u1780-\u17b3\u17b6-\u17ff\u3040-\u30ff"
    "\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff\U00020000-\U0002fa1f"
)


def _marks() -> str:
    """The combining marks as ranges of a character class: to Python's ``\\w`` they are no part of a word."""
    ranges, start = [], None
    for point in range(0x300, 0x10000):
        if unicodedata.category(chr(point))[0] == "M":
            start = point if start is None else start
        elif start is not None:
            ranges.append(f"{chr(start)}-{chr(point - 1)}")
            start = None
    return "".join(ranges)


MARKS = _marks()
_LETTER = f"[^\\W_{UNSPACED}]"
WORD = re.compile(f"[{UNSPACED}][{MARKS}]*|{_LETTER}(?:{_LETTER}|[{MARKS}{INVISIBLE}])*")
_INVISIBLE = re.compile(f"[{INVISIBLE}]")
_LOOSE_MARKS = re.compile("[\u0300-\u036f]")
_QUOTATION = re.compile(r"(?m)^[ \t]*>.*$")

# Letters of other scripts that pass for Latin ones.
LOOKALIKES = str.maketrans(
    "аеорсухіјѕԁһԛԝӏɡ" + "АВЕКМНОРСТУХІЈЅ" + "ονρικτυχ" + "ΑΒΕΖΗΙΚΜΝΟΡΤΥΧ",
    "aeopcyxijsdhqwlg" + "abekmhopctyxijs" + "ovpiktux" + "abezhikmnoptyx",
)


def word_set(text: str) -> frozenset[str]:
    """The words of a list that is written as one text."""
    return frozenset(text.split())


class Word(NamedTuple):
    start: int
    end: int
    folded: str


def words_of(text: str) -> list[Word]:
    """The words of ``text`` in their order."""
    return [Word(*match.span(), fold(match.group())) for match in WORD.finditer(text)]


def spaced_out(words: list[Word], text: str) -> list[Word]:
    """Words whose letters stand apart, “l i k e” or “t.h.i.s”, put together: four letters at least."""
    made, run = [], []
    for word in [*words, None]:
        apart = word and word.end - word.start == 1 and text[word.start].isalpha()
        if apart and (not run or word.start - run[-1].end == 1):
            run.append(word)
            continue
        if 4 <= len(run) <= LONGEST_WORD:
            made.append(Word(run[0].start, run[-1].end, "".join(letter.folded for letter in run)))
        run = [word] if apart else []
    return made


@lru_cache(maxsize=4096)
def fold(word: str) -> str:
    """``word`` as it is compared."""
    if word.isascii():
        return word[:LONGEST_WORD].lower()
    word = _INVISIBLE.sub("", word)
    if len(word) > LONGEST_WORD:  # sorting thousands of marks, as normalising does, takes long
        word = _LOOSE_MARKS.sub("", word)[:LONGEST_WORD]
    word = unicodedata.normalize("NFKC", word).casefold()
    word = _LOOSE_MARKS.sub("", unicodedata.normalize("NFC", word))  # those that are part of no letter
    return word.translate(LOOKALIKES) if passes_for_latin(word) else word


def without_quotations(text: str) -> str:
    """``text`` with the lines that quote somebody blank, each of the same length as before."""
    return _QUOTATION.sub(lambda match: " " * len(match.group()), text) if ">" in text else text


@lru_cache(maxsize=4096)
def script_of(letter: str) -> str:
    """``LATIN``, ``CYRILLIC`` and so on; nothing for what belongs to no one script."""
    if letter.isascii():
        return "LATIN" if letter.isalpha() else ""
    return unicodedata.name(letter, "").partition(" ")[0] if letter.isalpha() and letter not in "µªº" else ""


def scripts_of(word: str) -> set[str]:
    return {script_of(letter) for letter in word} - {""}


def passes_for_latin(word: str) -> bool:
    """Whether Latin letters stand in ``word`` together with letters of another script that look like them."""
    if word.isascii():
        return False
    others = [letter for letter in word if script_of(letter) in {"CYRILLIC", "GREEK"}]
    return bool(others) and "LATIN" in scripts_of(word) and all(ord(letter) in LOOKALIKES for letter in others)
