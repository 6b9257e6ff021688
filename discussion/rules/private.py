"""Personal details in a text: what should not stand there for everybody to read."""

import re

EMAIL, PHONE, REFERENCE, INSURANCE, BIRTH, ADDRESS = "email", "phone", "reference", "insurance", "birth", "address"

_DOMAIN = re.compile(r"(?:[^\W_](?:[^\W_]|-){0,62}\.){1,8}[^\W\d_]{2,24}")
_OPEN, _CLOSE = r"\s{0,3}[\[({]\s?", r"\s?[\])}]\s{0,3}"
_EMAIL_SPELLED = re.compile(
    rf"(?<![\w.-])\w[\w.+-]{{0,63}}{_OPEN}(?:at|@){_CLOSE}[\w-]{{1,63}}"
    rf"(?:{_OPEN}(?:dot|\.){_CLOSE}|\s{{0,3}}(?:\.|\sdot\s)\s{{0,3}})[a-z]{{2,24}}(?!\w)",
    re.IGNORECASE,
)
# Digits with what people put between them; how many there must be is counted afterwards.
_PHONE = re.compile(
    r"(?<![\w.,/-])(?:\+\s?\d|\(?0[1-9])[\d ().\u00a0-]{6,22}\d(?![\w-])"
    r"|(?<![\w.,/-])(?:\(\d{3}\) ?\d{3}[ .-]|\d{3}[.-]\d{3}[.-])\d{4}(?![\w-])"
)
_NUMBER_OF_A_BOOK = re.compile(r"(?:isbn|issn|doi)(?:-1[03])?\W{0,3}\Z", re.IGNORECASE)
_INSURANCE = re.compile(
    r"(?<!\w)(?![DFIQUV])(?!BG|GB|NK|KN|TN|NT|ZZ)[A-Z](?![DFIOQUV])[A-Z] ?\d{2} ?\d{2} ?\d{2} ?[A-D](?!\w)"
    r"|(?<![\w-])\d{3}-\d{2}-\d{4}(?![\w-])",
    re.IGNORECASE,
)
_HEALTH_NUMBER = re.compile(r"(?<![\w.,+-])\d{3}[ -]?\d{3}[ -]?\d{4}(?![\w-])")
_NUMBERED = r"(?:no|nr|num|number|ref|reference|id)"
_REFERENCE = re.compile(
    r"(?<!\w)(?:case|claim|complaint|court|crime|customer|file|hospital|membership|nhs|patient|passport|policy"
    rf"|ref(?:erence)?|tribunal)(?:\s{{1,2}}{_NUMBERED})?\.?\s{{0,2}}(?:is\s{{1,2}})?([:#]?)\s{{0,2}}"
    r"((?:[A-Z]{1,6}[ /-]?)?[A-Z0-9][A-Z0-9/-]{3,24})(?![\w-])",
    re.IGNORECASE,
)
_IS_NUMBERED = re.compile(rf"{_NUMBERED}\.?\s{{0,2}}(?:is\s{{1,2}})?\Z", re.IGNORECASE)
_YEARS = re.compile(r"(?:19|20)\d\d(?:[/-](?:(?:19|20)\d\d|\d\d))?")
_MONTH = r"(?:jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec)[a-z]{0,6}"
_DAY, _YEAR = r"\d{1,2}(?:st|nd|rd|th)?", r",?\s\d{4}"
_DATE = rf"(?:\d{{1,2}}[./-]\d{{1,2}}[./-]\d{{2,4}}|\d{{4}}-\d\d-\d\d|{_DAY}\s(?:of\s)?{_MONTH}{_YEAR}|{_MONTH}\s{_DAY}{_YEAR})"
_BIRTH = re.compile(
    rf"(?<!\w)(?:born|d\.?o\.?b\.?|date\sof\sbirth|birth\s?da(?:y|te)|geboren|née?\sle)\W{{0,3}}(?:(?:on|is|was|am)\W{{1,3}}){{0,2}}{_DATE}",
    re.IGNORECASE,
)
_STREET = (
    r"(?:street|st|road|rd|avenue|ave|lane|close|drive|terrace|place|crescent|gardens?|grove|way|court|square|hill|row|mews)"
)
_POSTCODE = re.compile(r"(?<!\w)[A-Z]{1,2}\d[A-Z\d]? ?\d[A-Z]{2}(?!\w)")
_HOUSE = re.compile(r"(?<![\w.,/-])\d{1,4}[a-zA-Z]?,?\s[^\d\n]{3,60}\Z")
_STREET_AND_NUMBER = re.compile(rf"(?<![\w.,/-])\d{{1,4}}[a-zA-Z]?,?\s(?:[A-Z][\w'’]{{1,20}}\s){{1,3}}(?i:{_STREET})(?!\w)")


def details_in(text: str, kinds, allowed: str = "") -> list[tuple[int, int, str]]:
    """``(start, end, kind)`` of the details of ``kinds`` in ``text``; not those that stand in the lines of ``allowed``."""
    kinds, spared = set(kinds), {_bare(line) for line in allowed.splitlines() if line.strip()}
    found = [(start, end, kind) for kind, finder in FINDERS.items() if kind in kinds for start, end in finder(text)]
    found = [detail for detail in found if not _is_spared(_bare(text[detail[0] : detail[1]]), spared)]
    kept, end = [], 0
    for detail in sorted(found, key=lambda detail: (detail[0], -detail[1])):
        if detail[0] >= end:
            kept.append(detail)
            end = detail[1]
    return kept


def _bare(text: str) -> str:
    return re.sub(r"[\s().-]", "", text).casefold() if "@" not in text else text.strip().casefold()


def _is_spared(piece: str, spared: set[str]) -> bool:
    return piece in spared or ("@" in piece and f"@{piece.rpartition('@')[2]}" in spared)


def _emails(text):
    for at in _places(text, "@"):
        start = at
        while start > max(0, at - 64) and (text[start - 1].isalnum() or text[start - 1] in "._+-"):
            start -= 1
        domain = _DOMAIN.match(text, at + 1) if start < at else None
        if domain:
            yield start, domain.end()
    yield from (match.span() for match in _EMAIL_SPELLED.finditer(text))


def _places(text, sign):
    place = text.find(sign)
    while place >= 0:
        yield place
        place = text.find(sign, place + 1)


def _phones(text):
    for match in _PHONE.finditer(text):
        digits = sum(character.isdecimal() for character in match.group())
        if 9 <= digits <= 15 and not _is_of_a_book(text, match.start()):
            yield match.span()


def _is_of_a_book(text, start) -> bool:
    return bool(_NUMBER_OF_A_BOOK.search(text, max(0, start - 12), start))


def _references(text):
    for match in _REFERENCE.finditer(text):
        sign, number = match.groups()
        digits = sum(character.isdecimal() for character in number)
        told = bool(sign) or _IS_NUMBERED.search(match.group()[: -len(number)])
        if _YEARS.fullmatch(number) or digits < 4 or not (told or re.search(r"[A-Z]", number)):
            continue
        yield match.span()


def _insurance(text):
    yield from (match.span() for match in _INSURANCE.finditer(text))
    for match in _HEALTH_NUMBER.finditer(text):
        digits = [int(character) for character in match.group() if character.isdecimal()]
        if _is_health_number(digits) and not _is_of_a_book(text, match.start()):
            yield match.span()


def _is_health_number(digits: list[int]) -> bool:
    """Whether the last of ten digits checks the others, as in the numbers of the British health service."""
    check = 11 - sum(digit * (10 - place) for place, digit in enumerate(digits[:9])) % 11
    return check != 10 and check % 11 == digits[9] and len(set(digits)) > 2


def _addresses(text):
    """A house and its street; or a postcode with a number before it on its line."""
    yield from (match.span() for match in _STREET_AND_NUMBER.finditer(text))
    for match in _POSTCODE.finditer(text):
        if house := _HOUSE.search(text, max(0, match.start() - 70), match.start()):
            yield house.start(), match.end()


def _spans(pattern):
    return lambda text: (match.span() for match in pattern.finditer(text))


FINDERS = {
    EMAIL: _emails,
    INSURANCE: _insurance,
    PHONE: _phones,
    REFERENCE: _references,
    BIRTH: _spans(_BIRTH),
    ADDRESS: _addresses,
}
