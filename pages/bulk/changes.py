"""What can be done to many pages alike. A change knows how to make itself on one page at hand, whichever of its versions.

Each is read back from JSON, since the worker may do it later.
"""

from collections.abc import Callable
from dataclasses import asdict, dataclass
from typing import ClassVar

from pages.models import ContentLink, ContentPage, Contribution, PageTopic, SeriesItem, SeriesPage, TopicPage


@dataclass(frozen=True)
class Topics:
    """Put pages under topics, or take them away from these."""

    name: ClassVar[str] = "topics"
    topics: list[int]
    remove: bool = False

    @staticmethod
    def fits(model) -> bool:
        """Whether pages of this type can be changed so."""
        return issubclass(model, ContentPage) and not issubclass(model, TopicPage)

    def make(self, page) -> bool:
        """Change ``page`` in memory; whether there was anything to change."""
        rows = {row.topic_id: row for row in page.page_topics.all()}
        if self.remove:
            return _remove(page.page_topics, [rows[topic] for topic in self.topics if topic in rows])
        return _add(page.page_topics, [PageTopic(topic_id=topic) for topic in self.topics if topic not in rows])


@dataclass(frozen=True)
class Contributor:
    """Name a person as having had a part in pages, or no longer."""

    name: ClassVar[str] = "contributor"
    person: int
    role: str
    remove: bool = False

    @staticmethod
    def fits(model) -> bool:
        return issubclass(model, ContentPage)

    def make(self, page) -> bool:
        """As ``Topics.make``. The printed name is the profile's of today."""
        rows = [row for row in page.contributions.all() if (row.person_id, row.role) == (self.person, self.role)]
        if self.remove:
            return _remove(page.contributions, rows)
        if rows:
            return False
        row = Contribution(person_id=self.person, role=self.role)
        row.fill_from_person()
        return _add(page.contributions, [row])


@dataclass(frozen=True)
class Link:
    """Link pages to one page."""

    name: ClassVar[str] = "link"
    target: int
    kind: str

    @staticmethod
    def fits(model) -> bool:
        return issubclass(model, ContentPage)

    def make(self, page) -> bool:
        """As ``Topics.make``. Raises ``ValidationError`` for a link that cannot be, such as one to itself."""
        if any((row.target_id, row.kind) == (self.target, self.kind) for row in page.links.all()):
            return False
        row = ContentLink(source=page, target_id=self.target, kind=self.kind)
        row.clean()
        return _add(page.links, [row])


@dataclass(frozen=True)
class Parts:
    """Make pages the last parts of a series: a change of the series, and of none of them."""

    name: ClassVar[str] = "series"
    pages: list[int]

    @staticmethod
    def fits(model) -> bool:
        return issubclass(model, SeriesPage)

    def make(self, series) -> bool:
        there = {row.page_id for row in series.items.all()}
        return _add(series.items, [SeriesItem(page_id=page) for page in self.pages if page not in there and page != series.pk])


CHANGES: dict[str, Callable] = {change.name: change for change in (Topics, Contributor, Link, Parts)}


def written(change) -> dict:
    """A change as JSON."""
    return {"name": change.name, "values": asdict(change)}


def read(data: dict):
    """The change that ``written`` wrote."""
    return CHANGES[data["name"]](**data["values"])


def _add(rows, new: list) -> bool:
    last = max((row.sort_order or 0 for row in rows.all()), default=-1)
    for place, row in enumerate(new, start=last + 1):
        row.sort_order = place
        rows.add(row)
    return bool(new)


def _remove(rows, old: list) -> bool:
    for row in old:
        rows.remove(row)
    return bool(old)
