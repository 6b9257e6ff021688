"""What can be done to many comments at once: one table, and the doing of each action to some of those chosen."""

import uuid
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import datetime
from functools import partial

from django import forms
from django.db import transaction
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext_lazy

from discussion import curating, moving
from discussion.models import PageComment, State
from discussion.moderation.actions import ACTIONS, act
from discussion.moderation.bulk_forms import (
    BulkDecisionForm,
    BulkForm,
    BulkMoveForm,
    BulkReasonForm,
    BulkTreatmentForm,
    moment_in,
)
from discussion.moderation.queues import Queue
from discussion.permissions import may_moderate, moderated_by, moderates_everything, moderators
from discussion.persons import domain_of, person_key, subject_of
from discussion.transitions import lock_discussions_of, unchanged
from discussion.treatments import FREE_MAIL, treat_each

TURNED_DOWN = {State.REJECTED, State.SPAM, State.REMOVED}
SHOWN = {Queue.REPORTED, Queue.UNREVIEWED, Queue.PUBLISHED, Queue.ALL}
HIDDEN = {Queue.REJECTED, Queue.SPAM, Queue.REMOVED, Queue.ALL}
EVERYWHERE = set(Queue)


@dataclass(frozen=True)
class Portion:
    """Some of the comments that ``by`` chose at ``chosen_at``, all of them still ``by``'s to moderate.

    ``seen``: ``{comment: its version then}``.
    """

    seen: dict[int, int]
    by: object
    batch: uuid.UUID
    chosen_at: datetime


@dataclass(frozen=True)
class BulkAction:
    """``do`` is given a ``Portion`` and the form's values, and returns to how many of the comments it was done.

    ``queues``: where it is offered. ``asks``: it is confirmed, with ``form``, for however few comments. ``is_near``: it
    has a button of its own in the list. ``may``: who may do it, besides moderating the comments. ``done``: how it is told.
    """

    name: str
    label: Promise
    do: Callable[..., int]
    queues: set[Queue]
    done: Promise
    form: type[forms.Form] = BulkForm
    asks: bool = False
    is_near: bool = False
    may: Callable = may_moderate


def _decide(portion: Portion, *, action: str, **why) -> int:
    return len(act(ACTIONS[action], portion.seen, by=portion.by, batch=portion.batch, **why).changed)


def _restore(portion: Portion) -> int:
    turned_down = PageComment.objects.filter(pk__in=portion.seen, state__in=TURNED_DOWN).order_by()
    seen = {key: portion.seen[key] for key in turned_down.values_list("pk", flat=True)}
    return _decide(replace(portion, seen=seen), action="approve")


def _feature(portion: Portion, *, featured: bool) -> int:
    with transaction.atomic():
        lock_discussions_of(portion.seen)
        return curating.feature(unchanged(portion.seen), featured, by=portion.by)


def _close(portion: Portion, *, closed: bool, reason: str) -> int:
    with transaction.atomic():
        lock_discussions_of(portion.seen)
        return curating.close_threads(unchanged(portion.seen), closed, by=portion.by, reason=reason)


def _move(portion: Portion, *, page: int, reason: str) -> int:
    target = moving.movable_to().filter(moderated_by(portion.by, prefix=""), pk=page).first()
    return moving.move_many(portion.seen, target, by=portion.by, reason=reason) if target else 0


def _treat(portion: Portion, *, whom: str, kind: str, reason: str, until: str) -> int:
    """No moderator is treated, and no domain that many share who have nothing to do with one another."""
    looking_after = list(moderators().only("email"))
    keys = {person_key(user.email) for user in looking_after} | {f"user:{user.pk}" for user in looking_after} | {""}
    spared = FREE_MAIL | {domain_of(user.email) for user in looking_after} | {""}
    comments = PageComment.objects.filter(pk__in=portion.seen).order_by("pk")
    subjects = {}
    for comment in comments.only("person_key", "user", "user_name", "user_email"):
        writer, domain = subject_of(comment), domain_of(comment.user_email)
        if writer in keys or f"user:{comment.user_id}" in keys:
            continue
        if whom == BulkTreatmentForm.WRITERS:
            subjects[comment.pk] = (writer, comment.user_name)
        elif domain not in spared:
            subjects[comment.pk] = (domain, domain)
    named = dict(subjects.values())
    treated = treat_each(named, kind, by=portion.by, since=portion.chosen_at, until=moment_in(until), reason=reason)
    return sum(subject in treated for subject, _about in subjects.values())


_PICKED = ngettext_lazy("%(count)d comment is an editor’s pick now.", "%(count)d comments are editor’s picks now.", "count")
_UNPICKED = ngettext_lazy(
    "%(count)d comment is no longer an editor’s pick.", "%(count)d comments are no longer editor’s picks.", "count"
)
_CLOSED = ngettext_lazy(
    "The thread of %(count)d comment takes no more replies.", "The threads of %(count)d comments take no more replies.", "count"
)
_OPENED = ngettext_lazy(
    "The thread of %(count)d comment takes replies again.", "The threads of %(count)d comments take replies again.", "count"
)
_MOVED = ngettext_lazy(
    "%(count)d comment stands on the other page now.", "%(count)d comments stand on the other page now.", "count"
)
_TREATED = ngettext_lazy(
    "It holds from now on for who wrote %(count)d comment.",
    "It holds from now on for those who wrote %(count)d comments.",
    "count",
)
_DECIDED = ngettext_lazy("%(count)d comment was decided about.", "%(count)d comments were decided about.", "count")

BULK = {
    action.name: action
    for action in [
        BulkAction("approve", _("Approve"), partial(_decide, action="approve"), SHOWN | {Queue.PENDING}, _DECIDED, is_near=True),
        BulkAction("restore", _("Restore"), _restore, HIDDEN, _DECIDED, is_near=True),
        *(
            BulkAction(
                name,
                ACTIONS[name].label,
                partial(_decide, action=name),
                queues,
                _DECIDED,
                form=BulkDecisionForm if ACTIONS[name].asks else BulkForm,
                asks=ACTIONS[name].asks,
                is_near=not ACTIONS[name].with_replies,
            )
            for name, queues in {
                "reject": EVERYWHERE - {Queue.REJECTED},
                "spam": EVERYWHERE - {Queue.SPAM},
                "remove": SHOWN,
                "remove-branch": SHOWN,
            }.items()
        ),
        BulkAction("feature", _("Make them editor’s picks"), partial(_feature, featured=True), SHOWN, _PICKED),
        BulkAction("unfeature", _("No editor’s picks"), partial(_feature, featured=False), SHOWN, _UNPICKED),
        BulkAction(
            "close-thread", _("Close their threads"), partial(_close, closed=True), SHOWN, _CLOSED, BulkReasonForm, asks=True
        ),
        BulkAction(
            "open-thread", _("Open their threads"), partial(_close, closed=False), SHOWN, _OPENED, BulkReasonForm, asks=True
        ),
        BulkAction("move", _("Move to another page"), _move, EVERYWHERE, _MOVED, BulkMoveForm, asks=True),
        BulkAction(
            "treat",
            _("Ban, hold or trust those who wrote them"),
            _treat,
            EVERYWHERE,
            _TREATED,
            BulkTreatmentForm,
            asks=True,
            may=moderates_everything,
        ),
    ]
}


def offered_to(user, queue: Queue) -> list[BulkAction]:
    """What ``user`` can do to many comments of ``queue``, in the order of the buttons."""
    return [action for action in BULK.values() if queue in action.queues and action.may(user)]
