"""Rows in bulk for models that span several tables, which Django's own ``bulk_create`` refuses.

Nothing here calls ``save`` or sends a signal: whoever uses it writes everything that hangs on a row.
"""

from django.core.management.color import no_style
from django.db import connection
from django.db.models.sql import InsertQuery

BATCH = 500


def tables_of(model) -> list:
    """The model and those that it inherits rows from, the topmost first."""
    return [*reversed(model._meta.get_parent_list()), model]


def next_key(model) -> int:
    """One more than the greatest key of the model's topmost table."""
    top = tables_of(model)[0]
    last = top._base_manager.order_by("-pk").values_list("pk", flat=True).first()
    return (last or 0) + 1


def insert(model, objects: list) -> None:
    """Write ``objects`` of ``model``, each with its key given as ``id``, one statement for a table and batch."""
    tables = tables_of(model)
    for made in objects:
        for table in tables:
            setattr(made, table._meta.pk.attname, made.id)
    for table in tables:
        fields = table._meta.local_concrete_fields
        size = min(BATCH, connection.ops.bulk_batch_size(fields, objects) or BATCH)
        for start in range(0, len(objects), size):
            query = InsertQuery(table)
            query.insert_values(fields, objects[start : start + size], raw=True)
            query.get_compiler(connection=connection).execute_sql()


def continue_keys_after(model) -> None:
    """Let the database's own counter go on after keys that were given; only PostgreSQL has to be told."""
    with connection.cursor() as cursor:
        for statement in connection.ops.sequence_reset_sql(no_style(), [tables_of(model)[0]]):
            cursor.execute(statement)


def delete(model, keys: list) -> None:
    """Delete rows of ``model`` from all its tables, with the rows of other models that point to them."""
    tables = tables_of(model)
    for start in range(0, len(keys), BATCH):
        batch = keys[start : start + BATCH]
        for table in tables:
            for relation in table._meta.related_objects:
                if relation.related_model not in tables:
                    relation.related_model._base_manager.filter(**{f"{relation.field.name}__in": batch}).delete()
    # The child tables as a whole before those above them, since rows of one thread point to one another.
    for table in reversed(tables):
        for start in range(0, len(keys), BATCH):
            rows = table._base_manager.filter(pk__in=keys[start : start + BATCH])
            rows._raw_delete(rows.db)
