"""One's own comments: found again, changed for a while, deleted for good, and nobody else's business."""

import uuid
from datetime import timedelta

import pytest
from django.db import connection
from django.http import HttpResponse
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from discussion import curating, editing, quotas, tokens
from discussion.models import Decision, Discussion, DiscussionSettings, Edit, LogEntry, OutgoingMail, PageComment, Report
from discussion.rules.judging import Judgement
from discussion.transitions import decide
from tests import factories
from tests.discussion.journey import HERE, form_of, kept_text
from tests.discussion.truth import assert_counts_hold

WINDOW = timedelta(minutes=15)
SECOND = timedelta(seconds=1)
NAME, EMAIL = "Wilhelmina Rumpel", "rumpel@readers.example"
MINE = {"author_key": "mine", "name": NAME, "email": EMAIL}


def html(response) -> str:
    return response.content.decode()


def address(name, comment) -> str:
    return reverse(f"discussion:{name}", args=[comment.page_id, comment.submission_key])


def yours(comment) -> str:
    return reverse("discussion:yours", args=[comment.page_id])


def fresh(comment) -> PageComment:
    return PageComment.objects.get(pk=comment.pk)


def in_state(page, state, **values) -> PageComment:
    comment = factories.comment(page, state="pending" if state == "unconfirmed" else state, **values)
    if state == "unconfirmed":
        PageComment.objects.filter(pk=comment.pk).update(state=state)
        Discussion.objects.filter(page=page).update(pending_count=0)
    return fresh(comment)


@pytest.fixture
def browser():
    """The browser in which the comments with the key “mine” were written."""
    client, response = Client(headers=HERE), HttpResponse()
    tokens.remember(response, "mine")
    client.cookies.update(response.cookies)
    return client


@pytest.fixture
def at_once(article):
    """A site that holds no comments."""
    return DiscussionSettings.objects.create(site=article.get_site(), hold_comments=False)


# Changing


def test_author_changes_a_published_comment_and_readers_are_told(browser, client, article, at_once):
    comment = factories.comment(article, text="It was cold.", **MINE)
    page = browser.get(yours(comment))
    assert address("edit", comment) in html(page)
    form = browser.get(address("edit", comment))
    assert form_of(form)[1]["comment"] == "It was cold."

    answer = browser.post(address("edit", comment), {"comment": "It was *mild*."})

    assert (answer.status_code, answer["Location"]) == (302, f"{yours(comment)}?changed")
    after = fresh(comment)
    assert (after.comment, after.body_html, after.state, after.number) == (
        "It was *mild*.",
        "<p>It was <em>mild</em>.</p>\n",
        "published",
        1,
    )
    edit = Edit.objects.get()
    assert (edit.comment_id, edit.text_before, edit.by, edit.by_name) == (comment.pk, "It was cold.", None, NAME)
    assert edit.edited_at == after.edited_at
    assert "Your change is saved" in html(browser.get(answer["Location"]))
    public = html(client.get(article.url))
    assert "<em>mild</em>" in public
    assert "cold" not in public
    assert "edited" in public
    assert_counts_hold(article)


def test_change_that_would_be_held_is_held_and_keeps_its_number(browser, client, article):
    before, comment = factories.comment(article), factories.comment(article, text="It was cold.", **MINE)

    browser.post(address("edit", comment), {"comment": "Buy watches."})

    after = fresh(comment)
    assert (after.state, after.number, after.comment, after.is_public) == ("pending", 2, "Buy watches.", False)
    made = Decision.objects.get()
    assert (made.from_state, made.to_state, made.by, made.by_name) == ("published", "pending", None, "")
    assert "watches" not in html(client.get(article.url))
    assert "Waiting for a moderator" in html(browser.get(yours(comment)))
    assert_counts_hold(article)
    decide([comment.pk], "published", by=None)
    assert fresh(comment).number == 2
    assert fresh(before).number == 1


@pytest.mark.parametrize("state", ["unconfirmed", "pending"])
def test_change_of_a_held_comment_leaves_it_where_it_was(browser, article, state):
    comment = in_state(article, state, **MINE)
    browser.post(address("edit", comment), {"comment": "Better said."})
    after = fresh(comment)
    assert (after.state, after.comment, after.body_html, after.number) == (state, "Better said.", "<p>Better said.</p>\n", None)
    assert after.edited_at is not None
    assert Edit.objects.count() == 1
    assert_counts_hold(article)


def test_account_changes_its_own_from_any_browser(reader_client, reader, article):
    comment = factories.comment(article, user=reader, state="pending")
    reader_client.post(address("edit", comment), {"comment": "Better said."})
    assert fresh(comment).comment == "Better said."
    assert Edit.objects.get().by == reader


def test_moderator_changes_own_words_without_being_held(moderator_client, moderator, article):
    comment = factories.comment(article, user=moderator)
    moderator_client.post(address("edit", comment), {"comment": "Better said."})
    assert (fresh(comment).state, fresh(comment).comment) == ("published", "Better said.")


def test_other_words_are_no_pick_and_wait_to_be_seen(browser, article, at_once, moderator):
    comment = factories.comment(article, text="It was cold.", **MINE)
    curating.feature([comment.pk], True, by=moderator)
    assert fresh(comment).reviewed_at
    browser.post(address("edit", comment), {"comment": "Buy watches."})
    after = fresh(comment)
    assert (after.state, after.is_featured, after.reviewed_at) == ("published", False, None)
    entry = LogEntry.objects.get(action="unfeature")
    assert (entry.comment_id, entry.by, entry.reason) == (comment.pk, None, "Changed by its author")


def test_moderator_has_seen_what_they_change_themselves(moderator_client, moderator, article):
    comment = factories.comment(article, user=moderator)
    decide([comment.pk], "published", by=moderator)
    PageComment.objects.update(reviewed_at=timezone.now())
    moderator_client.post(address("edit", comment), {"comment": "Better said."})
    assert fresh(comment).reviewed_at


def test_what_a_browser_said_stays_its_own_when_somebody_signs_in(browser, reader, article, at_once):
    mine, theirs = factories.comment(article, **MINE), factories.comment(article, user=reader, author_key="")
    another = factories.comment(article, author_key="another")
    browser.force_login(reader)
    page = html(browser.get(yours(mine)))
    assert [address("delete", comment) in page for comment in (mine, theirs, another)] == [True, True, False]
    browser.post(address("edit", mine), {"comment": "Better said."}, headers=HERE)
    assert Edit.objects.get().by is None
    browser.post(address("delete", mine), headers=HERE)
    assert fresh(mine).state == "erased"


def test_account_of_another_is_not_opened_by_the_key_of_a_browser(browser, reader, editor, article):
    comment = factories.comment(article, user=reader, author_key="mine")
    assert browser.get(address("delete", comment)).status_code == 404
    browser.force_login(editor)
    assert browser.get(address("delete", comment)).status_code == 404


def test_author_is_told_that_readers_do_not_see_what_answers_a_hidden_comment(browser, article):
    top = factories.comment(article)
    comment = factories.comment(article, reply_to=top, **MINE)
    decide([top.pk], "rejected", by=None)
    page = html(browser.get(yours(comment)))
    assert "Readers do not see the comment for now" in page
    assert "Published" not in page
    decide([comment.pk], "pending", by=None)
    assert '<span class="badge">Pending</span>' in html(browser.get(yours(comment)))
    decide([comment.pk], "published", by=None)
    decide([top.pk], "published", by=None)
    assert "Published." in html(browser.get(yours(comment)))


def test_same_text_is_no_change(browser, article):
    comment = factories.comment(article, text="One line\n\nand another", **MINE)
    answer = browser.post(address("edit", comment), {"comment": "One line\r\n\r\nand another"})
    assert answer.status_code == 302
    after = fresh(comment)
    assert (after.edited_at, after.state, Edit.objects.count(), Decision.objects.count()) == (None, "published", 0, 0)


def test_change_sent_twice_is_one_change(browser, article, at_once):
    comment = factories.comment(article, **MINE)
    for _ in range(2):
        assert browser.post(address("edit", comment), {"comment": "Better said."}).status_code == 302
    assert (fresh(comment).comment, Edit.objects.count()) == ("Better said.", 1)


def test_change_that_arrived_is_confirmed_again_when_its_time_is_over(article):
    comment = factories.comment(article, text="As it is", **MINE)
    later = comment.submitted_at + 2 * WINDOW
    assert editing.edit_comment(comment, "As it is", by=None, hold=False, now=later).comment == "As it is"


@pytest.mark.parametrize(("after", "possible"), [(WINDOW - SECOND, True), (WINDOW, True), (WINDOW + SECOND, False)])
def test_comment_can_be_changed_for_fifteen_minutes(article, after, possible):
    comment = factories.comment(article, text="It was cold.", **MINE)
    if possible:
        editing.edit_comment(comment, "It was mild.", by=None, hold=False, now=comment.submitted_at + after)
    else:
        with pytest.raises(editing.TooLate):
            editing.edit_comment(comment, "It was mild.", by=None, hold=False, now=comment.submitted_at + after)
    assert fresh(comment).comment == ("It was mild." if possible else "It was cold.")
    assert Edit.objects.count() == possible


def test_when_the_time_is_over_the_reason_is_said_and_the_text_kept(browser, article):
    comment = factories.comment(article, now=timezone.now() - WINDOW - SECOND, **MINE)
    assert address("edit", comment) not in html(browser.get(yours(comment)))
    for answer in (browser.get(address("edit", comment)), browser.post(address("edit", comment), {"comment": "Too late"})):
        assert answer.status_code == 403
        assert "for fifteen minutes" in html(answer)
    assert kept_text(answer) == "Too late"
    assert fresh(comment).comment == comment.comment


def test_comment_is_not_changed_for_ever(browser, article, monkeypatch):
    monkeypatch.setattr(editing, "MOST_EDITS", 2)
    comment = factories.comment(article, state="pending", **MINE)
    answers = [browser.post(address("edit", comment), {"comment": f"Draft {n}"}) for n in range(3)]
    assert [answer.status_code for answer in answers] == [302, 302, 403]
    assert kept_text(answers[2]) == "Draft 2"
    assert (fresh(comment).comment, Edit.objects.count()) == ("Draft 1", 2)


# what happened to the reply → whether the comment beneath which it stands can still be changed
REPLIES = [
    ("published", False),
    ("pending", False),
    ("unconfirmed", False),
    ("removed", False),
    ("erased", False),
    ("rejected", True),
    ("spam", True),
]


@pytest.mark.parametrize(("state", "possible"), REPLIES)
def test_what_was_answered_is_not_changed(browser, article, at_once, state, possible):
    comment = factories.comment(article, text="It was cold.", **MINE)
    form = browser.get(address("edit", comment))
    assert form.status_code == 200
    in_state(article, state, reply_to=comment)
    answer = browser.post(address("edit", comment), {"comment": "I never said so."})
    assert answer.status_code == (302 if possible else 403)
    assert fresh(comment).comment == ("I never said so." if possible else "It was cold.")
    assert (address("edit", comment) in html(browser.get(yours(comment)))) == possible
    if not possible:
        assert "Somebody has answered" in html(answer)
        assert kept_text(answer) == "I never said so."


def test_reply_to_another_comment_changes_nothing(browser, article, at_once):
    comment, other = factories.comment(article, **MINE), factories.comment(article)
    factories.comment(article, reply_to=other)
    assert browser.post(address("edit", comment), {"comment": "Better said."}).status_code == 302


@pytest.mark.parametrize("state", ["rejected", "spam", "removed"])
@pytest.mark.parametrize("what", ["edit", "delete"])
def test_what_a_moderator_decided_about_stays(browser, article, state, what):
    comment = factories.comment(article, state=state, **MINE)
    assert address(what, comment) not in html(browser.get(yours(comment)))
    for answer in (browser.get(address(what, comment)), browser.post(address(what, comment), {"comment": "Better said."})):
        assert answer.status_code == 403
        assert "A moderator has decided about this comment." in html(answer)
    after = fresh(comment)
    assert (after.state, after.comment, after.user_name) == (state, comment.comment, NAME)


WRONG = [
    ("", "Write your comment first."),
    ("   \n ", "Write your comment first."),
    ("\u200b\u200d\ufeff\u202e", "Write your comment first."),
    ("x" * 10_001, "at most 10000 characters"),
    ("a\x00b", "Null characters"),
]


@pytest.mark.parametrize(("text", "error"), WRONG)
def test_change_is_held_to_what_holds_for_a_comment(browser, article, text, error):
    comment = factories.comment(article, **MINE)
    answer = browser.post(address("edit", comment), {"comment": text})
    assert answer.status_code == 400
    assert error in html(answer)
    assert form_of(answer)[1]["comment"] == text
    assert fresh(comment).comment == comment.comment


def test_nothing_is_changed_where_nothing_may_be_written(browser, article):
    comment = factories.comment(article, **MINE)
    Discussion.objects.update(override="closed", override_reason="Enough was said.")
    assert address("edit", comment) not in html(browser.get(yours(comment)))
    answer = browser.post(address("edit", comment), {"comment": "One more word"})
    assert answer.status_code == 403
    assert "Enough was said." in html(answer)
    assert kept_text(answer) == "One more word"
    assert fresh(comment).comment == comment.comment
    assert browser.post(address("delete", comment)).status_code == 302


def test_comment_deleted_meanwhile_gives_the_text_back(browser, article, monkeypatch):
    comment = factories.comment(article, **MINE)

    def delete_first(*arguments):
        PageComment.objects.all().delete()
        return Judgement(hold=False)

    monkeypatch.setattr("discussion.views.own.judge_change", delete_first)
    answer = browser.post(address("edit", comment), {"comment": "Too late"})
    assert (answer.status_code, kept_text(answer)) == (403, "Too late")


# Deleting


def has_nothing_of(comment, *words) -> bool:
    """Whether no column of the comment's three rows holds any of ``words``."""
    row = PageComment.objects.filter(pk=comment.pk).values().get()
    return not [word for word in words if word.lower() in repr(row).lower()]


def test_author_deletes_a_comment_and_it_is_gone(browser, client, article, moderator):
    comment = factories.comment(
        article, text="My secret words", author_role="Ferryman", organisation="Harbour Ltd", address="192.0.2.7", **MINE
    )
    PageComment.objects.filter(pk=comment.pk).update(ip_address="192.0.2.7", user_url="https://rumpel.example/", is_featured=True)
    Edit.objects.create(comment=comment, text_before="Older words", by_name=NAME, edited_at=timezone.now())
    Report.objects.create(comment=comment, reason="other", text="About Rumpel", reporter_key="browser:x")
    decide([comment.pk], "rejected", by=moderator, reason="Rumpel again")
    decide([comment.pk], "published", by=moderator)
    reply = factories.comment(article, reply_to=comment, text="Well said.")
    question = browser.get(address("delete", comment))
    assert "My secret words" in html(question)
    assert fresh(comment).state == "published"

    answer = browser.post(address("delete", comment))

    assert (answer.status_code, answer["Location"]) == (302, f"{yours(comment)}?deleted")
    after = fresh(comment)
    assert (after.state, after.number, after.page_id, after.path) == ("erased", 1, article.pk, comment.path)
    assert has_nothing_of(comment, "secret", "Rumpel", "Ferryman", "Harbour", "mine", "192.0.2", comment.network_key)
    assert comment.network_key
    assert comment.person_key
    assert has_nothing_of(comment, comment.person_key)
    assert (Edit.objects.count(), Report.objects.count()) == (0, 0)
    made = list(Decision.objects.values_list("to_state", "by", "by_name", "reason"))
    assert made == [
        ("erased", None, "", "Deleted by its author"),
        ("published", moderator.pk, str(moderator), ""),
        ("rejected", moderator.pk, str(moderator), ""),
    ]
    public = html(client.get(article.url))
    assert "Well said." in public
    assert 'id="comment-1"' in public
    for gone in ("secret words", "Rumpel", "Ferryman", "Harbour"):
        assert gone not in public
    assert fresh(reply).is_standing
    page = html(browser.get(answer["Location"]))
    assert "Your comment is deleted." in page
    assert "Nothing from this browser" in page
    assert_counts_hold(article)


@pytest.mark.parametrize("state", ["unconfirmed", "pending"])
def test_deleting_what_was_never_published_leaves_readers_nothing(browser, client, article, state):
    comment = in_state(article, state, **MINE)
    browser.post(address("delete", comment))
    after = fresh(comment)
    assert (after.state, after.number, after.is_public) == ("erased", None, False)
    assert has_nothing_of(comment, "colder", "rumpel")
    assert 'class="comment' not in html(client.get(article.url))
    assert factories.comment(article).number == 1
    assert_counts_hold(article)


def test_number_of_a_deleted_comment_is_not_given_again(browser, article):
    comment = factories.comment(article, **MINE)
    browser.post(address("delete", comment))
    assert factories.comment(article).number == 2
    held = factories.comment(article, **MINE)
    browser.post(address("edit", held), {"comment": "Now it is held."})
    browser.post(address("delete", held))
    assert (fresh(held).number, fresh(held).is_standing) == (None, False)
    assert factories.comment(article).number == 4
    assert_counts_hold(article)


def test_deleting_twice_is_harmless(browser, article):
    comment = factories.comment(article, **MINE)
    first, second = (browser.post(address("delete", comment)) for _ in range(2))
    assert first["Location"] == second["Location"]
    assert Decision.objects.count() == 1
    assert browser.get(address("delete", comment)).status_code == 404


def test_mails_about_a_deleted_comment_are_not_sent(browser, article):
    comment = factories.comment(article, **MINE)

    def mail(kind, to, state="waiting"):
        return OutgoingMail.objects.create(key=f"{kind}{to}{state}", kind=kind, to=to, comment=comment, state=state)

    mail("confirm", EMAIL)
    mail("decided", EMAIL, "sent")
    others, sent = mail("reply", "other@readers.example"), mail("new", "other@readers.example", "sent")
    browser.post(address("delete", comment))
    assert dict(OutgoingMail.objects.values_list("pk", "state")) == {others.pk: "dropped", sent.pk: "sent"}


def test_mail_that_asks_for_the_address_goes_on_for_another_comment(browser, article):
    first, second = (in_state(article, "unconfirmed", **MINE) for _ in range(2))
    OutgoingMail.objects.create(key="confirm", kind="confirm", to=EMAIL, comment=first)
    browser.post(address("delete", first))
    assert OutgoingMail.objects.get().comment == second
    browser.post(address("delete", second))
    assert not OutgoingMail.objects.exists()


@pytest.mark.parametrize(("asked", "mails"), [(2, 1), (3, 0)], ids=["may be asked again", "was asked too often"])
def test_mail_that_was_sent_for_a_deleted_comment_is_followed_by_one_for_another(browser, article, asked, mails):
    first, second, third = (in_state(article, "unconfirmed", **MINE) for _ in range(3))
    OutgoingMail.objects.create(key="confirm", kind="confirm", to=EMAIL, comment=first, state="sent")
    for _ in range(asked):
        quotas.take_asking(first.person_key)
    assert browser.post(address("delete", first)).status_code == 302
    assert fresh(first).state == "erased"
    assert list(OutgoingMail.objects.values_list("comment", "state")) == [(second.pk, "waiting")] * mails
    browser.post(address("delete", third))
    assert OutgoingMail.objects.count() == mails


# Whose, where, and how


def test_nobody_else_may(client, browser, reader_client, administrator_client, article, reader):
    guests, accounts = factories.comment(article, **MINE), factories.comment(article, user=reader)
    for what in ("edit", "delete"):
        for visitor in (client, reader_client, administrator_client):
            for send in (visitor.get, visitor.post):
                assert send(address(what, guests), {"comment": "Mine now"}).status_code == 404
        for visitor in (client, browser, administrator_client):
            for send in (visitor.get, visitor.post):
                assert send(address(what, accounts), {"comment": "Mine now"}).status_code == 404
    assert [fresh(comment).state for comment in (guests, accounts)] == ["published"] * 2
    assert not Edit.objects.exists()


def test_browser_without_a_key_owns_nothing_that_has_none(client, article):
    comment = factories.comment(article)
    assert comment.author_key == ""
    assert client.get(address("edit", comment)).status_code == 404


def test_forged_cookie_owns_nothing(client, article):
    comment = factories.comment(article, **MINE)
    for value in ("mine", "mine:forged", ""):
        client.cookies[tokens.COOKIE] = value
        assert client.get(address("edit", comment)).status_code == 404


def test_address_of_another_page_or_no_comment_is_not_found(browser, article, section):
    comment = factories.comment(article, **MINE)
    other = factories.ArticlePageFactory(parent=section)
    for what in ("edit", "delete"):
        for page, key in [(other.pk, comment.submission_key), (article.pk, uuid.uuid4()), (2**40, comment.submission_key)]:
            target = reverse(f"discussion:{what}", args=[page, key])
            assert [browser.get(target).status_code, browser.post(target, {"comment": "x"}).status_code] == [404, 404]
        assert browser.get(f"/discussion/{article.pk}/yours/{comment.pk}/{what}/").status_code == 404
    assert fresh(comment).state == "published"


@pytest.mark.parametrize("what", ["edit", "delete"])
def test_hidden_page_hides_its_comments_from_their_authors_too(browser, article, what):
    comment = factories.comment(article, **MINE)
    article.unpublish()
    assert browser.get(address(what, comment)).status_code == 404
    assert browser.post(address(what, comment), {"comment": "Changed"}).status_code == 404
    assert fresh(comment).state == "published"


NOT_FROM_HERE = [{"origin": "https://elsewhere.example"}, {"origin": "null"}, {"referer": "https://elsewhere.example/"}, {}]


@pytest.mark.parametrize("what", ["edit", "delete"])
@pytest.mark.parametrize("headers", NOT_FROM_HERE, ids=str)
def test_another_site_cannot_press_the_button_and_who_can_needs_no_cookie_more(article, browser, what, headers):
    comment = factories.comment(article, **MINE)
    stranger = Client(enforce_csrf_checks=True, headers=headers)
    stranger.cookies = browser.cookies
    answer = stranger.post(address(what, comment), {"comment": "Typed at length"})
    assert answer.status_code == 403
    assert "did not say that this form came from this site" in html(answer)
    assert (fresh(comment).comment, fresh(comment).state) == (comment.comment, "published")
    action, fields = form_of(answer)
    assert fields.get("comment", "Typed at length") == "Typed at length"
    browser.handler.enforce_csrf_checks = True
    assert browser.post(action, fields).status_code == 302
    assert fresh(comment).comment == ("Typed at length" if what == "edit" else "")
    assert set(browser.cookies) == {tokens.COOKIE}


@pytest.mark.parametrize(
    "how", ["cookie is gone", "page is hidden", "page is deleted", "comment is another's", "no such comment"]
)
def test_change_that_finds_no_comment_of_ones_own_gives_the_text_back_and_tells_nothing(article, browser, how):
    comment = factories.comment(article, **MINE)
    target = address("edit", comment)
    if how == "cookie is gone":
        browser.cookies.clear()
    elif how == "page is hidden":
        article.unpublish()
    elif how == "page is deleted":
        article.delete()
    else:
        PageComment.objects.update(author_key="theirs")
        target = target.replace(str(comment.submission_key), str(uuid.uuid4())) if how == "no such comment" else target
    answer = browser.post(target, {"comment": "Typed at\r\nlength"})
    assert (answer.status_code, kept_text(answer)) == (404, "Typed at\r\nlength")
    assert "No such comment belongs to this browser or account" in html(answer)
    assert (article.title in html(answer), comment.comment in html(answer)) == (False, False)
    assert not PageComment.objects.filter(comment__contains="Typed").exists()


def test_own_pages_are_never_cached_nor_indexed(browser, article):
    comment = factories.comment(article, **MINE)
    for target in (yours(comment), address("edit", comment), address("delete", comment)):
        answer = browser.get(target)
        kept = {part.strip() for part in answer["Cache-Control"].split(",")}
        assert {"private", "no-store"} <= kept
        assert '<meta name="robots" content="noindex">' in html(answer)


@pytest.mark.parametrize("what", ["edit", "delete"])
def test_looking_does_nothing(browser, article, what):
    comment = factories.comment(article, **MINE)
    before = PageComment.objects.values().get()
    for method in ("get", "head", "options"):
        getattr(browser, method)(address(what, comment))
    assert browser.put(address(what, comment)).status_code == 405
    assert PageComment.objects.values().get() == before


def test_yours_costs_the_same_for_few_and_many(browser, article):
    def cost():
        with CaptureQueriesContext(connection) as queries:
            assert browser.get(reverse("discussion:yours", args=[article.pk])).status_code == 200
        return len(queries)

    factories.comment(article, **MINE)
    cost()
    few = cost()
    for state in ("published", "pending", "rejected") * 5:
        factories.comment(article, state=state, **MINE)
    assert cost() == few


def test_yours_is_read_a_page_at_a_time(browser, article, settings):
    settings.HUB_THREAD_SLICE = 2
    for n in range(3):
        factories.comment(article, text=f"Words {n}", **MINE)
    target = reverse("discussion:yours", args=[article.pk])
    first, last = html(browser.get(target)), html(browser.get(target, {"page": "2"}))
    assert [("Words 0" in page, "Words 1" in page, "Words 2" in page) for page in (first, last)] == [
        (False, True, True),
        (True, False, False),
    ]
    for nonsense in ("0", "x", "9" * 30, "\x00"):
        assert browser.get(target, {"page": nonsense}).status_code == 200


@pytest.mark.parametrize(("what", "most"), [("edit", 46), ("delete", 55)])
def test_acting_costs_the_same_on_short_and_long_discussions(browser, article, what, most):
    def cost():
        comment = factories.comment(article, **MINE)
        with CaptureQueriesContext(connection) as queries:
            assert browser.post(address(what, comment), {"comment": "Better said."}).status_code == 302
        return len(queries)

    cost()
    few = cost()
    for _ in range(12):
        factories.comment(article, reply_to=factories.comment(article))
    assert cost() == few
    assert few <= most
