"""The moderators' word on a whole discussion: who may give it, what it does, and the list of all discussions."""

import re
from datetime import UTC, datetime, timedelta
from urllib.parse import quote

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone
from wagtail.models import PageLogEntry, PageViewRestriction

from discussion.models import Discussion
from discussion.openness import standing_of
from discussion.overrides import set_override
from discussion.posting import PageGone
from pages.models import ArticlePage
from tests import factories
from tests.conftest import client_of
from tests.discussion.journey import HERE, TYPED

HOUR = timedelta(hours=1)


def screen(page, **query):
    return reverse("discussion_override", args=[page.pk], query=query or None)


def html(response):
    return response.content.decode()


def said(response):
    return [str(message).strip() for message in response.context["messages"]]


def typed(moment):
    return timezone.localtime(moment).strftime("%Y-%m-%d %H:%M")


def form(override="closed", until="", reason="", **more):
    return {"override": override, "override_until": until, "override_reason": reason, **more}


def row(page):
    found = Discussion.objects.filter(page=page).values_list(
        "override", "override_until", "override_reason", "override_by__username"
    )
    return found.first()


ROLES = {
    "guest": "login",
    "reader": "login",
    "editor": "refused",
    "publisher": "refused",
    "moderator": "let in",
    "administrator": "let in",
}


def outcome(response):
    if response.status_code == 200:
        return "let in"
    assert response.status_code == 302
    return {"/admin/": "refused"}.get(response["Location"], "login" if "login" in response["Location"] else "let in")


@pytest.mark.parametrize(("role", "expected"), ROLES.items())
def test_who_may_see_and_overrule(request, client, article, role, expected):
    visitor = client if role == "guest" else request.getfixturevalue(f"{role}_client")
    for address in (reverse("discussion_list"), reverse("discussion_list_results"), screen(article)):
        response = visitor.get(address)
        assert outcome(response) == expected, address
        assert (article.title in html(response)) == (expected == "let in")
    response = visitor.post(screen(article), form(reason="Enough."))
    assert outcome(response) == expected
    assert row(article) == (("closed", None, "Enough.", role) if expected == "let in" else None)


def test_refusal_does_not_tell_which_pages_there_are(editor_client, article):
    answers = [editor_client.get(reverse("discussion_override", args=[key])) for key in (article.pk, 999_999)]
    assert [(answer.status_code, answer["Location"]) for answer in answers] == [(302, "/admin/")] * 2


def test_form_needs_the_token_against_other_sites(moderator, article):
    browser = client_of(moderator)
    browser.handler.enforce_csrf_checks = True
    assert browser.post(screen(article), form()).status_code == 403
    assert row(article) is None


def test_reading_decides_nothing(moderator_client, article):
    moderator_client.get(screen(article, override="closed", next="/admin/"))
    assert row(article) is None
    for method in ("put", "patch", "delete"):
        assert getattr(moderator_client, method)(screen(article)).status_code == 405


def test_moderator_closes_a_discussion_until_a_time_and_readers_see_why(client, moderator_client, moderator, article):
    factories.comment(article, text="Said before it was closed")
    until = (timezone.now() + 3 * HOUR).replace(second=0, microsecond=0)
    response = moderator_client.post(screen(article), form(until=typed(until), reason="Too heated for now."), follow=True)
    assert response.redirect_chain == [(reverse("discussion_list"), 302)]
    assert row(article) == ("closed", until, "Too heated for now.", "moderator")
    page = html(client.get(article.url))
    assert "Said before it was closed" in page
    assert "Too heated for now. The discussion on this page is closed until " in page
    assert 'id="comment-form"' not in page
    answer = client.post(f"/discussion/{article.pk}/add/", TYPED, headers=HERE)
    assert (answer.status_code, TYPED["comment"] in html(answer)) == (403, True)
    entry = PageLogEntry.objects.get(action="discussion.override")
    assert (entry.page_id, entry.user, entry.data["override"], entry.comment) == (
        article.pk,
        moderator,
        "closed",
        "Too heated for now.",
    )


def test_moderator_hides_a_discussion_and_takes_it_back(client, moderator_client, article):
    factories.comment(article, text="Out of sight")
    moderator_client.post(screen(article), form("off", reason="Kept to ourselves"))
    page = html(client.get(article.url))
    assert "Out of sight" not in page
    assert "Kept to ourselves" not in page
    moderator_client.post(screen(article), form("", reason="Left over", until=typed(timezone.now() - HOUR)))
    assert "Out of sight" in html(client.get(article.url))
    assert row(article) == ("", None, "", "moderator")


def test_override_before_the_first_comment_holds(client, moderator_client, article):
    moderator_client.post(screen(article), form())
    assert client.post(f"/discussion/{article.pk}/add/", TYPED, headers=HERE).status_code == 403


def test_override_leaves_the_counts_alone(moderator_client, article):
    factories.comment(article)
    factories.comment(article, state="pending")
    before = Discussion.objects.values("published_count", "pending_count", "last_number", "last_published_at").get()
    moderator_client.post(screen(article), form())
    assert Discussion.objects.values("published_count", "pending_count", "last_number", "last_published_at").get() == before


# what is wrong: the form, the field that says so, and what it says
WRONG = [
    (form(until="2020-01-01 12:00"), "override_until", "This time has passed"),
    (form(until="0001-01-01 00:00"), "override_until", "This time has passed"),
    (form(until="9999-12-31 23:59"), "override_until", "within the next ten years"),
    (form(until="tomorrow"), "override_until", "Enter a valid date/time."),
    (form(reason="x" * 251), "override_reason", "at most 250 characters"),
    (form(reason="nul\x00"), "override_reason", "Null characters are not allowed."),
    (form("open"), "override", "Select a valid choice"),
]


@pytest.mark.parametrize(("values", "field", "words"), WRONG)
def test_what_is_wrong_is_said_at_its_field_and_what_was_typed_stays(moderator_client, article, values, field, words):
    response = moderator_client.post(screen(article), values)
    assert response.status_code == 200
    assert list(response.context["form"].errors) == [field]
    assert words in response.context["form"].errors[field][0]
    assert words in html(response)
    if field == "override_until":
        assert f'value="{values["override_until"]}"' in html(response)
    if values["override_reason"].isprintable() and values["override_reason"]:
        assert values["override_reason"] in html(response)
    assert row(article) is None


def test_nothing_at_all_takes_the_override_back(moderator_client, article):
    Discussion.objects.create(page=article, override="closed")
    moderator_client.post(screen(article))
    assert row(article)[0] == ""


@pytest.mark.parametrize("key", ["0", "999999", "999999999", "2147483648", "9" * 30, "x"])
def test_page_that_is_none_is_not_found(moderator_client, administrator_client, key):
    address = f"/admin/discussion/pages/{key}/"
    assert administrator_client.get(address).status_code == administrator_client.post(address, form()).status_code == 404
    if len(key) < 10 and key != "x":  # what is no address at all is refused before anything is looked for
        assert moderator_client.get(address).status_code == moderator_client.post(address, form()).status_code == 404


def test_drafts_are_shown_to_moderators_only_once_they_were_discussed(moderator_client, section):
    draft = factories.ArticlePageFactory(parent=section, title="Not out yet", live=False)
    discussed = factories.ArticlePageFactory(parent=section, title="Taken back")
    factories.comment(discussed, state="spam")
    discussed.unpublish()
    page = html(moderator_client.get(reverse("discussion_list")))
    assert ("Not out yet" in page, "Taken back" in page) == (False, True)
    assert moderator_client.get(screen(draft)).status_code == 404
    assert moderator_client.get(screen(discussed)).status_code == 200


def test_alias_has_no_discussion_to_overrule(home, moderator_client, article):
    alias = article.create_alias(parent=factories.SectionPageFactory(parent=home), update_slug="again")
    assert moderator_client.get(screen(alias)).status_code == 404
    assert html(moderator_client.get(reverse("discussion_list_results"))).count(article.title) == 1


def test_page_deleted_meanwhile_is_not_found(moderator, article):
    page = ArticlePage.objects.get(pk=article.pk)
    article.delete()
    with pytest.raises(PageGone):
        set_override(page, override="closed", until=None, reason="", by=moderator)
    assert not PageLogEntry.objects.filter(action="discussion.override").exists()


def test_screen_says_how_it_stands_and_what_was_decided(moderator_client, moderator, article):
    article.discussion_closes_at = datetime(2025, 6, 30, 12, tzinfo=UTC)
    article.save()
    factories.comment(article)
    set_override(article, override="off", until=None, reason="First word", by=moderator)
    set_override(article, override="closed", until=None, reason="Second word", by=moderator)
    page = html(moderator_client.get(screen(article)))
    assert re.findall(r"<dd>\s*(.*?)\s*</dd>", page) == [
        "Second word",
        "The discussion closed on 30 Jun 2025.",
        "Closed: can be read (First0 Last)" if str(moderator) == "First0 Last" else f"Closed: can be read ({moderator})",
        "1 published, 0 pending",
        "Before publication, as the site’s settings say",
    ]
    assert page.index("Second word") < page.index("First word")
    assert f'href="{article.url}"' in page


def test_override_that_has_ended_is_not_offered_again(moderator_client, moderator, article):
    past = timezone.now() - HOUR
    Discussion.objects.create(page=article, override="off", override_until=past, override_reason="Over", override_by=moderator)
    response = moderator_client.get(screen(article))
    assert response.context["overridden"] == ""
    assert "Over</textarea>" not in html(response)
    assert 'value="Over"' not in html(response)
    assert moderator_client.post(screen(article), form()).status_code == 302


def test_comments_view_leads_to_the_screen_and_back(moderator_client, article):
    comment = factories.comment(article, state="pending")
    address = reverse("discussion_comment", args=[comment.pk]) + "?queue=pending"
    page = html(moderator_client.get(address))
    assert f'href="{screen(article)}?next={quote(address)}"' in page
    assert f'<input type="hidden" name="next" value="{address}">' in html(moderator_client.get(screen(article, next=address)))
    assert moderator_client.post(screen(article), form(next=address))["Location"] == address


def test_list_of_comments_leads_to_the_list_of_discussions(moderator_client, article):
    factories.comment(article)
    assert f'href="{reverse("discussion_list")}"' in html(moderator_client.get(reverse("discussion_queue")))


@pytest.mark.parametrize("stated", ["https://evil.example/", "//evil.example/", "javascript:x"])
def test_way_back_stays_on_this_site(moderator_client, article, stated):
    assert stated not in html(moderator_client.get(screen(article, next=stated)))
    assert moderator_client.post(screen(article), form(next=stated))["Location"] == reverse("discussion_list")


@pytest.fixture
def four(section, moderator):
    """Four pages with a discussion each, in four conditions, oldest last comment first; and a silent one."""
    pages = [
        factories.ArticlePageFactory(parent=section, title=title, discussion_mode=mode)
        for title, mode in [("Tide tables", "open"), ("Hill paths", "closed"), ("Wood lore", "open"), ("Tidal mills", "off")]
    ]
    for day, page in enumerate(pages):
        for _ in range(day + 1):
            factories.comment(page, now=datetime(2026, 5, day + 1, 12, tzinfo=UTC))
    factories.comment(pages[0], state="pending")
    set_override(pages[2], override="closed", until=None, reason="Enough said.", by=moderator)
    return [*pages, factories.ArticlePageFactory(parent=section, title="Silent mere")]


def listed(client, **query):
    table = html(client.get(reverse("discussion_list_results"), query))
    cells = [re.sub(r"<[^>]*>", " ", cell) for cell in re.findall(r"<td.*?</td>", table, re.S)]
    words = [" ".join(cell.split()) for cell in cells]
    return [tuple(words[place : place + 5]) for place in range(0, len(words), 5)]


def test_list_shows_each_discussion_as_it_stands(moderator_client, moderator, four):
    assert listed(moderator_client) == [
        ("Tidal mills", "4", "0", "There is no discussion on this page.", ""),
        ("Wood lore", "3", "0", "Enough said.", f"Closed: can be read ({moderator})"),
        ("Hill paths", "2", "0", "The discussion on this page is closed.", ""),
        ("Tide tables", "1", "1", "Open", ""),
        ("Silent mere", "", "", "Open", ""),
    ]


# what the list is asked for → the titles it shows
QUERIES = [
    ({"q": "tid"}, ["Tidal mills", "Tide tables"]),
    ({"q": " LORE "}, ["Wood lore"]),
    ({"q": "nothing of the kind"}, []),
    ({"ordering": "title"}, ["Hill paths", "Silent mere", "Tidal mills", "Tide tables", "Wood lore"]),
    ({"ordering": "-discussion__pending_count", "q": "tid"}, ["Tide tables", "Tidal mills"]),
    ({"ordering": "discussion__published_count", "q": "tid"}, ["Tide tables", "Tidal mills"]),
]


@pytest.mark.parametrize(("query", "titles"), QUERIES)
def test_list_is_searched_and_ordered(moderator_client, four, query, titles):
    assert [cells[0] for cells in listed(moderator_client, **query)] == titles


@pytest.mark.parametrize("query", [{"q": "\x00"}, {"p": "9" * 30}, {"p": "x"}, {"ordering": "body"}, {"export": "csv"}])
def test_list_survives_nonsense(moderator_client, four, query):
    response = moderator_client.get(reverse("discussion_list"), query)
    assert response.status_code == 200
    assert "Tide tables" in html(response)


def test_list_comes_in_pages_of_fixed_cost(moderator_client, section, moderator):
    def more(number):
        for _ in range(number):
            page = factories.ArticlePageFactory(parent=factories.SectionPageFactory(parent=section, discussion_mode="closed"))
            Discussion.objects.create(page=page, override="off", override_by=moderator)

    def cost():
        with CaptureQueriesContext(connection) as queries:
            response = moderator_client.get(reverse("discussion_list"))
        return len(queries), len(response.context["object_list"])

    more(2)
    cost()
    few, shown = cost()
    assert shown == 2
    more(50)
    cost()
    assert cost() == (few, 50)
    assert len(moderator_client.get(reverse("discussion_list"), {"p": 2}).context["object_list"]) == 2


def test_screen_costs_the_same_for_short_and_long_histories(moderator_client, moderator, article):
    def cost():
        with CaptureQueriesContext(connection) as queries:
            moderator_client.get(screen(article))
        return len(queries)

    set_override(article, override="closed", until=None, reason="", by=moderator)
    cost()
    few = cost()
    for _ in range(10):
        set_override(article, override="off", until=None, reason="", by=moderator)
    assert cost() == few


def test_page_history_of_wagtail_words_the_override(administrator_client, moderator, article):
    set_override(article, override="closed", until=None, reason="Too heated.", by=moderator)
    page = html(administrator_client.get(f"/admin/pages/{article.pk}/history/"))
    assert "Discussion: Closed: can be read" in page
    assert "Too heated." in page


def test_private_page_is_listed_as_its_comments_are(moderator_client, article):
    factories.comment(article)
    PageViewRestriction.objects.create(page=article, restriction_type="password", password="open")
    assert [cells[0] for cells in listed(moderator_client)] == [article.title]


def test_override_wins_over_everything_else(article, moderator, home):
    article.discussion_mode = "open"
    article.save()
    discussion = set_override(article, override="closed", until=None, reason="", by=moderator)
    assert not standing_of(article, discussion).takes_comments
