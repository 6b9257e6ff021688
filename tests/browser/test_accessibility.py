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
    page.goto("/admin/snippets/discussion/pagecomment/?state=pending")
    assert violations(page, "#main") == []

    page.locator("a[href*='/inspect/']").first.click()
    page.wait_for_url("**/inspect/**")
    assert violations(page, "#main") == []

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
