"""The report in the admin: what is shown to whom, how it is narrowed, dismissed and taken along."""

import csv
import io
import re
from datetime import UTC, datetime, timedelta

import pytest
from django.urls import reverse
from django.utils import timezone
from wagtail.models import ModelLogEntry, PageLogEntry, PageViewRestriction

from pages.health.wording import mend_url
from pages.models import AddressChange, ArticlePage, LinkFault, LinkRecount, OutboundAddress
from tests import factories
from tests.conftest import client_of
from tests.pages.cases import stream
from tests.pages.counting import queries_of
from tests.pages.health.finding import DEAD_END, DOCUMENT, ELSEWHERE, HERE, ORPHAN, UNSEEN, count

pytestmark = pytest.mark.django_db
REPORT = "/admin/reports/link-health/"
MAY = datetime(2024, 5, 3, 12, tzinfo=UTC)


@pytest.fixture
def other_section(home):
    return factories.SectionPageFactory(parent=home, title="Elsewhere", slug="elsewhere")


@pytest.fixture
def elsewhere(other_section):
    return factories.ArticlePageFactory(parent=other_section, title="A far street", slug="a-far-street")


def shown(client, **query) -> str:
    answer = client.get(REPORT, query)
    assert answer.status_code == 200
    return answer.content.decode()


def rows(client, **query) -> list[str]:
    return re.findall(r'class="health__title">([^<]*)</a>', shown(client, **query))


def numbers(client, **query) -> list[int]:
    return [int(number) for number in re.findall(r'class="health__count">(\d+)<', shown(client, **query))]


def with_address(page, address="https://example.org/a", **values) -> OutboundAddress:
    factories.ContentLinkFactory(source=page, address=address, title="Elsewhere")
    count()
    OutboundAddress.objects.filter(address=address).update(**values)
    return OutboundAddress.objects.get(address=address)


BROKEN = {"state": "broken", "why": "404", "failures": 3, "failing_since": MAY, "changed_at": MAY}


def test_each_kind_has_a_tab_with_its_number_and_its_rows(administrator_client, article, section):
    hidden = factories.ArticlePageFactory(parent=section, title="A secret street", live=False)
    article.body = stream(
        [
            ("paragraph", f'<p><a linktype="page" id="{hidden.pk}">x</a><a href="/nothing/">y</a></p>'),
            ("paragraph", '<p><a href="https://example.org/a">z</a></p>'),
        ]
    )
    article.save()
    factories.ArticlePageFactory(parent=section, title="A wet street", slug="a-wet-street")
    factories.DocumentFactory(title="Forgotten")
    count()
    OutboundAddress.objects.update(**BROKEN)

    assert numbers(administrator_client) == [2, 1, 1, 1, 1, 1, 0]
    found = {kind: rows(administrator_client, kind=kind) for kind in (ORPHAN, DEAD_END, UNSEEN, HERE, ELSEWHERE, DOCUMENT)}
    assert found == {
        ORPHAN: ["A wet street", "A dry street"],
        DEAD_END: ["A wet street"],
        UNSEEN: ["A dry street"],
        HERE: ["A dry street"],
        ELSEWHERE: ["A dry street"],
        DOCUMENT: ["Forgotten"],
    }
    assert "Broken since 3 May 2024: not found, 404." in shown(administrator_client, kind=ELSEWHERE)


def test_each_row_leads_to_the_very_place_to_mend(administrator_client, article, person):
    article.body = stream([("heading", {"text": "A", "level": "2"}), ("paragraph", '<p><a href="/nothing/">y</a></p>')])
    article.save()
    factories.ContentLinkFactory(source=article, address="http://localhost/none/", title="None")
    person.biography = '<p><a href="/nothing/">y</a></p>'
    person.save()
    document = factories.DocumentFactory()
    count()

    def mends(kind):
        return sorted(re.findall(r'<a href="([^"]*)" class="health__title"', shown(administrator_client, kind=kind)))

    edit = reverse("wagtailadmin_pages:edit", args=[article.pk])
    assert mends(HERE) == sorted(
        [
            f"{edit}#block-00000001-section",
            f"{edit}#panel-child-content-linked_content-section",
            f"{reverse('wagtailadmin_pages:edit', args=[person.pk])}#panel-child-content-biography-section",
        ]
    )
    assert f"{edit}#panel-child-content-linked_content-section" in mends(ORPHAN)
    assert mends(DOCUMENT) == [reverse("wagtaildocs:edit", args=[document.pk])]


EDITED_AT = {"steps": factories.PathPageFactory, "formats": factories.PublicationPageFactory, "picks": factories.TopicPageFactory}


@pytest.mark.parametrize("place", ["links", "biography", "steps", "formats", "website", "features", "picks"])
def test_the_panels_to_which_rows_lead_are_in_the_editor(administrator_client, home, section, person, place):
    pages = {"biography": person, "website": person, "features": home}
    page = pages.get(place) or EDITED_AT.get(place, factories.ArticlePageFactory)(parent=section)
    url, _mark, panel = mend_url(LinkFault(page=page, place=place)).partition("#")
    assert f'id="{panel}"' in administrator_client.get(url).content.decode()


def test_the_list_is_narrowed_by_section_type_and_answer(administrator_client, article, elsewhere, section, person):
    found = with_address(article)
    query = {"kind": ORPHAN, "section": section.pk}
    assert rows(administrator_client, **query) == ["A dry street"]
    assert numbers(administrator_client, **query)[0] == 1
    assert rows(administrator_client, kind=ORPHAN, type="people.personpage") == ["Ada Person"]
    assert rows(administrator_client, kind=ELSEWHERE) == []
    assert rows(administrator_client, kind=ELSEWHERE, state="unchecked") == ["A dry street"]
    OutboundAddress.objects.filter(pk=found.pk).update(**BROKEN)
    assert rows(administrator_client, kind=ELSEWHERE) == ["A dry street"]
    assert rows(administrator_client, kind=ELSEWHERE, state="good") == []


@pytest.mark.parametrize("value", ["x", "0", "99999999999999999999", "'", "no.such", "\x00"])
def test_what_makes_no_sense_narrows_nothing(administrator_client, article, value):
    count()
    assert rows(administrator_client, kind=ORPHAN, section=value) == ["A dry street"]
    assert rows(administrator_client, kind=ORPHAN, type=value) == ["A dry street"]
    assert rows(administrator_client, kind=value, p=value, undo=value) == ["A dry street"]


def test_only_pages_that_one_may_edit_are_shown_or_counted(section_editor, article, elsewhere, editor_client):
    factories.DocumentFactory(title="Forgotten")
    count()
    client = client_of(section_editor)
    assert (rows(client), numbers(client)) == (["A dry street"], [1, 1, 0, 0, 0, 0, 0])
    assert "A far street" not in shown(client, kind=DEAD_END)
    assert rows(editor_client, kind=DOCUMENT) == ["Forgotten"]
    assert sorted(rows(editor_client)) == ["A dry street", "A far street"]


@pytest.mark.parametrize("role", ["reader", "moderator", "section_moderator"])
def test_who_edits_nothing_gets_nothing(request, role, article):
    count()
    answer = client_of(request.getfixturevalue(role)).get(REPORT)
    assert answer.status_code == 302
    assert client_of(request.getfixturevalue(role)).post(REPORT, {"act": "recount"}).status_code == 302
    assert LinkRecount.objects.filter(is_over=False).count() == 0


def test_a_hidden_page_is_named_only_to_who_may_work_on_it(section_editor, administrator_client, article, other_section):
    hidden = factories.ArticlePageFactory(parent=other_section, title="Canary street", live=False)
    article.body = stream([("paragraph", f'<p><a linktype="page" id="{hidden.pk}">x</a></p>')])
    article.save()
    count()

    assert "Leads to “Canary street”, in the text" in shown(administrator_client, kind=UNSEEN)
    answer = shown(client_of(section_editor), kind=UNSEEN)
    assert "Leads to “A page that you may not see”, in the text" in answer
    assert "Canary" not in answer
    taken = b"".join(client_of(section_editor).get(REPORT, {"kind": UNSEEN, "export": "csv"}).streaming_content)
    assert b"Canary" not in taken


def test_a_section_that_readers_do_not_see_is_no_choice_for_who_may_not_work_on_it(section_editor, home, administrator_client):
    factories.SectionPageFactory(parent=home, title="Canary section", live=False)
    assert "Canary" in shown(administrator_client)
    assert "Canary" not in shown(client_of(section_editor))


def test_what_was_unpublished_or_made_private_since_is_not_shown(administrator_client, article, elsewhere):
    count()
    ArticlePage.objects.filter(pk=article.pk).update(live=False)
    PageViewRestriction.objects.create(page=elsewhere, restriction_type="login")
    assert (rows(administrator_client), numbers(administrator_client)) == ([], [0] * 7)


def test_what_is_public_again_is_no_fault_even_before_the_next_count(administrator_client, article, section):
    hidden = factories.ArticlePageFactory(parent=section, title="Other", live=False)
    factories.ContentLinkFactory(source=article, target=hidden)
    count()
    assert rows(administrator_client, kind=UNSEEN) == ["A dry street"]
    ArticlePage.objects.filter(pk=hidden.pk).update(live=True)
    assert rows(administrator_client, kind=UNSEEN) == []


# Dismissing


def test_what_is_no_fault_is_taken_out_brought_back_and_logged(administrator_client, article):
    document = factories.DocumentFactory(title="Forgotten")
    count()
    orphan = LinkFault.objects.get(kind=ORPHAN)
    unused = LinkFault.objects.get(kind=DOCUMENT)

    answer = administrator_client.post(f"{REPORT}?kind=orphan", {"act": "dismiss", "fault": [orphan.pk, unused.pk]}, follow=True)

    assert "2 are no faults and kept under “Not a fault”." in answer.content.decode()
    assert numbers(administrator_client) == [0, 1, 0, 0, 0, 0, 2]
    assert sorted(rows(administrator_client, kind="dismissed")) == ["A dry street", "Forgotten"]
    count()
    assert sorted(rows(administrator_client, kind="dismissed")) == ["A dry street", "Forgotten"], "a recount keeps it"
    administrator_client.post(f"{REPORT}?kind=dismissed", {"act": "restore", "fault": orphan.pk})
    assert rows(administrator_client) == ["A dry street"]
    logged = PageLogEntry.objects.filter(page=article.pk, action__startswith="pages.").order_by("pk")
    assert list(logged.values_list("action", flat=True)) == ["pages.dismiss_link_fault", "pages.restore_link_fault"]
    assert ModelLogEntry.objects.get(object_id=str(document.pk)).action == "pages.dismiss_link_fault"


def test_nobody_dismisses_what_is_not_theirs(section_editor, article, elsewhere):
    count()
    keys = list(LinkFault.objects.values_list("pk", flat=True))
    client_of(section_editor).post(REPORT, {"act": "dismiss", "fault": [*keys, "x", "99999999999999999999"]})
    dismissed = LinkFault.objects.filter(dismissed_by=section_editor).values_list("page__title", flat=True)
    assert set(dismissed) == {"A dry street"}


def test_nothing_chosen_is_said_and_an_unknown_act_does_nothing(administrator_client, article):
    count()
    assert "Choose a row first." in administrator_client.post(REPORT, {"act": "dismiss"}, follow=True).content.decode()
    assert administrator_client.post(REPORT, {"act": "explode"}).status_code == 302
    assert numbers(administrator_client) == [1, 1, 0, 0, 0, 0, 0]


# Addresses elsewhere


def test_an_address_shows_what_it_did(administrator_client, article):
    found = with_address(article, **BROKEN)
    AddressChange.objects.create(address=found, state="failing", why="timeout", at=MAY - timedelta(days=2))
    AddressChange.objects.create(address=found, state="broken", why="404", at=MAY)
    answer = shown(administrator_client, kind=ELSEWHERE)
    history = re.findall(r"<li><time[^>]*>([^<]*)</time>: ([^<]*)</li>", answer)
    assert history == [("3 May 2024", "Broken, not found, 404"), ("1 May 2024", "Failing, its server does not answer in time")]


def test_an_address_that_nothing_names_any_more_is_forgotten(article):
    with_address(article)
    article.links.all().delete()
    ArticlePage.objects.get(pk=article.pk).links.all().delete()
    count()
    assert not OutboundAddress.objects.exists()


# Taking along


def test_the_list_is_taken_along_harmlessly_as_it_is_narrowed(administrator_client, article, elsewhere, section):
    ArticlePage.objects.filter(pk=article.pk).update(title="=cmd()", draft_title="=cmd()")
    count()
    LinkFault.objects.update(found_at=MAY)

    answer = administrator_client.get(REPORT, {"kind": ORPHAN, "section": section.pk, "export": "csv"})

    taken = list(csv.reader(io.StringIO(b"".join(answer.streaming_content).decode())))
    edit = (
        f"http://127.0.0.1:8000{reverse('wagtailadmin_pages:edit', args=[article.pk])}#panel-child-content-linked_content-section"
    )
    assert taken == [
        ["Title", "Type", "Kind", "Address", "What is wrong", "Since", "Mend at"],
        ["'=cmd()", "Article", "Orphans", "", "No public page leads here.", "2024-05-03T13:00:00+01:00", edit],
    ]
    day = timezone.localdate().isoformat()
    assert answer["Content-Disposition"] == f'attachment; filename="link-health-orphan-{day}.csv"'


# Costs


@pytest.mark.parametrize("kind", [ORPHAN, UNSEEN, ELSEWHERE, DOCUMENT, "dismissed"])
def test_twelve_rows_cost_as_many_queries_as_two(administrator_client, section, kind):
    def cost(number):
        for n in range(number):
            hidden = factories.ArticlePageFactory(parent=section, live=False)
            page = factories.ArticlePageFactory(parent=section)
            factories.ContentLinkFactory(source=page, target=hidden)
            factories.ContentLinkFactory(source=page, address=f"https://{number}.example/{n}", title="x")
            factories.DocumentFactory()
        count()
        OutboundAddress.objects.update(**BROKEN)
        for address in OutboundAddress.objects.all():
            AddressChange.objects.create(address=address, state="broken", why="404")
        if kind == "dismissed":
            LinkFault.objects.update(dismissed_at=timezone.now())
        return queries_of(administrator_client, f"{REPORT}?kind={kind}")

    assert cost(2) == cost(10)


def test_long_lists_come_in_pages(administrator_client, article):
    LinkFault.objects.bulk_create(LinkFault(key=f"k{n}", kind=ORPHAN, page=article) for n in range(120))
    assert [len(rows(administrator_client, p=p)) for p in (1, 2, 3)] == [50, 50, 20]
    assert "Page 3 of 3" in shown(administrator_client, p=99)
