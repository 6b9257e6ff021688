"""A plain model of linked pages, kept beside the database: what was published where, and what readers should see of it.

Nothing here asks the database or the product's own code what is so. Each step is done twice, with Wagtail and in these
dictionaries; afterwards both are asked what readers see.
"""

from dataclasses import dataclass, field
from datetime import UTC, datetime
from itertools import count

from pages.house_kinds import HOUSE_KINDS
from pages.models import ContentLink, ContentPage, IncomingLink

SHOWN = 10  # incoming links, those with a place of their own besides
WALK, MOST, ENOUGH = 6, 4, 6
HEAD = {"part-of", "replaces", "translation-of"}
KIND_ORDER = [kind.slug for kind in HOUSE_KINDS]
PAST = datetime(2001, 1, 1, tzinfo=UTC)


@dataclass(frozen=True)
class Stated:
    """A link as its source's editor stated it; ``order`` is unlike that of any other."""

    order: int
    kind: str
    target: int
    wording: str = ""


@dataclass(frozen=True)
class Arranged:
    source: int
    kind: str
    place: int | None
    hidden: bool
    wording: str


@dataclass(frozen=True)
class Version:
    """What a page says at one time: in a draft, or published."""

    links: tuple[Stated, ...] = ()
    arranged: tuple[Arranged, ...] = ()
    timing: str = ""

    def without(self, pk: int) -> "Version":
        """As it opens after the page ``pk`` was deleted."""
        links = tuple(link for link in self.links if link.target != pk)
        return Version(links, tuple(row for row in self.arranged if row.source != pk), self.timing)


@dataclass
class Known:
    """A page as the model knows it. ``rows`` is what stands in its tables, published or not."""

    pk: int
    kind: str
    topic: int
    author: int
    live: bool = True
    private: bool = False
    alias_of: int | None = None
    rows: Version = field(default_factory=Version)
    drafts: list[Version] = field(default_factory=lambda: [Version()])

    @property
    def is_seen(self) -> bool:
        return self.live and not self.private and not self.rows.timing


class Histories:
    """The pages of the database, and the model of them. ``sections`` are two that everybody may read and a private one."""

    def __init__(self, pages: list[Known], sections):
        self.pages = {page.pk: page for page in pages}
        self.sections = sections
        self.orders = 0
        self.names = count()  # for addresses: no name comes twice, whatever was deleted

    def pick(self, number: int, *, aliases=False) -> Known | None:
        chosen = [page for page in self.pages.values() if aliases or not page.alias_of]
        return chosen[number % len(chosen)] if chosen else None

    def touched(self) -> list[Known]:
        """Pages that state a link, are named by one, or came about, and a few others."""
        ends = {link.target for page in self.pages.values() for link in page.rows.links}
        return [page for page in self.pages.values() if page.rows.links or page.pk in ends or page.alias_of]

    # Steps: with Wagtail, and in the model

    def state(self, number, other, kind, worded, publish):
        """A link more, in a draft on top of the newest."""
        page, target = self.pick(number), self.pick(other)
        if page is None or target.pk == page.pk:
            return
        self.orders += 1
        link = Stated(self.orders, kind, target.pk, "In other words" if worded else "")
        newest = page.drafts[-1]
        self._draft(page, Version((*newest.links, link), newest.arranged, newest.timing), publish)

    def crowd(self, other, kind):
        """More pages than are shown state the same of one page."""
        for number in range(SHOWN + 2):
            self.state(number, other, kind, False, True)

    def withdraw(self, number, which, publish):
        page = self.pick(number)
        if page and (links := page.drafts[-1].links):
            gone = links[which % len(links)]
            newest = page.drafts[-1]
            kept = tuple(link for link in links if link is not gone)
            self._draft(page, Version(kept, newest.arranged, newest.timing), publish)

    def arrange(self, number, which, place, hidden, worded, publish):
        """Put a link that names the page somewhere, hide it, or re-word it."""
        page = self.pick(number)
        pointing = sorted(
            {
                (other.pk, link.kind)
                for other in self.pages.values()
                for link in other.rows.links
                if page and link.target == page.pk
            }
        )
        if not pointing:
            return
        source, kind = pointing[which % len(pointing)]
        newest = page.drafts[-1]
        others = tuple(row for row in newest.arranged if (row.source, row.kind) != (source, kind))
        row = Arranged(source, kind, place, hidden, "As we say here" if worded else "")
        self._draft(page, Version(newest.links, (*others, row), newest.timing), publish)

    def time(self, number, timing, publish):
        page = self.pick(number)
        if page:
            newest = page.drafts[-1]
            self._draft(page, Version(newest.links, newest.arranged, timing), publish)

    def publish_again(self, number, which):
        """Publish one of its drafts, be it ever so old."""
        page = self.pick(number)
        if page is None:
            return
        version = page.drafts[which % len(page.drafts)]
        revisions = list(ContentPage.objects.get(pk=page.pk).revisions.order_by("pk"))
        revisions[which % len(page.drafts)].publish()
        self._published(page, version)

    def unpublish(self, number):
        page = self.pick(number)
        if page:
            ContentPage.objects.get(pk=page.pk).specific.unpublish()
            for one in [page, *self._aliases(page)]:
                one.live = False

    def move(self, number, section):
        page = self.pick(number, aliases=True)
        if page:
            place = section % len(self.sections)
            moved = ContentPage.objects.get(pk=page.pk)
            moved.move(type(self.sections[0]).objects.get(pk=self.sections[place].pk), pos="last-child")
            page.private = place == len(self.sections) - 1

    def copy(self, number, keep_live):
        page = self.pick(number)
        if page is None:
            return
        source = ContentPage.objects.get(pk=page.pk).specific
        made = source.copy(update_attrs={"slug": f"copy-{next(self.names)}"}, copy_revisions=False, keep_live=keep_live)
        rows = Version(page.rows.links, (), page.rows.timing)
        live = page.live and keep_live
        self.pages[made.pk] = Known(made.pk, page.kind, page.topic, page.author, live, page.private, None, rows, [rows])

    def alias(self, number, section):
        page = self.pick(number)
        if page is None:
            return
        place = section % len(self.sections)
        parent = type(self.sections[0]).objects.get(pk=self.sections[place].pk)
        source = ContentPage.objects.get(pk=page.pk).specific
        made = source.create_alias(parent=parent, update_slug=f"alias-{next(self.names)}")
        private = place == len(self.sections) - 1
        self.pages[made.pk] = Known(made.pk, page.kind, page.topic, page.author, page.live, private, page.pk, page.rows)

    def delete(self, number):
        """A page goes, and with it every link to it, in drafts too. What were its aliases are pages of their own."""
        page = self.pick(number)
        if page is None or len(self.pages) < 4:
            return
        ContentPage.objects.get(pk=page.pk).specific.delete()
        del self.pages[page.pk]
        for other in self.pages.values():
            if other.alias_of == page.pk:
                other.alias_of, other.live = None, False  # Wagtail takes them back with their source
                other.rows = Version(other.rows.links, (), other.rows.timing)
                other.drafts = [other.rows]
                ContentPage.objects.get(pk=other.pk).specific.save_revision()
            other.rows = other.rows.without(page.pk)
            other.drafts = [draft.without(page.pk) for draft in other.drafts]

    def _aliases(self, page):
        return [other for other in self.pages.values() if other.alias_of == page.pk]

    def _draft(self, page, version, publish):
        draft = ContentPage.objects.get(pk=page.pk).get_latest_revision_as_object()
        draft.links = [
            ContentLink(target_id=link.target, kind=link.kind, wording=link.wording, sort_order=link.order)
            for link in version.links
        ]
        draft.incoming = [
            IncomingLink(source_id=row.source, kind=row.kind, place=row.place, hidden=row.hidden, wording=row.wording)
            for row in version.arranged
        ]
        draft.go_live_at = None
        draft.expire_at = {"": None, "expired": PAST}[version.timing]
        revision = draft.save_revision()
        page.drafts.append(version)
        if publish:
            revision.publish()
            self._published(page, version)

    def _published(self, page, version):
        for one in [page, *self._aliases(page)]:
            one.rows = version
        page.live = True
        for alias in self._aliases(page):
            alias.live = True

    # What readers should see

    def seen_of(self, page: Known) -> list[tuple]:
        """``(page at the other end, kind, whether that page states the link, words of the editor here)``, in order."""
        me = page.alias_of or page.pk
        found = [
            (link.target, link.kind, False, link.wording)
            for link in sorted(page.rows.links, key=lambda link: link.order)
            if self._is_seen(link.target)
        ]
        rules = self._rules(page)
        placed, coming = self._pointing(me, rules)
        for _, source, kind in [*placed, *sorted(self._read(placed, coming))]:
            rule = rules.get((source, kind))
            found.append((source, kind, True, rule.wording if rule else ""))
        kept, known = [], set()
        for entry in found:
            end = (entry[0], entry[1] if entry[1] in HEAD else "")
            if end not in known:
                known.add(end)
                kept.append(entry)
        return kept

    def more_of(self, page: Known) -> dict[str, int]:
        """How many pages link here besides those that were read: of each kind of the head, and of all others together."""
        placed, coming = self._pointing(page.alias_of or page.pk, self._rules(page))
        read, more = self._read(placed, coming), {}
        for kind in KIND_ORDER:
            number = len({entry[1] for entry in coming if entry[2] == kind})
            number -= len({entry[1] for entry in read if entry[2] == kind})
            of = kind if kind in HEAD else ""
            more[of] = more.get(of, 0) + number
        return {of: number for of, number in more.items() if number}

    def _read(self, placed, coming) -> list:
        """Of links that come as they come: ten of each kind at the head; of the others ten together, a kind at a time."""
        of_kind = {kind: [entry for entry in coming if entry[2] == kind][:SHOWN] for kind in KIND_ORDER}
        read = [entry for kind in HEAD for entry in of_kind[kind]]
        room = SHOWN - len([entry for entry in placed if entry[2] not in HEAD])
        for turn in range(SHOWN):
            for kind in KIND_ORDER:
                if kind not in HEAD and turn < len(of_kind[kind]) and room > 0:
                    read.append(of_kind[kind][turn])
                    room -= 1
        return read

    def _rules(self, page) -> dict:
        source = self.pages.get(page.alias_of, page)
        return {(row.source, row.kind): row for row in source.rows.arranged}

    def _pointing(self, me, rules) -> tuple[list, list]:
        """Links that name ``me``: those with a place, and those that come as they come, in their orders."""
        placed, coming = [], []
        for other in self.pages.values():
            if other.alias_of or other.pk == me or not other.is_seen:
                continue
            for link in other.rows.links:
                rule = rules.get((other.pk, link.kind))
                if link.target != me or (rule and rule.hidden):
                    continue
                if rule and rule.place is not None:
                    placed.append(((rule.place, link.order), other.pk, link.kind))
                else:
                    coming.append((link.order, other.pk, link.kind))
        return sorted(placed), sorted(coming)

    def _is_seen(self, pk) -> bool:
        return pk in self.pages and self.pages[pk].is_seen

    def suggested_to(self, page: Known, lines: int) -> set[int]:
        """What the hub should add by itself where ``lines`` lines stand already."""
        me = page.alias_of or page.pk
        placed, coming = self._pointing(me, self._rules(page))
        past = {me, *(link.target for link in page.rows.links), *(row[1] for row in [*placed, *self._read(placed, coming)])}
        listed = [p for p in self.pages.values() if p.live and not p.alias_of and p.pk not in past and p.kind != "series"]
        newest = sorted(listed, key=lambda p: -p.pk)
        by = [p for p in newest if p.author == page.author][:WALK]
        on = [p for p in newest if p.topic == page.topic][:WALK]
        candidates = {p.pk: p for p in (*by, *on)}.values()
        free = [p for p in candidates if p.is_seen and not self._joined(me, p.pk) and not self._joined(page.pk, p.pk)]
        free.sort(key=lambda p: (p.author != page.author, -p.pk))
        return {p.pk for p in free[: max(0, min(MOST, ENOUGH - lines))]}

    def _joined(self, one, other) -> bool:
        """Whether either names the other, be it hidden or a draft that was never shown."""
        pairs = {(page.pk, link.target) for page in self.pages.values() for link in page.rows.links}
        return (one, other) in pairs or (other, one) in pairs
