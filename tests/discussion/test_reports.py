"""Readers' reports: who may give them, what moderators see of them, and that nobody else does."""

import re
from datetime import timedelta
from importlib import import_module

import pytest
from django.apps import apps
from django.db import IntegrityError, connection, transaction
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from discussion import quotas, reporting, tokens
from discussion.editing import edit_comment
from discussion.models import Discussion, PageComment, Quota, Report
from discussion.transitions import decide, undo
from tests import factories
from tests.conftest import client_of
from tests.discussion.journey import HERE, form_of, kept_text
from tests.discussion.reported import address, report
from tests.nets.canaries import WAYS

FILLED = {"reason": "abusive", "text": "It calls me a fool."}
VALUES = {"reason": "spam", "text": "", "user": None, "author_key": "k", "address": "192.0.2.1"}
REASONS = ["abusive", "personal", "spam", "untrue", "illegal", "other"]


def browser(**environment) -> Client:
    return Client(headers=HERE, **environment)


@pytest.fixture
def client() -> Client:
    return browser()


def html(response) -> str:
    return response.content.decode()


@pytest.fixture
def comment(article):
    return factories.comment(article, text="You are a **fool**.", name="R. Ude")


def test_guest_reports_a_comment_without_script(client, comment):
    page = client.get(address(comment))
    assert "R. Ude" in html(page)
    assert "<strong>fool</strong>" in html(page)
    assert sorted(re.findall(r'type="radio" name="reason" value="(\w+)"', html(page))) == sorted(REASONS)
    target, fields = form_of(page)

    answer = client.post(target, fields | FILLED)

    assert (answer.status_code, answer["Location"]) == (302, f"{address(comment)}?reported")
    made = Report.objects.get()
    assert (made.comment_id, made.reason, made.text, made.by, made.settled_at) == (
        comment.pk,
        "abusive",
        "It calls me a fool.",
        None,
        None,
    )
    thanks = html(client.get(answer["Location"]))
    assert "A moderator will look at this comment." in thanks
    assert '<form class="form"' not in thanks


def test_guest_is_known_again_by_a_cookie_and_by_no_address(client, comment):
    client.post(address(comment), FILLED)
    cookie = client.cookies[tokens.COOKIE]
    assert (cookie["httponly"], cookie["path"]) == (True, "/discussion/")
    made = Report.objects.get()
    assert re.fullmatch(r"browser:[\w-]{43}", made.reporter_key)
    assert re.fullmatch(r"[0-9a-f]{32}", made.network_key)
    row = repr(Report.objects.values().get()) + repr(list(Quota.objects.values()))
    assert "127.0.0.1" not in row


@pytest.mark.parametrize("who", ["guest", "account"])
def test_second_report_by_the_same_is_thanked_and_not_kept(request, client, comment, who):
    visitor = client if who == "guest" else request.getfixturevalue("reader_client")
    visitor.post(address(comment), FILLED)
    answer = visitor.post(address(comment), {"reason": "spam", "text": "Once more"})
    assert answer["Location"] == f"{address(comment)}?again"
    assert "You have reported this already, thank you." in html(visitor.get(answer["Location"]))
    assert list(Report.objects.values_list("reason", "text")) == [("abusive", "It calls me a fool.")]


def change(comment, text):
    edit_comment(comment, text, by=None, hold=False)


@pytest.mark.parametrize("who", ["guest", "account"])
def test_what_was_changed_after_a_moderator_let_it_stand_is_reported_anew(request, client, moderator, comment, who):
    visitor = client if who == "guest" else request.getfixturevalue("reader_client")
    visitor.post(address(comment), FILLED)
    decide([comment.pk], "published", by=moderator)
    change(comment, "Now it threatens me.")
    again = visitor.post(address(comment), FILLED | {"text": "Now it threatens me."})
    once_more = visitor.post(address(comment), FILLED)
    assert (again["Location"], once_more["Location"]) == (f"{address(comment)}?reported", f"{address(comment)}?again")
    kept = Report.objects.order_by("pk").values_list("text", "settled_by_name")
    assert list(kept) == [("It calls me a fool.", str(moderator)), ("Now it threatens me.", "")]
    assert [made.text for made in reporting.open_reports(comment)] == ["Now it threatens me."]


def test_who_reports_what_a_moderator_let_stand_is_told_so(client, moderator, comment):
    change(comment, "As the moderator read it.")
    client.post(address(comment), FILLED)
    decide([comment.pk], "published", by=moderator)
    answer = client.post(address(comment), FILLED)
    assert answer["Location"] == f"{address(comment)}?stands"
    told = "A moderator has looked at this comment since you reported it, and let it stand."
    assert told in html(client.get(answer["Location"]))
    assert (Report.objects.count(), Quota.objects.get(key__startswith="report:").used) == (1, 1)
    assert browser().post(address(comment), FILLED)["Location"].endswith("?reported")


@pytest.mark.parametrize(("minutes", "answer"), [(1, "reported"), (16, "stands")])
def test_what_a_moderator_may_not_have_read_is_reported_anew(client, moderator, comment, minutes, answer):
    client.post(address(comment), FILLED)
    decide([comment.pk], "published", by=moderator)
    settled = timezone.now()
    Report.objects.update(reported_at=settled - timedelta(hours=1), settled_at=settled)
    PageComment.objects.filter(pk=comment.pk).update(edited_at=settled - timedelta(minutes=minutes))
    assert client.post(address(comment), FILLED)["Location"] == f"{address(comment)}?{answer}"


def test_what_only_a_rule_has_answered_is_reported_anew(client, moderator, comment):
    client.post(address(comment), FILLED)
    decide([comment.pk], "rejected", by=None)
    decide([comment.pk], "published", by=moderator)
    assert client.post(address(comment), FILLED)["Location"].endswith("?reported")
    assert reporting.open_reports(comment).count() == 1


def test_taking_back_leaves_the_report_that_was_given_anew(client, moderator, comment):
    other = report(comment)
    client.post(address(comment), FILLED)
    batch = decide([comment.pk], "published", by=moderator).batch
    change(comment, "Now it threatens me.")
    client.post(address(comment), FILLED | {"text": "Now it threatens me."})
    undo(batch, by=moderator)
    assert [made.text for made in reporting.open_reports(comment)] == [other.text, "Now it threatens me."]
    assert client.post(address(comment), FILLED)["Location"].endswith("?again")


def test_database_holds_one_open_report_of_each(comment):
    report(comment, settled_at=timezone.now())
    report(comment)
    with pytest.raises(IntegrityError), transaction.atomic():
        report(comment)


def test_same_account_in_two_browsers_is_one_reporter(reader, comment):
    for _ in range(2):
        client_of(reader).post(address(comment), FILLED)
    made = Report.objects.get()
    assert (made.by, made.reporter_key) == (reader, f"account:{reader.pk}")


def test_two_guests_are_two_and_one_guest_reports_two_comments(client, article, comment):
    other = factories.comment(article)
    browser().post(address(comment), FILLED)
    for reported in (comment, other):
        client.post(address(reported), FILLED)
    assert Report.objects.filter(comment=comment).count() == 2
    assert Report.objects.values("reporter_key").distinct().count() == 2


def test_guest_keeps_the_key_of_the_own_comments(client, article, comment):
    client.post(address(comment), FILLED)
    key = client.cookies[tokens.COOKIE].value
    client.post(address(factories.comment(article)), FILLED)
    assert client.cookies[tokens.COOKIE].value.split(":")[0] == key.split(":")[0]


WRONG = [
    ("reason", "", "Choose what is wrong with it."),
    ("reason", "boring", "Select a valid choice."),
    ("text", "x" * 1001, "at most 1000 characters"),
    ("text", "a\x00b", "Null characters"),
]


@pytest.mark.parametrize(("field", "value", "error"), WRONG)
def test_wrong_field_is_named_and_the_words_are_kept(client, comment, field, value, error):
    sent = FILLED | {field: value}
    answer = client.post(address(comment), sent)
    assert answer.status_code == 400
    assert error in html(answer)
    assert form_of(answer)[1]["text"] == sent["text"]
    assert not Report.objects.exists()
    if field == "text":
        assert re.search(r'value="abusive"[^>]* checked', html(answer))


@pytest.mark.parametrize("text", ["", "  \n ", "\u200b", "x" * 1000, "<b>&amp;</b>", "Two\r\nlines"])
def test_words_are_optional_and_kept_as_they_are(client, comment, text):
    client.post(address(comment), {"reason": "other", "text": text})
    expected = {"  \n ": "", "\u200b": "", "Two\r\nlines": "Two\nlines"}.get(text, text)
    assert Report.objects.get().text == expected


# Limits


def test_reports_from_one_internet_address_are_limited_and_the_words_kept(article, monkeypatch):
    monkeypatch.setattr(reporting, "REPORTS_AN_HOUR", 2)
    comments = [factories.comment(article) for _ in range(4)]
    for comment in comments[:2]:
        assert browser().post(address(comment), FILLED).status_code == 302
    answer = browser().post(address(comments[2]), FILLED)
    assert answer.status_code == 429
    assert 0 < int(answer["Retry-After"]) <= 3600
    assert "send it again after" in html(answer)
    assert form_of(answer)[1]["text"] == FILLED["text"]
    assert re.search(r'value="abusive"[^>]* checked', html(answer))
    assert browser(REMOTE_ADDR="192.0.2.7").post(address(comments[2]), FILLED).status_code == 302
    Quota.objects.update(started_at=timezone.now() - timedelta(hours=1))
    assert browser().post(address(comments[3]), FILLED).status_code == 302
    assert Report.objects.count() == 4


def test_reports_of_an_account_are_limited_too(reader_client, article, monkeypatch):
    monkeypatch.setattr(reporting, "REPORTS_AN_HOUR", 2)
    comments = [factories.comment(article) for _ in range(3)]
    answers = [reader_client.post(address(comment), FILLED, headers=HERE).status_code for comment in comments]
    assert answers == [302, 302, 429]


def test_report_given_before_is_answered_at_the_limit_too(client, article, comment, monkeypatch):
    monkeypatch.setattr(reporting, "REPORTS_AN_HOUR", 1)
    assert client.post(address(comment), FILLED)["Location"].endswith("?reported")
    assert client.post(address(comment), FILLED)["Location"].endswith("?again")
    assert Quota.objects.get().used == 1


def test_refused_report_leaves_nothing(article, comment, monkeypatch):
    monkeypatch.setattr(reporting, "REPORTS_AN_HOUR", 1)
    assert reporting.report(comment, **VALUES)
    with pytest.raises(quotas.Exceeded):
        reporting.report(factories.comment(article), **VALUES)
    assert (Report.objects.count(), Quota.objects.get().used) == (1, 1)


# Which comments


@pytest.mark.parametrize("state", ["pending", "rejected", "spam", "removed", "erased"])
def test_only_what_readers_see_can_be_reported(client, comment, state):
    decide([comment.pk], state, by=None)
    assert client.get(address(comment)).status_code == 404
    assert client.post(address(comment), FILLED).status_code == 404
    assert not Report.objects.exists()


def test_reply_hidden_with_the_comment_above_cannot_be_reported(client, article, comment):
    reply = factories.comment(article, reply_to=comment)
    decide([comment.pk], "rejected", by=None)
    assert client.post(address(reply), FILLED).status_code == 404


def test_comment_taken_out_of_view_meanwhile_takes_no_report(comment):
    decide([comment.pk], "removed", by=None)
    with pytest.raises(reporting.CommentGone):
        reporting.report(comment, **VALUES)  # as it was read before
    assert not Report.objects.exists()
    assert not Quota.objects.exists()


@pytest.mark.parametrize("number", ["0", "2", "99999999999", str(2**31)])
def test_number_that_is_none_is_not_found(client, comment, number):
    for send in (client.get, client.post):
        assert send(f"/discussion/{comment.page_id}/{number}/report/", FILLED).status_code == 404


@pytest.mark.parametrize("way", WAYS)
def test_nothing_is_reported_on_a_hidden_page(client, article, way):
    parent = article.get_parent().specific
    hidden = type(article)(title="Hidden", slug="hidden", summary="S")
    private = factories.SectionPageFactory(parent=parent.get_parent(), title="Private", slug="private")
    WAYS["a page behind a log-in"](closed := type(private)(title="Closed", slug="closed"), private, None)
    WAYS[way](hidden, parent, closed)
    comment = factories.comment(hidden)
    assert client.get(address(comment)).status_code == 404
    assert client.post(address(comment), FILLED).status_code == 404


def test_nothing_is_reported_where_the_discussion_is_off_but_where_it_is_closed(client, comment):
    Discussion.objects.update(override="closed")
    assert client.post(address(comment), FILLED).status_code == 302
    Discussion.objects.update(override="off")
    assert client.get(address(comment)).status_code == 404
    assert browser().post(address(comment), FILLED).status_code == 404


NOT_FROM_HERE = [{"origin": "https://elsewhere.example"}, {"origin": "null"}, {"referer": "https://elsewhere.example/"}, {}]


@pytest.mark.parametrize("headers", NOT_FROM_HERE, ids=str)
def test_another_site_cannot_report_and_who_can_needs_no_cookie(comment, headers):
    answer = Client(enforce_csrf_checks=True, headers=headers).post(address(comment), FILLED)
    assert (answer.status_code, Report.objects.count()) == (403, 0)
    assert "did not say that this form came from this site" in html(answer)
    assert re.search(r'value="abusive"[^>]* checked', html(answer))
    target, fields = form_of(answer)
    assert fields["text"] == FILLED["text"]
    assert Client(enforce_csrf_checks=True, headers=HERE).post(target, fields | FILLED).status_code == 302


@pytest.mark.parametrize("how", ["comment", "page", "discussion", "at the last moment"])
def test_report_of_what_is_no_longer_to_be_seen_gives_the_words_back(client, comment, how, monkeypatch):
    def gone(*arguments, **values):
        raise reporting.CommentGone

    if how == "comment":
        decide([comment.pk], "spam", by=None)
    elif how == "page":
        comment.page.specific.unpublish()
    elif how == "discussion":
        Discussion.objects.update(override="off")
    else:
        monkeypatch.setattr(reporting, "report", gone)
    answer = client.post(address(comment), FILLED)
    assert (answer.status_code, kept_text(answer)) == (404, FILLED["text"])
    assert "There is nothing to report." in html(answer)
    assert "R. Ude" not in html(answer)


def test_form_is_never_cached_and_looking_does_nothing(client, comment):
    answer = client.get(address(comment))
    assert {"private", "no-store"} <= {part.strip() for part in answer["Cache-Control"].split(",")}
    assert tokens.COOKIE not in client.cookies
    assert client.put(address(comment)).status_code == 405
    assert not Report.objects.exists()
    assert not Quota.objects.exists()


def test_on_the_way_back_to_one_report_of_each_the_latest_stays(article):
    comment = factories.comment(article)
    for text in ("first", "second"):
        report(comment, reporter="browser:x", text=text, settled_at=timezone.now())
    report(comment, reporter="browser:x", text="third")
    report(comment, reporter="browser:y", text="another's")
    import_module("discussion.migrations.0016_reported_again").keep_the_latest(apps, None)
    assert list(Report.objects.order_by("pk").values_list("text", flat=True)) == ["third", "another's"]


def test_reporting_costs_the_same_for_few_and_many(article, comment):
    def cost():
        with CaptureQueriesContext(connection) as queries:
            browser().post(address(comment), FILLED)
        return len(queries)

    cost()
    few = cost()
    for number in range(15):
        report(comment, reporter=f"browser:{number}")
        factories.comment(article)
    assert cost() == few
