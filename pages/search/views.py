"""The page of search, and what it suggests while one types."""

from django.conf import settings
from django.core.paginator import Paginator
from django.http import JsonResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe
from wagtail.models import Page

from pages import providers
from pages.models import SearchEntry
from pages.search import promotions, record, store
from pages.search import query as asking
from pages.search.facets import Facets, kind_labels
from pages.search.finding import MOST, find
from pages.search.narrowing import Narrowing
from pages.search.results import results
from people.visibility import seen_in_bulk

SUGGESTED, LOOKED_AT, SHORTEST = 6, 50, 2  # titles, of so many; letters of what is being typed


def typed(request) -> str:
    """What was asked for, as it is shown again."""
    return request.GET.get("q", "").replace("\x00", "")[: asking.LENGTH].strip()


@require_safe
def search(request):
    """``/search/?q=…``: pages of every kind, people and plain pages, best first, with the ways to narrow them."""
    words, chosen = typed(request), Narrowing.from_query(request.GET)
    found = find(asking.parse(words), chosen)
    if not found.pages and (today := chosen.with_names_of_today()) != chosen:
        chosen, found = today, find(asking.parse(words), today)
    listed = Paginator(found.keys, settings.HUB_LISTING_SIZE).get_page(request.GET.get("page"))
    ways = Facets(words, chosen)
    if found.query and not found.too_much and request.method == "GET" and listed.number == 1 and not chosen:
        record.keep(words, len(found.pages), found.capped)
    context = {
        "words": words,
        "chosen": chosen,
        "found": found,
        "most": MOST,
        "listed": listed,
        "results": results(list(listed), found.query),
        "facets": ways.among(found.pages) if found.pages or chosen.leaves_out else [],
        "orders": ways.orders(),
        "everything": ways.without_any(),
        "promoted": promotions.for_query(words) if listed.number == 1 else [],
        "comments": providers.comments_found(words) if words else {},
    }
    return render(request, "pages/search.html", context)


@require_safe
def suggestions(request):
    """``/search/suggestions/?q=…``: titles that hold the words as far as they are typed, as JSON; no more than six."""
    query = asking.parse(typed(request)).beginning()
    labels = kind_labels()
    rows = [
        {"text": page.title, "kind": labels[page.search_entry.kind], "url": page.get_url(request)} for page in _suggested(query)
    ]
    return JsonResponse({"suggestions": rows})


def _suggested(query: asking.Query) -> list[Page]:
    # Signs that are a word each, and what stands on both sides of a hyphen, are typed as one.
    if not query or sum(len(term.word) for term in query.clauses[-1].typed_terms) < SHORTEST:
        return []
    try:
        with store.bounded():
            found = store.chosen().titled(SearchEntry.objects.all(), query, MOST)
    except store.TooMuch:
        return []
    keys = [key for key, _title, _rank in found]
    shown = Page.objects.filter(seen_in_bulk(""), pk__in=keys[:LOOKED_AT], alias_of__isnull=True)
    by_key = {page.pk: page for page in shown.select_related("search_entry")}
    return [by_key[key] for key in keys if key in by_key][:SUGGESTED]
