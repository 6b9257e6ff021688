"""The moderators' screens by which a comment is redacted, moved, called a duplicate, answered, picked, or its thread closed.

Whoever comes from somewhere names it as ``next`` and is led back there, else to the comment's own screen. A form may hold
as ``seen`` what its sender saw (``seen_in``): where that has changed since, nothing is done, and it is asked again.
"""

import contextlib
import hashlib
import uuid

from django.http import Http404, HttpResponseRedirect
from django.urls import re_path
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext
from django.views.generic import View
from wagtail.admin import messages
from wagtail.admin.utils import get_valid_next_url_from_request
from wagtail.admin.views.generic.base import WagtailAdminTemplateMixin

from discussion import curating, formatting, moving
from discussion.models import PageComment, State
from discussion.moderation.curation_forms import DuplicateForm, MoveForm, RedactForm, ReplyForm
from discussion.moderation.said_before import candidates_for
from discussion.moderation.screen import comment_url, moderated_comment, selection_url
from discussion.openness import is_let_in


def seen_in(comment) -> str:
    """What a form holds to tell whether the comment has changed since."""
    return hashlib.sha256(f"{comment.page_id} {comment.state} {comment.comment}".encode()).hexdigest()[:20]


class _OfOneComment:
    """Finds the comment for those who moderate its page; for all other moderators it does not exist."""

    def dispatch(self, request, *args, **kwargs):
        self.comment = moderated_comment(request.user, kwargs["pk"])
        return super().dispatch(request, *args, **kwargs)

    def back(self):
        return HttpResponseRedirect(self.back_url())

    def back_url(self) -> str:
        return get_valid_next_url_from_request(self.request) or comment_url(self.comment)


class _Pressed(_OfOneComment, View):
    """One button that posts."""

    http_method_names = ["post", "options"]

    def post(self, request, pk):
        try:
            said, is_new = self.act()
        except curating.Refused as error:
            said, is_new = error.reason, False
        (messages.success if is_new else messages.warning)(request, said)
        return self.back()

    def act(self) -> tuple[str, bool]:
        """Do it; what is said, and whether anything was changed."""
        raise NotImplementedError


class Feature(_Pressed):
    """Make it an editor's pick; with ``featured=0``, no longer."""

    def act(self):
        featured = self.request.POST.get("featured") != "0"
        if curating.feature([self.comment.pk], featured, by=self.request.user):
            return (_("It is an editor’s pick now.") if featured else _("It is no longer an editor’s pick.")), True
        if featured and not self.comment.is_published:
            return _("Only comments that readers see can be picked."), False
        return _("Nothing was changed: it was so already."), False


class Thread(_Pressed):
    """Close the thread in which the comment stands; with ``closed=0``, open it again."""

    def act(self):
        closed = self.request.POST.get("closed") != "0"
        reason = self.request.POST.get("reason", "").replace("\x00", "")
        change = curating.close_thread if closed else curating.open_thread
        if change(self.comment, by=self.request.user, reason=reason):
            said = _("The thread is closed: no more replies are taken in it.") if closed else _("The thread takes replies again.")
            return said, True
        return _("Nothing was changed: it was so already."), False


class _Asked(_OfOneComment, WagtailAdminTemplateMixin, View):
    """A form about one comment."""

    http_method_names = ["get", "head", "post", "options"]
    header_icon = "comment"
    form_class = None

    def get(self, request, pk):
        return self.answer(self.form())

    def post(self, request, pk):
        form = self.form(request.POST)
        if not form.is_valid():
            return self.answer(form, status=400)
        if self.has_changed(form.cleaned_data):
            form.add_error(None, _("The comment has changed since you opened this form. Look at it again, then press once more."))
            return self.answer(form, status=400)
        try:
            said = self.act(form)
        except curating.Refused as error:
            form.add_error(self.field_of(error), error.reason)
            with contextlib.suppress(Http404):  # deleted meanwhile: what was typed is shown beside what it was
                self.comment = moderated_comment(request.user, pk)
            return self.answer(form, status=400)
        messages.success(request, said)
        return self.back()

    def form(self, data=None):
        return self.form_class(data, initial={"seen": seen_in(self.comment)} | self.initial())

    def initial(self) -> dict:
        return {}

    def has_changed(self, data) -> bool:
        """Whether the comment is not what the sender saw, if the form says what that was."""
        return bool(data["seen"]) and data["seen"] != seen_in(self.comment)

    def field_of(self, error) -> str | None:
        """The field to which a refusal belongs; None for the whole."""
        return None

    def act(self, form) -> str:
        """Do it, and say so. Raises ``curating.Refused``."""
        raise NotImplementedError

    def answer(self, form, status=200):
        if form.is_bound:  # what was typed is kept; what was seen is what is shown now
            form.data = form.data.copy()
            form.data["seen"] = seen_in(self.comment)
            messages.error(self.request, _("Nothing was changed. Put right what is marked below."))
        return self.render_to_response(self.get_context_data(form=form), status=status)

    def get_page_subtitle(self):
        return self.comment.user_name

    def get_breadcrumbs_items(self):
        return [
            *self.breadcrumbs_items,
            {"url": selection_url(), "label": _("Discussion")},
            {"url": comment_url(self.comment), "label": str(self.comment)},
            {"url": "", "label": self.page_title},
        ]

    def get_context_data(self, **kwargs):
        return super().get_context_data(**kwargs) | {
            "comment": self.comment,
            "html": formatting.shown(formatting.render(self.comment.comment)),
            "next": get_valid_next_url_from_request(self.request),
            "back_url": self.back_url(),
        }


class Redact(_Asked):
    template_name = "discussion/admin/redact.html"
    page_title = gettext_lazy("Redact")
    form_class = RedactForm

    def initial(self):
        return {"comment": self.comment.comment}

    def act(self, form):
        text = form.cleaned_data["comment"]
        if text == self.comment.comment:
            return _("Nothing was changed: these are its words already.")
        curating.redact(self.comment, text, by=self.request.user, reason=form.cleaned_data["reason"])
        return _("The comment is changed. Readers are told that a moderator did it.")


class Move(_Asked):
    """Asks for a page in words; where they fit several, or one that was not named exactly, it asks which."""

    template_name = "discussion/admin/move.html"
    page_title = gettext_lazy("Move to another page")

    def form(self, data=None):
        return MoveForm(data, request=self.request, comment=self.comment, initial={"seen": seen_in(self.comment)})

    def field_of(self, error):
        return "page" if isinstance(error, moving.WrongPage) else None

    def act(self, form):
        page = form.cleaned_data["to"]
        self.comment = moving.move(self.comment, page, by=self.request.user, reason=form.cleaned_data["reason"])
        return _("The comment stands on “%(title)s” now, with all that was beneath it.") % {"title": page.title}

    def get_context_data(self, **kwargs):
        beneath = PageComment.objects.branch(self.comment).exclude(pk=self.comment.pk).count()
        words = ngettext("%(count)d comment beneath it comes along.", "%(count)d comments beneath it come along.", beneath)
        return super().get_context_data(**kwargs) | {"beneath": words % {"count": beneath} if beneath else ""}


class Duplicate(_Asked):
    template_name = "discussion/admin/duplicate.html"
    page_title = gettext_lazy("Mark as said before")
    form_class = DuplicateForm

    def field_of(self, error):
        return "number" if isinstance(error, curating.WrongNumber) else None

    def act(self, form):
        data = form.cleaned_data
        marked = curating.mark_duplicate(
            self.comment, data["number"], by=self.request.user, reason=data["reason"], message=data["message"]
        )
        if marked.state == State.REMOVED:
            return _("The comment is removed; its replies stay, and readers are led to #%(number)d.") % {"number": data["number"]}
        return _("The comment is rejected: #%(number)d says the same.") % {"number": data["number"]}

    def get_context_data(self, **kwargs):
        candidates = candidates_for(self.comment)
        chosen = str(kwargs["form"]["candidate"].value() or "")
        return super().get_context_data(**kwargs) | {"candidates": candidates, "chosen": chosen}


class Reply(_Asked):
    """A reply by the moderator; to a comment that waits, together with its approval."""

    template_name = "discussion/admin/reply.html"
    page_title = gettext_lazy("Reply")
    form_class = ReplyForm

    def initial(self):
        return {"submission_key": uuid.uuid4()}

    def has_changed(self, data):
        """What was sent before is answered as it was then, however the comment stands now."""
        return not self.is_sent(data) and super().has_changed(data)

    @staticmethod
    def is_sent(data) -> bool:
        return PageComment.objects.filter(submission_key=data["submission_key"]).exists()

    def act(self, form):
        data = form.cleaned_data
        if not is_let_in(self.comment.page, self.request) and not self.is_sent(data):
            raise curating.Refused(_("You are not among those who may read this page, so you cannot answer on it."))
        waited = self.comment.state == State.PENDING
        curating.answer(
            self.comment,
            data["comment"],
            by=self.request.user,
            submission_key=data["submission_key"],
            approve="approve" in self.request.POST,
        )
        return _("The comment is approved, and your reply is published.") if waited else _("Your reply is published.")

    def answer(self, form, status=200):
        if form.is_bound and "submission_key" in form.errors:
            form.data = form.data.copy()
            form.data["submission_key"] = uuid.uuid4()
        return super().answer(form, status)

    def get_context_data(self, **kwargs):
        return super().get_context_data(**kwargs) | {"waits": self.comment.state == State.PENDING}


def urls() -> list:
    """To be registered in the admin."""
    views = {"redact": Redact, "move": Move, "duplicate": Duplicate, "reply": Reply, "feature": Feature, "thread": Thread}
    return [
        re_path(rf"^discussion/(?P<pk>\d{{1,9}})/{name}/$", view.as_view(), name=f"discussion_{name}")
        for name, view in views.items()
    ]
