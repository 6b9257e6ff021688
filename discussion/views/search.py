"""The comments that a search finds, beside the pages."""

from dataclasses import dataclass
from urllib.parse import urlencode

from django.core.paginator import Paginator
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from discussion import search
from discussion.addresses import address_of
from discussion.models import PageComment
from pages.search import query as asking
from pages.search.facets import Choice
from pages.search.highlighting import Marker, Piece
from pages.search.narrowing import BEST, NEWEST
from pages.search.views import typed

SHOWN = 20


@dataclass(frozen=True)
class FoundComment:
    comment: PageComment
    url: str
    passage: list[Piece]


@require_safe
def comments(request):
    """``/search/comments/?q=…``: what readers said, best first or newest first."""
    words, order = typed(request), NEWEST if request.GET.get("sort") == NEWEST else BEST
    query = asking.parse(words)
    keys, capped = search.find(query, order)
    listed = Paginator(keys, SHOWN).get_page(request.GET.get("page"))
    context = {
        "words": words,
        "capped": capped,
        "most": search.MOST,
        "listed": listed,
        "results": _results(list(listed), query),
        "orders": [_order(words, BEST, _("Best first"), order), _order(words, NEWEST, _("Newest first"), order)],
        "pages_url": f"{reverse('search')}?{urlencode({'q': words})}",
    }
    return render(request, "discussion/search.html", context)


def _results(keys: list[int], query: asking.Query) -> list[FoundComment]:
    marker = Marker(query)
    found = PageComment.objects.select_related("page").defer("page__body", "comment").in_bulk(keys)
    return [
        FoundComment(found[key], address_of(found[key]), marker.mark(search.text_of(found[key])).extract())
        for key in keys
        if key in found
    ]


def _order(words: str, value: str, label: str, chosen: str) -> Choice:
    return Choice(label, None, value == chosen, urlencode({"q": words} | ({"sort": value} if value else {})))
