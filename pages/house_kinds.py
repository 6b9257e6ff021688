"""The kinds of links that every hub begins with. Administrators change them as they like; nothing here is read again.

What they leave as it is stays translated: names and sentences are marked here, and looked up when they are shown.
"""

from dataclasses import asdict, dataclass, field

from django.utils.translation import gettext_noop as _noop

from pages.sentences import INTERVIEWS, Sentence, Verb


@dataclass(frozen=True)
class HouseKind:
    slug: str
    name: str
    inverse_name: str
    at_the_head: bool = False
    sentences: list[Sentence] = field(default_factory=list)

    def values(self, order: int) -> dict:
        """The columns of its row; sentences as a stream field stores them."""
        rows = []
        for place, sentence in enumerate(self.sentences):
            value = asdict(sentence)
            del value["kind"]  # of the page spoken of: a kind's own sentences hold for any
            rows.append({"type": "sentence", "id": f"{self.slug}-{place}", "value": value})
        return {
            "slug": self.slug,
            "name": self.name,
            "inverse_name": self.inverse_name,
            "at_the_head": self.at_the_head,
            "order": order,
            "sentences": rows,
        }


HOUSE_KINDS = [
    HouseKind("interview-for", _noop("is an interview for"), _noop("interviews"), sentences=INTERVIEWS),
    HouseKind(
        "talk-about",
        _noop("is a talk about"),
        _noop("talks"),
        sentences=[Sentence(_noop("Watch {speakers}’s talk: {title}"), end="source", verb=Verb.WATCH)],
    ),
    HouseKind(
        "article-about",
        _noop("is an article about"),
        _noop("articles"),
        sentences=[Sentence(_noop("See {authors}’s article: {title}"), end="source", verb=Verb.SEE)],
    ),
    HouseKind(
        "part-of",
        _noop("is part of"),
        _noop("contains"),
        at_the_head=True,
        sentences=[Sentence(_noop("Part of {title}"), end="target")],
    ),
    HouseKind(
        "replaces",
        _noop("replaces"),
        _noop("replaced by"),
        at_the_head=True,
        sentences=[
            Sentence(_noop("Replaces {title}"), end="target"),
            Sentence(_noop("This has been replaced by {title}."), end="source", warns=True),
        ],
    ),
    HouseKind(
        "responds-to",
        _noop("responds to"),
        _noop("responses"),
        sentences=[
            Sentence(_noop("Watch what this responds to: {title}"), end="target", verb=Verb.WATCH),
            Sentence(_noop("See what this responds to: {title}"), end="target", verb=Verb.SEE),
            Sentence(_noop("Read what this responds to: {title}"), end="target"),
            Sentence(_noop("Watch a response: {title}"), end="source", verb=Verb.WATCH),
            Sentence(_noop("See a response: {title}"), end="source", verb=Verb.SEE),
            Sentence(_noop("Read a response: {title}"), end="source"),
        ],
    ),
    HouseKind(
        "translation-of",
        _noop("is a translation of"),
        _noop("translations"),
        at_the_head=True,
        sentences=[Sentence(_noop("In another language: {title}"))],
    ),
    HouseKind("related-to", _noop("is related to"), _noop("related pages")),
]
