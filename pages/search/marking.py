"""Which acts on pages change what the index should hold. Each leaves marks and nothing else: a mark is one row."""

from django.db.models.signals import post_delete, post_save, pre_delete
from wagtail.models import Page, PageViewRestriction
from wagtail.signals import post_page_move

from pages.models import PageTopic, TopicPage
from pages.search.indexing import mark

# What saving a draft writes of a page: readers see none of it.
DRAFT_FIELDS = {"latest_revision", "latest_revision_created_at", "draft_title", "has_unpublished_changes"}


def connect() -> None:
    post_save.connect(_saved, dispatch_uid="search_saved")
    post_page_move.connect(_moved, dispatch_uid="search_moved")
    pre_delete.connect(_before_topic_goes, sender=TopicPage, dispatch_uid="search_topic_deleted")
    for signal in (post_save, post_delete):
        signal.connect(_restricted, sender=PageViewRestriction, dispatch_uid=f"search_restricted_{id(signal)}")


def _saved(instance, update_fields=None, **kwargs):
    if isinstance(instance, Page) and not (update_fields and set(update_fields) <= DRAFT_FIELDS):
        mark(instance.pk)


def _moved(instance, **kwargs):
    mark(instance.pk, beneath=True)


def _before_topic_goes(instance, **kwargs):
    """Pages are found by the titles of their topics, and only its rows say which they are."""
    mark(*PageTopic.objects.filter(topic=instance).values_list("page_id", flat=True))


def _restricted(instance, **kwargs):
    mark(instance.page_id, beneath=True)
