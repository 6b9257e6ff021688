"""Alerts to moderators: when, to whom, of what, and what they never tell."""

from datetime import UTC, datetime, timedelta

import pytest
from django.core import mail
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from discussion.alerts import alert_moderators
from discussion.letters import letter_for
from discussion.models import AlertPreference, OutgoingMail, PageComment, Report
from discussion.outbox import send_due
from discussion.transitions import decide
from tests import factories
from tests.conftest import client_of, moderator_of

pytestmark = pytest.mark.django_db
When = AlertPreference.When
NOON = datetime(2026, 5, 1, 12, tzinfo=UTC)
MINUTE, HOUR = timedelta(minutes=1), timedelta(hours=1)


@pytest.fixture(autouse=True)
def _mail_server(settings):
    settings.HUB_SENDS_MAIL = True


def wishes(user, when, hours=24) -> AlertPreference:
    return AlertPreference.objects.update_or_create(user=user, defaults={"when": when, "hours": hours})[0]


def held(page, at, **values) -> PageComment:
    return factories.comment(page, state="pending", now=at, **values)


def noted(now) -> int:
    """How many alerts are noted at ``now``; all that were noted are sent at once."""
    count = alert_moderators(now)
    OutgoingMail.objects.update(state="sent")
    return count


def reported(comment, at) -> Report:
    key = f"browser:{at.isoformat()}"
    return Report.objects.create(comment=comment, reason="spam", reporter_key=key, reported_at=at)


# when a moderator wants to be told → at which minutes after noon a mail is noted, with a comment held at 0, 1, 2, 90 and 1500
# minutes after noon, asked each minute from noon on for two days
MAILS = {
    When.NEVER: [],
    When.AT_ONCE: [0, 1, 2, 90, 1500],
    When.HOURLY: [0, 60, 120, 1500],
    When.DAILY: [0, 1440, 2880],
    When.OVERDUE: [120, 180, 240, 1620],
}


@pytest.mark.parametrize(("when", "expected"), MAILS.items())
def test_each_wish_is_told_at_its_times(moderator, article, when, expected):
    wishes(moderator, when, hours=2)
    for minute in (0, 1, 2, 90, 1500):
        held(article, NOON + minute * MINUTE)
    moments = {0, 1, 2, 3, 59, 60, 61, 90, 91, 119, 120, 121, 179, 180, 181, 210, 239, 240, 241, 1439, 1440, 1441}
    moments |= {1500, 1501, 1559, 1560, 1619, 1620, 1621, 2880, 2881}
    told = []
    for minute in sorted(moments):
        # What is sent later is not there yet.
        later = PageComment.objects.filter(submitted_at__gt=NOON + minute * MINUTE)
        later.update(state="spam")
        told += [minute] * noted(NOON + minute * MINUTE)
        PageComment.objects.update(state="pending")
    assert told == expected


def test_many_comments_within_a_minute_are_one_mail(moderator, article):
    wishes(moderator, When.AT_ONCE)
    for second in range(30):
        held(article, NOON + timedelta(seconds=second))
        noted(NOON + timedelta(seconds=second))
    assert OutgoingMail.objects.count() == 1
    assert noted(NOON + MINUTE) == 1
    assert noted(NOON + 2 * MINUTE) == 0


def test_mail_that_waits_for_the_server_is_not_joined_by_another(moderator, article):
    wishes(moderator, When.AT_ONCE)
    for minute in range(3):
        held(article, NOON + minute * MINUTE)
        alert_moderators(NOON + minute * MINUTE)
    assert OutgoingMail.objects.count() == 1


def test_two_workers_at_the_same_moment_note_one_mail(moderator, article, monkeypatch):
    wishes(moderator, When.AT_ONCE)
    held(article, NOON)
    may_moderate = alert_moderators.__globals__["may_moderate"]

    def meanwhile(user):
        monkeypatch.undo()
        assert alert_moderators(NOON) == 1
        return may_moderate(user)

    monkeypatch.setattr("discussion.alerts.may_moderate", meanwhile)
    assert alert_moderators(NOON) == 0
    assert OutgoingMail.objects.count() == 1


def test_what_waits_again_after_long_is_told_too(moderator, article):
    wishes(moderator, When.AT_ONCE)
    comment = held(article, NOON)
    assert noted(NOON) == 1
    decide([comment.pk], "published", by=moderator)
    comment.decisions.update(decided_at=NOON + HOUR)
    reported(comment, NOON + 2 * HOUR)
    assert noted(NOON + 2 * HOUR) == 1
    decide([comment.pk], "pending", by=None)
    comment.decisions.filter(to_state="pending").update(decided_at=NOON + 3 * HOUR)
    assert noted(NOON + 3 * HOUR) == 1
    assert noted(NOON + 4 * HOUR) == 0


def test_comment_confirmed_late_is_not_yet_overdue(moderator, article):
    wishes(moderator, When.OVERDUE, hours=24)
    comment = held(article, NOON)
    decide([comment.pk], "published", by=None)
    decide([comment.pk], "pending", by=None)
    comment.decisions.update(decided_at=NOON + 30 * HOUR)
    assert noted(NOON + 31 * HOUR) == 0
    assert noted(NOON + 54 * HOUR) == 1


def test_nobody_is_told_who_has_no_right_or_no_address_or_where_no_mail_leaves(editor, moderator, article, settings):
    wishes(editor, When.AT_ONCE)
    wishes(moderator, When.AT_ONCE)
    held(article, NOON)
    settings.HUB_SENDS_MAIL = False
    assert alert_moderators(NOON) == 0
    settings.HUB_SENDS_MAIL = True
    moderator.email = ""
    moderator.save()
    assert alert_moderators(NOON) == 0
    assert not OutgoingMail.objects.exists()


@pytest.fixture
def busy(home, section, article, moderator):
    """Twelve pages in one section and one in another, with what waits on each; and who moderates which."""
    elsewhere = factories.ArticlePageFactory(parent=factories.SectionPageFactory(parent=home), title="Elsewhere")
    words = {"text": "zanzibarine words", "name": "Wilhelmina", "email": "w@quagmire.example"}
    for number in range(11):
        held(factories.ArticlePageFactory(parent=section, title=f"Page {number:02}"), NOON, **words)
    for _ in range(2):
        held(article, NOON - HOUR, **words)
    shown = factories.comment(article, now=NOON, **words)
    reported(shown, NOON)
    reported(shown, NOON + MINUTE)
    for _ in range(20):
        held(elsewhere, NOON - 2 * HOUR, **words)
    factories.comment(elsewhere, state="spam", now=NOON - 3 * HOUR)
    return {"all": moderator, "section": moderator_of("sectional", section), "elsewhere": moderator_of("other", elsewhere)}


def letter(user, kind="alert"):
    return letter_for(OutgoingMail(kind=kind, key="k", to=user.email, moderator=user))


def test_alert_counts_what_is_the_moderators_and_tells_nobodys_words_or_name(busy, settings):
    for user in busy.values():
        wishes(user, When.AT_ONCE)
    said = {who: letter(user).body for who, user in busy.items()}
    assert [letter(user).subject for user in busy.values()] == [
        "34 comments wait for a moderator",
        "14 comments wait for a moderator",
        "20 comments wait for a moderator",
    ]
    assert said["section"].split("\n\n") == [
        "Hello,",
        "13 comments wait for a moderator to read them.\n1 published comment was reported by readers.\n"
        "The oldest has waited since 1 May 2026, 12:00.",
        "\n".join(["3 – A dry street", *(f"1 – Page {number:02}" for number in range(9)), "and on 2 more pages"]),
        f"Read and decide here:\nhttp://127.0.0.1:8000{reverse('discussion_queue')}?queue=pending",
        f"When such mails come is set in your account:\nhttp://127.0.0.1:8000{reverse('wagtailadmin_account')}",
        f"{settings.WAGTAIL_SITE_NAME}\n",
    ]
    assert "Elsewhere" in said["all"]
    assert "20 – Elsewhere" in said["elsewhere"]
    assert "A dry street" not in said["elsewhere"]
    for body in said.values():
        assert not [word for word in ("zanzibarine", "Wilhelmina", "quagmire") if word in body]


def test_alert_is_not_sent_when_nothing_waits_any_more_or_the_right_or_the_wish_is_gone(busy):
    section_moderator = busy["section"]
    assert letter(section_moderator) is None, "no wish"
    wishes(section_moderator, When.DAILY)
    assert letter(section_moderator) is not None
    wishes(section_moderator, When.NEVER)
    assert letter(section_moderator) is None
    wishes(busy["all"], When.AT_ONCE)
    PageComment.objects.filter(state="pending").update(state="spam")
    Report.objects.update(settled_at=NOON)
    assert letter(busy["all"]) is None
    wishes(busy["elsewhere"], When.AT_ONCE)
    PageComment.objects.filter(state="spam").update(state="pending")
    assert letter(busy["elsewhere"]) is not None
    busy["elsewhere"].groups.clear()
    del busy["elsewhere"]._moderated_paths
    assert letter(busy["elsewhere"]) is None


def test_alert_goes_out_by_the_worker(moderator, article):
    wishes(moderator, When.AT_ONCE)
    held(article, NOON)
    assert alert_moderators() == 1
    assert send_due() == 1
    assert [(sent.to, sent.subject) for sent in mail.outbox] == [([moderator.email], "1 comment waits for a moderator")]
    assert OutgoingMail.objects.values_list("state", "moderator").get() == ("sent", moderator.pk)


def test_looking_for_what_is_new_costs_the_same_for_few_and_many(moderator, article):
    wishes(moderator, When.AT_ONCE)

    def cost():
        with CaptureQueriesContext(connection) as queries:
            alert_moderators(NOON)
        AlertPreference.objects.update(told_at=None, told_up_to=None)
        OutgoingMail.objects.all().delete()
        return len(queries)

    for _ in range(2):
        held(article, NOON)
    few = cost()
    for _ in range(10):
        held(article, NOON)
    assert cost() == few


@pytest.mark.parametrize(
    ("role", "shown"), [("editor", False), ("moderator", True), ("sectional", True), ("administrator", True)]
)
def test_wish_is_set_in_the_account_by_those_who_moderate(request, section, role, shown):
    user = moderator_of(role, section) if role == "sectional" else request.getfixturevalue(role)
    client = client_of(user)
    page = client.get(reverse("wagtailadmin_account")).content.decode()
    assert ('name="discussion_alerts-when"' in page) == shown
    form = {"name_email-first_name": "A", "name_email-last_name": "B", "name_email-email": user.email or "a@b.example"}
    form |= {"theme-theme": "system", "theme-density": "default", "theme-contrast": "system"}
    form |= {"theme-keyboard_shortcuts": "on", "locale-preferred_language": "", "locale-current_time_zone": ""}
    form |= {"discussion_alerts-when": "overdue", "discussion_alerts-hours": "6"}
    response = client.post(reverse("wagtailadmin_account"), form)
    assert response.status_code == 302
    assert list(AlertPreference.objects.values_list("user", "when", "hours")) == ([(user.pk, "overdue", 6)] if shown else [])
