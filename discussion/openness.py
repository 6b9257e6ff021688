"""Whether a page's discussion is shown and takes comments, and the sentence that says why not.

The moderator's override wins over the editor's wish; the editor's wish is the page's own, or that of the nearest page
above which has one.
"""

from dataclasses import dataclass

from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from discussion.models import Discussion, DiscussionSettings
from pages.models import ContentPage, DiscussionMode, SectionPage
from pages.navigation import any_pages
from people.visibility import is_published


def rules_for(request) -> dict:
    """``{"house_rules", "privacy"}``: what is linked beside the form; None for a page that readers may not see."""
    rules = DiscussionSettings.for_request(request)
    keys = {"house_rules": rules.house_rules_id, "privacy": rules.privacy_id}
    seen = any_pages().visible().in_bulk(set(keys.values()) - {None})
    return {name: seen.get(key) for name, key in keys.items()}


@dataclass(frozen=True)
class Standing:
    """``is_shown``: the discussion can be read. ``takes_comments``: and added to. ``reason``: why not, for readers."""

    is_shown: bool
    takes_comments: bool
    reason: str = ""


def may_be_read(page: ContentPage, request) -> bool:
    """Whether this reader may see the page now: published, and every restriction above it accepts the request."""
    return is_published(page) and all(restriction.accept_request(request) for restriction in page.get_view_restrictions())


def standing_of(page: ContentPage, discussion: Discussion | None) -> Standing:
    """The standing of the discussion of ``page``; ``discussion`` is its row, None before the first comment."""
    now = timezone.now()
    override = _override(discussion, now)
    mode = override or _wish(page)
    if mode == DiscussionMode.OFF:
        return Standing(False, False, _("There is no discussion on this page."))
    if mode == DiscussionMode.CLOSED:
        reason = discussion.override_reason if override and discussion else ""
        return Standing(True, False, reason or _("The discussion on this page is closed."))
    if page.discussion_closes_at and page.discussion_closes_at <= now:
        return Standing(True, False, _("The discussion closed on %(date)s.") % {"date": _date(page.discussion_closes_at)})
    if page.discussion_opens_at and page.discussion_opens_at > now:
        return Standing(True, False, _("The discussion opens on %(date)s.") % {"date": _date(page.discussion_opens_at)})
    return Standing(True, True)


def _override(discussion: Discussion | None, now) -> str:
    if discussion is None or (discussion.override_until and discussion.override_until <= now):
        return ""
    return discussion.override


def _wish(page: ContentPage) -> str:
    if page.discussion_mode != DiscussionMode.INHERIT:
        return page.discussion_mode
    above = [
        *ContentPage.objects.ancestor_of(page)
        .exclude(discussion_mode=DiscussionMode.INHERIT)
        .values_list("depth", "discussion_mode"),
        *SectionPage.objects.ancestor_of(page).values_list("depth", "discussion_mode"),
    ]
    return max(above)[1] if above else DiscussionMode.OPEN


def _date(moment) -> str:
    return date_format(timezone.localtime(moment), "DATE_FORMAT")
