"""Reading a discussion: any slice of any thread in a fixed number of queries."""

from dataclasses import dataclass, field

from django.conf import settings
from django.contrib.auth import get_user_model
from django.utils.translation import gettext as _

from discussion.models import PageComment, State
from pages.models import Contribution, Role

SHOWN_LEVELS = 3
BADGE_ROLES = {Role.AUTHOR, Role.EDITOR, Role.INTERVIEWER, Role.INTERVIEWEE, Role.SPEAKER, Role.CHAIR}


@dataclass
class Row:
    """A comment as a thread shows it. ``level`` is the shown one, 0 to 2; ``parent`` the true one, or None."""

    comment: PageComment
    level: int
    parent: PageComment | None
    badges: list[str]
    may_reply: bool
    replies: list["Row"] = field(default_factory=list)

    @property
    def is_placeholder(self) -> bool:
        return self.comment.state != State.PUBLISHED


@dataclass(frozen=True)
class Slice:
    """Rows nested for showing, and the number of the last comment when more follow it."""

    rows: list[Row]
    next_after: int | None


def slice_of(page, *, after: int | None = None, takes_comments: bool = False) -> Slice:
    """The comments of ``page`` after the one numbered ``after``, in thread order. At most five queries."""
    cursor = ""
    if after is not None:
        cursor = PageComment.objects.standing().filter(page_id=page.pk, number=after).values_list("path", flat=True).first() or ""
    size = settings.HUB_THREAD_SLICE
    found = list(PageComment.objects.standing().filter(page_id=page.pk, path__gt=cursor).in_thread_order()[: size + 1])
    comments, more = found[:size], len(found) > size
    parents = _parents(comments)
    badges = _badges(page, comments)
    rows = [
        Row(
            comment=comment,
            level=min(comment.depth, SHOWN_LEVELS - 1),
            parent=parents.get(comment.in_reply_to_id),
            badges=badges.get(comment.user_id, []),
            may_reply=takes_comments and comment.is_published,
        )
        for comment in comments
    ]
    return Slice(_nested(rows), comments[-1].number if more else None)


def _parents(comments) -> dict:
    """The true parents of ``comments`` by key: from the slice itself, the rest in one query; only those that stand.

    A reply to the last level stands beside its parent and stays when that is taken out of sight.
    """
    known = {comment.pk: comment for comment in comments}
    missing = {comment.in_reply_to_id for comment in comments} - set(known) - {None}
    if missing:
        known |= PageComment.objects.standing().defer("comment", "body_html").in_bulk(missing)
    return known


def _badges(page, comments) -> dict[int, list[str]]:
    """Badges by account: their part in this page, and staff. Made from the page's own data, set by nobody."""
    users = {comment.user_id for comment in comments} - {None}
    if not users:
        return {}
    badges: dict[int, list[str]] = {user: [] for user in users}
    rows = Contribution.objects.filter(page_id=page.pk, person__user__in=users, role__in=BADGE_ROLES)
    for user, role in rows.order_by("sort_order").values_list("person__user", "role"):
        badges[user].append(Role(role).label)
    for user in get_user_model().objects.filter(pk__in=users, is_staff=True).values_list("pk", flat=True):
        if not badges[user]:
            badges[user].append(_("Staff"))
    return badges


def _nested(rows: list[Row]) -> list[Row]:
    """Rows in thread order as a tree of at most three shown levels.

    A slice may begin in the middle of a thread: a row whose parent stands in an earlier slice comes to the top, and
    says itself what it answers.
    """
    top, open_rows = [], []
    for row in rows:
        while open_rows and open_rows[-1].level >= row.level:
            open_rows.pop()
        holds = open_rows and row.comment.path.startswith(open_rows[0].comment.path)
        (open_rows[-1].replies if holds else top).append(row)
        if not holds:
            open_rows = []
        open_rows.append(row)
    return top


def place_of(comment: PageComment) -> int | None:
    """The number after which the slice that holds ``comment`` begins; None when it is in the first slice."""
    before = PageComment.objects.standing().filter(page_id=comment.page_id, path__lt=comment.path).in_thread_order()
    count = before.count()
    start = count - count % settings.HUB_THREAD_SLICE
    return before.values_list("number", flat=True)[start - 1] if start else None
