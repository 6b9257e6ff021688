"""Recommended results: for which searches, to whom, and that they tell of no page that readers do not see."""

from datetime import timedelta

import pytest
from bs4 import BeautifulSoup
from django.contrib.auth.models import Group, Permission
from django.db import connection
from django.template.loader import render_to_string
from django.test import RequestFactory
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone
from django.utils.formats import date_format
from wagtail.models import GroupPagePermission, PageViewRestriction

from pages.merging.merge import merge
from pages.models import ArticlePage, SearchPromotion, SearchPromotionWords, SearchRecord
from pages.search import promotions
from people.reading import reading_once
from people.visibility import seen_in_bulk
from tests import factories
from tests.conftest import client_of, in_group
from tests.nets.canaries import WAYS

pytestmark = pytest.mark.django_db

DAY = timedelta(days=1)


def url(name, *arguments):
    return reverse(SearchPromotion.snippet_viewset.get_url_name(name), args=arguments)


def promote(searches="warm rooms", **values):
    if "page" not in values:
        values = {"address": "https://warm.example/rooms", "title": "Warm rooms elsewhere"} | values
    return SearchPromotion.objects.create(searches=searches, **values)


def names(search: str) -> list[str]:
    return [promotion.name for promotion in promotions.for_query(search)]


@pytest.mark.parametrize(
    ("search", "whole", "within"),
    [
        ("warm rooms", True, True),
        ("  WARM, rööms! ", True, True),
        ("warm rooms in winter", False, True),
        ("the warm rooms", False, True),
        ("winter spaces", True, True),
        ("warm", False, False),
        ("warm bathrooms", False, False),
        ("rooms warm", False, False),
        ("", False, False),
        ("—", False, False),
    ],
)
def test_search_is_met_as_a_whole_or_within_a_longer_one(search, whole, within):
    promote("warm rooms\nwinter spaces")
    assert names(search) == (["Warm rooms elsewhere"] if whole else [])
    SearchPromotion.objects.update(within=True)
    assert names(search) == (["Warm rooms elsewhere"] if within else [])


@pytest.mark.parametrize(
    ("since", "until", "shown"),
    [(None, None, True), (0, 0, True), (1, None, False), (-1, None, True), (None, -1, False), (None, 1, True), (-3, -1, False)],
)
def test_it_is_shown_from_its_first_day_to_its_last(since, until, shown):
    today = timezone.localdate()
    promote(since=since if since is None else today + since * DAY, until=until if until is None else today + until * DAY)
    assert bool(names("warm rooms")) is shown


def test_smaller_order_comes_first_and_five_are_enough(article):
    for order in (9, 8, 7, 6, 5, 4):
        promote(title=f"Order {order}", order=order)
    promote(page=article, order=1)
    assert names("warm rooms") == ["A dry street", "Order 4", "Order 5", "Order 6", "Order 7"]


@pytest.mark.parametrize("way", WAYS)
def test_page_that_readers_do_not_see_is_not_told_of(section, home, way):
    private = factories.SectionPageFactory(parent=home, title="Private", slug="private")
    PageViewRestriction.objects.create(page=private, restriction_type="login")
    page = ArticlePage(title="canarypage", slug="canarypage", summary="canarysummary")
    WAYS[way](page, section, private)
    promote(page=page)
    promote(order=60)
    assert names("warm rooms") == ["Warm rooms elsewhere"]


def test_pages_of_every_public_type_can_be_recommended(section, article, person, home):
    plain = factories.StandardPageFactory(parent=home, title="About us")
    for order, page in enumerate([section, article, person, plain, home]):
        promote(page=page, order=order)
    assert names("warm rooms") == [page.title for page in (section, article, person, plain, home)]


def shown(search: str) -> BeautifulSoup:
    context = {"promotions": promotions.for_query(search), "request": RequestFactory().get("/")}
    return BeautifulSoup(render_to_string("components/promoted.html", context), "html.parser")


def test_readers_see_name_address_and_reason(article):
    promote(page=article, why="Everything about <dry> streets.")
    promote(address="https://user@warm.example/rooms?a=1&b=2", order=60)
    html = shown("warm rooms")
    assert html.h2.text == "Recommended"
    assert [(link.text, link["href"]) for link in html.find_all("a")] == [
        ("A dry street", article.url),
        ("Warm rooms elsewhere", "https://user@warm.example/rooms?a=1&b=2"),
    ]
    assert [entry.text for entry in html.select(".promoted__why, .promoted__where")] == [
        "Everything about <dry> streets.",
        "warm.example",
    ]


def test_nothing_is_shown_where_nothing_is_recommended():
    assert shown("warm rooms").text.strip() == ""


def test_search_costs_one_query_where_nothing_is_recommended_or_two_and_its_pages_no_more(section, django_assert_num_queries):
    def cost(count):
        while SearchPromotion.objects.count() < count:
            promote(page=factories.ArticlePageFactory(parent=section))
        shown("warm rooms")
        with CaptureQueriesContext(connection) as queries:
            assert len(shown("warm rooms").find_all("a")) == min(count, promotions.MOST)
        return len(queries)

    assert cost(2) == cost(12)
    with reading_once():
        seen_in_bulk("")  # as the results have asked before
        with django_assert_num_queries(1):
            assert promotions.for_query("cold cellars") == []
        with django_assert_num_queries(2):
            promotions.for_query("warm rooms")


def test_it_goes_with_its_page_and_over_to_the_page_it_is_merged_into(administrator, section, article):
    topics = [factories.TopicPageFactory(parent=section, title=title, slug=title.lower()) for title in ("Rooms", "Spaces")]
    promote(page=topics[0])
    promote(page=article)
    merge(*topics, by=administrator)
    article.delete()
    assert names("warm rooms") == ["Spaces"]


def test_who_deletes_its_page_is_told_of_it(administrator_client, article):
    promote(page=article)
    html = administrator_client.get(reverse("wagtailadmin_pages:delete", args=[article.pk])).content.decode()
    assert "1 promoted result of searches" in html


def form(**values) -> dict:
    blank = {"searches": "warm rooms", "page": "", "address": "", "title": "", "why": "", "order": "50", "since": "", "until": ""}
    return blank | {name: str(getattr(value, "pk", value)) for name, value in values.items()}


def post(client, *key, **values) -> dict:
    answer = client.post(url("edit" if key else "add", *key), form(**values))
    return {} if answer.status_code == 302 else dict(answer.context["form"].errors)


ELSEWHERE = {"address": "https://warm.example/", "title": "Warm"}
# What is filled in, and what is said at which field.
REFUSED = [
    ({}, {"page": ["Choose a page or give an address elsewhere."]}),
    ({"page": "article"} | ELSEWHERE, {"page": ["Choose a page or give an address elsewhere, not both."]}),
    ({"page": "article", "title": "Warm"}, {"title": ["A page is shown under its own title: leave this empty."]}),
    (ELSEWHERE | {"title": ""}, {"title": ["What is it called there? Readers see the title, not the address."]}),
    (ELSEWHERE | {"address": "javascript:alert(1)"}, {"address": ["Enter a valid URL."]}),
    (ELSEWHERE | {"searches": ""}, {"searches": ["This field is required."]}),
    (ELSEWHERE | {"searches": "?"}, {"searches": ["“?” holds no letters or digits."]}),
    (
        ELSEWHERE | {"searches": "rain\nRain"},
        {"searches": ["“Rain” is the same as “rain”: capitals, accents and signs do not count."]},
    ),
    (ELSEWHERE | {"since": "2026-02-02", "until": "2026-02-01"}, {"until": ["This is before the first day."]}),
]


@pytest.mark.parametrize(("values", "errors"), REFUSED)
def test_what_is_wrong_is_said_at_its_field(administrator_client, article, values, errors):
    values = {name: article if value == "article" else value for name, value in values.items()}
    found = post(administrator_client, **values)
    assert {name: found.get(name) for name in errors} == errors
    assert not SearchPromotion.objects.exists()


def test_administrator_promotes_a_page_and_the_alias_of_one_means_its_source(administrator_client, article, home):
    alias = article.create_alias(parent=home, update_slug="a-dry-street-again")
    assert post(administrator_client, page=alias, searches=" Dry  street\r\n\r\nDrought", why="All of it") == {}
    promotion = SearchPromotion.objects.get()
    assert (promotion.page_id, promotion.searches) == (article.pk, "Dry street\nDrought")
    assert names("dry street") == ["A dry street"]
    assert post(administrator_client, promotion.pk, searches="drought", **ELSEWHERE) == {}
    assert (names("dry street"), names("drought")) == ([], ["Warm"])


def test_form_begins_with_the_search_that_the_address_says(administrator_client):
    html = administrator_client.get(url("add") + "?searches=warm+rooms").content.decode()
    assert BeautifulSoup(html, "html.parser").find("textarea", {"name": "searches"}).text.strip() == "warm rooms"


@pytest.fixture
def steerer(home):
    """May change what is recommended, and edits one section only."""
    own = factories.SectionPageFactory(parent=home, title="Their own", slug="their-own")
    group = Group.objects.create(name="Steerers")
    codes = ["access_admin", "view_searchpromotion", "add_searchpromotion", "change_searchpromotion"]
    group.permissions.set(Permission.objects.filter(codename__in=codes))
    GroupPagePermission.objects.create(group=group, page=own, permission=Permission.objects.get(codename="change_page"))
    return client_of(in_group("steerer", group.name))


def test_who_does_not_edit_a_page_learns_no_title_of_a_hidden_one(steerer, section):
    draft = factories.ArticlePageFactory(parent=section, title="canarydraft", slug="canarydraft", live=False)
    promotion = promote(page=draft)
    refused = steerer.post(url("add"), form(page=draft))
    assert refused.context["form"].errors["page"][0] == (
        "Select a valid choice. That choice is not one of the available choices."
    )
    answers = [refused, steerer.get(url("edit", promotion.pk)), steerer.get(url("list"))]
    assert [answer.status_code for answer in answers] == [200, 200, 200]
    assert [answer.content.decode().count("canarydraft") for answer in answers] == [0, 0, 0]
    assert rows_of(steerer) == [["A page that you may not see", "not public now: hidden (a draft)", "0"]]


def test_who_does_not_edit_a_page_learns_nothing_of_its_next_title(steerer, administrator_client, article):
    promote(page=article)
    ArticlePage.objects.filter(pk=article.pk).update(draft_title="canarydraft")
    assert rows_of(steerer)[0][0] == "A dry street"
    assert rows_of(administrator_client)[0][0] == "canarydraft"


def rows_of(client) -> list[list[str]]:
    html = BeautifulSoup(client.get(url("list")).content.decode(), "html.parser")
    rows = html.select("table.listing tbody tr")
    return [[cell.get_text(" ", strip=True) for cell in row.find_all("td")[2:5]] for row in rows]


def test_list_says_where_each_leads_whether_readers_see_it_and_how_often_it_is_searched_for(
    administrator_client, article, section
):
    today = timezone.localdate()
    draft = factories.ArticlePageFactory(parent=section, title="Not yet", slug="not-yet", live=False)
    promote("warm rooms\ndry rooms", page=article, order=1)
    promote("cold rooms", page=draft, order=2)
    promote(order=3, until=today - DAY)
    promote(order=4, since=today + DAY)
    promote(order=5, until=today + DAY)
    for text, age, times in [
        ("warm rooms", 0, 1),
        ("warm rooms", 29, 3),
        ("warm rooms", 30, 9),
        ("dry rooms", 1, 1),
        ("dry", 1, 7),
    ]:
        SearchRecord.objects.create(text=text, day=today - age * DAY, times=times, found=1)
    elsewhere = "Warm rooms elsewhere (https://warm.example/rooms)"
    tomorrow, yesterday = date_format(today + DAY), date_format(today - DAY)
    assert rows_of(administrator_client) == [
        ["A dry street", "shown", "5"],
        ["Not yet", "not public now: hidden (a draft)", "0"],
        [elsewhere, f"ended on {yesterday}", "4"],
        [elsewhere, f"from {tomorrow}", "4"],
        [elsewhere, f"until {tomorrow}", "4"],
    ]


def test_list_costs_the_same_for_two_and_for_twelve(administrator_client, section):
    def cost(count):
        while SearchPromotion.objects.count() < count:
            promote(page=factories.ArticlePageFactory(parent=section, live=False))
        with CaptureQueriesContext(connection) as queries:
            assert administrator_client.get(url("list")).status_code == 200
        return len(queries)

    cost(1)
    assert cost(2) == cost(12)


def test_many_are_deleted_only_by_who_may(administrator_client, steerer):
    address = f"/admin/bulk/pages/searchpromotion/delete/?id={promote().pk}"
    steerer.post(address)
    assert SearchPromotion.objects.exists()
    administrator_client.post(address)
    assert not SearchPromotionWords.objects.exists()


def test_each_row_of_the_list_leads_to_its_form(administrator_client):
    promotion = promote("warm rooms\ncold rooms")
    html = BeautifulSoup(administrator_client.get(url("list")).content.decode(), "html.parser")
    title = html.select_one("table.listing tbody td.title a")
    assert (title.get_text(strip=True), title["href"]) == ("warm rooms · cold rooms", url("edit", promotion.pk))
