"""The comment form, and what comes back from it.

The form in a public page carries no token. It posts here; what comes without a valid token is answered by a preview
that holds the text and a fresh one, so that one more press posts. A second button asks for the preview. Whatever is refused,
the text comes back.
"""

from django.http import Http404, HttpResponseRedirect, JsonResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.decorators import method_decorator
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_safe
from django.views.generic import View

from discussion import formatting, quotas, tokens, treatments
from discussion.confirmation import is_proven
from discussion.forms import CommentForm
from discussion.models import PageComment
from discussion.openness import Standing, pages_beside, settings_of, standing_of
from discussion.persons import client_address, person_key
from discussion.posting import (
    THREAD_CLOSED,
    Closed,
    FormUsed,
    PageGone,
    ParentGone,
    Submission,
    ThreadClosed,
    must_confirm,
    post_comment,
    was_posted_as,
)
from discussion.rules.judging import judge_submission
from discussion.subscriptions import can_be_told_of
from discussion.views.common import account_of, number_in, readable_page, refused, row_of

NOT_OPEN = gettext_lazy("This page is not open to readers, so nothing was posted.")
ARRIVED_BEFORE = gettext_lazy("Your comment arrived when you first sent it. This page is not open to readers now.")


@require_safe
def token(request, page_id):
    """A form token, for scripts that spare the reader the preview."""
    return JsonResponse({"token": tokens.issue_token(readable_page(request, page_id).pk)})


@method_decorator(csrf_exempt, name="dispatch")  # ``tokens.comes_from_here`` says why and what stands in its place
class Add(View):
    """The comment form on its own: to reply, to comment on a format or section, and to preview and post."""

    http_method_names = ["get", "head", "post", "options"]

    def get(self, request, page_id):
        content = readable_page(request, page_id)
        initial = {"reply_to": number_in(request.GET.get("reply_to")), "about": request.GET.get("about", "")[:40]}
        initial["token"] = tokens.issue_token(content.pk)
        form = CommentForm(initial=initial, user=account_of(request))
        return self.answer(request, content, form, parent=_parent(content, initial["reply_to"]), about=initial["about"])

    def post(self, request, page_id):
        from_here = tokens.comes_from_here(request)
        typed = request.POST.copy()
        if not from_here:
            typed["token"] = ""  # who chose it could send it again, and be given the key of this browser's comments
        form = CommentForm(typed, user=account_of(request))
        try:
            content = readable_page(request, page_id)
        except Http404:
            reason = ARRIVED_BEFORE if self.earlier(form, page_id) else NOT_OPEN
            return self.refused(request, form, reason, status=404)
        standing = standing_of(content, row_of(content))
        if not standing.takes_comments:
            again = self.sent_again(request, content, form)
            return again or self.refused(request, form, standing.reason, status=403, page=content)
        if not form.is_valid():
            return self.answer(request, content, form, status=400)
        data = form.cleaned_data
        treatment = _treatment(account_of(request), data)
        if treatments.is_ban(treatment):
            again = self.sent_again(request, content, form)
            return again or self.refused(request, form, treatments.BANNED, status=403, page=content)
        if not from_here:
            notice = _("Your browser did not say that this form came from this site. Press once more to post.")
            return self.preview(request, content, form, notice)
        return self.preview_or_store(request, content, form, treatment)

    def preview_or_store(self, request, content, form, treatment):
        """What the button that was pressed says, where the form holds a token that is good for it."""
        asks_for_preview, token = "preview" in request.GET, form.cleaned_data["token"]
        try:
            key = tokens.submission_key(token, content.pk)
        except tokens.StaleToken:
            notice = _("This form was open for more than a day. Your text is here: press once more to post it.")
            return self.preview(request, content, form, notice if token else "")
        except tokens.HastyToken:
            notice = "" if asks_for_preview else _("That was faster than people write. Press once more to post.")
            return self.preview(request, content, form, notice, token=token)
        if asks_for_preview:
            return self.preview(request, content, form, "", token=token)
        return self.store(request, content, form, key, treatment)

    def store(self, request, content, form, key, treatment):
        rules = settings_of(content, request)
        submission = _submission(request, content, form.cleaned_data, key)
        seconds = tokens.age(form.cleaned_data["token"])
        treatment = treatments.believed(treatment, is_proven=submission.is_proven)
        judged = judge_submission(content, submission, rules, treatment, seconds=seconds, request=request)
        confirm = must_confirm(submission, rules)
        try:
            posted = post_comment(content, submission, hold=judged.hold, verdict=judged.verdict, confirm=confirm, limits=rules)
        except PageGone:
            return self.refused(request, form, NOT_OPEN, status=404)
        except Closed:
            return self.refused(request, form, standing_of(content, row_of(content)).reason, status=403, page=content)
        except ThreadClosed:
            return self.refused(request, form, THREAD_CLOSED, status=403, page=content)
        except ParentGone:
            notice = _("The comment that you answer is no longer there. You can post your text as one of its own.")
            return self.preview(request, content, form, notice, reply_to="")
        except quotas.Exceeded as error:
            return self.too_many(request, content, form, error.until)
        except FormUsed:
            notice = _("This form was posted before. Your text is here: press once more to post it too.")
            return self.preview(request, content, form, notice)
        return self.arrived(request, posted)

    def sent_again(self, request, content, form):
        """The answer to a form that made its comment before, though it would make none now; None for any other."""
        comment = self.earlier(form, content.pk)
        return self.arrived(request, comment) if comment else None

    def earlier(self, form, page_id):
        """The comment that this very form made before, or None."""
        if not form.is_valid():
            return None
        try:
            key = tokens.submission_key(form.cleaned_data["token"], page_id)
        except (tokens.StaleToken, tokens.HastyToken):
            return None
        comment = PageComment.objects.filter(submission_key=key).first()
        return comment if comment and was_posted_as(comment, form.cleaned_data["comment"]) else None

    def arrived(self, request, comment):
        """To the comment, beneath whichever page it stands by now."""
        response = HttpResponseRedirect(f"{reverse('discussion:yours', args=[comment.page_id])}?posted")
        # Of the first sending, when this is the second and the answer to that was lost; a browser keeps the key it has.
        if comment.author_key and tokens.author_key(request) in {"", comment.author_key}:
            tokens.remember(response, comment.author_key)
        return response

    def preview(self, request, content, form, notice, status=200, **changed):
        """The text as it will look, in a form that posts it: with a fresh token, and with ``changed`` fields."""
        form.data = form.data.copy()
        for name, value in {"token": tokens.issue_token(content.pk), **changed}.items():
            form.data[name] = value
        html = formatting.shown(formatting.render(form.cleaned_data["comment"]))
        return self.answer(request, content, form, status=status, preview_html=html, notice=notice)

    def too_many(self, request, content, form, until):
        """429 (RFC 6585) with the text kept and the time from which the same form is taken."""
        seconds = max(1, int((until - timezone.now()).total_seconds()))
        moment = date_format(timezone.localtime(until), "j F, H:i")
        notice = _("Too many comments in a short time. Your text is here; it can be posted from %(moment)s on.")
        response = self.preview(request, content, form, notice % {"moment": moment}, status=429)
        response["Retry-After"] = str(seconds)
        return response

    def answer(self, request, content, form, *, status=200, parent=None, about="", preview_html="", notice=""):
        standing = standing_of(content, row_of(content))
        if form.is_bound:
            parent = _parent(content, number_in(form.data.get("reply_to")))
            about = form.data.get("about", "")[:40]
        if not standing.is_shown:
            parent = None  # nor is anything that was said there
        if parent and parent.root.closed_at and standing.takes_comments:
            if form.is_bound:
                return self.refused(request, form, THREAD_CLOSED, status=403, page=content)
            standing = Standing(is_shown=True, takes_comments=False, reason=THREAD_CLOSED)
        if not can_be_told_of(content):
            form.offer_no_mail()
        context = {
            "page": content,
            "form": form,
            "form_url": reverse("discussion:add", args=[content.pk]),
            "standing": standing,
            "parent": parent,
            "about_text": content.about_label(about) if about else "",
            "preview_html": preview_html,
            "notice": notice,
            **pages_beside(content, request, host=False),
        }
        return render(request, "discussion/form_page.html", context, status=status)

    def refused(self, request, form, reason, *, status, page=None):
        return refused(request, _("Not posted"), reason, text=form.data.get("comment", ""), status=status, page=page)


def _parent(content, number):
    """The published comment that is answered, or None."""
    published = PageComment.objects.published().select_related("root")
    return published.filter(page_id=content.pk, number=number).first() if number else None


def _treatment(user, data):
    """What moderators decided about whoever hands in ``data``."""
    email = user.email if user else data["email"]
    return treatments.treatment_of(person_key(email) or (f"user:{user.pk}" if user else ""), email)


def _submission(request, content, data, key) -> Submission:
    user = account_of(request)
    email = user.email if user else data["email"]
    return Submission(
        text=data["comment"],
        name=user.public_name if user else data["name"],
        email=email,
        user=user,
        author_role=data["author_role"],
        organisation=data["organisation"],
        submission_key=key,
        author_key="" if user else tokens.author_key(request) or tokens.new_author_key(),
        reply_to=data["reply_to"],
        anchor=data["about"] if content.about_label(data["about"]) else "",
        anchor_text=content.about_label(data["about"]) if data["about"] else "",
        address=client_address(request),
        wishes=tuple(data.get("wishes", ())),
        is_proven=user is not None or is_proven(request, email),
    )
