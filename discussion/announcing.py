"""From what happened to the mails about it; done by the worker, so that neither posting nor deciding waits for it.

What was announced is marked in the same transaction that writes the mails down: nothing is told twice, or not at all.
"""

from collections import defaultdict

from django.conf import settings
from django.db import transaction
from django.utils import timezone

from discussion.models import Decision, OutgoingMail, PageComment, State, Subscription
from discussion.persons import person_key
from pages.models import Contribution

BATCH = 200
Kind, Scope = OutgoingMail.Kind, Subscription.Scope


def announce(now=None) -> int:
    """Write down the mails about comments published and decisions taken since the last time; how many."""
    now = now or timezone.now()
    return _comments(now) + _decisions(now)


def _comments(now) -> int:
    with transaction.atomic():
        fresh = PageComment.objects.filter(state=State.PUBLISHED, hidden_by_ancestor=False, announced_at__isnull=True)
        fresh = fresh.select_for_update(skip_locked=True, of=("self",)).select_related("in_reply_to", "page")
        comments = list(fresh.defer("page__body").order_by("published_at", "pk")[:BATCH])
        mails = _mails_about(comments, now) if settings.HUB_SENDS_MAIL else []
        OutgoingMail.objects.bulk_create(mails, ignore_conflicts=True, batch_size=500)
        PageComment.objects.filter(pk__in=[comment.pk for comment in comments]).update(announced_at=now)
    return len(mails)


def _mails_about(comments, now) -> list[OutgoingMail]:
    """One mail a person and comment, whatever they asked for twice; none to its own author."""
    _subscribe_contributors({comment.page for comment in comments if comment.page.discussion_tells_authors}, now)
    wishes = _wishes({comment.page_id for comment in comments}, {Scope.REPLIES, Scope.PAGE})
    mails = []
    for comment in comments:
        told = {comment.person_key}
        answered = comment.in_reply_to.person_key if comment.in_reply_to else ""
        for subscription in wishes[comment.page_id]:
            person = subscription.person_key
            is_reply = bool(person) and person == answered
            if person in told or (subscription.scope == Scope.REPLIES and not is_reply):
                continue
            told.add(person)
            kind = Kind.REPLY if is_reply else Kind.NEW
            mails.append(_mail(kind, subscription, now, f"{comment.pk}:{person}", comment=comment))
    return mails


def _decisions(now) -> int:
    with transaction.atomic():
        fresh = Decision.objects.filter(announced_at__isnull=True).select_for_update(skip_locked=True, of=("self",))
        decisions = list(fresh.select_related("comment").order_by("decided_at", "pk")[:BATCH])
        mails = []
        if settings.HUB_SENDS_MAIL:
            told = [row for row in decisions if _is_told(row)]
            wishes = _wishes({row.comment.page_id for row in told}, {Scope.DECISION})
            for row in told:
                for subscription in wishes[row.comment.page_id]:
                    if subscription.person_key == row.comment.person_key:
                        mails.append(_mail(Kind.DECIDED, subscription, now, f"{row.pk}", comment=row.comment, decision=row))
        OutgoingMail.objects.bulk_create(mails, ignore_conflicts=True, batch_size=500)
        Decision.objects.filter(pk__in=[row.pk for row in decisions]).update(announced_at=now)
    return len(mails)


def _is_told(decision: Decision) -> bool:
    """Whether its author is told: a person's decision about what waited. Of spam nobody is told that it was caught."""
    waited = decision.from_state in {State.PENDING, State.UNCONFIRMED}
    return bool(waited and decision.by_id and decision.to_state in {State.PUBLISHED, State.REJECTED})


def _wishes(page_ids, scopes) -> dict[int, list[Subscription]]:
    """The subscriptions that hold, by page; those to replies first, since they say more."""
    rows = Subscription.objects.filter(page_id__in=page_ids, scope__in=scopes, confirmed_at__isnull=False, ended_at__isnull=True)
    found = defaultdict(list)
    for row in rows.order_by("-scope", "pk"):
        found[row.page_id].append(row)
    return found


def _subscribe_contributors(pages, now) -> None:
    """Give contributors with an account a subscription, once; ended by them, it stays ended."""
    rows = Contribution.objects.filter(page_id__in=[page.pk for page in pages], person__user__is_active=True)
    accounts = rows.exclude(person__user__email="").select_related("person__user").order_by("page_id", "pk")
    Subscription.objects.bulk_create(
        [
            Subscription(
                page_id=row.page_id,
                scope=Scope.PAGE,
                email=row.person.user.email,
                person_key=person_key(row.person.user.email),
                user=row.person.user,
                created_at=now,
                confirmed_at=now,
            )
            for row in accounts
        ],
        ignore_conflicts=True,
    )


def _mail(kind, subscription, now, what: str, **about) -> OutgoingMail:
    return OutgoingMail(
        kind=kind, key=f"{kind}:{what}", to=subscription.email, subscription=subscription, created_at=now, **about
    )
