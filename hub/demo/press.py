"""A printing press in Pillow: plates, inks, grain and warm paper.

A picture is made as a printer would make it. Every ink has a plate; shapes are laid on the
plates from back to front, and the plates are pulled, grain and all, on to the paper. A scene is
a recipe: steps parted by semicolons, each the name of a method and what it is given; a step that
begins "0:", "1:" or "2:" is for the day, dusk or night print alone.

An ink is written as letters and strengths: "b6c2" is ink b at 6/9 with c at 2/9 and clean paper
for the rest, "paper" is bare paper, "b6>b1" fades downwards, "+c4" overprints c and leaves the
rest as it was. The letter g is no ink: it marks what gives light at night.
"""

import random
import re
from functools import lru_cache
from math import cos, pi, sin

from PIL import Image, ImageChops, ImageDraw, ImageFilter, ImageOps

PAPER = (246, 240, 228)
LOW, HIGH = 52, 204  # plate values between which the grain breaks a tint up
NUMBER = re.compile(r"-?\d*\.?\d+")


def level(strength):
    """The plate value of a strength from 0 (none) to 9 (solid)."""
    if strength <= 0:
        return 0
    return 255 if strength >= 9 else round(LOW + (HIGH - LOW) * strength / 9)


@lru_cache(512)
def mixture(ink):
    """What an ink's name asks of each plate: {letter: (strength at the top, at the foot)}."""
    ends = []
    for end in ink.strip("+").replace("paper", "").split(">"):
        ends.append({end[i]: float(end[i + 1]) for i in range(0, len(end) - 1, 2)})
    letters = ends[0].keys() | ends[-1].keys() if ink.startswith("+") else "abcdg"
    return {letter: (ends[0].get(letter, 0), ends[-1].get(letter, 0)) for letter in letters}


def pairs(numbers):
    """Points from a flat row of numbers."""
    return list(zip(numbers[::2], numbers[1::2], strict=True))


def smooth(points, closed=True, steps=8):
    """A curve through the points (Catmull and Rom's)."""
    n, curve = len(points), []
    for i in range(n if closed else n - 1):
        ids = [i - 1, i, i + 1, i + 2]
        quad = [points[k % n] if closed else points[min(max(k, 0), n - 1)] for k in ids]
        for step in range(steps):
            t = step / steps
            weights = (
                (-t + 2 * t**2 - t**3) / 2,
                (2 - 5 * t**2 + 3 * t**3) / 2,
                (t + 4 * t**2 - 3 * t**3) / 2,
                (t**3 - t**2) / 2,
            )
            curve.append([sum(w * p[axis] for w, p in zip(weights, quad, strict=True)) for axis in (0, 1)])
    return curve if closed else [*curve, points[-1]]


def lens(x, y, length, width, angle=0.0):
    """The mark of a gouge: a sliver pointed at both ends."""
    spine = [(t / 6 - 0.5, sin(pi * t / 6) * width / 2) for t in range(7)]
    edge = spine + [(u, -v) for u, v in reversed(spine[1:-1])]
    c, s = cos(angle), sin(angle)
    return [(x + u * length * c - v * s, y + u * length * s + v * c) for u, v in edge]


class Press:
    """The plates of one picture, the plain shapes, and the pull."""

    def __init__(self, size, seed, frame, mood=0, stamps=()):
        self.size, self.mood, self.stamps = size, mood, stamps
        self.rng = random.Random(seed)
        self.scale = 2 * max(size[0] / frame[0], size[1] / frame[1])
        full = tuple(round(side * self.scale) for side in frame)
        self.plates = {letter: Image.new("L", full) for letter in "abcdg"}
        self.pens = {letter: ImageDraw.Draw(plate) for letter, plate in self.plates.items()}
        self.zoom, self.focus, self.mirrored, self.dark = 1, (0.5, 0.5), False, False
        self.pose()

    def draw(self, recipe):
        """Carry a recipe out."""
        for step in recipe.split(";"):
            mood, _, bare = step.rpartition(":")
            if mood in ("", str(self.mood)):
                name, *given = bare.split()
                getattr(self, name)(*(float(g) if NUMBER.fullmatch(g) else g for g in given))

    def fill(self, points, ink):
        """Lay a shape on the plates."""
        outline = [(x * self.scale, y * self.scale) for x, y in points]
        for letter, (top, foot) in mixture(ink).items():
            if top != foot:
                self._fade(letter, outline, top, foot)
            elif ink.startswith("+"):
                self._over(letter, outline, level(top))
            else:
                self.pens[letter].polygon(outline, fill=level(top))

    def _over(self, letter, outline, value, width=0):
        """Print a shape, or a line of some width, over what is there: ink only ever adds."""
        xs, ys = zip(*outline, strict=True)
        left, upper = int(min(xs)) - width, int(min(ys)) - width
        below = self.plates[letter].crop((left, upper, int(max(xs)) + width + 1, int(max(ys)) + width + 1))
        above = below.copy()
        outline = [(x - left, y - upper) for x, y in outline]
        if width:
            ImageDraw.Draw(above).line(outline, value, width, "curve")
        else:
            ImageDraw.Draw(above).polygon(outline, fill=value)
        self.plates[letter].paste(ImageChops.lighter(below, above), (left, upper))

    def _fade(self, letter, outline, top, foot):
        xs, ys = zip(*outline, strict=True)
        left, upper = int(min(xs)), int(min(ys))
        width, height = int(max(xs)) - left + 1, int(max(ys)) - upper + 1
        mask = Image.new("1", (width, height))
        ImageDraw.Draw(mask).polygon([(x - left, y - upper) for x, y in outline], fill=1)
        first, last = (level(max(strength, 0.01)) for strength in (top, foot))
        ramp = Image.linear_gradient("L").point(lambda v: first + (last - first) * v / 255)
        self.plates[letter].paste(ramp.resize((width, height)), (left, upper), mask)

    def rect(self, ink, x, y, w, h):
        self.fill([(x, y), (x + w, y), (x + w, y + h), (x, y + h)], ink)

    def disc(self, ink, x, y, r, ry=None):
        turns = [2 * pi * i / 72 for i in range(72)]
        self.fill([(x + r * cos(t), y + (ry or r) * sin(t)) for t in turns], ink)

    def poly(self, ink, *numbers):
        self.fill(pairs(numbers), ink)

    def blob(self, ink, *numbers):
        self.fill(smooth(pairs(numbers)), ink)

    def line(self, ink, width, *numbers):
        points = pairs(numbers)
        route = smooth(points, closed=False) if len(points) > 2 else points
        route = [(x * self.scale, y * self.scale) for x, y in route]
        for letter, (strength, _) in mixture(ink).items():
            if ink.startswith("+"):
                self._over(letter, route, level(strength), round(width * self.scale))
            else:
                self.pens[letter].line(route, level(strength), round(width * self.scale), "curve")

    def stamp(self, name, x, y, size, own="a9"):
        """Set a stock shape with its foot at x, y; a negative size turns it round."""
        for part in self.stamps[name].split("|"):
            ink, *places = part.split()
            points = [[float(n) for n in place.split(",")] for place in places]
            points = [(u * size * self.breadth / 100, v * abs(size) / 100) for u, v in points]
            c, s = cos(self.tilt), sin(self.tilt)
            points = [(x + u * c - v * s, y + u * s + v * c) for u, v in points]
            shape = smooth(points) if ink[-1] == "~" else points
            self.fill(shape, ink.rstrip("~").replace("INK", own))

    def pose(self, breadth=1, tilt=0):
        """How wide, and how far out of true (in degrees), the stamps that follow are set."""
        self.breadth, self.tilt = breadth, tilt * pi / 180

    def view(self, zoom, x=0.5, y=0.5):
        """Print only a part of the plates, about the point x, y (both 0 to 1)."""
        self.zoom, self.focus = zoom, (x, y)

    def pull(self, inks):
        """Print the plates, in these inks, on the paper."""
        width, height = self.size
        noise = Image.frombytes("L", self.size, self.rng.randbytes(width * height))
        noise = noise.filter(ImageFilter.GaussianBlur(1.1))
        cloudy = Image.frombytes("L", (25, 16), self.rng.randbytes(400)).resize(self.size, 3)
        noise = Image.blend(noise, cloudy, 0.05).point(lambda v: 128 + (v - 128) * 0.42)
        fibre = noise.point(lambda v: 247 + (v - 128) // 7)
        sheet = Image.new("RGB", self.size, PAPER)
        sheet = ImageChops.multiply(sheet, Image.merge("RGB", [fibre] * 3))
        curve = [min(255, max(0, (v - LOW) * 255 / (HIGH - LOW))) * 0.96 for v in range(256)]
        for letter, ink in zip("abcd", inks, strict=False):
            plate = self._seen(letter, 0 if letter == "c" else 3)
            shift = self.rng.randrange(width), self.rng.randrange(height)
            cover = ImageChops.add(plate, ImageChops.offset(noise, *shift), 1, -128).point(curve)
            sheet = self._ink(sheet, ink, cover)
        if self.dark:
            shade = self._seen("g", 0).point(lambda v: (255 - v) * 0.46)
            sheet = self._ink(sheet, inks[2], shade)
        return sheet

    def _seen(self, letter, slip):
        """The part of a plate that the picture shows, a hair out of register."""
        plate = self.plates[letter]
        across, down = plate.width * self.zoom, plate.height * self.zoom
        down = min(down, across * self.size[1] / self.size[0])
        across = min(across, down * self.size[0] / self.size[1])
        corner = []
        for room, focus in zip((plate.width - across, plate.height - down), self.focus, strict=True):
            corner.append(min(max(room * focus + self.rng.uniform(-slip, slip), 0), room))
        box = (*corner, corner[0] + across, corner[1] + down)
        plate = ImageOps.mirror(plate) if self.mirrored else plate
        return plate.resize(self.size, Image.Resampling.HAMMING, box)

    @staticmethod
    def _ink(sheet, ink, cover):
        inked = ImageChops.multiply(sheet, Image.new("RGB", sheet.size, ink))
        return Image.composite(inked, sheet, cover)
