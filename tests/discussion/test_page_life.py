"""What becomes of a discussion when its page is copied, moved, shown twice, taken back or deleted."""

from datetime import timedelta

import pytest
from django.contrib.contenttypes.models import ContentType
from django.test import Client
from django.utils import timezone
from django_comments.models import Comment
from django_comments_xtd.models import XtdComment
from wagtail.models import Page, PageViewRestriction, ReferenceIndex

from discussion import tokens
from discussion.models import Decision, Discussion, PageComment
from discussion.templatetags.discussion_tags import comment_counts, for_page
from discussion.transitions import decide
from pages.models import ArticlePage, ContentPage
from tests import factories
from tests.discussion.journey import HERE, TYPED
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


def test_counts_of_cards_come_from_the_source_in_one_query(home, section, article, django_assert_num_queries):
    alias = alias_of(article, factories.SectionPageFactory(parent=home))
    silent = factories.ArticlePageFactory(parent=section)
    discussed(article)
    pages = list(ContentPage.objects.filter(pk__in=[article.pk, alias.pk, silent.pk]).order_by("pk"))
    with django_assert_num_queries(1):
        counts = comment_counts(pages)
    assert {page.pk: for_page(counts, page) for page in pages} == {article.pk: 2, alias.pk: 2, silent.pk: 0}


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


def test_comments_are_no_uses_of_a_page(article):
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
