"""A permission of its own to export and erase the personal data of commenters; no group has it by default."""

from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [
        ("discussion", "0006_afterwards"),
    ]

    operations = [
        migrations.AlterModelOptions(
            name="discussion",
            options={
                "default_permissions": [],
                "permissions": [
                    ("moderate", "Can moderate comments"),
                    ("personal_data", "Can export and erase the personal data of commenters"),
                ],
                "verbose_name": "discussion",
            },
        ),
    ]
