"""Whether an e-mail address is its commenter's own: asked once, by a mail; what was written meanwhile is stored already."""

from collections import defaultdict

from django.db import transaction
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext as _

from discussion import subscriptions, tokens
from discussion.models import Discussion, PageComment, State
from discussion.openness import standing_of
from discussion.persons import person_key, subject_of
from discussion.posting import write_to_confirm
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
    same = PageComment.objects.filter(person_key=comment.person_key, author_key=comment.author_key)
    same = same.exclude(person_key="") if comment.author_key else same.filter(pk=comment.pk)
    with transaction.atomic():
        unconfirmed = same.filter(state=State.UNCONFIRMED)
        held = lock_discussions_of(unconfirmed)
        waiting = unconfirmed.filter(page__in=held).annotate(is_thread_closed=Q(root__closed_at__isnull=False))
        waiting = list(waiting.select_related("page"))
        same.filter(confirmed_at__isnull=True).update(confirmed_at=now)
        _take_on(waiting, treatment)
        if comment.author_key:
            subscriptions.asked_for(same.values("page_id"), comment.person_key, comment.author_key).update(confirmed_at=now)


def write_again(comment: PageComment) -> None:
    """Note a fresh mail for a comment whose link came to nothing. Raises ``quotas.Exceeded``."""
    with transaction.atomic():
        write_to_confirm(comment, timezone.now())


def _take_on(waiting, treatment) -> None:
    """Take comments of one person on to the moderators or the readers; what rules rejected when it was posted, to neither."""
    confirmation = Confirmation(waiting, treatment)
    pages = {row.page_id: row.page.specific for row in waiting}
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
