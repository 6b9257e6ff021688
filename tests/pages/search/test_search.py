"""Search over all types: what is found, and that no query breaks it."""

import datetime

import pytest
from bs4 import BeautifulSoup
from django.db import connection
from wagtail.models import Page, PageViewRestriction

from pages.models import Contribution
from pages.search import indexing
from tests import factories
from tests.pages.counting import queries_of

pytestmark = pytest.mark.django_db

HIDING = {
    "draft": {"live": False},
    "scheduled": {"go_live_at": "2999-01-01T00:00Z"},
    "expired": {"expire_at": "2001-01-01T00:00Z"},
}


def found(client, words, **query) -> list[str]:
    """Titles of the pages that a search shows when the worker has done its part."""
    indexing.catch_up()
    response = client.get("/search/", {"q": words, **query})
    assert response.status_code == 200
    soup = BeautifulSoup(response.content, "html.parser")
    return [link.get_text().strip() for link in soup.select("main .found-page__title a")]


def make_every_type(section, **values):
    book = factories.PublicationPageFactory(parent=section, title="Book", **values)
    factories.ChapterPageFactory(parent=book, title="Chapter", **values)
    for name in ("Interview", "Video", "Article", "Topic", "Series"):
        getattr(factories, f"{name}PageFactory")(parent=section, title=name, **values)


EVERY_TYPE = ["Article", "Book", "Chapter", "Interview", "Series", "Topic", "Video"]


@pytest.mark.parametrize(
    "values",
    [
        {"summary": "About a culvert."},
        {"body": [("paragraph", "<p>The <b>culvert</b> held.</p>")]},
        {"body": [("heading", {"text": "The culvert", "level": "2"})]},
        {"body": [("exchange", {"label": "", "part": "answer", "text": "<p>A culvert.</p>"})]},
        {"body": [("key_points", {"title": "Points", "points": ["<p>One culvert.</p>"]})]},
        {"body": [("quote", {"text": "No culvert, no street.", "attribution": "", "role": ""})]},
    ],
    ids=["summary", "paragraph", "heading", "answer", "key points", "quotation"],
)
def test_text_of_every_type_is_found(client, section, values):
    make_every_type(section, **values)
    factories.ArticlePageFactory(parent=section, title="Something else")
    assert sorted(found(client, "culvert")) == EVERY_TYPE


@pytest.mark.parametrize("name", ["Publication", "Interview", "Video", "Article", "Topic", "Series"])
def test_title_of_every_type_is_found(client, section, name):
    getattr(factories, f"{name}PageFactory")(parent=section, title="Who holds the culvert?")
    assert found(client, "culvert") == ["Who holds the culvert?"]


def test_transcript_and_subtitle_are_found(client, section):
    speech = {"label": "", "time": "", "text": "<p>The second night was the culvert.</p>"}
    factories.VideoPageFactory(parent=section, title="Film", transcript=[("speech", speech)])
    factories.PublicationPageFactory(parent=section, title="Report", subtitle="After the culvert")
    assert sorted(found(client, "culvert")) == ["Film", "Report"]


def test_page_is_found_by_its_contributors_printed_name(client, section, person):
    page = factories.ArticlePageFactory(parent=section, title="A dry street")
    page.contributions = [Contribution(name="Wilhelmina Printed", person=person)]
    page.save_revision().publish()
    assert found(client, "Wilhelmina") == ["A dry street"]


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("title", "Ada Culvert"),
        ("job_title", "Keeper of the culvert"),
        ("affiliation", "Culvert Board"),
        ("summary", "Knows every culvert."),
        ("biography", "<p>Twenty years of <b>culvert</b> work.</p>"),
    ],
)
def test_person_is_found_by_what_the_profile_says(client, people, field, value):
    profile = factories.PersonPageFactory(parent=people, **{field: value})
    assert found(client, "culvert") == [profile.title]


def test_person_who_has_no_public_profile_is_not_found(client, people):
    factories.PersonPageFactory(parent=people, title="Ada Culvert", live=False)
    assert found(client, "culvert") == []


def test_better_fit_stands_first(client, section):
    factories.ArticlePageFactory(parent=section, title="Streets", body=[("paragraph", "<p>Also of a culvert.</p>")])
    factories.ArticlePageFactory(parent=section, title="Culvert culvert")
    factories.ArticlePageFactory(parent=section, title="Other streets", body=[("paragraph", "<p>Once more a culvert.</p>")])
    assert found(client, "culvert")[0] == "Culvert culvert"


@pytest.mark.parametrize("change", HIDING.values(), ids=HIDING)
def test_what_readers_cannot_see_is_not_found(client, article, change):
    assert found(client, "street") == ["A dry street"]
    Page.objects.filter(pk=article.pk).update(**change)
    assert found(client, "street") == []


def test_private_page_is_not_found(client, section, article):
    PageViewRestriction.objects.create(page=section, restriction_type="password", password="x")
    assert found(client, "street") == []


def test_alias_is_not_found_beside_its_source(client, home, article):
    article.create_alias(parent=factories.SectionPageFactory(parent=home))
    assert found(client, "street") == ["A dry street"]


def test_text_of_a_draft_is_not_found_before_it_is_published(client, article):
    article.title = "A wet street"
    draft = article.save_revision()
    assert found(client, "wet") == []
    draft.publish()
    assert found(client, "wet") == ["A wet street"]


@pytest.mark.parametrize("words", ["", "   ", "\x00", " \x00 "])
def test_nothing_asked_nothing_found(client, article, words):
    response = client.get("/search/", {"q": words})
    assert response.status_code == 200
    assert (response.context["words"], response.context["results"], response.context["facets"]) == ("", [], [])


def test_search_without_a_question_is_an_empty_form(client, home):
    assert client.get("/search/").status_code == 200


@pytest.mark.parametrize(
    "words",
    [
        "street'",
        'street"',
        '"dry street"',
        '"',
        '""',
        "'",
        "street*",
        "*",
        "street AND",
        "AND",
        "dry NEAR street",
        "NEAR(dry street)",
        "NEAR/2",
        "OR",
        "NOT street",
        "-street",
        "title:street",
        "{title body}: street",
        "^street",
        "street)",
        "((",
        "a;b",
        "street\\",
        "street--",
        "%",
        "_",
        "street & dry | wet ! (x)",
        "50% of %s street %d",
        'street" OR "x',
        'a"NOT"b street',
        "'; DROP TABLE wagtailcore_page; --",
        "<script>alert(1)</script>",
        "{{ words }}",
        "str\x00eet",
        "\ud7ff",
        "😀",
        "the and of",
        "straße",
        "٣",
    ],
)
def test_special_characters_do_not_break_the_search(client, article, person, words):
    indexing.catch_up()
    assert client.get("/search/", {"q": words}).status_code == 200


@pytest.mark.parametrize(
    "words",
    ["street'", '"street"', 'dry "street', '"dry street"', "str\x00eet", "street)", "STREET", "  street  ", "dry, street!"],
)
def test_words_are_found_among_special_characters(client, article, words):
    assert found(client, words) == ["A dry street"]


@pytest.mark.parametrize("words", ["x" * 500, "word " * 100, "é" * 500, "street " * 80])
def test_long_question_is_cut_and_answered(client, article, words):
    response = client.get("/search/", {"q": words})
    assert response.status_code == 200
    assert len(response.context["words"]) <= 200


def test_question_is_shown_escaped(client, home):
    html = client.get("/search/", {"q": '"><script>alert(1)</script>'}).content.decode()
    assert "<script>alert" not in html


@pytest.mark.parametrize(
    ("query", "titles"),
    [
        ({}, ["Article", "Film", "Old film"]),
        ({"type": "video"}, ["Film", "Old film"]),
        ({"topic": "floods"}, ["Film"]),
        ({"year": "2020"}, ["Old film"]),
        ({"type": "video", "year": "2024", "topic": "floods"}, ["Film"]),
        ({"type": "nonsense"}, []),
        ({"topic": "nonsense"}, []),
    ],
)
def test_search_is_narrowed_by_type_topic_and_year(client, section, query, titles):
    topic = factories.TopicPageFactory(parent=section, title="Floods", slug="floods", summary="Not it.")
    values = {"summary": "About a culvert.", "display_date": datetime.date(2024, 1, 1)}
    film = factories.VideoPageFactory(parent=section, title="Film", **values)
    factories.PageTopicFactory(page=film, topic=topic)
    factories.ArticlePageFactory(parent=section, title="Article", **values)
    factories.VideoPageFactory(parent=section, title="Old film", **(values | {"display_date": datetime.date(2020, 1, 1)}))
    assert sorted(found(client, "culvert", **query)) == titles


def test_page_under_two_topics_is_found_once(client, section, article):
    for title in ("Floods", "Rivers"):
        factories.PageTopicFactory(page=article, topic=factories.TopicPageFactory(parent=section, title=title))
    assert found(client, "street") == ["A dry street"]


def test_long_result_is_shown_page_by_page_and_each_page_of_it_once(client, section):
    for place in range(30):
        factories.ArticlePageFactory(parent=section, title=f"Culvert {place:02}")
    shown = [found(client, "culvert", page=number) for number in (1, 2, 3)]
    assert [len(part) for part in shown] == [12, 12, 6]
    assert sorted(sum(shown, [])) == [f"Culvert {place:02}" for place in range(30)]


def test_search_costs_the_same_queries_for_one_page_as_for_twenty(client, section, person):
    topic = factories.TopicPageFactory(parent=section, title="Floods")

    def cost(count):
        for place in range(count):
            page = factories.ArticlePageFactory(parent=section, title=f"Culvert {count} {place}")
            factories.PageTopicFactory(page=page, topic=topic)
            Contribution.objects.create(page=page, person=person)
        indexing.catch_up()
        return queries_of(client, "/search/?q=culvert")

    # With the marks of transactions within the test's, and on PostgreSQL what bounds the search.
    assert cost(1) == cost(19) <= {"sqlite": 19, "postgresql": 24}[connection.vendor]


@pytest.mark.parametrize(("asked", "given"), [("0", 2), ("-3", 2), ("99", 2), ("x", 1), ("9" * 100, 2)])
def test_a_page_number_that_makes_no_sense_leads_to_the_nearest_page(client, section, asked, given):
    for place in range(15):
        factories.ArticlePageFactory(parent=section, title=f"Culvert {place}")
    indexing.catch_up()
    assert client.get("/search/", {"q": "culvert", "page": asked}).context["listed"].number == given


@pytest.mark.parametrize("method", ["post", "put", "delete"])
def test_search_only_reads(client, home, method):
    assert getattr(client, method)("/search/?q=x").status_code == 405


LONG = f"<p>{'the river ' * 300}</p>"


@pytest.mark.parametrize(
    ("asked", "is_found"),
    [
        ('"over the top"', True),
        ("over-the-top", True),
        ('"over the top" river', True),
        ('"over the hill"', False),
        ('river -"over the top"', False),
        ('river -"over the hill"', True),
    ],
)
def test_phrase_is_found_however_much_stands_before_it(client, section, asked, is_found):
    body = [("paragraph", LONG), ("paragraph", "<p>It went over the top, and then up the hill.</p>")]
    factories.ArticlePageFactory(parent=section, title="Long", body=body)
    assert found(client, asked) == (["Long"] if is_found else [])
