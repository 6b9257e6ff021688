"""Reasons and messages: what a moderator states, who is mailed, and what authors see of it in their own list."""

import re
from datetime import timedelta

import pytest
from django.core import mail
from django.http import QueryDict
from django.template.loader import render_to_string
from django.utils import timezone
from wagtail.models import ModelLogEntry, PageViewRestriction

from discussion.announcing import TIME_TO_UNDO, announce
from discussion.models import CannedReply, Decision, Discussion, DiscussionSettings, OutgoingMail, PageComment, Subscription
from discussion.moderation.forms import MESSAGE_LENGTH, DecisionForm, told_how
from discussion.outbox import send_due
from discussion.persons import person_key
from discussion.transitions import decide
from tests import factories

pytestmark = pytest.mark.django_db
EMAIL = "a.reader@readers.example"
WORDS = "Write again without the telephone number, please."


@pytest.fixture(autouse=True)
def _mail_server(settings):
    settings.HUB_SENDS_MAIL = True


def decided(comment, to_state, by, reason_code="personal-data", message=WORDS, **values) -> Decision:
    """A moderator's decision with a reason and a message."""
    decide([comment.pk], to_state, by=by)
    made = comment.decisions.order_by("pk").last()
    Decision.objects.filter(pk=made.pk).update(reason_code=reason_code, message=message, **values)
    return made


def told(now=None) -> list[tuple[str, str]]:
    announce(now or timezone.now() + TIME_TO_UNDO)
    return list(OutgoingMail.objects.order_by("pk").values_list("kind", "to"))


def wish_to_hear(page, email=EMAIL):
    key = person_key(email)
    Subscription.objects.create(page=page, scope="decision", email=email, person_key=key, confirmed_at=timezone.now())


MESSAGE, DECIDED = [("message", EMAIL)], [("decided", EMAIL)]
# the address is proven, the state before and after, what else holds of the decision, what is mailed
CASES = [
    (True, "pending", "published", {}, MESSAGE),
    (True, "pending", "rejected", {}, MESSAGE),
    (True, "published", "rejected", {}, MESSAGE),
    (True, "published", "removed", {}, MESSAGE),
    (True, "pending", "spam", {}, []),
    (True, "published", "pending", {}, []),
    (True, "pending", "rejected", {"message": ""}, DECIDED),
    (True, "published", "rejected", {"message": ""}, []),
    (True, "pending", "rejected", {"undone_at": timezone.now()}, []),
    (True, "pending", "rejected", {"is_undo": True}, []),
    (True, "pending", "rejected", {"by_id": None}, []),
    (False, "pending", "rejected", {}, DECIDED),
    (False, "published", "rejected", {}, []),
    (False, "pending", "spam", {}, []),
]


@pytest.mark.parametrize(("proven", "before", "after", "values", "expected"), CASES)
def test_who_is_mailed(article, moderator, proven, before, after, values, expected):
    """Everybody here wished to hear of decisions; nobody is told of one twice."""
    comment = factories.comment(article, state=before, email=EMAIL, is_proven=proven)
    wish_to_hear(article)
    decided(comment, after, moderator, **values)
    assert [pair for pair in told() if pair[0] in {"message", "decided"}] == expected
    assert told() == told()


@pytest.mark.parametrize("account_email", ["new@readers.example", ""])
def test_account_is_written_to_at_its_address_of_today(article, moderator, reader, account_email):
    comment = factories.comment(article, state="pending", email=EMAIL, user=reader)
    reader.email = account_email
    reader.save()
    decided(comment, "rejected", moderator)
    assert told() == [("message", account_email or EMAIL)]


def test_moderators_have_time_to_take_a_decision_back_before_anybody_hears_of_it(article, moderator):
    follower = {"email": "f@readers.example", "person_key": "f", "confirmed_at": timezone.now()}
    Subscription.objects.create(page=article, scope="page", **follower)
    comment = factories.comment(article, state="pending", email=EMAIL, is_proven=True)
    made = decided(comment, "published", moderator)
    at = Decision.objects.get(pk=made.pk).decided_at
    assert told(at + TIME_TO_UNDO - timedelta(seconds=1)) == []
    assert sorted(told(at + TIME_TO_UNDO)) == [("message", EMAIL), ("new", "f@readers.example")]


def test_comment_that_nobody_had_to_read_is_announced_at_once(article):
    follower = {"email": "f@readers.example", "person_key": "f", "confirmed_at": timezone.now()}
    Subscription.objects.create(page=article, scope="page", **follower)
    factories.comment(article)
    assert told(timezone.now()) == [("new", "f@readers.example")]


def test_nothing_is_mailed_where_no_mail_can_be_sent_and_the_moderator_is_told_so(article, moderator, settings):
    comment = factories.comment(article, state="pending", email=EMAIL, is_proven=True)
    assert told_how(comment).startswith("Will be mailed")
    settings.HUB_SENDS_MAIL = False
    assert told_how(comment).startswith("Shown only")
    decided(comment, "rejected", moderator)
    assert told() == []
    settings.HUB_SENDS_MAIL = True
    assert told_how(factories.comment(article, is_proven=False)).startswith("Shown only")
    assert told_how(factories.comment(article, email="", is_proven=True)).startswith("Shown only")


def test_no_mail_is_promised_about_a_page_that_not_everybody_may_read(article, moderator):
    comment = factories.comment(article, state="pending", email=EMAIL, is_proven=True)
    PageViewRestriction.objects.create(page=article, restriction_type="login")
    assert told_how(comment).startswith("Shown only")
    decided(comment, "rejected", moderator)
    assert told() == []


def test_letter_says_why_and_how_to_write_again_and_holds_no_comment(article, moderator, home):
    rules = factories.StandardPageFactory(parent=home, title="House rules", slug="house-rules")
    settings = DiscussionSettings.for_site(home.get_site())
    settings.house_rules = rules
    settings.save()
    comment = factories.comment(article, state="pending", email=EMAIL, is_proven=True, text="The yellow house, 0700 900461")
    decided(comment, "rejected", moderator, message=f"{WORDS}\n<b>&</b>")
    told()
    send_due()
    (letter,) = mail.outbox
    assert (letter.subject, letter.to) == ("About your comment on “A dry street”", [EMAIL])
    assert letter.body == (
        "A moderator has read your comment on “A dry street” and decided not to publish it.\n"
        "\nReason: Personal data\n"
        "\nThe moderator writes:\n\n"
        f"{WORDS}\n<b>&</b>\n"
        f"\nThe house rules:\n{rules.full_url}\n"
        f"\nYou are welcome to write again:\n{article.full_url}\n"
        "\nYou get this because you left a comment there.\n\nHub\n"
    )
    assert "yellow house" not in letter.message().as_string()


@pytest.mark.parametrize("change", ["decided again", "taken back", "page unpublished", "erased"])
def test_message_that_was_overtaken_is_not_sent(article, moderator, change):
    comment = factories.comment(article, state="pending", email=EMAIL, is_proven=True)
    made = decided(comment, "rejected", moderator)
    told()
    if change == "decided again":
        decide([comment.pk], "published", by=moderator)
    elif change == "taken back":
        Decision.objects.filter(pk=made.pk).update(undone_at=timezone.now())
    elif change == "page unpublished":
        article.unpublish()
    else:
        decide([comment.pk], "erased", by=None)
    assert send_due() == 0
    assert mail.outbox == []


def test_closed_discussion_invites_nobody(article, moderator):
    comment = factories.comment(article, state="pending", email=EMAIL, is_proven=True)
    article.discussion_mode = "closed"
    article.save()
    decided(comment, "removed" if comment.state == "published" else "rejected", moderator, reason_code="")
    told()
    send_due()
    assert "welcome" not in mail.outbox[0].body
    assert "Reason" not in mail.outbox[0].body


@pytest.mark.parametrize("message", [WORDS, ""])
def test_no_letter_leads_into_a_discussion_that_is_off(article, moderator, message):
    wish_to_hear(article)
    decided(factories.comment(article, state="pending", email=EMAIL, is_proven=True), "published", moderator, message=message)
    told()
    Discussion.objects.update(override="off")
    send_due()
    assert mail.outbox[0].body.startswith("Your comment on “A dry street” was published.\n")
    assert f"/discussion/{article.pk}/" not in mail.outbox[0].body


# Your comments here


def own_list(client, page) -> str:
    return " ".join(re.sub(r"<[^>]*>", " ", client.get(f"/discussion/{page.pk}/yours/").content.decode()).split())


def test_author_reads_reason_and_message_and_never_the_words_for_the_record(reader_client, reader, article, moderator):
    comment = factories.comment(article, state="pending", user=reader)
    decided(comment, "rejected", moderator, reason="A known troublemaker")
    page = own_list(reader_client, article)
    assert f"Reason: Personal data The moderator writes: {WORDS}" in page
    assert "troublemaker" not in page


@pytest.mark.parametrize("change", ["taken back", "spam", "published after all", "an undo"])
def test_author_reads_nothing_of_what_no_longer_holds(reader_client, reader, article, moderator, change):
    comment = factories.comment(article, state="pending", user=reader)
    made = decided(comment, "spam" if change == "spam" else "rejected", moderator)
    if change == "taken back":
        Decision.objects.filter(pk=made.pk).update(undone_at=timezone.now())
        decide([comment.pk], "pending", by=moderator)
    elif change == "published after all":
        decide([comment.pk], "published", by=moderator)
    elif change == "an undo":
        Decision.objects.filter(pk=made.pk).update(is_undo=True)
    assert WORDS not in own_list(reader_client, article)


# The form


def filled(**values) -> QueryDict:
    data = QueryDict(mutable=True)
    data.update(values)
    return data


def test_form_gives_what_a_decision_takes():
    form = DecisionForm(filled(reason_code="off-topic", reason=" Elsewhere ", message="One\r\ntwo"))
    assert form.is_valid()
    assert form.values() == {"reason_code": "off-topic", "reason": "Elsewhere", "message": "One\ntwo"}
    assert DecisionForm(filled()).is_valid(), "a decision needs no reason"


# what is wrong: the field, and what was typed there
WRONG = [
    ("reason_code", "nonsense"),
    ("reason", "x" * 251),
    ("reason", "nul\x00"),
    ("message", "x" * (MESSAGE_LENGTH + 1)),
    ("message", "nul\x00"),
    ("reply", "9" * 30),
    ("reply", "\x00"),
]


@pytest.mark.parametrize(("field", "typed"), WRONG)
def test_what_is_wrong_is_said_at_its_field_and_all_that_was_typed_stays(field, typed):
    form = DecisionForm(filled(**({"reason": "Kept words", "message": "Kept message", "reason_code": "other"} | {field: typed})))
    assert list(form.errors) == [field]
    page = render_to_string("discussion/admin/decision_fields.html", {"form": form})
    kept = {"reason": "Kept words", "message": "Kept message", "reason_code": "checked"}
    assert [words for name, words in kept.items() if name != field and words not in page] == []


def test_message_as_long_as_the_browser_lets_it_be_is_taken():
    lines = "x\r\n" * (MESSAGE_LENGTH // 2 - 1) + "xx"
    assert DecisionForm(filled(message=lines)).is_valid()


def test_button_inserts_a_canned_reply_after_what_was_typed_and_keeps_the_rest():
    reply = CannedReply.objects.get(reason_code="duplicate")
    typed = {"message": "Dear reader,\r\n", "reason": "Again", "reason_code": "duplicate"}
    form = DecisionForm(filled(**typed, reply=str(reply.pk), insert_reply="yes"))
    assert form.asks_for_reply
    again = form.with_reply()
    assert not again.asks_for_reply
    assert [again[name].value() for name in ("reason_code", "reason", "message", "reply")] == [
        "duplicate",
        "Again",
        f"Dear reader,\n\n{reply.text}",
        "",
    ]
    nothing_chosen = DecisionForm(filled(message="Typed", reason="x" * 300, insert_reply="yes")).with_reply()
    assert (nothing_chosen["message"].value(), nothing_chosen["reason"].value()) == ("Typed", "x" * 300)


def test_fields_come_with_the_button_where_there_are_replies():
    def buttons(**more):
        page = render_to_string("discussion/admin/decision_fields.html", {"form": DecisionForm(), **more})
        return re.findall(r'<button[^>]*name="insert_reply"[^>]*>', page)

    assert len(buttons()) == 1
    assert 'formaction="/there/"' in buttons(insert_url="/there/")[0]
    CannedReply.objects.all().delete()
    assert buttons() == []


# Canned replies


def test_moderators_begin_with_five_replies_each_for_a_reason_of_its_own():
    replies = list(CannedReply.objects.values_list("reason_code", "text"))
    assert len({code for code, _text in replies}) == len(replies) == 5
    assert all(code and len(text) <= MESSAGE_LENGTH for code, text in replies)


def test_moderator_adds_changes_and_deletes_a_reply_and_it_is_logged(moderator_client, moderator):
    addresses = "/admin/snippets/discussion/cannedreply/"
    form = {"title": "Too long", "reason_code": "other", "text": "Please be brief."}
    moderator_client.post(f"{addresses}add/", form)
    reply = CannedReply.objects.get(title="Too long")
    moderator_client.post(f"{addresses}edit/{reply.pk}/", form | {"text": "Please be briefer."})
    assert CannedReply.objects.get(pk=reply.pk).text == "Please be briefer."
    moderator_client.post(f"{addresses}delete/{reply.pk}/")
    assert not CannedReply.objects.filter(pk=reply.pk).exists()
    actions = ModelLogEntry.objects.filter(user=moderator).order_by("pk").values_list("action", flat=True)
    assert list(actions) == ["wagtail.create", "wagtail.edit", "wagtail.delete"]


def test_replies_stand_in_no_menu_of_editors(editor_client, moderator_client):
    assert "cannedreply" not in editor_client.get("/admin/").content.decode()
    assert editor_client.get("/admin/snippets/").status_code == 302
    assert "/admin/snippets/discussion/cannedreply/" in moderator_client.get("/admin/discussion/record/").content.decode()


def test_message_is_gone_with_what_it_was_about(article, moderator):
    comment = factories.comment(article, state="pending", email=EMAIL, is_proven=True)
    decided(comment, "rejected", moderator)
    told()
    decide([comment.pk], "erased", by=None)
    assert PageComment.objects.get().state == "erased"
    assert not OutgoingMail.objects.exists()
    assert not Decision.objects.exclude(message="").exists()
