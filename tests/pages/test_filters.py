"""The filter of listings and search: what an address means, and the address a filter makes."""

import datetime

import pytest
from django.http import QueryDict

from pages.filters import ListingFilter
from pages.models import ContentPage
from tests import factories

NONE = ListingFilter()


@pytest.mark.parametrize(
    ("query", "meaning"),
    [
        ("", NONE),
        ("type=video", ListingFilter(kind="video")),
        ("topic=flood-ready-places", ListingFilter(topic="flood-ready-places")),
        ("year=2024", ListingFilter(year=2024)),
        ("type=video&topic=floods&year=2024", ListingFilter("video", "floods", 2024)),
        ("type=video&page=3&utm_source=x", ListingFilter(kind="video")),
        ("type=&topic=&year=", NONE),
        ("year=24", NONE),
        ("year=0000", NONE),
        ("year=20245", NONE),
        ("year=-202", NONE),
        ("year=20.4", NONE),
        ("year=٢٠٢٤", NONE),
        ("year=²²²²", NONE),
        ("type=video%00", ListingFilter(kind="video")),
        ("topic=flo%00ods", ListingFilter(topic="floods")),
        ("type=a&type=video", ListingFilter(kind="video")),
    ],
)
def test_an_address_is_read_and_what_makes_no_sense_is_the_same_as_nothing(query, meaning):
    assert ListingFilter.from_query(QueryDict(query)) == meaning


def test_overlong_values_are_cut_before_they_reach_the_database():
    chosen = ListingFilter.from_query({"type": "x" * 5000, "topic": "y" * 5000})
    assert (len(chosen.kind), len(chosen.topic)) == (20, 255)


@pytest.mark.parametrize(
    ("chosen", "query"),
    [
        (NONE, ""),
        (ListingFilter("video", "floods", 2024), "type=video&topic=floods&year=2024"),
        (ListingFilter(topic="a&b=c"), "topic=a%26b%3Dc"),
    ],
)
def test_a_filter_is_written_into_an_address(chosen, query):
    assert chosen.query == query
    assert ListingFilter.from_query(QueryDict(query)) == chosen


@pytest.mark.parametrize(
    ("name", "rest"),
    [
        ("kind", ListingFilter("", "floods", 2024)),
        ("topic", ListingFilter("video", "", 2024)),
        ("year", ListingFilter("video", "floods", None)),
    ],
)
def test_one_part_can_be_taken_off(name, rest):
    assert ListingFilter("video", "floods", 2024).without(name) == rest


@pytest.mark.parametrize(
    ("chosen", "truth"),
    [(NONE, False), (ListingFilter(kind="x"), True), (ListingFilter(topic="x"), True), (ListingFilter(year=1), True)],
)
def test_a_filter_is_true_when_it_narrows(chosen, truth):
    assert bool(chosen) is truth


@pytest.mark.django_db
def test_a_page_under_two_topics_of_the_same_name_is_listed_once(home, section):
    page = factories.ArticlePageFactory(parent=section)
    for parent in (home, section):
        topic = factories.TopicPageFactory(parent=parent, slug="floods")
        factories.PageTopicFactory(page=page, topic=topic)
    assert list(ListingFilter(topic="floods").apply(ContentPage.objects.of_kind("article"))) == [page.contentpage_ptr]


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("query", "titles"),
    [
        ("", ["Article 2024", "Film 2024", "Film 2023"]),
        ("type=video", ["Film 2024", "Film 2023"]),
        ("year=2024", ["Article 2024", "Film 2024"]),
        ("type=video&year=2024", ["Film 2024"]),
        ("topic=floods", ["Film 2023"]),
        ("topic=unheard-of", []),
        ("type=unheard-of", []),
        ("year=9999", []),
        ("year=0001", []),
    ],
)
def test_pages_are_narrowed(section, query, titles):
    factories.ArticlePageFactory(parent=section, title="Article 2024", display_date=datetime.date(2024, 12, 31))
    factories.VideoPageFactory(parent=section, title="Film 2024", display_date=datetime.date(2024, 1, 1))
    film = factories.VideoPageFactory(parent=section, title="Film 2023", display_date=datetime.date(2023, 12, 31))
    topic = factories.TopicPageFactory(parent=section, slug="floods", display_date=datetime.date(2020, 1, 1))
    factories.PageTopicFactory(page=film, topic=topic)
    pages = ContentPage.objects.of_kind("article", "video").newest_first()
    found = ListingFilter.from_query(QueryDict(query)).apply(pages)
    assert [page.title for page in found] == titles
