"""The life of a comment: which state may follow which, and the one function that changes states.

Everything that hangs on a state is written here in the same transaction: numbers, the package's mirror columns, what
is hidden beneath, counters, the record. Lock order everywhere: the pages' ``Discussion`` rows by key, then comments.
"""

from collections import defaultdict
from dataclasses import dataclass

from django.db import transaction
from django.db.models import Count, Exists, Max, OuterRef, Q, Subquery
from django.db.models.functions import Coalesce
from django.utils import timezone
from django_comments.models import Comment

from discussion import formatting
from discussion.erasure import wipe
from discussion.models import STANDING, Decision, Discussion, PageComment, Report, State
from discussion.paths import branch_bounds

ALLOWED = {
    State.UNCONFIRMED: {State.PENDING, State.PUBLISHED, State.REJECTED, State.SPAM, State.ERASED},
    State.PENDING: {State.PUBLISHED, State.REJECTED, State.SPAM, State.ERASED},
    State.PUBLISHED: {State.PENDING, State.REMOVED, State.REJECTED, State.SPAM, State.ERASED},
    State.REJECTED: {State.PENDING, State.PUBLISHED, State.SPAM, State.ERASED},
    State.SPAM: {State.PENDING, State.PUBLISHED, State.REJECTED, State.ERASED},
    State.REMOVED: {State.PUBLISHED, State.REJECTED, State.SPAM, State.ERASED},
    State.ERASED: set(),
}
# Decisions that answer the readers' reports about a comment.
SETTLING = {State.REMOVED, State.REJECTED, State.SPAM}


@dataclass(frozen=True)
class Outcome:
    """``changed``: comments that went to the new state. ``refused``: those whose state does not allow it."""

    changed: list[PageComment]
    refused: list[PageComment]


def decide(comment_ids, to_state: State, *, by, reason: str = "") -> Outcome:
    """Take one or many comments to ``to_state``, with a record of who, when and why.

    The number of queries does not depend on the number of comments, except for a few more for each comment with
    replies that leaves or returns to the readers' view.
    """
    with transaction.atomic():
        page_ids = PageComment.objects.filter(pk__in=comment_ids).order_by().values_list("page_id", flat=True).distinct()
        discussions = {
            row.page_id: row
            for row in Discussion.objects.select_for_update().filter(page_id__in=list(page_ids)).order_by("page_id")
        }
        comments = list(PageComment.objects.filter(pk__in=comment_ids).order_by("submitted_at", "pk"))
        changed = [comment for comment in comments if to_state in ALLOWED[comment.state]]
        refused = [comment for comment in comments if to_state not in ALLOWED[comment.state]]
        if changed:
            _apply(changed, to_state, by, reason, discussions)
    return Outcome(changed, refused)


def _apply(comments, to_state, by, reason, discussions):
    now = timezone.now()
    decisions, moved = [], []
    for comment in comments:
        decisions.append(
            Decision(
                comment=comment,
                from_state=comment.state,
                to_state=to_state,
                by=by,
                by_name=str(by or "")[:150],
                reason=reason[:250],
                decided_at=now,
            )
        )
        had_place = comment.has_place
        comment.state = to_state
        if to_state == State.PUBLISHED:
            publish(comment, discussions[comment.page_id], now)
        elif to_state == State.ERASED and not had_place:
            comment.number = None  # what was out of sight leaves no placeholder, under which hidden replies would return
        if comment.has_place != had_place:
            moved.append(comment)
    PageComment.objects.bulk_update(comments, ["state", "number", "published_at", "body_html"], batch_size=500)
    mirrors = Comment.objects.filter(pk__in=[comment.pk for comment in comments])
    mirrors.update(is_public=False, is_removed=to_state in {State.REMOVED, State.ERASED})
    mirrors.filter(pk__in=[comment.pk for comment in comments if comment.has_place]).update(is_public=True)
    if to_state == State.ERASED:
        wipe([comment.pk for comment in comments])
    elif to_state in SETTLING:
        reports = Report.objects.filter(comment__in=[comment.pk for comment in comments], settled_at__isnull=True)
        reports.update(settled_at=now)
    Decision.objects.bulk_create(decisions, batch_size=500)
    _hide_or_show_beneath(moved)
    recount(discussions.values(), comments)


def publish(comment: PageComment, discussion: Discussion, now) -> None:
    """Give ``comment`` what a published one has; its number is given once and never again. Saves nothing."""
    comment.body_html = formatting.render(comment.comment)
    comment.published_at = comment.published_at or now
    if comment.number is None:
        discussion.last_number += 1
        comment.number = discussion.last_number


def _hide_or_show_beneath(comments):
    """Replies vanish with a comment that leaves the readers' view, and return with it, their own states untouched."""
    answers = PageComment.objects.order_by()
    with_replies = set(answers.filter(in_reply_to__in=comments).values_list("in_reply_to_id", flat=True))
    for comment in comments:
        if comment.pk not in with_replies:
            continue
        beneath = PageComment.objects.branch(comment).exclude(pk=comment.pk)
        if not comment.has_place:
            beneath.update(hidden_by_ancestor=True)
        elif not comment.hidden_by_ancestor:
            beneath.update(hidden_by_ancestor=False)
            still_out = beneath.exclude(state__in=STANDING).filter(Exists(answers.filter(in_reply_to=OuterRef("pk"))))
            for path in still_out.order_by().values_list("path", flat=True):  # as one condition too deep for SQLite
                first, last = branch_bounds(path)
                beneath.filter(path__gt=first, path__lte=last).update(hidden_by_ancestor=True)


def recount(discussions, comments=None) -> None:
    """Write counters anew from the comments themselves: of the pages, and of the parents and roots of ``comments``.

    ``comments`` None means all of those pages. Saves ``last_number`` of each row too. Four queries at most.
    """
    discussions = list(discussions)
    ids = [row.page_id for row in discussions]
    published = Q(state=State.PUBLISHED, hidden_by_ancestor=False)
    counts = defaultdict(dict)
    for row in (
        PageComment.objects.filter(page_id__in=ids, state__in=[State.PUBLISHED, State.PENDING])
        .order_by()
        .values("page_id")
        .annotate(
            shown=Count("pk", filter=published),
            waiting=Count("pk", filter=Q(state=State.PENDING)),
            last=Max("published_at", filter=published),
        )
    ):
        counts[row["page_id"]] = row
    for discussion in discussions:
        discussion.published_count = counts[discussion.page_id].get("shown", 0)
        discussion.pending_count = counts[discussion.page_id].get("waiting", 0)
        discussion.last_published_at = counts[discussion.page_id].get("last")
    columns = ["published_count", "pending_count", "last_number", "last_published_at"]
    Discussion.objects.bulk_update(discussions, columns, batch_size=500)
    on_pages = PageComment.objects.filter(page_id__in=ids)
    if comments is None:
        parents, roots = on_pages, on_pages.filter(depth=0)
    else:
        parents = on_pages.filter(pk__in={comment.in_reply_to_id for comment in comments} - {None})
        roots = on_pages.filter(pk__in={comment.root_id for comment in comments})
    # A reply whose parent is shown is shown: hiding a branch changes no count of direct replies within it.
    parents.update(reply_count=_counted("in_reply_to", Q(state=State.PUBLISHED)))
    roots.update(thread_count=_counted("root", published & ~Q(depth=0)))


def _counted(column: str, condition: Q):
    """How many comments that fit ``condition`` name the outer row in ``column``."""
    matching = PageComment.objects.filter(condition, **{column: OuterRef("pk")}).order_by().values(column)
    return Coalesce(Subquery(matching.annotate(n=Count("pk")).values("n")), 0)
