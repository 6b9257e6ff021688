"""Phrases, beginnings, mistyped and missing words, orders, and the numbers beside the filters."""

import datetime
from importlib import import_module
from types import SimpleNamespace

import psycopg
import pytest
from bs4 import BeautifulSoup
from django.db import OperationalError, connection
from django.test.utils import CaptureQueriesContext
from wagtail.contrib.redirects.models import Redirect
from wagtail.models import PageViewRestriction

from pages.models import Contribution, Format, PageTopic, SearchEntry, SearchWord
from pages.search import finding, indexing, postgresql, store
from pages.search import query as asking
from tests import factories

pytestmark = pytest.mark.django_db


def ask(client, words, **query):
    indexing.catch_up()
    return client.get("/search/", {"q": words, **query})


def titles(client, words, **query) -> list[str]:
    return [result.page.title for result in ask(client, words, **query).context["results"]]


def article(section, title, text="", **values):
    return factories.ArticlePageFactory(parent=section, title=title, body=[("paragraph", f"<p>{text}</p>")], **values)


def outcome(response) -> list[str]:
    """What the page says of how the search went."""
    soup = BeautifulSoup(response.content, "html.parser")
    return [" ".join(line.get_text().split()) for line in soup.select(".search-page__instead, .search-page__bar .count")]


def test_phrase_is_found_where_its_words_stand_side_by_side(client, section):
    article(section, "Apart", "A dry cellar and a long street.")
    article(section, "Together", "A dry street.")
    assert titles(client, '"dry street"') == ["Together"]
    assert titles(client, "dry street") == ["Together", "Apart"]


def test_beginning_of_a_word_is_found_where_it_is_asked_for(client, section):
    article(section, "Floodplains")
    article(section, "Flowers")
    assert titles(client, "floodp*") == ["Floodplains"]


@pytest.mark.parametrize("words", ["housi*", "housing*", "organisat*", "regula*", "everythin*"])
def test_beginning_may_be_longer_than_what_the_index_keeps_of_the_word(client, section, words):
    article(section, "Housing organisations and everything", "Drafts of regulations.")
    assert titles(client, words) == ["Housing organisations and everything"]


def test_beginning_is_held_against_words_and_not_cut_itself(client, section):
    article(section, "Households")
    article(section, "Houses")
    assert titles(client, "housing*") == ["Houses"]
    assert titles(client, "household*") == ["Households"]


def test_beginning_may_end_a_phrase_of_joined_words(client, section):
    article(section, "Self-regulation")
    article(section, "Regulation of the self")
    assert titles(client, "self-regulat*") == ["Self-regulation"]


def test_beginning_that_is_longer_than_its_stem_is_found_in_each_language(client, section, settings):
    """Where a word is the same in two languages and its stem is not, the index holds either."""
    settings.WAGTAIL_CONTENT_LANGUAGES = [("de", "Deutsch"), ("en", "English")]
    article(section, "Regulation")
    indexing.catch_up()
    SearchWord.objects.filter(word="regulation").update(stem="regulation")
    assert titles(client, "regulat*") == ["Regulation"]


def test_beginning_costs_one_query_and_words_none(db):
    def cost(words):
        with CaptureQueriesContext(connection) as queries:
            asking.parse(words)
        return len(queries)

    assert cost("flood plain") == 1  # for synonyms
    assert cost("flood*") == cost("plain flood*") == 2


def test_beginning_of_a_word_is_found_where_nothing_else_is(client, section):
    article(section, "Hydrological surveys")
    assert titles(client, "hydrolog") == ["Hydrological surveys"]


def test_pages_with_an_unwanted_word_are_left_out(client, section):
    article(section, "Floods by day")
    article(section, "Floods by night")
    assert titles(client, "floods -night") == ["Floods by day"]


@pytest.mark.parametrize("words", ["dry street -rotten", '"dry street" -rotten', 'dry -"rotten culvert"'])
def test_unwanted_word_counts_wherever_it_stands(client, section, words):
    """In a title that is asked for, and beside a passage that holds the phrase."""
    article(section, "Dry street", "A rotten culvert.")
    body = [("paragraph", "<p>The dry street.</p>"), ("heading", {"text": "Else", "level": "2"})]
    other = [*body, ("paragraph", "<p>A rotten culvert.</p>")]
    factories.ArticlePageFactory(parent=section, title="Of old", body=other)
    factories.ArticlePageFactory(parent=section, title="Of late", body=body)
    assert titles(client, words) == ["Of late"]


@pytest.mark.parametrize("typed", ["hosuing", "houssing", "housng", "huosing", "Hosuing"])
def test_mistyped_word_is_understood(client, section, typed):
    article(section, "Housing after the flood")
    response = ask(client, f"{typed} flood")
    assert [result.page.title for result in response.context["results"]] == ["Housing after the flood"]
    assert outcome(response) == [f"Nothing holds “{typed} flood”. These pages hold housing flood.", "1 page"]


def test_no_word_is_offered_that_stands_only_where_nobody_may_look(client, section):
    secret = article(section, "Zwiebelmuster")
    article(section, "A street")
    indexing.catch_up()
    type(secret).objects.filter(pk=secret.pk).update(expire_at="2001-01-01T00:00Z")
    response = ask(client, "zwiebelmustre")
    assert response.context["results"] == []
    assert b"zwiebelmuster" not in response.content.lower()


def test_page_with_all_words_but_one_is_better_than_none(client, section):
    article(section, "The price of a dry street")
    response = ask(client, "price of a dry cathedral")
    assert [result.page.title for result in response.context["results"]] == ["The price of a dry street"]
    assert outcome(response)[0] == "No page holds all words of “price of a dry cathedral”. These hold all but one."


def test_whole_title_is_better_than_its_beginning_and_that_than_its_words(client, section):
    article(section, "Street and a dry house", display_date=datetime.date(2026, 3, 1))
    article(section, "Dry street of all streets", display_date=datetime.date(2026, 2, 1))
    article(section, "Dry street", display_date=datetime.date(2020, 1, 1))
    assert titles(client, "dry street") == ["Dry street", "Dry street of all streets", "Street and a dry house"]


def test_sentence_that_somebody_remembers_is_better_than_its_words_here_and_there_in_a_summary(client, section):
    summary = "After the street: a river, and how the water rose above it."
    article(section, "About", summary=summary, display_date=datetime.date(2026, 3, 1))
    article(section, "Remembered", "That night the river rose above the street.", display_date=datetime.date(2020, 1, 1))
    article(section, "River rose above the street", display_date=datetime.date(2019, 1, 1))
    asked = "the river rose above the street"
    assert titles(client, asked) == ["Remembered", "River rose above the street", "About"]
    assert titles(client, asked.removeprefix("the ")) == ["River rose above the street", "Remembered", "About"]
    assert titles(client, "river street") == ["River rose above the street", "About", "Remembered"]


def test_title_that_holds_the_words_side_by_side_is_better_than_one_that_has_them_apart(client, section):
    article(section, "Dry, wide street", display_date=datetime.date(2026, 3, 1))
    article(section, "The price and use of a dry street", display_date=datetime.date(2020, 1, 1))
    assert titles(client, "dry street") == ["The price and use of a dry street", "Dry, wide street"]


def test_newest_first_when_asked_for(client, section):
    for year in (2021, 2024, 2022):
        article(section, f"Street {year}", display_date=datetime.date(year, 1, 1))
    assert titles(client, "street", sort="date") == ["Street 2024", "Street 2022", "Street 2021"]


def facets(response) -> dict[str, list]:
    return {facet.label: [(choice.label, choice.number) for choice in facet.choices] for facet in response.context["facets"]}


@pytest.fixture
def shelf(section, person):
    """Three pages on culverts: a report in two formats on two topics, an article by its author, and an old film."""
    floods, maps = (factories.TopicPageFactory(parent=section, title=name, slug=name.lower()) for name in ("Floods", "Maps"))
    report = factories.PublicationPageFactory(
        parent=section,
        title="Culvert report",
        display_date=datetime.date(2026, 1, 1),
        contributions=[Contribution(person=person)],
    )
    report.formats = [Format(kind="pdf", sort_order=0), Format(kind="epub", sort_order=1), Format(kind="pdf", sort_order=2)]
    report.save()
    note = article(section, "Culvert note", display_date=datetime.date(2026, 2, 1), contributions=[Contribution(person=person)])
    film = factories.VideoPageFactory(parent=section, title="Culvert film", display_date=datetime.date(2020, 1, 1))
    for page, topic in ((report, floods), (report, maps), (film, floods)):
        factories.PageTopicFactory(page=page, topic=topic)
    return {"floods": floods, "maps": maps, "report": report, "note": note, "film": film, "person": person}


def test_each_way_to_narrow_says_how_many_it_leaves(client, shelf):
    assert facets(ask(client, "culvert")) == {
        "Type": [("Article", 1), ("Publication", 1), ("Video", 1)],
        "Topic": [("Floods", 2), ("Maps", 1)],
        "Person": [(shelf["person"].title, 2)],
        "Year": [("2026", 2), ("2020", 1)],
        "Format": [("EPUB", 1), ("PDF", 1)],
    }


def test_numbers_follow_what_is_published(client, shelf):
    ask(client, "culvert")
    note, film = shelf["note"], shelf["film"]
    note.page_topics.add(PageTopic(topic=shelf["maps"]))
    note.contributions.clear()
    note.save_revision().publish()
    film.unpublish()
    numbers = facets(ask(client, "culvert"))
    assert (numbers["Topic"], numbers["Person"]) == ([("Maps", 2), ("Floods", 1)], [(shelf["person"].title, 1)])


def test_entries_of_an_older_hub_are_counted_too(client, shelf):
    expected = facets(ask(client, "culvert"))
    SearchEntry.objects.update(counted="")
    assert "Topic" not in facets(ask(client, "culvert"))
    with connection.cursor() as cursor:  # SQLite's editor of schemas takes no part in a test's transaction
        editor = SimpleNamespace(connection=connection, execute=cursor.execute)
        import_module("pages.migrations.0016_counted_entries").fill(None, editor)
    assert facets(ask(client, "culvert")) == expected


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ({"person": "{person}"}, ["Culvert note", "Culvert report"]),
        ({"format": "epub"}, ["Culvert report"]),
        ({"topic": "floods", "year": "2020"}, ["Culvert film"]),
        ({"topic": "floods", "person": "{person}"}, ["Culvert report"]),
        ({"person": "nobody"}, []),
        ({"format": "papyrus"}, ["Culvert film", "Culvert note", "Culvert report"]),
        ({"discussion": "yes"}, []),
    ],
)
def test_filters_are_combined(client, shelf, query, expected):
    query = {name: value.format(person=shelf["person"].slug) for name, value in query.items()}
    assert sorted(titles(client, "culvert", **query)) == expected


def test_topic_and_person_are_found_by_slugs_of_their_past(client, shelf):
    Redirect.objects.create(old_path="/everything/high-water", redirect_page=shelf["floods"])
    Redirect.objects.create(old_path="/people/maiden-name", redirect_page=shelf["person"])
    assert titles(client, "culvert", topic="high-water", person="maiden-name") == ["Culvert report"]
    assert ask(client, "culvert", topic="high-water").context["chosen"].topic == "floods"


def test_choice_is_taken_and_taken_off_by_links_that_keep_the_others(client, shelf):
    def links(query):
        response = ask(client, "culvert", **query)
        return {choice.label: choice.query for facet in response.context["facets"] for choice in facet.choices}

    assert links({"topic": "floods"})["2020"] == "q=culvert&topic=floods&year=2020"
    assert links({"topic": "floods", "year": "2020"})["Floods"] == "q=culvert&year=2020"


def test_topic_and_person_that_readers_may_not_see_are_no_choice(client, shelf):
    for page in (shelf["floods"], shelf["person"]):
        PageViewRestriction.objects.create(page=page, restriction_type="login")
    response = ask(client, "culvert")
    assert facets(response).get("Topic") == [("Maps", 1)]
    assert "Person" not in facets(response)


def test_topics_of_one_slug_are_one_choice_that_leaves_the_pages_of_both(client, home, shelf):
    other = factories.TopicPageFactory(parent=factories.SectionPageFactory(parent=home), title="Floods of old", slug="floods")
    factories.PageTopicFactory(page=shelf["note"], topic=other)
    assert facets(ask(client, "culvert"))["Topic"] == [("Floods", 3), ("Maps", 1)]
    assert len(titles(client, "culvert", topic="floods")) == 3


def test_more_than_the_bound_are_said_to_be_more(client, section, monkeypatch):
    monkeypatch.setattr(finding, "MOST", 3)
    for place in range(5):
        article(section, f"Culvert {place}")
    response = ask(client, "culvert")
    assert len(response.context["found"].keys) == 3
    assert response.context["found"].capped
    assert "3+" in BeautifulSoup(response.content, "html.parser").select_one(".facet__number").get_text()


def suggested(client, words) -> list[dict]:
    indexing.catch_up()
    return client.get("/search/suggestions/", {"q": words}).json()["suggestions"]


def test_titles_are_suggested_as_one_types(client, section, person):
    page = article(section, "The price of a dry street")
    article(section, "Something else")
    expected = [{"text": page.title, "kind": "Article", "url": page.url}]
    assert [suggested(client, words) for words in ("pri", "price of", "the price of a dr")] == [expected] * 3
    assert suggested(client, person.title.split()[0][:3])[0] == {"text": person.title, "kind": "Person", "url": person.url}
    assert suggested(client, "") == suggested(client, "x" * 300) == []


def test_suggestion_stays_while_its_word_is_typed_to_the_end(client, section):
    page = article(section, "Housing regulations")
    for word in ("housing", "housing regulations"):
        typed = [word[:end] for end in range(len(word) - 5, len(word) + 1)]
        assert {words: [row["text"] for row in suggested(client, words)] for words in typed} == dict.fromkeys(typed, [page.title])


def test_words_of_one_sign_each_are_suggested_once_there_are_two(client, section):
    page = article(section, "北京住房")
    assert [row["text"] for row in suggested(client, "北京")] == [page.title]
    assert suggested(client, "北") == suggested(client, "住房 北") == []


def test_hidden_page_is_not_suggested(client, section):
    page = article(section, "Zwiebelmuster")
    indexing.catch_up()
    type(page).objects.filter(pk=page.pk).update(live=False)
    assert suggested(client, "zwieb") == []


def test_what_has_no_date_comes_last(client, section, people):
    factories.PersonPageFactory(parent=people, title="Ada Culvert")
    article(section, "Culvert", display_date=datetime.date(2020, 1, 1))
    assert titles(client, "culvert", sort="date") == ["Culvert", "Ada Culvert"]


@pytest.mark.parametrize("latest", [(0, 1), (1, 2), (1, 8), (2, 6), (3, 6), (5, 7), (8, 9), (100, 300)])
def test_newest_are_the_same_however_many_of_the_latest_are_looked_at_first(client, section, people, monkeypatch, latest):
    monkeypatch.setattr(postgresql, "LATEST", latest)
    monkeypatch.setattr(finding, "MOST", 3)
    factories.PersonPageFactory(parent=people, title="Ada Culvert")
    for number, day in enumerate((2, 1, 3, 3, 2)):
        article(section, f"Old culvert {number}", display_date=datetime.date(2020, 1, day))
        article(section, f"Street {number}", display_date=datetime.date(2021, 1, day))
    assert titles(client, "culvert", sort="date") == ["Old culvert 3", "Old culvert 2", "Old culvert 4"]
    assert titles(client, "culvert -old", sort="date") == ["Ada Culvert"]
    assert titles(client, "culvert", sort="date", since="2020-01-03") == ["Old culvert 3", "Old culvert 2"]


def test_title_is_found_behind_however_many_newer_pages(client, section, monkeypatch):
    topic = factories.TopicPageFactory(parent=section, title="Culverts", display_date=datetime.date(2000, 1, 1))
    for number in range(5):
        page = article(section, f"Street {number}")
        factories.PageTopicFactory(page=page, topic=topic)
    monkeypatch.setattr(finding, "MOST", 3)
    assert titles(client, "culverts")[0] == "Culverts"


def test_no_word_is_spared_where_a_filter_keeps_the_pages_away(client, section):
    article(section, "Dry street", display_date=datetime.date(2024, 1, 1))
    article(section, "Dry house", display_date=datetime.date(2025, 1, 1))
    response = ask(client, "dry street", year="2025")
    assert response.context["results"] == []
    assert "Nothing was found" in response.content.decode()


@pytest.mark.parametrize("words", ["street -street", '"dry street" -"dry street"'])
def test_what_is_asked_for_and_ruled_out_is_not_looked_up(client, section, words):
    article(section, "Dry street")
    assert ask(client, words).context["found"].keys == []


def test_search_that_is_too_much_says_so(client, section, monkeypatch):
    def give_up(*args):
        raise store.TooMuch

    monkeypatch.setattr(finding, "look_up", give_up)
    response = ask(client, "street")
    assert response.status_code == 200
    assert "Look for fewer or rarer words" in response.content.decode()


@pytest.mark.skipif(connection.vendor != "postgresql", reason="SQLite knows no such bound")
def test_postgresql_gives_up_what_takes_too_long_and_goes_on(db, monkeypatch):
    monkeypatch.setitem(store.SETTINGS, "statement_timeout", 20)
    with pytest.raises(store.TooMuch), store.bounded(), connection.cursor() as cursor:
        cursor.execute("SELECT pg_sleep(5)")
    with connection.cursor() as cursor:
        cursor.execute("SHOW statement_timeout")
        assert cursor.fetchone() == ("0",)


@pytest.mark.skipif(connection.vendor != "postgresql", reason="SQLite knows no such bound")
def test_giving_up_is_known_in_whatever_language_the_server_says_it(db):
    said = psycopg.errors.QueryCanceled("storniere Anfrage wegen Zeitüberschreitung der Anfrage")
    with pytest.raises(store.TooMuch), store.bounded():
        raise OperationalError(str(said)) from said


def test_topic_that_readers_may_not_see_narrows_nothing(client, shelf):
    PageViewRestriction.objects.create(page=shelf["floods"], restriction_type="login")
    assert titles(client, "culvert", topic="floods") == titles(client, "culvert", topic="nothing") == []
