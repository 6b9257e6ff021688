"""What readers may see, decided at the moment of asking.

Publishing and expiry are done by a periodic job, but visibility never waits for it: a page whose time has passed
is gone at that second, worker or not.
"""

from django.db.models import CharField, Exists, ExpressionWrapper, F, OuterRef, Q
from django.utils import timezone
from wagtail.models import Page, PageViewRestriction, Site

from people.reading import once


class VisibilityQuerySetMixin:
    """For page querysets. Pages share it so that "what a reader may see" is written once."""

    def published(self):
        """Live now: published, its time come and not past, on a site of the hub."""
        return self.filter(_published_through(""))

    def visible(self):
        """Published and open to everybody: no log-in, password or group asked here or above. One query more."""
        return self.filter(seen_in_bulk(""))

    def unrestricted(self):
        """As ``public()``, within the query itself. For a handful of pages: each is held against every restriction."""
        return self.filter(~Exists(restrictions_through("")))

    def visible_at_once(self):
        """The same as ``visible()`` without its further query: for screens that count theirs."""
        return self.filter(seen_through(""))


class KnowsItsWayMixin:
    """For page types: ``way`` are the pages above, from the site's home page down, where the page was found by its address."""

    way: list[Page] | None = None

    def get_view_restrictions(self):
        """As Wagtail's, which asks for the pages above each time. No query where nothing on the site is restricted."""
        return PageViewRestriction.objects.filter(pk__in={pk for pk, path in _restrictions() if self.path.startswith(path)})

    def save(self, *args, **kwargs):
        """As ever; and an alias of an alias becomes one of the source, which then stands one step away."""
        while self.alias_of_id and self.alias_of.alias_of_id:
            self.alias_of_id = self.alias_of.alias_of_id
        return super().save(*args, **kwargs)


def seen_through(path: str) -> Q:
    """The rule of ``visible()`` as a condition on rows that lead to a page by ``path``, such as ``source__``; empty for pages.

    Asks nothing by itself, so that it holds within any query.
    """
    return _published_through(path) & ~Exists(restrictions_through(path))


def seen_in_bulk(path: str) -> Q:
    """The same for queries over very many rows: asks at once, by one query, which parts of the tree are restricted."""
    seen = _published_through(path)
    for above in restricted_paths():
        seen &= ~Q(**{f"{path}path__startswith": above})
    return seen


def restricted_paths() -> set[str]:
    """The paths of all pages that ask for something, and beneath which everything does."""
    return {path for _pk, path in _restrictions()}


def _restrictions() -> list[tuple[int, str]]:
    """``[(key of a restriction, path of a page that has it)]``: as Wagtail has it, the page itself and each alias of it.

    What stands above a source does not hold for its alias, which has a place of its own. Rows of aliases say nothing:
    Wagtail copies those that their sources had at the time.
    """
    return once("view restrictions", _read_restrictions)


def _read_restrictions() -> list[tuple[int, str]]:
    rows = _of_sources().order_by().values_list("pk", "page__path", "page__aliases__path")
    return [(pk, path) for pk, *paths in rows for path in paths if path]


def restrictions_through(path: str):
    """The same as a subquery: those that hold for the page by ``path``."""
    restrictions = _of_sources().annotate(below=ExpressionWrapper(OuterRef(f"{path}path"), CharField()))
    return restrictions.filter(Q(below__startswith=F("page__path")) | Q(below__startswith=F("page__aliases__path")))


def _of_sources():
    return PageViewRestriction.objects.filter(page__alias_of__isnull=True)


def _published_through(path: str) -> Q:
    """The rule of ``published()`` as a condition."""
    now = timezone.now()
    return (
        Q(**{f"{path}live": True})
        & (Q(**{f"{path}go_live_at__isnull": True}) | Q(**{f"{path}go_live_at__lte": now}))
        & (Q(**{f"{path}expire_at__isnull": True}) | Q(**{f"{path}expire_at__gt": now}))
        & Q(*((f"{path}url_path__startswith", root) for root in _roots()), **{f"{path}pk__in": []}, _connector=Q.OR)
    )


def _roots() -> set[str]:
    """The paths of all home pages. What stands beneath none of them has no address: readers cannot get there."""
    return once("roots of sites", lambda: {site.root_path for site in Site.get_site_root_paths()})


def is_on_a_site(page) -> bool:
    """Whether ``page`` stands where it has an address."""
    return any(page.url_path.startswith(root) for root in _roots())


def is_published(page) -> bool:
    """The same rule as ``published()`` for one page already loaded, aliases included."""
    now = timezone.now()
    return bool(
        page.live
        and (page.go_live_at is None or page.go_live_at <= now)
        and (page.expire_at is None or page.expire_at > now)
        and is_on_a_site(page)
    )


def is_visible(page) -> bool:
    """Published and open to everybody. At most one query, for the view restrictions."""
    return is_published(page) and not page.get_view_restrictions().exists()
