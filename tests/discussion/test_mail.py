"""The mails about discussions themselves, and how they end."""

import re
from datetime import timedelta

import pytest
from django.core import mail
from django.test import Client
from django.utils import timezone

from discussion import tokens
from discussion.announcing import announce
from discussion.models import Discussion, OutgoingMail, State, Subscription
from discussion.outbox import send_due
from discussion.transitions import decide
from pages.models import Role
from tests import factories
from tests.discussion.following import FOLLOWER, follow, told

pytestmark = pytest.mark.django_db
MailState = OutgoingMail.State


@pytest.fixture(autouse=True)
def _mail_server(settings):
    settings.HUB_SENDS_MAIL = True


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


@pytest.mark.parametrize("kind", ["reply", "decided", "authors"])
def test_every_mail_that_somebody_gets_again_and_again_ends_by_one_press(article, moderator, person, reader, kind):
    if kind == "reply":
        parent = factories.comment(article, email=FOLLOWER)
        announce()
        follow(article, Subscription.Scope.REPLIES)
        factories.comment(article, reply_to=parent)
    elif kind == "decided":
        follow(article, Subscription.Scope.DECISION)
        decide([factories.comment(article, state="pending", email=FOLLOWER).pk], State.REJECTED, by=moderator)
    else:
        person.user, article.discussion_tells_authors = reader, True
        person.save(), article.save()
        factories.ContributionFactory(page=article, person=person, role=Role.AUTHOR)
        factories.comment(article)
    assert len(told()) == 1
    send_due(timezone.now() + timedelta(hours=1))
    (message,) = mail.outbox
    assert message.extra_headers["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
    path = re.sub(r"^https?://[^/]+", "", message.extra_headers["List-Unsubscribe"].strip("<>"))
    assert Client(enforce_csrf_checks=True).post(path, {"List-Unsubscribe": "One-Click"}).status_code == 200
    assert not Subscription.objects.filter(ended_at=None).exists()


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
