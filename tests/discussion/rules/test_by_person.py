"""Rules about who writes, how fast and how often; and what was said before, looked up in the database."""

from datetime import UTC, datetime, timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from discussion.models import Fingerprint, PageComment
from discussion.persons import network_key, person_key
from discussion.rules import flagging
from discussion.rules.assessing import assess, assess_all, words
from discussion.rules.findings import NO_VERDICT, Case
from discussion.rules.past import Earlier, Past
from tests import factories
from tests.discussion.rules.judging import DEFAULT, only, verdict

NOON = datetime(2026, 3, 2, 12, tzinfo=UTC)
EMAIL = "ada@readers.example"


def earlier(state="published", minutes=60, sure=True) -> Earlier:
    moment = NOON - timedelta(minutes=minutes)
    return Earlier(state, moment, moment if state == "published" else None, sure)


def said(rule, past, **values) -> str:
    """The sentence of ``rule``, or nothing when it did not fire."""
    found = verdict("I was there.", only(rule, **values.pop("options", {})), past, **({"email": EMAIL, "now": NOON} | values))
    return " ".join(words(finding) for finding in found.findings)


PASTS = [
    ("newcomer", Past(), {}, "A newcomer: 0 of 1 comments published so far."),
    ("newcomer", Past([earlier()]), {}, ""),
    ("newcomer", Past([earlier(), earlier("pending")]), {"approved": 2}, "A newcomer: 1 of 2 comments published so far."),
    ("newcomer", Past([earlier(sure=False)]), {}, "A newcomer: 0 of 1 comments published so far."),
    ("newcomer", Past([earlier("removed")]), {}, "A newcomer: 0 of 1 comments published so far."),
    ("burst", Past([earlier(minutes=1)] * 3), {}, "The person’s comment number 4 within 10 minutes."),
    ("burst", Past([earlier(minutes=1)] * 2 + [earlier(minutes=11)] * 9), {}, ""),
    ("burst", Past(network=[NOON] * 8), {}, "Comment number 9 from the same network within 10 minutes."),
    ("burst", Past(network=[NOON] * 7), {}, ""),
    (
        "rejections",
        Past([earlier("spam"), earlier("rejected"), earlier(), earlier()]),
        {},
        "Of the person’s last 4 comments, 2 were turned down.",
    ),
    ("rejections", Past([earlier("spam"), *[earlier()] * 9, *[earlier("spam")] * 9]), {}, ""),
    ("rejections", Past([earlier("spam"), earlier("pending")]), {}, ""),
]


@pytest.mark.parametrize(("rule", "past", "options", "sentence"), PASTS)
def test_what_a_person_did_before_counts(rule, past, options, sentence):
    assert said(rule, past, options=options) == sentence


def test_what_others_wrote_under_an_address_does_not_count_against_its_proven_owner():
    past = Past([earlier("spam", sure=False)] * 4)
    assert said("rejections", past, is_proven=True) == ""
    assert said("rejections", past) == "Of the person’s last 4 comments, 4 were turned down."


@pytest.mark.parametrize(("seconds", "sentence"), [(3, "Written and sent within 3 seconds."), (4, ""), (None, "")])
def test_a_form_filled_in_fast_is_told(seconds, sentence):
    assert said("speed", None, seconds=seconds) == sentence


SENDERS = [
    ("a@mailinator.com", "The mailbox is disposable: mailinator.com."),
    ("a@Box.Mailinator.COM", "The mailbox is disposable: mailinator.com."),
    ("a@notmailinator.com", ""),
    ("a@spam.example", "The mail domain is listed: spam.example."),
    ("a@x.spam.example", "The mail domain is listed: spam.example."),
    ("a@readers.example", ""),
    ("", ""),
]


@pytest.mark.parametrize(("email", "sentence"), SENDERS)
def test_a_domain_stands_for_those_beneath_it(email, sentence):
    assert said("sender", None, email=email, options={"domains": "spam.example"}) == sentence


WHOLE = (
    "Shared notes are the most important idea for the ward today. It is not the machines that hold us back but largely: "
    "1. Badly set up structures, in which each office is measured by itself and none by what becomes of the patient. "
    "2. Too little of the right skill, and too much of everybody’s own agenda. "
    "3. How should anybody learn who has done it one way for thirty years and is asked about it once a year at most? "
    "4. Urgency is in every speech and in no timetable, which a visitor notices within the hour and a nurse within the week."
)
CUT_SHORT = WHOLE[: WHOLE.index("1. ")]


def kept(page, text, **values) -> PageComment:
    comment = factories.comment(page, text=text, **values)
    flagging.keep_anew(comment, NO_VERDICT, comment.submitted_at)
    return comment


def repetition_of(text, page, configuration=DEFAULT, **values):
    found = assess(Case(text, page_id=page.pk, **values), configuration).findings
    return next((finding for finding in found if finding.rule == "repetition"), None)


@pytest.mark.parametrize(
    ("first", "second", "cut"),
    [
        (CUT_SHORT, WHOLE, "; that one is cut short."),
        (WHOLE, CUT_SHORT, "; this one is cut short."),
        (WHOLE, WHOLE.upper() + "  !", "."),
        (WHOLE, WHOLE[len(WHOLE) // 2 :], "; this one is cut short."),
        (WHOLE, f"> quoted\n{WHOLE}\nRegards, Ada", "."),
    ],
)
def test_a_text_said_before_is_found_also_cut_short(article, first, second, cut):
    comment = kept(article, first)
    found = repetition_of(second, article)
    assert (found.detail["comment"], found.detail["number"], found.effect) == (comment.pk, 1, "hold")
    assert words(found).endswith(f"the same as in comment #1{cut}")


@pytest.mark.parametrize(
    "text",
    [
        "Shared notes are the most important idea, they say. I have worked on three wards and saw none that were read.",
        "> " + WHOLE.replace("\n", "\n> "),
        "Thank you for this.",
        CUT_SHORT[:30],
    ],
)
def test_another_text_a_quotation_and_a_few_words_are_no_repetition(article, text):
    kept(article, WHOLE)
    assert repetition_of(text, article) is None


def test_repetition_says_where_the_earlier_comment_is(article, section):
    other = factories.ArticlePageFactory(parent=section)
    kept(article, WHOLE, state="pending")
    assert (
        words(repetition_of(WHOLE, other)) == "100% is the same as in an earlier comment that is not published, on another page."
    )


def test_a_stored_comment_is_compared_with_those_before_it_only(article):
    first, second = kept(article, WHOLE), kept(article, CUT_SHORT)
    assert repetition_of(WHOLE, article, comment_id=first.pk) is None
    assert repetition_of(CUT_SHORT, article, comment_id=second.pk).detail["comment"] == first.pk


def test_one_text_many_times_leaves_as_many_fingerprints_as_once(article):
    kept(article, WHOLE)
    once = Fingerprint.objects.count()
    kept(article, WHOLE)
    assert (once, Fingerprint.objects.count()) == (14, 14)


def costs(*cases) -> int:
    with CaptureQueriesContext(connection) as queries:
        assess_all(cases, DEFAULT)
    return len(queries)


def test_assessing_takes_four_queries_at_most_whatever_there_is(article):
    known = {"person_key": person_key(EMAIL), "network_key": network_key("192.0.2.7"), "email": EMAIL}
    alone = costs(Case(WHOLE, **known))
    for _ in range(12):
        kept(article, WHOLE, email=EMAIL, address="192.0.2.7")
    assert (alone, costs(Case(WHOLE, **known)), costs(*[Case(WHOLE, **known)] * 12)) == (3, 4, 4)


@pytest.mark.skipif(connection.vendor != "sqlite", reason="PostgreSQL reads small tables whole")
def test_what_is_looked_up_is_found_by_index(article):
    known = {"person_key": person_key(EMAIL), "network_key": network_key("192.0.2.7"), "email": EMAIL}
    kept(article, WHOLE, email=EMAIL, address="192.0.2.7")
    with CaptureQueriesContext(connection) as queries:
        assess(Case(WHOLE, **known), DEFAULT)
    plans = []
    for query in queries:
        with connection.cursor() as cursor:
            cursor.execute(f"EXPLAIN QUERY PLAN {query['sql']}")
            plans.append(" ".join(row[3] for row in cursor.fetchall()))
    assert [plan for plan in plans if "SCAN" in plan] == []
    assert "comment_of_person" in plans[0]
    assert "comment_with_network" in plans[1]


def test_the_past_of_many_is_each_ones_own(article):
    kept(article, "The first of them was there.", email=EMAIL, now=NOON)
    later = NOON + timedelta(hours=1)
    cases = [
        Case("x", person_key=person_key(EMAIL), is_proven=True, now=moment, email=EMAIL)
        for moment in (NOON - timedelta(hours=1), later)
    ] + [Case("x", person_key="stranger", is_proven=True, now=later, email="b@readers.example")]
    fired = [any(finding.rule == "newcomer" for finding in one.findings) for one in assess_all(cases, DEFAULT)]
    assert fired == [True, False, True]
