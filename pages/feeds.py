"""Atom feeds of what is new: on a site, in a section, under a topic, in a series, by a person."""

import re
from uuid import uuid5

from django.conf import settings
from django.contrib.syndication.views import Feed
from django.db.models import Prefetch
from django.http import Http404
from django.urls import reverse
from django.utils.feedgenerator import Atom1Feed
from django.utils.html import escape
from wagtail.models import Site

from pages.choices import is_key
from pages.models import ContentPage, PageTopic, SectionPage, SeriesPage, TopicPage
from pages.models.base import LISTED_KINDS
from pages.navigation import any_pages
from people.models import PersonPage

ENTRIES = 30
# What XML does not allow and text pasted from word processors brings along.
FORBIDDEN = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff]")


def plain(text: str) -> str:
    """``text`` without what would break a feed."""
    return FORBIDDEN.sub(" ", text)


def _lasting_id(page, thing: str) -> str:
    """An id for what Atom makes of ``page``, such as its entry: it never changes (RFC 4287, 4.2.6), as addresses do.

    Made from the key that a page keeps in its drafts too; translations have the same, a feed and an entry need two.
    """
    return uuid5(page.translation_key, f"{thing} {page.locale_id}").urn


class _ContentFeed(Feed):
    """Entries for content of every kind. Subclasses say whose feed it is, and of which pages."""

    feed_type = Atom1Feed

    def author_name(self, place):
        """The site, for entries without a name: Atom asks for an author of one or the other (RFC 4287, 4.1.1)."""
        return plain(settings.WAGTAIL_SITE_NAME)

    def newest_of(self, pages) -> list[ContentPage]:
        """The first entries of ``pages``, each with the topics that readers may see. A fixed number of queries."""
        topics = Prefetch("page_topics", PageTopic.objects.select_related("topic").defer("topic__body"))
        found = list(pages.listed().newest_first().defer("body").prefetch_related("contributions", topics)[:ENTRIES])
        seen = set(TopicPage.objects.listed().values_list("pk", flat=True))
        for page in found:
            page.topics_shown = [place.topic for place in page.page_topics.all() if place.topic_id in seen]
        return found

    def item_guid(self, page):
        return _lasting_id(page, "entry")

    def item_title(self, page):
        return plain(page.title)

    def item_description(self, page):
        return escape(plain(page.summary))  # Django says of it that it is HTML

    def item_link(self, page):
        return page.full_url

    def item_author_name(self, page):
        return plain(", ".join(row.name for row in page.contributions.all())) or None

    def item_pubdate(self, page):
        """Never after it was changed, which a date that is still to come would be."""
        return min(page.dated_at, page.last_published_at or page.dated_at)

    def item_updateddate(self, page):
        return page.last_published_at or page.dated_at

    def item_categories(self, page):
        return [page.get_kind_display(), *(plain(topic.title) for topic in page.topics_shown)]


class NewestFeed(_ContentFeed):
    """The newest content of every kind on the site of the request."""

    def get_object(self, request):
        site = Site.find_for_request(request)
        if site is None:
            raise Http404
        return site

    def title(self, site):
        return plain(site.site_name or site.hostname)

    def link(self, site):
        return site.root_page.full_url

    def feed_url(self, site):
        return site.root_url + reverse("feed")

    def items(self, site):
        return self.newest_of(ContentPage.objects.descendant_of(site.root_page).of_kind(*LISTED_KINDS))


class PlaceFeed(_ContentFeed):
    """The newest of one section, topic, series or person: ``/feed/17/`` for the page with the key 17."""

    def get_object(self, request, page_id):
        """The page whose feed is asked for; 404 where readers see none, or where there is nothing to follow."""
        page = any_pages().visible().filter(pk=page_id, alias_of=None).first() if is_key(page_id) else None
        if page is None or not issubclass(page.specific_class, FOLLOWED):
            raise Http404
        return page.specific

    def title(self, page):
        return plain(page.title)

    def subtitle(self, page):
        return plain(getattr(page, "summary", "") or getattr(page, "introduction", ""))

    def link(self, page):
        return page.full_url

    def feed_url(self, page):
        _site, root_url, _path = page.get_url_parts()
        return root_url + reverse("place_feed", args=[page.pk])

    def feed_guid(self, page):
        return _lasting_id(page, "feed")

    def items(self, page):
        return self.newest_of(_gathered_by(page))


FOLLOWED = (SectionPage, TopicPage, SeriesPage, PersonPage)


def _gathered_by(page):
    """What ``page`` gathers, wherever it stands in the tree."""
    if isinstance(page, TopicPage):
        return ContentPage.objects.on(page)
    if isinstance(page, SeriesPage):
        return ContentPage.objects.filter(series_items__series=page)
    if isinstance(page, PersonPage):
        return ContentPage.objects.filter(pk__in=page.contributions.order_by().values("page_id"))
    return ContentPage.objects.of_kind(*([page.lists] if page.lists else LISTED_KINDS))
