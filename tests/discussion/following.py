"""Readers who follow discussions, and what they are told."""

from django.utils import timezone

from discussion import tokens
from discussion.announcing import TIME_TO_UNDO, announce
from discussion.models import OutgoingMail, Subscription
from discussion.subscriptions import subscribe
from tests.discussion.journey import HERE, TYPED

FOLLOWER = "f.ollower@readers.example"


def post(client, page, **changed):
    fields = TYPED | {"token": tokens.issue_token(page.pk)} | changed
    return client.post(f"/discussion/{page.pk}/add/", fields, headers=HERE)


def told() -> list[tuple[str, str]]:
    """``(kind, to)`` of each mail noted, in order, once moderators can take nothing back any more."""
    announce(timezone.now() + TIME_TO_UNDO)
    return list(OutgoingMail.objects.order_by("pk").values_list("kind", "to"))


def follow(page, scope=Subscription.Scope.PAGE, email=FOLLOWER):
    subscribe(page, email, [scope], is_proven=True)
