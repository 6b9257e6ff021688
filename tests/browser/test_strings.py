"""Strings that break things, in front of a real browser: none runs, and what was typed comes back."""

import http.cookiejar
import json
import random
import re
import urllib.error
import urllib.request
from concurrent.futures import ThreadPoolExecutor
from urllib.parse import quote_from_bytes, urljoin

import pytest

from tests.nets import strings
from tests.nets.forms import forms_in, held, lines

pytestmark = pytest.mark.strings
PLACE = "/articles/ego-is-a-leak/"
TO_A_THREAD = 20
AT_ONCE = 4
TYPED_IN = 40
TABS = 10
SEEN_ALONE = 60
COMMENT_LINKS = "main a[href*='/admin/discussion/comment/']"
# What the page holds that no reader may have put there, and links that lead to no address.
STRANGERS = """() => [...document.querySelectorAll('.comment__text *, .comment__name *, .comment__place > :not(bdi), '
    + '.comment__place bdi *, .moderation__body *')]
  .filter(e => !(e.matches('.moderation__body mark') && e.title && e.attributes.length === 1))
  .filter(e => !['P','BR','EM','STRONG','BLOCKQUOTE','UL','OL','LI','A'].includes(e.tagName)
    || [...e.attributes].some(a => !['href','rel','start'].includes(a.name)))
  .map(e => e.outerHTML.slice(0, 80))
  .concat([...document.links].filter(a => !['http:','https:','mailto:'].includes(a.protocol)).map(a => a.href.slice(0, 80)))
  .concat([...document.querySelectorAll('main script, main iframe, main object, main embed, main base, main style, main meta')]
    .filter(e => !e.closest('#wagtail') && !e.matches('script[type="application/ld+json"]'))
    .map(e => e.outerHTML.slice(0, 80)))"""
# Puts each text into each field as if it were typed, and tells how many fields there are, and what stood there otherwise.
TYPE_ALL = """texts => {
  const fields = [...document.querySelectorAll('main form[method=post] :is(textarea, input:is([type=text], [type=email]))')]
  const wrong = []
  for (const text of texts) for (const field of fields) {
    field.value = text
    field.dispatchEvent(new Event('input', {bubbles: true}))
    const inOneLine = text.replace(/[\\r\\n]/g, '')
    const expected = {textarea: text.replace(/\\r\\n?/g, '\\n'), text: inOneLine}[field.type]
    if (expected !== undefined && field.value !== expected) wrong.push([field.name, text, field.value])
  }
  return [fields.length, wrong]
}"""


class Client:
    """A person's HTTP without a browser: cookies, forms, and the answer of a redirect as it is."""

    def __init__(self, base: str):
        self.base = base
        self.cookies = http.cookiejar.CookieJar()
        self.opener = urllib.request.build_opener(urllib.request.HTTPCookieProcessor(self.cookies), _Stay())

    def ask(self, path: str, values: dict[str, bytes] | None = None) -> tuple[int, str]:
        body = None
        if values is not None:
            body = "&".join(f"{name}={quote_from_bytes(value)}" for name, value in values.items()).encode()
        request = urllib.request.Request(
            urljoin(self.base, path), body, {"Origin": self.base, "Referer": urljoin(self.base, path)}
        )
        try:
            with self.opener.open(request, timeout=120) as answer:
                return answer.status, answer.read().decode()
        except urllib.error.HTTPError as error:
            return error.code, error.read().decode() if error.code != 302 else error.headers["Location"]

    def form(self, path: str, name: str):
        """The form with a field called ``name`` on a page."""
        return next(form for form in forms_in(self.ask(path)[1], urljoin(self.base, path)) if name in form.names)

    def log_in(self, username: str, password: str):
        form = self.form("/admin/login/", "username")
        values = form.values(username=username.encode(), password=password.encode())
        assert self.ask("/admin/login/", values)[0] == 302


class _Stay(urllib.request.HTTPRedirectHandler):
    def redirect_request(self, *args):
        return None


@pytest.fixture(scope="module")
def discussed(hub):
    """Every string as a comment beneath one page of the demo hub: the page's key, the writer's client, and each answer.

    An answer is the string, the status, and the page or, where it was taken, the address that follows.
    """
    admin = Client(hub.base)
    admin.log_in("admin", hub.password)
    where = admin.ask("/admin/settings/discussion/discussionsettings/")[1]
    form = admin.form(where, "posts_per_person")
    rules = form.values(posts_per_person=b"32000", posts_per_address=b"32000")
    rules = {name: value for name, value in rules.items() if name != "hold_comments"}
    assert admin.ask(where, rules)[0] == 302
    # The rules read every string and find much in some; here all are published all the same, to be looked at.
    rules = admin.form("/admin/discussion/rules/", "threshold").values(threshold=b"1000", save=b"yes")
    assert admin.ask("/admin/discussion/rules/", rules)[0] == 302

    writer = Client(hub.base)
    key = int(re.search(r"/discussion/(\d+)/add/", writer.ask(PLACE)[1]).group(1))
    wanted = [raw for raw in strings.chosen() if len(raw) < 200_000]
    with ThreadPoolExecutor(AT_ONCE) as pool:
        made = pool.map(lambda _raw: json.loads(writer.ask(f"/discussion/{key}/token/")[1])["token"].encode(), wanted)
        waiting = list(zip(wanted, made, strict=True))
        answers = []
        # The first comment gives the browser the key under which it finds all that follow.
        assert post(writer, key, b"Words", json.loads(writer.ask(f"/discussion/{key}/token/")[1])["token"].encode())[1] == 302
        while waiting:
            answers.append(post(writer, key, *waiting.pop(0)))
            top = newest(writer, key) if answers[-1][1] == 302 else b""
            beneath = [waiting.pop(0) for _ in range(min(TO_A_THREAD, len(waiting)))]
            answers += pool.map(lambda pair, top=top: post(writer, key, *pair, reply_to=top), beneath)
    return key, writer, answers


def post(client, key, raw, token, reply_to=b"") -> tuple[bytes, int, str]:
    """Post a string as a comment and, where it serves, as the name; again while the form is too young."""
    text = strings.typed(raw)
    values = {"comment": raw, "name": b"A. Reader", "email": b"a.reader@readers.example", "token": token, "reply_to": reply_to}
    values |= {"organisation": text[:100].replace("\0", "").encode(), "author_role": text[-100:].replace("\0", "").encode()}
    values |= {"about": b"", "subject": b""}
    status, answer = client.ask(f"/discussion/{key}/add/", values)
    while status == 200 and "faster than people write" in answer:
        status, answer = client.ask(f"/discussion/{key}/add/", values)
    return raw, status, answer


def newest(client, key) -> bytes:
    page = client.ask(f"/discussion/{key}/?order=newest")[1]
    return re.search(r'id="comment-(\d+)"', page).group(1).encode()


class Watch:
    """A window whose dialogs and failures are written down."""

    def __init__(self, window):
        self.window, self.page, self.faults = window, window.page, []
        self.window.context.on("dialog", self._close)
        self.window.context.add_init_script("window.__ran = undefined")

    def _close(self, dialog):
        self.faults.append(f"a dialog: {dialog.message}")
        dialog.dismiss()

    def read(self, address: str):
        answer = self.page.goto(address)
        if answer.status != 200:
            self.faults.append(f"{address}: {answer.status}")
        self.look(address)

    def look(self, address: str):
        if (ran := self.page.evaluate("window.__ran ?? null")) is not None:
            self.faults.append(f"{address}: a script ran: {ran}")
        self.faults += [f"{address}: {found}" for found in self.page.evaluate(STRANGERS)]

    def following(self, address: str):
        """Read a page and all that its “next” links lead to; how many comments they hold."""
        seen = 0
        while address:
            self.read(address)
            seen += self.page.locator("article.comment").count()
            link = self.page.locator("main a[rel=next]")
            address = link.first.evaluate("link => link.href") if link.count() else ""
        return seen


def test_every_string_is_answered_and_taken_or_given_back(discussed):
    _key, _writer, answers = discussed
    refused = [(raw, status, held(page)) for raw, status, page in answers if status != 302]

    assert {status for _raw, status, _page in answers} == {302, 400}
    assert len(refused) < len(answers) / 5
    assert [raw for raw, _status, fields in refused if lines(strings.typed(raw)) not in fields["comment"]] == []


def test_no_string_runs_where_readers_see_it(discussed, visitor):
    key, writer, answers = discussed
    watch = Watch(visitor())
    for cookie in writer.cookies:
        watch.window.context.add_cookies(
            [{"name": cookie.name, "value": cookie.value, "url": watch.window.hub.base + cookie.path}]
        )
    posted = [raw for raw, status, _page in answers if status == 302]

    watch.read(PLACE)
    assert watch.following(f"/discussion/{key}/") >= len(posted)
    assert watch.following(f"/discussion/{key}/?order=newest") >= len(posted)
    assert watch.following(f"/discussion/{key}/yours/") >= len(posted)

    assert watch.faults == []
    assert watch.window.errors == []
    assert watch.window.asked_only_us()


def test_no_string_runs_where_moderators_see_it(discussed, visitor):
    _key, _writer, answers = discussed
    watch = Watch(visitor())
    watch.window.log_in("moderator")
    links, number = set(), 1
    while True:
        watch.read(f"/admin/discussion/queue/?queue=all&p={number}")
        found = watch.page.eval_on_selector_all(COMMENT_LINKS, "links => links.map(link => link.pathname)")
        if not set(found) - links:
            break
        links |= set(found)
        number += 1
    assert len(links) >= len([status for _raw, status, _page in answers if status == 302])

    for address in random.Random(strings.SEED).sample(sorted(links), min(SEEN_ALONE, len(links) // 5)):
        watch.read(address)

    assert watch.faults == []
    assert [error for error in watch.window.errors if "favicon" not in error] == []


def test_every_string_stands_in_every_field_as_typed_with_javascript(discussed, visitor):
    """All strings in all fields that readers fill in, with the scripts that look on; nothing is sent."""
    key, writer, _answers = discussed
    watch = Watch(visitor())
    number = int(newest(writer, key))
    every = [strings.typed(raw) for raw in strings.chosen()]
    for address in (PLACE, f"/discussion/{key}/add/", f"/discussion/{key}/follow/", f"/discussion/{key}/{number}/report/"):
        watch.read(address)
        fields, wrong = watch.page.evaluate(TYPE_ALL, every)
        assert fields
        assert wrong == [], address
        watch.look(address)

    assert watch.faults == []
    assert watch.window.errors == []
    assert watch.window.asked_only_us()


def test_what_is_typed_with_javascript_comes_back_as_typed(discussed, visitor):
    """Some strings typed into the forms themselves: refused for want of a name, shown again, posted, and opened to be changed."""
    key, _writer, _answers = discussed
    watch = Watch(visitor())
    every = [strings.typed(raw) for raw in strings.chosen()]
    # Letters that a field itself takes: a browser types no NUL, and the form no more than its length.
    every = [text for text in every if "\0" not in text and any(letter.isalnum() for letter in text) and len(text) < 5000]
    chosen = random.Random(strings.SEED).sample(every, min(TYPED_IN, len(every) // 10 * 2))
    pages = [watch.page, *(watch.window.context.new_page() for _ in range(TABS - 1))]
    wrong = []

    for start in range(0, len(chosen), TABS):
        group = list(zip(pages, chosen[start : start + TABS], strict=False))  # the last has fewer
        for place, (page, text) in enumerate(group):
            # The article's own form holds no token: a script fetches one.
            page.goto(PLACE if place % 2 else f"/discussion/{key}/add/")
            page.fill("[name=comment]", text)
            page.fill("[name=email]", "typist@readers.example")
            page.fill("[name=author_role]", text[:100])
            page.fill("[name=organisation]", text[-100:])
        for page, text in group:
            typed_in = {name: page.input_value(f"[name={name}]") for name in ("comment", "author_role", "organisation")}
            wanted = typed_in["comment"]
            wrong += [] if wanted == lines(text) else [(text, wanted)]
            press(page)
            refused = {name: page.input_value(f"[name={name}]") for name in typed_in}
            page.fill("[name=name]", "T. Ypist")
            while "/yours/" not in page.url:
                press(page)
                if "/yours/" not in page.url:
                    wrong += [] if page.input_value("[name=comment]") == wanted else [(text, "in the preview")]
            page.locator("a[href$='/edit/']").first.click()
            stored = page.input_value("[name=comment]")
            wrong += [] if refused == typed_in else [(text, refused)]
            wrong += [] if stored == wanted.strip() else [(text, stored)]
            watch.faults += ["a script ran"] if page.evaluate("window.__ran ?? null") is not None else []

    assert wrong == []
    assert watch.faults == []
    assert [error for error in watch.window.errors if "400" not in error] == []


def press(page):
    with page.expect_navigation():
        page.locator("form:has([name=comment]) [type=submit]").first.click()


def test_a_script_that_runs_is_seen(hub, visitor):
    """The net's own net, on a page that the site's policy does not guard."""
    watch = Watch(visitor())
    words = (
        "<main><div class='comment__text'><img src=x onerror='window.__ran=1;alert(1)'></div><a href='javascript:x'>x</a></main>"
    )
    watch.page.route("**/unguarded/", lambda route: route.fulfill(body=words, content_type="text/html"))

    watch.page.goto("/unguarded/")
    watch.page.wait_for_function("window.__ran === 1")
    watch.look("there")

    assert len(watch.faults) == 4
