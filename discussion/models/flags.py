"""What rules found in comments, how they are set, and by what a text is found again."""

from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from discussion.models.comments import PageComment


class Flag(models.Model):
    """A rule's word on a comment as it stands: which rule, how heavy, and why. Made anew when the comment is changed.

    ``detail`` holds the values of which the sentence for moderators is made, ``spans`` the places in the typed text as
    ``[[start, end], …]``.
    """

    class Effect(models.TextChoices):
        NOTHING = "", _("Nothing by itself")
        HOLD = "hold", _("Holds")
        REJECT = "reject", _("Rejects")

    wagtail_reference_index_ignore = True  # a page has thousands of these; they are no uses of it

    comment = models.ForeignKey(PageComment, on_delete=models.CASCADE, related_name="rule_flags")
    rule = models.CharField(max_length=20)
    weight = models.PositiveSmallIntegerField()
    effect = models.CharField(max_length=10, choices=Effect.choices, blank=True, default="")
    detail = models.JSONField(default=dict)
    spans = models.JSONField(default=list)
    raised_at = models.DateTimeField(default=timezone.now)

    class Meta:
        default_permissions = []
        ordering = ["-weight", "pk"]
        indexes = [
            models.Index(fields=["rule", "-raised_at"], name="flags_of_rule"),
            models.Index(fields=["-raised_at", "-id"], name="flags_newest_first"),
        ]
        constraints = [models.UniqueConstraint(fields=["comment", "rule"], name="flag_once")]

    def __str__(self):
        return self.rule


class RuleSetting(models.Model):
    """How moderators of a site set one rule; what has no row is as by default. The row ``threshold`` is of all rules."""

    wagtail_reference_index_ignore = True

    site = models.ForeignKey("wagtailcore.Site", on_delete=models.CASCADE, related_name="discussion_rules")
    rule = models.CharField(max_length=20)
    is_on = models.BooleanField(default=True)
    weight = models.PositiveSmallIntegerField(default=0)
    options = models.JSONField(default=dict)

    class Meta:
        verbose_name = _("rule")
        default_permissions = []
        constraints = [models.UniqueConstraint(fields=["site", "rule"], name="rule_once_a_site")]

    def __str__(self):
        return self.rule


class Fingerprint(models.Model):
    """The hash of five words in a row and the first comment that had them; one row a hash, so that a look-up has a bound."""

    wagtail_reference_index_ignore = True

    value = models.BigIntegerField(primary_key=True)
    comment = models.ForeignKey(PageComment, on_delete=models.CASCADE, related_name="fingerprints")

    class Meta:
        default_permissions = []

    def __str__(self):
        return str(self.value)
