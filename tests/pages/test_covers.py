"""Drawn covers: the same for the same title, different for different ones, and safe as SVG."""

import pytest
from bs4 import BeautifulSoup
from django.template.loader import render_to_string

from pages.covers import HEIGHT, WIDTH, cover
from pages.models import ArticlePage, ContentPage, PublicationPage
from tests import factories

pytestmark = pytest.mark.django_db

TITLES = ["Who holds the map?", "The price of a dry street", "Warm rooms", "Paper boats", "A field guide to awkward meetings"]


def draw(page) -> BeautifulSoup:
    return BeautifulSoup(render_to_string("components/cover.html", {"page": page, "art": False}), "html.parser")


def test_the_same_title_makes_the_same_cover_wherever_it_is_drawn():
    assert cover(PublicationPage(title="Warm rooms")) == cover(ArticlePage(title="Warm rooms", summary="Another page."))


def test_different_titles_make_different_covers():
    assert len({str(cover(PublicationPage(title=title)).shapes) for title in TITLES}) == len(TITLES)


@pytest.mark.parametrize(
    ("title", "first", "number"),
    [
        ("Paper boats", ("circle", {"cx": 227, "cy": 377, "r": 300}, "a"), 8),
        ("Warm rooms", ("path", {"d": "M0.0 270.0 A80.0 80.0 0 0 1 80.0 190.0 V270.0 Z"}, "b"), 25),
    ],
)
def test_a_title_keeps_the_drawing_that_is_already_printed(title, first, number):
    shapes = cover(PublicationPage(title=title)).shapes
    assert (shapes[0], len(shapes)) == (first, number)


def test_the_colour_is_that_of_the_first_topic(section):
    page = factories.PublicationPageFactory(parent=section)
    assert cover(page).colour == "teal"
    for place, colour in enumerate(["plum", "moss"]):
        topic = factories.TopicPageFactory(parent=section, colour=colour)
        factories.PageTopicFactory(page=page, topic=topic, sort_order=place)
    assert cover(page).colour == "plum"


def test_every_drawing_has_shapes_that_begin_on_the_sheet_in_three_tones_at_most():
    for number in range(200):
        shapes = cover(PublicationPage(title=f"Report {number}")).shapes
        assert shapes
        assert {tone for _, _, tone in shapes} <= {"a", "b", "c"}
        corners = [(numbers["x"], numbers["y"]) for element, numbers, _ in shapes if element == "rect"]
        assert all(0 <= x < WIDTH and 0 <= y < HEIGHT for x, y in corners)


@pytest.mark.parametrize(
    ("title", "lines"),
    [
        ("Warm rooms", ["Warm rooms"]),
        ("Leading across boundaries when the river rises", ["Leading across", "boundaries when", "the river rises"]),
        ("Unbreakablelongwordindeed", ["Unbreakablelongwordindeed"]),
        (
            "one two three four five six seven eight " * 3,
            ["one two three", "four five six", "seven eight one", "two three four", "five six seven …"],
        ),
        ("", [""]),
    ],
)
def test_the_title_is_broken_into_at_most_five_lines(title, lines):
    assert cover(PublicationPage(title=title)).title_lines == lines


def test_a_title_with_markup_is_drawn_as_text(section):
    page = factories.PublicationPageFactory(parent=section, title='<script>x</script> & "y"', slug="markup")
    svg = draw(page)
    assert svg.find("script") is None
    assert [line.get_text() for line in svg.select(".cover__title")] == ["<script>x</script>", '& "y"']


def test_the_drawing_carries_no_style_attribute_that_the_script_policy_would_refuse(section):
    svg = draw(factories.PublicationPageFactory(parent=section))
    assert svg.select("[style], style, script") == []


def test_drawing_costs_no_query_when_topics_are_loaded(section, django_assert_num_queries):
    page = factories.PublicationPageFactory(parent=section)
    factories.PageTopicFactory(page=page, topic=factories.TopicPageFactory(parent=section))
    loaded = ContentPage.objects.for_cards().get(pk=page.pk)
    with django_assert_num_queries(0):
        cover(loaded)
