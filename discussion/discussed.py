"""Which pages have something said beneath them, for filters of pages; for ``pages.providers``."""

from collections.abc import Iterable

from discussion.openness import said, shown_of
from people.many import many


def pages():
    """The keys of pages with a published comment, whether readers see it or not, as a queryset."""
    return said().values("page")


def among(keys: Iterable[int]) -> set[int]:
    """Those of the pages with ``keys`` beneath which readers find a comment; two queries at most."""
    rows = said().filter(page__in=many(keys)).select_related("page")
    return shown_of(rows.only("override", "override_until", "page__path", "page__discussion_mode"))
