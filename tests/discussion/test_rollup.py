"""“12 comments here, 7 on its interviews”: what is said on the pages that belong to a page."""

import pytest
from bs4 import BeautifulSoup
from wagtail.models import Page, PageViewRestriction

from discussion.models import Discussion
from tests import factories
from tests.pages.counting import queries_of

pytestmark = pytest.mark.django_db

TYPES = {
    "interview-for": factories.InterviewPageFactory,
    "talk-about": factories.VideoPageFactory,
    "article-about": factories.ArticlePageFactory,
    "related-to": factories.ArticlePageFactory,
}


@pytest.fixture
def report(section):
    return factories.PublicationPageFactory(parent=section, title="The report", slug="report")


def said(page, count):
    for _ in range(count):
        factories.comment(page)
    return page


def linked(section, report, kind, count, **values):
    """A page that states a link of ``kind`` to the report, with so many comments."""
    page = TYPES[kind](parent=section, **values)
    factories.ContentLinkFactory(source=page, target=report, kind=kind)
    return said(page, count)


def line(client, page):
    """The words of the line, and its links by their words; None where there is no line."""
    found = BeautifulSoup(client.get(page.url).content, "html.parser").select_one(".discussion__elsewhere")
    return (found.get_text(), {link.get_text(): link["href"] for link in found.select("a")}) if found else None


def test_page_that_nothing_belongs_to_has_no_line(client, section, report):
    said(report, 2)
    linked(section, report, "related-to", 3)
    assert line(client, report) is None


def test_line_counts_each_kind_and_leads_there(client, section, report):
    said(report, 2)
    interview = linked(section, report, "interview-for", 3, slug="asked")
    for count in (1, 2):
        linked(section, report, "talk-about", count)
    linked(section, report, "article-about", 1, slug="seen")
    for count in (4, 1):
        said(factories.ChapterPageFactory(parent=report), count)
    assert line(client, report) == (
        "2 comments here, 3 on its interview, 3 on its videos, 1 on an article about it, 5 on its chapters",
        {
            "3 on its interview": f"{interview.url}#comments",
            "3 on its videos": "#related",
            "1 on an article about it": "/everything/seen/#comments",
            "5 on its chapters": "#chapters",
        },
    )


def test_every_place_that_the_line_leads_to_is_there(client, section, report):
    for _ in range(2):
        linked(section, report, "interview-for", 1)
        said(factories.ChapterPageFactory(parent=report), 1)
        said(factories.VideoPageFactory(parent=report), 1)
    soup = BeautifulSoup(client.get(report.url).content, "html.parser")
    targets = [link["href"] for link in soup.select(".discussion__elsewhere a")]
    assert targets == ["#related", "#companions-title", "#chapters"]
    for target in targets:
        assert len(soup.select(target)) == 1


def test_page_without_comments_of_its_own_leaves_that_count_out(client, section, report):
    linked(section, report, "interview-for", 2, slug="asked")
    assert line(client, report) == (
        "Comments elsewhere: 2 on its interview",
        {"2 on its interview": "/everything/asked/#comments"},
    )


def test_count_of_nothing_is_left_out(client, section, report):
    said(report, 1)
    linked(section, report, "interview-for", 0)
    linked(section, report, "talk-about", 1, slug="talk")
    assert line(client, report) == ("1 comment here, 1 on its video", {"1 on its video": "/everything/talk/#comments"})


def test_what_is_linked_and_stands_beneath_counts_once(client, report):
    interview = factories.InterviewPageFactory(parent=report)
    factories.ContentLinkFactory(source=interview, target=report, kind="interview-for")
    said(interview, 2)
    assert line(client, report)[0] == "Comments elsewhere: 2 on its interview"


HIDING = {
    "draft": {"live": False},
    "scheduled": {"go_live_at": "2999-01-01T00:00Z"},
    "expired": {"expire_at": "2001-01-01T00:00Z"},
}


@pytest.mark.parametrize("where", ["linked", "beneath"])
@pytest.mark.parametrize("how", [*HIDING, "private", "off", "off by a moderator", "held"])
def test_what_readers_do_not_see_is_not_counted(client, section, report, where, how):
    if where == "linked":
        page = linked(section, report, "interview-for", 2)
    else:
        page = said(factories.InterviewPageFactory(parent=report), 2)
    assert line(client, report)
    if how == "private":
        PageViewRestriction.objects.create(page=page, restriction_type="login")
    elif how == "off":
        page.discussion_mode = "off"
        page.save()
    elif how == "off by a moderator":
        Discussion.objects.filter(page=page).update(override="off")
    elif how == "held":
        Discussion.objects.filter(page=page).update(published_count=0)
    else:
        Page.objects.filter(pk=page.pk).update(**HIDING[how])
    assert line(client, report) is None


def test_discussion_that_is_off_in_its_section_is_not_counted(client, home, report):
    silent = factories.SectionPageFactory(parent=home, slug="silent", discussion_mode="off")
    linked(silent, report, "interview-for", 2)
    assert line(client, report) is None


def test_alias_of_a_page_is_not_counted_beside_it(client, home, section, report):
    page = linked(section, report, "interview-for", 2)
    page.create_alias(parent=factories.SectionPageFactory(parent=home))
    assert line(client, report)[0] == "Comments elsewhere: 2 on its interview"


def test_alias_of_a_report_with_its_chapters_counts_as_the_report_does(client, home, section, report):
    said(factories.ChapterPageFactory(parent=report), 2)
    hidden = said(factories.ChapterPageFactory(parent=report), 1)
    alias = report.create_alias(parent=factories.SectionPageFactory(parent=home), recursive=True)
    assert line(client, alias.specific)[0] == line(client, report)[0] == "Comments elsewhere: 3 on its chapters"
    Page.objects.filter(pk=hidden.pk).update(live=False)
    assert line(client, alias.specific)[0] == "Comments elsewhere: 2 on its chapter"
    PageViewRestriction.objects.create(page=report.page_ptr, restriction_type="login")
    assert line(client, alias.specific) is None


def test_line_costs_the_same_for_2_and_12_pages(client, section):
    costs = set()
    for count in (2, 12):
        report = factories.PublicationPageFactory(parent=section)
        for _ in range(count):
            linked(section, report, "interview-for", 1)
            said(factories.ChapterPageFactory(parent=report), 1)
        costs.add(queries_of(client, report.url))
        assert line(client, report)[0] == f"Comments elsewhere: {count} on its interviews, {count} on its chapters"
    assert len(costs) == 1


def test_discussion_on_its_own_page_has_no_line(client, section, report):
    linked(section, report, "interview-for", 2)
    assert b"discussion__elsewhere" not in client.get(f"/discussion/{report.pk}/").content
