"""What editors are told of pages that readers do not see: why, what follows for a link, and the title only if they may."""

from datetime import UTC, datetime, timedelta

import pytest
from bs4 import BeautifulSoup
from django.utils import timezone
from wagtail.models import Page, PageViewRestriction

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
