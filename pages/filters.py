"""The filter of listings and search: parsed from the address, applied to pages, written back into addresses."""

import re
from dataclasses import dataclass, replace
from datetime import date
from urllib.parse import urlencode

FOUR_DIGITS, TWO_DIGITS, DAY = re.compile("[0-9]{4}"), re.compile("[0-9]{1,2}"), re.compile("[0-9]{4}-[0-9]{2}-[0-9]{2}")


@dataclass(frozen=True)
class ListingFilter:
    """What a reader asked for. An unknown or malformed value is the same as none.

    ``since`` is a day: what is dated then or later. ``month`` counts within ``year``, and is nothing without one.
    """

    kind: str = ""
    topic: str = ""
    year: int | None = None
    month: int | None = None
    since: date | None = None

    @classmethod
    def from_query(cls, query) -> "ListingFilter":
        """Read ``type``, ``topic`` (a slug), ``year``, ``month`` and ``since`` (as in 2026-11-01) from a query dictionary."""
        year = _number(query, "year", FOUR_DIGITS, date.max.year)
        return cls(
            kind=_text(query, "type")[:20],
            topic=_text(query, "topic")[:255],
            year=year,
            month=_number(query, "month", TWO_DIGITS, 12) if year else None,
            since=_day(query, "since"),
        )

    def apply(self, pages):
        """Those of ``pages`` (a content page queryset) that fit."""
        if self.kind:
            pages = pages.filter(kind=self.kind)
        if self.topic:
            # A subquery, since two topics may share a slug and a join would list a page twice.
            pages = pages.filter(pk__in=pages.model.objects.filter(page_topics__topic__slug=self.topic).values("pk"))
        since, until = self.days
        if since > date.min:
            pages = pages.filter(display_date__gte=since)
        return pages.filter(display_date__lt=until) if until < date.max else pages

    @property
    def days(self) -> tuple[date, date]:
        """The first day, and the one after the last."""
        since, until = self.since or date.min, date.max
        if self.year:
            since = max(since, date(self.year, self.month or 1, 1))
            year, month = (self.year, self.month + 1) if self.month and self.month < 12 else (self.year + 1, 1)
            until = date(year, month, 1) if year <= date.max.year else date.max
        return since, until

    def without(self, *names: str) -> "ListingFilter":
        """The same filter with some of its parts taken off."""
        nothing = type(self)()
        return replace(self, **{name: getattr(nothing, name) for name in names})

    @property
    def query(self) -> str:
        """The filter as a query string without a leading question mark, for links that keep it."""
        parts = {"type": self.kind, "topic": self.topic, "year": self.year, "month": self.month, "since": self.since}
        return urlencode({name: value for name, value in parts.items() if value})

    def __bool__(self):
        return self != type(self)()


def known_before(slug: str, pages):
    """The one of ``pages`` to which an old address with ``slug`` at its end leads, by the newest note; None if there is none."""
    return pages.filter(redirect__old_path__endswith=f"/{slug}").order_by("-redirect__pk").first()


def _text(query, name: str) -> str:
    """A value without the character that no database takes."""
    return query.get(name, "").replace("\x00", "")


def _number(query, name: str, form: re.Pattern, most: int) -> int | None:
    text = query.get(name, "")
    return int(text) if form.fullmatch(text) and 0 < int(text) <= most else None


def _day(query, name: str) -> date | None:
    text = query.get(name, "")
    try:
        return date.fromisoformat(text) if DAY.fullmatch(text) else None
    except ValueError:
        return None
