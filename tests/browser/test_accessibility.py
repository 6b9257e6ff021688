import json

import pytest
from axe_playwright_python.sync_playwright import Axe

from tests.browser.addresses import PUBLIC

AXE = Axe()


def violations(page, include=None) -> list[str]:
    """What axe-core finds on the page as it stands: rule, and the elements."""
    found = AXE.run(page, context=include).response["violations"]
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

    page.locator("form [type=submit]").last.click()
    page.wait_for_load_state()
    assert page.locator("[aria-invalid=true]").count() >= 1
    assert violations(page) == []


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_axe_finds_nothing_in_what_moderators_see(visitor, scheme):
    window = visitor(color_scheme=scheme)
    page = window.log_in("moderator")
    found = {}
    page.goto("/admin/discussion/queue/?queue=pending&since=soon")  # a bad filter, so that the form is open
    found["queue"] = violations(page, "#main")
    page.locator(".queue__name").first.click()
    page.wait_for_url("**/discussion/comment/**")
    page.locator("details[data-key=r] summary").click()
    found["comment"] = violations(page, "#main")
    page.go_back()
    page.locator("[data-choose]").first.check()
    page.locator("button[value=reject]").click()
    page.wait_for_url("**/discussion/bulk/**")
    found["bulk"] = violations(page, "#main")
    assert found == {"queue": [], "comment": [], "bulk": []}

    for list_address in ("/admin/discussion/pages/", "/admin/discussion/modes/"):
        page.goto(list_address)
        assert violations(page, "#main") == []
        page.locator("td.title a").first.click()
        page.wait_for_url(f"**{list_address}*/")
        assert violations(page, "#main") == []
    page.goto("/admin/discussion/treatments/")
    assert violations(page, "#main") == []


@pytest.mark.parametrize("width", [320, 390, 1280])
def test_no_page_scrolls_sideways(visitor, width):
    window = visitor(viewport={"width": width, "height": 800})
    wider = {}
    for name, address in PUBLIC.items():
        window.page.goto(address)
        over = window.page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")
        wider |= {name: over} if over > 0 else {}

    assert wider == {}
