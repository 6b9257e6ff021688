"""What long discussions cost: no screen of one more than that of a short one."""

import re

import pytest
from django.db import connection
from django.db.models.sql import compiler
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from discussion.models import DiscussionSettings, PageComment
from hub.measuring import rows as bulk
from hub.measuring import scale, shape, words
from hub.measuring.record import recorded
from pages.models import Role
from tests import factories

pytestmark = pytest.mark.django_db


@pytest.fixture
def fetched(monkeypatch):
    """Counts the rows that come from the database: ``fetched()`` says how many came since it was asked last."""
    counted, original = [0], compiler.cursor_iter

    def counting(*arguments):
        for rows in original(*arguments):
            counted[0] += len(rows)
            yield rows

    def since():
        found, counted[0] = counted[0], 0
        return found

    monkeypatch.setattr(compiler, "cursor_iter", counting)
    return since


def long_thread(page, size, accounts):
    """``size`` comments in one thread, and ten short threads around it; every fifth by an account."""
    plan = shape.Shape()
    for _ in range(5):
        plan.add(None)
    first = len(plan)
    for parent in shape.thread(size, words.dice(1)).parents:
        plan.add(None if parent is None else first + parent)
    for _ in range(5):
        plan.add(None)
    scale.CommentWriter(len(plan)).write(page, plan)
    bulk.continue_keys_after(PageComment)
    keys = list(PageComment.objects.filter(page=page).order_by("number").values_list("pk", flat=True))
    for place, account in enumerate(accounts):
        PageComment.objects.filter(pk__in=keys[place :: 5 * len(accounts)]).update(user=account)
    return page


def test_no_part_of_a_thread_of_3000_costs_more_than_of_one_of_100(client, section, person, reader, editor, fetched):
    person.user = reader
    person.save()
    costs = {}
    for size in (100, 3000):
        page = factories.ArticlePageFactory(parent=section)
        factories.ContributionFactory(page=page, person=person, role=Role.AUTHOR)
        long_thread(page, size, [reader, editor])
        own = f"/discussion/{page.pk}/"
        middle = PageComment.objects.filter(page=page).in_thread_order()[size // 2]
        place = client.get(f"{own}{middle.number}/")["Location"].partition("#")[0]
        assert place.startswith(f"{own}6/replies/?after=")
        addresses = {
            "page": page.url,
            "oldest": own,
            "newest": f"{own}?order=newest",
            "after": f"{own}?after=2",
            "newest after": f"{own}?order=newest&after={size + 8}",
            "thread": f"{own}6/replies/",
            "middle": place,
            "permanent": f"{own}{middle.number}/",
            "feed": f"{own}feed/",
        }
        for name, address in addresses.items():
            client.get(address)
            fetched()
            with CaptureQueriesContext(connection) as queries:
                client.get(address)
            costs.setdefault(name, []).append((len(queries), fetched()))
    different = {name: found for name, found in costs.items() if found[0][0] != found[1][0]}
    assert different == {}
    assert {name: found for name, found in costs.items() if abs(found[0][1] - found[1][1]) > 60 or found[1][1] > 250} == {}


def test_nothing_is_counted_or_passed_over(client, article, reader):
    long_thread(article, 300, [reader])
    own = f"/discussion/{article.pk}/"
    with CaptureQueriesContext(connection) as queries:
        for address in (article.url, own, f"{own}?order=newest", f"{own}6/replies/?after=100", f"{own}200/", f"{own}feed/"):
            client.get(address)
    asked = [query["sql"] for query in queries if "discussion_pagecomment" in query["sql"]]
    assert asked
    assert [sql for sql in asked if re.search(r"COUNT\(|OFFSET|OVER \(|LIKE", sql)] == []
    # Each names the page, and asks for one comment by its number or for so many at most.
    assert [sql for sql in asked if "LIMIT" not in sql and " IN (" not in sql and '"number" =' not in sql] == []


def everything_beside(home, page, person, reader):
    """All that can stand beside a discussion: host, house rules, privacy notice, rules of age, interviews, badges."""
    person.user = reader
    person.save()
    factories.ContributionFactory(page=page, person=person, role=Role.AUTHOR)
    page.discussion_host, page.first_published_at = person, timezone.now()
    page.save()
    titles = {"Say please": f"please-{page.pk}", "Your data": f"data-{page.pk}"}
    please, data = (factories.StandardPageFactory(parent=home, title=title, slug=slug) for title, slug in titles.items())
    rules = {"house_rules": please, "privacy": data, "close_after_days": 30}
    DiscussionSettings.objects.update_or_create(site=page.get_site(), defaults=rules)
    factories.comment(factories.ChapterPageFactory(parent=page))
    interview = factories.InterviewPageFactory(parent=page.get_parent())
    factories.ContentLinkFactory(source=interview, target=page, kind="interview-for")
    factories.comment(interview)


def cost_of(client, address) -> tuple[int, str]:
    """The queries of the discussion itself at ``address``, after a first time, and what was answered."""
    client.get(address)
    with recorded() as record:
        response = client.get(address)
    asked = [query for query in record.queries if query.path and not query.within("readable_page")]
    ours = [query for query in asked if query.path[0].startswith("discussion.") or query.within("discussion_of")]
    ours += [query for query in asked if query not in ours and "published_count" in query.sql]  # of cards, with their comments
    assert set(map(id, record.of_discussion())) <= set(map(id, ours))
    return len(ours), response.content.decode()


def test_discussion_costs_at_most_eight_queries_on_every_screen_of_any_size(client, home, section, person, reader, editor):
    costs = []
    for size in (200, 600):
        page = factories.PublicationPageFactory(parent=section)
        everything_beside(home, page, person, reader)
        long_thread(page, size, [reader, editor])
        own = f"/discussion/{page.pk}/"
        addresses = [page.url, own, f"{own}?after=2", f"{own}?order=newest", f"{own}?order=newest&after={size + 8}"]
        addresses += [f"{own}6/replies/", f"{own}6/replies/?after=100", f"{own}120/"]
        answers = [cost_of(client, address) for address in addresses]
        costs.append([cost for cost, _ in answers])
        words_beside = ("Say please", "Your data", "Your host here", "on its interview", "on its chapter", "Author")
        assert [word for word in words_beside if word not in answers[0][1].partition('id="comments"')[2]] == []
    assert costs[0] == costs[1]
    assert max(costs[0]) <= 8
    assert min(costs[0]) > 4
