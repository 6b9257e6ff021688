"""What all views of the discussion begin with: which page, whose request."""

from django.http import Http404
from django.shortcuts import get_object_or_404, render
from django.utils.translation import gettext_lazy

from discussion.forms import MAX_INTEGER
from discussion.models import Discussion
from discussion.openness import may_be_read
from pages.models import ContentPage

UNDER_HIDDEN = gettext_lazy(
    "Readers do not see the comment for now: one above it was taken out of sight, and with it what answers that."
)
ELSEWHERE = gettext_lazy("Your browser did not say that this form came from this site. Press once more.")


def readable_page(request, page_id: int) -> ContentPage:
    """The page, as its own type, if this reader may see it; 404 for all else, so that nothing tells of drafts.

    An alias has no discussion of its own; it leads to its source's.
    """
    if page_id > MAX_INTEGER:
        raise Http404
    page = get_object_or_404(ContentPage, pk=page_id)
    while page.alias_of_id:
        page = get_object_or_404(ContentPage, pk=page.alias_of_id)
    if not may_be_read(page, request):
        raise Http404
    return page.specific


def row_of(page) -> Discussion | None:
    """The row of a page's discussion; None before its first comment."""
    return Discussion.objects.filter(page_id=page.pk).first()


def account_of(request):
    """The account that is signed in, or None."""
    return request.user if request.user.is_authenticated else None


def number_in(value) -> int | None:
    """A comment's number from an address or form, or None for anything that is none."""
    value = str(value or "")
    return int(value) if value.isascii() and value.isdigit() and len(value) < 10 and int(value) else None


def refused(request, heading, reason, *, text, status, page=None):
    """A page that says why nothing was done and still holds the text; the page's title only where it may be known."""
    context = {"page": page, "heading": heading, "reason": reason, "text": text}
    return render(request, "discussion/refused.html", context, status=status)
