"""Every form and every address with a query that pages show, read out of the pages themselves.

A form that is new tomorrow is found without anybody writing it down.
"""

import re
from dataclasses import dataclass, field, replace
from functools import lru_cache
from html import unescape
from html.parser import HTMLParser
from urllib.parse import parse_qsl, quote_from_bytes, urljoin, urlsplit

from django.db import transaction
from django.urls import Resolver404, resolve

MOST_ALIKE = 3  # pages of one view, with the same names in the query, that are read
HERE = "http://testserver"
FORM_TYPE = "application/x-www-form-urlencoded"


@dataclass(frozen=True)
class Form:
    """A form as a page shows it, or a link with a query: where it leads, and its fields with what stands in them."""

    method: str
    action: str
    fields: tuple[tuple[str, str, str], ...]  # name, kind, value
    client: object = field(default=None, compare=False, repr=False)

    @property
    def view(self) -> str:
        return view_of(self.action)

    @property
    def names(self) -> frozenset:
        return frozenset(name for name, _kind, _value in self.fields)

    @property
    def known_as(self) -> str:
        return f"{self.method} {self.view} ({', '.join(sorted(self.names))})"

    @property
    def is_link(self) -> bool:
        """Whether nobody types into it: an address with a query, that a link leads to."""
        return all(kind == "link" for _name, kind, _value in self.fields)

    def values(self, **changed) -> dict[str, bytes]:
        """What a browser sends when nobody typed anything, but for ``changed``."""
        return {name: value.encode() for name, _kind, value in self.fields} | changed

    def text_names(self) -> list[str]:
        """Those that a reader types into."""
        return [name for name, kind, _value in self.fields if kind in {"text", "email", "search", "textarea"}]

    def send(self, values: dict[str, bytes], **extra):
        """The answer, as to a browser that follows no redirect."""
        body = "&".join(f"{quote_from_bytes(name.encode())}={quote_from_bytes(value)}" for name, value in values.items())
        if self.method == "get":
            return self.client.get(f"{self.action}?{body}", **extra)
        return self.client.generic("POST", self.action, body, FORM_TYPE, headers={"origin": HERE}, **extra)


class _Page(HTMLParser):
    """The forms and links of a page. Fields outside of a form that names them with ``form=`` count too."""

    def __init__(self, html: str, address: str):
        super().__init__(convert_charrefs=True)
        self.address = address
        self.forms: list[dict] = []
        self.links: list[str] = []
        self._form = self._text = self._select = None
        self.feed(html)

    def handle_starttag(self, tag, attributes):
        given = {name: value or "" for name, value in attributes}
        if tag == "a" and given.get("href"):
            self.links.append(urljoin(self.address, given["href"]))
        elif tag == "form":
            self._form = {
                "method": given.get("method", "get").lower(),
                "action": urljoin(self.address, given.get("action") or self.address),
                "fields": {},
                "buttons": [],
                "actions": [],
            }
            self.forms.append(self._form)
        elif self._form is not None:
            self._field(tag, given)

    def _field(self, tag, given):
        name, fields = given.get("name", ""), self._form["fields"]
        kind = given.get("type", "text" if tag == "input" else "submit")
        if tag == "input" and name and kind not in {"submit", "button", "image", "reset"}:
            if kind not in {"radio", "checkbox"} or name not in fields or "checked" in given:
                fields[name] = (kind, given.get("value", ""))
        elif tag == "textarea":
            fields[name] = ("textarea", "")
            self._text = name
        elif tag == "select":
            fields[name] = ("select", "")
            self._select = name
        elif tag == "option" and self._select and "selected" in given:
            fields[self._select] = ("select", given.get("value", ""))
        elif tag in {"button", "input"} and kind == "submit":
            if name:
                self._form["buttons"].append((name, given.get("value", "")))
            if given.get("formaction"):
                self._form["actions"].append(urljoin(self.address, given["formaction"]))

    def handle_data(self, data):
        if self._text is not None:
            kind, value = self._form["fields"][self._text]
            self._form["fields"][self._text] = (kind, value + data)

    def handle_endtag(self, tag):
        if tag == "form":
            self._form = None
        elif tag == "textarea":
            self._text = None
        elif tag == "select":
            self._select = None


def forms_in(html: str, address: str, client=None) -> list[Form]:
    """The forms of a page; one that several buttons send to several addresses is there for each. Links with a query too."""
    page, found = _Page(html, address), []
    for form in page.forms:
        fields = [(name, kind, value) for name, (kind, value) in form["fields"].items()]
        fields += [(name, "button", value) for name, value in form["buttons"]]
        for action in [form["action"], *form["actions"]]:
            found.append(Form(form["method"], _local(action), tuple(fields), client))
    return found + [_from_link(_local(link), client) for link in page.links if urlsplit(link).query and is_here(link)]


def is_here(address: str) -> bool:
    parts = urlsplit(address)
    return parts.scheme in {"", "http"} and parts.netloc in {"", "testserver", "localhost", "127.0.0.1:8000"}


def view_of(address: str) -> str:
    """The name of the view behind an address; of Wagtail's pages the path itself, for each type has forms of its own."""
    path = urlsplit(address).path
    try:
        name = resolve(path).view_name
    except Resolver404:
        return ""
    return path if name == "wagtail_serve" else name


class Rollback(Exception):
    """Ends a block whose writes are not to stay."""


def without_trace(act):
    """What ``act()`` gives back; nothing that it wrote stays."""
    try:
        with transaction.atomic():
            answer = act()
            raise Rollback
    except Rollback:
        return answer


@dataclass
class Crawl:
    """What was found by going through the pages: the forms, and the names of the views that were looked at."""

    forms: list[Form]
    views: set[str]


def find_forms(client, starts, *, belongs, answers) -> Crawl:
    """The forms on the pages that can be reached from ``starts``, and on the pages with which they answer.

    ``belongs`` says of an address whether it is looked at. ``answers``: values that make forms go through, by name.
    """
    found: dict[str, Form] = {}
    seen, waiting, alike = set(), list(starts), {}
    while waiting:
        address = _local(waiting.pop(0))
        names = tuple(sorted(name for name, _value in parse_qsl(urlsplit(address).query)))
        kind = (view_of(address), names)
        if address in seen or not belongs(address) or alike.get(kind, 0) >= MOST_ALIKE:
            continue
        seen.add(address)
        alike[kind] = alike.get(kind, 0) + 1
        answer = without_trace(lambda address=address: client.get(address))
        if answer.status_code in {301, 302}:
            waiting.append(answer["Location"])
        if names and answer.status_code == 200:
            _note(found, _from_link(address, client))
        pages = [(address, answer)]
        while pages:
            shown_at, answer = pages.pop()
            if not answer.get("Content-Type", "").startswith("text/html") or answer.status_code >= 500:
                continue
            html = answer.content.decode()
            page = _Page(html, shown_at)
            waiting += [link for link in [*page.links, *_menu(html)] if is_here(link)]
            for form in forms_in(html, shown_at, client):
                if not belongs(form.action) or not form.fields or not _note(found, form):
                    continue
                for values in ({}, answers):
                    values = {name: value for name, value in values.items() if name in form.names}
                    sent = without_trace(lambda form=form, values=values: form.send(form.values(**values)))
                    pages.append((form.action, sent))
                    if sent.status_code in {301, 302}:
                        waiting.append(sent["Location"])
    return Crawl(_merged(found.values()), {view for view, _names in alike} | {form.view for form in found.values()})


def _local(address: str) -> str:
    return urlsplit(address)._replace(scheme="", netloc="", fragment="").geturl()


def _note(found: dict, form: Form) -> bool:
    """Whether there was none like it."""
    is_new = form.known_as not in found
    found.setdefault(form.known_as, form)
    return is_new


def _from_link(address: str, client) -> Form:
    parts = urlsplit(address)
    fields = tuple((name, "link", value) for name, value in parse_qsl(parts.query, keep_blank_values=True))
    return Form("get", parts.path, fields, client)


def _menu(html: str) -> list[str]:
    """Addresses in the data from which Wagtail's sidebar is made."""
    return [unescape(address) for address in re.findall(r'"url": "(/[^"]+)"', html)]


def _merged(forms) -> list[Form]:
    """Each view once: what links and forms ask it for joined, and of forms that post to it those that no other holds whole.

    Wagtail has a second view for the rows of a list alone, with the same fields: one answers for both, the smaller.
    """
    forms, asking = list(forms), {}
    posting = [form for form in forms if form.method == "post"]
    for form in sorted((form for form in forms if form.method == "get"), key=lambda form: not form.view.endswith("_results")):
        name = form.view.removesuffix("_results")
        if other := asking.get(name):
            fields = other.fields + tuple(field for field in form.fields if field[0] not in other.names)
            asking[name] = replace(other, fields=fields)
        else:
            asking[name] = form
    return [
        *asking.values(),
        *(form for form in posting if not any(form.view == other.view and form.names < other.names for other in posting)),
    ]


# How an answer is judged: a fast reader for pages of which every text is escaped. One that is not shows as a tag.

_TAG = re.compile(r"<[a-zA-Z!?/][^>]*>?")
_NAME = re.compile(r"""([^\s"'>/=]+)(?:\s*=\s*(?:"[^"]*"|'[^']*'|[^\s"'>]+))?""")
_READERS = re.compile(r'<div class="(?:comment__text|moderation__body)" dir="auto">(.*?)</div>', re.DOTALL)
_ALLOWED = re.compile(
    r"</?(?:p|em|strong|blockquote|ul|ol|li)>|<br>|<ol start=\"\d+\">|</a>"
    r'|<a href="(?:https?://|mailto:)[^"<>]*" rel="nofollow ugc noopener">'
)


@lru_cache(maxsize=20_000)
def shape(tag: str) -> str:
    """The name of an element with those of its attributes."""
    inner = tag.strip("<>").rstrip("/")
    if not inner[:1].isalpha():
        return inner[:9].split(" ")[0]
    name, _space, rest = inner.partition(" ") if " " in inner else re.match(r"(\S+)(\s?)(.*)", inner, re.DOTALL).groups()
    return " ".join([name.lower(), *sorted(found.lower() for found in _NAME.findall(rest))])


def shapes(html: str) -> set[str]:
    """The elements of a page, without those in what readers wrote."""
    return {shape(tag) for tag in set(_TAG.findall(_READERS.sub("", html)))}


def faults_of(html: str, known: set[str]) -> list[str]:
    """Elements that are not ``known``, and in readers' words those that the sanitiser does not let through."""
    found = [f"an element of nobody’s: {found}" for found in sorted(shapes(html) - known)]
    for words in _READERS.findall(html):
        left = _ALLOWED.sub("", words)
        if "<" in left:
            found.append(f"an element in a comment: {left[left.index('<') :][:80]}")
    return found


_HELD = re.compile(r"<textarea\b([^>]*)>(.*?)</textarea>|<input\b([^>]*)>", re.DOTALL)
_ATTRIBUTE = re.compile(r'\b(name|value|type)="([^"]*)"', re.DOTALL)


def held(html: str) -> dict[str, list[str]]:
    """What the fields of a page hold, by name; line ends as a browser gives them back."""
    found: dict[str, list[str]] = {}
    for area, text, single in _HELD.findall(html):
        given = dict(_ATTRIBUTE.findall(area or single))
        value = text.removeprefix("\n") if area else given.get("value", "")
        found.setdefault(given.get("name", ""), []).append(lines(unescape_kept(value)))
    return found


def unescape_kept(text: str) -> str:
    """What Django escaped, as it was; and nothing else."""
    for entity, character in (("&lt;", "<"), ("&gt;", ">"), ("&quot;", '"'), ("&#x27;", "'"), ("&amp;", "&")):
        text = text.replace(entity, character)
    return text


def lines(text: str) -> str:
    """``text`` with line ends as a field of a browser holds them."""
    return text.replace("\r\n", "\n").replace("\r", "\n")
