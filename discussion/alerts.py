"""Telling moderators by mail that comments wait: when each of them wishes, of what is theirs, and never twice of the same.

A mail is noted here and worded when it is sent (``letters``), so that it counts what waits by then. Nothing here tells a
comment's words or its writer's name.
"""

from collections import Counter
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.conf import settings
from django.db import transaction
from django.db.models import Count, Exists, Min, OuterRef, Q, Subquery
from django.db.models.functions import Coalesce
from django.utils import timezone

from discussion.models import AlertPreference, Decision, OutgoingMail, PageComment, Report, State
from discussion.permissions import may_moderate, moderated_by

PAGES_NAMED = 10
# Reports that wait: nobody has answered them, and readers still see the comment.
_OPEN = Q(settled_at__isnull=True, comment__state=State.PUBLISHED)
# Since when a pending comment waits: it may have been confirmed, changed or taken back long after it was sent.
_LAST_HELD = Decision.objects.filter(comment=OuterRef("pk"), to_state=State.PENDING).order_by("-decided_at", "-pk")
_BEGAN = Coalesce(Subquery(_LAST_HELD.values("decided_at")[:1]), "submitted_at")
When = AlertPreference.When
# How long a moderator is left alone after a mail.
PAUSES = {
    When.AT_ONCE: timedelta(minutes=1),
    When.HOURLY: timedelta(hours=1),
    When.DAILY: timedelta(days=1),
    When.OVERDUE: timedelta(hours=1),
}


def alert_moderators(now=None) -> int:
    """Note a mail to every moderator whose time has come and for whom something waits that no mail told of; how many."""
    if not settings.HUB_SENDS_MAIL:
        return 0
    now = now or timezone.now()
    on_their_way = OutgoingMail.objects.filter(kind=OutgoingMail.Kind.ALERT, state=OutgoingMail.State.WAITING)
    told_soon = set(on_their_way.values_list("moderator_id", flat=True))
    wishes = AlertPreference.objects.exclude(when=When.NEVER).filter(user__is_active=True).exclude(user__email="")
    due = [wish for wish in wishes.select_related("user").order_by("pk") if wish.pk not in told_soon and _is_time(wish, now)]
    return sum(_tell(wish, now) for wish in due if may_moderate(wish.user) and _something_new(wish, now))


def _is_time(wish: AlertPreference, now) -> bool:
    return wish.told_at is None or wish.told_at <= now - PAUSES[wish.when]


def _latest(wish: AlertPreference, now) -> datetime:
    """What began to wait by then is told of."""
    return now - timedelta(hours=wish.hours) if wish.when == When.OVERDUE else now


def _something_new(wish: AlertPreference, now) -> bool:
    """Whether something waits that began to after what the last mail told of. Three small index ranges at the most."""
    latest = _latest(wish, now)

    def since(moment):
        return {f"{moment}__lte": latest} | ({f"{moment}__gt": wish.told_up_to} if wish.told_up_to else {})

    begun = Decision.objects.filter(to_state=State.PENDING)
    later = begun.filter(comment=OuterRef("pk"), decided_at__gt=latest)
    comments = PageComment.objects.pending().filter(moderated_by(wish.user), **since("submitted_at")).order_by()
    waiting_again = begun.filter(moderated_by(wish.user, "comment__page__"), comment__state=State.PENDING, **since("decided_at"))
    reports = Report.objects.filter(moderated_by(wish.user, "comment__page__"), _OPEN, **since("reported_at"))
    return comments.filter(~Exists(later.order_by())).exists() or waiting_again.order_by().exists() or reports.order_by().exists()


def _tell(wish: AlertPreference, now) -> bool:
    """Note the mail; of two workers at the same moment one does."""
    with transaction.atomic():
        same = AlertPreference.objects.filter(pk=wish.pk, told_at=wish.told_at)
        if not same.update(told_at=now, told_up_to=_latest(wish, now)):
            return False
        key = f"alert:{wish.pk}:{now.isoformat()}"
        mail = OutgoingMail(kind=OutgoingMail.Kind.ALERT, key=key, to=wish.user.email, moderator=wish.user)
        mail.created_at = mail.next_try_at = now
        return bool(OutgoingMail.objects.bulk_create([mail], ignore_conflicts=True))


@dataclass(frozen=True)
class Waiting:
    """``pages``: ``[(title, how many)]``, those with the most first; ``more_pages``: how many are not named."""

    pending: int
    reported: int
    pages: list[tuple[str, int]]
    more_pages: int
    since: datetime | None


def waiting_for(user) -> Waiting:
    """What waits for ``user`` to decide: comments held, and published ones that readers reported. Four queries."""
    pending = PageComment.objects.pending().filter(moderated_by(user)).order_by()
    reports = Report.objects.filter(moderated_by(user, "comment__page__"), _OPEN).order_by()
    held = pending.values_list("page_id", "page__title").annotate(of=Count("pk"))
    reported = reports.values_list("comment__page_id", "comment__page__title").annotate(of=Count("comment", distinct=True))
    by_page, titles = Counter(), {}
    for key, title, count in [*held, *reported]:
        by_page[key] += count
        titles[key] = title
    pages = sorted(by_page, key=lambda key: (-by_page[key], titles[key], key))
    moments = pending.annotate(began=_BEGAN).aggregate(first=Min("began")), reports.aggregate(first=Min("reported_at"))
    return Waiting(
        pending=sum(count for _key, _title, count in held),
        reported=sum(count for _key, _title, count in reported),
        pages=[(titles[key], by_page[key]) for key in pages[:PAGES_NAMED]],
        more_pages=len(pages[PAGES_NAMED:]),
        since=min((found["first"] for found in moments if found["first"]), default=None),
    )
