"""The bar that says what was just decided and offers to take it back."""

import uuid

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from discussion.models import Decision
from discussion.permissions import moderated_by


def done_bar(request) -> dict | None:
    """What was just done, by the word in the address that says so: ``{"text", "batch", "is_warning"}``; None for nothing."""
    query = request.GET
    if query.get("none"):
        return {"text": _("No comment was chosen."), "is_warning": True}
    if undone := query.get("undone", ""):
        return {"text": _undone_words(undone, query.get("late", ""))}
    try:
        batch = uuid.UUID(query.get("done", ""))
    except ValueError:
        return None
    made = Decision.objects.filter(moderated_by(request.user, "comment__page__"), batch=batch, is_undo=False)
    first = made.order_by("pk").select_related("comment").first()
    if first is None:
        return {"text": _("Nothing was changed: it was decided already."), "is_warning": True}
    count = made.filter(to_state=first.to_state).count()  # without the replies that went with it
    states = {"state": first.get_to_state_display(), "count": count, "name": first.comment.user_name}
    if count == 1:
        text = _("The comment by %(name)s is now “%(state)s”.") % states
    else:
        text = ngettext("%(count)d comment is now “%(state)s”.", "%(count)d comments are now “%(state)s”.", count) % states
    return {"text": text, "batch": batch, "is_taken_back": not made.filter(undone_at=None).exists()}


def _undone_words(undone: str, late: str) -> str:
    count, left = (int(word) if word.isascii() and word.isdecimal() and len(word) < 10 else 0 for word in (undone, late))
    words = ngettext("%(count)d decision was taken back.", "%(count)d decisions were taken back.", count) % {"count": count}
    if left:
        since = ngettext("%(count)d was decided anew since and stays.", "%(count)d were decided anew since and stay.", left)
        words = f"{words} {since % {'count': left}}"
    return words
