"""International identifiers of publications: ISBN and DOI."""

import re

from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

DOI_PATTERN = re.compile(r"10\.[0-9]{4,9}/[^\s\"<>#%{}|\\^`]+")


def compact_isbn(value: str) -> str:
    """The ISBN without hyphens and spaces."""
    return re.sub(r"[\s-]", "", value).upper()


def validate_isbn(value: str) -> None:
    """Refuse what is no ISBN-10 or ISBN-13, and say why (ISO 2108: modulus 11, and modulus 10 weighted 1 and 3)."""
    digits = compact_isbn(value)
    if not re.fullmatch(r"\d{13}|\d{9}[\dX]", digits, flags=re.ASCII):
        raise ValidationError(
            _("An ISBN has 13 digits (or 10, the last of which may be X); this has %(n)d characters.") % {"n": len(digits)}
        )
    if len(digits) == 13:
        if not digits.startswith(("978", "979")):
            raise ValidationError(_("An ISBN of 13 digits begins with 978 or 979."))
        expected = str(-sum(int(digit) * (1, 3)[place % 2] for place, digit in enumerate(digits[:12])) % 10)
    else:
        remainder = -sum(int(digit) * (10 - place) for place, digit in enumerate(digits[:9])) % 11
        expected = "X" if remainder == 10 else str(remainder)
    if digits[-1] != expected:
        raise ValidationError(
            _("The check digit does not fit: with these digits it would end in %(expected)s. Is a digit mistyped?")
            % {"expected": expected}
        )


def bare_doi(value: str) -> str:
    """The DOI name alone, from any of the ways in which people paste it (``https://doi.org/…``, ``doi:…``)."""
    return re.sub(r"^(https?://(dx\.)?doi\.org/|doi:\s*)", "", value.strip(), flags=re.IGNORECASE)


def validate_doi(value: str) -> None:
    """Refuse what is no DOI name (ISO 26324: ``10.``, a registrant of 4 to 9 digits, a slash, a suffix)."""
    if not DOI_PATTERN.fullmatch(bare_doi(value)):
        raise ValidationError(_("A DOI looks like 10.1234/abc: the number 10, a full stop, 4 to 9 digits, a slash, and a name."))
