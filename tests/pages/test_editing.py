"""What editors are told when they save and publish through the admin, and what a draft may still lack."""

import pytest
from wagtail.documents.models import Document
from wagtail.test.utils.form_data import inline_formset, nested_form_data, rich_text, streamfield

from pages.models import ArticlePage, ContentPage, InterviewPage, PublicationPage, VideoPage
from tests import factories

pytestmark = pytest.mark.django_db

VTT = b"WEBVTT\n\n00:00.000 --> 00:04.000\nGood.\n\n00:09.000 --> 00:05.000\nBackwards.\n"
ROWS = {
    ArticlePage: ["contributions", "page_topics", "links"],
    InterviewPage: ["contributions", "page_topics", "links"],
    PublicationPage: ["contributions", "page_topics", "links", "formats"],
    VideoPage: ["contributions", "page_topics", "links", "caption_tracks", "chapters"],
}


def form_of(model, **values) -> dict:
    """A new page of ``model`` as the browser sends it; ``values`` take the place of what is unremarkable."""
    fields = {
        "title": "A page",
        "slug": "a-page",
        "summary": "What is in it.",
        "display_date": "2024-05-01",
        "discussion_mode": "inherit",
        "body": streamfield([]),
        "transcript": streamfield([]),
        "publication_type": "report",
        "address": "https://vimeo.com/123456789" if model is VideoPage else "",
    }
    rows = {name: inline_formset([]) for name in ROWS[model]}
    return nested_form_data(fields | rows | values)


def send(client, section, model, *, publish=True, **values):
    """Save or publish a new page; the answer's form when it was refused, None when it was taken."""
    action = {"action-publish": "1"} if publish else {}
    address = f"/admin/pages/add/pages/{model._meta.model_name}/{section.pk}/"
    response = client.post(address, form_of(model, **values) | action)
    if response.status_code == 302:
        return None
    assert response.status_code == 200
    return response.context["form"]


def row_errors(form, name) -> list[dict]:
    return [dict(row.errors) for row in form.formsets[name].forms]


def block_errors(form, field) -> dict:
    """``{place of the block: {its field: message}}``"""
    (error,) = form.errors.as_data()[field]
    return {
        place: {name: inner.messages for name, inner in block.block_errors.items()} for place, block in error.block_errors.items()
    }


def exchange(label, part="answer"):
    return ("exchange", {"label": label, "part": part, "text": rich_text("<p>Words.</p>")})


def speaker(label, role="interviewee", name="A. Person"):
    return {"role": role, "name": name, "person": "", "affiliation": "", "label": label}


def test_topic_and_its_alias_are_one_topic(administrator_client, home, section):
    topic = factories.TopicPageFactory(parent=section, title="Roads")
    alias = topic.create_alias(parent=home, update_slug="roads-again")

    twice = inline_formset([{"topic": topic.pk}, {"topic": alias.pk}])
    form = send(administrator_client, section, ArticlePage, publish=False, page_topics=twice)
    assert row_errors(form, "page_topics") == [{}, {"topic": ["This stands in the list already."]}]

    assert send(administrator_client, section, ArticlePage, page_topics=inline_formset([{"topic": alias.pk}])) is None
    assert [place.topic for place in ArticlePage.objects.get().page_topics.all()] == [topic]


UNKNOWN = "No contributor of this page has the label “X.Y.”. Known are: T.R., A.P.."
NOBODY = "No contributor of this page speaks yet. Add “X.Y.” under Contributors."


def test_unknown_speaker_is_named_on_the_block_when_an_interview_is_published(administrator_client, section):
    form = send(
        administrator_client,
        section,
        InterviewPage,
        contributions=inline_formset([speaker("T.R.", "interviewer", "T. Renn"), speaker("", name="Ada Person")]),
        body=streamfield([exchange("T.R.", "question"), exchange("A.P."), exchange("X.Y."), exchange("")]),
    )
    assert block_errors(form, "body") == {2: {"label": [UNKNOWN]}}
    assert not InterviewPage.objects.exists()


def test_draft_with_an_unknown_speaker_may_be_saved(administrator_client, section):
    assert send(administrator_client, section, InterviewPage, publish=False, body=streamfield([exchange("X.Y.")])) is None
    assert not InterviewPage.objects.get().live


@pytest.mark.parametrize("role", ["author", "foreword", "translator"])
def test_contributor_who_does_not_speak_gives_no_label(administrator_client, section, role):
    rows = inline_formset([speaker("X.Y.", role)])
    form = send(administrator_client, section, InterviewPage, contributions=rows, body=streamfield([exchange("X.Y.")]))
    assert block_errors(form, "body") == {0: {"label": [NOBODY]}}


def test_contributor_who_is_taken_off_gives_no_label(administrator_client, section):
    rows = inline_formset([speaker("X.Y.") | {"DELETE": "on"}])
    form = send(administrator_client, section, InterviewPage, contributions=rows, body=streamfield([exchange("X.Y.")]))
    assert block_errors(form, "body") == {0: {"label": [NOBODY]}}


def test_label_made_from_the_profiles_name_is_known(administrator_client, section, person):
    rows = inline_formset([speaker("", name="") | {"person": person.pk}])
    assert send(administrator_client, section, InterviewPage, contributions=rows, body=streamfield([exchange("A.P.")])) is None
    (row,) = InterviewPage.objects.get().contributions.all()
    assert (row.name, row.label, row.person) == ("Ada Person", "A.P.", person)


def test_speaker_of_a_transcript_is_checked_too(administrator_client, section):
    speech = ("speech", {"label": "X.Y.", "time": "", "text": rich_text("<p>Words.</p>")})
    form = send(administrator_client, section, VideoPage, transcript=streamfield([speech]))
    assert block_errors(form, "transcript") == {0: {"label": [NOBODY]}}


@pytest.mark.parametrize(("written", "kept"), [("75", "1:15"), ("2:5", "2:05"), ("0:01:05", "1:05")])
def test_time_of_a_speech_is_kept_as_a_clock(administrator_client, section, written, kept):
    speech = ("speech", {"label": "", "time": written, "text": rich_text("<p>Words.</p>")})
    assert send(administrator_client, section, VideoPage, transcript=streamfield([speech])) is None
    assert VideoPage.objects.get().transcript[0].value["time"] == kept


TIME = "Write the time as minutes and seconds, for example 2:05, or 1:02:05."


def test_time_of_a_speech_that_is_none_is_refused_on_the_block(administrator_client, section):
    speech = ("speech", {"label": "", "time": "soon", "text": rich_text("<p>Words.</p>")})
    form = send(administrator_client, section, VideoPage, transcript=streamfield([speech]))
    assert block_errors(form, "transcript") == {0: {"time": [TIME]}}


# Films

NO_FILM = "Give the address of a film, or choose an uploaded one below."
BOTH_FILMS = "Give the address of a film or choose an uploaded one, not both."


def test_video_without_a_film_is_refused_when_published_and_taken_as_a_draft(administrator_client, section):
    form = send(administrator_client, section, VideoPage, address="")
    assert dict(form.errors) == {"address": [NO_FILM]}
    assert send(administrator_client, section, VideoPage, address="", publish=False) is None


@pytest.mark.parametrize("publish", [True, False])
def test_video_with_two_films_is_refused(administrator_client, section, publish):
    form = send(administrator_client, section, VideoPage, film=factories.MediaFactory().pk, publish=publish)
    assert dict(form.errors) == {"address": [BOTH_FILMS]}


def test_uploaded_film_alone_is_taken(administrator_client, section):
    film = factories.MediaFactory(duration=98)
    assert send(administrator_client, section, VideoPage, address="", film=film.pk) is None
    page = VideoPage.objects.get()
    assert (page.film, page.player, page.length) == (film, None, "1:38")


@pytest.mark.parametrize("address", ["https://films.example/1", "https://vimeo.com/somebody", "https://youtube.com/@somebody"])
def test_address_of_no_known_film_is_refused_at_the_field(administrator_client, section, address):
    form = send(administrator_client, section, VideoPage, address=address)
    assert list(form.errors) == ["address"]
    assert form.errors["address"][0].startswith("This is not the address of a film that can be shown. Supported are YouTube")


@pytest.mark.parametrize(("written", "errors"), [("12:30", {}), ("long", {"duration": [TIME]})])
def test_length_of_a_film_is_a_time(administrator_client, section, written, errors):
    form = send(administrator_client, section, VideoPage, duration=written)
    assert (dict(form.errors) if form else {}) == errors


@pytest.mark.parametrize("written", ["", "soon", "2.05", "1:2:3:4"])
def test_chapter_of_a_film_without_a_time_is_refused_at_the_field(administrator_client, section, written):
    form = send(administrator_client, section, VideoPage, chapters=inline_formset([{"time": written, "title": "The river"}]))
    assert list(row_errors(form, "chapters")[0]) == ["time"]


def test_draft_with_a_chapter_whose_time_is_not_known_yet_may_be_saved_and_seen(administrator_client, section):
    rows = inline_formset([{"time": "", "title": "The river"}])
    assert send(administrator_client, section, VideoPage, chapters=rows, publish=False) is None
    page = VideoPage.objects.get()
    assert administrator_client.get(f"/admin/pages/{page.pk}/view_draft/").status_code == 200


def test_time_of_a_chapter_is_kept_as_a_clock(administrator_client, section):
    rows = inline_formset([{"time": "75", "title": "One"}, {"time": "1:02:03", "title": "Two"}])
    assert send(administrator_client, section, VideoPage, chapters=rows) is None
    chapters = [(row.time, row.start, row.title) for row in VideoPage.objects.get().chapters.all()]
    assert chapters == [("1:15", 75, "One"), ("1:02:03", 3723, "Two")]


def captions(content):
    document = factories.DocumentFactory(file__data=content)
    return inline_formset([{"kind": "captions", "language": "en", "label": "English", "document": document.pk}])


@pytest.mark.parametrize(
    ("content", "message"),
    [
        (VTT, "Line 6: the caption ends before it begins."),
        (b"%PDF-1.4", "Line 1: a caption file begins with the word WEBVTT. Subtitles in SRT have to be converted."),
        (b"WEBVTT\n\n\xff", "Line 3: the file is not in UTF-8."),
    ],
)
def test_caption_file_that_cannot_be_read_is_refused_and_its_line_named(administrator_client, section, content, message):
    form = send(administrator_client, section, VideoPage, caption_tracks=captions(content))
    assert row_errors(form, "caption_tracks") == [{"document": [message]}]


def test_caption_file_that_is_gone_is_refused(administrator_client, section):
    rows = captions(VTT)
    Document.objects.get().file.delete(save=False)
    form = send(administrator_client, section, VideoPage, caption_tracks=rows)
    assert row_errors(form, "caption_tracks") == [{"document": ["The file of this document is missing."]}]


def test_good_caption_file_is_taken(administrator_client, section):
    assert send(administrator_client, section, VideoPage, caption_tracks=captions(VTT[:37])) is None


# Identifiers and formats

CHECK_DIGIT = "The check digit does not fit: with these digits it would end in 5. Is a digit mistyped?"


@pytest.mark.parametrize(
    ("field", "value", "message"),
    [
        ("isbn", "978-1-999999-02-6", CHECK_DIGIT),
        ("isbn", "12345", "An ISBN has 13 digits (or 10, the last of which may be X); this has 5 characters."),
        (
            "doi",
            "https://example.org/",
            "A DOI looks like 10.1234/abc: the number 10, a full stop, 4 to 9 digits, a slash, and a name.",
        ),
    ],
)
def test_wrong_identifier_is_refused_with_the_reason_at_the_field(administrator_client, section, field, value, message):
    form = send(administrator_client, section, PublicationPage, **{field: value})
    assert dict(form.errors) == {field: [message]}


def test_good_identifiers_are_kept_in_their_plain_form(administrator_client, section):
    values = {"isbn": "978-1-999999-02-5", "doi": "https://doi.org/10.55555/map"}
    assert send(administrator_client, section, PublicationPage, **values) is None
    page = PublicationPage.objects.get()
    assert (page.isbn, page.doi) == ("978-1-999999-02-5", "10.55555/map")


def shelf(**values):
    row = {
        "kind": "epub",
        "document": "",
        "address": "",
        "vendor": "",
        "price_note": "",
        "isbn": "",
        "how_to_read": "",
        "feedback_request": "",
    }
    return inline_formset([row | values])


SHOP = "https://shop.example/"


@pytest.mark.parametrize(
    ("values", "errors"),
    [
        ({}, {"document": ["Where is it? Choose a file or give the address of a shop."]}),
        ({"address": SHOP, "isbn": "978-1-999999-02-6"}, {"isbn": [CHECK_DIGIT]}),
        (
            {"address": "shop"},
            {"address": ["Enter a valid URL."], "document": ["Where is it? Choose a file or give the address of a shop."]},
        ),
    ],
)
def test_format_that_cannot_be_had_is_refused(administrator_client, section, values, errors):
    form = send(administrator_client, section, PublicationPage, formats=shelf(**values))
    assert row_errors(form, "formats") == [errors]


@pytest.mark.parametrize("publish", [True, False])
def test_format_with_file_and_shop_is_refused(administrator_client, section, publish):
    rows = shelf(address=SHOP, document=factories.DocumentFactory().pk)
    form = send(administrator_client, section, PublicationPage, formats=rows, publish=publish)
    assert row_errors(form, "formats") == [{"address": ["Choose a file or give the address of a shop: one of the two."]}]


@pytest.mark.parametrize("values", [{"address": SHOP}, {"kind": "print"}])
def test_format_in_a_shop_or_in_print_is_taken(administrator_client, section, values):
    assert send(administrator_client, section, PublicationPage, formats=shelf(**values)) is None


# Contributors and links


def test_contributor_without_a_name_is_refused_when_published_and_taken_in_a_draft(administrator_client, section):
    rows = inline_formset([speaker("", name="") | {"affiliation": "Somewhere"}])
    form = send(administrator_client, section, ArticlePage, contributions=rows)
    assert row_errors(form, "contributions") == [{"name": ["Choose a person or give a name."]}]
    assert send(administrator_client, section, ArticlePage, contributions=rows, publish=False) is None


def stated(**values):
    row = {"kind": "related-to", "target": "", "wording": "", "note": "", "address": "", "title": "", "publisher": "", "date": ""}
    return inline_formset([row | values])


@pytest.mark.parametrize(
    ("values", "errors"),
    [
        ({"note": "Where to?"}, {"target": ["Choose a page or give an address elsewhere."]}),
        ({"address": SHOP}, {"title": ["What is it called there? Readers see the title, not the address."]}),
    ],
)
def test_link_that_leads_nowhere_is_refused_when_published_and_taken_in_a_draft(administrator_client, section, values, errors):
    form = send(administrator_client, section, ArticlePage, links=stated(**values))
    assert row_errors(form, "links") == [errors]
    assert send(administrator_client, section, ArticlePage, links=stated(**values), publish=False) is None


@pytest.mark.parametrize("publish", [True, False])
def test_link_to_two_places_is_refused(administrator_client, section, article, publish):
    rows = stated(target=article.pk, address=SHOP, title="A shop")
    form = send(administrator_client, section, ArticlePage, links=rows, publish=publish)
    assert row_errors(form, "links") == [{"target": ["Choose a page or give an address elsewhere, not both."]}]


def test_link_is_stored_with_its_page(administrator_client, section, article):
    assert send(administrator_client, section, InterviewPage, links=stated(target=article.pk, kind="interview-for")) is None
    (row,) = InterviewPage.objects.get().links.all()
    assert (row.kind, row.target_id, row.address) == ("interview-for", article.pk, "")


def test_same_topic_twice_is_refused(administrator_client, section):
    topic = factories.TopicPageFactory(parent=section)
    form = send(
        administrator_client, section, ArticlePage, page_topics=inline_formset([{"topic": topic.pk}, {"topic": topic.pk}])
    )
    assert form.formsets["page_topics"].non_form_errors() == [
        "Please correct the duplicate data for page and topic, which must be unique."
    ]


# Calls to action and discussion

ONE_OF_TWO = "Choose a page or give an address: one of the two."


@pytest.mark.parametrize("both", [True, False])
def test_call_to_action_leads_to_one_place(administrator_client, section, article, both):
    target = {"page": article.pk, "address": SHOP} if both else {"page": "", "address": ""}
    action = ("action", {"sentence": "", "text": "Take part", **target})
    form = send(administrator_client, section, ArticlePage, slug="new", body=streamfield([action]))
    assert block_errors(form, "body") == {0: {"page": [ONE_OF_TWO]}}
    assert (
        send(administrator_client, section, ArticlePage, slug="new", body=streamfield([action]), publish=False) is None
    ) != both


def test_film_in_a_body_from_an_unknown_host_is_refused_on_the_block(administrator_client, section):
    embed = ("embed", {"address": "https://films.example/1", "title": "A film", "poster": {"image": ""}, "caption": ""})
    form = send(administrator_client, section, ArticlePage, body=streamfield([embed]))
    assert list(block_errors(form, "body")[0]) == ["address"]


BEFORE = {"discussion_closes_at": ["The discussion would close before it opens."]}


@pytest.mark.parametrize(
    ("opens", "closes", "errors"),
    [
        ("2030-01-02 10:00", "2030-01-01 10:00", BEFORE),
        ("2030-01-01 10:00", "2030-01-01 10:00", BEFORE),
        ("2030-01-01 10:00", "2030-01-02 10:00", {}),
        ("", "2030-01-01 10:00", {}),
        ("2030-01-01 10:00", "", {}),
    ],
)
def test_discussion_closes_after_it_opens(administrator_client, section, opens, closes, errors):
    form = send(administrator_client, section, ArticlePage, discussion_opens_at=opens, discussion_closes_at=closes)
    assert (dict(form.errors) if form else {}) == errors


@pytest.mark.parametrize("field", ["title", "summary"])
def test_page_without_title_or_summary_is_refused_when_published(administrator_client, section, field):
    form = send(administrator_client, section, ArticlePage, **{field: ""})
    assert field in form.errors
    assert not ContentPage.objects.exists()
