from django.db import models
from django.utils.translation import gettext_lazy as _


class PeriodicRun(models.Model):
    """When a periodic job last ran; its row is the lock that keeps two workers from doing it twice."""

    name = models.CharField(max_length=100, primary_key=True)
    started_at = models.DateTimeField(null=True)

    class Meta:
        default_permissions = []
        verbose_name = _("periodic run")

    def __str__(self):
        return self.name
