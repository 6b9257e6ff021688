"""Adding a comment, as a browser without JavaScript does it."""

import re
import time
import uuid
from unittest.mock import patch

import pytest
from bs4 import BeautifulSoup
from django.core import signing
from django.test import Client
from wagtail.models import Page

from discussion import curating, editing, formatting, moving, tokens
from discussion.models import Discussion, DiscussionSettings, PageComment, Quota
from discussion.persons import person_key
from discussion.transitions import decide
from discussion.treatments import treat
from pages.models import Role
from tests import factories
from tests.conftest import client_of
from tests.discussion.journey import HERE, TYPED, form_of, kept_text, send


def add(page):
    return f"/discussion/{page.pk}/add/"


def ready(page, **changed):
    """A filled-in form with a good token."""
    return TYPED | {"token": tokens.issue_token(page.pk)} | changed


def html(response):
    return response.content.decode()


def test_whole_way_from_the_page_to_ones_own_comments(client, article):
    page = client.get(article.url)
    address, fields = form_of(page)
    assert address == add(article)
    assert fields == {
        "reply_to": "", "about": "", "token": "", "subject": "",
        "comment": "", "name": "", "email": "", "author_role": "", "organisation": "",
    }  # fmt: skip

    preview = send(client, page, **TYPED)
    assert preview.status_code == 200
    assert "<p>I was there, and it was <em>colder</em> than you say.</p>" in html(preview)
    _address, fields = form_of(preview)
    assert {name: fields[name] for name in TYPED} == TYPED
    assert fields["token"]
    assert not PageComment.objects.exists()

    posted = send(client, preview)
    assert (posted.status_code, posted["Location"]) == (302, f"/discussion/{article.pk}/yours/?posted")
    cookie = posted.cookies["hub_commenter"]
    assert (cookie["path"], cookie["httponly"], cookie["samesite"], cookie["domain"]) == ("/discussion/", True, "Lax", "")

    yours = html(client.get(posted["Location"]))
    assert "Thank you." in yours
    assert "Waiting for a moderator to read it." in yours
    assert "<em>colder</em>" in yours

    comment = PageComment.objects.get()
    assert (comment.state, comment.comment, comment.user_name, comment.user_email, comment.author_role, comment.organisation) == (
        "pending",
        *TYPED.values(),
    )
    assert "colder" not in html(client.get(article.url))
    decide([comment.pk], "published", by=None)
    assert "<em>colder</em>" in html(client.get(article.url))


def look(client, response, **filled):
    """Press “Preview” in ``response``, as ``send`` presses the button before it."""
    (address,) = re.findall(r'<button[^>]* formaction="([^"]+)">Preview</button>', html(response))
    _address, fields = form_of(response)
    return client.post(address, fields | filled, headers=HERE)


def test_reply_is_looked_at_as_often_as_one_likes_before_it_is_posted(client, article, settings):
    above = factories.comment(article, text="What is answered.", name="R. Above")
    page = client.get(f"{add(article)}?reply_to={above.number}")
    settings.HUB_COMMENT_SECONDS = 60  # who looks at once is not told to write more slowly
    first = look(client, page, **TYPED)
    second = look(client, first, comment="Second *thoughts*.")
    for shown, text in ((first, "and it was <em>colder</em> than you say."), (second, "<p>Second <em>thoughts</em>.</p>")):
        assert shown.status_code == 200
        assert "This is how it will read" in html(shown)
        assert text in html(shown)
        assert "What is answered." in html(shown)
        assert 'class="notice"' not in html(shown)
    kept = form_of(page)[1] | TYPED | {"comment": "Second *thoughts*."}
    assert form_of(second)[1] == kept
    assert (PageComment.objects.count(), Quota.objects.count(), len(client.cookies)) == (1, 0, 0)

    settings.HUB_COMMENT_SECONDS = 0
    assert send(client, second).status_code == 302
    posted = PageComment.objects.get(in_reply_to=above)
    assert posted.comment == "Second *thoughts*."
    assert formatting.shown(posted.body_html) in html(second)


@pytest.mark.parametrize("begun", ["in the page", "at its own address"])
def test_comment_is_looked_at_before_it_is_posted(client, article, begun):
    page = client.get(article.url if begun == "in the page" else add(article))
    shown = look(client, page, **TYPED)
    assert (shown.status_code, "<em>colder</em>" in html(shown)) == (200, True)
    assert not PageComment.objects.exists()
    assert send(client, shown).status_code == 302
    assert PageComment.objects.get().comment == TYPED["comment"]


def test_enter_in_a_field_posts_and_does_not_only_look(client, article):
    """Browsers press the first button of the form, also of those outside that name it."""
    for shown in (client.get(add(article)), look(client, client.get(add(article)), **TYPED)):
        assert html(shown).index(">Post comment</button>") < html(shown).index(">Preview</button>")


def test_what_cannot_be_posted_is_not_looked_at(client, article, moderator):
    page = client.get(add(article))
    assert look(client, page, **TYPED | {"name": ""}).status_code == 400
    treat(person_key(TYPED["email"]), "ban", by=moderator, about="A. Reader")
    answer = look(client, page, **TYPED)
    assert (answer.status_code, kept_text(answer)) == (403, TYPED["comment"])


def test_public_page_is_the_same_for_everybody_and_holds_nothing_of_one_reader(client, article, moderator, reader):
    factories.comment(article, user=moderator)
    factories.comment(article, user=reader, state="pending", text="Held words")
    response = client.get(article.url)
    assert not response.cookies
    assert "csrf" not in html(response)
    assert form_of(response)[1]["token"] == ""
    assert "Cookie" not in response.get("Vary", "")
    for user in (moderator, reader):
        assert html(client_of(user).get(article.url)) == html(response)


def tampered(page):
    good = tokens.issue_token(page.pk)
    with patch("django.core.signing.time") as clock:
        clock.time.return_value = time.time() - 24 * 60 * 60 - 60
        stale = tokens.issue_token(page.pk)
    return {
        "none": "",
        "forged": "x",
        "cut": good[:-1],
        "changed": good[:3] + ("A" if good[3] != "A" else "B") + good[4:],
        "stale": stale,
        "another page's": tokens.issue_token(page.pk + 1),
        "for another purpose": signing.dumps({"page": page.pk, "key": "0" * 32}, salt="else"),
        "without a key": signing.dumps({"page": page.pk}, salt=tokens.FORM_SALT),
        "with a bad key": signing.dumps({"page": page.pk, "key": "x"}, salt=tokens.FORM_SALT),
        "a list": signing.dumps([page.pk], salt=tokens.FORM_SALT),
        "with nasty letters": "\u202e💥:\n:",
    }


KINDS = ["none", "forged", "cut", "changed", "stale", "another page's", "for another purpose", "without a key", "with a bad key"]


@pytest.mark.parametrize("kind", [*KINDS, "a list", "with nasty letters"])
def test_token_that_is_not_good_gives_a_preview_with_the_text_and_a_good_one(client, article, kind):
    answer = client.post(add(article), TYPED | {"token": tampered(article)[kind]}, headers=HERE)
    assert answer.status_code == 200
    assert not PageComment.objects.exists()
    assert {name: form_of(answer)[1][name] for name in TYPED} == TYPED
    assert send(client, answer).status_code == 302
    assert PageComment.objects.get().comment == TYPED["comment"]


def test_token_lives_almost_a_day(client, article):
    with patch("django.core.signing.time") as clock:
        clock.time.return_value = time.time() - 24 * 60 * 60 + 600
        token = tokens.issue_token(article.pk)
    assert client.post(add(article), TYPED | {"token": token}, headers=HERE).status_code == 302


# what the browser says of where the form stood → whether it is taken
SOURCES = [
    ({"origin": "http://testserver"}, True),
    ({"referer": "http://testserver/everything/a-dry-street/"}, True),
    ({"origin": "http://testserver", "referer": "https://evil.example/"}, True),
    ({}, False),
    ({"origin": "null"}, False),
    ({"origin": "https://evil.example"}, False),
    ({"origin": "https://evil.example", "referer": "http://testserver/"}, False),
    ({"origin": "null", "referer": "http://testserver/"}, False),
    ({"origin": "https://testserver"}, False),
    ({"origin": "http://testserver:81"}, False),
    ({"origin": "http://testserver.evil.example"}, False),
    ({"origin": "http://testserver@evil.example"}, False),
    ({"origin": "http://["}, False),
    ({"referer": "https://evil.example/?http://testserver/"}, False),
]


@pytest.mark.parametrize(("headers", "taken"), SOURCES)
def test_form_counts_only_when_it_stood_on_this_site(client, article, headers, taken):
    answer = client.post(add(article), ready(article), headers=headers)
    assert answer.status_code == (302 if taken else 200)
    assert PageComment.objects.count() == taken
    if not taken:
        assert {name: form_of(answer)[1][name] for name in TYPED} == TYPED
        assert "did not say that this form came from this site" in html(answer)


@pytest.mark.parametrize("seconds", [0, 60], ids=["token of age", "young token"])
@pytest.mark.parametrize("changed", [{}, {"email": "nobody"}], ids=["good form", "form to be mended"])
def test_token_that_another_site_chose_is_not_kept(client, article, settings, seconds, changed):
    settings.HUB_COMMENT_SECONDS = seconds
    sent = ready(article, **changed)
    answer = client.post(add(article), sent, headers={"origin": "https://evil.example"})
    assert form_of(answer)[1]["comment"] == TYPED["comment"]
    assert sent["token"] not in html(answer)


def test_signed_in_account_cannot_be_made_to_comment_by_another_site(reader_client, article):
    reader_client.post(add(article), ready(article), headers={"origin": "https://evil.example"})
    assert not PageComment.objects.exists()


WRONG = [
    ("comment", "", "Write your comment first."),
    ("comment", "   \n ", "Write your comment first."),
    ("comment", "\u200b\u200d\ufeff\u202e", "Write your comment first."),
    ("comment", "x" * 10_001, "at most 10000 characters"),
    ("comment", "a\x00b", "Null characters"),
    ("name", "", "Under which name shall it stand?"),
    ("name", "\u200b\u0301", "Under which name shall it stand?"),
    ("name", "x" * 51, "at most 50 characters"),
    ("name", "a\x00b", "Null characters"),
    ("email", "", "Give your e-mail address"),
    ("email", "nobody", "Enter a valid email address."),
    ("email", "a@b.example\nBcc: c@d.example", "Enter a valid email address."),
    ("email", f"{'x' * 250}@readers.example", "at most 254 characters"),
    ("email", "x@אa.example", "No mail can be sent to this address."),
    ("email", "x@。a.example", "No mail can be sent to this address."),
    ("email", f"x@{'ü' * 60}.example", "No mail can be sent to this address."),
    ("email", "ſ@readers.example", "No mail can be sent to this address."),
    ("author_role", "x" * 101, "at most 100 characters"),
    ("organisation", "x" * 101, "at most 100 characters"),
    ("subject", "Cheap watches", "it is there to catch programs"),
]


@pytest.mark.parametrize(("field", "value", "error"), WRONG, ids=[f"{field} {n}" for n, (field, *_) in enumerate(WRONG)])
def test_wrong_field_is_named_and_everything_typed_is_kept(client, article, field, value, error):
    sent = ready(article, **{field: value})
    answer = client.post(add(article), sent, headers=HERE)
    assert answer.status_code == 400
    assert error in html(answer).replace("&#x27;", "'")
    _address, fields = form_of(answer)
    assert {name: fields[name] for name in sent} == sent
    assert not PageComment.objects.exists()


def test_mended_form_posts_with_the_token_it_had(client, article):
    answer = client.post(add(article), ready(article, email="nobody"), headers=HERE)
    assert send(client, answer, email="a@readers.example").status_code == 302


def test_text_as_long_as_may_be_is_taken_however_the_browser_ends_its_lines(client, article):
    text = "x" * 4_999 + "\n\n" + "y" * 4_999
    assert client.post(add(article), ready(article, comment=text.replace("\n", "\r\n")), headers=HERE).status_code == 302
    assert PageComment.objects.get().comment == text


def test_same_form_sent_twice_makes_one_comment_which_the_browser_finds(client, article):
    form = ready(article)
    first = client.post(add(article), form, headers=HERE)
    client.cookies.clear()
    second = client.post(add(article), form, headers=HERE)
    assert first["Location"] == second["Location"]
    assert PageComment.objects.count() == 1
    assert "colder" in html(client.get(second["Location"]))


def test_browser_that_has_a_key_is_not_given_that_of_a_form_sent_again(client, article):
    sent = ready(article)
    Client().post(add(article), sent, headers=HERE)
    client.post(add(article), ready(article, comment="My own words."), headers=HERE)
    found = html(client.get(client.post(add(article), sent, headers=HERE)["Location"]))
    assert "My own words." in found
    assert "colder" not in found


def test_same_form_with_another_text_is_shown_again_and_not_lost(client, article):
    form = ready(article)
    client.post(add(article), form, headers=HERE)
    answer = client.post(add(article), form | {"comment": "And another thing."}, headers=HERE)
    assert (answer.status_code, form_of(answer)[1]["comment"]) == (200, "And another thing.")
    assert send(client, answer).status_code == 302
    assert set(PageComment.objects.values_list("comment", flat=True)) == {TYPED["comment"], "And another thing."}


@pytest.mark.parametrize("since", ["closed", "banned"])
def test_form_sent_again_is_answered_as_before_whatever_was_decided_since(client, article, moderator, since):
    form = ready(article)
    first = client.post(add(article), form, headers=HERE)
    if since == "closed":
        Discussion.objects.update(override=Discussion.Override.CLOSED)
    else:
        treat(person_key(TYPED["email"]), "ban", by=moderator, about="A. Reader")
    client.cookies.clear()
    again = client.post(add(article), form, headers=HERE)
    assert (again.status_code, again["Location"]) == (302, first["Location"])
    assert "colder" in html(client.get(again["Location"]))
    for changed in ({"comment": "Other words."}, {"token": tokens.issue_token(article.pk)}, {"token": ""}):
        assert client.post(add(article), form | changed, headers=HERE).status_code == 403
    assert client.post(add(article), form, headers={"origin": "https://evil.example"}).status_code == 403


def test_form_sent_again_is_answered_as_before_though_its_words_were_changed(client, article, moderator):
    form = ready(article)
    first = client.post(add(article), form, headers=HERE)
    comment = PageComment.objects.get()
    editing.edit_comment(comment, "Better words.", by=None, hold=False)
    curating.redact(PageComment.objects.get(), "Best words.", by=moderator)
    again = client.post(add(article), form, headers=HERE)
    assert (again.status_code, again["Location"]) == (302, first["Location"])
    Discussion.objects.update(override=Discussion.Override.CLOSED)
    assert client.post(add(article), form, headers=HERE)["Location"] == first["Location"]
    assert client.post(add(article), form | {"comment": "Other words."}, headers=HERE).status_code == 403
    assert PageComment.objects.count() == 1


def test_form_sent_again_leads_to_where_its_comment_was_moved(client, article, section, moderator):
    form, other = ready(article), factories.ArticlePageFactory(parent=section)
    client.post(add(article), form, headers=HERE)
    moving.move(PageComment.objects.get(), other, by=moderator)
    again = client.post(add(article), form, headers=HERE)
    assert "colder" in html(client.get(again["Location"]))


def test_form_sent_again_for_a_page_that_was_taken_back_is_told_that_it_arrived(client, article):
    form = ready(article)
    client.post(add(article), form, headers=HERE)
    Page.objects.filter(pk=article.pk).update(live=False)
    again = client.post(add(article), form, headers=HERE)
    assert (again.status_code, kept_text(again)) == (404, TYPED["comment"])
    assert "arrived when you first sent it" in html(again)
    assert article.title not in html(again)
    for changed in ({"comment": "Other words."}, {"token": tokens.issue_token(article.pk)}, {"token": ""}):
        assert "nothing was posted" in html(client.post(add(article), form | changed, headers=HERE))


@pytest.mark.parametrize("blank", ["\u3164", "\u115f\u1160", "\uffa0", "\u2800 \u2800", "\u200b", "\u0301"])
@pytest.mark.parametrize("field", ["name", "comment"])
def test_what_nobody_can_see_is_nothing(client, article, field, blank):
    answer = client.post(add(article), ready(article, **{field: blank}), headers=HERE)
    assert answer.status_code == 400
    assert not PageComment.objects.exists()


def test_account_whose_name_shows_nothing_has_one_beside_its_comment(reader_client, reader, article):
    reader.first_name, reader.last_name = "\u202e", "\u3164"
    reader.save()
    reader_client.post(add(article), ready(article), headers=HERE)
    assert PageComment.objects.get().user_name == "Signed-in reader"


def test_nothing_beside_a_comment_is_disturbed_by_it(client, article):
    DiscussionSettings.objects.create(site=article.get_site(), hold_comments=False)
    piled, turned = "e" + "\u0301" * 30, "\u202eredaer"
    client.post(add(article), ready(article, name=piled, author_role=turned, organisation=piled), headers=HERE)
    client.post(add(article), ready(article, name=turned, author_role=piled, organisation=turned), headers=HERE)
    soup = BeautifulSoup(client.get(article.url).content, "html.parser")
    calm, straight = "e" + "\u0301" * 6, "redaer"
    names = soup.select("bdi.comment__name")
    assert [name.get_text() for name in names] == [calm, straight]
    places = [[place.get_text() for place in row.select("bdi")] for row in soup.select(".comment__place")]
    assert places == [[straight, calm], [calm, straight]]
    assert [text["dir"] for text in soup.select(".comment__text")] == ["auto", "auto"]


def test_form_on_another_address_of_the_hub_posts(client, article, settings):
    settings.CSRF_TRUSTED_ORIGINS = ["https://other.example"]
    for origin, status in (("https://other.example", 302), ("https://evil.example", 200)):
        assert client.post(add(article), ready(article), headers={"origin": origin}).status_code == status


def test_form_whose_comment_was_deleted_gives_another_text_back(client, article):
    form = ready(article)
    client.post(add(article), form, headers=HERE)
    key = PageComment.objects.get().submission_key
    client.post(f"/discussion/{article.pk}/yours/{key}/delete/", headers=HERE)
    answer = client.post(add(article), form | {"comment": "Better words."}, headers=HERE)
    assert (answer.status_code, form_of(answer)[1]["comment"]) == (200, "Better words.")
    assert send(client, answer).status_code == 302
    assert PageComment.objects.get(state="pending").comment == "Better words."


def test_browser_keeps_its_key_from_comment_to_comment(client, article):
    for _ in range(2):
        client.post(add(article), ready(article), headers=HERE)
    assert len(set(PageComment.objects.values_list("author_key", flat=True))) == 1


def test_account_is_taken_for_what_it_is_and_typed_names_are_ignored(reader_client, reader, article):
    address, fields = form_of(reader_client.get(add(article)))
    assert "name" not in fields
    assert "email" not in fields
    sent = ready(article, name="The Director", email="director@hub.example")
    assert reader_client.post(address, sent, headers=HERE).status_code == 302
    comment = PageComment.objects.get()
    assert (comment.user, comment.user_name, comment.user_email) == (reader, reader.get_full_name(), reader.email)
    assert "The Director" not in html(reader_client.get(f"/discussion/{article.pk}/yours/"))


def test_address_that_an_account_has_for_its_user_name_is_not_shown(moderator, article):
    moderator.username, moderator.first_name, moderator.last_name = "mo@readers.example", "", ""
    moderator.save()
    client_of(moderator).post(add(article), ready(article), headers=HERE)
    curating.answer(PageComment.objects.get(), "So it is.", by=moderator, submission_key=uuid.uuid4())
    assert [comment.user_name for comment in PageComment.objects.all()] == ["Signed-in reader"] * 2


def test_guest_who_sends_a_users_id_is_still_a_guest(client, article, moderator):
    client.post(add(article), ready(article, user=moderator.pk, user_id=moderator.pk, state="published"), headers=HERE)
    comment = PageComment.objects.get()
    assert (comment.user, comment.state) == (None, "pending")


# who posts, whether the site holds comments → what state the comment has
ARRIVALS = [
    ("guest", True, "pending"),
    ("guest", False, "published"),
    ("reader", True, "pending"),
    ("contributor", True, "published"),
    ("moderator", True, "published"),
]


@pytest.mark.parametrize(("who", "site_holds", "state"), ARRIVALS)
def test_who_is_held_and_who_appears_at_once(request, client, article, person, who, site_holds, state):
    DiscussionSettings.objects.create(site=article.get_site(), hold_comments=site_holds)
    if who == "contributor":
        person.user = request.getfixturevalue("reader")
        person.save()
        factories.ContributionFactory(page=article, person=person, role=Role.AUTHOR)
        who = "reader"
    sender = client if who == "guest" else request.getfixturevalue(f"{who}_client")
    sender.post(add(article), ready(article), headers=HERE)
    assert PageComment.objects.get().state == state
    assert ("colder" in html(client.get(article.url))) == (state == "published")


def test_reply_names_whom_it_answers(client, article):
    factories.comment(article, name="B. Bailey", text="It was **mild**.")
    answer = client.get(f"{add(article)}?reply_to=1")
    assert "B. Bailey" in html(answer)
    assert "<strong>mild</strong>" in html(answer)
    assert send(client, answer, **TYPED).status_code == 302
    assert PageComment.objects.get(state="pending").in_reply_to.number == 1


@pytest.mark.parametrize("state", ["pending", "rejected", "removed", "erased"])
def test_reply_to_what_went_meanwhile_can_be_posted_as_a_comment_of_its_own(client, article, state):
    parent = factories.comment(article, text="Vanishing words")
    form = ready(article, reply_to=1)
    decide([parent.pk], state, by=None)
    answer = client.post(add(article), form, headers=HERE)
    assert answer.status_code == 200
    assert "no longer there" in html(answer)
    assert "Vanishing words" not in html(answer)
    fields = form_of(answer)[1]
    assert ({name: fields[name] for name in TYPED}, fields["reply_to"]) == (TYPED, "")
    assert send(client, answer).status_code == 302
    assert PageComment.objects.latest("pk").in_reply_to is None


def test_discussion_closed_while_the_form_is_on_its_way_gives_the_text_back(client, article, monkeypatch):
    def close_first(*arguments):
        Discussion.objects.create(page=article, override=Discussion.Override.CLOSED, override_reason="It got late.")
        return False

    monkeypatch.setattr("discussion.views.adding.must_confirm", close_first)
    answer = client.post(add(article), ready(article), headers=HERE)
    assert answer.status_code == 403
    assert "It got late." in html(answer)
    assert kept_text(answer) == TYPED["comment"]
    assert not PageComment.objects.exists()


def test_page_deleted_while_the_form_is_on_its_way_gives_the_text_back(client, article, monkeypatch):
    def delete_first(*arguments):
        article.delete()
        return False

    monkeypatch.setattr("discussion.views.adding.must_confirm", delete_first)
    answer = client.post(add(article), ready(article), headers=HERE)
    assert answer.status_code == 404
    assert kept_text(answer) == TYPED["comment"]


def test_held_comment_cannot_be_read_by_replying_to_it(client, article):
    held = factories.comment(article, state="pending", text="Held words", name="H. Held")
    published = factories.comment(article)
    decide([published.pk], "pending", by=None)
    for number in (published.number, held.pk):
        assert "Held words" not in html(client.get(f"{add(article)}?reply_to={number}"))
        assert published.comment not in html(client.get(f"{add(article)}?reply_to={number}"))


def test_comment_about_a_format_says_so(client, section):
    publication = factories.PublicationPageFactory(parent=section)
    shelf = factories.FormatFactory(page=publication, kind="kindle", address="https://shop.example/")
    answer = client.get(f"{add(publication)}?about=format-{shelf.pk}")
    assert "About: Kindle" in html(answer)
    assert send(client, answer, **TYPED).status_code == 302
    comment = PageComment.objects.get()
    assert (comment.anchor, comment.anchor_text) == (f"format-{shelf.pk}", "Kindle")


@pytest.mark.parametrize("about", ["format-999999", "x" * 40, "<b>", "\u202e"])
def test_comment_about_what_is_not_here_is_about_nothing(client, article, about):
    assert client.post(add(article), ready(article, about=about), headers=HERE).status_code == 302
    comment = PageComment.objects.get()
    assert (comment.anchor, comment.anchor_text) == ("", "")
