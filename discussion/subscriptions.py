"""Who wants mail about a page's discussion: asked for, confirmed from the mailbox itself, ended by one press."""

from django.conf import settings
from django.contrib.auth import get_user_model
from django.db import transaction
from django.db.models import Exists, F, OuterRef, Q
from django.utils import timezone

from discussion import quotas
from discussion.models import NoMail, OutgoingMail, Subscription
from discussion.persons import person_key
from pages.models import Contribution
from people.visibility import is_visible

WAITS = Q(confirmed_at__isnull=True) & (Q(ended_at__isnull=True) | Q(created_at__gt=F("ended_at")))


def can_be_told_of(page) -> bool:
    """Whether mail about comments on ``page`` is sent at all: of a page that not everybody may read, none is."""
    return settings.HUB_SENDS_MAIL and is_visible(page)


def subscribe(
    page, email: str, scopes, *, user=None, author_key: str = "", is_proven: bool, mail_follows: bool = False, now=None
) -> None:
    """Note what ``email`` wants to be told of ``page``; it holds once the address is known to be the asker's.

    Until then anybody may have asked in somebody's name, so that nothing which holds is changed and nothing that was ended
    begins, and one mail asks, also whom it finds told already; none where ``mail_follows``: a comment's own mail then asks for
    both, if it is of the browser ``author_key``. To be called in a transaction; raises ``quotas.Exceeded`` when the address
    was asked too often.
    """
    if not scopes or not email:
        return
    now = now or timezone.now()
    person = person_key(email)
    wish = {"page_id": page.pk, "email": email, "person_key": person}
    new = {"author_key": author_key, "user": user, "created_at": now}
    stated = _state(wish, new, scopes)
    idle = stated.filter(Q(confirmed_at__isnull=True) | Q(ended_at__isnull=False))
    if is_proven:
        begin(idle, now)
        return
    idle.update(confirmed_at=None, author_key=author_key, created_at=now)
    if not mail_follows:
        _ask(stated, email, now)


def _state(wish: dict, new: dict, scopes):
    """The rows of the wishes, which are there and held from now on; as a queryset."""
    stated = Subscription.objects.filter(page_id=wish["page_id"], person_key=wish["person_key"], scope__in=scopes)
    missing = set(scopes)
    while missing:  # once, but where an erasure takes them away while we wait for it
        Subscription.objects.bulk_create(
            [Subscription(**wish, **new, scope=scope) for scope in sorted(missing)], ignore_conflicts=True
        )
        missing = set(scopes) - set(stated.select_for_update().order_by("pk").values_list("scope", flat=True))
    return stated


def _ask(stated, email: str, now) -> None:
    """Note a mail that asks whether ``stated``, what was asked for, is wished: one a day that can reach its mailbox.

    Noted and counted alike whether something holds already or not: else who tries out addresses would learn who follows.
    The mail alone says it. Its key names the wishes and not the person: it stays in the record when the address does not.
    """
    wishes = "+".join(map(str, stated.order_by("pk").values_list("pk", flat=True)))
    key = f"subscribe:{wishes}:{now:%Y%m%d}:"
    noted_today = OutgoingMail.objects.filter(subscription__in=stated, key__startswith=key)
    states = list(noted_today.values_list("state", flat=True))
    if any(state not in OutgoingMail.IN_VAIN for state in states):
        return
    quotas.take_asking(person_key(email), now)
    subscription = stated.order_by(F("confirmed_at").asc(nulls_first=True), "pk").first()  # one that waits, if any does
    about = {"key": f"{key}{len(states)}", "to": email, "subscription": subscription, "created_at": now}
    OutgoingMail.objects.bulk_create([OutgoingMail(kind=OutgoingMail.Kind.SUBSCRIBE, **about)], ignore_conflicts=True)


def known_as(key: int, person: str) -> Subscription | None:
    """The wish that a link in a mail names by its key: itself, or the one that took its place when its page was merged."""
    of_person = Subscription.objects.filter(person_key=person).select_related("page")
    merged = of_person.filter(stands_for__isnull=False)
    return of_person.filter(pk=key).first() or next((row for row in merged if key in row.stands_for), None)


def confirm(subscription: Subscription) -> None:
    """The address is its owner's: everything that the same browser asked for under it on that page holds from now on."""
    with transaction.atomic():
        wishes = asked_for([subscription.page_id], subscription.person_key, subscription.author_key)
        begin(held(wishes), timezone.now())


def held(wishes):
    """``wishes`` (a queryset) as they are now, and theirs alone whose transaction it is.

    Held in the order of their keys, as everybody holds a person's: two that write the same never wait for each other.
    """
    return Subscription.objects.filter(pk__in=list(wishes.select_for_update().order_by("pk").values_list("pk", flat=True)))


def begin(wishes, now) -> None:
    """Let ``wishes``, a queryset, hold from now on, whatever was ended before."""
    wishes.update(confirmed_at=now, ended_at=None)


def asked_for(page_ids, person: str, author_key: str):
    """What one browser asked for in a person's name on some pages and what does not hold yet.

    Of one browser, because whoever confirms knows what they asked for themselves, and not what others did in their name.
    """
    return Subscription.objects.filter(WAITS, page_id__in=page_ids, person_key=person, author_key=author_key)


def end(subscription: Subscription, *, everywhere: bool = False) -> None:
    """No more mail about this page, or about any: then neither about pages that its accounts contribute to later."""
    whose = Q(person_key=subscription.person_key)
    if subscription.user_id:  # under whatever address it asked
        whose |= Q(user=subscription.user_id)
    rows = Subscription.objects.filter(whose).filter(WAITS | Q(ended_at__isnull=True))
    with transaction.atomic():
        if everywhere:
            accounts = get_user_model().objects.filter(Q(email__iexact=subscription.email) | Q(pk=subscription.user_id))
            NoMail.objects.bulk_create([NoMail(user=account) for account in accounts.order_by("pk")], ignore_conflicts=True)
        else:
            rows = rows.filter(page_id=subscription.page_id)
        held(rows).update(ended_at=timezone.now())


def contributions_told_of(page_ids):
    """The contributions whose people are told, unasked, of new comments on the pages: where the editor wishes it now.

    Not where the account ended it, under whatever address it had then.
    """
    ended = Subscription.objects.filter(page=OuterRef("page"), user=OuterRef("person__user"), ended_at__isnull=False)
    rows = Contribution.objects.filter(page__in=page_ids, page__discussion_tells_authors=True, person__user__is_active=True)
    return rows.filter(~Exists(ended), person__user__no_mail=None).exclude(person__user__email="")
