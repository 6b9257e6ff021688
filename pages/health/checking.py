"""Which address elsewhere is asked next, and what its answers come to over the days.

One address of a server at a time, whoever asks: the server's row is taken for some minutes, and given back with the
moment at which it may be asked again. A worker that dies gives it back by letting the time pass.
"""

import logging
import time
from datetime import timedelta

from django.conf import settings
from django.db import transaction
from django.db.models import Exists, OuterRef
from django.utils import timezone

from pages.health import robots
from pages.health.asking import PAUSE, Asker, Outcome
from pages.models import AddressChange, OutboundAddress, OutboundHost

logger = logging.getLogger(__name__)

SERVERS = 10  # at one look
TAKEN = timedelta(minutes=5)
GOOD_AGAIN = timedelta(days=7)
BAD_AGAIN = timedelta(days=1)
FAILURES, SPAN = 3, timedelta(days=2)  # before an address is called broken
KEPT = timedelta(days=90)
State = OutboundAddress.State
STATES = {"good": State.GOOD, "moved": State.MOVED, "unchecked": State.UNCHECKED}


def check_some(pause=time.sleep) -> int:
    """Ask one address of each of some servers whose turn has come; how many were asked."""
    if not settings.HUB_CHECKS_LINKS:
        return 0
    now = timezone.now()
    due = OutboundAddress.objects.filter(host=OuterRef("pk"), next_check_at__lte=now)
    servers = OutboundHost.objects.filter(Exists(due), next_at__lte=now).order_by("next_at", "pk")
    return sum(_check_one_of(origin, pause) for origin in list(servers.values_list("pk", flat=True)[:SERVERS]))


def _check_one_of(origin: str, pause) -> bool:
    """Ask one address of a server, unless somebody else does."""
    now = timezone.now()
    if not OutboundHost.objects.filter(pk=origin, next_at__lte=now).update(next_at=now + TAKEN):
        return False
    wait = timedelta(seconds=PAUSE)
    try:
        due = OutboundAddress.objects.filter(host=origin, next_check_at__lte=now).order_by("next_check_at", "pk")
        if (address := due.first()) is None:
            return False
        try:
            outcome = Asker(robots.may_ask, pause).how_is(address.address)
        except Exception:  # a fault of ours over one address must not keep the others from being asked
            logger.exception("Address %s could not be checked", address.pk)
            outcome = Outcome("unchecked", "fault")
        note(address, outcome)
        wait = max(wait, outcome.wait or wait, _wanted_by(origin))
        return True
    finally:
        OutboundHost.objects.filter(pk=origin).update(next_at=timezone.now() + wait)


def _wanted_by(origin: str) -> timedelta:
    text = OutboundHost.objects.filter(pk=origin).values_list("robots", flat=True).first()
    return timedelta(seconds=robots.pause_wanted(text or ""))


def note(address: OutboundAddress, outcome: Outcome, now=None) -> None:
    """Write down how an address answered, when it is asked again, and whether its state is another now."""
    now = now or timezone.now()
    rows = OutboundAddress.objects.filter(pk=address.pk)
    if outcome.kind == "later":
        rows.update(checked_at=now, next_check_at=now + (outcome.wait or BAD_AGAIN))
        return
    values = _failed(address, now) if outcome.kind == "failed" else _answered(outcome)
    values |= {"why": outcome.why, "checked_at": now}
    values["next_check_at"] = now + (BAD_AGAIN if outcome.kind == "failed" else GOOD_AGAIN)
    is_other = values["state"] != address.state or (values["state"] == State.UNCHECKED and outcome.why != address.why)
    if is_other:
        values["changed_at"] = now
    with transaction.atomic():
        if rows.update(**values) and is_other:  # unless nothing names it any more
            AddressChange.objects.create(address=address, state=values["state"], why=outcome.why, at=now)


def _failed(address: OutboundAddress, now) -> dict:
    failures, since = address.failures + 1, address.failing_since or now
    lasts = failures >= FAILURES and now - since >= SPAN
    return {"state": State.BROKEN if lasts else State.FAILING, "failures": failures, "failing_since": since, "moved_to": ""}


def _answered(outcome: Outcome) -> dict:
    return {"state": STATES[outcome.kind], "failures": 0, "failing_since": None, "moved_to": outcome.moved_to}


def forget_old(now=None) -> None:
    """Delete what addresses did long ago."""
    AddressChange.objects.filter(at__lt=(now or timezone.now()) - KEPT).delete()
