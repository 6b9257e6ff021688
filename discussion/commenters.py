"""What moderators know of somebody who comments: since when, under which names, what became of it, and what holds for them.

All of it within what the moderator looks after: who moderates one section sees there nobody's comments elsewhere.
"""

from dataclasses import dataclass, field
from datetime import datetime

from django.db.models import Count, Max, Min, Q, Window
from django.urls import reverse
from django.utils import timezone

from discussion.models import Note, PageComment, State, Treatment
from discussion.permissions import moderated_by
from discussion.persons import domain_of, subject_of

NOTES_SHOWN = 20
NAMES_SHOWN = 20


@dataclass(frozen=True)
class Commenter:
    """``subject`` as ``persons.subject_of`` makes it; ``counts`` by state, ``treatment`` their own or their domain's."""

    subject: str
    email: str
    first_seen: datetime | None
    confirmed_at: datetime | None
    counts: dict[State, int]
    own_treatment: Treatment | None = None
    domain_treatment: Treatment | None = None
    notes: list[Note] = field(default_factory=list)
    note_count: int = 0

    @property
    def domain(self) -> str:
        return domain_of(self.email)

    @property
    def treatment(self) -> Treatment | None:
        """What holds: their own goes before their domain's."""
        return self.own_treatment or self.domain_treatment

    @property
    def treatments(self) -> list[Treatment]:
        return [row for row in (self.own_treatment, self.domain_treatment) if row]

    @property
    def counts_in_words(self) -> list[tuple[str, int]]:
        """``[("published", 12)]``: the states in which there are any."""
        return [(state.label.lower(), count) for state, count in self.counts.items() if count]

    @property
    def is_confirmed(self) -> bool:
        """Whether they have shown that the address is theirs, by a mail or by signing in."""
        return self.confirmed_at is not None


def comments_by(subject: str, user):
    """The comments of ``subject`` that ``user`` moderates."""
    whose = Q(person_key="", user_id=int(subject[5:])) if subject.startswith("user:") else Q(person_key=subject)
    return PageComment.objects.filter(whose).filter(moderated_by(user))


def commenter(subject: str, user) -> Commenter:
    """What ``user`` may know of ``subject``, in three queries; of nobody there is nothing."""
    states = {state.value: Count("pk", filter=Q(state=state)) for state in State}
    seen = {"first_seen": Min("submitted_at"), "confirmed_at": Max("confirmed_at"), "email": Max("user_email")}
    found = comments_by(subject, user).order_by().aggregate(**states, **seen) if subject else dict.fromkeys(seen)
    email = found["email"] or ""
    own, of_domain = _treatments(subject, domain_of(email))
    notes, note_count = _notes(subject)
    return Commenter(
        subject=subject,
        email=email,
        first_seen=found["first_seen"],
        confirmed_at=found["confirmed_at"],
        counts={state: found.get(state.value, 0) for state in State},
        own_treatment=own,
        domain_treatment=of_domain,
        notes=notes,
        note_count=note_count,
    )


def person_card(comment: PageComment, user) -> dict:
    """The writer of ``comment`` for ``discussion/admin/person_card.html``, in three queries.

    One more for who moderates sections only, once a request.
    """
    subject = subject_of(comment)
    url = reverse("discussion_person", args=[subject]) if subject else ""
    return {"commenter": commenter(subject, user), "name": comment.user_name, "url": url}


def _treatments(subject: str, domain: str) -> tuple[Treatment | None, Treatment | None]:
    holding = Treatment.objects.filter(Q(until=None) | Q(until__gt=timezone.now()), subject__in={subject, domain} - {""})
    found = {row.subject: row for row in holding}
    return found.get(subject), found.get(domain)


def _notes(subject: str) -> tuple[list[Note], int]:
    notes = list(Note.objects.filter(person=subject).annotate(of=Window(Count("pk")))[:NOTES_SHOWN]) if subject else []
    return notes, notes[0].of if notes else 0


def names_of(subject: str, user) -> list[tuple[str, int]]:
    """``[(name, comments under it)]``, the most used first."""
    rows = comments_by(subject, user).order_by().values_list("user_name").annotate(times=Count("pk"))
    return list(rows.order_by("-times", "user_name")[:NAMES_SHOWN])
