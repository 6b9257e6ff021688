"""Merging two people or two topics: what names the one names the other, in every version, and no address is lost."""

import json
import re
from datetime import timedelta

import pytest
from django.apps import apps
from django.contrib.auth.models import Group, Permission
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone
from wagtail.contrib.redirects.models import Redirect
from wagtail.models import GroupPagePermission, Page, PageLogEntry, PageViewRestriction, ReferenceIndex
from wagtail.signal_handlers import disable_reference_index_auto_update

from discussion import tokens
from discussion.models import OutgoingMail, PageComment, Subscription
from pages.merging.merge import CannotMerge, merge
from pages.merging.references import OF_NO_PAGE, PLAIN, REFERENCES
from pages.models import ArticlePage, ContentPage, Contribution, TopicPage
from people.models import PersonPage
from tests import factories
from tests.conftest import client_of, in_group

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("reference_index")]

# Foreign keys to pages that say nothing of what a page is about, or go with the page itself.
OWN = {
    ("pages", "PageTopic", "page"),
    ("pages", "TopicPick", "topic"),
    ("pages", "Contribution", "page"),
    ("pages", "ContentLink", "source"),  # taken over
    ("pages", "IncomingLink", "page"),
    ("pages", "SimilarPage", "page"),  # found anew
    ("pages", "SimilarPage", "other"),
    ("pages", "SimilarSearch", "page"),
    ("discussion", "PageComment", "page"),  # taken over
    ("discussion", "Subscription", "page"),
    ("discussion", "FormerPlace", "page"),
    ("discussion", "Discussion", "page"),
    ("discussion", "LogEntry", "page"),
    ("discussion", "DiscussionSettings", "privacy"),
    ("discussion", "DiscussionSettings", "house_rules"),
    ("discussion", "ModerationMode", "page"),
    ("discussion", "ModeratedSection", "page"),
    ("wagtailredirects", "Redirect", "redirect_page"),  # led on
    ("pages", "LinkFault", "page"),  # found anew
    ("pages", "LinkFault", "target"),
    ("pages", "SearchEntry", "page"),  # indexed anew
}


@pytest.fixture
def twin(people):
    return factories.PersonPageFactory(parent=people, title="A. Person", slug="a-person")


@pytest.fixture
def topics(section):
    made = [factories.TopicPageFactory(parent=section, title=name, slug=name.lower()) for name in ("Roads", "Streets")]
    return [TopicPage.objects.get(pk=page.pk) for page in made]


def names_of(page) -> list[tuple]:
    return [(row.person_id, row.name, row.role) for row in Contribution.objects.filter(page=page).order_by("sort_order", "pk")]


def test_every_key_to_a_page_is_renamed_or_known_to_be_its_own():
    known = {(each.model._meta.app_label, each.model.__name__, each.field) for each in REFERENCES}
    known |= {(model._meta.app_label, model.__name__, field) for model, field in [*PLAIN, *OF_NO_PAGE]} | OWN
    found = set()
    for model in apps.get_models():
        for field in model._meta.get_fields():
            to = field.related_model if field.many_to_one or field.one_to_one else None
            if not field.concrete or field.auto_created or to not in {Page, ContentPage, TopicPage, PersonPage}:
                continue
            if not field.remote_field.parent_link and model._meta.app_label != "wagtailcore" and field.model is model:
                found.add((model._meta.app_label, model.__name__, field.name))
    assert found == known


def test_person_is_merged_with_bylines_and_each_stands_once(administrator, article, section, person, twin):
    other = factories.ArticlePageFactory(parent=section)
    factories.ContributionFactory(page=article, person=twin, name="A. Person", sort_order=0)
    factories.ContributionFactory(page=article, person=twin, role="speaker", name="A. Person", sort_order=1)
    factories.ContributionFactory(page=other, person=twin, name="A. Person", sort_order=0)
    factories.ContributionFactory(page=other, person=person, name="Ada Person", sort_order=1)

    merge(twin, person, by=administrator)

    assert names_of(article) == [(person.pk, "A. Person", "author"), (person.pk, "A. Person", "speaker")]
    assert names_of(other) == [(person.pk, "Ada Person", "author")]
    assert not PersonPage.objects.filter(pk=twin.pk).exists()


def test_topic_is_merged_with_pages_links_series_and_front(administrator, article, section, home, topics):
    old, into = topics
    other = factories.ArticlePageFactory(parent=section)
    for page, topic in [(article, old), (other, old), (other, into)]:
        factories.PageTopicFactory(page=page, topic=topic)
    factories.ContentLinkFactory(source=article, target=old, kind="article-about")
    factories.ContentLinkFactory(source=into, target=old)
    factories.ContentLinkFactory(source=old, target=other, note="Read on.")
    factories.ContentLinkFactory(source=old, address="https://elsewhere.example/", title="Elsewhere")
    series = factories.SeriesPageFactory(parent=section)
    factories.SeriesItemFactory(series=series, page=old)

    merge(old, into, by=administrator)

    assert [list(page.page_topics.values_list("topic_id", flat=True)) for page in (article, other)] == [[into.pk], [into.pk]]
    assert list(article.links.values_list("target_id", "kind")) == [(into.pk, "article-about")]
    assert list(into.links.values_list("target_id", "address", "note")) == [
        (other.pk, "", "Read on."),
        (None, "https://elsewhere.example/", ""),
    ]
    assert [item.page_id for item in series.items.all()] == [into.pk]


def test_links_of_another_kind_go_over_although_the_other_has_one_to_the_same_page(administrator, article, topics):
    old, into = topics
    factories.ContentLinkFactory(source=into, target=article, kind="related-to", sort_order=3)
    for kind in ("related-to", "responds-to"):
        factories.ContentLinkFactory(source=old, target=article, kind=kind)

    merge(old, into, by=administrator)

    assert list(into.links.values_list("kind", "sort_order")) == [("related-to", 3), ("responds-to", 4)]


@pytest.mark.parametrize("kind", ["person", "topic"])
def test_old_address_and_those_that_led_to_it_lead_to_the_page_that_stays(
    administrator_client, client, topics, person, twin, section, kind
):
    old, into = (twin, person) if kind == "person" else topics
    address = old.url
    Redirect.add_redirect("/long-ago", redirect_to=old)
    alias = old.create_alias(parent=old.get_parent(), update_slug="again")
    url = reverse("pages_merge", args=[old.pk])

    shown = administrator_client.get(url, {"into": into.pk}).content.decode()
    assert "This cannot be taken back." in shown
    answer = administrator_client.post(url, {"into": into.pk})

    assert (answer.status_code, answer["Location"]) == (302, reverse("wagtailadmin_pages:edit", args=[into.pk]))
    for path in [address, "/long-ago", alias.url]:
        answer = client.get(path)
        assert (answer.status_code, answer["Location"]) == (301, into.url), path


@pytest.mark.parametrize("kind", ["person", "topic"])
def test_feed_leads_to_that_of_the_page_that_stays(administrator, client, topics, person, twin, kind):
    old, into = (twin, person) if kind == "person" else topics

    merge(old, into, by=administrator)

    answer = client.get(f"/feed/{old.pk}/")
    assert (answer.status_code, answer["Location"]) == (301, f"/feed/{into.pk}/")
    assert client.get(answer["Location"]).status_code == 200


def test_drafts_and_scheduled_versions_name_the_page_that_stays(administrator, article, section, person, twin, topics):
    old, into = topics
    article.save_revision().publish()
    draft = ArticlePage.objects.get(pk=article.pk)
    draft.title = "A wet street"
    draft.page_topics.add(factories.PageTopicFactory.build(page=draft, topic=old))
    draft.contributions.add(factories.ContributionFactory.build(page=draft, person=twin, name="A. Person"))
    draft.discussion_host = twin
    draft.save_revision()
    later = factories.ArticlePageFactory(parent=section, live=False)
    later.go_live_at = timezone.now() + timedelta(days=2)
    later.page_topics.add(factories.PageTopicFactory.build(page=later, topic=old))
    later.save_revision().publish()

    assert merge(old, into, by=administrator).drafts == 2
    assert merge(twin, person, by=administrator).drafts == 1

    draft = Page.objects.get(pk=article.pk).get_latest_revision_as_object()
    assert (draft.title, draft.discussion_host_id) == ("A wet street", person.pk)
    assert [row.topic_id for row in draft.page_topics.all()] == [into.pk]
    assert [(row.person_id, row.name) for row in draft.contributions.all()] == [(person.pk, "A. Person")]
    scheduled = Page.objects.get(pk=later.pk).scheduled_revision.as_object()
    assert [row.topic_id for row in scheduled.page_topics.all()] == [into.pk]


def test_page_that_is_unpublished_after_a_merge_comes_back_with_all_its_names(administrator, article, person, twin, topics):
    old, into = topics
    writing = ArticlePage.objects.get(pk=article.pk)
    writing.body = body_naming(old)
    writing.page_topics.add(factories.PageTopicFactory.build(page=writing, topic=old))
    writing.links.add(factories.ContentLinkFactory.build(source=writing, target=old))
    writing.contributions.add(factories.ContributionFactory.build(page=writing, person=twin, name="A. Person"))
    writing.save_revision().publish()

    merge(old, into, by=administrator)
    merge(twin, person, by=administrator)
    ArticlePage.objects.get(pk=article.pk).unpublish()
    Page.objects.get(pk=article.pk).get_latest_revision_as_object().save_revision().publish()

    back = ArticlePage.objects.get(pk=article.pk)
    assert [row.topic_id for row in back.page_topics.all()] == [into.pk]
    assert [row.target_id for row in back.links.all()] == [into.pk]
    assert names_of(back) == [(person.pk, "A. Person", "author")]
    assert back.body.get_prep_value()[2]["value"]["page"] == into.pk


def test_page_whose_references_are_of_a_type_above_its_own_is_renamed_in_too(administrator, article, topics):
    old, into = topics
    article.body = body_naming(old)
    article.save()
    kept_as(ContentPage, article)
    merge(old, into, by=administrator)
    assert ArticlePage.objects.get(pk=article.pk).body.get_prep_value()[2]["value"]["page"] == into.pk


def kept_as(model, page):
    """Have the index of references know the page as one of ``model``, as it does after a row of the page was saved alone."""
    ReferenceIndex.objects.all().delete()
    ReferenceIndex.create_or_update_for_object(model.objects.get(pk=page.pk))


def test_page_named_in_a_text_alone_is_published_anew_with_the_name(administrator, administrator_client, article, topics):
    old, into = topics
    writing = ArticlePage.objects.get(pk=article.pk)
    writing.body = body_naming(old)
    writing.save_revision().publish()

    merge(old, into, by=administrator)
    administrator_client.post(f"/admin/bulk/wagtailcore/page/publish/?id={article.pk}")

    assert ArticlePage.objects.get(pk=article.pk).body.get_prep_value()[2]["value"]["page"] == into.pk


def body_naming(page) -> str:
    """Blocks as they are stored, with the page in a text, in a list of texts, and in a chooser."""
    link = f'<p>As <a id="{page.pk}" linktype="page">they say</a>, and <a id="{page.pk}" linktype="document">more</a>.</p>'
    rows = [
        {"type": "paragraph", "value": link},
        {"type": "key_points", "value": {"points": [{"type": "item", "value": link}]}},
        {"type": "action", "value": {"sentence": "", "text": "Go", "page": page.pk, "address": ""}},
    ]
    return json.dumps([row | {"id": f"00000000-0000-0000-0000-00000000000{n}"} for n, row in enumerate(rows)])


def test_words_and_blocks_that_name_the_page_name_the_other(administrator, article, person, twin):
    article.body = body_naming(twin)
    article.save()
    draft = ArticlePage.objects.get(pk=article.pk)
    draft.title = "Draft"
    draft.save_revision()
    person.biography = f'<p><a id="{twin.pk}" linktype="page">Twin</a></p>'
    person.save()

    result = merge(twin, person, by=administrator)

    assert (result.texts, result.drafts) == (2, 1)
    for page in [ArticlePage.objects.get(pk=article.pk), Page.objects.get(pk=article.pk).get_latest_revision_as_object()]:
        stored = json.dumps(page.body.get_prep_value())
        assert f'id=\\"{twin.pk}\\" linktype=\\"page\\"' not in stored
        assert f'id=\\"{twin.pk}\\" linktype=\\"document\\"' in stored
        assert stored.count(f'id=\\"{person.pk}\\" linktype=\\"page\\"') == 2  # in the paragraph, and in the list
        assert next(row["value"]["page"] for row in page.body.get_prep_value() if row["type"] == "action") == person.pk
    assert PersonPage.objects.get().biography == f'<p><a id="{person.pk}" linktype="page">Twin</a></p>'


def test_text_that_links_to_both_is_renamed_before_the_worker_has_been_through_it(administrator, article, person, twin):
    links = "".join(f'<a id="{page.pk}" linktype="page">{page.title}</a> ' for page in (twin, person))
    article.body = [("paragraph", f"<p>{links}</p>")]
    article.save()
    with disable_reference_index_auto_update():
        merge(twin, person, by=administrator)
    assert f'id="{twin.pk}"' not in ArticlePage.objects.get().body[0].value.source
    assert not ReferenceIndex.objects.filter(to_object_id=str(twin.pk)).exists()
    assert ReferenceIndex.objects.filter(object_id=str(article.pk), to_object_id=str(person.pk)).count() == 1


def test_text_that_the_worker_has_not_been_through_is_renamed_too(administrator, article, person, twin):
    with disable_reference_index_auto_update():
        article.body = body_naming(twin)
        article.save_revision().publish()
        person.biography = f'<p><a id="{twin.pk}" linktype="page">Twin</a></p>'
        person.save_revision().publish()
        assert merge(twin, person, by=administrator).texts == 2
    assert f'id=\\"{twin.pk}\\" linktype=\\"page' not in json.dumps(ArticlePage.objects.get().body.get_prep_value())
    assert f'id="{twin.pk}"' not in PersonPage.objects.get().biography


@pytest.mark.skipif("connection.vendor != 'postgresql'", reason="SQLite has one writer at a time")
def test_pages_and_versions_that_are_rewritten_are_locked_before_they_are_read(administrator, article, person, twin):
    article.body = body_naming(twin)
    article.save_revision().publish()
    article.save_revision()
    with CaptureQueriesContext(connection) as queries:
        merge(twin, person, by=administrator)
    locking = [query["sql"] for query in queries if "FOR UPDATE" in query["sql"]]
    keys = {"wagtailcore_page": article.pk, "wagtailcore_revision": article.get_latest_revision().pk}
    for table, key in keys.items():
        assert any(f'FROM "{table}"' in sql and re.search(rf"IN \([^)]*\b{key}\b", sql) for sql in locking), table


@pytest.fixture
def works_on_people(people):
    """An account that may do everything with profiles, and nothing with other pages."""
    group = Group.objects.create(name="Of people")
    for code in ("add_page", "change_page", "publish_page", "bulk_delete_page"):
        permission = Permission.objects.get(content_type__app_label="wagtailcore", codename=code)
        GroupPagePermission.objects.create(group=group, page=people.page_ptr, permission=permission)
    return in_group("of-people", group.name)


def test_what_is_not_valid_any_more_keeps_two_apart_and_says_why(administrator_client, works_on_people, article, person, twin):
    article.body = body_naming(twin)
    article.save()
    ArticlePage.objects.filter(pk=article.pk).update(summary="")
    answer = administrator_client.post(reverse("pages_merge", args=[twin.pk]), {"into": person.pk})
    [error] = answer.context["form"].errors["into"]
    assert "“A dry street” names it and cannot be saved" in error
    assert PersonPage.objects.count() == 2
    PageViewRestriction.objects.create(page=article.page_ptr, restriction_type="login")
    with pytest.raises(CannotMerge, match="“A page that you may not see” names it"):
        merge(twin, person, by=works_on_people)


def test_account_goes_over_where_the_other_has_none(administrator, reader, person, twin):
    PersonPage.objects.filter(pk=twin.pk).update(user=reader)

    merge(twin, person, by=administrator)

    assert PersonPage.objects.get().user == reader


def test_comments_and_who_follows_them_go_over(administrator, topics):
    old, into = topics
    top = factories.comment(old, text="First.")
    factories.comment(old, text="Second.", reply_to=top, email="bea@readers.example")
    Subscription.objects.create(page=old, scope="page", email="cy@readers.example", person_key="cy")

    assert merge(old, into, by=administrator).comments == 2

    stored = PageComment.objects.order_by("pk").values_list("page_id", "comment", "number", "in_reply_to")
    assert list(stored) == [(into.pk, "First.", 1, None), (into.pk, "Second.", 2, top.pk)]
    assert Subscription.objects.get(person_key="cy").page_id == into.pk


@pytest.mark.parametrize("ended", [False, True])
def test_who_only_asked_stands_in_no_way_of_who_follows_or_has_ended_it(administrator, topics, ended):
    old, into = topics
    now = timezone.now()
    whose = {"scope": "page", "email": "cy@readers.example", "person_key": "cy"}
    Subscription.objects.create(page=old, confirmed_at=now, ended_at=now if ended else None, **whose)
    asked = Subscription.objects.create(page=into, **whose)
    mail = OutgoingMail.objects.create(key="asking", kind="subscribe", to="cy@readers.example", subscription=asked)

    merge(old, into, by=administrator)

    left = Subscription.objects.get()
    assert (left.page_id, left.holds, left.ended_at) == (into.pk, not ended, now if ended else None)
    mail.refresh_from_db()
    assert (mail.state, mail.subscription) == (OutgoingMail.State.DROPPED, None)


def test_link_in_a_mail_about_what_was_merged_ends_what_took_its_place(client, administrator, section, topics):
    now, whose = timezone.now(), {"scope": "page", "email": "cy@readers.example", "person_key": "cy"}
    pages = [*topics, factories.TopicPageFactory(parent=section)]
    first, second, last = (Subscription.objects.create(page=page, confirmed_at=now, **whose) for page in pages)
    other = Subscription.objects.create(page=pages[0], confirmed_at=now, **whose | {"person_key": "dee"})
    links = [reverse("discussion:unsubscribe", args=[tokens.ending(row)]) for row in (first, second, last)]

    merge(pages[0], pages[1], by=administrator)
    merge(pages[1], pages[2], by=administrator)

    for link in links:
        Subscription.objects.update(ended_at=None)
        assert "Press the button" in client.get(link).content.decode()
        client.post(link, {"List-Unsubscribe": "One-Click"})
        assert dict(Subscription.objects.values_list("person_key", "page_id")) == {"cy": pages[2].pk, "dee": pages[2].pk}
        assert [row.person_key for row in Subscription.objects.exclude(ended_at=None)] == ["cy"]
    link = reverse("discussion:unsubscribe", args=[tokens.ending(other)])
    assert client.post(link).status_code == 200


def test_comments_that_cannot_go_keep_all_as_it_is(administrator, article, topics):
    old, into = topics
    factories.comment(old)
    factories.PageTopicFactory(page=article, topic=old)
    into.discussion_mode = "off"
    into.save()

    with pytest.raises(CannotMerge, match="cannot be moved"):
        merge(old, into, by=administrator)

    assert article.page_topics.get().topic_id == old.pk


def test_it_is_told_in_the_history_of_the_page_that_stays(administrator_client, administrator, topics):
    old, into = topics
    merge(old, into, by=administrator)

    entry = PageLogEntry.objects.get(action="pages.merge")
    assert (entry.page_id, entry.user, entry.data["title"], entry.data["id"]) == (into.pk, administrator, "Roads", old.pk)
    shown = administrator_client.get(reverse("wagtailadmin_pages:history", args=[into.pk])).content.decode()
    assert "“Roads” (/everything/roads) was merged into this page" in shown


def test_index_of_references_stays_true(administrator, article, topics):
    old, into = topics
    factories.PageTopicFactory(page=article, topic=old)
    ReferenceIndex.create_or_update_for_object(ArticlePage.objects.get(pk=article.pk))
    assert ReferenceIndex.get_references_to(old).count() == 1

    merge(old, into, by=administrator)

    assert not ReferenceIndex.objects.filter(to_object_id=str(old.pk), to_content_type__model="page").exists()
    before = set(ReferenceIndex.objects.filter(object_id=str(article.pk)).values_list("to_object_id", "model_path"))
    ReferenceIndex.create_or_update_for_object(ArticlePage.objects.get(pk=article.pk))
    assert set(ReferenceIndex.objects.filter(object_id=str(article.pk)).values_list("to_object_id", "model_path")) == before


REFUSED = {
    "itself": (lambda topics, person: topics[0], "cannot be merged into itself"),
    "another type": (lambda topics, person: person, "Only two people, or two topics"),
    "an alias": (
        lambda topics, person: topics[1].create_alias(parent=topics[1].get_parent(), update_slug="again"),
        "Only two people, or two topics",
    ),
}


@pytest.mark.parametrize("case", REFUSED)
def test_what_cannot_be_merged_is_refused_in_words(administrator, topics, person, case):
    make, words = REFUSED[case]
    into = make(topics, person)

    with pytest.raises(CannotMerge, match=words):
        merge(topics[0], into, by=administrator)
    assert TopicPage.objects.filter(pk=topics[0].pk).exists()


def test_public_page_is_not_merged_into_a_draft(administrator, topics):
    into = Page.objects.get(pk=topics[1].pk)
    into.unpublish()

    with pytest.raises(CannotMerge, match="is not public"):
        merge(topics[0], into, by=administrator)


@pytest.mark.parametrize("sent_back", [False, True])
@pytest.mark.parametrize("place", [0, 1])
def test_page_in_a_workflow_is_not_merged(administrator, topics, place, sent_back):
    factories.workflow_state(topics[place], administrator, sent_back=sent_back)

    with pytest.raises(CannotMerge, match="in a workflow"):
        merge(*topics, by=administrator)


def test_only_who_may_delete_and_publish_merges(editor, publisher, topics, article):
    old, into = topics
    url = reverse("pages_merge", args=[old.pk])

    assert client_of(editor).post(url, {"into": into.pk}).status_code == 302  # home, with a word of refusal
    assert TopicPage.objects.count() == 2
    assert client_of(publisher).get(reverse("pages_merge", args=[article.pk])).status_code == 302
    assert client_of(publisher).get(reverse("pages_merge", args=[10**20])).status_code == 404
    assert client_of(publisher).post(url, {"into": into.pk}).status_code == 302
    assert TopicPage.objects.count() == 1


@pytest.mark.parametrize("into", ["", "x", "999999", "9" * 40, "-1"])
def test_bad_choice_is_answered_on_the_screen(administrator_client, topics, into):
    url = reverse("pages_merge", args=[topics[0].pk])
    for answer in [administrator_client.get(url, {"into": into}), administrator_client.post(url, {"into": into})]:
        assert answer.status_code == 200
        assert "w-field__errors" in answer.content.decode()
    assert TopicPage.objects.count() == 2


def test_page_that_an_account_may_not_be_told_of_is_not_named(publisher, topics, home):
    Group.objects.get(name="Publishers").page_permissions.exclude(page=None).update(page=topics[0].get_parent())
    elsewhere = factories.SectionPageFactory(parent=home, slug="elsewhere")
    hidden = factories.TopicPageFactory(parent=elsewhere, title="canary elsewhere", live=False)
    url = reverse("pages_merge", args=[topics[0].pk])

    for answer in [client_of(publisher).get(url, {"into": hidden.pk}), client_of(publisher).post(url, {"into": hidden.pk})]:
        assert "w-field__errors" in answer.content.decode()
        assert "canary elsewhere" not in answer.content.decode()


def test_button_is_in_the_menus_of_people_and_topics_alone(administrator_client, topics, article, person):
    for page, there in [(topics[0], True), (person, True), (article, False)]:
        shown = administrator_client.get(reverse("wagtailadmin_pages:edit", args=[page.pk])).content.decode()
        assert (reverse("pages_merge", args=[page.pk]) in shown) == there


def test_merge_of_many_pages_asks_little_more_than_of_few(administrator, section, django_assert_max_num_queries):
    costs = []
    for count in (1, 2, 12):  # the first fills caches
        old, into = (factories.TopicPageFactory(parent=section, slug=f"{name}-{count}") for name in ("old", "into"))
        for _n in range(count):
            factories.PageTopicFactory(page=factories.ArticlePageFactory(parent=section), topic=old)
        with django_assert_max_num_queries(400) as queries:
            merge(old, into, by=administrator)
        costs.append(len(queries))
    assert costs[1] == costs[2]
