"""What the demo shows of a steered search: all of it would pass the forms, and a second time changes nothing."""

import pytest

from hub.demo import searches
from hub.demo.site import read
from pages.models import SearchPromotion, SearchRecord, SearchSynonym
from pages.search import promotions
from pages.search.report import Asked
from tests import factories

pytestmark = pytest.mark.django_db


def state() -> list:
    return [list(model.objects.order_by("pk").values()) for model in (SearchSynonym, SearchPromotion, SearchRecord)]


def test_demo_steers_its_search_once(section):
    slugs = [row["page"] for row in read("searches")["promotion"] if "page" in row]
    pages = {slug: factories.PublicationPageFactory(parent=section, title=slug, slug=slug) for slug in slugs}
    searches.build(pages)
    once = state()
    searches.build(pages)
    assert state() == once
    for made in [*SearchSynonym.objects.all(), *SearchPromotion.objects.all()]:
        made.full_clean()
    assert [promotion.name for promotion in promotions.for_query("Map")] == ["who-holds-the-map"]
    found = {row["text"]: row["number"] for row in Asked(days=30).searches()}
    assert found == {row["text"]: row["times"] for row in read("searches")["search"]}
