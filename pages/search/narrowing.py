"""The filters of search: those of listings, and people, formats and discussion besides."""

from dataclasses import dataclass, replace
from datetime import date
from urllib.parse import urlencode

from django.db.models import QuerySet

from pages import providers
from pages.filters import ListingFilter, known_before
from pages.models import Contribution, Format, FormatKind, PageTopic, SearchEntry, TopicPage
from people.models import PersonPage

BEST, NEWEST = "", "date"


@dataclass(frozen=True)
class Narrowing(ListingFilter):
    """What a reader narrowed a search to, and its order. ``person`` is the slug of a profile, ``format`` a kind of format."""

    person: str = ""
    format: str = ""
    discussed: bool = False
    order: str = BEST

    @classmethod
    def from_query(cls, query) -> "Narrowing":
        """Read ``type``, ``topic``, ``year``, ``month``, ``since``, ``person``, ``format``, ``discussion`` and ``sort``."""
        common = ListingFilter.from_query(query)
        form = query.get("format", "")
        return cls(
            **{name: getattr(common, name) for name in ("kind", "topic", "year", "month", "since")},
            person=query.get("person", "").replace("\x00", "")[:255],
            format=form if form in FormatKind.values else "",
            discussed=query.get("discussion") == "yes",
            order=NEWEST if query.get("sort") == NEWEST else BEST,
        )

    def apply(self, entries: QuerySet[SearchEntry]) -> QuerySet[SearchEntry]:
        """Those of ``entries`` that fit."""
        if self.kind:
            entries = entries.filter(kind=self.kind)
        if self.topic:
            topics = TopicPage.objects.visible_at_once().filter(slug=self.topic).values("pk")
            entries = entries.filter(page__in=PageTopic.objects.filter(topic__in=topics).values("page"))
        if self.person:
            people = PersonPage.objects.visible_at_once().filter(slug=self.person).values("pk")
            entries = entries.filter(page__in=Contribution.objects.filter(person__in=people).values("page"))
        if self.format:
            entries = entries.filter(page__in=Format.objects.filter(kind=self.format).values("page"))
        if self.discussed:
            entries = entries.filter(page__in=providers.discussed_pages())
        since, until = self.days
        if since > date.min:
            entries = entries.filter(display_date__gte=since)
        return entries.filter(display_date__lt=until) if until < date.max else entries

    def among(self, keys: set[int]) -> set[int]:
        """Those of the few pages with ``keys`` that fit in what is not asked of all: whether their discussion is shown."""
        return keys & providers.discussed_among(keys) if self.discussed else keys

    @property
    def query(self) -> str:
        """As a query string without a leading question mark, for links that keep it."""
        more = {
            "person": self.person,
            "format": self.format,
            "discussion": "yes" if self.discussed else "",
            "sort": self.order,
        }
        return "&".join(filter(None, [super().query, urlencode({name: value for name, value in more.items() if value})]))

    @property
    def leaves_out(self) -> bool:
        """Whether anything is left out."""
        return bool(self.without("order"))

    def with_names_of_today(self) -> "Narrowing":
        """The same; a topic or person that readers see under another slug than the one that is asked for, by that."""
        return replace(self, topic=_name_of_today(self.topic, TopicPage), person=_name_of_today(self.person, PersonPage))


def _name_of_today(slug: str, model) -> str:
    seen = model.objects.visible_at_once()
    page = known_before(slug, seen) if slug and not seen.filter(slug=slug).exists() else None
    return page.slug if page else slug
