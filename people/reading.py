"""What a request that only reads asks the database once: the same few rows decide about every part of a page.

It lives as long as the request. Whatever may write knows nothing of it, since what it read may not hold any more.
"""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from typing import TypeVar

T = TypeVar("T")

_kept: ContextVar[dict | None] = ContextVar("kept", default=None)


@contextmanager
def reading_once() -> Iterator[None]:
    """While this lasts, ``once`` reads a thing at its first asking only."""
    token = _kept.set({})
    try:
        yield
    finally:
        _kept.reset(token)


def once(name: str, read: Callable[[], T]) -> T:
    """What ``read`` returns; what it returned before, where that was within this request. ``name`` tells things apart."""
    kept = _kept.get()
    if kept is None:
        return read()
    if name not in kept:
        kept[name] = read()
    return kept[name]
