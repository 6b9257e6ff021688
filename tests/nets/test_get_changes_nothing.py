"""Reading changes nothing: no address, ours or Wagtail's, acts on a link, a picture's address or a prefetch."""

from fnmatch import fnmatchcase

from django.test import Client
from django.urls import reverse

from discussion import tokens
from tests.nets import world as worlds
from tests.nets.writes import state_of_tables, written_tables

# What a GET may write after all: the address, the table, and why. Only the first is done by a view of ours.
EXCEPTIONS = [
    ("search", "pages_searchrecord", "what was searched for, without who did: a count for editors that acts on nothing"),
    ("*", "wagtailimages_rendition", "a picture in the size of its place is made when it is first shown, and kept"),
    ("wagtailadmin_pages:edit", "wagtailadmin_editingsession", "Wagtail tells editors who else has the page open"),
    ("wagtailadmin_pages:revisions_revert", "wagtailadmin_editingsession", "the same editor, on an older revision"),
    ("wagtailsnippets_*:edit", "wagtailadmin_editingsession", "the same of a snippet"),
    ("wagtailadmin_account", "wagtailusers_userprofile", "the row behind the account's own preferences"),
    ("wagtailadmin_pages:edit", "wagtailcore_pagesubscription", "the row behind the editor's “notify me” box"),
]

# Words that might move one of our views to act.
QUERY = "q=street&page=2&after=1&reply_to=1&about=x&posted&type=article&topic=x&year=2026&approve=1&delete=1&action=remove"


def read_everything(world, visitor) -> set[tuple[str, str, str]]:
    """Ask for every address by GET and HEAD; ``(method, address, table)`` of all that was written meanwhile."""
    found = set()
    for case in worlds.cases(world):
        paths = [case.path]
        if case.is_ours:
            paths += [f"{case.path}{'&' if '?' in case.path else '?'}{query}" for query in (QUERY, "q=street")]
        for path in paths:
            for method in ("GET", "HEAD"):
                with written_tables() as tables:
                    visitor.ask(method, path)
                found |= {(method, case.key, table) for table in tables}
    return found


def exceptions_for(written) -> set[tuple[str, str, str]]:
    _method, address, table = written
    return {entry for entry in EXCEPTIONS if fnmatchcase(address, entry[0]) and table == entry[1]}


def changed_tables(before, after) -> set[str]:
    return {table for table in before if before[table] != after[table]}


def test_a_passer_by_changes_nothing_by_reading(world, visitor_as):
    visitor = visitor_as("anonymous")
    before = state_of_tables()

    written = read_everything(world, visitor)

    assert {entry for entry in written if not exceptions_for(entry)} == set()
    assert changed_tables(before, state_of_tables()) <= {table for _address, table, _reason in EXCEPTIONS}


def test_an_administrator_changes_nothing_by_reading(world, visitor_as):
    visitor = visitor_as("administrator")
    before = state_of_tables()

    written = read_everything(world, visitor)

    assert {entry for entry in written if not exceptions_for(entry)} == set()
    assert set().union(*map(exceptions_for, written)) == set(EXCEPTIONS), "an exception that nothing needs is taken out"
    assert changed_tables(before, state_of_tables()) <= {table for _address, table, _reason in EXCEPTIONS}


def test_a_write_is_caught_by_its_statement_and_by_its_table(world, settings):
    settings.HUB_SENDS_MAIL = False  # the comment is held, and counted by its page
    before = state_of_tables()
    values = {"comment": "I was there.", "name": "G. Uest", "email": "g@readers.example"}
    values["token"] = tokens.issue_token(world.page.pk)

    with written_tables() as tables:
        answer = Client().post(reverse("discussion:add", args=[world.page.pk]), values, headers={"origin": "http://testserver"})

    assert answer.status_code == 302
    wanted = {"django_comments", "django_comments_xtd_xtdcomment", "discussion_pagecomment", "discussion_discussion"}
    wanted |= {"discussion_quota", "discussion_flag", "discussion_fingerprint"}
    assert tables == wanted
    assert changed_tables(before, state_of_tables()) == wanted
