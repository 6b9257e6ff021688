"""The Atom feed of one page's comments."""

from datetime import UTC, datetime, timedelta
from xml.etree import ElementTree

import pytest
from bs4 import BeautifulSoup
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from wagtail.models import Page, PageViewRestriction, Site

from discussion.models import Discussion, PageComment
from discussion.transitions import decide
from tests import factories

ATOM = "{http://www.w3.org/2005/Atom}"
MORNING = datetime(2026, 3, 1, 8, 30, tzinfo=UTC)


def address(page):
    return f"/discussion/{page.pk}/feed/"


def feed(client, page) -> ElementTree.Element:
    response = client.get(address(page))
    assert (response.status_code, response["Content-Type"]) == (200, "application/atom+xml; charset=utf-8")
    return ElementTree.fromstring(response.content)  # noqa: S314 - our own feed


def told(client, page) -> list[dict]:
    """What each entry says."""
    names = ("title", "id", "summary", "published", "updated")
    return [{name: entry.findtext(f"{ATOM}{name}") for name in names} for entry in feed(client, page).findall(f"{ATOM}entry")]


def numbers(client, page) -> list[int]:
    return [int(entry["id"].split("/")[-2]) for entry in told(client, page)]


def test_feed_names_the_page_and_leads_to_its_comments(client, article):
    Site.objects.update(hostname="hub.example", port=443)
    factories.comment(article)
    root = feed(client, article)
    assert root.tag == f"{ATOM}feed"
    assert root.findtext(f"{ATOM}title") == "Comments on “A dry street”"
    links = {link.get("rel"): link.get("href") for link in root.findall(f"{ATOM}link")}
    assert links == {
        "alternate": "https://hub.example/everything/a-dry-street/#comments",
        "self": f"https://hub.example/discussion/{article.pk}/feed/",
    }
    assert root.findtext(f"{ATOM}id") == f"https://hub.example/discussion/{article.pk}/"


def test_entry_tells_who_said_what_and_when(client, article):
    comment = factories.comment(article, text="I was *there* & <b>cold</b>.", name="Ann <Other>", now=MORNING)
    (entry,) = feed(client, article).findall(f"{ATOM}entry")
    assert told(client, article) == [
        {
            "title": "Ann <Other>, comment 1",
            "id": f"http://localhost/discussion/{article.pk}/1/",
            "summary": "<p>I was <em>there</em> &amp; &lt;b&gt;cold&lt;/b&gt;.</p>\n",
            "published": "2026-03-01T08:30:00+00:00",
            "updated": "2026-03-01T08:30:00+00:00",
        }
    ]
    assert entry.find(f"{ATOM}summary").get("type") == "html"
    assert entry.find(f"{ATOM}link").get("href") == f"http://localhost/discussion/{article.pk}/1/"
    assert entry.findtext(f"{ATOM}author/{ATOM}name") == "Ann <Other>"
    PageComment.objects.filter(pk=comment.pk).update(edited_at=MORNING + timedelta(minutes=5))
    assert told(client, article)[0]["updated"] == "2026-03-01T08:35:00+00:00"


def test_feed_holds_the_fifty_published_last_newest_first(client, article):
    held = factories.comment(article, state="pending")
    top = factories.comment(article)
    for _ in range(50):
        factories.comment(article, reply_to=top)
    decide([held.pk], "published", by=None)
    assert numbers(client, article) == list(range(52, 2, -1))


@pytest.mark.parametrize("state", ["pending", "rejected", "spam", "removed", "erased"])
def test_what_is_not_published_is_not_in_the_feed(client, article, state):
    top = factories.comment(article, text="Said at the top")
    reply = factories.comment(article, reply_to=top, text="Said in reply")
    factories.comment(article, text="Said elsewhere")
    decide([top.pk], state, by=None)
    shown = [3, reply.number] if state in {"removed", "erased"} else [3]
    assert numbers(client, article) == shown
    assert "Said at the top" not in client.get(address(article)).content.decode()


def test_comments_of_other_pages_are_not_in_the_feed(client, article, section):
    factories.comment(factories.ArticlePageFactory(parent=section))
    factories.comment(article, text="Said here")
    assert len(told(client, article)) == 1


HIDING = {
    "draft": {"live": False},
    "scheduled": {"go_live_at": "2999-01-01T00:00Z"},
    "expired": {"expire_at": "2001-01-01T00:00Z"},
}


@pytest.mark.parametrize("change", HIDING.values(), ids=HIDING)
def test_page_that_is_not_published_has_no_feed(client, article, change):
    factories.comment(article)
    Page.objects.filter(pk=article.pk).update(**change)
    assert client.get(address(article)).status_code == 404


@pytest.mark.parametrize("where", ["page", "above"])
def test_private_page_has_no_feed_and_names_none(client, reader_client, moderator_client, section, article, where):
    factories.comment(article)
    PageViewRestriction.objects.create(page=article if where == "page" else section, restriction_type="login")
    for visitor in (client, reader_client, moderator_client):
        assert visitor.get(address(article)).status_code == 404
    assert "/feed/" not in BeautifulSoup(reader_client.get(article.url).content, "html.parser").select_one("#comments").decode()
    assert address(article) not in reader_client.get(f"/discussion/{article.pk}/").content.decode()


def test_discussion_that_is_off_has_no_feed(client, section, article):
    factories.comment(article)
    Discussion.objects.update(override="off")
    assert client.get(address(article)).status_code == 404
    off = factories.ArticlePageFactory(parent=section, discussion_mode="off")
    assert client.get(address(off)).status_code == 404


def test_closed_discussion_has_its_feed(client, section):
    page = factories.ArticlePageFactory(parent=section, discussion_mode="closed")
    factories.comment(page)
    assert numbers(client, page) == [1]


def test_feed_without_comments_is_empty(client, article):
    assert told(client, article) == []


@pytest.mark.parametrize("page_id", [0, 1, 10**6, 2**63])
def test_what_is_no_page_has_no_feed(client, db, page_id):
    assert client.get(f"/discussion/{page_id}/feed/").status_code == 404


def test_alias_has_its_sources_feed(client, home, article):
    factories.comment(article)
    alias = article.create_alias(parent=factories.SectionPageFactory(parent=home))
    assert client.get(address(alias)).content == client.get(address(article)).content


def test_characters_that_xml_forbids_do_not_break_the_feed(client, article):
    comment = factories.comment(article)
    nasty = "a\x0bb\x0c\x1fc\ufffed\uffffe\U0001f4a5"
    PageComment.objects.filter(pk=comment.pk).update(user_name=nasty, body_html=f"<p>{nasty}</p>")
    Page.objects.filter(pk=article.pk).update(title=nasty)
    assert told(client, article)[0]["summary"] == "<p>a b  c d e\U0001f4a5</p>"
    assert feed(client, article).findtext(f"{ATOM}title") == "Comments on “a b  c d e\U0001f4a5”"


def test_nothing_private_is_in_the_feed(client, article, reader):
    factories.comment(article, user=reader, email="ann@readers.example", author_key="key-of-a-browser")
    text = client.get(address(article)).content.decode()
    for secret in ("@readers.example", reader.username, "key-of-a-browser"):
        assert secret not in text


def test_unchanged_feed_is_not_sent_again_and_every_change_is(client, article):
    comment = factories.comment(article, now=timezone.now() - timedelta(days=1))
    tag = client.get(address(article))["ETag"]
    assert "Last-Modified" not in client.get(address(article))
    assert client.get(address(article), headers={"if-none-match": tag}).status_code == 304
    decide([comment.pk], "removed", by=None)
    assert client.get(address(article), headers={"if-none-match": tag}).status_code == 200


def test_feed_costs_the_same_for_1_and_50_comments(client, section, reader):
    costs = set()
    for count in (1, 50):
        page = factories.ArticlePageFactory(parent=section)
        for _ in range(count):
            factories.comment(page, user=reader)
        client.get(address(page))
        with CaptureQueriesContext(connection) as queries:
            assert len(told(client, page)) == count
        costs.add(len(queries))
    assert len(costs) == 1


def test_feed_is_named_where_the_comments_are(client, article):
    factories.comment(article)
    for where in (article.url, f"/discussion/{article.pk}/"):
        links = BeautifulSoup(client.get(where).content, "html.parser").select(f"#comments a[href='{address(article)}']")
        assert [link.get_text() for link in links] == ["Follow by feed"]
    head = BeautifulSoup(client.get(f"/discussion/{article.pk}/").content, "html.parser").head
    assert [link["title"] for link in head.select(f"link[rel=alternate][href='{address(article)}']")] == [
        "Comments on A dry street"
    ]
