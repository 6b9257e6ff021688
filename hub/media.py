"""Uploaded files, served by the app itself until a web server or object storage does it.

Films have to be sought in, so one byte range a request is answered (RFC 9110, section 14). Documents are not served
here: Wagtail's own view asks first whether their collection is private.
"""

import mimetypes
import re
from pathlib import PurePosixPath

from django.core.files.storage import default_storage
from django.http import FileResponse, Http404, HttpResponse
from django.utils.http import http_date
from django.views.decorators.http import require_safe

# Documents, and uploads that wait in the admin for what is missing.
NOT_SERVED = {"documents", "wagtail_uploads"}
# What a browser may show in place; anything else is offered for saving, so that no uploaded page or script runs here.
SHOWN = re.compile(r"(image/(?!svg)|video/|audio/)")


class _Part:
    """The part of an open file that a range names, as an iterator of blocks that closes the file."""

    def __init__(self, file, start: int, length: int):
        file.seek(start)
        self.file, self.left = file, length

    def __iter__(self):
        while self.left > 0 and (block := self.file.read(min(self.left, 65536))):
            self.left -= len(block)
            yield block

    def close(self):
        self.file.close()


@require_safe
def serve(request, name):
    """The uploaded file ``name``: 200 whole, 206 a range, 416 a range outside of it, 404 when there is none."""
    path = PurePosixPath(name)
    if not path.parts or path.is_absolute() or ".." in path.parts or "\x00" in name or path.parts[0] in NOT_SERVED:
        raise Http404
    try:
        file = default_storage.open(name)
        size = default_storage.size(name)
    except (OSError, ValueError) as error:
        raise Http404 from error
    content_type = mimetypes.guess_type(name)[0] or "application/octet-stream"
    span = _range(request.headers.get("Range", ""), size)
    if span == "outside":
        file.close()
        return HttpResponse(status=416, headers={"Content-Range": f"bytes */{size}"})
    if span:
        start, end = span
        response = FileResponse(_Part(file, start, end - start + 1), status=206, content_type=content_type)
        response["Content-Range"] = f"bytes {start}-{end}/{size}"
        response["Content-Length"] = end - start + 1
    else:
        response = FileResponse(file, content_type=content_type)
        response["Content-Length"] = size
    response["Accept-Ranges"] = "bytes"
    response["Last-Modified"] = http_date(default_storage.get_modified_time(name).timestamp())
    response["Cache-Control"] = "public, max-age=86400"
    response["Content-Disposition"] = "inline" if SHOWN.match(content_type) else "attachment"
    response["Content-Security-Policy"] = "default-src 'none'"
    return response


def _range(header: str, size: int):
    """``(first, last)``, ``"outside"``, or None when the whole file is to be sent."""
    match = re.fullmatch(r"bytes=(\d{0,15})-(\d{0,15})", header.strip(), flags=re.ASCII)
    if not match or match.groups() == ("", ""):
        return None
    first, last = match.groups()
    if not first:
        start, end = max(size - int(last), 0), size - 1
    else:
        start, end = int(first), min(int(last), size - 1) if last else size - 1
    return (start, end) if start <= end < size else "outside"
