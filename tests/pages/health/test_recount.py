"""Counting anew: in portions, by whichever worker, broken off and taken up again."""

from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from pages.health import recount
from pages.models import LinkFault, LinkRecount
from tests import factories
from tests.pages.health.finding import ORPHAN, count

pytestmark = pytest.mark.django_db
REPORT = "/admin/reports/link-health/"


@pytest.fixture
def articles(section):
    return [factories.ArticlePageFactory(parent=section, title=f"Article {n}", slug=f"article-{n}") for n in range(5)]


@pytest.fixture
def in_twos(monkeypatch):
    monkeypatch.setattr(recount, "TOGETHER", 2)


def orphans() -> set[str]:
    return set(LinkFault.objects.filter(kind=ORPHAN).values_list("page__title", flat=True))


ALL = {f"Article {n}" for n in range(5)}


def test_in_portions_everything_is_found_once(articles, in_twos):
    count()
    assert orphans() == ALL
    assert LinkFault.objects.count() == 10  # dead ends too
    keys = set(LinkFault.objects.values_list("pk", flat=True))
    count()
    assert set(LinkFault.objects.values_list("pk", flat=True)) == keys, "what holds stays as it is"


def test_a_recount_is_asked_for_seen_and_over(administrator_client, articles, django_capture_on_commit_callbacks):
    assert "Nothing was counted yet." in administrator_client.get(REPORT).content.decode()
    answer = administrator_client.post(REPORT, {"act": "recount"})
    made = LinkRecount.objects.get()
    waiting = administrator_client.get(answer["Location"]).content.decode()
    assert 'http-equiv="refresh"' in waiting
    assert "0 % looked through." in waiting
    assert 'http-equiv="refresh"' not in administrator_client.get(REPORT).content.decode()

    recount.next_portion(made.pk)
    made.refresh_from_db()
    assert (made.stage, made.done_count) == ("documents", 7)
    assert "100 % looked through." in administrator_client.get(answer["Location"]).content.decode()
    recount.run(made.pk)

    over = administrator_client.get(answer["Location"]).content.decode()
    assert 'http-equiv="refresh"' not in over
    assert "Counted on" in over
    assert orphans() == ALL


def test_who_asks_while_one_is_under_way_joins_it(administrator_client, articles):
    administrator_client.post(REPORT, {"act": "recount"})
    administrator_client.post(REPORT, {"act": "recount"})
    recount.start()
    assert LinkRecount.objects.count() == 1


def test_the_daily_job_has_it_done(articles, django_capture_on_commit_callbacks):
    with django_capture_on_commit_callbacks(execute=True):
        recount.start()
    assert LinkRecount.objects.get().is_over
    assert orphans() == ALL


def test_a_worker_that_dies_between_two_portions_leaves_what_another_takes_up(articles, in_twos):
    made = LinkRecount.objects.create()
    for _ in range(2):
        recount.next_portion(made.pk)
    there = orphans()
    assert there < ALL

    recount.go_on(now=timezone.now() + timedelta(minutes=1))
    assert orphans() == there, "it may still be at work"
    recount.go_on(now=timezone.now() + timedelta(minutes=3))
    assert (orphans(), LinkRecount.objects.get().is_over) == (ALL, True)


def test_of_two_workers_with_the_same_portion_one_writes(articles, in_twos, monkeypatch):
    made = LinkRecount.objects.create()
    real, done = recount.judge, []

    def judge(pages):
        if not done:
            done.append(1)
            recount.next_portion(made.pk)  # the other worker, meanwhile
        return real(pages)

    monkeypatch.setattr(recount, "judge", judge)
    recount.next_portion(made.pk)
    made.refresh_from_db()
    assert made.done_count == 2
    recount.run(made.pk)
    assert LinkRecount.objects.get().done_count == 7
    assert orphans() == ALL


def test_a_long_recount_lets_other_tasks_have_their_turn(articles, in_twos, monkeypatch):
    monkeypatch.setattr(recount, "SECONDS", -1)
    handed_on = []

    class Queue:
        enqueue = handed_on.append

    monkeypatch.setattr(recount, "run_recount", Queue)
    made = LinkRecount.objects.create()
    recount.run(made.pk)
    assert handed_on == [made.pk]
    made.refresh_from_db()
    assert made.done_count == 2


def test_a_page_deleted_while_it_is_looked_at_leaves_no_row(articles, monkeypatch):
    real = recount.judge

    def judge(pages):
        found = real(pages)
        articles[0].delete()
        return found

    monkeypatch.setattr(recount, "judge", judge)
    count()
    assert orphans() == ALL - {"Article 0"}


def test_a_document_deleted_while_a_page_that_names_it_is_looked_at_leaves_no_row(articles, monkeypatch):
    document = factories.DocumentFactory()
    factories.ContentLinkFactory(source=articles[0], address=document.url, title="File")
    real = recount.judge

    def judge(pages):
        found = real(pages)
        document.delete()
        return found

    monkeypatch.setattr(recount, "judge", judge)
    count()
    assert orphans() == ALL
    assert not LinkFault.objects.filter(kind=LinkFault.Kind.DOCUMENT).exists()


def test_a_page_that_cannot_be_read_keeps_no_other_from_being_judged(articles, monkeypatch, caplog):
    real = recount.judge

    def judge(pages):
        if any(page.title == "Article 3" for page in pages):
            raise ValueError("no such thing")
        return real(pages)

    monkeypatch.setattr(recount, "judge", judge)
    count()
    assert orphans() == ALL - {"Article 3"}
    assert "could not be judged" in caplog.text


def test_a_portion_costs_a_fixed_number_of_queries(section, articles):
    def cost():
        made = LinkRecount.objects.create()
        with CaptureQueriesContext(connection) as queries:
            recount.next_portion(made.pk)
        LinkRecount.objects.all().delete()
        return len(queries)

    cost()
    few = cost()
    for n in range(5, 15):
        page = factories.ArticlePageFactory(parent=section, title=f"Article {n}", slug=f"article-{n}")
        factories.ContentLinkFactory(source=page, target=articles[0])
        factories.ContentLinkFactory(source=page, address=f"https://example.org/{n}", title="x")
    cost()
    assert cost() <= few + 3, "with links to pages: which are there, and which are seen"


def test_old_recounts_are_forgotten(articles):
    count()
    recount.forget_old(now=timezone.now() + timedelta(days=29))
    assert LinkRecount.objects.count() == 1
    recount.forget_old(now=timezone.now() + timedelta(days=31))
    assert LinkRecount.objects.count() == 0
