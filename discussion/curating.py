"""What moderators do to a comment besides deciding about it: pick, redact, answer, close its thread, call it a duplicate.

Each is one transaction that locks the page's ``Discussion`` row first, and each but an answer, which is its own record, is
noted: in the log, or as a decision. What was changed meanwhile is refused and left as it is. ``moving`` has the move.
"""

import uuid

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from discussion import formatting, record, search
from discussion.editing import answers
from discussion.models import Decision, Discussion, Edit, LogEntry, PageComment, Reason, State
from discussion.openness import standing_of
from discussion.paths import branch_bounds
from discussion.posting import (
    THREAD_CLOSED,
    Closed,
    FormUsed,
    PageGone,
    ParentGone,
    Submission,
    ThreadClosed,
    lock_discussion,
    post_comment,
)
from discussion.transitions import ALLOWED, Why, decide, lock_discussions_of
from pages.models import ContentPage
from people.visibility import is_published

# What can be called a duplicate: what waits, and what readers see. About all else a moderator has decided already.
MARKABLE = {State.UNCONFIRMED, State.PENDING, State.PUBLISHED}


class Refused(Exception):
    """It cannot be done, or not any more. ``reason``: why, for moderators to read. Nothing was written."""

    def __init__(self, reason: str):
        super().__init__(reason)
        self.reason = reason


class WrongNumber(Refused):
    """The number given for the comment that was said before is none that can be meant."""


def lock(comment: PageComment) -> PageComment:
    """``comment`` as it is now, with its discussion's row locked. Raises ``Refused`` when it was deleted or moved meanwhile."""
    list(Discussion.objects.select_for_update().filter(page_id=comment.page_id))
    return still_here(comment)


def still_here(comment: PageComment) -> PageComment:
    """As ``lock``, for whoever holds the row already."""
    now = PageComment.objects.filter(pk=comment.pk).select_related("root").first()
    if now is None:
        raise Refused(_("This comment is no longer there."))
    if now.page_id != comment.page_id:
        raise Refused(_("This comment was moved to another page a moment ago."))
    return now


def _as_seen(comment: PageComment) -> PageComment:
    """As ``lock``; refuses too when it says something else, or is in another state, than ``comment`` knows."""
    now = lock(comment)
    if now.state != comment.state:
        state = now.get_state_display()
        raise Refused(_("Somebody has decided about this comment a moment ago: it is “%(state)s” now.") % {"state": state})
    if now.comment != comment.comment:
        raise Refused(_("This comment was changed a moment ago. Read it again first."))
    return now


def mark_seen(keys, now) -> None:
    """Whoever did something with published comments has seen them: they leave the list of those that nobody saw."""
    PageComment.objects.filter(pk__in=keys, state=State.PUBLISHED, reviewed_at=None).update(reviewed_at=now)


def feature(comment_ids, featured: bool, *, by) -> int:
    """Make published comments the editor's picks, or no longer; how many were not so before.

    In as many queries for many as for one. What lost its place since it was picked can be unpicked all the same.
    """
    with transaction.atomic():
        wanted = PageComment.objects.filter(pk__in=comment_ids, is_featured=not featured)
        pages = list(wanted.order_by().values_list("page_id", flat=True).distinct())
        list(Discussion.objects.select_for_update().filter(page_id__in=pages).order_by("page_id"))
        wanted = wanted.filter(page_id__in=pages)
        if featured:
            wanted = wanted.published()
        found = list(wanted.order_by("pk").only("page", "person_key", "user"))
        PageComment.objects.filter(pk__in=[comment.pk for comment in found]).update(is_featured=featured)
        mark_seen([comment.pk for comment in found], timezone.now())
        action = LogEntry.Action.FEATURE if featured else LogEntry.Action.UNFEATURE
        record.write_each(action, [{"comment": comment} for comment in found], by=by)
    return len(found)


def close_thread(comment: PageComment, *, by, reason: str = "") -> bool:
    """Take no more replies in the thread of ``comment``, wherever in it that stands; whether it was open."""
    return _close(comment, True, LogEntry.Action.CLOSE_THREAD, by, reason)


def open_thread(comment: PageComment, *, by, reason: str = "") -> bool:
    """Take replies again in the thread of ``comment``; whether it was closed."""
    return _close(comment, False, LogEntry.Action.OPEN_THREAD, by, reason)


def _close(comment, closed, action, by, reason) -> bool:
    with transaction.atomic():
        first = lock(comment).root
        return bool(_close_threads([first], closed, action, by, reason))


def close_threads(comment_ids, closed: bool, *, by, reason: str = "") -> int:
    """Close the threads in which the comments stand, or open them; how many of the comments stand in one that was changed.

    In as many queries for many as for one.
    """
    action = LogEntry.Action.CLOSE_THREAD if closed else LogEntry.Action.OPEN_THREAD
    with transaction.atomic():
        held = lock_discussions_of(comment_ids)
        comments = list(PageComment.objects.filter(pk__in=comment_ids, page__in=held).order_by("pk").only("root"))
        firsts = PageComment.objects.filter(pk__in={comment.root_id for comment in comments}).order_by("pk")
        changed = _close_threads(firsts.only("page", "closed_at", "person_key", "user"), closed, action, by, reason)
    return sum(comment.root_id in changed for comment in comments)


def _close_threads(firsts, closed, action, by, reason) -> set[int]:
    wanted = [first for first in firsts if (first.closed_at is not None) != closed]
    keys = {first.pk for first in wanted}
    PageComment.objects.filter(pk__in=keys).update(closed_at=timezone.now() if closed else None)
    record.write_each(action, [{"comment": first} for first in wanted], by=by, reason=reason)
    return keys


def redact(comment: PageComment, text: str, *, by, reason: str = "") -> PageComment:
    """Let ``comment`` say ``text`` from now on; what it said is kept for the moderators, and its author changes it no more.

    With the text that it has already, nothing happens. Raises ``Refused``, too when it does not say any more what
    ``comment`` knows.
    """
    with transaction.atomic():
        now = lock(comment)
        if now.comment == text:
            return now
        comment = _as_seen(comment)
        if comment.state == State.ERASED:
            raise Refused(_("This comment was erased; there is nothing left to change."))
        now = timezone.now()
        Edit.objects.create(comment=comment, text_before=comment.comment, by=by, by_name=str(by)[:150], edited_at=now)
        comment.comment, comment.redacted_at, comment.body_html = text, now, formatting.render(text)
        comment.save(update_fields=["comment", "redacted_at", "body_html"])
        search.forget(comment)
        mark_seen([comment.pk], now)
        record.write(LogEntry.Action.REDACT, by=by, comment=comment, page_id=comment.page_id, reason=reason)
    return comment


def mark_duplicate(comment: PageComment, number: int, *, by, reason: str = "", message: str = "") -> PageComment:
    """Take ``comment`` out of sight because #``number`` of its page says the same.

    Rejected; with replies, removed instead, so that a place stays for them in which readers find the number. ``message``:
    for the commenter. Raises ``WrongNumber`` or ``Refused``.
    """
    with transaction.atomic():
        comment = _as_seen(comment)
        if comment.state not in MARKABLE:
            raise Refused(_("A moderator has decided about this comment already."))
        _check_original(comment, number)
        reason = reason or _("Says the same as #%(number)d") % {"number": number}
        to_state = State.REMOVED if answers(comment.pk).exists() else State.REJECTED
        _decide_in_one_step(comment, to_state, Why(by, reason, Reason.DUPLICATE, message))
        PageComment.objects.filter(pk=comment.pk).update(duplicate_number=number)
        comment.refresh_from_db()
    return comment


def _decide_in_one_step(comment, to_state, why: Why) -> None:
    """What waits again leads to a placeholder by way of its publication only; the record, and undoing it, know one step."""
    by_way = to_state not in ALLOWED[comment.state]
    if by_way:
        decide([comment.pk], State.PUBLISHED, by=why.by, batch=(passing := uuid.uuid4()))
    outcome = decide([comment.pk], to_state, by=why.by, reason=why.reason, reason_code=why.reason_code, message=why.message)
    if by_way:
        Decision.objects.filter(batch=passing).delete()
        Decision.objects.filter(batch=outcome.batch).update(from_state=comment.state)


def _check_original(comment, number) -> None:
    original = PageComment.objects.published().filter(page_id=comment.page_id, number=number).first()
    if original is None:
        raise WrongNumber(_("Readers see no comment #%(number)d on this page.") % {"number": number})
    if original.pk == comment.pk:
        raise WrongNumber(_("That is this comment itself."))
    first, last = branch_bounds(comment.path)
    if first < original.path <= last:
        raise WrongNumber(_("That is a reply to this comment. Call the reply a duplicate instead."))


def answer(comment: PageComment, text: str, *, by, submission_key, approve: bool = False) -> PageComment:
    """Reply to ``comment`` as ``by``, a moderator, seen by readers at once; ``approve`` publishes it first if it waits.

    A second call with the same ``submission_key`` returns the reply of the first. Raises ``Refused``.
    """
    page = comment.page
    try:
        with transaction.atomic():
            discussion = lock_discussion(page)
            if not PageComment.objects.filter(submission_key=submission_key).exists():
                comment = _answerable(comment, by, approve)
                if not is_published(ContentPage.objects.get(pk=page.pk)):
                    raise Refused(_("Readers do not see this page now, so nothing on it can be answered."))
                standing = standing_of(page, discussion)
                if not standing.takes_comments:
                    raise Refused(standing.reason)
            submission = Submission(
                text=text,
                name=by.public_name,
                email=by.email,
                submission_key=submission_key,
                user=by,
                reply_to=comment.number,
                is_proven=True,
            )
            reply = post_comment(page, submission, hold=False)
            mark_seen([comment.pk, reply.pk], timezone.now())
    except (PageGone, ParentGone) as error:
        raise Refused(_("This comment is no longer there.")) from error
    except ThreadClosed as error:
        raise Refused(str(THREAD_CLOSED)) from error
    except Closed as error:
        raise Refused(_("The discussion on this page is closed.")) from error
    except FormUsed as error:
        raise Refused(_("This form was sent before with another text, which stands. Open it anew to write one more.")) from error
    return reply


def _answerable(comment, by, approve) -> PageComment:
    """``comment``, published; ``approve``: by this, if it waits."""
    comment = _as_seen(comment)
    if comment.state == State.PENDING and approve:
        decide([comment.pk], State.PUBLISHED, by=by)
        comment.refresh_from_db()
    if comment.state == State.PENDING:
        raise Refused(_("This comment waits: approve it first, or with your reply."))
    if not comment.is_published:
        raise Refused(_("Readers do not see this comment, so it cannot be answered."))
    return comment
