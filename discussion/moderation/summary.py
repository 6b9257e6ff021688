"""One line on the discussion of a page, for its editors: how much is there, what waits, and until when it is open."""

from urllib.parse import urlencode

from django.urls import reverse
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from discussion.models import Discussion
from discussion.moderation.queues import Queue
from discussion.openness import standing_of
from discussion.permissions import may_moderate_page


def summary_of(page, user) -> dict:
    """``{"words", "url"}`` for ``pages.providers.discussion_summary``: “12 published, 2 waiting; closes on 3 December 2026”."""
    row = Discussion.objects.filter(page_id=page.pk).first()
    counts = {"published": row.published_count if row else 0, "pending": row.pending_count if row else 0}
    standing = standing_of(page, row)
    words = _("%(published)d published, %(pending)d waiting; %(standing)s") % {**counts, "standing": _in_words(standing)}
    url = ""
    if may_moderate_page(user, page):
        queue = Queue.PENDING if counts["pending"] else Queue.ALL
        url = f"{reverse('discussion_queue')}?{urlencode({'queue': queue.value, 'page': page.pk})}"
    return {"words": words, "url": url}


def _in_words(standing) -> str:
    if not standing.takes_comments:
        return standing.reason
    if standing.closes_at is None:
        return _("open")
    return _("closes on %(date)s") % {"date": date_format(timezone.localtime(standing.closes_at), "DATE_FORMAT")}
