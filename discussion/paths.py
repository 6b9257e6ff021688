"""The materialised path of a comment: where it stands in its page's discussion, as one string that sorts.

A path is six base-36 digits for each ancestor and for the comment itself, so that plain string order is thread
order: parents before their replies, siblings as they came. Writing a comment touches no other path, and any slice of
a discussion is one range of one index. 36**6 is greater than the largest primary key (2**31 - 1).
"""

DIGITS = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ"
WIDTH = 6
LEVELS = 8
PATH_LENGTH = WIDTH * LEVELS


def encode(pk: int) -> str:
    """``pk`` as six base-36 digits. Raises ``ValueError`` when it does not fit."""
    if not 0 < pk < 36**WIDTH:
        raise ValueError(f"{pk} does not fit into a path")
    digits = ""
    for _ in range(WIDTH):
        pk, rest = divmod(pk, 36)
        digits = DIGITS[rest] + digits
    return digits


def branch_bounds(path: str) -> tuple[str, str]:
    """``(first, last)``: every path from first to last, both included, is ``path`` itself or beneath it."""
    return path, path.ljust(PATH_LENGTH, DIGITS[-1])


def ancestors(path: str) -> list[str]:
    """The paths of the comments above, topmost first."""
    return [path[:end] for end in range(WIDTH, len(path), WIDTH)]


def depth(path: str) -> int:
    """0 for the first comment of a thread."""
    return len(path) // WIDTH - 1
