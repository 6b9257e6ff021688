"""Very many keys as one parameter of a query.

With a parameter for each, making the query costs more than answering it: a thousand of them are read, checked and written
out one by one, in each query that names them.
"""

from collections.abc import Iterable

from django.db import connection
from django.db.models.expressions import RawSQL


def many(keys: Iterable[int]) -> RawSQL:
    """``keys`` for a filter: ``rows.filter(page__in=many(keys))``. Whole numbers, in any number."""
    listed = ",".join(map(str, map(int, keys)))  # as text: psycopg takes far longer to write out a list
    if connection.vendor == "postgresql":
        return RawSQL("SELECT unnest(%s::bigint[])", [f"{{{listed}}}"])
    return RawSQL("SELECT value FROM json_each(%s)", [f"[{listed}]"])
