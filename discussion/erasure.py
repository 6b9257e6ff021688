"""Taking out of a comment all that is its author's; what stays is a place in the thread.

Called by ``transitions`` for whatever becomes erased, so that no way there can forget it.
"""

from django.db.models import F, Q
from django_comments.models import Comment

from discussion.models import CommentWords, Decision, Edit, Fingerprint, Flag, LogEntry, Note, OutgoingMail, PageComment, Report

# Mails that go to the author of the comment which they are about.
TO_THE_AUTHOR = [OutgoingMail.Kind.CONFIRM, OutgoingMail.Kind.DECIDED, OutgoingMail.Kind.MESSAGE]
# What a log entry says when the one whom it was about is forgotten: who did what and when.
NOBODY = {"person": "", "about": "", "before": None, "after": None, "reason": ""}


def wipe(comment_ids) -> None:
    """Blank what the comments say and of whom they tell, for ever; in as many queries for many as for one.

    Gone too: what they said before, what rules found in them and readers reported of them, the mails to their authors, and the
    moderators' words and notes about them. Who decided and did what and when stays. Mails to others that still wait are not
    sent. To be called with the pages' ``Discussion`` rows locked.
    """
    _wipe_decisions(comment_ids)
    Edit.objects.filter(comment__in=comment_ids).delete()
    Report.objects.filter(comment__in=comment_ids).delete()
    Note.objects.filter(comment__in=comment_ids).delete()
    Flag.objects.filter(comment__in=comment_ids).delete()
    Fingerprint.objects.filter(comment__in=comment_ids).delete()
    CommentWords.objects.filter(comment__in=comment_ids).delete()
    LogEntry.objects.filter(comment__in=comment_ids).update(**NOBODY)
    mails = OutgoingMail.objects.filter(Q(comment__in=comment_ids) | Q(decision__comment__in=comment_ids))
    mails.filter(kind__in=TO_THE_AUTHOR).delete()
    mails.filter(state=OutgoingMail.State.WAITING).update(state=OutgoingMail.State.DROPPED)
    PageComment.objects.filter(pk__in=comment_ids).update(
        body_html="",
        author_role="",
        organisation="",
        author_key="",
        person_key="",
        network_key="",
        confirmed_at=None,
        edited_at=None,
        redacted_at=None,
        is_featured=False,
    )
    Comment.objects.filter(pk__in=comment_ids).update(
        comment="", user=None, user_name="", user_email="", user_url="", ip_address=None
    )


def _wipe_decisions(comment_ids) -> None:
    """Take the authors' names out of what was decided about their comments, and the reasons, which may name them."""
    made = Decision.objects.filter(comment__in=comment_ids)
    made.filter(Q(by=F("comment__user")) | Q(by=None, by_name=F("comment__user_name"))).update(by=None, by_name="")
    made.exclude(reason="", message="").update(reason="", message="")
