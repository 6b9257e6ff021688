"""What becomes of a discussion when its page is copied, moved, shown twice, taken back or deleted."""

import re
from datetime import UTC, datetime, timedelta

import pytest
from django.contrib.contenttypes.models import ContentType
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from django.utils.html import escape
from django_comments.models import Comment
from django_comments_xtd.models import XtdComment
from wagtail.models import Page, PageViewRestriction, ReferenceIndex

from discussion import tokens
from discussion.models import Decision, Discussion, DiscussionSettings, PageComment
from discussion.openness import pages_beside, shown_counts
from discussion.templatetags.discussion_tags import comment_counts, for_page
from discussion.transitions import decide
from pages.models import ArticlePage, ContentPage, SectionPage
from tests import factories
from tests.discussion.journey import HERE, TYPED, form_of, kept_text
from tests.discussion.truth import assert_counts_hold

TABLES = [Comment, XtdComment, PageComment, Decision, Discussion]


def sizes():
    return {model.__name__: model._base_manager.count() for model in TABLES}


def html(client, address):
    return client.get(address).content.decode()


def discussed(page):
    """A discussion of three comments with a decision about one."""
    top = factories.comment(page, text="Murmurs at the top")
    factories.comment(page, reply_to=top, text="Murmurs in reply")
    decide([factories.comment(page, state="pending").pk], "spam", by=None)


def test_copy_starts_empty(client, article):
    discussed(article)
    copy = article.copy(update_attrs={"slug": "a-copy"})
    assert "Murmurs" not in html(client, copy.url)
    assert not PageComment.objects.filter(page_id=copy.pk).exists()
    assert factories.comment(copy).number == 1
    assert_counts_hold(article)


def test_copy_keeps_the_editors_wish_and_not_the_moderators_override(article):
    article.discussion_mode = "closed"
    article.save()
    Discussion.objects.create(page=article, override="off")
    copy = ContentPage.objects.get(pk=article.copy(update_attrs={"slug": "a-copy"}).pk)
    assert copy.discussion_mode == "closed"
    assert not Discussion.objects.filter(page=copy).exists()


def test_copy_of_a_whole_section_takes_no_comments_along(section, article):
    discussed(article)
    before = sizes()
    section.copy(recursive=True, update_attrs={"slug": "copied", "title": "Copied"})
    assert ArticlePage.objects.filter(title=article.title).count() == 2
    assert sizes() == before


def test_moved_page_keeps_its_discussion(client, home, article):
    discussed(article)
    article.move(factories.SectionPageFactory(parent=home, slug="elsewhere"), pos="last-child")
    moved = ArticlePage.objects.get(pk=article.pk)
    moved.slug = "new-name"
    moved.save()
    assert moved.url == "/elsewhere/new-name/"
    assert "Murmurs in reply" in html(client, moved.url)
    assert client.get(f"/discussion/{article.pk}/2/")["Location"] == "/elsewhere/new-name/#comment-2"


def test_moved_page_follows_the_wish_of_its_new_section(client, home, article):
    discussed(article)
    article.move(factories.SectionPageFactory(parent=home, slug="quiet", discussion_mode="off"), pos="last-child")
    assert "Murmurs" not in html(client, ArticlePage.objects.get(pk=article.pk).url)


def alias_of(page, parent):
    return page.create_alias(parent=parent, update_slug="shown-again")


def test_alias_shows_the_discussion_of_its_source_and_adds_to_it(client, home, article):
    alias = alias_of(article, factories.SectionPageFactory(parent=home))
    discussed(article)
    assert "Murmurs in reply" in html(client, alias.url)
    assert f'action="/discussion/{article.pk}/add/"' in html(client, alias.url)
    assert "Murmurs in reply" in html(client, f"/discussion/{alias.pk}/")
    assert client.get(f"/discussion/{alias.pk}/2/")["Location"] == f"{article.url}#comment-2"
    token = client.get(f"/discussion/{alias.pk}/token/").json()["token"]
    answer = client.post(f"/discussion/{alias.pk}/add/", TYPED | {"token": token}, headers=HERE)
    assert answer["Location"] == f"/discussion/{article.pk}/yours/?posted"
    assert set(PageComment.objects.values_list("page_id", flat=True)) == {article.pk}


def test_alias_of_an_alias_leads_to_the_first_source(client, home, article):
    alias = alias_of(article, factories.SectionPageFactory(parent=home))
    second = ArticlePage.objects.get(pk=alias.pk).create_alias(parent=factories.SectionPageFactory(parent=home))
    discussed(article)
    assert "Murmurs in reply" in html(client, second.url)
    token = tokens.issue_token(article.pk)
    client.post(f"/discussion/{second.pk}/add/", TYPED | {"token": token}, headers=HERE)
    assert set(PageComment.objects.values_list("page_id", flat=True)) == {article.pk}


def test_public_alias_of_a_private_page_does_not_give_its_discussion_away(client, home, article):
    alias = alias_of(article, factories.SectionPageFactory(parent=home))
    discussed(article)
    PageViewRestriction.objects.create(page=article.get_parent(), restriction_type="login")
    assert client.get(alias.url).status_code == 200
    assert "Murmurs" not in html(client, alias.url)
    assert client.get(f"/discussion/{alias.pk}/").status_code == 404


def test_alias_that_became_a_page_of_its_own_starts_empty(client, home, article):
    alias = alias_of(article, factories.SectionPageFactory(parent=home))
    discussed(article)
    Page.objects.filter(pk=alias.pk).update(alias_of=None)
    assert "Murmurs" not in html(client, alias.url)


def test_counts_of_cards_come_from_the_source_in_as_many_queries_for_many_as_for_one(home, section, article):
    alias = alias_of(article, factories.SectionPageFactory(parent=home))
    silent = factories.ArticlePageFactory(parent=section)
    discussed(article)
    pages = list(ContentPage.objects.filter(pk__in=[article.pk, alias.pk, silent.pk]).order_by("pk"))
    counts = comment_counts(pages)
    assert {page.pk: for_page(counts, page) for page in pages} == {article.pk: 2, alias.pk: 2, silent.pk: 0}

    def cost(number):
        more = [factories.ArticlePageFactory(parent=section) for _ in range(number)]
        for page in more:
            factories.comment(page)
        with CaptureQueriesContext(connection) as queries:
            comment_counts(list(ContentPage.objects.filter(pk__in=[page.pk for page in more])))
        return len(queries)

    assert cost(2) == cost(9) <= 9


@pytest.mark.parametrize("mode", ["off", "private"])
def test_counts_of_cards_tell_nothing_of_what_is_not_shown(home, article, mode):
    alias = alias_of(article, factories.SectionPageFactory(parent=home))
    discussed(article)
    if mode == "off":
        ContentPage.objects.filter(pk=article.pk).update(discussion_mode="off")
    else:
        PageViewRestriction.objects.create(page=article, restriction_type="login")
    counts = comment_counts(list(ContentPage.objects.filter(pk=alias.pk)))
    assert for_page(counts, alias) == 0


def unpublish(page):
    page.unpublish()


def expire(page):
    Page.objects.filter(pk=page.pk).update(expire_at=timezone.now() - timedelta(seconds=1))


def postpone(page):
    Page.objects.filter(pk=page.pk).update(go_live_at=timezone.now() + timedelta(days=1))


def lock_up(page):
    PageViewRestriction.objects.create(page=page.get_parent(), restriction_type="login")


@pytest.mark.parametrize("take_back", [unpublish, expire, postpone, lock_up])
def test_page_that_is_taken_back_takes_its_discussion_along_on_every_path(client, home, article, take_back):
    alias = alias_of(article, factories.SectionPageFactory(parent=home))
    discussed(article)
    address, token = article.url, tokens.issue_token(article.pk)
    take_back(article)
    for page_id in (article.pk, alias.pk):
        paths = [f"/discussion/{page_id}/{end}" for end in ("", "1/", "2/", "add/", "add/?reply_to=1", "yours/", "token/")]
        for path in paths:
            assert client.get(path).status_code == 404
        assert client.post(paths[3], TYPED | {"token": token}, headers=HERE).status_code == 404
    assert "Murmurs" not in html(client, address)
    assert "Murmurs" not in html(client, alias.url)
    for path in ("/", "/feed/", "/search/?q=murmurs", "/everything/"):
        assert "Murmurs at the top" not in html(client, path)
    assert PageComment.objects.filter(page=article).count() == 3


def test_discussion_returns_with_its_page(client, article):
    discussed(article)
    article.unpublish()
    article.save_revision().publish()
    assert "Murmurs in reply" in html(client, article.url)
    assert_counts_hold(article)


def test_deleting_a_page_deletes_its_discussion_from_every_table(section, article):
    other = factories.ArticlePageFactory(parent=section)
    discussed(article)
    discussed(other)
    assert sizes() == {"Comment": 6, "XtdComment": 6, "PageComment": 6, "Decision": 2, "Discussion": 2}
    article.delete()
    assert sizes() == {"Comment": 3, "XtdComment": 3, "PageComment": 3, "Decision": 1, "Discussion": 1}
    assert_counts_hold(other)


def test_deleting_a_publication_deletes_the_discussions_of_its_chapters(section):
    publication = factories.PublicationPageFactory(parent=section)
    discussed(factories.ChapterPageFactory(parent=publication))
    publication.delete()
    assert set(sizes().values()) == {0}


def test_comments_of_a_deleted_account_stay_under_its_name(client, article, reader):
    factories.comment(article, user=reader, name="Rita Reader", text="Words that stay")
    reader.delete()
    assert "Words that stay" in html(client, article.url)
    assert PageComment.objects.get().user is None


def test_comments_are_no_uses_of_a_page(reference_index, article):
    discussed(article)
    types = ContentType.objects.get_for_models(Comment, XtdComment, PageComment, Decision, Discussion).values()
    assert not ReferenceIndex.objects.filter(base_content_type__in=types).exists()
    assert not ReferenceIndex.objects.filter(content_type__in=types).exists()


def test_page_that_was_never_saved_shows_no_discussion(administrator_client, article):
    """As in a preview of a new page."""
    preview = ArticlePage(title="New", slug="new", summary="New.", path="000100010001", depth=3)
    response = preview.make_preview_request()
    assert response.status_code == 200
    assert 'id="comments"' not in response.render().content.decode()


def test_schedule_counts_at_the_moment_of_posting(article):
    """Between showing the form and posting it the page may go."""
    browser = Client()
    token = browser.get(f"/discussion/{article.pk}/token/").json()["token"]
    expire(article)
    answer = browser.post(f"/discussion/{article.pk}/add/", TYPED | {"token": token}, headers=HERE)
    assert (answer.status_code, PageComment.objects.count()) == (404, 0)


# Who answers, and under which rules


def words(answer):
    return answer.content.decode()


def test_host_and_reply_time_stand_above_the_comments(client, person, article):
    article.discussion_host, article.discussion_reply_time = person, "We answer within two days."
    article.discussion_prompt = "Were you there?"
    article.save()
    for address in (article.url, f"/discussion/{article.pk}/"):
        page = html(client, address)
        assert f'Your host here: <a href="{person.url}">Ada Person</a>.' in page
        assert "We answer within two days." in page
        assert page.index("Were you there?") < page.index("Your host here") < page.index("Nobody has commented yet")


def test_closed_discussion_promises_no_reply(client, person, article):
    article.discussion_host, article.discussion_reply_time = person, "We answer within two days."
    article.discussion_mode = "closed"
    article.save()
    page = html(client, article.url)
    assert ("Your host here" in page, "within two days" in page) == (True, False)


@pytest.mark.parametrize("take_back", [unpublish, expire, postpone, lock_up])
def test_host_whose_profile_readers_may_not_see_is_not_named(client, person, article, take_back):
    article.discussion_host, article.discussion_reply_time = person, "We answer within two days."
    article.save()
    take_back(person)
    page = html(client, article.url)
    assert ("Ada Person" in page, "Your host" in page, "within two days" in page) == (False, False, True)


def test_pages_beside_a_discussion_cost_one_query_together_and_none_without_any(home, person, section, article):
    rules = DiscussionSettings(site=article.get_site())
    rules.house_rules, rules.privacy = (factories.StandardPageFactory(parent=home, title=title) for title in ("Please", "Data"))
    article.discussion_host = person
    for saved, page, cost, titles in (
        (False, section.add_child(instance=factories.ArticlePageFactory.build()), 1, [None, None, None]),
        (True, article, 2, ["Please", "Data", "Ada Person"]),
    ):
        if saved:
            rules.save()
        with CaptureQueriesContext(connection) as queries:
            found = pages_beside(page)
        assert (len(queries), [page and page.title for page in found.values()]) == (cost, titles)


def test_profile_that_is_deleted_leaves_the_page_without_a_host(client, person, article):
    article.discussion_host = person
    article.save()
    person.delete()
    assert "Your host" not in html(client, article.url)


def test_house_rules_stand_by_the_form_wherever_it_is(client, home, article):
    please = factories.StandardPageFactory(parent=home, title="Say please")
    hidden = factories.StandardPageFactory(parent=home, title="Behind the scenes", live=False)
    DiscussionSettings.objects.create(site=article.get_site(), house_rules=please, privacy=hidden)
    for answer in (client.get(article.url), client.get(add(article)), client.post(add(article), TYPED, headers=HERE)):
        page = words(answer)
        assert f'<a href="{please.url}">Say please</a>' in page
        assert page.index("Say please") < page.index('id="comment-form"')
        assert "Behind the scenes" not in page


# What is posted where nothing is taken


def add(page):
    return f"/discussion/{page.pk}/add/"


def change(page, **values):
    type(page).objects.filter(pk=page.pk).update(**values)


def overrule(page, **values):
    Discussion.objects.update_or_create(page=page, defaults=values)


def grow_old(page):
    Page.objects.filter(pk=page.pk).update(first_published_at=datetime(2025, 1, 1, 12, tzinfo=UTC))
    DiscussionSettings.objects.create(site=page.get_site(), close_after_days=30)


NOT_OPEN = "This page is not open to readers, so nothing was posted."
OFF, CLOSED = "There is no discussion on this page.", "The discussion on this page is closed."
# how the page came to take no comments → whether the discussion is still shown, and the reason given
SHUT = {
    "closed": (lambda page: change(page, discussion_mode="closed"), True, CLOSED),
    "closed above": (lambda page: SectionPage.objects.update(discussion_mode="closed"), True, CLOSED),
    "past its end": (
        lambda page: change(page, discussion_closes_at=datetime(2025, 1, 1, 12, tzinfo=UTC)),
        True,
        "The discussion closed on 1 Jan 2025.",
    ),
    "before its time": (
        lambda page: change(page, discussion_opens_at=datetime(2999, 1, 1, 12, tzinfo=UTC)),
        True,
        "The discussion opens on 1 Jan 2999.",
    ),
    "old": (grow_old, True, "The discussion closed on 31 Jan 2025: comments are taken for 30 days."),
    "closed by a moderator": (lambda page: overrule(page, override="closed", override_reason="Enough."), True, "Enough."),
    "off": (lambda page: change(page, discussion_mode="off"), False, OFF),
    "off above": (lambda page: SectionPage.objects.update(discussion_mode="off"), False, OFF),
    "off by a moderator": (lambda page: overrule(page, override="off", override_reason="A secret"), False, OFF),
}
GONE = {
    "a draft": unpublish,
    "expired": expire,
    "not yet published": postpone,
    "private": lock_up,
    "deleted": lambda page: page.delete(),
}
SEEN = ("", "1/", "1/replies/", "feed/")


@pytest.mark.parametrize(("shut", "is_shown", "reason"), SHUT.values(), ids=SHUT)
def test_page_that_takes_no_comments_says_why_on_every_path_and_gives_the_text_back(client, article, shut, is_shown, reason):
    discussed(article)
    token = tokens.issue_token(article.pk)
    shut(article)
    before = sizes()

    assert ("Murmurs at the top" in html(client, article.url)) == is_shown
    assert (escape(reason) in html(client, article.url)) == is_shown
    assert 'id="comment-form"' not in html(client, article.url)
    for path in SEEN:
        answer = client.get(f"/discussion/{article.pk}/{path}")
        assert answer.status_code in ({200, 302} if is_shown else {404}), path
    for query in ("", "?reply_to=1", "?about=x"):
        page = html(client, add(article) + query)
        assert escape(reason) in page
        assert 'id="comment-form"' not in page
    for form in ({}, {"token": token}, {"token": "stale"}, {"token": token, "reply_to": "1"}, {"token": token, "name": ""}):
        answer = client.post(add(article), TYPED | form, headers=HERE)
        assert (answer.status_code, kept_text(answer)) == (403, TYPED["comment"]), form
        assert escape(reason) in words(answer)
    assert client.get(f"/discussion/{article.pk}/yours/").status_code == 200
    assert sizes() == before


@pytest.mark.parametrize("leave", GONE.values(), ids=GONE)
def test_page_that_is_gone_is_unknown_on_every_path_and_the_text_comes_back(client, article, leave):
    discussed(article)
    token, key = tokens.issue_token(article.pk), article.pk
    leave(ArticlePage.objects.get(pk=article.pk))
    before = sizes()

    for path in (*SEEN, "add/", "add/?reply_to=1", "token/", "yours/", "follow/", "1/report/"):
        assert client.get(f"/discussion/{key}/{path}").status_code == 404, path
    for form in ({}, {"token": token}, {"token": "stale"}, {"token": token, "reply_to": "1"}):
        answer = client.post(f"/discussion/{key}/add/", TYPED | form, headers=HERE)
        assert (answer.status_code, kept_text(answer)) == (404, TYPED["comment"])
        assert NOT_OPEN in words(answer)
        assert "A dry street" not in words(answer)
    assert sizes() == before


def number_elsewhere(page):
    other = factories.ArticlePageFactory(parent=page.get_parent())
    return [factories.comment(other) for _ in range(3)][-1].number


def number_of_one_decided(state):
    def make(page):
        comment = factories.comment(page)
        decide([comment.pk], state, by=None)
        return comment.number

    return make


def number_beneath_one_rejected(page):
    top = factories.comment(page)
    reply = factories.comment(page, reply_to=top)
    decide([top.pk], "rejected", by=None)
    return reply.number


def number_to_come(page):
    factories.comment(page, state="pending")
    return 1


# what cannot be answered
NO_PARENTS = {
    "of another page": number_elsewhere,
    "held before it was ever published": number_to_come,
    "held again": number_of_one_decided("pending"),
    "rejected": number_of_one_decided("rejected"),
    "spam": number_of_one_decided("spam"),
    "removed": number_of_one_decided("removed"),
    "erased": number_of_one_decided("erased"),
    "beneath one rejected": number_beneath_one_rejected,
}


@pytest.mark.parametrize("make", NO_PARENTS.values(), ids=NO_PARENTS)
def test_comment_that_readers_do_not_see_cannot_be_answered_and_the_text_comes_back(client, article, make):
    number = make(article)
    token = tokens.issue_token(article.pk)
    before = sizes()

    assert "Reply to" not in re.sub(r"(?s)<head>.*?</head>", "", html(client, f"{add(article)}?reply_to={number}"))
    answer = client.post(add(article), TYPED | {"token": token, "reply_to": str(number)}, headers=HERE)

    assert answer.status_code == 200
    assert "no longer there" in words(answer)
    action, fields = form_of(answer)
    assert (action, fields["comment"], fields["reply_to"]) == (add(article), TYPED["comment"], "")
    assert sizes() == before


def test_card_counts_what_readers_find_beneath_the_page(home, section, article):
    there = factories.SectionPageFactory(parent=home)
    alias = alias_of(article, there)
    second = ArticlePage.objects.get(pk=alias.pk).create_alias(parent=factories.SectionPageFactory(parent=home))
    silent, off = (factories.ArticlePageFactory(parent=section) for _ in range(2))
    discussed(article)
    discussed(off)
    change(off, discussion_mode="off")
    pages = list(ContentPage.objects.filter(pk__in=[article.pk, alias.pk, second.pk, silent.pk, off.pk]))
    with CaptureQueriesContext(connection) as queries:
        counts = shown_counts(pages)
    assert counts == {article.pk: 2, alias.pk: 2, second.pk: 2, silent.pk: 0, off.pk: 0}
    assert len(queries) <= 9
    lock_up(article)
    assert shown_counts([page for page in pages if page.pk in {alias.pk, second.pk}]) == {alias.pk: 0, second.pk: 0}


@pytest.mark.parametrize("override", ["", "closed", "off"])
@pytest.mark.parametrize("ends", [None, -1, 1])
@pytest.mark.parametrize("mode", ["inherit", "open", "closed", "off"])
def test_count_that_comes_with_a_card_is_the_one_that_is_asked_for(section, article, override, ends, mode):
    discussed(article)
    change(article, discussion_mode=mode)
    until = timezone.now() + timedelta(days=ends) if ends else None
    Discussion.objects.filter(page=article).update(override=override, override_until=until)
    silent = factories.ArticlePageFactory(parent=section)
    plain, cards = ContentPage.objects.child_of(section), ContentPage.objects.child_of(section).for_cards()
    holds = override and ends != -1
    shown = override != "off" if holds else mode != "off"
    assert shown_counts(cards) == shown_counts(plain) == {article.pk: 2 if shown else 0, silent.pk: 0}


def test_count_of_an_alias_comes_with_its_card_only_where_its_source_does(home, section, article):
    alias = alias_of(article, factories.SectionPageFactory(parent=home))
    discussed(article)
    both = ContentPage.objects.filter(pk__in=[article.pk, alias.pk]).for_cards()
    assert shown_counts(both) == {article.pk: 2, alias.pk: 2}
    assert shown_counts(both.filter(pk=alias.pk)) == {alias.pk: 2}
    lock_up(article)
    assert shown_counts(both.filter(pk=alias.pk)) == {alias.pk: 0}


def test_cards_without_aliases_are_counted_in_one_query(section, article, django_assert_num_queries):
    discussed(article)
    cards = list(ContentPage.objects.child_of(section).for_cards())
    with django_assert_num_queries(1):  # what the section says
        assert shown_counts(cards) == {article.pk: 2}


def test_counts_for_cards_cost_the_same_for_few_and_many(section):
    def cost():
        pages = list(ContentPage.objects.child_of(section))
        with CaptureQueriesContext(connection) as queries:
            shown_counts(pages)
        return len(queries)

    factories.comment(factories.ArticlePageFactory(parent=section))
    cost()
    few = cost()
    for _ in range(8):
        factories.comment(factories.ArticlePageFactory(parent=section))
    assert cost() == few
