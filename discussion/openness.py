"""Whether a page's discussion is shown and takes comments, and the sentence that says why not.

The moderator's override wins over the editor's wish; the editor's wish is the page's own, or that of the nearest page
above which has one. What the site says about the age of pages comes last: a closing date on the page goes before it,
and a page that is itself set to *open* stays open.
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from functools import cache

from django.db.models import Case, OuterRef, Q, Value, When
from django.db.models.functions import Coalesce, JSONObject
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from wagtail.models import Page

from discussion.models import Discussion, DiscussionSettings
from pages.json_rows import JSONRows
from pages.models import ContentPage, DiscussionMode, SectionPage
from pages.navigation import any_pages
from people.reading import once
from people.visibility import is_published


@dataclass(frozen=True)
class Standing:
    """``is_shown``: the discussion can be read. ``takes_comments``: and added to. ``reason``: why not, for readers.

    ``closes_at``: until when an open one is, if that is known.
    """

    is_shown: bool
    takes_comments: bool
    reason: str = ""
    closes_at: datetime | None = field(default=None, compare=False)


def settings_of(page: ContentPage, request=None) -> DiscussionSettings:
    """The rules of the site that ``page`` belongs to. One query; none when they were read for ``request`` before."""
    return settings_of_all([page], request)[page.pk]


def settings_of_all(pages: Iterable[ContentPage], request=None) -> dict[int, DiscussionSettings]:
    """The rules of the sites that ``pages`` belong to, by the pages' keys, in one query for all that ``request`` has not read."""
    sites = {page.pk: (page.get_url_parts(request) or (None,))[0] for page in pages}
    known = once("discussion settings", dict if request is None else lambda: request.__dict__.setdefault("_rules", {}))
    if missing := set(sites.values()) - set(known):
        known |= {site: DiscussionSettings(site_id=site) for site in missing}
        known |= {rules.site_id: rules for rules in DiscussionSettings.base_queryset().filter(site_id__in=missing)}
    return {key: known[site] for key, site in sites.items()}


def pages_beside(page: ContentPage, request=None, *, form: bool = True, host: bool = True) -> dict[str, Page | None]:
    """``{"house_rules", "privacy", "host"}``: the pages named beside a discussion, None for one that not everybody may see.

    House rules and privacy notice stand by the ``form`` and are those of the page's own site, the ``host`` is the page's.
    One query for all, after that of ``settings_of``.
    """
    keys = dict.fromkeys(["house_rules", "privacy", "host"])
    if form:
        rules = settings_of(page, request)
        keys |= {"house_rules": rules.house_rules_id, "privacy": rules.privacy_id}
    if host:
        keys["host"] = page.discussion_host_id
    wanted = set(keys.values()) - {None}
    seen = any_pages().published().unrestricted().in_bulk(wanted) if wanted else {}
    return {name: seen.get(key) for name, key in keys.items()}


def may_be_read(page: ContentPage, request) -> bool:
    """Whether this reader may see the page now: published, and every restriction above it accepts the request."""
    return is_published(page) and is_let_in(page, request)


def is_let_in(page: ContentPage, request) -> bool:
    """Whether every restriction of the page and above it accepts the request, published or not."""
    return all(restriction.accept_request(request) for restriction in page.get_view_restrictions())


def standing_of(page: ContentPage, discussion: Discussion | None, request=None) -> Standing:
    """The standing of the discussion of ``page``; ``discussion`` is its row, None before the first comment.

    One query, and one for the site's rules where the page leaves something to them; ``request`` spares that one when they
    were read for it before.
    """
    return _standing(page, discussion, _wishes([page])[page.pk], lambda: settings_of(page, request), timezone.now())


def standings_of(pages: Iterable[ContentPage], rows: dict[int, Discussion] | None = None, request=None) -> dict[int, Standing]:
    """The standing of many pages' discussions by the pages' keys, in three queries.

    One less where ``rows`` are their discussions by page; ``request`` spares what was read for it before.
    """
    pages = list(pages)
    if rows is None:
        rows = {row.page_id: row for row in Discussion.objects.filter(page_id__in=[page.pk for page in pages])}
    wishes, now = _wishes(pages), timezone.now()
    rules = cache(lambda: settings_of_all(pages, request))  # read only if a page leaves something to them
    return {p.pk: _standing(p, rows.get(p.pk), wishes[p.pk], lambda p=p: rules()[p.pk], now) for p in pages}


def shown_of(rows: Iterable[Discussion]) -> set[int]:
    """The keys of the pages whose discussions, ``rows`` with their pages, can be read. For very many: one query at most.

    As ``is_shown`` of their standings, without the dates and the site's rules, which close a discussion and hide none.
    """
    rows, now = list(rows), timezone.now()
    wishes = _wishes([row.page for row in rows])
    return {row.page_id for row in rows if (override_of(row, now) or wishes[row.page_id]) != DiscussionMode.OFF}


def shown_counts(pages: Iterable[ContentPage]) -> dict[int, int]:
    """How many comments readers find beneath each of ``pages``, by the pages' keys.

    An alias counts its source's, however many aliases lie between, as long as everybody may see that; where the discussion
    is off it is none. Of cards without aliases one query at most; else five, and one for each alias of an alias in a row.
    """
    pages = list(pages)
    sources = _sources(pages)
    known = {page.pk: page for page in pages if hasattr(page, "said")}
    rows = {key: Discussion(page_id=key, **row) for key, page in known.items() for row in page.said}
    if missing := set(sources.values()) - set(known):
        rows |= said().filter(page_id__in=missing).in_bulk(field_name="page_id")
    seen = {page.pk: page for page in pages if page.pk in rows}
    if missing := set(rows) - set(seen):
        seen |= ContentPage.objects.visible().defer("body").in_bulk(missing)
    for key, page in seen.items():
        rows[key].page = page
    shown = shown_of(rows[key] for key in seen)
    return {key: rows[source].published_count if source in shown else 0 for key, source in sources.items()}


def card_columns() -> dict:
    """For ``pages.providers``: ``said``, the discussion of a page as far as ``shown_counts`` asks for it, if there is any."""
    until = Q(override_until__isnull=True) | Q(override_until__gt=timezone.now())
    override = Case(When(until, then="override"), default=Value(Discussion.Override.NONE))
    rows = said().filter(page_id=OuterRef("pk")).order_by()
    return {"said": JSONRows(rows.values(row=JSONObject(published_count="published_count", override=override)))}


def said():
    """The discussions with a published comment, whether readers see it or not."""
    return Discussion.objects.filter(published_count__gt=0)


def _sources(pages) -> dict[int, int]:
    """The key of the page that holds the discussion of each of ``pages``."""
    sources = {page.pk: page.alias_of_id or page.pk for page in pages}
    found = {source for key, source in sources.items() if source != key}
    while found:
        further = dict(ContentPage.objects.filter(pk__in=found, alias_of__isnull=False).values_list("pk", "alias_of_id"))
        sources = {key: further.get(source, source) for key, source in sources.items()}
        found = set(further.values())
    return sources


def holds_by_age(page: ContentPage, rules: DiscussionSettings, now) -> bool:
    """Whether ``page`` was first published so long ago that a moderator reads every comment before readers do."""
    if rules.hold_after_days is None or page.first_published_at is None:
        return False
    return page.first_published_at + timedelta(days=rules.hold_after_days) <= now


def override_of(discussion: Discussion | None, now) -> str:
    """What a moderator decided about the discussion as a whole and what holds still; nothing for nothing."""
    if discussion is None or (discussion.override_until and discussion.override_until <= now):
        return Discussion.Override.NONE
    return discussion.override


def _standing(page, discussion, wish, rules: Callable[[], DiscussionSettings], now) -> Standing:
    override = override_of(discussion, now)
    mode = override or wish
    if mode == DiscussionMode.OFF:
        return Standing(False, False, _("There is no discussion on this page."))
    if mode == DiscussionMode.CLOSED:
        return Standing(True, False, _words_of_override(discussion) if override else _("The discussion on this page is closed."))
    if page.discussion_closes_at and page.discussion_closes_at <= now:
        return Standing(True, False, _("The discussion closed on %(date)s.") % {"date": _date(page.discussion_closes_at)})
    if page.discussion_opens_at and page.discussion_opens_at > now:
        return Standing(True, False, _("The discussion opens on %(date)s.") % {"date": _date(page.discussion_opens_at)})
    if _leaves_its_end_to_the_site(page):
        return _standing_by_age(page, rules().close_after_days, now)
    return Standing(True, True, closes_at=page.discussion_closes_at)


def _words_of_override(discussion) -> str:
    """The moderator's reason, and until when it holds."""
    if not discussion.override_until:
        return discussion.override_reason or _("The discussion on this page is closed.")
    until = date_format(timezone.localtime(discussion.override_until), "j F Y, H:i")
    end = _("The discussion on this page is closed until %(date)s.") % {"date": until}
    return f"{discussion.override_reason} {end}".strip()


def _leaves_its_end_to_the_site(page) -> bool:
    """Whether nobody said of this page itself when or that its discussion stays open; a page never published has no age."""
    return bool(page.first_published_at and page.discussion_closes_at is None and page.discussion_mode == DiscussionMode.INHERIT)


def _standing_by_age(page, days, now) -> Standing:
    """Days count from the first publication, or from the opening where that comes later."""
    if days is None:
        return Standing(True, True)
    closes_at = max(page.first_published_at, page.discussion_opens_at or page.first_published_at) + timedelta(days=days)
    if closes_at > now:
        return Standing(True, True, closes_at=closes_at)
    reason = ngettext(
        "The discussion closed on %(date)s: comments are taken for %(days)d day.",
        "The discussion closed on %(date)s: comments are taken for %(days)d days.",
        days,
    )
    return Standing(True, False, reason % {"date": _date(closes_at), "days": days})


def _wishes(pages) -> dict[int, str]:
    """What the editors wish for each of ``pages``, by its key. One query at most, however many pages there are."""
    above = {page.pk: _paths_above(page) for page in pages if page.discussion_mode == DiscussionMode.INHERIT}
    modes = _modes_at(set().union(*above.values()))
    nearest = {key: max((path for path in paths if modes[path]), key=len, default=None) for key, paths in above.items()}
    of_section = {key: modes.get(path, DiscussionMode.OPEN) for key, path in nearest.items()}
    return {page.pk: of_section.get(page.pk, page.discussion_mode) for page in pages}


def _modes_at(paths: set[str]) -> dict[str, str]:
    """What the editors wish at each of ``paths``: a mode, or nothing where they leave it to what is above."""
    known = once("discussion modes", _modes_on_the_way)
    if missing := paths - set(known):
        known |= dict.fromkeys(missing, "")
        modes = Coalesce("contentpage__discussion_mode", "sectionpage__discussion_mode")
        spoken = Page.objects.filter(path__in=missing).annotate(mode=modes).exclude(mode=DiscussionMode.INHERIT)
        known |= {path: mode for path, mode in spoken.values_list("path", "mode") if mode}
    return known


def _modes_on_the_way() -> dict[str, str]:
    """Those of the sections by which the page was found that is read."""
    return {step.path: step.discussion_mode for step in once("way", list) if isinstance(step, SectionPage)}


def _paths_above(page) -> list[str]:
    """Those of the pages above that can say something: no home page does."""
    return [page.path[:end] for end in range(3 * page.steplen, len(page.path), page.steplen)]


def _date(moment) -> str:
    return date_format(timezone.localtime(moment), "DATE_FORMAT")
