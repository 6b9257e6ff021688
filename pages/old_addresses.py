"""Old addresses keep leading on: of pages that were moved or renamed, and of pages that went, where an editor says so.

Wagtail notes the old addresses of what is moved or renamed. Ours is the rest: what comes to an address takes it over; what
is taken away can be followed by another page; and readers are led to what they can read or nowhere, never in a circle.
"""

from urllib.parse import urlsplit

from django.db.models import Q
from wagtail.contrib.redirects.middleware import get_redirect
from wagtail.contrib.redirects.models import Redirect
from wagtail.log_actions import log
from wagtail.models import Page
from wagtail.signals import page_slug_changed, post_page_move

from pages.pointers import with_what_stands_beneath
from people.visibility import is_published

LED_HERE = "pages.lead_here"
LONGEST = Redirect._meta.get_field("old_path").max_length
BATCH = 500


def connect() -> None:
    """Have pages take over their addresses when these change, after Wagtail has noted the old ones."""
    post_page_move.connect(_addresses_changed, dispatch_uid="pages.old_addresses.moved")
    page_slug_changed.connect(_addresses_changed, dispatch_uid="pages.old_addresses.renamed")


def _addresses_changed(sender, instance, **kwargs):
    take_over(addresses([instance]))


def addresses(pages) -> list[tuple[int, int, str]]:
    """``(page key, site key, path)`` of those of ``pages``, and of what stands beneath them, that are published."""
    beneath = Page.objects.filter(with_what_stands_beneath(pages)).live().order_by("path")
    found = []
    for page in beneath.only("path", "depth", "url_path").iterator():
        parts = page.get_url_parts()
        if parts and parts[2]:
            found.append((page.pk, parts[0], Redirect.normalise_path(parts[2])))
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
            leads_away = link and Redirect.normalise_path(urlsplit(link).path, decode_unicode=False) != bare
            return (_with_query(link, query if page else ""), for_good) if leads_away else None
        found = page.url and get_redirect(request, Redirect.normalise_path(urlsplit(page.url).path, decode_unicode=False))
    return None


def _with_query(link: str, query: str) -> str:
    return f"{link}{'&' if '?' in link else '?'}{query}" if query else link


class Leaving:
    """Pages that are about to go, with what stands beneath them, and all the addresses that lead there."""

    def __init__(self, pages):
        self.titles = [page.title for page in pages]
        self.addresses = addresses(pages)
        all_of_them = Page.objects.filter(with_what_stands_beneath(pages)).order_by().values("pk")
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
        states = dict(Page.objects.filter(pk__in=keys).values_list("pk", "live"))
        gone = [row for row in self.addresses if not states.get(row[0])]
        rows = list(dict.fromkeys([*gone, *(row for row in self.former if row[0] not in states)]))
        take_over(rows, pk__isnull=False)
        # Where the target stands nothing may lead away from, or a page that goes later could lead back here.
        take_over([row for row in addresses([target]) if row[0] == target.pk], pk__isnull=False)
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
