"""Lists of content: what they hold, in which order, page by page, at a cost that does not grow."""

import datetime

import pytest
from bs4 import BeautifulSoup
from wagtail.contrib.redirects.models import Redirect
from wagtail.models import Page, PageViewRestriction

from pages.merging.merge import merge
from pages.models import CaptionTrack, ContentPage, HomePageFeature, TopicPage, VideoChapter
from pages.search import indexing
from tests import factories
from tests.pages.counting import queries_of

pytestmark = pytest.mark.django_db

HIDING = {
    "draft": {"live": False},
    "scheduled": {"go_live_at": "2999-01-01T00:00Z"},
    "expired": {"expire_at": "2001-01-01T00:00Z"},
}
SAME_DAY = datetime.date(2024, 5, 1)
LISTED = [
    factories.PublicationPageFactory,
    factories.InterviewPageFactory,
    factories.VideoPageFactory,
    factories.ArticlePageFactory,
]


def cards(client, address, **query) -> list[str]:
    """Titles of the cards in the main part of a page, in order."""
    soup = BeautifulSoup(client.get(address, query).content, "html.parser")
    return [link.get_text() for link in soup.select("main .card__title a")]


def articles(parent, number, **values):
    return [factories.ArticlePageFactory(parent=parent, title=f"Article {place:02}", **values) for place in range(number)]


def rich_article(parent, topic, people):
    """An article whose card shows everything that a card can show."""
    page = factories.ArticlePageFactory(parent=parent, image=factories.ImageFactory())
    for role in ("author", "editor"):
        factories.ContributionFactory(page=page, person=factories.PersonPageFactory(parent=people), role=role)
    factories.PageTopicFactory(page=page, topic=topic)
    factories.comment(page)
    return page


# What is listed


def test_section_lists_everything_of_the_kinds_that_are_listed_wherever_it_stands(client, home, section):
    elsewhere = factories.SectionPageFactory(parent=home)
    for make in LISTED:
        make(parent=elsewhere, title=make._meta.model.__name__)
    book = ContentPage.objects.get(title="PublicationPage")
    factories.ChapterPageFactory(parent=book)
    factories.TopicPageFactory(parent=section)
    factories.SeriesPageFactory(parent=section)
    assert cards(client, section.url) == ["ArticlePage", "VideoPage", "InterviewPage", "PublicationPage"]


@pytest.mark.parametrize("kind", ["publication", "interview", "video", "article", "topic", "series"])
def test_section_of_one_kind_lists_that_kind_alone(client, home, section, kind):
    factories.SeriesPageFactory(parent=section, title="series")
    factories.TopicPageFactory(parent=section, title="topic")
    for make, title in zip(LISTED, ["publication", "interview", "video", "article"], strict=True):
        make(parent=section, title=title)
    chosen = factories.SectionPageFactory(parent=home, lists=kind)
    assert cards(client, chosen.url) == [kind]


@pytest.mark.parametrize("change", HIDING.values(), ids=HIDING)
def test_what_readers_cannot_see_is_in_no_list(client, home, section, person, change):
    topic = factories.TopicPageFactory(parent=section, title="The topic")
    series = factories.SeriesPageFactory(parent=section)
    page = articles(section, 1)[0]
    factories.PageTopicFactory(page=page, topic=topic)
    factories.SeriesItemFactory(series=series, page=page)
    factories.ContributionFactory(page=page, person=person)
    HomePageFeature.objects.create(home=home, page=page)
    addresses = [home.url, section.url, topic.url, f"{topic.url}?type=article", series.url, f"{person.url}"]
    assert all("Article 00" in client.get(address).content.decode() for address in addresses)
    Page.objects.filter(pk=page.pk).update(**change)
    assert [address for address in addresses if "Article 00" in client.get(address).content.decode()] == []


@pytest.mark.parametrize("make_private", [False, True])
def test_private_pages_are_in_no_list_not_even_for_those_who_may_read_them(reader_client, home, section, make_private):
    closed = factories.SectionPageFactory(parent=home)
    page = articles(closed, 1)[0]
    if make_private:
        PageViewRestriction.objects.create(page=closed, restriction_type="login")
    expected = [] if make_private else ["Article 00"]
    assert cards(reader_client, section.url) == cards(reader_client, home.url) == expected
    assert reader_client.get(page.url).status_code == 200


def test_alias_is_in_no_list_beside_its_source(client, home, section):
    page = articles(section, 1)[0]
    page.create_alias(parent=factories.SectionPageFactory(parent=home))
    assert cards(client, section.url) == cards(client, home.url) == ["Article 00"]


# Order and pages


def test_lists_are_newest_first_and_of_the_same_day_the_latest_made_first(client, home, section):
    factories.ArticlePageFactory(parent=section, title="Newest", display_date=datetime.date(2024, 6, 1))
    articles(section, 3, display_date=SAME_DAY)
    factories.ArticlePageFactory(parent=section, title="Oldest", display_date=datetime.date(2023, 6, 1))
    expected = ["Newest", "Article 02", "Article 01", "Article 00", "Oldest"]
    assert cards(client, section.url) == cards(client, home.url) == expected


def test_every_page_of_a_long_list_is_shown_once(client, section):
    articles(section, 30, display_date=SAME_DAY)
    shown = [cards(client, section.url, page=number) for number in (1, 2, 3)]
    assert [len(part) for part in shown] == [12, 12, 6]
    assert sum(shown, []) == [f"Article {place:02}" for place in reversed(range(30))]


@pytest.mark.parametrize(
    ("asked", "given"),
    [("", 1), ("1", 1), ("2", 2), ("3", 3), ("4", 3), ("0", 3), ("-1", 3), ("abc", 1), ("1.5", 1), ("9" * 200, 3), ("2\x00", 1)],
)
def test_a_page_number_that_makes_no_sense_leads_to_the_nearest_page(client, section, asked, given):
    articles(section, 30)
    response = client.get(section.url, {"page": asked})
    assert (response.status_code, response.context["results"].number) == (200, given)


def test_the_way_through_a_list_keeps_its_filter(client, section):
    articles(section, 30, display_date=SAME_DAY)
    soup = BeautifulSoup(client.get(section.url, {"type": "article", "year": "2024", "page": "2"}).content, "html.parser")
    links = {link["rel"][0]: link["href"] for link in soup.select(".pagination a")}
    assert links == {"prev": "?type=article&year=2024&page=1", "next": "?type=article&year=2024&page=3"}


def test_front_shows_what_the_editors_chose_first_and_then_what_is_new_without_repeating_it(client, home, section):
    made = articles(section, 4)
    for place, page in enumerate([made[1], made[0]]):
        HomePageFeature.objects.create(home=home, page=page, sort_order=place)
    assert cards(client, home.url) == ["Article 01", "Article 00", "Article 03", "Article 02"]


def test_front_shows_the_newest_nine(client, home, section):
    articles(section, 12)
    assert cards(client, home.url) == [f"Article {place:02}" for place in range(11, 2, -1)]


def test_front_shows_chosen_pages_in_preview_as_the_draft_has_them(administrator_client, home, section):
    made = articles(section, 2)
    HomePageFeature.objects.create(home=home, page=made[0])
    home.features = [HomePageFeature(page=made[1].contentpage_ptr)]
    home.save_revision()
    response = administrator_client.get(f"/admin/pages/{home.pk}/view_draft/")
    assert [page.title for page in response.context["features"]] == ["Article 01"]


# Filters


@pytest.fixture
def mixed(home, section):
    topic = factories.TopicPageFactory(parent=home, title="Floods", slug="floods")
    factories.VideoPageFactory(parent=section, title="Film 2023", display_date=datetime.date(2023, 1, 1))
    factories.VideoPageFactory(parent=section, title="Film 2024", display_date=SAME_DAY)
    factories.ArticlePageFactory(parent=section, title="Article 2024", display_date=SAME_DAY)
    for title in ("Film 2023", "Article 2024"):
        factories.PageTopicFactory(page=ContentPage.objects.get(title=title), topic=topic)
    return topic


@pytest.mark.parametrize(
    ("query", "shown"),
    [
        ({}, ["Article 2024", "Film 2024", "Film 2023"]),
        ({"type": "video"}, ["Film 2024", "Film 2023"]),
        ({"topic": "floods"}, ["Article 2024", "Film 2023"]),
        ({"year": "2024"}, ["Article 2024", "Film 2024"]),
        ({"type": "video", "topic": "floods", "year": "2023"}, ["Film 2023"]),
        ({"type": "chapter"}, []),
        ({"type": "' OR 1=1 --"}, []),
        ({"topic": "flo\x00ods"}, ["Article 2024", "Film 2023"]),
        ({"year": "nonsense"}, ["Article 2024", "Film 2024", "Film 2023"]),
    ],
)
def test_section_is_narrowed_by_type_topic_and_year(client, section, mixed, query, shown):
    assert cards(client, section.url, **query) == shown


def test_section_finds_a_topic_by_a_slug_of_its_past(client, section, administrator, django_capture_on_commit_callbacks):
    old, into = (TopicPage.objects.get(pk=factories.TopicPageFactory(parent=section, slug=slug).pk) for slug in ("old", "into"))
    factories.PageTopicFactory(page=factories.ArticlePageFactory(parent=section, title="Under it"), topic=old)
    factories.ArticlePageFactory(parent=section, title="Not under it")
    old.slug = "renamed"
    with django_capture_on_commit_callbacks(execute=True):
        old.save_revision().publish()
    assert cards(client, section.url, topic="old") == ["Under it"]
    merge(old, into, by=administrator)
    for slug in ("old", "renamed"):
        assert cards(client, section.url, topic=slug) == ["Under it"]
    chosen = BeautifulSoup(client.get(section.url, {"topic": "old"}).content, "html.parser").select("#filter-topic [selected]")
    assert [option["value"] for option in chosen] == ["into"]
    assert queries_of(client, f"{section.url}?topic=old") == queries_of(client, f"{section.url}?topic=into") + 1


def test_slug_of_the_past_is_no_other_topics_while_one_has_it_and_leads_to_none_that_is_hidden(client, section):
    now, hidden = (factories.TopicPageFactory(parent=section, slug=slug, live=slug == "now") for slug in ("now", "hidden"))
    for topic in (now, hidden):
        factories.PageTopicFactory(page=factories.ArticlePageFactory(parent=section, title=f"On {topic.slug}"), topic=topic)
    Redirect.objects.create(old_path="/everything/now", redirect_page=hidden)
    Redirect.objects.create(old_path="/everything/before", redirect_page=hidden)
    assert cards(client, section.url, topic="now") == ["On now"]
    assert cards(client, section.url, topic="before") == []


def test_section_offers_the_years_topics_and_types_that_there_are(client, home, section, mixed):
    factories.TopicPageFactory(parent=home, title="Draft topic", live=False)
    context = client.get(section.url).context
    assert [(year["day"].year, year["number"]) for year in context["archive"]["years"]] == [(2024, 2), (2023, 1)]
    assert [topic.title for topic in context["topics"]] == ["Floods"]
    assert [kind for kind, _ in context["kinds"]] == ["publication", "interview", "video", "article"]


def test_section_of_one_kind_offers_no_choice_of_kinds(client, home):
    assert client.get(factories.SectionPageFactory(parent=home, lists="video").url).context["kinds"] == []


def test_an_empty_list_says_so(client, section, mixed):
    assert "Nothing fits" in client.get(section.url, {"year": "1999"}).content.decode()
    assert "Nothing fits" in client.get(mixed.url, {"year": "1999"}).content.decode()


def test_topic_gathers_its_pages_by_kind(client, mixed):
    groups = client.get(mixed.url).context["by_kind"]
    shown = [(group["kind"], [page.title for page in group["pages"]], group["more"]) for group in groups]
    assert shown == [("video", ["Film 2023"], False), ("article", ["Article 2024"], False)]


def test_topic_shows_six_of_a_kind_and_leads_to_the_others(client, section, mixed):
    for page in articles(section, 7, display_date=datetime.date(2025, 1, 1)):
        factories.PageTopicFactory(page=page, topic=mixed)
    (group,) = [group for group in client.get(mixed.url).context["by_kind"] if group["kind"] == "article"]
    assert ([page.title for page in group["pages"]], group["more"]) == ([f"Article {n:02}" for n in range(6, 0, -1)], True)
    assert cards(client, mixed.url, type="article") == [*(f"Article {n:02}" for n in range(6, -1, -1)), "Article 2024"]


# Cost


def test_lists_cost_the_same_number_of_queries_with_2_items_as_with_12(client, home, section, people, person):
    topic = factories.TopicPageFactory(parent=home, slug="floods")
    series = factories.SeriesPageFactory(parent=home)

    def add(number):
        for place in range(number):
            page = rich_article(section, topic, people)
            factories.SeriesItemFactory(series=series, page=page, sort_order=place)
            factories.ContributionFactory(page=page, person=person, role="speaker", sort_order=9)
        indexing.catch_up()

    def cost():
        addresses = {
            "front": home.url,
            "narrowed section": f"{section.url}?type=article&topic=floods",
            "topic": topic.url,
            "narrowed topic": f"{topic.url}?type=article",
            "series": series.url,
            "person": person.url,
            "people": people.url,
            "search": "/search/?q=reader&type=article",
            "search by date": "/search/?q=reader&sort=date",
            "suggestions": "/search/suggestions/?q=rea",
            "feed": "/feed/",
        }
        return {name: queries_of(client, address) for name, address in addresses.items()}

    add(2)
    few = cost()
    add(10)
    assert cost() == few


def test_section_costs_the_same_number_of_queries_with_8_items_as_with_12(client, section, people):
    """Its filters appear with the seventh item, and with them one query."""
    topic = factories.TopicPageFactory(parent=section)

    def cost_with(more):
        for _ in range(more):
            rich_article(section, topic, people)
        return queries_of(client, section.url)

    assert cost_with(8) == cost_with(4)


def test_front_costs_the_same_number_of_queries_with_2_chosen_pages_as_with_6(client, home, section, people):
    topic = factories.TopicPageFactory(parent=home)

    def cost_with(number):
        for _ in range(number):
            HomePageFeature.objects.create(home=home, page=rich_article(section, topic, people))
        rich_article(section, topic, people)
        return queries_of(client, home.url)

    assert cost_with(2) == cost_with(4)


@pytest.mark.parametrize("make", [factories.ChapterPageFactory, factories.InterviewPageFactory])
def test_publication_costs_the_same_number_of_queries_with_2_pages_beneath_it_as_with_12(client, section, make):
    def cost_with(number):
        book = factories.PublicationPageFactory(parent=section)
        for _ in range(number):
            factories.ContributionFactory(page=make(parent=book, image=factories.ImageFactory()), name="Ada Person")
        return queries_of(client, book.url)

    assert cost_with(2) == cost_with(12)


def test_shelf_costs_the_same_number_of_queries_with_2_files_as_with_12(client, section):
    def cost_with(number):
        book = factories.PublicationPageFactory(parent=section)
        for _ in range(number):
            factories.FormatFactory(page=book, document=factories.DocumentFactory())
        return queries_of(client, book.url)

    assert cost_with(2) == cost_with(12)


def test_captions_and_chapters_of_a_film_cost_the_same_number_of_queries_however_many(client, section):
    def cost_with(number):
        page = factories.VideoPageFactory(parent=section, address="", film=factories.MediaFactory())
        for place in range(number):
            CaptionTrack.objects.create(page=page, document=factories.DocumentFactory(), language=f"x{place}")
            VideoChapter.objects.create(page=page, time=f"0:{place:02}", title="Part")
        return queries_of(client, page.url)

    assert cost_with(2) == cost_with(12)


@pytest.mark.parametrize(
    ("number", "shown"),
    [
        (1, "Name 0"),
        (4, "Name 0, Name 1, Name 2, Name 3"),
        (5, "Name 0, Name 1, Name 2, Name 3 and others"),
        (9, "Name 0, Name 1, Name 2, Name 3 and others"),
    ],
)
def test_card_names_four_contributors_and_says_that_there_are_others(client, section, number, shown):
    page = factories.ArticlePageFactory(parent=section)
    for place in range(number):
        factories.ContributionFactory(page=page, person=None, name=f"Name {place}", sort_order=place)
    soup = BeautifulSoup(client.get(section.url).content, "html.parser")
    assert " ".join(soup.select_one("main .card__by").get_text().split()) == shown
