"""An alias of an alias becomes one of the source, as saving makes it: what the source asks for is looked up one step away."""

from django.db import migrations
from django.db.models import OuterRef, Subquery


def shorten(apps, schema_editor):
    pages = apps.get_model("wagtailcore", "Page").objects
    chained = pages.filter(alias_of__alias_of__isnull=False)
    while keys := list(chained.values_list("pk", flat=True)):
        source = pages.filter(pk=OuterRef("alias_of")).values("alias_of")[:1]
        pages.filter(pk__in=keys).update(alias_of=Subquery(source))


class Migration(migrations.Migration):
    dependencies = [("pages", "0017_former_kinds_go_along")]

    operations = [migrations.RunPython(shorten, migrations.RunPython.noop)]
