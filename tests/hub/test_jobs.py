"""Periodic jobs: each done once in its period by whichever worker comes first, whatever becomes of the others."""

import threading
from datetime import UTC, datetime, timedelta

import pytest
from django.db import DatabaseError, connection

from hub import jobs
from hub.jobs import JOBS, Job, run_due
from hub.models import PeriodicRun
from pages.models import ContentPage

NOON = datetime(2024, 5, 1, 12, tzinfo=UTC)
HOUR = timedelta(hours=1)


def job(name, run, period=HOUR) -> Job:
    return Job(name, period, run)


def broken():
    raise RuntimeError("The disk is full.")


@pytest.mark.django_db
def test_job_that_never_ran_is_due():
    ran = []
    assert run_due([job("sweep", lambda: ran.append("sweep"))], now=NOON) == ["sweep"]
    assert ran == ["sweep"]
    assert PeriodicRun.objects.get().started_at == NOON


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("later", "due"),
    [
        (timedelta(0), []),
        (timedelta(minutes=59, seconds=59), []),
        (HOUR, ["sweep"]),
        (timedelta(days=9), ["sweep"]),
    ],
)
def test_job_is_due_again_when_its_period_is_over(later, due):
    sweep = [job("sweep", lambda: None)]
    run_due(sweep, now=NOON)
    assert run_due(sweep, now=NOON + later) == due


@pytest.mark.django_db
def test_each_job_keeps_its_own_time():
    table = [job("often", lambda: None, timedelta(minutes=1)), job("rarely", lambda: None, timedelta(days=1))]
    assert run_due(table, now=NOON) == ["often", "rarely"]
    assert run_due(table, now=NOON + HOUR) == ["often"]


@pytest.mark.django_db
def test_failing_job_keeps_no_other_from_running_and_is_told_of(caplog):
    ran = []
    table = [job("broken", broken), job("sweep", lambda: ran.append("sweep"))]
    assert run_due(table, now=NOON) == ["sweep"]
    assert ran == ["sweep"]
    assert [(record.levelname, record.getMessage()) for record in caplog.records] == [("ERROR", "Periodic job broken failed")]
    assert "The disk is full." in caplog.text


@pytest.mark.django_db
def test_failing_job_is_tried_again_in_its_next_period():
    tries = []

    def fail():
        tries.append(1)
        broken()

    for later in (timedelta(0), HOUR / 2, HOUR, 2 * HOUR):
        run_due([job("broken", fail)], now=NOON + later)
    assert len(tries) == 3


@pytest.mark.django_db
def test_job_that_cannot_be_claimed_keeps_no_other_from_running(monkeypatch):
    claim = jobs._claim

    def locked(wanted, now):
        if wanted.name == "first":
            raise DatabaseError("database is locked")
        return claim(wanted, now)

    monkeypatch.setattr(jobs, "_claim", locked)
    assert run_due([job("first", lambda: None), job("second", lambda: None)], now=NOON) == ["second"]


@pytest.mark.django_db(transaction=True, serialized_rollback=True)
def test_of_several_workers_at_the_same_moment_one_does_a_job():
    ran, at_once = [], threading.Barrier(6)
    sweep = [job("sweep", lambda: ran.append(threading.current_thread().name))]

    def work():
        try:
            at_once.wait(timeout=10)
            run_due(sweep, now=NOON)
        finally:
            connection.close()

    workers = [threading.Thread(target=work) for _ in range(6)]
    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join(timeout=30)
    assert len(ran) == 1


def test_the_table_names_each_job_once():
    names = [job.name for job in JOBS]
    assert len(set(names)) == len(names)
    assert job_named("publish_scheduled").period == timedelta(minutes=1)


def job_named(name) -> Job:
    return next(job for job in JOBS if job.name == name)


@pytest.mark.django_db
@pytest.mark.parametrize("name", [job.name for job in JOBS])
def test_every_job_of_the_table_runs_through(settings, name):
    settings.TASKS = {"default": {"BACKEND": "django_tasks_db.DatabaseBackend"}}
    assert run_due([job_named(name)]) == [name]


@pytest.mark.django_db
def test_publish_scheduled_publishes_a_draft_whose_time_has_come(client, article):
    article.unpublish()
    article.title = "A street under water"
    revision = article.save_revision(approved_go_live_at=NOON)
    assert client.get(article.url).status_code == 404

    assert run_due([job_named("publish_scheduled")]) == ["publish_scheduled"]

    page = ContentPage.objects.get(pk=article.pk)
    assert (page.live, page.title, page.live_revision_id) == (True, "A street under water", revision.pk)
    assert client.get(article.url).status_code == 200


@pytest.mark.django_db
def test_publish_scheduled_leaves_a_draft_whose_time_has_not_come(article):
    article.unpublish()
    article.save_revision(approved_go_live_at=datetime(2999, 1, 1, tzinfo=UTC))
    run_due([job_named("publish_scheduled")])
    assert not ContentPage.objects.get(pk=article.pk).live


@pytest.mark.django_db
def test_publish_scheduled_takes_down_what_has_expired(article):
    ContentPage.objects.filter(pk=article.pk).update(expire_at=NOON)
    run_due([job_named("publish_scheduled")])
    page = ContentPage.objects.get(pk=article.pk)
    assert (page.live, page.expired) == (False, True)
