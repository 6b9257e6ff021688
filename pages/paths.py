"""Following a reading path. Where a reader stands is in the address and nowhere else: ``?path=41&step=3``.

The step counts those that readers may see. An address that fits no longer, since steps were moved, is read by the page
it leads to; one that makes no sense is the same as none. Whoever keeps pages by their addresses keeps both parts.
"""

from dataclasses import dataclass
from functools import cached_property
from urllib.parse import urlencode

from django.db.models import F
from wagtail.models import Page

from pages.choices import LARGEST_KEY
from pages.models import Kind, PathPage
from pages.navigation import any_pages

LARGEST_STEP = 9_999


@dataclass(frozen=True)
class Step:
    """``page`` is None for an address elsewhere. ``query`` is what an address carries on the way, without a question mark."""

    number: int
    title: str
    note: str
    page: Page | None
    address: str
    query: str

    @property
    def kind(self) -> str:
        """What readers call the page; empty for one that is no content."""
        kind = self.page.kind if self.page else ""
        return Kind(kind).label if kind else ""


@dataclass(frozen=True)
class Place:
    """Where a reader stands on a path."""

    path: PathPage
    steps: list[Step]
    step: Step

    @cached_property
    def previous(self) -> Step | None:
        return self.steps[self.step.number - 2] if self.step.number > 1 else None

    @cached_property
    def next(self) -> Step | None:
        return self.steps[self.step.number] if self.step.number < len(self.steps) else None

    @property
    def total(self) -> int:
        return len(self.steps)


def steps_of(path: PathPage) -> list[Step]:
    """The steps that everybody may take, in order; in a preview those of the draft. Two queries."""
    rows = list(path.steps.all())
    wanted = {row.page_id for row in rows} - {None}
    pages = any_pages().filter(pk__in=wanted).visible_at_once().annotate(kind=F("contentpage__kind"))
    seen = pages.in_bulk() if wanted else {}
    shown = [row for row in rows if row.page_id in seen or (row.address and row.title)]
    key = path.alias_of_id or path.pk
    return [_step(row, number, seen.get(row.page_id), key) for number, row in enumerate(shown, start=1)]


def _step(row, number: int, page: Page | None, path_key: int | None) -> Step:
    query = urlencode({"path": path_key, "step": number}) if path_key else ""
    return Step(number, page.title if page else row.title, row.note, page, "" if page else row.address, query)


def place_on_path(page: Page, query) -> Place | None:
    """Where a reader of ``page`` stands on the path that the address names. No query where it names none; else three."""
    key = _number(query.get("path", ""), LARGEST_KEY)
    if not key or not page.pk:
        return None
    paths = PathPage.objects.filter(pk=key, alias_of__isnull=True).visible_at_once().defer("body")
    path = paths.first()
    steps = steps_of(path) if path else []
    here = [step for step in steps if step.page and step.page.pk == (page.alias_of_id or page.pk)]
    asked = _number(query.get("step", ""), LARGEST_STEP)
    step = next((step for step in here if step.number == asked), here[0] if here else None)
    return Place(path, steps, step) if step else None


def _number(text: str, most: int) -> int:
    """A number from an address; 0 for what is none, or too large."""
    return int(text) if text.isascii() and text.isdigit() and len(text) < 20 and int(text) <= most else 0
