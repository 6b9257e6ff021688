"""Contributors who are told unasked: apart from those who follow, and for ever silent where they wished it."""

import django.db.models.deletion
import django.utils.timezone
from django.conf import settings
from django.db import migrations, models
from django.db.models import Exists, OuterRef


def part_from_followers(apps, schema_editor):
    """Contributors were given the subscription of a follower. What they ended stays as it is, and ended."""
    contributions = apps.get_model("pages", "Contribution").objects.filter(
        page=OuterRef("page"), person__user=OuterRef("user"), page__discussion_tells_authors=True
    )
    given = apps.get_model("discussion", "Subscription").objects.filter(scope="page", confirmed_at__isnull=False, ended_at=None)
    given.filter(Exists(contributions)).update(scope="authors")


class Migration(migrations.Migration):
    dependencies = [
        ("discussion", "0014_browser_of_a_wish"),
        ("pages", "0013_incoming_order"),
        ("people", "0002_peopleindexpage_personpage"),
    ]

    operations = [
        migrations.CreateModel(
            name="NoMail",
            fields=[
                (
                    "user",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.CASCADE,
                        primary_key=True,
                        related_name="no_mail",
                        serialize=False,
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                ("since", models.DateTimeField(default=django.utils.timezone.now)),
            ],
            options={
                "default_permissions": [],
            },
        ),
        migrations.AlterField(
            model_name="subscription",
            name="scope",
            field=models.CharField(
                choices=[
                    ("replies", "Replies to my comments on this page"),
                    ("page", "Every new comment on this page"),
                    ("decision", "What is decided about my comment, if it has to wait"),
                    ("authors", "Every new comment on a page with a contribution of mine"),
                ],
                max_length=10,
            ),
        ),
        migrations.RunPython(part_from_followers, migrations.RunPython.noop, elidable=True),
    ]
