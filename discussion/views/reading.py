"""Reading a discussion beyond its page: further screens, one comment's replies, the permanent address of each comment."""

from urllib.parse import urlencode

from django.http import Http404, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_safe

from discussion.forms import MAX_INTEGER
from discussion.models import FormerPlace, PageComment
from discussion.openness import Standing, standing_of
from discussion.showing import discussion_of
from discussion.threads import branch_of, place_of
from discussion.views.common import number_in, readable_page, row_of
from pages.models import ContentPage

NEWEST = "newest"


@require_safe
def page(request, page_id):
    """The discussion of a page on its own, a screen at a time.

    ``?after=`` is the number of a comment of the last thread seen; ``?order=newest`` shows the newest threads first.
    """
    content = readable_page(request, page_id)
    after, newest = number_in(request.GET.get("after")), request.GET.get("order") == NEWEST
    context = discussion_of(content, request, after=after, newest=newest)
    if not context["standing"].is_shown:
        raise Http404
    return render(request, "discussion/page.html", context)


@require_safe
def replies(request, page_id, number):
    """One comment and what stands beneath it, fifty at a time: ``?after=`` is the number of the last one seen."""
    content, standing = _shown(request, page_id)
    after = number_in(request.GET.get("after"))
    if number > MAX_INTEGER:
        raise Http404
    branch = branch_of(content, number, after=after, takes_comments=standing.takes_comments)
    if branch is None:
        return _moved(request, content, number, "discussion:replies")
    return render(request, "discussion/thread.html", {"page": content, "branch": branch})


@require_safe
def comment(request, page_id, number):
    """The permanent address of a comment: leads to a screen that shows it, or to its thread, and marks it there.

    From where it stood before a moderator moved it to another page, it leads on to that.
    """
    content, _standing = _shown(request, page_id)
    if number > MAX_INTEGER:
        raise Http404
    found = PageComment.objects.standing().filter(page_id=content.pk, number=number).first()
    if found is None:
        return _moved(request, content, number, "discussion:comment")
    place = place_of(found)
    if place.thread is not None:
        address = reverse("discussion:replies", args=[content.pk, place.thread])
    elif place.after is not None:
        address = reverse("discussion:page", args=[content.pk])
    else:
        address = content.url
    question = f"?{urlencode({'after': place.after})}" if place.after is not None else ""
    return HttpResponseRedirect(f"{address}{question}#{found.element_id}")


def _moved(request, content, number, name):
    """To where the comment stands now that was ``number`` of this page, if this reader sees it there; 404 for all else."""
    former = FormerPlace.objects.filter(page_id=content.pk, number=number).select_related("comment").first()
    if former is None or not former.comment.is_standing:
        raise Http404
    page, _standing = _shown(request, former.comment.page_id)
    return HttpResponseRedirect(reverse(name, args=[page.pk, former.comment.number]))


def _shown(request, page_id) -> tuple[ContentPage, Standing]:
    """The page and the standing of its discussion, if this reader may see both; 404 for all else."""
    content = readable_page(request, page_id)
    standing = standing_of(content, row_of(content), request)
    if not standing.is_shown:
        raise Http404
    return content, standing
