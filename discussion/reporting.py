"""Readers' reports: that a comment should not stand. Who gave one is known to moderators only."""

from datetime import timedelta

from django.db import transaction
from django.utils import timezone

from discussion import quotas
from discussion.models import Discussion, PageComment, Report
from discussion.persons import address_key, network_key

REPORTS_AN_HOUR = 20  # from one internet address
READ_WITHIN = timedelta(minutes=15)  # before deciding, a moderator may have read what the author changed meanwhile


class CommentGone(Exception):
    """The comment is not, or no longer, to be seen by readers."""


class LetStand(Exception):
    """A moderator has answered this reporter's report, and the comment says what it said then: nothing new is to be seen."""


def reporter_key(*, user_id: int | None = None, author_key: str = "") -> str:
    """Who reports: an account, else a browser."""
    return f"account:{user_id}" if user_id else f"browser:{author_key}"


def report(comment: PageComment, *, reason: str, text: str, user, author_key: str, address: str, now=None) -> bool:
    """Note a report of ``comment`` by an account (``user``) or a browser; False when one of theirs still waits, which stands.

    Locks the discussion's row, so that no report is left behind on a comment that is being erased. Raises
    ``CommentGone``, ``LetStand`` or ``quotas.Exceeded``; nothing is written then.
    """
    with transaction.atomic():
        list(Discussion.objects.select_for_update().filter(page_id=comment.page_id))
        comment = PageComment.objects.published().filter(pk=comment.pk, page_id=comment.page_id).only("page", "edited_at").first()
        if comment is None:
            raise CommentGone
        now = now or timezone.now()
        key = reporter_key(user_id=user.pk if user else None, author_key=author_key)
        earlier = Report.objects.filter(comment=comment, reporter_key=key).order_by("-pk").first()
        if earlier and not earlier.settled_at:
            return False
        if earlier and _holds_still(earlier, comment):
            raise LetStand
        quotas.take(f"report:{address_key(address)}", REPORTS_AN_HOUR, timedelta(hours=1), now)
        Report.objects.create(
            comment=comment,
            reason=reason,
            text=text,
            by=user,
            reporter_key=key,
            network_key=network_key(address),
            reported_at=now,
        )
    return True


def _holds_still(answered: Report, comment: PageComment) -> bool:
    """Whether a person answered the report, and the author has changed nothing since. A rule has not looked at its words.

    Whoever answered may have read what stood there a while before, unless that is what was reported.
    """
    since = max(answered.reported_at, answered.settled_at - READ_WITHIN)
    is_changed = comment.edited_at is not None and comment.edited_at > since
    return bool(answered.settled_by_name) and not is_changed


def open_reports(comment: PageComment):
    """The reports that no decision has answered, oldest first."""
    return comment.reports.filter(settled_at__isnull=True).select_related("by").order_by("reported_at", "pk")
