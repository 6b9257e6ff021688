"""Paths sort byte by byte: on PostgreSQL only the C collation promises that, and lets the index serve ranges."""

from django.db import migrations


def use_c_collation(apps, schema_editor):
    if schema_editor.connection.vendor == "postgresql":
        schema_editor.execute('ALTER TABLE discussion_pagecomment ALTER COLUMN path TYPE varchar(48) COLLATE "C"')


class Migration(migrations.Migration):
    dependencies = [("discussion", "0003_groups")]

    operations = [migrations.RunPython(use_c_collation, migrations.RunPython.noop)]
