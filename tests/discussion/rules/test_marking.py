"""A text with what was matched marked: escaped, whole, and each place once."""

import random

from discussion.rules.findings import Finding
from discussion.rules.marking import marked, segments


def finding(*spans, rule="links"):
    return Finding(rule, 1, spans=list(spans))


def test_what_was_matched_is_marked_with_the_name_of_the_rule_and_everything_is_escaped():
    assert marked("<b> & 'http:/y'", [finding((6, 15))]) == '&lt;b&gt; &amp; <mark title="Links">&#x27;http:/y&#x27;</mark>'


def test_overlapping_places_are_marked_once_with_all_their_rules():
    found = [finding((0, 5)), finding((3, 8), rule="odd_links"), finding((10, 12), (10, 11))]
    pieces = [(segment.text, segment.title) for segment in segments("0123456789abcdef", found)]
    assert pieces == [("01234567", "Links, Disguised links"), ("89", ""), ("ab", "Links"), ("cdef", "")]


def test_places_that_the_text_no_longer_has_are_passed_over():
    assert marked("abc", [finding((2, 9), (7, 9), (-3, 1), (2, 1))]) == (
        '<mark title="Links">a</mark>b<mark title="Links">c</mark>'
    )


def test_a_rule_that_is_no_more_is_called_by_its_bare_name():
    assert marked("abc", [finding((0, 3), rule="former")]) == '<mark title="former">abc</mark>'


def test_pieces_always_make_up_the_text():
    dice = random.Random(7)
    for _ in range(300):
        text = "".join(dice.choices("ab<&\u0301👩\n", k=dice.randrange(30)))
        spans = [(dice.randrange(-2, 32), dice.randrange(-2, 32)) for _ in range(dice.randrange(6))]
        pieces = segments(text, [finding(*spans)])
        assert "".join(piece.text for piece in pieces) == text
        assert all(piece.text for piece in pieces)


def test_what_is_marked_is_read_in_the_direction_in_which_it_leads():
    typed = "\u202eSee https://x.example/moc.knab\u2066 a" + "\u0301" * 30
    assert marked(typed, [finding((5, 31))]) == ('See <mark title="Links">https://x.example/moc.knab</mark> a' + "\u0301" * 6)
