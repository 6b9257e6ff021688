"""Whatever can be pressed is reached where it is seen: nothing lies over it."""

import pytest

from tests.browser.addresses import PUBLIC

# What a press in the middle of each control meets, where that is neither the control nor its label; seen ones only: the
# link that skips to the content is there for the keyboard, and the field that traps programs for nobody.
COVERED = """() => {
  const covered = [];
  const fields = "input:not([type=hidden], [tabindex='-1']), select, textarea";
  for (const one of document.querySelectorAll(`a[href]:not(.skip), button, summary, ${fields}`)) {
    if (!one.checkVisibility({ visibilityProperty: true, opacityProperty: true })) continue;
    one.scrollIntoView({ block: "center", inline: "center", behavior: "instant" });
    const boxes = [...one.getClientRects()].filter((box) => box.width > 1 && box.height > 1);
    const met = boxes.map((box) => document.elementFromPoint(box.x + box.width / 2, box.y + box.height / 2));
    const own = [one, ...(one.labels ?? [])];
    if (boxes.length && !met.some((other) => own.some((part) => part.contains(other)))) {
      covered.push(`${one.outerHTML.slice(0, 80)} by ${met[0]?.outerHTML.slice(0, 80)}`);
    }
  }
  return covered;
}"""
SEARCHES = {"search, comments": "/search/comments/?q=map", "search, narrowed": "/search/?q=map&type=chapter"}


@pytest.mark.parametrize("width", [390, 1300])
def test_nothing_lies_over_what_can_be_pressed_on_any_kind_of_page(visitor, width):
    page = visitor(viewport={"width": width, "height": 900}).page
    found = {}
    for name, address in (PUBLIC | SEARCHES).items():
        page.goto(address)
        found |= {name: covered} if (covered := page.evaluate(COVERED)) else {}
    assert found == {}


def test_reader_narrows_a_search_and_goes_to_a_passage_by_pressing(visitor):
    page = visitor(viewport={"width": 1200, "height": 900}).page
    page.goto("/search/?q=map")
    page.get_by_role("link", name="Chapter", exact=False).and_(page.locator("[href*='type=chapter']")).first.click()
    page.wait_for_url("**/search/?*type=chapter*")
    results = page.locator(".found-page")
    assert set(results.locator(".label").all_inner_texts()) == {"Chapter of “Who holds the map?”"}
    passage = page.locator(".found-page__place a").first
    address = passage.get_attribute("href")
    passage.click()
    page.wait_for_url(f"**{address}")
