"""What somebody said on a page, for themselves alone: read, changed, deleted. Nothing of it is ever cached."""

from django import forms
from django.conf import settings
from django.core.paginator import Paginator
from django.http import Http404, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.decorators import method_decorator
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_safe
from django.views.generic import View

from discussion import editing, formatting, tokens, treatments
from discussion.announcing import told_of
from discussion.forms import CommentForm
from discussion.models import PageComment, State
from discussion.openness import settings_of, standing_of
from discussion.persons import subject_of
from discussion.rules.judging import judge_change
from discussion.views.common import ELSEWHERE, UNDER_HIDDEN, account_of, readable_page, refused, row_of

STATE_SENTENCES = {
    State.UNCONFIRMED: gettext_lazy("Waiting for you: open the mail that we have sent and confirm your address."),
    State.PENDING: gettext_lazy("Waiting for a moderator to read it. Nobody else sees it yet."),
    State.PUBLISHED: gettext_lazy("Published."),
    State.REJECTED: gettext_lazy("A moderator decided not to publish it."),
    State.SPAM: gettext_lazy("A moderator decided not to publish it."),
    State.REMOVED: gettext_lazy("A moderator removed it."),
    State.ERASED: gettext_lazy("Erased."),
}
# What was just done, by the word in the address that says so.
DONE = {
    "posted": gettext_lazy("Thank you. Your comment has arrived; what becomes of it stands below."),
    "changed": gettext_lazy("Your change is saved; what becomes of it stands below."),
    "deleted": gettext_lazy("Your comment is deleted."),
}
# Said of whatever is not theirs, so that nobody learns what there is.
NOT_YOURS = gettext_lazy(
    "No such comment belongs to this browser or account, so nothing was changed. If you wrote it signed in, sign in and send "
    "the text again."
)


class ChangeForm(forms.Form):
    """A new text for a comment, held to what holds for the first."""

    use_required_attribute = False

    comment = CommentForm.base_fields["comment"]


@require_safe
def yours(request, page_id):
    """What this browser or account has said on a page, with what became of it. Shown to nobody else."""
    content = readable_page(request, page_id)
    comments = Paginator(_own(request, content), settings.HUB_THREAD_SLICE).get_page(request.GET.get("page"))
    words = told_of(comments)
    may_change = standing_of(content, row_of(content), request).takes_comments
    for row in comments:
        row.state_shown = editing.state_for_author(row)
        row.state_sentence = _what_became_of(row)
        row.decision = words.get(row.pk)
        row.preview_html = formatting.shown(formatting.render(row.comment))
        row.may_change = may_change and not editing.why_fixed(row)
        row.may_delete = row.state_shown in editing.OWN_STATES
    done = next((sentence for word, sentence in DONE.items() if word in request.GET), "")
    return render(request, "discussion/yours.html", {"page": content, "comments": comments, "done": done})


by_origin = method_decorator(csrf_exempt, name="dispatch")  # as the comment form: ``tokens.comes_from_here``


@by_origin
class Change(View):
    """Change one's own comment, for as long as that is possible."""

    http_method_names = ["get", "head", "post", "options"]

    def get(self, request, page_id, key):
        content, comment = _own_comment(request, page_id, key)
        form = ChangeForm(initial={"comment": comment.comment})
        if reason := _why_closed(request, content) or editing.why_fixed(comment) or _why_banned(_treatment(comment)):
            return self.refused(request, content, reason, comment.comment)
        return self.answer(request, content, comment, form)

    def post(self, request, page_id, key):
        form = ChangeForm(request.POST)
        typed = request.POST.get("comment", "")
        try:
            content, comment = _own_comment(request, page_id, key)
        except Http404:
            return refused(request, _("Not changed"), NOT_YOURS, text=typed, status=404)
        if reason := _why_closed(request, content):
            return self.refused(request, content, reason, typed)
        if not form.is_valid():
            return self.answer(request, content, comment, form, status=400)
        if not tokens.comes_from_here(request):
            return self.answer(request, content, comment, form, notice=ELSEWHERE, status=403)
        treatment = _treatment(comment)
        if reason := _why_banned(treatment):
            return self.refused(request, content, reason, typed)
        account = account_of(request) if comment.user_id else None  # signed in or not, a guest wrote what a guest wrote
        is_proven = bool(comment.user_id or comment.confirmed_at)
        treatment = treatments.believed(treatment, is_proven=is_proven)
        text = form.cleaned_data["comment"]
        judged = judge_change(content, comment, text, account, settings_of(content, request), treatment)
        try:
            editing.edit_comment(comment, text, by=account, hold=judged.hold, verdict=judged.verdict)
        except editing.TooLate as error:
            return self.refused(request, content, error.reason, typed)
        return _back_to_yours(content, "changed")

    def answer(self, request, content, comment, form, *, notice="", status=200):
        context = {"page": content, "comment": comment, "form": form, "notice": notice}
        return render(request, "discussion/edit.html", context, status=status)

    def refused(self, request, content, reason, text):
        """A readable page that says why not and still holds the text."""
        return render(request, "discussion/edit.html", {"page": content, "reason": reason, "text": text}, status=403)


@by_origin
class Delete(View):
    """Delete one's own comment: asked once, then done for good."""

    http_method_names = ["get", "head", "post", "options"]

    def get(self, request, page_id, key):
        content, comment = _own_comment(request, page_id, key)
        return self.answer(request, content, comment)

    def post(self, request, page_id, key):
        try:
            content, comment = _own_comment(request, page_id, key)
            if not tokens.comes_from_here(request):
                return self.answer(request, content, comment, notice=ELSEWHERE, status=403)
            editing.delete_comment(comment)
        except Http404:
            content = readable_page(request, page_id)
            # Nobody's any more, and found only by whoever was given this address when it was theirs.
            if not PageComment.objects.filter(page_id=content.pk, submission_key=key, state=State.ERASED).exists():
                raise
        except editing.TooLate as error:
            return self.answer(request, content, comment, reason=error.reason, status=403)
        return _back_to_yours(content, "deleted")

    def answer(self, request, content, comment, *, notice="", reason="", status=200):
        if editing.state_for_author(comment) not in editing.OWN_STATES:
            reason, status = editing.why_fixed(comment), 403
        html = formatting.shown(formatting.render(comment.comment))
        context = {"page": content, "comment": comment, "html": html, "notice": notice, "reason": reason}
        return render(request, "discussion/delete.html", context, status=status)


def _what_became_of(comment) -> str:
    if comment.duplicate_number and comment.state in {State.REJECTED, State.REMOVED}:
        return _("A moderator took it out because #%(number)d says the same.") % {"number": comment.duplicate_number}
    if comment.state == State.PUBLISHED and comment.hidden_by_ancestor:
        return UNDER_HIDDEN
    if comment.redacted_at and comment.state == State.PUBLISHED:
        return _("Published, with changes by a moderator.")
    return STATE_SENTENCES[comment.state_shown]


def _own(request, content):
    return editing.own_comments(content, user=account_of(request), author_key=tokens.author_key(request))


def _own_comment(request, page_id, key):
    """``(page, comment)`` for an address of one's own comment; 404 for everybody else, whatever it names."""
    content = readable_page(request, page_id)
    comment = _own(request, content).filter(submission_key=key).first()
    if comment is None:
        raise Http404
    return content, comment


def _why_closed(request, content) -> str:
    """Why nothing can be written on the page now; nothing while it can."""
    standing = standing_of(content, row_of(content), request)
    return "" if standing.takes_comments else standing.reason


def _treatment(comment):
    """What moderators decided about the writer of ``comment``."""
    return treatments.treatment_of(subject_of(comment), comment.user_email)


def _why_banned(treatment) -> str:
    return treatments.BANNED if treatments.is_ban(treatment) else ""


def _back_to_yours(content, word):
    return HttpResponseRedirect(f"{reverse('discussion:yours', args=[content.pk])}?{word}")
