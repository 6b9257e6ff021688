"""Saying that something is no fault, and taking that back."""

from django.db import transaction
from django.utils import timezone
from wagtail.log_actions import log

from pages.choices import is_key
from pages.health.selection import faults_for
from pages.models import LinkFault

DISMISSED, RESTORED = "pages.dismiss_link_fault", "pages.restore_link_fault"
MOST = 100


@transaction.atomic
def dismiss(keys: list, *, by) -> list[int]:
    """Take those faults of ``keys`` that concern ``by`` out of the lists; the keys of those that were in them."""
    return _note(_chosen(keys, by).filter(dismissed_at=None), DISMISSED, by, dismissed_at=timezone.now(), dismissed_by=by)


@transaction.atomic
def restore(keys: list, *, by) -> list[int]:
    """Put them back."""
    return _note(_chosen(keys, by).filter(dismissed_at__isnull=False), RESTORED, by, dismissed_at=None, dismissed_by=None)


def _chosen(keys, by):
    wanted = [int(key) for key in keys if is_key(key)][:MOST]
    mine = faults_for(by).filter(pk__in=wanted).order_by().values("pk")
    return LinkFault.objects.filter(pk__in=mine)


def _note(faults, action: str, by, **values) -> list[int]:
    rows = list(faults.select_related("page", "document", "address").order_by("pk"))
    LinkFault.objects.filter(pk__in=[row.pk for row in rows]).update(**values)
    for row in rows:
        about = row.address.address if row.address_id else row.said
        log(row.page.specific if row.page_id else row.document, action, user=by, data={"fault": row.kind, "about": about[:200]})
    return [row.pk for row in rows]
