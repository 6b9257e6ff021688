"""Choosing the targets of links: which pages the list names, to whom, and what it costs."""

import json

import pytest
from bs4 import BeautifulSoup
from django.contrib.auth.models import Group, Permission
from wagtail.models import GroupPagePermission, PageViewRestriction

from pages.models import ContentPage
from tests import factories
from tests.conftest import client_of, in_group
from tests.pages.counting import queries_of

pytestmark = pytest.mark.django_db
LIST = "/admin/link_targets/"


@pytest.fixture
def report(section):
    return factories.PublicationPageFactory(parent=section, title="The report")


def editor_of(page, username="of-one-section", permissions=("change_page",)):
    """An account that changes pages beneath ``page`` and none elsewhere."""
    group = Group.objects.create(name=username)
    group.permissions.add(Permission.objects.get(codename="access_admin"))
    for permission in Permission.objects.filter(content_type__app_label="wagtailcore", codename__in=permissions):
        GroupPagePermission.objects.create(group=group, page=page, permission=permission)
    return in_group(username, username)


def rows(client, query="") -> list[list[str]]:
    """Of each page listed its title, type, and why readers do not see it."""
    soup = BeautifulSoup(client.get(f"{LIST}results/?multiple=true&{query}").content, "html.parser")
    cells = [[cell.get_text(" ", strip=True) for cell in row.select("td")] for row in soup.select("tbody tr")]
    return [[title, kind, unseen] for _box, title, kind, _date, unseen in cells]


def titles(client, query="") -> list[str]:
    return [title for title, *_ in rows(client, query)]


def test_list_names_what_a_link_can_name_newest_first_and_never_the_page_itself(administrator_client, report, person, article):
    article.create_alias(parent=report.get_parent(), update_slug="again")
    factories.StandardPageFactory(parent=report.get_parent().get_parent(), title="Privacy")
    found = rows(administrator_client, f"page={report.pk}")
    assert found == [
        ["A dry street", "Article", ""],
        ["Ada Person", "Person", ""],
        ["Everything", "Section", ""],
    ]


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ("type=article", ["Dry", "Wet"]),
        ("type=person", ["Ada Person"]),
        ("type=section", ["Everything"]),
        ("type=topic", ["Floods"]),
        ("topic={topic}", ["Dry"]),
        ("topic={topic}&type=video", []),
        ("q=dry", ["Dry"]),
        ("q=dry&type=video", []),
        ("type=nothing&topic=x", ["Dry", "Wet", "Floods", "Ada Person", "Everything"]),
    ],
)
def test_list_is_filtered_by_words_type_and_topic(administrator_client, admin_search, section, person, query, expected):
    topic = factories.TopicPageFactory(parent=section, title="Floods")
    factories.ArticlePageFactory(parent=section, title="Wet")
    factories.PageTopicFactory(page=factories.ArticlePageFactory(parent=section, title="Dry"), topic=topic)
    assert titles(administrator_client, query.format(topic=topic.pk)) == expected


def test_list_says_why_readers_do_not_see_a_page(administrator_client, section, report):
    for title, change in {"Draft": {"live": False}, "Over": {"expire_at": "2001-01-01T00:00Z"}, "Closed": {}}.items():
        page = factories.ArticlePageFactory(parent=section, title=title)
        ContentPage.objects.filter(pk=page.pk).update(**change) if change else None
    PageViewRestriction.objects.create(page=page, restriction_type="login")
    assert [(title, unseen) for title, _, unseen in rows(administrator_client, "type=article")] == [
        ("Closed", "private"),
        ("Over", "expired"),
        ("Draft", "a draft"),
    ]


def test_pages_hidden_from_readers_are_listed_to_those_alone_who_work_on_them(home, section):
    theirs, mine = (factories.SectionPageFactory(parent=home, title=title) for title in ("Theirs", "Mine"))
    for parent in (theirs, mine):
        for state, live in (("public", True), ("draft", False)):
            factories.ArticlePageFactory(parent=parent, title=f"{parent.title} {state}", live=live)
    factories.TopicPageFactory(parent=theirs, title="Nightingale", live=False)
    client = client_of(editor_of(mine))
    assert titles(client, "type=article") == ["Mine draft", "Mine public", "Theirs public"]
    hidden = ContentPage.objects.get(title="Theirs draft")
    assert "Nightingale" not in client.get(f"{LIST}?multiple=true").content.decode()
    assert chosen(client, hidden.pk) == []


def chosen(client, *keys) -> list[dict]:
    query = "&".join(f"id={key}" for key in keys)
    return json.loads(client.get(f"{LIST}chosen/?multiple=true&{query}").content)["result"]


def test_what_was_chosen_comes_as_the_rows_take_it(administrator_client, report, article):
    assert chosen(administrator_client, article.pk, "x", report.pk, article.pk, "9" * 30, "%00") == [
        {"id": page.pk, "adminTitle": page.title, "editUrl": f"/admin/pages/{page.pk}/edit/"} for page in (article, report)
    ]


@pytest.mark.parametrize(
    ("who", "status"), [("of the page", 200), ("of another section", 302), ("moderator", 302), ("reader", 302), ("nobody", 302)]
)
@pytest.mark.parametrize("address", ["", "results/", "chosen/"])
def test_list_is_for_those_who_edit_the_page(client, home, section, report, moderator, reader, who, status, address):
    accounts = {
        "of the page": lambda: editor_of(section),
        "of another section": lambda: editor_of(factories.SectionPageFactory(parent=home)),
        "moderator": lambda: moderator,
        "reader": lambda: reader,
    }
    visitor = client_of(accounts[who]()) if who in accounts else client
    assert visitor.get(f"{LIST}{address}?multiple=true&page={report.pk}").status_code == status


@pytest.mark.parametrize("key", ["999999999", "x", "9" * 40])
def test_page_that_is_none_is_none(administrator_client, section, key):
    expected = 404 if key == "999999999" else 200
    assert administrator_client.get(f"{LIST}?multiple=true&page={key}").status_code == expected


def test_list_costs_the_same_for_2_and_for_12(administrator_client, section):
    for _ in range(2):
        factories.ArticlePageFactory(parent=section)
    few = queries_of(administrator_client, f"{LIST}?multiple=true")
    for _ in range(10):
        topic = factories.TopicPageFactory(parent=section)
        factories.PageTopicFactory(page=factories.ArticlePageFactory(parent=section), topic=topic)
    assert queries_of(administrator_client, f"{LIST}?multiple=true") == few <= 10


def test_panel_of_links_offers_one_row_or_several_pages_of_a_kind(administrator_client, report):
    soup = BeautifulSoup(administrator_client.get(f"/admin/pages/{report.pk}/edit/").content, "html.parser")
    assert [soup.select_one(f"#id_links-{name}").get_text(strip=True) for name in ("ADD", "OPEN_MODAL")] == [
        "Add Link",
        "Choose several pages",
    ]
    kinds = soup.select("[data-kind-of-new-links] option")
    assert [kind["value"] for kind in kinds if kind.has_attr("selected")] == ["related-to"]
    definition = soup.select_one("#id_links-CHOOSER_WIDGET").string
    assert f"{LIST}?page={report.pk}" in definition


@pytest.mark.parametrize("key", ["9" * 30, "-1", "x"])
def test_topic_that_can_be_none_is_no_choice(administrator_client, key):
    assert administrator_client.get("/admin/link_targets/", {"topic": key}).status_code == 200
