"""The numbers beside the filters of search: how many of what was found is of a type, about a topic, by a person …"""

from collections import Counter
from dataclasses import dataclass, replace
from urllib.parse import urlencode

from django.utils.translation import gettext as _
from wagtail.models import Page

from pages import providers
from pages.models import FormatKind, Kind, TopicPage
from pages.search import counting
from pages.search.gathering import PERSON, PLAIN
from pages.search.narrowing import BEST, NEWEST, Narrowing
from people.models import PersonPage
from people.visibility import seen_in_bulk

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

    def among(self, pages: dict[int, counting.Entry]) -> list[Facet]:
        """Each way with its most frequent values among ``pages``; one query and those of discussion."""
        kinds = Counter(entry.kind for entry in pages.values())
        years = Counter(entry.day.year for entry in pages.values() if entry.day)
        counted = counting.count(pages.values())
        topics, persons = _likely(counted[counting.TOPIC]), _likely(counted[counting.PERSON])
        shown = _shown([*topics, *persons])
        every = [
            Facet(_("Type"), self._most_frequent("kind", kinds, kind_labels())),
            Facet(_("Topic"), self._pages("topic", topics, shown, TopicPage)),
            Facet(_("Person"), self._pages("person", persons, shown, PersonPage)),
            Facet(_("Year"), self._years(years)),
            Facet(_("Format"), self._most_frequent("format", counted[counting.FORMAT], dict(FormatKind.choices))),
            Facet(_("Discussion"), self._discussed(len(providers.discussed_among(pages)))),
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

    def _pages(self, name: str, numbers: dict[int, int], shown: dict[int, tuple[str, str]], model) -> list[Choice]:
        """Choices of those pages that are ``shown``; one that readers may not see takes nobody's place.

        The slug is the value, so that the numbers of pages with the same slug are added up.
        """
        by_slug, labels, now = Counter(), {}, getattr(self.chosen, name)
        for key, number in numbers.items():
            if key in shown:
                slug, title = shown[key]
                by_slug[slug] += number
                labels.setdefault(slug, title)
        if now and now not in labels and (page := model.objects.visible_at_once().filter(slug=now).only("slug", "title").first()):
            labels[now] = page.title
        return self._most_frequent(name, by_slug, labels)

    def _discussed(self, number: int) -> list[Choice]:
        return [self._choice("discussed", True, _("With comments"), number)] if number or self.chosen.discussed else []


def _likely(numbers: Counter) -> dict[int, int]:
    """The most frequent pages: some more than are shown, since readers may not see all of them."""
    return dict(numbers.most_common(3 * SHOWN))


def _shown(keys: list[int]) -> dict[int, tuple[str, str]]:
    """``{key: (slug, title)}`` of those of the pages that readers see."""
    rows = Page.objects.filter(seen_in_bulk(""), pk__in=keys).order_by().values_list("pk", "slug", "title") if keys else []
    return {key: (slug, title) for key, slug, title in rows}


def kind_labels() -> dict[str, str]:
    return {kind.value: str(kind.label) for kind in Kind} | {PERSON: _("Person"), PLAIN: _("Page")}
