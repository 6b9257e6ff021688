"""Template tags of the content: thin doors to ``pages.navigation``, ``pages.related`` and ``pages.covers``."""

from django import template
from django.utils.html import format_html, format_html_join
from django.utils.translation import gettext as _
from wagtail.models import Site

from pages import blocks, captions, covers, navigation, related
from pages.models import ContentPage, Role, StandardPage, VideoPage

register = template.Library()


@register.simple_tag(takes_context=True)
def site(context):
    """The site of the request, or None in mails and error pages."""
    request = context.get("request")
    return Site.find_for_request(request) if request else None


@register.simple_tag
def main_menu(site):
    return navigation.main_menu(site) if site else []


@register.simple_tag
def foot_menu(site):
    """The plain pages under the home page that the main menu leaves out: accessibility, privacy and the like."""
    if not site:
        return []
    plain = navigation.any_pages().visible().child_of(site.root_page).exact_type(StandardPage)
    return list(plain.filter(show_in_menus=False).order_by("path"))


@register.simple_tag
def breadcrumbs(page):
    return navigation.breadcrumbs(page) if page else []


@register.simple_tag
def byline(page):
    return navigation.byline(page)


@register.simple_tag
def canonical_url(page):
    return navigation.canonical_url(page)


@register.simple_tag
def credits_of(page):
    return navigation.credits_of(page)


@register.simple_tag
def topics_of(page):
    return navigation.topics_of(page)


@register.simple_tag
def works_of(person):
    return navigation.works_of(person)


@register.simple_tag
def series_of(page):
    return navigation.series_of(page)


@register.simple_tag
def related_to(page):
    """``{"relations", "lines", "standing", "topic"}``: what belongs with ``page``; ``topic`` names the block."""
    relations = related.relations_of(page)
    topics = navigation.topics_of(page)
    return {
        "relations": relations,
        "lines": related.related_lines(page, relations),
        "standing": related.standing_of(page, relations),
        "topic": topics[0] if topics else None,
    }


@register.simple_tag(takes_context=True)
def interviewees(context, line):
    """The people asked in a line's interviews, each a link to the interview, as a sentence lists them."""
    links = [
        format_html(
            '<a href="{}">{}</a>', entry.page.get_url(context.get("request")), related.joined(entry.people(Role.INTERVIEWEE))
        )
        for entry in line.entries
    ]
    if len(links) < 2:
        return format_html_join("", "{}", ((link,) for link in links))
    return format_html(
        _("{first} and {last}"), first=format_html_join(", ", "{}", ((link,) for link in links[:-1])), last=links[-1]
    )


@register.simple_tag
def cover(page):
    """The shapes of a page's drawn cover, for ``components/cover.html``."""
    return covers.cover(page)


@register.simple_tag
def moment(page, start):
    """The address of the second ``start`` in a video page's film: a link that works where no script runs."""
    if not isinstance(page, VideoPage):
        return ""
    if page.film:
        return f"{page.film.url}#t={start}"
    if page.player:
        return f"{page.player.watch_url}{'&' if '?' in page.player.watch_url else '#'}t={start}s"
    return ""


@register.filter
def anchor(block_id):
    return blocks.anchor(block_id)


@register.filter
def clock(seconds):
    return captions.clock(seconds)


@register.filter
def initials(name):
    """Up to two letters of a printed name, for somebody without a profile."""
    words = [word for word in str(name).split() if word[0].isalpha()]
    return "".join(word[0] for word in words[:1] + words[1:][-1:]).upper()


@register.filter
def speaker(page, label):
    """The contribution of ``page`` whose speaker label is ``label``, or None: plain pages have no contributors."""
    rows = navigation.credits_of(page) if isinstance(page, ContentPage) else []
    return next((row for row in rows if row.label == label), None)
