"""Who answers beneath a page."""

from django import template
from django.db.models import Exists, OuterRef
from django.db.models.functions import Length, Substr
from wagtail.models import PageViewRestriction

from people.models import PersonPage

register = template.Library()


@register.simple_tag
def host_of(page) -> PersonPage | None:
    """The profile of the host whom the editor named; None when there is none that every reader may see. One query at most."""
    if not page.discussion_host_id:
        return None
    above = PageViewRestriction.objects.filter(page__path=Substr(OuterRef("path"), 1, Length("page__path")))
    return PersonPage.objects.published().filter(~Exists(above), pk=page.discussion_host_id).defer("biography").first()
