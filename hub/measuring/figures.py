"""The figures of ``make bench``: long threads read, answered and hidden, each beside the same in a short one.

A machine is never as fast twice. What is compared is the number of queries, which is always the same, and the ratio of
two times taken in turns within one run.
"""

from dataclasses import asdict, replace
from statistics import median
from urllib.parse import urlsplit

from django.conf import settings
from django.contrib.auth import get_user_model
from django.db import connection
from django.db.models import F
from django.test import Client
from wagtail.models import Site

from discussion.models import Discussion, DiscussionSettings, PageComment, State
from discussion.transitions import decide
from hub.measuring import check, moderating, rows, scale, shape, words
from hub.measuring.figure import Figure
from hub.measuring.record import Record, recorded, rows_outside
from pages.models import ContentPage, Contribution, Role, StandardPage
from people.models import PeopleIndexPage, PersonPage

SMALL = 100
HIDDEN = 10_000
HOST = "127.0.0.1"
LIMIT = 32_767  # as many comments an hour from one address as the setting can say

SLICE_QUERIES, SLICE_RATIO = 8, 1.5
REPLY_QUERIES, REPLY_ROWS = 12, 5
HIDE_QUERIES, HIDE_SECONDS = 5, 0.5


def measure(largest: int, rounds: int, say) -> list[dict]:
    """Fill an empty database, measure everything, and return the figures as plain values."""
    pages = scale.publications(3 + moderating.PAGES, say)
    for_moderators = pages[3:]
    writer = scale.CommentWriter(largest + SMALL + min(HIDDEN, largest) + moderating.total(largest), say)
    for page, size in zip(pages[:3], (largest, SMALL, min(HIDDEN, largest)), strict=True):
        writer.write(page, shape.thread(size, words.dice(size)))
    rows.continue_keys_after(PageComment)
    _let_everybody_post()
    _put_everything_beside(pages)
    gather_statistics()
    long, short, hidden = pages[:3]
    figures = [*_reading(long, short, rounds), *_replying(long, short, rounds), *_hiding(hidden)]
    figures += moderating.measure(for_moderators, writer, largest, rounds)
    faults = check.faults([page.pk for page in pages])
    figures.append(Figure("afterwards, all counters", "as a recount", "; ".join(faults) or "as a recount", not faults))
    return [asdict(figure) for figure in figures]


def _let_everybody_post():
    rules = DiscussionSettings.for_site(Site.objects.get(is_default_site=True))
    rules.hold_comments = rules.confirm_addresses = False
    rules.posts_per_address = rules.posts_per_person = LIMIT
    rules.save()
    settings.HUB_COMMENT_SECONDS = 0  # in this process only: nobody here types


def _put_everything_beside(pages):
    """House rules, privacy notice, host, and badges: each discussion is as full as one can be."""
    site = Site.objects.get(is_default_site=True)
    please, data = (site.root_page.add_child(instance=StandardPage(title=title)) for title in ("House rules", "Your data"))
    DiscussionSettings.objects.filter(site=site).update(house_rules=please, privacy=data)
    people = site.root_page.add_child(instance=PeopleIndexPage(title="People"))
    account = get_user_model().objects.create_user("host", "host@hub.example")
    host = people.add_child(instance=PersonPage(title="A. Host", user=account))
    ContentPage.objects.filter(pk__in=[page.pk for page in pages]).update(discussion_host=host)
    Contribution.objects.bulk_create(Contribution(page_id=page.pk, person=host, role=Role.AUTHOR) for page in pages)
    PageComment.objects.annotate(place=F("number") % 10).filter(place=0).update(user=account)


def gather_statistics():
    """What PostgreSQL's own housekeeping does within minutes, at once."""
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute("ANALYZE")


# Reading


def _reading(long, short, rounds) -> list[Figure]:
    client = Client(SERVER_NAME=HOST)
    addresses = [_slices(client, page) for page in (long, short)]
    figures = []
    for place in addresses[0]:
        records = _in_turns([lambda a=a: client.get(a) for a in (addresses[0][place], addresses[1][place])], rounds)
        shown = [client.get(a[place]).content.count(b'<article class="comment') for a in addresses]
        figures += _compared(f"{place} ({shown[0]} comments, of the short one {shown[1]})", records)
    numbers = [_number_at(page, 0.5) for page in (long, short)]
    links = [f"/discussion/{page.pk}/{number}/" for page, number in zip((long, short), numbers, strict=True)]
    records = _in_turns([lambda a=a: client.get(a) for a in links], rounds)
    told = _compared("permanent address of a comment in the middle", records)  # leads to a slice, and is none itself
    return figures + [replace(figure, target="", holds=None) for figure in told]


def _slices(client, page) -> dict[str, str]:
    """Addresses of slices, found as a reader finds them: by the permanent address of a comment there."""
    own = f"/discussion/{page.pk}/"
    found = {"the page with its first slice": urlsplit(page.url).path, "first slice": own}
    for name, share in {"slice in the middle": 0.5, "last slice": 1.0}.items():
        answer = client.get(f"{own}{_number_at(page, share)}/")
        parts = urlsplit(answer.headers.get("Location", own))
        found[name] = f"{parts.path}?{parts.query}" if parts.path.startswith("/discussion/") else own
    return found


def _number_at(page, share: float) -> int:
    """The number of the comment that stands at this share of the discussion, 0 the first, 1 the last."""
    numbers = PageComment.objects.standing().on_page(page.pk).in_thread_order().values_list("number", flat=True)
    return numbers[int((numbers.count() - 1) * share)]


def _in_turns(tasks, rounds) -> list[list[Record]]:
    """Each task as often as ``rounds``, one after the other, so that whatever else the machine does hits all alike."""
    records = [[] for _ in tasks]
    for task in tasks:
        task()  # once for nothing: templates and content types are loaded
    for _ in range(rounds):
        for task, kept in zip(tasks, records, strict=True):
            with recorded() as record:
                task()
            kept.append(record)
    return records


def _compared(name, records) -> list[Figure]:
    long, short = records
    queries, all_queries = len(long[0].of_discussion()), len(long[0].queries)
    ratio, times = _ratio(long, short)
    return [
        Figure(
            f"{name}: queries",
            f"≤ {SLICE_QUERIES}",
            f"{queries} of the discussion, {all_queries} of the request",
            queries <= SLICE_QUERIES,
        ),
        Figure(f"{name}: time, against the short thread", f"≤ {SLICE_RATIO}x", times, ratio <= SLICE_RATIO),
    ]


def _ratio(long, short) -> tuple[float, str]:
    """The ratio of the medians and the sentence that says it; with a database in another process its time counts too."""
    cpu = [median(record.cpu for record in records) for records in (long, short)]
    wall = [median(record.wall for record in records) for records in (long, short)]
    counted = wall if connection.vendor == "postgresql" else cpu
    ratio = counted[0] / counted[1]
    text = (
        f"{ratio:.2f}x (CPU {cpu[0] * 1000:.0f} and {cpu[1] * 1000:.0f} ms, wall {wall[0] * 1000:.0f} and {wall[1] * 1000:.0f})"
    )
    return ratio, text


# Replying


def _replying(long, short, rounds) -> list[Figure]:
    records, outside = {long.pk: [], short.pk: []}, []
    numbers = {page.pk: _near_the_top(page, rounds + 1) for page in (long, short)}
    for turn in range(rounds + 1):
        for page in (long, short):
            record = _reply(page, numbers[page.pk][turn], turn)
            if turn:  # the first loads templates and content types
                records[page.pk].append(record)
                newest = Discussion.objects.get(page_id=page.pk).last_number
                key = PageComment.objects.get(page_id=page.pk, number=newest).pk
                outside.append(rows_outside(record, key))
    record = records[long.pk][-1]
    posting = [s for s in record.queries if s.within("post_comment")]
    _, times = _ratio(records[long.pk], records[short.pk])
    return [
        Figure(
            "reply near the top: queries",
            f"≤ {REPLY_QUERIES}",
            f"{len(posting)} of posting, {len(record.queries)} of the request",
            len(posting) <= REPLY_QUERIES,
        ),
        Figure(
            "reply near the top: rows written outside the new one",
            f"≤ {REPLY_ROWS}",
            f"{max(outside)}, limits and all",
            max(outside) <= REPLY_ROWS,
        ),
        Figure("reply near the top: time, against the short thread", "", times),
    ]


def _near_the_top(page, count) -> list[int]:
    """Comments that many answers stand beneath, or follow."""
    first = PageComment.objects.published().on_page(page.pk).in_thread_order().values_list("number", flat=True)[:count]
    return list(first)


def _reply(page, number: int, turn: int) -> Record:
    client = Client(SERVER_NAME=HOST, headers={"origin": f"http://{HOST}"})
    filled = {
        "comment": f"An answer, the {turn}th.",
        "name": "A. Reader",
        "email": f"a.reader.{page.pk}.{turn}@readers.example",
        "reply_to": number,
        "subject": "",
        "token": client.get(f"/discussion/{page.pk}/token/").json()["token"],
    }
    with recorded() as record:
        answer = client.post(f"/discussion/{page.pk}/add/", filled)
    if answer.status_code != 302:
        raise RuntimeError(f"The reply was answered {answer.status_code}.")
    return record


# Hiding


def _hiding(page) -> list[Figure]:
    root = PageComment.objects.published().on_page(page.pk).get(depth=0)
    size = root.thread_count
    figures = []
    turns = {"hiding": [], "restoring": []}
    for _ in range(3):
        for name, state in (("hiding", State.REJECTED), ("restoring", State.PUBLISHED)):
            with recorded() as record:
                decide([root.pk], state, by=None)
            turns[name].append(record)
    for name, records in turns.items():
        middle = sorted(records, key=_seconds)[len(records) // 2]
        parts = middle.parts("_apply") or middle.parts("decide")
        written = sum(statement.verb == "UPDATE" for statement in middle.queries)
        split = ", ".join(f"{part.strip('_')} {count} in {seconds:.2f} s" for part, (count, seconds) in parts.items())
        figures += [
            Figure(
                f"{name} a thread of {size + 1}: queries",
                f"≤ {HIDE_QUERIES}",
                f"{written} write it, {len(middle.queries)} with lock, reading and record",
                written <= HIDE_QUERIES,
            ),
            Figure(
                f"{name} a thread of {size + 1}: seconds",
                f"≤ {HIDE_SECONDS}",
                f"{_seconds(middle):.2f} of the processor, {middle.wall:.2f} by the clock ({split})",
                _seconds(middle) <= HIDE_SECONDS,
            ),
        ]
    return figures


def _seconds(record: Record) -> float:
    """What the work costs on a machine that does nothing else: the time of the processor here and in the database.

    With a database on another machine only the clock is left.
    """
    return record.wall if record.server_cpu is None else record.cpu + record.server_cpu
