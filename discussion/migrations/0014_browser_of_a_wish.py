"""Which browser asked for mail, so that confirming a comment confirms what its own browser asked for; of old wishes unknown."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("discussion", "0013_comment_words")]

    operations = [
        migrations.AddField(
            model_name="subscription",
            name="author_key",
            field=models.CharField(blank=True, default="", max_length=43),
        ),
    ]
