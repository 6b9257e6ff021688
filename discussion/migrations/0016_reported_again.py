"""Who reported a comment may report it again once that was answered; one report of theirs waits at a time."""

from django.db import migrations, models
from django.db.models import Q


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
    ]
