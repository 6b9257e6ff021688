"""No script but our own files: what the header promises, and that the HTML keeps to it."""

from datetime import date, datetime
from html.parser import HTMLParser
from urllib.parse import quote

import pytest
from django.db import models
from django.urls import reverse
from django.utils.html import escape
from wagtail.fields import RichTextField, StreamField
from wagtail.models import Page, get_page_models

from pages import models as pages
from pages.blocks import BodyBlock
from people.models import PersonPage
from tests import factories
from tests.nets import aviary as aviaries
from tests.nets import world as worlds
from tests.nets.canaries import text_values

ENFORCED, REPORTED = "Content-Security-Policy", "Content-Security-Policy-Report-Only"
HOSTILE = "\"'><script>alert(1)</script><img src=x onerror=alert(1)>"
LINKS = {"href", "src", "action", "formaction", "poster", "data", "xlink:href"}
PLAYERS = ("https://www.youtube-nocookie.com/", "https://player.vimeo.com/")


class Faults(HTMLParser):
    """What a page holds that the policy would have to stop."""

    def __init__(self, html: str):
        super().__init__()
        self.found: list[str] = []
        self.feed(html)

    def handle_starttag(self, tag, attributes):
        given = {name: (value or "") for name, value in attributes}
        # Linked data is no script: nothing runs it, whatever it says.
        if tag == "script" and given != {"type": "application/ld+json"} and not given.get("src", "").startswith("/static/"):
            self.found.append(f"a script that is no file of ours: {given}")
        if tag in {"style", "base", "object", "embed"}:
            self.found.append(f"<{tag}>")
        if tag == "iframe" and not given.get("src", "").startswith(PLAYERS):
            self.found.append(f"a frame of {given.get('src')}")
        for name, value in given.items():
            if name.startswith("on") or name == "style":
                self.found.append(f"<{tag} {name}={value!r}>")
            if name in LINKS and "".join(value.split()).lower().startswith(("javascript:", "data:", "vbscript:")):
                self.found.append(f"<{tag} {name}={value!r}>")


def faults(response) -> list[str]:
    return Faults(response.content.decode()).found


def directives(header: str) -> dict[str, list[str]]:
    parts = [part.split() for part in header.split(";") if part.strip()]
    return {name: sources for name, *sources in parts}


def every_block(image, document) -> list[tuple]:
    """One of each block that a body can hold, made from its preview or, where it needs an object, from here."""
    table = {"columns": [{"type": "text", "heading": HOSTILE}], "rows": [{"values": [HOSTILE]}], "caption": ""}
    picture = {"image": image.pk, "decorative": False, "alt_text": HOSTILE}
    given = {
        "paragraph": "<p>&lt;script&gt;alert(1)&lt;/script&gt;</p>",
        "figure": {"image": picture, "caption": HOSTILE, "credit": HOSTILE},
        "table": {"caption": HOSTILE, "table": table, "row_headings": True, "source": HOSTILE},
        "document": {"document": document.pk, "text": HOSTILE},
        "quote": {"text": HOSTILE, "attribution": HOSTILE, "role": HOSTILE},
        "heading": {"text": HOSTILE, "level": "2"},
    }
    block = BodyBlock()
    stream = [
        {"type": name, "value": given[name] if name in given else child.get_prep_value(child.get_preview_value())}
        for name, child in block.child_blocks.items()
    ]
    return block.to_python(stream)


@pytest.fixture
def every_type(home):
    """A live page of every type, with a script in every text that editors and readers write."""
    image, document = factories.ImageFactory(title=HOSTILE), factories.DocumentFactory(title=HOSTILE)
    home.strapline = home.introduction = HOSTILE
    home.save()
    parents, made = {pages.HomePage: home}, [home]
    for page_type in aviaries.TYPES:
        page = aviaries.new_page(page_type, hostile_values(page_type))
        if hasattr(page, "body"):
            page.body = every_block(image, document)
        if hasattr(page, "image"):
            page.image = image
        aviaries.parent_for(page_type, parents).add_child(instance=page)
        parents.setdefault(page_type, page)
        made.append(page)
    person = next(page for page in made if isinstance(page, PersonPage))
    for page in [page for page in made if isinstance(page, pages.ContentPage)]:
        pages.Contribution.objects.create(page=page, person=person, name=HOSTILE, affiliation=HOSTILE)
        pages.ContentLink.objects.create(source=page, address="https://elsewhere.example/", title=HOSTILE, note=HOSTILE)
        text = f"{HOSTILE} [run](javascript:alert(1)) <javascript:alert(1)>"
        factories.comment(page, text=text, name=HOSTILE[:50], author_role=HOSTILE, organisation=HOSTILE)
    return made


def hostile_values(page_type) -> dict:
    """A script in every text of the type. Rich text holds it as text: Wagtail's editor lets no other tags through."""
    rich = {field.name for field in page_type._meta.fields if isinstance(field, RichTextField | StreamField)}
    wordless = {field.name for field in page_type._meta.fields if isinstance(field, models.URLField | models.SlugField)}
    plain = text_values(page_type, lambda place: HOSTILE, "")
    escaped = text_values(page_type, lambda place: escape(HOSTILE), "")
    return {name: escaped[name] if name in rich else plain[name] for name in plain if name not in wordless | {"doi"}}


def test_faults_are_seen():
    page = """<script>x</script><script src="https://elsewhere.example/x.js"></script><style></style><p style="color: red">
      <a href=" java\nscript:alert(1)" onclick="x">x</a><iframe src="https://elsewhere.example/"></iframe><base href="/">"""

    assert len(Faults(page).found) == 8
    assert Faults('<script type="module" src="/static/hub/js/hub.js"></script><a href="/x">x</a>').found == []


def test_no_page_type_is_forgotten(every_type):
    types = {type(page) for page in every_type}

    assert types == set(get_page_models()) - {Page, pages.ContentPage}


def test_public_pages_of_every_type_hold_no_script_of_their_own(client, every_type):
    answers = {type(page).__name__: client.get(page.get_url_parts()[2]) for page in every_type}

    assert {name: answer.status_code for name, answer in answers.items()} == dict.fromkeys(answers, 200)
    assert {name: faults(answer) for name, answer in answers.items() if faults(answer)} == {}
    # The text is there, and is text.
    assert [name for name, answer in answers.items() if "&lt;script&gt;alert(1)" not in answer.content.decode()] == []


def test_addresses_around_the_pages_hold_no_script_of_their_own(client, every_type):
    page = next(page for page in every_type if isinstance(page, pages.ArticlePage))
    hostile = quote(HOSTILE)
    paths = [
        f"/search/?q={hostile}",
        f"/search/?q=script&type={hostile}&topic={hostile}&year={hostile}&page={hostile}",
        f"/discussion/{page.pk}/?after=1",
        f"/discussion/{page.pk}/add/?reply_to=1&about={hostile}",
        f"/discussion/{page.pk}/yours/",
        f"/{hostile}/",
        f"/_util/login/?next={hostile}",
    ]

    assert {path: faults(client.get(path)) for path in paths if faults(client.get(path))} == {}


def test_preview_of_a_hostile_comment_holds_no_script(client, every_type):
    page = next(page for page in every_type if isinstance(page, pages.ArticlePage))
    form = {
        "comment": f"{HOSTILE} [x](javascript:alert(1))",
        "name": HOSTILE[:50],
        "email": "a@readers.example",
        "about": HOSTILE[:40],
    }

    answer = client.post(f"/discussion/{page.pk}/add/", form)

    assert answer.status_code == 200
    assert faults(answer) == []
    assert "&lt;script&gt;alert(1)" in answer.content.decode()


def test_every_public_address_refuses_foreign_and_inline_scripts(world, visitor_as):
    visitor = visitor_as("anonymous")
    policies = {}
    for case in worlds.cases(world):
        if not case.row.is_admin:
            answer = visitor.ask("GET", case.path)
            assert REPORTED not in answer.headers, case.key
            policies[case.key] = directives(answer.headers[ENFORCED])

    scripts = {key: policy.get("script-src", policy.get("default-src")) for key, policy in policies.items()}
    files = {"media": ["'none'"], "wagtaildocs_serve": ["'none'"]}
    assert scripts == {key: files.get(key, ["'self'"]) for key in policies}
    assert {key: policy["default-src"] for key, policy in policies.items()} == {key: ["'none'"] for key in policies}
    loose = {"'unsafe-inline'", "'unsafe-eval'", "*", "data:", "http:", "https:"}
    assert {
        key for key, policy in policies.items() if loose & {source for sources in policy.values() for source in sources}
    } == set()


def test_admin_reports_and_refuses_nothing_yet(world, visitor_as):
    """Wagtail's own pages still hold inline scripts: one address of each namespace stands for the rest."""
    visitor = visitor_as("administrator")
    by_namespace = {case.row.namespace: case for case in reversed(worlds.cases(world)) if case.row.is_admin}

    for case in by_namespace.values():
        answer = visitor.ask("GET", case.path)
        assert ENFORCED not in answer.headers, case.key
        assert directives(answer.headers[REPORTED])["script-src"] == ["'self'"], case.key


def test_preview_in_the_admin_can_be_framed_and_keeps_the_readers_policy(administrator_client, article):
    edit = administrator_client.get(reverse("wagtailadmin_pages:edit", args=[article.pk]))
    preview = reverse("wagtailadmin_pages:preview_on_edit", args=[article.pk])
    assert administrator_client.post(preview, form_values(edit)).json()["is_valid"]

    answer = administrator_client.get(preview)

    assert "A dry street" in answer.content.decode()
    assert answer.headers["X-Frame-Options"] == "SAMEORIGIN"
    policy = directives(answer.headers[ENFORCED])
    assert (policy["frame-ancestors"], policy["script-src"]) == (["'self'"], ["'self'"])


def form_values(edit) -> dict:
    """What a browser would send of the edit form as it was opened."""
    form = edit.context["form"]
    values = {}
    for part in [form, *form.formsets.values(), *(inner for formset in form.formsets.values() for inner in formset.forms)]:
        fields = part.management_form if hasattr(part, "management_form") else part
        values |= {field.html_name: field.value() for field in fields if isinstance(field.value(), str | int | float)}
        values |= {field.html_name: str(field.value()) for field in fields if isinstance(field.value(), date | datetime)}
    return values | {"body-count": "0"}
