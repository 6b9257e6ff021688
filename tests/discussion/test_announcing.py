"""Who is told of what, and when."""

from datetime import timedelta
from importlib import import_module

import pytest
from django.apps import apps
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from discussion import tokens
from discussion.announcing import announce
from discussion.models import OutgoingMail, PageComment, State, Subscription
from discussion.outbox import send_due
from discussion.privacy import forget_leftovers
from discussion.subscriptions import end, subscribe
from discussion.transitions import decide
from pages.models import Role
from tests import factories
from tests.discussion.following import FOLLOWER, follow, post, told

pytestmark = pytest.mark.django_db
Scope, Kind = Subscription.Scope, OutgoingMail.Kind


@pytest.fixture(autouse=True)
def _mail_server(settings):
    settings.HUB_SENDS_MAIL = True


def contributed(page, person, account, *, is_told=True):
    """``person``, whose account it is, has a part in ``page``, and the editor wishes them told of comments there, or not."""
    person.user = account
    person.save()
    factories.ContributionFactory(page=page, person=person, role=Role.AUTHOR)
    page.discussion_tells_authors = is_told
    page.save()


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


def test_comment_that_is_hidden_with_the_one_above_is_told_once_it_is_shown(article, moderator):
    top = factories.comment(article)
    announce()
    factories.comment(article, reply_to=top)
    decide([top.pk], State.REJECTED, by=moderator)
    follow(article)
    assert told() == []
    decide([top.pk], State.PUBLISHED, by=moderator)
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


@pytest.mark.parametrize("later", [timedelta(), timedelta(days=31)], ids=["at once", "when leftovers were forgotten"])
def test_follower_who_ended_it_is_not_told_as_a_contributor_whoever_asks_in_their_name(article, person, reader, later):
    contributed(article, person, reader, is_told=False)
    subscribe(article, reader.email, [Scope.PAGE], user=reader, is_proven=True)
    end(Subscription.objects.get())
    subscribe(article, reader.email, [Scope.PAGE], is_proven=False)
    forget_leftovers(timezone.now() + later)
    OutgoingMail.objects.all().delete()
    article.discussion_tells_authors = True
    article.save()
    factories.comment(article)
    assert told() == []


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
