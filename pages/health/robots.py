"""What servers want programs to leave alone: their robots.txt, read once a day and kept with the server's row."""

from datetime import datetime, timedelta

from django.utils import timezone

from pages.health.asking import LETTERS_OF_ROBOTS, PRODUCT, REDIRECTING, REDIRECTS, Asker, Silent, joined, target_of
from pages.health.exclusion import rules_for
from pages.health.origin import host_of, origin_of
from pages.models import OutboundHost

KEPT = timedelta(days=1)


def may_ask(asker: Asker, address: str) -> bool:
    """Whether the server of ``address`` lets us ask for it, and what pause it wants; asks it when it was not asked today.

    A server that gives no such file forbids nothing (RFC 9309). Raises what asking raises when it does not answer at all.
    """
    origin = origin_of(address)
    host, _made = OutboundHost.objects.get_or_create(pk=host_of(address))
    known = host.robots.get(origin)
    if known is None or datetime.fromisoformat(known["read_at"]) < timezone.now() - KEPT:
        known = {"text": _read(asker, origin), "read_at": timezone.now().isoformat()}
        host.robots |= {origin: known}
        OutboundHost.objects.filter(pk=host.pk).update(robots=host.robots)
    asker.pauses[host.pk] = pause_wanted(host)
    return rules_for(PRODUCT, known["text"]).allow(target_of(address))


def pause_wanted(host: OutboundHost) -> float:
    """The seconds that a machine asks programs to leave between two requests; a minute at the most."""
    return min(max((rules_for(PRODUCT, known["text"]).delay for known in host.robots.values()), default=0.0), 60.0)


def _read(asker: Asker, origin: str) -> str:
    here = f"{origin}/robots.txt"
    for _hop in range(REDIRECTS + 1):
        answer = asker.ask("GET", here, letters=LETTERS_OF_ROBOTS)
        if answer.status in REDIRECTING and answer.location:
            here = joined(here, answer.location)
            continue
        if answer.status >= 500:
            raise Silent(str(answer.status))
        return answer.body.decode(errors="replace").replace("\0", "") if answer.status == 200 else ""
    return ""
