"""The demo's charts: bars and lines drawn from their figures, labelled where the eye is."""

from math import ceil, floor, log10
from unicodedata import normalize

from PIL import Image, ImageDraw, ImageFont

PAPER = (246, 240, 228)
INK = (26, 38, 56)
QUIET = (92, 96, 104)
HAIR = (214, 206, 190)
COLOURS = ((30, 98, 120), (190, 84, 48), (104, 66, 116), (84, 112, 48), (26, 38, 56))  # all legible as text
TALL, TEXT, SMALL = 56, 36, 33  # type sizes on a sheet 1600 wide
MARGIN = 84

KEPT = "\u2018\u2019\u201c\u201d\xb7\xb0"
SPELT = {"\u2010": "-", "\u2011": "-", "\u2013": "-", "\u2014": "-", "\u2212": "-", "\xd7": "x", "\xa3": "GBP ", "\u20ac": "EUR "}

Series = list[tuple[str, list[float]]]


def chart(
    kind: str, title: str, unit: str, labels: list[str], series: Series, size: tuple[int, int] = (1600, 1000)
) -> Image.Image:
    """Return a chart of named rows of values, one for each label; `kind` is "bars" or "lines"."""
    drawers = {"bars": _bars, "lines": _lines}
    if kind not in drawers:
        raise ValueError(f"There is no chart of the kind {kind}.")
    if not series or any(len(values) != len(labels) for _, values in series):
        raise ValueError(f"{title}: every row needs one value for each label.")
    sheet = Sheet(size)
    labels, series = [printable(label) for label in labels], [(printable(name), values) for name, values in series]
    top = sheet.heading(printable(title), printable(unit))
    drawers[kind](sheet, top, labels, series)
    return sheet.image.resize(size, Image.Resampling.LANCZOS)


class Sheet:
    """A sheet of paper measured in units of 1/1600 of its width, drawn at twice its size."""

    def __init__(self, size: tuple[int, int]):
        self.scale = 2 * size[0] / 1600
        self.width, self.height = 1600, 1600 * size[1] / size[0]
        self.image = Image.new("RGB", (size[0] * 2, size[1] * 2), PAPER)
        self.pen = ImageDraw.Draw(self.image)

    def font(self, size: float) -> ImageFont.FreeTypeFont:
        return ImageFont.load_default(size * self.scale)

    def measure(self, words: str, size: float) -> float:
        return self.font(size).getlength(words) / self.scale

    def write(self, x: float, y: float, words: str, size=TEXT, fill=INK, anchor="ls", heavy=0.0) -> None:
        """Set a line of text; the anchor is Pillow's, of the left end of the baseline by default."""
        place, stroke = (x * self.scale, y * self.scale), round(heavy * self.scale)
        self.pen.text(place, words, fill, self.font(size), anchor, stroke_width=stroke, stroke_fill=fill)

    def rule(self, points: list[tuple[float, float]], width: float, fill=HAIR) -> None:
        route = [(x * self.scale, y * self.scale) for x, y in points]
        self.pen.line(route, fill, max(1, round(width * self.scale)), "curve")

    def box(self, x0: float, y0: float, x1: float, y1: float, fill=INK) -> None:
        left, right = sorted((x0 * self.scale, x1 * self.scale))
        self.pen.rectangle((left, y0 * self.scale, max(left, right - 1), y1 * self.scale - 1), fill)

    def dot(self, x: float, y: float, r: float, fill=INK) -> None:
        self.pen.circle((x * self.scale, y * self.scale), r * self.scale, fill, PAPER, round(3 * self.scale))

    def wrap(self, words: str, size: float, room: float) -> list[str]:
        """The lines in which words fit a width."""
        lines: list[str] = []
        for word in words.split():
            longer = f"{lines[-1]} {word}" if lines else word
            if lines and self.measure(longer, size) <= room:
                lines[-1] = longer
            else:
                lines.append(word)
        return lines

    def heading(self, title: str, unit: str) -> float:
        """Set the title and the unit; return where the chart may begin."""
        self.box(MARGIN, 62, MARGIN + 92, 72, COLOURS[1])
        y = 72.0
        for line in self.wrap(title, TALL, self.width - 2 * MARGIN):
            y += TALL * 1.28
            self.write(MARGIN, y, line, TALL, heavy=0.7)
        if unit:
            y += SMALL * 1.7
            self.write(MARGIN, y, unit[0].upper() + unit[1:], SMALL, QUIET)
        return y + 62


def printable(words: str) -> str:
    """Words in the characters that Pillow's typeface has: few beyond ASCII and the curled quotes."""
    plain = normalize("NFKD", "".join(SPELT.get(c, c) for c in words))
    return " ".join("".join(c for c in plain if c < "\x7f" or c in KEPT).split())


def ticks(low: float, high: float, about: int = 4) -> list[float]:
    """Round numbers that span the values, from nought unless they stay far from it."""
    low = low if low < 0 or low > 0.6 * high else 0
    rough = (high - low or abs(high) or 1) / about
    power = 10 ** floor(log10(rough))
    step = next(power * n for n in (1, 2, 2.5, 5, 10) if power * n >= rough * 0.999)
    first = floor(low / step)
    last = max(first + 1, ceil(high / step))
    return [round(step * n, 10) for n in range(first, last + 1)]


def figure(value: float) -> str:
    """A number as it is printed: 1,250, 3.5, -4."""
    return f"{value:,.2f}".rstrip("0").rstrip(".")


def _bars(sheet: Sheet, top: float, labels: list[str], series: Series) -> None:
    """Lay a group of level bars beside each label, with its figure at the end of each."""
    values = [value for _, row in series for value in row]
    names = [sheet.wrap(label, TEXT, 430) for label in labels]
    left = MARGIN + max(sheet.measure(line, TEXT) for lines in names for line in lines) + 30
    low, high = min(0, *values), max(0, *values)
    first = max(sheet.measure(_tip(name, row[0], len(series)), TEXT) for name, row in series)
    room = max(300, sheet.width - MARGIN - left - 18 - first * (len(series) > 1) - 90 * (len(series) == 1))
    zero = left + room * -low / ((high - low) or 1)
    pitch = (sheet.height - top - 70) / len(labels)
    thick = min(74, pitch * (0.62 if len(series) == 1 else 0.78) / len(series))
    for index, lines in enumerate(names):
        middle = top + pitch * (index + 0.5)
        for row, line in enumerate(lines):
            y = middle + TEXT * (0.36 + 1.15 * (row - (len(lines) - 1) / 2))
            sheet.write(left - 30, y, line, anchor="rs")
        for place, (name, row) in enumerate(series):
            y = middle + thick * (place - len(series) / 2)
            end = zero + room * row[index] / ((high - low) or 1)
            sheet.box(zero, y + 2, end, y + thick - 2, COLOURS[place % len(COLOURS)])
            words = _tip(name, row[index], len(series)) if index == 0 else figure(row[index])
            ink = COLOURS[place % len(COLOURS)] if len(series) > 1 else INK
            sheet.write(max(end, zero) + 16, y + thick / 2 + TEXT * 0.36, words, fill=ink)
    sheet.rule([(zero, top), (zero, sheet.height - 70)], 3, INK)


def _tip(name: str, value: float, rows: int) -> str:
    """What stands at the end of a bar of the first group: with several rows, whose bar it is."""
    return f"{figure(value)}  {name}" if rows > 1 else figure(value)


def _lines(sheet: Sheet, top: float, labels: list[str], series: Series) -> None:
    """Draw a line for each row over light rules, named at its right end."""
    scale = ticks(min(min(row) for _, row in series), max(max(row) for _, row in series))
    names = [[figure(row[-1]), *sheet.wrap(name, TEXT, 300)] for name, row in series]
    gutter = max(sheet.measure(line, TEXT) for lines in names for line in lines) + 44
    left, right, foot = MARGIN + sheet.measure(figure(scale[-1]), SMALL) + 30, sheet.width - MARGIN - gutter, sheet.height - 130

    def height(value: float) -> float:
        return foot - (foot - top) * (value - scale[0]) / (scale[-1] - scale[0])

    for value in scale:
        width, ink = (3, INK) if value == scale[0] else (2, HAIR)
        sheet.rule([(left, height(value)), (right, height(value))], width, ink)
        sheet.write(left - 20, height(value) + SMALL * 0.36, figure(value), SMALL, QUIET, "rs")
    step = (right - left) / max(1, len(labels) - 1)
    _across(sheet, labels, left, step, foot + 54)
    for place, (_, row) in enumerate(series):
        points = [(left + step * index, height(value)) for index, value in enumerate(row)]
        sheet.rule(points, 8, COLOURS[place % len(COLOURS)])
        for x, y in points:
            sheet.dot(x, y, 10, COLOURS[place % len(COLOURS)])
    _endings(sheet, right + 34, foot, [(height(row[-1]), lines) for (_, row), lines in zip(series, names, strict=True)])


def _across(sheet: Sheet, labels: list[str], left: float, step: float, y: float) -> None:
    """The labels under the lines; where they would touch, only every second, third... of them."""
    widest = max(sheet.measure(label, SMALL) for label in labels)
    every = max(1, ceil((widest + 24) / step)) if step else 1
    for index, label in enumerate(labels):
        if index % every == 0:
            sheet.write(left + step * index, y, label, SMALL, QUIET, "ms")


def _endings(sheet: Sheet, x: float, foot: float, endings: list[tuple[float, list[str]]]) -> None:
    """The last figures and the names of the lines, near their ends and clear of each other."""
    order = sorted(range(len(endings)), key=lambda place: endings[place][0])
    tops, free = {}, foot + TEXT * 0.4
    for place in reversed(order):
        y, lines = endings[place]
        tops[place] = free = min(y - TEXT * 0.58, free - TEXT * (1.15 * len(lines) + 0.35))
    for place in order:
        for row, line in enumerate(endings[place][1]):
            y = tops[place] + TEXT * (0.94 + 1.15 * row)
            sheet.write(x, y, line, fill=COLOURS[place % len(COLOURS)], heavy=0 if row else 0.6)
