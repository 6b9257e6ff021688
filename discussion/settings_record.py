"""Changes of what holds for every discussion of a site, in the moderation log: who, what it was, and what it is now."""

from django.db.models.signals import post_save, pre_save
from django.utils.translation import gettext as _
from wagtail.log_actions import get_active_log_context

from discussion import record
from discussion.models import DiscussionSettings, LogEntry


def connect() -> None:
    """Have every saving recorded, by whichever way it comes."""
    pre_save.connect(_before, sender=DiscussionSettings, dispatch_uid="discussion.settings_before")
    post_save.connect(_after, sender=DiscussionSettings, dispatch_uid="discussion.settings_after")


def _before(sender, instance, raw=False, **kwargs):
    stored = None if raw else sender.base_queryset().filter(pk=instance.pk).first()
    instance._values_before = _values(stored or sender(site_id=instance.site_id))  # what holds where no row is: the defaults


def _after(sender, instance, raw=False, **kwargs):
    was, now = instance._values_before, _values(instance)
    changed = [name for name in now if now[name] != was[name]]
    if raw or not changed:
        return
    record.write(
        LogEntry.Action.SETTINGS,
        by=get_active_log_context().user,
        about=_("Settings of “%(site)s”") % {"site": instance.site},
        before={name: was[name] for name in changed},
        after={name: now[name] for name in changed},
    )


def _values(rules) -> dict:
    """The fields as plain values, pages by their titles."""
    values = {}
    for field in rules._meta.concrete_fields:
        if not field.primary_key and field.name != "site":
            value = getattr(rules, field.name)
            values[field.name] = value if value is None or isinstance(value, (bool, int, str)) else str(value)
    return values
