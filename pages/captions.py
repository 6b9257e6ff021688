"""WebVTT: caption files that are checked when an editor chooses them, and times as people write them."""

import re

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

TIMING = re.compile(
    r"^\s*((?:\d{2,}:)?[0-5]\d:[0-5]\d\.\d{3})\s+-->\s+((?:\d{2,}:)?[0-5]\d:[0-5]\d\.\d{3})(\s+\S.*)?\s*$", flags=re.ASCII
)


def seconds(timestamp: str) -> float:
    """``1:02:03.5``, ``2:03`` or ``123`` as seconds. Raises ``ValidationError`` on anything else.

    ``2.05`` too is refused: who writes it means two minutes and five seconds as often as not.
    """
    if not re.fullmatch(r"(?:\d+:)?[0-5]?\d:\d+(?:\.\d+)?|\d+", timestamp.strip(), flags=re.ASCII):
        raise ValidationError(_("Write the time as minutes and seconds, for example 2:05, or 1:02:05."))
    total = 0.0
    for part in timestamp.strip().split(":"):
        total = total * 60 + float(part)
    return total


def clock(total: float) -> str:
    """Seconds as ``2:05`` or ``1:02:05``."""
    minutes, rest = divmod(int(total), 60)
    hours, minutes = divmod(minutes, 60)
    return f"{hours}:{minutes:02}:{rest:02}" if hours else f"{minutes}:{rest:02}"


def check_webvtt(content: bytes) -> None:
    """Raise ``ValidationError`` naming the first line that is wrong (W3C WebVTT, section 4: file structure).

    Reading alone is no check: readers, webvtt-py among them, let cues pass that end before they begin.
    """
    try:
        # Not ``splitlines``, which also breaks at characters that stand within a line.
        lines = re.split(r"\r\n|\n|\r", content.decode("utf-8-sig"))
    except UnicodeDecodeError as error:
        line = error.object[: error.start].count(b"\n") + 1
        raise ValidationError(_("Line %(line)d: the file is not in UTF-8.") % {"line": line}) from error
    if not re.match(r"WEBVTT(?:[ \t].*)?$", lines[0]):
        raise ValidationError(_("Line 1: a caption file begins with the word WEBVTT. Subtitles in SRT have to be converted."))
    cues, previous_start = 0, 0.0
    for number, line in enumerate(lines[1:], start=2):
        if "-->" not in line:
            continue
        match = TIMING.match(line)
        if not match:
            raise ValidationError(
                _("Line %(line)d: “%(text)s” is no timing like 00:01.000 --> 00:04.000.") % {"line": number, "text": line[:60]}
            )
        start, end = seconds(match[1]), seconds(match[2])
        if end <= start:
            raise ValidationError(_("Line %(line)d: the caption ends before it begins.") % {"line": number})
        if start < previous_start:
            raise ValidationError(_("Line %(line)d: the caption begins before the one above it.") % {"line": number})
        cues, previous_start = cues + 1, start
    if not cues:
        raise ValidationError(_("The file holds no captions."))
