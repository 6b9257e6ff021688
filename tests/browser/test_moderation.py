"""A moderator at the keyboard, in front of the running product."""

import os
import re
from statistics import median

import pytest
from playwright.sync_api import expect

# `make check-keyboard` clears a hundred and measures; the usual run clears a few of the demo's and measures nothing.
CLEARED = int(os.environ.get("HUB_CLEARED", "0"))
LONGEST_MS = 300

# Notes in the page itself how long it takes from a key to the next comment on the screen.
STOPWATCH = """
window.waits = [];
let pressed = 0;
addEventListener("keydown", () => { pressed = performance.now(); }, true);
function note() {
  if (pressed) window.waits.push(performance.now() - pressed);
  pressed = 0;
}
new MutationObserver(() => requestAnimationFrame(() => requestAnimationFrame(note)))
  .observe(document.querySelector("[data-moderation]"), { childList: true });
"""


def heading(page):
    return page.locator("#comment-heading")


def first_of_the_queue(page):
    page.goto("/admin/discussion/queue/?queue=pending")
    page.locator(".queue__name").first.click()
    expect(heading(page)).to_be_visible()


def waiting(page) -> int:
    return int(page.locator(".moderation__way .queue__count").inner_text())


@pytest.mark.parametrize("key", ["a", "s", "r"])
def test_one_comment_is_decided_and_taken_back_by_keys(visitor, key):
    page = visitor().log_in("moderator")
    first_of_the_queue(page)
    name, before = heading(page).inner_text(), waiting(page)
    page.keyboard.press(key)
    if key == "r":
        page.keyboard.press("2")
    expect(page.locator(".moderation-bar")).to_contain_text("is now")
    assert waiting(page) == before - 1
    assert heading(page).inner_text() != name
    page.keyboard.press("u")
    expect(page.locator(".moderation-bar")).to_contain_text("taken back")
    expect(heading(page)).to_have_text(name)
    assert waiting(page) == before


def test_keys_lead_through_the_queue_and_type_where_one_types(visitor):
    page = visitor().log_in("moderator")
    first_of_the_queue(page)
    first = heading(page).inner_text()
    page.keyboard.press("j")
    expect(heading(page)).not_to_have_text(first)
    page.keyboard.press("k")
    expect(heading(page)).to_have_text(first)
    page.keyboard.press("?")
    expect(page.locator("[data-keys-help]")).to_have_attribute("open", "")
    page.keyboard.press("r")
    page.get_by_label("In your words").fill("a s u j")
    page.get_by_label("In your words").press("a")
    expect(heading(page)).to_have_text(first)
    page.go_back()
    expect(heading(page)).not_to_have_text("")


def test_without_javascript_one_comment_follows_the_other_too(visitor):
    scripted = visitor().log_in("moderator")
    window = visitor(java_script_enabled=False, storage_state=scripted.context.storage_state())
    page = window.page
    first_of_the_queue(page)
    name = heading(page).inner_text()
    page.get_by_role("button", name=re.compile("^Spam")).click()
    expect(page.locator(".moderation-bar")).to_contain_text("“Spam”")
    page.get_by_role("button", name="Undo").click()
    expect(heading(page)).to_have_text(name)


@pytest.mark.keyboard
def test_a_hundred_are_cleared_in_two_keys_each_and_the_next_is_there_at_once(visitor, hub):
    hub.manage("seed_scale", "--pages", "8", "--comments", str(CLEARED * 40), "--largest", "100")
    page = visitor().log_in("moderator")
    first_of_the_queue(page)
    page.evaluate(STOPWATCH)
    keys = 0
    for turn in range(CLEARED):
        pressed = [["a"], ["s"], ["r", str(1 + turn % 9)]][turn % 3]
        for key in pressed:
            page.keyboard.press(key)
        keys += len(pressed)
        page.wait_for_function("count => window.waits.length >= count", arg=turn + 1)
    waits = page.evaluate("window.waits")
    print(f"{CLEARED} comments, {keys} keys; ms until the next: median {median(waits):.0f}, longest {max(waits):.0f}")  # noqa: T201
    assert keys <= 2 * CLEARED
    assert median(waits) <= LONGEST_MS
