import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("pages", "0016_counted_entries")]

    operations = [
        migrations.AlterField(
            model_name="linkkind",
            name="merged_into",
            field=models.ForeignKey(
                blank=True,
                editable=False,
                null=True,
                on_delete=django.db.models.deletion.CASCADE,
                related_name="former_kinds",
                to="pages.linkkind",
            ),
        ),
    ]
