"""What a page of results shows of each page that was found: its words marked, and the way to where they stand."""

from dataclasses import dataclass, field

from django.db.models import F, OuterRef, QuerySet
from django.db.models.functions import Coalesce
from django.utils.translation import gettext as _
from wagtail.models import Page

from pages.captions import clock
from pages.models import Contribution, Kind, SearchPassage
from pages.search import store
from pages.search.facets import kind_labels
from pages.search.gathering import PERSON
from pages.search.highlighting import Marker, Piece
from pages.search.query import Query
from people.visibility import seen_in_bulk


@dataclass
class Result:
    """One page. ``passage`` holds pieces of its text or summary; ``place`` says where that stands, ``anchor`` leads there."""

    page: Page
    kind: str
    label: str
    title: list[Piece]
    passage: list[Piece]
    place: str = ""
    anchor: str = ""
    facts: list[Piece] = field(default_factory=list)
    part_of: str = ""


def results(keys: list[int], query: Query) -> list[Result]:
    """The results for pages with ``keys``, in their order, in a fixed number of queries."""
    pages = {page.pk: page for page in _pages(keys)}
    passages = {row.entry_id: row for row in store.chosen().passages(keys, query)}
    marker, labels = Marker(query), kind_labels()
    found = [_result(pages[key], passages.get(key), marker, labels) for key in keys if key in pages]
    _name_publications([result for result in found if result.kind == Kind.CHAPTER])
    return found


def _pages(keys: list[int]) -> QuerySet[Page]:
    """What results show of pages of whatever type, and no more: a title, an address, and what the types say beside it."""
    return (
        Page.objects.filter(pk__in=keys, search_entry__isnull=False)
        .order_by()
        .only("title", "url_path", "path", "last_published_at")
        .annotate(
            kind=F("search_entry__kind"),
            indexed_at=F("search_entry__indexed_at"),
            display_date=F("contentpage__display_date"),
            summary=Coalesce("contentpage__summary", "personpage__summary", "standardpage__introduction"),
            job_title=F("personpage__job_title"),
            affiliation=F("personpage__affiliation"),
            names=Contribution.objects.names_on_card(OuterRef("pk")),
        )
    )


def _result(page: Page, passage: SearchPassage | None, marker: Marker, labels: dict) -> Result:
    title, summary = marker.mark(page.title), marker.mark(page.summary)
    found = Result(page, page.kind, labels[page.kind], title.pieces(), summary.pieces())
    has_changed = page.last_published_at and page.last_published_at > page.indexed_at  # what was said before is shown no more
    if passage and not has_changed:
        said = marker.mark(passage.text)
        words, in_summary = len(said.words | marker.mark(passage.heading).words), len(summary.words)
        # A place that one can go to says more than a summary with as many words.
        if words > in_summary or (words and words == in_summary and passage.anchor):
            found.passage = said.extract() if said.text else found.passage
            found.place, found.anchor = _place(passage), passage.anchor
    if page.kind == PERSON:
        found.facts = marker.mark(", ".join(filter(None, [page.job_title, page.affiliation]))).pieces()
    return found


def _name_publications(chapters: list[Result]) -> None:
    """Say of chapters what they are part of."""
    above = {result.page.path[: -Page.steplen] for result in chapters}
    titles = dict(Page.objects.filter(seen_in_bulk(""), path__in=above).values_list("path", "title")) if above else {}
    for result in chapters:
        result.part_of = titles.get(result.page.path[: -Page.steplen], "")


def _place(passage: SearchPassage) -> str:
    if passage.second is not None:
        return _("At %(time)s") % {"time": clock(passage.second)}
    return _("In “%(heading)s”") % {"heading": passage.heading} if passage.heading else ""
