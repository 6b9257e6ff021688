"""What points at a page: put in order, hidden and re-worded at the receiving end, bounded, and listed for readers."""

import pytest
from bs4 import BeautifulSoup
from django.contrib.auth.models import Group, Permission
from django.http import QueryDict
from wagtail.models import GroupPagePermission, PageViewRestriction

from pages import link_kinds
from pages.editing import Arranging
from pages.models import ContentLink, ContentPage, IncomingLink, LinkKind
from pages.related import related_to
from tests import factories
from tests.conftest import client_of, in_group
from tests.pages.counting import queries_of

pytestmark = pytest.mark.django_db


@pytest.fixture
def report(section):
    return factories.PublicationPageFactory(parent=section, title="The report", slug="the-report")


@pytest.fixture
def three(section, report):
    """Three articles that name the report."""
    made = [factories.ArticlePageFactory(parent=section, title=title) for title in ("One", "Two", "Three")]
    for page in made:
        factories.ContentLinkFactory(source=page, target=report, kind="related-to")
    return made


def fresh(page):
    return ContentPage.objects.get(pk=page.pk).specific


def seen(page) -> list[tuple[str, str]]:
    """Titles of the pages at the other ends, with an editor's words for them."""
    return [(entry.page.title, entry.wording) for entry in related_to(page).relations]


def arranged(page, source, **values):
    return IncomingLink(page=page, source=source, kind="related-to", **values)


def test_receiving_end_puts_in_order_hides_and_re_words(report, three):
    for row in (arranged(report, three[2], place=1), arranged(report, three[0], hidden=True)):
        row.save()
    arranged(report, three[1], wording="In our words").save()
    assert seen(fresh(report)) == [("Three", ""), ("Two", "In our words")]
    assert seen(fresh(three[0])) == [("The report", "")]


def test_words_alone_do_not_move_a_link(report, three):
    arranged(report, three[1], wording="In our words").save()
    assert seen(fresh(report)) == [("One", ""), ("Two", "In our words"), ("Three", "")]


def test_arrangement_belongs_to_the_draft_and_shows_once_it_is_published(report, three):
    report.incoming = [arranged(report, three[2], place=1)]
    draft = report.save_revision()
    assert [title for title, _ in seen(fresh(report))] == ["One", "Two", "Three"]
    assert [title for title, _ in seen(draft.as_object())] == ["Three", "One", "Two"]
    draft.publish()
    assert [title for title, _ in seen(fresh(report))] == ["Three", "One", "Two"]


def test_publishing_a_stale_draft_of_a_source_keeps_what_the_target_makes_of_its_link(report, three):
    stale = three[0].save_revision()
    report.incoming = [arranged(report, three[0], hidden=True)]
    report.save_revision().publish()
    stale.publish()
    assert [title for title, _ in seen(fresh(report))] == ["Two", "Three"]


def test_draft_whose_source_was_deleted_opens_and_publishes(administrator_client, report, three):
    report.incoming = [arranged(report, three[0], hidden=True), arranged(report, three[1], hidden=True)]
    draft = report.save_revision()
    three[0].delete()
    assert administrator_client.get(f"/admin/pages/{report.pk}/edit/").status_code == 200
    draft.publish()
    assert [title for title, _ in seen(fresh(report))] == ["Three"]


def test_copy_begins_without_what_was_made_of_links_to_its_model(report, three):
    arranged(report, three[0], hidden=True).save()
    copy = report.copy(update_attrs={"slug": "copy"})
    assert list(copy.incoming.all()) == []
    assert copy.get_latest_revision_as_object().incoming.count() == 0


def test_alias_shows_its_sources_arrangement(home, report, three):
    arranged(report, three[0], hidden=True).save()
    alias = report.create_alias(parent=factories.SectionPageFactory(parent=home))
    assert [title for title, _ in seen(fresh(alias))] == ["Two", "Three"]


# In the editor


def sent(*rows, **values) -> QueryDict:
    """What the panel sends: a row for each link by ``(source, kind)``."""
    data = QueryDict(mutable=True)
    for source, kind, said in rows:
        data.appendlist("incoming", f"{source.pk}:{kind}")
        for name, value in said.items():
            data[f"incoming-{source.pk}:{kind}-{name}"] = value
    return data


def test_form_makes_a_row_only_of_what_says_something_however_often_it_is_sent(report, three):
    data = sent(
        (three[0], "related-to", {"wording": "Words", "place": ""}),
        (three[1], "related-to", {"place": "1", "hidden": "on"}),
        (three[2], "related-to", {"place": "", "wording": ""}),
    )
    for _turn in range(2):
        page = fresh(report)
        arranging = Arranging(page, data)
        assert arranging.is_valid()
        arranging.apply()
        page.save()
        rows = IncomingLink.objects.order_by("source_id").values_list("source", "place", "hidden", "wording")
        assert list(rows) == [(three[0].pk, None, False, "Words"), (three[1].pk, 1, True, "")]


def test_form_takes_back_what_was_said_and_keeps_what_it_did_not_show(report, three):
    for source in three[:2]:
        arranged(report, source, hidden=True).save()
    page = fresh(report)
    arranging = Arranging(page, sent((three[0], "related-to", {})))
    arranging.apply() if arranging.is_valid() else None
    page.save()
    assert [row.source_id for row in IncomingLink.objects.all()] == [three[1].pk]


@pytest.mark.parametrize("place", ["0", "-1", "x", "99999999999999999999999999999"])
def test_place_that_is_none_is_refused(report, three, place):
    arranging = Arranging(fresh(report), sent((three[0], "related-to", {"place": place})))
    assert not arranging.is_valid()


def test_rows_of_other_pages_or_none_are_left_alone(report, three):
    data = QueryDict("incoming=x&incoming=999999999999999999999999:related-to&incoming=1:2:3&incoming=%00:a")
    arranging = Arranging(fresh(report), data)
    assert (arranging.is_valid(), arranging.has_changed()) == (True, False)


def panel(client, page) -> str:
    html = client.get(f"/admin/pages/{page.pk}/edit/").content
    soup = BeautifulSoup(html, "html.parser")
    return " ".join(cell.get_text(" ", strip=True) for cell in soup.select(".arrange td:first-child"))


def test_editor_sees_what_points_here_and_why_readers_do_not(administrator_client, report, three):
    ContentPage.objects.filter(pk=three[0].pk).update(live=False)
    ContentPage.objects.filter(pk=three[1].pk).update(expire_at="2001-01-01T00:00Z")
    assert panel(administrator_client, report) == (
        "One is related to Not shown: a draft Two is related to Not shown: expired Three is related to"
    )


def test_title_of_a_draft_is_told_only_to_those_who_may_work_on_it(home, report, three):
    """An editor of one section is not told what another section prepares."""
    mine = factories.SectionPageFactory(parent=home)
    theirs = factories.SectionPageFactory(parent=home)
    own = factories.PublicationPageFactory(parent=mine, title="Mine")
    secret = factories.ArticlePageFactory(parent=theirs, title="Nightingale", live=False)
    factories.ContentLinkFactory(source=secret, target=own)
    factories.ContentLinkFactory(source=own, target=secret)
    group = Group.objects.create(name="Of one section")
    group.permissions.add(Permission.objects.get(codename="access_admin"))
    change = Permission.objects.get(content_type__app_label="wagtailcore", codename="change_page")
    GroupPagePermission.objects.create(group=group, page=mine, permission=change)
    user = in_group("of-one-section", "Of one section")
    html = client_of(user).get(f"/admin/pages/{own.pk}/edit/").content.decode()
    assert "Nightingale" not in BeautifulSoup(html, "html.parser").select_one(".arrange").get_text()
    assert "A page that you may not see" in html
    warned = BeautifulSoup(html, "html.parser").select_one(".help-warning ul").get_text(" ", strip=True)
    assert "A page that you may not see (a draft)" in warned


def test_editor_is_warned_of_links_that_readers_do_not_see(administrator_client, section, report):
    for title, change in {
        "Unfinished": {"live": False},
        "Later": {"go_live_at": "2999-01-01T00:00Z"},
        "Over": {"expire_at": "2001-01-01T00:00Z"},
        "Closed": {},
        "Open": {},
    }.items():
        page = factories.ArticlePageFactory(parent=section, title=title)
        ContentPage.objects.filter(pk=page.pk).update(**change) if change else None
        if title == "Closed":
            PageViewRestriction.objects.create(page=page, restriction_type="login")
        factories.ContentLinkFactory(source=report, target=page)
    html = administrator_client.get(f"/admin/pages/{report.pk}/edit/").content
    warned = [item.get_text() for item in BeautifulSoup(html, "html.parser").select(".help-warning li")]
    assert warned == [
        "Unfinished (a draft)",
        "Later (scheduled for 1 Jan 2999, midnight)",
        "Over (expired)",
        "Closed (private)",
    ]


# How many there are


@pytest.fixture
def thirteen(section, report):
    made = [factories.ArticlePageFactory(parent=section, title=f"Piece {place}") for place in range(13)]
    for page in made:
        factories.ContentLinkFactory(source=page, target=report, kind="responds-to")
    return made


def test_so_many_of_a_kind_are_named_and_the_others_counted(client, section, report, thirteen):
    ContentPage.objects.filter(pk=thirteen[12].pk).update(live=False)
    arranged_at_the_end = IncomingLink(page=report, source=thirteen[11], kind="responds-to", place=1)
    arranged_at_the_end.save()
    found = related_to(fresh(report))
    assert [entry.page.title for entry in found.relations] == ["Piece 11", *(f"Piece {place}" for place in range(9))]
    assert found.more == 2
    more = BeautifulSoup(client.get(report.url).content, "html.parser").select_one(".related__more")
    assert " ".join(more.get_text().split()) == "And 2 more pages: see what links here"
    assert more.a["href"] == f"/linked/{report.pk}/"


def test_what_links_here_is_listed_a_kind_at_a_time(client, section, report, thirteen, three):
    arranged(report, three[0], hidden=True).save()

    def titles(address):
        soup = BeautifulSoup(client.get(address).content, "html.parser")
        return [found.get_text() for found in soup.select(".card__title")], soup.select_one("h1").get_text()

    assert titles(f"/linked/{report.pk}/related-to/") == (["Three", "Two"], "The report")
    assert len(titles(f"/linked/{report.pk}/responds-to/")[0]) == 12
    assert titles(f"/linked/{report.pk}/?page=2")[0] == ["Piece 2", "Piece 1", "Piece 0"]
    assert titles(f"/linked/{report.pk}/talk-about/")[0] == []


def test_list_of_links_answers_only_for_what_the_reader_may_see(client, administrator_client, home, section, report):
    private = factories.ArticlePageFactory(parent=section, title="Closed")
    PageViewRestriction.objects.create(page=private, restriction_type="login")
    draft = factories.ArticlePageFactory(parent=section, live=False)
    addresses = [f"/linked/{pk}/" for pk in (private.pk, draft.pk, 999_999_999_999_999_999_999_999_999_999, home.pk)]
    assert [client.get(address).status_code for address in [*addresses, f"/linked/{report.pk}/nothing/"]] == [404] * 5
    answer = administrator_client.get(addresses[0])
    assert (answer.status_code, "no-store" in answer["Cache-Control"]) == (200, True)


def test_list_of_links_of_an_alias_and_of_a_merged_kind_is_elsewhere(client, home, report, three):
    alias = report.create_alias(parent=factories.SectionPageFactory(parent=home))
    LinkKind.objects.filter(slug="talk-about").update(merged_into=LinkKind.objects.get(slug="responds-to"))
    assert client.get(f"/linked/{alias.pk}/")["Location"] == f"/linked/{report.pk}/"
    assert client.get(f"/linked/{report.pk}/talk-about/")["Location"] == f"/linked/{report.pk}/responds-to/"


def test_list_of_links_costs_the_same_for_2_and_for_12(client, section):
    def address(number):
        page = factories.PublicationPageFactory(parent=section)
        for _ in range(number):
            factories.ContentLinkFactory(source=factories.ArticlePageFactory(parent=section), target=page)
        return f"/linked/{page.pk}/"

    assert queries_of(client, address(2)) == queries_of(client, address(12))


def test_links_beyond_the_panel_keep_what_was_said_of_them(report, three, monkeypatch):
    monkeypatch.setattr("pages.editing.SHOWN", 1)
    for page in three[1:]:
        arranged(report, page, hidden=True).save()
    page = fresh(report)
    arranging = Arranging(page, sent((three[1], "related-to", {"wording": "Words"})))
    assert arranging.is_valid()
    arranging.apply()
    page.save()
    rows = IncomingLink.objects.order_by("source").values_list("source", "hidden", "wording")
    assert list(rows) == [(three[1].pk, False, "Words"), (three[2].pk, True, "")]
    assert ContentLink.objects.count() == 3


def test_panel_has_room_first_for_what_was_said_then_for_what_readers_see(section, report, three, monkeypatch):
    monkeypatch.setattr("pages.editing.SHOWN", 2)
    three[0].unpublish()
    three[1].create_alias(parent=section, update_slug="two-again")
    arranged(report, three[2], hidden=True).save()
    assert [row.source_id for row in Arranging(fresh(report)).rows] == [three[1].pk, three[2].pk]
    assert Arranging(fresh(report)).total == 3


def test_what_was_sent_is_kept_though_others_came_first_meanwhile(report, three, monkeypatch):
    monkeypatch.setattr("pages.editing.SHOWN", 1)
    page = fresh(report)
    arranging = Arranging(page, sent((three[2], "related-to", {"wording": "Words"})))
    assert arranging.is_valid()
    arranging.apply()
    assert [(row.source_id, row.wording) for row in page.incoming.all()] == [(three[2].pk, "Words")]


def test_hidden_links_take_no_room_from_those_with_a_place(report, three, monkeypatch):
    monkeypatch.setattr("pages.incoming.ARRANGED_PER_KIND", 1)
    arranged(report, three[0], hidden=True).save()
    arranged(report, three[2], place=1).save()
    assert [title for title, _words in seen(fresh(report))] == ["Three", "Two"]


def test_arrangement_in_a_draft_holds_though_its_kind_was_merged_meanwhile(report, three):
    report.incoming = [IncomingLink(source=three[0], kind="responds-to", hidden=True)]
    report.save_revision()
    ContentLink.objects.filter(source=three[0]).update(kind="responds-to")
    link_kinds.merge(LinkKind.objects.get(slug="responds-to"), LinkKind.objects.get(slug="related-to"))
    draft = fresh(report).get_latest_revision_as_object()
    hidden = {row.source_id: row.form.initial.get("hidden") for row in Arranging(draft).rows}
    assert hidden == {three[0].pk: True, three[1].pk: None, three[2].pk: None}
    assert [title for title, _words in seen(draft)] == ["Two", "Three"]


def test_publishing_a_page_again_moves_none_of_its_links_at_the_other_end(report, three):
    for page in three:
        page.links = [ContentLink(target=report, kind="related-to")]
        page.save_revision().publish()
    before = ContentLink.objects.get(source=three[0]).pk
    fresh(three[0]).latest_revision.publish()
    assert ContentLink.objects.get(source=three[0]).pk != before  # or this shows nothing
    assert seen(fresh(report)) == [("One", ""), ("Two", ""), ("Three", "")]
    assert [row.source_id for row in Arranging(fresh(report), None).rows] == [page.pk for page in three]


def test_profile_shows_what_links_to_it_and_is_not_by_them(client, section, person, three):
    for page in three[:2]:
        factories.ContentLinkFactory(source=page, target=person, kind="article-about")
    factories.ContributionFactory(page=three[1], person=person)
    three[2].unpublish()
    factories.ContentLinkFactory(source=three[2], target=person, kind="article-about")
    part = BeautifulSoup(client.get(person.url).content, "html.parser").find(attrs={"aria-labelledby": "linked-title"})
    assert [link.get_text(strip=True) for link in part.select("li a")] == ["One"]


def test_what_links_to_a_person_or_a_section_is_listed(client, home, section, person, three):
    for target in (person, section):
        factories.ContentLinkFactory(source=three[0], target=target, kind="related-to")
        listing = client.get(f"/linked/{target.pk}/")
        assert (listing.status_code, [page.title for page in listing.context["results"]]) == (200, ["One"])
        PageViewRestriction.objects.create(page=target, restriction_type="login")
        assert client.get(f"/linked/{target.pk}/").status_code == 404
    assert client.get(f"/linked/{home.pk}/").status_code == 404
