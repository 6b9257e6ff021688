"""Sentences with gaps: what administrators may write, and what becomes of it."""

import pytest
from django.core.exceptions import ValidationError
from django.utils import translation

from pages.sentences import GAPS, Sentence, check_sentence, filled, fitting, listed

KNOWN = ", ".join(f"{{{name}}}" for name in GAPS)
PAIR = "Put one pair of square brackets at most around the words that lead to the page."
NOWHERE = "Nothing leads to the page. Use {title} or {interviewees}, or put the words that lead there in [ ]."
BRACE = "A brace stands alone. Write a gap as {title}."
EACH = "Several pages need a link each: use {title} or {interviewees}, without brackets."
SET = "Put the words that lead to the set in brackets. The one gap is {number}: Read [all talks] ({number})."


@pytest.mark.parametrize(
    ("sentence", "use", "error"),
    [
        ("Watch {speakers}’s interviews with {interviewees}", {}, None),
        ("Find out more about [our work on {topic}]", {}, None),
        ("See [{title}’s profile]", {}, None),
        ("Watch {spekers}’s talk: {title}", {}, f"“{{spekers}}” is not known. Known are: {KNOWN}."),
        ("Watch {}: {title}", {}, f"“{{}}” is not known. Known are: {KNOWN}."),
        ("Watch {title.__class__}", {}, f"“{{title.__class__}}” is not known. Known are: {KNOWN}."),
        ("Watch {speakers} now", {}, NOWHERE),
        ("Watch {title", {}, BRACE),
        ("Watch title}", {}, BRACE),
        ("Watch [this and [that]]", {}, PAIR),
        ("Watch [this] or [that]", {}, PAIR),
        ("Watch ]this[", {}, PAIR),
        ("Watch [this", {}, "A square bracket is not closed."),
        ("Watch the talks {title}", {"several": True}, None),
        ("Watch [the talks] of {speakers}", {"several": True}, EACH),
        ("Watch [{title}]", {"several": True}, EACH),
        ("Read [the individual interviews] ({number})", {"whole": True}, None),
        ("Read the individual interviews ({number})", {"whole": True}, SET),
        ("Read [{title}]", {"whole": True}, SET),
    ],
)
def test_sentence_that_cannot_be_filled_or_leads_nowhere_is_refused(sentence, use, error):
    if error is None:
        check_sentence(sentence, **use)
        return
    with pytest.raises(ValidationError) as caught:
        check_sentence(sentence, **use)
    assert caught.value.messages == [error]


@pytest.mark.parametrize(
    ("sentence", "html"),
    [
        ("Watch {speakers}’s talk: {title}", 'Watch A &lt;b&gt;’s talk: <a href="/t/?a=1&amp;b">T &amp; U</a>'),
        ("Find out about [our work on {topic}].", 'Find out about <a href="/t/?a=1&amp;b">our work on floods</a>.'),
        ("See [{title}’s <i>profile</i>]", 'See <a href="/t/?a=1&amp;b">T &amp; U’s &lt;i&gt;profile&lt;/i&gt;</a>'),
    ],
)
def test_sentence_is_filled_and_everything_in_it_escaped(sentence, html):
    assert filled(sentence, [("/t/?a=1&b", {"speakers": "A <b>", "title": "T & U", "topic": "floods"})]) == html


def test_each_of_several_pages_has_a_link_of_its_own():
    ends = [(f"/{name}/", {"interviewees": name, "interviewers": "Ada"}) for name in ("Ben", "Cleo", "Dan")]
    assert filled("Read {interviewers}’s interviews with {interviewees}", ends) == (
        'Read Ada’s interviews with <a href="/Ben/">Ben</a>, <a href="/Cleo/">Cleo</a> and <a href="/Dan/">Dan</a>'
    )


@pytest.mark.parametrize(("names", "text"), [([], ""), (["A"], "A"), (["A", "B"], "A and B"), (["A", "B", "C"], "A, B and C")])
def test_names_are_listed(names, text):
    assert listed(names) == text


def test_first_sentence_whose_gaps_can_all_be_filled_is_used_and_the_houses_own_otherwise():
    own = [Sentence("Hear {speakers}: {title}", verb="watch"), Sentence("Hear {title}", verb="watch", end="source")]
    assert fitting(own, "source", "watch", "video", {"title": "T", "speakers": "A"}).one == "Hear {speakers}: {title}"
    assert fitting(own, "source", "watch", "video", {"title": "T", "speakers": ""}).one == "Hear {title}"
    assert fitting(own, "target", "watch", "video", {"title": "T", "speakers": ""}).one == "Watch {title}"
    assert fitting(own, "source", "read", "publication", {"title": "T"}).one == "Read {title}"


def test_sentences_of_the_house_are_translated_and_others_stand_as_written(monkeypatch):
    catalogue = {"Watch {title}": "{title} ansehen"}
    monkeypatch.setattr("pages.sentences.gettext", lambda text: catalogue.get(text, text))
    with translation.override("en"):
        assert Sentence("Watch {title}").words(1) == "{title} ansehen"
        assert Sentence("Gaze at {title}").words(1) == "Gaze at {title}"
