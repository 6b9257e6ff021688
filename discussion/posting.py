"""Writing a comment: one function, one transaction, the same result however often the same form is sent."""

import uuid
from dataclasses import dataclass

from django.conf import settings
from django.contrib.contenttypes.models import ContentType
from django.db import transaction
from django.db.models import F
from django.utils import timezone

from discussion.models import Discussion, DiscussionSettings, PageComment, State
from discussion.paths import LEVELS, WIDTH, encode
from discussion.transitions import publish
from pages.models import ContentPage, Contribution


class PageGone(Exception):
    """The page was deleted while the comment was on its way."""


class ParentGone(Exception):
    """The comment that is answered is not, or no longer, to be seen on this page."""


class FormUsed(Exception):
    """The same form was sent before with another text, which stands: this one is not to be taken for it."""


@dataclass(frozen=True)
class Submission:
    """What a commenter hands in, checked by the form. ``author_key`` is the browser's, ``user`` an account or None."""

    text: str
    name: str
    email: str
    submission_key: uuid.UUID
    user: object = None
    author_role: str = ""
    organisation: str = ""
    author_key: str = ""
    reply_to: int | None = None
    anchor: str = ""
    anchor_text: str = ""


def post_comment(page: ContentPage, submission: Submission, *, hold: bool, now=None) -> PageComment:
    """Store ``submission`` beneath ``page``, published or held, and return its comment.

    A second call with the same submission key returns the comment of the first. Locks the discussion's row, then the
    thread's root, as everything that writes comments does. Raises ``PageGone``, ``ParentGone`` or ``FormUsed``; nothing
    is written then.
    """
    with transaction.atomic():
        discussion = _locked_discussion(page)
        earlier = PageComment.objects.filter(submission_key=submission.submission_key).first()
        if earlier:
            if earlier.comment != submission.text:
                raise FormUsed
            return earlier
        now = now or timezone.now()  # only now: those who waited for the lock publish in the order in which they got it
        parent = _locked_parent(page, submission.reply_to)
        comment = _new(page, submission, parent, now)
        if hold:
            discussion.pending_count += 1
        else:
            comment.state = State.PUBLISHED
            comment.is_public = True
            publish(comment, discussion, now)
            discussion.published_count += 1
            discussion.last_published_at = now
        comment.save(force_insert=True)
        _place(comment, parent)
        discussion.save()
        if parent and not hold:
            PageComment.objects.filter(pk=parent.pk).update(reply_count=F("reply_count") + 1)
            PageComment.objects.filter(pk=comment.root_id).update(thread_count=F("thread_count") + 1)
    return comment


def _locked_discussion(page) -> Discussion:
    """The discussion's row, locked; made for the first comment, while the page is held so that nobody deletes it."""
    rows = Discussion.objects.select_for_update().filter(page_id=page.pk)
    if row := rows.first():
        return row
    if not ContentPage.objects.select_for_update(of=("self",), no_key=True).filter(pk=page.pk).exists():
        raise PageGone
    Discussion.objects.bulk_create([Discussion(page_id=page.pk)], ignore_conflicts=True)
    return rows.get()


def _locked_parent(page, number):
    """The published comment ``number`` of ``page`` with its thread's root locked; None for a comment of its own."""
    if number is None:
        return None
    parent = PageComment.objects.published().filter(page_id=page.pk, number=number).first()
    if parent is None:
        raise ParentGone
    PageComment.objects.select_for_update(of=("self",)).filter(pk=parent.root_id).first()
    return parent


def _new(page, submission, parent, now) -> PageComment:
    return PageComment(
        page_id=page.pk,
        content_type=ContentType.objects.get_for_model(page.specific_class),
        object_pk=str(page.pk),
        site_id=settings.SITE_ID,
        comment=submission.text,
        user=submission.user,
        user_name=submission.name[:50],
        user_email=submission.email,
        author_role=submission.author_role,
        organisation=submission.organisation,
        author_key=submission.author_key,
        submission_key=submission.submission_key,
        submit_date=now,
        submitted_at=now,
        in_reply_to=parent,
        anchor=submission.anchor,
        anchor_text=submission.anchor_text[:150],
        state=State.PENDING,
        is_public=False,
    )


def _place(comment, parent):
    """Give the stored comment its place; its own key is part of it. A reply to the last level stands beside it."""
    above = (parent.path if len(parent.path) < LEVELS * WIDTH else parent.path[:-WIDTH]) if parent else ""
    comment.path = above + encode(comment.pk)
    comment.depth = comment.level = len(above) // WIDTH
    comment.root_id = parent.root_id if parent else comment.pk
    comment.thread_id = comment.root_id
    comment.parent_id = parent.pk if parent else comment.pk
    PageComment.objects.filter(pk=comment.pk).update(
        path=comment.path,
        depth=comment.depth,
        root_id=comment.root_id,
        level=comment.level,
        thread_id=comment.thread_id,
        parent_id=comment.parent_id,
    )


def must_be_held(page: ContentPage, user, site) -> bool:
    """Whether a moderator reads a comment by ``user`` (an account or None) before readers do."""
    if not DiscussionSettings.for_site(site).hold_comments:
        return False
    if user is None:
        return True
    if user.has_perm("discussion.moderate"):
        return False
    return not Contribution.objects.filter(page_id=page.pk, person__user=user).exists()
