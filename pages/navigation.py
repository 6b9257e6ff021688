"""Where a page stands on its site: main menu, breadcrumbs, byline, place in its series."""

from itertools import groupby

from wagtail.models import Page
from wagtail.query import PageQuerySet

from pages.models import ContentPage, Contribution, Role, SeriesPage, TopicPage
from people.models import PersonPage
from people.visibility import VisibilityQuerySetMixin, is_visible


class AnyPageQuerySet(VisibilityQuerySetMixin, PageQuerySet):
    """Pages of whatever type, with the rule of what readers may see."""


def any_pages() -> AnyPageQuerySet:
    return AnyPageQuerySet(Page)


def main_menu(site) -> list[Page]:
    """The pages under the site's home that editors put into the menu."""
    return list(any_pages().visible().child_of(site.root_page).in_menu().order_by("path"))


def breadcrumbs(page: Page) -> list[Page]:
    """The published pages above ``page``, from the home page down; empty for the home page itself.

    Who reads ``page`` has passed every restriction above it already.
    """
    if not page.pk or page.depth <= 2:
        return []
    return list(any_pages().published().ancestor_of(page).filter(depth__gte=2).order_by("path"))


def canonical_url(page: Page) -> str | None:
    """The one full address of what ``page`` shows: an alias's source, unless readers may not see that."""
    return page.alias_of.full_url if page.alias_of_id and is_visible(page.alias_of) else page.full_url


def credits_of(page: ContentPage) -> list[Contribution]:
    """The contributions in the order of the byline, each with the profile that readers may see; read once for a page."""
    if not hasattr(page, "_credits"):
        page._credits = list(page.contributions.all())
        keys = {row.person_id for row in page._credits} - {None}
        seen = {person.pk: person for person in PersonPage.objects.filter(pk__in=keys).visible().for_cards()} if keys else {}
        for row in page._credits:
            row.profile = seen.get(row.person_id)
    return page._credits


def topics_of(page: ContentPage) -> list[TopicPage]:
    """The topics of ``page`` that readers may see, in the editor's order; read once for the page at hand."""
    if not hasattr(page, "_topics"):
        order = [place.topic_id for place in page.page_topics.all()]
        seen = {topic.pk: topic for topic in TopicPage.objects.filter(pk__in=order).visible().defer("body")} if order else {}
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


def works_of(person) -> list[dict]:
    """``[{"role", "label", "pages"}]``: what ``person`` contributed to that readers may see, by role, newest first."""
    rows = person.contributions.order_by().values_list("page_id", "role") if person.pk else []
    pages_by_role = {}
    for page_id, role in rows:
        pages_by_role.setdefault(role, set()).add(page_id)
    wanted = set().union(*pages_by_role.values()) if pages_by_role else set()
    pages = list(ContentPage.objects.filter(pk__in=wanted).listed().newest_first().for_cards())
    works = [
        {"role": role.value, "label": role.label, "pages": [page for page in pages if page.pk in pages_by_role.get(role, ())]}
        for role in Role
    ]
    return [work for work in works if work["pages"]]


def series_of(page: ContentPage) -> list[dict]:
    """The series that ``page`` belongs to, each with its place there: ``{"series", "position", "total", …}``."""
    found = []
    if not page.discussed_page_id:
        return found
    for series in SeriesPage.objects.filter(items__page_id=page.discussed_page_id).listed().order_by("pk").defer("body"):
        if steps := series.steps(page):
            found.append({"series": series, **steps})
    return found
