"""What hangs on a page is read with it, and is the same as the database or the draft has."""

from datetime import date

import pytest
from wagtail.models import Page

from pages.models import ArticlePage, TopicPage, TopicPick
from pages.models.own_rows import own_rows
from tests import factories

pytestmark = pytest.mark.django_db


@pytest.fixture
def full(section, person):
    """``{address: page}``: an article and a topic with several rows of every kind, not in the order of their keys."""
    topic = factories.TopicPageFactory(parent=section, slug="topic")
    article = factories.ArticlePageFactory(parent=section, slug="article")
    for place, name in ((2, "Zoë “the second” Person"), (1, "Ada Person"), (3, "")):
        factories.ContributionFactory(page=article, sort_order=place, name=name, person=None if name else person)
        factories.ContributionFactory(page=topic, sort_order=place, name=name, person=None if name else person)
    for place in (2, 1):
        factories.PageTopicFactory(page=article, topic=factories.TopicPageFactory(parent=section), sort_order=place)
        TopicPick.objects.create(topic=topic, page=factories.ArticlePageFactory(parent=section), sort_order=place)
    for page in (article, topic):
        factories.ContentLinkFactory(source=page, target=person, sort_order=5, note="Why\nthere?")
        elsewhere = {"address": "https://example.org/?a=1&b=“2”", "title": "Elsewhere", "date": date(2024, 2, 29)}
        factories.ContentLinkFactory(source=page, target=None, sort_order=4, **elsewhere)
    return {"article": article, "topic": topic}


def routed(rf, page) -> Page:
    return Page.route_for_request(rf.get(page.url), page.get_url_parts()[2]).page


def values(rows) -> list[dict]:
    return [{field.attname: getattr(row, field.attname) for field in row._meta.concrete_fields} for row in rows]


@pytest.mark.parametrize(
    ("slug", "name"),
    [("article", name) for name in ArticlePage.READ_WITH_IT] + [("topic", name) for name in TopicPage.READ_WITH_IT],
)
def test_rows_that_came_with_a_page_are_those_of_the_database(rf, full, django_assert_num_queries, slug, name):
    page = routed(rf, full[slug])
    with django_assert_num_queries(0):
        rows = own_rows(page, name)
    there = type(page).objects.get(pk=page.pk)
    assert values(rows) == values(getattr(there, name).order_by("sort_order", "pk")) == values(own_rows(there, name))
    assert [type(row) for row in rows] == [getattr(there, name).model] * len(rows)
    assert bool(rows) == ((slug, name) != ("topic", "page_topics"))
    with django_assert_num_queries(0):
        assert all(getattr(row, page._meta.get_field(name).remote_field.name) is page for row in rows)


def test_page_without_rows_has_none_and_asks_for_none(rf, section, django_assert_num_queries):
    page = routed(rf, factories.ArticlePageFactory(parent=section, slug="bare"))
    with django_assert_num_queries(0):
        assert [own_rows(page, name) for name in page.READ_WITH_IT] == [[], [], []]


def test_draft_has_its_own_rows(full):
    article = full["article"]
    article.contributions.set(article.contributions.all()[1:2])
    draft = article.save_revision().as_object()
    assert [row.name for row in own_rows(draft, "contributions")] == ["Zoë “the second” Person"]
    assert len(own_rows(ArticlePage.objects.get(pk=article.pk), "contributions")) == 3


def test_every_screen_shows_what_came_with_its_page(client, full):
    shown = client.get(full["article"].url).text
    assert shown.index("Ada Person") < shown.index("Zoë “the second” Person")
    assert "https://example.org/?a=1&amp;b=“2”" in shown
    assert [page.pk for page in client.get(full["topic"].url).context["picks"]] == [
        row.page_id for row in full["topic"].picks.order_by("sort_order")
    ]
