"""From what a commenter typed to HTML: light formatting, rendered safely and then sanitised once more."""

import re

import nh3
from django.utils.safestring import SafeString, mark_safe
from markdown_it import MarkdownIt

# Paragraphs, lists that keep their numbers, quotations, emphasis and links; no headings, pictures, code or HTML.
_markdown = MarkdownIt("zero", {"html": False, "breaks": True}).enable(
    ["paragraph", "list", "blockquote", "emphasis", "link", "autolink", "newline", "escape", "entity"]
)
# Whole addresses only: one without a host, or with a name before the host, leads elsewhere than it seems to.
_ADDRESS = re.compile(r"https?://[\w.-]+(:\d+)?([/?#]\S*)?|mailto:[^@\s]+@[\w.-]+", re.IGNORECASE | re.ASCII)
_markdown.validateLink = lambda address: bool(_ADDRESS.fullmatch(address))
_TAGS = {"p", "br", "em", "strong", "blockquote", "ul", "ol", "li", "a"}
_ATTRIBUTES = {"*": set(), "a": {"href"}, "ol": {"start"}}


def render(text: str) -> str:
    """``text`` as HTML that is safe to show: the tags above, links only to http, https and mailto, marked as readers'."""
    return nh3.clean(
        _markdown.render(text),
        tags=_TAGS,
        attributes=_ATTRIBUTES,
        url_schemes={"http", "https", "mailto"},
        url_relative="deny",
        link_rel="nofollow ugc noopener",
    )


def shown(html: str) -> SafeString:
    """Mark as safe what ``render`` made: the one place where a comment's HTML passes unescaped."""
    return mark_safe(html)  # noqa: S308  (sanitised by nh3 in render)
