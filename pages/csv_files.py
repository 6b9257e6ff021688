"""Tables to be taken along as CSV, with no cell that a program would take for more than words."""

import csv
import io
from collections.abc import Iterable
from datetime import datetime

from django.http import HttpResponse
from django.utils import timezone

from pages.feeds import plain

# What spreadsheets take for the beginning of a formula, the wide forms of East Asian keyboards among them.
RISKY = ("=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠")


def harmless(value) -> str | int | float:
    """``value`` as it may stand in a cell: a number, or words that no spreadsheet runs; times as ISO 8601 of the present zone."""
    if value is None:
        return ""
    if isinstance(value, int | float) and not isinstance(value, bool):
        return value
    if isinstance(value, datetime):
        return (timezone.localtime(value) if timezone.is_aware(value) else value).isoformat(timespec="seconds")
    text = plain(str(value))
    return f"'{text}" if text.startswith(RISKY) or text.lstrip().startswith(RISKY) else text


def download(name: str, headings: Iterable, rows: Iterable[Iterable]) -> HttpResponse:
    """A file with ``headings`` and ``rows``, called ``name`` and the day."""
    text = io.StringIO()
    csv.writer(text).writerows([harmless(value) for value in row] for row in [headings, *rows])
    disposition = f'attachment; filename="{name}-{timezone.localdate().isoformat()}.csv"'
    return HttpResponse(text.getvalue(), content_type="text/csv; charset=utf-8", headers={"Content-Disposition": disposition})
