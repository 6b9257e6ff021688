"""Tables to be taken along as CSV or XLSX: written row by row, with no cell that a program would take for more than words."""

import csv
import io
from collections.abc import Callable, Iterable, Iterator
from itertools import chain, islice

from django.http import StreamingHttpResponse
from django.utils import timezone, translation
from django.utils.translation import gettext_lazy

from discussion import record
from discussion.models import LogEntry, State
from discussion.moderation import workbook
from pages.cells import harmless

FORMATS = {"csv": "CSV", "xlsx": "XLSX"}
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
TOGETHER = 500  # rows

_STATES = dict(State.choices)
# What of each comment is taken along: the heading, and the value.
COMMENT_COLUMNS = [
    (gettext_lazy("Number"), lambda comment: comment.number),
    (gettext_lazy("Name"), lambda comment: comment.user_name),
    (gettext_lazy("Organisation"), lambda comment: comment.organisation),
    (gettext_lazy("Page"), lambda comment: comment.page.title),
    (gettext_lazy("State"), lambda comment: _STATES[comment.state]),
    (gettext_lazy("Submitted"), lambda comment: comment.submitted_at),
    (gettext_lazy("Comment"), lambda comment: comment.comment),
]
Columns = list[tuple[str, Callable]]


def comments(queryset) -> Iterator:
    """The comments of ``queryset`` for ``COMMENT_COLUMNS``, some at a time: none stays in memory."""
    taken = ["number", "user_name", "organisation", "page__title", "state", "submitted_at", "comment"]
    return queryset.select_related("page").only(*taken).iterator(chunk_size=TOGETHER)


def download(request, kind: str, *, name: str, columns: Columns, items: Iterable, narrowed: dict | None = None):
    """A file of ``kind`` (one of ``FORMATS``) with a row for each of ``items``, and a note in the record of who took it.

    ``columns``: heading and value of each. ``name``: what the file is called, without date and ending. ``narrowed``: by
    which filters, for the record; nothing that names a reader. To be called by POST only.
    """
    filters = {"filters": narrowed} if narrowed else None
    record.write(LogEntry.Action.EXPORT, by=request.user, about=f"{name} ({FORMATS[kind]})", after=filters)
    filename = f"{name}-{timezone.localdate().isoformat()}.{kind}"
    rows = _rows(columns, items)
    parts, content_type = (workbook.streamed(rows), XLSX) if kind == "xlsx" else (_lines(rows), "text/csv; charset=utf-8")
    disposition = {"Content-Disposition": f'attachment; filename="{filename}"'}
    return StreamingHttpResponse(parts, content_type=content_type, headers=disposition)


def _rows(columns: Columns, items: Iterable) -> Iterator[list]:
    """The headings and then a row for each item, in the language and time zone of now, whenever they are made."""
    headings = [harmless(heading) for heading, _value in columns]
    cells = ([harmless(value(item)) for _heading, value in columns] for item in items)
    return _as_now(chain([headings], cells), translation.get_language(), timezone.get_current_timezone())


def _as_now(rows: Iterator[list], language, zone) -> Iterator[list]:
    """``rows``, made some at a time: a stream is written when the request's own language and zone are no longer in force."""
    while True:
        with translation.override(language), timezone.override(zone):
            some = list(islice(rows, TOGETHER))
        if not some:
            return
        yield from some


def _lines(rows: Iterator[list]) -> Iterator[bytes]:
    while some := list(islice(rows, TOGETHER)):
        text = io.StringIO()
        csv.writer(text).writerows(some)
        yield text.getvalue().encode()
