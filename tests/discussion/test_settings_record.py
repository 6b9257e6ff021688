"""Changes of the site's settings, and of discussions as a whole, stand in the record with what they were."""

import pytest
from django.urls import reverse

from discussion.models import DiscussionSettings, LogEntry
from discussion.overrides import set_override
from tests import factories

pytestmark = pytest.mark.django_db


def test_changed_settings_are_recorded_with_who_and_what(administrator_client, administrator, home):
    rules = factories.StandardPageFactory(parent=home, title="House rules")
    site = home.get_site()
    address = reverse("wagtailsettings:edit", args=["discussion", "discussionsettings", site.pk])
    form = {"hold_comments": "on", "confirm_addresses": "on", "posts_per_address": "30", "posts_per_person": "10"}
    administrator_client.post(address, form)
    assert not LogEntry.objects.exists(), "the defaults, saved, are no change"
    administrator_client.post(address, form | {"hold_comments": "", "posts_per_person": "5", "house_rules": rules.pk})
    administrator_client.post(address, form | {"hold_comments": "", "posts_per_person": "5", "house_rules": rules.pk})
    entry = LogEntry.objects.get()
    assert (entry.action, entry.by, entry.about) == ("settings", administrator, f"Settings of “{site}”")
    assert entry.before == {"hold_comments": True, "posts_per_person": 10, "house_rules": None}
    assert entry.after == {"hold_comments": False, "posts_per_person": 5, "house_rules": "House rules"}


def test_settings_changed_by_a_program_are_recorded_without_a_name(home):
    DiscussionSettings.objects.create(site=home.get_site(), close_after_days=30)
    assert LogEntry.objects.values_list("by", "by_name", "before", "after").get() == (
        None,
        "",
        {"close_after_days": None},
        {"close_after_days": 30},
    )


def test_word_on_a_discussion_is_recorded_with_what_held_before(article, moderator):
    set_override(article, override="closed", until=None, reason="Too heated.", by=moderator)
    set_override(article, override="", until=None, reason="", by=moderator)
    free = {"override": "", "until": "", "reason": ""}
    closed = {"override": "closed", "until": "", "reason": "Too heated."}
    assert list(LogEntry.objects.order_by("pk").values_list("action", "page", "about", "by", "before", "after", "reason")) == [
        ("override", article.pk, "A dry street", moderator.pk, free, closed, "Too heated."),
        ("override", article.pk, "A dry street", moderator.pk, closed, free, ""),
    ]
