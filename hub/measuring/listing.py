"""The figures of ``make bench`` about lists: page 400 beside page 1, and topics and people of very many pieces beside few.

What is measured is the whole request: finding the page, menus, discussion and “More on …” included.
"""

from dataclasses import asdict
from statistics import median

from django.db.models import F
from django.test import Client

from hub.measuring import scale, web
from hub.measuring.figures import HOST, Figure, gather_statistics
from hub.measuring.record import Record, recorded
from pages.models import ContentPage, Contribution, Kind, PageTopic

FAR, RATIO = 400, 1.2
LIST_QUERIES, SCREEN_QUERIES = 10, 15
AT_ONCE = 5  # requests in one record: the system counts the processor's time in hundredths of a second
KINDS = [Kind.PUBLICATION, Kind.INTERVIEW, Kind.VIDEO, Kind.ARTICLE]


def measure(pages: int, links: int, rounds: int, say) -> list[dict]:
    """Fill an empty database, measure, and return the figures as plain values."""
    scale.publications(pages, say, links, bare=True)
    _let_them_differ()
    gather_statistics()
    far = min(FAR, pages // 12)
    topic, few = (f"/scale/scale-topic-{number}/" for number in (1, web.TOPICS + 1))
    person, beginner = (f"/{web.PEOPLE_SLUG}/person-{number}/" for number in (0, web.PEOPLE))
    pairs = [
        (f"list, page {far} against page 1", f"/scale/?page={far}", "/scale/", LIST_QUERIES),
        ("list, last page against page 1", "/scale/?page=999999", "/scale/", LIST_QUERIES),
        ("list of a topic and type, page 100 against 1", *_narrowed("page=100", ""), LIST_QUERIES),
        # The month that the day cuts in two is counted anew.
        ("list since a day in mid-month, page 100 against 1", *_since("page=100", ""), LIST_QUERIES + 1),
        (f"topic with {pages // web.TOPICS} pieces against {web.FEW_PIECES}", topic, few, SCREEN_QUERIES),
        (f"person with {2 * pages // web.PEOPLE} pieces against {web.FEW_PIECES}", person, beginner, SCREEN_QUERIES),
        ("person, all of one role, page 50 against 1", f"{person}?role=author&page=50", f"{person}?role=author", LIST_QUERIES),
    ]
    return [asdict(figure) for pair in pairs for figure in _compared(*pair, rounds)]


def _let_them_differ():
    """Every fourth page of another kind, as a listing sees it: the rows of types are not needed for that."""
    for place, kind in enumerate(KINDS[1:], start=1):
        fourth = ContentPage.objects.filter(kind=Kind.PUBLICATION).annotate(place=F("pk") % 4).filter(place=place)
        keys = list(fourth.values_list("pk", flat=True))
        for start in range(0, len(keys), 10_000):
            part = keys[start : start + 10_000]
            ContentPage.objects.filter(pk__in=part).update(kind=kind)
            for rows in (PageTopic, Contribution):
                rows.objects.filter(page_id__in=part).update(kind=kind)


def _narrowed(*pages: str) -> list[str]:
    return [f"/scale/?topic=scale-topic-1&type=publication&{page}" for page in pages]


def _since(*pages: str) -> list[str]:
    return [f"/scale/?since=2025-03-15&{page}" for page in pages]


def _compared(name: str, large: str, small: str, most: int, rounds: int) -> list[Figure]:
    client = Client(SERVER_NAME=HOST)
    records = [[], []]
    for turn in range(rounds + 1):
        for address, kept in zip((large, small), records, strict=True):
            record = _asked(client, address)
            if turn:  # the first loads templates, content types and the tally
                kept.append(record)
    queries = round(len(records[0][-1].queries) / AT_ONCE)
    cpu = [median(_processor(record) for record in kept) / AT_ONCE for kept in records]
    ratio = cpu[0] / cpu[1]
    times = f"{ratio:.2f}x ({cpu[0] * 1000:.1f} and {cpu[1] * 1000:.1f} ms, the database's included)"
    return [
        Figure(f"{name}: queries", f"≤ {most}", str(queries), queries <= most),
        Figure(f"{name}: processor", f"≤ {RATIO}x", times, ratio <= RATIO),
    ]


def _asked(client, address: str) -> Record:
    with recorded() as record:
        for _ in range(AT_ONCE):
            answer = client.get(address)
    if answer.status_code != 200:
        raise RuntimeError(f"{address} was answered {answer.status_code}.")
    return record


def _processor(record: Record) -> float:
    return record.wall if record.server_cpu is None else record.cpu + record.server_cpu
