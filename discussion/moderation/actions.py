"""What a moderator can decide about one comment or many: the buttons, the states that they lead to, and their doing."""

import uuid
from dataclasses import dataclass

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from discussion.models import PageComment, State
from discussion.transitions import ALLOWED, Outcome, decide


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
    with transaction.atomic():
        outcome = decide(list(seen), action.state, by=by, seen=seen, batch=batch, **why)
        if action.with_replies:
            _reject_beneath(outcome.changed, by, batch, why)
    return outcome


def _reject_beneath(comments, by, batch, why) -> None:
    """Take what stands beneath removed comments from view, so that one placeholder stands for the whole branch."""
    why = {name: value for name, value in why.items() if name != "message"}  # that is for the author of the comment itself
    for comment in comments:
        beneath = PageComment.objects.branch(comment).exclude(pk=comment.pk).filter(state=State.PUBLISHED)
        decide(list(beneath.order_by().values_list("pk", flat=True)), State.REJECTED, by=by, batch=batch, **why)
