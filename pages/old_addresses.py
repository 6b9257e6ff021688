"""Old addresses keep leading on: of pages that were moved or renamed, and of pages that went, where an editor says so.

In Wagtail's place, which notes old addresses whether anybody saw them or not: what readers never saw leaves nothing behind;
what comes to an address takes it over; what is taken away can be followed by another page; and readers are led to what they
can read or nowhere, never in a circle.
"""

from collections.abc import Iterator
from urllib.parse import urlsplit

from django.db.models import F, Q
from django.urls import reverse
from wagtail.contrib.redirects.middleware import get_redirect
from wagtail.contrib.redirects.models import Redirect
from wagtail.log_actions import log
from wagtail.models import Page, Site
from wagtail.signals import page_published, page_slug_changed, post_page_move

from pages.pointers import with_what_stands_beneath
from people.many import many
from people.visibility import is_published

LED_HERE = "pages.lead_here"
LONGEST = Redirect._meta.get_field("old_path").max_length
BATCH = 500


def connect() -> None:
    """Have pages leave a note at their old addresses, and take over their new ones, when these change."""
    post_page_move.connect(_moved, dispatch_uid="pages.old_addresses.moved")
    page_slug_changed.connect(_renamed, dispatch_uid="pages.old_addresses.renamed")
    page_published.connect(_published, dispatch_uid="pages.old_addresses.published")


def _moved(sender, instance, url_path_before, url_path_after, **kwargs):
    if url_path_after != url_path_before:  # otherwise only its place among its siblings
        _address_changed(instance, url_path_before, was_seen=_was_seen(instance))


def _renamed(sender, instance, instance_before, **kwargs):
    # Whether readers saw it under its old name: it may be public only since it was renamed.
    _address_changed(instance, instance_before.url_path, was_seen=_was_seen(instance_before))


def _published(sender, instance, **kwargs):
    # Where it led while nobody stood there must not come back when the page goes for another reason.
    if instance.live:  # otherwise only its time was set
        take_over(_addresses_among([(instance.pk, instance.url_path)]))


def _was_seen(page) -> bool:
    """Whether readers may have seen ``page``. An alias, or a page that was made by a script, is live without a date."""
    return page.live or page.first_published_at is not None


def _address_changed(page, former: str, *, was_seen: bool) -> None:
    _note(_left_behind(page, former, was_seen))
    take_over(addresses([page]))


def _left_behind(page, former: str, was_seen: bool) -> list[tuple[int, int, str, bool]]:
    """``(page key, site key, path, live)`` of the addresses that a page and what stands beneath it had, where readers came.

    ``former`` is where in the tree the page stood. What is hidden now has left its address for when it is back.
    """
    seen = Page.objects.descendant_of(page, inclusive=was_seen).filter(Q(live=True) | Q(first_published_at__isnull=False))
    found = []
    for key, url_path, live in seen.values_list("pk", "url_path", "live").iterator():
        now = set(_at(url_path))
        found += [(key, *here, live) for here in _at(former + url_path.removeprefix(page.url_path)) if here not in now]
    return [row for row in found if len(row[2]) <= LONGEST]


def _note(rows) -> None:
    """Have the addresses lead to the pages that left them. What is hidden takes no address from another page."""
    take_over([row[:3] for row in rows if row[3]])
    Redirect.objects.bulk_create(
        (
            Redirect(site_id=site, old_path=path, redirect_page_id=key, automatically_created=True)
            for key, site, path, _live in rows
        ),
        batch_size=BATCH,
        ignore_conflicts=True,
    )


def _at(url_path: str) -> Iterator[tuple[int, str]]:
    """``(site key, path)`` of the addresses of a place in the tree: one, or more where a site stands within another."""
    for root in Site.get_site_root_paths():
        if url_path.startswith(root.root_path):
            path = reverse("wagtail_serve", args=[url_path.removeprefix(root.root_path)])
            yield root.site_id, Redirect.normalise_path(path)


def addresses(pages) -> list[tuple[int, int, str]]:
    """``(page key, site key, path)`` of those of ``pages``, and of what stands beneath them, that are published."""
    return _addresses_of(Page.objects.filter(with_what_stands_beneath(pages)))


def _addresses_of(pages) -> list[tuple[int, int, str]]:
    return _addresses_among(pages.live().order_by("path").values_list("pk", "url_path").iterator())


def _addresses_among(places) -> list[tuple[int, int, str]]:
    """The same, of pages given as ``(page key, place in the tree)``."""
    found = [(key, *here) for key, url_path in places for here in _at(url_path)]
    return [row for row in found if len(row[2]) <= LONGEST]


def take_over(rows, **which) -> None:
    """Forget what was noted of addresses that are pages' own now. What administrators wrote by hand stays.

    ``rows`` are those of ``addresses``; ``which`` narrows or widens the redirects, without it those noted by themselves.
    """
    which = which or {"automatically_created": True}
    for start in range(0, len(rows), BATCH):
        here = [Q(site_id=site, old_path=path) for _, site, path in rows[start : start + BATCH]]
        Redirect.objects.filter(Q(*here, _connector=Q.OR), **which).delete()


def leading_on(request) -> tuple[str, bool] | None:
    """Where whoever asks for an address that is none is sent, and whether for good; None when nothing is known of it.

    A page that readers do not see is no place to send them, and its new address may be telling: where it stands, the search
    goes on. The query of the address is kept.
    """
    full = Redirect.normalise_path(request.get_full_path(), decode_unicode=False)
    bare = urlsplit(full).path
    found, query = get_redirect(request, full), ""
    if not found and bare != full:
        found, query = get_redirect(request, bare), request.META["QUERY_STRING"]
    for_good, seen = True, set()
    while found and found.pk not in seen:
        seen.add(found.pk)
        for_good = for_good and found.is_permanent
        page = found.redirect_page
        if not page or is_published(page):
            link = found.link
            leads_away = link and not _is_asked_for(request, link, bare)
            return (_with_query(link, query if page else ""), for_good) if leads_away else None
        found = _noted_at(page)
    return None


def _is_asked_for(request, link: str, path: str) -> bool:
    """Whether ``link`` is the address of the request itself, whose path is ``path``."""
    there, site = urlsplit(link), Site.find_for_request(request)
    own = {"", request.get_host(), urlsplit(site.root_url).netloc if site else ""}
    return there.netloc in own and Redirect.normalise_path(there.path, decode_unicode=False) == path


def _noted_at(page) -> Redirect | None:
    """What is noted of the address of a page, on whichever site it stands; before what holds for all sites."""
    for site, path in _at(page.url_path):
        noted = Redirect.objects.filter(Q(site_id=site) | Q(site=None), old_path=path)
        return noted.order_by(F("site").asc(nulls_last=True)).first()
    return None


def _with_query(link: str, query: str) -> str:
    return f"{link}{'&' if '?' in link else '?'}{query}" if query else link


class Leaving:
    """Pages that are about to go, with what stands beneath them and their aliases, and all the addresses that lead there.

    Aliases are unpublished with their source, also when it is deleted.
    """

    def __init__(self, pages):
        self.titles = [page.title for page in pages]
        own = Page.objects.filter(with_what_stands_beneath(pages)).order_by().values("pk")
        everything = Page.objects.filter(Q(pk__in=own) | Q(alias_of__in=own))
        self.addresses = _addresses_of(everything)
        all_of_them = everything.order_by().values("pk")
        former = Redirect.objects.filter(redirect_page__in=all_of_them, site__isnull=False)
        self.former = list(former.values_list("redirect_page_id", "site_id", "old_path"))
        # Of all sites at once, written by hand: they go with the page, and come back as they were.
        self.by_hand = list(Redirect.objects.filter(redirect_page__in=all_of_them, site=None))

    def lead_to(self, target: Page, *, by) -> int:
        """Send readers of what has gone by now to ``target``; how many addresses lead there.

        What was deleted is followed for good, its former addresses too. What was unpublished may come back: its address
        leads on for the time being, and its former ones lead to it as before.
        """
        keys = {row[0] for row in (*self.addresses, *self.former)} | {row.redirect_page_id for row in self.by_hand}
        states = dict(Page.objects.filter(pk__in=many(keys)).values_list("pk", "live"))
        gone = [row for row in self.addresses if not states.get(row[0])]
        rows = list(dict.fromkeys([*gone, *(row for row in self.former if row[0] not in states)]))
        take_over(rows, pk__isnull=False)
        # Where the target stands nothing may lead away from, or a page that goes later could lead back here.
        take_over(_addresses_of(Page.objects.filter(pk=target.pk)), pk__isnull=False)
        Redirect.objects.bulk_create(
            (
                Redirect(
                    site_id=site,
                    old_path=path,
                    redirect_page=target,
                    is_permanent=key not in states,
                    automatically_created=True,  # so that they give way when a page is moved away from the same address
                )
                for key, site, path in rows
            ),
            batch_size=BATCH,
            ignore_conflicts=True,
        )
        by_hand = [row for row in self.by_hand if row.redirect_page_id not in states]
        for row in by_hand:
            row.pk, row.redirect_page = None, target
        Redirect.objects.bulk_create(by_hand)
        log(target, LED_HERE, user=by, data={"from": self.titles[:5], "addresses": len(rows)})
        return len(rows)

    def lead_nowhere(self) -> None:
        """Forget where their own addresses led before they came there: readers were promised nothing is there now.

        What was made public by a script, or long ago, did not take its address over by itself.
        """
        take_over(self.addresses)
