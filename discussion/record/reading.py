"""Reading all of the record as one log, newest first, however many tables it lies in.

Each table is asked by its own index for no more than is shown, and the few rows are put in order here. Rows of one moment
stand in the order of ``SOURCES``, then by key, so that every row has one place and paging by places finds each once.
"""

import heapq
import re
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from itertools import groupby, islice

from django.db.models import Q
from django.urls import NoReverseMatch, reverse
from django.utils.translation import gettext as _
from wagtail.models import Page

from discussion.models import PageComment
from discussion.permissions import may_moderate_page
from discussion.persons import subject_of
from discussion.record.sources import SOURCES, Facts, Scope
from pages.models import ContentPage

SHOWN = 50
SHOWN_OF_COMMENT = ["number", "user_name", "person_key", "user", "page__title", "page__url_path"]
HISTORY = 100
READ_AT_ONCE = 2000  # rows of one table, for a file
TOGETHER = 500  # entries, put in words with their comments and pages
EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
CURSOR = re.compile(r"(\d{1,17})-([a-z]{1,20})-(\d{1,18})", re.ASCII)


@dataclass(frozen=True)
class Entry:
    """One thing that happened: when, by whom, to what, from what to what, and why.

    ``by_name`` is empty for what no person did. ``person`` is a subject as in ``persons.subject_of``; ``url`` leads to the
    comment, person or page in the admin, where there is one. ``message`` is what the commenter was told.
    """

    at: datetime
    by_name: str
    what: str
    comment: PageComment | None
    page: Page | None
    person: str
    before: str
    after: str
    reason: str
    message: str
    url: str


@dataclass(frozen=True)
class _Place:
    """Where a row stands in the record; ``rank`` is the place of its source in ``SOURCES``."""

    at: datetime
    rank: int
    key: int

    @classmethod
    def read(cls, cursor: str) -> "_Place":
        """The place that ``cursor`` names. Raises ``ValueError`` for what names none."""
        found = CURSOR.fullmatch(cursor)
        names = [source.name for source in SOURCES]
        if not found or found[2] not in names:
            raise ValueError(f"{cursor!r} is no place in the record")
        return cls(EPOCH + timedelta(microseconds=int(found[1])), names.index(found[2]), int(found[3]))

    def written(self) -> str:
        return f"{(self.at - EPOCH) // timedelta(microseconds=1)}-{SOURCES[self.rank].name}-{self.key}"

    @property
    def order(self) -> tuple:
        """Sorts newest first."""
        return (EPOCH - self.at, self.rank, -self.key)

    def after(self, rank: int) -> Q:
        """The condition on the rows of a source that they come after this place."""
        at = SOURCES[rank].at
        if rank > self.rank:
            return Q(**{f"{at}__lte": self.at})
        earlier = Q(**{f"{at}__lt": self.at})
        if rank < self.rank:
            return earlier
        return Q(**{f"{at}__lte": self.at}) & (earlier | Q(pk__lt=self.key))  # the first part is what an index can use


def entries(
    user, *, comment=None, page=None, person=None, by=None, since=None, until=None, kinds=None, before="", limit=SHOWN
) -> tuple[list[Entry], str]:
    """``(entries, cursor)``: what ``user`` may see of the record, newest first, and where it goes on; "" at its end.

    Narrowed to a ``comment`` (its key), to a ``page`` (its key, or several), to a ``person`` (a subject as in
    ``persons.subject_of``), to what an account did (``by``, its key), to the time from ``since`` up to before ``until``, and
    to ``kinds`` (values of ``record.kinds()``). ``before`` is the cursor of an earlier call. One query for each source, or two
    where it is narrowed to very many comments, and four more, however long the record is. Raises ``ValueError`` for a cursor
    that is none.
    """
    start = _Place.read(before) if before else None
    asked = {"comment": comment, "by": by, "since": since, "until": until, "kinds": kinds}
    scope, found = _scope(user, page, person), []
    for rank in range(len(SOURCES)):
        found += _newest(rank, scope, asked, start, limit + 1)
    found.sort(key=_order)
    return _entries_of(found[:limit]), found[limit - 1][0].written() if len(found) > limit else ""


def all_entries(user, *, page=None, person=None, **asked) -> Iterator[Entry]:
    """Every entry that ``entries`` finds page by page, for files: each table is read once, some rows at a time."""
    scope = _scope(user, page, person)
    rows = heapq.merge(*(_all_of(rank, scope, asked) for rank in range(len(SOURCES))), key=_order)
    while some := list(islice(rows, TOGETHER)):
        yield from _entries_of(some)


def _scope(user, page, person) -> Scope:
    return Scope(user, page=[page] if isinstance(page, int) else page, person=person)


def _order(placed) -> tuple:
    return placed[0].order


def _newest(rank: int, scope: Scope, asked: dict, start: _Place | None, count: int) -> list[tuple]:
    """``[(place, row), …]`` of one source, the newest first, after ``start``."""
    source = SOURCES[rank]
    rows = source.matching(**asked)
    if rows is None:
        return []
    newest = source.newest(rows.filter(start.after(rank)) if start else rows, scope, count)
    return [(_Place(getattr(row, source.at), rank, row.pk), row) for row in newest]


def _all_of(rank: int, scope: Scope, asked: dict) -> Iterator[tuple]:
    start = None
    while some := _newest(rank, scope, asked, start, READ_AT_ONCE):
        yield from some
        if len(some) < READ_AT_ONCE:
            return
        start = some[-1][0]


def history_of(comment: PageComment, user) -> list[Entry]:
    """What became of ``comment``, newest first; nothing for who may not moderate it. ``comment`` comes with its page.

    A hundred of each kind at most, and of mails those to its author. One query for each table of the record.
    """
    if not may_moderate_page(user, comment.page):
        return []
    found = []
    for model, sources in groupby(enumerate(SOURCES), lambda ranked: ranked[1].model):
        ranked = list(sources)
        first = ranked[0][1]
        rows = first.loaded(model._base_manager.filter(first.of_history, comment_id=comment.pk))
        rows = list(rows.order_by(f"-{first.at}", "-pk")[:HISTORY])
        for rank, source in ranked:
            told = [row for row in rows if getattr(row, source.at)]
            found += [(_Place(getattr(row, source.at), rank, row.pk), source.facts(row)) for row in told]
    found += [(_Place(at, len(SOURCES), 0), facts) for at, facts in _beginning(comment)]
    found.sort(key=lambda pair: pair[0].order)
    return [_entry(place.at, facts, comment, comment.page, subject_of(comment)) for place, facts in found]


def _beginning(comment) -> list[tuple[datetime, Facts]]:
    """What the comment's own row tells of how it came."""
    at_once = comment.published_at == comment.submitted_at
    what = _("Submitted, and published at once") if at_once else _("Submitted")
    beginning = [(comment.submitted_at, Facts(what, by_name=comment.user_name))]
    if comment.confirmed_at and comment.confirmed_at > comment.submitted_at:
        beginning.append((comment.confirmed_at, Facts(_("E-mail address confirmed"))))
    return beginning


def _entries_of(found: list[tuple[_Place, object]]) -> list[Entry]:
    """The rows in words, with their comments and pages: two queries for all of them."""
    read = [(place.at, SOURCES[place.rank], row) for place, row in found]
    comments = PageComment.objects.select_related("page").only(*SHOWN_OF_COMMENT)
    comments = comments.in_bulk({row.comment_id for _at, _source, row in read} - {None})
    alone = {source.page_of(row) for _at, source, row in read} - {None}
    pages = Page.objects.in_bulk(alone - {comment.page_id for comment in comments.values()}) if alone else {}
    pages |= {comment.page_id: comment.page for comment in comments.values()}
    made = []
    for at, source, row in read:
        comment = comments.get(row.comment_id)
        page = pages.get(source.page_of(row)) or (comment and comment.page)
        person = source.person_of(row) or (subject_of(comment) if comment else "")
        made.append(_entry(at, source.facts(row), comment, page, person))
    return made


def _entry(at, facts: Facts, comment, page, person) -> Entry:
    return Entry(
        at=at,
        by_name=facts.by_name,
        what=facts.what,
        comment=comment,
        page=page,
        person=person,
        before=facts.before,
        after=facts.after,
        reason=facts.reason,
        message=facts.message,
        url=_address(comment, page, person),
    )


def _address(comment, page, person) -> str:
    """The screen of what an entry is about: of the comment, else of the person, else of the page's discussion."""
    if comment:
        ways = [("discussion_comment", comment.pk), ("wagtailsnippets_discussion_pagecomment:inspect", comment.pk)]
    else:
        ways = [("discussion_person", person)] if person else []
        if page and issubclass(page.cached_content_type.model_class() or Page, ContentPage):
            ways.append(("discussion_override", page.pk))
    for name, key in ways:
        with suppress(NoReverseMatch):
            return reverse(name, args=[key])
    return ""
