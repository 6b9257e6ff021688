"""Makes the README's picture: `make screenshots`."""

from pathlib import Path

import pytest

pytestmark = pytest.mark.screenshot
DOCS = Path(__file__).resolve().parents[2] / "docs"


def test_picture_of_a_publication(visitor):
    page = visitor(viewport={"width": 1280, "height": 860}).page
    page.goto("/publications/who-holds-the-map/")
    page.wait_for_load_state("networkidle")
    page.screenshot(path=DOCS / "screenshot.png")

    assert (DOCS / "screenshot.png").stat().st_size > 50_000
