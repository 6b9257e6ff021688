"""Whether a discussion is shown and takes comments, and the sentence that says why not."""

from datetime import UTC, datetime, timedelta

import pytest
from django.db import connection
from django.test import RequestFactory
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from wagtail.models import Page, Site

from discussion.models import Discussion, DiscussionSettings, State
from discussion.openness import Standing, holds_by_age, pages_beside, settings_of, standing_of, standings_of
from discussion.posting import Closed
from discussion.transitions import decide
from pages.models import ArticlePage, ChapterPage, ContentPage, HomePage
from tests import factories

OPEN = Standing(is_shown=True, takes_comments=True)
CLOSED = Standing(True, False, "The discussion on this page is closed.")
OFF = Standing(False, False, "There is no discussion on this page.")
HOUR, DAY = timedelta(hours=1), timedelta(days=1)


def at(page):
    return standing_of(page, Discussion.objects.filter(page_id=page.pk).first())


@pytest.mark.parametrize(("mode", "standing"), [("inherit", OPEN), ("open", OPEN), ("closed", CLOSED), ("off", OFF)])
def test_mode_of_the_page(section, mode, standing):
    assert at(factories.ArticlePageFactory(parent=section, discussion_mode=mode)) == standing


# the section's mode, the page's → what holds
SECTION_AND_PAGE = [
    ("open", "inherit", OPEN),
    ("closed", "inherit", CLOSED),
    ("off", "inherit", OFF),
    ("off", "open", OPEN),
    ("open", "off", OFF),
    ("closed", "open", OPEN),
]


@pytest.mark.parametrize(("of_section", "of_page", "standing"), SECTION_AND_PAGE)
def test_page_follows_its_section_unless_it_says_otherwise(home, of_section, of_page, standing):
    section = factories.SectionPageFactory(parent=home, discussion_mode=of_section)
    assert at(factories.ArticlePageFactory(parent=section, discussion_mode=of_page)) == standing


# the section's mode, the publication's → what holds for the chapter that says nothing
ABOVE_A_CHAPTER = [
    ("open", "inherit", OPEN),
    ("closed", "inherit", CLOSED),
    ("closed", "open", OPEN),
    ("open", "closed", CLOSED),
    ("off", "open", OPEN),
    ("open", "off", OFF),
]


@pytest.mark.parametrize(("of_section", "of_publication", "standing"), ABOVE_A_CHAPTER)
def test_chapter_follows_the_nearest_page_above_that_says_something(home, of_section, of_publication, standing):
    section = factories.SectionPageFactory(parent=home, discussion_mode=of_section)
    publication = factories.PublicationPageFactory(parent=section, discussion_mode=of_publication)
    assert at(factories.ChapterPageFactory(parent=publication)) == standing


def test_inner_section_wins_over_the_outer(home):
    outer = factories.SectionPageFactory(parent=home, discussion_mode="off")
    inner = factories.SectionPageFactory(parent=outer, discussion_mode="closed")
    assert at(factories.ArticlePageFactory(parent=inner)) == CLOSED


def test_neighbouring_section_changes_nothing(home, article):
    factories.SectionPageFactory(parent=home, discussion_mode="off")
    assert at(article) == OPEN


def between(section, *, opens=None, closes=None):
    now = timezone.now()
    return ArticlePage.objects.get(
        pk=factories.ArticlePageFactory(
            parent=section,
            discussion_opens_at=now + opens if opens else None,
            discussion_closes_at=now + closes if closes else None,
        ).pk
    )


# opens, closes, relative to now → shown, takes comments, how the reason begins
TIMES = [
    (-HOUR, None, True, True, ""),
    (-HOUR, HOUR, True, True, ""),
    (HOUR, None, True, False, "The discussion opens on "),
    (HOUR, 2 * HOUR, True, False, "The discussion opens on "),
    (None, HOUR, True, True, ""),
    (None, -HOUR, True, False, "The discussion closed on "),
    (-2 * HOUR, -HOUR, True, False, "The discussion closed on "),
]


@pytest.mark.parametrize(("opens", "closes", "shown", "takes", "begins"), TIMES)
def test_hours_of_a_discussion(section, opens, closes, shown, takes, begins):
    standing = at(between(section, opens=opens, closes=closes))
    assert (standing.is_shown, standing.takes_comments) == (shown, takes)
    assert standing.reason.startswith(begins)
    assert bool(standing.reason) == bool(begins)


def test_reason_names_the_day_in_the_sites_own_time(section, settings):
    settings.TIME_ZONE = "Europe/London"
    page = factories.ArticlePageFactory(parent=section, discussion_closes_at=datetime(2025, 6, 30, 23, 30, tzinfo=UTC))
    assert at(page) == Standing(True, False, "The discussion closed on 1 Jul 2025.")


def test_dates_do_not_open_what_the_editor_closed(home):
    section = factories.SectionPageFactory(parent=home, discussion_mode="closed")
    assert at(between(section, opens=-HOUR, closes=HOUR)) == CLOSED


# the page's mode, the override, hours until it ends, its reason → what holds
OVERRIDES = [
    ("open", "", None, "", OPEN),
    ("open", "closed", None, "", CLOSED),
    ("open", "closed", None, "Too heated for now.", Standing(True, False, "Too heated for now.")),
    ("open", "closed", -1, "Too heated for now.", OPEN),
    ("open", "off", None, "", OFF),
    ("open", "off", 1, "", OFF),
    ("open", "off", -1, "", OPEN),
    ("closed", "off", None, "", OFF),
    ("off", "closed", None, "", CLOSED),
    ("off", "closed", -1, "", OFF),
    ("closed", "closed", -1, "An old reason.", CLOSED),
    ("closed", "", None, "An old reason.", CLOSED),
]


@pytest.mark.parametrize(("mode", "override", "hours", "reason", "standing"), OVERRIDES)
def test_moderators_override_wins_until_it_ends(section, mode, override, hours, reason, standing):
    page = factories.ArticlePageFactory(parent=section, discussion_mode=mode)
    until = timezone.now() + hours * HOUR if hours else None
    Discussion.objects.create(page=page, override=override, override_until=until, override_reason=reason)
    assert at(page) == standing


@pytest.mark.parametrize(("reason", "begins"), [("", ""), ("Too heated for now.", "Too heated for now. ")])
def test_override_that_ends_says_when(section, settings, reason, begins):
    settings.TIME_ZONE = "Europe/London"
    page = factories.ArticlePageFactory(parent=section)
    until = datetime(2999, 6, 30, 23, 30, tzinfo=UTC)
    Discussion.objects.create(page=page, override="closed", override_until=until, override_reason=reason)
    assert at(page).reason == f"{begins}The discussion on this page is closed until 1 July 2999, 00:30."


def test_override_survives_comments_and_decisions(section):
    page = factories.ArticlePageFactory(parent=section)
    held = factories.comment(page, state="pending")
    Discussion.objects.filter(page=page).update(override="closed", override_reason="Enough.")
    decide([held.pk], State.PUBLISHED, by=None)
    with pytest.raises(Closed):
        factories.comment(page)
    assert at(page) == Standing(True, False, "Enough.")


def test_publishing_a_page_keeps_the_override_and_the_counts(section):
    page = factories.ArticlePageFactory(parent=section)
    draft = page.save_revision()
    factories.comment(page)
    Discussion.objects.filter(page=page).update(override="closed", override_reason="Enough.")
    draft.publish()
    row = Discussion.objects.get(page=page)
    assert (row.published_count, row.override, row.override_reason) == (1, "closed", "Enough.")


@pytest.mark.parametrize(("mode", "most"), [("open", 0), ("closed", 0), ("inherit", 2)])
def test_asking_costs_one_query_at_most_and_one_for_the_rules(section, mode, most):
    page = aged(factories.ChapterPageFactory(parent=factories.PublicationPageFactory(parent=section), discussion_mode=mode), 1)
    page.get_site()  # fills Wagtail's cache of sites
    with CaptureQueriesContext(connection) as queries:
        standing_of(page, None)
    assert len(queries) <= most


def test_rules_are_read_once_for_a_request(article):
    page, request = aged(article, 1), RequestFactory().get("/", headers={"host": "localhost"})
    pages_beside(page, request)
    with CaptureQueriesContext(connection) as queries:
        settings_of(page, request)
        standing_of(page, None, request)
    assert len(queries) == 1


# The age of a page


def aged(page, days):
    """``page``, first published so many days ago."""
    Page.objects.filter(pk=page.pk).update(first_published_at=timezone.now() - days * DAY)
    return type(page).objects.get(pk=page.pk)


def rules(page, **values):
    return DiscussionSettings.objects.update_or_create(site=page.get_site(), defaults=values)[0]


# days after which discussions close, the page's age in days (None: never published) → whether comments are taken
AGES = [
    (None, 9999, True),
    (30, 29, True),
    (30, 31, False),
    (30, None, True),
    (0, 0, False),
    (32767, 9999, True),
]


@pytest.mark.parametrize(("after", "age", "takes"), AGES)
def test_discussions_close_so_many_days_after_the_first_publication(article, after, age, takes):
    page = article if age is None else aged(article, age)
    rules(page, close_after_days=after)
    standing = at(page)
    assert (standing.is_shown, standing.takes_comments, bool(standing.reason)) == (True, takes, not takes)


@pytest.mark.parametrize(("days", "words"), [(1, "1 day"), (30, "30 days")])
def test_reason_by_age_names_the_day_and_the_rule(article, settings, days, words):
    settings.TIME_ZONE = "Europe/London"
    published = datetime(2025, 6, 30, 23, 30, tzinfo=UTC) - days * DAY
    Page.objects.filter(pk=article.pk).update(first_published_at=published)
    page = ArticlePage.objects.get(pk=article.pk)
    rules(page, close_after_days=days)
    assert at(page) == Standing(True, False, f"The discussion closed on 1 Jul 2025: comments are taken for {words}.")


FAR, PAST = datetime(2999, 1, 1, tzinfo=UTC), datetime(2025, 1, 1, tzinfo=UTC)
# what was said of the old page itself and above, and by a moderator → what holds although discussions close after 30 days
BEFORE_THE_RULE = [
    ({"discussion_mode": "open"}, {}, "", OPEN),
    ({"discussion_mode": "off"}, {}, "", OFF),
    ({"discussion_mode": "closed"}, {}, "", CLOSED),
    ({"discussion_closes_at": FAR}, {}, "", OPEN),
    ({"discussion_closes_at": PAST}, {}, "", Standing(True, False, "The discussion closed on 1 Jan 2025.")),
    ({"discussion_opens_at": FAR}, {}, "", Standing(True, False, "The discussion opens on 1 Jan 2999.")),
    ({}, {"discussion_mode": "closed"}, "", CLOSED),
    ({}, {"discussion_mode": "off"}, "", OFF),
    ({"discussion_mode": "open"}, {}, "off", OFF),
    ({"discussion_mode": "open"}, {}, "closed", CLOSED),
    ({}, {}, "closed", CLOSED),
]


@pytest.mark.parametrize(("of_page", "of_section", "override", "standing"), BEFORE_THE_RULE)
def test_what_was_said_of_the_page_goes_before_the_rule(home, of_page, of_section, override, standing):
    section = factories.SectionPageFactory(parent=home, **of_section)
    page = aged(factories.ArticlePageFactory(parent=section, **of_page), 99)
    rules(page, close_after_days=30)
    Discussion.objects.create(page=page, override=override)
    assert at(page) == standing


def test_open_that_is_inherited_closes_by_age(home):
    section = factories.SectionPageFactory(parent=home, discussion_mode="open")
    page = aged(factories.ArticlePageFactory(parent=section), 99)
    rules(page, close_after_days=30)
    assert not at(page).takes_comments


def test_days_count_from_the_opening_when_that_came_later(section):
    page = aged(factories.ArticlePageFactory(parent=section, discussion_opens_at=timezone.now() - 10 * DAY), 99)
    rules(page, close_after_days=30)
    assert at(page) == OPEN
    rules(page, close_after_days=9)
    assert not at(page).takes_comments


def test_publishing_again_does_not_make_a_page_young(article):
    article.save_revision().publish()
    page = aged(article, 99)
    page.save_revision().publish()
    rules(page, close_after_days=30)
    assert not at(ArticlePage.objects.get(pk=page.pk)).takes_comments


HELD = [(None, 99, False), (30, 29, False), (30, 31, True), (0, 0, True), (30, None, False)]


@pytest.mark.parametrize(("after", "age", "held"), HELD)
def test_comments_on_old_pages_are_held(article, after, age, held):
    page = article if age is None else aged(article, age)
    assert holds_by_age(page, rules(page, hold_after_days=after), timezone.now()) == held


def test_rules_are_those_of_the_pages_own_site(home, article):
    elsewhere = home.get_parent().add_child(instance=HomePage(title="Elsewhere", slug="elsewhere"))
    other = Site.objects.create(hostname="other.example", root_page=elsewhere)
    there = aged(factories.ArticlePageFactory(parent=factories.SectionPageFactory(parent=elsewhere)), 99)
    here = aged(article, 99)
    house_rules = factories.StandardPageFactory(parent=elsewhere, title="There we say please")
    DiscussionSettings.objects.create(site=other, close_after_days=30, house_rules=house_rules)
    assert (at(here).takes_comments, at(there).takes_comments) == (True, False)
    for host in ("localhost", "other.example"):
        request = RequestFactory().get("/", headers={"host": host})
        assert standing_of(here, None, request).takes_comments
        assert not standing_of(there, None, request).takes_comments
        assert pages_beside(there, request)["house_rules"] == house_rules.page_ptr
        assert pages_beside(here, request)["house_rules"] is None
    with CaptureQueriesContext(connection) as queries:
        found = standings_of([here, there], {})
    assert {key: one.takes_comments for key, one in found.items()} == {here.pk: True, there.pk: False}
    assert len(queries) == 2


def test_many_pages_are_asked_for_at_once_with_the_same_answers(home):
    outer = factories.SectionPageFactory(parent=home, discussion_mode="closed")
    publication = factories.PublicationPageFactory(parent=outer, discussion_mode="open")
    made = [publication, *(factories.ChapterPageFactory(parent=publication) for _ in range(3))]
    made += [factories.ArticlePageFactory(parent=outer, discussion_mode=mode) for mode in ("inherit", "open", "off")]
    rules(publication, close_after_days=30)
    aged(made[1], 99)
    Discussion.objects.create(page=made[2], override="off")
    pages = [ContentPage.objects.get(pk=page.pk) for page in made]
    with CaptureQueriesContext(connection) as queries:
        found = standings_of(pages)
    assert len(queries) == 3
    assert found == {page.pk: at(page) for page in pages}
    assert [found[page.pk].takes_comments for page in pages] == [True, False, False, True, False, True, False]
    assert ChapterPage.objects.count() == 3
    assert standings_of([]) == {}
