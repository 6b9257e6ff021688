"""The way to a page: found step by step, known to the page afterwards, and asked for restrictions as Wagtail asks."""

from importlib import import_module

import pytest
from django.apps import apps
from django.db import connection
from django.http import Http404, HttpResponse
from django.test.utils import CaptureQueriesContext
from wagtail.models import Page, PageViewRestriction

from hub.middleware import READING, ReadOnceMiddleware
from pages.models import StandardPage
from pages.models.own_rows import OwnRowsQuerySetMixin
from pages.navigation import any_pages
from people.reading import once, reading_once
from people.visibility import seen_in_bulk
from tests import factories

pytestmark = pytest.mark.django_db


@pytest.fixture
def tree(home):
    """``{name: page}``: a book with a chapter, and aliases of the chapter and of the book's section."""
    section = factories.SectionPageFactory(parent=home, slug="reports")
    other = factories.SectionPageFactory(parent=home, slug="other")
    book = factories.PublicationPageFactory(parent=section, slug="book")
    chapter = factories.ChapterPageFactory(parent=book, slug="one")
    copies = section.create_alias(parent=home, update_slug="copies", recursive=True)
    twin = book.create_alias(parent=other, update_slug="twin")
    return {"home": home, "section": section, "other": other, "book": book, "chapter": chapter, "copies": copies, "twin": twin}


def found(rf, address: str) -> Page:
    return Page.route_for_request(rf.get(address), address).page


@pytest.mark.parametrize("restricted", ["", "home", "section", "book", "chapter", "other", "section chapter", "home other"])
@pytest.mark.parametrize("address", ["/reports/", "/reports/book/", "/reports/book/one/", "/copies/book/one/", "/other/twin/"])
def test_restrictions_that_hold_are_those_that_wagtail_finds(rf, tree, address, restricted):
    for name in restricted.split():
        PageViewRestriction.objects.create(page=tree[name], restriction_type="login")
    page = found(rf, address)
    assert set(page.get_view_restrictions()) == set(Page.objects.get(pk=page.pk).get_view_restrictions())
    with reading_once():
        assert set(page.get_view_restrictions()) == set(Page.objects.get(pk=page.pk).get_view_restrictions())


@pytest.mark.parametrize("restricted", ["", "home", "section", "book", "chapter", "other", "section chapter", "home other"])
def test_what_everybody_sees_is_that_for_which_wagtail_finds_no_restriction(tree, restricted):
    for name in restricted.split():
        PageViewRestriction.objects.create(page=tree[name], restriction_type="login")
    below = any_pages().descendant_of(tree["home"])
    free = {page.pk for page in below if not page.get_view_restrictions().exists()}
    for seen in (below.visible(), below.visible_at_once(), below.published().unrestricted()):
        assert set(seen.values_list("pk", flat=True)) == free


def test_alias_of_an_alias_asks_for_what_the_source_asks_for(home):
    source = factories.StandardPageFactory(parent=home, title="Board minutes", slug="minutes")
    alias = source.create_alias(parent=home, update_slug="again").create_alias(parent=home, update_slug="once-more")
    PageViewRestriction.objects.create(page=source, restriction_type="login")
    assert alias.alias_of_id == source.pk
    assert not any_pages().filter(pk=alias.pk).visible().exists()


def test_aliases_of_aliases_from_before_become_those_of_the_source(home):
    source = home.add_child(instance=StandardPage(title="Board minutes"))
    chain = [source]
    for number in range(3):
        chain.append(source.create_alias(parent=home, update_slug=f"copy-{number}"))
        Page.objects.filter(pk=chain[-1].pk).update(alias_of=chain[-2].pk)
    import_module("pages.migrations.0018_aliases_of_sources").shorten(apps, None)
    assert set(Page.objects.filter(pk__in=[page.pk for page in chain[1:]]).values_list("alias_of", flat=True)) == {source.pk}


def test_alias_of_a_page_that_asks_for_nothing_any_more_asks_for_nothing(client, home):
    """Wagtail copies the source's restriction, and then asks the source alone."""
    source = factories.StandardPageFactory(parent=home, title="Minutes", slug="minutes")
    restriction = PageViewRestriction.objects.create(page=source, restriction_type="login")
    alias = StandardPage.objects.get(pk=source.pk).create_alias(parent=home, update_slug="again")
    assert client.get(alias.url).status_code == 302
    restriction.delete()
    assert client.get(alias.url).status_code == 200
    assert any_pages().filter(pk=alias.pk).visible().exists()
    assert any_pages().filter(pk=alias.pk).visible_at_once().exists()


def test_page_knows_the_pages_above_it(rf, tree):
    assert [page.pk for page in found(rf, "/reports/book/one/").way] == [tree[name].pk for name in ("home", "section", "book")]
    assert found(rf, "/").way is None


@pytest.mark.parametrize("address", ["/no/", "/reports/no/", "/reports/book/one/no/", "/book/", "/reports/one/"])
def test_address_of_nothing_is_answered_404(client, tree, address):
    assert client.get(address).status_code == 404


def test_draft_on_the_way_hides_nothing_beneath_it_and_itself_is_404(client, tree):
    Page.objects.filter(pk=tree["section"].pk).update(live=False)
    assert client.get("/reports/").status_code == 404
    assert client.get("/reports/book/").status_code == 200


@pytest.mark.parametrize("way", [["about"], ["reports", "book"]])
def test_page_that_is_deleted_while_its_address_is_read_is_404(tree, monkeypatch, way):
    """Between the two queries for it: its plain row was there, that of its type is not."""

    def gone(page):
        raise StandardPage.DoesNotExist

    factories.StandardPageFactory(parent=tree["home"], slug="about")
    monkeypatch.setattr(Page, "specific", property(gone))
    monkeypatch.setattr(OwnRowsQuerySetMixin, "with_own_rows", lambda pages: pages.none())
    with pytest.raises(Http404):
        tree["home"].route(None, way)


def test_way_is_walked_at_one_query_a_step(rf, tree, django_assert_num_queries):
    with django_assert_num_queries(6):  # the site, its home page, three steps, and the rest of the last
        found(rf, "/reports/book/one/")


# What is read once


@pytest.mark.parametrize("method", ["GET", "HEAD", "OPTIONS", "TRACE", "POST", "PUT", "PATCH", "DELETE"])
def test_only_a_request_that_reads_reads_once(rf, method):
    asked = []

    def respond(request):
        once("thing", lambda: asked.append(method))
        once("thing", lambda: asked.append(method))
        return HttpResponse()

    middleware = ReadOnceMiddleware(respond)
    middleware(rf.generic(method, "/"))
    assert len(asked) == (1 if method in READING else 2)
    middleware(rf.generic(method, "/"))
    assert len(asked) == (2 if method in READING else 4)


def test_nothing_is_kept_of_a_request_that_failed(rf):
    def fail(request):
        once("thing", lambda: 1)
        raise RuntimeError

    with pytest.raises(RuntimeError):
        ReadOnceMiddleware(fail)(rf.get("/"))
    assert once("thing", lambda: 2) == 2


def test_a_new_restriction_holds_at_the_next_request(client, tree):
    assert client.get("/reports/book/").status_code == 200
    PageViewRestriction.objects.create(page=tree["section"], restriction_type="login")
    assert client.get("/reports/book/").status_code == 302
    assert not Page.objects.filter(seen_in_bulk(""), pk=tree["book"].pk).exists()


# What whole screens ask for


def asked_by(client, address: str) -> list[str]:
    """The queries of ``address``, when the cache knows the sites' addresses."""
    assert client.get(address).status_code == 200
    with CaptureQueriesContext(connection) as queries:
        client.get(address)
    return [query["sql"] for query in queries]


def test_list_of_plain_cards_costs_nine_queries(client, section):
    for number in range(3):
        page = factories.ArticlePageFactory(parent=section, title=f"Article {number}")
        factories.ContributionFactory(page=page, name="Ada Person")
    # The site, home, the section, restrictions, topics, cards, menus, places in series; and the tally, which is kept where
    # there is much.
    assert len(asked_by(client, section.url)) == 9


def test_restrictions_are_read_once_for_a_screen(client, tree):
    PageViewRestriction.objects.create(page=tree["section"], restriction_type="login")
    asked = [sql for sql in asked_by(client, "/other/") if sql.split(" FROM ")[1].startswith('"wagtailcore_pageviewrestriction"')]
    assert len(asked) == 1
