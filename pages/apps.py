from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class PagesConfig(AppConfig):
    default_auto_field = "django.db.models.BigAutoField"
    name = "pages"
    verbose_name = _("Pages")

    def ready(self):
        from pages import old_addresses  # noqa: PLC0415  (models have to be there first)
        from pages.search import marking  # noqa: PLC0415

        old_addresses.connect()
        marking.connect()
