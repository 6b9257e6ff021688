"""The demo hub's files: pictures, portraits, charts, films, documents, each made by a script and made once."""

import io
import re
import tempfile
from html import escape, unescape
from pathlib import Path

from django.core.files.base import ContentFile
from django.utils.html import strip_tags
from wagtail.documents.models import Document
from wagtail.images.models import Image
from wagtailmedia.models import Media

from hub.demo import charts, films, papers, pictures
from hub.demo.markup import parse


def picture(name: str) -> Image:
    """An illustration by its name, ``kind:variant``."""
    kind, variant = name.split(":")
    return _image(f"Illustration {name.replace(':', ' ')}", lambda: pictures.illustration(kind, int(variant)))


def portrait(slug: str, name: str) -> Image:
    image = _image(f"Portrait of {name}", lambda: pictures.portrait(slug))
    image.focal_point_x, image.focal_point_y = image.width // 2, int(image.height * 0.42)
    image.focal_point_width = image.focal_point_height = image.width // 2
    image.save()
    return image


def chart(page: dict, name: str) -> Image:
    """The chart ``name`` declared by a page of the content files."""
    spec = next(spec for spec in page["chart"] if spec["name"] == name)
    series = [(row["name"], row["values"]) for row in spec["series"]]
    return _image(
        f"Chart {page['slug']} {name}",
        lambda: charts.chart(spec["kind"], spec["title"], spec.get("unit", ""), spec["labels"], series),
        image_format="PNG",
    )


def _image(title: str, make, image_format="JPEG") -> Image:
    if found := Image.objects.filter(title=title).first():
        return found
    drawn, data = make(), io.BytesIO()
    drawn.save(data, image_format, quality=86, optimize=True)
    slug = title.lower().replace(" ", "-")
    file = ContentFile(data.getvalue(), name=f"{slug}.{'jpg' if image_format == 'JPEG' else 'png'}")
    return Image.objects.create(title=title, file=file, description=title)


def document(file_name: str, title: str, content: bytes) -> Document:
    if found := Document.objects.filter(title=title).first():
        return found
    made = Document(title=title, file=ContentFile(content, name=file_name))
    made._set_document_file_metadata()
    made.save()
    return made


def paper(file_name: str, title: str, chapters: list[tuple[str, str]]) -> Document:
    """A PDF or EPUB, by the ending of its name, of chapters given as titles and bodies in the demo's markup."""
    if file_name.endswith(".epub"):
        content = papers.epub(title, "en-GB", [(name, _html(body)) for name, body in chapters])
        return document(file_name, f"{title} (EPUB)", content)
    lines = [line for name, body in chapters for line in (f"## {name}", *_lines(body))]
    return document(file_name, f"{title} (PDF)", papers.pdf(title, lines))


def _lines(body: str) -> list[str]:
    """The running text of a body, a line for each paragraph, headings marked."""
    return [f"## {text}" if kind == "heading" else text for kind, text in _prose(body)]


def _html(body: str) -> str:
    tags = {"heading": "h2", "text": "p"}
    return "".join(f"<{tags[kind]}>{escape(text)}</{tags[kind]}>" for kind, text in _prose(body))


def _prose(body: str) -> list[tuple[str, str]]:
    found = []
    for block in parse(body):
        if block.kind == "heading":
            found.append(("heading", block.value["text"]))
        elif block.kind in {"paragraph", "exchange", "callout"}:
            pieces = re.split(r"</p>|</li>", block.value["html"])
            found += [("text", text) for piece in pieces if (text := unescape(strip_tags(piece)).strip())]
        elif block.kind == "quote":
            found.append(("text", f"“{block.value['text']}” {block.value['attribution']}"))
        elif block.kind == "key_points":
            found += [("text", point) for point in block.value["points"]]
    return found


def captions(slug: str, cues: list[dict]) -> Document:
    """The cues of a film as a WebVTT document."""
    lines = ["WEBVTT", ""]
    for cue in cues:
        lines += [f"{_timestamp(cue['start'])} --> {_timestamp(cue['end'])}", cue["text"], ""]
    return document(f"{slug}.vtt", f"Captions of {slug}", "\n".join(lines).encode())


def _timestamp(seconds: float) -> str:
    minutes, rest = divmod(seconds, 60)
    return f"{int(minutes):02}:{rest:06.3f}"


def film(slug: str, title: str, seconds: int, image_names: list[str]) -> Media:
    """A short silent film of slowly moving pictures."""
    if found := Media.objects.filter(title=title).first():
        return found
    scenes = []
    for name in image_names:
        kind, variant = name.split(":")
        # No words in the picture: the captions are a track of their own, to be switched on and off.
        scenes.append((pictures.illustration(kind, int(variant), size=(960, 600)), []))
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / f"{slug}.webm"
        films.film(path, scenes, seconds)
        file = ContentFile(path.read_bytes(), name=path.name)
    return Media.objects.create(title=title, type="video", file=file, duration=seconds, width=640, height=360)
