"""From what a commenter typed to HTML: light formatting, rendered safely and then sanitised once more."""

import re
import unicodedata

import nh3
from django.utils.html import escape
from django.utils.safestring import SafeString, mark_safe
from markdown_it import MarkdownIt
from markdown_it.token import Token

MARKS_TOGETHER = 6  # no script needs more above one letter; what piles up hundreds covers the neighbours' lines
# Letters and a symbol by their category, and nothing to the eye: fillers of Hangul, the empty pattern of Braille.
_BLANKS = set("\u115f\u1160\u2800\u3164\uffa0")
_DIRECTION_CONTROLS = re.compile("[\u202a-\u202e\u2066-\u2069]")

# Paragraphs, lists that keep their numbers, quotations, emphasis and links; no headings, pictures, code or HTML.
_markdown = MarkdownIt("zero", {"html": False, "breaks": True, "linkify": True}).enable(
    ["paragraph", "list", "blockquote", "emphasis", "link", "autolink", "linkify", "newline", "escape", "entity"]
)
_markdown.normalizeLinkText = lambda address: address  # as typed, not with look-alike letters for xn--
_markdown.linkify.set({"fuzzy_link": False, "fuzzy_email": False, "fuzzy_ip": False})  # whole addresses only
# Whole addresses only: one without a host, or with a name before the host, leads elsewhere than it seems to.
_ADDRESS = re.compile(r"https?://[\w.-]+(:\d+)?([/?#]\S*)?|mailto:[^@\s]+@[\w.-]+", re.IGNORECASE | re.ASCII)


def _is_whole(address: str) -> bool:
    """Whether ``address`` makes a link: by the sanitiser's own parser too, which else leaves a link that leads nowhere."""
    return bool(_ADDRESS.fullmatch(address)) and "href" in _sanitised(f'<a href="{escape(address)}">x</a>')


_markdown.validateLink = _is_whole


def _keep_numbers(state) -> None:
    """Begin a list anew where an item's number is not the next: HTML counts from the first.

    But an item with the number of the one before counts on: so write those who leave the counting to others.
    """
    kept, lists = [], []  # of each open list the last number, as typed and as shown
    for token in state.tokens:
        if token.type in {"ordered_list_open", "bullet_list_open"}:
            lists.append(None)
        elif token.type in {"ordered_list_close", "bullet_list_close"}:
            lists.pop()
        elif token.type == "list_item_open" and token.info:
            typed = shown = int(token.info)
            if lists[-1]:
                before, shown = lists[-1][0], lists[-1][1] + 1
                if typed not in {before, shown}:
                    shown = typed
                    kept += _new_list(token, typed)
            lists[-1] = typed, shown
        kept.append(token)
    state.tokens = kept


def _new_list(item: Token, start: int) -> list[Token]:
    """The end of the list before ``item``, and the beginning of the one that it is in."""
    same = {"level": item.level - 1, "markup": item.markup, "block": True}
    attributes = {} if start == 1 else {"start": start}
    return [
        Token("ordered_list_close", "ol", -1, **same),
        Token("ordered_list_open", "ol", 1, attributes, **same),
    ]


def _show_hosts(state) -> None:
    """After each link where it leads, in plain text, that no words can hide; not where its words are that address.

    Nor can anything beside it turn the direction in which they are read.
    """
    for block in state.tokens:
        if block.type != "inline":
            continue
        if any(token.type == "link_open" for token in block.children):
            for token in block.children:
                token.content = _DIRECTION_CONTROLS.sub("", token.content)
        children, host = [], ""
        for place, token in enumerate(block.children):
            children.append(token)
            if token.type == "link_open":
                host = _host(token.attrGet("href"))
                is_its_own_words = token.markup in {"autolink", "linkify"} and _host(block.children[place + 1].content) == host
                host = "" if is_its_own_words else host
            elif token.type == "link_close" and host:
                children.append(Token("text", "", 0, content=f" ({host})"))
        block.children = children


def _host(address: str) -> str:
    return re.sub(r"^(https?://|mailto:)|[/?#].*$", "", address, flags=re.IGNORECASE)


_markdown.core.ruler.push("numbers", _keep_numbers)
_markdown.core.ruler.push("hosts", _show_hosts)
_TAGS = {"p", "br", "em", "strong", "blockquote", "ul", "ol", "li", "a"}
_ATTRIBUTES = {"*": set(), "a": {"href"}, "ol": {"start"}}


def render(text: str) -> str:
    """``text`` as HTML that is safe to show: the tags above, links only to http, https and mailto, marked as readers'."""
    return _sanitised(_markdown.render(calm(text)))


def _sanitised(html: str) -> str:
    return nh3.clean(
        html,
        tags=_TAGS,
        attributes=_ATTRIBUTES,
        url_schemes={"http", "https", "mailto"},
        url_relative="deny",
        link_rel="nofollow ugc noopener",
    )


def calm(text: str) -> str:
    """``text`` with at most ``MARKS_TOGETHER`` combining marks on one letter, invisible characters between them or not."""
    if text.isascii():
        return text
    kept, together = [], 0
    for character in text:
        category = unicodedata.category(character)
        if category in {"Mn", "Me"}:
            together += 1
        elif category != "Cf":
            together = 0
        if together <= MARKS_TOGETHER or category == "Cf":
            kept.append(character)
    return "".join(kept)


def straight(text: str) -> str:
    """``text`` as typed, line by line, but that it disturbs nothing beside it: no piled marks, no turned direction."""
    return _DIRECTION_CONTROLS.sub("", calm(text))


def plain_line(text: str) -> str:
    """A name or the like as one line; else as ``straight``."""
    return " ".join(straight(text).split())


def shows_something(text: str) -> bool:
    """Whether anything of ``text`` can be seen: marks, controls and invisible characters alone are nothing."""
    return any(unicodedata.category(character)[0] in "LNPS" and character not in _BLANKS for character in text)


def shown(html: str) -> SafeString:
    """Mark as safe what ``render`` made: the one place where a comment's HTML passes unescaped."""
    return mark_safe(html)  # noqa: S308  (sanitised by nh3 in render)
