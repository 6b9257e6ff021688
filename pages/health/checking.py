"""Which address elsewhere is asked next, and what its answers come to over the days.

One address of a machine at a time, whoever asks: its row is taken for some minutes, and given back with the moment at which
it may be asked again; so are those to which an address leads on. A worker that dies gives them back as the time passes.
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

HOSTS = 10  # at one look
TAKEN = timedelta(minutes=20)  # longer than one check takes: each of its redirects asked twice, a minute in between
BUSY = timedelta(minutes=1)  # until a machine that somebody else took is tried again, at the least
GOOD_AGAIN = timedelta(days=7)
BAD_AGAIN = timedelta(days=1)
FAILURES, SPAN = 3, timedelta(days=2)  # before an address is called broken
KEPT = timedelta(days=90)
State = OutboundAddress.State
STATES = {"good": State.GOOD, "moved": State.MOVED, "unchecked": State.UNCHECKED}


def check_some(pause=time.sleep) -> int:
    """Ask one address on each of some machines whose turn has come; how many were asked."""
    if not settings.HUB_CHECKS_LINKS:
        return 0
    now = timezone.now()
    due = OutboundAddress.objects.filter(host=OuterRef("pk"), next_check_at__lte=now)
    hosts = OutboundHost.objects.filter(Exists(due), next_at__lte=now).order_by("next_at", "pk")
    return sum(_check_one_of(name, pause) for name in list(hosts.values_list("pk", flat=True)[:HOSTS]))


class _Taken:
    """The machines that this worker asks at the moment: nobody else does, until it lets them go or has died."""

    def __init__(self):
        self.names = set()

    def take(self, name: str) -> timedelta | None:
        """Take a machine, or say for how long it has to be left alone."""
        if name in self.names:
            return None
        host, _made = OutboundHost.objects.get_or_create(pk=name)
        now = timezone.now()  # no earlier than a row that was made just now
        if OutboundHost.objects.filter(pk=name, next_at__lte=now).update(next_at=now + TAKEN):
            self.names.add(name)
            return None
        return max(host.next_at - now, BUSY)

    def let_go(self, waits: dict) -> None:
        """Give them back, each after the pause that it wants, and those of ``waits`` after no less than that."""
        for host in OutboundHost.objects.filter(pk__in=self.names):
            pause = timedelta(seconds=max(PAUSE, robots.pause_wanted(host)))
            OutboundHost.objects.filter(pk=host.pk).update(next_at=timezone.now() + max(pause, waits.get(host.pk, pause)))


def _check_one_of(name: str, pause) -> bool:
    """Ask one address on a machine, unless somebody else does."""
    taken, waits = _Taken(), {}
    if taken.take(name):
        return False
    try:
        due = OutboundAddress.objects.filter(host=name, next_check_at__lte=timezone.now()).order_by("next_check_at", "pk")
        if (address := due.first()) is None:
            return False
        try:
            outcome = Asker(robots.may_ask, pause, taken.take).how_is(address.address)
        except Exception:  # a fault of ours over one address must not keep the others from being asked
            logger.exception("Address %s could not be checked", address.pk)
            outcome = Outcome("unchecked", "fault")
        note(address, outcome)
        if outcome.host:
            waits[outcome.host] = outcome.wait
        return True
    finally:
        taken.let_go(waits)


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
