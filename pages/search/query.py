"""What somebody asked for, understood: words, “phrases”, beginnings* and -words that must not occur."""

import re
from dataclasses import dataclass, replace
from itertools import chain, combinations

from django.conf import settings

from pages.search import analysis, synonyms, vocabulary

MOST_WORDS = 16
LENGTH = 200
SHORTEST_BEGINNING = 3  # letters: fewer begin too many words to look all of them up
LONGER = 200  # words that begin so; endings are short, so that what a stem has lost is among the shortest words
_PIECE = re.compile(r'(?P<minus>-?)(?:["“„«](?P<phrase>[^"“”„«»]*)["”“»]?|(?P<word>[^\s"“”„«»]+))')


@dataclass(frozen=True)
class Term:
    """One word at its place in a phrase: its stem in each language. ``begins``: words that begin so will do too.

    Those are found by their stems, which begin so as well. Of the few words that begin so while a stem does not, ``longer``
    holds the stems, again in each language: *regulation* is kept as *regul*, and is meant by *regulat*.
    """

    word: str
    stems: tuple[str, ...]
    begins: bool = False
    longer: tuple[tuple[str, ...], ...] = ()

    @property
    def all_stems(self) -> set[str]:
        """The stems that will do as they are, in any language."""
        return {stem for stems in (self.stems, *self.longer) for stem in stems}

    def endings(self, language: int) -> list[tuple[str, bool]]:
        """``[(stem, begins)]``: what will do at the end of a phrase, in the language at this place among all."""
        whole = [(stems[language], False) for stems in (self.stems, *self.longer)]
        return [(self.word, True), *whole] if self.begins else whole


Phrase = tuple[Term, ...]


@dataclass(frozen=True)
class Clause:
    """What has to occur: all phrases that were ``typed`` (one, but for synonyms of several words), or any of the ``others``."""

    typed: tuple[Phrase, ...]
    others: tuple[Phrase, ...] = ()
    quoted: bool = False

    @property
    def typed_terms(self) -> Phrase:
        return tuple(term for phrase in self.typed for term in phrase)


@dataclass(frozen=True)
class Query:
    """All ``clauses`` have to occur and none of ``without``. ``spare`` of the clauses may be missing."""

    clauses: tuple[Clause, ...] = ()
    without: tuple[Phrase, ...] = ()
    spare: int = 0

    def __bool__(self):
        return bool(self.clauses)

    @property
    def words(self) -> list[str]:
        """The typed words that have to occur, folded."""
        return [term.word for clause in self.clauses for term in clause.typed_terms]

    @property
    def terms(self) -> list[Term]:
        """Every word that counts as found, synonyms included."""
        return [term for clause in self.clauses for phrase in (*clause.typed, *clause.others) for term in phrase]

    @property
    def whole(self) -> "Query | None":
        """The typed words as one phrase, where there are several that nobody has put into quotation marks."""
        typed = tuple(term for clause in self.clauses for term in clause.typed_terms)
        if len(typed) < 2 or any(clause.quoted for clause in self.clauses):
            return None
        return Query((Clause((typed,)),), self.without)

    def ways(self, clauses: list) -> list[tuple]:
        """What of ``clauses``, one for each of its own, may have to occur together: all, or all but those to spare."""
        return list(combinations(clauses, max(1, len(clauses) - self.spare)))

    @property
    def is_in_vain(self) -> bool:
        """Whether something is asked for and ruled out at once."""
        ruled_out = [spelled_out(phrase) for phrase in self.without]
        return any(spelled_out(phrase) in ruled_out for clause in self.clauses for phrase in clause.typed)

    def sparing(self) -> "Query":
        """The same with one of its words to spare."""
        return replace(self, spare=1)

    def beginning(self) -> "Query":
        """The same where the last word may go on: what somebody is typing."""
        if not self.clauses or self.clauses[-1].quoted:
            return self
        *before, last = self.clauses
        *whole, end = last.typed[-1]
        if end.begins:
            return self
        going_on = (*last.typed[:-1], (*whole, term(end.word, begins=True)))
        return replace(self, clauses=(*before, replace(last, typed=going_on)))


def languages() -> list[str]:
    """Those in which there is content."""
    return [code for code, _name in settings.WAGTAIL_CONTENT_LANGUAGES]


def anything(words: list[str]) -> Query:
    """Any of these folded words."""
    clauses = tuple(Clause(((term(word),),)) for word in words)
    return Query(clauses, spare=len(clauses) - 1)


def term(word: str, *, begins: bool = False) -> Term:
    """A folded word with its stems in every language of the content. One query where it ``begins`` what may be longer."""
    longer = _longer(word) if begins and len(word) >= SHORTEST_BEGINNING else ()
    return Term(word, _stems(word), begins, longer)


def _stems(word: str) -> tuple[str, ...]:
    return tuple(analysis.stem(word, language) for language in languages())


def _longer(start: str) -> tuple[tuple[str, ...], ...]:
    found = dict.fromkeys(_stems(word) for word in vocabulary.longer(start, LONGER))
    return tuple(stems for stems in found if not all(stem.startswith(start) for stem in stems))


def parse(text: str) -> Query:
    """Read what was typed. Anything can be typed: what makes no sense is taken for words."""
    clauses, without = [], []
    for match in _PIECE.finditer(text[:LENGTH]):
        quoted = match["phrase"] is not None
        piece = match["phrase"] if quoted else match["word"]
        taken = without if match["minus"] else [clause.typed_terms for clause in clauses]
        words = analysis.words(piece)[: MOST_WORDS - sum(map(len, taken))]
        if not words:
            continue
        terms = [term(word) for word in words]
        if not quoted and piece.endswith("*") and len(words[-1]) >= SHORTEST_BEGINNING:
            terms[-1] = term(words[-1], begins=True)
        if match["minus"]:
            without.append(tuple(terms))
        elif quoted:
            clauses.append(Clause((tuple(terms),), quoted=True))
        else:  # ``co-operation`` is two words side by side
            clauses.append(Clause((tuple(terms),)))
    return Query(tuple(_with_synonyms(clauses)), tuple(without))


def _with_synonyms(clauses: list[Clause]) -> list[Clause]:
    """The same clauses with what means the same; clauses that together have a synonym become one."""
    # What is quoted is meant as it stands: the gap in its place is part of no synonym.
    said = [("",) if clause.quoted else tuple(term.word for term in clause.typed_terms) for clause in clauses]
    words = list(chain.from_iterable(said))
    runs = synonyms.alternatives(words) if any(words) else {}
    widened, place = [], 0
    while place < len(clauses):
        wholes = ((end, tuple(chain.from_iterable(said[place:end]))) for end in range(len(clauses), place, -1))
        end, run = next((whole for whole in wholes if whole[1] in runs), (place + 1, None))
        if run is None:
            widened.append(clauses[place])
        else:
            typed = tuple(clause.typed[0] for clause in clauses[place:end])
            widened.append(Clause(typed, tuple(tuple(term(word) for word in other) for other in runs[run])))
        place = end
    return widened


def spelled_out(phrase: Phrase) -> list[list[tuple[str, bool]]]:
    """``[[(stem, begins)]]``: a phrase as each language writes it, with every way in which its last word may go on."""
    *before, last = phrase
    ways = [
        (*((one.stems[language], False) for one in before), end)
        for language in range(len(last.stems))
        for end in last.endings(language)
    ]
    return [list(way) for way in dict.fromkeys(ways)]
