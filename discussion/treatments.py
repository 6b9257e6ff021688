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
        before = Treatment.objects.select_for_update().filter(subject=subject).first()
        values = {"kind": kind, "until": until, "reason": reason, "by": by, "by_name": str(by)[:150], "at": timezone.now()}
        treatment, _created = Treatment.objects.update_or_create(subject=subject, defaults=values)
        record.write(LogEntry.Action.TREAT, by=by, reason=reason, **_named(subject, about, before, treatment))
    return treatment


def treat_each(subjects: dict[str, str], kind: Treatment.Kind, *, by, since, until=None, reason: str = "") -> set[str]:
    """As ``treat``, for many: ``{subject: how the record calls them}``; those for whom it holds now.

    Left alone: for whom somebody else decided after ``since``, when the moderator chose them. Nothing is noted where the
    same holds already. In as many queries for many as for one.
    """
    values = {"kind": kind, "until": until, "reason": reason, "by": by, "by_name": str(by)[:150], "at": timezone.now()}
    with transaction.atomic():
        holding = {row.subject: row for row in Treatment.objects.select_for_update().filter(subject__in=subjects)}
        late = {subject for subject, row in holding.items() if row.at > since and row.by_id != by.pk}
        fresh = [Treatment(subject=subject, **values) for subject in subjects if subject not in late]
        told = [row for row in fresh if _as_data(holding.get(row.subject)) != _as_data(row)]
        Treatment.objects.bulk_create(
            told, batch_size=500, update_conflicts=True, unique_fields=["subject"], update_fields=list(values)
        )
        noted = [_named(row.subject, subjects[row.subject], holding.get(row.subject), row) for row in told]
        record.write_each(LogEntry.Action.TREAT, noted, by=by, reason=reason)
    return set(subjects) - late


def end_treatment(subject: str, *, by, about: str, reason: str = "") -> bool:
    """Let nothing more hold for ``subject``; whether something did."""
    with transaction.atomic():
        treatment = Treatment.objects.select_for_update().filter(subject=subject).first()
        if treatment is None:
            return False
        treatment.delete()
        record.write(LogEntry.Action.END_TREATMENT, by=by, reason=reason, **_named(subject, about, treatment, None))
    return True


def _named(subject, about, before, after) -> dict:
    """What the record says of a treatment that took the place of another."""
    person = "" if subject.startswith("@") else subject
    return {"person": person, "about": about, "before": _as_data(before), "after": _as_data(after)}


def _as_data(treatment) -> dict | None:
    if treatment is None:
        return None
    return {"treatment": treatment.kind, "until": treatment.until.isoformat() if treatment.until else ""}
