"""Changing many pages at once: what is asked, what is changed in which version, and who may."""

import json
from datetime import timedelta

import pytest
from django.contrib.auth.models import Permission
from django.urls import reverse
from django.utils import timezone
from wagtail.models import GroupPagePermission, Page, PageLogEntry

from pages.bulk import work
from pages.bulk.changes import Contributor, Link, Parts, Topics, read, written
from pages.models import ArticlePage, BulkChange, LinkKind
from tests import factories
from tests.conftest import client_of, in_group
from tests.pages.counting import queries_of

pytestmark = pytest.mark.django_db


@pytest.fixture
def topic(section):
    return factories.TopicPageFactory(parent=section, title="Streets", slug="streets")


@pytest.fixture
def articles(section):
    return [factories.ArticlePageFactory(parent=section, title=f"Article {n}", slug=f"article-{n}") for n in range(3)]


class NobodyWorks:
    @staticmethod
    def enqueue(key):
        """What is handed to a worker that is away."""


def address(action, pages, **query) -> str:
    ids = "".join(f"&id={page if isinstance(page, str) else page.pk}" for page in pages)
    more = "".join(f"&{name}={value}" for name, value in query.items())
    return f"{reverse('wagtail_bulk_action', args=['wagtailcore', 'page', action])}?next=/admin/{ids}{more}"


def topics_of(page) -> list[str]:
    return [row.topic.title for row in ArticlePage.objects.get(pk=page.pk).page_topics.all()]


def topics_in_draft(page) -> list[str]:
    return [row.topic.title for row in Page.objects.get(pk=page.pk).get_latest_revision_as_object().page_topics.all()]


def test_topic_is_set_on_many_pages_and_taken_away_again(administrator_client, articles, topic):
    answer = administrator_client.post(address("topics", articles), {"how": "add", "topics": topic.pk}, follow=True)

    assert answer.status_code == 200
    assert "3 of 3 looked at, 3 changed." in answer.content.decode()
    assert [topics_of(page) for page in articles] == [["Streets"]] * 3
    assert not any(page.has_unpublished_changes for page in ArticlePage.objects.all())
    said = PageLogEntry.objects.filter(action="pages.change_together").values_list("data", flat=True)
    assert [entry["words"] for entry in said] == ["Topics added: Streets"] * 3

    administrator_client.post(address("topics", articles[:2]), {"how": "remove", "topics": topic.pk})
    assert [topics_of(page) for page in articles] == [[], [], ["Streets"]]


def test_contributor_is_set_with_the_name_as_printed(administrator_client, articles, person):
    form = {"how": "add", "person": person.pk, "role": "reviewer"}
    administrator_client.post(address("contributor", articles), form)
    administrator_client.post(address("contributor", articles), form)

    rows = [(row.name, row.role) for page in articles for row in ArticlePage.objects.get(pk=page.pk).contributions.all()]
    assert rows == [("Ada Person", "reviewer")] * 3

    administrator_client.post(address("contributor", articles), form | {"how": "remove"})
    assert not any(page.contributions.exists() for page in articles)


@pytest.mark.parametrize(
    ("role", "other", "stays"), [("interviewee", "", True), ("interviewee", "A.P.", False), ("author", "", False)]
)
def test_contributor_whose_words_stand_in_the_text_is_not_taken_away(administrator, section, person, role, other, stays):
    turn = [{"type": "exchange", "value": {"label": "A.P.", "text": "<p>It rained.</p>"}}]
    page = factories.InterviewPageFactory(parent=section, body=json.dumps(turn))
    factories.ContributionFactory(page=page, person=person, role=role, label="A.P.")
    if other:
        factories.ContributionFactory(page=page, name="Another", role="interviewer", label=other)

    job = work.start(Contributor(person.pk, role, remove=True), [page.pk], "x", by=administrator)

    assert page.contributions.filter(person=person).exists() is stays
    assert job.left == ([[page.pk, "Words in the text stand under the label “A.P.”."]] if stays else [])


def test_many_pages_are_linked_to_one_and_not_that_one_to_itself(administrator_client, articles):
    form = {"kind": LinkKind.RESPONDS_TO, "target": articles[0].pk}
    answer = administrator_client.post(address("link", articles), form, follow=True).content.decode()

    assert [[(row.target_id, row.kind) for row in page.links.all()] for page in articles] == [
        [],
        [(articles[0].pk, "responds-to")],
        [(articles[0].pk, "responds-to")],
    ]
    assert "3 of 3 looked at, 2 changed." in answer
    assert "A page cannot link to itself." in answer


def test_many_pages_become_parts_of_a_series_after_those_it_has(administrator_client, articles, section):
    series = factories.SeriesPageFactory(parent=section, title="Set", slug="set")
    factories.SeriesItemFactory(series=series, page=articles[1], sort_order=4)

    administrator_client.post(address("series", [*articles, series]), {"series": series.pk})

    assert [item.page_id for item in series.items.all()] == [articles[1].pk, articles[0].pk, articles[2].pk]
    assert not ArticlePage.objects.filter(latest_revision__isnull=False).exists()


def test_unfinished_words_are_neither_published_nor_lost(administrator, article, topic):
    article.save_revision().publish()
    draft = ArticlePage.objects.get(pk=article.pk)
    draft.title = "A wet street"
    draft.save_revision()

    work.start(Topics([topic.pk]), [article.pk], "x", by=administrator)

    stored = ArticlePage.objects.get(pk=article.pk)
    assert (stored.title, stored.has_unpublished_changes, topics_of(article)) == ("A dry street", True, ["Streets"])
    assert (stored.get_latest_revision_as_object().title, topics_in_draft(article)) == ("A wet street", ["Streets"])


def test_what_is_scheduled_stays_scheduled_and_holds_the_change(administrator, article, topic):
    article.save_revision().publish()
    later = ArticlePage.objects.get(pk=article.pk)
    later.title, later.go_live_at = "A wet street", timezone.now().replace(microsecond=0) + timedelta(days=3)
    later.save_revision().publish()
    assert Page.objects.get(pk=article.pk).scheduled_revision is not None

    work.start(Topics([topic.pk]), [article.pk], "x", by=administrator)

    stored = ArticlePage.objects.get(pk=article.pk)
    scheduled = stored.scheduled_revision
    assert (stored.title, stored.live, stored.go_live_at, topics_of(article)) == ("A dry street", True, None, ["Streets"])
    assert scheduled.approved_go_live_at == later.go_live_at
    assert scheduled.pk == stored.latest_revision_id
    assert [row.topic_id for row in scheduled.as_object().page_topics.all()] == [topic.pk]


def test_draft_that_was_never_public_stays_one(administrator, section, topic):
    draft = factories.ArticlePageFactory(parent=section, live=False)
    draft.save_revision()

    work.start(Topics([topic.pk]), [draft.pk], "x", by=administrator)

    assert not ArticlePage.objects.get(pk=draft.pk).live
    assert topics_in_draft(draft) == ["Streets"]


def test_who_may_not_publish_changes_the_draft_alone(editor, article, topic):
    work.start(Topics([topic.pk]), [article.pk], "x", by=editor)

    assert (topics_of(article), topics_in_draft(article)) == ([], ["Streets"])
    assert ArticlePage.objects.get(pk=article.pk).has_unpublished_changes


def test_pages_that_cannot_be_changed_are_named_with_the_reason(editor, article, section, topic):
    locked = factories.ArticlePageFactory(parent=section, title="Locked", locked=True)
    alias = article.create_alias(parent=section, update_slug="twice")

    shown = client_of(editor).get(address("topics", [article, locked, alias, section, topic])).content.decode()

    for words in [
        "Locked: is locked",
        "is an alias: change its original",
        "Everything: has nothing of this kind",
        "Streets: has nothing of this kind",
        "Change 1 page",
    ]:
        assert words in shown, words


@pytest.mark.parametrize(
    ("sent_back", "why"), [(False, "is waiting for approval in a workflow"), (True, "was sent back in a workflow")]
)
def test_workflow_of_a_page_is_not_ended_by_a_change(administrator, administrator_client, article, topic, sent_back, why):
    state = factories.workflow_state(article, administrator, sent_back=sent_back)

    assert f"A dry street: {why}" in administrator_client.get(address("topics", [article])).content.decode()
    job = work.start(Topics([topic.pk]), [article.pk], "x", by=administrator)

    assert (job.changed_count, job.left) == (0, [[article.pk, why]])
    assert Page.objects.get(pk=article.pk).current_workflow_state == state


def test_pages_of_others_are_neither_changed_nor_named(home, article, topic):
    elsewhere = factories.SectionPageFactory(parent=home, title="Elsewhere", slug="elsewhere")
    hidden = factories.ArticlePageFactory(parent=elsewhere, title="canary elsewhere", live=False)
    own = in_group("outsider")
    own.groups.create(name="Streets only")
    group = own.groups.get()
    group.permissions.add(*_admin_access())
    GroupPagePermission.objects.create(group=group, page=article.get_parent(), permission_type="change")

    answer = client_of(own).get(address("topics", [article, hidden])).content.decode()
    assert "canary elsewhere" not in answer
    client_of(own).post(address("topics", [article, hidden]), {"how": "add", "topics": topic.pk})
    assert (topics_in_draft(article), hidden.page_topics.count()) == (["Streets"], 0)


@pytest.mark.parametrize(("action", "field"), [("contributor", "person"), ("link", "target"), ("series", "series")])
def test_page_that_an_account_may_not_be_told_of_is_no_choice_and_is_not_named(home, section, people, articles, action, field):
    elsewhere = factories.SectionPageFactory(parent=home, title="Elsewhere", slug="elsewhere")
    make, parent = {
        "person": (factories.PersonPageFactory, people),
        "target": (factories.ArticlePageFactory, elsewhere),
        "series": (factories.SeriesPageFactory, elsewhere),
    }[field]
    hidden = make(parent=parent, title="canary elsewhere", live=False)
    own = in_group("outsider")
    group = own.groups.create(name="Streets only")
    group.permissions.add(*_admin_access())
    GroupPagePermission.objects.create(group=group, page=section, permission_type="change")

    form = {"how": "add", "role": "author", "kind": "related-to", field: hidden.pk}
    answer = client_of(own).post(address(action, articles), form, follow=True)

    assert "w-field__errors" in answer.content.decode()
    assert "canary elsewhere" not in answer.content.decode()
    assert not BulkChange.objects.exists()


def _admin_access():

    return Permission.objects.filter(content_type__app_label="wagtailadmin", codename="access_admin")


def test_all_in_the_listing_means_those_that_its_filter_leaves(administrator_client, admin_search, section, articles, topic):
    factories.PublicationPageFactory(parent=section, title="Report")
    query = {"childOf": section.pk, "q": "Article"}

    shown = administrator_client.get(address("contributor", ["all"], **query)).content.decode()
    assert "Change 3 pages" in shown
    everything = administrator_client.get(address("contributor", ["all"], childOf=section.pk)).content.decode()
    assert "Change 5 pages" in everything


@pytest.mark.parametrize(
    "form",
    [{}, {"how": "add"}, {"how": "add", "topics": "999999"}, {"how": "x", "topics": "1"}, {"how": "add", "topics": "9" * 30}],
)
def test_bad_choice_is_answered_where_it_was_made(administrator_client, articles, topic, form):
    answer = administrator_client.post(address("topics", articles), form)

    assert answer.status_code == 200
    assert "w-field__errors" in answer.content.decode()
    assert not BulkChange.objects.exists()


@pytest.mark.parametrize("value", ["x", "9" * 40, "-1", "\x00"])
@pytest.mark.parametrize(("action", "field"), [("contributor", "person"), ("link", "target"), ("series", "series")])
def test_what_can_be_no_page_is_answered_in_words(administrator_client, articles, action, field, value):
    answer = administrator_client.post(address(action, articles), {"how": "add", field: value})

    assert (answer.status_code, "w-field__errors" in answer.content.decode()) == (200, True)


@pytest.mark.parametrize("key", ["", "x", "-1", "9" * 30, "999999"])
def test_key_of_no_page_is_not_found(administrator_client, key):
    assert administrator_client.get(address("topics", [key])).status_code == 404


def test_change_of_more_than_a_few_is_left_to_the_worker_and_taken_up_when_broken_off(
    administrator, articles, topic, monkeypatch
):
    monkeypatch.setattr(work, "AT_ONCE", 2)
    monkeypatch.setattr(work, "run_bulk_change", NobodyWorks)

    job = work.start(Topics([topic.pk]), [page.pk for page in articles], "x", by=administrator)
    assert (job.done_count, job.finished_at) == (0, None)
    work._next_portion(job.pk)
    work.go_on()
    assert BulkChange.objects.get().done_count == 2
    work.go_on(timezone.now() + timedelta(minutes=3))

    job.refresh_from_db()
    assert (job.done_count, job.changed_count, job.finished_at is not None) == (3, 3, True)
    assert [topics_of(page) for page in articles] == [["Streets"]] * 3


def test_progress_is_shown_to_whom_began_it_alone(administrator_client, administrator, publisher_client, articles, topic):
    job = work.start(Topics([topic.pk]), [page.pk for page in articles], "Topics added", by=administrator)

    assert administrator_client.get(reverse("pages_bulk_change", args=[job.pk])).status_code == 200
    assert publisher_client.get(reverse("pages_bulk_change", args=[job.pk])).status_code == 404
    assert administrator_client.get(reverse("pages_bulk_change", args=[10**30])).status_code == 404


def test_old_lists_are_forgotten_and_unfinished_ones_are_not(administrator, articles, topic):
    done = work.start(Topics([topic.pk]), [articles[0].pk], "x", by=administrator)
    BulkChange.objects.create(change={}, words="", chosen=[1], by=administrator, created_at=timezone.now() - timedelta(days=99))

    work.forget_old(timezone.now() + timedelta(days=31))

    assert [job.pk == done.pk for job in BulkChange.objects.all()] == [False]


def test_page_deleted_meanwhile_is_passed_over(administrator, articles, topic):
    key = articles[0].pk
    articles[0].delete()

    job = work.start(Topics([topic.pk]), [key, articles[1].pk], "x", by=administrator)

    assert (job.changed_count, job.left) == (1, [[key, "is no longer there"]])


@pytest.mark.parametrize("change", [Topics([999_999]), Contributor(999_999, "author"), Link(999_999, "related-to")])
def test_what_was_deleted_after_it_was_chosen_changes_nothing(administrator, articles, change):
    job = work.start(change, [page.pk for page in articles], "x", by=administrator)

    assert (job.done_count, job.changed_count) == (3, 0)
    assert {why for _page, why in job.left} == {"what was chosen for it is no longer there"}


def test_part_that_was_deleted_meanwhile_is_left_out(administrator, articles, section):
    series, gone = factories.SeriesPageFactory(parent=section), articles[0].pk
    articles[0].delete()

    work.start(Parts([gone, articles[1].pk]), [series.pk], "x", by=administrator)

    assert [item.page_id for item in series.items.all()] == [articles[1].pk]


def test_change_that_fails_keeps_no_other_from_being_taken_up(administrator, articles, topic):
    old = timezone.now() - timedelta(hours=1)
    values = {"words": "x", "chosen": [articles[0].pk], "by": administrator}
    BulkChange.objects.create(change={"name": "unheard of"}, created_at=old - timedelta(minutes=1), **values)
    BulkChange.objects.create(change=written(Topics([topic.pk])), created_at=old, **values)

    work.go_on()

    assert topics_of(articles[0]) == ["Streets"]


def test_more_than_can_be_done_and_lists_without_a_section_are_refused_in_words(administrator_client, articles, monkeypatch):
    monkeypatch.setattr(work, "MOST", 2)
    for chosen, words in [(articles, "No more than 2 pages at once."), (["all"], "not all of a list")]:
        answer = administrator_client.get(address("topics", chosen), follow=True)
        assert answer.redirect_chain == [("/admin/", 302)]
        assert words in answer.content.decode()


def test_confirming_screen_asks_as_much_for_many_pages_as_for_few(administrator_client, section, topic):
    def pages(count):
        return [factories.ArticlePageFactory(parent=section) for _ in range(count)]

    few, many = pages(2), pages(12)
    assert queries_of(administrator_client, address("topics", few)) == queries_of(administrator_client, address("topics", many))


@pytest.mark.parametrize("change", [Topics([1, 2], remove=True), Contributor(3, "author"), Link(4, "related-to"), Parts([5])])
def test_change_is_the_same_after_it_was_written_down(change):
    assert read(written(change)) == change
