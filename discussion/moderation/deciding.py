"""Where decisions arrive: about one comment, about many, and taken back. Nothing here answers to GET but one confirmation."""

import re
from urllib.parse import urlencode

from django import forms
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpResponseRedirect, QueryDict
from django.shortcuts import get_object_or_404
from django.urls import path, re_path, reverse
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST
from django.views.generic import View
from wagtail.admin.views.generic.base import WagtailAdminTemplateMixin

from discussion.models import BulkDecision, PageComment
from discussion.moderation import bulk
from discussion.moderation.actions import ACTIONS, act
from discussion.moderation.bar import NO_ACTION
from discussion.moderation.bulk_actions import BULK, BulkAction
from discussion.moderation.forms import DecisionForm
from discussion.moderation.queues import Selection, count_anew
from discussion.moderation.screen import CommentScreen, comment_url, moderated_comment, selection_url
from discussion.permissions import may_moderate, moderated_by
from discussion.transitions import undo

LISTED = 20
TICKED = re.compile(r"(\d{1,9})(?:\.(\d{1,18}))?", re.ASCII)
FURTHER = "further"  # the button beside the list of what has no button of its own


class SeenForm(forms.Form):
    """What the moderator knew of the comment: its version when it was shown."""

    seen = forms.IntegerField(min_value=0, max_value=2**63 - 1)


@require_POST
def decide_one(request, pk, action):
    """Decide about one comment and show the next of the selection; or say who decided before, and what."""
    comment = moderated_comment(request.user, pk)
    action = ACTIONS[action]
    form = DecisionForm(request.POST, comment=comment)
    if form.asks_for_reply:
        return CommentScreen.as_view(bound=form.with_reply())(request, pk=pk)
    if not form.is_valid():
        return CommentScreen.as_view(bound=form, status=400)(request, pk=pk)
    seen = SeenForm(request.POST if "seen" in request.POST else request.GET)
    known = {comment.pk: seen.cleaned_data["seen"] if seen.is_valid() else comment.version}
    outcome = act(action, known, by=request.user, **form.values())
    count_anew(request.user)
    selection = Selection(request.user, QueryDict(request.POST.get("selection", "")))
    if not outcome.changed:
        return HttpResponseRedirect(comment_url(comment, selection, late="1" if outcome.late else "0"))
    done = {"done": outcome.batch}
    if way := _stated_way(request):
        return HttpResponseRedirect(f"{way}{'&' if '?' in way else '?'}{urlencode(done)}")
    following = selection.next_after(comment) or selection.comments().exclude(pk=comment.pk).only("pk").first()
    return HttpResponseRedirect(comment_url(following, selection, **done) if following else selection_url(selection, **done))


def _stated_way(request) -> str:
    """Where the form asked to be led, if that is on this site."""
    stated = request.POST.get("next", "")
    safe = url_has_allowed_host_and_scheme(stated, {request.get_host()}, require_https=request.is_secure())
    return stated if safe else ""


@require_POST
def undo_batch(request, batch):
    """Take back what was decided at once, and show the comment again, or the list where it was more than one."""
    if not may_moderate(request.user):
        raise PermissionDenied
    outcome = undo(batch, by=request.user, within=moderated_by(request.user))
    count_anew(request.user)
    selection = Selection(request.user, QueryDict(request.POST.get("selection", "")))
    told = {"undone": len(outcome.changed), "late": len(outcome.late)}
    if len(outcome.changed) == 1:
        return HttpResponseRedirect(comment_url(outcome.changed[0], selection, undone=1))
    return HttpResponseRedirect(selection_url(selection, **told))


@require_POST
def choose_many(request):
    """From the list: note which comments are meant, and go on to the confirmation; what needs none is done at once."""
    if not may_moderate(request.user):
        raise PermissionDenied
    selection = Selection(request.user, QueryDict(request.POST.get("selection", "")))
    if request.POST.get("action") == FURTHER and not request.POST.get("further"):
        return HttpResponseRedirect(selection_url(selection, none=NO_ACTION))
    action = _bulk_action(request)
    everything = request.POST.get("all") == "1"
    comments = selection.comments()
    if not everything:
        seen = _seen_in_list(request.POST.getlist("pk"))
        comments = PageComment.objects.filter(moderated_by(request.user), pk__in=seen).order_by("submitted_at", "pk")
    chosen = bulk.chosen_of(comments)
    if not everything:
        chosen = [(key, now if seen[key] is None else seen[key]) for key, now in chosen]
    if not chosen:
        return HttpResponseRedirect(selection_url(selection, none=1))
    if everything or action.asks or len(chosen) > bulk.AT_ONCE:
        job = bulk.prepare(chosen, action.name, by=request.user)
        return HttpResponseRedirect(f"{reverse('discussion_bulk', args=[job.pk])}?{selection.query}")
    job = bulk.at_once(chosen, action.name, by=request.user)
    count_anew(request.user)
    return HttpResponseRedirect(selection_url(selection, done=job.pk))


def _seen_in_list(values: list[str]) -> dict[int, int | None]:
    """``{comment: its version when listed}`` from what was ticked, such as ``12.340``; None where only ``12`` is said."""
    ticked = filter(None, (TICKED.fullmatch(value) for value in values))
    return {int(match[1]): int(match[2]) if match[2] else None for match in ticked}


def _bulk_action(request) -> BulkAction:
    """The one whose button was pressed, or that was chosen among the further ones."""
    name = request.POST.get("action", "")
    action = BULK.get(request.POST.get("further", "") if name == FURTHER else name)
    if action is None:
        raise Http404
    if not action.may(request.user):
        raise PermissionDenied
    return action


class BulkView(WagtailAdminTemplateMixin, View):
    """A decision about many: asked for confirmation, then shown under way and done."""

    http_method_names = ["get", "head", "post", "options"]
    template_name = "discussion/admin/bulk.html"
    page_title = gettext_lazy("Comments")
    header_icon = "comment"

    def dispatch(self, request, *args, **kwargs):
        if not may_moderate(request.user):
            raise PermissionDenied
        self.job = get_object_or_404(BulkDecision.objects.filter(by=request.user), pk=kwargs["batch"])
        self.action = BULK[self.job.action]
        if not self.action.may(request.user):
            raise PermissionDenied
        self.selection = Selection(request.user, request.GET)
        return super().dispatch(request, *args, **kwargs)

    def get(self, request, batch):
        return self.render_to_response(self.get_context_data(form=self.action.form(request=request)))

    def post(self, request, batch):
        form = self.action.form(request.POST, request=request)
        if form.asks_for_reply:
            return self.render_to_response(self.get_context_data(form=form.with_reply()))
        if not form.is_valid():
            return self.render_to_response(self.get_context_data(form=form), status=400)
        bulk.start(self.job, **form.values())
        count_anew(request.user)
        self.job.refresh_from_db()
        if self.job.state == BulkDecision.State.DONE:
            return HttpResponseRedirect(selection_url(self.selection, done=self.job.pk))
        return HttpResponseRedirect(request.get_full_path())

    def get_breadcrumbs_items(self):
        queue = {"url": selection_url(self.selection), "label": self.selection.queue.label}
        return [*super().get_breadcrumbs_items(), queue, {"url": "", "label": self.action.label}]

    def get_context_data(self, **kwargs):
        job = self.job
        first = [key for key, _last in job.chosen[:LISTED]]
        listed = PageComment.objects.filter(moderated_by(self.request.user), pk__in=first).for_queue()
        return super().get_context_data(**kwargs) | {
            "job": job,
            "action": self.action,
            "media": kwargs["form"].media,
            "total": len(job.chosen),
            "most": bulk.MOST,
            "listed": sorted(listed, key=lambda comment: first.index(comment.pk)),
            "more": max(0, len(job.chosen) - LISTED),
            "is_asked": job.state == BulkDecision.State.PREPARED,
            "is_over": job.state == BulkDecision.State.DONE,
            "left": job.done_count - job.changed_count,
            "back_url": selection_url(self.selection, **({"done": job.pk} if job.state == BulkDecision.State.DONE else {})),
        }


def urls() -> list:
    """To be registered in the admin."""
    names = "|".join(ACTIONS)
    return [
        re_path(rf"^discussion/(?P<pk>\d{{1,9}})/(?P<action>{names})/$", decide_one, name="discussion_decide"),
        path("discussion/undo/<uuid:batch>/", undo_batch, name="discussion_undo"),
        path("discussion/bulk/", choose_many, name="discussion_choose"),
        path("discussion/bulk/<uuid:batch>/", BulkView.as_view(), name="discussion_bulk"),
    ]
