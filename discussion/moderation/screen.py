"""One comment with all that helps to decide about it: its page and passage, its thread, its author, and why it is here."""

from datetime import timedelta
from urllib.parse import urlencode

from django.core.exceptions import PermissionDenied
from django.http import Http404, QueryDict
from django.shortcuts import get_object_or_404
from django.urls import re_path, reverse
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.html import format_html
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.generic import View
from wagtail.admin.views.generic.base import WagtailAdminTemplateMixin

from discussion import formatting, reporting
from discussion.commenters import comments_by, person_card
from discussion.models import PageComment
from discussion.moderation.actions import actions_for
from discussion.moderation.bar import done_bar
from discussion.moderation.forms import DecisionForm
from discussion.moderation.queues import Selection, in_words, waiting_counts, with_version
from discussion.paths import ancestors
from discussion.permissions import may_moderate, moderated_by
from discussion.persons import subject_of
from discussion.record import history_of
from discussion.rules.marking import marked
from discussion.rules.trying import in_words as in_words_of

MOMENT = timedelta(minutes=5)
REPLIES_SHOWN = 20
OTHERS_SHOWN = 10
REPORTS_LISTED = 50
PARTIAL = "X-Hub-Partial"  # asked by the script: the screen without Wagtail's frame around it


def comment_url(comment: PageComment, selection: Selection | None = None, **told) -> str:
    """The address of the screen of ``comment``, with the selection to go on in, and what is to be told there."""
    return _with_query(reverse("discussion_comment", args=[comment.pk]), selection, told)


def selection_url(selection: Selection | None = None, **told) -> str:
    """The address of the list of a selection."""
    return _with_query(reverse("discussion_queue"), selection, told)


def _with_query(address, selection, told) -> str:
    parts = [part for part in (selection.query if selection else "", urlencode(told)) if part]
    return f"{address}?{'&'.join(parts)}" if parts else address


def moderated_comment(user, pk) -> PageComment:
    """The comment ``pk`` if ``user`` moderates it; 404 for one that they do not, as for one that is none."""
    if not may_moderate(user):
        raise PermissionDenied
    comments = with_version(PageComment.objects.filter(moderated_by(user)).for_queue())
    return get_object_or_404(comments.select_related("root", "in_reply_to"), pk=pk)


class CommentScreen(WagtailAdminTemplateMixin, View):
    """GET shows the screen. ``bound`` is a form that came back with errors, to be shown with what was typed."""

    http_method_names = ["get", "head", "post"]
    template_name = "discussion/admin/comment.html"
    page_title = gettext_lazy("Comment")
    header_icon = "comment"
    bound = None
    status = 200

    def dispatch(self, request, *args, **kwargs):
        self.comment = moderated_comment(request.user, kwargs["pk"])
        data = QueryDict(request.POST.get("selection", "")) if self.bound else request.GET
        self.selection = Selection(request.user, data)
        return super().dispatch(request, *args, **kwargs)

    @property
    def is_alone(self) -> bool:
        """Whether the script asks, which has Wagtail's frame already."""
        return bool(self.request.headers.get(PARTIAL))

    def get(self, request, pk):
        if self.is_alone:
            self.template_name = "discussion/admin/comment_screen.html"
        response = self.render_to_response(
            self.get_context_data(form=self.bound or DecisionForm(comment=self.comment)), status=self.status
        )
        response["Vary"] = PARTIAL
        return response

    def post(self, request, pk):
        if self.bound is None:
            raise Http404
        return self.get(request, pk)

    def get_breadcrumbs_items(self):
        queue = {"url": selection_url(self.selection), "label": self.selection.queue.label}
        return [*super().get_breadcrumbs_items(), queue, {"url": "", "label": self.page_title}]

    def get_context_data(self, **kwargs):
        comment, selection = self.comment, self.selection
        reports = list(reporting.open_reports(comment)[: REPORTS_LISTED + 1])
        flags = list(comment.rule_flags.all())
        actions = actions_for(comment, is_reported=bool(reports))
        following, earlier = selection.next_after(comment), selection.last_before(comment)
        return super().get_context_data(**kwargs) | {
            "comment": comment,
            "html": formatting.shown(comment.body_html or formatting.render(comment.comment)),
            "findings": in_words_of(flags),
            "marked": marked(comment.comment, flags) if any(flag.spans for flag in flags) else "",
            "actions": actions,
            "turning_down": [action for action in actions if action["asks"]],
            "selection": selection,
            "here": comment_url(comment, selection),
            "is_alone": self.is_alone,
            "waiting": in_words(waiting_counts(self.request.user).get(selection.queue, 0)),
            "next_url": comment_url(following, selection) if following else "",
            "previous_url": comment_url(earlier, selection) if earlier else "",
            "list_url": selection_url(selection),
            "bar": done_bar(self.request),
            "came_between": _came_between(comment) if self.request.GET.get("late") else "",
            "passage": _passage(comment),
            "above": _above(comment),
            "card": person_card(comment, self.request.user),
            "others": _others_by(comment, self.request.user),
            "replies": comment.replies.for_queue().in_thread_order()[:REPLIES_SHOWN],
            "reports": reports[:REPORTS_LISTED],
            "more_reports": len(reports) > REPORTS_LISTED,
            "entries": history_of(comment, self.request.user),
        }


def _others_by(comment, user) -> list[PageComment]:
    """The latest that the same person wrote, as far as ``user`` moderates it."""
    subject = subject_of(comment)
    if not subject:
        return []
    return list(comments_by(subject, user).exclude(pk=comment.pk).for_queue().newest_first()[:OTHERS_SHOWN])


def _came_between(comment) -> str:
    """Who did what with the comment last, for a moderator whose decision came late; nothing where nobody did anything."""
    edit, last = comment.edits.first(), comment.decisions.first()
    if edit is None and last is None:
        return ""
    is_edit = last is None or (edit is not None and edit.edited_at > last.decided_at)
    name, at = (edit.by_name, edit.edited_at) if is_edit else (last.by_name, last.decided_at)
    when = _("a moment ago")
    if timezone.now() - at >= MOMENT:
        when = _("on {moment}").format(moment=date_format(timezone.localtime(at), "DATETIME_FORMAT"))
    if is_edit:
        sentence = _("{name} changed the text {when}. Your decision was not carried out.")
    elif name:
        sentence = _("{name} decided {when}: “{state}”. Your decision was not carried out.")
    else:  # a rule, or the author
        sentence = _("The comment became “{state}” {when}. Your decision was not carried out.")
    state = last.get_to_state_display() if last else ""
    return format_html(sentence, name=format_html("<bdi>{}</bdi>", name), when=when, state=state)


def _above(comment: PageComment) -> list[PageComment]:
    """What the comment answers, and what that answers, topmost first."""
    paths = ancestors(comment.path)
    found = list(PageComment.objects.filter(path__in=paths).for_queue().in_thread_order()) if paths else []
    # A reply to the last level stands beside what it answers.
    if comment.in_reply_to and comment.in_reply_to.path not in paths:
        found.append(comment.in_reply_to)
    return found


def _passage(comment: PageComment) -> str:
    """The words of the page under the heading that the comment is about; nothing where it is about the whole page."""
    return comment.page.specific.passage_at(comment.anchor) if comment.anchor else ""


def urls() -> list:
    """To be registered in the admin."""
    return [re_path(r"^discussion/comment/(?P<pk>\d{1,9})/$", CommentScreen.as_view(), name="discussion_comment")]
