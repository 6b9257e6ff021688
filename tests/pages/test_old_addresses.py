"""Old addresses: after pages are renamed, moved and taken away, readers come to what they can read or nowhere."""

from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from wagtail.contrib.redirects.models import Redirect
from wagtail.models import PageLogEntry, PageViewRestriction, Site

from pages.models import ContentPage, HomePage
from pages.old_addresses import Leaving
from tests import factories

pytestmark = pytest.mark.django_db


@pytest.fixture
def report(section):
    report = factories.PublicationPageFactory(parent=section, title="The report", slug="report")
    factories.ChapterPageFactory(parent=report, slug="one")
    return report


@pytest.fixture
def elsewhere(home):
    return factories.SectionPageFactory(parent=home, slug="elsewhere")


@pytest.fixture
def rename(django_capture_on_commit_callbacks):
    """Publish a page under another slug, as an editor does; or save the draft of one that is not public."""

    def renamed(page, slug, *, publish=True):
        page = type(page).objects.get(pk=page.pk)
        page.slug = slug
        with django_capture_on_commit_callbacks(execute=True):
            if publish:
                page.save_revision().publish()
            else:
                page.save()

    return renamed


def move(page, parent):
    type(page).objects.get(pk=page.pk).move(type(parent).objects.get(pk=parent.pk), pos="last-child")


def published(page):
    """The page after it was published as it is, with the date of its first publication."""
    ContentPage.objects.get(pk=page.pk).specific.save_revision().publish()
    return ContentPage.objects.get(pk=page.pk).specific


def led(client, path) -> list[tuple[str, int]]:
    """The steps on which a browser is led from ``path``, and how it ends. Fails on a circle."""
    steps = []
    for _step in range(10):
        response = client.get(path)
        if response.status_code not in {301, 302}:
            return [*steps, response.status_code]
        path = response["Location"].removeprefix("http://localhost").removeprefix("http://testserver")
        steps.append((response.status_code, path))
    pytest.fail(f"a circle: {steps}")


def test_renamed_page_and_what_stands_beneath_it_are_found_at_their_old_addresses(client, report, rename):
    rename(report, "study")
    assert led(client, "/everything/report/") == [(301, "/everything/study/"), 200]
    assert led(client, "/everything/report/one/") == [(301, "/everything/study/one/"), 200]


def test_moved_page_is_found_at_its_old_address(client, report, elsewhere):
    move(report, elsewhere)
    assert led(client, "/everything/report/") == [(301, "/elsewhere/report/"), 200]
    assert led(client, "/everything/report/one/") == [(301, "/elsewhere/report/one/"), 200]


def test_page_moved_twice_is_one_step_away_from_each_of_its_old_addresses(client, home, report, elsewhere):
    move(report, elsewhere)
    move(report, factories.SectionPageFactory(parent=home, slug="third"))
    for old in ("everything", "elsewhere"):
        assert led(client, f"/{old}/report/one/") == [(301, "/third/report/one/"), 200]


def test_page_renamed_back_is_where_it_was_and_its_other_address_leads_there(client, report, rename):
    for slug in ("study", "report", "study", "report"):
        rename(report, slug)
    assert led(client, "/everything/report/") == [200]
    assert led(client, "/everything/study/") == [(301, "/everything/report/"), 200]
    assert list(Redirect.objects.order_by("old_path").values_list("old_path", flat=True)) == [
        "/everything/study",
        "/everything/study/one",
    ]


def test_page_renamed_back_and_then_unpublished_leads_nowhere_instead_of_to_itself(client, report, rename):
    for slug in ("study", "report"):
        rename(report, slug)
    ContentPage.objects.get(pk=report.pk).specific.unpublish()
    assert led(client, "/everything/report/") == [404]
    assert led(client, "/everything/study/") == [404]


def test_pages_that_changed_places_lead_in_no_circle_when_both_are_hidden(client, section, report, rename):
    other = factories.ArticlePageFactory(parent=section, slug="other")
    for page, slug in ((report, "between"), (other, "report"), (report, "other")):
        rename(page, slug)
    for page in (report, other):
        ContentPage.objects.get(pk=page.pk).specific.unpublish()
    for slug in ("report", "other", "between"):
        assert led(client, f"/everything/{slug}/") == [404]


def test_section_that_is_renamed_takes_everything_along(client, section, report, rename):
    rename(section, "all")
    rename(report, "study")
    assert led(client, "/everything/report/one/") == [(301, "/all/study/one/"), 200]
    assert led(client, "/everything/") == [(301, "/all/"), 200]


def test_new_page_at_an_old_address_is_read_there(client, section, report, rename):
    rename(report, "study")
    factories.ArticlePageFactory(parent=section, slug="report", title="Another")
    assert led(client, "/everything/report/") == [200]


@pytest.mark.parametrize("change", ["renamed", "renamed as it is published", "moved"])
def test_draft_that_nobody_saw_takes_no_old_address(client, section, report, elsewhere, rename, change):
    rename(report, "report-2024")
    draft = factories.PublicationPageFactory(parent=section, slug="report", live=False)
    factories.ChapterPageFactory(parent=draft, slug="one", live=False)
    if change == "moved":
        move(draft, elsewhere)
    else:
        rename(draft, "report-2025", publish=change != "renamed")
    assert led(client, "/everything/report/") == [(301, "/everything/report-2024/"), 200]
    assert led(client, "/everything/report/one/") == [(301, "/everything/report-2024/one/"), 200]


@pytest.mark.parametrize("change", ["renamed", "moved"])
def test_chapter_that_was_hidden_while_its_report_went_elsewhere_is_found_when_it_is_back(
    client, report, elsewhere, rename, change
):
    chapter = published(ContentPage.objects.get(slug="one"))
    chapter.unpublish()
    if change == "moved":
        move(report, elsewhere)
    else:
        rename(report, "study")
    assert led(client, "/everything/report/one/") == [404]
    published(chapter)
    new = "/elsewhere/report/one/" if change == "moved" else "/everything/study/one/"
    assert led(client, "/everything/report/one/") == [(301, new), 200]


def test_query_of_an_old_address_is_kept(client, report, rename):
    rename(report, "study")
    assert led(client, "/everything/report/?page=2&type=video") == [(301, "/everything/study/?page=2&type=video"), 200]


@pytest.mark.parametrize("path", ["/everything/report%00/", "/everything/report/?a=%00", "/nothing/?page=2", "/%FF/"])
def test_address_that_never_was_leads_nowhere(client, report, path, rename):
    rename(report, "study")
    assert led(client, path)[-1] in {200, 404}


def test_old_address_does_not_tell_the_new_name_of_a_page_that_is_hidden(client, report, rename):
    rename(report, "nightingale-affair")
    for change in ({"live": False}, {"live": True, "go_live_at": "2999-01-01T00:00Z"}, {"expire_at": timezone.now()}):
        ContentPage.objects.filter(pk=report.pk).update(**change)
        assert led(client, "/everything/report/") == [404]


def test_old_address_of_a_private_page_leads_to_its_door(client, report, rename):
    rename(report, "study")
    PageViewRestriction.objects.create(page=report, restriction_type="login")
    assert led(client, "/everything/report/")[:1] == [(301, "/everything/study/")]


# More than one site


@pytest.fixture
def second(home):
    """A section of another site."""
    root = home.get_parent().add_child(instance=HomePage(title="Second", slug="second"))
    Site.objects.create(hostname="second.example", root_page=root)
    return factories.SectionPageFactory(parent=root, slug="texts")


@pytest.mark.parametrize("slug", ["texts", "everything"])
def test_page_moved_to_another_site_is_found_there(client, report, second, rename, slug):
    rename(second, slug)
    move(report, second)
    for path in ("report/", "report/one/"):
        response = client.get(f"/everything/{path}")
        assert (response.status_code, response["Location"]) == (301, f"http://second.example/{slug}/{path}")


def test_page_followed_on_another_site_is_followed_from_its_old_address(client, administrator, report, second, successor):
    other = factories.ArticlePageFactory(parent=report.get_parent(), slug="other")
    Redirect.objects.create(old_path="/texts/report", site=Site.objects.get(is_default_site=True), redirect_page=other)
    move(report, second)
    page = ContentPage.objects.get(pk=report.pk).specific
    leaving = Leaving([page])
    page.unpublish()
    leaving.lead_to(successor, by=administrator)
    assert led(client, "/everything/report/") == [(302, "/everything/successor/"), 200]


def test_link_to_the_same_path_elsewhere_is_followed_and_to_the_address_itself_is_not(client, home):
    site = Site.objects.get()
    for address in ("https://archive.example/report/", f"{site.root_url}/report/", "/report/"):
        Redirect.objects.update_or_create(old_path="/report", defaults={"redirect_link": address})
        response = client.get("/report/")
        assert response.get("Location") == (address if "archive" in address else None)


# Pages that go


@pytest.fixture
def successor(section):
    return factories.ArticlePageFactory(parent=section, slug="successor")


def test_deleted_pages_are_followed_for_good_at_all_their_addresses(client, administrator, report, successor, rename):
    rename(report, "study")
    page = ContentPage.objects.get(pk=report.pk)
    leaving = Leaving([page])
    page.delete()
    assert leaving.lead_to(successor, by=administrator) == 4
    for path in ("study/", "study/one/", "report/", "report/one/"):
        assert led(client, f"/everything/{path}") == [(301, "/everything/successor/"), 200]
    entry = PageLogEntry.objects.get(action="pages.lead_here")
    assert (entry.page_id, entry.user, entry.data) == (successor.pk, administrator, {"from": ["The report"], "addresses": 4})


def test_unpublished_page_is_followed_until_it_is_back(client, administrator, report, successor, rename):
    rename(report, "study")
    page = ContentPage.objects.get(pk=report.pk).specific
    leaving = Leaving([page])
    page.unpublish()
    assert leaving.lead_to(successor, by=administrator) == 1
    assert led(client, "/everything/study/") == [(302, "/everything/successor/"), 200]
    assert led(client, "/everything/report/") == [(302, "/everything/successor/"), 200]
    assert led(client, "/everything/study/one/") == [200]
    page.save_revision().publish()
    assert led(client, "/everything/study/") == [200]
    assert led(client, "/everything/report/") == [(301, "/everything/study/"), 200]


def follow(page, target, by):
    page = ContentPage.objects.get(pk=page.pk).specific
    leaving = Leaving([page])
    page.unpublish()
    leaving.lead_to(target, by=by)


def test_page_that_is_back_and_goes_again_is_followed_no_longer(client, administrator, report, successor):
    by_hand = Redirect.objects.create(old_path="/everything/report", redirect_page=report)
    follow(report, successor, administrator)
    published(report).unpublish()
    assert led(client, "/everything/report/") == [404]
    assert Redirect.objects.get() == by_hand


def test_alias_that_is_back_with_its_source_and_goes_again_is_followed_no_longer(
    client, administrator, report, elsewhere, successor
):
    report.create_alias(parent=elsewhere)
    follow(report, successor, administrator)
    assert led(client, "/elsewhere/report/") == [(302, "/everything/successor/"), 200]
    published(report).unpublish()
    assert led(client, "/elsewhere/report/") == [404]


def test_new_page_at_an_address_that_was_followed_is_not_followed_itself(client, administrator, section, successor):
    old = factories.ArticlePageFactory(parent=section, slug="piece")
    follow(old, successor, administrator)
    old.delete()
    new = published(factories.ArticlePageFactory(parent=section, slug="piece", live=False))
    new.unpublish()
    assert led(client, "/everything/piece/") == [404]


def test_page_that_is_to_come_back_later_is_followed_until_then(client, administrator, report, successor):
    follow(report, successor, administrator)
    page = ContentPage.objects.get(pk=report.pk).specific
    page.go_live_at = timezone.now() + timedelta(days=1)
    page.save_revision().publish()
    assert led(client, "/everything/report/") == [(302, "/everything/successor/"), 200]


def test_publishing_looks_for_what_is_noted_of_the_address_once(report, elsewhere):
    with CaptureQueriesContext(connection) as queries:
        published(report)
    assert sum("wagtailredirects_redirect" in query["sql"] for query in queries) == 1


def test_followed_page_that_moves_while_it_is_hidden_is_still_followed(client, administrator, report, elsewhere, successor):
    chapter = published(ContentPage.objects.get(slug="one"))
    leaving = Leaving([chapter])
    chapter.unpublish()
    leaving.lead_to(successor, by=administrator)
    move(report, elsewhere)
    assert led(client, "/everything/report/one/") == [(302, "/everything/successor/"), 200]


def test_followed_page_that_came_back_and_moved_away_is_found(client, administrator, report, successor, rename):
    page = ContentPage.objects.get(pk=report.pk).specific
    leaving = Leaving([page])
    page.unpublish()
    leaving.lead_to(successor, by=administrator)
    page.save_revision().publish()
    rename(report, "study")
    assert led(client, "/everything/report/") == [(301, "/everything/study/"), 200]


def test_pages_that_follow_one_another_lead_in_no_circle(client, administrator, section, successor):
    first = factories.ArticlePageFactory(parent=section, slug="first")
    for goes, follows in ((first, successor), (successor, first), (first, successor)):
        page = ContentPage.objects.get(pk=goes.pk).specific
        page.save_revision().publish()
        ContentPage.objects.get(pk=follows.pk).specific.save_revision().publish()
        leaving = Leaving([page])
        page.unpublish()
        leaving.lead_to(ContentPage.objects.get(pk=follows.pk), by=administrator)
    assert led(client, "/everything/first/") == [(302, "/everything/successor/"), 200]
    assert led(client, "/everything/successor/") == [200]


def test_what_an_administrator_wrote_for_all_sites_follows_a_deleted_page_too(client, administrator, report, successor):
    Redirect.objects.create(old_path="/campaign", redirect_page=report, is_permanent=False)
    leaving = Leaving([report])
    report.delete()

    leaving.lead_to(successor, by=administrator)

    assert led(client, "/campaign/") == [(302, successor.url), 200]
    assert not Redirect.objects.get(old_path="/campaign").automatically_created
