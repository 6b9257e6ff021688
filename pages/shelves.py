"""Long lists in constant time: how many pages there are, and which stand on page 400, without walking past the others.

A shelf is rows that lead to pages, in the order of the pages' dates: content itself, what stands under a topic, what
somebody contributed. Its tally says how many pages of each month readers see. From it comes every number of a list, and
where page 400 begins: within a month, a short walk along an index from the month's last day.
"""

from collections import Counter
from dataclasses import dataclass, replace
from datetime import date
from functools import cached_property
from itertools import accumulate

from django.conf import settings
from django.core.cache import cache
from django.core.paginator import Paginator
from django.db.models import Count, QuerySet
from django.db.models.functions import ExtractMonth, ExtractYear

from pages.filters import ListingFilter
from pages.models.base import ContentPage, PageTopic
from pages.models.contribution import Contribution
from people.models import PersonPage
from people.visibility import seen_in_bulk

# Fewer are counted at each view; the tally of more is kept for a while. Which pages are shown never comes out of it.
COUNTED_AT_EACH_VIEW = 1_000
KEPT_SECONDS = 300
LATEST, PEOPLE = 100, 8


class Shelf:
    """``rows`` are of any visibility; ``group`` names the column that divides them. Rows other than pages have a ``page``."""

    def __init__(self, name: str, rows: QuerySet, group: str = "kind"):
        self.name, self.rows, self.group = name, rows, group
        self.path = "" if issubclass(rows.model, ContentPage) else "page__"
        self.key = "page_id" if self.path else "pk"
        self.newest_first = ("-display_date", f"-{self.key}")
        self.repeats = not getattr(rows.model, "names_once", True)  # a page may have several rows in one group

    @cached_property
    def seen(self) -> QuerySet:
        """The rows that lead to what readers see; no aliases."""
        return self.rows.filter(seen_in_bulk(self.path), **{f"{self.path}alias_of__isnull": True})

    @cached_property
    def tally(self) -> Counter:
        """``{(value of group, year, month): pages}``; of a large shelf a few minutes old at most."""
        place = f"tally:{self.name}"
        tally = cache.get(place)
        if tally is None:
            tally = self._counted()
            if tally.total() > COUNTED_AT_EACH_VIEW:
                cache.set(place, tally, KEPT_SECONDS)
        return tally

    def _counted(self) -> Counter:
        months = self.seen.order_by().annotate(year=ExtractYear("display_date"), month=ExtractMonth("display_date"))
        rows = months.values_list(self.group, "year", "month").annotate(number=Count(self.key, distinct=self.repeats))
        return Counter({(group, year, month): number for group, year, month, number in rows})

    def once(self, rows: QuerySet) -> QuerySet:
        """Rows cut down to some columns, without those that say the same again."""
        return rows.distinct() if self.repeats else rows

    @property
    def page_keys(self) -> QuerySet:
        """The keys of its pages, of any visibility, for a query of somebody else."""
        return self.rows.order_by().values(self.key)

    @cached_property
    def numbers(self) -> Counter:
        """``{value of group: pages}``."""
        found = Counter()
        for (group, *_), number in self.tally.items():
            found[group] += number
        return found


@dataclass(frozen=True)
class Stretch:
    """A part of a shelf: rows with one of ``groups``, or all, from the day ``since`` to before the day ``until``."""

    shelf: Shelf
    groups: tuple[str, ...] = ()
    since: date = date.min
    until: date = date.max

    @cached_property
    def months(self) -> list[tuple[date, int]]:
        """``[(first day of a month, pages)]``, the newest first; a month that is cut by an end is counted anew."""
        found = Counter()
        for (group, year, month), number in self.shelf.tally.items():
            if not self.groups or group in self.groups:
                found[date(year, month, 1)] += number
        within = [first for first in found if self.since < after(first) and first < self.until]
        for first in within:
            if first < self.since or after(first) > self.until:
                found[first] = self.keys(max(first, self.since), min(after(first), self.until)).count()
        return [(first, found[first]) for first in sorted(within, reverse=True)]

    @property
    def number(self) -> int:
        return sum(number for _, number in self.months)

    def cards(self, start: int, stop: int) -> list[ContentPage]:
        """The pages from place ``start`` to before place ``stop``, the newest first, loaded for cards."""
        begin, until = 0, self.until
        for place, (first, number) in zip(accumulate((n for _, n in self.months), initial=0), self.months, strict=False):
            begin, until = place, min(after(first), self.until)
            if start < place + number:
                break
        in_order = self.keys(self.since, until if begin else self.until).order_by(*self.shelf.newest_first)
        keys = in_order[start - begin : stop - begin]
        return list(ContentPage.objects.filter(pk__in=keys).newest_first().for_cards())

    def latest(self, number: int) -> QuerySet:
        """The keys of its newest pages, for a query."""
        return self.keys(self.since, self.until).order_by(*self.shelf.newest_first)[:number]

    def keys(self, since: date = date.min, until: date = date.max) -> QuerySet:
        """``{name of the key: key of a page}``, each page once, between two days; in no order."""
        return self.shelf.once(self.rows(since, until).order_by().values(self.shelf.key))

    def rows(self, since: date = date.min, until: date = date.max) -> QuerySet:
        """Those that lead to what readers see, between two days."""
        rows = self.shelf.seen
        if self.groups:
            rows = rows.filter(**{f"{self.shelf.group}__in": self.groups})
        if since > date.min:
            rows = rows.filter(display_date__gte=since)
        return rows.filter(display_date__lt=until) if until < date.max else rows


class LongList(Paginator):
    """The pages of a stretch, as cards, so many at a time."""

    def __init__(self, stretch: Stretch):
        super().__init__([], settings.HUB_LISTING_SIZE)
        self.stretch = stretch

    @cached_property
    def count(self) -> int:
        return self.stretch.number

    def page(self, number):
        number = self.validate_number(number)
        start = (number - 1) * self.per_page
        return self._get_page(self.stretch.cards(start, start + self.per_page), number, self)


def after(first: date) -> date:
    """The first day of the month after the one that begins on ``first``."""
    if (first.year, first.month) == (date.max.year, 12):
        return date.max
    return date(first.year + first.month // 12, first.month % 12 + 1, 1)


# What shelves there are


def everything(*kinds: str) -> Shelf:
    """All content of ``kinds``, wherever it stands."""
    kinds = [str(kind) for kind in kinds]
    return Shelf("-".join(kinds), ContentPage.objects.filter(kind__in=kinds))


def under(topics: list, *kinds: str) -> Shelf:
    """What stands under any of ``topics``, of ``kinds``, an alias being its source; nothing under a new page in preview."""
    kinds, keys = [str(kind) for kind in kinds], sorted({topic.alias_of_id or topic.pk for topic in topics if topic.pk})
    rows = PageTopic.objects.filter(topic_id__in=keys, kind__in=kinds)
    if len(keys) > 1:  # a page may stand under two of them
        rows = ContentPage.objects.filter(pk__in=rows.values("page_id"))
    return Shelf(f"under-{'-'.join(map(str, keys))}-{'-'.join(kinds)}", rows)


def contributed_by(person) -> Shelf:
    """What ``person``, or the source of an alias, contributed to, divided by role; nothing by a new page in preview."""
    key = person.alias_of_id or person.pk or 0
    return Shelf(f"by-{key}", Contribution.objects.filter(person_id=key, display_date__isnull=False), "role")


# What readers get of them


def listing(shelf: Shelf, chosen: ListingFilter, number, group: str = "") -> dict:
    """``{"filter", "results", "archive"}``: page ``number`` of what is ``chosen`` of a shelf, and how much there is by year."""
    stretch = Stretch(shelf, (group or chosen.kind,) if group or chosen.kind else ())
    results = LongList(replace(stretch, **dict(zip(("since", "until"), chosen.days, strict=True)))).get_page(number)
    return {"filter": chosen, "results": results, "archive": archive(stretch, chosen)}


def archive(stretch: Stretch, chosen: ListingFilter) -> dict:
    """``{"years", "months"}``, each ``[{"day", "number", "query", "is_chosen"}]``, the newest first; months of the year
    that is chosen. ``query`` leads there and keeps the type and the topic."""
    plain = replace(chosen, since=None, month=None)
    years = Counter()
    for first, number in stretch.months:
        years[first.year] += number
    months = [(first, number) for first, number in stretch.months if first.year == chosen.year]
    return {
        "years": [
            _place(date(year, 1, 1), number, replace(plain, year=year), year == chosen.year) for year, number in years.items()
        ],
        "months": [
            _place(first, number, replace(plain, year=first.year, month=first.month), first.month == chosen.month)
            for first, number in months
        ],
    }


def _place(day: date, number: int, chosen: ListingFilter, is_chosen: bool) -> dict:
    return {"day": day, "number": number, "query": chosen.query, "is_chosen": is_chosen}


def newest_of_each(shelf: Shelf, groups: list[str], number: int) -> dict[str, list[int]]:
    """``{value of the shelf's group: keys of its newest}``, of all of ``groups`` in one query."""
    if not groups:
        return {}
    columns = ("display_date", shelf.key, shelf.group)
    first, *others = [part.values_list(*columns) for part in _newest_of_each(shelf, groups, number)]
    found = {group: [] for group in groups}
    for _, key, group in sorted(first.union(*others), reverse=True):
        found[group].append(key)
    return found


def keys_of_newest(shelf: Shelf, groups: list[str], number: int, also: QuerySet) -> QuerySet:
    """The keys of the newest of each of ``groups``, and of the pages ``also``, for the query that reads them all."""
    parts = [part.values(shelf.key) for part in _newest_of_each(shelf, groups, number)]
    return also.order_by().values("pk").union(*parts)


def _newest_of_each(shelf, groups, number) -> list[QuerySet]:
    newest = {group: Stretch(shelf, (group,)).latest(number) for group in groups}
    # Within a subquery, since SQLite takes no limit in the parts of a union.
    return [shelf.rows.filter(**{f"{shelf.key}__in": keys, shelf.group: group}).order_by() for group, keys in newest.items()]


def people_among(shelf: Shelf, but=None) -> list[PersonPage]:
    """Those who contributed most to the latest hundred pages of a shelf, ``but`` one, each with ``pieces``: to how many."""
    people = PersonPage.objects.filter(contributions__page_id__in=Stretch(shelf).latest(LATEST), alias_of__isnull=True)
    seen = people.exclude(pk=(but.alias_of_id or but.pk) if but else None).visible_at_once()
    counted = seen.annotate(pieces=Count("contributions__page", distinct=True))
    return list(counted.order_by("-pieces", "sort_name", "pk").for_cards()[:PEOPLE])
