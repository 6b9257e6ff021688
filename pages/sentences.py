"""Sentences with gaps: how administrators write them, how they are checked, and how they are filled for readers.

“Watch {speakers}’s talk: {title}” is a sentence. Names in braces are filled from the page at the other end of a link.
What leads there is ``{title}`` or ``{interviewees}``, or the words between square brackets, as in “Find out more about
[our work on {topic}]”. Stored sentences that are still those of the house are translated; others stand as written.
"""

import re
from dataclasses import dataclass, replace

from django.core.exceptions import ValidationError
from django.db import models
from django.utils.html import conditional_escape, format_html, format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from django.utils.translation import gettext_noop as _noop

GAPS = {
    "title": _("the page’s title, leading there"),
    "interviewees": _("who is asked, each leading to the interview"),
    "interviewers": _("who asks"),
    "speakers": _("who speaks"),
    "authors": _("who wrote it"),
    "topic": _("a topic as it reads in a sentence"),
    "number": _("how many pages there are"),
}
LEADING = ("title", "interviewees")
_PIECE = re.compile(r"\{([^{}]*)\}|\[|\]|[{}]|[^{}\[\]]+")


class Verb(models.TextChoices):
    """The first word of a line, in the order in which lines stand."""

    READ = "read", _("Read")
    WATCH = "watch", _("Watch")
    LISTEN = "listen", _("Listen to")
    FIND_OUT = "find-out", _("Find out more about")
    SEE = "see", _("See")


@dataclass(frozen=True)
class Piece:
    """A part of a sentence: words, or a gap; ``leads`` when it belongs to the words between brackets."""

    text: str
    is_gap: bool
    leads: bool


def pieces(sentence: str) -> list[Piece]:
    """The parts of ``sentence``. Raises ``ValidationError`` when braces or brackets do not pair."""
    found, leads = [], False
    for match in _PIECE.finditer(sentence):
        text = match[0]
        if text in {"[", "]"}:
            if leads == (text == "[") or (text == "[" and any(piece.leads for piece in found)):
                raise ValidationError(_("Put one pair of square brackets at most around the words that lead to the page."))
            leads = text == "["
        elif text in {"{", "}"}:
            raise ValidationError(_("A brace stands alone. Write a gap as {title}."))
        else:
            found.append(Piece(text if match[1] is None else match[1], match[1] is not None, leads))
    if leads:
        raise ValidationError(_("A square bracket is not closed."))
    return found


def gaps_of(sentence: str) -> list[str]:
    return [piece.text for piece in pieces(sentence) if piece.is_gap]


def check_sentence(sentence: str, *, several: bool = False, whole: bool = False) -> None:
    """Raise ``ValidationError`` when ``sentence`` could not be filled, or would lead nowhere.

    ``several``: it joins several pages, each of which needs a link of its own. ``whole``: it stands for a set.
    """
    parts = pieces(sentence)
    if unknown := [piece.text for piece in parts if piece.is_gap and piece.text not in GAPS]:
        raise ValidationError(
            _("“{%(name)s}” is not known. Known are: %(known)s.")
            % {"name": unknown[0], "known": ", ".join(f"{{{name}}}" for name in GAPS)}
        )
    if whole:
        if not any(piece.leads for piece in parts) or any(piece.is_gap and piece.text != "number" for piece in parts):
            raise ValidationError(
                _("Put the words that lead to the set in brackets. The one gap is {number}: Read [all talks] ({number}).")
            )
        return
    leading = [piece for piece in parts if piece.is_gap and piece.text in LEADING and not piece.leads]
    if several and not leading:
        raise ValidationError(_("Several pages need a link each: use {title} or {interviewees}, without brackets."))
    if not leading and not any(piece.leads for piece in parts):
        raise ValidationError(
            _("Nothing leads to the page. Use {title} or {interviewees}, or put the words that lead there in [ ].")
        )


@dataclass(frozen=True)
class Sentence:
    """What is said of a link where it fits: seen from ``end``, with ``verb``, for as many gaps as can be filled.

    ``end`` is "target" where the page that was named is spoken of, "source" for the one that states the link, empty for
    both. ``one``, ``several`` and ``whole`` are sentences for one page, for several joined, and for a set.
    """

    one: str
    several: str = ""
    whole: str = ""
    end: str = ""
    verb: str = ""
    kind: str = ""  # of the page spoken of; house sentences only
    warns: bool = False

    def fits(self, end: str, verb: str, kind: str, values: dict) -> bool:
        return (
            self.end in {"", end}
            and self.verb in {"", verb}
            and self.kind in {"", kind}
            and all(values.get(gap) for gap in gaps_of(self.one))
        )

    def words(self, number: int) -> str:
        """The sentence for as many pages, in the reader's language if it is one of the house's."""
        return gettext(self.several if number > 1 and self.several else self.one)

    def set_words(self) -> str:
        return gettext(self.whole)


def listed(parts: list) -> SafeString:
    """Names as a sentence lists them. Translatable, since not every language says “and” between the last two."""
    if len(parts) < 2:
        return format_html_join("", "{}", ((part,) for part in parts))
    first = format_html_join(", ", "{}", ((part,) for part in parts[:-1]))
    return format_html(gettext("{first} and {last}"), first=first, last=parts[-1])


def filled(sentence: str, ends: list[tuple[str, dict]]) -> SafeString:
    """``sentence`` as HTML. ``ends`` are ``(address, values)`` of each page that it joins; gaps but the leading ones are
    filled from the first."""
    made, leading = [], []
    address, values = ends[0]
    for piece in pieces(sentence):
        if piece.is_gap and piece.text in LEADING and not piece.leads:
            text = listed([_link(url, there.get(piece.text, "")) for url, there in ends])
        else:
            text = conditional_escape(values.get(piece.text, "") if piece.is_gap else piece.text)
        (leading if piece.leads else made).append(text)
        if piece.leads and len(leading) == 1:
            made.append(leading)
    inner = format_html_join("", "{}", ((text,) for text in leading))
    return format_html_join("", "{}", ((_link(address, inner) if text is leading else text,) for text in made))


def _link(url: str, text: str) -> SafeString:
    return format_html('<a href="{}">{}</a>', url, text)


# The house's own sentences, for whatever kind of link: the first that fits counts. Kinds have theirs before them.
# ``gettext_noop`` marks them for translation; ``Sentence.words`` translates.

INTERVIEWS = [
    Sentence(
        _noop("Read {interviewers}’s interview with {interviewees}"),
        _noop("Read {interviewers}’s interviews with {interviewees}"),
        _noop("Read [the individual interviews] ({number})"),
        verb=Verb.READ,
    ),
    Sentence(
        _noop("Read the interview with {interviewees}"),
        _noop("Read the interviews with {interviewees}"),
        _noop("Read [the individual interviews] ({number})"),
        verb=Verb.READ,
    ),
    Sentence(
        _noop("Watch {interviewers}’s interview with {interviewees}"),
        _noop("Watch {interviewers}’s interviews with {interviewees}"),
        _noop("Watch [the individual interviews] ({number})"),
        verb=Verb.WATCH,
    ),
    Sentence(
        _noop("Watch the interview with {interviewees}"),
        _noop("Watch the interviews with {interviewees}"),
        _noop("Watch [the individual interviews] ({number})"),
        verb=Verb.WATCH,
    ),
    Sentence(
        _noop("Listen to {interviewers}’s interview with {interviewees}"),
        _noop("Listen to {interviewers}’s interviews with {interviewees}"),
        _noop("Listen to [the individual interviews] ({number})"),
        verb=Verb.LISTEN,
    ),
    Sentence(
        _noop("Listen to the interview with {interviewees}"),
        _noop("Listen to the interviews with {interviewees}"),
        _noop("Listen to [the individual interviews] ({number})"),
        verb=Verb.LISTEN,
    ),
]
HOUSE = [
    *(replace(sentence, kind="interview") for sentence in INTERVIEWS),
    Sentence(_noop("Watch {speakers}’s talk: {title}"), verb=Verb.WATCH, kind="video"),
    *(replace(sentence, kind="video") for sentence in INTERVIEWS if sentence.verb == Verb.WATCH),
    Sentence(_noop("See {authors}’s article: {title}"), verb=Verb.SEE, kind="article"),
    Sentence(_noop("Find out more about [our work on {topic}]"), kind="topic"),
    Sentence(_noop("See [{title}’s profile]"), kind="person"),
    Sentence(_noop("Read {title}"), verb=Verb.READ),
    Sentence(_noop("Watch {title}"), verb=Verb.WATCH),
    Sentence(_noop("Listen to {title}"), verb=Verb.LISTEN),
    Sentence(_noop("Find out more about {title}"), verb=Verb.FIND_OUT),
    Sentence(_noop("See {title}")),
]


def fitting(sentences: list[Sentence], end: str, verb: str, kind: str, values: dict) -> Sentence:
    """The first of a kind's ``sentences``, or else of the house's, that fits what is spoken of."""
    return next(sentence for sentence in (*sentences, *HOUSE) if sentence.fits(end, verb, kind, values))
