"""Readers' reports on the moderators' screens: who sees what of them, and what answers them."""

from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from discussion.models import PageComment, Report
from discussion.transitions import decide
from tests import factories
from tests.discussion.moderation.test_queues import listed
from tests.discussion.reported import address, report


def html(response) -> str:
    return response.content.decode()


@pytest.fixture
def comment(article):
    return factories.comment(article, text="You are a **fool**.", name="R. Ude")


def test_moderator_sees_reasons_words_number_and_who(moderator_client, reader, comment):
    report(comment, by=reader, reporter=f"account:{reader.pk}", text="Calls <me> a fool")
    report(comment, reason="spam", reporter="browser:b")
    report(comment, reason="untrue", reporter="browser:c", settled_at=timezone.now(), text="Answered")
    page = html(moderator_client.get(reverse("discussion_comment", args=[comment.pk])))
    assert "2 reports by readers" in page
    for shown in ("It insults or threatens somebody", "Calls &lt;me&gt; a fool", str(reader), "It is advertising", "a guest"):
        assert shown in page
    assert "browser:b" not in page


def test_comment_without_reports_says_nothing_of_them(moderator_client, comment):
    assert "by readers" not in html(moderator_client.get(reverse("discussion_comment", args=[comment.pk])))


def test_who_reported_is_in_nothing_that_others_read(client, reader, editor_client, comment):
    report(comment, by=reader, text="Words of the reporter")
    for visitor in (client, editor_client):
        for target in (comment.page.url, f"/discussion/{comment.page_id}/", address(comment)):
            page = html(visitor.get(target))
            assert "Words of the reporter" not in page
            assert reader.get_full_name() not in page


def test_letting_it_stand_answers_the_reports_and_leaves_the_comment(moderator_client, comment):
    for n in range(2):
        report(comment, reporter=f"browser:{n}")
    other = report(factories.comment(comment.page))
    moderator_client.post(reverse("discussion_decide", args=[comment.pk, "approve"]))
    assert list(Report.objects.filter(settled_at__isnull=True)) == [other]
    assert PageComment.objects.get(pk=comment.pk).state == "published"


# decision → what becomes of the open report
DECISIONS = [("removed", "settled"), ("rejected", "settled"), ("spam", "settled"), ("pending", "open"), ("erased", "gone")]


@pytest.mark.parametrize(("state", "expected"), DECISIONS)
def test_decision_that_takes_the_comment_out_of_view_answers_its_reports(article, comment, state, expected):
    made, other = report(comment), report(factories.comment(article))
    long_ago = report(comment, reporter="browser:x", settled_at=timezone.now() - timedelta(days=9))
    decide([comment.pk], state, by=None)
    found = Report.objects.filter(pk=made.pk).first()
    assert {None: "gone"}.get(found, "settled" if found and found.settled_at else "open") == expected
    assert Report.objects.get(pk=other.pk).settled_at is None
    if expected != "gone":
        assert Report.objects.get(pk=long_ago.pk).settled_at == long_ago.settled_at


def test_list_shows_those_with_open_reports(moderator_client, article, comment):
    twice, settled, _never = (factories.comment(article) for _ in range(3))
    report(comment)
    for n in range(2):
        report(twice, reporter=f"browser:{n}")
    report(settled, settled_at=timezone.now())
    assert listed(moderator_client, "queue=reported") == [comment.pk, twice.pk]
    assert listed(moderator_client, "queue=reported&q=fool") == [comment.pk]
    assert len(listed(moderator_client, "queue=all")) == 4


def test_all_on_the_list_of_reported_ones_means_those(moderator_client, article, comment):
    untouched = factories.comment(article)
    report(comment)
    chosen = moderator_client.post(reverse("discussion_choose"), {"action": "spam", "all": "1", "selection": "queue=reported"})
    moderator_client.post(chosen["Location"])
    states = dict(PageComment.objects.values_list("pk", "state"))
    assert states == {comment.pk: "spam", untouched.pk: "published"}
    assert Report.objects.get().settled_at is not None


def test_screen_and_list_cost_the_same_for_few_reports_and_many(moderator_client, article, comment):
    def cost():
        with CaptureQueriesContext(connection) as queries:
            moderator_client.get(reverse("discussion_comment", args=[comment.pk]))
            moderator_client.get(reverse("discussion_queue"), {"queue": "reported"})
        return len(queries)

    def reported_by(number):
        user = factories.UserFactory()
        report(comment, by=user, reporter=f"account:{user.pk}")
        report(factories.comment(article), reporter=f"browser:{number}")

    reported_by(0)
    cost()
    few = cost()
    for number in range(1, 12):
        reported_by(number)
    assert cost() == few
