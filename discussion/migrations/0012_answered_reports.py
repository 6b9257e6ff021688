"""Who answered a report, also of those answered before; and an index by which the record reads what rules found."""

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models
from django.db.models import OuterRef, Subquery


def name_who_answered(apps, schema_editor):
    """The decision of the same moment answered the report."""
    reports = apps.get_model("discussion", "Report").objects.exclude(settled_at=None)
    same = {"comment": OuterRef("comment"), "decided_at": OuterRef("settled_at")}
    decisions = apps.get_model("discussion", "Decision").objects.filter(**same).order_by("pk")
    reports = reports.filter(models.Exists(decisions))
    reports.update(
        settled_by=Subquery(decisions.values("by")[:1]), settled_by_name=Subquery(decisions.values("by_name")[:1])
    )


class Migration(migrations.Migration):
    dependencies = [
        ("discussion", "0011_record"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.AddField(
            model_name="report",
            name="settled_by",
            field=models.ForeignKey(
                null=True, on_delete=django.db.models.deletion.SET_NULL, related_name="+", to=settings.AUTH_USER_MODEL
            ),
        ),
        migrations.AddField(
            model_name="report",
            name="settled_by_name",
            field=models.CharField(blank=True, default="", max_length=150),
        ),
        migrations.RunPython(name_who_answered, migrations.RunPython.noop, elidable=True),
        migrations.AddIndex(
            model_name="flag",
            index=models.Index(fields=["-raised_at", "-id"], name="flags_newest_first"),
        ),
    ]
