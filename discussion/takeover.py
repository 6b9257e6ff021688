"""What was said beneath a page that is merged into another goes beneath the other."""

from django.db.models import Exists, OuterRef, Q
from django.utils.translation import gettext as _

from discussion.curating import Refused
from discussion.models import PageComment, State, Subscription
from discussion.moving import move
from discussion.privacy import delete_subscriptions
from pages.models import ContentPage
from pages.providers import CannotTakeOver


def take_over(old, into, *, by) -> int:
    """Move every thread of ``old`` to ``into``, and who follows it; how many comments went.

    Of a thread whose first comment was erased the answers become threads of their own. For ``pages.providers``: to be
    called within a transaction. Raises ``CannotTakeOver``; what was moved until then is to be rolled back.
    """
    if not isinstance(old, ContentPage):
        return 0
    comments = PageComment.objects.filter(page_id=old.pk)
    count, tops = comments.exclude(state=State.ERASED).count(), list(comments.filter(depth=0).order_by("pk"))
    while tops:
        top = tops.pop(0)
        if top.state == State.ERASED:
            tops = [*PageComment.objects.filter(in_reply_to=top, page_id=old.pk).order_by("pk"), *tops]
            continue
        try:
            move(top, into, by=by, reason=_("Merged: %(title)s") % {"title": old.title})
        except Refused as refused:
            said = {"title": old.title, "reason": refused.reason}
            raise CannotTakeOver(_("Comments beneath “%(title)s” cannot be moved: %(reason)s") % said) from refused
    # Somebody who only asked, perhaps in another's name, stands in the way of nobody's following, nor of its end.
    settled = Subscription.objects.filter(Q(confirmed_at__isnull=False) | Q(ended_at__isnull=False), page_id=old.pk)
    settled = settled.filter(person_key=OuterRef("person_key"), scope=OuterRef("scope"))
    delete_subscriptions(Subscription.objects.filter(Exists(settled), page_id=into.pk, confirmed_at=None, ended_at=None))
    there = Subscription.objects.filter(page_id=into.pk, person_key=OuterRef("person_key"), scope=OuterRef("scope"))
    Subscription.objects.filter(page_id=old.pk).exclude(Exists(there)).update(page_id=into.pk)
    _lead_on(Subscription.objects.filter(page_id=old.pk), Subscription.objects.filter(page_id=into.pk))
    return count


def _lead_on(going, staying) -> None:
    """Let links in the mails of wishes that go lead to the same person's that stay."""
    gone = {(row.person_key, row.scope): row for row in going}
    heirs = [
        row for row in staying.filter(person_key__in={person for person, _scope in gone}) if (row.person_key, row.scope) in gone
    ]
    for row in heirs:
        old = gone[row.person_key, row.scope]
        row.stands_for = [*(row.stands_for or []), *(old.stands_for or []), old.pk]
    Subscription.objects.bulk_update(heirs, ["stands_for"], batch_size=500)
