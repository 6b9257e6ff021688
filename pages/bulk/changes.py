"""What can be done to many pages alike. A change knows how to make itself on one page at hand, whichever of its versions.

Each is read back from JSON, since the worker may do it later.
"""

from collections.abc import Callable
from dataclasses import asdict, dataclass
from typing import ClassVar

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from wagtail.models import Page

from pages.blocks import speaker_labels
from pages.models import ContentLink, ContentPage, Contribution, PageTopic, SeriesItem, SeriesPage, TopicPage
from people.models import PersonPage


class Change:
    """``fits``: whether pages of a type can be changed so. ``make`` changes a page in memory, and says whether it did."""

    def is_gone(self) -> bool:
        """Whether what the change names was deleted since it was chosen."""
        return False


@dataclass(frozen=True)
class Topics(Change):
    """Put pages under topics, or take them away from these."""

    name: ClassVar[str] = "topics"
    topics: list[int]
    remove: bool = False

    @staticmethod
    def fits(model) -> bool:
        return issubclass(model, ContentPage) and not issubclass(model, TopicPage)

    def is_gone(self) -> bool:
        return TopicPage.objects.filter(pk__in=self.topics).count() < len(self.topics)

    def make(self, page) -> bool:
        rows = {row.topic_id: row for row in page.page_topics.all()}
        if self.remove:
            return _remove(page.page_topics, [rows[topic] for topic in self.topics if topic in rows])
        return append(page.page_topics, [PageTopic(topic_id=topic) for topic in self.topics if topic not in rows])


@dataclass(frozen=True)
class Contributor(Change):
    """Name a person as having had a part in pages, or no longer."""

    name: ClassVar[str] = "contributor"
    person: int
    role: str
    remove: bool = False

    @staticmethod
    def fits(model) -> bool:
        return issubclass(model, ContentPage)

    def is_gone(self) -> bool:
        return not PersonPage.objects.filter(pk=self.person).exists()

    def make(self, page) -> bool:
        """The printed name is the profile's of today. Raises ``ValidationError`` where words would lose their speaker."""
        rows = [row for row in page.contributions.all() if (row.person_id, row.role) == (self.person, self.role)]
        if self.remove:
            refuse_to_silence(page, rows)
            return _remove(page.contributions, rows)
        if rows:
            return False
        row = Contribution(person_id=self.person, role=self.role)
        row.fill_from_person()
        return append(page.contributions, [row])


@dataclass(frozen=True)
class Link(Change):
    """Link pages to one page."""

    name: ClassVar[str] = "link"
    target: int
    kind: str

    @staticmethod
    def fits(model) -> bool:
        return issubclass(model, ContentPage)

    def is_gone(self) -> bool:
        return not Page.objects.filter(pk=self.target).exists()

    def make(self, page) -> bool:
        """Raises ``ValidationError`` for a link that cannot be, such as one to itself."""
        if any((row.target_id, row.kind) == (self.target, self.kind) for row in page.links.all()):
            return False
        row = ContentLink(source=page, target_id=self.target, kind=self.kind)
        row.clean()
        return append(page.links, [row])


@dataclass(frozen=True)
class Parts(Change):
    """Make pages the last parts of a series: a change of the series, and of none of them."""

    name: ClassVar[str] = "series"
    pages: list[int]

    @staticmethod
    def fits(model) -> bool:
        return issubclass(model, SeriesPage)

    def make(self, series) -> bool:
        no_parts = {row.page_id for row in series.items.all()} | {series.pk}
        left = set(ContentPage.objects.filter(pk__in=self.pages).values_list("pk", flat=True)) - no_parts
        return append(series.items, [SeriesItem(page_id=page) for page in self.pages if page in left])


CHANGES: dict[str, Callable] = {change.name: change for change in (Topics, Contributor, Link, Parts)}


def written(change) -> dict:
    """A change as JSON."""
    return {"name": change.name, "values": asdict(change)}


def read(data: dict):
    """The change that ``written`` wrote."""
    return CHANGES[data["name"]](**data["values"])


def refuse_to_silence(page, rows: list) -> None:
    """Raise ``ValidationError`` if a label in the text of ``page`` is that of nobody who stays when ``rows`` go."""
    staying = {row.label for row in page.contributions.all() if row not in rows and row.speaks}
    going = {row.label for row in rows if row.speaks} - staying
    for field in getattr(page.base_form_class, "labelled_streams", ["body"]) if going else []:
        for _index, label in speaker_labels(getattr(page, field)):
            if label in going:
                raise ValidationError(_("Words in the text stand under the label “%(label)s”.") % {"label": label})


def append(rows, new: list) -> bool:
    """Put ``new`` after the others in the order of ``rows``, unsaved; whether there were any."""
    last = max((row.sort_order or 0 for row in rows.all()), default=-1)
    for place, row in enumerate(new, start=last + 1):
        row.sort_order = place
        rows.add(row)
    return bool(new)


def _remove(rows, old: list) -> bool:
    for row in old:
        rows.remove(row)
    return bool(old)
