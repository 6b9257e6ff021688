"""Where a page stands on its site: main menu, breadcrumbs, byline, place in its series."""

from itertools import groupby

from wagtail.models import Page
from wagtail.query import PageQuerySet

from pages.models import ContentPage, Contribution, Role, SeriesItem, SeriesPage, StandardPage, TopicPage
from pages.models.own_rows import own_rows
from people.models import PersonPage
from people.visibility import VisibilityQuerySetMixin, is_published, is_visible, seen_through


class AnyPageQuerySet(VisibilityQuerySetMixin, PageQuerySet):
    """Pages of whatever type, with the rule of what readers may see."""


def any_pages() -> AnyPageQuerySet:
    return AnyPageQuerySet(Page)


def menus(site) -> dict:
    """``{"main", "foot"}``: the pages under the site's home that editors put into the menu, and the plain pages they did not.

    Found by their types: of a hundred thousand pages beneath the home page few are of a type that stands directly there.
    """
    types = site.root_page.specific_class.allowed_subpage_models()
    below = any_pages().exact_type(*types).child_of(site.root_page).visible().order_by("path")
    found = list(below.only("title", "url_path", "path", "depth", "show_in_menus", "content_type"))
    plain = [page for page in found if page.specific_class is StandardPage]
    return {"main": [page for page in found if page.show_in_menus], "foot": [page for page in plain if not page.show_in_menus]}


def breadcrumbs(page: Page, home: Page | None = None) -> list[Page]:
    """The published pages above ``page``, from the home page down; empty for the home page itself. Read once for a page.

    Who reads ``page`` has passed every restriction above it already. ``home`` spares asking where nothing else is above.
    """
    if not page.pk or page.depth <= 2:
        return []
    if home and page.depth == home.depth + 1 == 3 and page.path.startswith(home.path) and is_published(home):
        return [home]
    if getattr(page, "way", None):
        return [above for above in page.way if is_published(above)]
    if not hasattr(page, "_above"):
        page._above = list(any_pages().published().ancestor_of(page).filter(depth__gte=2).order_by("path"))
    return page._above


def canonical_url(page: Page) -> str | None:
    """The one full address of what ``page`` shows: an alias's source, unless readers may not see that."""
    return page.alias_of.full_url if page.alias_of_id and is_visible(page.alias_of) else page.full_url


def credits_of(page: ContentPage) -> list[Contribution]:
    """The contributions in the order of the byline, each with the profile that readers may see; read once for a page."""
    if not hasattr(page, "_credits"):
        page._credits = own_rows(page, "contributions")
        keys = {row.person_id for row in page._credits} - {None}
        seen = (
            {person.pk: person for person in PersonPage.objects.filter(pk__in=keys).visible_at_once().for_cards()} if keys else {}
        )
        for row in page._credits:
            row.profile = seen.get(row.person_id)
    return page._credits


def topics_of(page: ContentPage) -> list[TopicPage]:
    """The topics of ``page`` that readers may see, in the editor's order; read once for the page at hand. A topic has none."""
    if isinstance(page, TopicPage):
        return []
    if not hasattr(page, "_topics"):
        order = [place.topic_id for place in own_rows(page, "page_topics")]
        seen = (
            {topic.pk: topic for topic in TopicPage.objects.filter(pk__in=order).visible_at_once().defer("body")} if order else {}
        )
        page._topics = [seen[pk] for pk in order if pk in seen]
    return page._topics


def byline(page: ContentPage) -> list[dict]:
    """``[{"role", "words", "rows"}]``: contributions by role, in the order in which each role first appears."""
    rows = list(credits_of(page))
    first_places = {}
    for place, row in enumerate(rows):
        first_places.setdefault(row.role, place)
    rows.sort(key=lambda row: first_places[row.role])
    return [
        {"role": role, "words": Role(role).byline, "rows": list(group)} for role, group in groupby(rows, key=lambda row: row.role)
    ]


def series_of(page: ContentPage, places: dict | None = None) -> list[dict]:
    """The series that ``page`` belongs to, each with its place there, out of ``places_in_series``, read here if not given."""
    key = page.discussed_page_id
    return (places_in_series([key]) if places is None else places).get(key, [])


def places_in_series(keys) -> dict[int, list[dict]]:
    """``{page key: [{"series", "position", "total", "previous", "next"}]}`` of many pages, in one query.

    Counted are the parts that readers may see. Series and neighbours have what their links need: a title and an address.
    """
    keys = set(keys) - {None}
    if not keys:
        return {}
    together = SeriesItem.objects.filter(page_id__in=keys).order_by().values("series_id")
    rows = SeriesItem.objects.filter(seen_through("series__"), seen_through("page__"), series_id__in=together)
    rows = rows.filter(series__alias_of__isnull=True, page__alias_of__isnull=True).order_by("series_id", "sort_order", "pk")
    columns = ("series_id", "series__title", "series__url_path", "page_id", "page__title", "page__url_path")
    found = {}
    for series, parts in groupby(rows.values_list(*columns), key=lambda row: row[:3]):
        parts = [row[3:] for row in parts]  # rows, since a series may have thousands of parts: pages are made of few
        whole = SeriesPage(pk=series[0], title=series[1], url_path=series[2])
        for place, (key, *_) in enumerate(parts):
            if key in keys:
                before, after = parts[max(0, place - 1) : place], parts[place + 1 : place + 2]
                around = {"previous": _part(before), "next": _part(after)}
                found.setdefault(key, []).append({"series": whole, "position": place + 1, "total": len(parts), **around})
    return found


def _part(rows) -> ContentPage | None:
    return next((ContentPage(pk=pk, title=title, url_path=url_path) for pk, title, url_path in rows), None)
