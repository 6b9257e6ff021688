"""Canned replies: words that moderators need again and again, kept by those who moderate everything."""

from django.urls import reverse_lazy
from django.utils.translation import gettext_lazy
from wagtail.admin.ui.tables import Column
from wagtail.snippets.views.snippets import SnippetViewSet

from discussion.models import CannedReply
from pages.bulk_deletion import PermittedDeleteBulkAction


class CannedReplyViewSet(SnippetViewSet):
    model = CannedReply
    icon = "mail"
    add_to_admin_menu = False
    copy_view_enabled = False
    list_display = ["title", Column("get_reason_code_display", label=gettext_lazy("Goes with"))]
    search_fields = ["title", "text"]
    list_per_page = 50

    def get_menu_item_is_registered(self):
        return True  # reached from the discussion's screens, instead of “Snippets”

    @property
    def breadcrumbs_items(self):
        return [
            {"url": reverse_lazy("wagtailadmin_home"), "label": gettext_lazy("Home")},
            {"url": reverse_lazy("discussion_record"), "label": gettext_lazy("Record")},
        ]

    def register_chooser_viewset(self):
        """None: a reply is chosen where a decision is made."""


class DeleteRepliesBulkAction(PermittedDeleteBulkAction):
    models = [CannedReply]
