"""Template tags of the content: thin doors to ``pages.navigation``, ``pages.related`` and ``pages.covers``."""

from django import template
from wagtail.models import Page, Site

from pages import blocks, captions, covers, feeds, navigation, paths, profiles, related
from pages.metadata import sharing
from pages.metadata.linked_data import graph
from pages.metadata.script import linked_data_script
from pages.models import ContentPage, VideoPage

register = template.Library()


@register.simple_tag(takes_context=True)
def site(context):
    """The site of the request, or None in mails and error pages."""
    request = context.get("request")
    return Site.find_for_request(request) if request else None


@register.simple_tag
def menus(site):
    return navigation.menus(site) if site else {}


@register.simple_tag(takes_context=True)
def breadcrumbs(context, page):
    found = site(context)
    return navigation.breadcrumbs(page, found.root_page if found else None) if page else []


@register.simple_tag
def byline(page):
    return navigation.byline(page)


@register.simple_tag
def canonical_url(page):
    return navigation.canonical_url(page)


@register.simple_tag
def linked_data(page, site, request):
    """What machines are told of ``page``, as a script that is not run."""
    return linked_data_script(graph(page, site, request)) if site and request else ""


@register.simple_tag
def share_address(page, request):
    """The full address of the picture that is drawn for sharing ``page``."""
    return request.build_absolute_uri(sharing.address(page)) if page.pk else ""


@register.simple_tag
def credits_of(page):
    return navigation.credits_of(page)


@register.simple_tag
def topics_of(page):
    return navigation.topics_of(page)


@register.simple_tag(takes_context=True)
def profile_of(context, person):
    """The work of ``person``, or the part of it that the address asks for."""
    request = context.get("request")
    return profiles.profile_of(person, request.GET if request else {})


@register.simple_tag
def steps_of(path):
    return paths.steps_of(path)


@register.simple_tag(takes_context=True)
def place_on_path(context, page):
    """Where the reader stands on the reading path that the address names, or None."""
    request = context.get("request")
    return paths.place_on_path(page, request.GET) if request and isinstance(page, Page) else None


@register.simple_tag
def places_in_series(pages, page=None):
    """The places of many pages in series, by their keys, and of the ``page`` on whose screen they stand, in one query."""
    return navigation.places_in_series([one.pk for one in pages or ()] + ([page.discussed_page_id] if page else []))


@register.simple_tag
def series_of(page, places):
    """Those of one page out of ``places_in_series``."""
    return navigation.series_of(page, places)


@register.filter
def at(places, page):
    """The first place of one page out of ``places_in_series``."""
    return next(iter(places.get(page.pk, ())), None) if places else None


@register.simple_tag
def related_to(page, places=()):
    """``{"all", "topic"}``: what belongs with ``page``, and what names the block. ``places`` of series_of: its steps lead
    to the parts before and after."""
    steps = {step.pk for place in places for step in (place["previous"], place["next"]) if step}
    topics = navigation.topics_of(page)
    return {"all": related.related_to(page, shown=steps), "topic": topics[0] if topics else None}


@register.simple_tag(takes_context=True)
def sentence(context, line):
    """A line's sentence with its links; empty for one in an editor's words or to an address elsewhere."""
    return line.words(context.get("request"))


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
def is_followed(page):
    """Whether ``page`` has a feed of its own."""
    return bool(page.pk) and isinstance(page, feeds.FOLLOWED)


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
