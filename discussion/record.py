"""The moderation log: what was done besides changing the state of comments, which ``Decision`` rows say."""

from discussion.models import LogEntry


def write(action: LogEntry.Action, *, by, about: str = "", reason: str = "", **named) -> LogEntry:
    """Note that ``by`` did ``action``.

    ``named``: ``comment``, ``page`` and ``person`` that it was done to, and ``before`` and ``after`` as values for JSON. To
    be called in the transaction of what it notes.
    """
    return LogEntry.objects.create(
        action=action, by=by, by_name=str(by or "")[:150], about=about[:255], reason=reason[:250], **named
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
