"""What machines are told: linked data, sitemap, feeds of places, pictures for sharing, robots and security."""

import datetime
import json
from io import BytesIO
from pathlib import Path
from xml.etree import ElementTree

import pytest
from bs4 import BeautifulSoup
from django.core.files.storage import default_storage
from PIL import Image
from wagtail.models import PageViewRestriction, Site

from pages.metadata import sitemaps
from pages.metadata.script import linked_data_script
from pages.models import VideoChapter
from tests import factories
from tests.pages.counting import queries_of

pytestmark = pytest.mark.django_db

ATOM = "{http://www.w3.org/2005/Atom}"
MAP = {
    "s": "http://www.sitemaps.org/schemas/sitemap/0.9",
    "image": "http://www.google.com/schemas/sitemap-image/1.1",
    "video": "http://www.google.com/schemas/sitemap-video/1.1",
}


@pytest.fixture(autouse=True)
def _site(db):
    Site.objects.update(site_name="Saltmarsh", hostname="testserver")


@pytest.fixture
def topic(section):
    return factories.TopicPageFactory(parent=section, title="Streets", slug="streets")


def data_of(client, page) -> list[dict]:
    """Every node of linked data that stands in a page, by type."""
    soup = BeautifulSoup(client.get(page.url).content, "html.parser")
    graphs = [json.loads(script.string) for script in soup.find_all("script", type="application/ld+json")]
    return [node for graph in graphs for node in graph.get("@graph", [graph])]


def node_of(client, page, kind) -> dict:
    return next(
        node for node in data_of(client, page) if kind in ([node["@type"]] if isinstance(node["@type"], str) else node["@type"])
    )


def head_of(client, page):
    return BeautifulSoup(client.get(page.url).content, "html.parser").head


def xml_of(client, address) -> ElementTree.Element:
    response = client.get(address)
    assert response.status_code == 200, address
    return ElementTree.fromstring(response.content)  # noqa: S314 - our own


# Linked data.


def test_report_is_told_with_its_people_chapters_and_place(client, section, person):
    facts = {"subtitle": "A report", "doi": "10.1234/abc", "display_date": datetime.date(2026, 3, 1)}
    report = factories.PublicationPageFactory(parent=section, title="Wet feet", slug="wet-feet", **facts)
    chapter = factories.ChapterPageFactory(parent=report, title="One", slug="one")
    factories.ContributionFactory(page=report, person=person, name="Ada Person", affiliation="Head of research")
    factories.ContributionFactory(page=report, name="B. Guest", role="foreword")

    node = node_of(client, report, "Report")

    assert node["@type"] == ["Report", "Article"]
    assert (node["headline"], node["alternativeHeadline"], node["sameAs"]) == (
        "Wet feet",
        "A report",
        "https://doi.org/10.1234/abc",
    )
    assert node["datePublished"].startswith("2026-03-01T12:00:00")
    assert node["author"] == [{"@type": "Person", "name": "Ada Person", "url": person.full_url, "jobTitle": "Head of research"}]
    assert node["contributor"] == [{"@type": "Person", "name": "B. Guest"}]
    assert node["hasPart"] == [{"@type": "Chapter", "name": "One", "url": chapter.full_url, "position": 1}]
    crumbs = node_of(client, report, "BreadcrumbList")["itemListElement"]
    assert [(item["position"], item["name"], item["item"]) for item in crumbs][-1] == (3, "Wet feet", report.full_url)
    assert node_of(client, chapter, "Chapter")["isPartOf"] == {"@type": "Report", "name": "Wet feet", "url": report.full_url}


def test_interview_is_an_article_about_the_person_asked(client, section):
    interview = factories.InterviewPageFactory(parent=section)
    factories.ContributionFactory(page=interview, name="C. Asked", role="interviewee")

    node = node_of(client, interview, "Article")

    assert node["additionalType"] == "http://www.wikidata.org/entity/Q178651"
    assert node["about"] == [{"@type": "Person", "name": "C. Asked"}]


def test_film_is_told_with_its_player_length_and_clips(client, section):
    film = factories.VideoPageFactory(parent=section, duration="3:00")
    for time, title in [("0:00", "Begin"), ("1:10", "End")]:  # in whatever order the editor put them
        VideoChapter.objects.create(page=film, time=time, title=title, sort_order=len(title))

    node = node_of(client, film, "VideoObject")

    assert (node["duration"], node["embedUrl"].split("?")[0]) == ("PT180S", "https://player.vimeo.com/video/123456789")
    clips = [(clip["name"], clip["startOffset"], clip["endOffset"]) for clip in node["hasPart"]]
    assert clips == [("Begin", 0, 70), ("End", 70, 180)]
    assert node["thumbnailUrl"].startswith(f"http://testserver/share/{film.pk}.png")


def test_film_is_told_with_what_is_said_in_it(client, section):
    said = [
        ("heading", {"text": "The night", "level": "2"}),
        ("speech", {"label": "A.P.", "time": "0:10", "text": "<p>It was <b>wet</b> &amp; dark.</p>"}),
        ("speech", {"label": "", "time": "", "text": "<p>And cold.</p>"}),
    ]
    film = factories.VideoPageFactory(parent=section, transcript=said)
    silent = factories.VideoPageFactory(parent=section)

    assert node_of(client, film, "VideoObject")["transcript"] == "It was wet & dark. And cold."
    assert "transcript" not in node_of(client, silent, "VideoObject")
    assert queries_of(client, film.url) == queries_of(client, silent.url)


@pytest.mark.parametrize(
    ("make", "kind"),
    [
        (lambda section, **_: section, "CollectionPage"),
        (lambda home, **_: home, "WebSite"),
        (lambda topic, **_: topic, "CollectionPage"),
        (lambda person, **_: person, "ProfilePage"),
        (lambda people, **_: people, "CollectionPage"),
        (lambda home, **_: factories.StandardPageFactory(parent=home), "WebPage"),
        (lambda section, **_: factories.SeriesPageFactory(parent=section), "CreativeWorkSeries"),
        (lambda article, **_: article, "Article"),
    ],
)
def test_every_type_of_page_is_told(client, home, section, topic, person, people, article, make, kind):
    page = make(home=home, section=section, topic=topic, person=person, people=people, article=article)

    node = node_of(client, page, kind)

    assert node["url"] == page.full_url
    assert node_of(client, page, "Organization")["name"] == "Saltmarsh"


def test_comments_on_the_page_are_told_and_held_ones_are_not(client, article):
    factories.comment(article, text="It was *cold*.", name="A. Reader")
    factories.comment(article, text="canary held", state="pending")
    factories.comment(article, text="canary gone", state="removed")

    node = next(node for node in data_of(client, article) if "commentCount" in node)

    assert (node["@id"], node["commentCount"]) == (article.full_url, 1)
    assert [(said["text"], said["author"]["name"]) for said in node["comment"]] == [("It was cold.", "A. Reader")]
    assert "canary" not in json.dumps(node)


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("AT&T is <b>, I *know*.", "AT&T is <b>, I know."),
        ("One.\n\nTwo\nthree:\n\n* four\n* five", "One. Two three: four five"),
        ("x" * 501, "x" * 500),
    ],
)
def test_comment_is_told_in_its_own_words_without_markup(client, article, text, told):
    factories.comment(article, text=text)

    assert [said["text"] for said in data_of(client, article)[-1]["comment"]] == [told]


def test_words_of_readers_cannot_end_the_script(client, article):
    factories.comment(article, text="x", name="</script><script>alert(1)</script>")

    html = client.get(article.url).content.decode()

    assert "<script>alert(1)" not in html
    assert any("</script><script>" in said["author"]["name"] for said in data_of(client, article)[-1]["comment"])


def test_script_escapes_every_sign_of_html():
    assert str(linked_data_script({"a": "<b>&\u2028"})) == (
        '<script type="application/ld+json">{"a": "\\u003Cb\\u003E\\u0026\\u2028"}</script>'
    )
    assert linked_data_script(None) == ""


# Head and picture.


def test_page_without_a_picture_is_shared_with_a_drawn_one(client, article):
    article.title = "A very long title " * 12
    article.save()
    address = head_of(client, article).find("meta", property="og:image")["content"]

    answer = client.get(address)

    assert (answer.status_code, answer["Content-Type"]) == (200, "image/png")
    assert Image.open(BytesIO(answer.content)).size == (1200, 630)
    assert client.get(address).content == answer.content


@pytest.mark.parametrize("written", [0, 100])
def test_picture_that_is_not_written_to_the_end_is_shown_whole(client, article, written):
    address = head_of(client, article).find("meta", property="og:image")["content"]
    whole = client.get(address).content
    kept = max(Path(default_storage.path("share")).iterdir(), key=lambda path: path.stat().st_mtime_ns)
    kept.write_bytes(whole[:written])
    before = sorted(kept.parent.iterdir())
    assert client.get(address).content == whole
    assert sorted(kept.parent.iterdir()) == before


@pytest.mark.parametrize("name", ["home", "section", "plain", "people", "person", "topic", "article"])
def test_every_type_of_page_without_a_picture_is_shared_with_a_large_drawn_one(client, home, section, person, topic, name):
    pages = {"home": home, "section": section, "people": person.get_parent(), "person": person, "topic": topic}
    made = {"plain": factories.StandardPageFactory, "article": factories.ArticlePageFactory}
    page = pages.get(name) or made[name](parent=home)
    head = head_of(client, page)
    address = head.find("meta", property="og:image")["content"]

    answer = client.get(address)

    assert Image.open(BytesIO(answer.content)).size == (1200, 630)
    assert (answer["Content-Type"], answer["Cache-Control"]) == ("image/png", "public, max-age=604800")
    assert [head.find("meta", property=f"og:image:{of}")["content"] for of in ("width", "height", "alt")] == [
        "1200",
        "630",
        page.title,
    ]
    assert head.find("meta", attrs={"name": "twitter:card"})["content"] == "summary_large_image"


def test_person_with_a_portrait_is_shared_with_it(client, person):
    person.portrait = factories.ImageFactory()
    person.save()
    head = head_of(client, person)

    assert "/share/" not in head.find("meta", property="og:image")["content"]
    assert head.find("meta", attrs={"name": "twitter:card"})["content"] == "summary"


def test_new_title_has_a_new_address_for_its_picture(client, article):
    before = head_of(client, article).find("meta", property="og:image")["content"]
    article.title = "Another"
    article.save()

    assert head_of(client, article).find("meta", property="og:image")["content"] != before


@pytest.mark.parametrize("make", [factories.ArticlePageFactory, factories.SectionPageFactory])
def test_picture_of_a_page_that_readers_may_not_see_is_not_there(client, home, section, make):
    draft, private, late = make(parent=section, live=False), make(parent=section), make(parent=section)
    alias = private.create_alias(parent=home, update_slug="elsewhere")
    type(late).objects.filter(pk=late.pk).update(expire_at="2001-01-01T00:00Z")
    PageViewRestriction.objects.create(page=private, restriction_type="login")
    beneath = factories.ArticlePageFactory(parent=private)
    keys = [draft.pk, private.pk, late.pk, alias.pk, beneath.pk, home.get_parent().pk, 0, 10**30]

    assert [client.get(f"/share/{key}.png").status_code for key in keys] == [404] * len(keys)


# Feeds.


def titles(client, page) -> list[str]:
    return [entry.findtext(f"{ATOM}title") for entry in xml_of(client, f"/feed/{page.pk}/").findall(f"{ATOM}entry")]


def test_section_topic_series_and_person_have_feeds_of_what_they_gather(client, section, topic, person, article):
    factories.ArticlePageFactory(parent=section, title="Elsewhere")
    factories.PageTopicFactory(page=article, topic=topic)
    factories.ContributionFactory(page=article, person=person)
    series = factories.SeriesPageFactory(parent=section)
    factories.SeriesItemFactory(series=series, page=article)
    draft = factories.ArticlePageFactory(parent=section, title="canary draft", live=False)
    factories.PageTopicFactory(page=draft, topic=topic)

    assert sorted(titles(client, section)) == ["A dry street", "Elsewhere"]
    assert [titles(client, place) for place in (topic, series, person)] == [["A dry street"]] * 3
    links = head_of(client, topic).find_all("link", type="application/atom+xml")
    assert [(link["href"], link["title"]) for link in links] == [(f"/feed/{topic.pk}/", "Streets"), ("/feed/", "Saltmarsh")]


def test_what_gathers_nothing_or_is_hidden_has_no_feed(client, home, article, section):
    hidden = factories.TopicPageFactory(parent=section, live=False)

    assert [client.get(f"/feed/{key}/").status_code for key in (article.pk, home.pk, hidden.pk, 0, 10**30)] == [404] * 5


def test_feed_of_a_place_asks_as_much_for_many_entries_as_for_few(client, section, topic):
    costs = []
    for _round in range(2):
        for _page in range(2 if not costs else 10):
            factories.PageTopicFactory(page=factories.ArticlePageFactory(parent=section), topic=topic)
        costs.append(queries_of(client, f"/feed/{topic.pk}/"))
    assert costs[0] == costs[1]


# Sitemap, robots, security.


def mapped(client) -> list[str]:
    parts = [part.findtext("s:loc", namespaces=MAP) for part in xml_of(client, "/sitemap.xml").findall("s:sitemap", MAP)]
    return [row.findtext("s:loc", namespaces=MAP) for part in parts for row in xml_of(client, part).findall("s:url", MAP)]


def test_sitemap_names_every_page_that_everybody_may_read_once(client, home, section, article):
    factories.ArticlePageFactory(parent=section, live=False)
    private = factories.ArticlePageFactory(parent=section)
    PageViewRestriction.objects.create(page=private, restriction_type="login")
    article.create_alias(parent=section, update_slug="twice")

    assert sorted(mapped(client)) == sorted(page.full_url for page in (home, section, article))


def test_sitemap_is_split_by_keys(client, section, monkeypatch):
    pages = [factories.ArticlePageFactory(parent=section) for _ in range(5)]
    monkeypatch.setattr(sitemaps, "STRETCH", 2)

    assert {page.full_url for page in pages} <= set(mapped(client))
    assert len(xml_of(client, "/sitemap.xml")) >= 3


def test_sitemap_holds_pictures_and_films(client, section, person):
    pictured = factories.ArticlePageFactory(parent=section, image=factories.ImageFactory())
    film = factories.VideoPageFactory(parent=section, title="Film & more", duration="1:00")
    root = xml_of(client, f"/sitemap/{film.pk // 1000}.xml")

    rows = {row.findtext("s:loc", namespaces=MAP): row for row in root.findall("s:url", MAP)}
    picture = rows[pictured.full_url].findtext("image:image/image:loc", namespaces=MAP)
    assert picture == f"http://testserver{pictured.image.file.url}"
    video = rows[film.full_url].find("video:video", MAP)
    assert (video.findtext("video:title", namespaces=MAP), video.findtext("video:duration", namespaces=MAP)) == (
        "Film & more",
        "60",
    )
    assert client.get(video.findtext("video:thumbnail_loc", namespaces=MAP)).status_code == 200


def test_sitemap_holds_films_within_the_bounds_of_its_schema(client, section):
    film = factories.VideoPageFactory(parent=section, title="Long " * 30, duration="9:00:00")
    gone = factories.VideoPageFactory(parent=section, address="")
    parts = [xml_of(client, f"/sitemap/{page.pk // 1000}.xml") for page in (film, gone)]
    rows = {row.findtext("s:loc", namespaces=MAP): row for part in parts for row in part.findall("s:url", MAP)}
    video = rows[film.full_url].find("video:video", MAP)
    assert len(video.findtext("video:title", namespaces=MAP)) <= 100
    assert video.find("video:duration", MAP) is None
    assert rows[gone.full_url].find("video:video", MAP) is None


def test_sitemap_asks_as_much_for_many_pages_as_for_few(client, section, article):
    few = queries_of(client, "/sitemap/0.xml")
    for _ in range(10):
        factories.VideoPageFactory(parent=section, image=factories.ImageFactory())
    assert queries_of(client, "/sitemap/0.xml") == few


@pytest.mark.parametrize("number", ["7", "9" * 30])
def test_part_without_pages_is_not_there(client, home, number):
    assert client.get(f"/sitemap/{number}.xml").status_code == 404


def test_robots_are_told_of_the_sitemap(client):
    text = client.get("/robots.txt").content.decode()
    assert "Disallow: /admin/\n" in text
    assert "Sitemap: http://testserver/sitemap.xml\n" in text


def test_security_contact_is_named_once_there_is_one(client, settings):
    assert client.get("/.well-known/security.txt").status_code == 404

    settings.HUB_SECURITY_CONTACT = "mailto:security@hub.example"
    lines = client.get("/.well-known/security.txt").content.decode().splitlines()

    fields = dict(line.split(": ", 1) for line in lines)
    assert fields["Contact"] == "mailto:security@hub.example"
    assert datetime.datetime.fromisoformat(fields["Expires"]) > datetime.datetime.now(datetime.UTC) + datetime.timedelta(days=100)
