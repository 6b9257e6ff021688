"""Every block with the least, with everything, and with the value that the block picker shows."""

import pytest
from bs4 import BeautifulSoup
from django.urls import reverse

from pages.blocks import BodyBlock, TranscriptBlock, anchor, anchors, headings, speaker_labels
from pages.models import InterviewPage, VideoPage
from tests import factories
from tests.pages import cases

pytestmark = pytest.mark.django_db

LEAST = {
    "heading": "Least heading",
    "paragraph": "Least paragraph",
    "callout": "Least callout Least aside",
    "key_points": "Least points Least point",
    "quote": "Least quotation",
    "exchange": "Least answer",
    "figure": "",
    "table": "Calls in the first night Hour Calls four 12 five",
    "embed": "Play the film from Vimeo Least film",
    "document": "Method note PDF, 13 bytes",
    "action": "Least action",
}
FULL = {
    "heading": "Full heading",
    "paragraph": "Full paragraph with a page Item",
    "callout": "Full callout Full aside",
    "key_points": "Full points First point Second point",
    "quote": "Full quotation A. Person, Engineer",
    "exchange": "A.P. Ada Person: Full question?",
    "figure": "Full caption Source: Full credit",
    "table": "Calls in the first night Hour Calls four 12 five Source: Full source",
    "embed": "Play the film from YouTube Full film Full film caption",
    "document": "Full link to a document PDF, 13 bytes",
    "action": "Full sentence. Full action",
}
BODY, TRANSCRIPT = BodyBlock(), TranscriptBlock()


@pytest.fixture
def interview(section):
    page = factories.InterviewPageFactory(parent=section)
    factories.ContributionFactory(page=page, name="Ada Person", role="interviewee", label="A.P.")
    return page


def rendered(page, name, value, field="body") -> BeautifulSoup:
    setattr(page, field, cases.stream([(name, value)]))
    html = getattr(page, field)[0].render(context={"page": page})
    return BeautifulSoup(html, "html.parser")


def text_of(soup) -> str:
    for note in soup.select(".film__note"):
        note.extract()
    return " ".join(soup.get_text(" ").split()).replace(" ,", ",").replace("\xa0", " ")


def test_every_block_has_a_case(section):
    made = cases.things(section)
    names = set(BODY.child_blocks)
    assert names == set(LEAST) == set(FULL)
    assert names == {name for name, _ in cases.minimal_blocks(made)} == {name for name, _ in cases.full_blocks(made)}
    assert set(TRANSCRIPT.child_blocks) == {name for name, _ in cases.speeches()}


@pytest.mark.parametrize("name", LEAST)
def test_block_with_the_least_is_shown_without_gaps(interview, name):
    value = dict(cases.minimal_blocks(cases.things(interview)))[name]
    assert text_of(rendered(interview, name, value)) == LEAST[name]


@pytest.mark.parametrize("name", FULL)
def test_block_with_everything_is_shown_whole(interview, name):
    value = dict(cases.full_blocks(cases.things(interview)))[name]
    assert text_of(rendered(interview, name, value)) == FULL[name]


@pytest.mark.parametrize("blocks", [cases.minimal_blocks, cases.full_blocks])
def test_every_block_that_may_be_led_to_has_its_address(client, interview, blocks):
    interview.body = cases.stream(blocks(cases.things(interview)))
    interview.save()
    soup = BeautifulSoup(client.get(interview.url).content, "html.parser")
    assert anchors(interview.body) == {element["id"] for element in soup.select(".body [id^='s-']")}


@pytest.mark.parametrize(
    ("value", "text"),
    [
        ({"label": "", "time": "", "text": "<p>On it went.</p>"}, "On it went."),
        ({"label": "A.P.", "time": "1:05", "text": "<p>It was worse.</p>"}, "A.P. Ada Person: 1:05 It was worse."),
        ({"label": "X.Y.", "time": "", "text": "<p>Who is that?</p>"}, "X.Y. Who is that?"),
    ],
)
def test_speech_is_shown_with_its_speaker_and_time(section, value, text):
    page = factories.VideoPageFactory(parent=section)
    factories.ContributionFactory(page=page, name="Ada Person", role="speaker", label="A.P.")
    soup = rendered(page, "speech", value, field="transcript")
    assert text_of(soup) == text
    links = [link["href"] for link in soup.find_all("a")]
    assert links == (["https://vimeo.com/123456789#t=65s"] if value["time"] else [])


@pytest.mark.parametrize("block", [*BODY.child_blocks.values(), *TRANSCRIPT.child_blocks.values()], ids=lambda block: block.name)
def test_block_is_shown_in_the_picker_with_its_preview_value(administrator_client, block):
    response = administrator_client.get(reverse("wagtailadmin_block_preview"), {"id": block.definition_prefix})
    assert response.status_code == 200
    if "preview_value" in vars(type(block.meta)):
        words = text_of(BeautifulSoup(response.content, "html.parser").find("main"))
        assert len(words) > 3


@pytest.mark.parametrize(("level", "tag"), [("2", "h2"), ("3", "h3")])
def test_heading_has_the_level_and_address_that_the_contents_list_names(client, section, level, tag):
    page = factories.ArticlePageFactory(parent=section, body=cases.stream([("heading", {"text": "A & B", "level": level})]))
    (entry,) = headings(page.body)
    assert entry == {"id": "s-00000000", "text": "A & B", "level": int(level)}
    found = BeautifulSoup(client.get(page.url).content, "html.parser").find(id=entry["id"])
    assert (found.name, found.get_text()) == (tag, "A & B")


def test_renaming_or_moving_a_heading_keeps_its_address(section):
    page = factories.ArticlePageFactory(parent=section)
    page.body = [{"type": "heading", "value": {"text": "Old", "level": "2"}, "id": "11111111-2222-3333-4444-555555555555"}]
    page.body.insert(0, ("paragraph", "<p>First now</p>"))
    page.body[1].value["text"] = "New"
    page.save()
    page.refresh_from_db()
    assert headings(page.body) == [{"id": anchor("11111111-2222-3333-4444-555555555555"), "text": "New", "level": 2}]


@pytest.mark.parametrize(("number", "listed"), [(0, 0), (2, 0), (3, 3), (4, 4)])
def test_contents_list_is_made_when_there_are_headings_enough(section, number, listed):
    page = factories.ArticlePageFactory(parent=section)
    page.body = cases.stream([("heading", {"text": f"Part {place}", "level": "2"}) for place in range(number)])
    assert len(page.contents()) == listed


def test_headings_stand_only_in_heading_blocks():
    rich = [BODY.child_blocks["paragraph"], BODY.child_blocks["callout"].child_blocks["text"]]
    rich += [BODY.child_blocks["exchange"].child_blocks["text"], TRANSCRIPT.child_blocks["speech"].child_blocks["text"]]
    rich += [BODY.child_blocks["key_points"].child_blocks["points"].child_block]
    assert {feature for block in rich for feature in block.features} <= {
        "bold", "italic", "superscript", "subscript", "link", "document-link", "ol", "ul",
    }  # fmt: skip


def test_speaker_labels_are_named_with_the_place_of_their_block():
    page = InterviewPage(
        body=cases.stream(
            [
                ("paragraph", "<p>A.P. said</p>"),
                ("exchange", {"label": "T.R.", "part": "question", "text": "<p>Who?</p>"}),
                ("exchange", {"part": "answer", "text": "<p>No label stored.</p>"}),
                ("exchange", {"label": " A.P. ", "part": "answer", "text": "<p>I.</p>"}),
            ]
        )
    )
    assert speaker_labels(page.body) == [(1, "T.R."), (3, "A.P.")]
    assert speaker_labels(VideoPage(transcript=cases.stream(cases.speeches())).transcript) == [(2, "A.P.")]


@pytest.mark.parametrize(
    ("change", "shown"),
    [
        ({}, True),
        ({"live": False}, False),
        ({"go_live_at": "2999-01-01T00:00Z"}, False),
        ({"expire_at": "2001-01-01T00:00Z"}, False),
    ],
)
def test_call_to_action_is_left_out_while_readers_cannot_see_its_page(section, article, change, shown):
    target = factories.ArticlePageFactory(parent=section)
    type(target).objects.filter(pk=target.pk).update(**change)
    value = {"sentence": "Come.", "text": "Take part", "page": target.pk, "address": ""}
    links = rendered(article, "action", value).find_all("a")
    assert [(link["href"], link.get_text()) for link in links] == ([(target.url, "Take part")] if shown else [])


def test_blocks_whose_page_picture_or_document_is_gone_are_shown_without_it(client, article, section):
    made = cases.things(factories.ArticlePageFactory(parent=section))
    article.body = cases.stream(cases.full_blocks(made))
    article.save()
    for model, pk in [("Image", made.image), ("Document", made.document), ("ArticlePage", made.page)]:
        getattr(factories, f"{model}Factory")._meta.model.objects.get(pk=pk).delete()
    response = client.get(article.url)
    assert response.status_code == 200
    assert "Full quotation" in response.content.decode()


@pytest.mark.parametrize("address", ["https://films.example/1", "https://youtube.com/@gone"])
def test_film_on_a_host_no_longer_known_is_a_plain_link(article, address):
    value = {"address": address, "title": "Old film", "poster": cases.NO_PICTURE, "caption": ""}
    soup = rendered(article, "embed", value)
    assert [(link["href"], link.get_text()) for link in soup.find_all("a")] == [(address, "Old film")]
    assert soup.find("iframe") is None
