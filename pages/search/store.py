"""Where the words are kept: the same questions to either database."""

from collections.abc import Iterator
from contextlib import contextmanager

from django.db import OperationalError, connection, transaction

from pages.search import postgresql, sqlite


def chosen():
    """The module of the database in use; both answer the same questions."""
    return postgresql if connection.vendor == "postgresql" else sqlite


class TooMuch(Exception):
    """A search took longer than anybody should wait, or the database should work."""


SECONDS = 3
QUERY_CANCELED = "57014"  # PostgreSQL says it in the server's language too
# The planner takes looking into a vector for cheap, and so would rather walk along dates or keys, or read everything, than ask
# the index of words.
SETTINGS = {
    "statement_timeout": SECONDS * 1000,
    "enable_seqscan": "off",
    "enable_indexscan": "off",
    "enable_indexonlyscan": "off",
}


@contextmanager
def bounded() -> Iterator[None]:
    """Have PostgreSQL ask the indexes of words, and give up after ``SECONDS``, as ``TooMuch``. SQLite knows no such bounds."""
    if connection.vendor != "postgresql":
        yield
        return
    is_own = not connection.in_atomic_block
    try:
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.execute("; ".join(f"SET LOCAL {name} = {value}" for name, value in SETTINGS.items()))
            yield
            if not is_own:  # or it would hold for what comes after
                cursor.execute("; ".join(f"SET LOCAL {name} TO DEFAULT" for name in SETTINGS))
    except OperationalError as error:
        if getattr(error.__cause__, "sqlstate", "") == QUERY_CANCELED:
            raise TooMuch from error
        raise
