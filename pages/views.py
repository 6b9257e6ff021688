"""Search over all types, and what links to a page."""

from django.conf import settings
from django.core.paginator import Paginator
from django.http import Http404
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.cache import add_never_cache_headers
from django.utils.text import capfirst
from django.views.decorators.http import require_safe

from pages import incoming
from pages.choices import LARGEST_KEY
from pages.filters import ListingFilter
from pages.models import ContentPage, LinkKind, TopicPage
from pages.models.base import LISTED_KINDS
from people.models import PersonPage
from people.visibility import is_published

QUERY_LENGTH = 200
PEOPLE_SHOWN = 6


@require_safe
def search(request):
    """``/search/?q=…``: content of every kind with filters, and the people whose profile fits."""
    words = request.GET.get("q", "").replace("\x00", "")[:QUERY_LENGTH].strip()
    chosen = ListingFilter.from_query(request.GET)
    pages, people = ContentPage.objects.none(), []
    # The backend for SQLite takes a quotation mark for one of its own and fails.
    sought = words.replace('"', " ").strip()
    if sought:
        # The backend filters by indexed columns of the page alone, so joins stay inside a subquery.
        matching = chosen.apply(ContentPage.objects.listed()).values("pk")
        pages = ContentPage.objects.filter(pk__in=matching).for_cards().search(sought)
        people = PersonPage.objects.visible().for_cards().search(sought)[:PEOPLE_SHOWN]
    context = {
        "words": words,
        "filter": chosen,
        "results": Paginator(pages, settings.HUB_LISTING_SIZE).get_page(request.GET.get("page")),
        "people": people,
        "kinds": [(kind.value, kind.label) for kind in LISTED_KINDS],
        "topics": TopicPage.objects.listed().order_by("title", "pk").only("pk", "title", "slug"),
    }
    return render(request, "pages/search.html", context)


@require_safe
def linked(request, page_id: int, kind: str = ""):
    """``/linked/<page>/`` and ``/linked/<page>/<kind>/``: what links here, the newest first, of all kinds or of one."""
    page = get_object_or_404(ContentPage.objects.defer("body"), pk=min(page_id, LARGEST_KEY))
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
