"""One line of the table of figures."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Figure:
    """One line of the table. ``holds`` is None for what has no target and is told for comparison."""

    name: str
    target: str
    measured: str
    holds: bool | None = None
