"""A comment's text with what the rules matched in it marked, for moderators' screens."""

from dataclasses import dataclass

from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from discussion.formatting import straight
from discussion.rules.assessing import label_of


@dataclass(frozen=True)
class Segment:
    """A piece of a text; ``title`` names the rules that matched it, or is empty."""

    text: str
    title: str = ""


def segments(text: str, findings) -> list[Segment]:
    """``text`` in pieces, those that ``findings`` (or flags) matched with a title; overlapping matches make one piece.

    Places outside the text, which it may have lost since, are passed over.
    """
    matches = sorted(
        (max(0, start), min(end, len(text)), finding.rule)
        for finding in findings
        for start, end in finding.spans
        if max(0, start) < min(end, len(text))
    )
    merged = []
    for start, end, rule in matches:
        if merged and start < merged[-1][1]:
            merged[-1][1] = max(merged[-1][1], end)
            merged[-1][2].append(rule)
        else:
            merged.append([start, end, [rule]])
    made, place = [], 0
    for start, end, rules in merged:
        made.append(Segment(text[place:start]))
        made.append(Segment(text[start:end], _(", ").join(dict.fromkeys(label_of(rule) for rule in rules))))
        place = end
    made.append(Segment(text[place:]))
    return [segment for segment in made if segment.text]


def marked(text: str, findings) -> SafeString:
    """``text`` escaped, with ``<mark title="…">`` around what was matched; to be shown with its line ends kept.

    Shown as ``formatting.straight``: an address that is turned round looks to be another's.
    """
    pieces = ((segment.title, straight(segment.text)) for segment in segments(text, findings))
    marks = (format_html('<mark title="{}">{}</mark>', title, words) if title else words for title, words in pieces)
    return format_html_join("", "{}", ((mark,) for mark in marks))
