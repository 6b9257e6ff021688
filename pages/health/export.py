"""The list of faults as CSV, written while it is sent."""

import csv
import io
from collections.abc import Iterator
from itertools import islice

from django.conf import settings
from django.http import StreamingHttpResponse
from django.utils import timezone, translation
from django.utils.translation import gettext as _

from pages.cells import harmless
from pages.health.rows import shown
from pages.health.selection import Selection

TOGETHER = 500


def download(selection: Selection) -> StreamingHttpResponse:
    """All that ``selection`` holds, with full addresses of where each is mended."""
    name = f"link-health-{selection.kind}-{timezone.localdate().isoformat()}.csv"
    headers = {"Content-Disposition": f'attachment; filename="{name}"'}
    lines = _lines(selection, translation.get_language(), timezone.get_current_timezone())
    return StreamingHttpResponse(lines, content_type="text/csv; charset=utf-8", headers=headers)


def _lines(selection, language, zone) -> Iterator[bytes]:
    """In the language and zone of the request, which are no longer in force when a stream is written."""
    faults = selection.faults().iterator(chunk_size=TOGETHER)
    with translation.override(language), timezone.override(zone):
        yield _line([_("Title"), _("Type"), _("Kind"), _("Address"), _("What is wrong"), _("Since"), _("Mend at")])
    while some := list(islice(faults, TOGETHER)):
        with translation.override(language), timezone.override(zone):
            written = [_line(_cells(row)) for row in shown(some, selection.user)]
        yield b"".join(written)


def _cells(row) -> list:
    return [row.title, row.type, row.kind, row.subject, row.sentence, row.since, f"{settings.BASE_URL}{row.mend}"]


def _line(cells) -> bytes:
    text = io.StringIO()
    csv.writer(text).writerow([harmless(cell) for cell in cells])
    return text.getvalue().encode()
