"""Which pages have something said beneath them, for filters of pages; for ``pages.providers``."""

from collections.abc import Iterable

from discussion.models import Discussion
from discussion.openness import shown_of
from people.many import many


def pages():
    """The keys of pages with a published comment, whether readers see it or not, as a queryset."""
    return _said().values("page")


def among(keys: Iterable[int]) -> set[int]:
    """Those of the pages with ``keys`` beneath which readers find a comment; two queries at most."""
    rows = _said().filter(page__in=many(keys)).select_related("page")
    return shown_of(rows.only("override", "override_until", "page__path", "page__discussion_mode"))


def _said():
    return Discussion.objects.filter(published_count__gt=0)
