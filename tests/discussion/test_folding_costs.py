"""What long discussions cost: no screen of one more than that of a short one."""

import re

import pytest
from django.db import connection
from django.db.models.sql import compiler
from django.test.utils import CaptureQueriesContext

from discussion.models import PageComment
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


def test_discussion_costs_at_most_eight_queries_on_every_screen(client, article, person, reader, editor):
    person.user = reader
    person.save()
    factories.ContributionFactory(page=article, person=person, role=Role.AUTHOR)
    long_thread(article, 200, [reader, editor])
    own = f"/discussion/{article.pk}/"
    addresses = [own, f"{own}?after=2", f"{own}?order=newest", f"{own}?order=newest&after=208"]
    addresses += [article.url, f"{own}6/replies/", f"{own}6/replies/?after=100", f"{own}120/"]
    for address in addresses:
        client.get(address)
        with recorded() as record:
            client.get(address)
        asked = [query for query in record.queries if query.path and not query.within("readable_page")]
        ours = [query for query in asked if query.path[0].startswith("discussion.") or query.within("discussion_of")]
        assert 4 < len(ours) <= 8, address
