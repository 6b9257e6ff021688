"""What answers a comment, directly or not. Beneath the last level nothing stands: what answers there stands beside it."""

from collections.abc import Iterator

from django.db.models import Q

from discussion.models import PageComment
from discussion.paths import LEVELS, WIDTH, ancestors, branch_bounds


def around(tops) -> Q:
    """The condition on what may answer ``tops``: what answers one of the last level stands beside it."""
    condition = Q(pk__in=[])
    for top in tops:
        is_last = len(top.path) == LEVELS * WIDTH
        last = branch_bounds(top.path[:-WIDTH] if is_last else top.path)[1]
        condition |= Q(page_id=top.page_id, path__gte=top.path, path__lte=last)
    return condition


def sorted_out(rows, tops) -> Iterator[tuple[int, PageComment]]:
    """Each of ``rows`` (by key) that belongs to the branch of one of ``tops``, with the key of that."""
    by_path = {top.path: top.pk for top in tops}
    last_level = {top.pk for top in tops if len(top.path) == LEVELS * WIDTH}
    answered = {key: key for key in last_level}
    for row in rows:
        above = next((by_path[path] for path in [*ancestors(row.path), row.path] if path in by_path), None)
        key = above or answered.get(row.in_reply_to_id)
        if key is None:
            continue
        if key in last_level:
            answered[row.pk] = key
        yield key, row
