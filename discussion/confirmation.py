"""Whether an e-mail address is its commenter's own: asked once, by a mail; what was written meanwhile is stored already."""

from collections import defaultdict
from contextlib import suppress

from django.db import transaction
from django.db.models import Exists, OuterRef, Q
from django.utils import timezone
from django.utils.translation import gettext as _

from discussion import quotas, subscriptions, tokens
from discussion.models import Discussion, OutgoingMail, PageComment, State, Subscription
from discussion.openness import standing_of
from discussion.persons import person_key, subject_of
from discussion.posting import ask_to_confirm, write_to_confirm
from discussion.rules.judging import Confirmation
from discussion.transitions import decide, lock_discussions_of
from discussion.treatments import is_ban, treatment_of
from people.visibility import is_visible


class Banned(Exception):
    """The writer may no longer comment. Nothing is lost: the comment waits as it did."""


def is_proven(request, email: str) -> bool:
    """Whether this browser has shown before that ``email`` is its own: by a cookie, or by a comment confirmed since."""
    person = person_key(email)
    if person in tokens.confirmed_people(request):
        return True
    browser = tokens.author_key(request)
    confirmed = PageComment.objects.filter(author_key=browser, person_key=person, confirmed_at__isnull=False)
    return bool(browser) and confirmed.exists()


def confirm(comment: PageComment) -> None:
    """Take the word of whoever opened the mail for ``comment``: its address is theirs.

    Goes on with every comment that the same browser left under the same address, and with the subscriptions that it asked for
    there. Twice is harmless; what a moderator decided meanwhile stands. Raises ``Banned`` when that was that they take no
    comments by this person; nothing is written then.
    """
    treatment = treatment_of(subject_of(comment), comment.user_email)
    if is_ban(treatment):
        raise Banned
    now = timezone.now()
    with transaction.atomic():
        held = lock_discussions_of(waiting_with(comment))
        waiting = waiting_with(comment).filter(page__in=held).annotate(is_thread_closed=Q(root__closed_at__isnull=False))
        waiting = list(waiting.select_related("page"))
        _left_with(comment).filter(confirmed_at__isnull=True).update(confirmed_at=now)
        _take_on(waiting, treatment)
        subscriptions.begin(subscriptions.held(wishes_with(comment)), now)


def waiting_with(comment: PageComment):
    """The comments that wait for a press of the link for ``comment``."""
    return _left_with(comment).filter(state=State.UNCONFIRMED)


def wishes_with(comment: PageComment):
    """The wishes for mail that wait for it too."""
    if not comment.author_key:
        return Subscription.objects.none()
    return subscriptions.asked_for(_left_with(comment).values("page_id"), comment.person_key, comment.author_key)


def something_waits(comment: PageComment) -> bool:
    """Whether pressing the link for ``comment`` does anything, whatever became of that comment itself."""
    return waiting_with(comment).exists() or wishes_with(comment).exists()


def _left_with(comment):
    """All that the browser of ``comment`` left under its address: one mail asks for them, one press confirms them."""
    if not (comment.author_key and comment.person_key):
        return PageComment.objects.filter(pk=comment.pk)
    return PageComment.objects.filter(person_key=comment.person_key, author_key=comment.author_key)


def write_again(comment: PageComment) -> None:
    """Note a fresh mail for a comment whose link came to nothing. Raises ``quotas.Exceeded``."""
    with transaction.atomic():
        write_to_confirm(comment, timezone.now())


def hand_over(going) -> None:
    """Let other comments be confirmed that wait for the same mails as ``going``, a queryset of what is about to go.

    The link in a mail leads to one comment and dies with it. A mail that has not left goes on for another; for one that has,
    a fresh one is noted, unless the address was asked too often today. One query, and some for each that has to go on.
    """
    asking = OutgoingMail.objects.filter(
        kind=OutgoingMail.Kind.CONFIRM, state__in=[OutgoingMail.State.WAITING, OutgoingMail.State.SENT]
    )
    same = {"comment__person_key": OuterRef("person_key"), "comment__author_key": OuterRef("author_key")}
    lost, kept = asking.filter(comment__in=going), asking.exclude(comment__in=going)
    waiting = PageComment.objects.filter(Exists(lost.filter(**same)), ~Exists(kept.filter(**same)), state=State.UNCONFIRMED)
    waiting = waiting.exclude(author_key="").exclude(pk__in=going).order_by("-pk")
    # Held, so that they do not go meanwhile; who is just being decided about or deleted is not waited for.
    waiting = waiting.select_for_update(of=("self",), skip_locked=True)
    for heir in {(row.person_key, row.author_key): row for row in waiting}.values():
        mails = lost.filter(comment__person_key=heir.person_key, comment__author_key=heir.author_key)
        if not mails.filter(state=OutgoingMail.State.WAITING).update(comment=heir):
            with suppress(quotas.Exceeded), transaction.atomic():
                ask_to_confirm(heir, timezone.now())


def _take_on(waiting, treatment) -> None:
    """Take comments of one person on to the moderators or the readers; what rules rejected when it was posted, to neither."""
    confirmation = Confirmation(waiting, treatment)
    pages = {page.pk: page.specific for page in {row.page_id: row.page for row in waiting}.values()}
    opened = {key for key, page in pages.items() if is_open(page)}
    groups = defaultdict(list)
    for row in waiting:
        takes_it = row.page_id in opened and not row.is_thread_closed
        groups[confirmation.of(row, pages[row.page_id], is_open=takes_it)].append(row.pk)
    for (state, reason), keys in groups.items():
        decide(keys, state, by=None, reason=reason or _("E-mail address confirmed"))


def is_open(page) -> bool:
    """Whether the page takes comments still: it may have closed or gone while the mail was on its way."""
    row = Discussion.objects.filter(page_id=page.pk).first()
    return is_visible(page) and standing_of(page, row).takes_comments
