"""The discussion of a page that is deleted: gone from every table, in batches, whatever else happens meanwhile."""

import uuid
from contextlib import contextmanager

import pytest
from django.apps import apps
from django.contrib.contenttypes.models import ContentType
from django.db import connection, models
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from django_comments.models import Comment, CommentFlag
from django_comments_xtd.models import XtdComment
from wagtail.models import Page

from discussion import removal
from discussion.models import (
    Decision,
    Discussion,
    Edit,
    FormerPlace,
    ModeratedSection,
    ModerationMode,
    OutgoingMail,
    PageComment,
    Report,
    Subscription,
)
from discussion.paths import encode
from discussion.posting import PageGone, ParentGone, post_comment
from discussion.transitions import decide
from pages.models import ArticlePage, ContentPage
from tests import factories
from tests.discussion.journey import HERE, TYPED, kept_text
from tests.discussion.test_concurrency import at_once
from tests.discussion.truth import assert_counts_hold

COMMENTS = [Comment, XtdComment, PageComment]
BEYOND = [Decision, Edit, Report, OutgoingMail, CommentFlag, Subscription, Discussion]


def sizes():
    return {model.__name__: model._base_manager.count() for model in [*COMMENTS, *BEYOND]}


def nothing():
    return dict.fromkeys(sizes(), 0)


def with_everything(page, user):
    """A discussion of four comments with one of each thing that can hang on a comment or on the page."""
    top = factories.comment(page)
    reply = factories.comment(page, reply_to=top)
    factories.comment(page, reply_to=reply)
    decide([factories.comment(page, state="pending").pk], "spam", by=user)
    decision = Decision.objects.filter(comment__page=page).get()
    Edit.objects.create(comment=top, text_before="Before", edited_at=timezone.now())
    Report.objects.create(comment=top, reason="spam", reporter_key="somebody", by=user)
    CommentFlag.objects.create(comment_id=top.pk, user=user, flag="like")
    wish = Subscription.objects.create(page=page, scope="page", email="a@readers.example", person_key="a")
    OutgoingMail.objects.create(key=f"new:{page.pk}", kind="new", to="a@readers.example", comment=reply, subscription=wish)
    OutgoingMail.objects.create(key=f"ask:{page.pk}", kind="subscribe", to="a@readers.example", subscription=wish)
    OutgoingMail.objects.create(key=f"said:{page.pk}", kind="decided", to="a@readers.example", decision=decision)


EVERYTHING = {
    "Comment": 4,
    "XtdComment": 4,
    "PageComment": 4,
    "Decision": 1,
    "Edit": 1,
    "Report": 1,
    "OutgoingMail": 3,
    "CommentFlag": 1,
    "Subscription": 1,
    "Discussion": 1,
}


def many(page, number: int) -> None:
    """``number`` published comments beneath ``page``, half of them replies to the one before, written table by table."""
    first = (Comment.objects.order_by("-pk").values_list("pk", flat=True).first() or 0) + 1_000_000
    now, kind = timezone.now(), ContentType.objects.get_for_model(ArticlePage)
    rows = []
    for place in range(number):
        key, is_reply = first + place, place % 2
        top = key - is_reply
        rows.append(
            PageComment(
                id=key,
                comment_ptr_id=key,
                xtdcomment_ptr_id=key,
                content_type=kind,
                object_pk=str(page.pk),
                site_id=1,
                comment="Said by many.",
                submit_date=now,
                submitted_at=now,
                published_at=now,
                state="published",
                is_public=True,
                number=place + 1,
                page_id=page.pk,
                path=encode(top) + (encode(key) if is_reply else ""),
                depth=is_reply,
                root_id=top,
                in_reply_to_id=top if is_reply else None,
                submission_key=uuid.uuid4(),
            )
        )
    for model in COMMENTS:
        for start in range(0, number, 50):
            model._base_manager.all()._insert(rows[start : start + 50], model._meta.local_concrete_fields, using="default")
    Decision.objects.bulk_create(
        [Decision(comment_id=row.pk, from_state="pending", to_state="published", decided_at=now) for row in rows], 100
    )
    Discussion.objects.create(page=page, published_count=number, last_number=number)


@contextmanager
def loaded(*watched):
    """The list of all instances of ``watched`` that the block makes."""
    made = []

    def note(instance, **kwargs):
        made.append(instance)

    for model in watched:
        models.signals.post_init.connect(note, sender=model)
    try:
        yield made
    finally:
        for model in watched:
            models.signals.post_init.disconnect(note, sender=model)


def by_itself(page, client):
    page.delete()


def as_a_bare_page(page, client):
    Page.objects.get(pk=page.pk).delete()


def with_its_section(page, client):
    page.get_parent().specific.delete()


def by_query(page, client):
    Page.objects.filter(pk=page.pk).delete()


def in_the_admin(page, client):
    assert client.post(f"/admin/pages/{page.pk}/delete/").status_code == 302


def many_in_the_admin(page, client):
    assert client.post(f"/admin/bulk/wagtailcore/page/delete/?id={page.pk}").status_code == 302


WAYS = [by_itself, as_a_bare_page, with_its_section, by_query, in_the_admin, many_in_the_admin]


@pytest.mark.parametrize("delete", WAYS)
def test_every_way_of_deleting_a_page_takes_all_of_its_discussion_and_nothing_else(
    home, article, reader, administrator_client, delete
):
    other = factories.ArticlePageFactory(parent=factories.SectionPageFactory(parent=home))
    with_everything(other, reader)
    with_everything(article, reader)
    assert sizes() == {name: 2 * count for name, count in EVERYTHING.items()}

    delete(article, administrator_client)

    assert not ContentPage.objects.filter(pk=article.pk).exists()
    assert sizes() == EVERYTHING
    assert_counts_hold(other)


def test_section_takes_the_discussions_of_all_that_stands_beneath(section, reader):
    publication = factories.PublicationPageFactory(parent=section)
    for page in (publication, factories.ChapterPageFactory(parent=publication), factories.ArticlePageFactory(parent=section)):
        with_everything(page, reader)
    section.delete()
    assert sizes() == nothing()


@pytest.mark.parametrize("state", ["waiting", "sent"])
def test_mail_that_asks_for_an_address_goes_on_for_a_comment_on_another_page(article, section, state):
    def ask(page, browser):
        return post_comment(page, factories.submission(author_key=browser), hold=True, confirm=True)

    other = factories.ArticlePageFactory(parent=section)
    for browser in ("one", "other"):
        ask(article, browser)
    waiting = ask(other, "one")
    OutgoingMail.objects.update(state=state)
    article.delete()
    assert list(OutgoingMail.objects.values_list("kind", "comment", "state")) == [("confirm", waiting.pk, "waiting")]


def test_mail_that_asks_on_for_what_stays_is_the_only_one(article, section):
    comments = [
        post_comment(page, factories.submission(author_key="one"), hold=True, confirm=True)
        for page in (factories.ArticlePageFactory(parent=section), article)
    ]
    OutgoingMail.objects.create(kind="confirm", key="another", to="a@readers.example", comment=comments[1])
    article.delete()
    assert list(OutgoingMail.objects.values_list("comment", flat=True)) == [comments[0].pk]


def test_page_without_a_discussion_goes_too(article):
    article.delete()
    assert not ContentPage.objects.exists()


def test_nothing_that_hangs_on_a_comment_is_forgotten():
    """Another table with a foreign key to a comment, or to what hangs on one, has to be put on the list."""
    listed = {model for model, _way in removal.HANGING}
    hanging = {
        relation.related_model
        for model in listed
        for relation in model._meta.related_objects
        if relation.field.remote_field.on_delete is not models.SET_NULL
    }
    assert hanging - listed == set()
    on_pages = {relation.related_model for relation in ContentPage._meta.related_objects} & set(
        apps.get_app_config("discussion").get_models()
    )
    # The last two are a row a page, which Django's own cascade takes.
    assert on_pages == {PageComment, Subscription, Discussion, FormerPlace, ModerationMode, ModeratedSection}


def statements(page) -> int:
    with CaptureQueriesContext(connection) as queries:
        removal.remove_discussion(page.pk)
    return len(queries)


def test_comments_go_in_batches_of_a_fixed_cost_and_are_not_loaded(section):
    counts = [0, 500, 1000, 2500]
    pages = [factories.ArticlePageFactory(parent=section) for _ in counts]
    for page, number in zip(pages, counts, strict=True):
        many(page, number)
    with loaded(*COMMENTS, Decision) as made:
        costs = [statements(page) for page in pages]
    a_batch = 1 + len(removal.HANGING)
    assert [cost - costs[0] for cost in costs] == [a_batch * number // removal.BATCH for number in counts]
    assert made == []
    assert sizes() == nothing()


@pytest.mark.parametrize("delete", [by_itself, with_its_section, by_query])
def test_deleting_a_page_loads_none_of_its_comments(section, delete):
    costs = {}
    for number in (0, 500, 2500):
        page = factories.ArticlePageFactory(parent=factories.SectionPageFactory(parent=section))
        many(page, number)
        Subscription.objects.create(page=page, scope="page", email="a@a.example", person_key="a")
        with loaded(*COMMENTS, Decision, Subscription) as made, CaptureQueriesContext(connection) as queries:
            delete(page, None)
        costs[number] = len(queries)
        assert made == []
    assert costs[2500] - costs[500] == 4 * (1 + len(removal.HANGING))
    assert sizes() == nothing()


def test_subscriptions_go_in_batches_too(section, monkeypatch):
    monkeypatch.setattr(removal, "BATCH", 10)
    counts = [0, 10, 35]
    pages = [factories.ArticlePageFactory(parent=section) for _ in counts]
    for page, number in zip(pages, counts, strict=True):
        for place in range(number):
            wish = Subscription.objects.create(page=page, scope="page", email="a@a.example", person_key=str(place))
            OutgoingMail.objects.create(key=f"{page.pk}:{place}", kind="subscribe", to="a@a.example", subscription=wish)
    costs = [statements(page) for page in pages]
    assert [cost - costs[0] for cost in costs] == [0, 3, 12]
    assert sizes() == nothing()


def test_discussion_is_locked_before_any_comment_goes(article):
    with_everything(article, factories.UserFactory())
    with CaptureQueriesContext(connection) as queries:
        article.delete()
    own = [query["sql"] for query in queries if "discussion_" in query["sql"] and "SAVEPOINT" not in query["sql"]]
    first_deletion = next(place for place, sql in enumerate(own) if sql.startswith("DELETE"))
    locks = [place for place, sql in enumerate(own) if 'FROM "discussion_discussion"' in sql and sql.startswith("SELECT")]
    assert min(locks) < first_deletion
    if connection.vendor == "postgresql":
        assert "FOR UPDATE" in own[locks[-1]]


@pytest.mark.django_db(transaction=True, serialized_rollback=True)
class TestMeanwhile:
    """Real threads, each with its own connection."""

    @staticmethod
    def post(page, reply_to=None):
        try:
            return post_comment(page, factories.submission(reply_to=reply_to), hold=False).pk
        except (PageGone, ParentGone) as refusal:
            return type(refusal).__name__

    @pytest.mark.parametrize("is_discussed", [True, False])
    @pytest.mark.parametrize("place", [0, 4, 8])
    def test_who_posts_while_the_page_is_deleted_is_stored_and_deleted_or_refused(self, article, is_discussed, place):
        top = factories.comment(article).number if is_discussed else None
        tasks = [lambda reply_to=reply_to: self.post(article, reply_to) for reply_to in [None, top] * 4]
        tasks.insert(place, lambda: ArticlePage.objects.get(pk=article.pk).delete() and "deleted")
        answers = at_once(tasks)
        assert [answer for answer in answers if answer == "deleted"] == ["deleted"]
        assert all(isinstance(answer, int) or answer in {"deleted", "PageGone"} for answer in answers)
        assert sizes() == nothing()

    def test_section_and_decisions_and_posts_do_not_wait_for_one_another_for_ever(self, section, moderator):
        pages = [factories.ArticlePageFactory(parent=section) for _ in range(4)]
        keys = [factories.comment(page, state="pending").pk for page in pages for _ in range(3)]
        tasks = [lambda keys=keys[::step]: decide(keys, "published", by=None) for step in (1, -1)]
        tasks += [lambda page=page: self.post(page) for page in pages]
        tasks.insert(3, lambda: section.delete())
        at_once(tasks)
        assert sizes() == nothing()

    def test_form_sent_while_the_page_is_deleted_is_answered_with_its_text(self, article):
        forms = [Client() for _ in range(4)]
        tokens = [browser.get(f"/discussion/{article.pk}/token/").json()["token"] for browser in forms]

        def press(browser, token):
            answer = browser.post(f"/discussion/{article.pk}/add/", TYPED | {"token": token}, headers=HERE)
            return answer.status_code, answer.status_code == 302 or kept_text(answer) == TYPED["comment"]

        tasks = [lambda b=b, t=t: press(b, t) for b, t in zip(forms, tokens, strict=True)]
        tasks.insert(2, lambda: ArticlePage.objects.get(pk=article.pk).delete() and None)
        assert {answer for answer in at_once(tasks) if answer} <= {(302, True), (404, True)}
        assert sizes() == nothing()
