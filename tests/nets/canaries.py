"""Words that stand nowhere else, text fields filled with them, and every way in which a page can be hidden."""

import re
from dataclasses import dataclass, field
from datetime import UTC, datetime

from django.contrib.auth.models import Group
from django.db import models
from wagtail.fields import StreamField
from wagtail.models import PageViewRestriction

# Stands beside every secret, and beside every public word: one search for it looks for all of them at once.
SECRET, PUBLIC = "nightingale", "robin"
WORD = re.compile(rb"canary[a-z]{4}", re.IGNORECASE)
# Fields that hold no free text, or that Wagtail writes itself.
NO_TEXT = {"path", "url_path", "draft_title", "isbn", "duration", "address"}
FORMS = {models.SlugField: "{}", models.URLField: "https://{}.example/", "doi": "10.1234/{}"}


@dataclass
class Canaries:
    """The words given out, each with the place where it stands."""

    secret: dict[bytes, str] = field(default_factory=dict)
    public: dict[bytes, str] = field(default_factory=dict)

    def hide(self, place: str) -> str:
        """A new word that no reader may see."""
        return self._word(self.secret, place)

    def show(self, place: str) -> str:
        """A new word that readers see."""
        return self._word(self.public, place)

    def _word(self, given: dict, place: str) -> str:
        number, letters = len(self.secret) + len(self.public), ""
        for _ in range(4):
            number, rest = divmod(number, 26)
            letters = chr(97 + rest) + letters
        given[f"canary{letters}".encode()] = place
        return f"canary{letters}"


def text_values(page_type, give, place: str) -> dict:
    """A value with a word of its own, from ``give``, for every field of ``page_type`` that holds text."""
    values, common = {}, SECRET if give.__name__ == "hide" else PUBLIC
    for entry in page_type._meta.concrete_fields:
        name = entry.name
        where = f"{name} of {place}"
        if isinstance(entry, StreamField):
            values[name] = stream(name, f"{give(where)} {common}")
        elif isinstance(entry, models.CharField | models.TextField) and not entry.choices and name not in NO_TEXT:
            form = FORMS.get(name) or FORMS.get(type(entry)) or f"{{}} {common}"
            values[name] = form.format(give(where))
    return values


def stream(name: str, text: str) -> list:
    """A body, or a transcript, with ``text`` in its heading and its text."""
    if name == "transcript":
        return [("speech", {"label": "", "time": "", "text": f"<p>{text}</p>"}), ("heading", {"text": text, "level": "2"})]
    return [("heading", {"text": text, "level": "2"}), ("paragraph", f"<p>{text}</p>")]


# How a page is hidden: from an unsaved page, its parent, and a private page that may stand in for the parent.

FUTURE, PAST = datetime(2999, 1, 1, tzinfo=UTC), datetime(2001, 1, 1, tzinfo=UTC)


def _draft(page, parent, private):
    page.live = False
    parent.add_child(instance=page)
    page.save_revision()


def _scheduled(page, parent, private):
    page.live, page.go_live_at = False, FUTURE
    parent.add_child(instance=page)
    page.save_revision(approved_go_live_at=page.go_live_at)


def _before_its_time(page, parent, private):
    page.go_live_at = FUTURE
    parent.add_child(instance=page)


def _expired(page, parent, private):
    page.expire_at = PAST
    parent.add_child(instance=page)


def _unpublished(page, parent, private):
    parent.add_child(instance=page)
    page.unpublish()


def _restricted(kind, **values):
    def hide(page, parent, private):
        parent.add_child(instance=page)
        restriction = PageViewRestriction.objects.create(page=page, restriction_type=kind, **values)
        if kind == PageViewRestriction.GROUPS:
            restriction.groups.set(Group.objects.filter(name="Editors"))

    return hide


def _beneath(page, parent, private):
    private.add_child(instance=page)


WAYS = {
    "a draft": _draft,
    "a scheduled page": _scheduled,
    "a page live before its time": _before_its_time,
    "an expired page, the worker being late": _expired,
    "an unpublished page": _unpublished,
    "a page behind a log-in": _restricted(PageViewRestriction.LOGIN),
    "a page behind a password": _restricted(PageViewRestriction.PASSWORD, password="open"),
    "a page for a group": _restricted(PageViewRestriction.GROUPS),
    "a page beneath a private one": _beneath,
}
