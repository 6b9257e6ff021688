"""Every block and every page type once with the least and once with everything: what the rendering tests go through."""

import json
from dataclasses import dataclass

from pages.house_kinds import HOUSE_KINDS
from pages.models import Role
from tests import factories

TABLE = {
    "caption": "Calls in the first night",
    "table": {
        "columns": [{"type": "text", "heading": "Hour"}, {"type": "number", "heading": "Calls"}],
        "rows": [{"values": ["four", "12"]}, {"values": ["five", ""]}],
        "caption": "",
    },
}

NO_PICTURE = {"image": None, "alt_text": None, "decorative": None}


@dataclass(frozen=True)
class Things:
    """What blocks may refer to."""

    image: int
    document: int
    page: int


def things(page) -> Things:
    return Things(factories.ImageFactory().pk, factories.DocumentFactory(title="Method note", file_size=13).pk, page.pk)


def picture(made: Things) -> dict:
    return {"image": made.image, "alt_text": "A dike at dusk", "decorative": False}


def minimal_blocks(made: Things) -> list[tuple[str, object]]:
    """A value for each block of a body with nothing in it that may be left out."""
    return [
        ("heading", {"text": "Least heading", "level": "2"}),
        ("paragraph", "<p>Least paragraph</p>"),
        ("callout", {"title": "Least callout", "text": "<p>Least aside</p>"}),
        ("key_points", {"title": "Least points", "points": ["<p>Least point</p>"]}),
        ("quote", {"text": "Least quotation", "attribution": "", "role": ""}),
        ("exchange", {"label": "", "part": "answer", "text": "<p>Least answer</p>"}),
        ("figure", {"image": {"image": made.image, "alt_text": "", "decorative": True}, "caption": "", "credit": ""}),
        ("table", TABLE | {"row_headings": False, "source": ""}),
        ("embed", {"address": "https://vimeo.com/123456789", "title": "Least film", "poster": NO_PICTURE, "caption": ""}),
        ("document", {"document": made.document, "text": ""}),
        ("action", {"sentence": "", "text": "Least action", "page": None, "address": "https://example.org/least"}),
    ]


def full_blocks(made: Things) -> list[tuple[str, object]]:
    return [
        ("heading", {"text": "Full heading", "level": "3"}),
        (
            "paragraph",
            f'<p>Full <b>paragraph</b> with <a linktype="page" id="{made.page}">a page</a></p><ul><li>Item</li></ul>',
        ),
        ("callout", {"title": "Full callout", "text": "<p>Full <i>aside</i></p>"}),
        ("key_points", {"title": "Full points", "points": ["<p>First point</p>", "<p>Second point</p>"]}),
        ("quote", {"text": "Full quotation", "attribution": "A. Person", "role": "Engineer"}),
        ("exchange", {"label": "A.P.", "part": "question", "text": "<p>Full question?</p>"}),
        ("figure", {"image": picture(made), "caption": "Full caption", "credit": "Full credit"}),
        ("table", TABLE | {"row_headings": True, "source": "Full source"}),
        (
            "embed",
            {
                "address": "https://youtu.be/a1B2c3D4_-x",
                "title": "Full film",
                "poster": picture(made),
                "caption": "Full film caption",
            },
        ),
        ("document", {"document": made.document, "text": "Full link to a document"}),
        ("action", {"sentence": "Full sentence.", "text": "Full action", "page": made.page, "address": ""}),
    ]


def speeches() -> list[tuple[str, object]]:
    return [
        ("heading", {"text": "Transcript heading", "level": "2"}),
        ("speech", {"label": "", "time": "", "text": "<p>Least speech</p>"}),
        ("speech", {"label": "A.P.", "time": "1:05", "text": "<p>Full speech</p>"}),
    ]


def stream(blocks: list[tuple[str, object]]) -> str:
    """Blocks as a stream field stores them; the id of each is its place, so that anchors are known."""
    return json.dumps([{"type": name, "value": value, "id": f"{place:08}"} for place, (name, value) in enumerate(blocks)])


def everything_of_content(page, person) -> None:
    """Fill what all content has: picture, body, contributors with and without a profile, topic, links of every kind."""
    made = things(page.get_parent())
    page.image_id, page.image_alt, page.image_credit = made.image, "A flooded street", "A. Photographer"
    page.body = stream(minimal_blocks(made) + full_blocks(made))
    page.discussion_prompt = "Were you there?"
    page.search_description = "For search engines."
    page.save()
    for place, role in enumerate(Role):
        factories.ContributionFactory(
            page=page,
            person=person if place % 2 else None,
            name=f"Name of {role}",
            role=role,
            affiliation="Then",
            sort_order=place,
        )
    topic = factories.TopicPageFactory(parent=page.get_parent(), title=f"Topic of {page.title}", phrase="floods")
    factories.PageTopicFactory(page=page, topic=topic)
    for kind in (house.slug for house in HOUSE_KINDS):
        other = factories.ArticlePageFactory(parent=page.get_parent(), title=f"Target of {kind}")
        factories.ContentLinkFactory(source=page, target=other, kind=kind, note=f"Note of {kind}")
        factories.ContentLinkFactory(source=page, address=f"https://example.org/{kind}", title=f"Elsewhere {kind}", kind=kind)
        factories.ContentLinkFactory(source=other, target=page, kind=kind)
    factories.ContentLinkFactory(source=page, target=person, wording="In an editor's words")
    series = factories.SeriesPageFactory(parent=page.get_parent(), title=f"Series with {page.title}")
    for place, part in enumerate([factories.ArticlePageFactory(parent=page.get_parent()), page]):
        factories.SeriesItemFactory(series=series, page=part, sort_order=place)
