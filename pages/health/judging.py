"""What is wrong with a portion of live pages, and which addresses elsewhere they name."""

import hashlib
from collections.abc import Iterator
from dataclasses import dataclass, field
from urllib.parse import urldefrag, urlsplit, urlunsplit

from wagtail.models import Page

from pages.health.here import Answer, Here, anchors_of, fragment_of, is_of_templates
from pages.health.leading import holding, led_to, shown_at_both_ends
from pages.health.links import Link, of_pages
from pages.models import (
    ChapterPage,
    ContentLink,
    ContentPage,
    Contribution,
    LinkFault,
    PageTopic,
    SeriesItem,
    StandardPage,
)
from pages.navigation import any_pages
from people.models import PersonPage
from people.visibility import seen_in_bulk

Kind = LinkFault.Kind
JUDGED = (ContentPage, StandardPage, PersonPage)  # what has words of its own; the rest lists


@dataclass(frozen=True)
class Finding:
    """A fault as it was found. ``elsewhere`` is an address whose answer only the checker knows.

    With a page, one about a document is none: it tells the look at documents that the page names this one.
    """

    kind: Kind
    page: int | None = None
    place: str = ""
    target: int | None = None
    said: str = ""
    elsewhere: str = ""
    document: int | None = None

    @property
    def key(self) -> str:
        """What makes it this fault and no other, whenever it is found."""
        parts = (self.kind, self.page, self.document, self.place, self.target, self.said, self.elsewhere)
        return hash_of("\n".join(str(part) for part in parts))


def hash_of(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()


def cleaned(address: str) -> str:
    """``address`` as it is asked for: without its fragment, host in small letters; empty for what is no web address."""
    try:
        parts = urlsplit(urldefrag(address.strip()).url)
        if parts.scheme.lower() not in {"http", "https"} or not parts.hostname:
            return ""
    except ValueError:
        return ""
    return urlunsplit((parts.scheme.lower(), parts.netloc.lower(), parts.path or "/", parts.query, ""))


def judge(pages: list[Page]) -> list[Finding]:
    """All that is wrong with ``pages``: public ones, no aliases, loaded as what they are. Fixed number of queries."""
    return [*_nothing_leads_to(pages), *Portion(pages).findings()] if pages else []


def _nothing_leads_to(pages) -> Iterator[Finding]:
    led = led_to(pages)
    yield from (Finding(Kind.ORPHAN, page.pk) for page in pages if page.pk not in led)


@dataclass
class Portion:
    """Pages with all links that they state, and what is known of the other ends."""

    pages: list[Page]
    here: Here = field(default_factory=Here)

    def __post_init__(self):
        self.links = of_pages(self.pages)
        every = [(page, link) for page, links in self.links.items() for link in links]
        own = {link.address for _page, link in every if link.address and self._is_own(link.address)}
        self.answers = self.here.answers(own)
        keys = {link.page for _page, link in every if link.page} | {answer.page for answer in self.answers.values()} - {None}
        known = Page.objects.filter(pk__in=keys).order_by()
        self.there = set(known.values_list("pk", flat=True))
        self.seen = set(any_pages().visible().filter(pk__in=keys).order_by().values_list("pk", flat=True))
        self.anchors = self._anchors(every)

    def _is_own(self, address: str) -> bool:
        return not address.startswith("#") and self.here.path_of(address) is not None

    def _anchors(self, every) -> dict[int, set[str]]:
        """The anchors of the pages to places on which something leads."""
        at_hand = {page.pk: page for page in self.pages}
        wanted = set()
        for page, link in every:
            fragment = fragment_of(link.address)
            if fragment and not is_of_templates(fragment):
                wanted.add(page if link.address.startswith("#") else getattr(self.answers.get(link.address), "page", None))
        away = wanted - {None} - set(at_hand)
        read = [
            *(Page.objects.filter(pk__in=away).specific() if away else []),
            *(page for key, page in at_hand.items() if key in wanted),
        ]
        return {page.pk: anchors_of(page.specific) for page in read}

    def findings(self) -> Iterator[Finding]:
        leading = self._leading_on()
        for page in self.pages:
            if isinstance(page, JUDGED) and page.pk not in leading:
                yield Finding(Kind.DEAD_END, page.pk)
            for link in self.links.get(page.pk, []):
                if found := self._judge(page.pk, link):
                    yield found

    def _judge(self, page: int, link: Link) -> Finding | None:
        if link.page:
            return None if link.page in self.seen else self._unseen(page, link, link.page)
        if link.address.startswith("#"):
            return self._place_on(page, page, link)
        if link.address not in self.answers:
            outside = cleaned(link.address)
            return Finding(Kind.ELSEWHERE, page, link.place, elsewhere=outside) if outside else None
        answer: Answer = self.answers[link.address]
        if not answer.is_known:
            return Finding(Kind.HERE, page, link.place, said=link.address)
        if answer.document:
            return Finding(Kind.DOCUMENT, page, link.place, said=link.address, document=answer.document)
        if answer.page and answer.page not in self.seen:
            return self._unseen(page, link, answer.page)
        return self._place_on(page, answer.page, link) if answer.page else None

    def _unseen(self, page: int, link: Link, target: int) -> Finding:
        return Finding(Kind.UNSEEN, page, link.place, target=target if target in self.there else None, said=link.address)

    def _place_on(self, page: int, target: int, link: Link) -> Finding | None:
        fragment = fragment_of(link.address)
        if not fragment or is_of_templates(fragment) or fragment in self.anchors.get(target, ()):
            return None
        return Finding(Kind.HERE, page, link.place, target=target, said=link.address)

    def _leading_on(self) -> set[int]:
        """The keys of those pages from which something of their own leads on."""
        keys = {page.pk for page in self.pages}
        found = {page.pk for page in self.pages if isinstance(page, ChapterPage)}  # to its publication, and to its siblings
        for page, links in self.links.items():
            if any(self._leads_on(page, link) for link in links):
                found.add(page)
        for rows, name in _ways_on(keys):
            found |= set(rows.order_by().values_list(name, flat=True).distinct())
        return found | holding(self.pages)

    def _leads_on(self, page: int, link: Link) -> bool:
        target = link.page or getattr(self.answers.get(link.address), "page", None)
        if target:
            return target in self.seen and target != page
        answer = self.answers.get(link.address)
        return answer.is_known if answer else not link.address.startswith("#")


def _ways_on(keys) -> list[tuple]:
    """``(rows, column)``: what leads on from pages besides what they state; the column names them."""
    incoming = ContentLink.objects.filter(seen_in_bulk("source__"), shown_at_both_ends(), source__alias_of__isnull=True)
    parts = SeriesItem.objects.filter(seen_in_bulk("page__"), seen_in_bulk("series__"))
    return [
        (incoming.filter(target__in=keys), "target_id"),
        (PageTopic.objects.filter(seen_in_bulk("topic__"), page__in=keys), "page_id"),
        (PageTopic.objects.filter(seen_in_bulk("page__"), topic__in=keys), "topic_id"),
        (parts.filter(page__in=keys), "page_id"),
        (parts.filter(series__in=keys), "series_id"),
        (Contribution.objects.filter(seen_in_bulk("person__"), page__in=keys), "page_id"),
        (Contribution.objects.filter(seen_in_bulk("page__"), person__in=keys), "person_id"),
    ]
