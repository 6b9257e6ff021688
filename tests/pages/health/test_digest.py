"""The weekly mail: to whom, when, of what, and never twice of the same."""

import smtplib
from datetime import UTC, datetime, timedelta

import pytest
from django.core import mail
from django.core.mail.backends.locmem import EmailBackend
from django.urls import reverse
from django.utils import timezone

from pages.health import digest
from pages.models import LinkDigest, LinkFault, OutboundAddress
from tests import factories
from tests.conftest import client_of
from tests.pages.health.finding import count
from tests.pages.health.test_report import BROKEN, with_address

pytestmark = pytest.mark.django_db
NOW = datetime(2024, 5, 1, 12, tzinfo=UTC)
DAY = timedelta(days=1)


@pytest.fixture(autouse=True)
def _with_a_mail_server(settings):
    settings.HUB_SENDS_MAIL = True


@pytest.fixture
def wish(editor):
    return LinkDigest.objects.create(user=editor, wanted=True)


def send(now=None) -> list[str]:
    """The bodies of the mails that go out at ``now``."""
    mail.outbox.clear()
    digest.send_digests(now=now or timezone.now() + DAY)
    return [letter.body for letter in mail.outbox]


def test_an_editor_who_wishes_it_is_told_what_is_new_and_where_to_mend_it(wish, article):
    count()
    [body] = send()
    assert mail.outbox[0].to == ["editor@readers.example"]
    assert mail.outbox[0].subject == "2 links to look at – Hub"
    assert "1 – Orphans\n1 – Dead ends\n" in body
    assert "A dry street\nNo public page leads here.\n" in body
    assert f"http://127.0.0.1:8000{reverse('wagtailadmin_pages:edit', args=[article.pk])}#panel" in body


def test_the_next_mail_comes_a_week_later_and_tells_only_what_is_new(wish, article, section):
    count()
    LinkFault.objects.update(found_at=NOW - DAY)
    assert len(send(NOW)) == 1
    assert send(NOW + DAY) == []
    assert send(NOW + 8 * DAY) == [], "nothing new, no mail"
    factories.ArticlePageFactory(parent=section, title="A wet street", slug="wet")
    count()
    LinkFault.objects.filter(page__title="A wet street").update(found_at=NOW + 9 * DAY)
    [body] = send(NOW + 10 * DAY)
    assert "A wet street" in body
    assert "A dry street" not in body
    assert send(NOW + 11 * DAY) == []


def test_an_address_is_told_of_once_it_is_broken(wish, article):
    with_address(article, state="failing", why="404", failing_since=NOW, changed_at=NOW)
    LinkFault.objects.exclude(address__isnull=False).delete()
    assert send(NOW + DAY) == []
    OutboundAddress.objects.update(**BROKEN | {"failing_since": NOW, "changed_at": NOW + 2 * DAY})
    [body] = send(NOW + 3 * DAY)
    assert "https://example.org/a\nBroken since 1 May 2024: not found, 404." in body


def test_a_new_link_to_what_has_long_been_broken_is_told_of(wish, article, section):
    with_address(article, **BROKEN | {"failing_since": NOW - 30 * DAY, "changed_at": NOW - 30 * DAY})
    LinkFault.objects.update(found_at=NOW - DAY)
    assert len(send(NOW)) == 1
    other = factories.ArticlePageFactory(parent=section, title="A wet street", slug="wet")
    with_address(other)
    LinkFault.objects.exclude(page=other).update(found_at=NOW - DAY)
    LinkFault.objects.filter(page=other).update(found_at=NOW + 9 * DAY)
    [body] = send(NOW + 10 * DAY)
    assert "A wet street\nhttps://example.org/a\nBroken since" in body
    assert "A dry street" not in body


def test_what_was_dismissed_is_not_told_of(wish, article):
    count()
    LinkFault.objects.update(dismissed_at=NOW)
    assert send() == []


def test_only_pages_that_one_may_edit_are_told_of(section_editor, article, home, section):
    LinkDigest.objects.create(user=section_editor, wanted=True)
    other = factories.SectionPageFactory(parent=home, title="Canary section", slug="canary")
    factories.ArticlePageFactory(parent=other, title="Canary street")
    hidden = factories.ArticlePageFactory(parent=other, title="Canary draft", live=False)
    factories.ContentLinkFactory(source=article, target=hidden)
    count()
    [body] = send()
    assert "A dry street" in body
    assert "A page that you may not see" in body
    assert "Canary" not in body


@pytest.mark.parametrize(
    ("change", "value"), [("is_active", False), ("email", ""), ("groups", None)], ids=["inactive", "no address", "no pages"]
)
def test_who_may_not_or_cannot_be_told_is_not(wish, editor, article, change, value):
    count()
    if change == "groups":
        editor.groups.clear()
    else:
        setattr(editor, change, value)
        editor.save()
    assert send() == []


def test_who_did_not_choose_it_is_not_told(editor, article):
    LinkDigest.objects.create(user=editor, wanted=False)
    count()
    assert send() == []


def test_without_a_mail_server_nothing_is_sent(wish, article, settings):
    settings.HUB_SENDS_MAIL = False
    count()
    assert send() == []
    assert LinkDigest.objects.get().told_at is None


def test_a_server_that_takes_none_is_asked_again_and_nothing_is_lost(wish, article, monkeypatch):
    count()

    def refuse(*_args):
        raise smtplib.SMTPServerDisconnected("gone")

    with monkeypatch.context() as patched:
        patched.setattr(EmailBackend, "send_messages", refuse)
        assert send() == []
    assert len(send()) == 1


@pytest.mark.parametrize(("said", "asked"), [(smtplib.SMTPRecipientsRefused({}), 2), (TimeoutError(), 1), (ConnectionError(), 1)])
def test_a_server_that_does_not_answer_is_waited_for_once(wish, article, administrator, monkeypatch, said, asked):
    LinkDigest.objects.create(user=administrator, wanted=True)
    count()
    letters = []

    def refuse(_backend, messages):
        letters.extend(messages)
        raise said

    with monkeypatch.context() as patched:
        patched.setattr(EmailBackend, "send_messages", refuse)
        assert send() == []
    assert len(letters) == asked
    assert len(send()) == 2


def test_a_worker_that_dies_while_sending_tells_nobody_twice(wish, article, monkeypatch):
    count()

    class Killed(BaseException):
        pass

    def die(*_args):
        raise Killed

    with monkeypatch.context() as patched:
        patched.setattr(EmailBackend, "send_messages", die)
        with pytest.raises(Killed):
            send()
    assert send(timezone.now() + 2 * DAY) == []


def test_of_two_workers_one_tells(wish, article, monkeypatch):
    count()
    real = digest.news_for

    def meanwhile(*args):
        found = real(*args)
        monkeypatch.setattr(digest, "news_for", real)
        digest.send_digests(now=timezone.now() + DAY)
        return found

    monkeypatch.setattr(digest, "news_for", meanwhile)
    assert len(send()) == 1


def test_it_is_chosen_in_ones_account_by_those_who_edit(editor, moderator, settings):
    form = client_of(editor).get(reverse("wagtailadmin_account")).content.decode()
    assert 'name="link_digest-wanted"' in form
    assert "Nothing new, no mail." in form
    settings.HUB_SENDS_MAIL = False
    assert "no mail server" in client_of(editor).get(reverse("wagtailadmin_account")).content.decode()
    assert 'name="link_digest-wanted"' not in client_of(moderator).get(reverse("wagtailadmin_account")).content.decode()
