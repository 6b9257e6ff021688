"""Registrations of the discussion in the Wagtail admin."""

from django.contrib.auth.models import Permission
from django.urls import path, reverse
from django.utils.translation import gettext_lazy as _
from wagtail import hooks
from wagtail.admin.menu import MenuItem
from wagtail.admin.site_summary import SummaryItem
from wagtail.snippets.models import register_snippet

from discussion import overrides
from discussion.moderation import curation, deciding, listing, log, modes, people, replies, screen, treating
from discussion.moderation.alerts import AlertsPanel
from discussion.moderation.queues import CAP, Queue, in_words, waiting_counts
from discussion.moderation.sections import SectionFormSet
from discussion.permissions import may_moderate, may_see_personal_data
from discussion.rules import screen as rules_screen
from discussion.views import personal_data

for module in (listing, screen, deciding, curation, overrides, people, treating, modes, log, rules_screen):
    hooks.register("register_admin_urls", module.urls)

register_snippet(replies.CannedReplyViewSet)
hooks.register("register_bulk_action", replies.DeleteRepliesBulkAction, order=10)


@hooks.register("register_group_permission_panel")
def register_sections_panel():
    return SectionFormSet


hooks.register("register_settings_menu_item", rules_screen.menu_item)


@hooks.register("register_account_settings_panel")
def register_alerts_panel(request, user, profile):
    return AlertsPanel(request, user, profile)


@hooks.register("register_log_actions")
def register_override_in_the_pages_log(actions):
    actions.register_action(overrides.LOGGED_AS)(overrides.OverrideLogFormatter)


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


def queue_url(queue: Queue = Queue.PENDING) -> str:
    return f"{reverse('discussion_queue')}?queue={queue.value}"


def _waiting(user) -> int:
    """Comments that wait for a decision: pending and reported ones, as far as they are counted."""
    counts = waiting_counts(user)
    return min(counts[Queue.PENDING] + counts[Queue.REPORTED], CAP + 1)


class DiscussionMenuItem(MenuItem):
    """The menu entry with the number of comments that wait."""

    def is_shown(self, request):
        return may_moderate(request.user)

    def render_component(self, request):
        component = super().render_component(request)
        component.url = queue_url()
        if waiting := _waiting(request.user):
            component.label = f"{self.label} ({in_words(waiting)})"
        return component


@hooks.register("register_admin_menu_item")
def register_discussion_menu_item():
    return DiscussionMenuItem(_("Discussion"), "", name="discussion", icon_name="comment", order=250)


class WaitingSummaryItem(SummaryItem):
    """On the admin's first page: what waits, with the way to it."""

    order = 150
    template_name = "discussion/admin/summary.html"

    def is_shown(self):
        return may_moderate(self.request.user)

    def get_context_data(self, parent_context):
        waiting = _waiting(self.request.user)
        return {"count": waiting, "waiting": in_words(waiting), "url": queue_url()}


@hooks.register("construct_homepage_summary_items")
def add_waiting_comments(request, items):
    items.append(WaitingSummaryItem(request))
