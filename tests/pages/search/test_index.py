"""The index follows what readers may see, by marks that requests leave and the worker reads."""

import datetime
import logging

import pytest
from django.core.management import call_command
from django.db import DatabaseError, connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from wagtail.models import Page, PageViewRestriction

from pages.merging.merge import merge
from pages.models import SearchEntry, SearchPassage, SearchWord, StaleEntry
from pages.search import gathering, indexing, store
from tests import factories

pytestmark = pytest.mark.django_db


def entries() -> set[str]:
    return set(SearchEntry.objects.values_list("title", flat=True))


@pytest.fixture
def indexed(article):
    indexing.catch_up()
    return article


def test_publishing_leaves_a_mark_and_touches_the_index_not_at_all(indexed):
    indexed.title = "A wet street"
    revision = indexed.save_revision()
    with CaptureQueriesContext(connection) as asked:
        revision.publish()
    assert [query["sql"] for query in asked if "pages_search" in query["sql"]] == []
    assert {mark.page_id for mark in StaleEntry.objects.all()} == {indexed.pk}


def test_draft_leaves_no_mark(indexed):
    indexed.title = "A wet street"
    indexed.save_revision()
    assert not StaleEntry.objects.exists()


def test_published_page_is_indexed_with_its_passages(indexed):
    assert indexed.title in entries()
    assert SearchPassage.objects.filter(entry=indexed.pk).count() == len(list(gathering.passages(indexed.body)))


@pytest.mark.parametrize("act", ["unpublish", "delete"])
def test_page_that_goes_leaves_the_index(indexed, act):
    getattr(indexed, act)()
    indexing.catch_up()
    assert indexed.title not in entries()
    assert not SearchPassage.objects.filter(entry=indexed.pk).exists()


def test_page_becomes_private_and_public_again_with_what_stands_above_it(section, indexed):
    restriction = PageViewRestriction.objects.create(page=section, restriction_type="login")
    indexing.catch_up()
    assert indexed.title not in entries()
    restriction.delete()
    indexing.catch_up()
    assert indexed.title in entries()


def test_page_moved_beneath_a_private_one_leaves_the_index(home, indexed):
    private = factories.SectionPageFactory(parent=home, title="Private")
    PageViewRestriction.objects.create(page=private, restriction_type="login")
    indexed.move(private, pos="last-child")
    indexing.catch_up()
    assert indexed.title not in entries()


def test_pages_are_found_by_the_new_title_of_their_topic(client, section, indexed):
    topic = factories.TopicPageFactory(parent=section, title="Floods", summary="-")
    factories.PageTopicFactory(page=indexed, topic=topic)
    topic.title = "Culverts"
    topic.save_revision().publish()
    indexing.catch_up()
    assert {result.page.pk for result in client.get("/search/?q=culvert").context["results"]} == {topic.pk, indexed.pk}


@pytest.fixture
def topic(home, section, indexed):
    """Stands in a section of its own, with a page beneath it in another."""
    topic = factories.TopicPageFactory(parent=factories.SectionPageFactory(parent=home, title="Topics"), title="Culverts")
    factories.PageTopicFactory(page=indexed, topic=topic)
    indexing.mark(indexed.pk)
    indexing.catch_up()
    return topic


def found(client, words) -> list[str]:
    indexing.catch_up()
    return sorted(result.page.title for result in client.get("/search/", {"q": words}).context["results"])


@pytest.mark.parametrize("deleted", ["topic", "section"])
def test_pages_lose_the_words_of_a_topic_that_is_deleted(client, indexed, topic, deleted):
    """Also when what it stands in goes, with other pages beneath it."""
    beside = factories.ArticlePageFactory(parent=topic.get_parent(), title="Beside")
    factories.PageTopicFactory(page=beside, topic=topic)
    assert found(client, "culvert") == [indexed.title, beside.title, topic.title]
    Page.objects.get(pk=topic.pk if deleted == "topic" else topic.get_parent().pk).delete()
    assert found(client, "culvert") == []
    assert found(client, "street") == [indexed.title]


def test_pages_have_the_words_of_the_topic_that_theirs_was_merged_into(client, administrator, section, indexed, topic):
    into = factories.TopicPageFactory(parent=section, title="Sluices")
    assert found(client, "culvert") == [indexed.title, topic.title]
    merge(Page.objects.get(pk=topic.pk), Page.objects.get(pk=into.pk), by=administrator)
    assert found(client, "culvert") == []
    assert found(client, "sluice") == [indexed.title, into.title]


@pytest.mark.parametrize(
    "values", [{"live": False}, {"expire_at": timezone.now() - datetime.timedelta(hours=1)}], ids=["hidden", "expired"]
)
def test_what_changed_without_a_mark_is_found_out_and_put_right(indexed, values):
    Page.objects.filter(pk=indexed.pk).update(**values)
    assert indexing.find_changes() == 1
    indexing.catch_up()
    assert indexed.title not in entries()
    assert indexing.find_changes() == 0


def test_page_that_is_missing_from_the_index_is_found_out(indexed):
    SearchEntry.objects.filter(pk=indexed.pk).delete()
    assert indexing.find_changes() == 1
    indexing.catch_up()
    assert indexed.title in entries()


def test_page_that_cannot_be_read_keeps_no_other_from_being_found(section, monkeypatch, caplog):
    broken = factories.ArticlePageFactory(parent=section, title="Broken")
    factories.ArticlePageFactory(parent=section, title="Whole")

    def gather(page, names):
        if page.pk == broken.pk:
            raise ValueError("a body that nobody can read")
        return gathering.gather(page, names)

    monkeypatch.setattr(indexing, "gather", gather)
    with caplog.at_level(logging.CRITICAL, logger="pages.search.indexing"):
        indexing.catch_up()
    assert "Whole" in entries()
    assert "Broken" not in entries()
    assert not StaleEntry.objects.exists()


def test_everything_is_indexed_anew_by_wagtails_command(indexed):
    SearchEntry.objects.all().delete()
    call_command("update_index", verbosity=0)
    assert indexed.title in entries()


def test_words_that_no_page_holds_any_more_are_forgotten(section, indexed):
    page = factories.ArticlePageFactory(parent=section, title="Zwiebelmuster")
    indexing.catch_up()
    assert SearchWord.objects.filter(word="zwiebelmuster").exists()
    page.delete()
    indexing.forget_words()
    assert not SearchWord.objects.filter(word="zwiebelmuster").exists()
    assert SearchWord.objects.filter(word="street").exists()


def test_word_that_a_page_brings_while_words_are_forgotten_stays(indexed, monkeypatch):
    backend, asked = store.chosen(), []

    def occurs(stem, entries):  # as it was before, when asked for the first time
        asked.append(stem)
        return 0 if asked.count(stem) == 1 else original(stem, entries)

    original = backend.occurs
    monkeypatch.setattr(backend, "occurs", occurs)
    kept = set(SearchWord.objects.values_list("word", flat=True))
    indexing.forget_words()
    assert set(SearchWord.objects.values_list("word", flat=True)) == kept != set()


def test_alias_is_not_indexed(home, indexed):
    indexed.create_alias(parent=factories.SectionPageFactory(parent=home))
    indexing.catch_up()
    assert SearchEntry.objects.filter(title=indexed.title).count() == 1


def test_topic_that_readers_may_not_see_lends_its_pages_no_words(client, section, indexed):
    topic = factories.TopicPageFactory(parent=section, title="Culverts")
    PageViewRestriction.objects.create(page=topic, restriction_type="login")
    factories.PageTopicFactory(page=indexed, topic=topic)
    indexing.mark(indexed.pk)
    indexing.catch_up()
    assert client.get("/search/?q=culvert").context["results"] == []


def test_page_that_cannot_be_written_keeps_no_other_from_being_found(section, monkeypatch, caplog):
    broken = factories.ArticlePageFactory(parent=section, title="Broken")
    factories.ArticlePageFactory(parent=section, title="Whole")
    write = indexing.write

    def fail(page, *args):
        if page.pk == broken.pk:
            raise DatabaseError("string is too long for tsvector")
        write(page, *args)

    monkeypatch.setattr(indexing, "write", fail)
    with caplog.at_level(logging.CRITICAL, logger="pages.search.indexing"):
        indexing.catch_up()
    assert "Whole" in entries()
    assert not StaleEntry.objects.exists()


def test_words_of_a_page_that_could_not_be_written_are_kept_for_the_next_that_has_them(section, monkeypatch, caplog):
    for title in ("Zwiebelmuster", "Zwiebelmuster again"):
        factories.ArticlePageFactory(parent=section, title=title)
    remember, failures = indexing._remember, [DatabaseError("disk full")]

    def fail_once(spelled):
        remember(spelled)
        if failures:
            raise failures.pop()

    monkeypatch.setattr(indexing, "_remember", fail_once)
    with caplog.at_level(logging.CRITICAL, logger="pages.search.indexing"):
        indexing.rebuild()
    assert entries() == {"Zwiebelmuster again"}
    assert SearchWord.objects.filter(word="zwiebelmuster").exists()


def test_pages_of_one_lot_are_read_together(section, person, topic):
    def asked(many):
        for _ in range(many):
            page = factories.ArticlePageFactory(parent=section, title="Zwiebelmuster", slug=f"pattern-{len(keys)}")
            factories.ContributionFactory(page=page, person=person)
            factories.PageTopicFactory(page=page, topic=topic)
            keys.append(page.pk)
        with CaptureQueriesContext(connection) as queries:
            indexing.update(keys, kept)
        return [query["sql"] for query in queries if query["sql"].startswith("SELECT")]

    keys, kept = [], set()
    asked(1)
    few, many = asked(1), asked(5)
    assert len(many) == len(few) > 0


def test_words_that_many_pages_share_are_looked_up_once(section):
    for number in range(3):
        factories.ArticlePageFactory(parent=section, title=f"Zwiebelmuster {number}")
    with CaptureQueriesContext(connection) as asked:
        indexing.rebuild()
    spelling = [query["sql"] for query in asked if SearchWord._meta.db_table in query["sql"] and "zwiebelmuster" in query["sql"]]
    assert [sql.split()[0] for sql in spelling] == ["SELECT", "INSERT"]


@pytest.mark.skipif(connection.vendor == "postgresql", reason="PostgreSQL takes no such body")
def test_half_of_a_sign_in_a_body_is_indexed_without_it(section):
    page = factories.ArticlePageFactory(parent=section, title="A page", body=[("paragraph", "<p>culvert \ud83d water</p>")])
    indexing.catch_up()
    assert SearchPassage.objects.get(entry=page.pk).text == "culvert water"


def test_very_many_different_words_find_room(section):
    text = " ".join(f"w{number:x}" for number in range(120_000))
    page = factories.ArticlePageFactory(parent=section, title="Numbers", body=[("paragraph", f"<p>{text}</p>")])
    indexing.catch_up()
    assert page.title in entries()


def test_text_that_was_read_before_it_was_published_anew_is_found_out(indexed):
    read = timezone.now()
    indexed.title = "A wet street"
    indexed.save_revision().publish()
    indexing.catch_up()
    late = type(indexed).objects.get(pk=indexed.pk)
    late.title = "A dry street"
    indexing.write(late, gathering.gather(late), read - datetime.timedelta(minutes=1), set())
    assert indexing.find_changes() == 1


@pytest.mark.skipif(connection.vendor != "postgresql", reason="SQLite keeps the words in a table of their own")
def test_rows_are_short_since_their_vectors_stand_apart():
    with connection.cursor() as cursor:
        cursor.execute("SELECT reloptions FROM pg_class WHERE relname = %s", [SearchEntry._meta.db_table])
        assert cursor.fetchone()[0] == ["toast_tuple_target=128"]


def test_whatever_keeps_the_words_beside_the_rows_is_there():
    """A later change of these tables makes them anew on SQLite, without what was tied to them."""
    with connection.cursor() as cursor:
        if connection.vendor == "sqlite":
            cursor.execute("SELECT name FROM sqlite_master WHERE type = 'trigger'")
            expected = {"forget_entry", "forget_passage", "forget_word", "spell_word", "forget_comment_words"}
        else:
            cursor.execute("SELECT indexname FROM pg_indexes WHERE indexname LIKE 'search\\_%%'", [])
            expected = {f"search_{name}" for name in ("head", "words", "passages", "spelling", "comments")}
        assert expected <= {name for (name,) in cursor.fetchall()}
