"""Search over all types."""

from django.conf import settings
from django.core.paginator import Paginator
from django.shortcuts import render
from django.views.decorators.http import require_safe

from pages.filters import ListingFilter
from pages.models import ContentPage, TopicPage
from pages.models.base import LISTED_KINDS
from people.models import PersonPage

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
