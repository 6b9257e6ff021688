"""Drawn covers: a publication without a picture gets one made from its title, kind and topic's colour.

The same title makes the same cover wherever it is drawn. Shapes are bands, arcs and grids in the topic's colour; the
template turns them into SVG.
"""

import hashlib
from dataclasses import dataclass

from pages.models import ContentPage, TopicPage
from pages.models.own_rows import own_rows

WIDTH, HEIGHT = 400, 520


@dataclass(frozen=True)
class Cover:
    """``colour`` names a palette of the style sheet; ``shapes`` are ``(element, {attribute: number}, tone)``."""

    colour: str
    shapes: list[tuple[str, dict, str]]
    title_lines: list[str]


def cover(page) -> Cover:
    """The cover of ``page``. Costs no query when it was loaded for a card."""
    colour = page.first_topic_colour if hasattr(page, "first_topic_colour") else _first_colour(page)
    seed = hashlib.blake2b(page.title.encode(), digest_size=16).digest()
    draw = (_bands, _arcs, _grid)[seed[0] % 3]
    return Cover(colour or TopicPage.Colour.TEAL, draw(seed[1:]), _lines(page.title))


def _first_colour(page) -> str:
    """The colour of the first topic of a page, of one in preview too; empty for a page without topics."""
    places = own_rows(page, "page_topics") if isinstance(page, ContentPage) else []
    return places[0].topic.colour if places else ""


def _bands(seed: bytes) -> list:
    shapes, y = [], 190
    for index in range(6):
        height = 22 + seed[index] % 58
        lift = seed[index + 6] % 50
        points = f"M0 {y + lift} C 130 {y - lift} 270 {y + 2 * lift} 400 {y} V {HEIGHT} H 0 Z"
        shapes.append(("path", {"d": points}, "abc"[index % 3]))
        y += height
    return shapes


def _arcs(seed: bytes) -> list:
    x, y = 60 + seed[0] % 280, 330 + seed[1] % 140
    radii = range(300, 20, -34 - seed[2] % 18)
    return [("circle", {"cx": x, "cy": y, "r": radius}, "abc"[index % 3]) for index, radius in enumerate(radii)]


def _grid(seed: bytes) -> list:
    columns = 4 + seed[0] % 3
    step = WIDTH / columns
    shapes = []
    for row in range(int((HEIGHT - 190) / step) + 1):
        for column in range(columns):
            bit = seed[(row * columns + column) % len(seed)]
            x, y = column * step, 190 + row * step
            if bit % 3 == 0:
                shapes.append(("rect", {"x": x, "y": y, "width": step, "height": step}, "abc"[bit % 2]))
            else:
                corner = (bit // 3) % 2
                path = (
                    f"M{x} {y + step} A{step} {step} 0 0 1 {x + step} {y} V{y + step} Z"
                    if corner
                    else (f"M{x} {y} A{step} {step} 0 0 0 {x + step} {y + step} V{y} Z")
                )
                shapes.append(("path", {"d": path}, "abc"[bit % 3]))
    return shapes


def _lines(title: str, width: int = 17) -> list[str]:
    """The title broken into lines for SVG, which breaks none by itself; at most five."""
    lines = [""]
    for word in title.split():
        if lines[-1] and len(lines[-1]) + 1 + len(word) > width:
            lines.append(word)
        else:
            lines[-1] = f"{lines[-1]} {word}".strip()
    return lines if len(lines) < 6 else [*lines[:4], lines[4] + " …"]
