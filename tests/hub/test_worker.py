"""The real worker over the real queue."""

from datetime import timedelta

import pytest
from django.core.management import call_command
from django.utils import timezone

from discussion.models import CommentWords
from hub.models import PeriodicRun
from pages.models import ContentPage, SearchEntry
from tests import factories

pytestmark = pytest.mark.django_db(transaction=True, serialized_rollback=True)


@pytest.fixture
def queue(settings):
    settings.TASKS = {"default": {"BACKEND": "django_tasks_db.DatabaseBackend"}}


def test_the_worker_runs_what_was_queued_and_what_is_due(queue, admin_search, article):
    come = timezone.now() - timedelta(minutes=1)
    article.title = "A street under water"
    revision = article.save_revision(approved_go_live_at=come)
    revision.content["go_live_at"] = come.isoformat()
    revision.save()
    factories.comment(article, text="The culvert held.")
    assert list(ContentPage.objects.listed().search("water")) == []

    call_command("work", "--once")

    assert set(PeriodicRun.objects.values_list("name", flat=True)) == {
        "publish_scheduled",
        "prune_task_results",
        "clear_sessions",
        "forget_networks",
        "forget_leftovers",
        "find_unindexed_pages",
        "find_unindexed_comments",
        "forget_unused_words",
        "alert_moderators",
        "find_similar_pages",
        "continue_bulk_decisions",
        "forget_bulk_decisions",
        "continue_bulk_changes",
        "forget_bulk_changes",
        "recount_links",
        "continue_recounts_of_links",
        "send_link_digests",
        "forget_recounts_of_links",
        "forget_changes_of_addresses",
        "forget_searches",
    }
    assert ContentPage.objects.get(pk=article.pk).title == "A street under water"
    assert [page.pk for page in ContentPage.objects.listed().search("water")] == [article.pk]
    assert SearchEntry.objects.get(pk=article.pk).title == "A street under water"
    assert CommentWords.objects.count() == 1
