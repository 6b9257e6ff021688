"""One decision about many comments: chosen at one moment, confirmed, done at once or, for very many, by the worker."""

import logging
import uuid
from datetime import timedelta

from django.db import transaction
from django.utils import timezone
from django_tasks import task

from discussion.curating import Refused
from discussion.models import BulkDecision, PageComment
from discussion.moderation.bulk_actions import BULK, Portion
from discussion.moderation.queues import with_version
from discussion.permissions import moderated_by

logger = logging.getLogger(__name__)

AT_ONCE = 500  # so many in the request itself, and in one transaction of the worker
MOST = 100_000
KEPT = timedelta(days=7)
PATIENCE = timedelta(minutes=2)


def chosen_of(comments) -> list[tuple[int, int]]:
    """``[(comment, its version), …]``: ``comments`` (a queryset) as they are now, ``MOST`` at the most."""
    return list(with_version(comments).values_list("pk", "version")[:MOST])


def prepare(chosen: list[tuple[int, int]], action: str, *, by) -> BulkDecision:
    """Note that ``action`` is to be done to those ``chosen``; nothing is done yet.

    In the order of their keys: what is answered before its answers, which may go along with it.
    """
    return BulkDecision.objects.create(batch=uuid.uuid4(), action=action, by=by, chosen=sorted(chosen))


def at_once(chosen: list[tuple[int, int]], action: str, *, by) -> BulkDecision:
    """Do ``action``, for which nothing is filled in, to those ``chosen``, ``AT_ONCE`` at the most."""
    job = BulkDecision(batch=uuid.uuid4(), action=action, by=by, chosen=chosen, state=BulkDecision.State.DONE)
    with transaction.atomic():
        job.changed_count, job.done_count, job.finished_at = _do(job, dict(chosen)), len(chosen), timezone.now()
        job.save(force_insert=True)
    return job


def start(job: BulkDecision, **options) -> None:
    """Do what was prepared, unless that was begun before; more than ``AT_ONCE`` are left to the worker.

    ``options``: what the action's form has as ``values()``.
    """
    prepared = BulkDecision.objects.filter(pk=job.pk, state=BulkDecision.State.PREPARED)
    with transaction.atomic():
        if not prepared.update(state=BulkDecision.State.WAITING, options=options):
            return
        if len(job.chosen) > AT_ONCE:
            transaction.on_commit(lambda: run_bulk.enqueue(str(job.pk)))
            return
    run(str(job.pk))


@task()
def run_bulk(batch: str) -> None:
    run(batch)


def run(batch) -> None:
    """Go on with a bulk decision to its end. Broken off, it may be begun again: each portion counts with what it did."""
    while _next_portion(batch):
        pass


def _next_portion(batch: str) -> bool:
    with transaction.atomic():
        job = BulkDecision.objects.select_for_update().select_related("by").get(pk=batch)
        portion = dict(job.chosen[job.done_count : job.done_count + AT_ONCE])
        if portion:
            job.changed_count += _do(job, portion)
            job.done_count += len(portion)
        is_over = job.done_count >= len(job.chosen)
        job.state = BulkDecision.State.DONE if is_over else BulkDecision.State.RUNNING
        job.finished_at = timezone.now() if is_over else None
        job.options = {} if is_over else job.options  # a message may name its receiver, and who is erased is not looked for here
        job.save(update_fields=["changed_count", "done_count", "state", "finished_at", "options"])
    return not is_over


def _do(job: BulkDecision, seen: dict) -> int:
    """What the moderator may still do is done: the right is asked again for each portion."""
    action = BULK[job.action]
    if not action.may(job.by):
        return 0
    may = PageComment.objects.filter(moderated_by(job.by), pk__in=seen).order_by().values_list("pk", flat=True)
    portion = Portion({key: seen[key] for key in may}, job.by, job.pk, job.created_at)
    try:
        return action.do(portion, **job.options)
    except Refused:
        return 0  # such as a page that is gone meanwhile: they are left, and so they are counted


def go_on(now=None) -> None:
    """Take up what a worker left unfinished, and what no worker began: run every minute."""
    unfinished = BulkDecision.objects.filter(state__in=[BulkDecision.State.WAITING, BulkDecision.State.RUNNING])
    for job in unfinished.filter(created_at__lt=(now or timezone.now()) - PATIENCE).order_by("created_at"):
        try:
            run(job.pk)
        except Exception:  # one that fails must not keep the others from being done
            logger.exception("Bulk decision %s failed", job.pk)


def forget_old(now=None) -> None:
    """Delete the lists of what was chosen; the decisions themselves are the record."""
    BulkDecision.objects.filter(created_at__lt=(now or timezone.now()) - KEPT).delete()
