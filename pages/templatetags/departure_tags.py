"""Template tags of the screens on which pages are taken away or moved."""

from django import template

from pages import departures, pointers

register = template.Library()


def _pages(chosen) -> list:
    """The pages of a screen: of one, or of the entries of a bulk action."""
    return [entry["item"] for entry in chosen] if isinstance(chosen, list) else [chosen]


@register.simple_tag(takes_context=True)
def what_points_at(context, chosen):
    """``pointers.Pointing``, as far as whoever asks may be told."""
    return pointers.pointing_at(_pages(chosen), context["request"].user)


@register.simple_tag(takes_context=True)
def leading_form(context, chosen):
    """The form that asks where readers are sent."""
    return getattr(context["request"], "leading_form", None) or departures.LeadingForm(pages=_pages(chosen))
