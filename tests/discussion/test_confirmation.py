"""A guest's first comment: stored at once, confirmed by mail, and what each late link is answered."""

import re
import threading
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest
from django.core import mail, signing
from django.db import connection
from django.test import Client
from django.utils import timezone
from wagtail.models import Page, PageViewRestriction, Site

from discussion import tokens
from discussion.curating import close_thread
from discussion.models import Decision, Discussion, DiscussionSettings, OutgoingMail, PageComment, State, Subscription
from discussion.outbox import send_due
from discussion.posting import post_comment
from discussion.subscriptions import subscribe
from discussion.transitions import decide
from pages.models import ContentPage
from tests import factories
from tests.discussion.journey import HERE, TYPED

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _mail_server(settings):
    settings.HUB_SENDS_MAIL = True


def post(client, page, **changed):
    fields = TYPED | {"token": tokens.issue_token(page.pk)} | changed
    return client.post(f"/discussion/{page.pk}/add/", fields, headers=HERE)


def link_in(message) -> str:
    return re.search(r"https?://[^/]+(/discussion/\S+)", message.body)[1]


def rules(**values):
    DiscussionSettings.objects.update_or_create(site=Site.objects.get(), defaults=values)


def mailed_link(client, page, **changed) -> str:
    post(client, page, **changed)
    send_due()
    return link_in(mail.outbox[-1])


def text_of(response) -> str:
    return " ".join(re.sub(r"<[^>]*>", " ", response.content.decode().split("<main", 1)[1]).split())


def test_comment_is_stored_before_any_mail_is_sent(client, article):
    answer = post(client, article)
    assert answer.status_code == 302
    comment = PageComment.objects.get()
    assert (comment.state, comment.number, comment.confirmed_at) == (State.UNCONFIRMED, None, None)
    assert mail.outbox == []
    assert "open the mail that we have sent and confirm your address" in text_of(client.get(answer["Location"]))
    assert Discussion.objects.get().pending_count == 0


def test_mail_holds_a_link_and_no_word_of_the_comment(client, article):
    post(client, article)
    assert send_due() == 1
    (message,) = mail.outbox
    assert message.to == [TYPED["email"]]
    assert article.title in message.body
    assert "colder" not in message.message().as_string()
    assert link_in(message).startswith("/discussion/confirm/")
    assert send_due() == 0


def test_mail_does_not_name_a_page_taken_back_meanwhile(client, article):
    post(client, article)
    article.unpublish()
    send_due()
    assert article.title not in mail.outbox[0].message().as_string()
    assert client.get(link_in(mail.outbox[0])).status_code == 200


def test_link_shows_a_button_and_only_pressing_it_confirms(client, article):
    link = mailed_link(client, article)
    scanner = Client()
    for _ in range(2):
        page = scanner.get(link)
        assert page.status_code == 200
        assert "<button" in page.content.decode().split("<main", 1)[1]
        assert "was <em>colder</em>" in page.content.decode()
    assert PageComment.objects.get().state == State.UNCONFIRMED

    assert "waits for a moderator" in text_of(scanner.post(link))
    comment = PageComment.objects.get()
    assert (comment.state, comment.confirmed_at is not None) == (State.PENDING, True)
    assert Discussion.objects.get().pending_count == 1
    assert Decision.objects.get().by is None


def test_pressing_twice_is_harmless(client, article):
    link = mailed_link(client, article)
    answers = [client.post(link) for _ in range(3)]
    assert [answer.status_code for answer in answers] == [200] * 3
    assert Decision.objects.count() == 1


def test_confirmed_comment_appears_at_once_where_nothing_is_held(client, article):
    rules(hold_comments=False)
    link = mailed_link(client, article)
    answer = client.post(link)
    comment = PageComment.objects.get()
    assert (comment.state, comment.number) == (State.PUBLISHED, 1)
    assert f'href="/discussion/{article.pk}/1/"' in answer.content.decode()
    assert "colder" in client.get(article.url).content.decode()


def test_confirmed_comment_on_an_old_page_waits_where_those_are_held(client, article):
    rules(hold_comments=False, hold_after_days=30)
    ContentPage.objects.filter(pk=article.pk).update(first_published_at=timezone.now() - timedelta(days=31))
    client.post(mailed_link(client, article))
    assert PageComment.objects.get().state == State.PENDING


def test_link_holds_for_the_week_that_the_mail_promises(client, article, monkeypatch):
    link, now = mailed_link(client, article), signing.time.time()
    assert "a week" in " ".join(mail.outbox[-1].body.split())
    for days, status in ((6.9, 200), (7.1, 410)):
        monkeypatch.setattr(signing.time, "time", lambda days=days: now + days * 24 * 60 * 60)
        assert client.get(link).status_code == status


def test_cookies_of_a_browser_last_a_year_and_are_told_to_https_only_under_https(client, article, settings):
    for secure in (False, True):
        settings.SESSION_COOKIE_SECURE = secure
        posted = post(client, article, email=f"{secure}@readers.example")
        send_due()
        confirmed = client.post(link_in(mail.outbox[-1]), headers=HERE)
        for cookie in (posted.cookies["hub_commenter"], confirmed.cookies["hub_confirmed"]):
            assert (cookie["max-age"], bool(cookie["secure"])) == (365 * 24 * 60 * 60, secure)


def test_browser_is_known_under_several_addresses(client, article):
    addresses = [f"reader{n}@readers.example" for n in range(3)]
    for email in addresses:  # written elsewhere: only the cookie tells
        client.post(mailed_link(Client(), article, email=email), headers=HERE)
    for email in addresses:
        post(client, article, email=email, comment=f"Again, {email}")
    assert PageComment.objects.filter(comment__startswith="Again", confirmed_at__isnull=False).count() == 3


@pytest.mark.parametrize("where", ["same browser", "browser with the mail"])
def test_confirmed_address_needs_no_second_mail(client, article, where):
    link = mailed_link(client, article)
    mailbox = Client()
    mailbox.post(link, headers=HERE)
    browser = client if where == "same browser" else mailbox
    post(browser, article, comment="A second thought.")
    second = PageComment.objects.get(comment="A second thought.")
    assert (second.state, second.confirmed_at is not None) == (State.PENDING, True)
    assert OutgoingMail.objects.count() == 1


@pytest.mark.parametrize("headers", [{"origin": "https://evil.example"}, {"origin": "null"}, {}], ids=str)
@pytest.mark.parametrize("kind", ["confirm", "subscribe"])
def test_browser_that_another_site_makes_press_learns_nothing_of_the_sender(client, article, kind, headers):
    post(client, article)
    subscribe(article, TYPED["email"], [Subscription.Scope.PAGE], is_proven=False)
    send_due()
    (link,) = [link_in(message) for message in mail.outbox if f"/{kind}/" in message.body]
    victim = Client()
    assert victim.post(link, headers=headers).status_code == 200
    assert not victim.cookies
    victim.post(link, headers=HERE)
    assert victim.cookies


@pytest.mark.parametrize("changed", [{}, {"email": "another@readers.example"}])
def test_address_confirmed_elsewhere_or_another_address_is_asked_for(client, article, changed):
    Client().post(mailed_link(client, article))
    stranger = client if changed else Client()
    post(stranger, article, comment="A second thought.", **changed)
    assert PageComment.objects.get(comment="A second thought.").state == State.UNCONFIRMED


def test_cookie_of_a_confirmed_address_cannot_be_made_up(client, article):
    comment = factories.comment(article)
    client.cookies["hub_confirmed"] = comment.person_key
    post(client, article)
    assert PageComment.objects.order_by("pk").last().state == State.UNCONFIRMED


def test_one_press_confirms_all_that_the_browser_left_meanwhile(client, article, section):
    other = factories.ArticlePageFactory(parent=section)
    link = mailed_link(client, article)
    post(client, other, comment="Here too.")
    post(Client(), article, comment="Somebody else under the same address.")
    client.post(link)
    states = dict(PageComment.objects.values_list("comment", "state"))
    assert states == {
        TYPED["comment"]: State.PENDING,
        "Here too.": State.PENDING,
        "Somebody else under the same address.": State.UNCONFIRMED,
    }


def test_one_browser_gets_one_mail_an_hour_and_an_address_three_a_day(client, article):
    for _ in range(3):
        post(client, article)
    assert OutgoingMail.objects.count() == 1
    for _ in range(2):
        assert post(Client(), article).status_code == 302
    refused = post(Client(), article, comment="The fourth browser of the day.")
    assert refused.status_code == 429
    assert "The fourth browser of the day." in refused.content.decode()
    assert OutgoingMail.objects.count() == 3
    assert not PageComment.objects.filter(comment="The fourth browser of the day.").exists()


@pytest.mark.parametrize(
    ("state", "words"),
    [
        (State.PUBLISHED, "The comment is published"),
        (State.REJECTED, "decided not to publish it"),
        (State.SPAM, "decided not to publish it"),
        (State.ERASED, "was erased"),
    ],
)
@pytest.mark.parametrize("method", ["get", "post"])
def test_link_after_a_moderator_decided(client, article, moderator, state, words, method):
    link = mailed_link(client, article)
    decide([PageComment.objects.get().pk], state, by=moderator)
    answer = getattr(client, method)(link)
    assert answer.status_code == 200
    assert words in text_of(answer)
    assert PageComment.objects.get().state == state


def test_address_is_called_confirmed_only_when_it_is(client, article, moderator):
    link = mailed_link(client, article)
    decide([PageComment.objects.get().pk], State.PUBLISHED, by=moderator)
    assert "is confirmed" not in text_of(client.get(link))
    assert "is confirmed" in text_of(client.post(link))
    assert PageComment.objects.get().confirmed_at is not None
    assert "is confirmed" in text_of(client.get(link))


def test_link_goes_on_for_another_comment_when_its_own_is_decided(client, article, moderator):
    link = mailed_link(client, article, comment="The first one.")
    post(client, article, comment="The second one.")
    decide([PageComment.objects.get(comment="The first one.").pk], State.REJECTED, by=moderator)
    page = client.get(link)
    assert "decided not to publish it. Press the button if these words are yours." in text_of(page)
    assert "The second one." in text_of(page)
    assert "<button" in page.content.decode().split("<main", 1)[1]
    assert text_of(client.post(link)).count("The comment waits for a moderator to read it.") == 1
    assert PageComment.objects.get(comment="The second one.").state == State.PENDING
    assert "<button" not in client.get(link).content.decode().split("<main", 1)[1]


def test_link_goes_on_for_a_wish_when_its_comment_is_decided(client, article, moderator):
    post(client, article, wishes=["replies"])
    decide([PageComment.objects.get().pk], State.PUBLISHED, by=moderator)
    assert send_due() == 1
    link = link_in(mail.outbox[0])
    assert "The comment is published. Press the button if you asked to be told by e-mail." in text_of(client.get(link))
    client.post(link)
    assert Subscription.objects.get().confirmed_at is not None
    assert "Press the button" not in text_of(client.get(link))


def test_mail_is_sent_as_long_as_any_comment_waits_for_it(client, article, moderator):
    for text in ("The first one.", "The second one."):
        post(client, article, comment=text)
    decide([PageComment.objects.get(comment="The first one.").pk], State.PUBLISHED, by=moderator)
    assert send_due() == 1
    client.post(link_in(mail.outbox[0]))
    assert PageComment.objects.get(comment="The second one.").state == State.PENDING


def test_mail_that_was_dropped_serves_no_later_comment(client, article, moderator):
    post(client, article, comment="The first one.")
    decide([PageComment.objects.get().pk], State.PUBLISHED, by=moderator)
    assert send_due() == 0
    post(client, article, comment="The second one.")
    assert send_due() == 1


def test_mail_that_was_refused_serves_no_later_comment(client, article):
    answers = []
    for _ in range(4):
        answers.append(post(client, article).status_code)
        OutgoingMail.objects.update(state=OutgoingMail.State.FAILED)
    assert answers == [302] * 3 + [429], "as often as an address is asked in a day"
    assert OutgoingMail.objects.count() == 3


def test_old_link_whose_fresh_one_was_refused_brings_another(client, article, monkeypatch):
    link = mailed_link(client, article)
    now = signing.time.time()
    monkeypatch.setattr(signing.time, "time", lambda: now + tokens.LINK_AGE + 60)
    OutgoingMail.objects.update(created_at=timezone.now() - timedelta(days=8))
    client.post(link)
    OutgoingMail.objects.filter(state=OutgoingMail.State.WAITING).update(state=OutgoingMail.State.FAILED)
    assert "on its way to you" in text_of(client.post(link))
    assert send_due() == 1


def test_old_link_offers_a_fresh_one_for_another_comment(client, article, moderator, monkeypatch):
    link = mailed_link(client, article)
    post(client, article, comment="The second one.")
    decide([PageComment.objects.order_by("pk").first().pk], State.PUBLISHED, by=moderator)
    now = signing.time.time()
    monkeypatch.setattr(signing.time, "time", lambda: now + tokens.LINK_AGE + 60)
    OutgoingMail.objects.update(created_at=timezone.now() - timedelta(days=8))
    assert "Send a fresh link" in client.get(link).content.decode()
    client.post(link)
    assert send_due() == 1
    client.post(link_in(mail.outbox[1]))
    assert not PageComment.objects.filter(state=State.UNCONFIRMED).exists()


def test_link_after_removal(client, article, moderator):
    link = mailed_link(client, article)
    for state in (State.PUBLISHED, State.REMOVED):
        decide([PageComment.objects.get().pk], state, by=moderator)
    assert "has removed the comment" in text_of(client.get(link))


def test_link_after_the_discussion_closed_goes_to_a_moderator(client, article):
    rules(hold_comments=False)
    link = mailed_link(client, article)
    Discussion.objects.update(override=Discussion.Override.CLOSED)
    assert client.get(link).status_code == 200
    assert "closed meanwhile; a moderator decides" in text_of(client.post(link))
    assert PageComment.objects.get().state == State.PENDING


def test_link_after_the_thread_closed_goes_to_a_moderator(client, article, moderator):
    rules(hold_comments=False)
    top = factories.comment(article)
    link = mailed_link(client, article, reply_to=top.number)
    post(client, article, comment="A comment of its own.")
    close_thread(top, by=moderator)
    assert "thread was closed meanwhile; a moderator decides" in text_of(client.post(link))
    states = dict(PageComment.objects.exclude(pk=top.pk).values_list("comment", "state"))
    assert states == {TYPED["comment"]: State.PENDING, "A comment of its own.": State.PUBLISHED}


def test_link_after_a_comment_above_was_taken_out_says_that_readers_do_not_see_it(client, article, moderator):
    rules(hold_comments=False)
    top = factories.comment(article)
    link = mailed_link(client, article, reply_to=top.number)
    decide([top.pk], "rejected", by=moderator)
    answer = client.post(link)
    assert "Readers do not see the comment for now" in text_of(answer)
    assert "is published" not in text_of(answer)
    assert "Readers do not see the comment for now" in text_of(client.get(link))


def test_link_after_the_page_was_restricted_goes_to_a_moderator(client, article):
    rules(hold_comments=False)
    link = mailed_link(client, article)
    PageViewRestriction.objects.create(page=article, restriction_type=PageViewRestriction.LOGIN)
    assert article.title not in text_of(client.post(link))
    assert PageComment.objects.get().state == State.PENDING


def test_link_after_the_page_was_unpublished_does_not_name_it(client, article):
    link = mailed_link(client, article)
    article.unpublish()
    assert article.title not in text_of(client.get(link))
    assert client.post(link).status_code == 200
    assert PageComment.objects.get().state == State.PENDING


def test_comment_moved_while_it_is_confirmed_waits_for_another_press(client, article, monkeypatch):
    link = mailed_link(client, article)
    with monkeypatch.context() as moment:
        moment.setattr("discussion.confirmation.lock_discussions_of", lambda comments: set())
        assert "Press the button" in text_of(client.post(link))
    assert PageComment.objects.get().state == State.UNCONFIRMED
    assert "waits for a moderator" in text_of(client.post(link))


def test_page_that_is_deleted_while_the_button_is_pressed_is_answered_in_words(client, article, monkeypatch):
    link = mailed_link(client, article)
    monkeypatch.setattr("discussion.confirmation.confirm", lambda comment: Page.objects.get(pk=article.pk).delete())
    answer = client.post(link)
    assert (answer.status_code, "no longer here" in text_of(answer)) == (410, True)


def test_comment_that_is_decided_while_its_old_link_is_opened_is_answered_in_words(client, article, monkeypatch):
    link = mailed_link(client, article)
    now = signing.time.time()
    monkeypatch.setattr(signing.time, "time", lambda: now + tokens.LINK_AGE + 60)
    monkeypatch.setattr("discussion.confirmation.something_waits", lambda comment: False)
    assert "Send a fresh link" in client.get(link).content.decode()


@pytest.mark.parametrize("what", ["page", "comment"])
def test_link_after_deletion(client, article, what):
    link = mailed_link(client, article)
    (article if what == "page" else PageComment.objects.get()).delete()
    for answer in (client.get(link), client.post(link)):
        assert answer.status_code == 410
        assert "no longer here" in text_of(answer)


def test_link_older_than_a_week_offers_a_fresh_one(client, article, monkeypatch):
    link = mailed_link(client, article)
    now = signing.time.time()
    monkeypatch.setattr(signing.time, "time", lambda: now + tokens.LINK_AGE + 60)
    OutgoingMail.objects.update(created_at=timezone.now() - timedelta(days=8))
    late = client.get(link)
    assert late.status_code == 410
    assert "Send a fresh link" in late.content.decode()
    assert PageComment.objects.get().state == State.UNCONFIRMED
    client.post(link)
    send_due()
    assert len(mail.outbox) == 2
    client.post(link_in(mail.outbox[1]))
    assert PageComment.objects.get().state == State.PENDING


def test_link_older_than_a_week_proves_nothing_once_the_comment_is_decided(client, article, moderator, monkeypatch):
    link = mailed_link(client, article)
    decide([PageComment.objects.get().pk], State.REJECTED, by=moderator)
    now = signing.time.time()
    monkeypatch.setattr(signing.time, "time", lambda: now + tokens.LINK_AGE + 60)
    finder = Client()
    for answer in (finder.get(link), finder.post(link, headers=HERE)):
        assert answer.status_code == 200
        assert "decided not to publish it" in text_of(answer)
    assert PageComment.objects.get().confirmed_at is None
    assert not finder.cookies


@pytest.mark.parametrize("spoil", [lambda t: t[:-3], lambda t: "x" + t, lambda t: "x.y", lambda t: "ä", lambda t: "%00"])
@pytest.mark.parametrize("kind", ["confirm", "subscribe", "unsubscribe"])
@pytest.mark.parametrize("method", ["get", "post"])
def test_spoiled_link_says_so(client, article, spoil, kind, method):
    token = link_in_token(mailed_link(client, article))
    answer = getattr(client, method)(f"/discussion/{kind}/{spoil(token)}/")
    assert answer.status_code == 404
    assert "not complete" in text_of(answer)


def link_in_token(link: str) -> str:
    return link.strip("/").rpartition("/")[2]


def test_link_of_one_kind_is_none_of_another(client, article):
    post(client, article, wishes=["page"])
    subscription = Subscription.objects.get()
    assert client.post(f"/discussion/confirm/{tokens.wish(subscription)}/").status_code == 404
    assert client.post(f"/discussion/subscribe/{tokens.ending(subscription)}/").status_code == 404
    assert Subscription.objects.get().confirmed_at is None


def test_nobody_is_asked_where_no_mail_can_be_sent_or_the_site_does_not_want_it(client, article, settings):
    settings.HUB_SENDS_MAIL = False
    post(client, article)
    settings.HUB_SENDS_MAIL = True
    rules(confirm_addresses=False)
    post(Client(), article, comment="Without a mail.")
    assert set(PageComment.objects.values_list("state", flat=True)) == {State.PENDING}
    assert not OutgoingMail.objects.exists()


def test_accounts_are_not_asked(reader_client, article):
    post(reader_client, article)
    assert PageComment.objects.get().state == State.PENDING
    assert PageComment.objects.get().confirmed_at is not None


def test_pages_behind_links_are_kept_by_no_cache(client, article):
    link = mailed_link(client, article)
    assert "no-store" in client.get(link)["Cache-Control"]


@pytest.mark.django_db(transaction=True, serialized_rollback=True)
def test_eight_presses_at_once_decide_once(article):
    comment = post_comment(article, factories.submission(author_key="k" * 43), hold=True, confirm=True)
    link = f"/discussion/confirm/{tokens.confirmation(comment)}/"
    start = threading.Barrier(8)

    def press(_):
        try:
            start.wait(timeout=60)
            return Client().post(link).status_code
        finally:
            connection.close()

    with ThreadPoolExecutor(8) as pool:
        assert list(pool.map(press, range(8))) == [200] * 8
    assert PageComment.objects.get().state == State.PENDING
    assert Decision.objects.count() == 1
    assert Discussion.objects.get().pending_count == 1
