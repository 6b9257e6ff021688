"""Second thoughts: changing one's own comment for a while, and taking it back."""

from datetime import timedelta

from django.db import transaction
from django.db.models import Exists, OuterRef, Q, Subquery
from django.utils import timezone
from django.utils.translation import gettext as _

from discussion import formatting, record, search
from discussion.confirmation import hand_over
from discussion.models import Decision, Discussion, Edit, Flag, LogEntry, PageComment, State
from discussion.permissions import may_moderate_page
from discussion.rules import flagging
from discussion.rules.findings import HOLD, NO_VERDICT, REJECT, Verdict
from discussion.transitions import decide

WINDOW = timedelta(minutes=15)
MOST_EDITS = 20  # each keeps what the comment said before: nobody fills the database with one comment
OWN_STATES = {State.UNCONFIRMED, State.PENDING, State.PUBLISHED}


class TooLate(Exception):
    """The comment can no longer be changed or deleted by its author. ``reason``: why, for them to read."""

    def __init__(self, reason: str):
        super().__init__(reason)
        self.reason = reason


def own_comments(page, *, user, author_key: str):
    """What an account has said on ``page``, and what a browser has without one; each with what fixes it, newest first."""
    whose = Q(pk__in=[])
    if user:
        whose |= Q(user=user)
    if author_key:
        whose |= Q(user=None, author_key=author_key)
    return _with_what_fixes(PageComment.objects.filter(whose, page_id=page.pk)).newest_first()


def answers(to):
    """Replies to the comment ``to`` that stand, or may yet: whoever wrote one answered the words that stood there."""
    held_or_standing = Q(state__in=[*OWN_STATES, State.REMOVED]) | Q(state=State.ERASED, number__isnull=False)
    return PageComment.objects.order_by().filter(held_or_standing, in_reply_to=to)


def _with_what_fixes(comments):
    """With ``is_answered``, ``is_thread_closed`` (a moderator takes no more replies), and what ``state_for_author`` asks."""
    return comments.annotate(
        is_answered=Exists(answers(OuterRef("pk"))), is_thread_closed=Q(root__closed_at__isnull=False), **_by_a_rule()
    )


def state_for_author(comment: PageComment) -> State:
    """The state of ``comment`` as its author is told.

    What a rule rejected is to them as what waits for a moderator, with all that can be done to it: else the answer would
    say to whoever tries them out which words to avoid.
    """
    if comment.state != State.REJECTED:
        return State(comment.state)
    if not hasattr(comment, "decided_by"):
        comment = PageComment.objects.annotate(**_by_a_rule()).get(pk=comment.pk)
    return State.PENDING if comment.has_rejecting_flag and comment.decided_by == "" else State.REJECTED


def _by_a_rule() -> dict:
    """What tells that a rule rejected, and no person has decided since: the last to decide has no name."""
    flags = Flag.objects.filter(comment=OuterRef("pk"), effect=Flag.Effect.REJECT)
    last = Decision.objects.filter(comment=OuterRef("pk")).order_by("-pk")
    return {"has_rejecting_flag": Exists(flags), "decided_by": Subquery(last.values("by_name")[:1])}


def why_fixed(comment: PageComment, now=None) -> str:
    """Why ``comment``, of ``own_comments``, can no longer be changed by its author; nothing while it can."""
    if state_for_author(comment) not in OWN_STATES:
        return _("A moderator has decided about this comment.")
    if comment.redacted_at:
        return _("A moderator has changed this comment, so it stays as it is. You can still delete it.")
    if comment.is_thread_closed:
        return _("A moderator has closed this thread, so your comment stays as it is. You can still delete it.")
    if comment.is_answered:
        return _("Somebody has answered this comment, so it stays as it was answered. You can still reply to it, or delete it.")
    if (now or timezone.now()) - comment.submitted_at > WINDOW:
        return _("A comment can be changed for fifteen minutes after it was sent. You can still reply to it, or delete it.")
    return ""


def edit_comment(comment: PageComment, text: str, *, by, hold: bool, verdict: Verdict = NO_VERDICT, now=None) -> PageComment:
    """Let ``comment`` say ``text``; what it said is kept for the moderators.

    ``by``: its author's account, or None for a guest. ``hold``: whether a published one now waits for a moderator.
    ``verdict``: what the rules found in the new text; it may hold or reject where ``hold`` does not, and is kept in place of
    what they found before. With the text that it has already, nothing happens. Raises ``TooLate``; nothing is written then.
    """
    with transaction.atomic():
        comment = _locked(comment)
        now = now or timezone.now()
        if comment.comment == text and state_for_author(comment) in OWN_STATES:
            return comment
        if reason := why_fixed(comment, now):
            raise TooLate(reason)
        if comment.edits.count() >= MOST_EDITS:
            raise TooLate(_("This comment was changed so often that it stays as it is. You can still delete it."))
        Edit.objects.create(comment=comment, text_before=comment.comment, by=by, by_name=comment.user_name[:150], edited_at=now)
        comment.comment, comment.edited_at, comment.body_html = text, now, formatting.render(text)
        _unsay_what_was_said_of_it(comment, by)
        comment.save(update_fields=["comment", "edited_at", "body_html", "is_featured", "reviewed_at"])
        search.forget(comment)
        flagging.keep_anew(comment, verdict, now)
        state = _state_after(comment, hold, verdict)
        if state != comment.state:
            reason = flagging.reason_of(verdict) if state == State.REJECTED else _("Changed by its author")
            decide([comment.pk], state, by=None, reason=reason)
            comment.refresh_from_db()
    return comment


def _unsay_what_was_said_of_it(comment, by) -> None:
    """Moderators picked and let stand other words: no pick any more, and to be seen anew unless a moderator wrote it.

    Left to the caller to save.
    """
    if comment.is_featured:
        record.write(LogEntry.Action.UNFEATURE, by=None, comment=comment, reason=_("Changed by its author"))
    comment.is_featured = False
    if by is None or not may_moderate_page(by, comment.page):
        comment.reviewed_at = None


def _state_after(comment, hold, verdict) -> State:
    """Where a change takes a comment: what a rule had rejected goes to the moderators at best, and nothing by itself further."""
    if comment.state == State.UNCONFIRMED:
        return State.UNCONFIRMED
    if verdict.effect == REJECT:
        return State.REJECTED
    stands = comment.state == State.PUBLISHED and not hold and verdict.effect != HOLD
    return State.PUBLISHED if stands else State.PENDING


def delete_comment(comment: PageComment) -> None:
    """Erase ``comment`` at its author's wish; twice is harmless. Raises ``TooLate`` after a moderator's decision."""
    with transaction.atomic():
        comment = _locked(comment)
        if comment.state == State.ERASED:
            return
        if state_for_author(comment) not in OWN_STATES:
            raise TooLate(_("A moderator has decided about this comment."))
        hand_over(PageComment.objects.filter(pk=comment.pk))
        decide([comment.pk], State.ERASED, by=None, reason=_("Deleted by its author"))


def _locked(comment: PageComment) -> PageComment:
    """``comment`` as it is now, with its discussion's row locked: nobody answers, moves or decides about it meanwhile."""
    list(Discussion.objects.select_for_update().filter(page_id=comment.page_id))
    found = _with_what_fixes(PageComment.objects.filter(pk=comment.pk, page_id=comment.page_id)).first()
    if found is None:
        raise TooLate(_("This comment is no longer there."))
    return found
