from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class DiscussionConfig(AppConfig):
    default_auto_field = "django.db.models.BigAutoField"
    name = "discussion"
    verbose_name = _("Discussion")

    def ready(self):
        from discussion import discussed, removal, search, settings_record, takeover  # noqa: PLC0415  (models have to be there first)
        from discussion.moderation.summary import summary_of  # noqa: PLC0415
        from discussion.openness import card_columns  # noqa: PLC0415
        from discussion.recent import recent_on  # noqa: PLC0415
        from pages import providers  # noqa: PLC0415

        removal.connect()
        settings_record.connect()
        providers.discussion_summary.fill(summary_of)
        providers.take_over_discussion.fill(takeover.take_over)
        providers.recent_comments.fill(recent_on)
        providers.card_columns.fill(card_columns)
        providers.comments_of.fill(removal.comments_of)
        providers.comments_found.fill(search.found_beside_pages)
        providers.discussed_pages.fill(discussed.pages)
        providers.discussed_among.fill(discussed.among)
