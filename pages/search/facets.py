"""The numbers beside the filters of search: how many of what was found is of a type, about a topic, by a person …"""

from collections import Counter
from dataclasses import dataclass, replace
from urllib.parse import urlencode

from django.db.models import Count
from django.utils.translation import gettext as _

from pages import providers
from pages.models import Contribution, Format, FormatKind, Kind, PageTopic, SearchEntry, TopicPage
from pages.search.gathering import PERSON, PLAIN
from pages.search.narrowing import BEST, NEWEST, Narrowing
from people.many import many
from people.models import PersonPage

SHOWN = 8


@dataclass(frozen=True)
class Choice:
    """A value that a list can be narrowed to: how many it leaves, and the query string that takes it, or takes it off."""

    label: str
    number: int | None
    chosen: bool
    query: str


@dataclass(frozen=True)
class Facet:
    label: str
    choices: list[Choice]


class Facets:
    """The ways to narrow what ``words`` found. Every choice keeps what was chosen before."""

    def __init__(self, words: str, chosen: Narrowing):
        self.words, self.chosen = words, chosen

    def among(self, keys: list[int]) -> list[Facet]:
        """Each way with its most frequent values among the pages with ``keys``; six queries and those of discussion."""
        rows = list(SearchEntry.objects.filter(pk__in=many(keys)).order_by().values_list("kind", "display_date"))
        every = [
            Facet(_("Type"), self._most_frequent("kind", Counter(kind for kind, _day in rows), kind_labels())),
            Facet(_("Topic"), self._pages("topic", _counted(PageTopic, "topic", keys), TopicPage)),
            Facet(_("Person"), self._pages("person", _counted(Contribution, "person", keys), PersonPage)),
            Facet(_("Year"), self._years(Counter(day.year for _kind, day in rows if day))),
            Facet(_("Format"), self._most_frequent("format", _counted(Format, "kind", keys), dict(FormatKind.choices))),
            Facet(_("Discussion"), self._discussed(len(providers.discussed_among(keys)))),
        ]
        return [facet for facet in every if facet.choices]

    def orders(self) -> list[Choice]:
        """The orders that results can have."""
        return [self._choice("order", value, label) for value, label in ((BEST, _("Best first")), (NEWEST, _("Newest first")))]

    def without_any(self) -> str:
        """The query string of the same search with nothing left out."""
        return self._query(Narrowing(order=self.chosen.order))

    def _choice(self, name: str, value, label, number: int | None = None) -> Choice:
        is_chosen = getattr(self.chosen, name) == value
        nothing = getattr(Narrowing(), name)
        changed = {name: nothing if is_chosen else value} | ({"month": None} if name == "year" else {})
        return Choice(str(label), number, is_chosen, self._query(replace(self.chosen, **changed)))

    def _query(self, narrowing: Narrowing) -> str:
        return "&".join(filter(None, [urlencode({"q": self.words}), narrowing.query]))

    def _most_frequent(self, name: str, numbers: Counter, labels: dict) -> list[Choice]:
        """Choices of the most frequent values, and of the chosen one in any case."""
        known = [(value, number) for value, number in numbers.items() if value in labels]
        kept = dict(sorted(known, key=lambda pair: (-pair[1], str(labels[pair[0]])))[:SHOWN])
        now = getattr(self.chosen, name)
        if now in labels:
            kept.setdefault(now, numbers[now])
        return [self._choice(name, value, labels[value], number) for value, number in kept.items()]

    def _years(self, numbers: Counter) -> list[Choice]:
        labels = {year: year for year in {*numbers, self.chosen.year} if year}
        return sorted(self._most_frequent("year", numbers, labels), key=lambda choice: choice.label, reverse=True)

    def _pages(self, name: str, numbers: Counter, model) -> list[Choice]:
        """Choices of pages that readers see; one that they may not see takes nobody's place.

        The slug is the value, so that the numbers of pages with the same slug are added up.
        """
        likely = [key for key, _number in numbers.most_common(3 * SHOWN)]
        shown = {page.pk: page for page in model.objects.visible_at_once().filter(pk__in=likely).only("slug", "title")}
        by_slug, labels, now = Counter(), {}, getattr(self.chosen, name)
        for page in (shown[key] for key in likely if key in shown):
            by_slug[page.slug] += numbers[page.pk]
            labels.setdefault(page.slug, page.title)
        if now and now not in labels and (page := model.objects.visible_at_once().filter(slug=now).only("slug", "title").first()):
            labels[now] = page.title
        return self._most_frequent(name, by_slug, labels)

    def _discussed(self, number: int) -> list[Choice]:
        return [self._choice("discussed", True, _("With comments"), number)] if number or self.chosen.discussed else []


def _counted(model, name: str, keys: list[int]) -> Counter:
    """``{value: pages}`` of rows that lead to pages."""
    rows = model.objects.filter(page__in=many(keys), **{f"{name}__isnull": False}).order_by().values_list(name)
    return Counter(dict(rows.annotate(number=Count("page", distinct=True))))


def kind_labels() -> dict[str, str]:
    return {kind.value: str(kind.label) for kind in Kind} | {PERSON: _("Person"), PLAIN: _("Page")}
