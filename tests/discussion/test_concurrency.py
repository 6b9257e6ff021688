"""Many at once: real threads, each with its own connection, against the test database."""

import itertools
import random
import threading
import time
import uuid
from concurrent.futures import ThreadPoolExecutor

import pytest
from django.db import connection, transaction
from django.test import Client
from django.utils import timezone

from discussion import privacy, quotas, subscriptions, tokens
from discussion.models import Decision, Discussion, DiscussionSettings, OutgoingMail, PageComment, Quota, Subscription
from discussion.persons import person_key
from discussion.posting import ParentGone, post_comment
from discussion.transitions import decide
from pages.models import ArticlePage
from tests import factories
from tests.discussion.truth import assert_counts_hold, rows_of, tree_order

pytestmark = pytest.mark.django_db(transaction=True, serialized_rollback=True)


def at_once(tasks):
    """Run ``tasks`` in as many threads that start together; their results in order."""
    start = threading.Barrier(len(tasks))

    def run(task):
        try:
            start.wait(timeout=60)
            return task()
        finally:
            connection.close()

    with ThreadPoolExecutor(len(tasks)) as pool:
        return list(pool.map(run, tasks))


def assert_in_order(page):
    comments = rows_of(page)
    assert all(comment.path for comment in comments)
    assert len({comment.path for comment in comments}) == len(comments)
    assert list(PageComment.objects.on_page(page.pk).in_thread_order().values_list("pk", flat=True)) == tree_order(comments)
    assert_counts_hold(page)


def numbers_of(page):
    return sorted(comment.number for comment in rows_of(page) if comment.number)


@pytest.mark.parametrize("hold", [True, False])
def test_one_submission_sent_ten_times_at_once_makes_one_comment(article, hold):
    handed_in = factories.submission()
    made = at_once([lambda: post_comment(article, handed_in, hold=hold)] * 10)
    assert {comment.pk for comment in made} == {PageComment.objects.get().pk}
    assert_in_order(article)


def test_first_comments_of_a_page_all_arrive(article):
    assert not Discussion.objects.filter(page=article).exists()
    at_once([lambda: post_comment(article, factories.submission(), hold=False)] * 10)
    assert numbers_of(article) == list(range(1, 11))
    assert_in_order(article)


def test_twenty_replies_across_a_thread_find_their_places(article):
    dice = random.Random(20)
    made = [factories.comment(article)]
    for _ in range(15):
        made.append(factories.comment(article, reply_to=dice.choice(made)))
    parents = [dice.choice(made) for _ in range(20)]
    tasks = [
        lambda parent=parent, hold=hold: post_comment(article, factories.submission(reply_to=parent.number), hold=hold)
        for parent, hold in zip(parents, [False, False, False, True] * 5, strict=True)
    ]
    replies = at_once(tasks)
    assert len({reply.pk for reply in replies}) == 20
    assert [reply.in_reply_to_id for reply in replies] == [parent.pk for parent in parents]
    assert numbers_of(article) == list(range(1, 32))
    assert_in_order(article)


def test_two_pages_take_comments_at_once(article, section):
    other = factories.ArticlePageFactory(parent=section)
    tops = {page.pk: factories.comment(page) for page in (article, other)}
    at_once(
        [lambda p=p: post_comment(p, factories.submission(reply_to=tops[p.pk].number), hold=False) for p in [article, other] * 6]
    )
    for page in (article, other):
        assert numbers_of(page) == list(range(1, 8))
        assert_in_order(page)


def test_replies_that_arrive_while_their_branch_is_hidden_and_shown_again(article):
    top = factories.comment(article)
    inner = factories.comment(article, reply_to=top)

    def reply(parent):
        try:
            return post_comment(article, factories.submission(reply_to=parent.number), hold=False)
        except ParentGone:
            return None

    tasks = [lambda parent=parent: reply(parent) for parent in [top, inner] * 4]
    for state in ("rejected", "published", "spam", "published"):
        tasks.insert(3, lambda state=state: decide([top.pk], state, by=None))
    tasks.append(lambda: decide([inner.pk], "rejected", by=None))
    at_once(tasks)
    assert_in_order(article)


def test_comment_that_two_moderators_decide_about_at_once_is_decided_once(article, moderator):
    comment = factories.comment(article, state="pending")
    outcomes = at_once([lambda: decide([comment.pk], "published", by=moderator)] * 6)
    assert sorted(len(outcome.changed) for outcome in outcomes) == [0, 0, 0, 0, 0, 1]
    assert Decision.objects.count() == 1
    comment.refresh_from_db()
    assert comment.number == 1
    assert_counts_hold(article)


def test_decisions_about_many_pages_do_not_wait_for_one_another_for_ever(section):
    pages = [factories.ArticlePageFactory(parent=section) for _ in range(4)]
    keys = [factories.comment(page, state="pending").pk for page in pages for _ in range(3)]
    tasks = [
        lambda state=state, keys=keys[::step]: decide(keys, state, by=None)
        for state in ("published", "rejected", "spam")
        for step in (1, -1)
    ]
    tasks += [lambda page=page: post_comment(page, factories.submission(), hold=False) for page in pages]
    at_once(tasks)
    for page in pages:
        assert_in_order(page)


def test_form_sent_again_and_again_is_answered_each_time_and_posted_once(article):
    DiscussionSettings.objects.create(site=article.get_site())
    form = {
        "comment": "Pressed in anger.",
        "name": "A. Reader",
        "email": "a@readers.example",
        "token": tokens.issue_token(article.pk),
    }
    address = f"/discussion/{article.pk}/add/"

    def press():
        client = Client()
        answer = client.post(address, form, headers={"origin": "http://testserver"})
        return answer.status_code, client.get(answer["Location"]).content.count(b"Pressed in anger.")

    assert at_once([press] * 6) == [(302, 1)] * 6
    assert len(rows_of(article)) == 1


def test_page_published_while_readers_comment_loses_none_of_the_counts(article):
    revision = article.save_revision()
    tasks = [lambda: post_comment(article, factories.submission(submission_key=uuid.uuid4()), hold=False)] * 6
    at_once([*tasks, lambda: ArticlePage.objects.get(pk=article.pk).get_latest_revision().publish()])
    assert revision.pk
    assert Discussion.objects.get(page=article).published_count == 6
    assert_in_order(article)


# What waits for one another whatever page it is about: rows of counts and of wishes, taken in one order by everybody.

locks_rows = pytest.mark.skipif("connection.vendor != 'postgresql'", reason="SQLite has one writer at a time")
WAITED_FOR = "SELECT count(*) FROM pg_locks WHERE NOT granted AND pg_backend_pid() = ANY (pg_blocking_pids(pid))"


def wait_until_waited_for() -> None:
    """Go on when another transaction wants what this one holds."""
    deadline = time.monotonic() + 60
    with connection.cursor() as cursor:
        while not cursor.execute(WAITED_FOR).fetchone()[0]:
            assert time.monotonic() < deadline, "nobody waits for this transaction"


def meanwhile(monkeypatch, module, name, act, *, turn=1):
    """``act`` for another thread: it begins when ``module.name`` is called for the first or a later ``turn``, which goes on when
    ``act`` waits for its caller."""
    called, original, times = threading.Event(), getattr(module, name), itertools.count(1)

    def pausing(*arguments, **values):
        if next(times) == turn:
            called.set()
            wait_until_waited_for()
        return original(*arguments, **values)

    def when_called():
        assert called.wait(timeout=60)
        return act()

    monkeypatch.setattr(module, name, pausing)
    return when_called


WISHER = "wisher@readers.example"


def wish(page) -> Subscription:
    return Subscription.objects.create(page=page, scope="page", email=WISHER, person_key=person_key(WISHER))


def erase():
    return privacy.erase(privacy.find_person(WISHER))


@locks_rows
def test_who_posts_on_a_page_that_they_only_follow_and_their_erasure_do_not_wait_for_one_another(article, section, monkeypatch):
    followed = factories.ArticlePageFactory(parent=section)
    wish(followed)

    def post(page, **values):
        handed_in = factories.submission(email=WISHER, **values)
        return post_comment(page, handed_in, hold=False, limits=DiscussionSettings())

    post(article)
    erase_meanwhile = meanwhile(monkeypatch, subscriptions, "subscribe", erase)
    at_once([lambda: post(followed, wishes=("page",), is_proven=True), erase_meanwhile])
    assert set(PageComment.objects.values_list("state", flat=True)) == {"erased"}
    assert (Subscription.objects.count(), Quota.objects.filter(key__startswith="post:person:").count()) == (0, 0)


@locks_rows
@pytest.mark.parametrize("holds", [False, True])
def test_who_follows_and_their_erasure_do_not_wait_for_one_another(article, monkeypatch, holds):
    wish(article)
    Subscription.objects.update(confirmed_at=timezone.now() if holds else None)
    quotas.take_asking(person_key(WISHER))
    erase_meanwhile = meanwhile(monkeypatch, quotas, "take_asking", erase)

    def follow():
        with transaction.atomic():
            subscriptions.subscribe(article, WISHER, ["page"], is_proven=False)

    at_once([follow, erase_meanwhile])
    assert (Subscription.objects.count(), Quota.objects.count()) == (0, 0)


@locks_rows
@pytest.mark.parametrize("holds", [False, True])
def test_who_follows_while_they_are_erased_follows_anew(article, monkeypatch, holds):
    wish(article)
    Subscription.objects.update(confirmed_at=timezone.now() if holds else None)

    def follow():
        with transaction.atomic():
            subscriptions.subscribe(article, WISHER, ["page"], is_proven=False)

    follow_meanwhile = meanwhile(monkeypatch, privacy, "mails_to", follow, turn=2)  # once they are counted, as they go
    at_once([erase, follow_meanwhile])
    assert Subscription.objects.get().waits
    assert OutgoingMail.objects.get().subscription == Subscription.objects.get()


@locks_rows
@pytest.mark.parametrize(("first", "then"), [("post:address:k", "post:person:k"), ("post:person:k", "confirm:k")])
def test_who_is_counted_again_and_the_forgetting_of_counts_do_not_wait_for_one_another(first, then):
    long_ago = timezone.now() - 2 * privacy.QUOTAS_KEPT
    for key in (first, then):
        Quota.objects.create(key=key, started_at=long_ago)
    counted = threading.Event()

    def count():
        with transaction.atomic():
            quotas.take(first, 9, privacy.QUOTAS_KEPT)
            counted.set()
            wait_until_waited_for()
            quotas.take(then, 9, privacy.QUOTAS_KEPT)

    def forget():
        assert counted.wait(timeout=60)
        privacy.forget_leftovers()

    at_once([count, forget])
    assert dict(Quota.objects.values_list("key", "used")) == {first: 1, then: 1}
