"""Each rule about what a comment says: what it finds, and what it has to leave alone."""

import json
import random

import pytest

from discussion.rules.addresses import addresses_in
from discussion.rules.assessing import words
from discussion.rules.findings import Case
from tests.discussion.rules.judging import DEFAULT, matched, only, verdict, with_options

# text → the addresses in it, each with what is odd about it
ADDRESSES = [
    ("See https://x.example/a?b=c.", [("https://x.example/a?b=c", "")]),
    ("(http://x.example)", [("http://x.example", "")]),
    ("http:/google.example", [("http:/google.example", "malformed")]),
    ("http:google.example", [("http:google.example", "malformed")]),
    ("http:///x.example", [("http:///x.example", "malformed")]),
    ("https:\\\\x.example", [("https:\\\\x.example", "malformed")]),
    ("http :// x.example", [("http :// x.example", "malformed")]),
    ("http://localhost/x", [("http://localhost/x", "malformed")]),
    ("http://192.0.2.7/x", [("http://192.0.2.7/x", "")]),
    ("https://user@x.example/", [("https://user@x.example/", "")]),
    ("hxxps://x.example/a", [("hxxps://x.example/a", "disguised")]),
    ("HTTP://X.EXAMPLE", [("HTTP://X.EXAMPLE", "")]),
    ("go to www.x.test now", [("www.x.test", "")]),
    ("x.example/path", [("x.example/path", "")]),
    ("murmur.com!", [("murmur.com", "")]),
    ("MURMUR.COM", [("MURMUR.COM", "")]),
    ("x dot com", [("x dot com", "spelled")]),
    ("x [dot] com", [("x [dot] com", "spelled")]),
    ("x(.)net/abc", [("x(.)net/abc", "spelled")]),
    ("kids  . com", [("kids  . com", "spelled")]),
    ("bit.ly/abc", [("bit.ly/abc", "shortened")]),
    ("https://tinyurl.com/abc", [("https://tinyurl.com/abc", "shortened")]),
    ("https://\u0430pple.example", [("https://\u0430pple.example", "lookalike")]),
    ("https://\u0430\u0440\u0440\u04cf\u0435.com", [("https://\u0430\u0440\u0440\u04cf\u0435.com", "lookalike")]),
    ("http://xn--80ak6aa92e.com", [("http://xn--80ak6aa92e.com", "lookalike")]),
    ("https://münchen.example", [("https://münchen.example", "")]),
    ("пример.рф", [("пример.рф", "")]),
    ("a.example/x and b.example/y", [("a.example/x", ""), ("b.example/y", "")]),
    # no addresses
    ("the dot com boom, and early dot com companies", []),
    ("There are problems.It was so.In the end", []),
    ("e.g. this, i.e. that, U.K., 3.5 and/or 1.5/2", []),
    ("I saw it. Net result: nothing. Info is scarce.", []),
    ("http: the protocol", []),
    ("written in ASP.NET and node.js", []),
    ("write to a.reader@readers.example", []),
    ("Мы видели.Это было так", []),
    ("report.pdf, README.md", []),
    ("12:30, §117(2), 10.1234", []),
]


@pytest.mark.parametrize(("text", "found"), ADDRESSES)
def test_addresses_of_any_shape_are_found_and_nothing_else(text, found):
    assert [(address.text, address.oddity) for address in addresses_in(text)] == found


def texts(alphabet: str, count: int, longest: int):
    """Texts at random, the same in every run."""
    dice = random.Random(4)
    return ["".join(dice.choices(alphabet, k=dice.randrange(longest))) for _ in range(count)]


def test_no_text_upsets_the_search_for_addresses():
    found = 0
    for text in texts("htpx:/.\\@ ac-[]()dotcom\u0430中\u0301", 2000, 60):
        for address in addresses_in(text):
            assert text[address.start : address.end] == address.text
            found += 1
    assert found > 10, "or this says nothing"


def test_links_are_counted_and_own_and_spared_ones_are_not():
    text = "https://a.example/x www.b.example c.example/y https://www.hub.example/z"
    few = only("links", most=3)
    assert matched("links", text, few, own_hosts=("hub.example",)) is None
    assert len(matched("links", text, only("links", most=2), own_hosts=("hub.example",))) == 3
    assert matched("links", text, only("links", most=2, allowed="b.example\nhub.example")) is None


def test_a_newcomer_is_let_through_fewer_links_than_others():
    text = "As https://a.example/x says."
    assert matched("links", text, person_key="new") == ["https://a.example/x"]
    assert matched("links", text) is None


# list, text → what is matched
WORDS = [
    ("cialis", "a specialist, socialist, cialis!", ["cialis"]),
    ("ass", "Essex, class, assess, Assam, bass — an ass’s ass", ["ass", "ass"]),
    ("cunt", "Scunthorpe", None),
    ("penis", "Penistone", None),
    ("sex", "Sussex, Middlesex, sextet", None),
    ("cock", "cocktail, Hancock, Cockburn", None),
    ("tit", "title, constitution", None),
    ("analy*", "analysis and analyst, not canal", ["analysis", "analyst"]),
    ("*dose", "overdose, doses", ["overdose"]),
    ("pay*loan*", "payday-loan payloans payloan", ["payloans", "payloan"]),
    ("payday loan*", "Payday\nLOANS here", ["Payday\nLOANS"]),
    ("section #", "under section 117, section two", ["section 117"]),
    ("viagra", "v i a g r a, v.i.a.g.r.a", ["v i a g r a", "v.i.a.g.r.a"]),
    ("viagra", "vi\u200bagra, vi\u0430gr\u0430, ｖｉａｇｒａ, v\u0336i\u0336a\u0336g\u0336r\u0336a\u0336", None),
    ("año", "año, ano, an\u0303o", ["año", "an\u0303o"]),
    ("ano", "año", None),
    ("straße", "STRASSE", ["STRASSE"]),
    ("हिन्दी", "यह हिन्दी है, हिन्दू", ["हिन्दी"]),
    ("जा", "जी", None),
    ("频道", "我的频道很好", ["频道"]),
    ("блять", "Блять, оскорблять", ["Блять"]),
    ("كلب", "كلب كلاب", ["كلب"]),
    ("", "anything", None),
]


@pytest.mark.parametrize(("listed", "text", "found"), WORDS)
def test_listed_words_are_found_whole_and_never_inside_words(listed, text, found):
    if "\u200b" in text:
        found = text.split(", ")
    assert matched("suspect", text, only("suspect", words=listed)) == found


@pytest.mark.parametrize(("language", "fires"), [("fr", True), ("fr-ca", True), ("en-gb", False), ("", False), ("frr", False)])
def test_a_word_of_one_language_counts_on_pages_in_it_only(language, fires):
    found = matched("suspect", "Le pain est cher", only("suspect", words="fr: pain"), language=language)
    assert found == (["pain"] if fires else None)


def test_banned_words_reject_whatever_their_weight():
    judged = verdict("Buy snake oil", with_options("banned", words="snake oil"))
    assert (judged.effect, [(finding.rule, finding.effect) for finding in judged.findings]) == ("reject", [("banned", "reject")])


PRAISE = [
    ("Nice article thank you", False),
    ("Great post! Thanks for sharing.", False),
    ("Very useful information, keep up the good work", False),
    ("Nice article thank you http:/google.example", True),
    ("I really love your blog, it is very helpful. Visit www.x.example", True),
    ("Thank you for the chapter on rural transport", None),
    ("This is a good summary of what the inspectors found in Harbour Street", None),
    ("The article is wrong about the tariff", None),
    ("", None),
    ("谢谢", None),
]


@pytest.mark.parametrize(("text", "link"), PRAISE)
def test_praise_without_content_weighs_more_with_a_link(text, link):
    found = [(finding.detail["link"], finding.weight) for finding in verdict(text, only("praise")).findings]
    assert found == ([] if link is None else [(link, 10 if link else 3)])


DETAILS = [
    ("write to a.b+c@readers.example.", ["a.b+c@readers.example"]),
    ("john (at) readers (dot) example", ["john (at) readers (dot) example"]),
    ("call 020 7946 0123 or +44 7700 900123", ["020 7946 0123", "+44 7700 900123"]),
    ("(555) 010-0199, ask for Ada", ["(555) 010-0199"]),
    ("my case no. 2019/1234 is open", ["case no. 2019/1234"]),
    ("Reference: ABC/123456", ["Reference: ABC/123456"]),
    ("AB 12 34 56 C", ["AB 12 34 56 C"]),
    ("078-05-1120", ["078-05-1120"]),
    ("NHS 943 476 5919", ["943 476 5919"]),
    ("she was born on 3 March 1961", ["born on 3 March 1961"]),
    ("DOB: 03/03/1961", ["DOB: 03/03/1961"]),
    ("of 12 Harbour Street, near", ["12 Harbour Street"]),
    ("at 12, Sea View, Leeds LS1 4AP now", ["12, Sea View, Leeds LS1 4AP"]),
    # none
    ("ISBN 0-306-40615-2, doi 10.1000/182, ISBN 0306406152", None),
    ("in the 2010-2015 period, 0.123456789 per cent", None),
    ("in case 2020 comes, see reference 12 and case studies", None),
    ("943 476 5918 people", None),
    ("born in 1961", None),
    ("Chapter 12 Street lighting; 15 Good Things", None),
    ("@reader, see 3 @ 5", None),
    ("Budget of £1,234,567,890", None),
]


@pytest.mark.parametrize(("text", "found"), DETAILS)
def test_personal_details_are_found_and_numbers_of_other_kinds_are_not(text, found):
    assert matched("personal", text) == found


def test_details_that_moderators_spare_and_kinds_they_do_not_ask_for_are_left_alone():
    text = "info@hub.example, ada@hub.example, 020 7946 0123"
    assert matched("personal", text, only("personal", allowed="@hub.example\n02079460123")) is None
    assert matched("personal", text, only("personal", kinds=("phone",))) == ["020 7946 0123"]


def test_words_of_one_persons_case_fire_only_together():
    assert matched("case", "My mother’s care: my client was sectioned, and safeguarding failed") == [
        "My mother’s",
        "my client",
        "sectioned",
        "safeguarding",
    ]
    assert matched("case", "Safeguarding safeguarding safeguarding is a duty") is None


SHOUTING = [
    ("THIS IS NOT GOOD ENOUGH FOR ANY OF US", (100, None)),
    ("What!!! No!!!", (None, 6)),
    ("The NHS, CCG and DWP met with the CQC about the plan for the year", None),
    ("OK", None),
    ("これは本当に大切なことです。これは本当に大切なことです。", None),
    ("هذا مهم جدا بالنسبة لنا جميعا", None),
    ("ЭТО НЕДОСТАТОЧНО ХОРОШО ДЛЯ НАС", (100, None)),
]


@pytest.mark.parametrize(("text", "found"), SHOUTING)
def test_shouting_is_capitals_and_exclamation_marks(text, found):
    findings = verdict(text, only("shouting")).findings
    assert [(f.detail["capitals"], f.detail["exclamations"]) for f in findings] == ([] if found is None else [found])


@pytest.mark.parametrize(("text", "found"), [("Hm.", False), ("x" * 8001, True), ("x" * 8000, None), ("x" * 8, None)])
def test_very_short_and_very_long_comments_are_told(text, found):
    assert [f.detail["long"] for f in verdict(text, only("length")).findings] == ([] if found is None else [found])


LOOKALIKES = [
    ("vi\u0430gr\u0430 now", ["vi\u0430gr\u0430"]),
    ("\u0420aypal", ["\u0420aypal"]),
    ("виагра", None),
    ("a β-blocker of 5 μg at Δt, αMSH", None),
    ("naïve café", None),
    ("Ελλάδα and Россия", None),
]


@pytest.mark.parametrize(("text", "found"), LOOKALIKES)
def test_words_in_letters_of_two_scripts_are_found(text, found):
    assert matched("lookalikes", text) == found


def test_a_rule_says_what_it_matched():
    judged = verdict("Nice article thank you\nhttp:/google.example", DEFAULT, email="a@readers.example")
    assert [words(finding) for finding in judged.findings] == [
        "Holds 1 link: http:/google.example. The person has no published comment yet.",
        "Holds the address http:/google.example, which is malformed.",
        "Praises, says nothing else, and has a link.",
        "A newcomer: 0 of 1 comments published so far.",
    ]
    assert (judged.effect, judged.weight) == ("hold", 34)


# Invented comments of the shapes that the seed page has.
GOOD = [
    "“I think shared notes are the most important idea for the ward today”. It is not the machines that are holding us back.",
    "Some true and useful responses here to the report; for me it is both simple and complex: it is simple because it is a "
    "practice rooted in very human things. Let us hope more of them do…\nGareth",
    "2. There is no training\n3. But I believe it can be taught and I am happy to share how although transport is not mine...",
    "Citing the irresistible 3 minute youtube clip: see the dancing man !! He is still dancing when the crowds joined him !!",
    "Does it really mean that the service is no longer training leaders?....I think so. How dare they!!... Lets have more "
    "meetings more reports and maybe the problems will simply disappear!",
    "1. Poorly set up structures e.g. CQC\n2. Too much EGO\n3. How do you expect it to flourish?\n4. Very little urgency.",
]
BAD = [
    ("Nice article thank you\nhttp:/google.example", {"odd_links", "praise", "links"}),
    (
        "Mental Health, first question are you subject to section 117, Guardianship or COP, then 'safeguarding'. DWP.",
        {"case"},
    ),
    ("My son Tom, DOB 03/03/2009, is under case number HX/20931 at 14 Orchard Road", {"personal"}),
]


@pytest.mark.parametrize("text", GOOD)
def test_a_fresh_hub_lets_good_comments_of_newcomers_through(text):
    assert verdict(text, person_key="new", email="new@readers.example").effect == ""


@pytest.mark.parametrize(("text", "rules"), BAD)
def test_a_fresh_hub_holds_spam_and_private_detail(text, rules):
    judged = verdict(text, person_key="new", email="new@readers.example")
    assert judged.effect == "hold"
    assert {finding.rule for finding in judged.findings} - {"newcomer"} == rules


def test_findings_are_values_for_json_and_places_in_the_text():
    alphabet = "aAbс !?.:/@#*0123456789\n>“”\u0301\u200b\u0430中ह\u0940ﷺ👩\ud800\x00" + "http://x.example 01 " * 2
    for text in texts(alphabet, 500, 200):
        for finding in verdict(text, email="a@readers.example").findings:
            assert json.loads(json.dumps(finding.detail)) is not None
            assert all(0 <= start < end <= len(text) for start, end in finding.spans)
            assert words(finding)


def test_a_case_knows_nothing_by_default():
    assert verdict("").findings[0].rule == "length"
    assert Case("").seconds is None
