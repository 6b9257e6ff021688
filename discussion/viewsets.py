"""The moderators' screens in the Wagtail admin: the list of comments, and one comment in its page and thread."""

import django_filters
from django.contrib.admin.utils import quote
from django.core.exceptions import PermissionDenied
from django.db.models import Exists, OuterRef
from django.http import Http404, HttpResponseRedirect, QueryDict
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils.functional import cached_property
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext
from django.views.decorators.http import require_POST
from wagtail.admin import messages
from wagtail.admin.filters import DateRangePickerWidget, WagtailFilterSet
from wagtail.admin.ui.tables import Column, DateColumn
from wagtail.admin.views.generic import InspectView
from wagtail.admin.widgets.button import HeaderButton
from wagtail.snippets.bulk_actions.snippet_bulk_action import SnippetBulkAction
from wagtail.snippets.views.snippets import IndexView, SnippetViewSet

from discussion import formatting, reporting
from discussion.models import PageComment, Report, State
from discussion.permissions import may_moderate
from discussion.transitions import ALLOWED, decide
from pages.feeds import plain
from pages.models import Kind

# What a moderator can do, in the order of the buttons: the state it leads to, the button, and what was done.
ACTIONS = {
    "approve": (State.PUBLISHED, gettext_lazy("Approve"), gettext_lazy("published")),
    "reject": (State.REJECTED, gettext_lazy("Reject"), gettext_lazy("rejected")),
    "spam": (State.SPAM, gettext_lazy("Spam"), gettext_lazy("marked as spam")),
    "remove": (State.REMOVED, gettext_lazy("Remove"), gettext_lazy("removed")),
}
THREAD_AROUND = 20
REPORTS_LISTED = 50
SEARCHED = 200  # characters of what is looked for; databases refuse patterns of many thousands


def _is_key(value) -> bool:
    """Whether ``value``, from an address, can be a comment's key at all; databases choke on what cannot."""
    return str(value).isascii() and str(value).isdecimal() and len(str(value)) < 10


def actions_for(comment: PageComment) -> list[dict]:
    """``[{"name", "label"}]``: what can be done with ``comment`` in its present state."""
    return [{"name": name, "label": label} for name, (state, label, _done) in ACTIONS.items() if state in ALLOWED[comment.state]]


class CommentFilterSet(WagtailFilterSet):
    state = django_filters.MultipleChoiceFilter(label=gettext_lazy("State"), choices=State.choices)
    page__kind = django_filters.ChoiceFilter(label=gettext_lazy("Beneath"), choices=Kind.choices)
    submitted_at = django_filters.DateFromToRangeFilter(label=gettext_lazy("Submitted"), widget=DateRangePickerWidget)
    reported = django_filters.ChoiceFilter(
        label=gettext_lazy("Reported"), choices=[("open", gettext_lazy("By readers, not yet answered"))], method="with_reports"
    )

    class Meta:
        model = PageComment
        fields = ["state", "page__kind", "submitted_at"]

    def with_reports(self, comments, name, value):
        """Those with a report that no decision has answered."""
        return comments.filter(Exists(Report.objects.filter(comment=OuterRef("pk"), settled_at__isnull=True)))


def _as_words(text: str) -> str:
    """``text`` for a table in CSV, where programs take some first characters for those of a formula to be run."""
    return f"'{text}" if text.startswith(("=", "+", "-", "@", "\t", "\r")) else text


class CommentIndexView(IndexView):
    """Newest first; the filters and the search stand in the address, so that a view can be kept as a bookmark."""

    # XLSX is XML, which has no place for some characters.
    custom_field_preprocess = {
        field: {IndexView.FORMAT_CSV: _as_words, IndexView.FORMAT_XLSX: plain}
        for field in ("user_name", "organisation", "comment")
    }

    @cached_property
    def search_query(self):
        return super().search_query[:SEARCHED]

    @cached_property
    def header_buttons(self):
        return [HeaderButton(_("Discussions by page"), url=reverse("discussion_list"), icon_name="list-ul")]

    def get_list_more_buttons(self, instance):
        return []


class CommentView(InspectView):
    """One comment in its page and thread, with what can be done about it and what was."""

    template_name = "discussion/admin/comment.html"
    page_title = gettext_lazy("Comment")

    def get_object(self, queryset=None):
        if not _is_key(self.pk):
            raise Http404
        return get_object_or_404(PageComment.objects.for_queue(), pk=self.pk)

    def get_context_data(self, **kwargs):
        comment = self.object
        thread = PageComment.objects.filter(root_id=comment.root_id).exclude(pk=comment.pk).in_thread_order()
        person = (
            PageComment.objects.filter(user_id=comment.user_id)
            if comment.user_id
            else PageComment.objects.filter(user_email=comment.user_email)
        )
        return super().get_context_data(**kwargs) | {
            "comment": comment,
            "html": formatting.shown(formatting.render(comment.comment)),
            "actions": actions_for(comment),
            "thread": thread[:THREAD_AROUND],
            "earlier": person.exclude(pk=comment.pk).for_queue().newest_first()[:10],
            "decisions": comment.decisions.select_related("by"),
            "edits": comment.edits.all(),
            "reports": reporting.open_reports(comment)[:REPORTS_LISTED],
            "report_count": reporting.open_reports(comment).count(),
            "waiting": PageComment.objects.pending().count(),
        }


class CommentViewSet(SnippetViewSet):
    model = PageComment
    icon = "comment"
    add_to_admin_menu = False
    copy_view_enabled = False
    inspect_view_enabled = True
    index_view_class = CommentIndexView
    index_results_template_name = "discussion/admin/list_results.html"
    inspect_view_class = CommentView
    filterset_class = CommentFilterSet
    list_display = [
        "excerpt",
        Column("user_name", label=gettext_lazy("Name"), sort_key="user_name"),
        Column("page", label=gettext_lazy("Page")),
        Column("get_state_display", label=gettext_lazy("State"), sort_key="state"),
        DateColumn("submitted_at", label=gettext_lazy("Submitted"), sort_key="submitted_at"),
    ]
    list_export = ["number", "user_name", "organisation", "page", "state", "submitted_at", "comment"]
    export_filename = "comments"
    search_fields = ["comment", "user_name", "user_email"]
    list_per_page = 50

    def get_menu_item_is_registered(self):
        return True  # by our own entry with the number that wait, instead of “Snippets”

    def get_queryset(self, request):
        return PageComment.objects.for_queue().newest_first()

    def register_chooser_viewset(self):
        """None: comments are chosen nowhere, and Wagtail's chooser names the writers of held ones to every editor."""


def _reason(request) -> str:
    """Why a moderator decides, without the character that no database takes."""
    return request.POST.get("reason", "").replace("\x00", "")


@require_POST
def decide_one(request, pk, action):
    """Take one comment to the state that ``action`` leads to, then show the next one that waits."""
    if not may_moderate(request.user):
        raise PermissionDenied
    comment = get_object_or_404(PageComment, pk=pk)
    state, _label, done = ACTIONS[action]
    outcome = decide([comment.pk], state, by=request.user, reason=_reason(request))
    if outcome.changed:
        messages.success(request, _("The comment by %(name)s was %(done)s.") % {"name": comment.user_name, "done": done})
    else:
        refused = outcome.refused[0]
        now = refused.get_state_display()
        messages.warning(request, _("Nothing was changed: the comment is “%(state)s” already.") % {"state": now})
    following = PageComment.objects.pending().order_by("submitted_at", "pk").first()
    if request.POST.get("stay") or following is None:
        return HttpResponseRedirect(_back(request))  # not ``redirect``, which takes a bare word for the name of a view
    return redirect(reverse(PageComment.snippet_viewset.get_url_name("inspect"), args=[quote(following.pk)]))


@require_POST
def dismiss_reports(request, pk):
    """Let a comment stand that readers have reported, and say that their reports are answered."""
    if not may_moderate(request.user):
        raise PermissionDenied
    comment = get_object_or_404(PageComment, pk=pk)
    if count := reporting.dismiss(comment):
        said = ngettext("One report was dismissed.", "%(count)d reports were dismissed.", count) % {"count": count}
        messages.success(request, said)
    else:
        messages.warning(request, _("There was no open report."))
    return redirect(reverse(PageComment.snippet_viewset.get_url_name("inspect"), args=[quote(comment.pk)]))


def _back(request):
    stated = request.POST.get("next", "")
    if url_has_allowed_host_and_scheme(stated, {request.get_host()}, require_https=request.is_secure()):
        return stated
    return reverse(PageComment.snippet_viewset.get_url_name("list"))


class DecideBulkAction(SnippetBulkAction):
    """One decision about many comments. ``action_type`` names the action in ``ACTIONS``."""

    models = [PageComment]
    template_name = "discussion/admin/bulk.html"
    name = ""

    def dispatch(self, request, *args, **kwargs):
        if not may_moderate(request.user):
            raise PermissionDenied
        return super().dispatch(request, *args, **kwargs)

    @classmethod
    def get_queryset(cls, model, object_ids):
        return super().get_queryset(model, [key for key in object_ids if _is_key(key)])

    def check_perm(self, obj):
        return may_moderate(self.request.user)

    def get_all_objects_in_listing_query(self, parent_id):
        """Those that the list shows through its filter and search, not, as Wagtail has it, all there are."""
        query = QueryDict(self.next_url.partition("?")[2])
        matching = CommentFilterSet(query, queryset=PageComment.objects.all(), request=self.request).qs
        words = query.get("q", "").strip()[:SEARCHED]
        if words and "\x00" not in words:  # the list takes no such search either
            found = PageComment.objects.none()
            for field in CommentViewSet.search_fields:
                found |= PageComment.objects.filter(**{f"{field}__icontains": words})
            matching = matching.filter(pk__in=found)
        return matching.values_list("pk", flat=True)

    def get_context_data(self, **kwargs):
        state, label, _done = ACTIONS[self.name]
        return super().get_context_data(**kwargs) | {"action_label": label, "reasons": state != State.PUBLISHED}

    def get_execution_context(self):
        return {"user": self.request.user, "name": self.name, "reason": _reason(self.request)}

    @classmethod
    def execute_action(cls, objects, user=None, name="", reason="", **kwargs):
        outcome = decide([comment.pk for comment in objects], ACTIONS[name][0], by=user, reason=reason)
        return len(outcome.changed), len(outcome.refused)

    def get_success_message(self, num_parent_objects, num_child_objects):
        done = ACTIONS[self.name][2]
        said = ngettext("%(count)d comment was %(done)s.", "%(count)d comments were %(done)s.", num_parent_objects)
        said = said % {"count": num_parent_objects, "done": done}
        if num_child_objects:
            left = ngettext("%(count)d was left as it is.", "%(count)d were left as they are.", num_child_objects)
            said = f"{said} {left % {'count': num_child_objects}}"
        return said


class ApproveBulkAction(DecideBulkAction):
    name = action_type = "approve"
    display_name = ACTIONS["approve"][1]
    aria_label = gettext_lazy("Approve selected comments")
    action_priority = 10


class RejectBulkAction(DecideBulkAction):
    name = action_type = "reject"
    display_name = ACTIONS["reject"][1]
    aria_label = gettext_lazy("Reject selected comments")
    action_priority = 20


class SpamBulkAction(DecideBulkAction):
    name = action_type = "spam"
    display_name = ACTIONS["spam"][1]
    aria_label = gettext_lazy("Mark selected comments as spam")
    action_priority = 30


class RemoveBulkAction(DecideBulkAction):
    """Takes the place that Wagtail gives to deletion: a comment is removed from view, its record stays."""

    name = "remove"
    action_type = "delete"
    display_name = ACTIONS["remove"][1]
    aria_label = gettext_lazy("Remove selected comments from view")
    action_priority = 40
    classes = {"serious"}
