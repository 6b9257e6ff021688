from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from discussion.models.comments import PageComment


class Report(models.Model):
    """A reader's word to the moderators that a comment should not stand. Who gave it is shown to moderators only.

    One of each reporter waits at a time; those that were answered are kept beside it. ``settled_by`` is who decided about the
    comment since; nobody where a rule or the author did.
    """

    class Reason(models.TextChoices):
        ABUSIVE = "abusive", _("It insults or threatens somebody")
        PERSONAL = "personal", _("It holds personal details of somebody")
        SPAM = "spam", _("It is advertising or spam")
        UNTRUE = "untrue", _("It states something untrue about somebody")
        ILLEGAL = "illegal", _("It breaks the law")
        OTHER = "other", _("Something else")

    wagtail_reference_index_ignore = True  # a page has thousands of these; they are no uses of it

    comment = models.ForeignKey(PageComment, on_delete=models.CASCADE, related_name="reports")
    reason = models.CharField(_("reason"), max_length=10, choices=Reason.choices)
    text = models.TextField(_("in your words"), max_length=1000, blank=True)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+")
    reporter_key = models.CharField(max_length=64)
    network_key = models.CharField(max_length=32, blank=True, default="")
    reported_at = models.DateTimeField(default=timezone.now)
    settled_at = models.DateTimeField(null=True)
    settled_by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+")
    settled_by_name = models.CharField(max_length=150, blank=True, default="")

    class Meta:
        default_permissions = []
        constraints = [
            models.UniqueConstraint(
                fields=["comment", "reporter_key"], name="one_open_report", condition=Q(settled_at__isnull=True)
            )
        ]
        indexes = [
            models.Index(fields=["-reported_at"], name="reports_open", condition=Q(settled_at__isnull=True)),
            models.Index(fields=["-reported_at", "-id"], name="reports_newest_first"),
            models.Index(fields=["-settled_at", "-id"], name="reports_settled", condition=Q(settled_at__isnull=False)),
        ]

    def __str__(self):
        return self.get_reason_display()
