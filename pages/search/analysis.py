"""Words of a text, and what is the same word: one rule for what is indexed, for what is asked and for what is marked.

It is ours and not the database's, so that both databases find the same, and the page marks what was found.
"""

import re
import unicodedata
from collections.abc import Iterator
from functools import cache, lru_cache
from threading import Lock

import snowballstemmer

LONGEST = 60  # letters of a word; what is longer is no word, and PostgreSQL takes no lexeme over two kilobytes
# Marks that stand above, below or within letters belong to the word: no rule of ``re`` knows them.
_MARKS = "".join(
    chr(code) for code in (*range(0x300, 0x1E00), *range(0x20D0, 0x2100)) if unicodedata.category(chr(code))[0] == "M"
)
# Accents of Latin, Greek and Cyrillic, and the vowel signs of Arabic: people leave them out. In Indic scripts they are letters.
_ACCENTS = {*range(0x300, 0x370), *range(0x64B, 0x653)}
_UNFIT = re.compile("[\x00\ud800-\udfff]")  # zero bytes, and halves of signs that are written as two
_WORD = re.compile(rf"(?:[^\W_]|[{_MARKS}])+")
# Scripts that leave no spaces between words: each sign is a word, and neighbours are found as a phrase.
_SIGN = "\u3040-\u30ff\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff"
_SIGNS = re.compile(f"[{_SIGN}]")
_SIGN_OR_WORD = re.compile(rf"[{_SIGN}]|(?:(?![{_SIGN}])(?:[^\W_]|[{_MARKS}]))+")

_ONE_AT_A_TIME = Lock()  # a stemmer keeps the word that it works on

STEMMERS = {
    "ar": "arabic", "ca": "catalan", "cs": "czech", "da": "danish", "de": "german", "el": "greek", "en": "english",
    "eo": "esperanto", "es": "spanish", "et": "estonian", "eu": "basque", "fa": "persian", "fi": "finnish", "fr": "french",
    "ga": "irish", "hi": "hindi", "hu": "hungarian", "hy": "armenian", "id": "indonesian", "it": "italian",
    "lt": "lithuanian", "nb": "norwegian", "ne": "nepali", "nl": "dutch", "nn": "norwegian", "no": "norwegian",
    "pl": "polish", "pt": "portuguese", "ro": "romanian", "ru": "russian", "sr": "serbian", "sv": "swedish", "ta": "tamil",
    "tr": "turkish", "yi": "yiddish",
}  # fmt: skip


def plain(text: str) -> str:
    """``text`` as it is kept and cut into tokens: composed letters, single spaces, nothing that no database takes."""
    return " ".join(unicodedata.normalize("NFC", _UNFIT.sub("", text)).split())


def matches(text: str) -> Iterator[re.Match]:
    """The words of a ``plain`` text with their places, as they stand: neither small nor without accents."""
    return _pattern(text).finditer(text)


def words(text: str) -> list[str]:
    """The words of any text: small letters and digits, without accents."""
    text = plain(text)
    return [fold(word) for word in _pattern(text).findall(text)]


def _pattern(text: str) -> re.Pattern:
    return _SIGN_OR_WORD if _SIGNS.search(text) else _WORD


@lru_cache(maxsize=100_000)
def fold(word: str) -> str:
    """Small letters without accents, ligatures resolved, cut at ``LONGEST``."""
    decomposed = unicodedata.normalize("NFKD", word.casefold())
    bare = "".join(char for char in decomposed if ord(char) not in _ACCENTS)
    return unicodedata.normalize("NFC", bare)[:LONGEST] or word[:LONGEST]


@lru_cache(maxsize=100_000)
def stem(word: str, language: str) -> str:
    """The part that the forms of a word share, by the Snowball rules of ``language`` (a code such as ``en`` or ``en-gb``).

    The word itself where there are no rules for its language.
    """
    algorithm = STEMMERS.get(language.partition("-")[0].lower())
    if algorithm is None or not word.isalpha():
        return word
    with _ONE_AT_A_TIME:
        return fold(_stemmer(algorithm).stemWord(word)) or word


@cache
def _stemmer(algorithm: str):
    return snowballstemmer.stemmer(algorithm)


def stems(text: str, language: str) -> list[str]:
    """The stems of a text's words, in their order."""
    return stems_of(words(text), language)


def stems_of(folded: list[str], language: str) -> list[str]:
    """The stems of words that are cut and folded already."""
    return [stem(word, language) for word in folded]
