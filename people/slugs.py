"""Addresses that belong to Hub itself and so to no page."""

from django.conf import settings
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _


def refuse_reserved_slug(slug: str) -> None:
    """Raise ``ValidationError`` on ``slug`` when a page so named beneath the home page could never be reached."""
    if slug in settings.HUB_RESERVED_SLUGS:
        raise ValidationError({"slug": _("“%(slug)s” is an address that the site itself uses. Choose another.") % {"slug": slug}})
