"""Rows of another table as one column: what hangs on each of many rows comes in the query that reads them.

Unlike ``prefetch_related`` it takes no query of its own, and a slice holds for each row rather than for all together.
"""

from django.db.models import IntegerField, JSONField, Subquery


class JSONRows(Subquery):
    """The column ``row`` of a subquery, a ``JSONObject``, as a list of dictionaries in the order of the subquery."""

    template = "(SELECT COALESCE(jsonb_agg(found.row), '[]'::jsonb) FROM (%(subquery)s) AS found)"
    output_field = JSONField()
    empty_result_set_value = "[]"  # where Django knows that there is nothing, and asks the database nothing

    def as_sqlite(self, compiler, connection, **context):
        template = "(SELECT json_group_array(json(found.row)) FROM (%(subquery)s) AS found)"
        return self.as_sql(compiler, connection, template=template, **context)


class CountOf(Subquery):
    """How many rows a subquery has; with a slice, no more are counted than it takes."""

    template = "(SELECT COUNT(*) FROM (%(subquery)s) AS found)"
    output_field = IntegerField()
    empty_result_set_value = 0
