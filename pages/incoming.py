"""What points at a page: of each kind of link the first few, however many there are, and what the page makes of them."""

from dataclasses import dataclass, field
from itertools import zip_longest

from django.db import models
from django.db.models import Exists, OuterRef, Q, Subquery
from django.db.models.functions import JSONObject

from pages.json_rows import CountOf, JSONRows
from pages.models import ContentLink, ContentPage, IncomingLink, LinkKind
from pages.models.link_kind import kinds_by_code
from people.visibility import seen_through

# Read of each kind, and shown of all kinds together; those that the page has placed come first and are among them.
PER_KIND = SHOWN = 10
ARRANGED_PER_KIND = 50
COUNTED = 1_000  # beyond these, readers are told “more than”


@dataclass
class Incoming:
    """Links that name a page, of all kinds in the order of the kinds, those that the page has placed first.

    ``wordings`` are the page's own words, by key of the link. ``totals`` say how many pages link here by each kind, and
    ``read`` how many of these are in ``links``.
    """

    kinds: dict[str, LinkKind] = field(default_factory=dict)
    links: list[ContentLink] = field(default_factory=list)
    wordings: dict[tuple, str] = field(default_factory=dict)
    totals: dict[str, int] = field(default_factory=dict)
    read: dict[str, int] = field(default_factory=dict)

    def kind(self, slug: str) -> LinkKind:
        """The kind of a link; a draft's may be of one that is no more."""
        return self.kinds.get(slug) or LinkKind(slug=slug)

    def beyond(self, slug: str) -> int:
        return self.totals.get(slug, 0) - self.read.get(slug, 0)


def original_key(page) -> int | None:
    """The key under which links name ``page``: of an alias its original's."""
    return page.alias_of_id or page.pk


def arrangement_in_draft(page) -> list[IncomingLink] | None:
    """What the page makes of its links where it is a draft that carries its rows itself; None where the database says."""
    if page.alias_of_id or not isinstance(page, ContentPage):
        return None
    rows = page.incoming.all()
    if isinstance(rows, models.QuerySet):
        return None
    kinds = kinds_by_code() if rows else {}
    for row in rows:
        _source, row.kind = row.key_today(kinds)
    return list(rows)


def links_to(key: int):
    """Links that name the page ``key`` and whose source readers may see."""
    return ContentLink.objects.filter(~Q(source_id=key), seen_through("source__"), target_id=key, source__alias_of__isnull=True)


def out_of_line(page) -> Q | Exists:
    """The condition on links to ``page``: whether it gives them a place of their own, or hides them."""
    rows = arrangement_in_draft(page)
    if rows is None:
        return _arranged_in_database(page, Q(hidden=True) | Q(place__isnull=False))
    return _any_of(row for row in rows if row.is_out_of_line)


def hidden(page) -> Q | Exists:
    """The condition on links to ``page``: whether it hides them."""
    rows = arrangement_in_draft(page)
    return _arranged_in_database(page, Q(hidden=True)) if rows is None else _any_of(row for row in rows if row.hidden)


def _arranged_in_database(page, how: Q) -> Exists:
    here = IncomingLink.objects.filter(how, page_id=original_key(page))
    return Exists(here.filter(source_id=OuterRef("source_id"), kind=OuterRef("kind")))


def _any_of(rows) -> Q:
    return Q(*(Q(source_id=row.source_id, kind=row.kind) for row in rows), pk__in=[], _connector=Q.OR)


def incoming_of(page) -> Incoming:
    """What points at ``page``, in one query, which reads the kinds of links too."""
    kinds = LinkKind.objects.in_order()
    if not original_key(page):
        return Incoming(kinds=kinds_by_code(kinds))
    of_this_kind = links_to(original_key(page)).filter(kind=OuterRef("slug"))
    aside = out_of_line(page)
    as_it_comes, placed = of_this_kind.exclude(aside), of_this_kind.filter(aside).exclude(hidden(page))
    link = JSONObject(id="pk", source="source_id", kind="kind", order="sort_order", note="note")
    rows = IncomingLink.objects.filter(page_id=original_key(page), kind=OuterRef("slug"))
    row = JSONObject(source="source_id", place="place", hidden="hidden", wording="wording")
    kinds = kinds.annotate(
        first=JSONRows(as_it_comes.order_by(*ContentLink.SEEN_FROM_TARGET).values(row=link)[:PER_KIND]),
        others=CountOf(as_it_comes.order_by().values("source_id").distinct()[: COUNTED + 1]),
        placed=JSONRows(placed.order_by(*ContentLink.SEEN_FROM_TARGET).values(row=link)[:ARRANGED_PER_KIND]),
        arrangement=JSONRows(rows.order_by("pk").values(row=row)),
    )
    return _put_together(page, list(kinds))


def pages_linking_to(page, *kinds: str):
    """The pages that name ``page``, by whatever kind or by one of ``kinds``, but for those that it hides."""
    links = links_to(original_key(page)).exclude(hidden(page))
    if kinds:
        links = links.filter(kind__in=kinds)
    return ContentPage.objects.filter(pk__in=links.order_by().values("source_id"))


def kind_of_link(page, source: OuterRef, kinds) -> Subquery:
    """The kind by which the page with the key ``source`` names ``page``, the first of ``kinds``; NULL when it does not."""
    links = links_to(original_key(page)).exclude(hidden(page)).filter(source_id=source, kind__in=kinds)
    return Subquery(links.order_by(*ContentLink.SEEN_FROM_TARGET).values("kind")[:1])


def kinds_at(page) -> list[LinkKind]:
    """The kinds of links by which ``page`` is named, as far as readers see any."""
    links = links_to(original_key(page)).exclude(hidden(page)).filter(kind=OuterRef("slug"))
    return list(LinkKind.objects.filter(Exists(links)).in_order())


def _put_together(page, kinds) -> Incoming:
    by_slug = kinds_by_code(kinds)
    rows = arrangement_in_draft(page)
    if rows is None:
        rows = [_arrangement(kind.slug, row) for kind in kinds for row in kind.arrangement]
    places = {row.key: row.place for row in reversed(rows) if row.place is not None}
    placed = [row for kind in kinds for row in kind.placed]
    placed.sort(key=lambda row: (places[row["source"], row["kind"]], *_order(row)))
    others = sorted(_in_turns(kinds, SHOWN - sum(not by_slug[row["kind"]].at_the_head for row in placed)), key=_order)
    found = Incoming(kinds=by_slug)
    found.wordings = {row.key: row.wording for row in reversed(rows) if row.wording}
    for row in placed + others:
        values = {"pk": row["id"], "source_id": row["source"], "kind": row["kind"], "note": row["note"]}
        found.links.append(ContentLink(target_id=original_key(page), **values))
    for kind in kinds:
        found.read[kind.slug] = len({link.source_id for link in found.links if link.kind == kind.slug})
        found.totals[kind.slug] = len({row["source"] for row in placed if row["kind"] == kind.slug}) + kind.others
    return found


def _in_turns(kinds, room: int) -> list[dict]:
    """Of the first links of each kind as many as there is room for, one of each kind in turn; at the head all of them."""
    taken = [row for kind in kinds if kind.at_the_head for row in kind.first]
    turns = zip_longest(*(kind.first for kind in kinds if not kind.at_the_head))
    in_turn = [row for turn in turns for row in turn if row]
    return taken + in_turn[: max(0, room)]


def _arrangement(kind: str, row: dict) -> IncomingLink:
    """A row as JSON brings it; SQLite has numbers for yes and no."""
    return IncomingLink(
        kind=kind, source_id=row["source"], place=row["place"], hidden=bool(row["hidden"]), wording=row["wording"]
    )


def _order(row: dict) -> tuple:
    return row["order"] or 0, row["source"], row["id"]
