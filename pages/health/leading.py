"""What leads to pages: which of a portion of pages readers are led to by other pages, menus or the site's settings.

That a section or a topic lists a page does not count, nor that a page is under a topic: lists grow, and nobody comes to
their fortieth screen.
"""

from django.contrib.contenttypes.models import ContentType
from django.db.models import Exists, OuterRef, Q
from django.db.models.functions import Length, Substr
from wagtail.models import Page, ReferenceIndex, Site

from pages.models import (
    ContentLink,
    ContentPage,
    Contribution,
    HomePageFeature,
    IncomingLink,
    PathStep,
    SearchPromotion,
    SeriesItem,
    TopicPick,
)
from pages.navigation import any_pages, menus
from pages.pointers import STATED_ABOVE
from people.visibility import seen_in_bulk


def led_to(pages: list[Page]) -> set[int]:
    """The keys of those of ``pages`` that something public leads to. As many queries for many as for one."""
    keys = {page.pk for page in pages}
    found = _by_links(keys) | _by_rows(keys) | _by_tree(pages) | _by_menus()
    left = keys - found
    return (found & keys) | (_by_texts(left) if left else set())


def _by_links(keys) -> set[int]:
    """By links, which readers see at both ends unless the one that is named hides them."""
    forward = ContentLink.objects.filter(seen_in_bulk("source__"), source__alias_of__isnull=True, target__in=keys)
    backward = ContentLink.objects.filter(seen_in_bulk("target__"), shown_at_both_ends(), source__in=keys)
    backward = backward.filter(target__in=ContentPage.objects.original().order_by().values("pk"))
    return _column(forward, "target_id") | _column(backward, "source_id")


def shown_at_both_ends():
    """The condition on links that the pages which they name do not hide them."""
    same = {"page": OuterRef("target"), "source": OuterRef("source"), "kind": OuterRef("kind")}
    return ~Exists(IncomingLink.objects.filter(**same, hidden=True))


def _by_rows(keys) -> set[int]:
    """By bylines, series, reading paths, and what editors put first."""
    found = _column(Contribution.objects.filter(seen_in_bulk("page__"), person__in=keys), "person_id")
    # A series leads to its parts, and each part to its series.
    parts = SeriesItem.objects.filter(seen_in_bulk("page__"), seen_in_bulk("series__"))
    found |= _column(parts.filter(page__in=keys), "page_id") | _column(parts.filter(series__in=keys), "series_id")
    for model, owner in ((PathStep, "path"), (TopicPick, "topic"), (HomePageFeature, "home")):
        found |= _column(model.objects.filter(seen_in_bulk(f"{owner}__"), page__in=keys), "page_id")
    return found


def _by_tree(pages) -> set[int]:
    """By what stands beneath, whose breadcrumbs lead up; and by a publication, which shows what stands beneath it."""
    above = {page.path[: -Page.steplen] for page in pages}
    publications = any_pages().visible().filter(path__in=above, content_type__model="publicationpage")
    shown = set(publications.values_list("path", flat=True))
    return holding(pages) | {page.pk for page in pages if page.path[: -Page.steplen] in shown}


def holding(pages) -> set[int]:
    """The keys of those of ``pages`` directly beneath which something public stands. Two queries."""
    paths = {page.path: page.pk for page in pages if page.numchild}
    if not paths:
        return set()
    depths = {page.path: page.depth for page in pages}
    beneath = Q(*(Q(path__startswith=path, depth=depths[path] + 1) for path in paths), _connector=Q.OR)
    above = Substr("path", 1, Length("path") - Page.steplen)
    found = any_pages().visible().filter(beneath).order_by().annotate(above=above).values_list("above", flat=True)
    return {paths[path] for path in found.distinct()}


def _by_menus() -> set[int]:
    """By the main menu and the foot of every page; the root of a site is where readers come in."""
    found = set()
    for site in Site.objects.select_related("root_page"):
        shown = menus(site)
        found |= {site.root_page_id} | {page.pk for page in (*shown["main"], *shown["foot"])}
    return found


def _by_texts(keys) -> set[int]:
    """By running text, blocks and fields, also of what is no page, such as the rules of the discussion.

    A promoted result leads only those who search for it.
    """
    aliases = dict(Page.objects.filter(alias_of__in=keys).values_list("pk", "alias_of_id"))
    kind = ContentType.objects.get_for_model(Page)
    wanted = [str(key) for key in (*keys, *aliases)]
    rows = ReferenceIndex.objects.filter(to_content_type=kind, to_object_id__in=wanted).exclude(model_path__in=STATED_ABOVE)
    rows = rows.exclude(base_content_type=ContentType.objects.get_for_model(SearchPromotion))
    rows = [
        (int(to), int(source) if base == kind.pk else None)
        for to, source, base in rows.values_list("to_object_id", "object_id", "base_content_type_id")
    ]
    sources = {source for _to, source in rows if source}
    seen = set(any_pages().visible().filter(pk__in=sources, alias_of__isnull=True).values_list("pk", flat=True))
    led = set()
    for to, source in rows:
        to = aliases.get(to, to)
        if source is None or (source in seen and source != to):
            led.add(to)
    return led


def _column(rows, name: str) -> set[int]:
    return set(rows.order_by().values_list(name, flat=True).distinct())
