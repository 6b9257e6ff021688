"""Indexes by which the record is read; and the first canned replies, with who may change them."""

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

REPLIES = [
    (
        "Off the subject of the page",
        "off-topic",
        "Thank you for writing. Your comment is about something other than this page, and we keep each discussion to the "
        "subject of its page so that others can follow it. You are welcome to write again about what is said here.",
    ),
    (
        "Insults or attacks somebody",
        "abusive",
        "Your comment attacks a person rather than what they say, and our house rules do not allow that. You may disagree as "
        "firmly as you like: please write again without the insult.",
    ),
    (
        "Holds personal details",
        "personal-data",
        "Your comment holds details by which somebody could be recognised or reached, such as an address, a telephone number "
        "or facts about their health. We cannot publish those, even when they are your own. Please write again without them.",
    ),
    (
        "Says what was said before",
        "duplicate",
        "What you say stands on this page already, so we have not published it a second time. You can reply to the comment "
        "that is there, and add what it leaves out.",
    ),
    (
        "Might be defamatory",
        "defamation",
        "Your comment states something about a named person or organisation that could harm their good name, and we cannot "
        "tell whether it is true. Please write again without that statement, or say where it can be checked.",
    ),
]


def make_replies(apps, schema_editor):
    """Moderators find five replies to begin with, and may change them."""
    ContentType = apps.get_model("contenttypes", "ContentType")
    Permission = apps.get_model("auth", "Permission")
    CannedReply = apps.get_model("discussion", "CannedReply")
    CannedReply.objects.bulk_create(
        CannedReply(title=title, reason_code=code, text=text) for title, code, text in REPLIES
    )
    content_type, _ = ContentType.objects.get_or_create(app_label="discussion", model="cannedreply")
    for moderators in apps.get_model("auth", "Group").objects.filter(name="Moderators"):
        for action in ("add", "change", "delete", "view"):
            permission, _ = Permission.objects.get_or_create(
                content_type=content_type, codename=f"{action}_cannedreply", defaults={"name": f"Can {action} canned reply"}
            )
            moderators.permissions.add(permission)


class Migration(migrations.Migration):

    dependencies = [
        ('auth', '0012_alter_user_first_name_max_length'),
        ('contenttypes', '0002_remove_content_type_name'),
        ('discussion', '0010_rules'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
        migrations.swappable_dependency(settings.WAGTAIL_PAGE_MODEL),
    ]

    operations = [
        migrations.RemoveIndex(
            model_name='outgoingmail',
            name='mail_by_age',
        ),
        migrations.AlterField(
            model_name='decision',
            name='by',
            field=models.ForeignKey(db_index=False, null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to=settings.AUTH_USER_MODEL),
        ),
        migrations.AlterField(
            model_name='logentry',
            name='by',
            field=models.ForeignKey(db_index=False, null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to=settings.AUTH_USER_MODEL),
        ),
        migrations.AlterField(
            model_name='logentry',
            name='page',
            field=models.ForeignKey(db_index=False, null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to=settings.WAGTAIL_PAGE_MODEL),
        ),
        migrations.AddIndex(
            model_name='decision',
            index=models.Index(fields=['by', '-decided_at', '-id'], name='decisions_by_moderator'),
        ),
        migrations.AddIndex(
            model_name='edit',
            index=models.Index(fields=['-edited_at', '-id'], name='edits_newest_first'),
        ),
        migrations.AddIndex(
            model_name='logentry',
            index=models.Index(fields=['by', '-at', '-id'], name='log_by_moderator'),
        ),
        migrations.AddIndex(
            model_name='logentry',
            index=models.Index(fields=['page', '-at', '-id'], name='log_of_page'),
        ),
        migrations.AddIndex(
            model_name='logentry',
            index=models.Index(fields=['action', '-at', '-id'], name='log_of_action'),
        ),
        migrations.AddIndex(
            model_name='outgoingmail',
            index=models.Index(fields=['-created_at', '-id'], name='mail_newest_first'),
        ),
        migrations.AddIndex(
            model_name='outgoingmail',
            index=models.Index(fields=['kind', '-created_at', '-id'], name='mail_of_kind'),
        ),
        migrations.AddIndex(
            model_name='report',
            index=models.Index(fields=['-reported_at', '-id'], name='reports_newest_first'),
        ),
        migrations.AddIndex(
            model_name='report',
            index=models.Index(condition=models.Q(('settled_at__isnull', False)), fields=['-settled_at', '-id'], name='reports_settled'),
        ),
        migrations.RunPython(make_replies, migrations.RunPython.noop),
    ]
