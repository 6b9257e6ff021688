"""A change that is made to many pages, and how far it has come."""

from django.conf import settings
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _


class BulkChange(models.Model):
    """One change to many pages, chosen at one moment: those and no others. Of many the worker does some at a time.

    ``change``: as ``pages.bulk.changes.read`` takes it. ``chosen``: keys of pages in their order. ``left``: those that
    were not changed, ``[[page, why], …]``, for their editors to look at.
    """

    wagtail_reference_index_ignore = True

    change = models.JSONField()
    words = models.CharField(max_length=250)
    chosen = models.JSONField()
    left = models.JSONField(default=list)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+")
    done_count = models.PositiveIntegerField(default=0)
    changed_count = models.PositiveIntegerField(default=0)
    created_at = models.DateTimeField(default=timezone.now, db_index=True)
    finished_at = models.DateTimeField(null=True, db_index=True)

    class Meta:
        default_permissions = []
        verbose_name = _("change of many pages")

    def __str__(self):
        return self.words
