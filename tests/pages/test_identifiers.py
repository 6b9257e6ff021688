"""ISBN and DOI: what is accepted, what is refused, and the reason the editor reads."""

import pytest
from django.core.exceptions import ValidationError

from pages.identifiers import bare_doi, compact_isbn, validate_doi, validate_isbn

WRONG_LENGTH = "An ISBN has 13 digits (or 10, the last of which may be X); this has {} characters."
WRONG_START = "An ISBN of 13 digits begins with 978 or 979."
WRONG_CHECK = "The check digit does not fit: with these digits it would end in {}. Is a digit mistyped?"
WRONG_DOI = "A DOI looks like 10.1234/abc: the number 10, a full stop, 4 to 9 digits, a slash, and a name."


def reasons(validate, value) -> list[str]:
    try:
        validate(value)
    except ValidationError as error:
        return error.messages
    return []


@pytest.mark.parametrize(
    "value",
    [
        "9781999999025",
        "978-1-999999-02-5",
        "978 1 999999 02 5",
        "9790000000001",
        "0306406152",
        "0-306-40615-2",
        "080442957X",
        "080442957x",
        "0000000000",
    ],
)
def test_valid_isbn_is_accepted_however_it_is_spaced(value):
    assert reasons(validate_isbn, value) == []


@pytest.mark.parametrize(
    ("value", "reason"),
    [
        ("", WRONG_LENGTH.format(0)),
        ("978199999902", WRONG_LENGTH.format(12)),
        ("97819999990255", WRONG_LENGTH.format(14)),
        ("97819999X9025", WRONG_LENGTH.format(13)),
        ("X306406152", WRONG_LENGTH.format(10)),
        ("ISBN 9781999999025", WRONG_LENGTH.format(17)),
        ("٩٧٨١٩٩٩٩٩٩٠٢٥", WRONG_LENGTH.format(13)),
        ("٠٨٠٤٤٢٩٥٧X", WRONG_LENGTH.format(10)),
        ("9771999999028", WRONG_START),
        ("9781999999026", WRONG_CHECK.format("5")),
        ("9781999999052", WRONG_CHECK.format("6")),
        ("0306406153", WRONG_CHECK.format("2")),
        ("0804429570", WRONG_CHECK.format("X")),
        ("030640615X", WRONG_CHECK.format("2")),
    ],
)
def test_invalid_isbn_is_refused_with_the_reason(value, reason):
    assert reasons(validate_isbn, value) == [reason]


@pytest.mark.parametrize("place", range(12))
@pytest.mark.parametrize("added", range(1, 10))
def test_any_single_mistyped_digit_of_an_isbn_is_noticed(place, added):
    digits = list("9781999999025")
    digits[place] = str((int(digits[place]) + added) % 10)
    assert reasons(validate_isbn, "".join(digits)) != []


def test_compact_isbn_drops_hyphens_and_spaces():
    assert compact_isbn(" 0-8044 2957-x ") == "080442957X"


@pytest.mark.parametrize(
    ("pasted", "name"),
    [
        ("10.55555/map.2026", "10.55555/map.2026"),
        ("https://doi.org/10.55555/map.2026", "10.55555/map.2026"),
        ("http://dx.doi.org/10.55555/map.2026", "10.55555/map.2026"),
        ("HTTPS://DOI.ORG/10.55555/MAP", "10.55555/MAP"),
        ("doi:10.55555/map", "10.55555/map"),
        ("DOI: 10.55555/map", "10.55555/map"),
        ("  10.55555/map  ", "10.55555/map"),
        ("10.1234/a/b;c(d)-e_f:g", "10.1234/a/b;c(d)-e_f:g"),
        ("10.123456789/x", "10.123456789/x"),
    ],
)
def test_doi_is_accepted_in_the_forms_in_which_it_is_pasted(pasted, name):
    assert reasons(validate_doi, pasted) == []
    assert bare_doi(pasted) == name


@pytest.mark.parametrize(
    "value",
    [
        "",
        "10.55555",
        "10.55555/",
        "10.123/abc",
        "10.1234567890/abc",
        "11.1234/abc",
        "10.1234/a b",
        '10.1234/a"b',
        "10.1234/<script>",
        "10.1234/abc#part",
        "https://example.org/10.1234/abc",
        "javascript:10.1234/abc",
        "10.١٢٣٤/abc",
    ],
)
def test_what_is_no_doi_is_refused_with_the_form_it_should_have(value):
    assert reasons(validate_doi, value) == [WRONG_DOI]
