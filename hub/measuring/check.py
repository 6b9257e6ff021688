"""Whether what is stored about discussions agrees with their comments, worked out from the rows one by one."""

from collections import Counter

from discussion.models import STANDING, Discussion, PageComment, State
from discussion.paths import LEVELS, WIDTH, encode
from discussion.persons import person_key

_COLUMNS = (
    "pk", "path", "depth", "level", "root_id", "thread_id", "in_reply_to_id", "parent_id", "state", "number", "is_public",
    "is_removed", "hidden_by_ancestor", "reply_count", "thread_count", "published_at", "person_key", "user_email",
)  # fmt: skip
NAMED = 5


def faults(page_ids) -> list[str]:
    """A sentence for each kind of disagreement on the discussions of ``page_ids``; empty when all is as it should be."""
    found = []
    for row in Discussion.objects.filter(page_id__in=page_ids):
        found += [f"page {row.page_id}: {fault}" for fault in _Tally(row).faults()]
    return found


class _Tally:
    """One discussion, read once in the order in which the database keeps it."""

    def __init__(self, row: Discussion):
        self.row = row
        self.comments = list(
            PageComment.objects.filter(page_id=row.page_id).in_thread_order().values_list(*_COLUMNS, named=True).iterator()
        )
        self.by_key = {comment.pk: comment for comment in self.comments}
        self.by_path = {comment.path: comment for comment in self.comments}
        self.hidden = set()
        for comment in self.comments:
            above = self.by_path.get(comment.path[:-WIDTH]) if len(comment.path) > WIDTH else None
            if above and (above.pk in self.hidden or not _has_place(above)):
                self.hidden.add(comment.pk)
        published = [comment for comment in self.comments if comment.state == State.PUBLISHED]
        self.shown = [comment for comment in published if comment.pk not in self.hidden]
        self.replies = Counter(comment.in_reply_to_id for comment in published)
        self.threads = Counter(comment.root_id for comment in self.shown if comment.root_id != comment.pk)

    def faults(self) -> list[str]:
        wrong = {
            "out of place": [c for c in self.comments if not self._in_place(c)],
            "with package columns that differ": [c for c in self.comments if not _mirrors(c)],
            "hidden or shown wrongly": [c for c in self.comments if c.hidden_by_ancestor != (c.pk in self.hidden)],
            "with a wrong count of replies": [c for c in self.comments if c.reply_count != self.replies[c.pk]],
            "with a wrong count of their thread": [
                c for c in self.comments if c.thread_count != (self.threads[c.pk] if c.root_id == c.pk else 0)
            ],
            "published without a number or time": [
                c for c in self.comments if c.state == State.PUBLISHED and not (c.number and c.published_at)
            ],
            "of somebody else than their e-mail address says": [
                c for c in self.comments if c.person_key != person_key(c.user_email)
            ],
        }
        sentences = [
            f"{len(comments)} comments {what}, such as {[comment.pk for comment in comments[:NAMED]]}"
            for what, comments in wrong.items()
            if comments
        ]
        if [comment.path for comment in self.comments] != sorted(self.by_path):
            sentences.append("the database does not keep the comments in the order of their paths")
        return sentences + self._counter_faults()

    def _counter_faults(self) -> list[str]:
        numbers = [comment.number for comment in self.comments if comment.number]
        true = {
            "published_count": len(self.shown),
            "pending_count": sum(comment.state == State.PENDING for comment in self.comments),
            "last_published_at": max((comment.published_at for comment in self.shown), default=None),
        }
        sentences = [
            f"{name} is {getattr(self.row, name)} and should be {value}"
            for name, value in true.items()
            if getattr(self.row, name) != value
        ]
        if len(set(numbers)) != len(numbers) or max(numbers, default=0) > self.row.last_number:
            sentences.append("a number stands twice or is greater than the last")
        return sentences

    def _in_place(self, comment) -> bool:
        parent = self.by_key.get(comment.in_reply_to_id)
        if comment.in_reply_to_id and parent is None:
            return False
        above = parent.path[: (LEVELS - 1) * WIDTH] if parent else ""
        return (
            comment.path == above + encode(comment.pk)
            and comment.depth == len(above) // WIDTH
            and comment.root_id == (parent.root_id if parent else comment.pk)
        )


def _has_place(comment) -> bool:
    return comment.state in STANDING and comment.number is not None


def _mirrors(comment) -> bool:
    """Whether the comments package's own columns say the same as ours."""
    return (
        comment.level == comment.depth
        and comment.thread_id == comment.root_id
        and comment.parent_id == (comment.in_reply_to_id or comment.pk)
        and comment.is_public == _has_place(comment)
        and comment.is_removed == (comment.state in {State.REMOVED, State.ERASED})
    )
