"""Reading paths: a route over any pages, followed by its address alone."""

import pytest
from bs4 import BeautifulSoup
from django.core.exceptions import ValidationError
from wagtail.models import Page, PageViewRestriction

from pages.models import PathStep
from tests import factories
from tests.conftest import client_of
from tests.pages.counting import queries_of

pytestmark = pytest.mark.django_db

HIDING = {
    "draft": {"live": False},
    "scheduled": {"go_live_at": "2999-01-01T00:00Z"},
    "expired": {"expire_at": "2001-01-01T00:00Z"},
}


@pytest.fixture
def path(home, section, person):
    """Four steps: an article, a person, an address elsewhere, a section."""
    made = factories.PathPageFactory(parent=home, title="First steps", slug="first-steps")
    article = factories.ArticlePageFactory(parent=section, title="The article", slug="the-article")
    for place, values in enumerate(
        [
            {"page": article.page_ptr, "note": "Begin with the map."},
            {"page": person.page_ptr},
            {"address": "https://example.org/log", "title": "The log", "note": "Not ours."},
            {"page": section.page_ptr},
        ]
    ):
        factories.PathStepFactory(path=made, sort_order=place, **values)
    return made


@pytest.fixture
def article(path):
    return Page.objects.get(slug="the-article").specific


def bar(client, address):
    return BeautifulSoup(client.get(address).content, "html.parser").select_one("nav.path")


def place(client, address) -> str:
    found = bar(client, address)
    return found.select_one(".path__place").get_text() if found else ""


def ways(client, address) -> list[tuple]:
    return [(" ".join(link.get_text().split()), link["href"]) for link in bar(client, address).select(".path__ways a")]


def titles(client, path) -> list[str]:
    return [link.get_text() for link in BeautifulSoup(client.get(path.url).content, "html.parser").select(".route__title a")]


# The path's own page


def test_path_lists_its_steps_in_order_with_their_notes_and_leads_onto_it(client, path, article, person, section):
    soup = BeautifulSoup(client.get(path.url).content, "html.parser")
    assert [(step["id"], step.a.get_text(), step.a["href"]) for step in soup.select(".route__step")] == [
        ("step-1", "The article", f"{article.url}?path={path.pk}&step=1"),
        ("step-2", person.title, f"{person.url}?path={path.pk}&step=2"),
        ("step-3", "The log", "https://example.org/log"),
        ("step-4", section.title, f"{section.url}?path={path.pk}&step=4"),
    ]
    assert [note.get_text() for note in soup.select(".route__note")] == ["Begin with the map.", "Not ours."]
    assert soup.select_one(".head__actions a")["href"] == f"{article.url}?path={path.pk}&step=1"


@pytest.mark.parametrize("change", HIDING.values(), ids=HIDING)
def test_steps_that_readers_cannot_take_are_left_out_and_not_counted(client, path, article, person, change):
    Page.objects.filter(pk=article.pk).update(**change)
    assert "The article" not in titles(client, path)
    assert "Begin with the map" not in client.get(path.url).content.decode()
    assert place(client, f"{person.url}?path={path.pk}&step=1") == "Step 1 of 3 of First steps"


def test_private_steps_are_left_out_even_for_those_who_may_read_them(reader_client, path, article):
    PageViewRestriction.objects.create(page=article.page_ptr, restriction_type="login")
    assert "The article" not in titles(reader_client, path)
    assert place(reader_client, f"{article.url}?path={path.pk}&step=1") == ""


def test_path_is_shown_in_preview_as_the_draft_has_it(administrator, path, article):
    path.steps = [PathStep(page=article.page_ptr, note="Only this.")]
    path.save_revision()
    html = client_of(administrator).get(f"/admin/pages/{path.pk}/view_draft/").content
    soup = BeautifulSoup(html, "html.parser")
    assert [note.get_text() for note in soup.select(".route__note")] == ["Only this."]


# Following it


def test_bar_says_where_the_reader_stands_and_leads_back_on_and_off(client, path, article, person):
    address = f"{person.url}?path={path.pk}&step=2"
    assert place(client, address) == "Step 2 of 4 of First steps"
    assert ways(client, address) == [
        ("Previous: The article", f"{article.url}?path={path.pk}&step=1"),
        ("Next: The log", f"{path.url}#step-3"),
        ("Leave the path", person.url),
    ]


def test_first_and_last_step_have_one_way_less(client, path, article, section):
    first, last = f"{article.url}?path={path.pk}&step=1", f"{section.url}?path={path.pk}&step=4"
    assert [words.split(":")[0] for words, _ in ways(client, first)] == ["Next", "Leave the path"]
    assert [words.split(":")[0] for words, _ in ways(client, last)] == ["Previous", "Leave the path"]
    assert bar(client, first).select_one(".path__note").get_text() == "Begin with the map."


@pytest.mark.parametrize(
    "query", ["", "path=", "path=abc", "path=-1", "path=0", "path=²", f"path={'9' * 40}", "path=999999", "step=1"]
)
def test_an_address_that_names_no_path_is_read_as_none(client, path, article, query):
    assert bar(client, f"{article.url}?{query}") is None


@pytest.mark.parametrize("step", ["", "abc", "0", "-3", "3", "99", "9" * 40, "1%00"])
def test_a_step_that_does_not_fit_is_found_by_the_page(client, path, article, step):
    assert place(client, f"{article.url}?path={path.pk}&step={step}") == "Step 1 of 4 of First steps"


def test_a_page_that_comes_twice_knows_which_time_it_is(client, path, article):
    factories.PathStepFactory(path=path, page=article.page_ptr, sort_order=9, note="And again.")
    assert place(client, f"{article.url}?path={path.pk}&step=5") == "Step 5 of 5 of First steps"
    assert place(client, f"{article.url}?path={path.pk}&step=2") == "Step 1 of 5 of First steps"


def test_a_page_that_is_no_step_has_no_bar(client, path, home):
    assert bar(client, f"{home.url}?path={path.pk}&step=1") is None


@pytest.mark.parametrize("change", HIDING.values(), ids=HIDING)
def test_path_that_readers_cannot_see_leads_nowhere(client, path, article, change):
    Page.objects.filter(pk=path.pk).update(**change)
    response = client.get(f"{article.url}?path={path.pk}&step=1")
    assert response.status_code == 200
    assert "First steps" not in response.content.decode()


def test_private_path_leads_nowhere(client, path, article):
    PageViewRestriction.objects.create(page=path.page_ptr, restriction_type="login")
    assert "First steps" not in client.get(f"{article.url}?path={path.pk}&step=1").content.decode()


def test_alias_of_a_step_is_that_step_and_an_alias_of_the_path_leads_onto_the_path(client, home, path, article):
    other = factories.SectionPageFactory(parent=home)
    alias, second = article.create_alias(parent=other), path.create_alias(parent=other, update_slug="again")
    assert place(client, f"{alias.url}?path={path.pk}&step=1") == "Step 1 of 4 of First steps"
    assert f"{article.url}?path={path.pk}&amp;step=1" in client.get(second.url).content.decode()


def test_canonical_address_says_nothing_of_the_path(client, path, article):
    soup = BeautifulSoup(client.get(f"{article.url}?path={path.pk}&step=1").content, "html.parser")
    assert soup.select_one("link[rel=canonical]")["href"] == article.full_url


def test_nothing_is_kept_in_the_browser(client, path, article):
    assert client.get(f"{article.url}?path={path.pk}&step=1").cookies == {}


def test_path_costs_the_same_number_of_queries_with_2_steps_as_with_12(client, home, section):
    def cost_with(number):
        made = factories.PathPageFactory(parent=home)
        steps = [factories.ArticlePageFactory(parent=section) for _ in range(number)]
        for place, step in enumerate(steps):
            factories.PathStepFactory(path=made, page=step.page_ptr, sort_order=place)
        return queries_of(client, made.url), queries_of(client, f"{steps[0].url}?path={made.pk}&step=1")

    assert cost_with(2) == cost_with(12)


def test_following_a_path_costs_three_queries(client, path, article):
    assert queries_of(client, f"{article.url}?path={path.pk}&step=1") == queries_of(client, article.url) + 3


# What editors give


def test_step_leads_to_one_place(path, article):
    with pytest.raises(ValidationError) as caught:
        PathStep(path=path, page=article.page_ptr, address="https://example.org/").full_clean()
    assert "page" in caught.value.message_dict


@pytest.mark.parametrize(
    ("values", "missing"),
    [
        ({}, ["page"]),
        ({"address": "https://example.org/"}, ["title"]),
        ({"address": "https://example.org/", "title": "Elsewhere"}, []),
    ],
)
def test_what_a_step_lacks_is_asked_for_on_publishing(path, values, missing):
    assert list(PathStep(path=path, **values).missing()) == missing


def test_step_to_an_alias_becomes_one_to_its_source(home, path, article):
    alias = article.create_alias(parent=factories.SectionPageFactory(parent=home))
    step = PathStep(path=path, page=alias.page_ptr)
    step.clean()
    assert step.page_id == article.pk
