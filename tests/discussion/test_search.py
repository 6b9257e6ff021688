"""Search in comments: what is found, what never is, and that the index follows what is said."""

import pytest
from bs4 import BeautifulSoup
from wagtail.models import PageViewRestriction

from discussion import search
from discussion.editing import edit_comment
from discussion.models import CommentWords, Discussion, PageComment
from discussion.transitions import decide
from pages.search import indexing
from pages.search import query as asking
from tests import factories
from tests.pages.counting import queries_of

pytestmark = pytest.mark.django_db


def found(client, words, **query) -> list[str]:
    """The passages of the comments that a search shows."""
    search.index_new()
    soup = BeautifulSoup(client.get("/search/comments/", {"q": words, **query}).content, "html.parser")
    return [" ".join(passage.get_text().split()) for passage in soup.select(".found-page__passage")]


@pytest.fixture
def said(article):
    return factories.comment(article, text="The *culverts* held, and the gates too.")


def test_comment_is_found_by_forms_of_its_words_and_leads_to_its_place(client, said):
    search.index_new()
    soup = BeautifulSoup(client.get("/search/comments/?q=culvert+gate").content, "html.parser")
    (result,) = soup.select(".found-page")
    assert [mark.get_text() for mark in result.select("mark")] == ["culverts", "gates"]
    assert client.get(result.select_one("a")["href"]).status_code == 302


def test_emphasis_within_a_word_or_before_a_stop_does_not_part_what_is_shown(client, article):
    factories.comment(article, text="An un*believ*able *culvert*.")
    assert found(client, "unbelievable") == ["An unbelievable culvert."]


@pytest.mark.parametrize("state", ["pending", "spam", "rejected", "removed", "unconfirmed"])
def test_comment_that_readers_do_not_see_is_not_found(client, article, state):
    comment = factories.comment(article, text="The culvert held.")
    search.index_new()
    PageComment.objects.filter(pk=comment.pk).update(state=state)
    assert found(client, "culvert") == []


def test_reply_beneath_a_hidden_comment_is_not_found(client, article):
    reply = factories.comment(article, text="The culvert held.", reply_to=factories.comment(article))
    search.index_new()
    PageComment.objects.filter(pk=reply.pk).update(hidden_by_ancestor=True)
    assert found(client, "culvert") == []


@pytest.mark.parametrize("hidden", ["page", "above", "discussion"])
def test_comment_is_not_found_where_its_page_or_discussion_is_hidden(client, section, article, said, hidden):
    search.index_new()
    if hidden == "page":
        type(article).objects.filter(pk=article.pk).update(expire_at="2001-01-01T00:00Z")
    elif hidden == "above":
        PageViewRestriction.objects.create(page=section, restriction_type="login")
    else:
        Discussion.objects.filter(page=article).update(override="off")
    assert found(client, "culvert") == []


@pytest.mark.parametrize("looks", [1, 5])
def test_comments_that_readers_may_not_see_neither_hide_others_nor_are_counted(client, section, monkeypatch, looks):
    monkeypatch.setattr(search, "LOOKS", looks)
    monkeypatch.setattr(search, "MOST", 3)
    monkeypatch.setattr(search, "COUNTED", 2)
    public, private = (factories.ArticlePageFactory(parent=section) for _ in range(2))
    factories.comment(public, text="The culvert held.")
    for number in range(9):
        factories.comment(private, text=f"Culvert {number}.")
    PageViewRestriction.objects.create(page=private, restriction_type="login")
    search.index_new()
    seen, more = search.find(asking.parse("culvert"), most=3)
    assert (len(seen), more) == (1 if looks == 5 else 0, False)
    assert search.found_beside_pages("culvert").get("number") == ("1" if looks == 5 else None)


def test_changed_comment_is_found_by_its_new_words_only(client, article, said):
    search.index_new()
    edit_comment(said, "The sluice held.", by=None, hold=False)
    assert found(client, "culvert") == []
    assert found(client, "sluice") == ["The sluice held."]


def test_erased_comment_leaves_no_word_in_the_index(article, said):
    search.index_new()
    assert CommentWords.objects.filter(pk=said.pk).exists()
    decide([said.pk], "erased", by=None)
    search.index_missing()
    assert not CommentWords.objects.filter(pk=said.pk).exists()


def test_comment_that_was_erased_while_it_waited_is_not_indexed(said):
    decide([said.pk], "erased", by=None)
    search.write([said.pk])
    assert not CommentWords.objects.exists()


def test_words_without_a_comment_that_says_them_are_forgotten(said):
    search.index_new()
    PageComment.objects.filter(pk=said.pk).update(body_html="")
    search.index_missing()
    assert not CommentWords.objects.exists()


def test_newest_stand_first_when_asked_for(client, article):
    for number in range(3):
        factories.comment(article, text=f"Culvert number {number}")
    assert found(client, "culvert", sort="date") == [f"Culvert number {number}" for number in (2, 1, 0)]


def test_pages_say_how_many_comments_there_are_beside_them(client, article, said):
    search.index_new()
    indexing.catch_up()
    tab = BeautifulSoup(client.get("/search/?q=culvert").content, "html.parser").select_one(".search-tabs a")
    assert (tab["href"], " ".join(tab.get_text().split())) == ("/search/comments/?q=culvert", "Comments 1")
    assert not BeautifulSoup(client.get("/search/?q=street").content, "html.parser").select(".search-tabs")


def test_pages_with_comments_are_one_way_to_narrow_a_search(client, section, article, said):
    other = factories.ArticlePageFactory(parent=section, title="Another street")
    indexing.catch_up()
    keys = {result.page.pk for result in client.get("/search/?q=street").context["results"]}
    narrowed = client.get("/search/?q=street&discussion=yes").context["results"]
    assert keys == {article.pk, other.pk}
    assert [result.page.pk for result in narrowed] == [article.pk]


# What the section, the page and the moderator say → whether readers see what was said
SHOWN = [
    ("open", "inherit", "", True),
    ("open", "closed", "", True),
    ("open", "off", "", False),
    ("off", "inherit", "", False),
    ("off", "open", "", True),
    ("open", "inherit", "off", False),
    ("off", "inherit", "closed", True),
]


@pytest.mark.parametrize(("of_section", "of_page", "override", "shown"), SHOWN)
def test_page_counts_as_discussed_where_that_is_shown(client, home, article, said, of_section, of_page, override, shown):
    section = factories.SectionPageFactory(parent=home, discussion_mode=of_section)
    page = factories.ArticlePageFactory(parent=section, title="Another street", discussion_mode=of_page)
    factories.comment(page, text="The culvert held.")
    Discussion.objects.filter(page=page).update(override=override)
    indexing.catch_up()
    everything = client.get("/search/?q=street").context["facets"]
    narrowed = client.get("/search/?q=street&discussion=yes").context["results"]
    assert [choice.number for facet in everything if facet.label == "Discussion" for choice in facet.choices] == [1 + shown]
    assert (page.pk in {result.page.pk for result in narrowed}) is shown
    assert len(narrowed) == 1 + shown


def test_pages_with_comments_cost_the_same_queries_for_two_as_for_twelve(client, home):
    def add(number):
        for place in range(number):
            section = factories.SectionPageFactory(parent=home, title=f"Section {number} {place}")
            factories.comment(factories.ArticlePageFactory(parent=section, title=f"Street {number} {place}"))
        indexing.catch_up()

    add(2)
    few = queries_of(client, "/search/?q=street&discussion=yes")
    add(10)
    assert queries_of(client, "/search/?q=street&discussion=yes") == few


def test_search_in_comments_costs_the_same_queries_for_two_as_for_twelve(client, section):
    def add(number):
        for place in range(number):
            page = factories.ArticlePageFactory(parent=section, title=f"Page {number} {place}")
            factories.comment(page, text="The culvert held.")
        search.index_new()

    add(2)
    few = queries_of(client, "/search/comments/?q=culvert")
    add(10)
    assert queries_of(client, "/search/comments/?q=culvert") == few


@pytest.mark.parametrize("words", ["", '"', "(((", "-", "\x00", "x" * 500, "culvert OR", "*"])
def test_no_question_breaks_it(client, said, words):
    search.index_new()
    assert client.get("/search/comments/", {"q": words}).status_code == 200
