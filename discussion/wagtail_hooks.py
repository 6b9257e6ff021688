"""Registrations of the discussion in the Wagtail admin."""

from django.contrib.auth.models import Permission
from django.urls import re_path, reverse
from django.utils.translation import gettext_lazy as _
from wagtail import hooks
from wagtail.admin.menu import MenuItem
from wagtail.admin.site_summary import SummaryItem
from wagtail.permissions import register_permission_policy
from wagtail.snippets.models import register_snippet

from discussion import viewsets
from discussion.models import PageComment, State
from discussion.permissions import CommentPermissionPolicy, may_moderate

# First of all: whoever asks for the policy earlier would be given Wagtail's own.
register_permission_policy(PageComment, CommentPermissionPolicy(PageComment))
register_snippet(viewsets.CommentViewSet)

for action in (
    viewsets.ApproveBulkAction,
    viewsets.RejectBulkAction,
    viewsets.SpamBulkAction,
    viewsets.RemoveBulkAction,
):
    hooks.register("register_bulk_action", action, order=10)


@hooks.register("register_admin_urls")
def register_decision_urls():
    names = "|".join(viewsets.ACTIONS)
    return [re_path(rf"^discussion/(?P<pk>\d{{1,9}})/(?P<action>{names})/$", viewsets.decide_one, name="discussion_decide")]


@hooks.register("register_permissions")
def register_moderation_permission():
    return Permission.objects.filter(content_type__app_label="discussion", codename="moderate")


def queue_url() -> str:
    """The comments that wait, oldest first: those who wrote first are read first."""
    return reverse(PageComment.snippet_viewset.get_url_name("list")) + f"?state={State.PENDING}&ordering=submitted_at"


class DiscussionMenuItem(MenuItem):
    """The menu entry with the number of comments that wait."""

    def is_shown(self, request):
        return may_moderate(request.user)

    def render_component(self, request):
        component = super().render_component(request)
        component.url = queue_url()
        if waiting := PageComment.objects.pending().count():
            component.label = f"{self.label} ({waiting})"
        return component


@hooks.register("register_admin_menu_item")
def register_discussion_menu_item():
    return DiscussionMenuItem(_("Discussion"), "", name="discussion", icon_name="comment", order=250)


class WaitingSummaryItem(SummaryItem):
    order = 150
    template_name = "discussion/admin/summary.html"

    def is_shown(self):
        return may_moderate(self.request.user)

    def get_context_data(self, parent_context):
        return {"waiting": PageComment.objects.pending().count(), "url": queue_url()}


@hooks.register("construct_homepage_summary_items")
def add_waiting_comments(request, items):
    items.append(WaitingSummaryItem(request))
