"""Pages proposed while one types: by keyboard, by mouse and by touch; and that nothing but the network is missed without."""

import json
import re

import pytest
from playwright.sync_api import expect

from tests.browser.test_accessibility import violations

ASKED = re.compile(r"/search/suggestions/\?q=")
ROOMS = [
    {"text": "Warm rooms <b>and</b> cold ones", "kind": "Publication", "url": "/publications/warm-rooms/"},
    {"text": "Who holds the map?", "kind": "Publication", "url": "/publications/who-holds-the-map/"},
    {"text": "Ego is a leak", "kind": "Article", "url": "/articles/ego-is-a-leak/"},
]


class Answers:
    """What the site answers with, and the words that it was asked for. ``hold``: words whose answer waits for ``release``."""

    def __init__(self, page):
        self.asked, self.waiting, self.hold, self.status = [], [], set(), 200
        self.found = ROOMS
        page.route(ASKED, self._answer)

    def _answer(self, route):
        words = re.search(r"q=([^&]*)", route.request.url)[1]
        self.asked.append(words)
        if words in self.hold:
            self.waiting.append(route)
        elif self.status is None:
            route.abort()
        else:
            route.fulfill(status=self.status, content_type="application/json", body=json.dumps({"suggestions": self.found}))

    def release(self, found):
        for route in self.waiting:
            route.fulfill(content_type="application/json", body=json.dumps({"suggestions": found}))


@pytest.fixture
def window(visitor):
    return visitor(viewport={"width": 1280, "height": 800})


@pytest.fixture
def answers(window):
    found = Answers(window.page)
    window.page.goto("/search/")
    return found


@pytest.fixture
def field(window, answers):
    return window.page.locator("#page-search")


def options(window):
    return window.page.locator("#page-search-list [role=option]")


def is_open(field) -> bool:
    return field.get_attribute("aria-expanded") == "true"


def test_suggestions_come_after_a_pause_from_two_letters_on(window, answers, field):
    field.press_sequentially("w")
    window.page.wait_for_timeout(400)
    assert answers.asked == []
    field.press_sequentially("arm", delay=20)
    expect(options(window)).to_have_count(3)
    assert answers.asked == ["warm"]
    expect(options(window).first).to_have_text("Warm rooms <b>and</b> cold ones Publication")
    expect(window.page.locator("form:has(#page-search) [role=status]")).to_have_text("Suggestions: 3")
    assert is_open(field)
    assert window.errors == []


def test_arrows_choose_and_enter_goes_there(window, answers, field):
    field.press_sequentially("warm")
    expect(options(window)).to_have_count(3)
    chosen = []
    for key in ("ArrowDown", "ArrowDown", "ArrowUp", "ArrowUp", "ArrowDown", "ArrowDown"):
        field.press(key)
        chosen.append(field.get_attribute("aria-activedescendant"))
        expect(window.page.locator("[role=option][aria-selected=true]")).to_have_id(chosen[-1])
    assert chosen == [f"page-search-list-{place}" for place in (0, 1, 0, 2, 0, 1)]
    expect(field).to_be_focused()
    field.press("Enter")
    expect(window.page).to_have_url(re.compile("/publications/who-holds-the-map/$"))
    assert window.errors == []


def test_enter_with_nothing_chosen_searches(window, answers, field):
    field.press_sequentially("warm")
    expect(options(window)).to_have_count(3)
    field.press("Enter")
    expect(window.page).to_have_url(re.compile(r"/search/\?q=warm$"))


def test_escape_closes_keeps_the_words_and_arrow_down_opens_again(window, answers, field):
    field.press_sequentially("warm")
    expect(options(window)).to_have_count(3)
    field.press("Escape")
    expect(options(window)).to_have_count(0)
    assert (field.input_value(), is_open(field)) == ("warm", False)
    field.press("ArrowDown")
    expect(options(window)).to_have_count(3)


def test_tab_leaves_for_the_button_and_closes(window, answers, field):
    field.press_sequentially("warm")
    expect(options(window)).to_have_count(3)
    field.press("Tab")
    expect(window.page.locator("form:has(#page-search) button")).to_be_focused()
    expect(options(window)).to_have_count(0)


def test_mouse_leads_to_a_page_and_elsewhere_closes(window, answers, field):
    field.press_sequentially("warm")
    expect(options(window)).to_have_count(3)
    window.page.locator("h1").click()
    expect(options(window)).to_have_count(0)
    field.press_sequentially("er")
    options(window).nth(2).click()
    expect(window.page).to_have_url(re.compile("/articles/ego-is-a-leak/$"))


def test_touch_leads_to_a_page(visitor):
    window = visitor(viewport={"width": 390, "height": 800}, has_touch=True, is_mobile=True)
    Answers(window.page)
    window.page.goto("/search/")
    window.page.locator("#page-search").press_sequentially("warm")
    expect(options(window)).to_have_count(3)
    sideways = "document.documentElement.scrollWidth - document.documentElement.clientWidth"
    assert window.page.evaluate(sideways) == 0
    options(window).nth(1).tap()
    expect(window.page).to_have_url(re.compile("/publications/who-holds-the-map/$"))


def test_older_answer_never_comes_over_a_newer_one(window, answers, field):
    answers.hold = {"war"}
    field.press_sequentially("war")
    window.page.wait_for_timeout(400)
    assert answers.asked == ["war"]
    field.press_sequentially("m")
    expect(options(window)).to_have_count(3)
    answers.release(ROOMS[:1])
    window.page.wait_for_timeout(400)
    expect(options(window)).to_have_count(3)
    assert window.errors == []


def test_answer_that_comes_after_escape_opens_nothing(window, answers, field):
    answers.hold = {"warm"}
    field.press_sequentially("warm")
    window.page.wait_for_timeout(400)
    field.press("Tab")
    answers.release(ROOMS)
    window.page.wait_for_timeout(400)
    expect(options(window)).to_have_count(0)


@pytest.mark.parametrize("status", [None, 500, 404])
def test_failing_network_is_passed_over_in_silence(window, answers, field, status):
    answers.status = status
    field.press_sequentially("warm")
    window.page.wait_for_timeout(500)
    assert (answers.asked, is_open(field)) == (["warm"], False)
    assert [error for error in window.errors if "Failed to load resource" not in error] == []
    field.press("Enter")
    expect(window.page).to_have_url(re.compile(r"/search/\?q=warm$"))


def test_nothing_found_is_said_and_shows_nothing(window, answers, field):
    answers.found = []
    field.press_sequentially("warm")
    expect(window.page.locator("form:has(#page-search) [role=status]")).to_have_text("Suggestions: 0")
    expect(window.page.locator("#page-search-list")).to_be_hidden()


def test_without_javascript_the_form_is_a_form(visitor):
    window = visitor(java_script_enabled=False)
    window.page.goto("/search/")
    field = window.page.locator("#page-search")
    assert field.get_attribute("role") is None
    field.fill("warm")
    field.press("Enter")
    expect(window.page).to_have_url(re.compile(r"/search/\?q=warm$"))


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("name", ["masthead-search", "page-search"])
def test_axe_finds_nothing_in_the_open_list(visitor, scheme, name):
    window = visitor(color_scheme=scheme, viewport={"width": 1280, "height": 800})
    Answers(window.page)
    window.page.goto("/search/")
    assert violations(window.page) == []
    field = window.page.locator(f"#{name}")
    field.press_sequentially("warm")
    expect(window.page.locator(f"#{name}-list [role=option]")).to_have_count(3)
    field.press("ArrowDown")
    assert violations(window.page) == []
    assert window.errors == []
