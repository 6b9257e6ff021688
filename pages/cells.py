"""What may stand in a cell of a table that is taken along: nothing that a spreadsheet would take for more than words."""

from datetime import datetime

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
