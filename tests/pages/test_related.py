"""“More on …”: the sentences that links become."""

import datetime

import pytest
from bs4 import BeautifulSoup

from tests import factories

pytestmark = pytest.mark.django_db


@pytest.fixture
def report(section):
    return factories.PublicationPageFactory(parent=section, title="The report", slug="the-report")


def link(source, target=None, **values):
    return factories.ContentLinkFactory(source=source, target=target, **values)


def credit(page, **names):
    """``credit(page, interviewer="A", interviewee="B")``"""
    for role, name in names.items():
        factories.ContributionFactory(page=page, role=role.rstrip("0123456789"), name=name)
    return page


def interview(section, interviewer, interviewee, make=factories.InterviewPageFactory, **values):
    page = make(parent=section, title=f"{interviewee} in conversation", **values)
    return credit(page, **({"interviewer": interviewer} if interviewer else {}), interviewee=interviewee)


def filmed(section, interviewer, interviewee):
    return interview(section, interviewer, interviewee, make=factories.VideoPageFactory)


def words(element) -> str:
    return " ".join(element.get_text().split())


def block(client, page):
    return BeautifulSoup(client.get(page.url).content, "html.parser").find(id="related")


def sentences(client, page) -> list[str]:
    found = block(client, page)
    return [words(line) for line in found.find_all("li")] if found else []


def standing(client, page) -> list[str]:
    return [words(line) for line in BeautifulSoup(client.get(page.url).content, "html.parser").select(".standing")]


def test_page_without_links_has_no_block(client, report):
    assert block(client, report) is None


def test_block_is_named_by_the_first_topic_and_leads_to_it(client, section, report, article):
    link(article, report)
    assert words(block(client, report).h2) == "Related"
    for place, phrase in enumerate(["flood-ready places", "working across boundaries"]):
        topic = factories.TopicPageFactory(parent=section, phrase=phrase, slug=f"topic-{place}")
        factories.PageTopicFactory(page=report, topic=topic, sort_order=place)
    heading = block(client, report).h2
    assert (words(heading), heading.a["href"]) == ("More on flood-ready places", "/everything/topic-0/")


def test_topic_that_readers_cannot_see_does_not_name_the_block(client, section, report, article):
    link(article, report)
    draft = factories.TopicPageFactory(parent=section, phrase="a secret programme", live=False)
    factories.PageTopicFactory(page=report, topic=draft)
    html = client.get(report.url).content.decode()
    assert words(block(client, report).h2) == "Related"
    assert draft.title not in html
    assert "a secret programme" not in html


def test_one_interview_is_read(client, section, report):
    link(interview(section, "Ada Person", "Ben Other"), report, kind="interview-for")
    assert sentences(client, report) == ["Read Ada Person’s interview with Ben Other"]


def test_interviews_by_the_same_person_join_in_one_sentence(client, section, report):
    for place, name in enumerate(["Ben Other", "Cleo Third", "Dan Fourth"]):
        link(interview(section, "Ada Person", name), report, kind="interview-for", sort_order=place)
    assert sentences(client, report) == ["Read Ada Person’s interviews with Ben Other, Cleo Third and Dan Fourth"]


def test_filmed_interviews_are_watched_and_each_name_leads_to_its_film(client, section, report):
    films = [filmed(section, "Ada Person", name) for name in ("Ben Other", "Cleo Third")]
    for place, film in enumerate(films):
        link(film, report, kind="interview-for", sort_order=place)
    assert sentences(client, report) == ["Watch Ada Person’s interviews with Ben Other and Cleo Third"]
    links = block(client, report).select("li a")
    assert [(found.get_text(), found["href"]) for found in links] == [("Ben Other", films[0].url), ("Cleo Third", films[1].url)]


def test_interviews_with_another_verb_or_interviewer_stand_apart_reading_first(client, section, report):
    made = [
        filmed(section, "Ada Person", "Ben Other"),
        interview(section, "Ada Person", "Cleo Third"),
        interview(section, "Eve Asker", "Dan Fourth"),
        interview(section, "", "Fay Fifth"),
    ]
    for place, page in enumerate(made):
        link(page, report, kind="interview-for", sort_order=place)
    assert sentences(client, report) == [
        "Read Ada Person’s interview with Cleo Third",
        "Read Eve Asker’s interview with Dan Fourth",
        "Read the interview with Fay Fifth",
        "Watch Ada Person’s interview with Ben Other",
    ]


def test_several_who_ask_and_answer_are_all_named(client, section, report):
    page = factories.InterviewPageFactory(parent=section)
    credit(page, interviewer1="Ada", interviewer2="Eve", interviewee1="Ben", interviewee2="Cleo", interviewee3="Dan")
    link(page, report)
    assert sentences(client, report) == ["Read Ada and Eve’s interview with Ben, Cleo and Dan"]


@pytest.mark.parametrize(
    ("media", "body", "sentence"),
    [
        ("audio", [], "Listen to Ada Person’s interview with Ben Other"),
        ("video", [], "Watch Ada Person’s interview with Ben Other"),
        ("audio", [("paragraph", "<p>All of it in writing.</p>")], "Read Ada Person’s interview with Ben Other"),
        (None, [], "Read Ada Person’s interview with Ben Other"),
    ],
)
def test_verb_comes_from_what_an_interview_holds(client, section, report, media, body, sentence):
    page = interview(section, "Ada Person", "Ben Other", body=body)
    page.recording = factories.MediaFactory(type=media) if media else None
    page.save()
    link(page, report, kind="interview-for")
    assert sentences(client, report) == [sentence]


def test_too_many_interviews_to_name_lead_to_the_series_that_holds_them(client, section, report):
    series = factories.SeriesPageFactory(parent=section, title="Conversations", slug="conversations")
    for place in range(5):
        page = interview(section, "Ada Person", f"Guest {place}")
        link(page, report, kind="interview-for", sort_order=place)
        factories.SeriesItemFactory(series=series, page=page, sort_order=place)
    assert sentences(client, report) == ["Read the individual interviews (5)"]
    assert block(client, report).li.a["href"] == series.url


@pytest.mark.parametrize("kept_out", ["draft", "not all"])
def test_too_many_interviews_without_a_series_that_shows_all_lead_to_the_list_of_them(client, section, report, kept_out):
    series = factories.SeriesPageFactory(parent=section, live=kept_out != "draft")
    for place in range(5):
        page = interview(section, "Ada Person", f"Guest{place}")
        link(page, report, kind="interview-for", sort_order=place)
        if kept_out == "draft" or place:
            factories.SeriesItemFactory(series=series, page=page, sort_order=place)
    assert sentences(client, report) == ["Read the individual interviews (5)"]
    assert block(client, report).li.a["href"] == f"/linked/{report.pk}/interview-for/"


def test_four_interviews_are_named_though_a_series_holds_them(client, section, report):
    series = factories.SeriesPageFactory(parent=section)
    for place in range(4):
        page = interview(section, "Ada", f"Guest{place}")
        link(page, report, sort_order=place)
        factories.SeriesItemFactory(series=series, page=page, sort_order=place)
    assert sentences(client, report) == ["Read Ada’s interviews with Guest0, Guest1, Guest2 and Guest3"]


def sentence_cases():
    make = factories
    return [
        (make.VideoPageFactory, {"speaker": "Ada Person"}, "Watch Ada Person’s talk: Title"),
        (make.VideoPageFactory, {}, "Watch Title"),
        (make.ArticlePageFactory, {"author": "Ada Person"}, "See Ada Person’s article: Title"),
        (make.ArticlePageFactory, {"author1": "Ada", "author2": "Ben"}, "See Ada and Ben’s article: Title"),
        (make.ArticlePageFactory, {}, "See Title"),
        (make.PublicationPageFactory, {"author": "Ada Person"}, "Read Title"),
        (make.SeriesPageFactory, {}, "Read Title"),
        (make.InterviewPageFactory, {"interviewer": "Ada Person"}, "Read Title"),
        (make.TopicPageFactory, {}, "Find out more about our work on Title"),
    ]


@pytest.mark.parametrize(("make", "names", "sentence"), sentence_cases())
def test_sentence_fits_what_is_at_the_other_end_whichever_end_states_the_link(client, section, report, make, names, sentence):
    other = credit(make(parent=section, title="Title"), **names)
    link(report, other)
    assert sentences(client, report) == [sentence]
    report.links.all().delete()
    link(other, report)
    assert sentences(client, report) == [sentence]


def test_chapter_can_be_linked_to(client, report, article):
    link(article, factories.ChapterPageFactory(parent=report, title="The chapter"))
    assert sentences(client, article) == ["Read The chapter"]


def test_topic_is_named_as_it_reads_in_a_sentence(client, section, report):
    link(report, factories.TopicPageFactory(parent=section, title="Flood-ready places", phrase="flood-ready places"))
    assert sentences(client, report) == ["Find out more about our work on flood-ready places"]


def test_response_and_what_it_responds_to_are_called_so(client, report, section):
    reply = factories.PublicationPageFactory(parent=section, title="The reply")
    link(reply, report, kind="responds-to")
    assert sentences(client, reply) == ["Read what this responds to: The report"]
    assert sentences(client, report) == ["Read a response: The reply"]


def test_editors_wording_holds_where_it_was_written_and_there_only(client, section, report):
    page = interview(section, "Ada Person", "Ben Other")
    link(page, report, kind="interview-for", wording="This conversation fed into our report")
    assert sentences(client, page) == ["This conversation fed into our report"]
    assert sentences(client, report) == ["Read Ada Person’s interview with Ben Other"]


def test_note_stands_beneath_the_sentence_at_both_ends(client, report, article):
    link(article, report, note="Written in the week of publication.")
    assert sentences(client, report) == ["See A dry street Written in the week of publication."]
    assert sentences(client, article) == ["Read The report Written in the week of publication."]


@pytest.mark.parametrize(
    ("values", "sentence"),
    [
        ({}, "See A paper"),
        ({"publisher": "Water Review"}, "See A paper at Water Review"),
        ({"publisher": "Water Review", "date": datetime.date(2024, 3, 5)}, "See A paper at Water Review, 5 March 2024"),
        ({"wording": "Hear the other side"}, "Hear the other side"),
    ],
)
def test_page_elsewhere_is_named_with_where_and_when(client, report, values, sentence):
    link(report, address="https://example.org/paper", title="A paper", **values)
    assert sentences(client, report) == [sentence]
    assert block(client, report).li.a["href"] == "https://example.org/paper"


def test_lines_stand_in_the_order_read_watch_find_out_see(client, section, report, person):
    others = [
        person.page_ptr,
        factories.TopicPageFactory(parent=section, title="Floods"),
        factories.VideoPageFactory(parent=section, title="Film"),
        factories.SeriesPageFactory(parent=section, title="Set"),
    ]
    for place, other in enumerate(others):
        link(report, other, sort_order=place)
    assert sentences(client, report) == [
        "Read Set",
        "Watch Film",
        "Find out more about our work on Floods",
        "See Ada Person’s profile",
    ]


def test_names_and_titles_are_escaped(client, section, report):
    page = interview(section, "<b>Ada</b>", "<i>Ben</i> & Co")
    link(page, report)
    link(report, factories.ArticlePageFactory(parent=section, title="<script>alert(1)</script>"))
    found = block(client, report)
    assert found.select("li b, li i, li script") == []
    assert sentences(client, report) == ["Read <b>Ada</b>’s interview with <i>Ben</i> & Co", "See <script>alert(1)</script>"]


def test_what_a_page_replaces_is_said_at_its_head_and_not_among_the_related(client, section, report):
    new = factories.PublicationPageFactory(parent=section, title="The new report")
    link(new, report, kind="replaces")
    assert standing(client, new) == ["Replaces The report"]
    assert standing(client, report) == ["This has been replaced by The new report."]
    assert (sentences(client, new), sentences(client, report)) == ([], [])


def test_translation_is_said_at_both_heads(client, section, report):
    other = factories.PublicationPageFactory(parent=section, title="Y adroddiad")
    link(other, report, kind="translation-of")
    assert standing(client, other) == ["In another language: The report"]
    assert standing(client, report) == ["In another language: Y adroddiad"]


def test_head_names_the_first_and_the_margin_leads_to_all_of_them(client, section, report):
    for place in range(13):
        page = factories.PublicationPageFactory(parent=section, title=f"Translation {place}")
        link(page, report, kind="translation-of", sort_order=place)
    assert standing(client, report) == [f"In another language: Translation {place}" for place in range(10)]
    notes = BeautifulSoup(client.get(report.url).content, "html.parser").select_one(".notes")
    assert [words(cell) for cell in notes.select("dt, dd")] == ["Translations", "All of them"]
    assert notes.a["href"] == f"/linked/{report.pk}/translation-of/"
    assert "Translation 12" in client.get(notes.a["href"]).content.decode()


def test_part_is_said_at_its_head_and_listed_with_the_whole(client, report, article):
    link(article, report, kind="part-of")
    assert standing(client, article) == ["Part of The report"]
    notes = BeautifulSoup(client.get(report.url).content, "html.parser").select_one(".notes")
    assert [words(cell) for cell in notes.select("dt, dd")] == ["Contains", "A dry street"]


def test_what_stands_beneath_a_publication_is_part_of_it_without_a_link(client, report):
    page = factories.InterviewPageFactory(parent=report, title="Beneath")
    assert standing(client, page) == ["Part of The report"]


def test_part_of_a_draft_publication_does_not_name_it(client, section):
    draft = factories.PublicationPageFactory(parent=section, title="Secret report", live=False)
    page = factories.InterviewPageFactory(parent=draft)
    chapter = factories.ChapterPageFactory(parent=draft)
    for shown in (page, chapter):
        assert "Secret report" not in client.get(shown.url).content.decode()
