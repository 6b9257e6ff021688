"""Registrations of the content in the Wagtail admin."""

from django.templatetags.static import static
from django.urls import path
from django.utils.html import format_html, format_html_join
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from wagtail import hooks
from wagtail.admin.views.pages.delete import DeleteView
from wagtail.admin.views.pages.unpublish import UnpublishView
from wagtail.log_actions import LogFormatter
from wagtail.permissions import register_permission_policy
from wagtail.snippets.models import register_snippet

from pages import departures, link_kinds, old_addresses, proposals_view, targets
from pages.bulk import actions as bulk_actions
from pages.bulk import screen as bulk_screen
from pages.bulk.applying import CHANGED_TOGETHER
from pages.health import dismissing
from pages.health import screen as health_screen
from pages.health.wish import DigestPanel
from pages.merging import screen as merging_screen
from pages.merging.merge import MERGED
from pages.models import LinkKind
from pages.rich_text import VisiblePageLinkHandler
from pages.search import report as search_report
from pages.search import steering as search_steering

# First of all: whoever asks for the policy earlier would be given Wagtail's own.
register_permission_policy(LinkKind, link_kinds.LinkKindPermissionPolicy(LinkKind))
register_snippet(link_kinds.LinkKindViewSet)
register_snippet(search_steering.SearchGroup)
# After Wagtail's own, which they replace.
hooks.register("register_bulk_action", link_kinds.DeleteLinkKindsBulkAction, order=10)
hooks.register("register_bulk_action", search_steering.DeleteSynonymsBulkAction, order=10)
hooks.register("register_bulk_action", search_steering.DeletePromotionsBulkAction, order=10)
hooks.register("register_bulk_action", departures.DeletePagesAction, order=10)
hooks.register("register_bulk_action", departures.UnpublishPagesAction, order=10)
hooks.register("register_bulk_action", departures.MovePagesAction, order=10)
hooks.register("register_bulk_action", departures.PublishPagesAction, order=10)
hooks.register("before_delete_page", departures.before(DeleteView))
hooks.register("before_unpublish_page", departures.before(UnpublishView))
hooks.register("after_delete_page", departures.after)
hooks.register("after_unpublish_page", departures.after)

for action in bulk_actions.ACTIONS:
    hooks.register("register_bulk_action", action)
hooks.register("register_admin_urls", bulk_screen.urls)
hooks.register("register_admin_urls", merging_screen.urls)
hooks.register("register_admin_urls", health_screen.urls)
hooks.register("register_reports_menu_item", health_screen.menu_item)
hooks.register("register_admin_urls", search_report.urls)
hooks.register("register_reports_menu_item", search_report.menu_item)
hooks.register("register_page_header_buttons", merging_screen.merge_button)
hooks.register("register_page_listing_more_buttons", merging_screen.merge_button)


# After Wagtail's own registration, which it replaces.
@hooks.register("register_rich_text_features", order=100)
def register_visible_page_links(features):
    features.register_link_type(VisiblePageLinkHandler)


@hooks.register("register_admin_viewset")
def register_targets_of_links():
    return targets.TargetChooserViewSet()


@hooks.register("register_admin_urls")
def register_proposals():
    return [path("proposals/<int:page_id>/", proposals_view.proposals, name="page_proposals")]


@hooks.register("insert_editor_js")
def load_the_editors_scripts():
    scripts = ((static(f"hub/js/{name}.js"),) for name in ("editor", "links", "proposals"))
    return format_html_join("", '<script src="{}" defer></script>', scripts)


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
def register_acts_of_ours(actions):
    actions.register_action(link_kinds.MERGED, _("Merge link kinds"), _("Merged into another kind of link"))
    actions.register_action(old_addresses.LED_HERE, _("Lead addresses here"), _("Made to follow pages that were taken away"))


@hooks.register("register_log_actions")
def register_dismissed_faults(actions):
    actions.register_action(dismissing.DISMISSED, _("Dismiss a fault of links"), _("Said that a fault of its links is none"))
    actions.register_action(dismissing.RESTORED, _("Take a dismissal back"), _("Said that a fault of its links is one"))


@hooks.register("register_account_settings_panel")
def register_digest_panel(request, user, profile):
    return DigestPanel(request, user, profile)


@hooks.register("insert_global_admin_css")
def style_the_editors_panels():
    return format_html('<link rel="stylesheet" href="{}">', static("hub/css/editing.css"))
