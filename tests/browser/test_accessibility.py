import json
import re
from urllib.parse import urlsplit

import pytest
from axe_playwright_python.sync_playwright import Axe

from tests.browser.addresses import PUBLIC

AXE = Axe()
EVERYTHING = {"resultTypes": ["violations"]}
COLOURS = EVERYTHING | {"runOnly": ["color-contrast", "link-in-text-block"]}


def violations(page, include=None) -> list[str]:
    """What axe-core finds on the page as it stands: rule, and the elements.

    In the dark the page is the same but for its colours: the rules about these are asked, the others were in the light.
    """
    dark = page.evaluate("matchMedia('(prefers-color-scheme: dark)').matches")
    found = AXE.run(page, context=include, options=COLOURS if dark else EVERYTHING).response["violations"]
    return [f"{rule['id']}: {json.dumps([node['target'] for node in rule['nodes']])}" for rule in found]


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_axe_finds_nothing_on_any_kind_of_page(visitor, scheme):
    window = visitor(color_scheme=scheme)
    found = {}
    for name, address in PUBLIC.items():
        window.page.goto(address)
        found |= {name: rules} if (rules := violations(window.page)) else {}

    assert found == {}
    assert window.asked_only_us()
    assert [error for error in window.errors if "/nowhere-at-all/" not in error] == []


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_axe_finds_nothing_in_the_comment_form(visitor, scheme):
    window = visitor(color_scheme=scheme, java_script_enabled=True)
    page = window.page
    page.goto(PUBLIC["publication"])
    page.locator("article h3 ~ * a, article a", has_text="Reply").first.click()
    assert violations(page) == []

    page.locator("form:has([name=comment]) [type=submit]").first.click()
    page.wait_for_load_state()
    assert page.locator("[aria-invalid=true]").count() >= 1
    assert violations(page) == []


# Screens of moderators that have an address of their own.
MODERATING = {
    "queue, its filter open": "/admin/discussion/queue/?queue=pending&since=soon",
    "record": "/admin/discussion/record/",
    "record, wrongly asked": "/admin/discussion/record/?since=soon",
    "rules": "/admin/discussion/rules/",
    "treatments": "/admin/discussion/treatments/",
    "canned replies": "/admin/snippets/discussion/cannedreply/",
    "canned reply": "/admin/snippets/discussion/cannedreply/add/",
}


class Screens:
    """The moderators' screens, one after the other, and what axe-core finds within Wagtail's frame."""

    def __init__(self, window, username):
        self.page, self.found = window.log_in(username), {}

    def look(self, name: str) -> None:
        self.page.wait_for_load_state()
        # Wagtail's own messages slide in, and have less contrast until they are there.
        if rules := violations(self.page, {"include": [["#main"]], "exclude": [[".messages"]]}):
            self.found[name] = rules

    def open(self, name: str, address: str) -> None:
        self.page.goto(address)
        assert urlsplit(self.page.url).path == urlsplit(address).path, name
        self.look(name)

    def press(self, name: str, button: str) -> None:
        self.page.locator(button).click()
        self.look(name)

    def a_comment(self) -> str:
        """The key of a published comment of somebody whose screen is to be seen too."""
        self.page.goto("/admin/discussion/queue/?queue=published")
        return re.search(r"/comment/(\d+)/", self.page.locator(".queue__name").first.get_attribute("href"))[1]


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_axe_finds_nothing_in_what_moderators_see(visitor, scheme):
    screens = Screens(visitor(color_scheme=scheme, reduced_motion="reduce"), "moderator")
    page = screens.page
    for name, address in MODERATING.items():
        screens.open(name, address)
    for list_address in ("/admin/discussion/pages/", "/admin/discussion/modes/"):
        screens.open(list_address, list_address)
        screens.press(f"one of {list_address}", "td.title a >> nth=0")
    page.goto("/admin/account/")
    screens.press("alerts", "[role=tab][href$=notifications]")
    assert page.locator("[name=discussion_alerts-when]").is_visible()
    assert screens.found == {}


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_axe_finds_nothing_in_what_moderators_do(visitor, scheme):
    screens = Screens(visitor(color_scheme=scheme, reduced_motion="reduce"), "moderator")
    page, key = screens.page, screens.a_comment()
    screens.open("comment", f"/admin/discussion/comment/{key}/")
    screens.press("comment, to be turned down", "details[data-key=r] summary")
    person = page.locator("a[href*='/discussion/people/']").first.get_attribute("href")
    for form in ("redact", "move", "duplicate", "reply"):
        screens.open(form, f"/admin/discussion/{key}/{form}/")
        if form == "redact":  # its own words are no error
            page.fill("textarea[name=comment]", "")
        screens.press(f"{form}, with an error", ".curation__actions button")
    screens.open("person", person)
    for action in ("reject", "remove-branch", "close-thread", "move", "treat"):
        page.goto("/admin/discussion/queue/?queue=published")
        page.locator("[data-choose]").first.check()
        if action == "reject":
            page.locator("button[value=reject]").click()
        else:
            page.locator("#bulk-further").select_option(action)
            page.locator("button[value=further]").click()
        page.wait_for_url("**/discussion/bulk/**")
        screens.look(f"many: {action}")
    page.fill("[name=until]", "2020-01-01 10:00")
    screens.press("many: treat, with an error", "form[method=post] .button >> nth=-2")
    assert screens.found == {}


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_axe_finds_nothing_in_what_administrators_see_of_moderation(visitor, scheme):
    screens = Screens(visitor(color_scheme=scheme, reduced_motion="reduce"), "admin")
    screens.page.goto("/admin/groups/")
    screens.press("group with its sections", "td.title a:text-is('Moderators')")
    assert screens.page.get_by_role("heading", name="Moderated sections").count() == 1
    screens.open("personal data", "/admin/discussion/personal-data/")
    screens.page.fill("[name=email]", "nobody@saltmarsh.example")
    screens.press("personal data of somebody", "#main form button[type=submit] >> nth=0")
    assert screens.found == {}


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_axe_finds_nothing_in_the_report_of_link_health(visitor, scheme):
    screens = Screens(visitor(color_scheme=scheme, reduced_motion="reduce"), "admin")
    screens.open("link health, counted or not", "/admin/reports/link-health/")
    if screens.page.get_by_role("button", name="Recount now").count():
        screens.press("link health: counting", "text=Recount now")
    screens.page.goto("/admin/reports/link-health/?kind=dead-end&counting=1")
    screens.page.get_by_text("Counted on").wait_for(timeout=60_000)  # the screen comes again by itself
    for kind in ("orphan", "elsewhere", "document", "dismissed"):
        screens.open(f"link health: {kind}", f"/admin/reports/link-health/?kind={kind}&state=unchecked")
    screens.open("link health: dead ends", "/admin/reports/link-health/?kind=dead-end")
    screens.page.check("[name=fault] >> nth=0")
    screens.press("link health: dismissed just now", "text=These are no faults")
    screens.press("link health: undone", ".health__undo button")
    assert screens.found == {}


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_axe_finds_nothing_where_administrators_steer_the_search(visitor, scheme):
    screens = Screens(visitor(color_scheme=scheme, reduced_motion="reduce"), "admin")
    page = screens.page
    screens.open("searches", "/admin/reports/searches/?days=90")
    screens.open("searches that found nothing", "/admin/reports/searches/?days=90&found=nothing")
    screens.open("synonyms", "/admin/snippets/pages/searchsynonym/")
    screens.open("synonym, filled in", "/admin/snippets/pages/searchsynonym/add/?words=warm+rooms")
    screens.press("synonym, with an error", "form[data-edit-form] footer [type=submit]")
    assert page.locator("[aria-invalid=true]").count() == 1
    screens.open("promoted results", "/admin/snippets/pages/searchpromotion/")
    screens.open("promoted result, filled in", "/admin/snippets/pages/searchpromotion/add/?searches=warm+rooms")
    screens.press("promoted result, with an error", "form[data-edit-form] footer [type=submit]")
    assert screens.found == {}


@pytest.mark.parametrize("width", [320, 390, 1280])
def test_no_page_scrolls_sideways(visitor, width):
    window = visitor(viewport={"width": width, "height": 800})
    wider = {}
    for name, address in PUBLIC.items():
        window.page.goto(address)
        over = window.page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")
        wider |= {name: over} if over > 0 else {}

    assert wider == {}
