"""The moderators' screens: who sees them, what they show, and what can be decided there."""

import csv
import io
import re
from datetime import UTC, datetime
from urllib.parse import urlencode

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import NoReverseMatch, reverse
from wagtail.permissions import policy_registry

from discussion.models import Decision, PageComment
from discussion.transitions import decide
from discussion.wagtail_hooks import queue_url
from tests import factories
from tests.conftest import client_of
from tests.discussion.truth import assert_counts_hold


def admin(name, *args):
    return reverse(PageComment.snippet_viewset.get_url_name(name), args=args)


def decision(comment, action):
    return reverse("discussion_decide", args=[comment.pk, action])


def bulk(action, ids, next_url=""):
    query = urlencode([*(("id", key) for key in ids), ("next", next_url or admin("list"))])
    return f"{reverse('wagtail_bulk_action', args=['discussion', 'pagecomment', action])}?{query}"


def html(response):
    return response.content.decode()


def said(response):
    return [str(message).strip() for message in response.context["messages"]]


def listed(client, **query):
    """The keys of the comments on the list, in its order."""
    page = html(client.get(admin("list"), query))
    return [int(key) for key in re.findall(r'data-object-id="(\d+)"', page)]


def states(*comments):
    return [PageComment.objects.get(pk=comment.pk).state for comment in comments]


ROLES = {
    "guest": "login",
    "reader": "login",
    "editor": "refused",
    "publisher": "refused",
    "moderator": "let in",
    "administrator": "let in",
}


def outcome(response):
    if response.status_code == 200:
        return "let in"
    assert response.status_code == 302
    return {"/admin/": "refused"}.get(response["Location"], "login" if "login" in response["Location"] else "let in")


@pytest.mark.parametrize(("role", "expected"), ROLES.items())
def test_who_may_see_and_decide(request, client, article, role, expected):
    comment = factories.comment(article, state="pending", text="Held words")
    visitor = client if role == "guest" else request.getfixturevalue(f"{role}_client")
    addresses = [admin("list"), admin("list_results"), admin("inspect", comment.pk), bulk("approve", [comment.pk])]
    for address in addresses:
        response = visitor.get(address)
        assert outcome(response) == expected, address
        assert ("Held words" in html(response)) == (expected == "let in")
    for address in (bulk("spam", [comment.pk]), decision(comment, "approve"), bulk("delete", ["all"])):
        before = states(comment)
        response = visitor.post(address)
        assert outcome(response) == expected
        assert (states(comment) == before) == (expected != "let in")


@pytest.mark.parametrize(("role", "expected"), ROLES.items())
def test_number_that_waits_is_shown_to_those_who_decide(request, article, role, expected):
    if role in {"guest", "reader"}:
        return
    for _ in range(3):
        factories.comment(article, state="pending")
    factories.comment(article)
    page = html(request.getfixturevalue(f"{role}_client").get("/admin/"))
    assert ("Discussion (3)" in page) == (expected == "let in")
    assert bool(re.search(r"<span>3</span>\s*comments wait", page)) == (expected == "let in")


def test_nothing_is_said_in_the_menu_when_nothing_waits(moderator_client, article):
    factories.comment(article)
    page = html(moderator_client.get("/admin/"))
    assert "Discussion (" not in page
    assert '"label": "Discussion"' in page


FOR_NOBODY = ["add", "edit", "delete", "copy", "history", "usage", "unpublish", "workflow_history", "revisions_revert"]


@pytest.mark.parametrize("name", FOR_NOBODY)
@pytest.mark.parametrize("method", ["get", "post"])
def test_nobody_writes_edits_or_deletes_a_comment_in_the_admin(administrator_client, article, name, method):
    comment = factories.comment(article, text="As it was")
    before = PageComment.objects.values().get()
    for args in ([], [comment.pk]):
        try:
            address = admin(name, *args)
        except NoReverseMatch:
            continue
        response = getattr(administrator_client, method)(
            address, {"comment": "Changed", "state": "spam"} if method == "post" else {}
        )
        assert response.status_code in {302, 403, 404, 405} or name in {"history", "usage"}
        if response.status_code == 302:
            assert response["Location"] == "/admin/"
    assert PageComment.objects.values().get() == before


ACTIONS = ["view", "moderate", "add", "change", "delete", "publish", "lock", "choose"]


@pytest.mark.parametrize(("role", "expected"), [pair for pair in ROLES.items() if pair[0] != "guest"])
def test_permissions_of_each_role(request, db, role, expected):
    policy = policy_registry.get_by_type(PageComment)
    user = request.getfixturevalue(role)
    allowed = {action for action in ACTIONS if policy.user_has_permission(user, action)}
    assert allowed == ({"view", "moderate"} if expected == "let in" else set())
    assert (user in policy.users_with_permission("moderate")) == (expected == "let in")
    assert user not in policy.users_with_permission("delete")


def test_inactive_moderator_is_none(moderator):
    moderator.is_active = False
    moderator.save()
    policy = policy_registry.get_by_type(PageComment)
    assert not policy.user_has_permission(moderator, "moderate")
    assert moderator not in policy.users_with_permission("moderate")


@pytest.fixture
def four(section, article):
    """Comments of different days, states, names and pages, oldest first."""
    film = factories.VideoPageFactory(parent=section, title="A film")

    def said_on(day, page, **values):
        return factories.comment(page, now=datetime(2026, 5, day, 12, tzinfo=UTC), **values)

    return [
        said_on(1, article, text="The first tide", name="Ada", email="ada@tides.example"),
        said_on(2, article, text="A second tide", name="Bea", email="bea@hills.example", state="pending"),
        said_on(3, film, text="A third hill", name="Cyd", email="cyd@hills.example", state="pending"),
        said_on(4, film, text="The fourth hill", name="Tideswell", email="dot@woods.example", state="spam"),
    ]


# what the list is asked for → the places in ``four`` of what it shows
QUERIES = [
    ({}, [3, 2, 1, 0]),
    ({"state": "pending"}, [2, 1]),
    ({"state": ["pending", "spam"]}, [3, 2, 1]),
    ({"state": "pending", "ordering": "submitted_at"}, [1, 2]),
    ({"page__kind": "video"}, [3, 2]),
    ({"submitted_at_from": "2026-05-02", "submitted_at_to": "2026-05-03"}, [2, 1]),
    ({"q": "tide"}, [3, 1, 0]),
    ({"q": "hills.example"}, [2, 1]),
    ({"q": "tide", "state": "pending"}, [1]),
    ({"q": " tide ", "page__kind": "article"}, [1, 0]),
    ({"q": "nothing of the kind"}, []),
    ({"ordering": "-user_name"}, [3, 2, 1, 0]),
    ({"ordering": "user_name"}, [0, 1, 2, 3]),
]


@pytest.mark.parametrize(("query", "shown"), QUERIES)
def test_list_with_its_filters_search_and_order(moderator_client, four, query, shown):
    assert listed(moderator_client, **query) == [four[place].pk for place in shown]


@pytest.mark.parametrize(("query", "shown"), QUERIES)
def test_all_means_all_that_the_list_shows(moderator_client, four, query, shown):
    next_url = f"{admin('list')}?{urlencode(query, doseq=True)}"
    before = states(*four)
    if not shown:
        assert moderator_client.post(bulk("reject", ["all"], next_url)).status_code == 404
    else:
        assert moderator_client.post(bulk("reject", ["all"], next_url))["Location"] == next_url
    assert states(*four) == ["rejected" if place in shown else state for place, state in enumerate(before)]


@pytest.mark.parametrize(
    "query",
    [
        {"state": "nonsense"},
        {"state": "\x00"},
        {"q": "\x00"},
        {"submitted_at_from": "9" * 30},
        {"ordering": "x"},
        {"p": "9" * 30},
    ],
)
def test_list_survives_nonsense(moderator_client, four, query):
    assert moderator_client.get(admin("list"), query).status_code == 200
    assert moderator_client.get(bulk("reject", ["all"], f"{admin('list')}?{urlencode(query)}")).status_code in {200, 404}


@pytest.mark.parametrize("key", ["0", "999999", str(2**31), str(2**63), "9" * 30, "x", "_00"])
def test_comment_that_is_none_is_not_found(moderator_client, article, key):
    factories.comment(article)
    assert moderator_client.get(admin("inspect", key)).status_code == 404
    assert moderator_client.get(bulk("approve", [key])).status_code == 404
    assert moderator_client.post(f"/admin/discussion/{key}/approve/").status_code in {302, 404}


def test_list_costs_the_same_for_few_and_many(moderator_client, article, reader):
    def cost():
        with CaptureQueriesContext(connection) as queries:
            moderator_client.get(admin("list"))
        return len(queries)

    factories.comment(article, user=reader)
    factories.comment(article)
    cost()
    few = cost()
    for _ in range(20):
        factories.comment(article, user=reader, state="pending")
    assert cost() == few


def test_one_comment_is_shown_with_all_that_helps_to_decide(moderator_client, moderator, article, section):
    top = factories.comment(article, text="What do you say?")
    comment = factories.comment(
        article,
        reply_to=top,
        state="pending",
        text="<b>That** it was *cold*.",
        name="E. Elm",
        email="e@elms.example",
        organisation="Elm Ltd",
    )
    factories.comment(factories.ArticlePageFactory(parent=section, title="Elsewhere"), text="Said before", email="e@elms.example")
    decide([comment.pk], "spam", by=moderator, reason="Smells of it")
    page = html(moderator_client.get(admin("inspect", comment.pk)))
    for shown in (
        "E. Elm",
        "e@elms.example",
        "Elm Ltd",
        "&lt;b&gt;That** it was <em>cold</em>.",
        "What do you say?",
        "Said before",
        "Elsewhere",
        "Smells of it",
        article.url,
    ):
        assert shown in page
    buttons = re.findall(rf'formaction="/admin/discussion/{comment.pk}/(\w+)/"', page)
    assert buttons == ["approve", "reject"]


def test_decision_is_made_recorded_and_the_next_that_waits_is_shown(moderator_client, moderator, four):
    third = factories.comment(four[0].page, state="pending")
    assert html(moderator_client.get(queue_url())).index("A second tide") < html(moderator_client.get(queue_url())).index(
        "A third hill"
    )
    response = moderator_client.post(decision(third, "reject"), {"reason": "Off the point."}, follow=True)
    assert response.redirect_chain == [(admin("inspect", four[1].pk), 302)]
    assert said(response) == ["The comment by A. Reader was rejected."]
    made = Decision.objects.get(comment=third)
    assert (made.by, made.from_state, made.to_state, made.reason) == (moderator, "pending", "rejected", "Off the point.")
    moderator_client.post(decision(four[1], "approve"))
    response = moderator_client.post(decision(four[2], "spam"))
    assert response["Location"] == admin("list")
    assert states(third, *four[1:]) == ["rejected", "published", "spam", "spam"]
    assert_counts_hold(four[0].page)


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


@pytest.mark.parametrize(
    ("action", "state"),
    [("approve", "published"), ("reject", "rejected"), ("spam", "spam"), ("remove", "removed"), ("remove", "pending")],
)
def test_what_was_decided_already_is_said_and_not_done_again(moderator_client, article, action, state):
    comment = factories.comment(article, state=state)
    before = Decision.objects.count()
    response = moderator_client.post(decision(comment, action), follow=True)
    assert said(response) == [f"Nothing was changed: the comment is “{state.capitalize()}” already."]
    assert (states(comment), Decision.objects.count()) == ([state], before)


def test_reading_decides_nothing(moderator_client, article):
    comment = factories.comment(article, state="pending")
    for action in ("approve", "reject", "spam", "remove"):
        assert moderator_client.get(decision(comment, action)).status_code == 405
    moderator_client.post(f"/admin/discussion/{comment.pk}/erase/")
    assert states(comment) == ["pending"]


def test_decision_needs_the_token_against_other_sites(moderator, article):
    comment = factories.comment(article, state="pending")
    browser = client_of(moderator)
    browser.handler.enforce_csrf_checks = True
    for address in (decision(comment, "approve"), bulk("approve", [comment.pk])):
        assert browser.post(address).status_code == 403
    assert states(comment) == ["pending"]


@pytest.mark.parametrize(
    ("stated", "leads"),
    [("/admin/reports/", "/admin/reports/"), ("https://evil.example/", None), ("//evil.example/", None), ("javascript:x", None)],
)
def test_way_back_stays_on_this_site(moderator_client, article, stated, leads):
    comment = factories.comment(article, state="pending")
    assert moderator_client.post(decision(comment, "spam"), {"next": stated})["Location"] == (leads or admin("list"))


def test_many_are_decided_at_once_with_one_reason(moderator_client, moderator, four):
    first, second, third, fourth = four
    page = html(moderator_client.get(bulk("reject", [second.pk, third.pk])))
    assert "A second tide" in page
    assert "The first tide" not in page
    assert states(*four) == ["published", "pending", "pending", "spam"]
    moderator_client.post(bulk("reject", [second.pk, third.pk]), {"reason": "Both off the point."})
    assert states(*four) == ["published", "rejected", "rejected", "spam"]
    made = Decision.objects.filter(to_state="rejected").values_list("by__username", "reason")
    assert list(made) == [(moderator.username, "Both off the point.")] * 2


def test_bulk_decision_leaves_what_it_may_not_change_and_says_so(moderator_client, four):
    response = moderator_client.post(bulk("approve", [comment.pk for comment in four]), follow=True)
    assert said(response) == ["3 comments were published. 1 was left as it is."]
    assert states(*four) == ["published"] * 4
    for comment in (four[0], four[2]):
        assert_counts_hold(comment.page)


def test_bulk_deletion_of_wagtail_removes_from_view_and_deletes_nothing(administrator_client, four):
    administrator_client.post(bulk("delete", [comment.pk for comment in four]), {"reason": "Asked for"})
    assert states(*four) == ["removed", "pending", "pending", "spam"]


@pytest.mark.parametrize("export", ["csv", "xlsx"])
def test_list_can_be_taken_along_without_addresses(moderator_client, four, export):
    response = moderator_client.get(admin("list"), {"export": export, "state": "pending"})
    content = b"".join(response.streaming_content) if response.streaming else response.content
    assert b"hills.example" not in content
    if export == "csv":
        rows = list(csv.reader(io.StringIO(content.decode())))
        assert sorted(row[-1] for row in rows[1:]) == ["A second tide", "A third hill"]
