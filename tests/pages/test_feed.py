"""The Atom feed of what is new."""

import datetime
from xml.etree import ElementTree

import pytest
from wagtail.models import Locale, Page, PageViewRestriction, Site

from pages.models import ArticlePage
from tests import factories

pytestmark = pytest.mark.django_db

ATOM = "{http://www.w3.org/2005/Atom}"
UPDATED = "2024-05-02T08:30:00+00:00"
HIDING = {
    "draft": {"live": False},
    "scheduled": {"go_live_at": "2999-01-01T00:00Z"},
    "expired": {"expire_at": "2001-01-01T00:00Z"},
}


def feed(client) -> ElementTree.Element:
    response = client.get("/feed/")
    assert (response.status_code, response["Content-Type"]) == (200, "application/atom+xml; charset=utf-8")
    return ElementTree.fromstring(response.content)  # noqa: S314 - our own feed


def entries(client) -> list[str]:
    return [entry.findtext(f"{ATOM}title") for entry in feed(client).findall(f"{ATOM}entry")]


def test_feed_names_the_site_and_leads_to_it(client, home):
    Site.objects.update(site_name="Saltmarsh", hostname="hub.example", port=443)
    root = feed(client)
    assert root.tag == f"{ATOM}feed"
    assert root.findtext(f"{ATOM}title") == "Saltmarsh"
    assert root.find(f"{ATOM}link[@rel='alternate']").get("href") == "https://hub.example/"


def test_site_without_a_name_is_called_by_its_host(client, home):
    Site.objects.update(site_name="", hostname="hub.example")
    assert feed(client).findtext(f"{ATOM}title") == "hub.example"


def test_empty_site_has_an_empty_feed(client, home):
    assert entries(client) == []


def test_entry_tells_what_a_card_tells(client, section, person):
    page = factories.ArticlePageFactory(
        parent=section,
        title="Ego & <leak>",
        slug="ego",
        summary="What it <costs>.",
        display_date=datetime.date(2024, 5, 1),
        last_published_at=datetime.datetime(2024, 5, 2, 8, 30, tzinfo=datetime.UTC),
    )
    factories.ContributionFactory(page=page, person=person, sort_order=0)
    factories.ContributionFactory(page=page, name="B. Other", sort_order=1)
    factories.PageTopicFactory(page=page, topic=factories.TopicPageFactory(parent=section, title="Floods"))
    (entry,) = feed(client).findall(f"{ATOM}entry")
    told = {name: entry.findtext(f"{ATOM}{name}") for name in ("title", "summary", "published", "updated")}
    assert told == {
        "title": "Ego & <leak>",
        "summary": "What it &lt;costs&gt;.",  # HTML, as Atom is told
        "published": "2024-05-01T12:00:00+01:00",
        "updated": "2024-05-02T08:30:00+00:00",
    }
    assert entry.find(f"{ATOM}link").get("href") == "http://localhost/everything/ego/"
    assert entry.findtext(f"{ATOM}author/{ATOM}name") == "Ada Person, B. Other"
    assert [category.get("term") for category in entry.findall(f"{ATOM}category")] == ["Article", "Floods"]


@pytest.mark.parametrize("path", ["/feed/", "/feed/{section}/"])
def test_feed_names_its_own_address(client, section, path):
    Site.objects.update(hostname="hub.example", port=443)
    path = path.format(section=section.pk)
    root = ElementTree.fromstring(client.get(path).content)  # noqa: S314 - our own feed
    assert root.find(f"{ATOM}link[@rel='self']").get("href") == f"https://hub.example{path}"


def test_where_no_site_is_there_is_no_feed(client, home):
    Site.objects.update(hostname="hub.example", is_default_site=False)
    assert client.get("/feed/").status_code == 404


@pytest.mark.parametrize(
    ("day", "published"),
    [("2024-05-01", "2024-05-01T12:00:00+01:00"), ("2024-05-02", "2024-05-02T07:00:00+00:00"), ("2024-06-01", UPDATED)],
)
def test_entry_is_published_on_the_day_that_readers_see_and_never_after_its_change(client, section, day, published):
    first = datetime.datetime(2024, 5, 2, 7, tzinfo=datetime.UTC)
    last = datetime.datetime.fromisoformat(UPDATED)
    factories.ArticlePageFactory(
        parent=section, display_date=datetime.date.fromisoformat(day), first_published_at=first, last_published_at=last
    )
    (entry,) = feed(client).findall(f"{ATOM}entry")
    assert (entry.findtext(f"{ATOM}published"), entry.findtext(f"{ATOM}updated")) == (published, UPDATED)


def ids(client, address: str) -> tuple[str, list[str]]:
    """The id of a feed and those of its entries."""
    root = ElementTree.fromstring(client.get(address).content)  # noqa: S314 - our own feed
    return root.findtext(f"{ATOM}id"), [entry.findtext(f"{ATOM}id") for entry in root.findall(f"{ATOM}entry")]


@pytest.mark.parametrize("changed", ["entry", "section", "host"])
def test_ids_stay_when_addresses_change(client, home, section, article, changed):
    before, address = [ids(client, f"/feed/{section.pk}/"), ids(client, "/feed/")[1]], article.full_url
    if changed == "host":
        home.get_site().delete()
        Site.objects.create(hostname="hub.example", root_page=home, is_default_site=True)
    else:
        renamed = {"entry": article, "section": section}[changed]
        renamed.slug = "renamed"
        renamed.save_revision().publish()
    assert ArticlePage.objects.get(pk=article.pk).full_url != address
    assert [ids(client, f"/feed/{section.pk}/"), ids(client, "/feed/")[1]] == before


def test_ids_tell_a_feed_from_an_entry_a_page_from_another_and_a_translation_from_its_source(client, section, article):
    topic, series = factories.TopicPageFactory(parent=section), factories.SeriesPageFactory(parent=section)
    other = factories.ArticlePageFactory(parent=section)
    french = Locale.objects.create(language_code="fr")
    translated = factories.ArticlePageFactory(parent=section, translation_key=article.translation_key, locale=french)
    for page in (series, article, other, translated):
        factories.PageTopicFactory(page=page, topic=topic)
    under_topic, listed = ids(client, f"/feed/{topic.pk}/")
    of_series, _nothing = ids(client, f"/feed/{series.pk}/")
    assert len({under_topic, of_series, *listed}) == 6
    assert set(ids(client, f"/feed/{section.pk}/")[1]) < set(listed)


def test_feed_holds_the_newest_thirty_of_every_listed_kind_newest_first(client, section):
    book = factories.PublicationPageFactory(parent=section, title="Book", display_date=datetime.date(2024, 1, 2))
    factories.ChapterPageFactory(parent=book)
    factories.TopicPageFactory(parent=section)
    factories.InterviewPageFactory(parent=section, title="Interview", display_date=datetime.date(2024, 1, 3))
    factories.VideoPageFactory(parent=section, title="Film", display_date=datetime.date(2024, 1, 4))
    for place in range(28):
        factories.ArticlePageFactory(parent=section, title=f"Article {place:02}", display_date=datetime.date(2024, 1, 1))
    expected = ["Film", "Interview", "Book", *(f"Article {place:02}" for place in range(27, 0, -1))]
    assert entries(client) == expected


@pytest.mark.parametrize("change", HIDING.values(), ids=HIDING)
def test_what_readers_cannot_see_is_not_in_the_feed(client, article, change):
    assert entries(client) == ["A dry street"]
    Page.objects.filter(pk=article.pk).update(**change)
    assert entries(client) == []


def test_private_pages_are_not_in_the_feed(client, section, article):
    PageViewRestriction.objects.create(page=section, restriction_type="login")
    assert entries(client) == []


def test_alias_is_not_in_the_feed_beside_its_source(client, home, article):
    article.create_alias(parent=factories.SectionPageFactory(parent=home))
    assert entries(client) == ["A dry street"]


def test_topics_that_readers_cannot_see_are_not_named(client, section, article):
    draft = factories.TopicPageFactory(parent=section, title="Secret programme", live=False)
    closed = factories.TopicPageFactory(parent=section, title="Closed programme")
    PageViewRestriction.objects.create(page=closed, restriction_type="login")
    for topic in (draft, closed):
        factories.PageTopicFactory(page=article, topic=topic)
    (entry,) = feed(client).findall(f"{ATOM}entry")
    assert [category.get("term") for category in entry.findall(f"{ATOM}category")] == ["Article"]


def test_feed_holds_the_pages_of_its_own_site_only(client, home, article):
    root = Page.get_first_root_node()
    other = root.add_child(instance=type(home)(title="Another site", slug="another"))
    Site.objects.create(hostname="other.example", root_page=other)
    factories.ArticlePageFactory(parent=factories.SectionPageFactory(parent=other), title="Elsewhere")
    assert entries(client) == ["A dry street"]


def test_characters_that_xml_forbids_do_not_break_the_feed(client, section):
    page = factories.ArticlePageFactory(parent=section, title="Pasted\x0btitle", slug="pasted", summary="Pasted\x0c summary\x1f.")
    factories.ContributionFactory(page=page, name="A.\x0bPerson")
    (entry,) = feed(client).findall(f"{ATOM}entry")
    assert entry.findtext(f"{ATOM}title") == "Pasted title"
    assert entry.findtext(f"{ATOM}summary") == "Pasted  summary ."


def test_every_page_names_the_feed(client, home):
    assert '<link rel="alternate" type="application/atom+xml" href="/feed/"' in client.get(home.url).content.decode()
