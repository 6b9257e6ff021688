import json

from django.db import migrations

from pages.house_kinds import HOUSE_KINDS


def begin(apps, schema_editor):
    """Every hub begins with the house's kinds, under the codes that links have had all along."""
    kinds = apps.get_model("pages", "LinkKind")
    for place, house in enumerate(HOUSE_KINDS, start=1):
        values = house.values(place * 10)
        values["sentences"] = json.dumps(values["sentences"])
        kinds.objects.get_or_create(slug=values.pop("slug"), defaults=values)


class Migration(migrations.Migration):

    dependencies = [("pages", "0005_links")]

    operations = [migrations.RunPython(begin, migrations.RunPython.noop)]
