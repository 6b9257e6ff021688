"""What a moderator can decide about one comment or many: the buttons, the states that they lead to, and their doing."""

import uuid
from dataclasses import dataclass, replace

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from discussion.branches import around, sorted_out
from discussion.models import PageComment, State
from discussion.paths import PATH_LENGTH, ancestors
from discussion.transitions import ALLOWED, Outcome, beneath, decide, portions
from people.many import many


@dataclass(frozen=True)
class Action:
    """``label`` is the button, ``done`` what was done, as “The comment was …”, ``key`` the key that presses the button.

    ``asks``: it wants a reason and may hold a message to the commenter.
    """

    name: str
    state: State
    label: str
    done: str
    key: str = ""
    asks: bool = True
    with_replies: bool = False


ACTIONS = {
    action.name: action
    for action in [
        Action("approve", State.PUBLISHED, _("Approve"), _("published"), "a", asks=False),
        Action("reject", State.REJECTED, _("Reject"), _("rejected"), "r"),
        Action("spam", State.SPAM, _("Spam"), _("marked as spam"), "s", asks=False),
        Action("remove", State.REMOVED, _("Remove"), _("removed")),
        Action("remove-branch", State.REMOVED, _("Remove with replies"), _("removed with its replies"), with_replies=True),
    ]
}
# The button for “approve” by the state in which it is offered.
APPROVE_LABELS = {
    State.PUBLISHED: _("Let it stand"),
    State.REJECTED: _("Restore"),
    State.SPAM: _("Not spam: publish"),
    State.REMOVED: _("Restore"),
}


def actions_for(comment: PageComment, *, is_reported: bool) -> list[dict]:
    """``[{"name", "label", "key", "asks"}]``: what can be done with ``comment`` now, in the order of the buttons."""
    offered = []
    for action in ACTIONS.values():
        is_seen = comment.state == action.state == State.PUBLISHED and comment.reviewed_at and not is_reported
        if action.state not in ALLOWED[comment.state] or is_seen or (action.with_replies and not comment.reply_count):
            continue
        label = APPROVE_LABELS.get(comment.state, action.label) if action.name == "approve" else action.label
        offered.append({"name": action.name, "label": label, "key": action.key, "asks": action.asks})
    return offered


def act(action: Action, seen: dict[int, int], *, by, batch: uuid.UUID | None = None, **why) -> Outcome:
    """Do ``action`` to the comments that are the keys of ``seen``; ``why`` and the rest as in ``transitions.decide``."""
    batch = batch or uuid.uuid4()
    if not action.with_replies:
        return decide(list(seen), action.state, by=by, seen=seen, batch=batch, **why)
    with transaction.atomic():
        outcome = decide(_topmost(seen), action.state, by=by, seen=seen, batch=batch, **why)
        with_it = _reject_beneath(outcome.changed, by, batch, why)
    return replace(outcome, changed=[*outcome.changed, *(comment for comment in with_it if comment.pk in seen)])


def _topmost(keys) -> list[int]:
    """Those comments that stand beneath none of the others that are published: the others go with these."""
    found = list(PageComment.objects.filter(pk__in=keys).order_by().values_list("pk", "path", "state"))
    published = {path for _key, path, state in found if state == State.PUBLISHED}
    return [key for key, path, _state in found if published.isdisjoint(ancestors(path))]


def _reject_beneath(comments, by, batch, why) -> list[PageComment]:
    """Take what stands beneath removed comments from view, so that one placeholder stands for the whole branch."""
    why = {name: value for name, value in why.items() if name != "message"}  # that is for the author of the comment itself
    published = PageComment.objects.filter(state=State.PUBLISHED).order_by()
    keys = {key for some in portions(comments) for key in published.filter(beneath(some)).values_list("pk", flat=True)}
    keys |= set(published.filter(pk__in=many(_answers_beside(comments))).values_list("pk", flat=True))
    return decide(list(keys), State.REJECTED, by=by, batch=batch, **why).changed


def _answers_beside(comments) -> set[int]:
    """The keys of what answers those of ``comments`` that are on the last level, directly or not: it stands beside them."""
    last = [comment for comment in comments if len(comment.path) == PATH_LENGTH]
    found = set()
    for some in portions(last):
        rows = PageComment.objects.filter(around(some)).order_by("pk").only("path", "in_reply_to")
        found |= {row.pk for _top, row in sorted_out(rows, some)}
    return found - {comment.pk for comment in last}
