"""Land, water and weather: what the demo's landscapes are drawn from."""

from math import cos, pi, sin

from PIL import Image, ImageChops, ImageOps

from hub.demo.press import Press, lens, pairs, smooth

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
