"""What links to a page."""

from django.conf import settings
from django.core.paginator import Paginator
from django.http import Http404
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.cache import add_never_cache_headers
from django.utils.text import capfirst
from django.views.decorators.http import require_safe

from pages import incoming
from pages.choices import LARGEST_KEY
from pages.models import ContentPage, LinkKind, SectionPage
from people.models import PersonPage
from people.visibility import is_published


def _linkable(key: int):
    """The page with this key, of a type that links may name."""
    for pages in (ContentPage.objects.defer("body"), PersonPage.objects.defer("biography"), SectionPage.objects):
        if page := pages.filter(pk=key).first():
            return page
    raise Http404


@require_safe
def linked(request, page_id: int, kind: str = ""):
    """``/linked/<page>/`` and ``/linked/<page>/<kind>/``: what links here, the newest first, of all kinds or of one."""
    page = _linkable(min(page_id, LARGEST_KEY))
    restrictions = list(page.get_view_restrictions())
    if not is_published(page) or not all(restriction.accept_request(request) for restriction in restrictions):
        raise Http404
    if page.alias_of_id:
        return redirect("linked", page.alias_of_id, permanent=False)
    of_kind = get_object_or_404(LinkKind.objects.select_related("merged_into"), slug=kind) if kind else None
    if of_kind and of_kind.merged_into:
        return redirect("linked", page.pk, of_kind.merged_into.slug, permanent=True)
    found = incoming.pages_linking_to(page, *([kind] if kind else [])).newest_first().for_cards()
    context = {
        "page": page,
        "kind": of_kind,
        "heading": capfirst(of_kind.own_inverse_name) if of_kind else "",
        "kinds": incoming.kinds_at(page),
        "results": Paginator(found, settings.HUB_LISTING_SIZE).get_page(request.GET.get("page")),
    }
    response = render(request, "pages/linked.html", context)
    if restrictions:
        add_never_cache_headers(response)
    return response
