"""Entries keep what the numbers beside the filters of search are counted from (``pages.search.counting``). Those that are there
already get it here: until they are indexed anew the numbers would leave them out."""

from django.db import migrations, models

# Django would make SQLite's table anew, and leave the triggers behind that keep the words beside it.
ADD = "ALTER TABLE pages_searchentry ADD COLUMN counted text NOT NULL DEFAULT ''"
REMOVE = "ALTER TABLE pages_searchentry DROP COLUMN counted"
FILL = """
UPDATE pages_searchentry SET counted = COALESCE((
    SELECT {joined} FROM (
        SELECT 't' || topic_id AS word FROM pages_pagetopic WHERE page_id = pages_searchentry.page_id
        UNION SELECT 'p' || person_id FROM pages_contribution
            WHERE page_id = pages_searchentry.page_id AND person_id IS NOT NULL
        UNION SELECT 'f' || kind FROM pages_format WHERE page_id = pages_searchentry.page_id
    ) AS words
), '')
"""
JOINED = {"postgresql": "string_agg(word, ' ')", "sqlite": "group_concat(word, ' ')"}


def fill(apps, schema_editor):
    schema_editor.execute(FILL.format(joined=JOINED[schema_editor.connection.vendor]))


class Migration(migrations.Migration):
    dependencies = [("pages", "0015_frequent_words")]

    operations = [
        migrations.RunSQL(
            ADD, REMOVE, state_operations=[migrations.AddField("searchentry", "counted", models.TextField(default=""))]
        ),
        migrations.RunPython(fill, migrations.RunPython.noop),
    ]
