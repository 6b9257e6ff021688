"""From the demo's small markup to the blocks of a page's body."""

import re
import uuid
from html import escape

from hub.demo import library
from hub.demo.markup import parse

NAMESPACE = uuid.UUID("6c1f8a34-6d3c-4d53-9f0e-2b7f0f6b7a11")


class Streams:
    """Turns bodies into streams. ``pages`` maps slugs to saved pages, for links among them."""

    def __init__(self, pages: dict):
        self.pages = pages

    def body(self, source: dict) -> list[dict]:
        """The blocks of ``source["body"]``, with ids that stay the same from run to run."""
        return self.stream(source, source.get("body", ""), self.block)

    def transcript(self, source: dict) -> list[dict]:
        return self.stream(source, source.get("transcript", ""), self.speech)

    def stream(self, source: dict, text: str, convert) -> list[dict]:
        blocks = []
        for place, block in enumerate(parse(text)):
            if converted := convert(source, block.kind, block.value):
                kind, value = converted
                key = f"{source['slug']} {convert.__name__} {place}"
                blocks.append({"type": kind, "value": value, "id": str(uuid.uuid5(NAMESPACE, key))})
        return blocks

    def block(self, source, kind, value):
        return getattr(self, f"_{kind}")(source, value)

    def speech(self, source, kind, value):
        if kind == "exchange":
            return "speech", {"label": value["label"], "time": "", "text": self.html(value["html"])}
        return self._heading(source, value) if kind == "heading" else None

    def html(self, html: str) -> str:
        """Links to pages by slug as Wagtail's rich text keeps them."""
        return re.sub(r'<a href="page:([a-z0-9-]+)">', lambda match: f'<a linktype="page" id="{self.pages[match[1]].pk}">', html)

    def _heading(self, source, value):
        return "heading", {"text": value["text"], "level": str(value["level"])}

    def _paragraph(self, source, value):
        return "paragraph", self.html(value["html"])

    def _quote(self, source, value):
        return "quote", value

    def _image(self, source, value):
        return "figure", self._figure(library.picture(value["picture"]), value)

    def _chart(self, source, value):
        return "figure", self._figure(library.chart(source, value["name"]), value)

    @staticmethod
    def _figure(image, value):
        shown = {"image": image.pk, "decorative": False, "alt_text": value["alt"]}
        return {"image": shown, "caption": value["caption"], "credit": value["credit"]}

    def _table(self, source, value):
        numeric = [
            all(re.fullmatch(r"[\d.,%£+–-]+|", row[i].strip()) for row in value["rows"]) for i in range(len(value["header"]))
        ]
        columns = [
            {"type": "number" if number else "text", "heading": heading}
            for number, heading in zip(numeric, value["header"], strict=True)
        ]
        table = {"columns": columns, "rows": [{"values": row} for row in value["rows"]], "caption": ""}
        return "table", {"caption": value["caption"], "table": table, "row_headings": True, "source": ""}

    def _callout(self, source, value):
        return "callout", {"title": value["title"], "text": self.html(value["html"])}

    def _key_points(self, source, value):
        return "key_points", {"title": "Key points", "points": [f"<p>{escape(point)}</p>" for point in value["points"]]}

    def _action(self, source, value):
        target = value["target"]
        page = self.pages[target.removeprefix("page:")].pk if target.startswith("page:") else None
        return "action", {
            "sentence": value["sentence"],
            "text": value["text"],
            "page": page,
            "address": "" if page else target,
        }

    def _document(self, source, value):
        made = library.paper(value["name"], value["title"], [(value["title"], source["summary"])])
        return "document", {"document": made.pk, "text": value["title"]}

    def _exchange(self, source, value):
        asks = {row.get("label") for row in source.get("contributors", []) if row["role"] == "interviewer"}
        part = "question" if value["label"] in asks else "answer"
        return "exchange", {"label": value["label"], "part": part, "text": self.html(value["html"])}
