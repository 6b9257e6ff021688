"""Template tags by which pages show their discussion without knowing the package behind it."""

from django import template

from discussion import formatting
from discussion.linked_data import comments_graph
from discussion.openness import shown_counts
from discussion.showing import discussion_of
from pages.metadata.script import linked_data_script
from people.visibility import is_visible

register = template.Library()


@register.inclusion_tag("discussion/discussion.html", takes_context=True)
def discussion(context, page):
    """The discussion of ``page``: its first screen, and the form.

    What is said on the pages that belong to it is added. A page that was never saved has no discussion; an alias shows
    its source's, where everybody may see that.
    """
    source = page
    while source.alias_of_id:
        source = source.alias_of.specific
    if not page.pk or (source != page and not is_visible(source)):
        return {"page": page, "standing": None}
    return discussion_of(source, context.get("request"), shown_on=page)


@register.filter
def comment_body(comment):
    """The comment's sanitised HTML."""
    return formatting.shown(comment.body_html)


@register.simple_tag
def comments_data(page, count, rows):
    """The comments on a screen as linked data."""
    return linked_data_script(comments_graph(page, count, rows))


@register.simple_tag
def comment_counts(pages):
    """``{page id: published comments}`` of many pages, as readers may know them."""
    return shown_counts(pages)


@register.filter
def for_page(counts, page):
    """One page's number out of ``comment_counts``."""
    return counts.get(page.pk, 0) if counts else 0
