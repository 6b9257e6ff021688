"""What points at pages, for whoever is about to take them away: by links, bylines, topics, series, and in texts."""

import json
from dataclasses import dataclass, field

from django.contrib.contenttypes.models import ContentType
from django.db import connection
from django.db.models import CharField, Exists, OuterRef, Q
from django.db.models.expressions import RawSQL
from django.db.models.functions import Cast, JSONObject
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from wagtail.contrib.redirects.models import Redirect
from wagtail.models import Page, ReferenceIndex

from pages.json_rows import CountOf, JSONRows
from pages.models import (
    ContentLink,
    Contribution,
    HomePageFeature,
    LinkKind,
    PageTopic,
    PathStep,
    SearchPromotion,
    SeriesItem,
    TopicPick,
)
from pages.nameable import nameable_to
from pages.providers import comments_of
from pages.sight import worked_on_by
from people.visibility import seen_through

SHOWN = 5
COUNTED = 1_000

# What is said of a page that points, by the model that does, the field that names, and the one whose page it is.
RELATIONS = [
    (Contribution, "person", "page", _("Contributor to")),
    (PageTopic, "topic", "page", _("Topic of")),
    (SeriesItem, "page", "series", _("Part of")),
    (PathStep, "page", "path", _("Step of the reading path")),
    (TopicPick, "page", "topic", _("Shown first under")),
    (HomePageFeature, "page", "home", _("Shown first on")),
]
# The same as the index of references has it, with what only arranges links.
STATED_ABOVE = [
    *["links.item.target", "contributions.item.person", "page_topics.item.topic"],
    *["items.item.page", "steps.item.page", "picks.item.page", "features.item.page", "incoming.item.source", "alias_of"],
]


@dataclass
class Pointer:
    """Pages that point in one way: how many there are, and the first few that the account may be told of."""

    words: str
    count: int
    keys: list[int]
    pages: list[Page] = field(default_factory=list)

    @property
    def beyond(self) -> int:
        return self.count - len(self.pages)

    @property
    def is_more(self) -> bool:
        """Whether there are more than were counted."""
        return self.count > COUNTED


@dataclass
class Pointing:
    """All that points at some pages from elsewhere; empty when nothing does."""

    pointers: list[Pointer]
    comments: int  # published ones of readers
    old_addresses: int
    promotions: int  # of searches that recommend them

    def __bool__(self):
        return bool(self.pointers or self.comments or self.old_addresses or self.promotions)


def with_what_stands_beneath(pages) -> Q:
    """The condition on pages: one of ``pages``, or beneath it. Of one size for however many, as SQLite asks for."""
    return Q(pk__in=_keys_beneath([page.path for page in pages]))


def _keys_beneath(paths: list[str]) -> RawSQL:
    """Each path has its stretch of the index, since nothing in a path is greater than Z."""
    params = [json.dumps(paths), "Z" * 255]
    if connection.vendor == "postgresql":
        return RawSQL(
            "SELECT page.id FROM jsonb_array_elements_text(%s::jsonb) AS place(value)"
            " JOIN wagtailcore_page AS page ON page.path >= place.value AND page.path <= place.value || %s",
            params,
        )
    return RawSQL(  # CROSS keeps SQLite to this order
        "SELECT page.id FROM json_each(%s) AS place CROSS JOIN wagtailcore_page AS page"
        " WHERE page.path >= place.value AND page.path <= place.value || %s",
        params,
    )


def pointing_at(pages, user) -> Pointing:
    """What points at ``pages`` and what stands beneath them, from elsewhere; titles as far as ``user`` may be told.

    The number of queries is the same for however many pages and whatever points at them.
    """
    scope = Page.objects.filter(with_what_stands_beneath(pages)).order_by().values("pk")
    pointers = [*_by_links(scope), *_by_relations(scope), *_in_texts(scope)]
    _name(pointers, user)
    old_addresses = Redirect.objects.filter(redirect_page__in=scope).count()
    return Pointing(pointers, comments_of(scope), old_addresses, SearchPromotion.objects.filter(page__in=scope).count())


def _by_links(scope) -> list[Pointer]:
    links = ContentLink.objects.filter(target__in=scope, kind=OuterRef("slug"), source__alias_of__isnull=True)
    links = links.exclude(source__in=scope)
    sources = links.order_by("source_id").values("source_id").distinct()
    kinds = LinkKind.objects.in_order().annotate(
        first=JSONRows(sources.values(row=JSONObject(source="source_id"))[:SHOWN]), number=CountOf(sources[: COUNTED + 1])
    )
    return [
        Pointer(_("By a link: “%(kind)s”") % {"kind": kind.own_name}, kind.number, [row["source"] for row in kind.first])
        for kind in kinds
        if kind.number
    ]


def _by_relations(scope) -> list[Pointer]:
    found = []
    for model, names, owner, words in RELATIONS:
        rows = model.objects.filter(**{f"{names}__in": scope, f"{owner}__alias_of__isnull": True})
        found.append(
            (words, rows.exclude(**{f"{owner}__in": scope}).order_by(f"{owner}_id").values_list(f"{owner}_id", flat=True))
        )
    aliases = Page.objects.filter(alias_of__in=scope).exclude(pk__in=scope)
    return _pointers([*found, (_("Shown a second time at"), aliases.order_by("pk").values_list("pk", flat=True))])


def _in_texts(scope) -> list[Pointer]:
    """Where texts name the pages, or one of their aliases, which go along."""
    kind = ContentType.objects.get_for_model(Page)
    going = _as_text(Page.objects.filter(Q(pk__in=scope) | Q(alias_of__in=scope)))
    rows = ReferenceIndex.objects.filter(base_content_type=kind, to_content_type=kind, to_object_id__in=going)
    rows = rows.exclude(object_id__in=going).exclude(model_path__in=STATED_ABOVE)
    rows = rows.exclude(object_id__in=_as_text(Page.objects.filter(alias_of__isnull=False)))
    return _pointers([(_("Named in the text or the fields of"), rows.order_by("object_id").values_list("object_id", flat=True))])


def _as_text(pages):
    """The keys of ``pages`` as the index of references holds them."""
    return pages.order_by().values(key=Cast("pk", CharField()))


def _pointers(found) -> list[Pointer]:
    pointers = []
    for words, rows in found:
        keys = [int(key) for key in rows.distinct()[: COUNTED + 1]]
        pointers.append(Pointer(words, len(keys), keys[:SHOWN]))
    return [pointer for pointer in pointers if pointer.count]


def _name(pointers, user) -> None:
    """Give each pointer its pages, each with ``hidden`` and, where ``user`` may mend it, ``mend``, an address."""
    keys = {key for pointer in pointers for key in pointer.keys}
    pages = (
        nameable_to(user, aliases=True)
        .filter(pk__in=keys)
        .annotate(
            shown=Exists(Page.objects.filter(seen_through(""), pk=OuterRef("pk"))),
            own=Exists(worked_on_by(user).filter(pk=OuterRef("pk"))),
        )
    )
    named = {page.pk: page for page in pages}
    for page in named.values():
        page.hidden = not page.shown
        page.mend = reverse("wagtailadmin_pages:edit", args=[page.pk]) if page.own else ""
    for pointer in pointers:
        pointer.pages = [named[key] for key in pointer.keys if key in named]
