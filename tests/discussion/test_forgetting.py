"""What time alone makes us forget."""

from datetime import datetime, timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from discussion import privacy
from discussion.models import (
    Discussion,
    OutgoingMail,
    PageComment,
    Quota,
    Report,
    Subscription,
)
from discussion.transitions import decide, undo
from hub.jobs import JOBS
from tests import factories
from tests.discussion.truth import assert_counts_hold

NOW = datetime(2026, 6, 30, 12, tzinfo=timezone.get_default_timezone())
MONTH, DAY = timedelta(days=30), timedelta(days=1)


@pytest.fixture(params=[500, 2])
def batch(request, monkeypatch):
    monkeypatch.setattr(privacy, "BATCH", request.param)


def test_networks_are_forgotten_after_thirty_days(article, batch):
    moments = [NOW - MONTH - DAY] * 5 + [NOW - MONTH + DAY] * 3
    for moment in moments:
        comment = factories.comment(article, now=moment, address="192.0.2.77")
        PageComment.objects.filter(pk=comment.pk).update(ip_address="192.0.2.77")
        Report.objects.create(
            comment=comment, reason="spam", reporter_key=f"browser:{comment.pk}", network_key="n", reported_at=moment
        )
    privacy.forget_networks(now=NOW)
    rows = PageComment.objects.order_by("pk").values_list("network_key", "ip_address", "comment")
    expected = [(False, False, True)] * 5 + [(True, True, True)] * 3
    assert [(bool(key), bool(address), bool(text)) for key, address, text in rows] == expected
    assert [bool(key) for key in Report.objects.order_by("pk").values_list("network_key", flat=True)] == [False] * 5 + [True] * 3


def test_answers_to_what_was_published_for_a_while_and_never_confirmed_are_kept(article, moderator):
    first = factories.comment(article, state="pending", now=NOW - MONTH - DAY, name="Never Confirmed")
    PageComment.objects.filter(pk=first.pk).update(state="unconfirmed")
    published = decide([first.pk], "published", by=moderator)
    first.refresh_from_db()
    answer = factories.comment(article, reply_to=first)
    undo(published.batch, by=moderator)
    privacy.forget_leftovers(now=NOW)
    first.refresh_from_db()
    answer.refresh_from_db()
    assert (first.state, first.user_name, first.comment) == ("erased", "", "")
    assert (answer.state, answer.hidden_by_ancestor) == ("published", True)
    assert_counts_hold(article)


def test_counts_and_what_nobody_confirmed_are_deleted_in_time_and_of_mails_the_addresses(article, batch):
    old, young = NOW - MONTH - DAY, NOW - MONTH + DAY
    for n in range(3):
        Quota.objects.create(key=f"old {n}", started_at=NOW - DAY - timedelta(minutes=1))
        for state in ("sent", "dropped", "failed"):
            values = {"to": "a@b.example", "last_error": "550 a@b.example", "state": state, "created_at": old}
            OutgoingMail.objects.create(key=f"old {state} {n}", kind="new", **values)
        comment = factories.comment(article, state="pending", now=old, text="old")
        PageComment.objects.filter(pk=comment.pk).update(state="unconfirmed")
        OutgoingMail.objects.create(key=f"confirm {n}", kind="confirm", to="a@b.example", comment=comment, created_at=old)
        Subscription.objects.create(page=article, scope="page", email="a@b.example", person_key=f"old {n}", created_at=old)
    Quota.objects.create(key="young", started_at=NOW - DAY + timedelta(minutes=1))
    OutgoingMail.objects.create(key="waiting", kind="new", to="a@b.example", state="waiting", created_at=old)
    OutgoingMail.objects.create(key="young", kind="new", to="a@b.example", state="sent", created_at=young)
    factories.comment(article, now=old, text="published long ago")
    factories.comment(article, state="pending", now=old, text="held long ago")
    held = factories.comment(article, state="pending", now=young, text="young")
    PageComment.objects.filter(pk=held.pk).update(state="unconfirmed")
    values = {"page": article, "scope": "page", "email": "a@b.example"}
    Subscription.objects.create(person_key="young", created_at=young, **values)
    Subscription.objects.create(person_key="kept", created_at=old, confirmed_at=old, **values)
    Discussion.objects.update(pending_count=1)

    privacy.forget_leftovers(now=NOW)

    assert list(Quota.objects.values_list("key", flat=True)) == ["young"]
    assert set(OutgoingMail.objects.exclude(to="").values_list("key", flat=True)) == {"waiting", "young"}
    gone = OutgoingMail.objects.filter(to="").values_list("kind", "state", "comment", "last_error")
    assert sorted(gone) == [("confirm", "dropped", None, "")] * 3 + sorted(
        [("new", state, None, "") for state in ("sent", "dropped", "failed")] * 3
    )
    assert set(PageComment.objects.values_list("comment", flat=True)) == {"published long ago", "held long ago", "young"}
    assert set(Subscription.objects.values_list("person_key", flat=True)) == {"young", "kept"}
    assert_counts_hold(article)


def test_comment_confirmed_this_moment_is_not_deleted(article):
    comment = factories.comment(article, state="pending", now=NOW - MONTH - DAY)
    rows = PageComment.objects.filter(state="unconfirmed", pk=comment.pk)
    privacy._forget_unconfirmed(rows)
    assert PageComment.objects.filter(pk=comment.pk).exists()


def test_forgetting_is_done_daily():
    assert {job.name: job.period for job in JOBS if job.name.startswith("forget")} == {
        "forget_networks": DAY,
        "forget_leftovers": DAY,
        "forget_bulk_decisions": DAY,
        "forget_bulk_changes": DAY,
        "forget_recounts_of_links": DAY,
        "forget_changes_of_addresses": DAY,
        "forget_unused_words": DAY,
        "forget_searches": DAY,
    }


def test_forgetting_costs_a_fixed_number_of_queries_a_batch(article):
    def cost(count):
        for _ in range(count):
            factories.comment(article, now=NOW - MONTH - DAY, address="192.0.2.77")
            held = factories.comment(article, state="pending", now=NOW - MONTH - DAY)
            PageComment.objects.filter(pk=held.pk).update(state="unconfirmed")
        with CaptureQueriesContext(connection) as queries:
            privacy.forget_networks(now=NOW)
            privacy.forget_leftovers(now=NOW)
        return len(queries)

    few = cost(2)
    assert cost(12) == few
