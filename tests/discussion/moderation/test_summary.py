"""What the page editor says of the page's discussion."""

from datetime import UTC, datetime

import pytest
from django.urls import reverse

from discussion.models import Discussion
from discussion.moderation.summary import summary_of
from tests import factories


@pytest.fixture
def talked_about(article):
    for state in ("published", "published", "pending"):
        factories.comment(article, state=state)
    return article


@pytest.mark.parametrize(
    ("values", "override", "words"),
    [
        ({}, "", "open"),
        ({"discussion_closes_at": datetime(2099, 12, 3, 12, tzinfo=UTC)}, "", "closes on 3 Dec 2099"),
        ({"discussion_mode": "closed"}, "", "The discussion on this page is closed."),
        ({}, "off", "There is no discussion on this page."),
    ],
)
def test_editor_is_told_how_much_is_there_and_how_it_stands(talked_about, moderator, values, override, words):
    for name, value in values.items():
        setattr(talked_about, name, value)
    Discussion.objects.update(override=override)
    assert summary_of(talked_about, moderator) == {
        "words": f"2 published, 1 waiting; {words}",
        "url": f"{reverse('discussion_queue')}?queue=pending&page={talked_about.pk}",
    }


def test_page_editor_shows_it_without_a_way_for_those_who_do_not_moderate(editor_client, talked_about):
    page = editor_client.get(reverse("wagtailadmin_pages:edit", args=[talked_about.pk])).content.decode()
    assert "2 published, 1 waiting; open" in page
    assert reverse("discussion_queue") not in page


def test_page_that_is_being_made_says_nothing(editor_client, section):
    page = editor_client.get(reverse("wagtailadmin_pages:add", args=["pages", "articlepage", section.pk])).content.decode()
    assert "published, " not in page
