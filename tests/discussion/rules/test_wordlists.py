"""What moderators may type into a list of words, and what they are told."""

import pytest
from django.core.exceptions import ValidationError

from discussion.rules.wordlists import checked

BROKEN = [
    ("*", "needs three letters"),
    ("a*", "needs three letters"),
    ("*ab*", "needs three letters"),
    ("a*b*c*d*e", "at most three"),
    ("#", "a number alone"),
    ("???", "there is no word in it"),
    ("xx: word", "there is no language “xx”"),
    ("w" * 101, "at most 100 characters"),
    ("good\nbad\na*", "“a*”"),
]


@pytest.mark.parametrize(("text", "error"), BROKEN)
def test_a_line_that_cannot_be_meant_is_named(text, error):
    with pytest.raises(ValidationError, match=error.replace("*", r"\*").replace("?", r"\?")):
        checked(text)


def test_lists_have_a_limit():
    with pytest.raises(ValidationError, match="at most 1000 lines"):
        checked("\n".join(f"word{number}" for number in range(1001)))
    with pytest.raises(ValidationError, match="At most 100 lines"):
        checked("\n".join(f"*word{number}" for number in range(101)))


def test_lines_are_kept_as_typed_without_blank_and_repeated_ones():
    assert checked(" one  two \r\n\r\nfr: été\none two\nabc*\n50 % off\n") == "one two\nfr: été\nabc*\n50 % off"
