"""Addresses within this site, as they stand in texts: what answers there, found without asking the site itself."""

import re
from dataclasses import dataclass
from urllib.parse import unquote, urlsplit

from django.conf import settings
from django.urls import Resolver404, resolve
from wagtail.contrib.redirects.models import Redirect
from wagtail.documents.models import Document
from wagtail.models import Page, Site

from pages.blocks import anchors
from pages.choices import is_key
from people.visibility import is_published

STEPS = 5  # from one old address to the next

# The ids that templates give, to which a link may lead. A test holds them against the templates.
_OF_TEMPLATES = re.compile(
    r"(main|comments|comment-form|form|formats|film|film-chapters|chapters|transcript|recording|related|all"
    r"|[a-z]+-title|comment-\d+(-by)?|format-\d+|kind-[\w-]+|step-\d+|t-\d+|filter-[a-z]+|masthead-search|page-search)\Z"
)


def is_of_templates(fragment: str) -> bool:
    """Whether a page's template may give this id, so that nobody can say that it is not there."""
    return bool(_OF_TEMPLATES.match(fragment))


def fragment_of(address: str) -> str:
    """The place on a page that an address names, whatever else is wrong with it."""
    return unquote(address.partition("#")[2])


def anchors_of(page: Page) -> set[str]:
    """The anchors that the texts of ``page`` have: those of their blocks."""
    return {found for field in ("body", "transcript") for found in anchors(getattr(page, field, None) or [])}


@dataclass(frozen=True)
class Answer:
    """``page``, ``document``: the key of the one at an address, if one is there. ``is_known``: whether anything is."""

    is_known: bool
    page: int | None = None
    document: int | None = None


def _match(path: str):
    """The view that answers at ``path``, or at the same with the slash at the end that Django leads to; or None."""
    for one in (path, f"{path}/"):
        try:
            match = resolve(one)
        except Resolver404:
            continue
        if match.url_name != "wagtail_serve":
            return match
    return None


class Here:
    """The addresses of this site, for one portion of pages: what they need is read once."""

    def __init__(self):
        self.sites = list(Site.objects.select_related("root_page"))
        own = urlsplit(settings.BASE_URL)
        self._roots = {site.hostname.lower(): site.root_page.url_path for site in self.sites}
        default = next((site for site in self.sites if site.is_default_site), None)
        self._default = default.root_page.url_path if default else "/"
        self._roots.setdefault((own.hostname or "").lower(), self._default)

    def path_of(self, address: str) -> str | None:
        """Path and fragment of ``address`` when it leads to this site; None when it leads elsewhere or is none."""
        try:
            parts = urlsplit(address)
            host = (parts.hostname or "").lower()
        except ValueError:
            return None
        if parts.scheme not in {"", "http", "https"} or (not host and parts.scheme):
            return None
        if host and host not in self._roots:
            return None
        return parts.path

    def answers(self, addresses: set[str]) -> dict[str, Answer]:
        """What is at each of ``addresses``, which lead to this site. Three queries, and some where hidden pages are passed."""
        wanted = {address: self._where(address) for address in addresses}
        in_tree = {path for kind, path in wanted.values() if kind == "page"}
        pages = dict(Page.objects.filter(url_path__in=in_tree).values_list("url_path", "pk")) if in_tree else {}
        lost = {address for address, (kind, path) in wanted.items() if kind == "page" and path not in pages}
        led = self._led_on(lost)
        keys = {int(path) for kind, path in wanted.values() if kind == "document"}
        documents = set(Document.objects.filter(pk__in=keys).values_list("pk", flat=True)) if keys else set()
        found = {}
        for address, (kind, path) in wanted.items():
            if kind == "page":
                found[address] = Answer(True, pages[path]) if path in pages else led.get(address, Answer(False))
            elif kind == "document":
                found[address] = Answer(True, document=int(path)) if int(path) in documents else Answer(False)
            else:
                found[address] = Answer(kind == "view")
        return found

    def _where(self, address: str) -> tuple[str, str]:
        """``(kind, what)``: a page by its path in the tree, a document by its key, a view of ours, or nothing."""
        path = unquote(self.path_of(address) or "/")
        if "\0" in path:  # which no database takes
            return "nothing", ""
        if path.startswith((settings.STATIC_URL, settings.MEDIA_URL)):
            return "view", path
        match = _match(path if path.startswith("/") else f"/{path}")
        if (
            match
            and match.url_name == "wagtaildocs_serve"
            and is_key(match.args[0] if match.args else match.kwargs["document_id"])
        ):
            return "document", str(match.args[0] if match.args else match.kwargs["document_id"])
        if match:
            return "view", path
        root = self._roots.get((urlsplit(address).hostname or "").lower(), self._default)
        return "page", f"{root}{path.strip('/')}/" if path.strip("/") else root

    def _led_on(self, addresses: set[str]) -> dict[str, Answer]:
        """Where those of ``addresses`` lead of which something is noted: past hidden pages, as ``pages.old_addresses`` does."""
        found, left = {}, {address: Redirect.normalise_path(unquote(self.path_of(address))) for address in addresses}
        for _step in range(STEPS):
            rows = Redirect.objects.filter(old_path__in=set(left.values())).select_related("redirect_page") if left else []
            noted = {row.old_path: row.redirect_page for row in rows}
            led = {address: noted[path] for address, path in left.items() if path in noted}
            found |= {address: Answer(True, page.pk if page else None) for address, page in led.items()}
            hidden = {address: page for address, page in led.items() if page and not is_published(page) and page.url}
            left = {address: Redirect.normalise_path(urlsplit(page.url).path) for address, page in hidden.items()}
        return found
