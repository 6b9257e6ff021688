"""Which pages have something said beneath them, for filters of pages; for ``pages.providers``."""

from discussion.models import Discussion


def pages():
    """The keys of pages with a published comment, as a queryset."""
    return Discussion.objects.filter(published_count__gt=0).values("page")


def number_among(keys: list[int]) -> int:
    """How many of the pages with ``keys`` are among them."""
    return pages().filter(page__in=keys).count()
