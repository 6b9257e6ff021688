"""What is to be done at intervals: a small table, run by every worker, done once.

A job is claimed by one conditional update of its row, so that of two workers one does it and the other sees that it
is done. Visibility of pages waits for none of them.
"""

import logging
from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta

from django.core.management import call_command
from django.db.models import Q
from django.utils import timezone

from discussion import alerts, privacy, search
from discussion.moderation import bulk
from hub.models import PeriodicRun
from pages import similarity
from pages.bulk import work as bulk_changes
from pages.health import checking, digest, recount
from pages.search import indexing
from pages.search import record as search_record

logger = logging.getLogger(__name__)


@dataclass(frozen=True)
class Job:
    """``run`` is called at most once in each ``period``, by whichever worker comes first."""

    name: str
    period: timedelta
    run: Callable[[], object]


JOBS = [
    Job("publish_scheduled", timedelta(minutes=1), lambda: call_command("publish_scheduled", verbosity=0)),
    Job("alert_moderators", timedelta(minutes=1), alerts.alert_moderators),
    Job("find_similar_pages", timedelta(minutes=1), similarity.find_some),
    Job("find_unindexed_pages", timedelta(minutes=10), indexing.find_changes),
    Job("find_unindexed_comments", timedelta(days=1), search.index_missing),
    Job("forget_unused_words", timedelta(days=1), indexing.forget_words),
    Job("prune_task_results", timedelta(days=1), lambda: call_command("prune_db_task_results", verbosity=0)),
    Job("clear_sessions", timedelta(days=1), lambda: call_command("clearsessions", verbosity=0)),
    Job("forget_networks", timedelta(days=1), privacy.forget_networks),
    Job("continue_bulk_decisions", timedelta(minutes=1), bulk.go_on),
    Job("forget_bulk_decisions", timedelta(days=1), bulk.forget_old),
    Job("continue_bulk_changes", timedelta(minutes=1), bulk_changes.go_on),
    Job("forget_bulk_changes", timedelta(days=1), bulk_changes.forget_old),
    Job("recount_links", timedelta(days=1), recount.start),
    Job("continue_recounts_of_links", timedelta(minutes=1), recount.go_on),
    Job("send_link_digests", timedelta(hours=1), digest.send_digests),
    Job("forget_recounts_of_links", timedelta(days=1), recount.forget_old),
    Job("forget_changes_of_addresses", timedelta(days=1), checking.forget_old),
    Job("forget_searches", timedelta(days=1), search_record.fold_and_forget),
    Job("forget_leftovers", timedelta(days=1), privacy.forget_leftovers),
]


def run_due(jobs=None, now=None) -> list[str]:
    """Run the jobs whose time has come and that nobody else took; the names of those that ran through."""
    now = now or timezone.now()
    done = []
    for job in JOBS if jobs is None else jobs:
        try:
            if _claim(job, now):
                job.run()
                done.append(job.name)
        except Exception:  # a job that fails, be it only to be claimed, must not keep the others from running
            logger.exception("Periodic job %s failed", job.name)
    return done


def _claim(job: Job, now) -> bool:
    PeriodicRun.objects.get_or_create(name=job.name)
    due = Q(started_at__isnull=True) | Q(started_at__lte=now - job.period)
    return PeriodicRun.objects.filter(due, name=job.name).update(started_at=now) == 1
