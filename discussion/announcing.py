"""From what happened to the mails about it; done by the worker, so that neither posting nor deciding waits for it.

What was announced is marked in the same transaction that writes the mails down: nothing is told twice, or not at all.
"""

from collections import defaultdict
from datetime import timedelta

from django.conf import settings
from django.db import transaction
from django.db.models import Exists, OuterRef
from django.utils import timezone

from discussion.models import Decision, OutgoingMail, PageComment, State, Subscription
from discussion.persons import person_key
from discussion.subscriptions import can_be_told_of, contributions_told_of

BATCH = 200
TIME_TO_UNDO = timedelta(seconds=30)  # in which a moderator takes a decision back before anybody hears of it
TOLD = {State.PUBLISHED, State.REJECTED, State.REMOVED}
Kind, Scope = OutgoingMail.Kind, Subscription.Scope


def announce(now=None) -> int:
    """Write down the mails about comments published and decisions taken since the last time; how many."""
    now = now or timezone.now()
    return _comments(now) + _decisions(now)


def _comments(now) -> int:
    with transaction.atomic():
        fresh = PageComment.objects.filter(state=State.PUBLISHED, hidden_by_ancestor=False, announced_at__isnull=True)
        fresh = fresh.exclude(_just_decided(now))
        fresh = fresh.select_for_update(skip_locked=True, of=("self",)).select_related("in_reply_to", "page")
        comments = list(fresh.defer("page__body").order_by("published_at", "pk")[:BATCH])
        mails = _mails_about(comments, now) if settings.HUB_SENDS_MAIL else []
        OutgoingMail.objects.bulk_create(mails, ignore_conflicts=True, batch_size=500)
        PageComment.objects.filter(pk__in=[comment.pk for comment in comments]).update(announced_at=now)
    return len(mails)


def _just_decided(now):
    """The condition on a comment that a moderator decided about it this moment, and may take that back yet."""
    made = Decision.objects.order_by().filter(comment=OuterRef("pk"), decided_at__gt=now - TIME_TO_UNDO)
    return Exists(made.filter(by__isnull=False))


def _mails_about(comments, now) -> list[OutgoingMail]:
    """One mail a person and comment, whatever they asked for twice; none to its own author."""
    pages = {comment.page_id for comment in comments}
    contributors = _subscribe_contributors(pages, now)
    wishes = _wishes(pages, {Scope.REPLIES, Scope.PAGE, Scope.AUTHORS})
    mails = []
    for comment in comments:
        told = set()
        for subscription in wishes[comment.page_id]:
            person = subscription.person_key
            is_reply = bool(comment.in_reply_to) and _is_of(subscription, comment.in_reply_to)
            if person in told or _is_of(subscription, comment) or (subscription.scope == Scope.REPLIES and not is_reply):
                continue
            if subscription.scope == Scope.AUTHORS and (comment.page_id, person) not in contributors:
                continue
            told.add(person)
            kind = Kind.REPLY if is_reply else Kind.NEW
            mails.append(_mail(kind, subscription, now, f"{comment.pk}:{person}", comment=comment))
    return mails


def _is_of(subscription: Subscription, comment: PageComment) -> bool:
    """Whether whoever wishes the mails wrote ``comment``, an account under whatever address."""
    same_account = subscription.user_id and subscription.user_id == comment.user_id
    return bool(same_account or (subscription.person_key and subscription.person_key == comment.person_key))


def _decisions(now) -> int:
    with transaction.atomic():
        fresh = Decision.objects.filter(announced_at__isnull=True, decided_at__lte=now - TIME_TO_UNDO)
        fresh = fresh.select_for_update(skip_locked=True, of=("self",)).select_related("comment__user", "comment__page")
        decisions = list(fresh.defer("comment__page__body").order_by("decided_at", "pk")[:BATCH])
        mails = _mails_of_decisions(decisions, now) if settings.HUB_SENDS_MAIL else []
        OutgoingMail.objects.bulk_create(mails, ignore_conflicts=True, batch_size=500)
        Decision.objects.filter(pk__in=[row.pk for row in decisions]).update(announced_at=now)
    return len(mails)


def _mails_of_decisions(decisions, now) -> list[OutgoingMail]:
    """A moderator's message where there is one and it can be mailed; else a word to who asked for it."""
    told = [row for row in decisions if _holds(row) and (row.message or _is_asked_for(row))]
    wishes = _wishes({row.comment.page_id for row in told}, {Scope.DECISION})
    mails = []
    for row in told:
        if row.message and will_be_mailed(row.comment):
            mails.append(_message(row, now))
        elif _is_asked_for(row):
            for subscription in wishes[row.comment.page_id]:
                if _is_of(subscription, row.comment):
                    mails.append(_mail(Kind.DECIDED, subscription, now, f"{row.pk}", comment=row.comment, decision=row))
    return mails


def _holds(decision: Decision) -> bool:
    """Whether its author may hear of it: a person's decision that was not taken back. Of spam nobody is told."""
    taken_back = decision.undone_at is not None or decision.is_undo
    return bool(decision.by_id) and not taken_back and decision.to_state in TOLD


def _is_asked_for(decision: Decision) -> bool:
    """Whether those who wished to hear what becomes of their comment are told: what waited was decided."""
    waited = decision.from_state in {State.PENDING, State.UNCONFIRMED}
    return waited and decision.to_state in {State.PUBLISHED, State.REJECTED}


def will_be_mailed(comment: PageComment) -> bool:
    """Whether a message to the writer of ``comment`` is mailed: to an account, or to an address shown to be theirs."""
    is_theirs = bool(_address_of(comment) and (comment.user_id or comment.confirmed_at))
    return is_theirs and can_be_told_of(comment.page)


def told_of(comments) -> dict[int, Decision]:
    """What the writers of ``comments`` are told of why each is as it is: by its key, the decision that made it so.

    Only where a moderator gave a reason or wrote a message, and what holds still. One query.
    """
    comments = list(comments)
    made = Decision.objects.filter(comment__in=comments, to_state__in=TOLD, undone_at=None, is_undo=False)
    newest = {}
    for decision in made.order_by("decided_at", "pk"):
        newest[decision.comment_id] = decision
    states = {comment.pk: comment.state for comment in comments}
    return {
        key: decision
        for key, decision in newest.items()
        if decision.to_state == states[key] and (decision.reason_code or decision.message)
    }


def _address_of(comment: PageComment) -> str:
    """Where its writer is reached: the account's address of today, else the one given with the comment."""
    return (comment.user.email if comment.user else "") or comment.user_email


def _message(decision: Decision, now) -> OutgoingMail:
    return OutgoingMail(
        kind=Kind.MESSAGE,
        key=f"{Kind.MESSAGE}:{decision.pk}",
        to=_address_of(decision.comment),
        comment=decision.comment,
        decision=decision,
        created_at=now,
    )


def _wishes(page_ids, scopes) -> dict[int, list[Subscription]]:
    """The subscriptions that hold, by page; those to replies first, since they say more."""
    rows = Subscription.objects.filter(page_id__in=page_ids, scope__in=scopes, confirmed_at__isnull=False, ended_at__isnull=True)
    found = defaultdict(list)
    for row in rows.select_related("user").order_by("-scope", "pk"):
        if row.user and row.user.email:  # an account is told at its address of today
            row.email, row.person_key = row.user.email, person_key(row.user.email)
        found[row.page_id].append(row)
    return found


def _subscribe_contributors(page_ids, now) -> set[tuple[int, str]]:
    """Give contributors with an account a subscription, once; ``(page, person)`` of those who are told today."""
    accounts = contributions_told_of(page_ids).select_related("person__user").order_by("page_id", "pk")
    rows = [
        Subscription(
            page_id=row.page_id,
            scope=Scope.AUTHORS,
            email=row.person.user.email,
            person_key=person_key(row.person.user.email),
            user=row.person.user,
            created_at=now,
            confirmed_at=now,
        )
        for row in accounts
    ]
    Subscription.objects.bulk_create(rows, ignore_conflicts=True)
    return {(row.page_id, row.person_key) for row in rows}


def _mail(kind, subscription, now, what: str, **about) -> OutgoingMail:
    return OutgoingMail(
        kind=kind, key=f"{kind}:{what}", to=subscription.email, subscription=subscription, created_at=now, **about
    )
