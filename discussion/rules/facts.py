"""What rules look at in one comment, each thing found once however many of them ask."""

from dataclasses import dataclass, field
from functools import cached_property

from discussion.models import State
from discussion.rules.addresses import SHORTENERS, Address, addresses_in
from discussion.rules.findings import Case
from discussion.rules.past import Past
from discussion.rules.texts import Word, spaced_out, words_of


@dataclass
class Facts:
    case: Case
    past: Past = field(default_factory=Past)
    shorteners: str = SHORTENERS

    @cached_property
    def words(self) -> list[Word]:
        return words_of(self.case.text)

    @cached_property
    def spaced_out(self) -> list[Word]:
        return spaced_out(self.words, self.case.text)

    @cached_property
    def addresses(self) -> list[Address]:
        """Those that lead away from the site itself."""
        own = {host.lower().removeprefix("www.") for host in self.case.own_hosts}
        return [found for found in addresses_in(self.case.text, self.shorteners) if found.host.removeprefix("www.") not in own]

    @cached_property
    def words_without_addresses(self) -> list[Word]:
        spans = [(found.start, found.end) for found in self.addresses]
        return (
            [word for word in self.words if not any(start <= word.start < end for start, end in spans)] if spans else self.words
        )

    @property
    def is_newcomer(self) -> bool:
        """Whether nothing of the person's is published; not said where nobody is named, as in a trial of a text alone."""
        is_somebody = self.case.person_key or self.case.user_id or self.case.email
        return bool(is_somebody) and self.approved == 0

    @cached_property
    def approved(self) -> int:
        """How many of the person's comments, surely theirs, were published and still are."""
        return sum(
            row.is_sure and row.state == State.PUBLISHED and row.published_at is not None and row.published_at <= self.case.now
            for row in self.past.person
        )
