"""Content of any size, written in bulk as the product would have written it piece by piece.

Nothing of it goes through the posting function or the editor: for a hundred thousand comments that takes hours. Whatever
hangs on a row is therefore written here, and ``hub.measuring.check`` compares it with what the rows themselves say.
"""

import uuid
from collections import Counter
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from functools import cache
from zlib import crc32

from django.conf import settings
from django.contrib.contenttypes.models import ContentType
from django.db import transaction
from django.db.models import OuterRef, Subquery
from django.db.models.functions import Cast
from wagtail.models import Locale, Page, ReferenceIndex, Revision, Site
from wagtail.search.backends import get_search_backends

from discussion import formatting
from discussion.models import Decision, Discussion, PageComment, State
from discussion.paths import LEVELS, WIDTH, encode
from discussion.persons import person_key
from hub.measuring import rows, shape, web, words
from pages.models import ContentLink, PublicationPage, SectionPage
from pages.search import indexing

SECTION = "scale"
LARGEST = "scale-largest"
NAMESPACE = uuid.uuid5(uuid.NAMESPACE_URL, "https://hub.example/scale")
BEGINNING = datetime(2025, 1, 6, 9, tzinfo=UTC)
PARAGRAPHS = 40
PARAGRAPH_LENGTH = 700
LINKS = 10
WORDINGS = 400
PAGES_AT_ONCE = 100
PROGRESS = 1_000
COMMENTS_AT_ONCE = 5_000


def exists() -> bool:
    return Page.objects.filter(slug=SECTION, depth=_home().depth + 1).exists()


def build(pages: int, comments: int, largest: int, say, links: int | None = None) -> list[PublicationPage]:
    """Publications in a section of their own, and their comments: all of it or, when it is interrupted, nothing.

    ``links`` is how many links there are between them, with topics and people besides; ten from each page when it is None.

    ``largest`` of the comments are one thread on the page ``scale-largest``; the others stand on the other pages, or
    beside it where there are none. ``say`` is told how far it is.
    """
    with transaction.atomic():
        made = publications(pages, say, links)
        elsewhere = made[1:] or made
        parts = shape.spread(comments - largest, len(elsewhere), words.dice(pages))
        shapes = {page.pk: shape.discussion(size, words.dice(_seed(page))) for page, size in zip(elsewhere, parts, strict=True)}
        writer = CommentWriter(comments, say)
        if made and largest:
            writer.write(made[0], _joined(shape.thread(largest, words.dice(largest)), shapes.pop(made[0].pk, None)))
        for page in elsewhere:
            if page.pk in shapes:
                writer.write(page, shapes[page.pk])
        rows.continue_keys_after(PageComment)
    return made


def remove(say) -> None:
    """Delete everything that ``build`` made, and what was said there since."""
    section = Page.objects.get(slug=SECTION, depth=_home().depth + 1)
    with transaction.atomic():
        keys = list(PageComment.objects.filter(page__path__startswith=section.path).values_list("pk", flat=True))
        say(f"  deleting {len(keys)} comments")
        rows.delete(PageComment, keys)
        say(f"  deleting {section.get_descendant_count()} pages")
        section.specific.delete()
        web.remove_people(_home())


def _seed(page) -> int:
    """A number of the page that does not depend on what else is in the database."""
    return crc32(page.slug.encode())


def _home() -> Page:
    return Site.objects.select_related("root_page").get(is_default_site=True).root_page


def _joined(first: shape.Shape, second: shape.Shape | None) -> shape.Shape:
    """The threads of ``second`` written after those of ``first``, on one page."""
    offset = len(first)
    for parent, state in zip(second.parents, second.states, strict=True) if second else ():
        first.add(None if parent is None else parent + offset, state)
    return first


# Pages


def publications(
    count: int, say, links: int | None = None, *, bare: bool = False, write: Callable | None = None
) -> list[PublicationPage]:
    """``count`` publications of 40 paragraphs, with ten links each where there are as many others to link to.

    ``links`` takes the place of the ten, see ``web.weave``. ``bare`` pages are of one paragraph, and nothing is left behind
    them that only editing and searching need: a hundred thousand whole ones take hours.
    """
    section = _section()
    made = []
    for start in range(0, count, PAGES_AT_ONCE):
        numbers = range(start + 1, min(start + PAGES_AT_ONCE, count) + 1)
        batch = [_publication(section, number, _short_body(number) if bare else None) for number in numbers]
        first = rows.next_key(PublicationPage) if not made else made[-1].pk + 1
        for key, page in enumerate(batch, start=first):
            page.id = key
            if write:
                write(page, key - first + start + 1)
        rows.insert(PublicationPage, batch)
        made += batch
        if len(made) % PROGRESS == 0 or len(made) == count:
            say(f"  pages {len(made)}/{count}")
    rows.continue_keys_after(PublicationPage)
    Page.objects.filter(pk=section.pk).update(numchild=count)
    web.weave(made, section, links, say) if links is not None else _link(made)
    for start in range(0, 0 if bare else count, PAGES_AT_ONCE):
        _record([page.pk for page in made[start : start + PAGES_AT_ONCE]])
        say(f"  indexed {min(start + PAGES_AT_ONCE, count)}/{count}")
    return made


@cache
def _short_bodies() -> list:
    chance = words.dice(11)
    return [body_of(f"short {number}", [words.prose(chance, PARAGRAPH_LENGTH)]) for number in range(WORDINGS)]


def _short_body(number: int):
    return _short_bodies()[number % WORDINGS]


def body_of(name: str, paragraphs: list[str]):
    """A body of ``paragraphs``, whose blocks are known by ``name`` and their places."""
    blocks = [
        {"type": "paragraph", "value": f"<p>{text}</p>", "id": str(uuid.uuid5(NAMESPACE, f"{name} paragraph {place}"))}
        for place, text in enumerate(paragraphs)
    ]
    return PublicationPage._meta.get_field("body").to_python(blocks)


def _section() -> SectionPage:
    section = _home().add_child(instance=SectionPage(title="Scale", slug=SECTION, lists="publication"))
    section.save_revision().publish()
    return section


def _publication(section, number: int, body=None) -> PublicationPage:
    chance = words.dice(number)
    slug = LARGEST if number == 1 else f"scale-{number}"
    title = f"{words.sentence(chance).rstrip('.')}, {number}"
    moment = BEGINNING + timedelta(hours=number)
    if body is None:
        body = body_of(slug, [words.prose(chance, PARAGRAPH_LENGTH) for _ in range(PARAGRAPHS)])
    return PublicationPage(
        title=title,
        draft_title=title,
        slug=slug,
        kind=PublicationPage.KIND,
        summary=words.sentence(chance),
        display_date=moment.date(),
        body=body,
        path=PublicationPage._get_path(section.path, section.depth + 1, number),
        depth=section.depth + 1,
        url_path=f"{section.url_path}{slug}/",
        content_type=ContentType.objects.get_for_model(PublicationPage),
        translation_key=uuid.uuid5(NAMESPACE, slug),
        locale=Locale.get_default(),
        live=True,
        first_published_at=moment,
        last_published_at=moment,
        latest_revision_created_at=moment,
    )


def _link(pages):
    """Each page names those that follow it, the last ones the first."""
    count = min(LINKS, len(pages) - 1)
    links = [
        ContentLink(source=page, target_id=pages[(place + step) % len(pages)].pk, sort_order=step)
        for place, page in enumerate(pages)
        for step in range(1, count + 1)
    ]
    ContentLink.objects.bulk_create(links, batch_size=rows.BATCH)


def _record(keys):
    """What publishing leaves behind a page: a revision, its references to other pages, its words in the search index."""
    pages = list(PublicationPage.objects.filter(pk__in=keys))
    kind = ContentType.objects.get_for_model(PublicationPage)
    base = ContentType.objects.get_for_model(Page)
    revisions = [
        Revision(
            content_type=kind,
            base_content_type=base,
            object_id=str(page.pk),
            object_str=str(page),
            created_at=page.first_published_at,
            content=page.serializable_data(),
        )
        for page in pages
    ]
    Revision.objects.bulk_create(revisions, batch_size=PAGES_AT_ONCE)
    key = Cast(OuterRef("pk"), Revision._meta.get_field("object_id"))
    own = Subquery(Revision.objects.filter(base_content_type=base, object_id=key).values("pk")[:1])
    Page.objects.filter(pk__in=keys).update(latest_revision=own, live_revision=own)
    for page in pages:
        ReferenceIndex.create_or_update_for_object(page)
    for backend in get_search_backends(with_auto_update=True):
        backend.add_bulk(PublicationPage, pages)
    indexing.update(keys)


# Comments


@cache
def _wordings() -> list[tuple[str, str]]:
    """``(text, html)``: a few hundred different comments, rendered once each."""
    chance = words.dice(7)
    texts = [words.comment(chance) for _ in range(WORDINGS)]
    return [(text, formatting.render(text)) for text in texts]


@cache
def _people() -> list[tuple[str, str, str]]:
    """``(name, e-mail address, person key)``."""
    return [(name, email, person_key(email)) for name, email in words.people()]


class CommentWriter:
    """Writes discussions one after the other. ``total`` is only for what it says of its progress."""

    def __init__(self, total: int, say=None):
        self.total, self.say = total, say
        self.done = 0

    def write(self, page, plan: shape.Shape) -> Discussion | None:
        """The comments of ``plan`` and the counters of their discussion, on a page that has none yet."""
        if not len(plan):
            return None
        placed = _Places(plan, rows.next_key(PageComment))
        numbers, moments = [], []
        for place in range(len(plan)):
            numbers.append((numbers[-1] if numbers else 0) + (plan.states[place] == State.PUBLISHED))
            moments.append(BEGINNING + timedelta(days=1, minutes=place))
        row = Discussion(page_id=page.pk, last_number=numbers[-1])
        row.published_count = numbers[-1]
        row.pending_count = plan.states.count(State.PENDING)
        if row.published_count:
            row.last_published_at = max(m for m, s in zip(moments, plan.states, strict=True) if s == State.PUBLISHED)
        Discussion.objects.bulk_create([row])
        for start in range(0, len(plan), COMMENTS_AT_ONCE):
            span = range(start, min(start + COMMENTS_AT_ONCE, len(plan)))
            batch = [_comment(page, placed, place, numbers[place], moments[place]) for place in span]
            rows.insert(PageComment, batch)
            _decide([made for made in batch if made.state == State.SPAM])
            self._progress(len(batch))
        return row

    def _progress(self, written: int):
        before, self.done = self.done, self.done + written
        if self.say and (self.done // COMMENTS_AT_ONCE > before // COMMENTS_AT_ONCE or self.done == self.total):
            self.say(f"  comments {self.done}/{self.total}")


class _Places:
    """Keys, paths, roots and counts for each place of a plan."""

    def __init__(self, plan: shape.Shape, first_key: int):
        self.plan, self.first_key = plan, first_key
        self.paths, self.roots = [], []
        self.replies, self.threads = Counter(), Counter()
        for place, parent in enumerate(plan.parents):
            self.paths.append(self._above(parent) + encode(first_key + place))
            self.roots.append(place if parent is None else self.roots[parent])
            if parent is not None and plan.states[place] == State.PUBLISHED:
                self.replies[parent] += 1
                self.threads[self.roots[place]] += 1

    def _above(self, parent: int | None) -> str:
        if parent is None:
            return ""
        return self.paths[parent][: (LEVELS - 1) * WIDTH]

    def key(self, place: int | None) -> int | None:
        return None if place is None else self.first_key + place


def _comment(page, placed: _Places, place: int, number: int, moment) -> PageComment:
    key, root, parent = placed.key(place), placed.key(placed.roots[place]), placed.key(placed.plan.parents[place])
    state = placed.plan.states[place]
    name, email, person = _people()[(_seed(page) + place * 7919) % len(_people())]
    text, html = _wordings()[(_seed(page) + place * 104_729) % WORDINGS]
    made = PageComment(
        id=key,
        page_id=page.pk,
        content_type_id=ContentType.objects.get_for_model(type(page)).pk,
        object_pk=str(page.pk),
        site_id=settings.SITE_ID,
        user_name=name,
        user_email=email,
        person_key=person,
        comment=text,
        body_html=html,
        submit_date=moment,
        submitted_at=moment,
        confirmed_at=moment,
        submission_key=uuid.uuid5(NAMESPACE, f"{page.slug} {place}"),
        path=placed.paths[place],
        depth=placed.plan.depths[place],
        level=placed.plan.depths[place],
        root_id=root,
        thread_id=root,
        in_reply_to_id=parent,
        parent_id=parent or key,
        state=state,
        is_public=False,
        is_removed=False,
        reply_count=placed.replies[place],
        thread_count=placed.threads[place],
    )
    if state == State.PUBLISHED:
        made.is_public = True
        made.number = number
        made.published_at = made.announced_at = made.reviewed_at = moment
    return made


def _decide(spam):
    Decision.objects.bulk_create(
        [
            Decision(
                comment_id=made.pk,
                from_state=State.PENDING,
                to_state=State.SPAM,
                reason="Advertising",
                decided_at=made.submitted_at,
                announced_at=made.submitted_at,
            )
            for made in spam
        ],
        batch_size=rows.BATCH,
    )
