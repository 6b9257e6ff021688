"""Pages whose texts are alike, found by the search that readers use: the words of one page looked up in all others.

Done by the worker some time after a page is published. Nothing waits for it, and what it found is only looked up: whether
readers may see a page is asked when it is shown.
"""

from collections import Counter

from django.db import transaction
from django.db.models import F, Q
from django.utils import timezone

from pages.models import ContentPage, SearchEntry, SimilarPage, SimilarSearch
from pages.models.base import LISTED_KINDS
from pages.search import query as asking
from pages.search import store
from pages.search.analysis import words as words_of

AT_ONCE = 20
WORDS, LETTERS = 8, 5  # so many words of at least so many letters
KEPT, LOOKED_AT = 6, 300


def find_some() -> int:
    """Look for pages like those that were published since they were last looked for; how many were done."""
    waiting = (
        ContentPage.objects.listed()
        .of_kind(*LISTED_KINDS)
        .filter(Q(similar_search__isnull=True) | Q(similar_search__done_at__lt=F("last_published_at")))
        .order_by("pk")
        .only("title", "summary")[:AT_ONCE]
    )
    pages = list(waiting)
    for page in pages:
        find(page)
    return len(pages)


@transaction.atomic
def find(page: ContentPage) -> None:
    """Look for pages like ``page`` and keep the most similar."""
    SimilarSearch.objects.update_or_create(pk=page.pk, defaults={"done_at": timezone.now()})
    words = telling_words(f"{page.title} {page.title} {page.summary}")
    alike = []
    if words:
        others = SearchEntry.objects.filter(kind__in=LISTED_KINDS).exclude(pk=page.pk)
        found = store.chosen().best(others, asking.anything(words), LOOKED_AT)
        alike = [key for key, _title, _rank in found[:KEPT]]
    SimilarPage.objects.filter(page=page).delete()
    SimilarPage.objects.bulk_create(SimilarPage(page=page, other_id=pk, place=place) for place, pk in enumerate(alike))


def telling_words(text: str) -> list[str]:
    """The words that say most of ``text``: the most frequent of the long ones, the longest first among equals."""
    counted = Counter(word for word in words_of(text) if len(word) >= LETTERS and word.isalpha())
    return [word for word, _ in sorted(counted.items(), key=lambda pair: (-pair[1], -len(pair[0]), pair[0]))[:WORDS]]
