"""Who wants mail about a page's discussion: asked for, confirmed from the mailbox itself, ended by one press."""

from django.db.models import Q
from django.utils import timezone

from discussion import quotas
from discussion.models import OutgoingMail, Subscription
from discussion.persons import person_key


def subscribe(page, email: str, scopes, *, user=None, is_proven: bool, mail_follows: bool = False, now=None) -> None:
    """Note what ``email`` wants to be told of ``page``; it holds once the address is known to be the asker's.

    Until then anybody may have asked in somebody's name, so that nothing which holds is changed, and one mail asks; none
    where ``mail_follows``: a comment's own mail then asks for both. To be called in a transaction; raises
    ``quotas.Exceeded`` when the address was asked too often.
    """
    if not scopes or not email:
        return
    now = now or timezone.now()
    person = person_key(email)
    rows = [
        Subscription(page_id=page.pk, scope=scope, email=email, person_key=person, user=user, created_at=now)
        for scope in sorted(scopes)
    ]
    Subscription.objects.bulk_create(rows, ignore_conflicts=True)
    stated = Subscription.objects.filter(page_id=page.pk, person_key=person, scope__in=scopes)
    if is_proven:
        stated.filter(Q(confirmed_at__isnull=True) | Q(ended_at__isnull=False)).update(confirmed_at=now, ended_at=None)
        return
    stated.filter(ended_at__isnull=False).update(confirmed_at=None, ended_at=None, created_at=now)
    waiting = stated.filter(confirmed_at__isnull=True).order_by("pk").first()
    if waiting and not mail_follows:
        key = f"subscribe:{waiting.pk}:{now:%Y%m%d}"  # one a day, however often it is asked for
        if OutgoingMail.objects.filter(key=key).exists():
            return
        quotas.take_asking(person, now)
        mail = OutgoingMail(kind=OutgoingMail.Kind.SUBSCRIBE, key=key, to=email, subscription=waiting, created_at=now)
        OutgoingMail.objects.bulk_create([mail], ignore_conflicts=True)


def confirm(subscription: Subscription) -> None:
    """The address is its owner's: everything asked for under it on that page holds from now on."""
    Subscription.objects.filter(
        page_id=subscription.page_id, person_key=subscription.person_key, confirmed_at__isnull=True, ended_at__isnull=True
    ).update(confirmed_at=timezone.now())


def end(subscription: Subscription, *, everywhere: bool = False) -> None:
    """No more mail about this page, or about any."""
    rows = Subscription.objects.filter(person_key=subscription.person_key, ended_at__isnull=True)
    if not everywhere:
        rows = rows.filter(page_id=subscription.page_id)
    rows.update(ended_at=timezone.now())
