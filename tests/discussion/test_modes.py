"""Before or after publication: what was said nearest counts."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from discussion.models import DiscussionSettings, LogEntry
from discussion.modes import holds_all, nearest_modes, set_mode
from discussion.posting import must_be_held
from tests import factories

pytestmark = pytest.mark.django_db

# what the site, the home page, the section and the page say → whether comments are held
SAID = [
    (True, "", "", "", True),
    (False, "", "", "", False),
    (True, "after", "", "", False),
    (False, "before", "", "", True),
    (True, "before", "after", "", False),
    (False, "after", "before", "", True),
    (False, "before", "after", "before", True),
    (True, "", "before", "after", False),
]


@pytest.mark.parametrize(("site", "above", "section_says", "page_says", "held"), SAID)
def test_nearest_word_counts_and_last_the_sites(home, section, article, moderator, site, above, section_says, page_says, held):
    rules = DiscussionSettings.objects.create(site=article.get_site(), hold_comments=site)
    for page, mode in [(home, above), (section, section_says), (article, page_says)]:
        set_mode(page, mode, by=moderator)
    with CaptureQueriesContext(connection) as queries:
        assert holds_all(article, rules) is held
    assert len(queries) == 1
    assert must_be_held(article, None) is held


def test_word_for_one_section_is_none_for_its_neighbour(home, article, moderator):
    elsewhere = factories.SectionPageFactory(parent=home)
    set_mode(elsewhere, "after", by=moderator)
    assert nearest_modes([article, elsewhere])[article.pk] is None
    assert nearest_modes([article, elsewhere])[elsewhere.pk].mode == "after"


def test_changes_are_recorded_with_before_and_after_and_only_changes(section, moderator):
    for mode in ("", "before", "before", "after", ""):
        set_mode(section, mode, by=moderator)
    assert list(LogEntry.objects.order_by("pk").values_list("action", "page", "about", "by", "before", "after")) == [
        ("mode", section.pk, section.title, moderator.pk, {"mode": was}, {"mode": now})
        for was, now in [("", "before"), ("before", "after"), ("after", "")]
    ]
