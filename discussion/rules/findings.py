"""What rules are asked and what they answer, as plain values."""

from dataclasses import dataclass, field
from datetime import datetime

from django.utils import timezone

HOLD, REJECT, NOTHING = "hold", "reject", ""
MOST_SPANS = 50
MOST_QUOTED, LONGEST_QUOTED = 8, 120  # of what was matched, kept with a finding


@dataclass(frozen=True)
class Case:
    """A comment as rules see it. What is not known is left at its default, and rules about it say nothing.

    ``seconds``: between the form's issue and its sending. ``is_proven``: the e-mail address is known to be the
    commenter's. ``language``: of the page, such as ``en-gb``. ``own_hosts``: the site's names, links to which do not count.
    ``comment_id``: of a comment that is stored already, which is not compared with itself.
    """

    text: str
    name: str = ""
    email: str = ""
    page_id: int | None = None
    user_id: int | None = None
    person_key: str = ""
    author_key: str = ""
    network_key: str = ""
    is_proven: bool = False
    seconds: float | None = None
    language: str = ""
    own_hosts: tuple[str, ...] = ()
    comment_id: int | None = None
    now: datetime = field(default_factory=timezone.now)


@dataclass(frozen=True)
class Hit:
    """That a rule fired: the values of which its sentence is made, and where in the text. ``weight``: if not the rule's."""

    detail: dict = field(default_factory=dict)
    spans: list[tuple[int, int]] = field(default_factory=list)
    weight: int | None = None


@dataclass(frozen=True)
class Finding:
    """One rule's word on one comment. ``effect``: what it would come to by itself. ``detail`` holds JSON values only."""

    rule: str
    weight: int
    effect: str = NOTHING
    detail: dict = field(default_factory=dict)
    spans: list[tuple[int, int]] = field(default_factory=list)


@dataclass(frozen=True)
class Verdict:
    """All that the rules found, and what it comes to: ``hold``, ``reject`` or nothing."""

    findings: tuple[Finding, ...] = ()
    effect: str = NOTHING

    @property
    def weight(self) -> int:
        return sum(finding.weight for finding in self.findings)


NO_VERDICT = Verdict()


def quoted(pieces) -> list[str]:
    """``pieces`` of the text, short enough to be kept, each once."""
    return list(dict.fromkeys(shortened(piece) for piece in pieces))[:MOST_QUOTED]


def shortened(piece: str) -> str:
    piece = " ".join(piece.split())
    return piece if len(piece) <= LONGEST_QUOTED else f"{piece[: LONGEST_QUOTED - 1]}…"
