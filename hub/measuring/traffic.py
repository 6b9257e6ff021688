"""Many clients that post comments over HTTP at once, and what became of each post.

The text of every post is an identifier of its own, so that the database can be compared with what was acknowledged. A
client that got no answer cannot know whether its comment was stored: it sends the same form again.
"""

import asyncio
import json
import time
from collections import Counter
from dataclasses import dataclass, field
from urllib.parse import urlencode

HOST = "127.0.0.1"
TIMEOUT = 20
ATTEMPTS = 60
LONGEST_PAUSE = 1.0


@dataclass
class Answer:
    status: int
    body: bytes


async def request(port: int, method: str, path: str, fields: dict | None = None, *, hang_up=False) -> Answer | None:
    """One request on a connection of its own. With ``hang_up`` the connection is cut as soon as all is sent: None then.

    Raises ``OSError``, ``EOFError``, ``ValueError`` or ``TimeoutError`` when no whole answer comes.
    """
    async with asyncio.timeout(TIMEOUT):
        reader, writer = await asyncio.open_connection(HOST, port)
        try:
            body = urlencode(fields or {}).encode() if method == "POST" else b""
            head = [f"{method} {path} HTTP/1.1", f"Host: {HOST}:{port}", "Connection: close"]
            if method == "POST":
                head += [
                    f"Origin: http://{HOST}:{port}",
                    "Content-Type: application/x-www-form-urlencoded",
                    f"Content-Length: {len(body)}",
                ]
            writer.write("\r\n".join([*head, "", ""]).encode() + body)
            await writer.drain()
            return None if hang_up else _parsed(await reader.read())
        finally:
            writer.close()


def _parsed(raw: bytes) -> Answer:
    head, separator, body = raw.partition(b"\r\n\r\n")
    if not separator:
        raise EOFError("no answer")
    lines = head.decode("latin-1").split("\r\n")
    length = next((int(line.split(":")[1]) for line in lines[1:] if line.lower().startswith("content-length:")), len(body))
    if len(body) < length:
        raise EOFError("half an answer")
    return Answer(int(lines[0].split()[1]), body)


FAILURES = (OSError, EOFError, ValueError, TimeoutError)


@dataclass
class Post:
    """One comment that is to be posted once, whatever happens. ``hangs_up``: its first answer is not waited for."""

    text: str
    page_id: int
    email: str
    reply_to: int | None = None
    hangs_up: bool = False
    tokens: list[str] = field(default_factory=list)
    acknowledged: bool = False
    seconds: float = 0.0

    def fields(self, token: str) -> dict:
        return {
            "comment": self.text,
            "name": "A. Drill",
            "email": self.email,
            "reply_to": self.reply_to or "",
            "subject": "",
            "token": token,
        }


@dataclass
class Traffic:
    """Posts on their way. ``outcomes`` counts what every sending met with; ``seconds`` is how long all took."""

    port: int
    posts: list[Post]
    clients: int
    keep_token: bool = True
    minimum_seconds: float = 2.0
    attempts: int = ATTEMPTS
    outcomes: Counter = field(default_factory=Counter)
    seconds: float = 0.0

    async def fetch_tokens(self, each: int = 1) -> None:
        """The forms of all posts, before anything goes wrong; then the time that a person would take to write."""
        await self._share([(post, each) for post in self.posts], self._fetch)
        await asyncio.sleep(self.minimum_seconds + 0.5)

    async def _fetch(self, post: Post, each: int) -> None:
        while len(post.tokens) < each:
            try:
                answer = await request(self.port, "GET", f"/discussion/{post.page_id}/token/")
                post.tokens.append(json.loads(answer.body)["token"])
            except FAILURES:
                await asyncio.sleep(0.25)

    async def send_all(self) -> None:
        began = time.monotonic()
        await self._share([(post,) for post in self.posts], self._send)
        self.seconds = time.monotonic() - began

    async def _share(self, tasks: list[tuple], work) -> None:
        """Have ``clients`` of them at once draw from one queue."""
        queue = iter(tasks)

        async def client():
            for task in queue:
                await work(*task)

        async with asyncio.TaskGroup() as group:
            for _ in range(self.clients):
                group.create_task(client())

    async def _send(self, post: Post) -> None:
        for attempt in range(self.attempts):
            token = post.tokens[0 if self.keep_token else attempt % len(post.tokens)]
            began = time.monotonic()
            outcome = await self._try(post, token, hang_up=post.hangs_up and attempt == 0)
            self.outcomes[outcome] += 1
            if outcome == "302":
                post.acknowledged = True
                post.seconds = time.monotonic() - began
                return
            await asyncio.sleep(min(LONGEST_PAUSE, 0.2 * (attempt + 1)))
        self.outcomes["given up"] += 1

    async def _try(self, post: Post, token: str, *, hang_up: bool) -> str:
        try:
            answer = await request(self.port, "POST", f"/discussion/{post.page_id}/add/", post.fields(token), hang_up=hang_up)
        except FAILURES as error:
            return type(error).__name__
        return str(answer.status) if answer else "hung up"
