"""Ban, always hold, trust: what holds for a person or a mail domain before any rule is asked."""

from django.db import transaction
from django.db.models import Q
from django.utils import timezone

from discussion import record
from discussion.models import LogEntry, Treatment
from discussion.persons import domain_of


def treatment_of(subject: str, email: str, now=None) -> Treatment | None:
    """What holds for a person (``persons.subject_of``) who writes as ``email``; their own goes before their domain's."""
    subjects = {subject, domain_of(email)} - {""}
    holding = Treatment.objects.filter(Q(until=None) | Q(until__gt=now or timezone.now()), subject__in=subjects)
    return min(holding, key=lambda row: row.subject != subject, default=None)


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
