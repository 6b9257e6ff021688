"""The words of a page as readers see them, and where on the page they stand."""

from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass, field, replace

from wagtail.rich_text import get_text_for_indexing

from pages.blocks import anchor
from pages.models import ContentPage, Contribution, PageTopic, PublicationPage, StandardPage, VideoPage
from pages.search.analysis import plain
from pages.search.counting import counted
from people.models import PersonPage
from people.visibility import seen_in_bulk

PASSAGE_LENGTH = 2_000  # characters: a section that is longer goes on in another passage, from its next block if it can
PERSON, PLAIN = "person", "page"  # kinds of entries that are no content


@dataclass
class Passage:
    """A stretch of text: ``anchor`` is an element's id or nothing, ``second`` a moment of the page's film."""

    anchor: str = ""
    heading: str = ""
    text: str = ""
    second: int | None = None


@dataclass
class Gathered:
    """What a page is found by, most telling first, and what it is counted under."""

    kind: str
    title: str
    names: list[str] = field(default_factory=list)  # people and topics
    summary: str = ""
    subtitle: str = ""
    passages: list[Passage] = field(default_factory=list)
    counted: str = ""  # as ``pages.search.counting`` writes it


def _names(keys: Collection[int]) -> dict[int, list[str]]:
    """``{page: names}``: the people of content pages with their organisations, and the topics that readers see."""
    found = defaultdict(list)
    people = Contribution.objects.filter(page__in=keys).order_by("sort_order", "pk")
    for key, *names in people.values_list("page_id", "name", "affiliation"):
        found[key] += filter(None, names)
    topics = PageTopic.objects.filter(seen_in_bulk("topic__"), page__in=keys).order_by("sort_order", "pk")
    for key, title in topics.values_list("page_id", "topic__title"):
        found[key].append(title)
    return found


def around(keys: Collection[int]) -> dict[int, tuple[list[str], str]]:
    """``{page: (names, counted)}`` of content pages: what ``Gathered`` holds of their people, topics and formats."""
    names, numbers = _names(keys), counted(keys)
    return {key: (names[key], numbers[key]) for key in keys}


def gather(page, around_it: tuple[list[str], str] | None = None) -> Gathered | None:
    """The words of ``page`` (of its own type, as published), or None for what is only a way to others.

    ``around_it``: what ``around`` tells of it, if that is known already.
    """
    if isinstance(page, ContentPage):
        return _content(page, *(around_it or around([page.pk])[page.pk]))
    if isinstance(page, PersonPage):
        facts = " · ".join(filter(None, [page.job_title, page.affiliation]))
        about = [Passage(text=plain(text)) for text in (page.summary, get_text_for_indexing(page.biography)) if text]
        return Gathered(PERSON, page.title, [facts] if facts else [], passages=about)
    if isinstance(page, StandardPage):
        return Gathered(PLAIN, page.title, summary=page.introduction, passages=list(passages(page.body)))
    return None


def _content(page: ContentPage, names: list[str], counted_under: str) -> Gathered:
    found = Gathered(page.kind, page.title, names, page.summary, passages=list(passages(page.body)), counted=counted_under)
    if isinstance(page, PublicationPage) and page.subtitle:
        found.subtitle = page.subtitle
    if isinstance(page, VideoPage):
        found.passages += [Passage(f"t-{row.start}", text=plain(row.title), second=row.start) for row in page.chapters.all()]
        found.passages += passages(page.transcript)
    return found


def passages(body) -> Iterator[Passage]:
    """The text of a body or transcript, cut where a section, an answer or a speaker's turn begins, and where it gets long."""
    passage, heading, is_full = Passage(), "", False
    for block in body:
        starts = (
            is_full
            or block.block_type in {"heading", "speech"}
            or (block.block_type == "exchange" and block.value["part"] == "question")
        )
        text = plain(" ".join(_texts(block)))
        if not text:
            continue
        if starts or len(passage.text) + len(text) > PASSAGE_LENGTH:
            if passage.text or passage.heading:
                yield passage
            if block.block_type == "heading":
                heading = plain(block.value["text"])
            passage = Passage(anchor(block.id), heading)
            passage.second = block.value.start if block.block_type == "speech" else None
        if block.block_type != "heading":
            passage.text = f"{passage.text} {text}".strip()
        is_full = len(passage.text) > PASSAGE_LENGTH
        while len(passage.text) > PASSAGE_LENGTH:
            piece, passage = _cut(passage)
            yield piece
    if passage.text or passage.heading:
        yield passage


def _cut(passage: Passage) -> tuple[Passage, Passage]:
    """A passage of the greatest length, and the rest of it under the same anchor."""
    end = passage.text.rfind(" ", 1, PASSAGE_LENGTH + 1)
    end = end if end > 0 else PASSAGE_LENGTH
    return replace(passage, text=passage.text[:end]), replace(passage, text=passage.text[end:].strip())


def _texts(block) -> Iterable[str]:
    """What readers see of a block: no choices of its form, and nothing that hangs on another page."""
    value = block.value
    match block.block_type:
        case "heading":
            return [value["text"]]
        case "exchange" | "speech":
            return [get_text_for_indexing(value["text"].source)]
        case "figure":
            image = value["image"]
            return [value["caption"] or "", (image and image.contextual_alt_text) or ""]
        case "embed":
            return [value["title"], value["caption"] or ""]
        case "document":
            return [value["text"] or (value["document"].title if value["document"] else "")]
        case "action":
            return []
        case _:
            return block.block.get_searchable_content(value)
