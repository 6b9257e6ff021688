"""What an editor may have missed while writing: pages on the same topics that are not linked, and people who are named.

Looked up for the draft as it was saved last, published or not. Titles are told as far as the account may be told them.
"""

from dataclasses import dataclass

from django.db import models
from django.db.models import Exists, F, OuterRef, Q
from django.urls import reverse
from wagtail.fields import StreamField
from wagtail.models import Page

from pages.models import ContentLink, ContentPage, Kind, PageTopic, SeriesPage
from pages.models.base import LISTED_KINDS
from pages.nameable import nameable_to
from pages.names import Text
from pages.sight import Named, Sight, worked_on_by

SHOWN = 8
TOPICS = 5
WALK = 60  # so many of the newest of each topic are looked at
LONGEST = 200_000  # letters of a text that are read for names


@dataclass(frozen=True)
class Proposal:
    """A page that could be linked or a person who could be named, and why."""

    page: Page
    why: str  # topics it shares, or the name as the text has it
    kind: str = ""
    unseen: str = ""  # why readers do not see it

    @property
    def edit_url(self) -> str:
        return reverse("wagtailadmin_pages:edit", args=[self.page.pk])

    @property
    def address(self) -> str:
        """Where the account can look at it."""
        return self.edit_url if self.page.is_own else self.page.url


@dataclass(frozen=True)
class Proposals:
    pages: list[Proposal]
    people: list[Proposal]

    def __bool__(self):
        return bool(self.pages or self.people)


def proposals_for(draft: ContentPage, user) -> Proposals:
    """What to offer to ``user``, who edits ``draft``. The number of queries depends on neither text nor hub."""
    linked = linked_from(draft)
    return Proposals(_pages(draft, linked, user), _people(draft, linked, user))


def hidden_targets(draft: ContentPage, user) -> list[Named]:
    """The pages that links of ``draft`` lead to and readers do not see."""
    targets = Page.objects.in_bulk([link.target_id for link in draft.links.all() if link.target_id])
    sight = Sight(targets.values(), user)
    return [named for named in map(sight.named, targets.values()) if named.unseen]


def linked_from(draft: ContentPage) -> set[int]:
    """Keys of the pages that ``draft`` leads to: by its links, its byline, its text, and as its parts if it is a series."""
    keys = {link.target_id for link in draft.links.all()} | {row.person_id for row in draft.contributions.all()}
    if isinstance(draft, SeriesPage):
        keys |= {item.page_id for item in draft.items.all()}
    for stream in _streams(draft):
        references = stream.stream_block.extract_references(stream)
        keys |= {int(key) for model, key, *_path in references if issubclass(model, Page)}
    return keys - {None}


def text_of(draft: ContentPage) -> str:
    """All that is written in ``draft``, each piece on a line of its own."""
    pieces = [draft.title, *_plain_fields(draft)]
    for stream in _streams(draft):
        pieces += stream.stream_block.get_searchable_content(stream)
    return "\n".join(pieces)[:LONGEST]


def _plain_fields(draft) -> list[str]:
    fields = [field for field in draft._meta.get_fields() if type(field) is models.TextField and field.model is not Page]
    return [getattr(draft, field.name) for field in fields]


def _streams(draft) -> list:
    return [getattr(draft, field.name) for field in draft._meta.get_fields() if isinstance(field, StreamField)]


def _pages(draft, linked, user) -> list[Proposal]:
    topics = [row.topic_id for row in draft.page_topics.all()][:TOPICS]
    if not topics:
        return []
    here = PageTopic.objects.filter(page__kind__in=LISTED_KINDS, page__alias_of__isnull=True)
    here = here.exclude(page_id__in=linked | {draft.pk}).order_by("-page_id").values("page_id")
    newest = Q(*(Q(pk__in=here.filter(topic_id=topic)[:WALK]) for topic in topics), _connector=Q.OR)
    found = _told(user).filter(newest).exclude(pk__in=_linking_to(draft))
    found = found.annotate(kind=F("contentpage__kind"), display_date=F("contentpage__display_date"))
    found = [page for page in found if not (page.path.startswith(draft.path) or draft.path.startswith(page.path))]
    shared = _shared_topics(found, topics, user)
    found = [page for page in found if page.pk in shared]
    sight = Sight(found, user)
    unseen = {page.pk: sight.why_unseen(page) for page in found}
    found.sort(key=lambda page: (bool(unseen[page.pk]), -len(shared[page.pk]), -page.display_date.toordinal(), -page.pk))
    return [Proposal(page, ", ".join(shared[page.pk]), Kind(page.kind).label, unseen[page.pk]) for page in found[:SHOWN]]


def _told(user):
    """Pages that ``user`` may be told of; ``is_own`` are those that the account works on."""
    return nameable_to(user).annotate(is_own=Exists(worked_on_by(user).filter(pk=OuterRef("pk"))))


def _linking_to(draft):
    return ContentLink.objects.filter(target_id=draft.pk).order_by().values("source_id")


def _shared_topics(pages, topics, user) -> dict[int, list[str]]:
    """By page the titles of its topics among ``topics``, as far as ``user`` may be told."""
    told = nameable_to(user).filter(pk__in=topics).order_by().values("pk")
    rows = PageTopic.objects.filter(page__in=pages, topic__in=told)
    shared = {}
    for page, title in rows.order_by("page_id", "sort_order", "pk").values_list("page_id", "topic__title"):
        shared.setdefault(page, []).append(title)
    return shared


def _people(draft, linked, user) -> list[Proposal]:
    text = Text(text_of(draft))
    everybody = nameable_to(user).filter(personpage__isnull=False).order_by("pk").values_list("pk", "title")
    named = {}
    for key, name in everybody:
        if key not in linked and (written := text.naming(name)):
            named[key] = written
            if len(named) == SHOWN:
                break
    people = _told(user).in_bulk(named)
    sight = Sight(people.values(), user)
    return [Proposal(people[key], written, unseen=sight.why_unseen(people[key])) for key, written in named.items()]
