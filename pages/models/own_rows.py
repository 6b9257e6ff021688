"""A page's own rows, such as its links, read in the query that finds it instead of in one for each table."""

from django.db.models import OuterRef
from django.db.models.functions import JSONObject

from pages.json_rows import JSONRows

PREFIX = "own_"  # of the column in which the rows of a relation come


class OwnRowsQuerySetMixin:
    """For querysets of pages, whose type says in ``READ_WITH_IT`` which of its relations every screen of it needs."""

    def with_own_rows(self):
        """What ``own_rows`` finds without a query. For one page at hand: a list of cards needs less."""
        return self.annotate(**{f"{PREFIX}{name}": _as_column(self.model, name) for name in self.model.READ_WITH_IT})


def own_rows(page, name: str) -> list:
    """The rows of the relation ``name`` of ``page`` in their order; those of the draft where ``page`` is one."""
    read = getattr(page, f"{PREFIX}{name}", None)
    if read is None:
        return list(getattr(page, name).all())
    relation = page._meta.get_field(name)
    rows = [_from_json(relation.related_model, row) for row in read]
    for row in rows:
        setattr(row, relation.remote_field.name, page)
    return rows


def _as_column(model, name: str) -> JSONRows:
    relation = model._meta.get_field(name)
    rows = relation.related_model._base_manager.filter(**{relation.remote_field.attname: OuterRef("pk")})
    columns = {field.attname: field.attname for field in relation.related_model._meta.concrete_fields}
    return JSONRows(rows.order_by("sort_order", "pk").values(row=JSONObject(**columns)))


def _from_json(model, row: dict):
    """A row as the database would give it: JSON has no dates, and SQLite's numbers for yes and no."""
    fields = model._meta.concrete_fields
    return model.from_db(None, [field.attname for field in fields], [field.to_python(row[field.attname]) for field in fields])
