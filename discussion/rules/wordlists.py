"""Moderators' lists of words: whole words and phrases, ``*`` for any letters, ``#`` for a number, ``fr:`` for one language.

A word of a list is never found inside another word. ``a*`` would match half the language, so that a word with ``*`` needs
three letters of its own.
"""

import re
from collections import defaultdict
from dataclasses import dataclass
from functools import lru_cache

from django.conf.locale import LANG_INFO
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from discussion.rules.texts import WORD, Word, fold

MOST_LINES, LONGEST_LINE, MOST_STARS, LEAST_LETTERS = 1000, 100, 3, 3
MOST_OPEN = 100  # entries that begin with “*”: each word of a text is held against all of these
_LANGUAGE = re.compile(r"([A-Za-z]{2,3}(?:-[A-Za-z]{2,8})?)\s*:\s+(?=\S)")
_STAR, _NUMBER = "\ue000", "\ue001"  # private letters, which no text has a reason to hold


@dataclass(frozen=True)
class Entry:
    """One line of a list: the words of a phrase, each as it is compared; ``language`` or nothing for all."""

    line: str
    language: str
    words: tuple[str, ...]


def checked(text: str) -> str:
    """``text`` without blank lines. Raises ``ValidationError`` that names each line which is no word or phrase."""
    lines = [" ".join(line.split()) for line in text.replace("\x00", "").splitlines()]
    lines = list(dict.fromkeys(line for line in lines if line))
    if len(lines) > MOST_LINES:
        raise ValidationError(
            _("A list has at most %(most)d lines; this has %(count)d.") % {"most": MOST_LINES, "count": len(lines)}
        )
    if sum("".join(_entry(line).words).startswith("*") for line in lines) > MOST_OPEN:
        raise ValidationError(_("At most %(most)d lines may begin with “*”.") % {"most": MOST_OPEN})
    errors = [f"“{line[:LONGEST_LINE]}”: {error}" for line in lines if (error := _why_not(line))]
    if errors:
        raise ValidationError(errors[:5])
    return "\n".join(lines)


def _why_not(line: str) -> str:
    if len(line) > LONGEST_LINE:
        return _("a line has at most %(most)d characters.") % {"most": LONGEST_LINE}
    language = _LANGUAGE.match(line)
    if language and language.group(1).lower().partition("-")[0] not in LANG_INFO:
        return _("there is no language “%(code)s”.") % {"code": language.group(1)}
    entry = _entry(line)
    if not entry.words:
        return _("there is no word in it.")
    for word in entry.words:
        if word.count("*") > MOST_STARS:
            return _("a word has at most three “*”.")
        if "*" in word and len(word.replace("*", "")) < LEAST_LETTERS:
            return _("a word with “*” needs three letters besides, or it would match too much.")
    return "" if any(word != "#" for word in entry.words) else _("a number alone would match too much.")


def _entry(line: str) -> Entry:
    language, rest = "", line
    if match := _LANGUAGE.match(line):
        language, rest = match.group(1).lower(), line[match.end() :]
    rest = re.sub(r"\*+", _STAR, rest).replace("#", f" {_NUMBER} ")
    words = []
    for piece in re.findall(f"(?:{WORD.pattern}|{_STAR})+|{_NUMBER}", rest):
        words += _words_in(piece)
    return Entry(line, language, tuple(words))


def _words_in(piece: str) -> list[str]:
    if piece == _NUMBER:
        return ["#"]
    if _STAR in piece:
        return ["*".join(fold(part) for part in piece.split(_STAR))]
    return [fold(match.group()) for match in WORD.finditer(piece)]


class WordList:
    """The entries of a list, so laid out that each word of a text is held against few of them."""

    def __init__(self, text: str):
        self.by_word, self.by_letter, self.free = defaultdict(list), defaultdict(list), []
        self.languages = set()
        for line in text.splitlines()[:MOST_LINES]:
            entry = _entry(line)
            if not entry.words or all(word == "#" for word in entry.words):
                continue
            self.languages.add(entry.language)
            first = entry.words[0]
            if first == "#" or first.startswith("*"):
                self.free.append(entry)
            elif "*" in first:
                self.by_letter[first[0]].append(entry)
            else:
                self.by_word[first].append(entry)

    def find(self, words: list[Word], spaced_out: list[Word], language: str = "") -> list[tuple[int, int, str]]:
        """``(start, end, line)`` for each place where an entry stands, among ``words`` or ``spaced_out`` ones."""
        found, beginnings = [], {}
        everything = " ".join({word.folded for word in [*words, *spaced_out]})
        free = [entry for entry in self.free if all(part in everything for part in entry.words[0].strip("#").split("*"))]
        for place, word in enumerate(words):
            if word.folded not in beginnings:
                beginnings[word.folded] = self._beginning_with(word.folded, language, free)
            for entry in beginnings[word.folded]:
                last = place + len(entry.words) - 1
                if last < len(words) and all(map(_fits, entry.words[1:], (w.folded for w in words[place + 1 : last + 1]))):
                    found.append((word.start, words[last].end, entry.line))
        for word in spaced_out:
            entries = self._beginning_with(word.folded, language, free)
            found += [(word.start, word.end, entry.line) for entry in entries if len(entry.words) == 1]
        return found

    def _beginning_with(self, word: str, language: str, free: list[Entry]) -> list[Entry]:
        entries = self.by_word.get(word, []) + [
            entry for entry in self.by_letter.get(word[:1], []) + free if _fits(entry.words[0], word)
        ]
        return [entry for entry in entries if not entry.language or _is_in(language.lower(), entry.language)]


@lru_cache(maxsize=64)
def word_list(text: str) -> WordList:
    return WordList(text)


def _is_in(language: str, wanted: str) -> bool:
    return language == wanted or language.startswith(f"{wanted}-")


def _fits(pattern: str, word: str) -> bool:
    """Whether ``word`` is what ``pattern`` says. In one pass: of several ways to place ``*`` the first is as good as any."""
    if pattern == "#":
        return word.isdecimal()
    if "*" not in pattern:
        return pattern == word
    first, *middle, last = pattern.split("*")
    if len(word) < len(first) + len(last) or not word.startswith(first) or not word.endswith(last):
        return False
    place, end = len(first), len(word) - len(last)
    for piece in middle:
        place = word.find(piece, place, end)
        if place < 0:
            return False
        place += len(piece)
    return True
