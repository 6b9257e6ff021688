"""A reader tells the moderators that a comment should not stand."""

from django import forms
from django.http import Http404, HttpResponseRedirect
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils import timezone
from django.utils.decorators import method_decorator
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.csrf import csrf_exempt
from django.views.generic import View

from discussion import quotas, reporting, tokens
from discussion.forms import MAX_INTEGER, VisibleCharField
from discussion.models import PageComment
from discussion.models import Report as ReportModel
from discussion.openness import standing_of
from discussion.persons import client_address
from discussion.views.common import ELSEWHERE, account_of, readable_page, refused, row_of

ANSWERS = {
    "reported": gettext_lazy("Thank you. A moderator will look at this comment."),
    "again": gettext_lazy("You have reported this already, thank you. A moderator will look at it."),
    "stands": gettext_lazy("A moderator has looked at this comment since you reported it, and let it stand."),
}
GONE = gettext_lazy("This comment is not, or no longer, to be seen. There is nothing to report.")


class ReportForm(forms.Form):
    use_required_attribute = False

    reason = forms.ChoiceField(
        label=gettext_lazy("What is wrong with it?"),
        choices=ReportModel.Reason.choices,
        widget=forms.RadioSelect,
        error_messages={"required": gettext_lazy("Choose what is wrong with it.")},
    )
    text = VisibleCharField(
        label=gettext_lazy("In your words"),
        max_length=1000,
        required=False,
        help_text=gettext_lazy("Only moderators read this. At most 1,000 characters."),
        widget=forms.Textarea(attrs={"rows": 4, "data-comment-text": ""}),
    )


@method_decorator(csrf_exempt, name="dispatch")  # as the comment form: ``tokens.comes_from_here``
class Report(View):
    """The form by which one comment is reported, and the answer. Guests may report; who did is never public."""

    http_method_names = ["get", "head", "post", "options"]

    def get(self, request, page_id, number):
        content, comment = _reportable(request, page_id, number)
        done = next((sentence for word, sentence in ANSWERS.items() if word in request.GET), "")
        return self.answer(request, content, comment, ReportForm(), done=done)

    def post(self, request, page_id, number):
        form = ReportForm(request.POST)
        try:
            content, comment = _reportable(request, page_id, number)
        except Http404:
            return self.refused(request, form)
        if not form.is_valid():
            return self.answer(request, content, comment, form, status=400)
        if not tokens.comes_from_here(request):
            return self.answer(request, content, comment, form, notice=ELSEWHERE, status=403)
        account = account_of(request)
        author_key = "" if account else tokens.author_key(request) or tokens.new_author_key()
        try:
            is_new = reporting.report(
                comment, **form.cleaned_data, user=account, author_key=author_key, address=client_address(request)
            )
            word = "reported" if is_new else "again"
        except reporting.LetStand:
            word = "stands"
        except reporting.CommentGone:
            return self.refused(request, form)
        except quotas.Exceeded as error:
            return self.too_many(request, content, comment, form, error.until)
        response = HttpResponseRedirect(f"{reverse('discussion:report', args=[content.pk, number])}?{word}")
        if author_key:
            tokens.remember(response, author_key)
        return response

    def too_many(self, request, content, comment, form, until):
        clock = date_format(timezone.localtime(until), "TIME_FORMAT")
        notice = _("Many reports came from your internet address. Yours is still here; send it again after %(time)s.")
        response = self.answer(request, content, comment, form, notice=notice % {"time": clock}, status=429)
        response["Retry-After"] = max(1, round((until - timezone.now()).total_seconds()))
        return response

    def refused(self, request, form):
        return refused(request, _("Not sent"), GONE, text=form.data.get("text", ""), status=404)

    def answer(self, request, content, comment, form, *, notice="", done="", status=200):
        context = {"page": content, "comment": comment, "form": form, "notice": notice, "done": done}
        return render(request, "discussion/report.html", context, status=status)


def _reportable(request, page_id, number):
    """``(page, comment)`` for a comment that this reader sees; 404 for all else."""
    content = readable_page(request, page_id)
    if number > MAX_INTEGER or not standing_of(content, row_of(content), request).is_shown:
        raise Http404
    return content, get_object_or_404(PageComment.objects.published(), page_id=content.pk, number=number)
