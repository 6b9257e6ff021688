"""How one asks for mail about discussions, and proves that the mailbox is one's own."""

import re
from datetime import timedelta

import pytest
from django.core import mail
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from wagtail.models import PageViewRestriction, Site

from discussion import subscriptions, tokens
from discussion.models import DiscussionSettings, OutgoingMail, PageComment, Quota, Subscription
from discussion.outbox import send_due
from discussion.persons import person_key
from discussion.privacy import forget_leftovers
from discussion.subscriptions import end, subscribe
from tests import factories
from tests.discussion.following import FOLLOWER, follow, post, told
from tests.discussion.journey import HERE, TYPED

pytestmark = pytest.mark.django_db
Scope, Kind, MailState = Subscription.Scope, OutgoingMail.Kind, OutgoingMail.State


@pytest.fixture(autouse=True)
def _mail_server(settings):
    settings.HUB_SENDS_MAIL = True


def test_wishes_given_with_a_first_comment_hold_when_it_is_confirmed(client, article):
    post(client, article, wishes=["page", "replies"])
    assert set(Subscription.objects.values_list("confirmed_at", flat=True)) == {None}
    assert list(OutgoingMail.objects.values_list("kind", flat=True)) == [Kind.CONFIRM]
    client.post(f"/discussion/confirm/{tokens.confirmation(PageComment.objects.get())}/")
    assert Subscription.objects.filter(confirmed_at__isnull=False).count() == 2


def test_address_of_somebody_else_cannot_be_subscribed_or_its_wishes_changed(client, article):
    follow(article)
    before = list(Subscription.objects.values())
    post(client, article, email=FOLLOWER, wishes=["page"])
    assert list(Subscription.objects.values()) == before
    Subscription.objects.update(ended_at=timezone.now())
    post(Client(), article, email=FOLLOWER, wishes=["page"])
    assert Subscription.objects.get().confirmed_at is None
    OutgoingMail.objects.all().delete()
    factories.comment(article)
    assert told() == []


@pytest.mark.parametrize("was_ended", [False, True])
def test_confirming_a_comment_starts_no_mail_that_another_browser_asked_for(client, article, was_ended):
    if was_ended:
        follow(article, email=TYPED["email"])
        Subscription.objects.update(ended_at=timezone.now())
    Client().post(f"/discussion/{article.pk}/follow/", {"email": TYPED["email"]}, headers=HERE)
    post(client, article, wishes=["replies"])
    client.post(f"/discussion/confirm/{tokens.confirmation(PageComment.objects.get())}/")
    assert list(Subscription.objects.exclude(confirmed_at=None).values_list("scope", flat=True)) == [Scope.REPLIES]
    client.post(f"/discussion/subscribe/{tokens.wish(Subscription.objects.get(scope=Scope.PAGE))}/")
    assert not Subscription.objects.filter(confirmed_at=None).exists()


def test_wish_is_of_the_browser_that_asked_last(client, article):
    Client().post(f"/discussion/{article.pk}/follow/", {"email": TYPED["email"]}, headers=HERE)
    post(client, article, wishes=["page"])
    client.post(f"/discussion/{article.pk}/follow/", {"email": TYPED["email"]}, headers=HERE)
    client.post(f"/discussion/confirm/{tokens.confirmation(PageComment.objects.get())}/")
    assert Subscription.objects.get().confirmed_at is not None


def ended_and_asked_for_again(client, article) -> Subscription:
    follow(article)
    end(Subscription.objects.get())
    client.post(f"/discussion/{article.pk}/follow/", {"email": FOLLOWER}, headers=HERE)
    return Subscription.objects.get()


def test_what_was_ended_stays_ended_until_it_is_confirmed_again(client, article):
    subscription = ended_and_asked_for_again(client, article)
    assert subscription.ended_at is not None
    factories.comment(article)
    assert told() == [(Kind.SUBSCRIBE, FOLLOWER)]
    assert send_due() == 1
    link = re.search(r"https?://[^/]+(/discussion/subscribe/\S+)", mail.outbox[0].body)[1]
    assert "Yes, tell me" in client.get(link).content.decode()
    assert client.post(link).status_code == 200
    subscription.refresh_from_db()
    assert subscription.holds
    factories.comment(article)
    assert told()[1:] == [(Kind.NEW, FOLLOWER)]


def test_wish_for_what_was_ended_holds_when_a_comment_of_its_browser_is_confirmed(client, article):
    follow(article, email=TYPED["email"])
    end(Subscription.objects.get())
    post(client, article, wishes=["page"])
    client.post(f"/discussion/confirm/{tokens.confirmation(PageComment.objects.get())}/")
    assert Subscription.objects.get().holds


@pytest.mark.skipif("connection.vendor != 'postgresql'", reason="SQLite has one writer at a time")
@pytest.mark.parametrize("write", [end, subscriptions.confirm])
def test_what_one_person_wishes_is_locked_in_the_order_of_its_keys(article, write):
    subscribe(article, FOLLOWER, ["page", "replies"], is_proven=False, author_key="k")
    with CaptureQueriesContext(connection) as queries:
        write(Subscription.objects.first())
    sql = [query["sql"] for query in queries]
    locking = next(place for place, one in enumerate(sql) if one.endswith(" ORDER BY 1 ASC FOR UPDATE"))
    writing = next(place for place, one in enumerate(sql) if one.startswith("UPDATE"))
    assert sql[locking].startswith('SELECT "discussion_subscription"."id" AS "pk" FROM')
    assert locking < writing


def test_wish_for_what_was_ended_can_be_ended_too(client, article):
    subscription = ended_and_asked_for_again(client, article)
    link = f"/discussion/unsubscribe/{tokens.ending(subscription)}/"
    assert "Press the button" in client.get(link).content.decode()
    client.post(link)
    assert "ended already" in client.get(link).content.decode()
    wish = f"/discussion/subscribe/{tokens.wish(subscription)}/"
    assert [client.get(wish).status_code, client.post(wish).status_code] == [410, 410]
    assert send_due() == 0
    subscription.refresh_from_db()
    assert not subscription.holds


def test_link_that_subscribes_does_so_for_what_its_browser_asked_for_on_the_page(client, article):
    for scope, browser in ((Scope.PAGE, "one"), (Scope.REPLIES, "other"), (Scope.DECISION, "one")):
        subscribe(article, FOLLOWER, [scope], author_key=browser, is_proven=False)
    client.post(f"/discussion/subscribe/{tokens.wish(Subscription.objects.get(scope=Scope.PAGE))}/")
    assert set(Subscription.objects.exclude(confirmed_at=None).values_list("scope", flat=True)) == {Scope.PAGE, Scope.DECISION}


def test_following_without_a_comment_asks_the_mailbox_first(client, article):
    address = f"/discussion/{article.pk}/follow/"
    assert client.get(address).status_code == 200
    for wrong in ("no address", "x@אa.example"):
        assert client.post(address, {"email": wrong}, headers=HERE).status_code == 400
    answer = client.post(address, {"email": FOLLOWER}, headers=HERE)
    assert "We have sent a mail" in answer.content.decode()
    factories.comment(article)
    assert told() == [(Kind.SUBSCRIBE, FOLLOWER)]
    send_due()
    link = re.search(r"https?://[^/]+(/discussion/subscribe/\S+)", mail.outbox[0].body)[1]
    assert "Yes, tell me" in client.get(link).content.decode()
    assert Subscription.objects.get().confirmed_at is None
    for _ in range(2):
        assert client.post(link).status_code == 200
    factories.comment(article)
    assert told()[1:] == [(Kind.NEW, FOLLOWER)]


def test_who_asks_again_another_day_gets_another_mail(article):
    day = timezone.now()
    for days in (0, 0, 1, 8):
        subscribe(article, FOLLOWER, [Scope.PAGE], is_proven=False, now=day + timedelta(days=days))
    assert [kind for kind, _to in told()] == [Kind.SUBSCRIBE] * 3


def test_who_asks_again_after_the_page_was_taken_back_for_a_while_gets_a_mail(client, article):
    address = f"/discussion/{article.pk}/follow/"
    client.post(address, {"email": FOLLOWER}, headers=HERE)
    article.unpublish()
    assert send_due() == 0
    article.save_revision().publish()
    assert "We have sent a mail" in client.post(address, {"email": FOLLOWER}, headers=HERE).content.decode()
    assert send_due() == 1


def test_mails_that_are_refused_are_noted_anew_three_times_a_day(client, article):
    answers = []
    for _ in range(4):
        answers.append(client.post(f"/discussion/{article.pk}/follow/", {"email": FOLLOWER}, headers=HERE).status_code)
        OutgoingMail.objects.update(state=MailState.FAILED)
    assert answers == [200] * 3 + [429]
    assert [to for _kind, to in told()] == [FOLLOWER] * 3


def test_following_many_pages_in_somebodys_name_does_not_flood_them(client, section):
    pages = [factories.ArticlePageFactory(parent=section) for _ in range(4)]
    answers = [client.post(f"/discussion/{page.pk}/follow/", {"email": FOLLOWER}, headers=HERE).status_code for page in pages]
    assert answers == [200] * 3 + [429]
    assert [to for _kind, to in told()] == [FOLLOWER] * 3


def probed(pages, visits: str, victim: str, fate: str) -> list[tuple]:
    """What a stranger is answered who follows ``pages`` in the victim's name in the order of ``visits``, and what that counts.

    ``fate``: what becomes of the mails.
    """
    stranger, found = Client(), []
    for visit in visits:
        answer = stranger.post(f"/discussion/{pages[visit].pk}/follow/", {"email": victim}, headers=HERE)
        if fate == MailState.SENT:
            send_due()
        OutgoingMail.objects.filter(state=MailState.WAITING).update(state=fate)
        counts = Quota.objects.order_by("key").values_list("key", "used")
        counted = [(key.partition(":")[0], used) for key, used in counts]
        found.append((answer.status_code, answer.content.decode(), counted, len(mail.outbox)))
    Quota.objects.all().delete()
    OutgoingMail.objects.all().delete()
    Subscription.objects.filter(confirmed_at=None).delete()
    mail.outbox.clear()
    return found


@pytest.mark.parametrize("fate", [MailState.SENT, MailState.DROPPED, MailState.FAILED])
@pytest.mark.parametrize("visits", ["ABCD", "DDABC", "ABDDCD"])
def test_form_tells_nobody_who_follows(section, visits, fate):
    """Neither by what it answers nor by what it counts."""
    pages = {name: factories.ArticlePageFactory(parent=section) for name in "ABCD"}
    unknown = probed(pages, visits, FOLLOWER, fate)
    follow(pages["D"])
    assert probed(pages, visits, FOLLOWER, fate) == unknown
    assert Subscription.objects.get().confirmed_at is not None


@pytest.mark.parametrize("visits", [["page"], ["page", "page,replies"], ["page,replies", "page"], ["replies", "page", "replies"]])
def test_comment_form_that_confirms_no_address_tells_nobody_who_follows(article, visits):
    DiscussionSettings.objects.create(site=Site.objects.get(), confirm_addresses=False)

    def counted(email):
        for wishes in visits:
            post(Client(), article, email=email, wishes=wishes.split(","))
            send_due()
        return Quota.objects.get(key=f"confirm:{person_key(email)}").used

    follow(article)
    assert counted(FOLLOWER) == counted("nobody@readers.example")


def test_follower_who_is_asked_again_is_told_so_by_the_mail_alone(client, article):
    follow(article)
    answer = client.post(f"/discussion/{article.pk}/follow/", {"email": FOLLOWER}, headers=HERE)
    assert "We have sent a mail" in answer.content.decode()
    assert send_due() == 1
    (message,) = mail.outbox
    assert "We do so already" in message.body
    assert "/subscribe/" not in message.body


def test_tries_in_many_names_are_counted_for_who_makes_them(client, article, section):
    pages = [factories.ArticlePageFactory(parent=section) for _ in range(4)]
    answers = [client.post(f"/discussion/{page.pk}/follow/", {"email": FOLLOWER}, headers=HERE) for page in pages]
    assert "Try again in a day" in answers[3].content.decode()
    assert Quota.objects.get(key__startswith="follow:").used == 4


def test_follow_form_of_another_site_does_nothing(reader_client, article):
    answer = reader_client.post(f"/discussion/{article.pk}/follow/", headers={"origin": "https://elsewhere.example"})
    assert answer.status_code == 200
    assert not Subscription.objects.exists()


def test_account_follows_by_one_press(reader_client, reader, article):
    reader_client.post(f"/discussion/{article.pk}/follow/", headers=HERE)
    subscription = Subscription.objects.get()
    assert (subscription.email, subscription.user, subscription.confirmed_at is not None) == (reader.email, reader, True)


def test_follow_is_limited(client, article):
    answers = [
        client.post(f"/discussion/{article.pk}/follow/", {"email": f"n{number}@readers.example"}, headers=HERE).status_code
        for number in range(11)
    ]
    assert answers == [200] * 10 + [429]


def test_nothing_is_offered_where_no_mail_can_be_sent(client, article, settings):
    settings.HUB_SENDS_MAIL = False
    for offered in (False, True):
        settings.HUB_SENDS_MAIL = offered
        page = client.get(article.url).content.decode()
        assert ("wishes" in page, f"/discussion/{article.pk}/follow/" in page) == (offered, offered)
        assert client.get(f"/discussion/{article.pk}/follow/").status_code == (200 if offered else 404)


@pytest.mark.parametrize("talked", [True, False])
def test_nothing_is_offered_where_not_everybody_may_read_and_no_mail_is_sent(reader_client, article, talked):
    if talked:
        factories.comment(article)
    PageViewRestriction.objects.create(page=article, restriction_type="login")
    page = reader_client.get(article.url).content.decode()
    assert 'name="comment"' in page
    assert ("wishes" in page, f"/discussion/{article.pk}/follow/" in page) == (False, False)
    assert "wishes" not in reader_client.get(f"/discussion/{article.pk}/add/").content.decode()
    assert reader_client.post(f"/discussion/{article.pk}/follow/", headers=HERE).status_code == 404


def test_record_of_the_mail_that_asks_names_nobody_once_its_address_is_forgotten(client, article):
    client.post(f"/discussion/{article.pk}/follow/", {"email": FOLLOWER}, headers=HERE)
    send_due()
    forget_leftovers(timezone.now() + timedelta(days=40))
    (row,) = OutgoingMail.objects.values()
    assert not [value for value in row.values() if FOLLOWER in str(value) or person_key(FOLLOWER) in str(value)]
