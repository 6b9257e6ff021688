"""The shape of a discussion before it is written: who answers whom, at which depth, in which state."""

from dataclasses import dataclass, field

from discussion.models import State
from discussion.paths import LEVELS

# Of comments that nobody answers, outside the largest thread: what moderators still have before them, or turned away.
HELD_SHARE = {State.PENDING: 0.03, State.SPAM: 0.02}
NEAR_THE_TOP = 40
RECENT = 30
NEW_THREAD = 0.3


@dataclass
class Shape:
    """One discussion. Lists run parallel, by the order of writing; ``parents`` holds places in them, None for a root."""

    parents: list = field(default_factory=list)
    depths: list = field(default_factory=list)
    states: list = field(default_factory=list)

    def add(self, parent: int | None, state=State.PUBLISHED):
        self.parents.append(parent)
        self.depths.append(0 if parent is None else min(self.depths[parent] + 1, LEVELS - 1))
        self.states.append(state)

    def __len__(self):
        return len(self.parents)


def thread(size: int, chance) -> Shape:
    """One thread of ``size`` published comments at all depths: much is said to its beginning, much to the newest."""
    shape = Shape()
    for number in range(size):
        shape.add(_answered(number, chance) if number else None)
    return shape


def _answered(number: int, chance) -> int:
    draw = chance.random()
    if draw < 0.1:
        return 0
    if draw < 0.35:
        return chance.randrange(min(number, NEAR_THE_TOP))
    if draw < 0.6:
        return chance.randrange(max(0, number - RECENT), number)
    return chance.randrange(number)


def discussion(size: int, chance) -> Shape:
    """Several threads of together ``size`` comments; the share of ``HELD_SHARE`` is not published."""
    shape = Shape()
    open_to_replies = []
    for number in range(size):
        replies = open_to_replies and chance.random() > NEW_THREAD
        state = _state(chance)
        shape.add(chance.choice(open_to_replies[-RECENT:]) if replies else None, state)
        if state == State.PUBLISHED:
            open_to_replies.append(number)
    return shape


def _state(chance) -> State:
    draw = chance.random()
    for state, share in HELD_SHARE.items():
        if draw < share:
            return state
        draw -= share
    return State.PUBLISHED


def spread(total: int, places: int, chance) -> list[int]:
    """``total`` in ``places`` parts, unevenly, as comments fall on pages: the first get most, the last may get none."""
    parts = [0] * places
    for _ in range(total if places else 0):
        parts[int(places * chance.random() ** 2)] += 1
    return parts
