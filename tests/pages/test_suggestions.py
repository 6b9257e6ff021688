"""What the hub adds to “More on …” by itself, and what it never adds."""

import pytest
from bs4 import BeautifulSoup
from django.contrib.contenttypes.models import ContentType
from django.db import connection
from django.test.utils import CaptureQueriesContext
from wagtail.models import Page, PageViewRestriction, ReferenceIndex

from pages import navigation, similarity
from pages.models import ContentPage, IncomingLink, SimilarPage, SimilarSearch
from pages.related import related_to
from pages.search import indexing
from tests import factories
from tests.pages.counting import queries_of

pytestmark = pytest.mark.django_db


@pytest.fixture
def topic(section):
    return factories.TopicPageFactory(parent=section, title="Floods")


@pytest.fixture
def report(section):
    return factories.PublicationPageFactory(parent=section, title="The report", slug="the-report")


def on(topic, *pages):
    for page in pages:
        factories.PageTopicFactory(page=page, topic=topic)


def article(section, title, **values):
    return factories.ArticlePageFactory(parent=section, title=title, **values)


def by(person, page, role="author"):
    factories.ContributionFactory(page=page, person=person, name=person.title, role=role)
    return page


def hide(page, way):
    change = {
        "draft": {"live": False},
        "scheduled": {"go_live_at": "2999-01-01T00:00Z"},
        "expired": {"expire_at": "2001-01-01T00:00Z"},
    }
    if way in change:
        ContentPage.objects.filter(pk=page.pk).update(**change[way])
    if way == "private":
        PageViewRestriction.objects.create(page=page, restriction_type="login")


def added(page) -> list[tuple[str, str]]:
    found = related_to(ContentPage.objects.get(pk=page.pk).specific)
    return [(line.entries[0].page.title, line.reason) for line in found.automatic]


def test_each_page_that_is_added_says_why(section, topic, person, report):
    series = factories.SeriesPageFactory(parent=section)
    others = [article(section, title) for title in ("In the series", "By her", "With her", "On it", "Like it")]
    for page in (report, others[0]):
        factories.SeriesItemFactory(series=series, page=page)
    by(person, report)
    by(person, others[1])
    by(person, others[2], "interviewee")
    on(topic, report, *others[:4])
    SimilarPage.objects.create(page=others[4], other=report, place=0)
    assert added(report) == [
        ("In the series", "same series"),
        ("With her", "also with Ada Person"),
        ("By her", "also by Ada Person"),
        ("On it", "same topic"),
    ]
    others[3].delete()
    assert added(report)[-1] == ("Like it", "on similar lines")


def test_reader_sees_them_below_what_the_editor_linked_with_the_reason(client, section, topic, report):
    other, linked = article(section, "On it"), article(section, "By hand")
    on(topic, report, other, linked)
    factories.ContentLinkFactory(source=report, target=linked)
    block = BeautifulSoup(client.get(report.url).content, "html.parser").find(id="related")
    assert [" ".join(found.get_text().split()) for found in block.select("li, h3")] == [
        "See By hand",
        "See also",
        "See On it same topic",
    ]


@pytest.mark.parametrize("way", ["linked", "links here", "hidden here", "in the text", "beneath", "the next of its series"])
def test_what_a_page_leads_to_already_is_not_added(section, topic, report, way):
    other = article(report if way == "beneath" else section, "Known")
    on(topic, report, other)
    assert added(report) == ([] if way == "beneath" else [("Known", "same topic")])
    if way == "linked":
        factories.ContentLinkFactory(source=report, target=other)
    if way in {"links here", "hidden here"}:
        factories.ContentLinkFactory(source=other, target=report)
    if way == "hidden here":
        IncomingLink.objects.create(page=report, source=other, kind="related-to", hidden=True)
    if way == "in the text":
        report.body.append(("paragraph", f'<p><a linktype="page" id="{other.pk}">there</a></p>'))
        report.save()
        ReferenceIndex.create_or_update_for_object(report)
    if way == "the next of its series":
        found = related_to(ContentPage.objects.get(pk=report.pk).specific, shown={other.pk})
        assert found.automatic == []
    else:
        assert added(report) == []


@pytest.mark.parametrize("way", ["draft", "scheduled", "expired", "private", "alias"])
def test_what_readers_cannot_see_is_not_added(home, section, topic, report, way):
    other = article(section, "Nightingale")
    if way == "alias":
        other = other.create_alias(parent=factories.SectionPageFactory(parent=home))
        ContentPage.objects.filter(pk=other.alias_of_id).update(live=False)
    on(topic, report, other)
    hide(other, way)
    assert added(report) == []


@pytest.mark.parametrize("way", ["draft", "scheduled", "expired", "private"])
def test_topic_and_series_that_readers_cannot_see_are_no_reason(section, topic, report, way):
    series = factories.SeriesPageFactory(parent=section)
    other = article(section, "On it")
    for page in (report, other):
        factories.SeriesItemFactory(series=series, page=page)
    on(topic, report, other)
    assert added(report) == [("On it", "same series")]
    hide(series, way)
    assert added(report) == [("On it", "same topic")]
    hide(topic, way)
    assert added(report) == []


@pytest.mark.parametrize("way", ["on the topic", "by somebody", "like it"])
@pytest.mark.parametrize("known", ["links here", "stands beside it in a series"])
def test_newest_that_a_page_leads_to_already_leave_room_for_older_ones(section, topic, person, report, way, known):
    others = [factories.InterviewPageFactory(parent=section, title=f"Talk {place}") for place in range(12)]
    older, newest = others[:6], others[6:]
    if way == "on the topic":
        on(topic, report, *others)
    if way == "by somebody":
        for page in (report, *others):
            by(person, page)
    if way == "like it":
        for place, other in enumerate(reversed(others)):
            SimilarPage.objects.create(page=report, other=other, place=place)
    if known == "links here":
        for page in newest:
            factories.ContributionFactory(page=page, name=f"Guest {page.pk}", role="interviewee")
            factories.ContentLinkFactory(source=page, target=report, kind="interview-for")
    beside = {page.pk for page in newest} if known == "stands beside it in a series" else set()
    found = related_to(ContentPage.objects.get(pk=report.pk).specific, shown=beside)
    assert [line.entries[0].page for line in found.automatic] == [Page.objects.get(pk=page.pk) for page in older[:1:-1]]


def test_no_more_are_added_than_the_block_has_room_for(section, topic, report):
    others = [article(section, f"Piece {place}") for place in range(9)]
    on(topic, report, *others)
    numbers = [len(added(report))]
    for place in range(7):
        factories.ContentLinkFactory(source=report, address=f"https://example.org/{place}", title="Elsewhere")
        numbers.append(len(added(report)))
    assert numbers == [4, 4, 4, 3, 2, 1, 0, 0]


def test_editor_can_switch_it_off(section, topic, report):
    on(topic, report, article(section, "On it"))
    report.suggests_more = False
    report.save()
    assert added(report) == []


def test_topics_and_series_have_nothing_added(section, topic):
    series = factories.SeriesPageFactory(parent=section)
    on(topic, series, article(section, "On it"))
    assert added(series) == []


def test_page_costs_the_same_with_2_that_might_be_added_as_with_12(client, section, person):
    def address(number):
        topic = factories.TopicPageFactory(parent=section)
        page = factories.PublicationPageFactory(parent=section)
        others = [by(person, article(section, f"Piece {place} of {number}")) for place in range(number)]
        on(topic, page, *others)
        by(person, page)
        return page.url

    assert queries_of(client, address(2)) == queries_of(client, address(12))


@pytest.mark.parametrize("adds", [True, False])
def test_block_takes_three_queries_with_all_that_is_added(section, topic, report, adds):
    for place in range(12):
        other = article(section, f"Piece {place}")
        on(topic, other)
        if place % 2:
            factories.ContentLinkFactory(source=other, target=report)
    on(topic, report)
    ContentPage.objects.filter(pk=report.pk).update(suggests_more=adds)
    page = ContentPage.objects.get(pk=report.pk).specific
    for read in (navigation.topics_of, navigation.credits_of):  # by the page's head and margin, in any case
        read(page)
    ContentType.objects.get_for_model(Page)  # a process knows its content types
    with CaptureQueriesContext(connection) as queries:
        found = related_to(page)
    assert (len(found.lines), bool(found.automatic), len(queries)) == (6, False, 3)


# Similar texts


def test_similar_texts_are_found_by_the_worker_and_again_after_each_publication(section, report):
    report.title, report.summary = "Estuary pumping stations", "How pumping stations drain an estuary."
    report.save_revision().publish()
    like = article(section, "Another estuary", summary="Its pumping stations are old.")
    article(section, "Bicycles", summary="Nothing of the kind.")
    indexing.catch_up()
    assert similarity.find_some() == 3
    assert [row.other_id for row in SimilarPage.objects.filter(page=report)] == [like.pk]
    assert added(report) == [("Another estuary", "on similar lines")]
    assert similarity.find_some() == 0
    report.save_revision().publish()
    assert similarity.find_some() == 1
    assert SimilarSearch.objects.count() == 3


def test_telling_words_are_the_long_and_frequent_ones():
    text = "The pumping stations of the estuary: pumping by night, stations by day, and pumping again"
    assert similarity.telling_words(text) == ["pumping", "stations", "estuary", "again", "night"]
    assert similarity.telling_words("A 12 & so on") == []
