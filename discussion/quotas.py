"""Limits on how often somebody does something, kept in the database: all servers count together."""

from datetime import UTC, datetime, timedelta

from django.db import connection
from django.db.models import BooleanField, ExpressionWrapper, Q
from django.utils import timezone

from discussion.models import Quota

# A window that is over begins anew with this one; otherwise one more is counted. The row stays locked until the end of
# the transaction, so that of many at once each sees what the others counted.
_COUNT = """
INSERT INTO {table} (key, started_at, used) VALUES {rows}
ON CONFLICT (key) DO UPDATE SET
    used = CASE WHEN {table}.started_at <= %s THEN 1 ELSE {table}.used + 1 END,
    started_at = CASE WHEN {table}.started_at <= %s THEN excluded.started_at ELSE {table}.started_at END
RETURNING key, used, started_at
"""


ASKING = "confirm:"
ASKED_A_DAY = 3  # mails to one address that ask whether it is the writer's: whoever gives somebody else's floods nobody


class Exceeded(Exception):
    """The limit is reached. ``until``: when the next is taken."""

    def __init__(self, until: datetime):
        super().__init__(until)
        self.until = until


def take(key: str, limit: int, period: timedelta, now=None) -> None:
    """Count one more for ``key``; at most ``limit`` in a ``period`` that begins with the first. As ``take_each``."""
    take_each({key: limit}, period, now)


def take_each(limits: dict[str, int], period: timedelta, now=None) -> None:
    """Count one more for each key of ``limits``, in one query.

    To be called inside the transaction of what is counted, which is to be left by the exception: where that fails,
    nothing was counted, and where many come at once they pass one by one. Raises ``Exceeded``.
    """
    now = now or timezone.now()
    as_stored = Quota._meta.get_field("started_at").get_db_prep_value
    keys = sorted(limits)  # always in this order, so that no two wait for each other crosswise
    moment, edge = as_stored(now, connection), as_stored(now - period, connection)
    values = [value for key in keys for value in (key, moment, 1)]
    rows = ", ".join(["(%s, %s, %s)"] * len(keys))
    with connection.cursor() as cursor:
        cursor.execute(_COUNT.format(table=Quota._meta.db_table, rows=rows), [*values, edge, edge])
        counted = {key: (used, started_at) for key, used, started_at in cursor.fetchall()}
    for key in keys:
        used, started_at = counted[key]
        if used > limits[key]:
            raise Exceeded(_moment(started_at) + period)


def forget(rows) -> None:
    """Delete ``rows``, a queryset, in the order in which they are counted: those of mails that ask come last, see
    ``transitions``. To be called in a transaction."""
    in_order = rows.annotate(asks=ExpressionWrapper(Q(key__startswith=ASKING), BooleanField())).order_by("asks", "key")
    list(in_order.select_for_update().values_list("key"))
    rows.delete()


def _moment(stored) -> datetime:
    """A moment as raw queries give it: without its zone, UTC, on SQLite."""
    return stored if timezone.is_aware(stored) else stored.replace(tzinfo=UTC)


def take_asking(person: str, now=None) -> None:
    """Count one more mail that asks the owner of an address (a person's key) to confirm it. As ``take``."""
    take(f"{ASKING}{person}", ASKED_A_DAY, timedelta(days=1), now)
