"""Noting in the record what was done besides changing the state of comments, which ``Decision`` rows say."""

from collections.abc import Iterable

from discussion.models import LogEntry, PageComment
from discussion.persons import subject_of


def write(
    action: LogEntry.Action, *, by, about: str = "", reason: str = "", comment: PageComment | None = None, **named
) -> LogEntry:
    """Note that ``by`` did ``action``.

    ``comment``: to which it was done; its page and its person are noted with it, so that their records find the entry too.
    ``named``: ``page`` and ``person``, where they are others or there is no comment, and ``before`` and ``after`` as values
    for JSON. To be called in the transaction of what it notes.
    """
    entry = _entry(action, by=by, about=about, reason=reason, comment=comment, **named)
    entry.save(force_insert=True)
    return entry


def write_each(action: LogEntry.Action, each: Iterable[dict], *, by, reason: str = "") -> None:
    """As ``write``, once for each of ``each``, which are its further arguments; one query for five hundred."""
    LogEntry.objects.bulk_create([_entry(action, by=by, reason=reason, **named) for named in each], batch_size=500)


def _entry(action, *, by, about="", reason="", comment=None, **named) -> LogEntry:
    if comment is not None:
        named.setdefault("person", subject_of(comment))
        if "page" not in named:
            named.setdefault("page_id", comment.page_id)
    return LogEntry(
        action=action, by=by, by_name=str(by or "")[:150], about=about[:255], reason=reason[:250], comment=comment, **named
    )
