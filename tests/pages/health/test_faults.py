"""What is a fault of links and what is none, kind by kind."""

import re
from datetime import timedelta

import pytest
from django.utils import timezone
from wagtail.contrib.redirects.models import Redirect
from wagtail.models import PageViewRestriction, ReferenceIndex

from hub import settings as hub_settings
from pages.health.here import is_of_templates
from pages.models import ArticlePage, HomePageFeature, IncomingLink, LinkFault, SearchPromotion, TopicPick
from tests import factories
from tests.pages.cases import stream
from tests.pages.health.finding import DEAD_END, DOCUMENT, ELSEWHERE, HERE, ORPHAN, UNSEEN, count, sentences, titles

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("reference_index")]
HEADING = ("heading", {"text": "What we found", "level": "2"})  # its anchor is that of the first block

CALL = ("action", {"sentence": "", "text": "Go", "page": None, "address": ""})  # has no address: it may be hidden


def publish(page, *blocks):
    """Give ``page`` a body, and save it as the editor does."""
    page.body = stream(list(blocks))
    page.save()
    return page


def paragraph(html):
    return ("paragraph", f"<p>{html}</p>")


def to_page(page) -> tuple:
    return paragraph(f'<a linktype="page" id="{page if isinstance(page, int) else page.pk}">there</a>')


def to(address) -> tuple:
    return paragraph(f'<a href="{address}">there</a>')


@pytest.fixture
def other(section):
    """A page that is there to lead to ``article``, or to be led to."""
    return factories.ArticlePageFactory(parent=section, title="A wet street", slug="a-wet-street")


@pytest.fixture
def hidden(section):
    return factories.ArticlePageFactory(parent=section, title="A secret street", slug="a-secret-street", live=False)


# Orphans


def test_a_page_that_only_its_section_lists_is_an_orphan(article):
    assert titles(ORPHAN) == ["A dry street"]


def led_by_a_link(article, other, section):
    factories.ContentLinkFactory(source=other, target=article)


def led_by_its_own_link_which_shows_at_the_other_end(article, other, section):
    factories.ContentLinkFactory(source=article, target=other)


def led_by_running_text(article, other, section):
    publish(other, to_page(article))


def led_by_a_call_to_action(article, other, section):
    publish(other, ("action", {"sentence": "", "text": "Go", "page": article.pk, "address": ""}))


def led_by_the_front(article, other, section):
    HomePageFeature.objects.create(home=section.get_parent().specific, page=article)


def led_by_a_topic_that_begins_with_it(article, other, section):
    topic = factories.TopicPageFactory(parent=section, slug="t")
    TopicPick.objects.create(topic=topic, page=article)


def led_by_a_series(article, other, section):
    series = factories.SeriesPageFactory(parent=section, slug="s")
    factories.SeriesItemFactory(series=series, page=article)


def led_by_a_path(article, other, section):
    path = factories.PathPageFactory(parent=section, slug="p")
    factories.PathStepFactory(path=path, page=article)


LEADS = [
    led_by_a_link,
    led_by_its_own_link_which_shows_at_the_other_end,
    led_by_running_text,
    led_by_a_call_to_action,
    led_by_the_front,
    led_by_a_topic_that_begins_with_it,
    led_by_a_series,
    led_by_a_path,
]


@pytest.mark.parametrize("lead", LEADS, ids=lambda lead: lead.__name__)
def test_a_page_that_something_leads_to_is_no_orphan(article, other, section, lead):
    lead(article, other, section)
    assert "A dry street" not in titles(ORPHAN)


def test_what_readers_do_not_see_leads_nobody(article, hidden):
    factories.ContentLinkFactory(source=hidden, target=article)
    publish(hidden, to_page(article))
    assert titles(ORPHAN) == ["A dry street"]


def test_a_link_that_the_other_end_hides_leads_nobody_back(article, other):
    factories.ContentLinkFactory(source=article, target=other, kind="related-to")
    IncomingLink.objects.create(page=other, source=article, kind="related-to", hidden=True)
    assert titles(ORPHAN) == ["A dry street"]


def test_a_topic_by_itself_leads_nobody_to_what_is_under_it(article, section):
    topic = factories.TopicPageFactory(parent=section, title="Streets", slug="streets")
    factories.PageTopicFactory(page=article, topic=topic)
    assert titles(ORPHAN) == ["A dry street", "Streets"]


def test_a_promoted_result_leads_only_those_who_search_for_it(article):
    SearchPromotion.objects.create(searches="dry", page=article)
    assert titles(ORPHAN) == ["A dry street"]


def test_a_page_that_names_itself_is_still_an_orphan(article):
    publish(article, to_page(article))
    assert titles(ORPHAN) == ["A dry street"]


def test_a_person_is_led_to_by_a_byline_and_a_chapter_by_its_publication(section, person, article):
    factories.ContributionFactory(page=article, person=person)
    publication = factories.PublicationPageFactory(parent=section, title="Report", slug="report")
    factories.ChapterPageFactory(parent=publication, title="Chapter", slug="chapter")
    # A publication is led to by its chapter's breadcrumbs.
    assert titles(ORPHAN) == ["A dry street"]


def test_the_menus_lead_to_what_stands_in_them(home):
    factories.StandardPageFactory(parent=home, title="About us", slug="about", show_in_menus=True)
    factories.StandardPageFactory(parent=home, title="Privacy", slug="privacy")
    factories.SectionPageFactory(parent=home, title="Empty", slug="empty")
    assert titles(ORPHAN) == ["Empty"]


def test_a_private_page_a_draft_and_an_alias_are_never_called_orphans(article, other, hidden, section):
    PageViewRestriction.objects.create(page=article, restriction_type="login")
    other.create_alias(parent=section, update_slug="again")
    assert titles(ORPHAN) == ["A wet street"]


# Dead ends


def leads_on_by_a_link(article, other, section):
    factories.ContentLinkFactory(source=article, target=other)


def leads_on_by_a_link_of_the_other(article, other, section):
    factories.ContentLinkFactory(source=other, target=article)


def leads_on_by_text(article, other, section):
    publish(article, to_page(other))


def leads_on_elsewhere(article, other, section):
    publish(article, to("https://example.org/"))


def leads_on_by_a_topic(article, other, section):
    factories.PageTopicFactory(page=article, topic=factories.TopicPageFactory(parent=section, slug="t"))


def leads_on_by_a_series(article, other, section):
    factories.SeriesItemFactory(series=factories.SeriesPageFactory(parent=section, slug="s"), page=article)


def leads_on_by_a_contributor(article, other, section):
    people = factories.PeopleIndexPageFactory(parent=section.get_parent(), slug="people")
    factories.ContributionFactory(page=article, person=factories.PersonPageFactory(parent=people))


WAYS_ON = [
    leads_on_by_a_link,
    leads_on_by_a_link_of_the_other,
    leads_on_by_text,
    leads_on_elsewhere,
    leads_on_by_a_topic,
    leads_on_by_a_series,
    leads_on_by_a_contributor,
]


def test_a_page_without_anything_that_leads_on_is_a_dead_end(article):
    assert titles(DEAD_END) == ["A dry street"]


@pytest.mark.parametrize("lead", WAYS_ON, ids=lambda lead: lead.__name__)
def test_a_page_that_leads_on_is_no_dead_end(article, other, section, lead):
    lead(article, other, section)
    assert "A dry street" not in titles(DEAD_END)


def test_what_readers_do_not_see_leads_nobody_on(article, hidden, section):
    publish(article, to_page(hidden))
    factories.ContentLinkFactory(source=article, target=hidden)
    factories.PageTopicFactory(page=article, topic=factories.TopicPageFactory(parent=section, slug="t", live=False))
    assert titles(DEAD_END) == ["A dry street"]


def test_a_publication_leads_to_its_chapters_and_a_chapter_to_its_publication(section):
    publication = factories.PublicationPageFactory(parent=section, title="Report", slug="report")
    assert titles(DEAD_END) == ["Report"]
    factories.ChapterPageFactory(parent=publication, title="Chapter", slug="chapter")
    assert titles(DEAD_END) == []


# Relations to what readers do not see


def _draft(page):
    type(page).objects.filter(pk=page.pk).update(live=False)


def _private(page):
    PageViewRestriction.objects.create(page=page, restriction_type="login")


def _expired(page):
    type(page).objects.filter(pk=page.pk).update(expire_at=timezone.now() - timedelta(days=1))


def _scheduled(page):
    type(page).objects.filter(pk=page.pk).update(go_live_at=timezone.now() + timedelta(days=1))


def _deleted(page):
    page.delete()


@pytest.mark.parametrize("hide", [_draft, _private, _expired, _scheduled, _deleted])
def test_a_link_in_running_text_to_what_readers_do_not_see_is_a_fault(article, other, hide):
    publish(article, to_page(other))
    assert titles(UNSEEN) == []
    hide(other)
    assert titles(UNSEEN) == ["A dry street"]


def test_each_way_of_stating_a_link_is_seen_and_says_where_it_is_mended(article, hidden, administrator):
    factories.ContentLinkFactory(source=article, target=hidden)
    publish(article, HEADING, to_page(hidden), ("action", {"sentence": "", "text": "Go", "page": hidden.pk, "address": ""}))

    assert sentences(UNSEEN, administrator) == [
        ("A dry street", "Leads to “A secret street”, in the text, which readers do not see: a draft."),
        ("A dry street", "Leads to “A secret street”, in the text, which readers do not see: a draft."),
        ("A dry street", "Leads to “A secret street”, under Linked content, which readers do not see: a draft."),
    ]
    assert sorted(LinkFault.objects.filter(kind=UNSEEN).values_list("place", flat=True)) == [
        "body.00000001",
        "body.00000002",
        "links",
    ]


def test_a_link_to_a_deleted_page_says_so(article, administrator):
    publish(article, to_page(987654))
    assert sentences(UNSEEN, administrator) == [("A dry street", "Leads to a page that was deleted, in the text.")]


# Addresses within this site


@pytest.mark.parametrize(
    ("address", "is_fault"),
    [
        ("/everything/a-wet-street/", False),
        ("/everything/a-wet-street", False),
        ("http://127.0.0.1:8000/everything/a-wet-street/", False),
        ("http://localhost/everything/a-wet-street/?from=here", False),
        ("/everything/a-wet-street/#s-00000000", False),
        ("/everything/a-wet-street/#s-00000001", False),
        ("/everything/a-wet-street/#s-00000002", True),
        ("/everything/a-wet-street/#t-65", False),
        ("/everything/a-wet-street/#s-99999999", True),
        ("/everything/a-wet-street/#what-we-found", True),
        ("/everything/a-wet-street/#comments", False),
        ("/everything/a-wet-street/#comment-12", False),
        ("#s-00000000", False),
        ("#s-77777777", True),
        ("#related", False),
        ("/everything/no-street/", True),
        ("http://localhost/no/such/thing/", True),
        ("/search/?q=street", False),
        ("/search?q=street", False),
        ("/feed/", False),
        ("/old/", False),
        ("/documents/987654/report.pdf", True),
        ("mailto:somebody@example.org", False),
        ("http://[broken", False),
        ("http://[broken#s-00000000", False),
        ("/everything/%00/#s-00000000", True),
        ("http://localhost:99999/everything/", False),
        ("/everything/a-wet-street/#s%2D00000000", False),
    ],
)
def test_addresses_within_this_site_are_found_without_asking(article, other, address, is_fault):
    Redirect.objects.create(old_path="/old", redirect_page=other)
    publish(other, HEADING, paragraph("A flood."), CALL)
    publish(article, HEADING, to(address))
    assert titles(HERE) == (["A dry street"] if is_fault else [])
    assert titles(ELSEWHERE) == []


def test_the_address_of_a_document_is_known_while_the_document_is_there(article):
    document = factories.DocumentFactory()
    publish(article, to(document.url))
    assert titles(HERE) == []
    document.delete()
    assert titles(HERE) == ["A dry street"]


def test_an_address_within_this_site_stands_in_links_too(article, administrator):
    factories.ContentLinkFactory(source=article, address="http://localhost/nothing/", title="Nothing")
    assert sentences(HERE, administrator) == [
        ("A dry street", "Leads to http://localhost/nothing/, under Linked content, where nothing is.")
    ]


def test_an_address_of_a_hidden_page_is_one_that_readers_do_not_see(article, hidden, administrator):
    publish(article, to("/everything/a-secret-street/"))
    assert titles(HERE) == []
    assert sentences(UNSEEN, administrator) == [
        ("A dry street", "Leads to “A secret street”, in the text, which readers do not see: a draft.")
    ]


@pytest.mark.parametrize("hide", [_draft, _private, _expired, _scheduled])
def test_an_old_address_of_a_hidden_page_is_one_that_readers_do_not_see(article, other, hide):
    Redirect.objects.create(old_path="/old", redirect_page=other)
    publish(article, to("/old/"))
    assert titles(UNSEEN) == []
    hide(other)
    assert (titles(UNSEEN), titles(HERE)) == (["A dry street"], [])


def test_an_old_address_of_a_hidden_page_that_another_follows_is_no_fault(article, other, hidden):
    Redirect.objects.create(old_path="/old", redirect_page=hidden)
    Redirect.objects.create(old_path="/everything/a-secret-street", redirect_page=other)
    publish(article, to("/old/"))
    assert titles(UNSEEN) == []


def test_old_addresses_that_lead_in_a_circle_are_looked_up_no_further(article, hidden):
    Redirect.objects.create(old_path="/old", redirect_page=hidden)
    Redirect.objects.create(old_path="/everything/a-secret-street", redirect_page=hidden)
    publish(article, to("/old/"))
    assert titles(UNSEEN) == ["A dry street"]


def test_the_place_on_a_page_that_an_old_address_names_is_looked_up(article, other):
    Redirect.objects.create(old_path="/old", redirect_page=other)
    publish(other, HEADING)
    publish(article, HEADING, to("/old/#s-00000000"), to("/old/#s-99999999"))
    assert titles(HERE) == ["A dry street"]


def test_ids_of_templates_are_known_as_places_to_which_links_may_lead():
    """A new id in a template of pages would otherwise be called broken."""
    folders = ["pages", "people", "components", "discussion"]
    files = [hub_settings.BASE_DIR / "templates" / "base.html"]
    for folder in folders:
        files += [path for path in (hub_settings.BASE_DIR / "templates" / folder).rglob("*.html") if "admin" not in path.parts]
    found = {given for path in files for given in re.findall(r'[\s"]id="([\w-]+)"', path.read_text())}
    forms = {"reason-error", "kept-text"}  # of screens to which nobody links
    assert {given for given in found if not is_of_templates(given)} == forms & found


# Elsewhere


def test_addresses_elsewhere_are_gathered_from_wherever_they_stand(article, section, person):
    publish(
        article,
        to("HTTPS://Example.org/a#part"),
        ("action", {"sentence": "", "text": "Go", "page": None, "address": "https://example.org/b"}),
        ("embed", {"address": "https://vimeo.com/123456789", "title": "Film", "poster": None, "caption": ""}),
    )
    factories.ContentLinkFactory(source=article, address="https://example.org/c", title="C")
    publication = factories.PublicationPageFactory(parent=section)
    factories.FormatFactory(page=publication, address="https://shop.example/d")
    person.website = "https://example.org/e"
    person.save()
    path = factories.PathPageFactory(parent=section)
    factories.PathStepFactory(path=path, address="https://example.org/f", title="F")

    count()

    rows = LinkFault.objects.filter(kind=ELSEWHERE).values_list("address__address", "place", "address__host")
    assert sorted(rows) == [
        ("https://example.org/a", "body.00000000", "example.org"),
        ("https://example.org/b", "body.00000001", "example.org"),
        ("https://example.org/c", "links", "example.org"),
        ("https://example.org/e", "website", "example.org"),
        ("https://example.org/f", "steps", "example.org"),
        ("https://shop.example/d", "formats", "shop.example"),
    ]


# Documents


def test_a_document_that_nothing_names_is_a_fault(section, article):
    used = [factories.DocumentFactory(title=f"Used {n}") for n in range(4)]
    factories.DocumentFactory(title="Forgotten")
    publish(
        article,
        paragraph(f'<a linktype="document" id="{used[0].pk}">file</a>'),
        ("document", {"document": used[1].pk, "text": ""}),
    )
    publication = factories.PublicationPageFactory(parent=section)
    factories.FormatFactory(page=publication, document=used[2])
    video = factories.VideoPageFactory(parent=section)
    video.caption_tracks.create(document=used[3])
    ReferenceIndex.create_or_update_for_object(publication)
    ReferenceIndex.create_or_update_for_object(video)
    assert titles(DOCUMENT) == ["Forgotten"]


def test_a_document_that_a_page_names_by_its_address_is_no_fault(section, article, other, administrator):
    named = [factories.DocumentFactory(title=f"Named {n}") for n in range(2)]
    factories.DocumentFactory(title="Forgotten")
    publish(article, to(named[0].url), to(f"http://localhost{named[0].url}#page=2"))
    factories.ContentLinkFactory(source=other, address=named[1].url, title="File")
    forgotten = ("Forgotten", "No page links to it.")

    assert sentences(DOCUMENT, administrator) == [forgotten]
    assert sentences(DOCUMENT, administrator) == [forgotten], "when counted again"
    publish(article, paragraph("Nothing."))
    assert sentences(DOCUMENT, administrator) == [forgotten, ("Named 0", "No page links to it.")]


def test_what_is_mended_is_gone_and_what_stays_keeps_its_time(article, other):
    count()
    before = LinkFault.objects.get(kind=ORPHAN, page=other)
    factories.ContentLinkFactory(
        source=ArticlePage.objects.get(pk=other.pk), target=factories.ArticlePageFactory(parent=article.get_parent())
    )
    LinkFault.objects.filter(kind=ORPHAN, page=article).update(found_at=before.found_at - timedelta(days=9))

    assert titles(ORPHAN) == ["A dry street"]
    assert LinkFault.objects.get(kind=ORPHAN, page=article).found_at == before.found_at - timedelta(days=9)
