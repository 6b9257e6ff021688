"""Strings that break things, in every field of every form: no answer fails, nothing becomes an element, the text comes back.

Run by ``make check-strings``, which fetches the list of them that others keep.
"""

import copy
import csv
import gc
import io
import json
import logging
import random
import re
from datetime import timedelta
from urllib.parse import quote_from_bytes, urlsplit
from xml.etree import ElementTree

import pytest
from django.conf import settings
from django.contrib.auth import get_user_model
from django.contrib.auth.models import Permission
from django.http import HttpResponse
from django.template import Template
from django.test import Client
from django.test.signals import template_rendered
from django.urls import resolve, reverse
from wagtail.models import PageViewRestriction, Site

from discussion import editing, formatting, letters, reporting, tokens
from discussion.forms import CommentForm, VisibleCharField
from discussion.models import CannedReply, DiscussionSettings, OutgoingMail, PageComment, RuleSetting
from discussion.moderation import bulk
from discussion.moderation.forms import INSERT
from discussion.notes import write_note
from discussion.rules.configuration import MOST_THRESHOLD, THRESHOLD
from discussion.transitions import decide
from discussion.treatments import treat
from hub import settings as hub_settings
from pages.models import ContentPage, LinkKind, TopicPage
from tests import factories
from tests.discussion.journey import HERE, TYPED
from tests.nets import strings
from tests.nets.forms import Crawl, Form, faults_of, find_forms, forms_in, held, lines, shapes, view_of, without_trace
from tests.nets.urls import rows

pytestmark = pytest.mark.strings
PARTS = 4  # of the strings, so that two processes share them
ALONE = 40  # strings that are put in one field at a time
HARMLESS = [b"", b" ", b"Words", b"a", b"x" * 20_001, b"\x00", b"a.reader@readers.example", b"1", b"2026"]
READABLE = {200, 400, 403, 404, 410, 429}


# What frames the pages, made once for all: their menus take most of the time, and hold nothing of what is sent.
SHELLS = {
    "base.html": "<title>{% block title %}{% endblock %}</title>{% block meta %}{% endblock %}{% block main %}{% endblock %}",
    "wagtailadmin/base.html": "<title>{% block titletag %}{% endblock %}</title>{% block extra_css %}{% endblock %}"
    "{% for message in messages %}<li>{{ message }}</li>{% endfor %}"
    "{% block content %}{% endblock %}{% block extra_js %}{% endblock %}",
}


@pytest.fixture
def quick(monkeypatch):
    """Templates without the note that tests take of each, and no line in the log for each refusal."""
    monkeypatch.setattr(Template, "_render", lambda template, context: template.nodelist.render(context))
    logging.disable(logging.CRITICAL)
    gc.freeze()
    yield
    gc.unfreeze()
    logging.disable(logging.NOTSET)


@pytest.fixture
def bare(quick, settings):
    """Pages without what frames them."""
    loaders = [("django.template.loaders.locmem.Loader", SHELLS), "django.template.loaders.filesystem.Loader"]
    loaders = [("django.template.loaders.cached.Loader", [*loaders, "django.template.loaders.app_directories.Loader"])]
    [engine] = copy.deepcopy(settings.TEMPLATES)
    engine["APP_DIRS"] = False
    engine["OPTIONS"]["loaders"] = loaders
    settings.TEMPLATES = [engine]


@pytest.fixture
def place(home, section, article, settings, moderator, moderator_client, monkeypatch):
    """A page with comments in all the states that have forms of their own, and who may see those."""
    settings.HUB_SENDS_MAIL = True
    monkeypatch.setattr(editing, "WINDOW", timedelta(days=1))  # all strings take longer than one may change a comment
    rules = {"hold_comments": False, "confirm_addresses": False, "posts_per_address": 32_000, "posts_per_person": 32_000}
    DiscussionSettings.objects.create(site=Site.objects.get(), **rules)
    # The rules read every string and find much in some; here all are published all the same, to be looked at.
    RuleSetting.objects.create(site=Site.objects.get(), rule=THRESHOLD, weight=MOST_THRESHOLD)
    topic = factories.TopicPageFactory(parent=section, title="Streets", slug="streets")
    factories.PageTopicFactory(page=article, topic=topic)
    top = factories.comment(article, email="ann@readers.example", author_key="a-guest", anchor="", organisation="Harbour Clinic")
    own = factories.comment(article, email="ann@readers.example", author_key="a-guest", author_role="Nurse")
    factories.comment(article, reply_to=top, user=moderator)
    factories.comment(article, reply_to=top, state="removed")
    editing.edit_comment(own, "It was *warmer*.", by=None, hold=False)
    reporting.report(top, reason="other", text="See for yourself.", user=None, author_key="another", address="192.0.2.1")
    private = factories.ArticlePageFactory(parent=section, title="A closed street", slug="a-closed-street")
    PageViewRestriction.objects.create(page=private, restriction_type="password", password="open")
    guest, response = Client(), HttpResponse()
    treat(top.person_key, "hold", by=moderator, about="Ann")
    write_note("Knows the street well.", by=moderator, person=top.person_key)
    tokens.remember(response, "a-guest")
    guest.cookies.update(response.cookies)
    moderator.user_permissions.add(Permission.objects.get(codename="personal_data"))
    return Place(article, top, private, guest, moderator_client)


class Place:
    def __init__(self, article, comment, private, guest, moderator):
        self.article, self.comment, self.private, self.guest, self.moderator = article, comment, private, guest, moderator

    def crawl(self) -> Crawl:
        """All forms, of readers and in the admin; the benign answers make those show that follow upon others."""
        pk = self.article.pk
        answers = {name: value.encode() for name, value in TYPED.items()}
        answers |= {"token": tokens.issue_token(pk).encode(), "reason": b"other", "email": b"ann@readers.example"}
        readers = [
            "/",
            self.article.url,
            self.private.url,
            "/_util/login/",
            "/search/?q=street&type=article&topic=streets&year=2026&page=1",
            "/everything/?type=article&page=1",
        ]
        readers += [f"/discussion/{pk}/{end}" for end in ("?after=1", "1/replies/?after=3", "yours/?page=1", "follow/", "token/")]
        readers += [f"/discussion/{pk}/add/?reply_to=1&about=x", *self.letters()]
        read = find_forms(self.guest, readers, belongs=_is_for_readers, answers=answers)
        comment = reverse("discussion_comment", args=[self.comment.pk])
        moderators = [
            "/admin/",
            f"{reverse('discussion_queue')}?queue=all",
            comment,
            *(self.bulk(action) for action in ("reject", "move", "treat", "close-thread")),
            reverse("discussion_list"),
            reverse("discussion_personal_data"),
        ]
        moderators += [reverse(f"discussion_{name}_results") for name in ("modes", "treatments")]
        moderators += [f"{reverse('discussion_queue')}?done={decide([self.held.pk], 'spam', by=self.by).batch}"]
        moderated = find_forms(self.moderator, moderators, belongs=_is_about_discussions, answers=answers)
        return Crawl(read.forms + moderated.forms, read.views | moderated.views)

    def forms(self) -> list[Form]:
        """Those with a field that a reader or moderator can fill."""
        return [form for form in self.crawl().forms if form.names - {"csrfmiddlewaretoken"}]

    def bulk(self, action) -> str:
        """The address at which something done to many is confirmed, with all that is filled in before."""
        return reverse("discussion_bulk", args=[bulk.prepare([(self.comment.pk, 0)], action, by=self.by).pk])

    @property
    def by(self):
        return get_user_model().objects.get(pk=self.moderator.session["_auth_user_id"])

    @property
    def held(self):
        """A comment that nothing else is asked of, to be decided about."""
        return factories.comment(self.article, state="pending")

    def letters(self) -> list[str]:
        """The addresses in the mails that are written: to confirm, to subscribe, to end it."""
        rules = DiscussionSettings.objects.get()
        DiscussionSettings.objects.update(confirm_addresses=True)
        form = TYPED | {"token": tokens.issue_token(self.article.pk), "wishes": "page"}
        Client().post(f"/discussion/{self.article.pk}/add/", form, headers=HERE)
        Client().post(f"/discussion/{self.article.pk}/follow/", {"email": "bea@readers.example"}, headers=HERE)
        rules.save()
        factories.comment(self.article, reply_to=self.comment, email="cy@readers.example", wishes=("page",), is_proven=True)
        subscription = PageComment.objects.latest("pk").page.subscriptions.get(email="cy@readers.example")
        mails = [letters.letter_for(mail) for mail in OutgoingMail.objects.order_by("pk")]
        found = [
            urlsplit(url).path for mail in mails if mail for url in re.findall(r"http\S+/discussion/\w+/[^/\s]+/", mail.body)
        ]
        return [*found, reverse("discussion:unsubscribe", args=[tokens.ending(subscription)])]


def _is_for_readers(address):
    return not address.startswith(("/admin/", "/documents/", "/media/", "/static/"))


def _is_about_discussions(address):
    path = urlsplit(address).path
    return path == "/admin/" or (path.startswith("/admin/") and "discussion" in path)


def everything() -> list[bytes]:
    return strings.chosen()


def part(number: int) -> list[bytes]:
    return everything()[number::PARTS]


def sample(number: int = ALONE) -> list[bytes]:
    every = everything()
    return random.Random(strings.SEED).sample(every, min(number, len(every) // 5))


class Net:
    """Sends and judges; ``faults`` holds what was caught, in words."""

    def __init__(self, known: set[str]):
        self.known = known
        self.faults: list[str] = []

    @classmethod
    def over(cls, forms, place):
        """A net that knows the elements of all pages on which ``forms`` are, and of those with which they answer."""
        too_much = {"comment": "x" * (settings.DATA_UPLOAD_MAX_MEMORY_SIZE + 1)}
        net = cls(_shapes(place.guest.post(f"/discussion/{place.article.pk}/add/", too_much)))
        for form in forms:
            tried = [dict.fromkeys(form.names, value) for value in HARMLESS]
            for usual in ({}, filled(form, place)):
                tried += [usual | values for name in form.names for values in ({name: b""}, {name: b"street"})]
            for values in tried:
                net.known |= _shapes(without_trace(lambda form=form, values=values: form.send(form.values(**values))))
            net.known |= _shapes(form.client.get(form.action))
        return net

    def cast(self, form, raw: bytes, values: dict[str, bytes], **extra):
        """Send ``values`` and judge the answer; nothing that it writes stays."""
        answer = self.ask(lambda: form.send(values, **extra), f"{form.known_as} ← {raw[:60]!r}")
        if answer is not None and form.method == "post" and answer.status_code in READABLE:
            self.check_kept(form, values, answer, f"{form.known_as} ← {raw[:60]!r}")
        return answer

    def ask(self, act, what: str):
        """What ``act`` answers, judged; None when it fails."""
        try:
            answer = without_trace(act)
        except Exception as error:  # noqa: BLE001  (whatever it is, a server would answer 500)
            self.faults.append(f"{what}: {type(error).__name__}: {str(error)[:200]}")
            return None
        if answer.status_code >= 500:
            self.faults.append(f"{what}: {answer.status_code}")
        elif _is_html(answer):
            self.faults += [f"{what}: {fault}" for fault in faults_of(answer.content.decode(), self.known)]
        return answer

    def check_kept(self, form, values, answer, what):
        """What was typed stands in the fields again, where the same fields come back."""
        if not _is_html(answer):
            return
        fields = held(answer.content.decode())
        canned = [reply.text for reply in CannedReply.objects.all()] if INSERT in values else []
        for name in form.text_names():
            text = lines(strings.typed(values[name]))
            wanted = {text, *(lines(f"{text.strip()}\n\n{reply}") for reply in canned)}  # the message, with the chosen reply
            if name in fields and not wanted & set(fields[name]):
                self.faults.append(f"{what}: {name} came back as {fields[name][0][:60]!r}")


def _is_html(answer) -> bool:
    return not answer.streaming and answer.get("Content-Type", "").startswith("text/html")


def _shapes(answer) -> set[str]:
    return shapes(answer.content.decode()) if _is_html(answer) else set()


def test_every_form_of_our_templates_is_found(place, administrator_client):
    """The net's own net: a template with a form that no page shows here would go untried."""
    shown = set()

    def note(template, **kwargs):
        shown.add(template.origin.name if template.origin else "")

    template_rendered.connect(note)
    try:
        crawl = place.crawl()
        # Of administrators alone, who type nothing there: they choose one kind for another, and what becomes of a page.
        administrator_client.get(reverse("wagtailsnippets_pages_linkkind:delete", args=[LinkKind.objects.first().pk]))
        administrator_client.get(reverse("pages_merge", args=[TopicPage.objects.get().pk]))
        administrator_client.get(f"{reverse('pages_link_health')}?undo=1")
        bulk_change = reverse("wagtail_bulk_action", args=["wagtailcore", "page", "topics"])
        administrator_client.get(f"{bulk_change}?id={place.article.pk}")
        page = ContentPage.objects.first()
        administrator_client.get(reverse("wagtailadmin_pages:delete", args=[page.pk]))
        administrator_client.get(reverse("wagtailadmin_pages:move_confirm", args=[page.pk, page.get_parent().pk]))
    finally:
        template_rendered.disconnect(note)

    folder = hub_settings.BASE_DIR / "templates"
    with_forms = {str(path) for path in folder.rglob("*.html") if "<form" in path.read_text()}
    assert with_forms - shown == set()
    ours = {row.name for row in rows() if row.name.startswith("discussion") or row.name == "search"}
    assert ours - crawl.views == set()
    assert any(
        {"comment", "token", "reply_to", "about", "subject", "wishes", "name", "email"} <= form.names for form in crawl.forms
    )


@pytest.mark.parametrize("number", range(PARTS))
def test_every_string_in_all_fields_of_every_form_at_once(place, bare, number):
    forms = place.forms()
    net = Net.over(forms, place)

    of_others = set(strings.listed())
    for raw in part(number):
        for form in forms:
            if raw in of_others or not form.is_link:
                net.cast(form, raw, dict.fromkeys(form.names, raw))

    assert net.faults == []


@pytest.mark.parametrize("number", range(PARTS))
def test_every_string_as_the_secret_part_of_an_address(place, bare, number):
    """Links of mails carry a token: whatever stands in its place is answered in words."""
    addresses = sorted({address.rsplit("/", 2)[0] for address in place.letters()})
    net = Net(set().union(*(_shapes(place.guest.get(f"{start}/x/")) for start in addresses)) | _shapes(place.guest.get("/x/")))

    for raw in part(number):
        for start in addresses:
            address = f"{start}/{quote_from_bytes(raw, safe='')}/"
            for method in ("get", "post"):
                net.ask(lambda method=method, address=address: getattr(place.guest, method)(address), f"{start} ← {raw[:60]!r}")

    assert len(addresses) == 3
    assert net.faults == []


@pytest.mark.parametrize("number", range(2))
def test_some_strings_in_each_field_alone(place, bare, number):
    forms = place.forms()
    net = Net.over(forms, place)

    for raw in sample()[number::2]:
        for form in forms:
            for name in form.names:
                net.cast(form, raw, form.values(**filled(form, place) | {name: raw}))

    assert net.faults == []


def test_some_strings_in_other_wrappings(place, bare):
    """Bytes as they are instead of percent signs, forms in several parts, and where Django's own token is asked for."""
    forms = place.forms()
    net = Net.over(forms, place)
    strict = Client(enforce_csrf_checks=True)
    net.known |= _shapes(strict.post(reverse("wagtailcore_authenticate_with_password", args=[1, place.private.pk])))

    for raw in sample():
        for form in [form for form in forms if form.method == "post"]:
            what = f"{form.known_as} ← {raw[:60]!r}"
            plain = b"&".join(name.encode() + b"=" + raw for name in form.names)
            lines_of_parts = [
                b'--X\r\nContent-Disposition: form-data; name="%s"\r\n\r\n%s' % (name.encode(), raw) for name in form.names
            ]
            parts = b"\r\n".join([*lines_of_parts, b"--X--", b""])
            for body, kind in ((plain, "application/x-www-form-urlencoded"), (parts, "multipart/form-data; boundary=X")):
                net.ask(lambda form=form, body=body, kind=kind: form.client.generic("POST", form.action, body, kind), what)
            if not form.action.startswith("/admin/"):
                net.ask(lambda form=form, plain=plain: strict.generic("POST", form.action, plain), what)

    assert net.faults == []


def filled(form, place) -> dict[str, bytes]:
    """What makes the form go through."""
    values = {name: value.encode() for name, value in TYPED.items()} | {"token": tokens.issue_token(place.article.pk).encode()}
    return {name: value for name, value in values.items() if name in form.names}


# What is stored, and the pages that show it.

LENGTHS = {"name": 50, "author_role": 100, "organisation": 100, "about": 40}


def post_all(place, texts: list[bytes], net: Net) -> dict[int, str]:
    """Post each text as a comment with itself as name and the rest; ``{key of the comment: what was typed}``."""
    stored = {}
    address = reverse("discussion:add", args=[place.article.pk])
    shown = forms_in(place.guest.get(address).content.decode(), address, place.guest)
    form = next(form for form in shown if form.method == "post")
    top = b""
    for raw in texts:
        text = strings.typed(raw)
        fields = {name: text[:length].encode() for name, length in LENGTHS.items()}
        if not VisibleCharField(required=False).clean(fields["name"].decode().replace("\0", "")):
            fields["name"] = b"A. Reader"
        fields |= {"email": b"dan@readers.example", "token": tokens.issue_token(place.article.pk).encode()}
        before = PageComment.objects.count()
        answer = form.send(form.values(**fields, comment=raw, reply_to=top))
        if answer.status_code == 302:
            comment = PageComment.objects.latest("pk")
            if PageComment.objects.count() != before + 1:
                net.faults.append(f"{raw[:60]!r}: a redirect and no comment")
            stored[comment.pk] = text
            top = b"" if len(stored) % 20 == 0 else top or str(comment.number).encode()
        elif answer.status_code != 400:
            net.faults.append(f"{raw[:60]!r}: {answer.status_code}")
        elif lines(text) not in held(answer.content.decode())["comment"]:
            net.faults.append(f"{raw[:60]!r}: refused, and not given back")
    return stored


def as_stored(text: str) -> str:
    """What the form takes off: blanks around it, and the second half of a line end."""
    return text.strip().replace("\r\n", "\n")


def is_taken(text: str) -> bool:
    """Whether the form takes a comment: something to be seen, no NUL, and not too long."""
    form = CommentForm({"comment": text, "name": "x", "email": "a@readers.example"})
    return "comment" not in form.errors


def reading_pages(place) -> list[tuple[Client, str]]:
    """Every page that shows comments: the page itself, all screens, the own ones, the admin's list and its exports."""
    article, found = place.article, []
    found.append((place.guest, article.url))
    numbers = list(PageComment.objects.filter(page=article, depth=0).order_by("path").values_list("number", flat=True))
    base = f"/discussion/{article.pk}/"
    found += [(place.guest, f"{base}?after={number}") for number in numbers if number]
    found += [(place.guest, f"{base}{number}/replies/") for number in numbers if number]
    count = PageComment.objects.filter(author_key="a-guest").count()
    found += [(place.guest, f"{base}yours/?page={page}") for page in range(1, count // 50 + 2)]
    admin = reverse("discussion_queue")
    found += [(place.moderator, f"{admin}?queue=all&p={page}") for page in range(1, PageComment.objects.count() // 50 + 2)]
    keys = list(PageComment.objects.filter(page=article).order_by("pk").values_list("pk", flat=True))
    return found + [(place.moderator, reverse("discussion_comment", args=[key])) for key in keys[::10]]


@pytest.mark.parametrize("number", range(PARTS))
def test_every_string_is_stored_as_typed_and_shown_as_text(place, quick, number):
    net = Net(set())
    texts = part(number)
    harmless_of(place, net)

    stored = post_all(place, texts, net)

    assert net.faults == []
    comments = {comment.pk: comment for comment in PageComment.objects.filter(pk__in=stored)}
    assert {key: comment.comment for key, comment in comments.items()} == {key: as_stored(text) for key, text in stored.items()}
    refused = [text for text in map(strings.typed, texts) if not is_taken(text)]
    assert len(stored) + len(refused) == len(texts)
    assert len(stored) > len(texts) * 0.8
    for client, address in reading_pages(place):
        answer = net.ask(lambda client=client, address=address: client.get(address), address)
        assert answer is None or answer.status_code == 200, address
    assert net.faults == []
    assert [comment.pk for comment in comments.values() if comment.body_html != formatting.render(comment.comment)] == []


def harmless_of(place, net):
    """Teach the net the pages with as many comments that hold nothing bad."""

    def act():
        for number in range(120):
            top = factories.comment(place.article, reply_to=None if number % 20 else place.comment, author_key="a-guest")
            if number % 20 == 0:
                for _ in range(3):
                    factories.comment(place.article, reply_to=top, author_role="Nurse", organisation="Harbour Clinic")
        # What the rules find is marked.
        post_all(place, [b"Click here: http:/shop.example, or call me on 0161 496 0%03d." % number for number in range(12)], net)
        return [_shapes(client.get(address)) for client, address in reading_pages(place)]

    net.known = set().union(*without_trace(act))


def test_stored_strings_can_be_changed_fed_and_handed_out(place, quick):
    """The edit form holds what was typed; the feed is XML, the export JSON, the moderators' table CSV."""
    net = Net(set())
    harmless_of(place, net)
    texts = [raw for raw in sample(200) if is_taken(strings.typed(raw))]
    stored = post_all(place, texts, net)
    assert net.faults == []

    changed = {}
    for comment in PageComment.objects.filter(pk__in=stored):
        page = place.guest.get(reverse("discussion:edit", args=[place.article.pk, comment.submission_key]))
        if comment.reply_count == 0:
            changed[comment.pk] = held(page.content.decode())["comment"][0]
    assert len(changed) > len(stored) / 2
    assert changed == {key: lines(as_stored(stored[key])) for key in changed}

    feed = ElementTree.fromstring(place.guest.get(reverse("discussion:feed", args=[place.article.pk])).content)  # noqa: S314
    readable = PageComment.objects.published().on_page(place.article.pk).count()
    assert len(feed.findall("{http://www.w3.org/2005/Atom}entry")) == min(50, readable)
    mine = place.moderator.post(reverse("discussion_personal_data_download"), {"email": "dan@readers.example"})
    said = {comment["text"] for comment in json.loads(mine.content)["comments"]}
    assert {as_stored(text) for text in stored.values()} <= said
    table = place.moderator.post(reverse("discussion_queue_export", args=["csv"]), {"selection": "queue=all"})
    rows = list(csv.reader(io.StringIO(b"".join(table.streaming_content).decode(), newline="")))
    assert len(rows) == PageComment.objects.count() + 1
    sheet = place.moderator.post(reverse("discussion_queue_export", args=["xlsx"]), {"selection": "queue=all"})
    assert sheet.status_code == 200
    assert b"".join(sheet.streaming_content)[:2] == b"PK"


# That the net catches.


def test_text_that_is_not_escaped_is_caught(place, quick, monkeypatch):
    forms = [form for form in place.forms() if form.view == "discussion:add"]
    net = Net.over(forms, place)
    monkeypatch.setattr(formatting, "render", lambda text: text)

    for raw in strings.made()[::20]:
        for form in forms:
            net.cast(form, raw, form.values(**filled(form, place)) | {"comment": raw, "token": b""})

    assert sum("an element in a comment" in fault for fault in net.faults) > 5


def test_failures_and_lost_text_are_caught(place, quick, monkeypatch):
    forms = [form for form in place.forms() if form.view == "discussion:add" and form.method == "post"]
    net = Net.over(forms, place)

    def fails(self):
        if "\u202e" in self.cleaned_data["subject"]:
            raise RuntimeError("fails")
        self.data = self.data.copy()
        self.data["comment"] = "lost"
        return ""

    monkeypatch.setattr(CommentForm, "clean_subject", fails)
    net.cast(forms[0], b"x", dict.fromkeys(forms[0].names, b"x"))
    net.cast(forms[0], "\u202ex".encode(), dict.fromkeys(forms[0].names, "\u202ex".encode()))

    assert any("came back as 'lost'" in fault for fault in net.faults)
    assert any("RuntimeError" in fault for fault in net.faults)


def test_elements_of_nobody_are_caught():
    known = shapes('<p><a class="x" href="/">x</a></p>')
    for html in [
        "<p><b>x</b></p>",
        "<p><a href='/'>x</a></p>",
        '<p><a class="x" href="/" onclick="x">x</a></p>',
        "<svg/onload=x>",
        "<!--",
    ]:
        assert faults_of(html, known), html
    body = '<div class="comment__text" dir="auto">{}</div>'
    known |= shapes(body.format(""))
    assert faults_of(body.format('<p>1 &lt; 2<br><a href="https://a.example" rel="nofollow ugc noopener">x</a></p>'), known) == []
    for words in [
        "<p class='x'>x</p>",
        '<a href="javascript:x" rel="nofollow ugc noopener">x</a>',
        "<script>x</script>",
        "</div><b>",
    ]:
        assert faults_of(body.format(words), known), words


def test_generated_strings_are_as_many_as_they_are_said_to_be():
    made = strings.made()

    assert len(set(made)) == strings.MADE == 1000
    assert made == strings.made()
    assert made != strings.made(seed=1)
    assert view_of("/discussion/1/add/") == resolve("/discussion/1/add/").view_name
