"""How many comments in how short a time: counted in the database, answered 429 with the text kept."""

import threading
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta

import pytest
from django.core import signing
from django.db import connection, transaction
from django.test import Client
from wagtail.models import Site

from discussion import quotas, tokens
from discussion.models import DiscussionSettings, PageComment, Quota
from discussion.persons import address_key, client_address, domain_of, network_key, person_key
from tests import factories
from tests.discussion.journey import HERE, TYPED, send

pytestmark = pytest.mark.django_db
NOON = datetime(2026, 3, 2, 12, tzinfo=UTC)
HOUR = timedelta(hours=1)


def rules(**values):
    DiscussionSettings.objects.update_or_create(site=Site.objects.get(), defaults=values)


def post(client, page, *, address="192.0.2.7", **changed):
    fields = TYPED | {"token": tokens.issue_token(page.pk)} | changed
    return client.post(f"/discussion/{page.pk}/add/", fields, headers=HERE, REMOTE_ADDR=address)


def test_quota_takes_so_many_in_a_period_and_then_says_when():
    for minute in range(3):
        quotas.take("x", 3, HOUR, NOON + timedelta(minutes=minute))
    for minute in (3, 59):
        with pytest.raises(quotas.Exceeded) as refused:
            quotas.take("x", 3, HOUR, NOON + timedelta(minutes=minute))
        assert refused.value.until == NOON + HOUR
    quotas.take("y", 3, HOUR, NOON)
    quotas.take("x", 3, HOUR, NOON + HOUR)
    assert Quota.objects.get(key="x").used == 1


def test_what_fails_is_not_counted():
    with transaction.atomic():
        quotas.take("x", 1, HOUR, NOON)
        transaction.set_rollback(True)
    quotas.take("x", 1, HOUR, NOON)


def test_limit_of_an_address_counts_over_pages_and_people_and_keeps_the_text(client, article, section):
    rules(posts_per_address=2)
    other = factories.ArticlePageFactory(parent=section)
    assert post(client, article, email="one@readers.example").status_code == 302
    assert post(Client(), other, email="two@readers.example").status_code == 302
    refused = post(Client(), article, email="three@readers.example", comment="The third.\n\n2. kept")
    assert refused.status_code == 429
    assert 0 < int(refused["Retry-After"]) <= 3600
    assert "The third.\n\n2. kept" in refused.content.decode()
    assert PageComment.objects.count() == 2
    assert post(Client(), article, email="three@readers.example", address="192.0.2.8").status_code == 302


def test_limit_of_an_e_mail_address_counts_over_addresses_and_capitals(client, article):
    rules(posts_per_person=2)
    for number, email in enumerate(["a.reader@readers.example", "A.Reader@Readers.example"]):
        assert post(Client(), article, email=email, address=f"192.0.2.{number}").status_code == 302
    assert post(client, article, address="198.51.100.1").status_code == 429


def test_limit_of_an_account(reader_client, article):
    rules(posts_per_person=1)
    assert post(reader_client, article).status_code == 302
    assert post(reader_client, article, address="198.51.100.1").status_code == 429


def test_same_form_again_is_no_second_comment_and_not_counted(client, article):
    rules(posts_per_person=1, posts_per_address=1)
    token = tokens.issue_token(article.pk)
    assert [post(client, article, token=token).status_code for _ in range(3)] == [302] * 3
    assert set(Quota.objects.values_list("used", flat=True)) == {1}


def test_refused_form_can_be_posted_later_from_the_answer(client, article):
    rules(posts_per_person=1)
    post(client, article)
    refused = post(client, article, comment="Once more.")
    Quota.objects.update(started_at=NOON)
    assert send(client, refused).status_code == 302
    assert PageComment.objects.filter(comment="Once more.").exists()


def test_form_sent_faster_than_people_write_is_shown_again_with_its_token(client, article, settings, monkeypatch):
    settings.HUB_COMMENT_SECONDS = 2
    token = tokens.issue_token(article.pk)
    hasty = post(client, article, token=token)
    assert hasty.status_code == 200
    assert "faster than people write" in hasty.content.decode()
    assert token in hasty.content.decode()
    assert not PageComment.objects.exists()
    now = signing.time.time()
    monkeypatch.setattr(signing.time, "time", lambda: now + 3.1)
    assert post(client, article, token=token).status_code == 302


@pytest.mark.parametrize(
    ("one", "other", "same"),
    [
        ("x@readers.example", "X@READERS.example", True),
        ("x@bücher.example", "x@xn--bcher-kva.example", True),
        ("x@bücher.example", "x@ＢÜＣＨＥＲ.example", True),
        ("x@straße.example", "x@strasse.example", False),
        ("x@under_score.example", "x@underscore.example", False),
    ],
)
def test_e_mail_address_is_one_persons_in_whichever_way_it_is_written(one, other, same):
    assert (person_key(one) == person_key(other), domain_of(one) == domain_of(other)) == (same, same)


def test_keys_tell_nothing_and_fit_their_columns():
    assert person_key(" A.Reader@Readers.Example ") == person_key("a.reader@readers.example")
    assert person_key("") == address_key("nonsense") == network_key("") == ""
    keys = [person_key("a@b.example"), address_key("192.0.2.7"), network_key("192.0.2.7")]
    assert [len(key) for key in keys] == [32] * 3
    assert len(set(keys)) == 3


@pytest.mark.parametrize(
    ("one", "other", "same_address", "same_network"),
    [
        ("192.0.2.7", "192.0.2.8", False, True),
        ("192.0.2.7", "192.0.3.7", False, False),
        ("2001:db8:1:2::3", "2001:db8:1:2:ffff::9", True, True),
        ("2001:db8:1:2::3", "2001:db8:1:3::3", False, True),
        ("2001:db8:1::3", "2001:db8:2::3", False, False),
        ("192.0.2.7", "::ffff:192.0.2.7", True, True),
    ],
)
def test_what_counts_as_one_address_and_as_one_network(one, other, same_address, same_network):
    assert (address_key(one) == address_key(other)) == same_address
    assert (network_key(one) == network_key(other)) == same_network


@pytest.mark.parametrize(
    ("proxies", "forwarded", "seen"),
    [
        (0, "203.0.113.9", "192.0.2.1"),
        (1, "203.0.113.9", "203.0.113.9"),
        (1, "1.1.1.1, 203.0.113.9", "203.0.113.9"),
        (2, "1.1.1.1, 203.0.113.9, 10.0.0.1", "203.0.113.9"),
        (2, "203.0.113.9", "192.0.2.1"),
        (1, "unknown", "192.0.2.1"),
        (1, "", "192.0.2.1"),
    ],
)
def test_only_as_many_proxies_are_believed_as_are_ours(rf, settings, proxies, forwarded, seen):
    settings.HUB_PROXIES = proxies
    assert client_address(rf.get("/", headers={"x-forwarded-for": forwarded}, REMOTE_ADDR="192.0.2.1")) == seen


def test_comment_keeps_its_network_and_not_its_address(client, article):
    post(client, article)
    comment = PageComment.objects.get()
    assert comment.network_key == network_key("192.0.2.200")
    assert comment.ip_address is None


@pytest.mark.django_db(transaction=True, serialized_rollback=True)
def test_limit_holds_for_many_at_once_and_over_pages(section):
    rules(posts_per_person=4)
    pages = [factories.ArticlePageFactory(parent=section) for _ in range(4)]
    start = threading.Barrier(12)

    def run(number):
        try:
            start.wait(timeout=60)
            return post(Client(), pages[number % 4], address=f"192.0.2.{number}").status_code
        finally:
            connection.close()

    with ThreadPoolExecutor(12) as pool:
        answers = list(pool.map(run, range(12)))
    assert sorted(answers) == [302] * 4 + [429] * 8
    assert PageComment.objects.count() == 4
