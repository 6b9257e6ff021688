"""The shapes of drawn covers as polygons, for what cannot draw SVG."""

import math
import re

STEPS = 24
_PART = re.compile(r"([MCVHAZ])([^MCVHAZ]*)")


def outline(element: str, numbers: dict) -> list[tuple[float, float]]:
    """The corners of a ``circle``, a ``rect`` or a ``path`` of lines, cubic curves and quarter circles."""
    if element == "circle":
        turns = [2 * math.pi * step / (2 * STEPS) for step in range(2 * STEPS)]
        return [(numbers["cx"] + numbers["r"] * math.cos(turn), numbers["cy"] + numbers["r"] * math.sin(turn)) for turn in turns]
    if element == "rect":
        left, top = numbers["x"], numbers["y"]
        right, bottom = left + numbers["width"], top + numbers["height"]
        return [(left, top), (right, top), (right, bottom), (left, bottom)]
    return _path(numbers["d"])


def _path(text: str) -> list[tuple[float, float]]:
    points: list[tuple[float, float]] = []
    for command, rest in _PART.findall(text):
        values = [float(value) for value in rest.replace(",", " ").split()]
        if command == "M":
            points.append((values[0], values[1]))
        elif command == "C":
            points += _curve(points[-1], *zip(values[::2], values[1::2], strict=True))
        elif command == "V":
            points.append((points[-1][0], values[0]))
        elif command == "H":
            points.append((values[0], points[-1][1]))
        elif command == "A":
            points += _quarter(points[-1], (values[5], values[6]), clockwise=bool(values[4]))
    return points


def _curve(start, first, second, end) -> list[tuple[float, float]]:
    found = []
    for step in range(1, STEPS + 1):
        t = step / STEPS
        weights = ((1 - t) ** 3, 3 * t * (1 - t) ** 2, 3 * t**2 * (1 - t), t**3)
        corners = (start, first, second, end)
        found.append(
            tuple(sum(weight * corner[axis] for weight, corner in zip(weights, corners, strict=True)) for axis in (0, 1))
        )
    return found


def _quarter(start, end, *, clockwise: bool) -> list[tuple[float, float]]:
    """A quarter of a circle from ``start`` to ``end``, which stand a radius apart on both axes."""
    (x0, y0), (x1, y1) = start, end
    # Of the two corners of the square one is the centre; which, the direction says (y grows downwards).
    centre = (x1, y0) if ((x1 - x0) * (y1 - y0) < 0) == clockwise else (x0, y1)
    begin = math.atan2(y0 - centre[1], x0 - centre[0])
    turn = math.pi / 2 if clockwise else -math.pi / 2
    radius = math.hypot(x0 - centre[0], y0 - centre[1])
    return [
        (centre[0] + radius * math.cos(begin + turn * step / STEPS), centre[1] + radius * math.sin(begin + turn * step / STEPS))
        for step in range(1, STEPS + 1)
    ]
