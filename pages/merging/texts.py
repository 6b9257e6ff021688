"""Running text and blocks that name a page: finding the name, and putting another in its place.

Works on what is stored, so that words stay as they were typed.
"""

import json
import re

from django.db import models
from wagtail import blocks
from wagtail.fields import RichTextField, StreamField
from wagtail.models import Page

_LINK = re.compile(r"<a\b[^>]*>")


def in_rich_text(html: str, old: int, into: int) -> str:
    """Links to the page ``old`` in rich text, as Wagtail stores it, made to lead to ``into``."""

    def renamed(match):
        tag = match[0]
        return tag.replace(f'id="{old}"', f'id="{into}"') if 'linktype="page"' in tag else tag

    return _LINK.sub(renamed, html)


def in_blocks(block: blocks.Block, value, old: int, into: int):
    """The stored value of a block, with ``into`` where a chooser of pages says ``old`` and in the links of its texts."""
    if isinstance(block, blocks.StreamBlock):
        return [_in_row(block, row, old, into) for row in value]
    if isinstance(block, blocks.ListBlock):
        return [
            row | {"value": in_blocks(block.child_block, row["value"], old, into)}
            if isinstance(row, dict) and row.get("type") == "item"
            else in_blocks(block.child_block, row, old, into)
            for row in value
        ]
    if isinstance(block, blocks.StructBlock):
        known = block.child_blocks
        return {name: in_blocks(known[name], part, old, into) if name in known else part for name, part in value.items()}
    if isinstance(block, blocks.RichTextBlock) and isinstance(value, str):
        return in_rich_text(value, old, into)
    is_page = isinstance(block, blocks.ChooserBlock) and issubclass(block.model_class, Page)
    return into if is_page and value == old else value


def _in_row(block, row, old, into):
    child = block.child_blocks.get(row.get("type"))
    return row | {"value": in_blocks(child, row["value"], old, into)} if child else row


def in_field(field: models.Field, stored: str, old: int, into: int) -> str:
    """The same for what is stored of a field, which is text with links, or blocks as JSON."""
    if isinstance(field, RichTextField):
        return in_rich_text(stored or "", old, into)
    raw = json.loads(stored or "[]")
    changed = in_blocks(field.stream_block, raw, old, into)
    return stored if changed == raw else json.dumps(changed)


def text_fields(model: type[models.Model]) -> list[models.Field]:
    return [field for field in model._meta.get_fields() if isinstance(field, RichTextField | StreamField)]


def rename_in_texts(instance: models.Model, old: int, into: int) -> bool:
    """Rename in all texts of ``instance``, unsaved; whether anything was found."""
    found = False
    for field in text_fields(type(instance)):
        stored = field.value_to_string(instance)
        changed = in_field(field, stored, old, into)
        if changed != stored:
            setattr(instance, field.attname, field.to_python(changed))
            found = True
    return found
