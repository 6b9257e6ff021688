"""What is recommended above the results of a search."""

from datetime import timedelta

from django.db.models import Q, Sum
from django.utils import timezone

from pages.models import SearchPromotion, SearchPromotionWords, SearchRecord
from pages.search.analysis import words
from pages.search.phrases import runs
from people.visibility import seen_in_bulk

MOST = 5
COUNTED_DAYS = 30


def for_query(text: str) -> list[SearchPromotion]:
    """What is recommended to whoever searches for ``text``, in the editors' order, as ``components/promoted.html`` takes it.

    Nothing of a page that readers do not see now. One query where nothing is recommended, as for most searches; one more where
    something is, and that of ``seen_in_bulk``, which results ask too.
    """
    found = words(text)
    if not found:
        return []
    whole, parts = " ".join(found), {" ".join(run) for run in runs(found)}
    rows = SearchPromotionWords.objects.filter(folded__in={whole, *parts}).values_list(
        "promotion_id", "folded", "promotion__within"
    )
    fitting = {key for key, folded, within in rows if within or folded == whole}
    if not fitting:
        return []
    shown = SearchPromotion.objects.running().filter(Q(page__isnull=True) | seen_in_bulk("page__"), pk__in=fitting)
    shown = shown.select_related("page").only("address", "title", "why", "page__title", "page__url_path")
    return list(shown.in_order()[:MOST])


def searched_for(promotions: list[SearchPromotion]) -> dict[int, int]:
    """``{key: times}``: how often their searches were made in the last thirty days, as the whole search. Two queries."""
    rows = SearchPromotionWords.objects.filter(promotion__in=promotions).values_list("promotion_id", "folded")
    keys = [(promotion, folded) for promotion, folded in rows]
    since = timezone.localdate() - timedelta(days=COUNTED_DAYS)
    records = SearchRecord.objects.filter(day__gt=since, text__in={folded for _promotion, folded in keys})
    times = dict(records.order_by().values_list("text").annotate(number=Sum("times")))
    found = {promotion.pk: 0 for promotion in promotions}
    for promotion, folded in keys:
        found[promotion] += times.get(folded, 0)
    return found
