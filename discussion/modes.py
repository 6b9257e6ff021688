"""Whether a moderator reads comments before or after readers do, said for a page and everything beneath it."""

from django.db import transaction
from wagtail.models import Page

from discussion import record
from discussion.models import DiscussionSettings, LogEntry, ModerationMode

Mode = ModerationMode.Mode


def holds_all(page, rules: DiscussionSettings) -> bool:
    """Whether comments beneath ``page`` wait for a moderator; ``rules`` are its site's. One query.

    What was said for the page itself goes first, then what was for the nearest page above, last what the site says.
    """
    nearest = nearest_modes([page])[page.pk]
    return nearest.mode == Mode.BEFORE if nearest else rules.hold_comments


def nearest_modes(pages) -> dict[int, ModerationMode | None]:
    """The mode that counts for each of ``pages``, by its key, with the page that it was said for; one query for them all."""
    pages = list(pages)
    ways = {page.pk: _way_to(page) for page in pages}
    rows = ModerationMode.objects.filter(page__path__in=set().union(*ways.values())).select_related("page")
    said = {row.page.path: row for row in rows}
    return {key: said.get(max((path for path in way if path in said), key=len, default="")) for key, way in ways.items()}


def set_mode(page, mode: str, *, by) -> None:
    """Let ``mode`` hold for ``page`` and beneath; an empty one: as is said above."""
    with transaction.atomic():
        Page.objects.select_for_update(of=("self",), no_key=True).filter(pk=page.pk).first()  # one after the other
        before = ModerationMode.objects.filter(page_id=page.pk).first()
        was = before.mode if before else ""
        if was == mode:
            return
        if mode:
            ModerationMode.objects.update_or_create(page_id=page.pk, defaults={"mode": mode})
        else:
            before.delete()
        said = {"before": {"mode": was}, "after": {"mode": mode}}
        record.write(LogEntry.Action.MODE, by=by, page_id=page.pk, about=page.title, **said)


def _way_to(page) -> list[str]:
    """The paths of the pages above ``page``, and its own."""
    return [page.path[:end] for end in range(page.steplen, len(page.path) + 1, page.steplen)]
