"""Addresses in a text, of any shape in which people and programs write them, and what is odd about each.

Every pattern begins where no word goes on before it and has bounds, so that the time grows with the length of the text.
"""

import re
from dataclasses import dataclass

from discussion.rules.texts import LOOKALIKES, scripts_of, word_set

PLAIN = ""
MALFORMED, DISGUISED, SPELLED, SHORTENED, LOOKALIKE = "malformed", "disguised", "spelled", "shortened", "lookalike"

SHORTENERS = (
    "bit.ly bl.ink buff.ly cutt.ly goo.gl is.gd lnkd.in ow.ly rb.gy rebrand.ly s.id shorturl.at t.co t.ly tiny.cc tinyurl.com "
    "v.gd wa.me"
)

# Endings by which a name without a scheme or a path is taken for a host, in any capitals and in small letters only. Endings
# that are words as well (“it”, “me”, “so”) are left out: after a forgotten space they would make hosts of sentences.
_GENERIC = {"com", "net", "org", "info", "biz"}
_ENDINGS = word_set(
    """
    ac app art asia blog bond cam casino cc chat cheap click club cn co cloud company cyou de design dev digital email
    es eu example expert fi finance fit fr fun fund gl gov ie io ir jp kr link live loan ltd ly mobi mx network news
    ng nl nz one online page pk pl press pro rocks ru sale se services shop site space store stream su support team
    tech tk today tools top tv tw ua uk vip wang watch website win work world ws xxx xyz za zone рф бг укр ai ar au br
    ca ch cz dk gr hk hu ro sk tr
    """
)
_NO_HOSTS = {"asp.net", "ado.net", "vb.net"}
_NOT_BEFORE_DOT = word_set(
    """
    a an and any every first in is most my of old or our that the their this was your
    """
)
_NOT_AFTER_DOT = r"(?!\s{1,3}(?:boom|bubble|bust|business|compan|crash|era|firm|industr|start|stock|world|year))"

_END = r"[^\s<>\"“”«»]"
_LABEL = r"[^\W_](?:[^\W_]|-(?=[\w-])){0,62}"
_SCHEME = re.compile(rf"(?<![^\W_])(h(?:tt|xx)ps?|ftp)(\s?:\s?[/\\]{{1,6}}\s?|:)(?=[^\W_]){_END}{{3,2000}}", re.IGNORECASE)
_BARE = re.compile(
    rf"(?<![\w@./:\\-])(?:{_LABEL}\.){{1,10}}([^\W\d_]{{2,24}}|xn--[a-z0-9-]{{2,59}})(?![\w@-])(?::\d{{1,5}})?(/{_END}{{0,2000}})?"
)
_DOT = r"(?:\s{0,3}[\[({<]\s?(?:dot|\.)\s?[\])}>]\s{0,3}|\s{1,3}(?:dot|DOT|Dot)\s{1,3}|\s{1,3}\.\s{0,3})"
_SPELLED = re.compile(
    rf"(?<![\w.@-])([^\W_][\w-]{{0,62}}){_DOT}(com|net|org|info|biz|ru|xyz|shop|top|club|online|site|example|COM|NET|ORG)(?![\w-])"
    rf"{_NOT_AFTER_DOT}(?:\s?/{_END}{{0,500}})?"
)
_HOST = re.compile(r"(?:[^\W_](?:[^\W_]|-){0,62}\.)+(?:[^\W\d_]{2,24}|xn--[a-z0-9-]{2,59})\.?|(?:\d{1,3}\.){3}\d{1,3}")


@dataclass(frozen=True)
class Address:
    """``oddity``: what is odd about it, or nothing. ``host`` in small letters, as far as there is one."""

    start: int
    end: int
    text: str
    host: str
    oddity: str = PLAIN


def addresses_in(text: str, shorteners: str = SHORTENERS) -> list[Address]:
    """The addresses of hosts in ``text``, in their order; e-mail addresses are none."""
    short = set(shorteners.lower().split())
    found = [_with_scheme(match, short) for match in _SCHEME.finditer(text)] if ":" in text else []
    if "." in text:
        found += [_bare(match, short) for match in _BARE.finditer(text)]
    found += [_spelled(match) for match in _SPELLED.finditer(text)]
    kept, end = [], 0
    for address in sorted(filter(None, found), key=lambda address: (address.start, -address.end)):
        if address.start >= end:
            kept.append(address)
            end = address.end
    return kept


def _made(match, host, oddity, short) -> Address:
    piece = match.group().rstrip(".,;:!?)]}'’*_…")
    host = host.lower().rstrip(".")
    if oddity == PLAIN:
        if _imitates(host):
            oddity = LOOKALIKE
        elif host.removeprefix("www.") in short:
            oddity = SHORTENED
    return Address(match.start(), match.start() + len(piece), piece, host, oddity)


def _with_scheme(match, short) -> Address | None:
    scheme, separator = match.group(1).lower(), match.group(2)
    rest = match.group()[len(match.group(1)) + len(separator) :]
    host = re.split(r"[/\\?#:]", rest.rpartition("@")[2] if "@" in rest.split("/")[0] else rest, maxsplit=1)[0]
    host = host.rstrip(".,;!?)]}'’*_…")
    is_host = bool(_HOST.fullmatch(host))
    if "/" not in separator and "\\" not in separator and not is_host:
        return None  # “http: the protocol”
    if "xx" in scheme:
        return _made(match, host, DISGUISED, short)
    return _made(match, host, PLAIN if separator == "://" and is_host else MALFORMED, short)


def _bare(match, short) -> Address | None:
    host = match.group().partition("/")[0].partition(":")[0]
    ending, path = match.group(1), match.group(2)
    if host.lower() in _NO_HOSTS:
        return None
    known = ending.lower() in _GENERIC or ending in _ENDINGS or (ending.lower() in _ENDINGS and host.isupper())
    is_host = host[:4].lower() == "www." or ending.startswith("xn--") or known or (path and ending.islower())
    return _made(match, host, PLAIN, short) if is_host else None


def _spelled(match) -> Address | None:
    name, ending = match.group(1), match.group(2)
    if name.lower() in _NOT_BEFORE_DOT:
        return None
    piece = match.group().rstrip(".,;:!?)'’")
    return Address(match.start(), match.start() + len(piece), piece, f"{name}.{ending}".lower(), SPELLED)


def _imitates(host: str) -> bool:
    """Whether ``host`` is, or may be, written with letters that look like others."""
    if host.isascii():
        return any(label.startswith("xn--") for label in host.split("."))
    for label in host.split("."):
        scripts = scripts_of(label)
        if len(scripts - {"HIRAGANA", "KATAKANA", "CJK"}) > 1:
            return True
        letters = [letter for letter in label if letter.isalpha()]
        if scripts in ({"CYRILLIC"}, {"GREEK"}) and all(ord(letter) in LOOKALIKES for letter in letters):
            return True
    return False
