"""Mail about discussions: who is told of what, when, and how it ends."""

import re
from datetime import timedelta
from importlib import import_module

import pytest
from django.apps import apps
from django.core import mail
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from wagtail.models import PageViewRestriction

from discussion import tokens
from discussion.announcing import TIME_TO_UNDO, announce
from discussion.models import Discussion, OutgoingMail, PageComment, State, Subscription
from discussion.outbox import send_due
from discussion.privacy import forget_leftovers
from discussion.subscriptions import end, subscribe
from discussion.transitions import decide
from pages.models import Role
from tests import factories
from tests.discussion.journey import HERE, TYPED

pytestmark = pytest.mark.django_db
Scope, Kind, MailState = Subscription.Scope, OutgoingMail.Kind, OutgoingMail.State
FOLLOWER = "f.ollower@readers.example"


@pytest.fixture(autouse=True)
def _mail_server(settings):
    settings.HUB_SENDS_MAIL = True


def post(client, page, **changed):
    fields = TYPED | {"token": tokens.issue_token(page.pk)} | changed
    return client.post(f"/discussion/{page.pk}/add/", fields, headers=HERE)


def told() -> list[tuple[str, str]]:
    """``(kind, to)`` of each mail noted, in order, once moderators can take nothing back any more."""
    announce(timezone.now() + TIME_TO_UNDO)
    return list(OutgoingMail.objects.order_by("pk").values_list("kind", "to"))


def follow(page, scope=Scope.PAGE, email=FOLLOWER):
    subscribe(page, email, [scope], is_proven=True)


def contributed(page, person, account, *, is_told=True):
    """``person``, whose account it is, has a part in ``page``, and the editor wishes them told of comments there, or not."""
    person.user = account
    person.save()
    factories.ContributionFactory(page=page, person=person, role=Role.AUTHOR)
    page.discussion_tells_authors = is_told
    page.save()


# Who is told


def test_follower_is_told_of_each_comment_once_it_is_published(article, moderator):
    follow(article)
    held = factories.comment(article, state="pending")
    factories.comment(article, state="spam")
    assert told() == []
    decide([held.pk], State.PUBLISHED, by=moderator)
    assert told() == [(Kind.NEW, FOLLOWER)]
    assert told() == [(Kind.NEW, FOLLOWER)]


def test_comment_taken_back_and_published_again_is_told_once(article, moderator):
    follow(article)
    comment = factories.comment(article)
    announce()
    for state in (State.PENDING, State.PUBLISHED):
        decide([comment.pk], state, by=moderator)
    assert told() == [(Kind.NEW, FOLLOWER)]


def test_reply_is_told_to_whom_it_answers_and_to_nobody_else(article):
    first = factories.comment(article, email="first@readers.example")
    second = factories.comment(article, reply_to=first, email="second@readers.example")
    for email in ("first@readers.example", "second@readers.example", FOLLOWER):
        follow(article, Scope.REPLIES, email)
    announce()
    OutgoingMail.objects.all().delete()
    factories.comment(article, reply_to=second, email="third@readers.example")
    assert told() == [(Kind.REPLY, "second@readers.example")]


def test_nobody_is_told_of_their_own_comment_or_twice_of_the_same(article):
    mine = factories.comment(article, email=FOLLOWER)
    follow(article)
    follow(article, Scope.REPLIES)
    assert told() == []
    factories.comment(article, reply_to=mine)
    assert told() == [(Kind.REPLY, FOLLOWER)]


def test_follower_of_one_page_is_not_told_of_another(article, section):
    follow(article)
    factories.comment(factories.ArticlePageFactory(parent=section))
    assert told() == []


@pytest.mark.parametrize(("to_state", "expected"), [("published", 1), ("rejected", 1), ("spam", 0)])
def test_author_of_a_held_comment_is_told_what_was_decided(article, moderator, to_state, expected):
    comment = factories.comment(article, state="pending", email=FOLLOWER)
    follow(article, Scope.DECISION)
    follow(article, Scope.DECISION, "somebody.else@readers.example")
    decide([comment.pk], to_state, by=moderator)
    assert told() == [(Kind.DECIDED, FOLLOWER)] * expected


def test_confirming_an_address_is_no_decision(client, article):
    post(client, article, wishes=["decision"])
    comment = PageComment.objects.get()
    client.post(f"/discussion/confirm/{tokens.confirmation(comment)}/")
    assert [kind for kind, _to in told()] == [Kind.CONFIRM]


@pytest.mark.parametrize("wanted", [True, False])
def test_contributors_are_told_where_the_editor_wishes_it_until_they_end_it(article, person, reader, wanted):
    contributed(article, person, reader, is_told=wanted)
    factories.comment(article)
    assert told() == ([(Kind.NEW, reader.email)] if wanted else [])
    Subscription.objects.update(ended_at=timezone.now())
    factories.comment(article)
    assert len(told()) == wanted


def stop_telling(article, person, reader, reason):
    if reason == "the editor":
        article.discussion_tells_authors = False
        article.save()
    elif reason == "the byline":
        article.contributions.all().delete()
    elif reason == "the account":
        reader.is_active = False
        reader.save()
    else:
        reader.email = "new@readers.example"
        reader.save()


@pytest.mark.parametrize("reason", ["the editor", "the byline", "the account"])
def test_contributors_are_told_no_longer_than_they_are_to_be(article, person, reader, reason):
    contributed(article, person, reader)
    factories.comment(article)
    told()
    stop_telling(article, person, reader, reason)
    factories.comment(article)
    assert len(told()) == 1
    assert send_due() == 0


def test_contributors_are_told_at_their_address_of_today(article, person, reader):
    contributed(article, person, reader)
    factories.comment(article)
    told()
    stop_telling(article, person, reader, "the old address")
    factories.comment(article)
    assert told()[1:] == [(Kind.NEW, "new@readers.example")]


def test_account_is_told_at_its_address_of_today_once_and_not_of_its_own_comment(article, reader):
    def subscribed():
        subscribe(article, reader.email, [Scope.PAGE, Scope.REPLIES], user=reader, is_proven=True)

    subscribed()
    own = factories.comment(article, user=reader, email=reader.email)
    reader.email = "new@readers.example"
    reader.save()
    factories.comment(article)
    assert told() == [(Kind.NEW, "new@readers.example")]
    subscribed()
    factories.comment(article, reply_to=own)
    factories.comment(article, user=reader, email=reader.email)
    assert told()[1:] == [(Kind.REPLY, "new@readers.example")]


def test_account_that_wants_no_more_mail_gets_none_for_what_it_asked_under_another_address(article, reader):
    subscribe(article, reader.email, [Scope.PAGE], user=reader, is_proven=True)
    reader.email = "new@readers.example"
    reader.save()
    subscribe(article, reader.email, [Scope.PAGE], user=reader, is_proven=True)
    end(Subscription.objects.order_by("pk").last())
    factories.comment(article)
    assert told() == []


@pytest.mark.parametrize("change", ["the old address", "somebody else asks in their name"])
def test_what_a_contributor_ended_stays_ended(article, person, reader, change):
    contributed(article, person, reader)
    factories.comment(article)
    told()
    end(Subscription.objects.get())
    if change == "the old address":
        stop_telling(article, person, reader, change)
    else:
        subscribe(article, reader.email, [Scope.PAGE], is_proven=False)
        forget_leftovers(timezone.now() + timedelta(days=31))
        OutgoingMail.objects.filter(kind=Kind.SUBSCRIBE).delete()
    factories.comment(article)
    assert len(told()) == 1


@pytest.mark.parametrize("by", ["contributor", "follower"])
def test_no_mail_about_any_page_holds_for_pages_contributed_to_later(client, article, section, person, reader, by):
    if by == "contributor":
        contributed(article, person, reader)
        factories.comment(article)
        told()
    else:
        follow(article, email=reader.email.upper())
    token = tokens.ending(Subscription.objects.get())
    client.post(f"/discussion/unsubscribe/{token}/", {"everywhere": "1"})
    OutgoingMail.objects.all().delete()
    later = factories.ArticlePageFactory(parent=section)
    contributed(later, person, reader)
    factories.comment(later)
    assert told() == []
    follow(later, email=reader.email)
    factories.comment(later)
    assert told() == [(Kind.NEW, reader.email)], "asked for anew, there alone"


def test_contributor_who_follows_is_told_once_and_after_the_editor_ends_it(article, person, reader):
    contributed(article, person, reader)
    follow(article, email=reader.email)
    factories.comment(article)
    assert told() == [(Kind.NEW, reader.email)]
    stop_telling(article, person, reader, "the editor")
    factories.comment(article)
    assert len(told()) == 2


def test_readers_cannot_ask_for_what_contributors_are_given(client, article):
    assert post(client, article, wishes=["authors"]).status_code == 400
    assert 'value="authors"' not in client.get(article.url).content.decode()


def test_what_contributors_were_given_before_is_told_apart_from_what_followers_asked_for(article, section, person, reader):
    follower = factories.UserFactory()
    contributed(article, person, reader)
    untold = factories.ArticlePageFactory(parent=section)
    contributed(untold, person, reader, is_told=False)
    for page, user in ((article, reader), (article, follower), (untold, reader)):
        subscribe(page, user.email, [Scope.PAGE], user=user, is_proven=True)
    import_module("discussion.migrations.0015_contributors").part_from_followers(apps, None)
    rows = Subscription.objects.order_by("pk").values_list("page", "email", "scope")
    assert list(rows) == [
        (article.pk, reader.email, Scope.AUTHORS),
        (article.pk, follower.email, Scope.PAGE),
        (untold.pk, reader.email, Scope.PAGE),
    ]


def test_what_happened_without_a_mail_server_is_not_told_later(article, settings):
    follow(article)
    settings.HUB_SENDS_MAIL = False
    factories.comment(article)
    assert told() == []
    settings.HUB_SENDS_MAIL = True
    assert told() == []


def test_announcing_costs_the_same_for_many_comments(article):
    follow(article)

    def cost(comments):
        for number in range(comments):
            factories.comment(article, email=f"n{number}@readers.example")
        with CaptureQueriesContext(
            connection,
        ) as queries:
            announce()
        return len(queries)

    cost(1)
    assert cost(2) == cost(20)


# Opting in


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


def test_following_many_pages_in_somebodys_name_does_not_flood_them(client, section):
    pages = [factories.ArticlePageFactory(parent=section) for _ in range(4)]
    answers = [client.post(f"/discussion/{page.pk}/follow/", {"email": FOLLOWER}, headers=HERE).status_code for page in pages]
    assert answers == [200] * 3 + [429]
    assert [to for _kind, to in told()] == [FOLLOWER] * 3


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


# The mails themselves


def test_mails_name_nobody_who_asked_hold_no_comment_and_end_by_one_press(client, article):
    follow(article)
    factories.comment(article, text="Secret of the yellow house", name="Wilma Thorne")
    announce()
    send_due()
    (message,) = mail.outbox
    assert message.to == [FOLLOWER]
    assert "Wilma Thorne has commented" in message.body
    assert f"/discussion/{article.pk}/1/" in message.body
    assert "yellow house" not in message.message().as_string()
    assert message.extra_headers["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
    address = message.extra_headers["List-Unsubscribe"].strip("<>")
    assert address in message.body

    path = re.sub(r"^https?://[^/]+", "", address)
    assert "Press the button" in client.get(path).content.decode()
    assert Subscription.objects.get().ended_at is None
    service = Client(enforce_csrf_checks=True)
    assert service.post(path, {"List-Unsubscribe": "One-Click"}).status_code == 200
    assert Subscription.objects.get().ended_at is not None
    assert "ended already" in client.get(path).content.decode()
    factories.comment(article)
    assert len(told()) == 1


def test_one_press_can_end_all(client, article, section):
    other = factories.ArticlePageFactory(parent=section)
    for page in (article, other):
        follow(page)
    follow(article, email="somebody.else@readers.example")
    token = tokens.ending(Subscription.objects.filter(email=FOLLOWER).first())
    client.post(f"/discussion/unsubscribe/{token}/", {"everywhere": "1"})
    assert set(Subscription.objects.filter(ended_at=None).values_list("email", flat=True)) == {"somebody.else@readers.example"}


def test_link_that_ends_works_when_everything_is_gone(client, article):
    follow(article)
    token = tokens.ending(Subscription.objects.get())
    article.delete()
    for answer in (client.get(f"/discussion/unsubscribe/{token}/"), client.post(f"/discussion/unsubscribe/{token}/")):
        assert (answer.status_code, "no mail will come" in answer.content.decode()) == (410, True)


@pytest.mark.parametrize(
    "change", ["comment removed", "branch hidden", "page unpublished", "discussion off", "subscription ended"]
)
def test_mail_that_came_too_late_is_not_sent(article, moderator, change):
    follow(article)
    parent = factories.comment(article, email="p@readers.example")
    announce()
    OutgoingMail.objects.all().delete()
    comment = factories.comment(article, reply_to=parent)
    announce()
    assert OutgoingMail.objects.count() == 1
    if change == "comment removed":
        decide([comment.pk], State.REMOVED, by=moderator)
    elif change == "branch hidden":
        decide([parent.pk], State.REJECTED, by=moderator)
    elif change == "page unpublished":
        article.unpublish()
    elif change == "discussion off":
        Discussion.objects.update(override="off")
    else:
        Subscription.objects.update(ended_at=timezone.now())
    assert send_due() == 0
    assert mail.outbox == []
    assert OutgoingMail.objects.get().state == MailState.DROPPED


def test_title_and_names_cannot_add_headers(article):
    follow(article)
    article.title = "A title\r\nBcc: everybody@readers.example"
    article.save()
    factories.comment(article, name="Eve\r\nBcc: x@y.example")
    announce()
    assert send_due() == 1
    assert "bcc" not in {name.lower() for name in mail.outbox[0].message().keys()}  # noqa: SIM118


def test_mail_goes_to_the_domain_that_was_typed(article):
    follow(article, email="x@straße.example")
    factories.comment(article)
    announce()
    send_due()
    assert mail.outbox[0].to == ["x@xn--strae-oqa.example"]
