"""The index of words knows the dates of its entries, so that the newest with a frequent word are found without the others.
Measured with 60,000 fitting pages of 100,000: 3 ms instead of 33. It takes about a minute for as many, while nothing is indexed."""

from django.contrib.postgres.operations import BtreeGinExtension
from django.db import migrations


def create(*columns):
    def act(apps, schema_editor):
        if schema_editor.connection.vendor == "postgresql":
            schema_editor.execute("DROP INDEX search_words")
            schema_editor.execute(f"CREATE INDEX search_words ON pages_searchentry USING gin ({', '.join(columns)})")

    return act


class Migration(migrations.Migration):
    dependencies = [("pages", "0014_compact_search_entries")]

    operations = [BtreeGinExtension(), migrations.RunPython(create("words", "display_date"), create("words"))]
