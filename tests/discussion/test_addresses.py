"""Every address of the discussion: what it refuses, whom it shows what, and that nothing nasty breaks it."""

from datetime import timedelta

import pytest
from django.contrib.auth.models import Group
from django.test import Client
from django.utils import timezone
from wagtail.models import PageViewRestriction

from discussion import tokens
from discussion.models import Discussion, PageComment
from discussion.transitions import decide
from pages.models import ContentPage
from tests import factories
from tests.conftest import client_of
from tests.discussion.journey import HERE, TYPED, form_of, kept_text

DAY = timedelta(days=1)


def html(response):
    return response.content.decode()


def posted(client, page_id, **changed):
    form = TYPED | {"token": tokens.issue_token(page_id)} | changed
    return client.post(f"/discussion/{page_id}/add/", form, headers=HERE)


CLOSINGS = {
    "closed by the editor": ({"discussion_mode": "closed"}, "The discussion on this page is closed."),
    "off": ({"discussion_mode": "off"}, "There is no discussion on this page."),
    "not open yet": ({"discussion_opens_at": timezone.now() + DAY}, "The discussion opens on"),
    "over": ({"discussion_closes_at": timezone.now() - DAY}, "The discussion closed on"),
}


@pytest.mark.parametrize(("fields", "reason"), CLOSINGS.values(), ids=CLOSINGS)
def test_closed_discussion_says_why_and_gives_the_text_back(client, section, fields, reason):
    page = factories.ArticlePageFactory(parent=section, **fields)
    answer = posted(client, page.pk)
    assert answer.status_code == 403
    assert reason in html(answer)
    assert kept_text(answer) == TYPED["comment"]
    assert not PageComment.objects.exists()


def test_moderators_reason_is_given(client, article):
    Discussion.objects.create(page=article, override="closed", override_reason="Too heated for now.")
    answer = posted(client, article.pk)
    assert (answer.status_code, kept_text(answer)) == (403, TYPED["comment"])
    assert "Too heated for now." in html(answer)


def hidden_page(section, how):
    fields = {
        "draft": {"live": False},
        "expired": {"expire_at": timezone.now() - DAY},
        "not yet": {"go_live_at": timezone.now() + DAY},
    }.get(how, {})
    page = factories.ArticlePageFactory(parent=section, title="Secret plans", slug="secret-plans", **fields)
    if how in {"login", "groups", "password"}:
        rule = PageViewRestriction.objects.create(page=page, restriction_type=how, password="open sesame")
        if how == "groups":
            rule.groups.add(Group.objects.get(name="Publishers"))
    if how == "beneath a private section":
        PageViewRestriction.objects.create(page=section, restriction_type="login")
    return page


HIDDEN = ["draft", "expired", "not yet", "login", "groups", "password", "beneath a private section"]


@pytest.mark.parametrize("how", HIDDEN)
def test_page_that_is_not_to_be_seen_takes_no_comment_and_gives_the_text_back(client, section, how):
    page = hidden_page(section, how)
    answer = posted(client, page.pk)
    assert answer.status_code == 404
    assert kept_text(answer) == TYPED["comment"]
    assert "Secret plans" not in html(answer)
    assert page.slug not in html(answer)
    assert not PageComment.objects.exists()


@pytest.mark.parametrize("how", HIDDEN)
def test_discussion_of_a_page_that_is_not_to_be_seen_is_nowhere(client, section, how):
    page = hidden_page(section, how)
    factories.comment(page, text="Whispered words")
    for address in ("", "add/", "add/?reply_to=1", "token/", "yours/", "1/", "1/replies/", "feed/"):
        answer = client.get(f"/discussion/{page.pk}/{address}")
        assert answer.status_code == 404
        assert "Whispered words" not in html(answer)
        assert "Secret plans" not in html(answer)


def test_reader_who_may_see_a_private_page_takes_part_there(section, reader_client, reader):
    page = hidden_page(section, "login")
    assert posted(reader_client, page.pk).status_code == 302
    group_page = hidden_page(factories.SectionPageFactory(parent=section), "groups")
    assert posted(reader_client, group_page.pk).status_code == 404
    reader.groups.add(Group.objects.get(name="Publishers"))
    assert posted(client_of(reader), group_page.pk).status_code == 302


def other_ids(article):
    return [article.pk + 1000, article.get_parent().pk, 1, 0, 2**31 - 1, 2**31, 2**63, 10**29, "9" * 5000]


def test_page_that_is_none_takes_no_comment_and_gives_the_text_back(client, article):
    for page_id in other_ids(article)[:-1]:
        answer = posted(client, page_id)
        assert (answer.status_code, kept_text(answer)) == (404, TYPED["comment"])


def test_numbers_of_any_size_in_the_path_are_answered(client, article):
    for page_id in other_ids(article):
        for address in ("", "add/", "token/", "yours/", "1/", "1/replies/", "feed/"):
            assert client.get(f"/discussion/{page_id}/{address}").status_code == 404
    for number in [0, 2, 2**31 - 1, 2**31, 2**63, 10**29, "9" * 5000, "-1", "1.5", "１"]:
        assert client.get(f"/discussion/{article.pk}/{number}/").status_code == 404
        assert client.get(f"/discussion/{article.pk}/{number}/replies/").status_code == 404


NUMBERS = [
    "",
    "0",
    "-1",
    "+1",
    "1.0",
    "1e3",
    " 1",
    "1 ",
    "x",
    "٣",
    "１",
    "²",
    "\x00",
    "1\x00",
    "\u202e1",
    str(2**31),
    str(2**63),
    "9" * 30,
    "9" * 5000,
]


@pytest.mark.parametrize("number", NUMBERS)
def test_numbers_of_any_kind_in_a_query_are_answered(client, article, number):
    factories.comment(article, text="First words")
    for address in ("", "1/replies/"):
        answer = client.get(f"/discussion/{article.pk}/{address}", {"after": number, "order": number})
        assert answer.status_code == 200
        assert "First words" in html(answer)
        answer = client.get(f"/discussion/{article.pk}/{address}", {"after": number, "order": "newest"})
        assert answer.status_code == 200
        assert "First words" in html(answer)
    answer = client.get(f"/discussion/{article.pk}/add/", {"reply_to": number, "about": number})
    assert answer.status_code == 200
    assert form_of(answer)[1]["reply_to"] == ""


@pytest.mark.parametrize("number", ["0", "-1", "x", "1.5", "٣x", str(2**31), str(2**63), "9" * 30, "9" * 5000, "1\x00"])
def test_forged_number_in_the_form_is_refused_and_the_text_kept(client, article, number):
    answer = posted(client, article.pk, reply_to=number)
    assert answer.status_code == 400
    assert form_of(answer)[1]["comment"] == TYPED["comment"]
    assert not PageComment.objects.exists()


@pytest.mark.parametrize(("field", "value"), [("about", "x" * 41), ("about", "a\x00"), ("token", "x" * 501), ("token", "\x00")])
def test_forged_hidden_field_is_refused_and_the_text_kept(client, article, field, value):
    answer = posted(client, article.pk, **{field: value})
    assert answer.status_code == 400
    assert form_of(answer)[1]["comment"] == TYPED["comment"]


BODIES = [
    ("", "application/x-www-form-urlencoded"),
    ("comment", "application/x-www-form-urlencoded"),
    ("comment=%ff%fe%00&name=%c3%28", "application/x-www-form-urlencoded"),
    ("[]", "application/json"),
    ("", "multipart/form-data; boundary=x"),
    ("--x\r\nnonsense", "multipart/form-data; boundary=x"),
    ("", "multipart/form-data"),
    ("\x00", "text/plain"),
    ("comment=a", "application/x-www-form-urlencoded; charset=utf-7"),
]


@pytest.mark.parametrize(("body", "content_type"), BODIES)
def test_nonsense_in_the_body_is_refused(client, article, body, content_type):
    answer = client.generic("POST", f"/discussion/{article.pk}/add/", body, content_type=content_type, headers=HERE)
    assert answer.status_code == 400
    assert not PageComment.objects.exists()


ADDRESSES = ["", "add/", "token/", "yours/", "1/", "1/replies/", "feed/"]
METHODS = [
    (address, method)
    for address in ADDRESSES
    for method in ("PUT", "PATCH", "DELETE", "POST")
    if (address, method) != ("add/", "POST")
]


@pytest.mark.parametrize(("address", "method"), METHODS)
def test_only_the_methods_that_mean_something_are_allowed(client, article, address, method):
    factories.comment(article)
    answer = client.generic(method, f"/discussion/{article.pk}/{address}", headers=HERE)
    assert answer.status_code == 405
    assert PageComment.objects.count() == 1


@pytest.mark.parametrize("address", ADDRESSES)
def test_head_is_answered_as_get_without_a_body(client, article, address):
    factories.comment(article)
    address = f"/discussion/{article.pk}/{address}"
    head = client.head(address)
    assert (head.status_code, head.content) == (client.get(address).status_code, b"")


def assert_kept_by_nobody(response):
    said = {part.strip() for part in response["Cache-Control"].split(",")}
    assert {"private", "no-store", "no-cache", "max-age=0"} <= said


@pytest.mark.parametrize("address", ADDRESSES)
@pytest.mark.parametrize("who", ["guest", "reader", "moderator"])
def test_no_cache_keeps_anything_of_the_discussion(request, client, article, address, who):
    factories.comment(article)
    visitor = client if who == "guest" else request.getfixturevalue(f"{who}_client")
    assert_kept_by_nobody(visitor.get(f"/discussion/{article.pk}/{address}"))


def test_no_cache_keeps_an_answer_to_a_form(client, section, article):
    closed = factories.ArticlePageFactory(parent=section, discussion_mode="closed")
    answers = [
        posted(client, article.pk),
        posted(client, article.pk, token=""),
        posted(client, article.pk, comment=""),
        posted(client, closed.pk),
        posted(client, 10**6),
    ]
    assert [answer.status_code for answer in answers] == [302, 200, 400, 403, 404]
    for answer in answers:
        assert_kept_by_nobody(answer)


def test_token_is_good_for_its_page(client, article):
    answer = client.get(f"/discussion/{article.pk}/token/")
    assert answer["Content-Type"] == "application/json"
    assert list(answer.json()) == ["token"]
    assert posted(client, article.pk, token=answer.json()["token"]).status_code == 302
    assert client.get(f"/discussion/{article.pk}/token/").json() != answer.json()


def yours(client, page):
    return html(client.get(f"/discussion/{page.pk}/yours/"))


def test_each_browser_and_account_finds_its_own_comments_only(client, article, reader_client, moderator_client):
    other = Client()
    for sender, text in [(client, "Words of one"), (other, "Words of two"), (reader_client, "Words of three")]:
        posted(sender, article.pk, comment=text)
    said = ["Words of one", "Words of two", "Words of three"]
    for visitor, own in [(client, 0), (other, 1), (reader_client, 2), (moderator_client, None), (Client(), None)]:
        page = yours(visitor, article)
        assert [text in page for text in said] == [number == own for number in range(3)]


def test_comments_of_an_account_are_not_left_to_the_next_at_the_same_browser(article, reader):
    browser = client_of(reader)
    assert "hub_commenter" not in posted(browser, article.pk).cookies
    assert "colder" in yours(browser, article)
    browser.logout()
    posted(browser, article.pk, comment="Said as a guest")
    assert "Said as a guest" in yours(browser, article)
    assert "colder" not in yours(browser, article)


def test_comments_of_other_pages_are_listed_there(client, article, section):
    other = factories.ArticlePageFactory(parent=section)
    posted(client, other.pk)
    assert "colder" not in yours(client, article)
    assert "colder" in yours(client, other)


@pytest.mark.parametrize("cookie", ["", "x", "x:y", ":", "\xe9", "0" * 5000])
def test_made_up_cookie_finds_nothing(client, article, cookie):
    posted(Client(), article.pk)
    client.cookies["hub_commenter"] = cookie
    assert "colder" not in yours(client, article)
    assert posted(client, article.pk).status_code == 302


SENTENCES = [
    ("published", "Published."),
    ("pending", "Waiting for a moderator to read it."),
    ("rejected", "A moderator decided not to publish it."),
    ("spam", "A moderator decided not to publish it."),
    ("removed", "A moderator removed it."),
]


@pytest.mark.parametrize(("state", "sentence"), SENTENCES)
def test_commenter_learns_what_became_of_a_comment(client, article, state, sentence):
    posted(client, article.pk)
    key = PageComment.objects.get().pk
    decide([key], "published", by=None)
    decide([key], state, by=None, reason="Between moderators only")
    assert sentence in yours(client, article)
    assert "Between moderators" not in yours(client, article)


def test_permanent_address_leads_to_the_screen_that_holds_the_comment(client, article, settings):
    settings.HUB_THREAD_SLICE = 4
    for _ in range(7):
        factories.comment(article)
    for _ in range(5):
        factories.comment(article, reply_to=PageComment.objects.get(number=7))
    lead = {number: client.get(f"/discussion/{article.pk}/{number}/")["Location"] for number in (1, 4, 5, 7, 9, 10, 12)}
    own = f"/discussion/{article.pk}/"
    assert lead == {
        1: f"{article.url}#comment-1",
        4: f"{article.url}#comment-4",
        5: f"{own}?after=2#comment-5",
        7: f"{own}?after=6#comment-7",
        9: f"{own}?after=6#comment-9",
        10: f"{own}7/replies/?after=7#comment-10",
        12: f"{own}7/replies/?after=9#comment-12",
    }
    assert 'id="comment-12"' in html(client.get(lead[12]))


@pytest.mark.parametrize("state", ["pending", "rejected", "spam"])
def test_comment_out_of_sight_has_no_permanent_address(client, article, state):
    comment = factories.comment(article)
    reply = factories.comment(article, reply_to=comment)
    decide([comment.pk], state, by=None)
    for number in (comment.number, reply.number):
        assert client.get(f"/discussion/{article.pk}/{number}/").status_code == 404
        assert client.get(f"/discussion/{article.pk}/{number}/replies/").status_code == 404


def test_discussion_that_is_off_is_nowhere_though_it_has_comments(client, section):
    page = factories.ArticlePageFactory(parent=section, discussion_mode="off")
    factories.comment(page, text="Silenced words", name="Wilma Thorne")
    for address in (page.url, f"/discussion/{page.pk}/add/?reply_to=1"):
        answer = client.get(address)
        assert answer.status_code == 200
        assert "Silenced words" not in html(answer)
        assert "Wilma Thorne" not in html(answer)
    assert client.get(f"/discussion/{page.pk}/").status_code == 404
    assert client.get(f"/discussion/{page.pk}/1/").status_code == 404
    assert client.get(f"/discussion/{page.pk}/1/replies/").status_code == 404


def test_long_discussion_can_be_read_to_its_end_by_its_links(client, article, settings):
    settings.HUB_THREAD_SLICE = 4
    for n in range(10):
        factories.comment(article, text=f"Words {n}.")
    address, read = article.url, ""
    while address:
        page = html(client.get(address))
        read += page
        after = page.partition(f'href="/discussion/{article.pk}/?after=')[2].partition("#")[0]
        address = f"/discussion/{article.pk}/?after={after}" if after else None
    assert [read.count(f"Words {n}.</p>") for n in range(10)] == [1] * 10


def test_base_page_and_specific_page_have_the_same_discussion(client, article):
    assert ContentPage.objects.get(pk=article.pk).pk == article.pk
    factories.comment(ContentPage.objects.get(pk=article.pk), text="Said once")
    assert "Said once" in html(client.get(article.url))
