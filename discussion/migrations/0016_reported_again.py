"""Who reported a comment may report it again once that was answered; one report of theirs waits at a time."""

from django.db import migrations, models
from django.db.models import Exists, OuterRef, Q


def keep_the_latest(apps, schema_editor):
    """On the way back, where a reporter may stand at a comment once: the others go, as there was no room for them then."""
    Report = apps.get_model("discussion", "Report")
    later = Report.objects.filter(comment=OuterRef("comment"), reporter_key=OuterRef("reporter_key"), pk__gt=OuterRef("pk"))
    Report.objects.filter(Exists(later)).delete()


class Migration(migrations.Migration):
    dependencies = [("discussion", "0015_contributors")]

    operations = [
        migrations.RemoveConstraint(model_name="report", name="report_once"),
        migrations.AddConstraint(
            model_name="report",
            constraint=models.UniqueConstraint(
                fields=["comment", "reporter_key"], name="one_open_report", condition=Q(settled_at__isnull=True)
            ),
        ),
        migrations.RunPython(migrations.RunPython.noop, keep_the_latest),
    ]
