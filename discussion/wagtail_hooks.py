"""Registrations of the discussion in the Wagtail admin."""

from django.contrib.auth.models import Permission
from django.urls import path, re_path, reverse
from django.utils.translation import gettext_lazy as _
from wagtail import hooks
from wagtail.admin.menu import MenuItem
from wagtail.admin.site_summary import SummaryItem
from wagtail.permissions import register_permission_policy
from wagtail.snippets.models import register_snippet

from discussion import overrides, viewsets
from discussion.models import PageComment, State
from discussion.moderation import log, replies
from discussion.permissions import CommentPermissionPolicy, may_moderate, may_see_personal_data
from discussion.views import personal_data

# First of all: whoever asks for the policy earlier would be given Wagtail's own.
register_permission_policy(PageComment, CommentPermissionPolicy(PageComment))
register_snippet(viewsets.CommentViewSet)
register_snippet(replies.CannedReplyViewSet)

for action in (
    viewsets.ApproveBulkAction,
    viewsets.RejectBulkAction,
    viewsets.SpamBulkAction,
    viewsets.RemoveBulkAction,
    replies.DeleteRepliesBulkAction,
):
    hooks.register("register_bulk_action", action, order=10)


@hooks.register("register_admin_urls")
def register_decision_urls():
    names = "|".join(viewsets.ACTIONS)
    return [re_path(rf"^discussion/(?P<pk>\d{{1,9}})/(?P<action>{names})/$", viewsets.decide_one, name="discussion_decide")]


hooks.register("register_admin_urls", overrides.urls)
hooks.register("register_admin_urls", log.urls)


@hooks.register("register_log_actions")
def register_override_in_the_pages_log(actions):
    actions.register_action(overrides.LOGGED_AS)(overrides.OverrideLogFormatter)


@hooks.register("register_admin_urls")
def register_report_urls():
    return [re_path(r"^discussion/(?P<pk>\d{1,9})/dismiss/$", viewsets.dismiss_reports, name="discussion_dismiss")]


@hooks.register("register_admin_urls")
def register_personal_data_urls():
    return [
        path("discussion/personal-data/", personal_data.LookUp.as_view(), name="discussion_personal_data"),
        path("discussion/personal-data/download/", personal_data.Download.as_view(), name="discussion_personal_data_download"),
        path("discussion/personal-data/erase/", personal_data.Erase.as_view(), name="discussion_personal_data_erase"),
    ]


@hooks.register("register_permissions")
def register_discussion_permissions():
    return Permission.objects.filter(content_type__app_label="discussion", codename__in=["moderate", "personal_data"])


class PersonalDataMenuItem(MenuItem):
    def is_shown(self, request):
        return may_see_personal_data(request.user)


@hooks.register("register_settings_menu_item")
def register_personal_data_menu_item():
    url = reverse("discussion_personal_data")
    return PersonalDataMenuItem(_("Personal data"), url, name="personal-data", icon_name="user", order=650)


@hooks.register("register_log_actions")
def register_personal_data_log_actions(actions):
    actions.register_action("discussion.export_person", _("Export personal data"), _("Handed out what is held of a person"))
    actions.register_action("discussion.erase_person", _("Erase personal data"), _("Erased what was held of a person"))


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
