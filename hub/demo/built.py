"""Houses, bridges, rooms, maps and people: what the demo's peopled scenes are drawn from."""

from itertools import pairwise
from math import cos, pi, sin

from hub.demo.country import Country
from hub.demo.press import lens, pairs, smooth

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
