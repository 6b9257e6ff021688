"""Rules at work: a comment posted, changed and confirmed over HTTP, where it goes, and what its author learns of it."""

import re
import uuid

import pytest
from django.core import mail
from django.db import connection
from django.http import HttpResponse
from django.test import Client
from django.test.utils import CaptureQueriesContext
from wagtail.models import Site

from discussion import editing, tokens
from discussion.confirmation import confirm
from discussion.models import (
    Decision,
    Discussion,
    DiscussionSettings,
    Fingerprint,
    Flag,
    ModerationMode,
    PageComment,
    RuleSetting,
    State,
    Treatment,
)
from discussion.outbox import send_due
from discussion.permissions import may_moderate_page
from discussion.persons import person_key
from discussion.posting import post_comment
from discussion.rules.assessing import words
from discussion.rules.judging import judge_submission
from discussion.rules.setting import set_rules
from discussion.transitions import decide
from tests import factories
from tests.discussion.journey import HERE, TYPED, form_of
from tests.discussion.rules.judging import with_options, without
from tests.discussion.truth import assert_counts_hold

pytestmark = pytest.mark.django_db
CLEAN = "The tariff came two years later than the chapter has it, as the minutes of the harbour board show."
BANNED = "All of you should buy my snake oil at once, it cures everything that the clinic does not."
LINKED = "The tariff came later, as anybody can read in the minutes: http:/minutes.example"


@pytest.fixture
def site(db):
    return Site.objects.get()


@pytest.fixture(autouse=True)
def afterwards(site):
    """Moderation after publication, and a word that is banned."""
    DiscussionSettings.objects.create(site=site, hold_comments=False)
    # Tests fill in forms faster than people.
    set_rules(site, without("speed", with_options("banned", words="snake oil")), by=None)


def post(client, page, text, **changed) -> PageComment:
    fields = TYPED | {"comment": text, "token": tokens.issue_token(page.pk)} | changed
    assert client.post(f"/discussion/{page.pk}/add/", fields, headers=HERE).status_code == 302
    return PageComment.objects.order_by("pk").last()


def yours(client, page) -> str:
    return client.get(f"/discussion/{page.pk}/yours/").content.decode()


def raised(comment) -> list[str]:
    return sorted(comment.rule_flags.values_list("rule", flat=True))


@pytest.mark.parametrize(
    ("text", "state", "rules"),
    [
        (CLEAN, "published", ["newcomer"]),
        (LINKED, "pending", ["links", "newcomer", "odd_links"]),
        (BANNED, "rejected", ["banned", "newcomer"]),
    ],
)
def test_what_is_posted_goes_where_the_rules_send_it(client, article, text, state, rules):
    comment = post(client, article, text)
    assert (comment.state, raised(comment)) == (state, rules)
    assert_counts_hold(article)


def test_a_flag_keeps_what_its_sentence_and_its_marks_are_made_of(client, article):
    flag = post(client, article, LINKED).rule_flags.get(rule="odd_links")
    start = LINKED.index("http:/")
    assert (flag.weight, flag.effect, flag.spans) == (10, "hold", [[start, len(LINKED)]])
    assert words(flag) == "Holds the address http:/minutes.example, which is malformed."


def test_a_rejection_by_rule_is_in_the_record_by_nobody_with_the_rules_name(client, article):
    comment = post(client, article, BANNED)
    made = comment.decisions.get()
    assert (made.from_state, made.to_state, made.by, made.by_name) == ("pending", "rejected", None, "")
    assert made.reason == "By rule: Banned words"


def normal(page: str) -> str:
    """A page without what differs from comment to comment."""
    page = re.sub(r"[0-9a-f]{8}-[0-9a-f-]{27}|csrfmiddlewaretoken[^>]*|<time.*?</time>|\d+ \w+ \d{4}, \d\d:\d\d", "", page)
    return re.sub(r'<div class="comment__text".*?</div>', "", page, flags=re.S)


def test_who_is_rejected_by_a_rule_sees_and_may_do_what_one_does_who_is_held(article):
    rejected, held = Client(), Client()
    first, second = post(rejected, article, BANNED), post(held, article, LINKED)
    assert (first.state, second.state) == ("rejected", "pending")
    assert normal(yours(rejected, article)) == normal(yours(held, article))
    assert "Waiting for a moderator" in yours(rejected, article)
    for way in ("edit", "delete"):
        pages = [
            client.get(f"/discussion/{article.pk}/yours/{comment.submission_key}/{way}/")
            for client, comment in ((rejected, first), (held, second))
        ]
        assert [page.status_code for page in pages] == [200, 200]


def test_when_a_moderator_rejects_the_author_is_told_as_ever(client, article, moderator):
    comment = post(client, article, BANNED)
    decide([comment.pk], State.PENDING, by=moderator)
    decide([comment.pk], State.REJECTED, by=moderator)
    assert "A moderator decided not to publish it" in yours(client, article)
    assert editing.state_for_author(PageComment.objects.get()) == State.REJECTED


@pytest.mark.parametrize(
    ("first", "second", "states"),
    [
        (CLEAN, LINKED, ("published", "pending")),
        (CLEAN, BANNED, ("published", "rejected")),
        (CLEAN, CLEAN + " Really.", ("published", "published")),
        (LINKED, CLEAN, ("pending", "pending")),
        (LINKED, BANNED, ("pending", "rejected")),
        (BANNED, CLEAN, ("rejected", "pending")),
        (BANNED, BANNED + " Really.", ("rejected", "rejected")),
    ],
)
def test_a_change_is_judged_anew_and_never_publishes(client, article, first, second, states):
    comment = post(client, article, first)
    address = f"/discussion/{article.pk}/yours/{comment.submission_key}/edit/"
    fields = form_of(client.get(address))[1] | {"comment": second}
    assert client.post(address, fields, headers=HERE).status_code == 302
    changed = PageComment.objects.get()
    assert (comment.state, changed.state) == states
    assert ("odd_links" in raised(changed), "banned" in raised(changed)) == (second == LINKED, BANNED in second)
    assert_counts_hold(article)


def test_its_author_may_delete_what_a_rule_rejected(client, article):
    comment = post(client, article, BANNED)
    address = f"/discussion/{article.pk}/yours/{comment.submission_key}/delete/"
    client.post(address, form_of(client.get(address))[1], headers=HERE)
    assert PageComment.objects.get().state == "erased"
    assert (Flag.objects.count(), Fingerprint.objects.count()) == (0, 0)


@pytest.mark.parametrize(("text", "state"), [(CLEAN, "published"), (LINKED, "pending"), (BANNED, "rejected")])
def test_a_confirmed_comment_goes_where_its_flags_say(client, article, settings, text, state):
    settings.HUB_SENDS_MAIL = True
    comment = post(client, article, text)
    assert comment.state == "unconfirmed"
    send_due()
    link = re.search(r"https?://[^/]+(/discussion/\S+)", mail.outbox[-1].body)[1]
    answer = client.post(link).content.decode()
    assert PageComment.objects.get().state == state
    assert ("waits for a moderator" in answer) == (state != "published")
    assert_counts_hold(article)


@pytest.mark.parametrize(
    ("subject", "sentence"),
    [
        (person_key(TYPED["email"]), "The person’s comments are always held."),
        ("@readers.example", "Comments from @readers.example are always held."),
    ],
)
def test_who_is_always_held_is_so_with_the_reason_beside_what_rules_say(client, article, subject, sentence):
    Treatment.objects.create(subject=subject, kind="hold")
    comment = post(client, article, CLEAN)
    assert (comment.state, [words(flag) for flag in comment.rule_flags.order_by("pk")]) == (
        "pending",
        [sentence, "A newcomer: 0 of 1 comments published so far."],
    )
    assert post(client, article, BANNED).state == "rejected"


def test_no_rule_is_asked_of_whom_a_moderator_trusts(article):
    trust = Treatment.objects.create(subject=person_key(TYPED["email"]), kind="trust")
    judged = judge_submission(article, factories.submission(text=BANNED), DiscussionSettings.objects.get(), trust)
    assert (judged.hold, judged.verdict.findings) == (False, ())


@pytest.mark.parametrize(("kind", "text", "state"), [("trust", BANNED, "published"), ("hold", CLEAN, "pending")])
def test_a_moderators_word_since_counts_when_an_address_is_confirmed(client, article, settings, kind, text, state):
    settings.HUB_SENDS_MAIL = True
    comment = post(client, article, text)
    Treatment.objects.create(subject=comment.person_key, kind=kind)
    confirm(comment)
    assert PageComment.objects.get().state == state


@pytest.mark.parametrize("who", ["moderator", "administrator", "contributor"])
def test_moderators_and_contributors_pass_unasked(request, article, person, reader, who):
    if who == "contributor":
        person.user = reader
        person.save()
        factories.ContributionFactory(page=article, person=person, role="author", name="Ada")
    user = reader if who == "contributor" else request.getfixturevalue(who)
    judged = judge_submission(article, factories.submission(text=BANNED, user=user), DiscussionSettings.objects.get())
    assert (judged.hold, judged.verdict.findings) == (False, ())


def test_after_publication_is_the_mode_rules_still_hold(client, article, section):
    DiscussionSettings.objects.update(hold_comments=True)
    ModerationMode.objects.create(page_id=section.pk, mode="after")
    assert (post(client, article, CLEAN).state, post(client, article, LINKED).state) == ("published", "pending")


def test_rules_of_another_site_do_not_count(article, home):
    other = Site.objects.create(hostname="other.example", root_page=home, is_default_site=False)
    RuleSetting.objects.all().update(site=other)
    judged = judge_submission(article, factories.submission(text=BANNED), DiscussionSettings.objects.get())
    assert "banned" not in {finding.rule for finding in judged.verdict.findings}


def test_a_word_in_french_counts_on_french_pages(article, site):
    set_rules(site, with_options("banned", words="fr: pain"), by=None)
    handed_in = factories.submission(text="It is a pain, on a page in English.")
    judged = judge_submission(article, handed_in, DiscussionSettings.objects.get())
    assert judged.verdict.effect == ""
    article.locale = article.locale.__class__.objects.create(language_code="fr")
    assert judge_submission(article, handed_in, DiscussionSettings.objects.get()).verdict.effect == "reject"


def test_the_seconds_since_the_form_was_issued_are_those_of_its_token(article, monkeypatch):
    token = tokens.issue_token(article.pk)
    now = tokens.time.time()
    monkeypatch.setattr(tokens.time, "time", lambda: now + 90)
    assert 89 <= tokens.age(token) <= 91


def queries_of(act) -> int:
    """Without the two that make a transaction of it."""
    with CaptureQueriesContext(connection) as queries:
        act()
    return sum("SAVEPOINT" not in query["sql"] for query in queries)


def test_judging_and_posting_have_bounds(article):
    limits = DiscussionSettings.objects.get()

    def cost():
        submission = factories.submission(text=LINKED, address="192.0.2.7", submission_key=uuid.uuid4())
        judged = []
        before = queries_of(lambda: judged.append(judge_submission(article, submission, limits)))
        hold, verdict = judged[0].hold, judged[0].verdict
        return before, queries_of(lambda: post_comment(article, submission, hold=hold, verdict=verdict, limits=limits))

    cost()
    few = cost()
    for _ in range(6):
        cost()
    assert few == cost()
    before, inside = few
    assert before <= 7
    assert inside <= 12


def test_erasing_and_deleting_take_flags_and_fingerprints_along(client, article, section):
    first, second = post(client, article, LINKED), post(client, article, CLEAN)
    decide([first.pk], State.ERASED, by=None)
    assert set(Flag.objects.values_list("comment", flat=True)) == {second.pk}
    assert set(Fingerprint.objects.values_list("comment", flat=True)) == {second.pk}
    article.delete()
    assert (Flag.objects.count(), Fingerprint.objects.count(), Decision.objects.count()) == (0, 0, 0)
    assert not Discussion.objects.exists()


def test_section_moderators_pass_unasked_in_their_section_only(article, section, home, reader):
    group = reader.groups.create(name="Street")
    group.moderated_sections.create(page_id=section.pk)
    elsewhere = factories.ArticlePageFactory(parent=home)
    judged = [
        judge_submission(page, factories.submission(text=BANNED, user=reader), DiscussionSettings.objects.get()).verdict.effect
        for page in (article, elsewhere)
    ]
    assert (may_moderate_page(reader, article), judged) == (True, ["", "reject"])


def test_browser_of_another_finds_nothing_of_it(client, article):
    comment = post(client, article, BANNED)
    other, response = Client(), HttpResponse()
    tokens.remember(response, "other")
    other.cookies.update(response.cookies)
    assert other.get(f"/discussion/{article.pk}/yours/{comment.submission_key}/edit/").status_code == 404
