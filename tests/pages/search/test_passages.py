"""Results lead to where the words stand: a section, a question, a speaker's turn, a chapter of a film."""

import pytest
from bs4 import BeautifulSoup

from pages.models import StandardPage, VideoChapter
from pages.search import gathering, indexing
from tests import factories

pytestmark = pytest.mark.django_db


def result(client, words, **query) -> dict:
    """The only result: what it says of the place, where it leads, and its passage with marks."""
    indexing.catch_up()
    soup = BeautifulSoup(client.get("/search/", {"q": words, **query}).content, "html.parser")
    (found,) = soup.select("main .found-page")
    link = found.select_one(".found-page__place a")
    passage = found.select_one(".found-page__passage")
    return {
        "title": found.select_one(".found-page__title").get_text().strip(),
        "place": link.get_text() if link else "",
        "href": link["href"] if link else "",
        "passage": passage.get_text().strip() if passage else "",
        "marked": [mark.get_text() for mark in passage.select("mark")] if passage else [],
    }


def leads_to(client, href: str):
    """The element of the page that an address leads to."""
    path, _, anchor = href.partition("#")
    return BeautifulSoup(client.get(path).content, "html.parser").find(id=anchor)


def test_result_leads_to_the_section(client, section):
    body = [
        ("heading", {"text": "Before", "level": "2"}),
        ("paragraph", "<p>Nothing here.</p>"),
        ("heading", {"text": "What the river took", "level": "2"}),
        ("paragraph", "<p>A <b>culvert</b> and two gates.</p>"),
        ("heading", {"text": "After", "level": "2"}),
        ("paragraph", "<p>Nothing there.</p>"),
    ]
    factories.ArticlePageFactory(parent=section, title="A dry street", body=body)

    found = result(client, "culverts gate")

    assert (found["place"], found["marked"]) == ("In “What the river took”", ["culvert", "gates"])
    assert leads_to(client, found["href"]).get_text() == "What the river took"


def test_result_leads_to_the_section_whose_heading_alone_has_the_word(client, section):
    body = [
        ("paragraph", "<p>Nothing here.</p>"),
        ("heading", {"text": "Culverts", "level": "2"}),
        ("paragraph", "<p>We measured levels.</p>"),
    ]
    factories.ArticlePageFactory(parent=section, title="A dry street", body=body)
    found = result(client, "culvert")
    assert (found["place"], found["passage"]) == ("In “Culverts”", "We measured levels.")
    assert leads_to(client, found["href"]).get_text() == "Culverts"


@pytest.mark.parametrize(
    ("summary", "place"), [("A culvert failed.", "At 2:05"), ("The second culvert failed in the night.", "")]
)
def test_summary_is_shown_instead_of_a_place_only_where_it_has_more_of_the_words(client, section, summary, place):
    speech = [
        ("speech", {"label": "", "time": "0:10", "text": "<p>Good evening.</p>"}),
        ("speech", {"label": "", "time": "2:05", "text": "<p>The culvert was worse.</p>"}),
    ]
    factories.VideoPageFactory(parent=section, title="A film of that night", summary=summary, transcript=speech)
    assert result(client, "culvert night" if not place else "culvert")["place"] == place


def test_result_in_a_long_section_leads_to_the_paragraph(client, section):
    body = [("paragraph", f"<p>{'Water under the bridge. ' * 100}</p>"), ("paragraph", "<p>At last a culvert.</p>")]
    factories.ArticlePageFactory(parent=section, title="A dry street", body=body)

    found = result(client, "culvert")

    assert found["place"] == "To this passage"
    assert leads_to(client, found["href"]).get_text() == "At last a culvert."


def test_no_result_leads_to_a_block_without_an_address(client, section):
    action = {"sentence": "", "text": "Go", "page": None, "address": "https://example.org/"}
    body = [("paragraph", f"<p>{'Water. ' * 400}</p>"), ("action", action), ("paragraph", "<p>A culvert.</p>")]
    factories.ArticlePageFactory(parent=section, title="A dry street", body=body)
    assert leads_to(client, result(client, "culvert")["href"]).get_text() == "A culvert."


def test_result_leads_to_the_question(client, section):
    body = [
        ("exchange", {"label": "", "part": "question", "text": "<p>Who rang?</p>"}),
        ("exchange", {"label": "", "part": "answer", "text": "<p>Nobody.</p>"}),
        ("exchange", {"label": "", "part": "question", "text": "<p>And then?</p>"}),
        ("exchange", {"label": "", "part": "answer", "text": "<p>A culvert gave way.</p>"}),
    ]
    factories.InterviewPageFactory(parent=section, title="An interview", body=body)

    assert "And then?" in leads_to(client, result(client, "culvert")["href"]).get_text()


def test_result_leads_to_the_second_of_the_film(client, section):
    speech = [
        ("speech", {"label": "", "time": "0:10", "text": "<p>Good evening.</p>"}),
        ("speech", {"label": "", "time": "2:05", "text": "<p>The second culvert was worse.</p>"}),
    ]
    factories.VideoPageFactory(parent=section, title="A film", transcript=speech)

    found = result(client, "culvert")

    assert found["place"] == "At 2:05"
    assert leads_to(client, found["href"]).select_one("[data-seek]")["data-seek"] == "125"


def test_result_leads_to_the_chapter_of_the_film(client, section):
    film = factories.VideoPageFactory(parent=section, title="A film")
    film.chapters = [VideoChapter(time="1:00", title="The culvert")]
    film.save_revision().publish()

    found = result(client, "culvert")

    assert found["place"] == "At 1:00"
    assert leads_to(client, found["href"]).select_one("[data-seek]")["data-seek"] == "60"


def test_caption_and_words_for_a_picture_are_found(client, section):
    figure = {"image": factories.ImageFactory(), "caption": "The culvert in May", "credit": ""}
    factories.ArticlePageFactory(parent=section, title="A dry street", body=[("figure", figure)])
    assert result(client, "culvert")["marked"] == ["culvert"]


def test_chapter_says_what_it_is_part_of(client, section):
    book = factories.PublicationPageFactory(parent=section, title="The book")
    factories.ChapterPageFactory(parent=book, title="The culvert")
    indexing.catch_up()
    label = BeautifulSoup(client.get("/search/?q=culvert").content, "html.parser").select_one(".found-page .label")
    assert " ".join(label.get_text().split()) == "Chapter of “The book”"


def test_plain_page_is_found(client, home):
    home.add_child(instance=StandardPage(title="House rules", body=[("paragraph", "<p>No culverts.</p>")]))
    assert result(client, "culvert")["title"] == "House rules"


def test_what_an_action_says_is_not_found_since_readers_may_not_see_it(client, section):
    action = {"sentence": "About the culvert", "text": "See the culvert", "page": None, "address": "https://example.org/"}
    factories.ArticlePageFactory(parent=section, title="A dry street", body=[("action", action)])
    indexing.catch_up()
    assert client.get("/search/?q=culvert").context["results"] == []


def test_passage_has_a_greatest_length_and_loses_no_word(section):
    text = " ".join(f"word{number}" for number in range(3_000))
    page = factories.ArticlePageFactory(
        parent=section, body=[("paragraph", f"<p>{text}</p>"), ("paragraph", f"<p>{'x' * 5_000}</p>")]
    )
    found = [passage.text for passage in gathering.passages(page.body)]
    assert max(map(len, found)) <= gathering.PASSAGE_LENGTH
    assert " ".join(found).replace(" ", "") == f"{text}{'x' * 5_000}".replace(" ", "")


def test_what_was_said_before_is_not_shown_from_an_index_that_is_behind(client, section):
    page = factories.ArticlePageFactory(
        parent=section, title="A dry street", body=[("paragraph", "<p>The culvert is rotten.</p>")]
    )
    indexing.catch_up()
    page.body = [("paragraph", "<p>Withdrawn.</p>")]
    page.save_revision().publish()
    response = client.get("/search/?q=culvert")
    assert [result.page.pk for result in response.context["results"]] == [page.pk]
    assert b"rotten" not in response.content
