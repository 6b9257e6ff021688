"""Noting in the record what was done besides changing the state of comments, which ``Decision`` rows say."""

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
    if comment is not None:
        named.setdefault("person", subject_of(comment))
        if "page" not in named:
            named.setdefault("page_id", comment.page_id)
    return LogEntry.objects.create(
        action=action, by=by, by_name=str(by or "")[:150], about=about[:255], reason=reason[:250], comment=comment, **named
    )


def write_each(action: LogEntry.Action, comments, *, by, reason: str = "") -> None:
    """As ``write``, once for each of ``comments``, in one query for five hundred."""
    LogEntry.objects.bulk_create(
        [
            LogEntry(
                action=action, by=by, by_name=str(by or "")[:150], comment=comment, page_id=comment.page_id, reason=reason[:250]
            )
            for comment in comments
        ],
        batch_size=500,
    )
