"""Deciding: one comment after the other, many at once, and what is said when somebody was quicker."""

import re
import uuid

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from discussion.editing import edit_comment
from discussion.models import BulkDecision, Decision, PageComment, Reason, Report
from discussion.moderation import bulk
from discussion.paths import LEVELS
from discussion.transitions import decide
from tests import factories
from tests.conftest import client_of
from tests.discussion.truth import assert_counts_hold

QUEUE = reverse("discussion_queue")
CHOOSE = reverse("discussion_choose")


def html(response):
    return response.content.decode()


def screen(comment):
    return reverse("discussion_comment", args=[comment.pk])


def decision(comment, action):
    return reverse("discussion_decide", args=[comment.pk, action])


def states(*comments):
    return [PageComment.objects.get(pk=comment.pk).state for comment in comments]


def test_decision_is_made_recorded_and_the_next_of_the_selection_is_shown(moderator_client, moderator, four):
    values = {"selection": "queue=pending", "seen": 0, "reason_code": "off-topic", "reason": "Off.", "message": "Sorry."}
    answer = moderator_client.post(decision(four[1], "reject"), values)
    made = Decision.objects.get(comment=four[1])
    assert answer["Location"] == f"{screen(four[2])}?queue=pending&done={made.batch}"
    assert (made.by, made.from_state, made.to_state) == (moderator, "pending", "rejected")
    assert (made.reason_code, made.reason, made.message) == (Reason.OFF_TOPIC, "Off.", "Sorry.")
    shown = html(moderator_client.get(answer["Location"]))
    assert "The comment by Bea is now “Rejected”." in shown
    assert reverse("discussion_undo", args=[made.batch]) in shown
    last = moderator_client.post(decision(four[2], "approve"), {"selection": "queue=pending"})
    assert last["Location"].startswith(f"{QUEUE}?queue=pending&done=")


def test_selection_goes_on_from_its_beginning_after_its_end(moderator_client, four):
    answer = moderator_client.post(decision(four[2], "approve"), {"selection": "queue=pending"})
    assert answer["Location"].startswith(screen(four[1]))


@pytest.mark.parametrize(
    ("action", "start", "end"),
    [
        ("approve", "pending", "published"),
        ("reject", "published", "rejected"),
        ("spam", "removed", "spam"),
        ("remove", "published", "removed"),
        ("approve", "removed", "published"),
    ],
)
def test_each_action_leads_to_its_state(moderator_client, article, action, start, end):
    comment = factories.comment(article, state=start)
    moderator_client.post(decision(comment, action))
    assert states(comment) == [end]


def test_branch_is_removed_with_one_placeholder_and_returns_by_one_press(moderator_client, article):
    top = factories.comment(article)
    reply = factories.comment(article, reply_to=top)
    below = factories.comment(article, reply_to=reply)
    moderator_client.post(decision(top, "remove-branch"))
    assert states(top, reply, below) == ["removed", "rejected", "rejected"]
    assert [row.pk for row in PageComment.objects.standing()] == [top.pk]
    moderator_client.post(reverse("discussion_undo", args=[Decision.objects.filter(comment=top).first().batch]))
    assert states(top, reply, below) == ["published"] * 3
    assert_counts_hold(article)


def test_branch_of_the_last_level_goes_with_what_answers_it_there(moderator_client, article):
    above = None
    for _level in range(LEVELS - 1):
        above = factories.comment(article, reply_to=above)
    top, beside = (factories.comment(article, reply_to=above) for _ in range(2))
    answer = factories.comment(article, reply_to=top)
    again = factories.comment(article, reply_to=answer)
    other = factories.comment(article, reply_to=beside)
    moderator_client.post(decision(top, "remove-branch"))
    assert states(top, answer, again, beside, other) == ["removed", "rejected", "rejected", "published", "published"]
    assert_counts_hold(article)


def test_second_moderator_is_told_who_decided_what(moderator_client, administrator, article):
    comment = factories.comment(article, state="pending")
    decide([comment.pk], "published", by=administrator)
    answer = moderator_client.post(decision(comment, "reject"), {"seen": 0, "selection": "queue=pending"}, follow=True)
    assert states(comment) == ["published"]
    words = " ".join(re.sub(r"<[^>]+>", " ", html(answer)).split())
    assert f"{administrator} decided a moment ago: “Published”. Your decision was not carried out." in words


@pytest.mark.parametrize(
    ("state", "ends", "hold", "said"),
    [
        ("pending", "pending", False, "Bea changed the text a moment ago."),
        ("published", "published", False, "Bea changed the text a moment ago."),
        ("published", "pending", True, "The comment became “Pending” a moment ago."),
    ],
)
def test_what_its_author_changed_since_is_shown_again_before_it_is_decided_about(
    moderator_client, article, state, ends, hold, said
):
    comment = factories.comment(article, state=state, name="Bea")
    queue = f"{QUEUE}?queue={state}" if state == "pending" else f"{QUEUE}?queue=unreviewed"
    seen = re.search(rf'/{comment.pk}/approve/\?seen=(\d+)"', html(moderator_client.get(queue)))[1]
    edit_comment(comment, "Buy pills.", by=None, hold=hold)
    answer = moderator_client.post(f"{decision(comment, 'approve')}?seen={seen}", {"selection": "queue=all"}, follow=True)
    assert (states(comment), PageComment.objects.get(pk=comment.pk).reviewed_at) == ([ends], None)
    words = " ".join(re.sub(r"<[^>]+>", " ", html(answer)).split())
    assert f"{said} Your decision was not carried out." in words
    assert "Buy pills." in words
    again = re.search(r'name="seen" value="(\d+)"', html(answer))[1]
    moderator_client.post(decision(comment, "spam"), {"seen": again})
    assert states(comment) == ["spam"]


def test_what_was_ticked_in_a_list_and_changed_since_is_left_alone(moderator_client, article):
    changed, same = (factories.comment(article, state="pending") for _ in range(2))
    ticked = re.findall(r'name="pk" value="([^"]+)"', html(moderator_client.get(f"{QUEUE}?queue=pending")))
    assert len(ticked) == 2
    edit_comment(changed, "Buy pills.", by=None, hold=False)
    moderator_client.post(CHOOSE, {"action": "approve", "pk": [*ticked, "1.", "x.1", "1" * 30]})
    assert states(changed, same) == ["pending", "published"]


def test_nothing_is_decided_when_what_was_typed_is_too_long_and_nothing_typed_is_lost(moderator_client, article):
    comment = factories.comment(article, state="pending")
    answer = moderator_client.post(decision(comment, "reject"), {"message": "x" * 2001, "reason": "Because"})
    assert (answer.status_code, states(comment)) == (400, ["pending"])
    assert "x" * 2001 in html(answer)
    assert 'value="Because"' in html(answer)
    assert "at most 2000 characters" in html(answer)


def test_undo_leads_back_to_the_comment(moderator_client, moderator, article):
    comment = factories.comment(article, state="pending")
    batch = decide([comment.pk], "spam", by=moderator).batch
    answer = moderator_client.post(reverse("discussion_undo", args=[batch]), {"selection": "queue=pending"})
    assert answer["Location"] == f"{screen(comment)}?queue=pending&undone=1"
    assert states(comment) == ["pending"]
    assert "1 decision was taken back." in html(moderator_client.get(answer["Location"]))


def test_nothing_is_decided_by_reading(moderator_client, article):
    comment = factories.comment(article, state="pending")
    for action in ("approve", "reject", "spam", "remove", "remove-branch"):
        assert moderator_client.get(decision(comment, action)).status_code == 405
    moderator_client.post(f"/admin/discussion/{comment.pk}/erase/")
    assert states(comment) == ["pending"]


@pytest.mark.parametrize("way", ["", "add/", "edit/{}/", "delete/{}/", "copy/{}/", "history/{}/", "usage/{}/"])
def test_nobody_finds_a_snippet_of_comments_in_the_admin(administrator_client, article, way):
    comment = factories.comment(article)
    before = PageComment.objects.values().get()
    address = f"/admin/snippets/discussion/pagecomment/{way.format(comment.pk)}"
    assert [administrator_client.get(address).status_code, administrator_client.post(address).status_code] == [404, 404]
    assert PageComment.objects.values().get() == before


def test_decision_needs_the_token_against_other_sites(moderator, article):
    comment = factories.comment(article, state="pending")
    browser = client_of(moderator)
    browser.handler.enforce_csrf_checks = True
    for address in (decision(comment, "approve"), CHOOSE, reverse("discussion_undo", args=[uuid.uuid4()])):
        assert browser.post(address).status_code == 403
    assert states(comment) == ["pending"]


@pytest.mark.parametrize("stated", ["https://evil.example/", "//evil.example/", "javascript:x", "\x00"])
def test_way_back_stays_on_this_site(moderator_client, article, stated):
    comment = factories.comment(article, state="pending")
    assert moderator_client.post(decision(comment, "spam"), {"next": stated})["Location"].startswith(f"{QUEUE}?")


@pytest.mark.parametrize("key", ["0", "999999999", "9" * 30, "x", "_00"])
def test_comment_that_is_none_is_not_found(administrator_client, db, key):
    assert administrator_client.get(f"/admin/discussion/comment/{key}/").status_code == 404
    assert administrator_client.post(f"/admin/discussion/{key}/approve/").status_code == 404
    answer = administrator_client.post(CHOOSE, {"action": "approve", "pk": [key]})
    assert (answer.status_code, answer["Location"]) == (302, f"{QUEUE}?queue=pending&none=1")


def test_comment_outside_the_section_is_as_if_it_were_none(section_moderator, home):
    other = factories.SectionPageFactory(parent=home, title="Elsewhere", slug="elsewhere")
    comment = factories.comment(factories.ArticlePageFactory(parent=other), state="pending")
    browser = client_of(section_moderator)
    assert browser.get(screen(comment)).status_code == 404
    assert browser.post(decision(comment, "approve")).status_code == 404
    browser.post(CHOOSE, {"action": "approve", "pk": [comment.pk]})
    assert states(comment) == ["pending"]


def test_screen_shows_all_that_helps_to_decide(moderator_client, moderator, article):
    top = factories.comment(article, text="What do you say?")
    comment = factories.comment(
        article, reply_to=top, state="pending", text="<b>That** it was *cold*.", name="E. Elm", email="e@elms.example"
    )
    Report.objects.create(comment=comment, reason=Report.Reason.UNTRUE, text="It was warm.", reporter_key="browser:a")
    page = html(moderator_client.get(screen(comment)))
    for shown in (
        "E. Elm",
        "e@elms.example",
        "&lt;b&gt;That** it was <em>cold</em>.",
        "What do you say?",
        "It was warm.",
        article.title,
        article.url,
    ):
        assert shown in page
    # The second leads there only to insert a canned reply.
    buttons = re.findall(rf'formaction="/admin/discussion/{comment.pk}/([\w-]+)/"', page)
    assert buttons == ["approve", "spam", "reject", "reject"]


@pytest.mark.parametrize(
    ("state", "can_be_turned_down"), [("pending", True), ("published", True), ("spam", True), ("rejected", False)]
)
def test_reasons_are_asked_for_where_a_button_takes_them(moderator_client, article, state, can_be_turned_down):
    page = html(moderator_client.get(screen(factories.comment(article, state=state))))
    assert ('name="reason_code"' in page) == ("data-reject" in page) == can_be_turned_down


def test_screen_costs_the_same_in_a_short_and_a_long_thread(moderator_client, article, reader):
    def cost(count):
        top = factories.comment(article, user=reader)
        for _ in range(count):
            factories.comment(article, reply_to=top, user=reader)
        moderator_client.get(screen(top))
        with CaptureQueriesContext(connection) as queries:
            moderator_client.get(screen(top), headers={"X-Hub-Partial": "1"})
        return len(queries)

    few = cost(2)
    assert cost(12) == few


# Many at once


def choose(client, action, **values):
    return client.post(CHOOSE, {"action": action, **values})


def test_those_ticked_are_approved_at_once(moderator_client, four):
    answer = choose(moderator_client, "approve", pk=[comment.pk for comment in four], selection="queue=all")
    assert states(*four) == ["published"] * 4
    assert "4 comments are now “Published”." in html(moderator_client.get(answer["Location"]))
    for comment in (four[0], four[2]):
        assert_counts_hold(comment.page)


def test_many_are_turned_down_with_one_reason_after_a_question(moderator_client, moderator, four):
    answer = choose(moderator_client, "reject", pk=[four[1].pk, four[2].pk], selection="queue=pending")
    page = html(moderator_client.get(answer["Location"]))
    assert "A second tide" in page
    assert "The first tide" not in page
    assert states(*four) == ["published", "pending", "pending", "spam"]
    done = moderator_client.post(answer["Location"], {"reason_code": "off-topic", "reason": "Both off the point."})
    assert states(*four) == ["published", "rejected", "rejected", "spam"]
    made = Decision.objects.filter(to_state="rejected").values_list("by__username", "reason", "reason_code")
    assert list(made) == [(moderator.username, "Both off the point.", "off-topic")] * 2
    assert "2 comments are now “Rejected”." in html(moderator_client.get(done["Location"]))


def test_all_that_match_are_those_that_matched_when_they_were_chosen(moderator_client, four):
    answer = choose(moderator_client, "spam", all="1", selection="queue=pending&q=hills.example")
    later = factories.comment(four[1].page, state="pending", email="late@hills.example")
    moderator_client.post(answer["Location"])
    assert states(*four, later) == ["published", "spam", "spam", "spam", "pending"]


def test_what_somebody_decided_meanwhile_is_left_alone(moderator_client, administrator, four):
    answer = choose(moderator_client, "spam", all="1", selection="queue=pending")
    decide([four[1].pk], "published", by=administrator)
    moderator_client.post(answer["Location"])
    assert states(*four) == ["published", "published", "spam", "spam"]


def test_bulk_decision_belongs_to_who_chose_and_is_done_once(moderator_client, administrator_client, four):
    address = choose(moderator_client, "reject", pk=[four[1].pk], selection="queue=pending")["Location"]
    assert administrator_client.get(address).status_code == 404
    moderator_client.post(address)
    moderator_client.post(address)
    assert Decision.objects.filter(comment=four[1]).count() == 1


def test_very_many_are_left_to_the_worker_and_show_their_progress(
    moderator_client, article, monkeypatch, django_capture_on_commit_callbacks
):
    monkeypatch.setattr(bulk, "AT_ONCE", 2)
    held = [factories.comment(article, state="pending") for _ in range(5)]
    address = choose(moderator_client, "approve", all="1", selection="queue=pending")["Location"]
    with django_capture_on_commit_callbacks() as callbacks:
        answer = moderator_client.post(address)
    assert (answer["Location"], states(*held)) == (address, ["pending"] * 5)
    job = BulkDecision.objects.get()
    assert bulk._next_portion(job.pk)
    assert states(*held) == ["published"] * 2 + ["pending"] * 3
    assert '<progress max="5" value="2"' in html(moderator_client.get(address))
    for callback in callbacks:
        callback()
    job.refresh_from_db()
    assert (job.state, job.done_count, job.changed_count) == ("done", 5, 5)
    assert states(*held) == ["published"] * 5
    assert "5 of 5 done." in html(moderator_client.get(address))
    moderator_client.post(reverse("discussion_undo", args=[job.pk]))
    assert states(*held) == ["pending"] * 5


def test_bulk_decision_that_was_broken_off_is_taken_up_where_it_stopped(moderator, article, monkeypatch):
    monkeypatch.setattr(bulk, "AT_ONCE", 2)
    held = [factories.comment(article, state="pending") for _ in range(5)]
    job = bulk.prepare(bulk.chosen_of(PageComment.objects.pending()), "approve", by=moderator)
    bulk.start(job)
    bulk._next_portion(job.pk)
    bulk.go_on(job.created_at + bulk.PATIENCE / 2)
    assert states(*held).count("published") == 2
    bulk.go_on(job.created_at + bulk.PATIENCE * 2)
    assert states(*held) == ["published"] * 5
    assert Decision.objects.filter(batch=job.pk).count() == 5


def test_bulk_decision_that_fails_keeps_no_other_from_being_done(moderator, article):
    held = [factories.comment(article, state="pending") for _ in range(2)]
    chosen = bulk.chosen_of(PageComment.objects.pending())
    broken, later = (bulk.prepare(chosen, "approve", by=moderator) for _ in range(2))
    BulkDecision.objects.update(state=BulkDecision.State.WAITING)
    BulkDecision.objects.filter(pk=broken.pk).update(action="former")  # as an older hub called it
    bulk.go_on(later.created_at + bulk.PATIENCE * 2)
    assert states(*held) == ["published"] * 2


def test_bulk_decision_keeps_its_message_until_it_is_done_and_no_longer(moderator, article, monkeypatch):
    monkeypatch.setattr(bulk, "AT_ONCE", 2)
    for _ in range(3):
        factories.comment(article, state="pending")
    job = bulk.prepare(bulk.chosen_of(PageComment.objects.pending()), "reject", by=moderator)
    bulk.start(job, reason_code="", reason="", message="Dear Wilhelmina, no.")
    assert bulk._next_portion(job.pk)
    job.refresh_from_db()
    assert "Wilhelmina" in str(job.options)
    bulk.run(job.pk)
    job.refresh_from_db()
    assert (job.state, job.options) == ("done", {})
    assert set(Decision.objects.values_list("message", flat=True)) == {"Dear Wilhelmina, no."}


def test_right_that_was_taken_meanwhile_stops_a_bulk_decision(moderator, article):
    held = factories.comment(article, state="pending")
    job = bulk.prepare([(held.pk, 0)], "approve", by=moderator)
    moderator.groups.clear()
    bulk.start(job)
    assert states(held) == ["pending"]


def test_approving_many_costs_as_many_queries_as_few(moderator_client, article):
    def cost(count):
        keys = [factories.comment(article, state="pending").pk for _ in range(count)]
        with CaptureQueriesContext(connection) as queries:
            choose(moderator_client, "approve", pk=keys)
        return len(queries)

    few = cost(2)
    assert cost(30) == few
    assert few <= 25


def test_old_lists_of_what_was_chosen_are_forgotten(moderator, four):
    job = bulk.prepare(bulk.chosen_of(PageComment.objects.all()), "approve", by=moderator)
    bulk.forget_old(job.created_at + bulk.KEPT / 2)
    assert BulkDecision.objects.count() == 1
    bulk.forget_old(job.created_at + bulk.KEPT * 2)
    assert BulkDecision.objects.count() == 0
