"""Words that stand nowhere else, text fields filled with them, and every way in which a page can be hidden."""

import re
from dataclasses import dataclass, field
from datetime import timedelta

from django.contrib.auth.models import Group
from django.db import models
from django.utils import timezone
from wagtail.fields import StreamField
from wagtail.models import PageViewRestriction

WORD = re.compile(rb"canary[a-z]{4}", re.IGNORECASE)
# Fields that hold no free text, or that Wagtail writes itself.
NO_TEXT = {"path", "url_path", "draft_title", "isbn", "duration", "address"}
FORMS = {models.URLField: "https://{}.example/", "doi": "10.1234/{}"}


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
    values = {}
    for entry in page_type._meta.concrete_fields:
        name = entry.name
        where = f"{name} of {place}"
        if isinstance(entry, StreamField):
            values[name] = stream(name, give, where)
        elif isinstance(entry, models.CharField | models.TextField) and not entry.choices and name not in NO_TEXT:
            values[name] = FORMS.get(name, FORMS.get(type(entry), "{}")).format(give(where))
    return values


def stream(name: str, give, place: str) -> list:
    """A body, or a transcript, with words from ``give`` in a heading and in its text."""
    if name == "transcript":
        return [("speech", {"label": "", "time": "", "text": f"<p>{give(place)}</p>"})]
    return [("heading", {"text": give(place), "level": "2"}), ("paragraph", f"<p>{give(place)}</p>")]


# How a page is hidden: from an unsaved page, its parent, and a private page that may stand in for the parent.

SOON, PAST = timedelta(days=7), timedelta(days=-7)


def _draft(page, parent, private):
    page.live = False
    parent.add_child(instance=page)
    page.save_revision()


def _scheduled(page, parent, private):
    page.live, page.go_live_at = False, timezone.now() + SOON
    parent.add_child(instance=page)
    page.save_revision(approved_go_live_at=page.go_live_at)


def _before_its_time(page, parent, private):
    page.go_live_at = timezone.now() + SOON
    parent.add_child(instance=page)


def _expired(page, parent, private):
    page.expire_at = timezone.now() + PAST
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
