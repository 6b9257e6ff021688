"""The figures of moderation: five hundred approved by one press, and the queue with very many that wait."""

from statistics import median, median_low
from urllib.parse import urlencode

from django.contrib.auth import get_user_model
from django.contrib.auth.models import Group
from django.core.cache import cache
from django.test import Client
from django.urls import reverse

from discussion.models import PageComment, State
from hub.measuring import shape
from hub.measuring.figure import Figure
from hub.measuring.record import Record, recorded

TIMES, TOGETHER = 5, 10  # how often many are approved, and beneath how many pages
PAGES = TIMES * TOGETHER + 2  # those with the comments that are approved, one with few and one with very many that wait
FORM = "application/x-www-form-urlencoded"  # as browsers send it
FEW, APPROVED = 100, 500
APPROVE_QUERIES, APPROVE_SECONDS = 25, 0.26
QUEUE_QUERIES, QUEUE_RATIO = 15, 1.5


def total(largest: int) -> int:
    """How many comments are written for these figures."""
    return TIMES * APPROVED + FEW + largest


def measure(pages, writer, largest: int, rounds: int) -> list[Figure]:
    """Write comments that wait beneath ``pages``, ``PAGES`` of them without any, and take the figures.

    Few come first: what waits is one queue, and cannot be long and short at once.
    """
    client = _moderator()
    approving = []
    for start in range(0, TIMES * TOGETHER, TOGETHER):
        together = pages[start : start + TOGETHER]
        for page in together:
            writer.write(page, _waiting(APPROVED // TOGETHER))
        approving.append(_approve(client, PageComment.objects.filter(page__in=together)))
    writer.write(pages[-2], _waiting(FEW))
    few = _queue(client, rounds)
    writer.write(pages[-1], _waiting(largest))
    many = _queue(client, rounds)
    return [*_approving(approving), *_queueing(few, many, largest)]


def _moderator() -> Client:
    user = get_user_model().objects.create_user("measuring-moderator")
    user.groups.add(Group.objects.get(name="Moderators"))
    client = Client(SERVER_NAME="127.0.0.1")
    client.force_login(user)
    return client


def _waiting(size: int) -> shape.Shape:
    plan = shape.Shape()
    for _ in range(size):
        plan.add(None, State.PENDING)
    return plan


def _approve(client, comments) -> Record:
    """The request that approves them; one of another comment goes before, for what is loaded once."""
    address = reverse("discussion_choose")
    keys = list(comments.values_list("pk", flat=True))
    first, others = ({"action": "approve", "pk": some, "selection": "queue=pending"} for some in (keys[:1], keys[1:]))
    client.post(address, urlencode(first, doseq=True), content_type=FORM)
    filled = urlencode(others, doseq=True)
    with recorded() as record:
        answer = client.post(address, filled, content_type=FORM)
    if answer.status_code != 302 or comments.exclude(state=State.PUBLISHED).exists():
        raise RuntimeError("They were not all approved.")
    return record


def _approving(records: list[Record]) -> list[Figure]:
    """The median of several: the first of all in PostgreSQL reads what the next find read."""
    spent = {record.cpu + (record.server_cpu or 0): record for record in records}
    seconds = median_low(spent)
    record = spent[seconds]
    parts = f"{record.cpu * 1000:.0f} ms here"
    if record.server_cpu is not None:
        parts += f", {record.server_cpu * 1000:.0f} ms in the database"
    name = f"approving {APPROVED - 1} by one press"
    queries = len(record.queries)
    return [
        Figure(f"{name}: queries", f"≤ {APPROVE_QUERIES}", f"{queries} of the request", queries <= APPROVE_QUERIES),
        Figure(
            f"{name}: processor",
            f"≤ {APPROVE_SECONDS * 1000:.0f} ms",
            f"{seconds * 1000:.0f} ms ({parts})",
            seconds <= APPROVE_SECONDS,
        ),
    ]


def _queue(client, rounds: int) -> list[Record]:
    address = reverse("discussion_queue")
    client.get(address)
    records = []
    for _ in range(rounds):
        cache.clear()  # the counts are taken anew each time: the dearest case
        with recorded() as record:
            client.get(address)
        records.append(record)
    return records


def _queueing(few, many, largest) -> list[Figure]:
    times = [median(record.cpu + (record.server_cpu or 0) for record in records) * 1000 for records in (few, many)]
    ratio, queries = times[1] / times[0], len(many[0].queries)
    name = f"queue with {largest} that wait"
    return [
        Figure(f"{name}: queries", f"≤ {QUEUE_QUERIES}", f"{queries} of the request", queries <= QUEUE_QUERIES),
        Figure(
            f"{name}: processor, against {FEW}",
            f"≤ {QUEUE_RATIO}x",
            f"{ratio:.2f}x ({times[1]:.0f} and {times[0]:.0f} ms)",
            ratio <= QUEUE_RATIO,
        ),
    ]
