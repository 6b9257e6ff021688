"""What is done to many comments at once besides approving and turning down: from the list, confirmed, by whom it may be."""

import re
from datetime import timedelta
from itertools import count

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone
from django.utils.html import escape

from discussion.models import BulkDecision, CannedReply, LogEntry, PageComment, Treatment
from discussion.moderation import bulk
from discussion.moderation.bulk_actions import BULK
from discussion.persons import person_key
from discussion.transitions import decide
from discussion.treatments import treat
from tests import factories
from tests.conftest import client_of
from tests.discussion.truth import assert_counts_hold

NUMBERS = count()
QUEUE = reverse("discussion_queue")
CHOOSE = reverse("discussion_choose")


def html(response):
    return response.content.decode()


def words(response):
    return " ".join(re.sub(r"<[^>]+>", " ", html(response)).split())


def states(*comments):
    return [PageComment.objects.get(pk=comment.pk).state for comment in comments]


def do(client, action, comments, queue="all", **form):
    """Choose ``comments`` in the list, confirm if that is asked, and be led back; the list as it is then."""
    chosen = {"action": "further", "further": action, "pk": [comment.pk for comment in comments], "selection": f"queue={queue}"}
    answer = client.post(CHOOSE, chosen)
    if "/bulk/" in answer["Location"]:
        assert client.get(answer["Location"]).status_code == 200
        answer = client.post(answer["Location"], form)
    return client.get(answer["Location"])


@pytest.fixture
def film(section):
    return factories.VideoPageFactory(parent=section, title="A film", slug="a-film")


@pytest.mark.parametrize(
    ("queue", "offered"),
    [
        ("pending", {"approve", "reject", "spam", "move", "treat"}),
        ("published", set(BULK) - {"restore"}),
        ("unreviewed", set(BULK) - {"restore"}),
        ("rejected", {"restore", "spam", "move", "treat"}),
        ("spam", {"restore", "reject", "move", "treat"}),
        ("removed", {"restore", "reject", "spam", "move", "treat"}),
        ("all", set(BULK)),
    ],
)
def test_each_list_offers_what_can_be_done_there(moderator_client, article, queue, offered):
    comment = factories.comment(article)
    PageComment.objects.filter(pk=comment.pk).update(state=queue if queue not in {"unreviewed", "all"} else "published")
    page = html(moderator_client.get(f"{QUEUE}?queue={queue}"))
    buttons = set(re.findall(r'name="action" value="([\w-]+)"', page)) - {"further"}
    assert (
        buttons | set(re.findall(r'<option value="([\w-]+)">', page.split('id="bulk-further"')[1].split("</select>")[0]))
        == offered
    )


def test_section_moderator_is_offered_no_treatment_and_cannot_ask_for_one(section_moderator, article):
    comment = factories.comment(article, email="ada@tides.example")
    browser = client_of(section_moderator)
    assert 'value="treat"' not in html(browser.get(f"{QUEUE}?queue=all"))
    assert browser.post(CHOOSE, {"action": "treat", "pk": [comment.pk]}).status_code == 302  # to the admin's own refusal
    job = bulk.prepare([(comment.pk, 0)], "treat", by=section_moderator)
    assert browser.get(reverse("discussion_bulk", args=[job.pk]))["Location"] == "/admin/"
    bulk.start(job, kind="ban", whom="writers", until="", reason="")
    assert not Treatment.objects.exists()


def test_nothing_is_done_before_it_is_said_what(moderator_client, four):
    answer = moderator_client.post(CHOOSE, {"action": "further", "further": "", "pk": [four[0].pk]}, follow=True)
    assert "Choose first what to do with them." in words(answer)
    assert moderator_client.post(CHOOSE, {"action": "further", "further": "erase", "pk": [four[0].pk]}).status_code == 404
    assert not BulkDecision.objects.exists()


def test_those_turned_down_are_restored_and_no_others(moderator_client, article):
    turned_down = [factories.comment(article) for _ in range(3)]
    for comment, state in zip(turned_down, ["rejected", "spam", "removed"], strict=True):
        decide([comment.pk], state, by=None)
    held = factories.comment(article, state="pending")
    told = words(do(moderator_client, "restore", [*turned_down, held]))
    assert states(*turned_down, held) == ["published"] * 3 + ["pending"]
    assert (
        "3 comments are now “Published”. 1 was left as it is: decided about or changed meanwhile, or not to be done to it."
        in told
    )
    moderator_client.post(reverse("discussion_undo", args=[BulkDecision.objects.get().pk]))
    assert states(*turned_down, held) == ["rejected", "spam", "removed", "pending"]
    assert_counts_hold(article)


def test_picks_are_made_and_unmade(moderator_client, moderator, four):
    told = words(do(moderator_client, "feature", four))
    assert "1 comment is an editor’s pick now. 3 were left as they are" in told
    assert PageComment.objects.get(is_featured=True) == four[0]
    assert "1 comment is no longer an editor’s pick." in words(do(moderator_client, "unfeature", four[:1]))
    entries = LogEntry.objects.order_by("pk").values_list("action", "comment", "by", "person")
    assert list(entries) == [
        ("feature", four[0].pk, moderator.pk, four[0].person_key),
        ("unfeature", four[0].pk, moderator.pk, four[0].person_key),
    ]


def test_threads_are_closed_and_opened(moderator_client, moderator, article, film):
    top = factories.comment(article)
    replies = [factories.comment(article, reply_to=top) for _ in range(2)]
    elsewhere = factories.comment(film)
    told = words(do(moderator_client, "close-thread", [*replies, elsewhere], reason="Heated."))
    assert "The threads of 3 comments take no more replies." in told
    assert set(PageComment.objects.exclude(closed_at=None)) == {top, elsewhere}
    entries = LogEntry.objects.order_by("comment").values_list("action", "comment", "by", "reason")
    assert list(entries) == [("close-thread", key, moderator.pk, "Heated.") for key in (top.pk, elsewhere.pk)]
    assert "1 comment takes replies again" in words(do(moderator_client, "open-thread", replies[:1]))
    assert PageComment.objects.get(pk=top.pk).closed_at is None


def test_comments_move_with_what_is_beneath_them_and_nested_ones_stay_beneath(moderator_client, moderator, article, film):
    there = factories.comment(film, text="There")
    top = factories.comment(article, text="Top")
    reply = factories.comment(article, reply_to=top, text="Reply")
    below = factories.comment(article, reply_to=reply, text="Below")
    lone = factories.comment(article, text="Lone", state="pending")
    left = factories.comment(article, text="Left")
    told = words(do(moderator_client, "move", [below, top, lone, there], page="A film", reason="About the film."))
    assert "3 comments stand on the other page now. 1 was left as it is" in told
    placed = PageComment.objects.on_page(film.pk).in_thread_order().values_list("comment", "number", "depth", "root")
    assert sorted(placed) == sorted(
        [("There", 1, 0, there.pk), ("Top", 2, 0, top.pk), ("Reply", 3, 1, top.pk), ("Below", 4, 2, top.pk)]
        + [("Lone", None, 0, lone.pk)]
    )
    assert [comment.pk for comment in PageComment.objects.on_page(article.pk)] == [left.pk]
    entries = (
        LogEntry.objects.filter(action="move").order_by("comment").values_list("comment", "page", "reason", "after__comments")
    )
    assert list(entries) == [(top.pk, article.pk, "About the film.", 3), (lone.pk, article.pk, "About the film.", 1)]
    for page in (article, film):
        assert_counts_hold(page)


def test_page_to_move_to_is_asked_until_one_is_meant(moderator_client, section, article):
    films = [factories.VideoPageFactory(parent=section, title="A film", slug=f"film-{n}") for n in range(2)]
    comment = factories.comment(article)
    address = moderator_client.post(CHOOSE, {"action": "move", "pk": [comment.pk]})["Location"]
    answer = moderator_client.post(address, {"page": "film"})
    assert (answer.status_code, html(answer).count('name="page_id"')) == (400, 2)
    moderator_client.post(address, {"page": "film", "page_id": films[1].pk})
    assert PageComment.objects.get().page_id == films[1].pk


def test_section_moderator_moves_nothing_out_of_the_section(section_moderator, home, article):
    elsewhere = factories.ArticlePageFactory(parent=home, title="Elsewhere", slug="elsewhere")
    comment = factories.comment(article)
    browser = client_of(section_moderator)
    address = browser.post(CHOOSE, {"action": "move", "pk": [comment.pk]})["Location"]
    assert browser.post(address, {"page": "Elsewhere"}).status_code == 400
    bulk.start(BulkDecision.objects.get(), page=elsewhere.pk, reason="")
    assert PageComment.objects.get().page_id == article.pk


def test_those_who_wrote_are_held_until_a_day(moderator_client, moderator, article):
    ada = [factories.comment(article, name="Ada", email="ada@tides.example") for _ in range(2)]
    bea = factories.comment(article, name="Bea", email="bea@hills.example")
    own = factories.comment(article, user=moderator, name="Mo", email=moderator.email)
    day = timezone.localtime(timezone.now() + timedelta(days=3)).replace(second=0, microsecond=0)
    form = {"kind": "hold", "whom": "writers", "until": f"{day:%Y-%m-%d %H:%M}", "reason": "A quarrel."}
    told = words(do(moderator_client, "treat", [*ada, bea, own], **form))
    assert "It holds from now on for those who wrote 3 comments. 1 was left as it is" in told
    held = Treatment.objects.order_by("pk").values_list("subject", "kind", "until", "reason", "by")
    assert list(held) == [
        (person_key(email), "hold", day, "A quarrel.", moderator.pk) for email in ("ada@tides.example", "bea@hills.example")
    ]
    entries = LogEntry.objects.filter(action="treat").order_by("pk").values_list("person", "about", "by", "after__treatment")
    assert list(entries) == [
        (person_key("ada@tides.example"), "Ada", moderator.pk, "hold"),
        (person_key("bea@hills.example"), "Bea", moderator.pk, "hold"),
    ]


def test_domains_are_banned_but_none_where_anybody_gets_an_address(moderator_client, moderator, article):
    own = f"x@{moderator.email.partition('@')[2]}"
    emails = ["a@spam.example", "b@spam.example", "c@gmail.com", own]
    comments = [factories.comment(article, email=email) for email in emails]
    do(moderator_client, "treat", comments, kind="ban", whom="domains")
    assert list(Treatment.objects.values_list("subject", "kind")) == [("@spam.example", "ban")]


def test_whom_somebody_else_treated_meanwhile_is_left_alone(moderator_client, administrator, article):
    comment = factories.comment(article, email="ada@tides.example")
    address = moderator_client.post(CHOOSE, {"action": "treat", "pk": [comment.pk]})["Location"]
    treat(comment.person_key, "trust", by=administrator, about="Ada")
    moderator_client.post(address, {"kind": "ban", "whom": "writers"})
    assert Treatment.objects.get().kind == "trust"


def test_treatment_with_an_end_that_has_passed_is_asked_again(moderator_client, article):
    comment = factories.comment(article, email="ada@tides.example")
    address = moderator_client.post(CHOOSE, {"action": "treat", "pk": [comment.pk]})["Location"]
    answer = moderator_client.post(address, {"kind": "ban", "whom": "writers", "until": "2020-01-01 10:00"})
    assert (answer.status_code, Treatment.objects.exists()) == (400, False)
    assert "This time has passed." in html(answer)


def test_branches_are_removed_each_with_one_placeholder(moderator_client, article, film):
    top = factories.comment(article)
    reply = factories.comment(article, reply_to=top)
    below = factories.comment(article, reply_to=reply)
    other = factories.comment(film)
    beneath = factories.comment(film, reply_to=other)
    told = words(do(moderator_client, "remove-branch", [top, below, other], reason_code="abusive"))
    assert states(top, reply, below, other, beneath) == ["removed", "rejected", "rejected", "removed", "rejected"]
    assert "2 comments are now “Removed”." in told
    moderator_client.post(reverse("discussion_undo", args=[BulkDecision.objects.get().pk]))
    assert states(top, reply, below, other, beneath) == ["published"] * 5
    for page in (article, film):
        assert_counts_hold(page)


def test_reply_is_removed_though_the_comment_above_it_cannot_be(moderator_client, article):
    top = factories.comment(article)
    reply = factories.comment(article, reply_to=top)
    decide([top.pk], "removed", by=None)
    do(moderator_client, "remove-branch", [top, reply])
    assert states(top, reply) == ["removed", "removed"]


def test_canned_reply_is_inserted_before_many_are_turned_down(moderator_client, article):
    comment = factories.comment(article, state="pending")
    address = moderator_client.post(CHOOSE, {"action": "reject", "pk": [comment.pk]})["Location"]
    reply = CannedReply.objects.first()
    form = {"reply": reply.pk, "insert_reply": "yes", "reason": "Typed."}
    page = html(moderator_client.post(address, form))
    assert escape(reply.text) in page
    assert 'value="Typed."' in page
    assert states(comment) == ["pending"]


FORMS = {
    "close-thread": {"reason": "Heated."},
    "move": {"page": "A film"},
    "treat": {"kind": "hold", "whom": "writers"},
    "remove-branch": {"reason_code": "abusive"},
    "restore": {},
    "feature": {},
}


@pytest.mark.parametrize("action", ["close-thread", "move", "feature", "remove-branch"])
def test_what_somebody_decided_meanwhile_is_left_alone_whatever_is_done(moderator, administrator, article, film, action):
    comment = factories.comment(article)
    job = bulk.prepare(bulk.chosen_of(PageComment.objects.all()), action, by=moderator)
    decide([comment.pk], "published", by=administrator)
    before = PageComment.objects.values().get()
    options = {"move": {"page": film.pk, "reason": ""}, "close-thread": {"reason": ""}}.get(action, {})
    bulk.start(job, **options)
    job.refresh_from_db()
    assert (job.done_count, job.changed_count) == (1, 0)
    assert PageComment.objects.values().get() == before


@pytest.mark.parametrize("action", FORMS)
def test_doing_it_to_many_costs_as_many_queries_as_to_few(moderator_client, section, article, film, action):
    def cost(many):
        comments = []
        for place in range(many):
            page = article if place % 2 else factories.ArticlePageFactory(parent=section)
            comments.append(factories.comment(page, email=f"{next(NUMBERS)}@tides.example"))
            factories.comment(page, reply_to=comments[-1])
        if action == "restore":
            decide([comment.pk for comment in comments], "rejected", by=None)
        chosen = {"action": action, "pk": [comment.pk for comment in comments], "selection": "queue=all"}
        with CaptureQueriesContext(connection) as queries:
            answer = moderator_client.post(CHOOSE, chosen)
            if "/bulk/" in answer["Location"]:
                answer = moderator_client.post(answer["Location"], FORMS[action])
        job = BulkDecision.objects.latest("created_at")
        assert (job.state, job.done_count, job.changed_count) == ("done", many, many)
        return len(queries)

    cost(2)  # finds the types of pages, and makes what is made once
    few = cost(2)
    assert cost(12) == few


def test_many_are_moved_by_the_worker_portion_by_portion(moderator, article, film, monkeypatch):
    monkeypatch.setattr(bulk, "AT_ONCE", 2)
    top = factories.comment(article)
    reply = factories.comment(article, reply_to=top)
    others = [factories.comment(article) for _ in range(3)]
    newest_first = PageComment.objects.newest_first()
    job = bulk.prepare(bulk.chosen_of(newest_first), "move", by=moderator)
    bulk.start(job, page=film.pk, reason="")
    bulk.run(str(job.pk))
    job.refresh_from_db()
    assert (job.state, job.done_count, job.changed_count) == ("done", 5, 5)
    assert set(PageComment.objects.values_list("page", flat=True)) == {film.pk}
    assert PageComment.objects.get(pk=reply.pk).root_id == top.pk
    assert len(others) == 3
    assert_counts_hold(film)
