"""The bar that says what was just decided and offers to take it back."""

import uuid

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from discussion.models import BulkDecision, Decision
from discussion.moderation.bulk_actions import BULK
from discussion.permissions import moderated_by

NO_ACTION = "action"


def done_bar(request) -> dict | None:
    """What was just done, by the word in the address that says so: ``{"text", "batch", "is_warning"}``; None for nothing."""
    query = request.GET
    if none := query.get("none"):
        text = _("Choose first what to do with them.") if none == NO_ACTION else _("No comment was chosen.")
        return {"text": text, "is_warning": True}
    if undone := query.get("undone", ""):
        return {"text": _undone_words(undone, query.get("late", ""))}
    try:
        batch = uuid.UUID(query.get("done", ""))
    except ValueError:
        return None
    job = BulkDecision.objects.filter(by=request.user, pk=batch).first()
    made = Decision.objects.filter(moderated_by(request.user, "comment__page__"), batch=batch, is_undo=False)
    first = made.order_by("pk").select_related("comment").first()
    if first is not None:
        is_taken_back = not made.filter(undone_at=None).exists()
        text = f"{_decided_words(made, first)} {_left_words(job)}".strip()
        return {"text": text, "batch": batch, "is_taken_back": is_taken_back}
    if job is not None and job.changed_count:
        done = BULK[job.action].done % {"count": job.changed_count}
        return {"text": f"{done} {_left_words(job)}".strip()}
    return {"text": _("Nothing was changed: it was so already, or was decided already."), "is_warning": True}


def _decided_words(made, first) -> str:
    count = made.filter(to_state=first.to_state).count()  # without the replies that went with it
    states = {"state": first.get_to_state_display(), "count": count, "name": first.comment.user_name}
    if count == 1:
        return _("The comment by %(name)s is now “%(state)s”.") % states
    return ngettext("%(count)d comment is now “%(state)s”.", "%(count)d comments are now “%(state)s”.", count) % states


def _left_words(job: BulkDecision | None) -> str:
    left = job.done_count - job.changed_count if job else 0
    if not left:
        return ""
    words = ngettext(
        "%(count)d was left as it is: decided about or changed meanwhile, or not to be done to it.",
        "%(count)d were left as they are: decided about or changed meanwhile, or not to be done to them.",
        left,
    )
    return words % {"count": left}


def _undone_words(undone: str, late: str) -> str:
    count, left = (int(word) if word.isascii() and word.isdecimal() and len(word) < 10 else 0 for word in (undone, late))
    words = ngettext("%(count)d decision was taken back.", "%(count)d decisions were taken back.", count) % {"count": count}
    if left:
        since = ngettext("%(count)d was decided anew since and stays.", "%(count)d were decided anew since and stay.", left)
        words = f"{words} {since % {'count': left}}"
    return words
