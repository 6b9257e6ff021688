"""All links that a page states: in running text, calls to action, rows of links, steps, formats, and a person's website.

A *place* says where on the page one stands: a block as ``body.<its id>``, otherwise the field or relation by name.
"""

import json
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass

from wagtail import blocks
from wagtail.fields import RichTextField
from wagtail.models import Page
from wagtail.rich_text.rewriters import FIND_A_TAG, extract_attrs

from pages.blocks import EmbedBlock
from pages.merging.texts import text_fields
from pages.models import ContentLink, Format, HomePageFeature, PathStep, TopicPick


@dataclass(frozen=True)
class Link:
    """A link to a page by its key, or to an address; one of the two."""

    place: str
    page: int | None = None
    address: str = ""


def of_pages(pages: list[Page]) -> dict[int, list[Link]]:
    """``{page key: links}`` of ``pages``, loaded as what they are. As many queries for many as for one."""
    found = defaultdict(list)
    for page in pages:
        found[page.pk].extend(_in_texts(page))
        if website := getattr(page, "website", ""):
            found[page.pk].append(Link("website", address=website))
    keys = [page.pk for page in pages]
    rows = ContentLink.objects.filter(source__in=keys).order_by("pk").values_list("source_id", "target_id", "address")
    _add(found, "links", rows)
    _add(found, "steps", PathStep.objects.filter(path__in=keys).order_by("pk").values_list("path_id", "page_id", "address"))
    formats = Format.objects.filter(page__in=keys).exclude(address="").order_by("pk").values_list("page_id", "address")
    _add(found, "formats", ((page, None, address) for page, address in formats))
    for model, owner, place in ((TopicPick, "topic", "picks"), (HomePageFeature, "home", "features")):
        chosen = model.objects.filter(**{f"{owner}__in": keys}).order_by("pk").values_list(f"{owner}_id", "page_id")
        _add(found, place, ((page, target, "") for page, target in chosen))
    return found


def _add(found, place: str, rows) -> None:
    for page, target, address in rows:
        if target or address:
            found[page].append(Link(place, target, address or ""))


def _in_texts(page: Page) -> Iterator[Link]:
    for field in text_fields(type(page)):
        stored = field.value_to_string(page)
        if isinstance(field, RichTextField):
            yield from _in_rich_text(stored or "", field.name)
            continue
        for row in json.loads(stored or "[]"):
            block = field.stream_block.child_blocks.get(row.get("type"))
            if block:
                yield from _in_block(block, row.get("value"), f"{field.name}.{row.get('id') or ''}")


def _in_block(block: blocks.Block, value, place: str) -> Iterator[Link]:
    """Links in the stored value of a block. Films from elsewhere are none: readers see a poster of ours."""
    if isinstance(block, EmbedBlock) or not value:
        return
    if isinstance(block, blocks.StructBlock):
        for name, part in value.items():
            if name in block.child_blocks:
                yield from _in_block(block.child_blocks[name], part, place)
    elif isinstance(block, blocks.ListBlock):
        for row in value:
            is_row = isinstance(row, dict) and row.get("type") == "item"
            yield from _in_block(block.child_block, row["value"] if is_row else row, place)
    elif isinstance(block, blocks.RichTextBlock):
        yield from _in_rich_text(str(value), place)
    elif isinstance(block, blocks.URLBlock):
        yield Link(place, address=str(value))
    elif isinstance(block, blocks.ChooserBlock) and issubclass(block.model_class, Page):
        yield Link(place, page=int(value))


def _in_rich_text(html: str, place: str) -> Iterator[Link]:
    for tag in FIND_A_TAG.findall(html):
        attributes = extract_attrs(tag)
        if attributes.get("linktype") == "page":
            key = attributes.get("id", "")
            if key.isascii() and key.isdecimal() and len(key) < 19:
                yield Link(place, page=int(key))
        elif "linktype" not in attributes and attributes.get("href"):
            yield Link(place, address=attributes["href"].strip())
