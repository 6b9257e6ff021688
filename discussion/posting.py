"""Writing a comment: one function, one transaction, the same result however often the same form is sent."""

import uuid
from dataclasses import dataclass
from datetime import timedelta

from django.conf import settings
from django.contrib.contenttypes.models import ContentType
from django.db import transaction
from django.db.models import Case, F, When
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django_comments_xtd.models import XtdComment

from discussion import formatting, quotas, subscriptions
from discussion.formatting import plain_line, shows_something
from discussion.models import Decision, Discussion, DiscussionSettings, OutgoingMail, PageComment, State, Treatment
from discussion.modes import holds_all
from discussion.openness import holds_by_age, override_of, settings_of
from discussion.paths import LEVELS, WIDTH, encode
from discussion.permissions import may_moderate_page
from discussion.persons import address_key, network_key, person_key
from discussion.rules import flagging
from discussion.rules.findings import HOLD, NO_VERDICT, REJECT, Verdict
from discussion.transitions import publish
from pages.models import ContentPage, Contribution

HOUR = timedelta(hours=1)
THREAD_CLOSED = gettext_lazy("A moderator has closed this thread: no more replies are taken in it.")


class PageGone(Exception):
    """The page was deleted while the comment was on its way."""


class Closed(Exception):
    """A moderator closed the discussion while the comment was on its way."""


class ThreadClosed(Exception):
    """A moderator closed the thread in which the comment was to stand."""


class ParentGone(Exception):
    """The comment that is answered is not, or no longer, to be seen on this page."""


class FormUsed(Exception):
    """The same form was sent before, with another text or for a comment erased since: this one is not to be taken for it."""


@dataclass(frozen=True)
class Submission:
    """What a commenter hands in, checked by the form.

    ``author_key`` is the browser's, ``user`` an account or None, ``address`` the internet address it came from,
    ``wishes`` the ``Subscription.Scope``s asked for. ``is_proven``: the e-mail address is known to be the commenter's.
    """

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
    address: str = ""
    wishes: tuple[str, ...] = ()
    is_proven: bool = False


def post_comment(
    page: ContentPage,
    submission: Submission,
    *,
    hold: bool,
    verdict: Verdict = NO_VERDICT,
    confirm: bool = False,
    limits: DiscussionSettings | None = None,
    now=None,
) -> PageComment:
    """Store ``submission`` beneath ``page``, published or held, and return its comment.

    ``verdict`` is what the rules found; they may hold or reject it where ``hold`` does not, and it is kept with the comment.
    ``confirm``: it waits for its address to be confirmed, by a mail written down here too. ``limits``: where the numbers
    an hour stand, or None for none. A second call with the same submission key returns the comment of the first. Locks
    the discussion's row first, as everything that writes comments does. Raises ``PageGone``, ``Closed``,
    ``ThreadClosed``, ``ParentGone``, ``FormUsed`` or ``quotas.Exceeded``; nothing is written then.
    """
    with transaction.atomic():
        discussion = lock_discussion(page)
        earlier = PageComment.objects.filter(submission_key=submission.submission_key).first()
        if earlier:
            if not was_posted_as(earlier, submission.text):  # nor is it when that was erased, and holds nothing
                raise FormUsed
            return earlier
        now = now or timezone.now()  # only now: those who waited for the lock publish in the order in which they got it
        if override_of(discussion, now):
            raise Closed
        parent = _parent(page, submission.reply_to)
        comment = _new(page, submission, parent, now)
        if limits:
            _count_towards(limits, comment, submission, now)
        if confirm:
            comment.state = State.UNCONFIRMED
        elif verdict.effect == REJECT:
            comment.state = State.REJECTED
        elif hold or verdict.effect == HOLD:
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
        subscriptions.subscribe(
            page,
            submission.email,
            submission.wishes,
            user=submission.user,
            author_key=submission.author_key,
            is_proven=submission.is_proven,
            mail_follows=confirm,
            now=now,
        )
        if confirm:
            write_to_confirm(comment, now)
        if parent and comment.state == State.PUBLISHED:
            PageComment.objects.filter(pk__in={parent.pk, comment.root_id}).update(
                reply_count=F("reply_count") + Case(When(pk=parent.pk, then=1), default=0),
                thread_count=F("thread_count") + Case(When(pk=comment.root_id, then=1), default=0),
            )
        if comment.state == State.REJECTED:
            Decision.objects.create(
                comment=comment,
                from_state=State.PENDING,
                to_state=State.REJECTED,
                reason=flagging.reason_of(verdict)[:250],
                decided_at=now,
            )
        flagging.keep(comment, verdict, now)
    return comment


def was_posted_as(comment: PageComment, text: str) -> bool:
    """Whether ``comment`` said ``text`` at first, whoever has changed it since."""
    return comment.comment == text or comment.edits.order_by("pk").values_list("text_before", flat=True).first() == text


def _count_towards(limits, comment, submission, now) -> None:
    """Count the comment for its internet address and for its person."""
    counted = {f"post:person:{f'user:{comment.user_id}' if comment.user_id else comment.person_key}": limits.posts_per_person}
    if address := address_key(submission.address):
        counted[f"post:address:{address}"] = limits.posts_per_address
    quotas.take_each(counted, HOUR, now)


def write_to_confirm(comment, now) -> None:
    """Note a mail that asks for the address to be confirmed; one an hour that can reach it serves all comments of the browser."""
    lately = OutgoingMail.objects.filter(kind=OutgoingMail.Kind.CONFIRM, created_at__gt=now - HOUR)
    lately = lately.exclude(state__in=OutgoingMail.IN_VAIN)
    if not lately.filter(comment__person_key=comment.person_key, comment__author_key=comment.author_key).exists():
        ask_to_confirm(comment, now)


def ask_to_confirm(comment, now) -> None:
    """Note a mail that asks for the address, whatever was asked before. Raises ``quotas.Exceeded``."""
    quotas.take_asking(comment.person_key, now)
    written = comment.mails.filter(kind=OutgoingMail.Kind.CONFIRM).count()
    OutgoingMail.objects.create(
        kind=OutgoingMail.Kind.CONFIRM,
        key=f"confirm:{comment.submission_key.hex}:{written}",
        to=comment.user_email,
        comment=comment,
        created_at=now,
        next_try_at=now,
    )


def lock_discussion(page) -> Discussion:
    """The discussion's row, locked; made for the first comment, while the page is held so that nobody deletes it."""
    rows = Discussion.objects.select_for_update().filter(page_id=page.pk)
    if row := rows.first():
        return row
    if not ContentPage.objects.select_for_update(of=("self",), no_key=True).filter(pk=page.pk).exists():
        raise PageGone
    Discussion.objects.bulk_create([Discussion(page_id=page.pk)], ignore_conflicts=True)
    return rows.get()


def _parent(page, number):
    """The published comment ``number`` of ``page``; None for a comment of its own. It stays: the discussion is locked."""
    if number is None:
        return None
    parent = PageComment.objects.published().filter(page_id=page.pk, number=number).select_related("root").first()
    if parent is None:
        raise ParentGone
    if parent.root.closed_at:
        raise ThreadClosed
    return parent


def _new(page, submission, parent, now) -> PageComment:
    depth = len(path_above_replies(parent)) // WIDTH
    thread = {"root_id": parent.root_id, "thread_id": parent.root_id, "parent_id": parent.pk} if parent else {}
    return PageComment(
        **thread,
        depth=depth,
        level=depth,
        page_id=page.pk,
        content_type=ContentType.objects.get_for_model(page.specific_class),
        object_pk=str(page.pk),
        site_id=settings.SITE_ID,
        comment=submission.text,
        body_html=formatting.render(submission.text),
        user=submission.user,
        user_name=_name_of(submission),
        user_email=submission.email,
        author_role=plain_line(submission.author_role),
        organisation=plain_line(submission.organisation),
        author_key=submission.author_key,
        person_key=person_key(submission.email),
        network_key=network_key(submission.address),
        confirmed_at=now if submission.is_proven else None,
        submission_key=submission.submission_key,
        submit_date=now,
        submitted_at=now,
        in_reply_to=parent,
        anchor=submission.anchor,
        anchor_text=submission.anchor_text[:150],
        state=State.PENDING,
        is_public=False,
    )


def _name_of(submission) -> str:
    """What stands beside the comment: something that can be seen, whatever an account has for its name."""
    name = plain_line(submission.name)[:50]
    return name if shows_something(name) else _("Signed-in reader")


def path_above_replies(parent) -> str:
    """The path beneath which a reply to ``parent`` stands: a reply to the last level stands beside it."""
    if parent is None:
        return ""
    return parent.path if len(parent.path) < LEVELS * WIDTH else parent.path[:-WIDTH]


def _place(comment, parent) -> None:
    """Give the stored comment its path, of which its own key is a part; and a first comment its thread, itself."""
    comment.path = path_above_replies(parent) + encode(comment.pk)
    if parent is None:
        comment.root_id = comment.thread_id = comment.parent_id = comment.pk
        XtdComment._base_manager.filter(pk=comment.pk).update(thread_id=comment.pk, parent_id=comment.pk)
    PageComment.objects.filter(pk=comment.pk).update(path=comment.path, root_id=comment.root_id)


def must_confirm(submission: Submission, rules: DiscussionSettings) -> bool:
    """Whether the e-mail address has to be confirmed first. Where no mail can be sent, nobody is asked."""
    return settings.HUB_SENDS_MAIL and rules.confirm_addresses and not submission.is_proven


def must_be_held(page: ContentPage, user, treatment: Treatment | None = None) -> bool:
    """Whether a moderator reads a comment by ``user`` (an account or None) before readers do, whatever it says.

    ``treatment``: what holds for the writer, ``treatments.believed``; it goes before everything else.
    """
    if treatment:
        return treatment.kind != Treatment.Kind.TRUST
    rules = settings_of(page)
    if not holds_all(page, rules) and not holds_by_age(page, rules, timezone.now()):
        return False
    return not is_exempt(page, user)


def is_exempt(page: ContentPage, user) -> bool:
    """Whether comments by ``user`` (an account or None) on ``page`` appear at once: moderators of it, contributors to it."""
    if user is None:
        return False
    return may_moderate_page(user, page) or Contribution.objects.filter(page_id=page.pk, person__user=user).exists()
