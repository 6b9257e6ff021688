"""What editors are told of pages that readers do not see: why, what follows for a link, and the title only if they may."""

from datetime import UTC, datetime, timedelta

import pytest
from bs4 import BeautifulSoup
from django.utils import timezone
from wagtail.models import Page, PageViewRestriction
from wagtail.test.utils.form_data import querydict_from_html

from pages.models import ContentPage, HomePage
from pages.sight import Sight
from tests import factories
from tests.conftest import client_of
from tests.pages.counting import queries_of
from tests.pages.test_targets import editor_of

pytestmark = pytest.mark.django_db
LATER = "2999-01-01T00:00Z"


def public(page):
    """Nothing hides it."""


def draft(page):
    page.unpublish()


def draft_with_a_date(page):
    """A date is no promise until it is published with it."""
    ContentPage.objects.filter(pk=page.pk).update(live=False, go_live_at=LATER)


def scheduled(page):
    ContentPage.objects.filter(pk=page.pk).update(live=False)
    page = ContentPage.objects.get(pk=page.pk).specific
    page.go_live_at = datetime(2999, 1, 1, tzinfo=UTC)
    page.save_revision().publish()


def expired(page):
    ContentPage.objects.filter(pk=page.pk).update(expire_at=timezone.now() - timedelta(days=1))


def private(page):
    PageViewRestriction.objects.create(page=page.get_parent(), restriction_type="login")


def on_no_site(page):
    attic = Page.get_first_root_node().add_child(instance=HomePage(title="Attic", slug="attic"))
    page.get_parent().move(attic, pos="last-child")


STATES = [
    (public, "", ""),
    (draft, "a draft", "A draft: hidden from readers until it is published."),
    (draft_with_a_date, "a draft", "A draft: hidden from readers until it is published."),
    (
        scheduled,
        "scheduled for 1 Jan 2999, midnight",
        "Not public until 1 Jan 2999, midnight: hidden from readers until then.",
    ),
    (expired, "expired", "No longer public: readers do not see this link."),
    (private, "private", "Private: readers do not see this link, whoever they are."),
    (on_no_site, "on no site", "It stands on no site of the hub, so it has no address: hidden from readers."),
]


@pytest.mark.parametrize(("hide", "reason", "consequence"), STATES)
def test_reason_and_consequence_are_told_to_who_works_on_the_page(administrator, article, hide, reason, consequence):
    hide(article)
    page = Page.objects.get(pk=article.pk)
    named = Sight([page], administrator).named(page)
    assert (named.title, named.url, named.unseen, named.consequence) == (
        "A dry street",
        f"/admin/pages/{page.pk}/edit/",
        reason,
        consequence,
    )


@pytest.mark.parametrize(("hide", "reason", "consequence"), STATES)
def test_title_is_told_to_others_only_if_readers_see_it(home, article, hide, reason, consequence):
    hide(article)
    page = Page.objects.get(pk=article.pk)
    for user in (editor_of(factories.SectionPageFactory(parent=home)), None):
        named = Sight([page], user).named(page)
        title = "A dry street" if hide is public else "A page that you may not see"
        assert (named.title, named.url, named.unseen) == (title, "", reason)


def states_of_rows(client, page) -> list[str]:
    soup = BeautifulSoup(client.get(f"/admin/pages/{page.pk}/edit/").content, "html.parser")
    states = soup.select("#id_links-FORMS [data-target-state]")
    return ["" if state.has_attr("hidden") else state.get_text() for state in states]


def test_each_row_of_links_says_why_readers_do_not_see_it(administrator_client, section, article):
    for place, (hide, *_) in enumerate(STATES[:5]):
        page = factories.ArticlePageFactory(parent=section, title=hide.__name__)
        hide(page)
        factories.ContentLinkFactory(source=article, target=page, sort_order=place)
    factories.ContentLinkFactory(source=article, address="https://example.org/", title="Elsewhere", sort_order=9)
    expected = [consequence for _, _, consequence in STATES[:5]]
    assert states_of_rows(administrator_client, article) == [*expected, ""]
    fetched = BeautifulSoup(administrator_client.get(f"/admin/proposals/{article.pk}/").content, "html.parser")
    assert [item.get_text() for item in fetched.select("[data-hidden-targets] li")] == expected[1:]


def chosen_in_rows(html) -> list[tuple[str, str, str]]:
    """Of each row of links the key, the title and the way to the page that its chooser shows."""
    choosers = BeautifulSoup(html, "html.parser").select("#id_links-FORMS .page-chooser")
    inputs = [chooser.find_next_sibling("input") for chooser in choosers]
    ways = [chooser.select_one("[data-chooser-edit-link]") for chooser in choosers]
    titles = [chooser.select_one("[data-chooser-title]").get_text() for chooser in choosers]
    return [(field["value"], title, way["href"]) for field, title, way in zip(inputs, titles, ways, strict=True)]


def test_row_of_a_link_keeps_the_key_of_a_page_and_tells_its_title_to_who_may_see_it(administrator_client, home, section):
    page = factories.ArticlePageFactory(parent=section, title="Mine")
    theirs = factories.SectionPageFactory(parent=home)
    public_one = factories.ArticlePageFactory(parent=theirs, title="Lark")
    secret = factories.ArticlePageFactory(parent=theirs, title="Nightingale", live=False)
    for place, target in enumerate([public_one, secret]):
        factories.ContentLinkFactory(source=page, target=target, sort_order=place)
    client, address = client_of(editor_of(section)), f"/admin/pages/{page.pk}/edit/"
    keys, ways = [str(public_one.pk), str(secret.pk)], [f"/admin/pages/{key}/edit/" for key in (public_one.pk, secret.pk)]
    html = client.get(address).content.decode()
    told = list(zip(keys, ["Lark", "A page that you may not see"], ["", ""], strict=True))
    assert chosen_in_rows(html) == told
    refused = client.post(address, querydict_from_html(html, form_id="page-edit-form") | {"title": [""], "body-count": ["0"]})
    assert chosen_in_rows(refused.content.decode()) == told
    assert "Nightingale" not in html + refused.content.decode()
    html = administrator_client.get(address).content.decode()
    assert chosen_in_rows(html) == list(zip(keys, ["Lark", "Nightingale"], ways, strict=True))


def test_key_that_is_put_into_a_row_does_not_tell_the_title_of_a_hidden_page(home, section):
    page = factories.ArticlePageFactory(parent=section, title="Mine")
    secret = factories.ArticlePageFactory(parent=factories.SectionPageFactory(parent=home), title="Nightingale", live=False)
    factories.ContentLinkFactory(source=page, target=section)
    client, address = client_of(editor_of(section)), f"/admin/pages/{page.pk}/edit/"
    form = querydict_from_html(client.get(address).content.decode(), form_id="page-edit-form")
    html = client.post(address, form | {"title": [""], "body-count": ["0"], "links-0-target": [str(secret.pk)]}).content.decode()
    assert chosen_in_rows(html) == [(str(secret.pk), "A page that you may not see", "")]
    assert "Nightingale" not in html


def test_links_of_drafts_that_point_here_are_named_and_marked_and_can_be_mended_there(administrator_client, section, article):
    source = factories.ArticlePageFactory(parent=section, title="Unfinished", live=False)
    factories.ContentLinkFactory(source=source, target=article, kind="responds-to")
    soup = BeautifulSoup(administrator_client.get(f"/admin/pages/{article.pk}/edit/").content, "html.parser")
    cell = soup.select_one(".arrange td")
    assert " ".join(cell.get_text(" ", strip=True).split()) == "Unfinished responds to Not shown: a draft"
    assert cell.a["href"] == f"/admin/pages/{source.pk}/edit/"


def test_incoming_links_of_hidden_pages_cost_the_same_for_2_and_for_12(home, section):
    theirs = factories.SectionPageFactory(parent=home)
    page = factories.ArticlePageFactory(parent=section)
    client = client_of(editor_of(section))

    def add(number):
        for _ in range(number):
            factories.ContentLinkFactory(source=factories.ArticlePageFactory(parent=theirs, live=False), target=page)

    add(2)
    few = queries_of(client, f"/admin/pages/{page.pk}/edit/")
    add(10)
    assert queries_of(client, f"/admin/pages/{page.pk}/edit/") == few
