"""Prints for the demo: landscapes and interiors in two or three inks on warm paper.

A picture is made as a printer would make it. Every ink has a plate; shapes are laid on the
plates from back to front, and the plates are pulled, grain and all, on to the paper. A scene is
a recipe: a few words a step, steps parted by semicolons, each the name of a method of `Press`.

An ink is written as letters and strengths: "b6c2" is ink b at 6/9 with c at 2/9 (and clean paper
for the rest), "paper" is bare paper, "b6>b1" fades downwards, "+c4" overprints c and leaves the rest
as it was. The letter g is no ink: it marks what gives light at night.
"""

import random
import re
from functools import lru_cache
from math import cos, pi, sin

from PIL import Image, ImageChops, ImageDraw, ImageFilter, ImageOps

PAPER = (246, 240, 228)
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
NUMBER = re.compile(r"-?\d+(\.\d+)?")
LOW, HIGH = 52, 204  # plate values between which the grain breaks a tint up


def level(strength):
    """The plate value of a strength from 0 (none) to 9 (solid)."""
    if strength <= 0:
        return 0
    return 255 if strength >= 9 else round(LOW + (HIGH - LOW) * strength / 9)


@lru_cache(512)
def mixture(ink):
    """What an ink's name asks of each plate: {letter: (strength at the top, at the foot)}."""
    over = ink.startswith("+")
    ends = []
    for end in ink.strip("+").replace("paper", "").split(">"):
        ends.append({end[i]: float(end[i + 1]) for i in range(0, len(end) - 1, 2)})
    letters = (ends[0].keys() | ends[-1].keys()) if over else "abcdg"
    return {letter: (ends[0].get(letter, 0), ends[-1].get(letter, 0)) for letter in letters}


def smooth(points, steps=8, closed=True):
    """A curve through the points (Catmull and Rom's)."""
    n, curve = len(points), []
    for i in range(n if closed else n - 1):
        ids = [i - 1, i, i + 1, i + 2]
        quad = [points[k % n] if closed else points[min(max(k, 0), n - 1)] for k in ids]
        for step in range(steps):
            t = step / steps
            w = (
                (-t + 2 * t**2 - t**3) / 2,
                (2 - 5 * t**2 + 3 * t**3) / 2,
                (t + 4 * t**2 - 3 * t**3) / 2,
                (t**3 - t**2) / 2,
            )
            curve.append(tuple(sum(f * p[axis] for f, p in zip(w, quad)) for axis in (0, 1)))
    return curve if closed else [*curve, points[-1]]


def lens(x, y, length, width, angle=0.0):
    """The mark of a gouge: a sliver pointed at both ends."""
    spine = [(t / 6 - 0.5, sin(pi * t / 6) * width / 2) for t in range(7)]
    edge = spine + [(u, -v) for u, v in reversed(spine[1:-1])]
    c, s = cos(angle), sin(angle)
    return [(x + u * length * c - v * s, y + u * length * s + v * c) for u, v in edge]


class Press:
    """The plates of one picture and the shapes that scenes are built from."""

    def __init__(self, size, seed, frame, mood=0):
        self.size, self.mood, self.frame = size, mood, frame
        self.rng = random.Random(seed)
        self.scale = 2 * max(size[0] / frame[0], size[1] / frame[1])
        full = tuple(round(side * self.scale) for side in frame)
        self.plates = {letter: Image.new("L", full) for letter in "abcdg"}
        self.pens = {letter: ImageDraw.Draw(plate) for letter, plate in self.plates.items()}
        self.zoom, self.focus, self.mirrored = 1, (0.5, 0.5), False
        self.ridge = lambda x: frame[1]

    # Plates and paper

    def fill(self, points, ink):
        """Lay a shape on the plates."""
        outline = [(x * self.scale, y * self.scale) for x, y in points]
        for letter, (top, foot) in mixture(ink).items():
            if top == foot:
                self.pens[letter].polygon(outline, fill=level(top))
            else:
                self._fade(letter, outline, top, foot)

    def _fade(self, letter, outline, top, foot):
        xs, ys = zip(*outline)
        left, upper = int(min(xs)), int(min(ys))
        width, height = int(max(xs)) - left + 1, int(max(ys)) - upper + 1
        mask = Image.new("1", (width, height))
        ImageDraw.Draw(mask).polygon([(x - left, y - upper) for x, y in outline], fill=1)
        first, last = (level(max(strength, 0.01)) for strength in (top, foot))
        ramp = Image.linear_gradient("L").point(lambda v: first + (last - first) * v / 255)
        self.plates[letter].paste(ramp.resize((width, height)), (left, upper), mask)

    def pull(self, inks):
        """Print the plates, in these inks, on the paper."""
        width, height = self.size
        noise = Image.frombytes("L", self.size, self.rng.randbytes(width * height))
        noise = noise.filter(ImageFilter.GaussianBlur(0.9))
        cloudy = Image.frombytes("L", (25, 16), self.rng.randbytes(400)).resize(self.size, 3)
        noise = Image.blend(noise, cloudy, 0.05).point(lambda v: 128 + (v - 128) * 0.62)
        fibre = noise.point(lambda v: 247 + (v - 128) // 9)
        sheet = ImageChops.multiply(Image.new("RGB", self.size, PAPER), Image.merge("RGB", [fibre] * 3))
        curve = [min(255, max(0, round((v - LOW) * 255 / (HIGH - LOW)))) for v in range(256)]
        for letter, ink in zip("abc", inks):
            shift = [self.rng.uniform(-3, 3) if letter != "c" else 0 for _ in "xy"]
            plate = self._seen(letter, shift)
            grain = ImageChops.offset(noise, self.rng.randrange(width), self.rng.randrange(height))
            cover = ImageChops.add(plate, grain, 1, -128).point(curve)
            sheet = self._ink(sheet, ink, cover.point(lambda v: v * 0.96))
        if self.mood == 2:
            sheet = self._ink(sheet, inks[2], self._seen("g", (0, 0)).point(lambda v: (255 - v) * 0.46))
        return sheet

    def _seen(self, letter, shift):
        """The part of a plate that the picture shows, a hair out of register."""
        width, height = self.plates[letter].size
        across, down = width * self.zoom, height * self.zoom
        down = min(down, across * self.size[1] / self.size[0])
        across = min(across, down * self.size[0] / self.size[1])
        left = min(max((width - across) * self.focus[0] + shift[0], 0), width - across)
        upper = min(max((height - down) * self.focus[1] + shift[1], 0), height - down)
        plate = ImageOps.mirror(self.plates[letter]) if self.mirrored else self.plates[letter]
        return plate.resize(self.size, Image.Resampling.HAMMING, (left, upper, left + across, upper + down))

    @staticmethod
    def _ink(sheet, ink, cover):
        inked = ImageChops.multiply(sheet, Image.new("RGB", sheet.size, ink))
        return Image.composite(inked, sheet, cover)

    def draw(self, recipe):
        """Carry a scene's recipe out."""
        for step in recipe.split(";"):
            if step[1] == ":" and step[0] != str(self.mood):
                continue
            name, *given = step[2 * (step[1] == ":") :].split()
            getattr(self, name)(*(float(g) if NUMBER.fullmatch(g) else g for g in given))

    # Plain shapes

    def rect(self, ink, x, y, w, h):
        self.fill([(x, y), (x + w, y), (x + w, y + h), (x, y + h)], ink)

    def disc(self, ink, x, y, r, ry=None):
        turn = [2 * pi * i / 72 for i in range(72)]
        self.fill([(x + r * cos(t), y + (ry or r) * sin(t)) for t in turn], ink)

    def poly(self, ink, *xy):
        self.fill(list(zip(xy[::2], xy[1::2])), ink)

    def blob(self, ink, *xy):
        self.fill(smooth(list(zip(xy[::2], xy[1::2]))), ink)

    def line(self, ink, width, *xy):
        route = smooth(list(zip(xy[::2], xy[1::2])), closed=False) if len(xy) > 4 else [xy[:2], xy[2:]]
        route = [(x * self.scale, y * self.scale) for x, y in route]
        for letter, (strength, _) in mixture(ink).items():
            self.pens[letter].line(route, level(strength), round(width * self.scale), "curve")

    def stamp(self, name, x, y, size, own="a9"):
        """Set a stock shape with its foot at x, y; a negative size turns it round."""
        for part in STAMPS[name].split("|"):
            ink, *pairs = part.split()
            points = [tuple(float(n) for n in pair.split(",")) for pair in pairs]
            points = [(x + u * size / 100, y + v * abs(size) / 100) for u, v in points]
            self.fill(smooth(points) if ink[-1] == "~" else points, ink.rstrip("~").replace("INK", own))

    # Sky and land

    def sky(self, y):
        self.rect(("b5>b1", "b4a1>a7", "b8c5>b3c1")[self.mood], 0, 0, 1600, y)

    def light(self, x, y, r):
        """The sun by day, a low sun at dusk, the moon and stars at night."""
        if self.mood < 2:
            self.disc(("a9", "paper")[self.mood], x, y + 60 * self.mood, r * (1 + 0.25 * self.mood))
            return
        for _ in range(46):
            self.disc("g9", self.rng.uniform(0, 1600), self.rng.uniform(0, y + 160), self.rng.uniform(1.5, 4))
        self.focus = (x / 1600, 0.3)
        self.disc("g9", x, y, r * 0.8)
        self.disc("b7c4", x - r * 0.34, y - r * 0.12, r * 0.72)

    def clouds(self, ink, n, y):
        for i in range(int(n)):
            x, up = self.rng.uniform(0, 1600), y + 62 * i + self.rng.uniform(-20, 20)
            for k in range(3):
                self.fill(lens(x + 130 * k, up + 17 * k, self.rng.uniform(300, 560), 30), ink)

    def hill(self, ink, y, amp, waves=2, foot=1000):
        a, b = self.rng.uniform(0, 7), self.rng.uniform(0, 7)
        turn = 2 * pi * waves / 1600
        self.ridge = lambda x: y + amp * (0.7 * sin(x * turn + a) + 0.3 * sin(x * turn * 2.3 + b))
        self.fill([(x, self.ridge(x)) for x in range(0, 1601, 10)] + [(1600, foot), (0, foot)], ink)

    def trees(self, ink, n, size, kind="round", x0=0, x1=1600):
        """Trees of one kind, in clumps, along the last ridge."""
        for _ in range(int(n)):
            x = x0 + (x1 - x0) * (0.6 * self.rng.random() + 0.4 * self.rng.choice((0.15, 0.5, 0.8)))
            self.tree(ink, x, self.ridge(x) + 4, size * self.rng.uniform(0.7, 1.25), kind)

    def tree(self, ink, x, y, size, kind="round"):
        if kind == "round":
            r = [self.rng.uniform(0.42, 0.56) * size for _ in range(9)]
            top = y - size * 0.72
            ring = [(x + q * cos(t * 0.7), top + q * sin(t * 0.7)) for t, q in enumerate(r)]
            self.fill(lens(x, y - size * 0.2, size * 0.6, size * 0.14, pi / 2), "c9")
            self.fill(smooth(ring, 4), ink)
            self.fill(lens(x + size * 0.2, top + size * 0.1, size * 0.7, size * 0.36, 1.9), "+c6")
        elif kind == "poplar":
            self.fill(lens(x, y - size, size * 2.1, size * 0.5, pi / 2), ink)
            self.fill(lens(x + size * 0.09, y - size * 0.95, size * 1.7, size * 0.22, pi / 2), "+c6")
        else:  # a pollard willow
            for k in range(13):
                angle = -pi / 2 + (k - 6) * 0.2 + self.rng.uniform(-0.06, 0.06)
                mid = (x + cos(angle) * size * 0.36, y - size * 0.5 + sin(angle) * size * 0.36)
                self.fill(lens(*mid, size * 0.75, size * 0.07, angle), ink)
            trunk = (-0.1, 0, -0.07, -0.3, -0.13, -0.5, 0, -0.58, 0.13, -0.5, 0.07, -0.3, 0.11, 0)
            self.fill([(x + size * u, y + size * v) for u, v in zip(trunk[::2], trunk[1::2])], "c9")

    def cuts(self, ink, n, depth, length):
        """Gouge marks that follow the last ridge downhill."""
        for _ in range(int(n)):
            x, d = self.rng.uniform(0, 1600), self.rng.random() ** 1.5 * depth + 14
            lean = (self.ridge(x + 20) - self.ridge(x - 20)) / 40
            self.fill(lens(x, self.ridge(x) + d, length * self.rng.uniform(0.5, 1.2), 5 + d / 60, lean), ink)

    def house(self, x, y, w, wall=None, roof=None):
        """A house seen square on or end on, its windows lit after dark."""
        rng = self.rng
        wall, roof = wall or rng.choice(("paper", "a2", "b2", "a4")), roof or rng.choice(("a9", "c9", "a9c4", "b9c3"))
        h, r = w * rng.uniform(0.75, 1.3), w * rng.uniform(0.4, 0.6)
        self.rect(wall, x, y - h, w, h + 4)
        self.rect("+c3", x + w * 0.86, y - h, w * 0.14, h + 4)
        self.rect("c9", x + w * rng.choice((0.15, 0.7)), y - h - r, w * 0.1, r)
        if rng.random() < 0.4:
            self.poly(wall, x, y - h, x + w, y - h, x + w / 2, y - h - r)
            self.line(roof, w * 0.07, x - w * 0.05, y - h + 3, x + w / 2, y - h - r)
            self.line(roof, w * 0.07, x + w * 1.05, y - h + 3, x + w / 2, y - h - r)
        else:
            self.poly(roof, x - w * 0.05, y - h, x + w * 1.05, y - h, x + w * 0.92, y - h - r, x + w * 0.08, y - h - r)
        pane = w * 0.15
        for row in range(max(1, int(h / (w * 0.42)))):
            for column in (0.16, 0.42, 0.68):
                lit = self.mood and rng.random() < 0.5
                self.rect("a7g9" if lit else "c8", x + w * column, y - h + w * (0.12 + 0.4 * row), pane, pane * 1.5)

    def houses(self, n, x0, x1, w, y=0):
        """A row of houses, set on the last ridge or along y."""
        for i in range(int(n)):
            x = x0 + (x1 - x0) * i / n
            self.house(x, y or self.ridge(x + w / 2) + w * 0.2, w * self.rng.uniform(0.8, 1.1))

    def patchwork(self, columns, rows):
        """Fields from the air, hedged and drilled."""
        dx, dy, jolt = 1700 / columns, 1100 / rows, self.rng.uniform
        knots = {
            (i, j): (i * dx - 50 + jolt(-50, 50) + 26 * j, j * dy - 50 + jolt(-40, 40))
            for i in range(-1, int(columns) + 2)
            for j in range(int(rows) + 2)
        }
        for i in range(-1, int(columns) + 1):
            for j in range(int(rows) + 1):
                corner = [knots.get((i + u, j + v), (1700, 1100)) for u, v in ((0, 0), (1, 0), (1, 1), (0, 1))]
                self.fill(corner, self.rng.choice(("a5", "a3b3", "b5a3", "a7", "b6a5", "a2b1")))
                self._drill(corner, self.rng.choice(("paper", "+b6", "+a7", "+b3")), self.rng.choice((0, 6, 11)))
                self.line("b9c4", 7, *corner[0], *corner[1])
                self.line("b9c4", 7, *corner[0], *corner[3])

    def _drill(self, corner, ink, n):
        (ax, ay), (bx, by), (cx, cy), (dx, dy) = corner
        for k in range(1, n):
            t = k / n
            self.line(ink, 4, ax + (bx - ax) * t, ay + (by - ay) * t, dx + (cx - dx) * t, dy + (cy - dy) * t)

    def copse(self, ink, n):
        """Trees from the air, each with its shadow."""
        for _ in range(int(n)):
            x, y, r = self.rng.uniform(0, 1600), self.rng.uniform(0, 1000), self.rng.uniform(10, 20)
            self.disc("+c7", x + r * 0.6, y + r * 0.5, r)
            self.disc(ink, x, y, r)

    # Water and weather

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
            t = self.rng.random()
            x = self.rng.uniform(x0, x1)
            self.fill(lens(x, y0 + (y1 - y0) * t, 40 + 190 * t * self.rng.random(), 2 + 7 * t), ink)

    def rings(self, ink, water, x, y, r, n):
        for i in range(int(n), 0, -1):
            q = r * i / n
            self.disc(ink, x, y, q, q * 0.3)
            self.disc(water, x, y, q - 5, q * 0.3 - 4)

    def reflect(self, y, h, tint=5):
        """Lay the h units above y, upside down and broken by the swell, on the water below."""
        s, step, width = self.scale, 6, self.plates["a"].width
        self.rect(f"b2>b{tint:.0f}", 0, y, 1600, 1000 - y)
        for letter in "abcg":
            plate = self.plates[letter]
            still = ImageOps.flip(plate.crop((0, round((y - h) * s), width, round(y * s))))
            still = still.point(lambda v: v * 0.8)
            for top in range(0, still.height, step):
                push, foot = round(sin(top / 21) * (2 + top / 28)), round(y * s) + top
                water = plate.crop((0, foot, width, foot + step))
                strip = ImageChops.offset(still.crop((0, top, width, top + step)), push, 0)
                plate.paste(ImageChops.lighter(water, strip), (0, foot))

    def reeds(self, ink, n, x0, x1, y, h):
        for _ in range(int(n)):
            x, tall = self.rng.uniform(x0, x1), h * self.rng.uniform(0.5, 1)
            lean = self.rng.uniform(-0.16, 0.22)
            self.fill(lens(x + lean * tall / 2, y - tall / 2, tall, 9, pi / 2 + lean), ink)
            if self.rng.random() < 0.35:
                self.fill(lens(x + lean * tall, y - tall, h * 0.2, 16, pi / 2 + lean), ink)

    def rain(self, ink, n, length, slant):
        for _ in range(int(n)):
            x, y = self.rng.uniform(-100, 1700), self.rng.uniform(-40, 1000)
            self.fill(lens(x, y, length * self.rng.uniform(0.5, 1.2), 4, slant), ink)

    def birds(self, ink, n, x, y, spread):
        for _ in range(int(n)):
            u, v = x + self.rng.gauss(0, spread), y + self.rng.gauss(0, spread / 4)
            s = self.rng.uniform(12, 26)
            self.fill([(u - s, v - s * 0.4), (u, v), (u + s, v - s * 0.5), (u, v + s * 0.22)], ink)

    def posts(self, ink, n, x0, y0, x1, y1, h):
        """A line of posts that goes from near to far."""
        for i in range(int(n)):
            t = 1 - 0.72**i
            x, y, tall = x0 + (x1 - x0) * t, y0 + (y1 - y0) * t, h * (1 - t) + 6
            self.rect(ink, x, y - tall, tall * 0.1 + 2, tall)

    def combs(self, ink, n, gap, width=4):
        """Drilled rows that follow the last ridge, wider apart towards the foot."""
        for k in range(1, int(n)):
            drop = gap * k * (1 + k * 0.06)
            row = [(x, self.ridge(x) + drop) for x in range(-20, 1641, 80)]
            self.line(ink, width * (0.6 + k * 0.07), *(n for point in row for n in point))

    def furrows(self, ink, n, vx, vy, spread=5200):
        """Ploughed rows that meet at a point on the horizon."""
        for k in range(int(n)):
            x = vx + spread * ((k + 0.5) / n - 0.5)
            half = spread / n * 0.26
            self.fill([(vx, vy), (x + half, 1000), (x - half, 1000)], ink)

    # Built things and people

    def arches(self, ink, y, deck, n, x0, x1, foot):
        """A bridge of n round arches, its roadway at y."""
        bay = (x1 - x0) / n
        edge = [(x1, y), (x0, y), (x0, foot)]
        for i in range(int(n)):
            mid, r = x0 + bay * (i + 0.5), bay * 0.4
            spring = y + deck + r
            edge.append((mid - r, foot))
            edge += [(mid - r * cos(pi * k / 16), spring - r * sin(pi * k / 16)) for k in range(17)]
            edge.append((mid + r, foot))
        self.fill([*edge, (x1, foot)], ink)

    def truss(self, ink, y, x0, x1, rise, n):
        """An iron bow bridge, its deck at y."""
        bay, width = (x1 - x0) / n, x1 - x0
        bow = [(x0 + bay * i, y - rise * sin(pi * i / n)) for i in range(int(n) + 1)]
        self.line(ink, 15, *(c for point in bow for c in point))
        for (ax, ay), (bx, by) in zip(bow, bow[1:]):
            self.line(ink, 7, ax, ay, ax, y)
            self.line(ink, 5, ax, y, bx, by)
            self.line(ink, 5, ax, ay, bx, y)
        self.rect(ink, x0 - 400, y, width + 800, 22)

    def council(self, n, x, y, rx, ry):
        """People round a table, from above."""
        for i in range(int(n)):
            turn = 2 * pi * (i + 0.5) / n
            u, v, lean = x + rx * cos(turn), y + ry * sin(turn), turn + pi / 2
            for k, ink in ((0, "+c7"), (1, self.rng.choice(("c9", "b9", "a9", "b6c4", "a8c3")))):
                w, back = (84, 38), 14 - 14 * k
                ring = [2 * pi * t / 24 for t in range(24)]
                turned = [(w[0] * cos(t), w[1] * sin(t)) for t in ring]
                self.fill(
                    [(u + back + p * cos(lean) - q * sin(lean), v + back + p * sin(lean) + q * cos(lean)) for p, q in turned], ink
                )
            self.disc(self.rng.choice(("c9", "a5c7", "b3", "c9b4", "a3c4")), u - 12 * cos(turn), v - 12 * sin(turn), 36)

    def crowd(self, rows, y, h):
        """An audience seen from behind."""
        for row in range(int(rows)):
            tall, n = h * 1.22**row, 12 - 2 * row
            for i in range(n):
                x = 1600 * (i + 0.3 + 0.4 * (row % 2)) / n + self.rng.uniform(-14, 14)
                hair = self.rng.choice(("c9", "c9", "a5c6", "b3", "a8c2"))
                self.person(
                    x, y + tall * 0.9 + row * h * 0.24, tall, self.rng.choice(("c9", "b9c3", "b7", "a9", "a7c5")), hair, hair
                )

    def stones(self, ink, n):
        """Courses of dressed stone, cut into whatever is in the corners."""
        for _ in range(int(n)):
            y, side = self.rng.randrange(20, 980, 44), self.rng.choice((0, 1))
            x = self.rng.uniform(0, 240) + side * 1360
            if self.rng.random() < 0.6 or y < 120:
                self.fill(lens(x, y, self.rng.uniform(40, 90), 6), ink)

    def planks(self, ink, n):
        for k in range(int(n)):
            y = 1000 * (k + 0.5) / n
            self.rect(ink, 0, y, 1600, 4)
            for _ in range(4):
                self.fill(lens(self.rng.uniform(0, 1600), y + self.rng.uniform(12, 60), 260, 5), ink)

    def contours(self, ink, x, y, r, n):
        wobble = [self.rng.uniform(0.75, 1.2) for _ in range(9)]
        for k in range(int(n), 0, -1):
            q = r * (k / n) ** 0.8
            ring = [(x + q * w * 1.3 * cos(i * 0.7), y + q * w * sin(i * 0.7)) for i, w in enumerate(wobble)]
            self.fill(smooth(ring), "b4" if k % 4 == 0 else "b2a2")
            self.fill(smooth([(x + (u - x) * 0.985, y + (v - y) * 0.985) for u, v in ring]), f"a{2 + 0.6 * (n - k):.0f}")

    def grid(self, ink, columns, rows):
        for i in range(1, int(columns)):
            self.rect("+" + ink, 1600 * i / columns, 0, 2, 1000)
        for j in range(1, int(rows)):
            self.rect("+" + ink, 0, 1000 * j / rows, 1600, 2)

    def foldmap(self):
        """A map unfolded on a table, its panels catching the light in turn."""
        for k in range(6):
            x0, x1 = 130 + 225 * k, 355 + 225 * k
            d0, d1 = (0, 34) if k % 2 == 0 else (34, 0)
            self.poly("+c8", x0 + 16, 190 + d0, x1 + 16, 190 + d1, x1 + 16, 800 + d1, x0 + 16, 800 + d0)
            self.poly(("paper", "b2")[k % 2], x0, 160 + d0, x1, 160 + d1, x1, 770 + d1, x0, 770 + d0)
        self.blob(
            "+b4",
            140,
            560,
            360,
            500,
            600,
            560,
            820,
            470,
            1080,
            500,
            1470,
            380,
            1470,
            500,
            1100,
            610,
            840,
            580,
            600,
            680,
            360,
            620,
            140,
            690,
        )
        self.line("b8", 24, 132, 620, 360, 560, 600, 620, 820, 520, 1080, 550, 1476, 430)
        self.line("a9", 7, 300, 180, 460, 420, 700, 470, 1010, 400, 1180, 240)
        self.line("c6", 4, 520, 190, 640, 420, 620, 780)
        self.line("c6", 4, 136, 330, 700, 300, 1476, 340)

    def umbrellas(self, n, x0, x1, y, size):
        for i in range(int(n)):
            x = x0 + (x1 - x0) * (i + 0.5) / n + self.rng.uniform(-10, 10)
            self.stamp("umbrella", x + size * 0.05, y + size * 0.44, size, self.rng.choice(("a9", "c9", "b9", "a9b4", "b5c6")))

    def wall(self, y=1000):
        """An inside wall by day, by dusk or by lamplight."""
        self.rect(("a3>a2", "b4>b3", "b8c3>b6c1")[self.mood], 0, 0, 1600, y)

    def window(self, x, y, w, h):
        """A sash window on the valley."""
        self.rect("paper", x - 16, y - 16, w + 32, h + 32)
        self.rect(("b5>b1", "b3a2>a8", "b9c6>b6c2")[self.mood], x, y, w, h)
        self.disc(("a9", "paper", "g9")[self.mood], x + w * 0.7, y + h * 0.3, h * 0.11)
        for k, (drop, ink) in enumerate(((0.5, "b6"), (0.58, "b8c2"), (0.68, "b3>paper"))):
            hill = [(x + w * i / 20, y + h * (drop + (0.04 - 0.02 * k) * sin(i * 0.5 + k * 2))) for i in range(21)]
            self.fill([*hill, (x + w, y + h), (x, y + h)], ink)
        self.rect("paper", x + w / 2 - 7, y, 14, h)
        self.rect("paper", x, y + h * 0.46, w, 12)
        self.rect("a5c3", x - 34, y + h + 16, w + 68, 22)

    def street(self, vx, vy, near):
        """Two rows of houses that run away to a vanishing point."""
        for side in (-1, 1):
            for i in range(7, -1, -1):
                t, u = 0.74**i, 0.74 ** (i + 1)
                x0, x1 = vx + side * near * t, vx + side * near * u
                tall = self.rng.uniform(520, 760)
                top0, top1, f0, f1 = vy - tall * t, vy - tall * u, vy + 420 * t, vy + 420 * u
                wall = self.rng.choice(("a3", "b3", "paper", "a5b1", "b5")) if i else "b6c2"
                self.poly(wall, x0, f0, x1, f1, x1, top1, x0, top0)
                peak = (x0 + x1) / 2, (top0 + top1) / 2 - 190 * t
                self.poly(self.rng.choice(("a9c3", "c9", "b8c4")), x0, top0, x1, top1, *peak)
                self._panes(x0, x1, top0, top1, f0, f1)

    def _panes(self, x0, x1, top0, top1, f0, f1):
        for row in (0.16, 0.45, 0.72):
            for column in (0.18, 0.58):
                corner = []
                for q, r in ((0, 0), (0.24, 0), (0.24, 0.16), (0, 0.16)):
                    along, down = column + q, row + r
                    upper, lower = top0 + (top1 - top0) * along, f0 + (f1 - f0) * along
                    corner.append((x0 + (x1 - x0) * along, upper + (lower - upper) * down))
                self.fill(corner, "a7g9" if self.mood and self.rng.random() < 0.5 else "c8")

    def person(self, x, y, h, coat="c9", skin="a4", hair="c9"):
        """A standing figure; whatever hides the legs is drawn in front of it."""
        at = lambda *uv: [(x + u * h, y + v * h) for u, v in zip(uv[::2], uv[1::2])]
        self.fill(at(-0.1, -0.4, -0.09, 0, -0.03, 0, 0, -0.36, 0.03, 0, 0.09, 0, 0.1, -0.4), "c9")
        self.fill(at(-0.03, -0.87, 0.03, -0.87, 0.035, -0.78, -0.035, -0.78), skin)
        body = at(-0.13, -0.36, -0.15, -0.6, -0.15, -0.74, -0.09, -0.81, 0.09, -0.81, 0.15, -0.74, 0.15, -0.6, 0.13, -0.36)
        self.fill(smooth(body, closed=False), coat)
        self.fill(at(0.07, -0.36, 0.1, -0.7, 0.14, -0.72, 0.13, -0.36), "+c9" if coat != "c9" else "+b1")
        self.disc(skin, x, y - h * 0.9, h * 0.055, h * 0.075)
        self.fill(smooth(at(-0.065, -0.88, -0.065, -0.96, 0, -0.995, 0.065, -0.96, 0.068, -0.86, 0.03, -0.93)), hair)

    def people(self, n, x0, x1, y, h):
        for i in range(int(n)):
            x = x0 + (x1 - x0) * (i + 0.5) / n + self.rng.uniform(-8, 8)
            coat, skin = self.rng.choice(("c9", "b9", "a9", "b5c5", "a7c3")), self.rng.choice(("a3", "a5c3", "a6c5"))
            self.person(x, y, h * self.rng.uniform(0.92, 1.06), coat, skin, self.rng.choice(("c9", "c9", "b3", "a6c7")))


STAMPS = {
    "cloud": "INK~ -50,0 -48,-14 -34,-20 -26,-36 -6,-40 10,-34 20,-26 36,-26 48,-12 50,0 0,5",
    "tractor": "c9 -46,-18 -46,-44 -6,-44 -6,-60 30,-60 34,-18|a9 -50,-20 -50,-40 -8,-40 -8,-20|b3 0,-40 0,-54 24,-54 26,-40|"
    "c9~ 6,0 -6,-18 6,-36 26,-36 38,-18 26,0|paper~ 12,-12 10,-18 14,-24 20,-24 22,-18 20,-12|c9~ -46,0 -54,-11 -46,-22 -34,-22 -26,-11 -34,0",
    "pin": "+c8 0,0 40,-10 38,-16|INK~ 0,0 -12,-34 -22,-54 -20,-74 0,-86 20,-74 22,-54 12,-34|paper~ -8,-62 0,-72 8,-62 0,-53",
    "compass": "c9 0,-100 12,0 0,-12 -12,0|a9 0,100 12,0 0,12 -12,0|c9 -60,0 0,-9 0,9|c9 60,0 0,-9 0,9",
    "rowboat": "c9 -52,-20 -44,-4 -30,0 30,0 44,-4 56,-24 40,-17 0,-14 -38,-15|"
    "a9 -52,-20 -38,-15 0,-14 40,-17 56,-24 55,-19 40,-12 0,-9 -38,-10 -50,-15",
    "sail": "c9 -40,-12 -30,0 26,0 44,-14|paper 2,-18 2,-110 50,-22|a9 -3,-18 -3,-96 -36,-22|c9 -2,-12 -2,-114 1,-114 1,-12",
    "heron": "c9 -4,0 -2,-44 0,-44 -1,0|c9 5,0 3,-44 5,-44 8,0|"
    "c9~ -34,-40 -20,-58 0,-66 14,-62 16,-48 4,-42 -16,-40|+b9~ -40,-38 -22,-52 0,-56 6,-50 -12,-42|"
    "c9~ 6,-58 16,-70 12,-84 18,-96 26,-98 24,-90 19,-84 24,-70 15,-54|c9 22,-99 28,-97 50,-90 26,-91|c9~ 14,-97 2,-99 16,-94 22,-97",
    "church": "b4c2 -18,0 -18,-90 18,-90 18,0|c9 -20,-88 0,-150 20,-88|+c6 6,0 6,-90 18,-90 18,0|b4c2 18,0 18,-46 84,-46 84,0|"
    "a9c4 14,-44 26,-70 78,-70 90,-44|c8 -5,-56 -5,-72 0,-78 5,-72 5,-56",
    "chair": "c9 -16,0 -14,-44 -10,-44 -12,0|c9 16,0 14,-44 10,-44 12,0|c9 -18,-44 18,-44 16,-50 -16,-50|c9~ -15,-50 -17,-96 17,-96 15,-50",
    "kettle": "c9~ -36,-2 -40,-24 -24,-52 0,-58 24,-52 40,-24 36,-2 0,0|c9 28,-22 62,-50 66,-46 36,-8|c9~ -6,-56 -6,-66 6,-66 6,-56|"
    "+a9~ -30,-10 -32,-24 -20,-42 -14,-40 -24,-22 -24,-10",
    "cup": "paper~ -20,-32 -18,-6 -10,0 10,0 18,-6 20,-32 0,-33|+b5 6,-31 20,-31 17,-6 8,-1|a9~ -19,-31 0,-34 19,-31 0,-28",
    "jar": "b4 -18,0 -18,-52 -12,-58 12,-58 18,-52 18,0|a8 -18,0 -18,-34 18,-34 18,0|c9 -14,-58 -14,-68 14,-68 14,-58|+c4 8,0 8,-56 18,-52 18,0",
    "bowl": "a9~ -40,-30 -30,-8 -14,0 14,0 30,-8 40,-30 0,-31|+c5 10,-30 40,-30 28,-8 14,0",
    "umbrella": "c9 -1.5,0 -1.5,-60 1.5,-60 1.5,0|INK -50,-52 -44,-78 -22,-96 0,-102 22,-96 44,-78 50,-52 34,-58 17,-52 0,-58 -17,-52 -34,-58|"
    "+c6 0,-102 22,-96 44,-78 50,-52 34,-58 17,-52",
}

SCENES = {
    "river": (
        "sky 560;light 1130 270 105;clouds paper 3 150;hill b4>b1 470 50 2 700;hill b6>b3a1 530 34 3 800;"
        "trees b9c3 40 44;hill a6b3>a3b3 600 22 2;cuts b8 120 330 46;houses 2 640 760 54;"
        "river b4>b1 1010 604 560 640 1.2;ripples paper 40 680 990 380 1100;tree b9c4 250 700 190 poplar;"
        "tree b9c4 330 712 240 poplar;tree b9c4 424 716 180 poplar;tree b9c4 1290 760 240 willow;"
        "tree b9c4 1420 820 330 willow;blob c9b5 -60 1010 -40 860 160 840 330 930 420 1010;reeds c9b6 60 0 330 950 240",
        "sky 480;light 380 210 90;clouds paper 4 120;hill b3>b1 400 60 2 560;hill b7c1 452 24 3 560;trees b9c4 46 62;"
        "rect a6b2 0 496 1600 30;houses 4 980 1260 70 508;reflect 520 330;ripples paper 80 540 1000;"
        "0:stamp heron 1240 900 300;1:stamp sail 700 640 190;2:stamp rowboat 620 700 220;"
        "reeds c9b4 70 1080 1600 1010 270;reeds c9 20 0 240 1020 200",
        "rect a4 0 0 1600 1000;patchwork 7 5;line a2 190 -60 180 300 260 420 560 700 640 860 400 1180 330 1360 620 1700 760;"
        "line b8 140 -60 180 300 260 420 560 700 640 860 400 1180 330 1360 620 1700 760;"
        "line b4 16 -60 160 310 240 450 530 690 600 840 380 1180 300 1390 600 1700 730;"
        "line paper 9 500 -20 560 300 690 480 1000 1010;copse b9c4 60",
    ),
    "estuary": (
        "sky 400;light 1060 200 80;hill b5>b2 380 22 2 460;rect a4b2>a6b1 0 400 1600 600;"
        "river b3>paper 300 402 60 420 0.9;river b4>paper 820 402 900 560 1.1;river b3>paper 1300 402 1640 380 0.8;"
        "ripples a8b4 120 440 1000;ripples paper 40 560 1000;birds c9 16 900 260 170;posts c9 9 180 960 760 410 250;"
        "0:stamp heron 1260 920 260;1:stamp sail 1180 470 90;2:stamp rowboat 1180 800 320",
        "sky 700;light 560 300 170;birds c9 14 900 240 160;hill b5>b2 560 14 2 640;rect b4>b2 0 572 1600 80;"
        "hill a5b2>a3 640 10 1;hill b3>paper 690 12 1;hill a6b3>a4b1 760 16 1;ripples paper 60 700 1000;"
        "hill b4>b1 830 20 1;stamp heron 1120 930 420;stamp heron 820 860 -220;stamp heron 1390 850 170;"
        "hill c9b6 950 26 2;reeds c9b6 50 0 620 1000 200",
        "sky 780;light 1240 330 90;clouds paper 8 110;clouds a5 3 420;hill b7c2>b4 720 20 2 800;trees b9c4 24 40;"
        "houses 5 140 470 52 730;stamp church 560 734 120;rect b4>a2 0 748 1600 260;ripples paper 90 760 1000;"
        "stamp sail 940 850 330;stamp sail 1210 800 160;stamp sail 770 775 -90;posts c9 6 60 1000 480 760 330",
    ),
    "town": (
        "sky 1000;light 300 190 80;clouds paper 3 110;hill b4>b2 330 60 1;hill a4b3 420 70 1;houses 15 -20 1600 92;"
        "stamp church 980 430 250;hill b6a2 560 60 1;houses 12 -40 1600 122;trees b9c4 14 90;hill a5b4 730 50 1;"
        "houses 9 -60 1600 165;trees b9c4 10 120;hill b8c4>c9 900 40 1;houses 7 -90 1600 215;trees c9b6 9 150",
        "sky 640;light 1230 190 85;clouds paper 4 90;hill b5>b2 430 60 2;stamp church 470 560 330;trees b9c4 30 80;"
        "houses 11 60 1540 132 618;rect b6c4 0 606 1600 34;reflect 640 420;ripples paper 60 660 1000;"
        "0:stamp rowboat 640 800 260;1:stamp sail 900 780 260;2:stamp rowboat 1000 760 230;posts c9 5 1560 1000 1240 650 260",
        "sky 900;light 800 330 150;street 800 520 900;poly a3b2>a1 800 520 1500 1000 100 1000;poly paper 800 520 940 1000 640 1000;"
        "people 3 700 900 690 130;person 620 960 360;person 1010 840 240 b9 a5c3",
    ),
    "bridge": (
        "sky 700;light 330 210 95;clouds paper 3 110;hill b4>b2 400 70 2 700;hill b6a1 480 40 3 700;trees b9c3 30 56;"
        "houses 5 1120 1500 76 590;rect b4>b2 0 600 1600 80;arches c8 384 30 4 -60 1640 640;arches a6c2 370 34 4 -80 1620 640;"
        "line c9 5 -10 392 1610 392;rect a4 0 358 1600 14;people 3 520 900 362 66;reflect 640 330;ripples paper 70 650 1000;"
        "0:reeds c9b4 50 0 420 1010 220;1:stamp rowboat 420 820 300;2:reeds c9b4 60 900 1600 1010 220",
        "sky 700;light 800 300 150;clouds paper 5 90;hill b4>b1 540 40 1 700;houses 9 60 620 58 600;stamp church 1180 600 190;"
        "trees b9c4 20 46;rect b5c2 0 600 1600 60;truss c9 560 150 1450 270 10;rect c9 140 560 40 110;rect c9 1420 560 40 110;"
        "reflect 650 460 4;ripples paper 60 660 1000;birds c9 10 1150 200 120;0:stamp sail 420 850 220;1:stamp rowboat 980 830 260",
        "sky 700;light 980 330 110;clouds paper 4 150;hill b4>b2 500 50 2 760;hill b6 560 30 2 760;trees b9c3 30 60;"
        "houses 6 420 940 92 660;stamp church 1060 652 240;rect a6b3 0 640 1600 40;reflect 680 340 5;ripples paper 60 690 1000;"
        "arches b7c4 -160 70 1 -120 1720 1000;arches c9b4 -190 70 1 -190 1660 1000;stones b6c4 90;"
        "0:stamp rowboat 760 850 260;1:stamp heron 560 900 250;2:stamp rowboat 900 830 260",
    ),
    "rain": (
        "sky 600;hill b6>b3 420 50 2;clouds c4 4 30;stamp cloud 380 210 620 b8c3;stamp cloud 1180 180 760 c8b6;stamp cloud 820 260 560 b6c1;"
        "houses 12 -30 1600 130 620;rain b9c2 90 110 1.9;stamp church 1130 640 300;houses 8 -60 1600 205 780;trees b9c4 9 130;"
        "rect c9b6 0 850 1600 150;houses 5 -90 1620 330 1020;rain paper 190 120 1.9",
        "sky 560;hill b5>b3 330 40 2;houses 10 -40 1620 170 560;rect b4c1>paper 0 550 1600 450;reflect 560 300 4;rain b9c3 110 130 1.86;"
        "people 6 120 1500 760 250;umbrellas 6 120 1500 600 250;people 4 60 1540 1010 400;umbrellas 4 60 1540 760 420;rain paper 130 130 1.86",
        "rect b7c2>b2 0 0 1600 1000;hill b9c4 150 26 2 260;trees b9c5 40 70;houses 3 1020 1260 80 190;rect b6>b2 0 190 1600 810;"
        "posts c9 8 80 720 1130 250 260;rings b8 b4 430 460 130 3;rings b8 b4 860 360 90 2;rings b8 b3 1210 560 190 3;"
        "rings b8 b2 640 760 260 4;rings b8 b2 1370 860 170 3;rings b8 b4 1440 330 70 2;rings b8 b3 160 880 150 3;"
        "rect c9 1016 330 14 300;poly a9 950 430 1096 430 1023 306;poly paper 976 417 1070 417 1023 336;rain paper 130 150 1.75;0:stamp rowboat 420 640 260",
    ),
    "field": (
        "sky 480;light 500 220 95;clouds paper 4 110;birds c9 12 1050 240 130;hill b4>b2 400 50 2;hill b6 440 24 3;trees b9c3 40 50;"
        "houses 3 1120 1330 80 480;rect a6b2>a8b4 0 470 1600 530;furrows b8c4 19 700 466;furrows +a9 9 700 466;stamp tractor 820 560 80;"
        "0:tree b9c4 1380 620 300 round;1:tree b9c4 1330 640 330 willow;2:tree b9c4 1380 640 230 poplar",
        "sky 420;light 1150 190 80;clouds paper 3 90;hill b4>b2 330 60 1;hill a5b2 400 70 1;combs a8b4 9 14 4;trees b9c4 12 60;"
        "hill b6a3 500 80 1;combs paper 7 22 3;houses 3 980 1190 86;hill a7b1 620 70 1;combs b6 10 20 5;trees b9c4 9 100;"
        "hill b8c2 760 90 1;combs a5b5 6 26 5;trees b9c5 6 170;hill c9b6 920 40 1",
        "sky 560;light 1060 250 120;clouds paper 5 110;hill b4>b2 470 30 2;hill b6c1 520 20 3;trees b9c4 34 44;houses 2 240 350 60 560;"
        "rect a5b3 0 548 1600 24;tree b9c5 620 570 380 round;posts c9 9 1540 660 820 566 150;reflect 570 420 4;ripples paper 80 590 1000;"
        "posts c9 8 40 1010 560 640 330;0:birds c9 9 900 260 90;1:stamp heron 1180 900 260;2:stamp rowboat 1000 780 250",
    ),
    "meeting": (
        "rect a4b1 0 0 1600 1000;planks a6b3 13;disc +c7 830 535 470 250;council 9 800 500 520 330;disc b4 800 500 450 235;disc b2 800 500 425 215;"
        "poly paper 620 420 940 390 990 580 650 610;line b7 16 632 560 720 500 800 520 880 450 950 440;line a9 5 700 410 740 500 860 590;disc a9 760 470 13;"
        "poly paper 1010 430 1110 450 1090 560 990 530;poly paper 470 480 560 450 580 540 500 570;disc c9 1130 510 26;disc paper 1130 510 19;disc c9 540 610 26;disc a9 540 610 19",
        "wall;window 140 130 400 330;window 1060 130 400 330;rect a5c2 0 760 1600 240;line c9 5 800 0 800 130;poly a9 700 210 900 210 850 130 750 130;"
        "0:disc paper 800 212 40 14;1:disc paper 800 212 40 14;2:poly +g6 700 212 900 212 1500 760 100 760;people 5 220 1380 900 560;"
        "poly b7c5 60 690 1540 690 1600 760 0 760;rect c9b4 0 758 1600 250;poly paper 620 700 760 700 780 744 600 744;poly paper 940 704 1060 704 1100 740 950 740;"
        "stamp cup 500 734 90;stamp cup 1230 736 90;stamp cup 860 728 80",
        "wall;rect a6c1 0 640 1600 360;rect c8 340 90 720 440;rect paper 352 102 696 416;blob b3 380 400 470 300 620 330 760 250 900 300 1020 200 1020 420 800 470 560 480;"
        "line b8 18 356 420 480 350 620 380 760 290 900 330 1044 210;line c5 3 520 104 560 300 700 516;disc a9 640 350 16;disc a9 850 300 16;2:rect +g5 300 60 800 500;"
        "person 1210 700 400 a9 a5c3;line a4c3 6 1160 440 980 330;crowd 3 560 300",
    ),
    "map": (
        "rect a2 0 0 1600 1000;contours b4 420 330 330 7;contours b4 1240 720 400 8;blob b2 -40 620 240 520 520 560 760 420 1020 420 1240 260 1640 240 1640 420 1300 480 1080 620 820 640 560 760 260 760 -40 860;"
        "line b8 34 -40 740 260 650 520 660 780 530 1040 520 1260 370 1640 330;grid c4 8 5;line a9 10 330 -20 420 260 640 480 700 620 980 820 1020 1020;"
        "disc c9 664 540 22;disc paper 664 540 12;disc c9 1046 516 22;disc paper 1046 516 12;houses 4 820 1000 44 480;houses 3 520 640 40 820;tree b9c4 1240 720 70 round;stamp pin 664 536 150;1:stamp pin 1046 512 150;stamp compass 1440 170 110",
        "rect a6c4 0 0 1600 1000;planks a5c6 9;foldmap;stamp pin 700 470 150;stamp pin 1010 400 150;disc +c8 1402 812 120 84;disc b7 1390 790 118;disc paper 1390 790 100;disc a8c4 1390 790 86;"
        "poly +c8 180 880 520 960 516 974 176 894;poly a9 170 860 500 936 494 962 164 886;poly c9 500 936 494 962 540 962;0:stamp pin 460 620 150",
        "rect a3b1 0 0 1600 1000;patchwork 13 8;line paper 26 -20 300 500 340 1000 250 1640 330;line paper 22 420 -20 470 500 400 1020;line paper 22 1100 -20 1060 480 1160 1020;line paper 18 -20 760 700 720 1640 800;"
        "line b8 110 -60 520 300 500 620 590 900 520 1240 560 1660 480;line paper 40 470 420 470 640;line paper 40 1090 420 1090 640;blob +b6 -60 430 200 380 420 430 700 440 900 400 1250 420 1660 380 1660 640 1300 700 980 640 700 730 400 640 -60 660;"
        "line a9 9 200 900 420 760 470 500 620 340 1000 260 1060 120;stamp pin 200 900 130;stamp pin 1060 120 130;0:stamp pin 700 560 170 c9;1:stamp pin 1240 540 170 c9;2:stamp pin 620 340 150",
    ),
}


def illustration(kind, variant, size=(1600, 1000)):
    """A print of a kind of place; the nine variants differ in composition, light and inks."""
    scenes = SCENES[kind]
    shift = list(SCENES).index(kind)
    press = Press(size, f"{kind}:{variant}", (1600, 1000), mood=(variant - 1) // 3 % 3)
    if press.mood == 1:
        press.mirrored = True
    elif press.mood == 2:
        press.zoom, press.focus = 0.8, (press.rng.random(), press.rng.uniform(0.5, 1))
    press.draw(scenes[(variant - 1) % len(scenes)])
    if press.mood < 2:
        return press.pull(PALETTES[(variant - 1 + shift) % 6])
    return press.pull(PALETTES[6 + (variant + shift) % 3])
