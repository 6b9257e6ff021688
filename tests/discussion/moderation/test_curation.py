"""The moderators' forms about one comment: who may, what is kept when it is wrong, where they lead back to."""

import re
import uuid

import pytest
from django.contrib.auth.models import Group, Permission
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from wagtail.models import PageViewRestriction

from discussion import curating, editing, tokens
from discussion.models import LogEntry, ModeratedSection, PageComment
from discussion.moderation.curation import seen_in
from discussion.moderation.screen import comment_url
from discussion.transitions import decide
from tests import factories
from tests.conftest import client_of
from tests.discussion.journey import HERE, TYPED, kept_text
from tests.discussion.truth import rows_of

FORMS = ["redact", "move", "duplicate", "reply"]
NAMES = [*FORMS, "feature", "thread"]
WAY_BACK = "/admin/discussion/queue/?queue=pending"


def address(name, comment) -> str:
    return reverse(f"discussion_{name}", args=[comment.pk])


def html(response) -> str:
    return response.content.decode()


def fresh(comment) -> PageComment:
    return PageComment.objects.get(pk=comment.pk)


def hidden(response) -> dict:
    """The hidden fields of the comment's form."""
    form = html(response).split('class="curation__form"')[1].split("</form>")[0]
    fields = dict(re.findall(r'<input type="hidden" name="(\w+)" value="([^"]*)"', form))
    fields.pop("csrfmiddlewaretoken", None)
    return fields


def said(response) -> list[str]:
    return [str(message).strip() for message in response.context["messages"]]


@pytest.fixture
def original(article):
    return factories.comment(article, text="The tide was low that morning.")


@pytest.fixture
def comment(article, original):
    return factories.comment(article, text="It was cold.")


@pytest.fixture
def film(section):
    return factories.VideoPageFactory(parent=section, title="A film", slug="a-film")


@pytest.fixture
def filled(film) -> dict[str, dict]:
    """What makes each form go through."""
    return {
        "redact": {"comment": "It was […].", "reason": "Not for all"},
        "move": {"page": "A film"},
        "duplicate": {"number": "1"},
        "reply": {"comment": "So it was.", "submission_key": str(uuid.uuid4())},
        "feature": {},
        "thread": {},
    }


# Who may


@pytest.fixture
def section_client(section):
    """A moderator of that section alone."""
    group = Group.objects.create(name="Street moderators")
    group.permissions.add(Permission.objects.get(codename="access_admin"))
    ModeratedSection.objects.create(group=group, page=section)
    user = factories.UserFactory(username="streets")
    user.groups.add(group)
    return client_of(user)


def outcomes(client, comment, filled):
    found = {}
    for name in NAMES:
        for method in ("get", "post"):
            answer = getattr(client, method)(address(name, comment), filled[name] if method == "post" else {})
            is_home = answer.status_code == 302 and answer["Location"] == "/admin/"
            found[f"{method} {name}"] = "home" if is_home else answer.status_code
    return found


def test_moderator_of_a_section_acts_there_and_finds_nothing_elsewhere(section_client, home, article, comment, filled):
    elsewhere = factories.SectionPageFactory(parent=home, title="Elsewhere", slug="elsewhere")
    page = factories.ArticlePageFactory(parent=elsewhere, title="Another street", slug="another-street")
    theirs = factories.comment(page)
    before = list(PageComment.objects.order_by("pk").values())
    assert set(outcomes(section_client, theirs, filled).values()) == {404}
    for target in ("Another street", str(page.pk), page.url):
        answer = section_client.post(address("move", comment), {"page": target})
        assert answer.status_code == 400
        assert "Another street" not in html(answer).replace(f'value="{target}"', "")
    assert list(PageComment.objects.order_by("pk").values()) == before
    for name in FORMS:
        assert section_client.get(address(name, comment)).status_code == 200
    assert section_client.post(address("redact", comment), filled["redact"]).status_code == 302
    assert fresh(comment).comment == "It was […]."


def test_who_moderates_nothing_learns_nothing(editor_client, comment, filled):
    missing = PageComment(pk=999_999)
    for one in (comment, missing):
        assert set(outcomes(editor_client, one, filled).values()) == {"home"}
    assert fresh(comment).comment == "It was cold."


@pytest.mark.parametrize("key", ["0", "999999999", "9" * 30, "x"])
@pytest.mark.parametrize("name", NAMES)
def test_key_of_no_comment_is_not_found(administrator_client, name, key):
    assert administrator_client.post(f"/admin/discussion/{key}/{name}/").status_code == 404


# What each does, and where it leads


@pytest.mark.parametrize(("stated", "leads"), [(WAY_BACK, WAY_BACK), ("", None), ("https://evil.example/", None)])
@pytest.mark.parametrize("name", NAMES)
def test_each_leads_back_to_where_one_came_from(moderator_client, comment, filled, name, stated, leads):
    answer = moderator_client.post(address(name, comment), filled[name] | {"next": stated})
    assert (answer.status_code, answer["Location"]) == (302, leads or comment_url(comment))


def test_forms_hold_the_way_back(moderator_client, comment):
    for name in FORMS:
        page = moderator_client.get(address(name, comment), {"next": WAY_BACK})
        assert hidden(page)["next"] == WAY_BACK
        assert html(page).count(f'href="{WAY_BACK}"') == 1


def test_comment_is_redacted(moderator_client, client, article, comment):
    form = moderator_client.get(address("redact", comment))
    assert "It was cold." in html(form)
    answer = moderator_client.post(
        address("redact", comment), hidden(form) | {"comment": "It was […].", "reason": "Who knows"}, follow=True
    )
    assert said(answer) == ["The comment is changed. Readers are told that a moderator did it."]
    assert LogEntry.objects.get().reason == "Who knows"
    public = html(client.get(article.url))
    assert "It was […]." in public
    assert "edited by a moderator" in public
    assert "cold" not in public


def test_thread_is_closed_and_opened(moderator_client, client, article, comment):
    moderator_client.post(address("thread", comment), {"closed": "1", "reason": "Enough"})
    assert fresh(comment).closed_at
    reply_url = f"/discussion/{article.pk}/add/?reply_to=2"
    words = "A moderator has closed this thread"
    public = html(client.get(article.url))
    assert public.count(words) == 1
    assert reply_url not in public
    assert f"/discussion/{article.pk}/add/?reply_to=1" in public
    form = html(client.get(reply_url))
    assert words in form
    assert "<textarea" not in form
    assert words in html(client.get(reverse("discussion:replies", args=[article.pk, 2])))
    again = moderator_client.post(address("thread", comment), follow=True)
    assert said(again)[-1] == "Nothing was changed: it was so already."
    # The text comes back, with a token and without one.
    for token in (tokens.issue_token(article.pk), ""):
        answer = client.post(f"/discussion/{article.pk}/add/", TYPED | {"token": token, "reply_to": "2"}, headers=HERE)
        assert (answer.status_code, kept_text(answer)) == (403, TYPED["comment"])
        assert words in html(answer)
    moderator_client.post(address("thread", comment), {"closed": "0"})
    assert not fresh(comment).closed_at


def test_author_is_told_what_moderators_did(moderator_client, reader_client, reader, article, original):
    redacted, twin, answered = [factories.comment(article, user=reader) for _ in range(3)]
    factories.comment(article, reply_to=answered)
    moderator_client.post(address("redact", redacted), {"comment": "Less."})
    for comment in (twin, answered):
        moderator_client.post(address("duplicate", comment), {"number": "1"})
    page = html(reader_client.get(reverse("discussion:yours", args=[article.pk])))
    assert page.count("Published, with changes by a moderator.") == page.count("edited by a moderator") == 1
    assert page.count("A moderator took it out because #1 says the same.") == 2
    change = reader_client.get(reverse("discussion:edit", args=[article.pk, redacted.submission_key]))
    assert (change.status_code, "A moderator has changed this comment" in html(change)) == (403, True)


def test_comment_is_picked_and_unpicked(moderator_client, client, article, comment):
    moderator_client.post(address("feature", comment))
    assert "Editor’s pick" in html(client.get(article.url))
    moderator_client.post(address("feature", comment), {"featured": "0"})
    assert "Editor’s pick" not in html(client.get(article.url))
    decide([comment.pk], "rejected", by=None)
    answer = moderator_client.post(address("feature", comment), follow=True)
    assert said(answer)[-1] == "Only comments that readers see can be picked."


def test_duplicate_is_marked_from_the_list_of_likely_ones(moderator_client, client, article, original):
    alike = factories.comment(article, text="That morning the tide was low!", state="pending", email="b@readers.example")
    other = factories.comment(article, text="Nothing of the kind.", email="c@readers.example")
    same_person = factories.comment(article, text="Quite different words.", email="b@readers.example")
    page = html(moderator_client.get(address("duplicate", alike)))
    offered = re.findall(r'name="candidate" value="(\d+)"', page)
    assert offered == [str(original.number), str(same_person.number)]
    assert str(other.number) not in offered
    moderator_client.post(address("duplicate", alike), {"number": "", "candidate": "1", "message": "Said before, thank you."})
    assert (fresh(alike).state, fresh(alike).duplicate_number) == ("rejected", 1)


def test_readers_are_led_from_an_answered_duplicate_to_the_other(moderator_client, client, article, original, comment):
    factories.comment(article, reply_to=comment)
    answer = moderator_client.post(address("duplicate", comment), {"number": "1"}, follow=True)
    assert said(answer) == ["The comment is removed; its replies stay, and readers are led to #1."]
    link = f'says the same as <a href="/discussion/{article.pk}/1/">#1</a>'
    assert link in html(client.get(article.url))
    assert link in html(client.get(reverse("discussion:replies", args=[article.pk, 2])))


def test_waiting_comment_is_approved_and_answered_by_one_press(moderator_client, moderator, client, article):
    waiting = factories.comment(article, state="pending", text="What now?")
    form = moderator_client.get(address("reply", waiting))
    assert "Approve and reply" in html(form)
    sent = hidden(form) | {"comment": "Wait for the tide."}
    refused = moderator_client.post(address("reply", waiting), sent)
    assert (refused.status_code, "approve it first" in html(refused), "Wait for the tide." in html(refused)) == (400, True, True)
    for _ in range(2):
        answer = moderator_client.post(address("reply", waiting), sent | {"approve": "1"})
        assert answer.status_code == 302
    assert [(row.state, row.user) for row in rows_of(article)] == [("published", None), ("published", moderator)]
    assert "Wait for the tide." in html(client.get(article.url))


@pytest.mark.parametrize("restriction", ["groups", "password", "login"])
def test_only_a_moderator_who_may_read_a_private_page_answers_on_it(moderator_client, moderator, comment, article, restriction):
    page = PageViewRestriction.objects.create(page=article.page_ptr, restriction_type=restriction, password="tide")
    readers = Group.objects.create(name="Readers of drafts")
    page.groups.add(readers)
    before = PageComment.objects.count()
    sent = hidden(moderator_client.get(address("reply", comment))) | {"comment": "Wait for the tide."}
    answer = moderator_client.post(address("reply", comment), sent)
    if restriction == "login":
        assert (answer.status_code, PageComment.objects.count()) == (302, before + 1)
        return
    assert (answer.status_code, PageComment.objects.count()) == (400, before)
    assert "not among those who may read this page" in html(answer)
    assert "Wait for the tide." in html(answer)
    if restriction == "groups":
        moderator.groups.add(readers)
        sent = hidden(answer) | {"comment": "Wait for the tide."}
        assert moderator_client.post(address("reply", comment), sent).status_code == 302
        moderator.groups.remove(readers)
        assert moderator_client.post(address("reply", comment), sent).status_code == 302  # sent again: as it was answered
        assert PageComment.objects.count() == before + 1


# Where to


@pytest.mark.parametrize(
    "words", ["A film", "a FILM ", "{pk}", "/everything/a-film/", "http://testserver/everything/a-film/?x=1#y"]
)
def test_page_is_named_by_title_key_or_address(moderator_client, comment, film, words):
    answer = moderator_client.post(address("move", comment), {"page": words.format(pk=film.pk)})
    assert (answer.status_code, fresh(comment).page_id) == (302, film.pk)


def test_words_of_a_title_are_answered_by_a_choice(moderator_client, article, comment, film, section):
    again = factories.VideoPageFactory(parent=section, title="A film", slug="again")
    factories.VideoPageFactory(parent=section, title="A film to come", live=False)
    answer = moderator_client.post(address("move", comment), {"page": "film", "reason": "Of films"})
    assert answer.status_code == 400
    assert "Which of these pages do you mean?" in html(answer)
    assert set(re.findall(r'name="page_id" value="(\d+)"', html(answer))) == {str(film.pk), str(again.pk)}
    assert 'value="Of films"' in html(answer)
    assert fresh(comment).page_id == article.pk
    assert moderator_client.post(address("move", comment), {"page": "A film"}).status_code == 400  # two have this title
    moderator_client.post(address("move", comment), hidden(answer) | {"page": "film", "page_id": again.pk})
    assert fresh(comment).page_id == again.pk


# What was typed is kept

WRONG = [
    ("redact", {"comment": ""}, "Leave something to read."),
    ("redact", {"comment": "\u200b"}, "Leave something to read."),
    ("redact", {"comment": "x" * 10_001}, "at most 10000 characters"),
    ("redact", {"comment": "a\x00b"}, "Null characters"),
    ("redact", {"comment": "Less", "reason": "x" * 251}, "at most 250 characters"),
    ("move", {"page": ""}, "Say to which page"),
    ("move", {"page": "No such title"}, "No page that readers can come to"),
    ("move", {"page": "9" * 30}, "No page that readers can come to"),
    ("move", {"page": "a\x00b"}, "Null characters"),
    ("move", {"page": "http://["}, "No page that readers can come to"),
    ("move", {"page": "/%00/"}, "No page that readers can come to"),
    ("move", {"page": "https://evil.example/everything/a-film/"}, "No page that readers can come to"),
    ("move", {"page": "nothing", "page_id": "9" * 20}, "No page that readers can come to"),
    ("move", {"page": "A dry street"}, "No page that readers can come to"),
    ("duplicate", {"number": ""}, "Give the number"),
    ("duplicate", {"number": "x"}, "whole number"),
    ("duplicate", {"number": "9" * 30}, "less than or equal"),
    ("duplicate", {"number": "77", "message": "Dear reader"}, "Readers see no comment #77 on this page."),
    ("duplicate", {"number": "2"}, "That is this comment itself."),
    ("reply", {"comment": "", "submission_key": str(uuid.uuid4())}, "Write your reply first."),
    ("reply", {"comment": "So it was.", "submission_key": "x"}, "arrived damaged"),
]


@pytest.mark.parametrize(("name", "typed", "error"), WRONG)
def test_what_is_wrong_is_said_and_what_was_typed_is_kept(moderator_client, article, comment, film, name, typed, error):
    before = list(PageComment.objects.order_by("pk").values())
    answer = moderator_client.post(address(name, comment), typed | {"next": WAY_BACK})
    page = html(answer)
    assert answer.status_code == 400
    assert error in page
    assert hidden(answer)["next"] == WAY_BACK
    for field, text in typed.items():
        if text and field not in {"submission_key", "page_id"}:
            assert text in page
    if name == "reply":
        uuid.UUID(hidden(answer)["submission_key"])
    assert list(PageComment.objects.order_by("pk").values()) == before


@pytest.mark.parametrize("name", FORMS)
@pytest.mark.parametrize("change", ["decided", "edited"])
def test_form_about_what_has_changed_is_asked_again_once(moderator_client, comment, filled, name, change):
    opened = hidden(moderator_client.get(address(name, comment)))
    if change == "decided":
        decide([comment.pk], "pending", by=None)
        decide([comment.pk], "published", by=None)
        PageComment.objects.filter(pk=comment.pk).update(state="pending")
    else:
        editing.edit_comment(comment, "It was mild.", by=None, hold=False)
    answer = moderator_client.post(address(name, comment), opened | filled[name])
    assert answer.status_code == 400
    assert "The comment has changed since you opened this form." in html(answer)
    assert hidden(answer)["seen"] == seen_in(fresh(comment)) != opened["seen"]
    assert not LogEntry.objects.exists()
    again = moderator_client.post(address(name, comment), hidden(answer) | filled[name] | {"approve": "1"})
    assert again.status_code == 302


def test_refusal_in_the_last_moment_is_said_in_the_form(moderator_client, comment, monkeypatch):
    def too_late(*arguments, **options):
        raise curating.Refused("Somebody was quicker.")

    monkeypatch.setattr(curating, "redact", too_late)
    monkeypatch.setattr(curating, "close_thread", too_late)
    answer = moderator_client.post(address("redact", comment), {"comment": "Less."})
    assert (answer.status_code, "Somebody was quicker." in html(answer), "Less." in html(answer)) == (400, True, True)
    assert said(moderator_client.post(address("thread", comment), follow=True)) == ["Somebody was quicker."]


def test_list_of_likely_ones_costs_the_same_for_few_and_many(moderator_client, article, comment):
    def cost():
        with CaptureQueriesContext(connection) as queries:
            moderator_client.get(address("duplicate", comment))
        return len(queries)

    cost()
    few = cost()
    for _ in range(10):
        factories.comment(article, text="It was cold.")
    assert cost() == few
