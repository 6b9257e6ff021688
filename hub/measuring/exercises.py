"""The drills of ``make drills``, each against a real server on this machine and in an empty database of its own.

Every drill compares what the clients were told with what the database holds afterwards. A control is the same drill with
the safeguard taken away: where nothing goes wrong then, the drill has proved nothing.
"""

import asyncio
import random
import statistics
import threading
import time
from collections import Counter
from dataclasses import dataclass
from itertools import cycle
from pathlib import Path

from django.conf import settings
from django.db import connection
from django.utils.crypto import get_random_string
from wagtail.models import Site

from discussion.models import DiscussionSettings, OutgoingMail, PageComment
from hub.management.commands.serve import Command as Serve
from hub.measuring import check, rows, scale, shape, words
from hub.measuring.figures import LIMIT
from hub.measuring.postbox import Postbox
from hub.measuring.processes import Cluster, Server, Worker, kill, wait_until
from hub.measuring.scratch import free_port
from hub.measuring.traffic import Post, Traffic, request

POSTERS = 40
PROCESSES = 4  # of the server, each with four threads: no lock within one of them may be what keeps the order
CLIENTS = 16
PAGES = 4
THREAD = 60
HANGS_UP_EVERY = 15  # of the posts in the kill drill, one in so many does not wait for its first answer
SPARE_TOKENS = 4
UNLOCKED = "hub.measuring.unlocked:application"
UNCHANGED = 1.5  # the ratio up to which a time counts as the same on a machine that does other things too


@dataclass(frozen=True)
class Verdict:
    """``sentence``: what was found, with the numbers. ``holds``: whether it is as it must be."""

    sentence: str
    holds: bool


def parallel(posts: int, *, control: bool, **_) -> list[Verdict]:
    """Forty people answer at once, all over one thread. The control is a server that locks nothing, asked once by each."""
    page = _content(1, hold=False)[0]
    chance = words.dice(40)
    prepared = [_post(page, f"poster{number % POSTERS}", reply_to=chance.randint(1, THREAD)) for number in range(posts)]
    with _server(workers=PROCESSES, **({"application": UNLOCKED} if control else {})) as server:
        once = {"attempts": 1} if control else {}
        traffic = Traffic(server.port, prepared, POSTERS, minimum_seconds=settings.HUB_COMMENT_SECONDS, **once)
        asyncio.run(_send(traffic))
    found = _stored(prepared)
    accepted = sum(post.acknowledged for post in prepared)
    parents = _parents()
    misplaced = [post for post in prepared if post.text in parents and parents[post.text] != post.reply_to]
    refused = sum(traffic.outcomes.values()) - traffic.outcomes["302"]
    sentence = (
        f"{accepted} of {posts} accepted by {POSTERS} posters in {traffic.seconds:.0f} s, {_lost(prepared, found)} lost, "
        f"{_doubled(found)} doubled, {len(misplaced)} under another comment; answers {dict(traffic.outcomes)}"
    )
    wrong = [refused, posts - accepted, _lost(prepared, found), _doubled(found), len(misplaced)]
    verdicts = [Verdict(sentence, not any(wrong)), _consistency(check.faults([page.pk]))]
    if not control:
        return verdicts
    missed = sum(not verdict.holds for verdict in verdicts)
    told = [Verdict(verdict.sentence, True) for verdict in verdicts]
    return [*told, Verdict(f"control: {missed} of the two fail; with none the drill would prove nothing", bool(missed))]


def kill_drill(posts: int, *, cluster: Cluster | None, control: bool, seconds: float, between: int, **_) -> list[Verdict]:
    """Server, and PostgreSQL where there is one, are killed again and again while posts arrive.

    The control on PostgreSQL is a database that acknowledges before it has written, chosen by the environment; on
    SQLite it is a client that takes a fresh form for each sending.
    """
    pages = _content(PAGES, hold=False)
    chance = words.dice(16)
    prepared = []
    for number, page in zip(range(posts), cycle(pages)):
        reply_to = chance.randint(1, THREAD) if number % 2 else None
        prepared.append(_post(page, f"client{number % CLIENTS}", reply_to=reply_to, hangs_up=not number % HANGS_UP_EVERY))
    fresh_forms = control and cluster is None
    with _server(workers=3) as server:
        traffic = Traffic(
            server.port, prepared, CLIENTS, keep_token=not fresh_forms, minimum_seconds=settings.HUB_COMMENT_SECONDS
        )
        asyncio.run(traffic.fetch_tokens(SPARE_TOKENS if fresh_forms else 1))
        killer = Killer(server, cluster, traffic, every=2 if control else 4, between=between)
        with killer:
            in_time = asyncio.run(_within(traffic.send_all(), seconds))
    connection.close()
    found = _stored(prepared)
    lost, doubled, faults = _lost(prepared, found), _doubled(found), check.faults([page.pk for page in pages])
    faults += _half_written()
    duration = f"{traffic.seconds:.0f} s" if in_time else f"{seconds:.0f} s, when it was broken off (--seconds)"
    verdicts = [
        Verdict(
            f"{sum(p.acknowledged for p in prepared)} of {posts} acknowledged in {duration}; "
            f"{killer.kills['worker']} workers and {killer.kills['postgresql']} times PostgreSQL killed, "
            f"{server.restarts} times the whole server gone: {lost} lost, {doubled} doubled; "
            f"sendings met with {dict(traffic.outcomes.most_common())}",
            bool(killer.kills["worker"]) and in_time,
        )
    ]
    if control:
        wanted = ("doubled", doubled) if fresh_forms else ("lost", lost)
        hung_up = sum(post.hangs_up and found[post.text] > 1 for post in prepared)
        told = f", {hung_up} of them where the client had hung up" if fresh_forms else ""
        sentence = f"control: {wanted[1]} {wanted[0]}{told}; with none the drill would prove nothing"
        return [*verdicts, Verdict(sentence, bool(wanted[1]))]
    return [*verdicts, Verdict(f"{lost} acknowledged lost, {doubled} doubled", not lost and not doubled), _consistency(faults)]


def mail(posts: int, *, mail_port: int, **_) -> list[Verdict]:
    """The mail server goes away while guests post, whose addresses are to be confirmed, and comes back."""
    page = _content(1, hold=False, confirm=True)[0]
    before, during, after = (
        [_post(page, f"{when}{number}") for number in range(count)]
        for when, count in {"before": max(20, posts // 5), "during": posts, "after": max(20, posts // 5)}.items()
    )
    postbox = Postbox(mail_port)
    postbox.open()
    with _server(workers=1) as server, Worker(Path(settings.LOCAL_DIR) / "worker.log"):
        first = asyncio.run(_timed(server.port, before, page))
        wait_until(lambda: len(postbox.mails) >= len(before), "the delivery of the first mails")
        postbox.close()
        without_server = asyncio.run(_timed(server.port, during, page))
        waiting = OutgoingMail.objects.filter(state=OutgoingMail.State.WAITING).count()
        delivered_meanwhile = len(postbox.mails) - len(before)
        postbox.open()
        began = time.monotonic()
        wait_until(lambda: not _waiting(), "the delivery of what waited", seconds=180)
        back = time.monotonic() - began
        last = asyncio.run(_timed(server.port, after, page))
        wait_until(lambda: not _waiting(), "the delivery of the last mails")
        time.sleep(3)  # a mail that is sent twice would come now
    postbox.close()
    everybody = before + during + after
    found = _stored(everybody)
    by_person = Counter(recipient for recipient, _ in postbox.mails)
    once = all(by_person[post.email] == 1 for post in everybody) and len(by_person) == len(everybody)
    unique = len({message_id for _, message_id in postbox.mails}) == len(everybody)
    return [
        Verdict(
            f"{sum(p.acknowledged for p in during)} of {posts} accepted without a mail server, "
            f"{_lost(everybody, found)} lost, {_doubled(found)} doubled, {waiting} mails waiting",
            all(p.acknowledged for p in during)
            and not _lost(everybody, found)
            and not _doubled(found)
            and waiting == posts
            and not delivered_meanwhile,
        ),
        Verdict(
            f"{len(postbox.mails)} mails to {len(by_person)} people, each once: {'yes' if once and unique else 'no'}; "
            f"all delivered {back:.0f} s after the server was back",
            once and unique,
        ),
        *[_unchanged(what, without_server[what], first[what] + last[what]) for what in first],
        _consistency(check.faults([page.pk])),
    ]


DRILLS = {"parallel": parallel, "kill": kill_drill, "mail": mail}


# Content and servers


def _content(pages: int, *, hold: bool, confirm: bool = False) -> list:
    """Pages with a thread of ``THREAD`` comments each, and rules under which everybody may post as much as they like."""
    made = scale.publications(pages, lambda line: None)
    writer = scale.CommentWriter(pages * THREAD)
    for page in made:
        writer.write(page, shape.thread(THREAD, words.dice(THREAD)))
    rows.continue_keys_after(PageComment)
    rules = DiscussionSettings.for_site(Site.objects.get(is_default_site=True))
    rules.hold_comments, rules.confirm_addresses = hold, confirm
    rules.posts_per_address = rules.posts_per_person = LIMIT
    rules.save()
    return made


def _post(page, person: str, **more) -> Post:
    return Post(get_random_string(32), page.pk, f"{person}@drills.example", **more)


def _server(workers: int, **more) -> Server:
    port = free_port()
    command = Serve().commands({"host": "127.0.0.1", "port": str(port), "threads": "4"})[0]
    return Server(command, port, Path(settings.LOCAL_DIR) / "server.log", workers, **more)


async def _send(traffic: Traffic) -> None:
    await traffic.fetch_tokens()
    await traffic.send_all()


async def _within(work, seconds: float) -> bool:
    """Whether ``work`` was done in this time; it is broken off otherwise."""
    try:
        async with asyncio.timeout(seconds):
            await work
    except TimeoutError:
        return False
    return True


def _unchanged(what: str, without: list[float], with_it: list[float]) -> Verdict:
    """Compares the quicker quarters: whatever else the machine does makes some times longer and none shorter."""
    times = [statistics.quantiles(seconds, n=4)[0] for seconds in (without, with_it)]
    ratio = times[0] / times[1]
    sentence = f"{what}: {times[0] * 1000:.0f} ms without the mail server, {times[1] * 1000:.0f} ms with it: {ratio:.2f}x"
    return Verdict(sentence, ratio <= UNCHANGED)


async def _timed(port: int, posts: list[Post], page) -> dict[str, list[float]]:
    """Post them all, four at a time, and look at the discussion meanwhile; how many seconds each took."""
    traffic = Traffic(port, posts, 4, minimum_seconds=settings.HUB_COMMENT_SECONDS)
    await traffic.fetch_tokens()
    looks: list[float] = []
    async with asyncio.TaskGroup() as group:
        sending = group.create_task(traffic.send_all())
        group.create_task(_look(port, page, sending, looks))
    return {
        "posting a comment": [post.seconds for post in posts if post.acknowledged],
        "reading the discussion": looks,
    }


async def _look(port: int, page, sending: asyncio.Task, looks: list[float]) -> None:
    while not sending.done():
        began = time.monotonic()
        answer = await request(port, "GET", f"/discussion/{page.pk}/")
        if answer.status == 200:
            looks.append(time.monotonic() - began)
        await asyncio.sleep(0.1)


def _waiting() -> bool:
    return OutgoingMail.objects.filter(state=OutgoingMail.State.WAITING).exists()


class Killer(threading.Thread):
    """Kills a worker every two seconds or so, and PostgreSQL every so many times, for as long as it is entered.

    Not before some posts were taken since the last time: on a busy machine a server takes longer to start than that,
    and one that never stands cannot be killed in the midst of anything.
    """

    def __init__(self, server: Server, cluster: Cluster | None, traffic: Traffic, *, every: int, between: int):
        super().__init__(name="killer", daemon=True)
        self.server, self.cluster, self.traffic, self.every, self.between = server, cluster, traffic, every, between
        self.kills = Counter()
        self.over = threading.Event()
        self.chance = random.Random()  # noqa: S311  (moments, no secrets; not the same in every run, on purpose)

    def __enter__(self):
        self.start()
        return self

    def __exit__(self, *_):
        self.over.set()
        self.join()

    def run(self):
        turn, taken = 0, -self.between
        while not self.over.wait(self.chance.uniform(1.5, 3)):
            if self.traffic.outcomes["302"] < taken + self.between:
                continue
            turn, taken = turn + 1, self.traffic.outcomes["302"]
            if workers := self.server.workers():
                kill(self.chance.choice(workers))
                self.kills["worker"] += 1
            if self.cluster and turn % self.every == 0:
                self.cluster.kill()
                self.kills["postgresql"] += 1
                self.cluster.recover()


# Verdicts


def _stored(posts: list[Post]) -> Counter:
    """How often each text is in the database."""
    texts = {post.text for post in posts}
    return Counter(text for text in PageComment.objects.values_list("comment", flat=True) if text in texts)


def _parents() -> dict[str, int]:
    """The number of the comment that each text answers."""
    return dict(PageComment.objects.filter(in_reply_to__isnull=False).values_list("comment", "in_reply_to__number"))


def _lost(posts, found: Counter) -> int:
    return sum(post.acknowledged and not found[post.text] for post in posts)


def _doubled(found: Counter) -> int:
    return sum(count > 1 for count in found.values())


def _half_written() -> list[str]:
    """Rows of a comment in one of its tables that the others do not have."""
    counts = {table._meta.db_table: table._base_manager.count() for table in rows.tables_of(PageComment)}
    return [] if len(set(counts.values())) == 1 else [f"the tables of a comment hold {counts} rows"]


def _consistency(faults: list[str]) -> Verdict:
    return Verdict("; ".join(faults) or "0 half-written, 0 out of place, counters equal to a recount", not faults)
