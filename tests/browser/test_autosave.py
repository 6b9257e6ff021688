"""Wagtail's autosave, as the page editor uses it: what one writes is saved whenever one writes it, and once."""

from playwright.sync_api import expect

from tests.browser.test_journeys import explore

LATE = " Added late."
# At the window and going down: Wagtail, which listens at the form, is not told yet that the draft is saved.
ADD = f"""
const add = () => {{ document.getElementById("id_summary").value += "{LATE}"; }};
window.addEventListener("w-autosave:success", add, {{ capture: true, once: true }});
"""
UNTIL_WATCHED = 3000  # milliseconds; Wagtail looks for changes only after two seconds
STILL = 5000  # milliseconds in which autosave, if it went on, would save again several times


def open_draft(editor, title: str):
    """The editor of the article called ``title``, and the list of what autosave sends from now on, a request each."""
    page = editor.log_in("editor")
    explore(page, "Articles")
    page.get_by_role("link", name=title, exact=True).first.click()
    page.wait_for_timeout(UNTIL_WATCHED)
    sent = []
    page.on("request", lambda request: sent.append(request) if request.method == "POST" and "/edit/" in request.url else None)
    return page, sent


def expect_saved(page):
    expect(page.locator(".w-autosave-indicator")).to_have_attribute("data-w-autosave-state-value", "saved", timeout=20_000)


def test_what_is_written_while_a_draft_is_on_its_way_is_saved_too(visitor):
    editor = visitor(viewport={"width": 1400, "height": 1000})
    page, sent = open_draft(editor, "Notes from a dry summer")

    page.evaluate(ADD)
    with page.expect_request(lambda request: LATE in (request.post_data or ""), timeout=20_000):
        page.fill("#id_summary", "Begun.")
    page.wait_for_timeout(STILL)
    expect_saved(page)

    assert len(sent) == 2
    page.reload()
    expect(page.locator("#id_summary")).to_have_value(f"Begun.{LATE}")
    assert editor.errors == []


def test_what_the_server_changes_in_the_form_is_no_reason_to_save_again(visitor):
    editor = visitor(viewport={"width": 1400, "height": 1000})
    page, sent = open_draft(editor, "Unfinished business at Osier Bridge")

    page.fill("#id_summary", "Written without haste.")
    expect_saved(page)
    page.wait_for_timeout(STILL)

    assert len(sent) == 1
    assert sent[0].response().json()["field_updates"]  # such as the keys of rows
    assert editor.errors == []
