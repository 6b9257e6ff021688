"""Registrations of the content in the Wagtail admin."""

from django.templatetags.static import static
from django.utils.html import format_html
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from wagtail import hooks
from wagtail.log_actions import LogFormatter
from wagtail.permissions import register_permission_policy
from wagtail.snippets.models import register_snippet

from pages import link_kinds
from pages.bulk import actions as bulk_actions
from pages.bulk import screen as bulk_screen
from pages.bulk.applying import CHANGED_TOGETHER
from pages.merging import screen as merging_screen
from pages.merging.merge import MERGED
from pages.models import LinkKind
from pages.rich_text import VisiblePageLinkHandler

# First of all: whoever asks for the policy earlier would be given Wagtail's own.
register_permission_policy(LinkKind, link_kinds.LinkKindPermissionPolicy(LinkKind))
register_snippet(link_kinds.LinkKindViewSet)
hooks.register("register_bulk_action", link_kinds.DeleteLinkKindsBulkAction, order=10)

for action in bulk_actions.ACTIONS:
    hooks.register("register_bulk_action", action)
hooks.register("register_admin_urls", bulk_screen.urls)
hooks.register("register_admin_urls", merging_screen.urls)
hooks.register("register_page_header_buttons", merging_screen.merge_button)
hooks.register("register_page_listing_more_buttons", merging_screen.merge_button)


# After Wagtail's own registration, which it replaces.
@hooks.register("register_rich_text_features", order=100)
def register_visible_page_links(features):
    features.register_link_type(VisiblePageLinkHandler)


@hooks.register("insert_editor_js")
def wait_for_autosave():
    return format_html('<script src="{}" defer></script>', static("hub/js/editor.js"))


@hooks.register("register_log_actions")
def register_changes_together(actions):
    @actions.register_action(CHANGED_TOGETHER)
    class ChangedTogether(LogFormatter):
        label = _("Change many pages")

        def format_message(self, entry):
            return gettext("Changed with others: %(words)s") % {"words": entry.data.get("words", "")}


@hooks.register("register_log_actions")
def register_merging(actions):
    @actions.register_action(MERGED)
    class Merged(LogFormatter):
        label = _("Merge pages")

        def format_message(self, entry):
            said = {"title": entry.data.get("title", ""), "address": entry.data.get("address", "")}
            return gettext("“%(title)s” (%(address)s) was merged into this page") % said


@hooks.register("register_log_actions")
def register_merging_of_link_kinds(actions):
    actions.register_action(link_kinds.MERGED, _("Merge link kinds"), _("Merged into another kind of link"))


@hooks.register("insert_global_admin_css")
def style_the_editors_panels():
    return format_html('<link rel="stylesheet" href="{}">', static("hub/css/editing.css"))
