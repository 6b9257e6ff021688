"""Links between pages: stored once, shown at both ends, and safe from drafts, copies and deletions."""

from contextlib import suppress

import pytest
from bs4 import BeautifulSoup
from django.core.exceptions import ValidationError
from wagtail.models import PageViewRestriction

from pages.house_kinds import HOUSE_KINDS
from pages.models import (
    ContentLink,
    ContentPage,
    Contribution,
    HomePageFeature,
    PageTopic,
    PathStep,
    SearchPromotion,
    SeriesItem,
    TopicPage,
    TopicPick,
)
from pages.related import relations_of
from people.models import PersonPage
from tests import factories
from tests.pages.counting import queries_of

pytestmark = pytest.mark.django_db

KINDS = [kind.slug for kind in HOUSE_KINDS]
HIDING = {
    "draft": {"live": False},
    "scheduled": {"go_live_at": "2999-01-01T00:00Z"},
    "expired": {"expire_at": "2001-01-01T00:00Z"},
}


@pytest.fixture
def report(section):
    return factories.PublicationPageFactory(parent=section, title="The report", slug="the-report")


@pytest.fixture
def talk(section):
    return factories.VideoPageFactory(parent=section, title="The talk", slug="the-talk")


def link(source, target=None, **values):
    return factories.ContentLinkFactory(source=source, target=target, **values)


def related_links(client, page) -> list[tuple[str, str]]:
    """The links of “More on …” as a reader finds them: words and address."""
    block = BeautifulSoup(client.get(page.url).content, "html.parser").find(id="related")
    return [(found.get_text(), found["href"]) for found in block.select("li a")] if block else []


def ends(page) -> list[tuple[str, bool]]:
    """Title of the page at the other end of each link, and whether that page states the link."""
    return [(relation.page.title, relation.incoming) for relation in relations_of(ContentPage.objects.get(pk=page.pk).specific)]


def test_link_is_stored_once_and_shown_at_both_ends(client, report, talk):
    link(talk, report, kind="talk-about")
    assert ContentLink.objects.count() == 1
    assert related_links(client, talk) == [("The report", report.url)]
    assert related_links(client, report) == [("The talk", talk.url)]


@pytest.mark.parametrize("kind", KINDS)
def test_link_of_every_kind_reaches_both_ends(report, talk, kind):
    link(talk, report, kind=kind)
    assert (ends(talk), ends(report)) == ([("The report", False)], [("The talk", True)])


@pytest.mark.parametrize("change", HIDING.values(), ids=HIDING)
def test_page_that_readers_cannot_see_is_shown_at_neither_end(client, report, talk, change):
    link(talk, report)
    ContentPage.objects.filter(pk=talk.pk).update(**change)
    assert related_links(client, report) == []
    ContentPage.objects.filter(pk=talk.pk).update(live=True, go_live_at=None, expire_at=None)
    ContentPage.objects.filter(pk=report.pk).update(**change)
    assert related_links(client, talk) == []


@pytest.mark.parametrize("kind", ["login", "password", "groups"])
@pytest.mark.parametrize("above", [False, True])
def test_private_page_is_shown_at_neither_end(client, home, kind, above):
    closed = factories.SectionPageFactory(parent=home)
    talk = factories.VideoPageFactory(parent=closed)
    report = factories.PublicationPageFactory(parent=factories.SectionPageFactory(parent=home))
    PageViewRestriction.objects.create(page=closed if above else talk, restriction_type=kind, password="secret")
    link(talk, report)
    link(report, talk, kind="responds-to")
    assert related_links(client, report) == []
    assert ends(report) == []


def test_alias_is_shown_at_neither_end(home, report, talk):
    other = factories.SectionPageFactory(parent=home)
    link(talk, report)
    alias = talk.create_alias(parent=other)
    assert ends(report) == [("The talk", True)]
    assert [relation.page.pk for relation in relations_of(report)] == [talk.pk]
    link(report, alias, kind="responds-to")
    assert [relation.page.pk for relation in relations_of(report)] == [talk.pk]


def test_alias_shows_the_links_of_its_source_from_both_ends(home, report, talk, section):
    reply = factories.ArticlePageFactory(parent=section, title="The reply")
    link(talk, report)
    link(reply, talk, kind="responds-to")
    alias = talk.create_alias(parent=factories.SectionPageFactory(parent=home))
    assert ends(alias) == ends(talk) == [("The report", False), ("The reply", True)]
    further = alias.create_alias(parent=factories.SectionPageFactory(parent=home))
    assert (further.alias_of_id, ends(further)) == (talk.pk, ends(talk))
    alias.delete()
    further.refresh_from_db()
    talk.title = "The talk, once more"
    talk.save_revision().publish()
    further.refresh_from_db()
    assert (further.alias_of_id, further.title) == (talk.pk, "The talk, once more")


# Rows in which an editor chooses a page.
CHOOSING = [PageTopic, Contribution, ContentLink, TopicPick, SeriesItem, HomePageFeature, PathStep, SearchPromotion]


@pytest.mark.parametrize("row_type", CHOOSING)
def test_row_in_which_an_editor_chooses_an_alias_names_its_original(home, talk, people, row_type):
    wanted = row_type._meta.get_field(row_type.names).related_model
    pages = {PersonPage: factories.PersonPageFactory(parent=people), TopicPage: factories.TopicPageFactory(parent=home)}
    original = pages.get(wanted, talk)
    alias = original.create_alias(parent=home, update_slug="once-more")
    row = row_type(**{row_type.names: alias if isinstance(alias, wanted) else alias.page_ptr})
    with suppress(ValidationError):
        row.clean()
    assert getattr(row, f"{row_type.names}_id") == original.pk


def test_own_link_hides_the_one_that_comes_back(client, report, talk):
    link(report, talk, wording="Hear it from the authors")
    link(talk, report)
    assert ends(report) == [("The talk", False)]
    assert related_links(client, report) == [("Hear it from the authors", talk.url)]
    assert ends(talk) == [("The report", False)]


def test_two_links_between_the_same_pages_make_one_line(client, report, talk):
    link(talk, report, kind="talk-about", sort_order=0)
    link(talk, report, kind="related-to", sort_order=1)
    assert related_links(client, report) == [("The talk", talk.url)]
    assert related_links(client, talk) == [("The report", report.url)]


def test_own_link_does_not_hide_that_a_page_was_replaced(client, section, report):
    new = factories.PublicationPageFactory(parent=section, title="The new report")
    link(report, new, kind="related-to")
    link(new, report, kind="replaces")
    text = BeautifulSoup(client.get(report.url).content, "html.parser").get_text(" ", strip=True)
    assert "This has been replaced by The new report" in text


def test_links_stand_in_the_order_of_the_editor_own_first(section, report):
    others = [factories.ArticlePageFactory(parent=section, title=title) for title in ("One", "Two", "Three", "Four")]
    link(others[3], report, sort_order=0)
    for place, other in enumerate(reversed(others[:3])):
        link(report, other, sort_order=place)
    assert ends(report) == [("Three", False), ("Two", False), ("One", False), ("Four", True)]


def test_copy_keeps_its_outgoing_links_and_shows_them_once_it_is_published(client, report, talk):
    link(talk, report, kind="talk-about", note="Given in spring.")
    copy = talk.copy(update_attrs={"title": "The copy", "slug": "the-copy"}, keep_live=False)
    assert [(row.kind, row.target_id, row.note) for row in copy.links.all()] == [("talk-about", report.pk, "Given in spring.")]
    assert ends(report) == [("The talk", True)]
    copy.save_revision().publish()
    assert ends(report) == [("The talk", True), ("The copy", True)]


def test_copy_takes_no_incoming_links_along(report, talk):
    link(talk, report)
    copy = report.copy(update_attrs={"title": "The copy", "slug": "the-copy"})
    assert ends(copy) == []


def test_publishing_a_stale_draft_of_the_target_loses_no_link(report, talk):
    stale = report.save_revision()
    link(talk, report)
    stale.publish()
    assert (ends(talk), ends(report)) == ([("The report", False)], [("The talk", True)])


def test_publishing_a_stale_draft_of_the_source_loses_no_link_of_the_target(section, report, talk):
    stale = talk.save_revision()
    reply = factories.ArticlePageFactory(parent=section, title="The reply")
    link(reply, talk)
    link(report, talk)
    stale.publish()
    assert ends(talk) == [("The report", True), ("The reply", True)]


def test_link_of_a_draft_counts_at_the_other_end_once_it_is_published(client, report, talk):
    talk.links = [ContentLink(target=report.page_ptr, kind="talk-about")]
    draft = talk.save_revision()
    assert related_links(client, report) == []
    draft.publish()
    assert related_links(client, report) == [("The talk", talk.url)]


def test_preview_shows_the_links_of_the_draft(administrator_client, report, talk):
    talk.links = [ContentLink(target=report.page_ptr)]
    talk.save_revision()
    content = administrator_client.get(f"/admin/pages/{talk.pk}/view_draft/").content
    assert [found["href"] for found in BeautifulSoup(content, "html.parser").select("#related li a")] == [report.url]


def test_new_page_in_preview_shows_nobody_elses_links(report):
    link(report, address="https://example.org/", title="Elsewhere")
    assert relations_of(type(report)(title="Not saved yet")) == []


def test_revision_with_a_link_to_a_deleted_page_still_opens(administrator_client, section, report, talk):
    other = factories.ArticlePageFactory(parent=section, title="Still there")
    talk.links = [ContentLink(target=report.page_ptr), ContentLink(target=other.page_ptr)]
    draft = talk.save_revision()
    report.delete()
    assert administrator_client.get(f"/admin/pages/{talk.pk}/edit/").status_code == 200
    assert administrator_client.get(f"/admin/pages/{talk.pk}/view_draft/").status_code == 200
    draft.publish()
    assert ends(talk) == [("Still there", False)]


def test_deleting_either_end_takes_the_link_with_it(report, talk):
    link(talk, report)
    report.delete()
    assert not ContentLink.objects.exists()
    assert ContentPage.objects.filter(pk=talk.pk).exists()


@pytest.mark.parametrize(
    ("values", "errors"),
    [
        (
            {"target": "report", "address": "https://example.org/"},
            {"target": ["Choose a page or give an address elsewhere, not both."]},
        ),
        ({"target": "talk"}, {"target": ["A page cannot link to itself."]}),
        ({"address": "no address", "title": "x"}, {"address": ["Enter a valid URL."]}),
    ],
)
def test_link_that_contradicts_itself_is_refused(report, talk, values, errors):
    pages = {"report": report.page_ptr, "talk": talk.page_ptr}
    stated = ContentLink(source=talk, **(values | {"target": pages.get(values.get("target"))}))
    with pytest.raises(ValidationError) as caught:
        stated.full_clean(validate_constraints=False)
    assert caught.value.message_dict == errors


@pytest.mark.parametrize("kind", KINDS)
def test_address_elsewhere_is_shown_whatever_the_kind(client, report, kind):
    link(report, address="https://example.org/paper", title="A paper", kind=kind)
    assert related_links(client, report) == [("A paper", "https://example.org/paper")]


def test_person_and_section_can_be_linked_to(client, section, report, person):
    link(report, person.page_ptr, sort_order=0)
    link(report, section.page_ptr, sort_order=1)
    assert related_links(client, report) == [("Ada Person’s profile", person.url), ("Everything", section.url)]


@pytest.mark.parametrize("change", HIDING.values(), ids=HIDING)
def test_person_and_section_that_readers_cannot_see_are_left_out(client, home, report, person, change):
    hidden = factories.SectionPageFactory(parent=home)
    for target in (person, hidden):
        link(report, target.page_ptr)
        type(target).objects.filter(pk=target.pk).update(**change)
    assert related_links(client, report) == []


def test_page_costs_the_same_number_of_queries_with_2_links_as_with_12(client, section, person):
    def linked(number):
        page = factories.PublicationPageFactory(parent=section)
        for place in range(number):
            make = [factories.ArticlePageFactory, factories.InterviewPageFactory, factories.TopicPageFactory][place % 3]
            own, incoming = make(parent=section), factories.VideoPageFactory(parent=section)
            for other in (own, incoming):
                factories.ContributionFactory(page=other, name=f"Name {place}", role="author")
            link(page, own, sort_order=place)
            link(incoming, page, kind="talk-about")
        link(page, person.page_ptr, sort_order=50)
        return page.url

    assert queries_of(client, linked(3)) == queries_of(client, linked(12))
