"""Ban, always hold, trust: what each does on every way by which words come in."""

from datetime import UTC, datetime, timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from discussion import tokens
from discussion.models import DiscussionSettings, LogEntry, PageComment, Treatment
from discussion.persons import person_key
from discussion.treatments import BANNED, end_treatment, treat, treatment_of
from tests import factories
from tests.discussion.journey import HERE, TYPED, kept_text

pytestmark = pytest.mark.django_db
Kind = Treatment.Kind
EMAIL = TYPED["email"]
PERSON, DOMAIN = person_key(EMAIL), f"@{EMAIL.partition('@')[2]}"
NOON = datetime(2026, 5, 1, 12, tzinfo=UTC)


def let(kind, subject=PERSON, **values):
    return treat(subject, kind, by=None, about="", **values)


def post(client, page, **changed):
    fields = TYPED | {"token": tokens.issue_token(page.pk)} | changed
    return client.post(f"/discussion/{page.pk}/add/", fields, headers=HERE)


@pytest.mark.parametrize("subject", [PERSON, DOMAIN])
def test_banned_person_is_told_so_and_keeps_the_text(client, article, subject):
    let(Kind.BAN, subject)
    for changed in ({}, {"token": ""}, {"email": EMAIL.upper()}):
        answer = post(client, article, **changed)
        assert (answer.status_code, kept_text(answer)) == (403, TYPED["comment"])
        assert str(BANNED) in answer.content.decode()
    assert not PageComment.objects.exists()
    assert post(client, article, email="s.omebody@others.example").status_code == 302


def test_banned_account_is_refused_though_it_contributes_or_moderates(moderator_client, moderator, article):
    let(Kind.BAN, person_key(moderator.email))
    assert post(moderator_client, article).status_code == 403
    end_treatment(person_key(moderator.email), by=None, about="")
    assert post(moderator_client, article).status_code == 302


def test_account_without_an_address_is_banned_by_its_key(reader_client, reader, article):
    reader.email = ""
    reader.save()
    let(Kind.BAN, f"user:{reader.pk}")
    assert post(reader_client, article).status_code == 403


def test_ban_that_has_ended_refuses_nobody(client, article):
    let(Kind.BAN, until=timezone.now() - timedelta(seconds=1))
    assert post(client, article).status_code == 302


def test_banned_person_changes_no_comment_and_deletes_it_still(client, article):
    post(client, article)
    comment = PageComment.objects.get()
    let(Kind.BAN)
    address = f"/discussion/{article.pk}/yours/{comment.submission_key}"
    assert client.get(f"{address}/edit/").status_code == 403
    answer = client.post(f"{address}/edit/", {"comment": "Said anew"}, headers=HERE)
    assert (answer.status_code, kept_text(answer)) == (403, "Said anew")
    assert PageComment.objects.get().comment == TYPED["comment"]
    assert client.post(f"{address}/delete/", headers=HERE).status_code == 302


def test_person_banned_meanwhile_confirms_nothing(client, article, settings):
    settings.HUB_SENDS_MAIL = True
    post(client, article)
    comment = PageComment.objects.get()
    let(Kind.BAN)
    answer = client.post(f"/discussion/confirm/{tokens.confirmation(comment)}/")
    page = answer.content.decode()
    assert (answer.status_code, str(BANNED) in page, "I was there" in page) == (403, True, True)
    comment.refresh_from_db()
    assert (comment.state, comment.confirmed_at) == ("unconfirmed", None)


# kind, whether the site holds comments, whether the address is known to be theirs → the state of a new comment
STATES = [
    (None, True, True, "pending"),
    (None, False, True, "published"),
    (Kind.HOLD, False, True, "pending"),
    (Kind.HOLD, False, False, "pending"),
    (Kind.TRUST, True, True, "published"),
    (Kind.TRUST, True, False, "pending"),
    (Kind.TRUST, False, False, "published"),
]


@pytest.mark.parametrize(("kind", "site_holds", "is_proven", "state"), STATES)
def test_hold_and_trust_go_before_what_the_site_says(client, reader_client, reader, article, kind, site_holds, is_proven, state):
    DiscussionSettings.objects.create(site=article.get_site(), hold_comments=site_holds)
    if kind:
        let(kind, person_key(reader.email))
    if is_proven:
        post(reader_client, article)
    else:
        post(client, article, email=reader.email)
    assert PageComment.objects.get().state == state


@pytest.mark.parametrize(("kind", "state"), [(Kind.HOLD, "pending"), (Kind.TRUST, "published")])
def test_confirmed_comment_goes_where_the_treatment_says(client, article, settings, kind, state):
    settings.HUB_SENDS_MAIL = True
    DiscussionSettings.objects.create(site=article.get_site(), hold_comments=kind == Kind.TRUST)
    let(kind)
    post(client, article)
    comment = PageComment.objects.get()
    assert comment.state == "unconfirmed"
    client.post(f"/discussion/confirm/{tokens.confirmation(comment)}/")
    assert PageComment.objects.get().state == state


@pytest.mark.parametrize(("kind", "state"), [(Kind.HOLD, "pending"), (Kind.TRUST, "published")])
def test_changed_comment_goes_where_the_treatment_says(reader_client, reader, article, kind, state):
    DiscussionSettings.objects.create(site=article.get_site(), hold_comments=kind == Kind.TRUST)
    comment = factories.comment(article, user=reader, email=reader.email)
    let(kind, person_key(reader.email))
    reader_client.post(f"/discussion/{article.pk}/yours/{comment.submission_key}/edit/", {"comment": "Said anew"})
    assert PageComment.objects.values_list("comment", "state").get() == ("Said anew", state)


def test_own_treatment_goes_before_that_of_the_domain_and_costs_one_query():
    let(Kind.BAN, DOMAIN)
    assert treatment_of(PERSON, EMAIL).kind == Kind.BAN
    let(Kind.TRUST)
    with CaptureQueriesContext(connection) as queries:
        assert treatment_of(PERSON, EMAIL).kind == Kind.TRUST
    assert len(queries) == 1
    assert treatment_of("", "") is None


def test_each_change_is_recorded_with_what_held_before(moderator):
    treat(PERSON, Kind.HOLD, by=moderator, about="A. Reader", until=NOON, reason="Too often off the subject")
    treat(PERSON, Kind.BAN, by=moderator, about="A. Reader", reason="Again")
    assert end_treatment(PERSON, by=moderator, about="A. Reader")
    assert not end_treatment(PERSON, by=moderator, about="A. Reader")
    treat(DOMAIN, Kind.BAN, by=moderator, about=DOMAIN)
    held, banned = {"treatment": "hold", "until": NOON.isoformat()}, {"treatment": "ban", "until": ""}
    assert list(LogEntry.objects.order_by("pk").values_list("action", "person", "about", "before", "after", "reason")) == [
        ("treat", PERSON, "A. Reader", None, held, "Too often off the subject"),
        ("treat", PERSON, "A. Reader", held, banned, "Again"),
        ("end-treatment", PERSON, "A. Reader", banned, None, ""),
        ("treat", "", DOMAIN, None, banned, ""),
    ]
    assert set(LogEntry.objects.values_list("by", "by_name")) == {(moderator.pk, str(moderator))}
