"""What the comment form tells while one types; it posts as well without."""

import re

from playwright.sync_api import expect

LIMIT = 10_000
NOT_YET = LIMIT * 4 // 5 - 1  # the last length at which nothing is said
TWO_AS_THE_SERVER_COUNTS = "🐦\n"  # JavaScript says three, and the form sends three


def put(field, text: str):
    """More than a person could type there, as a form holds it that came back: the browser stops them at the limit."""
    field.evaluate("(field, text) => { field.value = text; field.dispatchEvent(new Event('input')); }", text)


def test_the_comment_form_counts_what_is_left_as_the_server_does(visitor):
    reader = visitor()
    page = reader.page
    page.goto("/articles/ego-is-a-leak/")
    text, left = page.locator("[name=comment]"), page.locator(".form__left")
    expect(left).to_be_hidden()

    text.fill("x" * NOT_YET)
    expect(left).to_be_hidden()
    page.keyboard.type("x")
    expect(left).to_be_visible()
    expect(left).to_have_text("2,000 characters left")
    page.keyboard.press("Backspace")
    expect(left).to_be_hidden()

    put(text, "x" * (LIMIT + 1))
    expect(left).to_have_text("1 characters too many")
    expect(left).to_have_class(re.compile("form__left--over"))
    text.press("End")
    text.press("Backspace")
    expect(left).to_have_text("0 characters left")
    expect(left).not_to_have_class(re.compile("form__left--over"))

    put(text, TWO_AS_THE_SERVER_COUNTS + "x" * (LIMIT - 2))
    expect(left).to_have_text("0 characters left")
    page.fill("[name=name]", "Odile Crane")
    page.fill("[name=email]", "o.crane@readers.example")
    page.get_by_role("button", name="Preview").click()
    expect(page.get_by_role("heading", name="This is how it will read")).to_be_visible()
    expect(left).to_have_text("0 characters left")
    assert reader.errors == []
