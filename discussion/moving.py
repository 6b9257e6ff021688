"""Moving a comment with all that stands beneath it to another page, where it begins a thread of its own."""

from copy import copy

from django.contrib.contenttypes.models import ContentType
from django.db import transaction
from django.db.models import OuterRef, Subquery
from django.utils import timezone
from django.utils.translation import gettext as _
from django_comments.models import Comment
from django_comments_xtd.models import XtdComment

from discussion import record
from discussion.curating import Refused, mark_seen, still_here
from discussion.models import Discussion, FormerPlace, LogEntry, PageComment, State
from discussion.openness import standing_of
from discussion.paths import LEVELS, WIDTH, branch_bounds, depth, encode
from discussion.posting import PageGone, lock_discussion, path_above_replies
from discussion.transitions import recount
from pages.models import ContentPage

MOST = 5_000
BATCH = 500


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
        source, target = _lock_both(comment.page_id, page)
        top = still_here(comment)
        if top.state == State.ERASED:
            raise Refused(_("This comment was erased; there is nothing left to move."))
        page = movable_to().filter(pk=page.pk).first()
        if page is None or not standing_of(page, target).is_shown:
            raise WrongPage(_("Readers find no discussion on that page."))
        before = copy(top)
        branch = branch_of(top)
        former = [FormerPlace(page_id=source.page_id, number=row.number, comment=row) for row in branch if row.number]
        _lay(branch, target)
        for start in range(0, len(branch), BATCH):
            _write(branch[start : start + BATCH], top, page)
        PageComment.objects.filter(pk=top.pk).update(in_reply_to=None)
        XtdComment._base_manager.filter(pk=top.pk).update(parent_id=top.pk)
        FormerPlace.objects.bulk_create(former, batch_size=BATCH)
        top.refresh_from_db()
        recount([source.page_id, target.page_id], [before, top])
        mark_seen([top.pk], timezone.now())
        _note(before, top, len(branch), by, reason)
        top.refresh_from_db()
    return top


def _lock_both(page_id, page) -> tuple[Discussion, Discussion]:
    """The rows of both discussions, locked in the order of their keys, as everybody does; the second one is made if need be."""
    rows = {}
    for key in sorted([page_id, page.pk]):
        try:
            rows[key] = (
                lock_discussion(page) if key == page.pk else Discussion.objects.select_for_update().filter(page_id=key).first()
            )
        except PageGone as error:
            raise WrongPage(_("That page was deleted a moment ago.")) from error
    if rows[page_id] is None:
        raise Refused(_("This comment is no longer there."))
    return rows[page_id], rows[page.pk]


def branch_of(top: PageComment) -> list[PageComment]:
    """``top`` and all that answers it, as they came. Two queries at most. Raises ``Refused`` when there are too many."""
    branch = list(PageComment.objects.branch(top).order_by("pk").defer("comment", "body_html")[: MOST + 1])
    if len(top.path) == LEVELS * WIDTH:  # what answers it stands beside it
        among, last = {top.pk}, branch_bounds(top.path[:-WIDTH])[1]
        beside = PageComment.objects.filter(page_id=top.page_id, path__gt=top.path, path__lte=last)
        for row in beside.order_by("pk").defer("comment", "body_html")[:MOST]:
            if row.in_reply_to_id in among:
                among.add(row.pk)
                branch.append(row)
    if len(branch) > MOST:
        raise Refused(_("More than %(most)d comments stand beneath it. Move smaller parts of the thread.") % {"most": MOST})
    return branch


def _lay(branch: list[PageComment], target: Discussion) -> None:
    """Give each comment its place in the thread that ``branch`` becomes, as if it had been posted there. Saves nothing."""
    numbers = {}
    for number in sorted(row.number for row in branch if row.number):
        target.last_number += 1
        numbers[number] = target.last_number
    by_key, by_path = {}, {}
    for row in branch:  # by key, and so what is answered comes before its answers
        row.path = path_above_replies(by_key.get(row.in_reply_to_id)) + encode(row.pk)
        row.depth = depth(row.path)
        row.number = numbers.get(row.number)
        row.duplicate_number = numbers.get(row.duplicate_number)
        over = by_path.get(row.path[:-WIDTH])
        row.hidden_by_ancestor = over is not None and (over.hidden_by_ancestor or not over.has_place)
        by_key[row.pk] = by_path[row.path] = row


def _write(rows: list[PageComment], top: PageComment, page: ContentPage) -> None:
    """Write the new places into all three tables. Numbers go first: for a moment two pages' would stand together."""
    keys = [row.pk for row in rows]
    moved = PageComment.objects.filter(pk__in=keys)
    moved.update(number=None, page_id=page.pk, root_id=top.pk, anchor="", anchor_text="")
    PageComment.objects.bulk_update(rows, ["path", "depth", "number", "duplicate_number", "hidden_by_ancestor"], batch_size=BATCH)
    Comment.objects.filter(pk__in=keys).update(
        content_type=ContentType.objects.get_for_model(page.specific_class), object_pk=str(page.pk)
    )
    level = PageComment.objects.filter(pk=OuterRef("pk")).order_by().values("depth")
    XtdComment._base_manager.filter(pk__in=keys).update(thread_id=top.pk, level=Subquery(level))


def _note(before, after, count, by, reason) -> None:
    record.write(
        LogEntry.Action.MOVE,
        by=by,
        comment=after,
        page_id=before.page_id,
        reason=reason,
        before={"page": before.page_id, "number": before.number},
        after={"page": after.page_id, "number": after.number, "comments": count},
    )
