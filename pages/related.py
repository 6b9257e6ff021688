"""“More on …”: what belongs with a page, from both ends of its links, in words made from kind, type and people.

A link is stored once and read at both ends. What readers see of it is a line such as “Watch Tobias Renn's interviews
with Lena Szymborn and Idris Hallam”: the verb comes from what the page at the other end holds, the sentence from the
kind of link, the names from its contributions. Lines with the same sentence and the same names join into one.

Three queries, whatever the number of links: the page's own, if they did not come with it, those that name it with the kinds,
and the other ends.
"""

from dataclasses import dataclass, field

from django.urls import reverse
from django.utils.safestring import SafeString
from django.utils.text import capfirst
from wagtail.models import Page

from pages import suggestions
from pages.ends import ends, series_from, values_of, verb_for
from pages.incoming import COUNTED, Incoming, incoming_of
from pages.models import ContentLink, ContentPage, Kind, LinkKind, SeriesPage
from pages.models.own_rows import own_rows
from pages.sentences import LEADING, Sentence, Verb, filled, fitting, gaps_of

# A sentence names at most so many people; beyond that it leads to the set.
NAMES_IN_A_SENTENCE = 4
OWN_READ = 100


@dataclass(frozen=True)
class Relation:
    """One link as seen from one of its ends. ``page`` is the other end, None for an address elsewhere.

    ``wording`` are the words of an editor of the page from which it is seen.
    """

    link: ContentLink
    page: Page | None
    incoming: bool
    kind: LinkKind
    wording: str = ""

    @property
    def is_at_the_head(self) -> bool:
        return self.page is not None and self.kind.at_the_head

    @property
    def end(self) -> str:
        """Which end the other one is, as sentences have it."""
        return "source" if self.incoming else "target"


@dataclass
class Line:
    """One sentence of the block. ``entries`` are the relations it joins, ``whole`` the series or the address of a list
    that stands for them when they are too many to name, ``reason`` why the hub added it by itself."""

    verb: Verb
    sentence: Sentence | None
    entries: list[Relation]
    values: dict = field(default_factory=dict)
    order: int = field(default=0, compare=False)
    whole: SeriesPage | str = ""
    number: int = 0
    reason: str = ""

    @property
    def notes(self) -> list[str]:
        return [entry.link.note for entry in self.entries if entry.link.note]

    def words(self, request) -> SafeString:
        """The sentence as HTML; empty for links in an editor's words and addresses elsewhere, which templates spell out."""
        if not self.sentence:
            return SafeString("")
        if self.whole:
            address = self.whole if isinstance(self.whole, str) else self.whole.get_url(request)
            return filled(self.sentence.set_words(), [(address, {"number": self.number})])
        return filled(
            self.sentence.words(len(self.entries)),
            [(entry.page.get_url(request), values_of(entry.page)) for entry in self.entries],
        )


@dataclass(frozen=True)
class HeadLine:
    """What stands at the head of a page: what it is part of, replaces, is replaced by, or translates."""

    page: Page
    sentence: Sentence

    def words(self, request) -> SafeString:
        return filled(self.sentence.words(1), [(self.page.get_url(request), values_of(self.page))])


@dataclass
class MarginGroup:
    """Pages named in the margin under what a kind calls them. ``more``: how many there are besides, and where."""

    label: str
    pages: list[Page]
    more: int = 0
    url: str = ""


@dataclass(frozen=True)
class Related:
    """All that a page's links come to. ``more``: how many pages link here besides those that are named."""

    relations: list[Relation]
    lines: list[Line]
    automatic: list[Line]
    head: list[HeadLine]
    margin: list[MarginGroup]
    more: int
    more_url: str

    @property
    def is_shown(self) -> bool:
        return bool(self.lines or self.automatic or self.more)

    @property
    def is_counted(self) -> bool:
        """Whether ``more`` is the number, and not only the least that it can be."""
        return self.more < COUNTED


def related_to(page: ContentPage, shown=()) -> Related:
    """What belongs with ``page``. ``shown`` are keys of pages that its screen leads to elsewhere, which are not suggested.

    Reads the page's own links, and what it makes of those that name it, from the page as it is given, so that a preview
    shows the draft's; links of other pages count once their source is published.
    """
    own, incoming = _own_links(page), incoming_of(page)
    wanted = {link.target_id for link in own if link.target_id} | {link.source_id for link in incoming.links}
    near = suggestions.near(page, wanted | set(shown))
    found = ends(wanted, parent_path=_parent_path(page), near=near, also=suggestions.said_of_each(page) if near else None)
    relations = _relations(own, incoming, {end.pk: end for end in found})
    lines = _lines(page, relations, incoming)
    shown_ones = {relation.page.pk for relation in relations if relation.page} | wanted | set(shown)
    added = suggestions.chosen(page, found, shown_ones, beside=len(lines)) if near else []
    automatic = [_line_about(end, reason, place) for place, (end, reason) in enumerate(added)]
    head, margin = _head_and_margin(page, relations, incoming, found)
    named_in_sets = {line.entries[0].kind.slug for line in lines if isinstance(line.whole, str) and line.whole}
    in_margin = {kind.slug for kind in incoming.kinds.values() if kind.at_the_head}
    more = sum(incoming.beyond(slug) for slug in incoming.kinds if slug not in named_in_sets | in_margin)
    url = reverse("linked", args=[page.discussed_page_id]) if page.discussed_page_id else ""
    return Related(relations, lines, _by_verb(automatic), head, margin, more, url)


def relations_of(page: ContentPage) -> list[Relation]:
    """The links of ``page`` whose other end readers may see: its own first, then those that name it."""
    return related_to(page).relations


def _own_links(page) -> list[ContentLink]:
    return [link for link in own_rows(page, "links")[:OWN_READ] if link.target_id or link.address]


def _parent_path(page) -> str:
    """The path of what stands above ``page``: a publication contains what is beneath it, without a link."""
    return page.path[: -page.steplen] if page.pk and page.depth > 2 and page.kind != Kind.CHAPTER else ""


def _relations(own, incoming: Incoming, seen: dict[int, Page]) -> list[Relation]:
    """A page at the other end makes one line, however many links join the two; what stands at the head is kept besides."""
    found = [
        Relation(link, seen.get(link.target_id), False, incoming.kind(link.kind), link.wording)
        for link in own
        if link.address or link.target_id in seen
    ]
    found += [
        Relation(
            link, seen[link.source_id], True, incoming.kind(link.kind), incoming.wordings.get((link.source_id, link.kind), "")
        )
        for link in incoming.links
        if link.source_id in seen
    ]
    kept = {}
    for place, relation in enumerate(found):
        end = relation.page.pk if relation.page else f"elsewhere {place}"
        kept.setdefault((end, relation.link.kind if relation.is_at_the_head else ""), relation)
    return list(kept.values())


def _lines(page, relations, incoming: Incoming) -> list[Line]:
    """The lines of “More on …”, joined, in the order Read, Watch, Listen, Find out more, See."""
    joined: dict[tuple, Line] = {}
    for place, relation in enumerate(relations):
        if relation.is_at_the_head:
            continue
        line = _line(relation)
        line.order = place
        key = (line.verb, line.sentence.one, *line.values.values()) if line.sentence and line.sentence.several else (place,)
        if key in joined:
            joined[key].entries += line.entries
        else:
            joined[key] = line
    sets, lines = set(), []
    for line in _by_verb(joined.values()):
        _as_set(page, line, incoming)
        if not line.whole or line.whole not in sets:
            lines.append(line)
        sets.add(line.whole)
    return lines


def _by_verb(lines) -> list[Line]:
    order = list(Verb)
    return sorted(lines, key=lambda line: (order.index(line.verb), line.order))


def _line(relation: Relation) -> Line:
    if relation.page is None:
        return Line(Verb.SEE, None, [relation])
    verb = verb_for(relation.page)
    if relation.wording:
        return Line(verb, None, [relation])
    values = values_of(relation.page)
    sentence = fitting(relation.kind.patterns, relation.end, verb, relation.page.kind, values)
    return Line(verb, sentence, [relation], _names_in(sentence, values))


def _names_in(sentence: Sentence, values: dict) -> dict:
    """What a sentence says of all that it joins: every gap but those with a link for each."""
    return {gap: values[gap] for gap in gaps_of(sentence.one) if gap not in LEADING}


def _line_about(page: Page, reason: str, place: int) -> Line:
    """A page that no link names, with why it is here."""
    line = _line(Relation(ContentLink(), page, False, LinkKind()))
    line.reason, line.order = reason, place
    return line


def _as_set(page, line: Line, incoming: Incoming) -> None:
    """Too many pages to name: lead to the series that holds them all, or to the page's own list of them."""
    if not line.sentence or not line.sentence.whole:
        return
    slug = line.entries[0].kind.slug
    all_point_here = all(entry.incoming and entry.kind.slug == slug for entry in line.entries)
    beyond = incoming.beyond(slug) if all_point_here else 0
    if len(line.entries) <= NAMES_IN_A_SENTENCE and not beyond:
        return
    shared = set.intersection(*({row["id"] for row in entry.page.sets} for entry in line.entries))
    if shared and not beyond:
        row = next(row for row in line.entries[0].page.sets if row["id"] in shared)
        line.whole, line.number = series_from(row), len(line.entries)
    elif all_point_here:
        line.whole, line.number = reverse("linked", args=[page.discussed_page_id, slug]), incoming.totals[slug]


def _head_and_margin(page, relations, incoming: Incoming, found) -> tuple[list[HeadLine], list[MarginGroup]]:
    """What stands at the head, warnings first, and what a kind without a sentence for this end lists in the margin.

    There, too, a kind of the head leads to all of its pages where more name ``page`` than were read.
    """
    head, margin = [], {}
    parts = [(entry, entry.kind, entry.end) for entry in relations if entry.is_at_the_head]
    above = [end for end in found if end.path == _parent_path(page) and end.kind]
    told = [
        HeadLine(end, sentence) for end in above if (sentence := _head_sentence(end, incoming.kind(LinkKind.PART_OF), "target"))
    ]
    for entry, kind, end in parts:
        if sentence := _head_sentence(entry.page, kind, end):
            head.append((kind.order, HeadLine(entry.page, sentence)))
            continue
        label = kind.own_inverse_name if entry.incoming else kind.own_name
        margin.setdefault((kind.slug, end), MarginGroup(capfirst(label), [])).pages.append(entry.page)
    for kind in incoming.kinds.values():
        if kind.at_the_head and (more := incoming.beyond(kind.slug)):  # wherever those stand that were read
            group = margin.setdefault((kind.slug, "source"), MarginGroup(capfirst(kind.own_inverse_name), []))
            group.more, group.url = more, reverse("linked", args=[page.discussed_page_id, kind.slug])
    head.sort(key=lambda pair: (not pair[1].sentence.warns, pair[0]))
    lines = [line for _, line in head]
    warnings = [line for line in lines if line.sentence.warns]
    return [*warnings, *told, *lines[len(warnings) :]], list(margin.values())


def _head_sentence(page: Page, kind: LinkKind, end: str) -> Sentence | None:
    verb, values = verb_for(page), values_of(page)
    return next((sentence for sentence in kind.patterns if sentence.fits(end, verb, page.kind, values)), None)
