"""What must hold for a discussion whatever was done to it, worked out naively from its rows."""

from discussion.models import Discussion, FormerPlace, PageComment
from discussion.paths import WIDTH

SEEN_STATES = {"published", "removed", "erased"}


def rows_of(page) -> list[PageComment]:
    return list(PageComment.objects.filter(page_id=page.pk).order_by("pk"))


def tree_order(comments) -> list[int]:
    """Keys in the order of a walk over the parents, depth first, replies as they came."""
    beneath = {}
    for comment in sorted(comments, key=lambda comment: comment.pk):
        beneath.setdefault(comment.in_reply_to_id, []).append(comment)

    def walk(key):
        for comment in beneath.get(key, []):
            yield comment.pk
            yield from walk(comment.pk)

    return list(walk(None))


def stands_by_itself(comment) -> bool:
    return comment.state in SEEN_STATES and comment.number is not None


def stored_counts(page) -> dict:
    discussion = Discussion.objects.get(page_id=page.pk)
    comments = rows_of(page)
    return {
        "published": discussion.published_count,
        "pending": discussion.pending_count,
        "last number": discussion.last_number,
        "last published": discussion.last_published_at,
        "hidden": {comment.pk for comment in comments if comment.hidden_by_ancestor},
        "replies": {comment.pk: comment.reply_count for comment in comments},
        "threads": {comment.pk: comment.thread_count for comment in comments},
        "mirror": {comment.pk: (comment.is_public, comment.is_removed) for comment in comments},
    }


def comments_published(comments) -> int:
    """How many were published at some time, and so were given a number."""
    return sum(comment.published_at is not None for comment in comments)


def true_counts(page) -> dict:
    comments = rows_of(page)
    by_path = {comment.path: comment for comment in comments}
    hidden = {
        comment.pk
        for comment in comments
        if not all(stands_by_itself(by_path[comment.path[:end]]) for end in range(WIDTH, len(comment.path), WIDTH))
    }
    published = [comment for comment in comments if comment.state == "published"]
    shown = [comment for comment in published if comment.pk not in hidden]
    return {
        "published": len(shown),
        "pending": sum(comment.state == "pending" for comment in comments),
        # An erased comment that was out of sight has given its number up, one that was moved away too; they still count.
        "last number": max(
            comments_published(comments) + FormerPlace.objects.filter(page_id=page.pk).count(),
            max((comment.number or 0 for comment in comments), default=0),
        ),
        "last published": max((comment.published_at for comment in shown), default=None),
        "hidden": hidden,
        "replies": {comment.pk: sum(other.in_reply_to_id == comment.pk for other in published) for comment in comments},
        "threads": {
            comment.pk: sum(other.root_id == comment.pk and other.pk != comment.pk for other in shown) for comment in comments
        },
        "mirror": {comment.pk: (stands_by_itself(comment), comment.state in {"removed", "erased"}) for comment in comments},
    }


def assert_counts_hold(page) -> None:
    assert stored_counts(page) == true_counts(page)
