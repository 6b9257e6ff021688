"""What the demo's readers searched for, and what its administrators made of it."""

from datetime import timedelta

from django.utils import timezone

from hub.demo.site import read
from pages.models import SearchPromotion, SearchRecord, SearchSynonym

DAYS = 28


def build(pages: dict) -> None:
    """Write what ``content/searches.toml`` says, each thing where there is none of its kind yet. ``pages`` by slug."""
    content = read("searches")
    if not SearchSynonym.objects.exists():
        for row in content["synonym"]:
            SearchSynonym.objects.create(words="\n".join(row["words"]), found_by="\n".join(row.get("found_by", [])))
    if not SearchPromotion.objects.exists():
        for row in content["promotion"]:
            page = pages[row["page"]].page_ptr if "page" in row else None
            where = {"page": page, "address": row.get("address", ""), "title": row.get("title", "")}
            SearchPromotion.objects.create(searches="\n".join(row["searches"]), why=row["why"], **where)
    if not SearchRecord.objects.exists():
        SearchRecord.objects.bulk_create(record for row in content["search"] for record in _spread(row))


def _spread(row: dict):
    """The searches of ``row``, one by one over the last days, the last of them yesterday."""
    yesterday = timezone.localdate() - timedelta(days=1)
    for number in reversed(range(row["times"])):
        day = yesterday - timedelta(days=number * DAYS // row["times"])
        yield SearchRecord(day=day, text=row["text"], found=row["found"])
