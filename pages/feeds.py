"""The Atom feed of what is new."""

import re
from datetime import datetime, time

from django.contrib.syndication.views import Feed
from django.utils import timezone
from django.utils.feedgenerator import Atom1Feed
from wagtail.models import Site

from pages.models import ContentPage, TopicPage
from pages.models.base import LISTED_KINDS

ENTRIES = 30
# What XML does not allow and text pasted from word processors brings along.
FORBIDDEN = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff]")


def plain(text: str) -> str:
    """``text`` without what would break a feed."""
    return FORBIDDEN.sub(" ", text)


class NewestFeed(Feed):
    """The newest content of every kind on the site of the request."""

    feed_type = Atom1Feed

    def get_object(self, request):
        return Site.find_for_request(request)

    def title(self, site):
        return site.site_name or site.hostname

    def link(self, site):
        return site.root_page.full_url

    def items(self, site):
        newest = ContentPage.objects.descendant_of(site.root_page).of_kind(*LISTED_KINDS).listed().newest_first()
        pages = list(newest.for_cards()[:ENTRIES])
        seen = set(TopicPage.objects.listed().values_list("pk", flat=True))
        for page in pages:
            page.topics_shown = [place.topic for place in page.page_topics.all() if place.topic_id in seen]
        return pages

    def item_title(self, page):
        return plain(page.title)

    def item_description(self, page):
        return plain(page.summary)

    def item_link(self, page):
        return page.full_url

    def item_author_name(self, page):
        return plain(", ".join(row.name for row in page.contributions.all())) or None

    def item_pubdate(self, page):
        return timezone.make_aware(datetime.combine(page.display_date, time(12)))

    def item_updateddate(self, page):
        return page.last_published_at or self.item_pubdate(page)

    def item_categories(self, page):
        return [page.get_kind_display(), *(plain(topic.title) for topic in page.topics_shown)]
