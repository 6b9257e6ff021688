from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class DiscussionConfig(AppConfig):
    default_auto_field = "django.db.models.BigAutoField"
    name = "discussion"
    verbose_name = _("Discussion")

    def ready(self):
        from discussion import removal, settings_record  # noqa: PLC0415  (models have to be there first)

        removal.connect()
        settings_record.connect()
