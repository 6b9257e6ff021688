"""Mail about discussions: who asked for it, and what waits to be sent."""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from discussion.models.comments import Decision, PageComment


class Subscription(models.Model):
    """Somebody's wish to be told by e-mail. It holds from ``confirmed_at`` on, and until ``ended_at``.

    ``author_key`` is that of the browser which asked last while it did not hold, at ``created_at``; nothing where that had
    none. What was ended and is asked for again stays ended until that is confirmed: anybody may have asked. ``stands_for``:
    the keys of the person's wishes about pages merged into this one, whose mails lead here.
    """

    class Scope(models.TextChoices):
        REPLIES = "replies", _("Replies to my comments on this page")
        PAGE = "page", _("Every new comment on this page")
        DECISION = "decision", _("What is decided about my comment, if it has to wait")
        # Not asked for: given to contributors where the editor wishes it. A row of its own, which no stranger can reopen.
        AUTHORS = "authors", _("Every new comment on a page with a contribution of mine")

    wagtail_reference_index_ignore = True  # a page has thousands of these; they are no uses of it

    page = models.ForeignKey(
        "pages.ContentPage",
        on_delete=models.DO_NOTHING,  # ``removal`` does, in batches
        related_name="subscriptions",
    )
    scope = models.CharField(max_length=10, choices=Scope.choices)
    email = models.EmailField(max_length=254)
    person_key = models.CharField(max_length=32)
    author_key = models.CharField(max_length=43, blank=True, default="")
    user = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.CASCADE, related_name="+")
    created_at = models.DateTimeField(default=timezone.now)
    confirmed_at = models.DateTimeField(null=True)
    ended_at = models.DateTimeField(null=True)
    stands_for = models.JSONField(null=True)

    class Meta:
        default_permissions = []
        constraints = [
            models.UniqueConstraint(fields=["page", "person_key", "scope"], name="subscription_once"),
        ]
        indexes = [models.Index(fields=["person_key"], name="subscriptions_of_person")]

    def __str__(self):
        return f"{self.email}: {self.get_scope_display()}"

    @property
    def holds(self) -> bool:
        return self.confirmed_at is not None and self.ended_at is None

    @property
    def waits(self) -> bool:
        """Whether it was asked for, and neither confirmed nor ended since; in queries, ``subscriptions.WAITS``."""
        return self.confirmed_at is None and (self.ended_at is None or self.created_at > self.ended_at)


class NoMail(models.Model):
    """An account that wants no mail about any page, now or later, but what it asks for itself from then on."""

    user = models.OneToOneField(settings.AUTH_USER_MODEL, primary_key=True, on_delete=models.CASCADE, related_name="no_mail")
    since = models.DateTimeField(default=timezone.now)

    class Meta:
        default_permissions = []

    def __str__(self):
        return str(self.user)


class OutgoingMail(models.Model):
    """One mail to one person, written in the same transaction as its cause and sent by the worker.

    It says what the mail is about, not what it says: the words are made when it is sent, from what is true by then.
    """

    class Kind(models.TextChoices):
        CONFIRM = "confirm", _("confirm an address")
        SUBSCRIBE = "subscribe", _("confirm a subscription")
        REPLY = "reply", _("a reply")
        NEW = "new", _("a new comment")
        DECIDED = "decided", _("a decision")
        MESSAGE = "message", _("a moderator’s message")
        ALERT = "alert", _("comments wait")

    class State(models.TextChoices):
        WAITING = "waiting", _("Waiting")
        SENT = "sent", _("Sent")
        DROPPED = "dropped", _("No longer of use")
        FAILED = "failed", _("Refused")

    IN_VAIN = (State.DROPPED, State.FAILED)  # such a mail reached nobody: what it was to ask may be asked once more

    wagtail_reference_index_ignore = True

    key = models.CharField(max_length=120, unique=True)
    kind = models.CharField(max_length=10, choices=Kind.choices)
    to = models.EmailField(max_length=254)
    comment = models.ForeignKey(PageComment, null=True, on_delete=models.CASCADE, related_name="mails")
    decision = models.ForeignKey(Decision, null=True, on_delete=models.CASCADE, related_name="mails")
    subscription = models.ForeignKey(Subscription, null=True, on_delete=models.CASCADE, related_name="mails")
    moderator = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.CASCADE, related_name="+")
    state = models.CharField(max_length=10, choices=State.choices, default=State.WAITING)
    created_at = models.DateTimeField(default=timezone.now)
    next_try_at = models.DateTimeField(default=timezone.now)
    attempts = models.PositiveSmallIntegerField(default=0)
    sent_at = models.DateTimeField(null=True)
    last_error = models.CharField(max_length=250, blank=True)

    class Meta:
        default_permissions = []
        indexes = [
            models.Index(fields=["next_try_at"], name="mail_waiting", condition=Q(state="waiting")),
            models.Index(fields=["-created_at", "-id"], name="mail_newest_first"),
            models.Index(fields=["kind", "-created_at", "-id"], name="mail_of_kind"),
        ]

    def __str__(self):
        return f"{self.get_kind_display()} → {self.to}"
