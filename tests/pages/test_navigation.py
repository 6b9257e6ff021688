"""Where a page stands: menu, way up, chapters before and after, place in a series."""

import pytest
from bs4 import BeautifulSoup
from wagtail.models import Page, PageViewRestriction, Site

from pages.models import ContentPage
from pages.navigation import breadcrumbs, menus, series_of, topics_of
from tests import factories

pytestmark = pytest.mark.django_db

HIDING = {
    "draft": {"live": False},
    "scheduled": {"go_live_at": "2999-01-01T00:00Z"},
    "expired": {"expire_at": "2001-01-01T00:00Z"},
}


def soup_of(client, page):
    return BeautifulSoup(client.get(page.url).content, "html.parser")


def titles(pages) -> list[str]:
    return [page.title for page in pages]


@pytest.fixture
def book(section):
    """A publication with three chapters."""
    book = factories.PublicationPageFactory(parent=section, title="The book", slug="the-book")
    for title in ("One", "Two", "Three"):
        factories.ChapterPageFactory(parent=book, title=title, slug=title.lower())
    return book


def chapter(book, title):
    return book.get_children().get(title=title).specific


def test_menu_holds_the_pages_that_editors_put_there_in_the_order_of_the_tree(client, home):
    for title, listed in [("About", True), ("Privacy", False), ("Topics", True)]:
        factories.StandardPageFactory(parent=home, title=title, show_in_menus=listed)
    assert titles(menus(Site.objects.get())["main"]) == ["About", "Topics"]
    menu = soup_of(client, home).select_one("nav.masthead__menu")
    assert [(link.get_text(), link["href"]) for link in menu.find_all("a")] == [("About", "/about/"), ("Topics", "/topics/")]


@pytest.mark.parametrize("change", HIDING.values(), ids=HIDING)
def test_menu_leaves_out_what_readers_cannot_see(home, change):
    page = factories.StandardPageFactory(parent=home, show_in_menus=True)
    Page.objects.filter(pk=page.pk).update(**change)
    assert menus(Site.objects.get())["main"] == []


def test_menu_leaves_out_private_pages(home):
    page = factories.StandardPageFactory(parent=home, show_in_menus=True)
    PageViewRestriction.objects.create(page=page, restriction_type="login")
    assert menus(Site.objects.get())["main"] == []


def test_menu_leaves_out_the_alias_of_a_private_page(client, home, section):
    source = factories.StandardPageFactory(parent=section, title="Board minutes")
    source.create_alias(parent=home, update_slug="minutes")
    assert "Board minutes" in client.get(home.url).content.decode()
    PageViewRestriction.objects.create(page=source, restriction_type="login")
    assert client.get("/minutes/").status_code == 302
    assert menus(Site.objects.get()) == {"main": [], "foot": []}
    assert "Board minutes" not in client.get(home.url).content.decode()


def test_menu_marks_where_the_reader_is(client, home):
    section = factories.SectionPageFactory(parent=home, title="Work", slug="work", show_in_menus=True)
    factories.SectionPageFactory(parent=home, title="Other work", slug="other-work", show_in_menus=True)
    page = factories.ArticlePageFactory(parent=section)

    def marks(shown):
        menu = soup_of(client, shown).select_one("nav.masthead__menu")
        return [(link.get_text(), link.get("aria-current")) for link in menu.find_all("a")]

    assert marks(section) == [("Work", "page"), ("Other work", None)]
    assert marks(page) == [("Work", "true"), ("Other work", None)]


def test_breadcrumbs_lead_from_the_home_page_down_to_the_page_above(client, home, section, book):
    page = chapter(book, "Two")
    assert titles(breadcrumbs(page)) == ["Home", "Everything", "The book"]
    assert breadcrumbs(home) == []
    links = soup_of(client, page).select("nav.breadcrumbs a")
    assert [(link.get_text(), link["href"]) for link in links] == [
        ("Home", "/"),
        ("Everything", "/everything/"),
        ("The book", "/everything/the-book/"),
    ]


@pytest.mark.parametrize("change", HIDING.values(), ids=HIDING)
def test_breadcrumbs_leave_out_pages_that_are_not_published(book, change):
    Page.objects.filter(pk=book.pk).update(**change)
    assert titles(breadcrumbs(chapter(book, "Two"))) == ["Home", "Everything"]


def test_chapters_lead_to_the_one_before_and_the_one_after(book):
    around = [[page and page.title for page in chapter(book, title).neighbours()] for title in ("One", "Two", "Three")]
    assert around == [["The book", None, "Two"], ["The book", "One", "Three"], ["The book", "Two", None]]


def test_steps_through_a_book_are_links(client, book):
    links = soup_of(client, chapter(book, "Two")).select("nav.steps a[rel]")
    assert [(link["rel"], link["href"]) for link in links] == [
        (["prev"], "/everything/the-book/one/"),
        (["next"], "/everything/the-book/three/"),
    ]


@pytest.mark.parametrize("change", HIDING.values(), ids=HIDING)
def test_chapters_that_readers_cannot_see_are_stepped_over(client, book, change):
    Page.objects.filter(title="Two").update(**change)
    assert [page and page.title for page in chapter(book, "One").neighbours()] == ["The book", None, "Three"]
    assert titles(book.chapters()) == ["One", "Three"]
    assert [link.get_text() for link in soup_of(client, book).select("#chapters a")] == ["One", "Three"]


def test_chapters_follow_the_order_of_the_tree(book):
    chapter(book, "Three").move(chapter(book, "One"), pos="left")
    assert titles(book.chapters()) == ["Three", "One", "Two"]


def test_private_chapter_is_left_out_of_its_book(book):
    PageViewRestriction.objects.create(page=chapter(book, "Two"), restriction_type="login")
    assert titles(book.chapters()) == ["One", "Three"]


def test_alias_of_a_private_chapter_is_left_out_of_another_book(client, section, book):
    other = factories.PublicationPageFactory(parent=section, title="Another book", slug="another-book")
    for title in ("One", "Two"):
        chapter(book, title).create_alias(parent=other)
    PageViewRestriction.objects.create(page=chapter(book, "Two"), restriction_type="login")
    assert client.get(f"{other.url}two/").status_code == 302
    assert titles(other.chapters()) == ["One"]
    assert "Two" not in client.get(other.url).content.decode()


def test_who_may_read_a_private_book_finds_its_chapters_and_companions(reader_client, section, book):
    factories.InterviewPageFactory(parent=book, title="The interview")
    PageViewRestriction.objects.create(page=section, restriction_type="login")
    soup = soup_of(reader_client, book)
    assert [link.get_text() for link in soup.select("#chapters a")] == ["One", "Two", "Three"]
    assert [link.get_text() for link in soup.select(".card__title a")] == ["The interview"]


def test_what_accompanies_a_book_is_shown_newest_first_without_its_chapters(book):
    factories.InterviewPageFactory(parent=book, title="Older", display_date="2024-01-01")
    factories.ArticlePageFactory(parent=book, title="Newer", display_date="2024-01-02")
    factories.VideoPageFactory(parent=book, title="Draft", live=False)
    assert titles(book.companions()) == ["Newer", "Older"]


@pytest.fixture
def series(section):
    series = factories.SeriesPageFactory(parent=section, title="The series", slug="the-series")
    for place, title in enumerate(["Part A", "Part B", "Part C"]):
        part = factories.InterviewPageFactory(parent=section, title=title, slug=title[-1].lower())
        factories.SeriesItemFactory(series=series, page=part, sort_order=place)
    return series


def place_of(title):
    (place,) = series_of(ContentPage.objects.get(title=title, alias_of=None))
    return [place["position"], place["total"], *(place[way] and place[way].title for way in ("previous", "next"))]


def test_place_in_a_series_is_told_with_the_parts_around_it(series):
    assert [place_of(title) for title in ("Part A", "Part B", "Part C")] == [
        [1, 3, None, "Part B"],
        [2, 3, "Part A", "Part C"],
        [3, 3, "Part B", None],
    ]


@pytest.mark.parametrize("change", HIDING.values(), ids=HIDING)
def test_parts_that_readers_cannot_see_are_not_counted(series, change):
    Page.objects.filter(title="Part B").update(**change)
    assert [place_of("Part A"), place_of("Part C")] == [[1, 2, None, "Part C"], [2, 2, "Part A", None]]


def test_place_in_a_series_is_shown_on_the_page(client, series):
    page = ContentPage.objects.get(title="Part B")
    steps = soup_of(client, page).select_one("nav.steps")
    assert " ".join(steps.p.get_text().split()) == "Part 2 of 3 of The series"
    assert [(link["rel"], link["href"]) for link in steps.select("a[rel]")] == [
        (["prev"], "/everything/a/"),
        (["next"], "/everything/c/"),
    ]


def test_series_that_readers_cannot_see_is_not_named(client, series):
    series.unpublish()
    page = ContentPage.objects.get(title="Part B")
    assert series_of(page) == []
    assert "The series" not in client.get(page.url).content.decode()


def test_page_may_stand_in_two_series_at_different_places(section, series):
    other = factories.SeriesPageFactory(parent=section, title="Another")
    for place, title in enumerate(["Part C", "Part A"]):
        factories.SeriesItemFactory(series=other, page=ContentPage.objects.get(title=title), sort_order=place)
    assert titles(series.parts()) == ["Part A", "Part B", "Part C"]
    assert titles(other.parts()) == ["Part C", "Part A"]
    places = series_of(ContentPage.objects.get(title="Part A"))
    assert [(place["series"].title, place["position"]) for place in places] == [("The series", 1), ("Another", 2)]


def test_alias_stands_where_its_source_does(home, series):
    source = ContentPage.objects.get(title="Part B").specific
    alias = source.create_alias(parent=factories.SectionPageFactory(parent=home))
    (place,) = series_of(alias)
    assert (place["position"], place["total"]) == (2, 3)


def test_series_shows_its_parts_in_preview_as_the_draft_has_them(administrator_client, series):
    first, _, last = series.items.all()
    last.sort_order, first.sort_order = 0, 1
    series.items = [last, first]
    series.save_revision()
    soup = BeautifulSoup(administrator_client.get(f"/admin/pages/{series.pk}/view_draft/").content, "html.parser")
    assert [link.get_text() for link in soup.select(".card__title a")] == ["Part C", "Part A"]
    assert titles(type(series).objects.get(pk=series.pk).parts()) == ["Part A", "Part B", "Part C"]


@pytest.mark.parametrize("change", HIDING.values(), ids=HIDING)
def test_topics_that_readers_cannot_see_are_not_named(client, section, article, change):
    for place, title in enumerate(["Hidden topic", "Shown topic"]):
        topic = factories.TopicPageFactory(parent=section, title=title)
        factories.PageTopicFactory(page=article, topic=topic, sort_order=place)
    Page.objects.filter(title="Hidden topic").update(**change)
    assert titles(topics_of(article)) == ["Shown topic"]
    text = soup_of(client, article).get_text()
    assert ("Hidden topic" in text, "Shown topic" in text) == (False, True)
