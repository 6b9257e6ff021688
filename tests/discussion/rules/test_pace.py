"""No text, however it is made, takes long: the time grows with its length and not faster."""

import time

import pytest

from discussion.rules.assessing import verdict_on
from discussion.rules.facts import Facts
from discussion.rules.findings import Case
from discussion.rules.likeness import runs_of
from discussion.rules.past import Past
from tests.discussion.rules.judging import DEFAULT, with_options

LONGEST = 10_000
ORDINARY = "The tariff of 1871, as Ada Person says, was no cause of it; see https://x.example/a and the chapter on harbours. "
HARD = {
    "ordinary": ORDINARY,
    "letters": "a",
    "short words": "a ",
    "dots": "a.",
    "hyphens": "a-",
    "at signs": "a@",
    "schemes": "http:",
    "slashes": "http:/",
    "digits": "0",
    "pairs of digits": "01 ",
    "houses": "12 Aa Aa ",
    "marks": "\u0316\u0301",
    "exclamations": "! ?",
    "cases": "case no. ",
    "births": "born on ",
    "brackets": "([",
    "invisible": "a\u200b",
    "ideographs": "中",
    "blanks": " \n",
    "spelled": "a dot ",
    "spaced": "a b.c ",
    "two scripts": "\u0430b",
    "quotations": "> a\n",
    "stars": "*a",
}
LISTED = with_options("banned", words="\n".join(f"*w{number}*rd*" for number in range(100)))


def seconds_for(text: str, configuration=DEFAULT) -> float:
    """Processor time, the least of three: other programs run beside the tests."""
    taken = []
    for _time in range(3):
        begun = time.thread_time()
        verdict_on(Facts(Case(text, email="a@readers.example"), Past(runs=runs_of(text))), configuration)
        taken.append(time.thread_time() - begun)
    return min(taken)


@pytest.mark.parametrize("name", HARD)
def test_time_grows_with_the_length_of_the_text(name):
    piece = HARD[name]
    half, whole = ((piece * LONGEST)[:length] for length in (LONGEST // 4, LONGEST))
    short, long = seconds_for(half), seconds_for(whole)
    assert long < max(9 * short, 0.02), "four times the length, about four times the time"


def test_ordinary_text_of_the_greatest_length_takes_as_long_as_four_of_a_quarter():
    quarter, whole = ((ORDINARY * LONGEST)[:length] for length in (LONGEST // 4, LONGEST))
    assert seconds_for(whole) < max(9 * seconds_for(quarter), 0.02)


def test_a_list_four_times_as_long_takes_about_four_times_as_long():
    text = " ".join(f"w{number}rd" for number in range(1800))[:LONGEST]
    short = with_options("banned", words="\n".join(f"*w{number}*rd*" for number in range(25)))
    assert seconds_for(text, LISTED) < max(9 * seconds_for(text, short), 0.02)
