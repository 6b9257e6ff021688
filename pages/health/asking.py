"""Asking one address elsewhere how it is: with as little as possible, and as its server wants it."""

import http.client
import ssl
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime
from threading import Timer
from urllib.parse import urljoin, urlsplit

from django.conf import settings

from pages.health.guard import Connection, Refused, Unknown, machine_of, written
from pages.health.origin import host_of

PRODUCT = "HubLinkCheck"  # the name by which a robots.txt may call us
SECONDS = 10.0  # for one answer
PAUSE = 5.0  # seconds between two requests to one server
REDIRECTS = 5
LETTERS_OF_ROBOTS = 512_000  # as RFC 9309 wants at the least
LONGEST_WAIT = timedelta(days=7)
REDIRECTING = {301, 302, 303, 307, 308}
FOR_GOOD = {301, 308}
# The server asks for a log-in, or wants no programs: of the address itself this says nothing.
NOT_FOR_PROGRAMS = {401, 402, 403, 405, 407, 451, 501, 999}


def agent() -> str:
    """Who asks, with the address at which we can be asked why."""
    return f"{PRODUCT}/1.0 (+{settings.BASE_URL}/)"


@dataclass(frozen=True)
class Outcome:
    """``kind`` is good, moved, failed, unchecked or later. ``why``: a code of ``pages.health.wording``, or a status."""

    kind: str
    why: str = ""
    moved_to: str = ""
    wait: timedelta | None = None  # until it is asked again
    host: str = ""  # of the server that asks for this wait, if one does


class Silent(Exception):
    """No answer; the message is a code."""


@dataclass(frozen=True)
class Answer:
    status: int
    location: str = ""
    retry_after: str = ""
    body: bytes = b""


@dataclass
class Asker:
    """Asks, and leaves each machine a pause between two requests.

    ``may_ask`` says whether the server's robots.txt allows an address, and notes the pause that it wants; ``take`` takes a
    machine by its name, or says for how long it has to be left alone; ``pause`` is given seconds.
    """

    may_ask: Callable[["Asker", str], bool]
    pause: Callable[[float], None] = time.sleep
    take: Callable[[str], timedelta | None] = lambda _name: None
    pauses: dict = field(default_factory=dict)  # the seconds that servers want between two requests
    _asked: dict = field(default_factory=dict)  # when which server was asked last

    def how_is(self, address: str) -> Outcome:
        """How ``address`` is, its redirects followed. Never raises for what a server does."""
        for_good, here = True, address
        try:
            for hop in range(REDIRECTS + 1):
                here = written(here)
                if wait := self.take(host_of(here)):
                    return Outcome("later", "busy", wait=wait)
                if not self.may_ask(self, here):
                    return Outcome("unchecked", "robots")
                answer = self._answer(here)
                if answer.status not in REDIRECTING or not answer.location:
                    return self._judged(answer, host_of(here), here if for_good and hop else "")
                for_good = for_good and answer.status in FOR_GOOD
                here = joined(here, answer.location)
        except Refused as refused:
            return Outcome("unchecked", str(refused))
        except Unknown:
            return Outcome("failed", "name")
        except Silent as silent:
            return Outcome("failed", str(silent))
        return Outcome("failed", "loop")

    @staticmethod
    def _judged(answer: Answer, host: str, moved_to: str) -> Outcome:
        status = str(answer.status)
        if 200 <= answer.status < 300:
            return Outcome("moved", status, moved_to) if moved_to else Outcome("good", status)
        wait = until(answer.retry_after)
        if answer.status == 429 or (answer.status == 503 and wait):
            return Outcome("later", status, wait=wait or timedelta(days=1), host=host)
        return Outcome("unchecked" if answer.status in NOT_FOR_PROGRAMS else "failed", status)

    def _answer(self, address: str) -> Answer:
        """By HEAD, and by GET where that is refused: many servers know only the latter."""
        try:
            answer = self.ask("HEAD", address)
            if answer.status < 400 or answer.status in {429, 503}:
                return answer
        except Silent as silent:
            if str(silent) != "closed":
                raise
        return self.ask("GET", address)

    def ask(self, method: str, address: str, *, letters: int = 0) -> Answer:
        """One request; of the body ``letters`` are read, without that none. Raises ``Silent``, ``Refused``, ``Unknown``."""
        scheme, host, port, number = machine_of(address)
        self._wait_for(host)
        connection = Connection(scheme, host, port, number, SECONDS)
        watch = Timer(SECONDS, connection.cut)
        watch.daemon = True
        began = time.monotonic()
        watch.start()
        try:
            connection.request(method, target_of(address), headers={"User-Agent": agent(), "Accept": "*/*"})
            response = connection.getresponse()
            body = response.read(letters) if letters else b""
            if time.monotonic() - began >= SECONDS:  # cut, which reads like the end of the headers
                raise Silent("timeout")
            return Answer(response.status, response.getheader("Location", ""), response.getheader("Retry-After", ""), body)
        except ssl.SSLError as error:
            raise Silent("timeout" if time.monotonic() - began >= SECONDS else "certificate") from error
        except (OSError, http.client.HTTPException, ValueError) as error:
            raise Silent(_silence(error, time.monotonic() - began)) from error
        finally:
            watch.cancel()
            connection.close()
            self._asked[host] = time.monotonic()

    def _wait_for(self, host: str) -> None:
        if host in self._asked:
            pause = max(PAUSE, self.pauses.get(host, 0.0))
            self.pause(max(0.0, pause - (time.monotonic() - self._asked[host])))


def _silence(error: Exception, took: float) -> str:
    if isinstance(error, TimeoutError) or took >= SECONDS:
        return "timeout"
    return "refused" if isinstance(error, ConnectionRefusedError) else "closed"


def joined(address: str, location: str) -> str:
    """Where ``address`` leads on to. Raises ``Refused`` for what cannot be read."""
    try:
        # Servers send other letters than ASCII as bytes, which arrive as Latin ones.
        return urljoin(address, location.encode("latin-1", "replace").decode("utf-8", "replace"))
    except ValueError as error:
        raise Refused("malformed") from error


def target_of(address: str) -> str:
    """What is asked for: path and query."""
    parts = urlsplit(address)
    return f"{parts.path or '/'}{f'?{parts.query}' if parts.query else ''}"


def until(header: str) -> timedelta | None:
    """``Retry-After`` as a time to wait, a week at the most; None when it says nothing that can be understood."""
    header = header.strip()
    if header.isascii() and header.isdecimal() and len(header) < 10:
        wait = timedelta(seconds=int(header))
    else:
        try:
            moment = parsedate_to_datetime(header)
        except (TypeError, ValueError):
            return None
        wait = (moment if moment.tzinfo else moment.replace(tzinfo=UTC)) - datetime.now(UTC)
    return min(max(wait, timedelta(0)), LONGEST_WAIT)
