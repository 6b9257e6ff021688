"""What Wagtail asks before it shows a page."""

from django.http import Http404
from wagtail import hooks

from people.visibility import is_published


@hooks.register("before_serve_page", order=-1)
def refuse_what_is_not_published(page, request, args, kwargs):
    """404 for a page of any type whose time has not come or is past: Wagtail looks at ``live``, which the worker sets."""
    if not is_published(page):
        raise Http404
