"""What a word is, what is the same word, and how a question is read."""

import pytest

from pages.models import SearchSynonym
from pages.search import analysis, highlighting
from pages.search import query as asking
from pages.search.spelling import edits


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("Müller’s co-operation", ["muller", "s", "co", "operation"]),
        ("naïve ﬁsh, Straße", ["naive", "fish", "strasse"]),
        ("e\u0301tude", ["etude"]),
        ("20% of £3.5bn", ["20", "of", "3", "5bn"]),
        ("नमस्ते दुनिया", ["नमस्ते", "दुनिया"]),
        ("東京 tower", ["東", "京", "tower"]),
        ("snake_case\x00", ["snake", "case"]),
        ("…—“”", []),
        ("half \ud83d a sign", ["half", "a", "sign"]),
        ("x" * 500, ["x" * 60]),
    ],
)
def test_words_of_a_text(text, words):
    assert analysis.words(text) == words


@pytest.mark.parametrize(
    ("language", "forms"),
    [
        ("en-gb", ["flood", "floods", "flooded", "flooding"]),
        ("de", ["Haus", "Hauses"]),
        ("fr", ["continuer", "continua", "continuait"]),
    ],
)
def test_forms_of_a_word_share_their_stem(language, forms):
    assert len({tuple(analysis.stems(form, language)) for form in forms}) == 1


def test_word_of_a_language_without_rules_is_its_own_stem():
    assert analysis.stems("floods", "xx") == ["floods"]


@pytest.mark.parametrize(
    ("one", "other", "number"),
    [("housing", "hosuing", 1), ("housing", "housin", 1), ("housing", "housting", 1), ("map", "cap", 1), ("map", "atlas", 3)],
)
def test_letters_that_differ_are_counted_up_to_a_bound(one, other, number):
    assert edits(one, other, 2) == number == edits(other, one, 2)


def shape(text: str) -> tuple:
    """What has to occur, clause by clause, and what must not, as plain words; ``*`` for a beginning."""

    def spelled(phrase):
        return " ".join(term.word + "*" * term.begins for term in phrase)

    query = asking.parse(text)
    return [" + ".join(map(spelled, clause.typed)) for clause in query.clauses], [spelled(phrase) for phrase in query.without]


@pytest.mark.parametrize(
    ("text", "wanted", "unwanted"),
    [
        ("social care", ["social", "care"], []),
        ('"social care" reform', ["social care", "reform"], []),
        ("“social care” reform", ["social care", "reform"], []),
        ('"social care', ["social care"], []),
        ("co-operation", ["co operation"], []),
        ("flood* plain", ["flood*", "plain"], []),
        ("fl* plain", ["fl", "plain"], []),
        ("flood -plain", ["flood"], ["plain"]),
        ('flood -"plain words"', ["flood"], ["plain words"]),
        ("-", [], []),
        ("* - \" ' ( )", [], []),
    ],
)
def test_question_is_read(db, text, wanted, unwanted):
    assert shape(text) == (wanted, unwanted)


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        ("COVID-19 rules", ["covid 19 | coronavirus", "rules"]),
        ("covid 19", ["covid + 19 | coronavirus"]),
        ("Women’s Institute", ["women s + institute | guild"]),
        ("pre-COVID-19", ["pre covid 19"]),
        ('"covid 19"', ["covid 19"]),
        ('covid "19"', ["covid", "19"]),
    ],
)
def test_synonym_covers_what_is_typed_as_one(db, text, wanted):
    for words in ("COVID-19, coronavirus", "Women's Institute, guild"):
        SearchSynonym.objects.create(words=words)

    def others(clause):
        return "".join(f" | {' '.join(term.word for term in phrase)}" for phrase in clause.others)

    assert [typed + others(clause) for typed, clause in zip(shape(text)[0], asking.parse(text).clauses, strict=True)] == wanted


def test_question_has_sixteen_words_at_most(db):
    assert len(asking.parse("word " * 40).words) == asking.MOST_WORDS


def pieces(text: str, asked: str, *, whole: bool = True) -> str:
    marker = highlighting.Marker(asking.parse(asked))
    marked = marker.mark(text)
    cut = marked.pieces() if whole else marked.extract()
    return "".join(f"[{piece.text}]" if piece.marked else piece.text for piece in cut)


@pytest.mark.parametrize(
    ("text", "asked", "marked"),
    [
        ("The floods came, flooding all.", "flood", "The [floods] came, [flooding] all."),
        ("A Süd-Café", "cafe", "A Süd-[Café]"),
        ("dry street", "dry street", "[dry street]"),
        ("state of the art", "art of", "state of the [art]"),
        ("of it", "of", "[of] it"),
        ("floodplain and flood", "flo*", "[floodplain] and [flood]"),
        ("households and houses", "housing*", "households and [houses]"),
        ("nothing", "else", "nothing"),
        ("", "else", ""),
    ],
)
def test_what_was_asked_for_is_marked(db, text, asked, marked):
    assert pieces(text, asked) == marked


def test_extract_holds_the_place_with_most_of_the_words(db):
    text = f"A river. {'Water under the bridge. ' * 40}The river has a warning. {'Water under the bridge. ' * 40}"
    extract = pieces(text, "river warning", whole=False)
    assert "[river] has a [warning]" in extract
    assert extract.startswith("…")
    assert extract.endswith("…")
    assert len(extract) < highlighting.LENGTH + 20


@pytest.mark.parametrize("text", ["水" * 300 + "東京" + "水" * 300, "水 " + "水" * 300 + "東京" + "水" * 90 + " 水" * 300])
def test_extract_of_a_text_without_spaces_holds_the_words(db, text):
    extract = pieces(text, "東京", whole=False)
    assert "[東京]" in extract
    assert 100 < len(extract) < highlighting.LENGTH + 20


def test_phrase_is_looked_up_as_each_language_writes_it(settings, db):
    settings.WAGTAIL_CONTENT_LANGUAGES = [("en", "English"), ("de", "Deutsch")]
    clause = asking.parse('"houses flooded"').clauses[0]
    ways = [[stem for stem, _begins in way] for way in asking.spelled_out(clause.typed[0])]
    assert ways == [["hous", "flood"], ["hous", "flooded"]]


@pytest.mark.parametrize(
    ("text", "in_vain"),
    [("floods -flood", True), ("flood* -flood", False), ("flood* -flood*", True), ("housing* -house*", False)],
)
def test_what_is_asked_for_in_vain_is_known(db, text, in_vain):
    assert asking.parse(text).is_in_vain is in_vain


def test_exclusions_are_counted_by_themselves(db):
    query = asking.parse("word " * asking.MOST_WORDS + "-" + "plain")
    assert len(query.words) == asking.MOST_WORDS
    assert [term.word for phrase in query.without for term in phrase] == ["plain"]
