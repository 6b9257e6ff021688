"""Very many keys as one parameter of a query.

With a parameter for each, making the query costs more than answering it: a thousand of them are read, checked and written
out one by one, in each query that names them.
"""

import json
from collections.abc import Iterable

from django.db import connection
from django.db.models.expressions import RawSQL


def many(keys: Iterable[int]) -> RawSQL:
    """``keys`` for a filter: ``rows.filter(page__in=many(keys))``. Whole numbers, in any number."""
    keys = [int(key) for key in keys]
    if connection.vendor == "postgresql":
        return RawSQL("SELECT unnest(%s::bigint[])", [keys])
    return RawSQL("SELECT value FROM json_each(%s)", [json.dumps(keys)])
