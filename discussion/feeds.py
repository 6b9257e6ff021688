"""The Atom feed of one page's comments."""

from django.contrib.syndication.views import Feed
from django.http import Http404
from django.utils.feedgenerator import Atom1Feed
from django.utils.translation import gettext as _
from django.views.decorators.http import conditional_page, require_safe

from discussion.addresses import full_address
from discussion.models import PageComment
from discussion.openness import standing_of
from discussion.views.common import readable_page, row_of
from pages.feeds import plain
from people.visibility import is_visible

ENTRIES = 50


class CommentsFeed(Feed):
    """The comments of a page that were published last, for pages that everybody may read."""

    feed_type = Atom1Feed

    def __call__(self, request, *args, **kwargs):
        response = super().__call__(request, *args, **kwargs)
        # The time of the newest comment says nothing of one that was changed or removed since; the ETag does.
        response.headers.pop("Last-Modified", None)
        return response

    def get_object(self, request, page_id):
        page = readable_page(request, page_id)
        if not is_visible(page) or not standing_of(page, row_of(page), request).is_shown:
            raise Http404
        return page

    def title(self, page):
        return plain(_("Comments on “%(title)s”") % {"title": page.title})

    def link(self, page):
        return f"{page.full_url}#comments"

    def feed_url(self, page):
        return full_address(page, "feed", page.pk)

    def feed_guid(self, page):
        return full_address(page, "page", page.pk)

    def items(self, page):
        # Numbers are given in the order of publication, and have an index.
        newest = PageComment.objects.published().filter(page_id=page.pk).order_by("-number").defer("comment")[:ENTRIES]
        comments = list(newest)
        for comment in comments:
            comment.full_url = full_address(page, "comment", page.pk, comment.number)
        return comments

    def item_title(self, comment):
        return plain(_("%(name)s, comment %(number)d") % {"name": comment.user_name, "number": comment.number})

    def item_description(self, comment):
        return plain(comment.body_html)

    def item_link(self, comment):
        return comment.full_url

    def item_author_name(self, comment):
        return plain(comment.user_name)

    def item_pubdate(self, comment):
        return comment.published_at

    def item_updateddate(self, comment):
        return max(filter(None, [comment.edited_at, comment.redacted_at, comment.published_at]))


comments = require_safe(conditional_page(CommentsFeed()))
