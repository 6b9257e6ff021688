"""Taking pages away and moving them: what editors are told beforehand, and where readers are sent afterwards."""

from urllib.parse import urlencode

import pytest
from bs4 import BeautifulSoup
from django.contrib.contenttypes.models import ContentType
from wagtail.contrib.redirects.models import Redirect
from wagtail.models import Page, PageViewRestriction

from pages import departures, old_addresses, pointers
from pages.models import ArticlePage, ContentLink, ContentPage, HomePageFeature, PathStep, SectionPage, TopicPick
from tests import factories
from tests.conftest import client_of
from tests.pages.counting import queries_of
from tests.pages.test_old_addresses import led
from tests.pages.test_targets import editor_of

pytestmark = pytest.mark.django_db


@pytest.fixture
def report(section):
    report = factories.PublicationPageFactory(parent=section, title="The report", slug="report")
    factories.ChapterPageFactory(parent=report, title="Chapter one", slug="one")
    return report


@pytest.fixture
def successor(section):
    return factories.ArticlePageFactory(parent=section, title="The successor", slug="successor")


def screens(page, to=None) -> dict[str, str]:
    """The screens that ask before ``page`` goes or moves, by what they do."""
    found = {act: f"/admin/pages/{page.pk}/{act}/" for act in ("delete", "unpublish")}
    found |= {f"bulk {act}": f"/admin/bulk/wagtailcore/page/{act}/?id={page.pk}" for act in ("delete", "unpublish", "move")}
    return found | ({"move": f"/admin/pages/{page.pk}/move/{to.pk}/confirm/"} if to else {})


def told(client, address) -> list[str]:
    response = client.get(address)
    assert response.status_code == 200
    items = BeautifulSoup(response.content, "html.parser").select(".pointing li")
    return [" ".join(item.get_text(" ", strip=True).split()) for item in items]


def text_that_names(page, section, **values):
    body = f'[{{"type": "paragraph", "value": "<p><a linktype=\\"page\\" id=\\"{page.pk}\\">it</a></p>"}}]'
    return factories.ArticlePageFactory(parent=section, body=body, **values)


def test_each_screen_names_what_points_there(reference_index, administrator_client, home, section, report, person):
    article = factories.ArticlePageFactory(parent=section, title="An article")
    factories.ContentLinkFactory(source=article, target=report, kind="article-about")
    factories.ContentLinkFactory(source=report, target=report.get_children().get())
    series = factories.SeriesPageFactory(parent=section, title="A series")
    factories.SeriesItemFactory(series=series, page=report)
    path = factories.PathPageFactory(parent=section, title="A path")
    topic = factories.TopicPageFactory(parent=section, title="Rain")
    PathStep.objects.create(path=path, page=report)
    TopicPick.objects.create(topic=topic, page=report)
    HomePageFeature.objects.create(home=home, page=report)
    report.create_alias(parent=home.add_child(instance=type(section)(title="Other", slug="other")))
    text_that_names(report, section, title="A text")
    factories.comment(report)
    Redirect.objects.create(old_path="/old", redirect_page=report)
    expected = [
        "By a link: “is an article about”: An article",
        "Part of: A series",
        "Step of the reading path: A path",
        "Shown first under: Rain",
        f"Shown first on: {home.title}",
        "Shown a second time at: The report",
        "Named in the text or the fields of: A text",
        "1 published comment of readers",
        "1 old address that leads here",
    ]
    assert {act: told(administrator_client, address) for act, address in screens(report, home).items()} == dict.fromkeys(
        screens(report, home), expected
    )


def test_what_points_at_a_page_beneath_is_told_and_what_points_from_beneath_is_not(administrator_client, section, report):
    chapter = report.get_children().get()
    factories.ContentLinkFactory(source=factories.ArticlePageFactory(parent=section, title="An article"), target=chapter)
    factories.ContentLinkFactory(source=ContentPage.objects.get(pk=chapter.pk), target=report)
    assert told(administrator_client, f"/admin/pages/{report.pk}/delete/") == ["By a link: “is related to”: An article"]


def test_what_names_an_alias_elsewhere_is_told_since_aliases_go_along(
    reference_index, client, administrator_client, home, section, report
):
    other = factories.SectionPageFactory(parent=home, title="Other")
    alias = report.create_alias(parent=other, recursive=True)
    beneath = alias.get_children().get()
    text = text_that_names(alias, section, title="A text")
    text_that_names(beneath, section, title="Another text")
    assert {act: told(administrator_client, address) for act, address in screens(report, home).items()} == dict.fromkeys(
        screens(report, home),
        [
            "Shown a second time at: The report , Chapter one",
            "Named in the text or the fields of: A text , Another text",
        ],
    )
    assert f'href="{alias.url}"' in client.get(text.url).content.decode()
    report.unpublish()
    assert f'href="{alias.url}"' not in client.get(text.url).content.decode()


def test_profiles_and_topics_say_whose_they_are(administrator_client, section, person, article):
    topic = factories.TopicPageFactory(parent=section)
    factories.ContributionFactory(page=article, person=person, role="author")
    factories.ContributionFactory(page=article, person=person, role="speaker")
    factories.PageTopicFactory(page=article, topic=topic)
    assert told(administrator_client, f"/admin/pages/{person.pk}/delete/") == ["Contributor to: A dry street"]
    assert told(administrator_client, f"/admin/pages/{topic.pk}/delete/") == ["Topic of: A dry street"]


def test_many_are_counted_and_the_first_named(administrator_client, section, report):
    for number in range(8):
        factories.ContentLinkFactory(
            source=factories.ArticlePageFactory(parent=section, title=f"Piece {number}"), target=report, kind="related-to"
        )
    assert told(administrator_client, f"/admin/pages/{report.pk}/delete/") == [
        "By a link: “is related to”: Piece 0 , Piece 1 , Piece 2 , Piece 3 , Piece 4 and 3 more"
    ]


def test_pages_that_nobody_points_at_are_not_warned_about(administrator_client, report, home):
    assert {act: told(administrator_client, address) for act, address in screens(report, home).items()} == dict.fromkeys(
        screens(report, home), []
    )


def test_titles_hidden_from_an_account_are_counted_not_told(home, report):
    mine, theirs = (factories.SectionPageFactory(parent=home, title=title) for title in ("Mine", "Theirs"))
    own = factories.ArticlePageFactory(parent=mine, title="Own")
    for title, live in (("Nightingale", False), ("Closed", True), ("Open", True)):
        source = factories.ArticlePageFactory(parent=theirs, title=title, live=live)
        factories.ContentLinkFactory(source=source, target=own)
        if title == "Closed":
            PageViewRestriction.objects.create(page=source, restriction_type="login")
    factories.SeriesItemFactory(series=factories.SeriesPageFactory(parent=theirs, title="Owl", live=False), page=own)
    client = client_of(editor_of(mine, permissions=("change_page", "publish_page", "bulk_delete_page")))
    expected = ["By a link: “is related to”: Open and 2 more", "Part of: 1 page that you may not see"]
    assert {act: told(client, address) for act, address in screens(own, mine).items()} == dict.fromkeys(
        screens(own, mine), expected
    )


def test_draft_that_points_here_is_marked_and_linked_for_who_may_mend_it(administrator_client, section, report):
    source = factories.ArticlePageFactory(parent=section, title="Unfinished", live=False)
    factories.ContentLinkFactory(source=source, target=report)
    address = f"/admin/pages/{report.pk}/unpublish/"
    assert told(administrator_client, address) == ["By a link: “is related to”: Unfinished (hidden from readers)"]
    link = BeautifulSoup(administrator_client.get(address).content, "html.parser").select_one(".pointing li a")
    assert link["href"] == f"/admin/pages/{source.pk}/edit/"


@pytest.mark.parametrize("act", ["delete", "unpublish", "move"])
def test_warning_costs_the_same_for_2_and_for_12(administrator_client, home, section, report, act):
    def point(number):
        for _ in range(number):
            source = factories.ArticlePageFactory(parent=section)
            factories.ContentLinkFactory(source=source, target=report)
            factories.SeriesItemFactory(series=factories.SeriesPageFactory(parent=section), page=report)

    address = screens(report, home)[act]
    point(2)
    few = queries_of(administrator_client, address)
    point(10)
    assert queries_of(administrator_client, address) == few


# Where readers are sent


def errors(response) -> list[str]:
    return [error.get_text(strip=True) for error in BeautifulSoup(response.content, "html.parser").select(".error-message")]


@pytest.mark.parametrize(("act", "status"), [("delete", 301), ("bulk delete", 301), ("unpublish", 302), ("bulk unpublish", 302)])
def test_readers_are_sent_on_from_every_address(client, administrator_client, report, successor, act, status):
    data = {"lead_to": successor.pk, "include_descendants": "on"}
    assert administrator_client.post(screens(report)[act], data).status_code == 302
    assert led(client, "/everything/report/") == [(status, "/everything/successor/"), 200]
    assert led(client, "/everything/report/one/") == [(status, "/everything/successor/"), 200]


@pytest.mark.parametrize("act", ["delete", "bulk delete", "unpublish", "bulk unpublish"])
def test_readers_are_sent_on_from_aliases_which_go_too(client, administrator_client, home, report, successor, act):
    report.create_alias(parent=factories.SectionPageFactory(parent=home, slug="other"), recursive=True)
    assert led(client, "/other/report/one/") == [200]
    administrator_client.post(screens(report)[act], {"lead_to": successor.pk, "include_descendants": "on"})
    for path in ("/other/report/", "/other/report/one/"):
        assert led(client, path) == [(302, "/everything/successor/"), 200]


@pytest.mark.parametrize("act", ["delete", "bulk delete", "unpublish", "bulk unpublish"])
def test_without_a_page_to_go_to_readers_find_nothing(client, administrator_client, report, act):
    assert administrator_client.post(screens(report)[act], {"lead_to": ""}).status_code == 302
    assert led(client, "/everything/report/") == [404]
    assert not Redirect.objects.exists()


@pytest.mark.parametrize("act", ["delete", "bulk delete", "unpublish", "bulk unpublish"])
def test_where_readers_were_sent_once_is_forgotten_when_nothing_is_chosen_later(
    client, administrator_client, home, report, successor, act
):
    other = factories.SectionPageFactory(parent=home, slug="other")
    report.create_alias(parent=other, recursive=True)
    paths = [f"{section}/report/{chapter}" for section in ("/everything", "/other") for chapter in ("", "one/")]
    administrator_client.post(screens(report)["unpublish"], {"lead_to": successor.pk, "include_descendants": "on"})
    assert [led(client, path)[-1] for path in paths] == [200] * 4
    Page.objects.filter(slug__in=["report", "one"]).update(live=True)  # as a script does, which tells nobody
    by_hand = Redirect.objects.create(old_path="/everything/report", redirect_link="/by-hand/")  # of all sites
    Redirect.objects.create(old_path="/old", site=home.get_site(), redirect_page=successor, automatically_created=True)

    administrator_client.post(screens(report)[act], {"lead_to": "", "include_descendants": "on"})

    assert [led(client, path) for path in paths[1:]] == [[404]] * 3
    assert client.get(paths[0])["Location"] == by_hand.redirect_link
    assert led(client, "/old/")[-1] == 200


GOES = "This page goes as well. Choose one that stays."
HIDDEN = "Readers do not see this page. Choose one that is public."


@pytest.mark.parametrize("act", ["delete", "bulk delete", "unpublish", "bulk unpublish"])
@pytest.mark.parametrize("target", ["itself", "beneath it", "its alias", "a draft", "private", "none"])
def test_page_that_readers_cannot_be_sent_to_is_refused_at_the_field(
    administrator_client, section, report, successor, act, target
):
    other = factories.ArticlePageFactory(parent=section, live=False)
    closed = factories.ArticlePageFactory(parent=section)
    PageViewRestriction.objects.create(page=closed, restriction_type="login")
    alias = report.create_alias(parent=section, update_slug="alias")
    keys = {
        "itself": (report.pk, GOES),
        "beneath it": (report.get_children().get().pk, GOES),
        "its alias": (alias.pk, GOES),
        "a draft": (other.pk, HIDDEN),
        "private": (closed.pk, HIDDEN),
        "none": (999_999, "Select a valid choice. That choice is not one of the available choices."),
    }
    key, message = keys[target]
    response = administrator_client.post(screens(report)[act], {"lead_to": key})
    assert (response.status_code, errors(response)) == (200, [message])
    assert ContentPage.objects.get(pk=report.pk).live
    assert not Redirect.objects.exists()


def test_offer_is_made_only_where_readers_come(administrator_client, section):
    draft = factories.ArticlePageFactory(parent=section, live=False)
    for act in ("delete", "bulk delete"):
        assert b"lead_to" not in administrator_client.get(screens(draft)[act]).content


@pytest.mark.parametrize("act", ["delete", "bulk delete", "unpublish", "bulk unpublish"])
def test_who_may_not_take_a_page_away_leads_no_one_anywhere(editor_client, report, successor, act):
    editor_client.post(screens(report)[act], {"lead_to": successor.pk})
    assert ContentPage.objects.get(pk=report.pk).live
    assert not Redirect.objects.exists()


def test_deletion_that_is_not_confirmed_leads_no_one_anywhere(administrator_client, section, report, successor):
    for number in range(9):
        factories.ChapterPageFactory(parent=ContentPage.objects.get(pk=report.pk), title=f"Chapter {number}")
    data = {"lead_to": successor.pk, "confirm_site_name": "Another"}
    response = administrator_client.post(f"/admin/pages/{report.pk}/delete/", data)
    chosen = BeautifulSoup(response.content, "html.parser").select_one("[name=lead_to]")["value"]
    assert (response.status_code, chosen) == (200, str(successor.pk))
    assert not Redirect.objects.exists()


def test_old_address_of_a_page_moved_in_the_admin_works(client, administrator_client, home, report):
    there = factories.SectionPageFactory(parent=home, slug="there")
    address = screens(report, there)["move"]
    assert "The old one keeps working" in administrator_client.get(address).content.decode()
    administrator_client.post(address)
    assert Page.objects.get(pk=report.pk).url_path.endswith("/there/report/")
    assert led(client, "/everything/report/one/?page=2") == [(301, "/there/report/one/?page=2"), 200]


def test_several_pages_taken_away_at_once_lead_to_one(client, administrator_client, section, successor):
    pages = [factories.ArticlePageFactory(parent=section, slug=f"piece-{number}") for number in range(3)]
    query = "&".join(f"id={page.pk}" for page in pages)
    administrator_client.post(f"/admin/bulk/wagtailcore/page/delete/?{query}", {"lead_to": successor.pk})
    assert ArticlePage.objects.count() == 1
    assert [led(client, f"/everything/piece-{number}/")[0] for number in range(3)] == [(301, "/everything/successor/")] * 3


@pytest.mark.parametrize("act", ["delete", "unpublish"])
def test_page_that_is_refused_is_not_named(administrator_client, home, report, act):
    hidden = factories.ArticlePageFactory(parent=home.add_child(instance=SectionPage(title="Other", slug="other")), live=False)
    hidden.title = hidden.draft_title = "canary elsewhere"
    hidden.save()

    shown = administrator_client.post(f"/admin/pages/{report.pk}/{act}/", {"lead_to": hidden.pk}).content.decode()

    assert "Readers do not see this page. Choose one that is public." in shown
    assert "canary elsewhere" not in shown


@pytest.mark.parametrize("key", ["9" * 30, "-1", "x", "\x00"])
def test_what_can_be_no_key_is_no_page(administrator_client, report, key):
    for act in ("delete", "unpublish"):
        answer = administrator_client.post(f"/admin/pages/{report.pk}/{act}/", {"lead_to": key})
        assert (answer.status_code, "w-field__errors" in answer.content.decode()) == (200, True)
        assert administrator_client.get(f"/admin/bulk/wagtailcore/page/{act}/", {"id": key}).status_code == 404


# Which pages many are

ACTS = ["delete", "unpublish", "move", "publish"]


def bulk(act, **query) -> str:
    return f"/admin/bulk/wagtailcore/page/{act}/?{urlencode({'next': '/admin/', **query}, doseq=True)}"


def chosen(answer) -> list[str]:
    assert answer.status_code == 200
    return [entry["item"].title for entry in answer.context["items"]]


@pytest.mark.parametrize("act", ACTS)
def test_all_in_the_listing_means_those_that_its_filter_leaves(
    administrator_client, admin_search, section, report, successor, act
):
    kind = ContentType.objects.get_for_model(ArticlePage).pk
    everything = {"id": "all", "childOf": section.pk}

    assert chosen(administrator_client.get(bulk(act, **everything))) == ["The report", "The successor"]
    assert chosen(administrator_client.get(bulk(act, **everything, content_type=kind))) == ["The successor"]
    assert chosen(administrator_client.get(bulk(act, **everything, q="successor"))) == ["The successor"]


def test_what_the_filter_hides_is_not_deleted(administrator_client, section, report, successor):
    kind = ContentType.objects.get_for_model(ArticlePage).pk
    administrator_client.post(bulk("delete", id="all", childOf=section.pk, content_type=kind))
    assert [page.title for page in section.get_children()] == ["The report"]


@pytest.mark.parametrize("act", ACTS)
def test_list_below_no_page_is_answered_in_words_or_not_found(administrator_client, report, act):
    for parent in ("x", "", "9" * 30, "\x00"):
        answer = administrator_client.get(bulk(act, id="all", childOf=parent), follow=True)
        assert answer.redirect_chain == [("/admin/", 302)]
        assert "not all of a list" in answer.content.decode()
    assert administrator_client.get(bulk(act, id="all", childOf=999_999)).status_code == 404


@pytest.mark.parametrize("act", ACTS)
def test_page_that_is_not_listed_to_an_account_is_not_named(home, report, act):
    mine, theirs = (factories.SectionPageFactory(parent=home, title=title) for title in ("Mine", "Theirs"))
    own = factories.ArticlePageFactory(parent=mine)
    hidden = factories.ArticlePageFactory(parent=theirs, title="canary elsewhere", live=False)
    client = client_of(editor_of(mine, permissions=("change_page", "publish_page", "bulk_delete_page")))

    assert "canary elsewhere" not in client.get(bulk(act, id=[own.pk, hidden.pk])).content.decode()
    assert client.get(bulk(act, id=hidden.pk)).status_code == 404


def test_page_is_deleted_with_what_stands_beneath_though_both_were_chosen(administrator_client, section, report, successor):
    chapter = report.get_children().get()
    answer = administrator_client.post(bulk("delete", id=[report.pk, chapter.pk]))
    assert answer.status_code == 302
    assert [page.title for page in section.get_descendants()] == ["The successor"]


def test_page_is_moved_with_what_stands_beneath_though_both_were_chosen(administrator_client, home, section):
    beneath = factories.SectionPageFactory(parent=section, title="Beneath")
    deep = factories.SectionPageFactory(parent=beneath, title="Deep")
    there = factories.SectionPageFactory(parent=home, title="There")
    answer = administrator_client.post(bulk("move", id=[beneath.pk, deep.pk]), {"chooser": there.pk})
    assert answer.status_code == 302
    there.refresh_from_db()
    assert [page.title for page in there.get_children()] == ["Beneath"]
    assert Page.objects.get(pk=deep.pk).get_parent().pk == beneath.pk
    assert Page.find_problems() == ([], [], [], [], [])


def test_however_many_pages_can_go_together(section, administrator, django_assert_max_num_queries):
    """SQLite takes no condition of more than a thousand parts."""
    kept = factories.ArticlePageFactory(parent=section, slug="kept")
    beneath = factories.ArticlePageFactory(parent=factories.ArticlePageFactory(parent=section, slug="gone"), slug="beneath")
    ContentLink.objects.create(source=kept, target=beneath)
    pages = [Page.objects.get(slug="gone"), *(Page(path=f"9999{number:04}", depth=2) for number in range(1_500))]
    assert departures.has_addresses(pages)
    with django_assert_max_num_queries(20):
        assert [page.pk for pointer in pointers.pointing_at(pages, administrator).pointers for page in pointer.pages] == [kept.pk]
    assert {key for key, _site, _path in old_addresses.Leaving(pages).addresses} == {pages[0].pk, beneath.pk}


def test_leading_to_a_page_forgets_its_own_addresses_and_reads_none_beneath_it(section, home, administrator, monkeypatch):
    gone = factories.ArticlePageFactory(parent=section, slug="gone")
    Redirect.objects.create(old_path="/everything", redirect_page=home, site=home.get_site(), automatically_created=True)
    leaving = old_addresses.Leaving([gone])
    gone.unpublish()
    asked, original = [], old_addresses._at
    monkeypatch.setattr(old_addresses, "_at", lambda place: asked.append(place) or original(place))
    leaving.lead_to(section, by=administrator)
    assert asked == [section.url_path]
    assert [(row.old_path, row.redirect_page_id) for row in Redirect.objects.all()] == [("/everything/gone", section.pk)]
