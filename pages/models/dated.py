"""Rows that lead to a page and carry its kind and date, so that the newest of a kind are read along one index."""

from django.db import models
from modelcluster.fields import ParentalKey
from wagtail.models import Orderable


class DatedQuerySet(models.QuerySet):
    def bulk_create(self, objs, *args, **kwargs):
        """As ever. Whoever writes many rows at once need not know what each carries of its page."""
        objs = list(objs)
        pages = self.model._meta.get_field("page").related_model.objects
        facts = {pk: rest for pk, *rest in pages.filter(pk__in={row.page_id for row in objs}).values_list("pk", *CARRIED)}
        for row in objs:
            row.kind, row.display_date = facts.get(row.page_id, ("", None))
        return super().bulk_create(objs, *args, **kwargs)


class DatedRow(Orderable):
    """A row of a page that is also read from its other end, newest page first. Never set its columns by hand."""

    page: ParentalKey
    kind = models.CharField(max_length=20, editable=False, default="")
    display_date = models.DateField(null=True, editable=False)

    class Meta(Orderable.Meta):
        abstract = True

    def save(self, *args, **kwargs):
        self.kind, self.display_date = self.page.kind, self.page.display_date
        super().save(*args, **kwargs)


CARRIED = ("kind", "display_date")


def carry(page, *relations) -> None:
    """Write to the rows of ``page`` in ``relations`` what they carry of it, where it has changed."""
    facts = {name: getattr(page, name) for name in CARRIED}
    for model in relations:
        model.objects.filter(page_id=page.pk).exclude(**facts).update(**facts)
