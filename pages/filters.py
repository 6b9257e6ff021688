"""The filter of listings and search: parsed from the address, applied to pages, written back into addresses."""

from dataclasses import dataclass, replace
from urllib.parse import urlencode


@dataclass(frozen=True)
class ListingFilter:
    """What a reader asked for. An unknown or malformed value is the same as none."""

    kind: str = ""
    topic: str = ""
    year: int | None = None

    @classmethod
    def from_query(cls, query) -> "ListingFilter":
        """Read ``type``, ``topic`` (a slug) and ``year`` from a query dictionary."""
        year = query.get("year", "")
        return cls(
            kind=_text(query, "type")[:20],
            topic=_text(query, "topic")[:255],
            year=int(year) if year.isascii() and year.isdigit() and len(year) == 4 and int(year) > 0 else None,
        )

    def apply(self, pages):
        """Those of ``pages`` (a content page queryset) that fit."""
        if self.kind:
            pages = pages.filter(kind=self.kind)
        if self.topic:
            # A subquery, since two topics may share a slug and a join would list a page twice.
            pages = pages.filter(pk__in=pages.model.objects.filter(page_topics__topic__slug=self.topic).values("pk"))
        if self.year:
            pages = pages.filter(display_date__year=self.year)
        return pages

    def without(self, name: str) -> "ListingFilter":
        """The same filter with one part taken off."""
        return replace(self, **{name: None if name == "year" else ""})

    @property
    def query(self) -> str:
        """The filter as a query string without a leading question mark, for links that keep it."""
        parts = {"type": self.kind, "topic": self.topic, "year": self.year}
        return urlencode({name: value for name, value in parts.items() if value})

    def __bool__(self):
        return bool(self.kind or self.topic or self.year)


def _text(query, name: str) -> str:
    """A value without the character that no database takes."""
    return query.get(name, "").replace("\x00", "")
