"""Reading a discussion: any part of it in a fixed number of queries, each of them one range of the thread order.

A *screen* shows threads, oldest or newest first; a *branch* one comment with what stands beneath it. Neither holds more
than ``HUB_THREAD_SLICE`` comments. A thread longer than half a screen is folded to its beginning, so that one such
thread at most stands on a screen, and is read on as a branch. Where to go on is said by the number of a comment; nothing
is counted, and nothing is read to be passed over, however long a thread is.
"""

from collections import Counter
from dataclasses import dataclass, field
from itertools import groupby

from django.conf import settings
from django.contrib.auth.models import Permission
from django.db.models import Exists, F, OuterRef, Q
from django.utils.translation import gettext as _

from discussion.models import PageComment, State
from discussion.paths import LEVELS, WIDTH, branch_bounds
from pages.models import Contribution, Role

SHOWN_LEVELS = 3
# Whoever follows a comment's address finds so many before it, where there are any.
BEFORE = 10
BADGE_ROLES = {Role.AUTHOR, Role.EDITOR, Role.INTERVIEWER, Role.INTERVIEWEE, Role.SPEAKER, Role.CHAIR}


@dataclass
class Row:
    """A comment as a thread shows it.

    ``level`` is the shown one, 0 to 2; ``parent`` the true one, or None, and ``parent_is_here`` when it stands on the
    same screen. ``unseen_replies`` is the number of its direct replies where not all of them do, else 0; ``is_folded``
    says so of a whole thread, and ``is_closed``, on its first comment, that only this thread takes no replies. ``same_as`` is
    the number, seen by readers, of what a placeholder stands for once more.
    """

    comment: PageComment
    level: int
    parent: PageComment | None
    parent_is_here: bool
    badges: list[str]
    may_reply: bool
    unseen_replies: int = 0
    is_folded: bool = False
    is_closed: bool = False
    same_as: int | None = None
    replies: list["Row"] = field(default_factory=list)

    @property
    def is_placeholder(self) -> bool:
        return self.comment.state != State.PUBLISHED


@dataclass(frozen=True)
class Screen:
    """Threads, nested for showing, and the number of the last one's first comment when more threads follow."""

    rows: list[Row]
    next_after: int | None


NOTHING = Screen([], None)


@dataclass(frozen=True)
class Branch:
    """A comment with a part of what stands beneath it, and the number of the last one when more follow.

    ``is_closed``: its thread, and only that, takes no replies.
    """

    top: Row
    next_after: int | None
    begins_later: bool
    is_closed: bool


@dataclass(frozen=True)
class Place:
    """Where a comment is to be seen: on the screen after the comment ``after``, or in the branch of ``thread`` after it.

    ``after`` None is the beginning.
    """

    thread: int | None
    after: int | None


def fold() -> int:
    """How many comments of a longer thread a screen shows: more than half a screen, so that two do not fit."""
    return settings.HUB_THREAD_SLICE // 2 + 1


def screen_of(page, *, after: str = "", newest: bool = False, takes_comments: bool = False) -> Screen:
    """The threads of ``page`` after the one to which the path ``after`` belongs.

    At most three queries when the oldest come first, four when the newest do; one more where duplicates left a place.
    """
    threads, more = _fitting(page.pk, after[:WIDTH], newest)
    comments = [comment for thread in threads for comment in thread.shown]
    # What a comment answers stands before it in its thread, and so on the same screen.
    closed = {comment.pk for comment in comments if comment.closed_at}
    rows = _rows(page, comments, {comment.pk: comment for comment in comments}, takes_comments, closed=closed)
    folded = {thread.shown[0].pk for thread in threads if thread.is_folded}
    for row in rows:
        row.is_folded = row.comment.pk in folded
        row.is_closed = takes_comments and row.comment.pk in closed
    return Screen(_nested(rows), threads[-1].shown[0].number if more else None)


def branch_of(page, number: int, *, after: int | None = None, takes_comments: bool = False) -> Branch | None:
    """The comment ``number`` of ``page`` and what stands beneath it after the one numbered ``after``; None if it is not seen.

    At most four queries, and one more where duplicates left a place. A reply to the last level stands beside its parent:
    beneath that one counts what follows it.
    """
    asked = _comments(page.pk).filter(number__in={number, after} - {None}).annotate(thread_closed_at=F("root__closed_at"))
    known = {comment.number: comment for comment in asked}
    top = known.get(number)
    if top is None or not top.is_standing:
        return None
    size, last = settings.HUB_THREAD_SLICE, _end_of_replies(top)
    start = known[after].path if after in known and top.path < known[after].path <= last else top.path
    found = list(_standing(page.pk).filter(path__gt=start, path__lte=last).in_thread_order()[: size + 1])
    comments = [top, *found[:size]]
    is_closed = top.thread_closed_at is not None
    rows = _rows(page, comments, _with_parents(comments), takes_comments, top, {top.root_id} if is_closed else set())
    rows[0].unseen_replies = 0  # they are what this is about
    next_after = comments[-1].number if len(found) > size else None
    return Branch(_nested(rows)[0], next_after, begins_later=start != top.path, is_closed=takes_comments and is_closed)


def place_of(comment: PageComment) -> Place:
    """Where readers see ``comment``, with a few comments before it. Three short queries at most."""
    start, end = branch_bounds(comment.path[:WIDTH])
    standing = PageComment.objects.standing().filter(page_id=comment.page_id)
    thread = standing.filter(path__gte=start, path__lte=end).in_thread_order()
    shown = list(thread.values_list("path", flat=True)[: fold()])
    backwards = standing.order_by("-path").values_list("number", flat=True)
    if comment.path not in shown:
        before = list(backwards.filter(path__gte=start, path__lt=comment.path)[: min(BEFORE, fold())])
        return Place(thread=comment.root.number, after=before[-1])
    room = settings.HUB_THREAD_SLICE - len(shown)
    before = list(backwards.filter(path__lt=start)[: room + 1])
    if len(before) <= room:
        return Place(None, None)
    return Place(None, after=before[:BEFORE][: max(room, 1)][-1])


@dataclass
class _Thread:
    """What was read of one thread, in thread order. ``is_cut``: it may go on where the reading stopped."""

    start: str
    comments: list[PageComment]
    is_cut: bool

    @property
    def is_folded(self) -> bool:
        return len(self.comments) > fold()

    @property
    def shown(self) -> list[PageComment]:
        return self.comments[: fold()]


def _fitting(page_id, cursor, newest) -> tuple[list[_Thread], bool]:
    """As many threads after ``cursor`` as fit on a screen, folded where they are long, and whether more follow.

    Read again only after a folded thread, of which no two fit: twice at most.
    """
    threads, room = [], settings.HUB_THREAD_SLICE
    while True:
        found, is_full = _read(page_id, cursor, newest, room + 1)
        for thread in found:
            if thread.is_cut and not thread.is_folded:
                break
            if len(thread.shown) > room:
                return threads, True
            if thread.is_cut and newest:
                thread.comments = _beginning(page_id, thread.start)
            threads.append(thread)
            cursor, room = thread.start, room - len(thread.shown)
        if not is_full:
            return threads, False
        if not any(thread.is_folded for thread in found):
            return threads, True


def _read(page_id, cursor, newest, limit) -> tuple[list[_Thread], bool]:
    """The threads of the next ``limit`` comments in reading order, and whether there were as many."""
    standing = _standing(page_id)
    if newest:
        standing = standing.order_by("-path")
        found = list((standing.filter(path__lt=cursor) if cursor else standing)[:limit])
    else:
        found = list(standing.filter(path__gt=branch_bounds(cursor)[1] if cursor else "").in_thread_order()[:limit])
    threads = []
    for start, comments in groupby(found, key=lambda comment: comment.path[:WIDTH]):
        comments = list(comments)
        threads.append(_Thread(start, comments[::-1] if newest else comments, is_cut=False))
    is_full = len(found) == limit
    if is_full:
        threads[-1].is_cut = not newest or threads[-1].comments[0].path != threads[-1].start
    return threads, is_full


def _beginning(page_id, start) -> list[PageComment]:
    """The first comments of a thread, one more than are shown of it."""
    first, last = branch_bounds(start)
    return list(_standing(page_id).filter(path__gte=first, path__lte=last).in_thread_order()[: fold() + 1])


def _comments(page_id):
    """Comments of a page with what a thread shows of them; what was typed is not."""
    return PageComment.objects.filter(page_id=page_id).defer("comment").annotate(by_staff=_by_staff())


def _by_staff() -> Q:
    """Whether the writer's account belongs to whoever runs the hub: it may enter the admin, or is marked as staff."""
    enters = Permission.objects.filter(codename="access_admin", content_type__app_label="wagtailadmin")
    may_enter = Exists(enters.filter(group__user=OuterRef("user")))
    return Q(user__is_staff=True) | Q(user__is_superuser=True) | Q(may_enter)


def _standing(page_id):
    return _comments(page_id).standing()


def _end_of_replies(comment) -> str:
    """The last path beneath ``comment``; for one on the last level the last beside it, where its replies stand."""
    is_deepest = len(comment.path) == LEVELS * WIDTH
    return branch_bounds(comment.path[:-WIDTH] if is_deepest else comment.path)[1]


def _with_parents(comments) -> dict:
    """``comments`` and their true parents by key: those that are not among them in one query, if they stand."""
    known = {comment.pk: comment for comment in comments}
    missing = {comment.in_reply_to_id for comment in comments} - set(known) - {None}
    if missing:
        known |= PageComment.objects.standing().defer("comment", "body_html").in_bulk(missing)
    return known


def _rows(page, comments, parents, takes_comments, top=None, closed=frozenset()) -> list[Row]:
    """Rows for ``comments``; levels count from ``top``. ``parents`` by key: one that is missing is not seen by readers.

    ``closed``: the keys of the first comments of threads that take no replies.

    A reply to the last level stays when the one it answers, beside it, is taken out of sight.
    """
    here = {comment.pk for comment in comments}
    seen_replies = Counter(comment.in_reply_to_id for comment in comments if comment.is_published)
    badges, originals = _badges(page, comments), _originals(page, comments)
    return [
        Row(
            comment=comment,
            level=_shown_level(comment, top),
            parent=parents.get(comment.in_reply_to_id),
            parent_is_here=comment.in_reply_to_id in here,
            badges=badges.get(comment.pk, []),
            may_reply=takes_comments and comment.is_published and comment.root_id not in closed,
            unseen_replies=comment.reply_count if comment.reply_count > seen_replies[comment.pk] else 0,
            same_as=originals.get(comment.pk),
        )
        for comment in comments
    ]


def _originals(page, comments) -> dict[int, int]:
    """What removed duplicates stand for once more, by their keys: numbers that readers find on the page. One query for any."""
    said = {comment.pk: comment.duplicate_number for comment in comments if comment.state == State.REMOVED}
    wanted = set(said.values()) - {None}
    if not wanted:
        return {}
    seen = set(PageComment.objects.published().filter(page_id=page.pk, number__in=wanted).values_list("number", flat=True))
    return {key: number for key, number in said.items() if number in seen}


def _shown_level(comment, top) -> int:
    if top is None:
        return min(comment.depth, SHOWN_LEVELS - 1)
    return 0 if comment.pk == top.pk else max(1, min(comment.depth - top.depth, SHOWN_LEVELS - 1))


def _badges(page, comments) -> dict[int, list[str]]:
    """Badges by comment: the account's part in this page, or staff. Made from the page's own data, set by nobody."""
    users = {comment.user_id for comment in comments} - {None}
    if not users:
        return {}
    parts: dict[int, list[str]] = {user: [] for user in users}
    rows = Contribution.objects.filter(page_id=page.pk, person__user__in=users, role__in=BADGE_ROLES)
    for user, role in rows.order_by("sort_order").values_list("person__user", "role"):
        parts[user].append(Role(role).label)
    return {
        comment.pk: parts[comment.user_id] or ([_("Staff")] if comment.by_staff else [])
        for comment in comments
        if comment.user_id
    }


def _nested(rows: list[Row]) -> list[Row]:
    """Rows in thread order as a tree of at most three shown levels.

    A part of a branch may begin anywhere: a row whose parent stands in an earlier part comes right beneath the top, and
    says itself what it answers.
    """
    top, open_rows = [], []
    for row in rows:
        while open_rows and open_rows[-1].level >= row.level:
            open_rows.pop()
        (open_rows[-1].replies if open_rows else top).append(row)
        open_rows.append(row)
    return top
