"""What editors are offered while they write: pages on the same topics, and people whom the text names."""

import json

import pytest
from bs4 import BeautifulSoup
from django.core.cache import cache
from wagtail.models import PageViewRestriction

from pages.models import ContentPage
from pages.proposals import proposals_for
from tests import factories
from tests.conftest import client_of
from tests.pages.counting import queries_of
from tests.pages.test_targets import editor_of

pytestmark = pytest.mark.django_db


@pytest.fixture
def topic(section):
    return factories.TopicPageFactory(parent=section, title="Floods")


@pytest.fixture
def draft(section, topic):
    """A page on the topic that was never published."""
    page = factories.ArticlePageFactory(parent=section, title="In the works", live=False)
    factories.PageTopicFactory(page=page, topic=topic)
    return page


def on(topic, title, **values):
    page = factories.ArticlePageFactory(parent=topic.get_parent(), title=title, **values)
    factories.PageTopicFactory(page=page, topic=topic)
    return page


def write(page, words):
    """Save a draft of ``page`` with ``words``, HTML, as its text."""
    page.body = json.dumps([{"type": "paragraph", "value": words, "id": "1"}])
    page.save_revision()


def offered(client, page) -> list[tuple[str, str]]:
    """``[(title, why)]`` of pages and people as they stand in the editor."""
    response = client.get(f"/admin/proposals/{page.pk}/")
    assert response.status_code == 200
    entries = BeautifulSoup(response.content, "html.parser").select(".proposals__entry")
    return [(entry.a.get_text(), entry.select_one(".proposals__why").get_text(" ", strip=True)) for entry in entries]


def test_pages_on_the_topics_of_a_draft_are_offered_those_that_share_most_first(administrator_client, section, draft, topic):
    other = factories.TopicPageFactory(parent=section, title="Coasts")
    factories.PageTopicFactory(page=draft, topic=other)
    factories.PageTopicFactory(page=on(topic, "Both", display_date="2001-01-01"), topic=other)
    on(topic, "Older", display_date="2001-01-01")
    on(other, "Newer", display_date="2002-01-01")
    factories.ArticlePageFactory(parent=section, title="On nothing")
    assert offered(administrator_client, draft) == [
        ("Both", "Article · Floods, Coasts"),
        ("Newer", "Article · Coasts"),
        ("Older", "Article · Floods"),
    ]


def test_what_is_linked_already_is_not_offered(administrator_client, draft, topic):
    by_link, by_text, linking = (on(topic, title) for title in ("By a link", "By the text", "The other way"))
    on(topic, "An alias").create_alias(parent=topic.get_parent(), update_slug="again")
    factories.ContentLinkFactory(source=linking, target=draft)
    factories.ContentLinkFactory(source=draft, target=by_link)
    write(ContentPage.objects.get(pk=draft.pk).specific, f'<p><a linktype="page" id="{by_text.pk}">there</a></p>')
    assert offered(administrator_client, draft) == [("An alias", "Article · Floods")]


def test_parts_of_a_series_are_not_offered_to_it(administrator_client, section, topic):
    series = factories.SeriesPageFactory(parent=section)
    factories.PageTopicFactory(page=series, topic=topic)
    factories.SeriesItemFactory(series=series, page=on(topic, "A part"))
    on(topic, "Another")
    assert offered(administrator_client, series) == [("Another", "Article · Floods")]


def test_draft_counts_not_what_is_published(administrator_client, section, topic):
    page = factories.ArticlePageFactory(parent=section)
    on(topic, "Found")
    page.page_topics = [type(page).page_topics.rel.related_model(topic=topic)]
    page.save_revision()
    assert offered(administrator_client, page) == [("Found", "Article · Floods")]


def test_people_named_in_the_text_are_offered_as_the_text_has_them(administrator_client, people, draft):
    for name in ("Ada Person", "Zoë Müller", "Bo Granada", "Carl Contributor", "Lea Linked"):
        factories.PersonPageFactory(parent=people, title=name)
    by_name = {page.title: page for page in people.get_children()}
    factories.ContributionFactory(page=draft, person=by_name["Carl Contributor"].specific, role="author")
    factories.ContentLinkFactory(source=draft, target=by_name["Lea Linked"])
    words = "<p>Dr A. Person’s reply to Carl Contributor.</p><p>Lea Linked, Zoe Muller and Granada.</p>"
    write(ContentPage.objects.get(pk=draft.pk).specific, words)
    assert offered(administrator_client, draft) == [("Ada Person", "“A. Person”"), ("Zoë Müller", "“Zoe Muller”")]


def test_words_of_a_transcript_and_a_summary_are_read_too(administrator_client, section, people):
    for name in ("Ada Person", "Sam Speech"):
        factories.PersonPageFactory(parent=people, title=name)
    transcript = json.dumps([{"type": "speech", "value": {"label": "", "time": "", "text": "<p>Sam Speech came.</p>"}}])
    film = factories.VideoPageFactory(parent=section, summary="With Ada Person.", transcript=transcript)
    assert [title for title, _ in offered(administrator_client, film)] == ["Ada Person", "Sam Speech"]


def test_hidden_pages_are_offered_with_the_reason_and_last(administrator_client, draft, topic, people):
    on(topic, "Unfinished", live=False)
    closed = on(topic, "Closed", display_date="2001-01-01")
    PageViewRestriction.objects.create(page=closed, restriction_type="login")
    on(topic, "Open", display_date="2000-01-01")
    factories.PersonPageFactory(parent=people, title="Ada Person", live=False)
    write(ContentPage.objects.get(pk=draft.pk).specific, "<p>Ada Person</p>")
    assert offered(administrator_client, draft) == [
        ("Open", "Article · Floods"),
        ("Unfinished", "Article · Floods · hidden from readers: a draft"),
        ("Closed", "Article · Floods · hidden from readers: private"),
        ("Ada Person", "“Ada Person” · hidden from readers: a draft"),
    ]


def test_nothing_is_told_of_what_an_account_may_not_see(home, people):
    """An editor of one section is not told what another section prepares."""
    mine, theirs = (factories.SectionPageFactory(parent=home) for _ in range(2))
    own = factories.ArticlePageFactory(parent=mine)
    for title, live in (("Nightingale", False), ("Open topic", True)):
        topic = factories.TopicPageFactory(parent=theirs, title=title, live=live)
        factories.PageTopicFactory(page=own, topic=topic)
        on(topic, f"Hidden on {title}", live=False)
        on(topic, f"Public on {title}")
    factories.PersonPageFactory(parent=people, title="Owl Secret", live=False)
    own.body = json.dumps([{"type": "paragraph", "value": "<p>Owl Secret</p>", "id": "1"}])
    own.save()
    assert offered(client_of(editor_of(mine)), own) == [("Public on Open topic", "Article · Open topic")]


@pytest.mark.parametrize(
    ("who", "status"), [("of the page", 200), ("of another section", 302), ("moderator", 302), ("reader", 302), ("nobody", 302)]
)
def test_proposals_are_for_those_who_edit_the_page(client, home, section, article, moderator, reader, who, status):
    accounts = {
        "of the page": lambda: editor_of(section),
        "of another section": lambda: editor_of(factories.SectionPageFactory(parent=home)),
        "moderator": lambda: moderator,
        "reader": lambda: reader,
    }
    visitor = client_of(accounts[who]()) if who in accounts else client
    assert visitor.get(f"/admin/proposals/{article.pk}/").status_code == status


def test_page_that_is_none_has_no_proposals(administrator_client, section):
    assert [administrator_client.get(f"/admin/proposals/{key}/").status_code for key in (0, section.pk)] == [404, 404]


def test_button_has_what_fills_a_row(administrator_client, draft, topic):
    page = on(topic, 'A "quoted" title')
    soup = BeautifulSoup(administrator_client.get(f"/admin/proposals/{draft.pk}/").content, "html.parser")
    button = soup.select_one("[data-propose]")
    assert {name: button[f"data-{name}"] for name in ("propose", "field", "key", "title", "edit")} == {
        "propose": "links",
        "field": "target",
        "key": str(page.pk),
        "title": 'A "quoted" title',
        "edit": f"/admin/pages/{page.pk}/edit/",
    }


def test_proposals_cost_the_same_for_2_and_for_12(administrator_client, section, people, draft, topic):
    def add(*places):
        for place in places:
            on(topic, f"Piece {place}")
            factories.PersonPageFactory(parent=people, title=f"Ada Person{chr(97 + place)}")

    words = " and ".join(f"Ada Person{chr(97 + place)}" for place in range(12))
    write(ContentPage.objects.get(pk=draft.pk).specific, f"<p>{words}</p>")
    add(0, 1)
    few = queries_of(administrator_client, f"/admin/proposals/{draft.pk}/")
    add(*range(2, 12))
    assert queries_of(administrator_client, f"/admin/proposals/{draft.pk}/") == few
    assert len(offered(administrator_client, draft)) == 16


def test_a_text_without_end_is_read_as_far_as_it_is_bounded(administrator, people, draft, monkeypatch):
    monkeypatch.setattr("pages.proposals.LONGEST", 40)
    factories.PersonPageFactory(parent=people, title="Ada Person")
    draft.body = json.dumps([{"type": "paragraph", "value": f"<p>{'x ' * 40}Ada Person</p>", "id": "1"}])
    cache.clear()
    assert proposals_for(draft, administrator).people == []


def test_key_that_no_database_holds_is_no_page(administrator_client):
    assert administrator_client.get(f"/admin/proposals/{'9' * 30}/").status_code == 404
