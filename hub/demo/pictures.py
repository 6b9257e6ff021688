"""The demo's pictures: prints of places and portraits of people, drawn and not photographed.

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
from io import BytesIO
from itertools import pairwise
from math import cos, pi, sin

from PIL import Image, ImageChops, ImageDraw, ImageFilter, ImageOps

# The press

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


# Land, water and weather

FIELDS = ("a5", "a3b3", "b5a3", "a7", "b6a5", "a2b1")
BLOCKS = ("a5", "b3", "a3c2", "b5", "a7", "a2b2")


class Country(Press):
    """A press that knows how to draw the country."""

    def sky(self, y):
        self.dark = self.mood == 2
        self.rect(("b5>b1", "b4a1>a7", "b8c5>b3c1")[self.mood], 0, 0, 1600, y)

    def light(self, x, y, r):
        """The sun by day, a low sun at dusk, the moon and stars at night."""
        if self.mood < 2:
            r, y = r * (1 + 0.25 * self.mood), y + 60 * self.mood
            self.disc(("a9", "paper")[self.mood], x, y, r)
            return
        for _ in range(46):
            star = self.rng.uniform(0, 1600), self.rng.uniform(0, y + 160)
            self.disc("g9", *star, self.rng.uniform(1.5, 4))
        self.focus = (x / 1600, 0.3)
        self.disc("g9", x, y, r * 0.8)
        self.disc("b7c4", x - r * 0.34, y - r * 0.12, r * 0.72)

    def clouds(self, ink, n, y):
        for i in range(int(n)):
            x, up = self.rng.uniform(0, 1600), y + 62 * i + self.rng.uniform(-20, 20)
            for k in range(3):
                self.fill(lens(x + 130 * k, up + 17 * k, self.rng.uniform(300, 560), 30), ink)

    def birds(self, ink, n, x, y, spread):
        for _ in range(int(n)):
            u, v = x + self.rng.gauss(0, spread), y + self.rng.gauss(0, spread / 4)
            s = self.rng.uniform(12, 26)
            self.fill([(u - s, v - s * 0.4), (u, v), (u + s, v - s * 0.5), (u, v + s * 0.22)], ink)

    def rain(self, ink, n, length, slant):
        for _ in range(int(n)):
            x, y = self.rng.uniform(-100, 1700), self.rng.uniform(-40, 1000)
            self.fill(lens(x, y, length * self.rng.uniform(0.5, 1.2), 4.5, slant), ink)

    def hill(self, ink, y, amp, waves=2, foot=1000):
        """Rising ground across the picture; what follows can stand on its ridge."""
        a, b = self.rng.uniform(0, 7), self.rng.uniform(0, 7)
        turn = 2 * pi * waves / 1600
        self.ridge = lambda x: y + amp * (0.7 * sin(x * turn + a) + 0.3 * sin(x * turn * 2.3 + b))
        crest = [(x, self.ridge(x)) for x in range(0, 1601, 10)]
        self.fill([*crest, (1600, foot), (0, foot)], ink)

    def cuts(self, ink, n, depth, length):
        """Gouge marks that follow the last ridge downhill."""
        for _ in range(int(n)):
            x, d = self.rng.uniform(0, 1600), self.rng.random() ** 1.5 * depth + 14
            lean = (self.ridge(x + 20) - self.ridge(x - 20)) / 40
            long = length * self.rng.uniform(0.5, 1.2)
            self.fill(lens(x, self.ridge(x) + d, long, 5 + d / 60, lean), ink)

    def combs(self, ink, n, gap, width=4):
        """Drilled rows that follow the last ridge, wider apart towards the foot."""
        for k in range(1, int(n)):
            drop = gap * k * (1 + k * 0.06)
            row = [n for x in range(-20, 1641, 80) for n in (x, self.ridge(x) + drop)]
            self.line(ink, width * (0.6 + k * 0.07), *row)

    def furrows(self, ink, n, vx, vy, spread=5200):
        """Ploughed rows that meet at a point on the horizon."""
        for k in range(int(n)):
            x, half = vx + spread * ((k + 0.5) / n - 0.5), spread / n * 0.26
            self.fill([(vx, vy), (x + half, 1000), (x - half, 1000)], ink)

    def patchwork(self, columns, rows, hedge="b9c4", width=7):
        """Fields from the air, hedged and drilled, or with paper hedges the blocks of a town."""
        dx, dy, jolt = 1700 / columns, 1100 / rows, self.rng.uniform
        corners = {}
        for i in range(-1, int(columns) + 2):
            for j in range(int(rows) + 2):
                x, y = i * dx - 50 + 26 * j, j * dy - 50
                corners[i, j] = x + jolt(-0.2, 0.2) * dx, y + jolt(-0.18, 0.18) * dy
        for i, j in corners:
            ring = [corners.get((i + u, j + v)) for u, v in ((0, 0), (1, 0), (1, 1), (0, 1))]
            if all(ring):
                self.fill(ring, self.rng.choice(BLOCKS if hedge == "paper" else FIELDS))
                if hedge != "paper":
                    self._drill(ring, self.rng.choice(("paper", "+b6", "+a7", "+b3")))
                self.line(hedge, width, *ring[0], *ring[1])
                self.line(hedge, width, *ring[0], *ring[3])

    def _drill(self, ring, ink):
        n = self.rng.choice((0, 0, 6, 10))
        (ax, ay), (bx, by), (cx, cy), (dx, dy) = ring
        for k in range(1, n):
            t = k / n
            top, foot = (ax + (bx - ax) * t, ay + (by - ay) * t), (dx + (cx - dx) * t, dy + (cy - dy) * t)
            self.line(ink, 4, *top, *foot)

    def trees(self, ink, n, size, kind="round", x0=0, x1=1600):
        """Trees of one kind, in clumps, along the last ridge."""
        for _ in range(int(n)):
            clump = 0.6 * self.rng.random() + 0.4 * self.rng.choice((0.15, 0.5, 0.8))
            x = x0 + (x1 - x0) * clump
            self.tree(ink, x, self.ridge(x) + 4, size * self.rng.uniform(0.7, 1.25), kind)

    def tree(self, ink, x, y, size, kind="round"):
        getattr(self, f"_{kind}")(ink, x, y, size)

    def _round(self, ink, x, y, size):
        trunk = (-0.05, 0.02, -0.03, -0.5, 0.03, -0.5, 0.05, 0.02)
        self.fill([(x + size * u, y + size * v) for u, v in pairs(trunk)], "c9")
        top, n = y - size * 0.72, 9 if size < 150 else 17
        ring = []
        for i in range(n):
            q, t = self.rng.uniform(0.42, 0.56) * size, 2 * pi * i / n
            ring.append((x + q * cos(t), top + q * 0.95 * sin(t)))
        self.fill(smooth(ring, steps=5), ink)
        for k in range(1 if size < 150 else 22):
            u, v = (0.2, 0.1) if k == 0 else (self.rng.uniform(-0.3, 0.34), self.rng.uniform(-0.3, 0.4))
            mark = (size * 0.7, size * 0.36, 1.9) if size < 150 else (size * 0.16, size * 0.035, 2.4 + u)
            self.fill(lens(x + size * u, top + size * v, *mark), "+c7")

    def _poplar(self, ink, x, y, size):
        self.fill(lens(x, y - size, size * 2.1, size * 0.5, pi / 2), ink)
        self.fill(lens(x + size * 0.09, y - size * 0.95, size * 1.7, size * 0.22, pi / 2), "+c6")

    def _willow(self, ink, x, y, size):
        """A pollard: a short thick trunk, a knuckle, a winter's head of rods."""
        for k in range(27):
            angle = -pi / 2 + (k - 13) * 0.05 + self.rng.uniform(-0.05, 0.05)
            long = size * self.rng.uniform(0.36, 0.6)
            root = x + (k - 13) * 0.007 * size, y - size * 0.52
            mid = root[0] + cos(angle) * long * 0.5, root[1] + sin(angle) * long * 0.5
            self.fill(lens(*mid, long, size * 0.017, angle), ink)
        trunk = (-0.09, 0.02, -0.06, -0.2, -0.07, -0.4, -0.12, -0.5, -0.06, -0.57, 0, -0.53)
        trunk += (0.06, -0.58, 0.11, -0.5, 0.07, -0.4, 0.05, -0.2, 0.1, 0.02)
        self.fill([(x + size * u, y + size * v) for u, v in pairs(trunk)], "c9")

    def copse(self, ink, n):
        """Trees from the air, each with its shadow."""
        for _ in range(int(n)):
            x, y, r = self.rng.uniform(0, 1600), self.rng.uniform(0, 1000), self.rng.uniform(10, 20)
            self.disc("+c7", x + r * 0.6, y + r * 0.5, r)
            self.disc(ink, x, y, r)

    def reeds(self, ink, n, x0, x1, y, h):
        for _ in range(int(n)):
            x, tall = self.rng.uniform(x0, x1), h * self.rng.uniform(0.5, 1)
            lean = self.rng.uniform(-0.16, 0.22)
            self.fill(lens(x + lean * tall / 2, y - tall / 2, tall, 9, pi / 2 + lean), ink)
            if self.rng.random() < 0.35:
                self.fill(lens(x + lean * tall, y - tall, h * 0.2, 16, pi / 2 + lean), ink)

    def posts(self, ink, n, x0, y0, x1, y1, h):
        """A line of posts that goes from near to far."""
        for i in range(int(n)):
            t = 1 - 0.72**i
            x, y, tall = x0 + (x1 - x0) * t, y0 + (y1 - y0) * t, h * (1 - t) + 6
            self.rect(ink, x, y - tall, tall * 0.1 + 2, tall)

    def river(self, ink, x0, y0, x1, width, bends=1.2):
        """A river that winds from the distance, at x0, y0, out at the foot of the picture."""
        left, right, phase = [], [], self.rng.uniform(0, 6)
        for i in range(61):
            t = i / 60
            u, w = t**1.7, 4 + width * t**2.2
            x = x0 + (x1 - x0) * u + (60 + 260 * u) * sin(phase + bends * 2 * pi * t**0.7)
            left.append((x - w / 2, y0 + (1010 - y0) * u))
            right.append((x + w / 2, y0 + (1010 - y0) * u))
        self.fill(left + right[::-1], ink)

    def ripples(self, ink, n, y0, y1, x0=0, x1=1600):
        for _ in range(int(n)):
            t, x = self.rng.random(), self.rng.uniform(x0, x1)
            long = 40 + 190 * t * self.rng.random()
            self.fill(lens(x, y0 + (y1 - y0) * t, long, 2 + 7 * t), ink)

    def rings(self, ink, water, x, y, r, n):
        """Where a drop fell."""
        for i in range(int(n), 0, -1):
            q = r * i / n
            self.disc(ink, x, y, q, q * 0.3)
            self.disc(water, x, y, q - 6, q * 0.3 - 4)

    def reflect(self, y, h, tint=5):
        """Lay the h units above y, upside down and broken by the swell, on the water below."""
        s, step, width = self.scale, 6, self.plates["a"].width
        self.rect(f"b2>b{tint:.0f}", 0, y, 1600, 1000 - y)
        for letter in "abcg":
            plate = self.plates[letter]
            still = ImageOps.flip(plate.crop((0, round((y - h) * s), width, round(y * s))))
            deep = Image.linear_gradient("L").point(lambda v: 225 - v * 0.5)
            still = ImageChops.multiply(still, deep.resize(still.size))
            for top in range(0, still.height, step):
                push, foot = round(sin(top / 21) * (2 + top / 28)), round(y * s) + top
                water = plate.crop((0, foot, width, foot + step))
                strip = ImageChops.offset(still.crop((0, top, width, top + step)), push, 0)
                plate.paste(ImageChops.lighter(water, strip), (0, foot))


# Houses, bridges, rooms, maps and people

COATS = ("c9", "b9", "a9", "b5c5", "a7c3", "b8a4", "a4")
SKINS = ("a3", "a5c3", "a6c5", "a4c2")
NECK = (-0.035, -0.87, 0.035, -0.87, 0.04, -0.77, -0.04, -0.77)
COAT = (-0.13, -0.34, -0.15, -0.55, -0.155, -0.7, -0.12, -0.79, -0.04, -0.82)
COAT += (0.04, -0.82, 0.12, -0.79, 0.155, -0.7, 0.15, -0.55, 0.13, -0.34)
HEAD = (0, -0.98, 0.045, -0.955, 0.055, -0.9, 0.035, -0.845, 0, -0.828)
HEAD += (-0.035, -0.845, -0.055, -0.9, -0.045, -0.955)
CROP = (-0.066, -0.87, -0.068, -0.96, 0, -0.995, 0.068, -0.96, 0.07, -0.85, 0.035, -0.935)
HAIR = ("c9", "c9", "c9b5", "b3", "a6c7")


class Built(Country):
    """A press that knows how to draw what people have made, and people."""

    # Houses and bridges

    def house(self, x, y, w):
        """A house seen square on or end on, its windows lit after dark."""
        rng = self.rng
        wall, roof = rng.choice(("paper", "a2", "b2", "a4")), rng.choice(("a9", "c9", "a9c4", "b9c3"))
        h, r = w * rng.uniform(0.75, 1.3), w * rng.uniform(0.4, 0.6)
        self.rect(wall, x, y - h, w, h + 4)
        self.rect("+c3", x + w * 0.86, y - h, w * 0.14, h + 4)
        self.rect("c9", x + w * rng.choice((0.15, 0.7)), y - h - r, w * 0.1, r)
        eaves, end = (x - w * 0.05, y - h), (x + w * 1.05, y - h)
        if rng.random() < 0.4:
            peak = (x + w / 2, y - h - r)
            self.fill([(x, y - h), (x + w, y - h), peak], wall)
            self.line(roof, w * 0.07, *eaves, *peak)
            self.line(roof, w * 0.07, *end, *peak)
        else:
            self.fill([eaves, end, (x + w * 0.92, y - h - r), (x + w * 0.08, y - h - r)], roof)
        for row in range(max(1, int(h / (w * 0.42)))):
            for column in (0.16, 0.42, 0.68):
                at = x + w * column, y - h + w * (0.12 + 0.4 * row)
                self.rect(self._pane(), *at, w * 0.15, w * 0.22)

    def _pane(self):
        return "a7g9" if self.mood and self.rng.random() < 0.5 else "c8"

    def houses(self, n, x0, x1, w, y=0):
        """A row of houses, set on the last ridge or along y."""
        for i in range(int(n)):
            x = x0 + (x1 - x0) * i / n
            self.house(x, y or self.ridge(x + w / 2) + w * 0.2, w * self.rng.uniform(0.8, 1.1))

    def street(self, vx, vy, near):
        """Two rows of houses that run away to a vanishing point."""
        self.rect("a3b2>a1", 0, vy, 1600, 1000 - vy)
        for side in (-1, 1):
            for i in range(7, -1, -1):
                t, u = 0.74**i, 0.74 ** (i + 1)
                x0, x1, tall = vx + side * near * t, vx + side * near * u, self.rng.uniform(520, 760)
                tops, feet = (vy - tall * t, vy - tall * u), (vy + 420 * t, vy + 420 * u)
                wall = self.rng.choice(("a3", "b3", "paper", "a5b1", "b5")) if i else "b6c2"
                roof = self.rng.choice(("a9c3", "c9", "b8c4"))
                self.poly(wall, x0, feet[0], x1, feet[1], x1, tops[1], x0, tops[0])
                self.poly(roof, x0, tops[0], x1, tops[1], (x0 + x1) / 2, sum(tops) / 2 - 190 * t)
                self._panes((x0, x1), tops, feet)

    def _panes(self, ends, tops, feet):
        def between(pair, t):
            return pair[0] + (pair[1] - pair[0]) * t

        for row in (0.16, 0.45, 0.72):
            for column in (0.18, 0.58):
                corners = []
                for q, r in ((0, 0), (0.24, 0), (0.24, 0.16), (0, 0.16)):
                    t = column + q
                    y = between((between(tops, t), between(feet, t)), row + r)
                    corners.append((between(ends, t), y))
                self.fill(corners, self._pane())

    def arches(self, ink, y, deck, n, x0, x1, foot):
        """A bridge of n round arches, its roadway at y."""
        bay = (x1 - x0) / n
        edge = [(x1, y), (x0, y), (x0, foot)]
        for i in range(int(n)):
            mid, r = x0 + bay * (i + 0.5), bay * 0.4
            turns = [pi * k / 40 for k in range(41)]
            edge.append((mid - r, foot))
            edge += [(mid - r * cos(t), y + deck + r - r * sin(t)) for t in turns]
            edge.append((mid + r, foot))
        self.fill([*edge, (x1, foot)], ink)

    def stones(self, ink, n):
        """Courses of dressed stone, cut into a dark arch that frames the picture."""
        for _ in range(int(n)):
            y = self.rng.randrange(20, 980, 44)
            x = self.rng.uniform(0, 240) + self.rng.choice((0, 1360))
            if self.rng.random() < 0.6 or y < 120:
                self.fill(lens(x, y, self.rng.uniform(40, 90), 6), ink)

    def truss(self, ink, y, x0, x1, rise, n):
        """An iron bow bridge, its deck at y."""
        bay, width = (x1 - x0) / n, x1 - x0
        bow = [(x0 + bay * i, y - rise * sin(pi * i / n)) for i in range(int(n) + 1)]
        self.line(ink, 15, *(c for point in bow for c in point))
        for (ax, ay), (bx, by) in pairwise(bow):
            self.line(ink, 7, ax, ay, ax, y)
            self.line(ink, 5, ax, y, bx, by)
            self.line(ink, 5, ax, ay, bx, y)
        self.rect(ink, x0 - 400, y, width + 800, 22)

    # People

    def person(self, x, y, h, coat="c9", skin="a4", hair="c9"):
        """A standing figure."""
        legs = (-0.1, -0.4, -0.09, 0, -0.03, 0, 0, -0.36, 0.03, 0, 0.09, 0, 0.1, -0.4)
        self.fill([(x + u * h, y + v * h) for u, v in pairs(legs)], "c9")
        self.sitter(x, y, h, coat, skin, hair)

    def sitter(self, x, y, h, coat="c9", skin="a4", hair="c9"):
        """The same figure without its legs, for behind a table or in a boat."""
        for ink, shape in ((skin, NECK), (coat, COAT), (skin, HEAD), (hair, CROP)):
            self.fill(smooth([(x + u * h, y + v * h) for u, v in pairs(shape)], steps=6), ink)
        for side in (-1, 1):
            mark = lens(x + side * h * 0.098, y - h * 0.53, h * 0.34, h * 0.016, pi / 2)
            self.fill(mark, "c7b5" if coat == "c9" else "+c8")

    def people(self, n, x0, x1, y, h):
        for i in range(int(n)):
            x = x0 + (x1 - x0) * (i + 0.5) / n + self.rng.uniform(-8, 8)
            look = (self.rng.choice(choices) for choices in (COATS, SKINS, HAIR))
            self.person(x, y, h * self.rng.uniform(0.92, 1.06), *look)

    def crowd(self, rows, n, y, h):
        """An audience seen from behind."""
        for row in range(int(rows)):
            tall, seats = h * 1.22**row, int(n - 2 * row)
            for i in range(seats):
                x = 1600 * (i + 0.3 + 0.4 * (row % 2)) / seats + self.rng.uniform(-14, 14)
                hair, coat = self.rng.choice(HAIR), self.rng.choice(COATS)
                self.person(x, y + tall * 0.9 + row * h * 0.24, tall, coat, hair, hair)

    def council(self, n, x, y, rx, ry):
        """People round a table, from above."""
        for i in range(int(n)):
            turn = 2 * pi * (i + 0.5) / n
            u, v = x + rx * cos(turn), y + ry * sin(turn)
            for back, ink in ((14, "+c7"), (0, self.rng.choice(COATS))):
                shoulders = [(84 * cos(t / 4), 38 * sin(t / 4)) for t in range(25)]
                c, s = -sin(turn), cos(turn)
                self.fill([(u + back + p * c - q * s, v + back + p * s + q * c) for p, q in shoulders], ink)
            self.disc(self.rng.choice(HAIR), u - 12 * cos(turn), v - 12 * sin(turn), 36)

    def umbrellas(self, n, x0, x1, y, size):
        """People under umbrellas, in a row."""
        for i in range(int(n)):
            x = x0 + (x1 - x0) * (i + 0.5) / n + self.rng.uniform(-16, 16)
            own, look = self.rng.choice(("a9", "c9", "b9", "a9b4", "b5c6", "a4")), self.rng.choice(COATS)
            down = self.rng.uniform(-24, 24)
            self.person(x, y + down, size, look, self.rng.choice(SKINS))
            self.stamp("umbrella", x + size * 0.05, y + down - size * 0.36, size * 0.82, own)

    # Rooms

    def wall(self, y=1000):
        """An inside wall by day, by dusk or by lamplight."""
        self.dark = self.mood == 2
        self.rect(("a3>a2", "b4>b3", "b8c3>b6c1")[self.mood], 0, 0, 1600, y)

    def evening(self):
        """Dark, whatever the hour: for what is lit by a lamp."""
        self.dark = True

    def window(self, x, y, w, h):
        """A sash window on the valley."""
        self.rect("paper", x - 16, y - 16, w + 32, h + 32)
        self.rect(("b5>b1", "b3a2>a8", "b9c6>b6c2")[self.mood], x, y, w, h)
        self.disc(("a9", "paper", "g9")[self.mood], x + w * 0.7, y + h * 0.3, h * 0.11)
        for k, (drop, ink) in enumerate(((0.5, "b6"), (0.58, "b8c2"), (0.68, "b3>paper"))):
            steps = [(t / 20, sin(t * 0.5 + k * 2)) for t in range(21)]
            crest = [(x + w * t, y + h * (drop + (0.04 - 0.02 * k) * s)) for t, s in steps]
            self.fill([*crest, (x + w, y + h), (x, y + h)], ink)
        self.rect("paper", x + w / 2 - 7, y, 14, h)
        self.rect("paper", x, y + h * 0.46, w, 12)
        self.rect("a5c3", x - 34, y + h + 16, w + 68, 22)

    def planks(self, ink, n):
        for k in range(int(n)):
            y = 1000 * (k + 0.5) / n
            self.rect(ink, 0, y, 1600, 4)
            for _ in range(4):
                self.fill(lens(self.rng.uniform(0, 1600), y + self.rng.uniform(12, 60), 260, 5), ink)

    def bricks(self, ink, n):
        for _ in range(int(n)):
            row = self.rng.randrange(0, 26)
            x = 80 * self.rng.randrange(0, 21) - 40 * (row % 2)
            self.rect(ink, x, 40 * row + 3, 74, 33)

    def shelf(self, y, *stock):
        """A shelf and what stands on it: name, place, size, name, place, size..."""
        for name, x, size in zip(stock[::3], stock[1::3], stock[2::3], strict=True):
            self.stamp(name, x, y, size, self.rng.choice(("a9", "b7", "c9", "a5")))
        self.rect("c9", 0, y, 1600, 16)
        self.rect("+c4", 0, y + 16, 1600, 22)

    # Maps

    def contours(self, x, y, r, n):
        """A hill on a map, tinted by height."""
        wobble = [self.rng.uniform(0.78, 1.2) for _ in range(9)]
        for k in range(int(n), 0, -1):
            q = r * (k / n) ** 0.8
            ring = [(x + q * w * 1.3 * cos(i * 0.7), y + q * w * sin(i * 0.7)) for i, w in enumerate(wobble)]
            flat = [c for point in ring for c in point]
            self.blob(f"a{2 + 0.6 * (n - k):.0f}", *flat)
            self.line("a9c4", 5 if k % 4 == 0 else 2.5, *flat, *flat[:4])

    def grid(self, ink, columns, rows):
        for i in range(1, int(columns)):
            self.rect(ink, 1600 * i / columns, 0, 2, 1000)
        for j in range(1, int(rows)):
            self.rect(ink, 0, 1000 * j / rows, 1600, 2)

    def unfolded(self, ink, folds):
        """A map's sheet on a table, its panels catching the light in turn."""
        w = 1350 / folds
        for k in range(int(folds)):
            x, near, far = 130 + w * k, 34 * (k % 2), 34 * (1 - k % 2)
            for slip, tint in ((16, "+c8"), (0, ("paper", ink)[k % 2])):
                top, foot = 160 + slip * 2, 770 + slip * 2
                self.poly(tint, x + slip, top + near, x + w + slip, top + far, x + w + slip, foot + far, x + slip, foot + near)

    def bays(self, ink, n):
        """The boards of a jetty."""
        for k in range(int(n)):
            self.rect(ink, 1600 * k / n, 120, 5, 120)

    def tide(self, y):
        """The mark a flood leaves on a wall."""
        crest = [(x, y + 5 * sin(x / 131) + 2 * sin(x / 37)) for x in range(0, 1601, 8)]
        self.fill([*crest, (1600, 810), (0, 810)], ("a5c2>a7c4", "b6c3>b7c5", "b7c4>b8c6")[self.mood])
        for drop in (26, 58):
            self.line("+c6", 4, *(n for x, v in crest[::8] for n in (x, v + drop)))

    def strata(self, ink, n):
        """Marks of layered ground."""
        for _ in range(int(n)):
            self.fill(lens(self.rng.uniform(0, 1600), self.rng.uniform(780, 990), 120, 5), ink)


# The recipes of the pictures

PALETTES = (  # three inks: a light or warm one, a middle one, a dark one; the last three for night
    ((236, 170, 74), (66, 130, 146), (26, 44, 68)),
    ((238, 122, 92), (96, 132, 168), (46, 42, 88)),
    ((240, 204, 112), (98, 146, 104), (22, 62, 58)),
    ((243, 152, 140), (84, 148, 152), (74, 32, 62)),
    ((226, 112, 62), (98, 148, 178), (50, 36, 52)),
    ((232, 98, 76), (122, 164, 124), (72, 30, 44)),
    ((248, 202, 88), (60, 110, 160), (20, 30, 54)),
    ((248, 184, 142), (120, 118, 178), (44, 36, 78)),
    ((244, 150, 84), (76, 156, 150), (10, 58, 76)),
)

STAMPS = {
    "rowboat": "c9 -52,-20 -44,-4 -30,0 30,0 44,-4 56,-24 40,-17 0,-14 -38,-15|"
    "a9 -52,-20 -38,-15 0,-14 40,-17 56,-24 55,-19 40,-12 0,-9 -38,-10 -50,-15",
    "sail": "c9 -40,-12 -30,0 26,0 44,-14|paper 2,-18 2,-110 50,-22|a9 -3,-18 -3,-96 -36,-22|c9 -2,-12 -2,-114 1,-114 1,-12",
    "dinghy": "+c8~ 14,8 -28,14 -30,60 -22,94 26,94 36,58 30,10|INK~ 0,-24 -18,2 -28,40 -24,84 0,88 24,84 28,40 18,2|"
    "paper~ 0,-12 -13,8 -21,42 -18,78 0,81 18,78 21,42 13,8|INK -20,24 20,24 22,33 -22,33|"
    "INK -21,56 21,56 20,65 -20,65|c9 -34,14 -31,12 22,78 18,80|c9 34,22 31,20 -6,72 -2,75",
    "heron": "c9 -4,0 -2,-44 0,-44 -1,0|c9 5,0 3,-44 5,-44 8,0|c9~ -34,-40 -20,-58 0,-66 14,-62 16,-48 4,-42 -16,-40|"
    "+b9~ -40,-38 -22,-52 0,-56 6,-50 -12,-42|c9~ 6,-58 16,-70 12,-84 18,-96 26,-98 24,-90 19,-84 24,-70 15,-54|"
    "c9 22,-99 28,-97 50,-90 26,-91|c9~ 14,-97 2,-99 16,-94 22,-97",
    "church": "b4c2 -18,0 -18,-90 18,-90 18,0|c9 -20,-88 0,-150 20,-88|+c6 6,0 6,-90 18,-90 18,0|"
    "b4c2 18,0 18,-46 84,-46 84,0|a9c4 14,-44 26,-70 78,-70 90,-44|c8 -5,-56 -5,-72 0,-78 5,-72 5,-56",
    "mill": "a4c2 -24,0 -15,-78 15,-78 24,0|+c6 6,0 4,-78 15,-78 24,0|c9~ -18,-76 -14,-94 0,-102 14,-94 18,-76|"
    "c9 -2,-88 -60,-146 -54,-150 2,-92|c9 2,-88 60,-30 54,-26 -2,-84|c9 2,-92 60,-150 64,-146 4,-86|"
    "c9 -2,-84 -60,-26 -64,-30 -4,-90|a7 -16,-106 -50,-140 -62,-128 -28,-94|a7 16,-70 50,-36 62,-48 28,-82|"
    "a7 20,-106 54,-140 42,-152 8,-118|a7 -20,-70 -54,-36 -42,-24 -8,-58|c8 -6,0 -6,-20 6,-20 6,0",
    "dog": "c9~ -26,-22 -10,-28 14,-26 22,-34 34,-36 44,-30 34,-24 26,-16 -18,-14|c9 -22,-18 -26,0 -22,0 -14,-16|"
    "c9 16,-18 18,0 22,0 24,-18|c9 -24,-24 -42,-38 -40,-41 -20,-27",
    "chair": "c9 -16,0 -14,-44 -10,-44 -12,0|c9 16,0 14,-44 10,-44 12,0|c9 -19,-44 19,-44 17,-51 -17,-51|"
    "c9 -16,-50 -20,-102 -15,-102 -11,-50|c9 16,-50 20,-102 15,-102 11,-50|c9 -18,-100 18,-100 17,-88 -17,-88|"
    "c9 -16,-74 16,-74 15,-66 -15,-66",
    "fallen": "c9 16,0 14,44 10,44 12,0|c9 -16,0 -14,44 -10,44 -12,0|c9 -19,-7 19,-7 17,0 -17,0|"
    "c9 -16,-6 -18,-58 -14,-58 -12,-6|c9 16,-6 18,-58 14,-58 12,-6",
    "kettle": "c9~ -36,-2 -40,-24 -24,-52 0,-58 24,-52 40,-24 36,-2 0,0|c9 28,-22 62,-50 66,-46 36,-8|"
    "c9~ -6,-56 -6,-68 6,-68 6,-56|a7~ -30,-10 -33,-24 -22,-42 -17,-41 -27,-22 -26,-10|"
    "c9 -40,-40 -46,-86 -40,-88 -34,-44|c9 -46,-88 -44,-82 34,-82 36,-88|c9 36,-88 40,-84 36,-40 30,-46",
    "cup": "b2~ -20,-32 -18,-6 -10,0 10,0 18,-6 20,-32 0,-33|+b6 6,-31 20,-31 17,-6 8,-1|INK~ -19,-31 0,-35 19,-31 0,-27|"
    "b5~ 18,-26 32,-24 30,-10 16,-8 18,-12 25,-14 26,-20 18,-21",
    "jar": "b4 -18,0 -18,-52 -12,-58 12,-58 18,-52 18,0|INK -18,0 -18,-34 18,-34 18,0|c9 -14,-58 -14,-68 14,-68 14,-58|"
    "+c4 8,0 8,-56 18,-52 18,0",
    "bowl": "INK~ -42,-32 -30,-8 -14,0 14,0 30,-8 42,-32 0,-33|+c5 14,-32 40,-32 28,-8 14,0|c7~ -41,-32 0,-36 41,-32 0,-28",
    "jug": "c9~ 12,-72 44,-62 42,-30 22,-18 24,-26 35,-34 36,-56 14,-62|"
    "INK~ -18,-1 -30,-26 -18,-52 -30,-80 0,-76 17,-78 16,-54 30,-26 18,-1|"
    "+c5~ 6,-1 14,-26 6,-52 8,-76 17,-77 16,-54 30,-26 18,-1|c7~ -28,-79 0,-78 16,-77 0,-73",
    "plant": "INK -18,0 -22,-34 22,-34 18,0|+c5 6,0 8,-34 22,-34 18,0|b8c3~ 0,-32 -34,-62 -40,-92 -20,-78|"
    "b8c3~ 0,-32 30,-58 42,-96 18,-82|b6~ 0,-32 -12,-74 0,-116 12,-74",
    "lampshade": "a9g9 -30,-52 -18,-100 18,-100 30,-52|c9 -3,0 -3,-54 3,-54 3,0|c9~ -22,0 -14,-10 14,-10 22,0",
    "umbrella": "c9 -1.2,0 -1.2,-60 1.2,-60 1.2,0|"
    "INK -50,-52 -44,-78 -22,-96 0,-102 22,-96 44,-78 50,-52 34,-58 17,-52 0,-58 -17,-52 -34,-58|"
    "+c6 0,-102 22,-96 44,-78 50,-52 34,-58 17,-52",
    "cloud": "INK~ -50,0 -48,-14 -34,-20 -26,-36 -6,-40 10,-34 20,-26 36,-26 48,-12 50,0 0,5",
    "pin": "+c8 0,0 52,-16 50,-22|+c8~ 40,-14 52,-26 66,-26 66,-14 52,-8|c9 0,0 8,-50 13,-50|"
    "INK~ -10,-58 -4,-76 12,-82 28,-74 30,-56 20,-44 4,-44|paper~ 0,-66 6,-74 12,-73 8,-64",
    "compass": "c9 0,-100 12,0 0,-12 -12,0|a9 0,100 12,0 0,12 -12,0|c9 -60,0 0,-9 0,9|c9 60,0 0,-9 0,9",
}

SCENES = {
    "river": (
        "sky 560;light 1130 270 105;clouds paper 3 150;hill b4>b1 470 50 2 700;hill b6>b3a1 530 34 3 800;"
        "trees b9c3 40 44;hill a6b3>a3b3 600 22 2;cuts b8 120 330 46;houses 2 640 760 54;"
        "river b4>b1 1010 604 560 640 1.2;ripples paper 40 680 990 380 1100;tree b9c4 250 700 190 poplar;"
        "tree b9c4 330 712 240 poplar;tree b9c4 424 716 180 poplar;tree c9b5 1270 770 270 willow;"
        "tree c9b5 1420 850 380 willow;blob c9b5 -60 1010 -40 860 160 840 330 930 420 1010;reeds c9b6 60 0 330 950 240",
        "sky 480;light 380 210 90;clouds paper 4 120;hill b3>b1 400 60 2 560;hill b7c1 452 24 3 560;trees b9c4 46 62;"
        "rect a6b2 0 496 1600 30;houses 4 980 1260 70 508;reflect 520 330;ripples paper 80 540 1000;"
        "0:stamp heron 1240 900 300;1:stamp sail 700 640 190;2:stamp rowboat 620 700 220;"
        "reeds c9b4 70 1080 1600 1010 270;reeds c9 20 0 240 1020 200",
        "patchwork 7 5;line a2 190 -60 180 300 260 420 560 700 640 860 400 1180 330 1360 620 1700 760;"
        "line b8 140 -60 180 300 260 420 560 700 640 860 400 1180 330 1360 620 1700 760;"
        "line b4 16 -60 160 310 240 450 530 690 600 840 380 1180 300 1390 600 1700 730;"
        "line paper 9 500 -20 560 300 690 480 1000 1010;copse b9c4 60;1:houses 5 1040 1300 44 800;"
        "2:stamp sail 800 560 120",
    ),
    "estuary": (
        "sky 400;light 1060 200 80;hill b5>b2 380 22 2 460;hill a4b2>a6b1 404 5 3;cuts a8b3 90 600 150;"
        "river b3>paper 300 404 60 420 0.9;river b4>paper 820 404 900 560 1.1;river b3>paper 1300 404 1640 380 0.8;"
        "cuts a8b4 60 590 120;ripples paper 40 560 1000;birds c9 16 900 260 170;posts c9 9 180 960 760 410 250;"
        "0:stamp heron 1260 920 260;1:stamp sail 1180 470 90;2:stamp rowboat 1180 800 320",
        "sky 700;light 560 300 170;birds c9 14 900 240 160;hill b5>b2 560 14 2 640;rect b4>b2 0 572 1600 80;"
        "hill a5b2>a3 640 10 1;hill b3>paper 690 12 1;hill a6b3>a4b1 760 16 1;ripples paper 60 700 1000;"
        "hill b4>b1 830 20 1;stamp heron 1120 930 420;stamp heron 820 860 -220;stamp heron 1390 850 170;"
        "hill c9b6 950 26 2;reeds c9b6 50 0 620 1000 200",
        "sky 780;light 1240 330 90;clouds paper 8 110;clouds a5 3 420;hill b7c2>b4 720 20 2 800;trees b9c4 24 40;"
        "houses 5 140 470 52 730;stamp church 1260 734 120;rect b4>a2 0 748 1600 260;ripples paper 90 760 1000;"
        "stamp sail 940 850 330;stamp sail 1210 800 160;stamp sail 770 775 -90;posts c9 6 60 1000 480 760 330",
    ),
    "town": (
        "sky 1000;light 300 190 80;clouds paper 3 110;hill b4>b2 330 60 1;hill a4b3 420 70 1;houses 15 -20 1600 92;"
        "stamp church 980 430 250;hill b6a2 560 60 1;houses 12 -40 1600 122;trees b9c4 14 90;hill a5b4 730 50 1;"
        "houses 9 -60 1600 165;trees b9c4 10 120;hill b8c4>c9 900 40 1;houses 7 -90 1600 215;trees c9b6 9 150",
        "sky 640;light 1230 190 85;clouds paper 4 90;hill b5>b2 430 60 2;stamp church 470 560 330;trees b9c4 30 80;"
        "houses 11 60 1540 132 618;rect b6c4 0 606 1600 34;reflect 640 420;ripples paper 60 660 1000;"
        "0:stamp rowboat 640 800 260;1:stamp sail 900 780 260;2:stamp rowboat 1000 760 230;"
        "posts c9 5 1560 1000 1240 650 260",
        "sky 900;light 800 330 150;street 800 520 900;poly paper 800 520 960 1000 620 1000;people 3 700 900 690 130;"
        "0:person 600 970 400;1:person 1010 840 260 b9 a5c3;2:person 560 960 330 a9 a5c4 c9;stamp dog 720 960 120",
    ),
    "bridge": (
        "sky 700;light 330 210 95;clouds paper 3 110;hill b4>b2 400 70 2 700;hill b6a1 480 40 3 700;trees b9c3 30 56;"
        "houses 5 1120 1500 76 590;rect b4>b2 0 600 1600 80;arches c8 384 30 4 -60 1640 640;"
        "arches a6c2 370 34 4 -80 1620 640;line c9 5 -10 392 1610 392;rect a4 0 358 1600 14;people 3 520 900 362 66;"
        "reflect 640 330;ripples paper 70 650 1000;0:reeds c9b4 50 0 420 1010 220;1:stamp rowboat 420 820 300;"
        "2:reeds c9b4 60 900 1600 1010 220",
        "sky 700;light 800 300 150;clouds paper 5 90;hill b4>b1 540 40 1 700;houses 9 60 620 58 600;"
        "stamp church 1180 600 190;trees b9c4 20 46;rect b5c2 0 600 1600 60;truss c9 560 150 1450 270 10;"
        "rect c9 140 560 40 110;rect c9 1420 560 40 110;reflect 650 460 4;ripples paper 60 660 1000;"
        "birds c9 10 1150 200 120;0:stamp sail 420 850 220;1:stamp rowboat 980 830 260;2:view .86 .5 .2",
        "sky 700;light 980 330 110;clouds paper 4 150;hill b4>b2 500 50 2 760;hill b6 560 30 2 760;trees b9c3 30 60;"
        "houses 6 420 940 92 660;stamp church 1060 652 240;rect a6b3 0 640 1600 40;reflect 680 340 5;"
        "ripples paper 60 690 1000;arches b7c4 -160 70 1 -120 1720 1000;arches c9b4 -190 70 1 -190 1660 1000;"
        "stones b6c4 90;0:stamp rowboat 760 850 260;1:stamp heron 560 900 250;2:stamp rowboat 900 830 260;2:view 1",
    ),
    "rain": (
        "sky 600;hill b6>b3 420 50 2;stamp cloud 380 210 620 b8c3;stamp cloud 1180 180 760 c8b6;"
        "stamp cloud 820 260 560 b6c1;houses 12 -30 1600 130 620;rain b9c2 90 110 1.9;stamp church 1130 640 300;"
        "houses 8 -60 1600 205 780;trees b9c4 9 130;rect c9b6 0 850 1600 150;houses 5 -90 1620 330 1020;"
        "rain paper 190 120 1.9;2:view .86 .5 .1",
        "sky 560;hill b5>b3 330 40 2;houses 10 -40 1620 170 560;rect b4c1 0 550 1600 30;reflect 570 300 4;"
        "rain b9c3 110 130 1.86;umbrellas 7 60 1560 830 330;umbrellas 5 -40 1640 1110 560;rain paper 130 130 1.86",
        "rect b7c2>b2 0 0 1600 400;2:sky 400;hill b8c3 240 26 2 420;trees b9c5 40 80;houses 3 960 1220 92 318;"
        "rect b9c3 0 312 1600 12;reflect 322 318 5;posts c9 8 80 820 1130 350 300;rings paper b4 430 560 150 3;"
        "rings paper b4 860 460 100 2;rings paper b4 1280 640 190 3;rings paper b5 660 830 280 4;"
        "rings paper b5 1420 900 170 3;rings paper b4 1440 430 70 2;rings paper b5 150 930 160 3;"
        "rect c9 1006 380 16 340;poly a9 930 500 1096 500 1014 356;poly paper 962 484 1066 484 1014 392;"
        "rain paper 100 150 1.75;0:stamp rowboat 400 700 300;2:view .9 .6 .2",
    ),
    "field": (
        "sky 480;light 500 220 95;clouds paper 4 110;birds c9 12 1050 240 130;hill b4>b2 400 50 2;hill b6 440 24 3;"
        "trees b9c3 40 50;houses 3 1120 1330 80 480;rect a6b2>a8b4 0 470 1600 530;furrows b8c4 19 700 466;"
        "furrows +a9 9 700 466;0:tree b9c4 1340 640 340 round;1:tree c9b5 1330 660 380 willow;"
        "1:tree c9b5 1130 560 190 willow;2:tree b9c4 1180 620 230 poplar;2:tree b9c4 1250 626 180 poplar;"
        "person 930 640 130",
        "sky 420;light 1150 190 80;clouds paper 3 90;hill b4>b2 330 60 1;hill a5b2 400 70 1;combs a8b4 9 14 4;"
        "trees b9c4 12 60;hill b6a3 500 80 1;combs paper 7 22 3;houses 3 980 1190 86;hill a7b1 620 70 1;"
        "combs b6 10 20 5;trees b9c4 9 100;hill b8c2 760 90 1;combs a5b5 6 26 5;trees b9c5 6 140;hill c9b6 920 40 1",
        "sky 560;light 1060 250 120;clouds paper 5 110;hill b4>b2 470 30 2;hill b6c1 520 20 3;trees b9c4 34 44;"
        "houses 2 240 350 60 560;rect a5b3 0 548 1600 24;0:tree b9c5 620 572 380 round;1:tree c9b5 600 572 460 willow;"
        "2:tree b9c5 600 572 190 poplar;2:tree b9c5 690 572 230 poplar;posts c9 9 1540 660 820 566 150;"
        "reflect 570 420 4;ripples paper 80 590 1000;posts c9 8 40 1010 560 640 330;0:birds c9 9 900 260 90;"
        "1:stamp heron 1180 900 260;2:stamp rowboat 1000 780 250",
    ),
    "meeting": (
        "rect a4b1 0 0 1600 1000;2:rect b4 0 0 1600 1000;planks a6b3 13;disc +c7 830 535 470 250;"
        "council 9 800 500 520 330;disc b4 800 500 450 235;disc b2 800 500 425 215;"
        "poly paper 620 420 940 390 990 580 650 610;line b7 16 632 560 720 500 800 520 880 450 950 440;"
        "line a9 5 700 410 740 500 860 590;disc a9 760 470 13;poly paper 1010 430 1110 450 1090 560 990 530;"
        "poly paper 470 480 560 450 580 540 500 570;disc c9 1130 510 26;disc paper 1130 510 19;disc c9 540 610 26;"
        "disc a9 540 610 19;1:view .8 .2 .5;2:view .7 .8 .6",
        "wall;window 120 130 380 330;window 1100 130 380 330;line c9 5 800 0 800 130;"
        "poly a9 690 210 910 210 850 130 750 130;disc paper 800 212 44 14;2:poly +g6 690 212 910 212 1500 760 100 760;"
        "people 4 330 1290 905 540;poly b4c1 130 690 1470 690 1600 800 0 800;rect b8c4 0 798 1600 210;"
        "poly paper 560 700 1000 700 1060 782 520 782;line b7 12 540 760 680 730 800 748 930 716 1010 712;"
        "line a9 5 690 704 720 740 840 778;stamp cup 420 752 80;stamp cup 1180 760 80;stamp jug 1090 748 90;"
        "sitter 260 1230 640 c9 a5c7 c9;sitter 1290 1250 640 a8c2 c9 c9;sitter 1010 1330 600 a5b3 b3 b3",
        "wall;rect a6c1 0 640 1600 360;rect c8 340 90 720 440;rect paper 352 102 696 416;"
        "blob b3 380 400 470 300 620 330 760 250 900 300 1020 200 1020 420 800 470 560 480;"
        "line b8 18 356 420 480 350 620 380 760 290 900 330 1044 210;line c5 3 520 104 560 300 700 516;"
        "disc a9 640 350 16;disc a9 850 300 16;2:rect +g5 340 90 720 440;person 1210 700 400 a9 a5c3;"
        "line a4c3 6 1160 440 980 330;crowd 3 12 560 300",
    ),
    "map": (
        "rect a2 0 0 1600 1000;contours 420 330 330 7;contours 1240 720 400 8;"
        "blob b2 -40 620 240 520 520 560 760 420 1020 420 1240 260 1640 240 1640 420 1300 480 1080 620 820 640 560 760 "
        "260 760 -40 860;line b8 34 -40 740 260 650 520 660 780 530 1040 520 1260 370 1640 330;grid +c4 8 5;"
        "line a9 10 330 -20 420 260 640 480 700 620 980 820 1020 1020;disc c9 664 540 22;disc paper 664 540 12;"
        "disc c9 1046 516 22;disc paper 1046 516 12;houses 4 820 1000 44 480;houses 3 520 640 40 820;"
        "stamp pin 664 536 150 c9;1:stamp pin 1046 512 150 c9;stamp compass 1440 150 100;2:view .7 .5 .5",
        "rect a6c4 0 0 1600 1000;2:rect b7c5 0 0 1600 1000;planks +c7 9;unfolded b2 6;"
        "blob +b4 140 560 360 500 600 560 820 470 1080 500 1470 380 1470 500 1100 610 840 580 600 680 360 620 140 690;"
        "line b8 24 132 620 360 560 600 620 820 520 1080 550 1476 430;"
        "line a9 7 300 180 460 420 700 470 1010 400 1180 240;line c6 4 520 190 640 420 620 780;"
        "line c6 4 136 330 700 300 1476 340;stamp pin 700 470 150;stamp pin 1010 400 150;0:stamp pin 460 620 150 c9;"
        "disc +c8 1402 832 120 100;disc b7 1390 810 118;disc paper 1390 810 100;disc a8c4 1390 810 86;"
        "poly +c8 180 880 520 960 516 974 176 894;poly a9 170 860 500 936 494 962 164 886;"
        "poly c9 500 936 494 962 540 962;2:view .84 .2 .9",
        "patchwork 15 9 paper 14;line paper 34 -20 300 500 340 1000 250 1640 330;"
        "line paper 34 420 -20 470 500 400 1020;line paper 30 1100 -20 1060 480 1160 1020;"
        "line paper 26 -20 760 700 720 1640 800;line b8 110 -60 520 300 500 620 590 900 520 1240 560 1660 480;"
        "line paper 40 470 410 472 660;line paper 40 1076 410 1086 680;"
        "blob +b5 -60 430 200 380 420 430 700 440 900 400 1250 420 1660 380 1660 640 1300 700 980 640 700 730 400 640 "
        "-60 660;line a9 12 200 900 420 760 470 500 620 340 1000 260 1060 120;stamp pin 200 900 130 c9;"
        "stamp pin 1060 120 130 c9;0:stamp pin 700 560 170 c9;1:stamp pin 1240 540 170 c9;2:stamp pin 620 340 150 c9;"
        "2:view .7 .3 .3",
    ),
    "boat": (
        "sky 560;light 1080 230 120;clouds paper 3 130;hill b3>b1 420 60 2 620;hill b5>b2 490 40 2 620;"
        "trees b7c1 36 50;rect b4 0 548 1600 12;reflect 560 260 4;ripples paper 70 590 1000;disc +b7 690 812 330 26;"
        "sitter 700 890 340 a9 a5c3;stamp rowboat 690 820 560;line c9 10 640 700 460 850;line c9 10 760 700 950 860;"
        "0:birds c9 9 420 250 90;1:reeds c9b5 60 0 360 1010 260;2:reeds c9b5 50 1200 1600 1010 240;2:view .88 .6 .6",
        "sky 900;light 800 300 120;street 800 520 900;reflect 700 560 5;ripples paper 90 710 1000 200 1400;"
        "poly +b5 0 700 1600 700 1600 720 0 720;sitter 560 960 300 b9 a6c5;sitter 720 950 320 a9 a3 b3;"
        "stamp rowboat 650 910 620;line a8c4 10 790 690 900 950;0:stamp rowboat 980 730 130;"
        "1:stamp rowboat 1040 740 -160;2:stamp rowboat 980 730 130;2:view .9 .5 .9",
        "rect b6>b4 0 0 1600 1000;ripples b3 120 0 1000;ripples paper 50 0 1000;rect +c6 30 150 1570 130;"
        "rect a5c2 0 120 1600 120;bays c7 20;line a3 5 300 230 290 330 330 400;line a3 5 690 230 730 330 690 420;"
        "line a3 5 1090 230 1050 320 1090 390;line a3 5 1400 230 1420 320 1400 400;stamp dinghy 330 470 330 a9;"
        "stamp dinghy 690 500 400 c9;stamp dinghy 1090 450 300 b9c3;stamp dinghy 1400 470 350 a9c4;"
        "0:person 520 230 130;1:view .8 .3 .3;2:view .72 .8 .3",
    ),
    "kitchen": (
        "wall;window 520 110 560 430;poly a9 424 60 560 60 540 260 470 420 500 600 424 600;"
        "poly a9 1176 60 1040 60 1060 260 1130 420 1100 600 1176 600;line +c5 7 468 64 462 240 440 420 452 600;"
        "line +c5 7 1132 64 1138 240 1160 420 1148 600;line +c5 6 512 64 500 240 454 400;"
        "line +c5 6 1088 64 1100 240 1146 400;rect c9 400 50 800 16;rect b6c4 0 760 1600 240;rect a5c2 0 740 1600 34;"
        "stamp kettle 420 742 240;stamp cup 690 742 200;stamp cup 870 742 200 c9;stamp bowl 1090 742 200 b8;"
        "stamp jug 1330 742 260 a7;rect +c5 120 820 640 180;rect +c5 840 820 640 180;disc a7 690 900 16;"
        "disc a7 910 900 16;0:stamp plant 620 570 140 a9;1:stamp plant 980 570 150 c9;2:stamp lampshade 1180 742 330",
        "wall;"
        "shelf 300 jar 160 190 jar 270 220 bowl 480 190 cup 640 140 cup 740 140 jug 930 190 jar 1100 200 jar 1210 170 "
        "plant 1430 160;"
        "shelf 570 bowl 200 210 cup 400 150 cup 510 150 kettle 760 200 jar 990 220 jar 1110 190 jar 1230 230 bowl 1430 "
        "200;rect a5c2 0 850 1600 30;rect b7c4 0 880 1600 120;stamp jug 260 852 260 a8;stamp bowl 620 852 250 b9;"
        "stamp cup 900 852 190;2:stamp lampshade 1200 852 400;0:stamp plant 1260 852 260 a9;1:stamp kettle 1260 852 300",
        "wall;tide 560;rect b5c4>b3c2 0 800 1600 200;planks +c5 9;rect paper 1090 180 330 640;"
        "rect b8c4 1108 198 294 622;1:rect a6 1108 198 294 622;rect b3>paper 1108 560 294 262;"
        "rect +c3 1130 230 110 240;disc a9 1376 540 14;rect paper 240 180 170 220;rect a9 240 180 170 56;"
        "line c6 4 262 268 388 268;line c6 4 262 304 388 304;line c6 4 262 340 388 340;disc a9 352 304 20;"
        "rect c9 160 690 700 26;rect c9 200 716 26 220;rect c9 790 716 26 220;stamp fallen 390 690 260;"
        "stamp fallen 650 690 -260;blob c9 900 940 904 800 950 800 960 900 1020 920 1020 944;"
        "blob c9 1030 950 1034 812 1080 812 1090 912 1150 930 1150 954;2:stamp lampshade 520 690 200",
    ),
    "lamp": (
        "wall;evening;window 130 110 380 400;poly +g7>g2 840 380 1040 480 1180 770 420 770;rect a4c2g5 0 760 1600 260;"
        "disc +g8 800 800 430 60;rect c9 1196 440 12 320;line c9 13 1200 450 1120 250;line c9 13 1124 256 930 330;"
        "blob c9 1120 762 1140 740 1260 740 1290 762;poly a9g6 830 380 1050 485 1020 330 930 280;disc g9 930 436 70 26;"
        "poly g9 520 800 800 780 850 870 560 900;poly g8 800 790 980 780 1050 850 880 880;"
        "line b8 9 560 870 640 840 720 850 820 830;line c7 4 880 812 1000 802;line c7 4 900 836 1020 826;"
        "stamp cup 330 830 170;2:stamp plant 1440 770 240 a9",
        "rect b9c4>a5b3 0 0 1600 800;evening;hill b8c4 420 30 2;houses 9 -40 1620 180 640;rect b7c5 0 630 1600 26;"
        "poly +g6>g2 760 250 920 250 1180 780 500 780;reflect 650 420 5;disc +g5 840 800 420 60;rect c9 833 230 16 560;"
        "blob c9 796 790 820 764 862 764 886 790;poly a9g9 796 250 884 250 868 180 812 180;"
        "poly c9 780 180 900 180 840 140;rain paper 120 120 1.85;0:umbrellas 1 560 700 860 360;"
        "1:umbrellas 2 420 780 880 380;2:umbrellas 1 980 1160 870 370",
        "rect a6c5 0 0 1600 1000;2:rect b7c4 0 0 1600 1000;1:rect a4c6 0 0 1600 1000;evening;bricks +c7 170;"
        "bricks +a8 90;rect b3c3 500 150 600 680;rect a6g9 530 180 540 620;disc a2g9 706 470 168;"
        "stamp lampshade 706 772 400 a9;sitter 940 1010 620 c9 a5c3g5;rect b3c3 790 180 18 620;"
        "rect b3c3 530 470 540 16;rect a5c6 450 800 700 44;stamp plant 1010 802 170 b8;"
        "poly +g4>g1 530 850 1070 850 1500 1000 100 1000;0:rain paper 70 120 1.85;1:view .8 .5 .7;2:view .88 .4 .6",
    ),
    "dike": (
        "sky 440;light 1180 210 95;clouds paper 4 110;hill b4>b2 410 16 3 470;poly b5>b2 0 420 760 420 560 1000 0 1000;"
        "ripples paper 60 440 1000 0 480;poly a5b2 760 420 1600 470 1600 1000 1480 1000;rect a6b2 1000 452 600 60;"
        "houses 4 1080 1420 74 560;tree b9c4 1500 610 150 round;tree b9c4 980 500 70 round;tree b9c4 1040 516 80 round;"
        "poly a5b3 760 420 1600 560 1600 1000 1420 1000;poly a7b4 760 420 560 1000 650 1000;"
        "poly paper 760 420 650 1000 900 1000;poly b7a3 760 420 900 1000 1440 1000;"
        "poly +c4 760 420 1000 1000 1440 1000;people 2 740 800 600 130;posts c9 9 500 990 752 424 120;"
        "0:stamp sail 300 600 170;1:stamp sail 420 520 -110;2:stamp rowboat 260 720 240",
        "sky 700;light 520 190 85;clouds paper 4 90;hill b4>b2 470 20 2;rect b4>b8 0 430 760 330;"
        "ripples paper 40 436 560 0 600;hill a6c3 750 8 1;rect a5c5 0 840 1600 60;rect a3c7 0 900 1600 100;"
        "strata c9 40;poly a6b4 520 760 700 390 840 390 1180 660 1600 660 1600 760;"
        "poly a8c3 600 760 730 470 800 470 1010 760;line b7 7 640 480 760 560 940 640 1180 700 1600 716;"
        "houses 3 1290 1560 86 660;tree b9c4 1230 664 110 round;people 2 720 820 394 110;stamp sail 270 446 190;"
        "0:birds c9 8 1100 240 100;1:stamp sail 480 440 110;2:stamp rowboat 470 444 120",
        "sky 640;light 480 260 110;clouds paper 5 100;hill b4>b2 560 14 3 660;trees b9c3 20 36;"
        "poly a6b4 -10 640 -10 560 1610 520 1610 640;poly a4b1 -10 562 1610 522 1610 536 -10 580;"
        "stamp mill 1080 540 330;tree b9c4 200 560 120 poplar;tree b9c4 290 560 140 poplar;"
        "tree b9c4 380 558 120 poplar;tree b9c4 470 556 130 poplar;person 730 556 120;stamp dog 790 554 60;"
        "rect b8c3 0 632 1600 20;reflect 650 470 4;ripples paper 70 664 1000;0:reeds c9b5 60 1000 1600 1010 240;"
        "1:stamp heron 420 900 -260;2:stamp rowboat 620 820 280;reeds c9b5 20 0 200 1010 200",
    ),
}


# Portraits
# Ink a is the skin, b the clothes, c the dark, d an accent. The shapes of a head are in hundredths
# of its half height about the middle of the face; it is lit from the left.

BUST = "-290,360 -262,262 -222,212 -158,180 -104,162 -60,146"  # the left shoulder, from outside
OTHER = "60,146 104,162 158,180 222,212 262,262 290,360"
FEATURES = {
    "neck": "a9 -34,40 -38,116 -62,146 -104,164 -60,270 60,270 104,164 62,146 38,116 34,40|"
    "+c4~ -34,80 -10,106 18,110 37,90 38,116 56,142 96,164 60,190 20,196 2,160 -16,116",
    "face": "a9~ 0,-100 36,-94 60,-68 68,-28 67,12 59,50 40,82 15,100 -15,100 -40,82 -59,50 -67,12 -68,-28 -60,-68 -36,-94",
    "longface": "a9~ 0,-100 34,-95 57,-70 64,-30 63,14 56,54 38,88 13,106 -13,106 -38,88 -56,54 -63,14 -64,-30 -57,-70 -34,-95",
    "jawface": "a9~ 0,-100 38,-94 62,-68 69,-28 68,16 64,54 46,86 20,101 -20,101 -46,86 -64,54 -68,16 -69,-28 -62,-68 -38,-94",
    "ears": "a9~ 60,-10 74,-18 81,0 76,24 62,30|+c5~ 60,-10 74,-18 81,0 76,24 62,30|"
    "a9~ -60,-10 -74,-18 -81,0 -76,24 -62,30|+c3~ -66,-6 -74,-8 -75,4 -68,18",
    "shade": "+c3~ 40,-92 60,-68 68,-28 67,12 59,50 40,82 15,100 -4,100 -9,91 -5,82 -10,74 -5,67 -12,61 -8,52 -7,46 -17,41 "
    "-18,35 -11,14 -3,-4 2,-16 16,-34 30,-60",
    "eyes": "+c3~ -56,-4 -46,-14 -28,-14 -13,-2 -26,8 -46,8|+c4~ 6,-4 20,-14 40,-14 51,-4 40,8 20,8|"
    "c9~ -55,3 -42,-6 -27,-5 -16,4 -28,0 -42,-1|c9~ 9,4 22,-5 36,-6 49,3 36,-1 22,0|"
    "c9~ -41,-3 -30,-3 -29,4 -35,9 -41,4|c9~ 23,-3 34,-3 35,4 29,9 23,4",
    "brows": "INK~ -58,-17 -44,-27 -20,-23 -19,-18 -42,-21|INK~ 9,-23 32,-27 53,-17 36,-21 10,-18",
    "nose": "+c5~ -23,38 -17,45 -5,46 8,44 6,41 -7,42|+c3~ 9,30 15,38 11,44 3,42",
    "mouth": "+c6~ -30,64 -16,62 -6,64 4,62 20,64 6,67 -6,68 -18,67|+c3~ -18,78 -3,82 12,78 -3,75|+c3~ -14,58 -6,61 2,58 -6,57",
    "lines": "+c3~ -34,46 -39,58 -38,70 -36,58|+c5~ 25,46 32,58 31,70 28,58|+c3~ -32,-52 -4,-56 22,-52 -4,-53|"
    "+c3~ -26,-42 -4,-45 18,-42 -4,-43|+c3~ -64,0 -58,4 -64,8 -62,4|+c3~ -50,13 -36,17 -20,13 -36,14|"
    "+c5~ 14,13 28,17 44,13 28,14",
    "drape": "+c3~ 64,150 104,162 158,180 222,212 262,262 290,360 130,360 112,270 84,210",
    # Hair, behind the head and before it
    "bob": "INK~ 0,-122 52,-114 86,-74 94,-10 92,50 84,96 46,104 -46,104 -84,96 -94,50 -96,-10 -88,-74 -52,-114",
    "fringe": "INK~ 24,-110 62,-94 84,-52 88,10 86,64 74,92 66,84 64,24 58,-20 36,-56 20,-84 2,-62 -32,-40 -58,-16 -66,28 "
    "-68,84 -78,92 -90,60 -90,0 -84,-56 -52,-102 -8,-118|"
    "+c3~ 20,-84 36,-56 58,-20 64,24 66,84 74,92 86,64 88,10 84,-52 62,-94 24,-110|"
    "+c4~ 12,-96 -24,-66 -58,-44 -76,0 -62,-50 -26,-74|+c4~ 4,-106 -40,-86 -72,-48 -84,10 -78,-50 -44,-92|"
    "+c5~ 40,-88 66,-50 76,10 72,60 70,10 60,-48",
    "afro": "INK~ 0,-172 44,-168 86,-142 112,-100 122,-48 114,6 98,46 76,60 -76,60 -98,46 -116,6 -124,-48 -112,-102 "
    "-86,-142 -44,-168",
    "hairline": "INK~ 0,-112 40,-106 68,-76 74,-20 64,-10 58,-44 36,-70 0,-76 -36,-70 -58,-44 -64,-10 -74,-20 -68,-76 -40,-106",
    "long": "INK~ 0,-118 50,-110 84,-72 88,0 90,80 106,150 100,230 40,240 36,140 -40,90 -80,100 -92,40 -90,-30 -84,-72 -50,-110",
    "parting": "INK~ -6,-114 46,-106 80,-68 86,0 86,70 74,64 66,10 54,-36 22,-70 -2,-98 -20,-70 -52,-36 -66,10 -74,60 -84,30 "
    "-86,-30 -78,-70 -48,-104|+a3~ -12,-100 -44,-72 -70,-20 -76,30 -66,-22 -40,-66|"
    "+a3~ 8,-102 48,-74 74,-20 78,40 68,-20 42,-68",
    "lock": "INK~ 66,20 88,30 98,90 116,160 108,270 84,320 56,290 44,200 62,130|"
    "+a3~ 80,60 96,160 92,260 80,300 86,240 88,160|+a3~ 68,110 62,190 68,270 76,200",
    "crop": "INK~ -67,-14 -76,-48 -72,-84 -50,-112 -8,-126 40,-122 70,-98 78,-56 69,-14 64,-48 50,-70 16,-82 -28,-64 "
    "-58,-52|+c5~ 50,-70 64,-48 69,-14 78,-56 70,-98 40,-122 58,-96|+c5~ 30,-116 -6,-104 -40,-72 0,-96|"
    "+c5~ 54,-108 22,-98 0,-84 30,-92",
    "sides": "INK~ -65,18 -79,0 -82,-42 -66,-76 -58,-84 -60,-50 -65,-20|INK~ 65,18 79,0 82,-42 66,-76 58,-84 60,-50 65,-20|"
    "+c3~ 65,18 79,0 82,-42 66,-76 58,-84 60,-50 65,-20",
    "beard": "INK~ -66,4 -60,36 -44,54 -20,52 -6,56 10,52 38,52 58,34 66,4 66,52 50,94 18,120 -18,120 -50,94 -66,52|"
    "+c3~ -6,56 10,52 38,52 58,34 66,4 66,52 50,94 18,120 -6,120|+c7~ -28,67 -8,64 4,64 18,67 2,71 -14,71",
    "stubble": "+c2~ -65,20 -56,46 -30,54 -6,50 20,54 50,46 65,20 60,56 42,84 16,102 -16,102 -42,84 -60,56",
    "moustache": "INK~ -44,66 -24,51 -6,48 14,51 36,66 18,63 -5,58 -26,63|+c3~ -5,48 14,51 36,66 18,63 -5,58",
    "bun": "INK~ -30,-114 -42,-140 -26,-166 8,-172 38,-156 44,-130 28,-112|+c3~ 8,-172 38,-156 44,-130 28,-112 6,-116|"
    "+c5~ -30,-140 0,-154 30,-146 0,-146",
    "pulled": "INK~ -67,-4 -77,-42 -69,-88 -38,-116 0,-122 38,-116 69,-88 77,-42 67,-4 60,-42 44,-70 -4,-86 -44,-68 -60,-40|"
    "+c3~ -4,-86 44,-70 60,-42 67,-4 77,-42 69,-88 38,-116 16,-120|+c4~ -50,-58 -32,-90 -6,-112 -22,-84|"
    "+c4~ -66,-36 -54,-80 -26,-108 -44,-76",
    "wrap": "INK~ -72,-26 -86,-70 -76,-122 -38,-156 6,-162 52,-150 84,-114 88,-68 74,-26 56,-54 0,-66 -54,-54|"
    "+c4~ 30,-60 46,-104 40,-156 66,-140 86,-108 88,-68 74,-26 58,-52|"
    "+b6~ -82,-66 -30,-86 30,-84 86,-62 30,-76 -30,-78|+b6~ -80,-92 -30,-112 20,-112 68,-96 20,-104 -30,-104|"
    "INK~ -40,-142 -66,-176 -36,-198 0,-168 32,-200 66,-178 40,-144 0,-150|"
    "+c5~ 0,-168 32,-200 66,-178 40,-144 8,-150",
    "swept": "INK~ -68,-2 -81,-40 -80,-88 -52,-124 2,-136 54,-124 84,-90 84,-40 68,-2 62,-44 50,-74 22,-88 -14,-78 -44,-60 "
    "-60,-40|+c3~ 50,-74 62,-44 68,-2 84,-40 84,-90 54,-124 30,-130 56,-100|+c4~ 34,-112 -6,-112 -48,-84 -2,-104|"
    "+c4~ 52,-100 16,-102 -30,-82 20,-94",
    # Clothes
    "jacket": f"INK~ {BUST} -40,200 0,250 40,200 {OTHER}|paper -54,146 0,210 54,146 40,360 -40,360|"
    "+c3 0,210 54,146 40,360 8,360|INK -62,138 -96,206 -56,216 -74,244 -6,400 -14,300 -30,230|"
    "+c6 -62,138 -96,206 -56,216 -74,244 -6,400 -30,260|INK 62,138 96,206 56,216 74,244 6,400 14,300 30,230|"
    "+c8 62,138 96,206 56,216 74,244 6,400 30,260",
    "round": f"INK~ {BUST} -44,180 0,196 44,180 {OTHER}|+c4~ -66,146 -48,184 0,204 48,184 66,146 44,176 0,192 -44,176",
    "shirt": f"INK~ {BUST} -30,180 0,206 30,180 {OTHER}|paper -58,132 -84,170 -34,222 0,196|paper 58,132 84,170 34,222 0,196|"
    "+c3 58,132 84,170 34,222 0,196|+c5 -2,204 3,204 3,380 -3,380|c8 -1,250 8,256 -1,262|"
    "+c3 -150,190 -146,190 -138,360 -144,360|+c3 -110,180 -106,180 -100,360 -106,360|"
    "+c3 -190,206 -186,206 -178,360 -184,360|+c3 -70,210 -66,210 -62,360 -68,360",
    "anorak": f"INK~ {BUST} -50,170 0,230 50,170 {OTHER}|INK~ -64,120 -92,140 -84,184 -50,226 0,262 -4,222 -48,176|"
    "+c5~ -64,120 -92,140 -84,184 -50,226 0,262 -4,222 -48,176|INK~ 64,120 92,140 84,184 50,226 0,262 4,222 48,176|"
    "+c7~ 64,120 92,140 84,184 50,226 0,262 4,222 48,176|d9 -4,250 4,250 5,380 -5,380|"
    "d9 -236,240 -130,206 -126,226 -240,264|d9 236,240 130,206 126,226 240,264",
    "tunic": f"INK~ {BUST} -30,200 0,256 30,200 {OTHER}|paper -62,138 -76,154 0,280 76,154 62,138 0,252|"
    "+c3 62,138 76,154 0,280 0,252|c6 -150,250 -110,250 -110,256 -150,256|paper -144,226 -136,226 -136,256 -144,256",
    "uniform": f"INK~ {BUST} -30,180 0,206 30,180 {OTHER}|c9 -14,196 14,196 22,380 -22,380|INK -58,132 -88,176 -34,228 0,196|"
    "+c4 -58,132 -88,176 -34,228 0,196|INK 58,132 88,176 34,228 0,196|+c6 58,132 88,176 34,228 0,196|"
    "d8 -246,238 -150,182 -134,198 -232,262|d8 246,238 150,182 134,198 232,262|+c6 80,262 160,262 160,270 80,270",
    "cardigan": f"d5~ {BUST} -40,190 0,216 40,190 {OTHER}|"
    "INK~ -290,360 -262,262 -222,212 -158,180 -104,162 -70,148 -60,200 -44,380|"
    "INK~ 290,360 262,262 222,212 158,180 104,162 70,148 60,200 44,380|+c5 -64,210 -58,210 -42,380 -48,380|"
    "+c5 64,210 58,210 42,380 48,380",
    "polo": f"INK~ {BUST} 0,150 {OTHER}|INK~ -46,88 -52,130 -56,160 0,178 56,160 52,130 46,88 0,112|"
    "+c4~ 4,110 46,88 52,130 56,160 6,177|+c4~ -56,160 0,180 56,160 54,168 0,188 -54,168|"
    "+c3~ -46,110 0,132 46,110 0,138|+c3~ -240,300 -100,330 100,330 240,300 100,338 -100,338",
    "scarf": "INK~ -70,112 -90,150 -66,186 0,206 66,186 90,150 70,112 0,150|INK~ 16,180 62,172 82,260 76,360 24,360 26,260|"
    "+c4~ 6,150 70,112 90,150 66,186 10,205|+c5~ -66,142 0,172 66,142 0,162|+c5~ -70,166 0,190 70,166 0,182|"
    "+c5~ 44,200 58,270 52,350 50,270",
}


class Easel(Press):
    """A press that knows where the sitter's head is."""

    def head(self, x, y, size, breadth=1, tilt=0):
        self.place = (x, y, size)
        self.pose(breadth, tilt)

    def put(self, name, own="c9"):
        self.stamp(name, *self.place, own)

    def body(self, name, own="b9"):
        """Clothes and neck hang straight, however the head is held."""
        (x, y, size), breadth, tilt = self.place, self.breadth, self.tilt
        self.pose()
        self.stamp(name, x, y - 0.16 * size, size, own)
        self.breadth, self.tilt = breadth, tilt

    def features(self, face, brows="c9"):
        self.body("drape")
        for name in ("ears", face, "shade", "eyes", "brows", "nose", "mouth"):
            self.put(name, brows)

    def curls(self, ink, gleam):
        """Short curls, heaped about the crown and over the brow."""
        x, y, size = self.place
        laps = ((68, 84, 165, 376), (78, 104, 180, 362), (70, 92, 200, 340), (40, 84, 200, 340))
        for lap, (rx, ry, first, last) in enumerate(laps):
            for turn in range(first, last, 17):
                t = (turn + 7 * lap) * pi / 180
                r = size * self.rng.uniform(0.13, 0.2)
                u, v = x + rx * cos(t) * size / 100, y + (ry * sin(t) - 20) * size / 100
                self.disc(ink, u, v, r)
                if cos(t) < 0.3:
                    self.fill(lens(u - r * 0.2, v - r * 0.3, r * 1.2, r * 0.28, t + pi / 2), gleam)

    def spectacles(self, ink, w, h, power=1):
        """Two rims, a bridge and an arm; the power squares them off."""
        x, y, size = self.place
        unit = size / 100
        for middle in (-34, 31):
            rim = []
            for k in range(26):
                c, s = cos(k * pi / 12), sin(k * pi / 12)
                u = middle + w * abs(c) ** power * (1 if c > 0 else -1)
                v = 1 + h * abs(s) ** power * (1 if s > 0 else -1)
                rim += [x + u * unit, y + v * unit]
            self.line(ink, 8, *rim)
        bridge = (-34 + w, -3, 31 - w, -3)
        self.line(ink, 8, *(o + n * unit for o, n in zip((x, y, x, y), bridge, strict=True)))


GROUNDS = {
    "water": "rect d3>d1 0 0 1000 1000;rect d5 0 560 1000 440;rect d3 0 600 1000 8;rect d3 0 660 1000 8",
    "disc": "rect d2 0 0 1000 1000;disc d5 500 430 400",
    "hills": "rect d3>d1 0 0 1000 1000;blob d5 -200 640 100 520 420 600 760 500 1200 640 1200 1200 -200 1200",
    "window": "rect d4 0 0 1000 1000;rect d1 620 -10 300 620;rect d5 762 -10 12 620;rect d5 620 300 300 12",
    "plain": "rect d4>d2 0 0 1000 1000",
}

PEOPLE = {
    "ines-marlowe": (
        "water",
        ((230, 178, 142), (42, 62, 88), (40, 36, 48), (222, 176, 116)),
        "head 500 440 250 1 -2;put bob c2;body neck;body jacket b9;features longface c5;put lines;put fringe c1",
    ),
    "tobias-renn": (
        "window",
        ((242, 198, 172), (140, 96, 62), (48, 40, 44), (132, 160, 150)),
        "head 480 440 245 1.06 3;body neck;body shirt b9;features face c4;put lines;put beard c2;put sides c2;"
        "spectacles c9 25 23",
    ),
    "adaeze-okoro-lind": (
        "disc",
        ((132, 82, 58), (232, 172, 66), (36, 26, 34), (84, 142, 146)),
        "head 500 470 232 1 -3;put afro c9;body neck;body round b9;features face c9;put hairline c9;disc d9 312 550 17;"
        "disc d9 690 540 17",
    ),
    "priya-vanterpool": (
        "plain",
        ((198, 136, 96), (54, 116, 94), (42, 28, 36), (244, 184, 150)),
        "head 480 440 245 .95 4;put long c9;body neck;body round b9;features longface c9;put parting c9;body lock c9",
    ),
    "callum-strand": (
        "hills",
        ((238, 188, 160), (34, 78, 98), (34, 36, 48), (226, 128, 70)),
        "head 510 440 250 1.04 0;body neck;body anorak b9;features jawface d9c5;put stubble;put crop d9c4",
    ),
    "lena-szymborn": (
        "disc",
        ((244, 206, 182), (108, 142, 176), (58, 46, 56), (220, 184, 120)),
        "head 500 460 240 1.04 2;put bun d7c1;body neck;body tunic b9;features face d6c5;put lines;put pulled d7c1",
    ),
    "idris-hallam": (
        "plain",
        ((166, 110, 78), (48, 54, 76), (30, 26, 36), (222, 124, 88)),
        "head 500 440 250 1.06 -2;body neck;body uniform b9;features jawface c7;put lines;put beard c4",
    ),
    "mercy-tannadice": (
        "hills",
        ((112, 70, 52), (92, 78, 128), (32, 24, 34), (222, 106, 76)),
        "head 500 490 228 1.06 2;body neck;body cardigan b9;features face c9;put lines;put wrap d9;spectacles c9 27 21 .6",
    ),
    "joost-verkade": (
        "water",
        ((236, 174, 146), (36, 72, 86), (44, 44, 56), (150, 178, 186)),
        "head 505 445 250 1 -3;body neck;body polo b9;features longface c3;put lines;put swept c1;put moustache c1",
    ),
    "hannah-quill": (
        "window",
        ((226, 168, 128), (150, 62, 74), (56, 34, 40), (240, 164, 76)),
        "head 490 460 238 .98 3;body neck;body round b9;body scarf d9;features face c8;curls c9 c6",
    ),
}


# What is asked for

DAY, DUSK, NIGHT = range(3)


def illustration(kind: str, variant: int, size: tuple[int, int] = (1600, 1000)) -> Image.Image:
    """Return a print of a kind of place.

    Variants 1 to 3 are three compositions by day; 4 to 6 are their fellows seen at dusk, from
    the other side; 7 to 9 are closer, by night. No two of a kind are in the same inks.
    """
    if kind not in SCENES or variant not in range(1, 10):
        raise ValueError(f"There is no picture {kind}:{variant}.")
    recipes, turn = SCENES[kind], list(SCENES).index(kind)
    mood, which = divmod(variant - 1, 3)
    press = Built(size, f"{kind}:{variant}", (1600, 1000), mood, STAMPS)
    press.mirrored = mood == DUSK
    press.zoom = 0.8 if mood == NIGHT else 1
    press.draw(recipes[which])
    inks = 6 + (variant + turn) % 3 if mood == NIGHT else (variant - 1 + turn) % 6
    return press.pull(PALETTES[inks])


def portrait(slug: str, size: tuple[int, int] = (900, 900)) -> Image.Image:
    """Return a printed head and shoulders; a stranger to the cast is given one of its heads."""
    cast = list(PEOPLE)
    sitter = slug if slug in PEOPLE else cast[sum(slug.encode()) % len(cast)]
    ground, inks, recipe = PEOPLE[sitter]
    easel = Easel(size, f"portrait:{slug}", (1000, 1000), stamps=FEATURES)
    easel.draw(GROUNDS[ground])
    easel.draw(recipe)
    return easel.pull(inks)


def jpeg(picture: Image.Image) -> bytes:
    """Return a picture as a file for the web."""
    stream = BytesIO()
    picture.save(stream, "JPEG", quality=82, optimize=True, progressive=True)
    return stream.getvalue()
