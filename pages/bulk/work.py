"""Making a change on many pages: at once where they are few, by the worker where they are many."""

import logging
from datetime import timedelta

from django.db import transaction
from django.utils import timezone
from django_tasks import task

from pages.bulk.applying import Left, change_page
from pages.bulk.changes import read, written
from pages.models import BulkChange

logger = logging.getLogger(__name__)

AT_ONCE = 25  # so many in the request itself, and in one transaction of the worker
MOST = 5_000
PATIENCE = timedelta(minutes=2)
KEPT = timedelta(days=30)


def start(change, keys: list[int], words: str, *, by) -> BulkChange:
    """Make ``change`` on the pages ``keys``, or have it made: more than ``AT_ONCE`` are left to the worker.

    ``words`` say in each page's history what was done.
    """
    job = BulkChange.objects.create(change=written(change), words=words[:250], chosen=keys, by=by)
    if len(keys) > AT_ONCE:
        transaction.on_commit(lambda: run_bulk_change.enqueue(job.pk))
    else:
        run(job.pk)
        job.refresh_from_db()
    return job


@task()
def run_bulk_change(key: int) -> None:
    run(key)


def run(key: int) -> None:
    """Go on with a change to its end. Broken off, it may be begun again: each portion counts with what it did."""
    while _next_portion(key):
        pass


def _next_portion(key: int) -> bool:
    with transaction.atomic():
        job = BulkChange.objects.select_for_update(of=("self",)).select_related("by").get(pk=key)
        change, portion = read(job.change), job.chosen[job.done_count : job.done_count + AT_ONCE]
        for page in portion:
            try:
                job.changed_count += change_page(page, change, job.words, by=job.by)
            except Left as left:
                job.left.append([page, str(left)])
        job.done_count += len(portion)
        is_over = job.done_count >= len(job.chosen)
        job.finished_at = job.finished_at or (timezone.now() if is_over else None)
        job.save(update_fields=["changed_count", "done_count", "left", "finished_at"])
    return not is_over


def go_on(now=None) -> None:
    """Take up what a worker left unfinished, and what no worker began: run every minute."""
    begun_before = (now or timezone.now()) - PATIENCE
    unfinished = BulkChange.objects.filter(finished_at__isnull=True, created_at__lt=begun_before).order_by("created_at")
    for key in unfinished.values_list("pk", flat=True):
        try:
            run(key)
        except Exception:  # one that fails must not keep the others from being done
            logger.exception("Bulk change %s failed", key)


def forget_old(now=None) -> None:
    """Delete the lists of what was chosen; each page's history is the record."""
    BulkChange.objects.filter(finished_at__lt=(now or timezone.now()) - KEPT).delete()
