"""Reading a discussion beyond its page: further slices, and the permanent address of each comment."""

from django.http import Http404, HttpResponseRedirect
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.views.decorators.http import require_safe

from discussion.forms import MAX_INTEGER
from discussion.models import PageComment
from discussion.openness import standing_of
from discussion.threads import place_of
from discussion.views.common import number_in, readable_page, row_of


@require_safe
def page(request, page_id):
    """The discussion of a page on its own, a slice at a time: ``?after=`` is the number of the last comment seen."""
    content = readable_page(request, page_id)
    discussion = row_of(content)
    if not standing_of(content, discussion).is_shown:
        raise Http404
    return render(request, "discussion/page.html", {"page": content, "after": number_in(request.GET.get("after"))})


@require_safe
def comment(request, page_id, number):
    """The permanent address of a comment: leads to the slice that holds it, and marks it there."""
    content = readable_page(request, page_id)
    if number > MAX_INTEGER or not standing_of(content, row_of(content)).is_shown:
        raise Http404
    found = get_object_or_404(PageComment.objects.standing(), page_id=content.pk, number=number)
    after = place_of(found)
    if after is None:
        return HttpResponseRedirect(f"{content.url}#{found.element_id}")
    return HttpResponseRedirect(f"{reverse('discussion:page', args=[content.pk])}?after={after}#{found.element_id}")
