"""The figures of ``make bench`` about links: “More on …” of a page that ten others name, and of one that a thousand do.

What is measured is what a page pays for the block: reading both ends of its links with what is added by itself, and
making sentences of them. The page's byline and topics, which the block uses too, are read before, as the page does.
"""

from dataclasses import asdict
from statistics import median
from urllib.parse import urlsplit

from django.template.loader import render_to_string
from django.test import Client, RequestFactory
from wagtail.models import PageViewRestriction

from hub.measuring import scale
from hub.measuring.figures import HOST, Figure, gather_statistics
from hub.measuring.record import Record, recorded
from hub.measuring.web import FEW
from pages import navigation, related
from pages.models import ContentPage, PublicationPage
from people.many import many

AT_ONCE = 10  # blocks in one record: the system counts the processor's time in hundredths of a second
QUERIES, RATIO = 3, 1.2
DRAFT_EACH, PRIVATE_EACH, PRIVATE = 10, 100, 5


def measure(pages: int, links: int, rounds: int, say) -> list[dict]:
    """Fill an empty database, measure, and return the figures as plain values."""
    made = scale.publications(pages, say, links, bare=True)
    most, few = (PublicationPage.objects.get(pk=page.pk) for page in made[1:3])
    _hide_some(made[3:])
    gather_statistics()
    figures = []
    for name, adds in (("", True), (", nothing added by itself", False)):
        ContentPage.objects.filter(pk__in=[most.pk, few.pk]).update(suggests_more=adds)
        figures += _compared(f"related block{name}", (most, few), rounds)
    ContentPage.objects.filter(pk__in=[most.pk, few.pk]).update(suggests_more=True)
    figures += _whole_pages((most, few), rounds)
    return [asdict(figure) for figure in figures]


def _hide_some(pages) -> None:
    """Have something to leave out: a tenth of the pages that name others become drafts, and a few are for who has an account."""
    keys = [page.pk for page in pages[::DRAFT_EACH]]
    PublicationPage.objects.filter(pk__in=many(keys)).update(live=False, has_unpublished_changes=True)
    for page in pages[1 + FEW :: PRIVATE_EACH][:PRIVATE]:
        PageViewRestriction.objects.create(page=page, restriction_type=PageViewRestriction.LOGIN)


def _compared(name, pages, rounds) -> list[Figure]:
    _block(pages[0]), _block(pages[1])  # once for nothing: templates and content types are loaded
    records = [[], []]
    for _turn in range(rounds):
        for page, kept in zip(pages, records, strict=True):
            kept.append(_block(page))
    queries = len(records[0][0].queries) / AT_ONCE
    cpu = [median(_processor(record) for record in kept) / AT_ONCE for kept in records]
    ratio = cpu[0] / cpu[1]
    lines, more = _shown(pages[0])
    return [
        Figure(
            f"{name}, 1,000 incoming links: queries",
            f"≤ {QUERIES}",
            f"{queries:g} ({lines} lines and {more} more pages)",
            queries <= QUERIES,
        ),
        Figure(
            f"{name}: processor, against 10 incoming links",
            f"≤ {RATIO}x",
            f"{ratio:.2f}x ({cpu[0] * 1000:.1f} and {cpu[1] * 1000:.1f} ms, the database's included)",
            ratio <= RATIO,
        ),
    ]


def _block(page) -> Record:
    """What ``AT_ONCE`` blocks of ``page`` cost, each for a page read anew."""
    request = RequestFactory(SERVER_NAME=HOST).get("/")
    fresh = [PublicationPage.objects.get(pk=page.pk) for _ in range(AT_ONCE)]
    for one in fresh:
        navigation.credits_of(one), navigation.topics_of(one), one.get_url(request)
    with recorded() as record:
        for one in fresh:
            shown = {"all": related.related_to(one), "topic": navigation.topics_of(one)[0]}
            render_to_string("components/related.html", {"related": shown, "request": request})
    return record


def _shown(page) -> tuple[int, int]:
    found = related.related_to(PublicationPage.objects.get(pk=page.pk))
    return len(found.lines) + len(found.automatic), found.more


def _processor(record: Record) -> float:
    return record.wall if record.server_cpu is None else record.cpu + record.server_cpu


def _whole_pages(pages, rounds) -> list[Figure]:
    client = Client(SERVER_NAME=HOST)
    addresses = [urlsplit(page.full_url).path for page in pages]
    records = [[], []]
    for turn in range(rounds + 1):
        for address, kept in zip(addresses, records, strict=True):
            with recorded() as record:
                client.get(address)
            if turn:
                kept.append(record)
    queries = [len(kept[-1].queries) for kept in records]
    cpu = [median(_processor(record) for record in kept) * 1000 for kept in records]
    text = f"{queries[0]} and {queries[1]} queries, {cpu[0]:.0f} and {cpu[1]:.0f} ms"
    return [Figure("the whole page, 1,000 and 10 incoming links", "", text)]
