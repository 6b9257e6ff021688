"""What goes with a page that is deleted: its whole discussion, in batches.

Django would load every comment to follow what hangs on it. Here each batch is found by key and taken out of all tables
in a fixed number of statements. It happens when a page's row is about to go, in the same transaction, so that every way
of deleting pages comes through here: in the admin, by code, or with a section above.
"""

from django.db import router, transaction
from django.db.models import Sum
from django.db.models.signals import pre_delete
from django_comments.models import Comment, CommentFlag
from django_comments_xtd.models import XtdComment

from discussion.confirmation import hand_over
from discussion.models import (
    CommentWords,
    Decision,
    Discussion,
    Edit,
    Fingerprint,
    Flag,
    FormerPlace,
    LogEntry,
    Note,
    OutgoingMail,
    PageComment,
    Report,
    Subscription,
)
from pages.models import ContentPage

BATCH = 500

# What names a comment, in the order in which it goes: the model, and the way from it to the comment's key.
HANGING = [
    (OutgoingMail, "comment_id"),
    (OutgoingMail, "decision__comment_id"),
    (Report, "comment_id"),
    (Edit, "comment_id"),
    (Note, "comment_id"),
    (Flag, "comment_id"),
    (Fingerprint, "comment_id"),
    (LogEntry, "comment_id"),
    (FormerPlace, "comment_id"),
    (Decision, "comment_id"),
    (CommentFlag, "comment_id"),
    (CommentWords, "comment_id"),
    (PageComment, "pk"),
    (XtdComment, "pk"),
    (Comment, "pk"),
]


def connect() -> None:
    """Have the discussion of every page removed before the page's row is."""
    pre_delete.connect(_before_page_goes, sender=ContentPage, dispatch_uid="discussion.removal")


def comments_of(pages) -> int:
    """How many published comments the pages have whose keys ``pages``, a queryset, gives; for ``pages.providers``."""
    return Discussion.objects.filter(page_id__in=pages).aggregate(number=Sum("published_count"))["number"] or 0


def _before_page_goes(sender, instance, **kwargs):
    remove_discussion(instance.pk)


def remove_discussion(page_id: int) -> int:
    """Take the discussion of a page out of every table; how many comments it had.

    Whoever posts meanwhile either comes before, and that comment goes too, or waits for the lock and finds the page gone.
    """
    with transaction.atomic():
        _lock(page_id)
        comments = PageComment.objects.filter(page_id=page_id)
        hand_over(comments)
        removed = sum(_remove_comments(keys) for keys in _batches(comments, "path"))
        _remove(FormerPlace, "page_id", [page_id])
        for keys in _batches(Subscription.objects.filter(page_id=page_id), "pk"):
            _remove(OutgoingMail, "subscription_id", keys)
            _remove(Subscription, "pk", keys)
        Discussion.objects.filter(page_id=page_id).delete()
    return removed


def _lock(page_id) -> None:
    """Hold the discussion against its writers, and the page against everything that would refer to it.

    Three steps, or PostgreSQL sees deadlocks. Who writes the first comment holds the page and then wants the discussion;
    who writes a later one holds the discussion and then refers to the page. So the page is held first as the former hold
    it, which keeps no reference away; and against references too only when nobody who needs one is left.
    """
    page = ContentPage.objects.filter(pk=page_id).order_by().values_list("pk")
    page.select_for_update(of=("self",), no_key=True).first()
    Discussion.objects.select_for_update().filter(page_id=page_id).first()
    page.select_for_update(of=("self",)).first()


def _batches(rows, order):
    """The keys of ``rows``, locked, so many at a time; each batch begins where the one before it ended."""
    batch = rows.order_by(order).select_for_update(of=("self",)).values_list("pk", order)
    found = list(batch[:BATCH])
    while found:
        yield [key for key, _place in found]
        found = list(batch.filter(**{f"{order}__gt": found[-1][1]})[:BATCH])


def _remove_comments(keys) -> int:
    for model, way in HANGING:
        _remove(model, way, keys)
    return len(keys)


def _remove(model, way, keys) -> None:
    """One statement, without the loading and following that ``delete()`` does: what follows is listed above."""
    rows = model._base_manager.filter(**{f"{way}__in": keys}).order_by()
    rows._raw_delete(router.db_for_write(model))
