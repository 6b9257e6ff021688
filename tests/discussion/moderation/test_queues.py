"""The queues: what stands in which, what narrows them, and the way from one comment to the next."""

import re

import pytest
from django.db import connection
from django.http import QueryDict
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from discussion.models import PageComment, Reason, Report
from discussion.moderation.queues import CAP, Queue, Selection, in_words, waiting_counts
from discussion.persons import person_key
from discussion.transitions import decide
from pages.models import PageTopic
from tests import factories

QUEUE = reverse("discussion_queue")


def html(response):
    return response.content.decode()


def listed(client, query):
    """The keys of the comments on the list, in its order."""
    return [int(key) for key in re.findall(r'name="pk" value="(\d+)\.\d+"', html(client.get(f"{QUEUE}?{query}")))]


def report(comment, key="browser:a"):
    return Report.objects.create(comment=comment, reason=Report.Reason.SPAM, reporter_key=key)


def test_each_comment_stands_in_the_queues_that_it_belongs_to(article, moderator):
    def made(state):
        return factories.comment(article, state=state)

    pending, published, rejected, spam, removed = map(made, ["pending", "published", "rejected", "spam", "removed"])
    reported, seen = made("published"), made("published")
    report(reported)
    decide([reported.pk, seen.pk], "published", by=moderator)
    report(reported, "browser:b")
    everything = [pending, published, rejected, spam, removed, reported, seen]
    expected = {
        "pending": [pending],
        "reported": [reported],
        "unreviewed": [published],
        "published": [seen, reported, published],
        "rejected": [rejected],
        "spam": [spam],
        "removed": [removed],
        "all": everything[::-1],
    }
    found = {queue: list(Selection(moderator, QueryDict(f"queue={queue}")).comments()) for queue in Queue.values}
    assert found == expected
    assert waiting_counts(moderator) == {"pending": 1, "reported": 1, "unreviewed": 1}


# what the list is asked for → the places in ``four`` of what it shows
QUERIES = [
    ("", [1, 2]),
    ("queue=all", [3, 2, 1, 0]),
    ("queue=all&sort=oldest", [0, 1, 2, 3]),
    ("queue=pending&sort=newest", [2, 1]),
    ("queue=all&kind=video", [3, 2]),
    ("queue=all&since=2026-05-02&until=2026-05-03", [2, 1]),
    ("queue=all&q=tide", [3, 1, 0]),
    ("queue=all&q=hills.example", [2, 1]),
    ("queue=pending&q=tide", [1]),
    ("queue=all&person=BEA@hills.example", [1]),
    ("queue=all&person=tidesw", [3]),
    (f"queue=all&person={person_key('cyd@hills.example')}", [2]),
    ("queue=all&reason=off-topic", [1]),
    ("queue=all&q=nothing+of+the+kind", []),
    # What is not understood narrows nothing.
    ("queue=nonsense", [1, 2]),
    ("queue=all&since=soon", [3, 2, 1, 0]),
    ("queue=all&kind=nonsense&section=x&topic=999999999999999999999999999999&page=0", [3, 2, 1, 0]),
    ("queue=all&q=%00", [3, 2, 1, 0]),
    ("queue=pending&p=999999999999999999999999999999", [1, 2]),
    ("queue=all&person=user:999999999999", [3, 2, 1, 0][:0]),
]


@pytest.fixture
def decided(four, moderator):
    decide([four[1].pk], "rejected", by=moderator, reason_code=Reason.OFF_TOPIC)
    decide([four[1].pk], "pending", by=moderator)
    return four


def test_list_with_its_filters_search_and_order(moderator_client, decided):
    found = {query: listed(moderator_client, query) for query, _shown in QUERIES}
    assert found == {query: [decided[place].pk for place in shown] for query, shown in QUERIES}


def test_section_topic_and_page_narrow_the_list(moderator_client, four, home, section):
    other = factories.SectionPageFactory(parent=home, title="Elsewhere", slug="elsewhere")
    topic = factories.TopicPageFactory(parent=home, title="Tides")
    page = factories.ArticlePageFactory(parent=other)
    PageTopic.objects.create(page=page, topic=topic)
    here = factories.comment(page, state="pending")
    assert listed(moderator_client, f"section={other.pk}") == [here.pk]
    assert listed(moderator_client, f"section={section.pk}") == [four[1].pk, four[2].pk]
    assert listed(moderator_client, f"topic={topic.pk}") == [here.pk]
    assert listed(moderator_client, f"page={four[1].page_id}") == [four[1].pk]


def test_bad_filter_is_said_at_its_field_and_kept(moderator_client, four):
    page = html(moderator_client.get(f"{QUEUE}?since=soon"))
    assert "Enter a valid date." in page
    assert 'value="soon"' in page


@pytest.mark.parametrize(("query", "order"), [("queue=all&sort=oldest", [0, 1, 2, 3]), ("queue=all", [3, 2, 1, 0])])
def test_way_leads_through_the_whole_selection_and_back(moderator, four, query, order):
    selection = Selection(moderator, QueryDict(query))
    comments = [four[place] for place in order]
    assert [selection.next_after(comment) for comment in comments] == [*comments[1:], None]
    assert [selection.last_before(comment) for comment in comments] == [None, *comments[:-1]]


def test_way_goes_on_from_a_comment_that_has_left_the_selection(moderator, four):
    selection = Selection(moderator, QueryDict("queue=pending"))
    decide([four[1].pk], "published", by=moderator)
    assert selection.next_after(four[1]) == four[2]


def test_selection_is_carried_by_its_address(moderator, four):
    query = "queue=all&kind=video&q=hill&sort=oldest"
    assert QueryDict(Selection(moderator, QueryDict(query)).query) == QueryDict(query)


def test_list_costs_the_same_for_few_and_many(moderator_client, article, reader):
    def cost():
        with CaptureQueriesContext(connection) as queries:
            moderator_client.get(QUEUE)
        return len(queries)

    for _ in range(2):
        report(factories.comment(article, user=reader, state="pending"))
    cost()
    few = cost()
    for _ in range(12):
        report(factories.comment(article, user=reader, state="pending"))
    assert cost() == few
    assert few <= 15


def test_number_that_waits_stands_in_the_menu_and_on_the_first_page(moderator_client, article):
    assert "Discussion (" not in html(moderator_client.get("/admin/"))
    for _ in range(2):
        factories.comment(article, state="pending")
    report(factories.comment(article))
    moderator_client.post(reverse("discussion_decide", args=[factories.comment(article, state="pending").pk, "spam"]))
    page = html(moderator_client.get("/admin/"))
    assert "Discussion (3)" in page
    assert re.search(r"<span>3</span>\s*comments wait", page)


def test_editors_are_not_told_what_waits(editor_client, article):
    factories.comment(article, state="pending")
    page = html(editor_client.get("/admin/"))
    assert '"label": "Discussion' not in page
    assert "comment waits" not in page


def test_counts_stop_at_their_cap():
    assert [in_words(count) for count in (0, CAP, CAP + 1)] == ["0", "1000", "1000+"]


def test_queue_of_a_section_moderator_holds_their_section_alone(section_moderator, four, article, home):
    other = factories.SectionPageFactory(parent=home, title="Elsewhere", slug="elsewhere")
    factories.comment(factories.ArticlePageFactory(parent=other), state="pending")
    assert list(Selection(section_moderator, QueryDict("")).comments()) == [four[1], four[2]]
    assert waiting_counts(section_moderator)["pending"] == 2
    assert PageComment.objects.pending().count() == 3
