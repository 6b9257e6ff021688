"""“More on …”: what belongs with a page, from both ends of its links, in words made from kind, type and people.

A link is stored once and read at both ends. What readers see of it is a line such as “Watch Tobias Renn's interviews
with Lena Szymborn and Idris Hallam”: the verb comes from what the page at the other end holds, the noun from the kind
of link, the names from its contributions. Lines with the same verb, noun and speaker join into one sentence.
"""

from dataclasses import dataclass, field

from django.db import models
from django.db.models import F, Prefetch
from django.db.models.functions import Cast, Length
from django.utils.translation import gettext_lazy as _
from wagtail.models import Page

from pages.models import ContentLink, ContentPage, Contribution, Kind, LinkKind, Role, SectionPage, SeriesPage
from pages.navigation import any_pages
from people.models import PersonPage

# A sentence names at most so many people; beyond that it leads to the set.
NAMES_IN_A_SENTENCE = 4
# Said at the head of a page, by ``standing_of``; all other kinds make lines.
AT_THE_HEAD = {LinkKind.PART_OF, LinkKind.REPLACES, LinkKind.TRANSLATION_OF}


class Verb(models.TextChoices):
    """The first word of a line, in the order in which lines stand."""

    READ = "read", _("Read")
    WATCH = "watch", _("Watch")
    LISTEN = "listen", _("Listen to")
    FIND_OUT = "find-out", _("Find out more about")
    SEE = "see", _("See")


class Noun(models.TextChoices):
    """The pattern of a line's sentence; ``templates/components/related_line.html`` spells each out."""

    INTERVIEW = "interview"
    TALK = "talk"
    ARTICLE = "article"
    WORK = "work"
    SET = "set"
    PERSON = "person"
    ELSEWHERE = "elsewhere"
    TITLE = "title"
    WORDING = "wording"


@dataclass(frozen=True)
class Relation:
    """One link as seen from one of its ends. ``page`` is the other end, None for an address elsewhere."""

    link: ContentLink
    page: Page | None
    incoming: bool

    @property
    def is_at_the_head(self) -> bool:
        return self.page is not None and self.link.kind in AT_THE_HEAD

    def people(self, *roles: Role) -> list[str]:
        """Printed names of those who have one of ``roles`` at the other end, in the order of its byline."""
        if not isinstance(self.page, ContentPage):
            return []
        return [row.name for row in self.page.contributions.all() if row.role in roles]


@dataclass
class Line:
    """One sentence of the block.

    ``entries`` are the relations it joins; ``by`` names the interviewer, speaker or author where the sentence has one;
    ``whole`` is the series that stands for all entries when they are too many to name.
    """

    verb: Verb
    noun: Noun
    entries: list[Relation]
    by: str = ""
    whole: SeriesPage | None = None
    order: int = field(default=0, compare=False)

    @property
    def notes(self) -> list[str]:
        return [entry.link.note for entry in self.entries if entry.link.note]


def relations_of(page: ContentPage) -> list[Relation]:
    """The links of ``page`` whose other end readers may see: its own first, then those that name it.

    A page at the other end makes one line, however many links join the two; what stands at the head is kept besides.
    A fixed number of queries, whatever the number of links. Reads the page's own links from the page as it is given,
    so that a preview shows the draft's links; those of other pages count once their source is published.
    """
    own = [link for link in page.links.all() if link.target_id or link.address]
    incoming = _links_to(page.discussed_page_id) if page.discussed_page_id else []
    wanted = {link.target_id for link in own if link.target_id} | {link.source_id for link in incoming}
    seen = _visible_pages(wanted)
    found = [Relation(link, seen.get(link.target_id), incoming=False) for link in own if link.address or link.target_id in seen]
    found += [Relation(link, seen[link.source_id], incoming=True) for link in incoming if link.source_id in seen]
    return _once_each(found)


def _links_to(pk: int) -> list[ContentLink]:
    return list(ContentLink.objects.filter(target_id=pk).exclude(source_id=pk).order_by("sort_order", "pk"))


def _once_each(relations: list[Relation]) -> list[Relation]:
    kept = {}
    for place, relation in enumerate(relations):
        end = relation.page.pk if relation.page else f"elsewhere {place}"
        kept.setdefault((end, relation.link.kind if relation.is_at_the_head else ""), relation)
    return list(kept.values())


def _visible_pages(pks) -> dict:
    """Visible pages by key, with what a line says of them. People and sections are plain pages here."""
    if not pks:
        return {}
    content = (
        ContentPage.objects.filter(pk__in=pks)
        .listed()
        .select_related("topicpage")
        .annotate(recording_type=F("interviewpage__recording__type"), text_length=Length(Cast("body", models.TextField())))
        .defer("body", "topicpage__body")
        .prefetch_related(
            Prefetch("contributions", Contribution.objects.order_by("sort_order")),
            "series_items",
        )
    )
    pages = {page.pk: page for page in content}
    if missing := set(pks) - set(pages):
        people = PersonPage.objects.filter(pk__in=missing).visible().defer("biography")
        sections = SectionPage.objects.filter(pk__in=missing)
        pages |= {page.pk: page for page in [*people, *any_pages().visible().filter(pk__in=sections.values("pk"))]}
    return pages


def related_lines(page: ContentPage, relations: list[Relation]) -> list[Line]:
    """The lines of “More on …” for ``page``, joined, in the order Read, Watch, Listen, Find out more, See."""
    joined: dict[tuple, Line] = {}
    for place, relation in enumerate(relations):
        if relation.is_at_the_head:
            continue
        line = _line(relation)
        line.order = place
        key = (line.verb, line.noun, line.by) if line.noun == Noun.INTERVIEW else (place,)
        if key in joined:
            joined[key].entries += line.entries
        else:
            joined[key] = line
    lines = [_as_set(line) for line in joined.values()]
    order = list(Verb)
    return sorted(lines, key=lambda line: (order.index(line.verb), line.order))


def _line(relation: Relation) -> Line:
    page, link = relation.page, relation.link
    verb = _verb(relation)
    # An editor's words are written from the source's side, and so hold there only.
    if link.wording and not relation.incoming:
        return Line(verb, Noun.WORDING, [relation])
    if page is None:
        return Line(verb, Noun.ELSEWHERE, [relation])
    if isinstance(page, PersonPage):
        return Line(verb, Noun.PERSON, [relation])
    if not isinstance(page, ContentPage):
        return Line(verb, Noun.TITLE, [relation])
    interviewees = relation.people(Role.INTERVIEWEE)
    if interviewees and (page.kind == Kind.INTERVIEW or link.kind == LinkKind.INTERVIEW_FOR):
        return Line(verb, Noun.INTERVIEW, [relation], by=joined(relation.people(Role.INTERVIEWER)))
    speakers = relation.people(Role.SPEAKER)
    if page.kind == Kind.VIDEO and speakers:
        return Line(verb, Noun.TALK, [relation], by=joined(speakers))
    authors = relation.people(Role.AUTHOR)
    if page.kind == Kind.ARTICLE and authors:
        return Line(verb, Noun.ARTICLE, [relation], by=joined(authors))
    if page.kind == Kind.TOPIC:
        return Line(verb, Noun.WORK, [relation])
    return Line(verb, Noun.TITLE, [relation])


def _verb(relation: Relation) -> Verb:
    """What one does with the other end: the verb comes from what it holds, not from the link."""
    kind = getattr(relation.page, "kind", "")
    if kind == Kind.INTERVIEW and relation.page.recording_type and relation.page.text_length <= len("[]"):
        return Verb.LISTEN if relation.page.recording_type == "audio" else Verb.WATCH
    return {
        Kind.PUBLICATION: Verb.READ,
        Kind.CHAPTER: Verb.READ,
        Kind.INTERVIEW: Verb.READ,
        Kind.SERIES: Verb.READ,
        Kind.VIDEO: Verb.WATCH,
        Kind.TOPIC: Verb.FIND_OUT,
    }.get(kind, Verb.SEE)


def _as_set(line: Line) -> Line:
    """Too many interviews to name: lead to the series that holds them all, if there is one."""
    if line.noun != Noun.INTERVIEW or len(line.entries) <= NAMES_IN_A_SENTENCE:
        return line
    shared = set.intersection(*({item.series_id for item in entry.page.series_items.all()} for entry in line.entries))
    line.whole = SeriesPage.objects.filter(pk__in=shared).listed().order_by("pk").defer("body").first()
    if line.whole:
        line.noun = Noun.SET
    return line


def joined(names: list[str]) -> str:
    """Names as a sentence lists them. Translatable, since not every language says “and” between the last two."""
    if len(names) < 2:
        return "".join(names)
    return str(_("%(first)s and %(last)s")) % {"first": ", ".join(names[:-1]), "last": names[-1]}


@dataclass(frozen=True)
class Standing:
    """What stands at the head of a page: what it is part of, replaces, is replaced by, or translates."""

    part_of: list[ContentPage]
    contains: list[ContentPage]
    replaces: list[ContentPage]
    replaced_by: list[ContentPage]
    translations: list[ContentPage]


def standing_of(page: ContentPage, relations: list[Relation]) -> Standing:
    """Sort the linked pages by what they mean for ``page``; the tree counts as a link too (a publication contains)."""

    def ends(kind, incoming):
        return [r.page for r in relations if r.page and r.link.kind == kind and r.incoming is incoming]

    parent = page.get_parent() if page.pk and page.depth else None
    in_tree = ContentPage.objects.filter(pk=parent.pk).visible().defer("body") if parent and page.kind != Kind.CHAPTER else []
    return Standing(
        part_of=[*in_tree, *ends(LinkKind.PART_OF, incoming=False)],
        contains=ends(LinkKind.PART_OF, incoming=True),
        replaces=ends(LinkKind.REPLACES, incoming=False),
        replaced_by=ends(LinkKind.REPLACES, incoming=True),
        translations=ends(LinkKind.TRANSLATION_OF, incoming=False) + ends(LinkKind.TRANSLATION_OF, incoming=True),
    )
