"""Moving a comment with all that stands beneath it to another page, where it begins a thread of its own."""

from collections.abc import Mapping
from copy import copy

from django.contrib.contenttypes.models import ContentType
from django.db import transaction
from django.db.models import F, OuterRef, Subquery
from django.utils import timezone
from django.utils.translation import gettext as _
from django_comments.models import Comment
from django_comments_xtd.models import XtdComment

from discussion import record
from discussion.branches import around, sorted_out
from discussion.curating import Refused, mark_seen, still_here
from discussion.models import Discussion, FormerPlace, LogEntry, PageComment, State
from discussion.openness import standing_of
from discussion.paths import WIDTH, ancestors, depth, encode
from discussion.posting import PageGone, lock_discussion, path_above_replies
from discussion.transitions import RANGES_AT_ONCE, recount, unchanged
from pages.models import ContentPage

MOST = 5_000  # of one branch
MOST_TOGETHER = 20_000
BATCH = 500
PLACED = ["path", "root", "depth", "number", "duplicate_number", "hidden_by_ancestor"]


class WrongPage(Refused):
    """Comments cannot be moved to that page."""


def movable_to():
    """The pages that can take comments from others: readers can come to them, and each has a discussion of its own."""
    return ContentPage.objects.published().original()


def move(comment: PageComment, page: ContentPage, *, by, reason: str = "") -> PageComment:
    """Take ``comment`` and all that answers it to the discussion of ``page``; the comment as it stands there.

    What had a number gets a new one, in the same order; the old ones are not given again, and lead on to the new place.
    Subscriptions stay where they are. The number of queries grows with each five hundred comments only. Raises
    ``WrongPage`` or ``Refused``; nothing is written then.
    """
    if page.pk == comment.page_id:
        raise WrongPage(_("It stands on this page already."))
    with transaction.atomic():
        target = _lock_all([comment.page_id], page)
        top = still_here(comment)
        if top.state == State.ERASED:
            raise Refused(_("This comment was erased; there is nothing left to move."))
        page = _still_movable_to(page, target)
        _take([top], {top.pk: branch_of(top)}, target, page, by=by, reason=reason)
        top.refresh_from_db()
    return top


def move_many(seen: Mapping[int, int], page: ContentPage, *, by, reason: str = "") -> int:
    """As ``move``, for many; how many of them stand on ``page`` by it.

    What stands beneath another of them comes along with that, and makes no thread of its own. Left where they are: those
    that changed since (``seen`` as in ``transitions.decide``), those that were erased, and those that would
    take more than ``MOST`` comments along at once. As many queries for many as for one, and one more for each five hundred.
    Raises ``WrongPage`` or ``Refused``.
    """
    sources = PageComment.objects.filter(pk__in=seen).order_by().values_list("page_id", flat=True).distinct()
    with transaction.atomic():
        held = list(sources)
        target = _lock_all(held, page)
        page = _still_movable_to(page, target)
        chosen = PageComment.objects.filter(pk__in=unchanged(seen), page__in=held).exclude(page=page.pk)
        found = list(chosen.exclude(state=State.ERASED).order_by("pk").defer("comment", "body_html"))
        tops = _topmost(found)
        branches = _branches_of(tops)
        tops = [top for top in tops if top.pk in branches]
        _take(tops, branches, target, page, by=by, reason=reason)
    came = {row.pk for branch in branches.values() for row in branch}
    return sum(comment.pk in came for comment in found)


def _still_movable_to(page, target) -> ContentPage:
    found = movable_to().filter(pk=page.pk).first()
    if found is None or not standing_of(found, target).is_shown:
        raise WrongPage(_("Readers find no discussion on that page."))
    return found


def _lock_all(page_ids, page) -> Discussion:
    """Hold the discussions of ``page_ids`` and of ``page``, in the order of their keys, as everybody does; that of ``page``.

    It is made if need be. The others are there, or ``Refused`` is raised.
    """
    others = {key for key in page_ids if key != page.pk}
    rows = Discussion.objects.select_for_update().order_by("page_id")
    held = set(rows.filter(page_id__in=[key for key in others if key < page.pk]).values_list("pk", flat=True))
    try:
        target = lock_discussion(page)
    except PageGone as error:
        raise WrongPage(_("That page was deleted a moment ago.")) from error
    held |= set(rows.filter(page_id__in=[key for key in others if key > page.pk]).values_list("pk", flat=True))
    if held != others:
        raise Refused(_("This comment is no longer there."))
    return target


def _topmost(comments: list[PageComment]) -> list[PageComment]:
    """Those of ``comments`` that answer none of the others."""
    paths, keys = {comment.path for comment in comments}, {comment.pk for comment in comments}
    return [row for row in comments if paths.isdisjoint(ancestors(row.path)) and row.in_reply_to_id not in keys]


def _take(tops, branches: dict[int, list[PageComment]], target, page, *, by, reason) -> None:
    """Make each of ``tops`` with its branch a thread of ``page``, all else following; the discussions are held."""
    before = [copy(top) for top in tops]
    rows = [row for top in tops for row in branches[top.pk]]
    former = [FormerPlace(page_id=row.page_id, number=row.number, comment=row) for row in rows if row.number]
    for top in tops:
        _lay(branches[top.pk], target)
    for start in range(0, len(rows), BATCH):
        _write(rows[start : start + BATCH], page)
    keys = [top.pk for top in tops]
    PageComment.objects.filter(pk__in=keys).update(in_reply_to=None)
    XtdComment._base_manager.filter(pk__in=keys).update(parent_id=F("pk"))
    FormerPlace.objects.bulk_create(former, batch_size=BATCH)
    after = list(PageComment.objects.filter(pk__in=keys).order_by("pk").defer("comment", "body_html"))
    recount({page.pk, *(row.page_id for row in before)}, [*before, *after])
    mark_seen(keys, timezone.now())
    _note(before, after, branches, by, reason)


def branch_of(top: PageComment) -> list[PageComment]:
    """``top`` and all that answers it, as they came. Raises ``Refused`` when there are too many."""
    branch = _branches_of([top]).get(top.pk)
    if branch is None:
        raise Refused(_("More than %(most)d comments stand beneath it. Move smaller parts of the thread.") % {"most": MOST})
    return branch


def _branches_of(tops: list[PageComment]) -> dict[int, list[PageComment]]:
    """The branch of each by its key; those of more than ``MOST`` are left out. One query for four hundred of them.

    Raises ``Refused`` when there are too many together.
    """
    branches: dict[int, list[PageComment]] = {top.pk: [] for top in tops}
    for start in range(0, len(tops), RANGES_AT_ONCE):
        some = tops[start : start + RANGES_AT_ONCE]
        rows = PageComment.objects.filter(around(some)).order_by("pk").defer("comment", "body_html")
        rows = list(rows[: MOST_TOGETHER + 1])
        if len(rows) > MOST_TOGETHER:
            raise Refused(_("More than %(most)d comments stand beneath them. Move fewer at once.") % {"most": MOST_TOGETHER})
        for top, row in sorted_out(rows, some):
            branches[top].append(row)
    return {key: branch for key, branch in branches.items() if len(branch) <= MOST}


def _lay(branch: list[PageComment], target: Discussion) -> None:
    """Give each comment its place in the thread that ``branch`` becomes, as if it had been posted there. Saves nothing."""
    numbers = {}
    for number in sorted(row.number for row in branch if row.number):
        target.last_number += 1
        numbers[number] = target.last_number
    by_key, by_path = {}, {}
    root = branch[0].pk
    for row in branch:  # by key, and so what is answered comes before its answers
        row.path = path_above_replies(by_key.get(row.in_reply_to_id)) + encode(row.pk)
        row.depth, row.root_id = depth(row.path), root
        row.number = numbers.get(row.number)
        row.duplicate_number = numbers.get(row.duplicate_number)
        over = by_path.get(row.path[:-WIDTH])
        row.hidden_by_ancestor = over is not None and (over.hidden_by_ancestor or not over.has_place)
        by_key[row.pk] = by_path[row.path] = row


def _write(rows: list[PageComment], page: ContentPage) -> None:
    """Write the new places into all three tables. Numbers go first: for a moment two pages' would stand together."""
    keys = [row.pk for row in rows]
    PageComment.objects.filter(pk__in=keys).update(number=None, page_id=page.pk, anchor="", anchor_text="")
    PageComment.objects.bulk_update(rows, PLACED, batch_size=BATCH)
    Comment.objects.filter(pk__in=keys).update(
        content_type=ContentType.objects.get_for_model(page.specific_class), object_pk=str(page.pk)
    )
    placed = PageComment.objects.filter(pk=OuterRef("pk")).order_by()
    XtdComment._base_manager.filter(pk__in=keys).update(
        thread_id=Subquery(placed.values("root_id")), level=Subquery(placed.values("depth"))
    )


def _note(before, after, branches, by, reason) -> None:
    was = {row.pk: row for row in before}
    noted = [
        {
            "comment": row,
            "page_id": was[row.pk].page_id,
            "before": {"page": was[row.pk].page_id, "number": was[row.pk].number},
            "after": {"page": row.page_id, "number": row.number, "comments": len(branches[row.pk])},
        }
        for row in after
    ]
    record.write_each(LogEntry.Action.MOVE, noted, by=by, reason=reason)
