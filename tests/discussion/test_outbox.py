"""What a mail server may do to the mails that are noted: each leaves once, or is given up, and none stands in another's way."""

import smtplib
from datetime import timedelta

import pytest
from django.core import mail
from django.core.mail.backends import locmem
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from discussion import outbox
from discussion.letters import letter_for
from discussion.models import OutgoingMail, PageComment, State
from discussion.outbox import send_due
from tests import factories

pytestmark = pytest.mark.django_db
Kind, MailState = OutgoingMail.Kind, OutgoingMail.State


@pytest.fixture(autouse=True)
def _mail_server(settings):
    settings.HUB_SENDS_MAIL = True


class Server(locmem.EmailBackend):
    """Answers each mail by what ``answers`` says of its receiver; takes all others."""

    answers: dict = {}
    refuses_connection = None
    meanwhile: list = []  # what else happens while it is at a mail: calls, one for each

    def open(self):
        if Server.refuses_connection:
            raise Server.refuses_connection
        return True

    def send_messages(self, messages):
        if Server.meanwhile:
            Server.meanwhile.pop(0)()
        error = Server.answers.get(messages[0].to[0])
        if error:
            raise error
        return super().send_messages(messages)


@pytest.fixture
def server(settings, monkeypatch):
    settings.EMAIL_BACKEND = "tests.discussion.test_outbox.Server"
    monkeypatch.setattr(Server, "answers", {})
    monkeypatch.setattr(Server, "refuses_connection", None)
    monkeypatch.setattr(Server, "meanwhile", [])
    return Server


def note(*receivers):
    for number, to in enumerate(receivers):
        page_comment = PageComment.objects.order_by("pk").first()
        OutgoingMail.objects.create(kind=Kind.CONFIRM, key=f"test:{number}", to=to, comment=page_comment)


@pytest.fixture
def waiting(article):
    comment = factories.comment(article, state="pending")
    PageComment.objects.filter(pk=comment.pk).update(state=State.UNCONFIRMED)


@pytest.mark.parametrize(
    "error",
    [
        ConnectionRefusedError(),
        TimeoutError(),
        smtplib.SMTPAuthenticationError(535, b"no"),
        smtplib.SMTPConnectError(421, b"busy"),
    ],
)
def test_server_that_is_down_loses_nothing_and_is_asked_again_soon(server, waiting, error):
    note("a@readers.example", "b@readers.example")
    server.refuses_connection = error
    assert send_due() == 0
    assert send_due() == 0
    rows = OutgoingMail.objects.all()
    assert {(row.state, row.attempts) for row in rows} == {(MailState.WAITING, 0)}
    server.refuses_connection = None
    assert send_due(timezone.now() + timedelta(minutes=1)) == 2
    assert send_due(timezone.now() + timedelta(minutes=30)) == 0
    assert sorted(message.to[0] for message in mail.outbox) == ["a@readers.example", "b@readers.example"]


def test_final_no_ends_one_mail_and_not_the_others(server, waiting):
    server.answers = {"a@readers.example": smtplib.SMTPRecipientsRefused({"a@readers.example": (550, b"nobody")})}
    note("a@readers.example", "b@readers.example")
    assert send_due() == 1
    states = dict(OutgoingMail.objects.values_list("to", "state"))
    assert states == {"a@readers.example": MailState.FAILED, "b@readers.example": MailState.SENT}


@pytest.mark.parametrize("code", [530, 550, 553])
def test_server_that_refuses_the_sender_ends_no_mail(server, waiting, code):
    receivers = ["a@readers.example", "b@readers.example"]
    server.answers = {to: smtplib.SMTPSenderRefused(code, b"not you", "hub@hub.example") for to in receivers}
    note(*receivers)
    now = timezone.now()
    for days in range(outbox.GIVE_UP_AFTER + 1):
        assert send_due(now + timedelta(days=days)) == 0
    assert set(OutgoingMail.objects.values_list("state", "attempts")) == {(MailState.WAITING, 0)}
    server.answers = {}
    assert send_due(now + timedelta(days=30)) == 2


@pytest.mark.parametrize(
    "error",
    [
        smtplib.SMTPRecipientsRefused({"a@readers.example": (550, b"5.1.1 <A@readers.example>: nobody")}),
        smtplib.SMTPDataError(451, b"later, a@readers.example"),
        smtplib.SMTPSenderRefused(553, b"not you", "hub@hub.example"),
        UnicodeError("a@readers.example"),
    ],
)
def test_what_is_kept_of_an_answer_names_no_address(server, waiting, error):
    server.answers = {"a@readers.example": error}
    note("a@readers.example", "b@readers.example")
    send_due()
    said = OutgoingMail.objects.order_by("pk").values_list("last_error", flat=True)[0]
    assert said
    assert "@" not in said


def test_mail_that_no_envelope_can_carry_ends_alone(server, waiting):
    server.answers = {"a@readers.example": UnicodeError("label empty")}
    note("x@אa.example", "a@readers.example", "b@readers.example")
    assert send_due() == 1
    states = dict(OutgoingMail.objects.values_list("to", "state"))
    failed = MailState.FAILED
    assert states == {"x@אa.example": failed, "a@readers.example": failed, "b@readers.example": MailState.SENT}


def test_not_now_is_asked_again_after_longer_and_longer_pauses_and_in_the_end_not(server, waiting):
    server.answers = {"a@readers.example": smtplib.SMTPDataError(451, b"later")}
    note("a@readers.example")
    now, pauses = timezone.now(), []
    for _ in range(outbox.GIVE_UP_AFTER):
        send_due(now)
        row = OutgoingMail.objects.get()
        pauses.append(row.next_try_at - timezone.now())
        now = row.next_try_at + timedelta(seconds=1)
    assert pauses[:3] == sorted(pauses[:3])
    assert max(pauses) <= outbox.LONGEST_PAUSE
    assert row.state == MailState.FAILED
    assert "later" in row.last_error


def test_mail_at_which_the_server_breaks_off_does_not_stand_before_the_others(server, waiting):
    server.answers = {"a@readers.example": smtplib.SMTPServerDisconnected("gone")}
    note("a@readers.example", "b@readers.example")
    assert send_due() == 0
    assert send_due(timezone.now() + timedelta(seconds=31)) == 1
    assert mail.outbox[0].to == ["b@readers.example"]


def test_mail_claimed_by_a_worker_that_died_is_sent_after_its_lease(server, waiting):
    note("a@readers.example")
    assert len(outbox._claim(timezone.now())) == 1
    assert send_due() == 0
    assert send_due(timezone.now() + outbox.LEASE + timedelta(seconds=1)) == 1


def send_by_a_slow_worker() -> int:
    """By one whose claims are over by the time its first mail is on its way."""
    OutgoingMail.objects.update(next_try_at=timezone.now() - timedelta(days=1))
    return send_due(timezone.now() - outbox.LEASE - timedelta(seconds=1))


def test_mails_taken_over_from_a_slow_worker_are_sent_once(server, waiting):
    note("a@readers.example", "b@readers.example", "c@readers.example")
    sent = []
    server.meanwhile = [lambda: sent.append(send_due())]
    assert send_by_a_slow_worker() == 1
    assert sent == [2]
    assert sorted(message.to[0] for message in mail.outbox) == ["a@readers.example", "b@readers.example", "c@readers.example"]
    assert set(OutgoingMail.objects.values_list("state", flat=True)) == {MailState.SENT}


@pytest.mark.parametrize(
    "error", [smtplib.SMTPServerDisconnected("gone"), smtplib.SMTPSenderRefused(553, b"not you", "hub@hub.example")]
)
def test_slow_worker_gives_back_nothing_that_was_taken_over(server, waiting, error):
    note("a@readers.example", "b@readers.example")
    server.answers = {"a@readers.example": error}
    claimed = []
    server.meanwhile = [lambda: claimed.extend(outbox._claim(timezone.now()))]
    assert send_by_a_slow_worker() == 0
    assert [row.to for row in claimed] == ["b@readers.example"]
    assert OutgoingMail.objects.get(to="b@readers.example").next_try_at == claimed[0].next_try_at


def test_what_became_of_a_mail_is_said_by_whoever_took_it_over(server, waiting):
    note("a@readers.example")
    server.answers = {"a@readers.example": smtplib.SMTPDataError(550, b"no")}
    claimed = []
    server.meanwhile = [lambda: claimed.extend(outbox._claim(timezone.now() + outbox.LEASE + timedelta(seconds=1)))]
    assert send_due() == 0
    row = OutgoingMail.objects.get()
    assert (row.state, row.next_try_at) == (MailState.WAITING, claimed[0].next_try_at)


def test_mail_that_is_dropped_before_its_turn_comes_is_not_sent(server, waiting):
    note("a@readers.example", "b@readers.example")
    later = OutgoingMail.objects.filter(to="b@readers.example")
    server.meanwhile = [lambda: later.update(state=MailState.DROPPED)]
    assert send_due() == 1
    assert later.get().state == MailState.DROPPED


def test_sending_costs_few_queries_a_mail(server, waiting):
    def cost(*receivers):
        OutgoingMail.objects.all().delete()
        note(*receivers)
        with CaptureQueriesContext(connection) as queries:
            assert send_due() == len(receivers)
        return [query["sql"] for query in queries]

    one, three = (cost(*[f"{name}@readers.example" for name in names]) for names in ("a", "abc"))
    changes = [sum(sql.startswith("UPDATE") for sql in found) for found in (one, three)]
    assert changes == [3, 7], "one to claim all; to renew and to note, one each"


def test_every_try_has_the_same_message_id(server, waiting):
    note("a@readers.example")
    ids = {letter_for(OutgoingMail.objects.get()).extra_headers["Message-ID"] for _ in range(2)}
    assert len(ids) == 1


def test_mail_that_cannot_be_written_is_put_aside(server, waiting, monkeypatch):
    note("a@readers.example", "b@readers.example")
    real = outbox.letter_for

    def write(row):
        if row.to.startswith("a"):
            raise ZeroDivisionError
        return real(row)

    monkeypatch.setattr(outbox, "letter_for", write)
    assert send_due() == 1
    assert OutgoingMail.objects.get(to="a@readers.example").state == MailState.FAILED
