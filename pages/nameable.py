"""Which pages an account may be told of: those that readers see, and those that it may work on."""

from django.db.models import Q

from pages.navigation import AnyPageQuerySet, any_pages
from pages.sight import worked_on_by
from people.visibility import seen_through

# What a link can name, as the model's own panel says by type: content, sections and profiles.
LINKABLE = Q(contentpage__isnull=False) | Q(sectionpage__isnull=False) | Q(personpage__isnull=False)


def nameable_to(user, *, aliases: bool = False) -> AnyPageQuerySet:
    """Pages whose titles ``user`` may be shown; without aliases, whose source is meant, unless these are asked for."""
    pages = any_pages().filter(depth__gt=1)
    if not aliases:
        pages = pages.filter(alias_of__isnull=True)
    if user.is_active and user.is_superuser:
        return pages
    return pages.filter(seen_through("") | Q(pk__in=worked_on_by(user).values("pk")))


def linkable_to(user) -> AnyPageQuerySet:
    """Those of them that a link can name."""
    return nameable_to(user).filter(LINKABLE)
