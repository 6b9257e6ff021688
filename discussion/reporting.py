"""Readers' reports: that a comment should not stand. Who gave one is known to moderators only."""

from datetime import timedelta

from django.db import transaction
from django.utils import timezone

from discussion import quotas
from discussion.models import Discussion, PageComment, Report
from discussion.persons import address_key, network_key

REPORTS_AN_HOUR = 20  # from one internet address


class CommentGone(Exception):
    """The comment is not, or no longer, to be seen by readers."""


def reporter_key(*, user_id: int | None = None, author_key: str = "") -> str:
    """Who reports: an account, else a browser."""
    return f"account:{user_id}" if user_id else f"browser:{author_key}"


def report(comment: PageComment, *, reason: str, text: str, user, author_key: str, address: str, now=None) -> bool:
    """Note a report of ``comment`` by an account (``user``) or a browser; False when they gave one before, which stands.

    Locks the discussion's row, so that no report is left behind on a comment that is being erased. Raises
    ``CommentGone`` or ``quotas.Exceeded``; nothing is written then.
    """
    with transaction.atomic():
        list(Discussion.objects.select_for_update().filter(page_id=comment.page_id))
        if not PageComment.objects.published().filter(pk=comment.pk, page_id=comment.page_id).exists():
            raise CommentGone
        now = now or timezone.now()
        key = reporter_key(user_id=user.pk if user else None, author_key=author_key)
        if Report.objects.filter(comment=comment, reporter_key=key).exists():
            return False
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


def open_reports(comment: PageComment):
    """The reports that no decision has answered, oldest first."""
    return comment.reports.filter(settled_at__isnull=True).select_related("by").order_by("reported_at", "pk")
