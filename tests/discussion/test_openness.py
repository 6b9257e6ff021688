"""Whether a discussion is shown and takes comments, and the sentence that says why not."""

from datetime import UTC, datetime, timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from discussion.models import Discussion
from discussion.openness import Standing, standing_of
from pages.models import ArticlePage
from tests import factories

OPEN = Standing(is_shown=True, takes_comments=True)
CLOSED = Standing(True, False, "The discussion on this page is closed.")
OFF = Standing(False, False, "There is no discussion on this page.")
HOUR = timedelta(hours=1)


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
    ("open", "closed", 1, "Too heated for now.", Standing(True, False, "Too heated for now.")),
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


def test_override_survives_comments_and_decisions(section):
    page = factories.ArticlePageFactory(parent=section)
    comment = factories.comment(page)
    Discussion.objects.filter(page=page).update(override="closed", override_reason="Enough.")
    factories.comment(page, reply_to=comment)
    factories.comment(page, state="spam")
    assert at(page) == Standing(True, False, "Enough.")


def test_publishing_a_page_keeps_the_override_and_the_counts(section):
    page = factories.ArticlePageFactory(parent=section)
    draft = page.save_revision()
    factories.comment(page)
    Discussion.objects.filter(page=page).update(override="closed", override_reason="Enough.")
    draft.publish()
    row = Discussion.objects.get(page=page)
    assert (row.published_count, row.override, row.override_reason) == (1, "closed", "Enough.")


@pytest.mark.parametrize(("mode", "most"), [("open", 0), ("inherit", 2)])
def test_asking_costs_two_queries_at_most(section, mode, most):
    page = factories.ChapterPageFactory(parent=factories.PublicationPageFactory(parent=section), discussion_mode=mode)
    with CaptureQueriesContext(connection) as queries:
        standing_of(page, None)
    assert len(queries) <= most
