"""What somebody said on a page, for themselves alone."""

from django.shortcuts import render
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_safe

from discussion import formatting, tokens
from discussion.models import PageComment, State
from discussion.views.common import readable_page

STATE_SENTENCES = {
    State.UNCONFIRMED: gettext_lazy("Waiting for you to confirm your e-mail address."),
    State.PENDING: gettext_lazy("Waiting for a moderator to read it. Nobody else sees it yet."),
    State.PUBLISHED: gettext_lazy("Published."),
    State.REJECTED: gettext_lazy("A moderator decided not to publish it."),
    State.SPAM: gettext_lazy("A moderator decided not to publish it."),
    State.REMOVED: gettext_lazy("A moderator removed it."),
    State.ERASED: gettext_lazy("Erased."),
}


@require_safe
def yours(request, page_id):
    """What this browser or account has said on a page, with what became of it. Shown to nobody else."""
    content = readable_page(request, page_id)
    key = tokens.author_key(request)
    own = PageComment.objects.filter(page_id=content.pk).newest_first()
    if request.user.is_authenticated:
        own = own.filter(user=request.user)
    elif key:
        own = own.filter(author_key=key)
    else:
        own = own.none()
    comments = list(own)
    for row in comments:
        row.state_sentence = STATE_SENTENCES[row.state]
        row.preview_html = formatting.shown(formatting.render(row.comment))
    context = {"page": content, "comments": comments, "posted": "posted" in request.GET}
    return render(request, "discussion/yours.html", context)
