"""Ban, always hold, trust: what holds for a person or a mail domain before any rule is asked."""

from django.db import transaction
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy

from discussion import record
from discussion.models import LogEntry, Treatment
from discussion.persons import domain_of

BANNED = gettext_lazy("You can no longer comment here. A moderator has decided so.")
# Where anybody gets an address: to treat such a domain is to treat very many who have nothing to do with one another.
FREE_MAIL = frozenset(
    {
        "@163.com",
        "@126.com",
        "@aol.com",
        "@btinternet.com",
        "@fastmail.com",
        "@free.fr",
        "@freenet.de",
        "@gmail.com",
        "@gmx.at",
        "@gmx.com",
        "@gmx.de",
        "@gmx.net",
        "@googlemail.com",
        "@hey.com",
        "@hotmail.co.uk",
        "@hotmail.com",
        "@hotmail.fr",
        "@icloud.com",
        "@laposte.net",
        "@libero.it",
        "@live.co.uk",
        "@live.com",
        "@mac.com",
        "@mail.com",
        "@mail.ru",
        "@me.com",
        "@msn.com",
        "@ntlworld.com",
        "@orange.fr",
        "@outlook.com",
        "@pm.me",
        "@posteo.de",
        "@proton.me",
        "@protonmail.com",
        "@qq.com",
        "@seznam.cz",
        "@sky.com",
        "@t-online.de",
        "@talktalk.net",
        "@tuta.com",
        "@tutanota.com",
        "@virginmedia.com",
        "@wanadoo.fr",
        "@web.de",
        "@wp.pl",
        "@yahoo.co.uk",
        "@yahoo.com",
        "@yahoo.fr",
        "@yandex.ru",
        "@ymail.com",
        "@zoho.com",
    }
)


def treatment_of(subject: str, email: str, now=None) -> Treatment | None:
    """What holds for a person (``persons.subject_of``) who writes as ``email``; their own goes before their domain's."""
    subjects = {subject, domain_of(email)} - {""}
    holding = Treatment.objects.filter(Q(until=None) | Q(until__gt=now or timezone.now()), subject__in=subjects)
    return min(holding, key=lambda row: row.subject != subject, default=None)


def believed(treatment: Treatment | None, *, is_proven: bool) -> Treatment | None:
    """``treatment``, unless it is trust and the address may be anybody's: else whoever knows it would be trusted too."""
    return None if treatment and treatment.kind == Treatment.Kind.TRUST and not is_proven else treatment


def is_ban(treatment: Treatment | None) -> bool:
    return bool(treatment) and treatment.kind == Treatment.Kind.BAN


def treat(subject: str, kind: Treatment.Kind, *, by, about: str, until=None, reason: str = "") -> Treatment:
    """Let ``kind`` hold for ``subject`` from now on, in place of what held before. ``about``: how the record calls them."""
    with transaction.atomic():
        before = _as_data(Treatment.objects.select_for_update().filter(subject=subject).first())
        values = {"kind": kind, "until": until, "reason": reason, "by": by, "by_name": str(by)[:150], "at": timezone.now()}
        treatment, _created = Treatment.objects.update_or_create(subject=subject, defaults=values)
        _write(LogEntry.Action.TREAT, subject, by, about, reason, before, _as_data(treatment))
    return treatment


def end_treatment(subject: str, *, by, about: str, reason: str = "") -> bool:
    """Let nothing more hold for ``subject``; whether something did."""
    with transaction.atomic():
        treatment = Treatment.objects.select_for_update().filter(subject=subject).first()
        if treatment is None:
            return False
        treatment.delete()
        _write(LogEntry.Action.END_TREATMENT, subject, by, about, reason, _as_data(treatment), None)
    return True


def _write(action, subject, by, about, reason, before, after) -> None:
    person = "" if subject.startswith("@") else subject
    record.write(action, by=by, person=person, about=about, reason=reason, before=before, after=after)


def _as_data(treatment) -> dict | None:
    if treatment is None:
        return None
    return {"treatment": treatment.kind, "until": treatment.until.isoformat() if treatment.until else ""}
