"""Words and phrases that editors list, in the form in which searches are compared with them. Knows no models."""

import re

from django.core.exceptions import ValidationError
from django.utils.text import Truncator
from django.utils.translation import gettext as _

from pages.search.analysis import words

LONGEST = 8  # words of a phrase: “Department for Environment Food and Rural Affairs” has seven
COMPARED = 16  # words of a search in which phrases are looked for
MOST = 50  # phrases in one field
LENGTH = 200  # characters of a folded phrase or search

_ENDS_OF_LINES, _ENDS = re.compile(r"[\r\n]+"), re.compile(r"[\r\n,]+")


def folded(text: str) -> str:
    """``text`` as it is compared: its words, without capitals, accents and signs, a space between them."""
    return " ".join(words(text))


def split(text: str, *, at_commas: bool) -> list[str]:
    """The phrases in ``text``, one a line, or between commas where these part them too."""
    return [phrase for part in (_ENDS if at_commas else _ENDS_OF_LINES).split(text) if (phrase := " ".join(part.split()))]


def checked(text: str, *, at_commas: bool = False) -> dict[str, str]:
    """``{folded: as it was written}`` of the phrases in ``text``. Raises ``ValidationError`` with all that is amiss."""
    found, errors = {}, []
    for phrase in split(text, at_commas=at_commas):
        key, said = folded(phrase), {"phrase": Truncator(phrase).chars(80)}
        if not key:
            errors.append(_("“%(phrase)s” holds no letters or digits.") % said)
        elif key.count(" ") >= LONGEST or len(key) > LENGTH:
            most = {"words": LONGEST, "letters": LENGTH}
            errors.append(_("“%(phrase)s” is too long: at most %(words)d words and %(letters)d letters.") % (said | most))
        elif key in found:
            errors.append(the_same(phrase, found[key]))
        else:
            found[key] = phrase
    if len(found) > MOST:
        errors.append(_("These are %(number)d; at most %(most)d can be given.") % {"number": len(found), "most": MOST})
    if errors:
        raise ValidationError(errors)
    return found


def the_same(phrase: str, other: str) -> str:
    """What an editor is told of a phrase that is there already."""
    if phrase == other:
        return _("“%(phrase)s” is there twice.") % {"phrase": phrase}
    said = {"phrase": phrase, "other": other}
    return _("“%(phrase)s” is the same as “%(other)s”: capitals, accents and signs do not count.") % said


def runs(found: list[str]) -> list[tuple[str, ...]]:
    """Every run of consecutive words that a phrase can be, of the first words of a search."""
    found = found[:COMPARED]
    ends = range(1, LONGEST + 1)
    return [tuple(found[start : start + end]) for start in range(len(found)) for end in ends if start + end <= len(found)]
