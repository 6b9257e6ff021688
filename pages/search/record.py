"""What readers searched for, kept without the readers, so that editors see what is looked for and what is not found."""

import logging
import re
import unicodedata
from contextlib import contextmanager
from datetime import date, timedelta

from django.conf import settings
from django.core.cache import cache
from django.db import connection, transaction
from django.db.models import BooleanField, Count, ExpressionWrapper, Max, Q, Sum
from django.utils import timezone

from pages.models import SearchRecord
from pages.search.phrases import LENGTH, folded

logger = logging.getLogger(__name__)

# More than that on a day are no readers, but a program. Counted by each process for itself.
MOST_A_DAY = 50_000
PATIENCE = 100  # milliseconds that a search waits for somebody else's writing
TOGETHER = 500

# What may be about a person: addresses, numbers of telephones, accounts and cards, in groups too.
_ADDRESS = re.compile(r"\S@\S|\S\s*\(at\)\s*\S", re.IGNORECASE)
_LONG_NUMBER = re.compile(r"\d{6}|\d(?:[ ().+/-]*\d){8}")


def is_private(text: str) -> bool:
    """Whether ``text`` looks as if it were about one person."""
    text = unicodedata.normalize("NFKC", text)
    return bool(_ADDRESS.search(text) or _LONG_NUMBER.search(text))


def keep(text: str, found: int, capped: bool) -> None:
    """Note that ``text`` was searched for, and that ``found`` results were there, or more when ``capped``.

    Nothing is noted of who searched, nor when on the day. A search is never kept from its answer: what fails is logged.
    """
    try:
        day, words = timezone.localdate(), folded(text)[:LENGTH].rstrip()
        if words and not is_private(text) and not _is_too_much(day):
            with _impatiently():
                SearchRecord.objects.create(day=day, text=words, found=found, capped=capped)
    except Exception:  # whatever it is, the reader's results are there
        logger.exception("A search was not noted")


def _is_too_much(day: date) -> bool:
    key = f"searches-{day.isoformat()}"
    cache.add(key, 0, timeout=86_400)
    return cache.incr(key) > MOST_A_DAY


@contextmanager
def _impatiently():
    """A transaction that waits for others for a moment only, and for no disk: what is written in it may be lost.

    On SQLite, where one writes at a time, it waits for who does; on PostgreSQL only for who changes the table itself.
    """
    if connection.vendor == "sqlite":
        with _busy_timeout(PATIENCE), transaction.atomic():
            yield
        return
    is_own = not connection.in_atomic_block  # or it would hold for what is around
    with transaction.atomic():
        if is_own:
            with connection.cursor() as cursor:
                cursor.execute(f"SET LOCAL synchronous_commit = off; SET LOCAL lock_timeout = {PATIENCE}")
        yield


@contextmanager
def _busy_timeout(milliseconds: int):
    connection.ensure_connection()
    raw = connection.connection
    [usual] = raw.execute("PRAGMA busy_timeout").fetchone()
    raw.execute(f"PRAGMA busy_timeout = {milliseconds}")
    try:
        yield
    finally:
        raw.execute(f"PRAGMA busy_timeout = {usual}")


def fold_and_forget(today: date | None = None) -> None:
    """Make one row of each text of the days that are over, and delete what is older than ``HUB_SEARCHES_KEPT_DAYS``."""
    today = today or timezone.localdate()
    SearchRecord.objects.filter(day__lte=today - timedelta(days=settings.HUB_SEARCHES_KEPT_DAYS)).delete()
    # Yesterday's may still be written by a search that began before midnight.
    over = SearchRecord.objects.filter(day__lt=today - timedelta(days=1)).order_by("day")
    for day in over.values_list("day", flat=True).distinct():
        while _fold(day):
            pass


@transaction.atomic
def _fold(day: date) -> bool:
    """Join some texts of ``day`` that were searched for more than once, each into its last row, or two where only some of its
    searches found something; whether there were any."""
    in_vain = ExpressionWrapper(Q(found=0), output_field=BooleanField())
    rows = SearchRecord.objects.filter(day=day).order_by().annotate(in_vain=in_vain)
    groups = rows.values("text", "in_vain").annotate(rows=Count("pk"), last=Max("pk"), number=Sum("times")).filter(rows__gt=1)
    groups = list(groups.order_by("text", "in_vain")[:TOGETHER])
    kept = SearchRecord.objects.in_bulk([group["last"] for group in groups])
    for group in groups:
        kept[group["last"]].times = group["number"]
    SearchRecord.objects.bulk_update(kept.values(), ["times"])
    for in_vain in (True, False):
        texts = [group["text"] for group in groups if group["in_vain"] == in_vain]
        rows.filter(text__in=texts, in_vain=in_vain).exclude(pk__in=kept).delete()
    return bool(groups)
