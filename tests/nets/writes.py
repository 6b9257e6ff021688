"""What a request writes: by the statements it sends, and by the tables as they stand before and after."""

import hashlib
import re
from contextlib import contextmanager

from django.apps import apps
from django.db import connection

# The table stands after the verb; a common table expression may come before it.
_WRITE = re.compile(
    r"\b(?:INSERT\s+(?:OR\s+\w+\s+)?INTO|(?<!DO )UPDATE|DELETE\s+FROM|REPLACE\s+INTO)\s+[\"`]?(\w+)", re.IGNORECASE
)


@contextmanager
def written_tables():
    """The set of tables to which the block writes, filled as it runs."""
    tables: set[str] = set()

    def note(execute, sql, params, many, context):
        # ``SELECT … FOR UPDATE`` locks and writes nothing.
        if not sql.lstrip().upper().startswith("SELECT"):
            tables.update(_WRITE.findall(sql))
        return execute(sql, params, many, context)

    with connection.execute_wrapper(note):
        yield tables


def state_of_tables() -> dict[str, tuple[int, str]]:
    """``{table: (rows, checksum)}`` of every table of every model, many-to-many tables included."""
    models = apps.get_models(include_auto_created=True)
    return {model._meta.db_table: _state(model) for model in models if model._meta.managed and not model._meta.proxy}


def _state(model) -> tuple[int, str]:
    columns = [field.column for field in model._meta.local_concrete_fields]
    quoted = ", ".join(connection.ops.quote_name(column) for column in columns)
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT {quoted} FROM {connection.ops.quote_name(model._meta.db_table)}")  # noqa: S608
        rows = sorted(repr(row) for row in cursor.fetchall())
    return len(rows), hashlib.blake2b("\n".join(rows).encode(), digest_size=16).hexdigest()
