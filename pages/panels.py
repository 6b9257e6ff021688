"""Panels of the page editor that show something instead of asking for it."""

from wagtail.admin.panels import Panel

from pages.providers import discussion_summary


class DiscussionSummaryPanel(Panel):
    """How the page's discussion stands, with the way to it for those who look after it. Shown once there is a page."""

    class BoundPanel(Panel.BoundPanel):
        template_name = "pages/panels/discussion_summary.html"

        def is_shown(self):
            return bool(self.instance.pk) and super().is_shown()

        def get_context_data(self, parent_context=None):
            summary = discussion_summary(self.instance, self.request.user)
            return super().get_context_data(parent_context) | {"summary": summary}
