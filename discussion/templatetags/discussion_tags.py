"""Template tags by which pages show their discussion without knowing the package behind it."""

from django import template
from django.conf import settings
from django.urls import reverse

from discussion import formatting
from discussion.forms import CommentForm
from discussion.models import Discussion
from discussion.openness import rules_for, standing_of
from discussion.threads import slice_of
from people.visibility import is_visible

register = template.Library()


@register.inclusion_tag("discussion/discussion.html", takes_context=True)
def discussion(context, page, after=None):
    """The discussion of ``page``: the slice after the comment numbered ``after``, and the form.

    A page that was never saved has none; an alias shows its source's, where everybody may see that.
    """
    request = context.get("request")
    if not page.pk:
        return {"page": page, "standing": None}
    source = page
    while source.alias_of_id:
        source = source.alias_of.specific
    if source != page and not is_visible(source):
        return {"page": page, "standing": None}
    row = Discussion.objects.filter(page_id=source.pk).first()
    standing = standing_of(source, row)
    if not standing.is_shown:
        return {"page": source, "standing": standing}
    part = slice_of(source, after=after, takes_comments=standing.takes_comments)
    own_page = reverse("discussion:page", args=[source.pk])
    return {
        "request": request,
        "page": source,
        "standing": standing,
        "count": row.published_count if row else 0,
        "rows": part.rows,
        "more_url": f"{own_page}?after={part.next_after}" if part.next_after else "",
        "form": CommentForm(auto_id="comment-%s"),
        "form_url": reverse("discussion:add", args=[source.pk]),
        "token_url": reverse("discussion:token", args=[source.pk]),
        "page_url": own_page,
        **(rules_for(request) if request else {}),
        "max_length": settings.HUB_COMMENT_LENGTH,
    }


@register.filter
def comment_body(comment):
    """The comment's sanitised HTML."""
    return formatting.shown(comment.body_html)


@register.simple_tag
def comment_counts(pages):
    """``{page id: published comments}`` for many pages in one query; an alias counts its source's."""
    sources = {page.pk: page.discussed_page_id for page in pages}
    found = dict(Discussion.objects.filter(page_id__in=set(sources.values())).values_list("page_id", "published_count"))
    return {pk: found.get(source, 0) for pk, source in sources.items()}


@register.filter
def for_page(counts, page):
    """One page's number out of ``comment_counts``."""
    return counts.get(page.pk, 0) if counts else 0
