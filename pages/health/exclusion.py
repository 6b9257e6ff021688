"""What a robots.txt lets a program ask for: the Robots Exclusion Protocol (RFC 9309), and the customary ``Crawl-delay``.

Read by code of our own, since anybody may have written the file: nothing in it raises, and time and memory grow with its
length alone. Python's reader takes the first rule that fits, not the longest, knows no wildcards and breaks off at odd
numbers; Protego keeps each rule once for every program above it, a gigabyte for 80 kilobytes.
"""

import re
from dataclasses import dataclass, field
from string import ascii_letters, digits
from urllib.parse import quote

_UNRESERVED = frozenset(f"{ascii_letters}{digits}-._~")  # which mean the same whether escaped or not
_RESERVED = "%/?:@!&'()+,;=[]"  # which do not; without the two that patterns use
_ESCAPED = re.compile(r"%[0-9A-Fa-f]{2}")
_PRODUCT = re.compile(r"[A-Za-z_-]+|\*")
_SECONDS = re.compile(r"\d+(\.\d+)?", re.ASCII)


@dataclass
class Rules:
    """What one program may do. ``patterns``: each with whether what it fits is allowed."""

    patterns: list[tuple[str, bool]] = field(default_factory=list)
    delay: float = 0.0  # seconds between two requests

    def add(self, name: str, value: str) -> None:
        if name == "crawl-delay":
            self.delay = max(self.delay, float(value)) if _SECONDS.fullmatch(value) else self.delay
        elif value:
            end = "$" if value.endswith("$") else ""
            self.patterns.append((f"{_compared(value.removesuffix('$'), '*')}{end}", name == "allow"))

    def allow(self, target: str) -> bool:
        """Whether ``target``, a path with its query, may be asked for: the longest pattern decides, of equal ones a kind one."""
        ended = f"{_compared(target)}$"
        fitting = ((len(pattern), allows) for pattern, allows in self.patterns if _fits(pattern, ended))
        return max(fitting, default=(0, True))[1]


def rules_for(product: str, text: str) -> Rules:
    """What ``text``, a robots.txt, says to the program ``product``; what it says to all where it does not name that one."""
    found, named = {product.lower(): Rules(), "*": Rules()}, {"*"}
    group, is_open = set(), False
    for line in text.removeprefix("\ufeff").splitlines():
        name, _colon, value = (part.strip() for part in line.partition("#")[0].partition(":"))
        name = name.lower()
        if name == "user-agent":
            group, is_open = group if is_open else set(), True
            program = _PRODUCT.match(value)
            group |= {program[0].lower()} & set(found) if program else set()
            named |= group
        elif name in {"allow", "disallow", "crawl-delay"}:
            is_open = False
            for program in group:
                found[program].add(name, value)
    return found[product.lower() if product.lower() in named else "*"]


def _compared(path: str, kept: str = "") -> str:
    """``path`` with everything escaped that RFC 9309 compares in its escaped form; ``kept`` stays as it is."""
    return quote(_ESCAPED.sub(_unescaped, path), safe=_RESERVED + kept)


def _unescaped(escape: re.Match) -> str:
    letter = chr(int(escape[0][1:], 16))
    return letter if letter in _UNRESERVED else escape[0].upper()


def _fits(pattern: str, ended: str) -> bool:
    """Whether ``pattern`` fits the beginning of a target, after which stands the sign for the end."""
    first, *rest = pattern.split("*")
    if not ended.startswith(first):
        return False
    at = len(first)
    for part in rest:
        found = ended.find(part, at)
        if found < 0:
            return False
        at = found + len(part)
    return True
