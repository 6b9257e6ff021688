"""The instruments of `make bench` and `make drills`: what they count, and that they see what goes wrong."""

import argparse
import asyncio
import smtplib
import socket
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from email.message import EmailMessage
from types import SimpleNamespace

import pytest
from django.core.management import CommandError, call_command
from django.db import connection

from discussion.models import PageComment, State
from discussion.posting import post_comment
from discussion.transitions import decide
from hub.measuring import bench, drills, exercises, figures, finding, linking, listing, record, scratch, traffic
from hub.measuring.postbox import Postbox
from hub.measuring.processes import Cluster
from hub.measuring.record import Statement
from pages import shelves
from pages.models import ContentPage
from tests import factories


def statement(sql, *, rows=1, params=(), path=()) -> Statement:
    return Statement(sql, params, 0.0, rows, path)


# What is recorded


@pytest.mark.parametrize(
    ("sql", "path", "counts"),
    [
        ('SELECT "discussion_discussion"."page_id" FROM "discussion_discussion"', (), True),
        ('SELECT 1 FROM "pages_contentpage" INNER JOIN "django_comments" ON 1=1', (), True),
        ('SELECT "pages_contentpage"."discussion_mode" FROM "pages_contentpage"', (), False),
        ('SELECT 1 FROM "pages_contentpage"', ("discussion.openness._wishes",), True),
        ('SELECT 1 FROM "pages_contentpage"', ("discussion.views.common.readable_page",), False),
        ('SELECT 1 FROM "wagtailcore_page"', ("pages.navigation.menus", "discussion.views.reading.page"), False),
        ('SELECT 1 FROM "wagtailcore_page"', ("people.visibility.visible", "discussion.showing.discussion_of"), True),
        ("BEGIN IMMEDIATE", ("discussion.posting.post_comment",), False),
    ],
)
def test_queries_of_the_discussion_are_told_from_those_of_any_page(sql, path, counts):
    assert statement(sql, path=path).is_of_discussion is counts


def test_rows_of_the_new_comment_itself_are_not_counted_as_written_elsewhere():
    made = record.Record(
        [
            statement('INSERT INTO "django_comments" ("id") VALUES (%s)'),
            statement('INSERT INTO "discussion_pagecomment" ("path") VALUES (%s)'),
            statement('UPDATE "discussion_pagecomment" SET "path" = %s WHERE "x" = %s', params=("00000A", 10)),
            statement('UPDATE "discussion_pagecomment" SET "reply_count" = 1 WHERE "x" IN (%s, %s)', rows=2, params=(3, 4)),
            statement("\nINSERT INTO discussion_quota (key) VALUES (%s), (%s)", rows=2),
            statement('SELECT 1 FROM "django_comments"', rows=50),
        ]
    )
    assert record.rows_outside(made, key=10) == 4


@pytest.mark.django_db
def test_a_reply_is_recorded_with_its_queries_and_rows(article):
    parent = factories.comment(article)
    handed_in = factories.submission(reply_to=parent.number)
    with record.recorded() as made:
        reply = post_comment(article, handed_in, hold=False)
    assert len(made.queries) <= figures.REPLY_QUERIES
    assert all(statement.within("post_comment") for statement in made.queries)
    assert record.rows_outside(made, reply.pk) == 2  # the discussion, and the parent, which is the root too


@pytest.mark.django_db
def test_rows_are_counted_where_the_statement_returns_some(article):
    with record.recorded() as made, connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO discussion_quota (key, started_at, used) "
            "VALUES ('a', '2025-01-01', 1), ('b', '2025-01-01', 1) RETURNING used"
        )
        cursor.fetchall()
    assert [statement.rows for statement in made.queries] == [2]


@pytest.mark.django_db
def test_hiding_is_split_into_what_it_consists_of(article):
    root = factories.comment(article)
    factories.comment(article, reply_to=root)
    with record.recorded() as made:
        decide([root.pk], State.REJECTED, by=None)
    parts = made.parts("_apply")
    assert {"_hide_or_show_beneath", "recount"} <= set(parts)
    assert sum(count for count, seconds in parts.values()) < len(made.queries)


@pytest.mark.django_db
def test_every_figure_is_taken_on_a_small_scale(home, settings):
    settings.HUB_COMMENT_SECONDS = 2  # so that it is given back: measuring sets it to 0
    made = figures.measure(largest=260, rounds=1, say=lambda line: None)
    names = " ".join(figure["name"] for figure in made)
    for row in ("first slice", "slice in the middle", "last slice", "reply near the top", "hiding a thread of 260"):
        assert row in names
    by_name = {figure["name"]: figure for figure in made}
    assert by_name["afterwards, all counters"]["holds"] is True
    assert by_name["reply near the top: queries"]["holds"] is True
    assert by_name["hiding a thread of 260: queries"]["holds"] is True
    assert all(figure["holds"] for name, figure in by_name.items() if name.startswith("first slice") and "queries" in name)


# The table


def test_table_stands_in_columns_and_says_what_is_missed():
    sqlite = [{"name": "first slice", "target": "≤ 8", "measured": "7 of the discussion", "holds": True}]
    postgresql = [{"name": "first slice", "target": "≤ 8", "measured": "9 of the discussion", "holds": False}]
    head, line = bench.table({"SQLite": sqlite, "PostgreSQL": postgresql})
    assert head.split() == ["target", "SQLite", "PostgreSQL"]
    assert line.index("7 of") == head.index("SQLite")
    assert line.index("MISSED: 9 of") == head.index("PostgreSQL")


# Nobody's hub


@pytest.mark.django_db
@pytest.mark.parametrize("command", [["measure"], ["drill", "parallel", "--posts", "1"]])
def test_measuring_refuses_a_database_that_holds_anything(command):
    with pytest.raises(CommandError, match="empty database"):
        call_command(*command)


def test_environment_of_a_measurement_leads_to_no_hub_in_use(monkeypatch, tmp_path):
    monkeypatch.setenv("DATABASE_URL", "postgres://somebody@db.example/live")
    monkeypatch.setenv("EMAIL_HOST", "mail.example")
    monkeypatch.setenv("SECRET_KEY", "of the live hub")
    made = scratch.environment(tmp_path, DATABASE_URL=scratch.sqlite(tmp_path))
    assert made["DATABASE_URL"] == f"sqlite:///{tmp_path}/hub.sqlite3"
    assert "EMAIL_HOST" not in made
    assert made["SECRET_KEY"] != "of the live hub"
    assert made["HUB_LOCAL_DIR"] == str(tmp_path)


def test_address_of_a_cluster_carries_settings_of_the_connection(monkeypatch, tmp_path):
    monkeypatch.setattr("hub.measuring.processes._programs", lambda: tmp_path)
    cluster = Cluster(tmp_path, 5433)
    assert cluster.url("hub") == "postgres://hub@127.0.0.1:5433/hub"
    assert cluster.url("hub", synchronous_commit="off").endswith("/hub?options=-c%20synchronous_commit%3Doff")


# Traffic


async def _serve(answers, work):
    """``work(port)`` while a server gives ``answers`` in turn: bytes, or None to cut the connection; and what it got."""
    received = []

    async def converse(reader, writer):
        head = await reader.readuntil(b"\r\n\r\n")
        length = next((int(line.split(b":")[1]) for line in head.split(b"\r\n") if line.startswith(b"Content-Length")), 0)
        received.append(head + await reader.readexactly(length))
        answer = answers.pop(0)
        if answer is not None:
            writer.write(answer)
            await writer.drain()
        writer.close()

    server = await asyncio.start_server(converse, "127.0.0.1", 0)
    async with server:
        result = await work(server.sockets[0].getsockname()[1])
    return result, received


FOUND = b"HTTP/1.1 302 Found\r\nContent-Length: 0\r\n\r\n"
BROKEN = b"HTTP/1.1 302 Found\r\nContent-Length: 10\r\n\r\nhal"
DOWN = b"HTTP/1.1 500 Internal Server Error\r\nContent-Length: 0\r\n\r\n"


@pytest.fixture
def hasty(monkeypatch):
    """No pauses between sendings."""

    async def at_once(seconds):
        return None

    monkeypatch.setattr(traffic.asyncio, "sleep", at_once)


def sent(answers, **options):
    post = traffic.Post("the text", 7, "a@drills.example", reply_to=3, tokens=["one", "two", "three", "four"])

    async def work(port):
        going = traffic.Traffic(port, [post], 2, **options)
        await going.send_all()
        return going

    with ThreadPoolExecutor(1) as elsewhere:  # the browser of other tests keeps a loop in this thread
        going, received = elsewhere.submit(asyncio.run, _serve(answers, work)).result()
    return post, going.outcomes, received


def test_the_same_form_is_sent_again_until_it_is_acknowledged(hasty):
    post, outcomes, received = sent([None, BROKEN, DOWN, FOUND])
    assert post.acknowledged
    assert outcomes == Counter({"EOFError": 2, "500": 1, "302": 1})
    assert len(set(received)) == 1
    assert received[0].startswith(b"POST /discussion/7/add/ HTTP/1.1")
    assert b"Origin: http://127.0.0.1:" in received[0]
    assert received[0].endswith(b"comment=the+text&name=A.+Drill&email=a%40drills.example&reply_to=3&subject=&token=one")


def test_the_control_takes_a_fresh_form_for_each_sending(hasty):
    post, outcomes, received = sent([None, DOWN, FOUND], keep_token=False)
    assert post.acknowledged
    assert [body.rpartition(b"token=")[2] for body in received] == [b"one", b"two", b"three"]


def test_what_is_never_acknowledged_is_given_up(hasty):
    post, outcomes, received = sent([DOWN] * 3, attempts=3)
    assert not post.acknowledged
    assert outcomes == Counter({"500": 3, "given up": 1})


# Verdicts


@pytest.mark.django_db
def test_verdict_sees_what_was_lost_and_what_was_doubled(article):
    posts = [
        traffic.Post(text, article.pk, "a@drills.example", acknowledged=acknowledged)
        for text, acknowledged in {"kept": True, "lost": True, "twice": True, "unheard": False}.items()
    ]
    for text in ("kept", "twice", "twice", "somebody else's"):
        factories.comment(article, text=text)
    found = exercises._stored(posts)
    assert exercises._lost(posts, found) == 1
    assert exercises._doubled(found) == 1


@pytest.mark.django_db
def test_verdict_sees_a_comment_that_stands_in_some_of_its_tables_only(article):
    factories.comment(article)
    assert exercises._half_written() == []
    top = PageComment._meta.get_parent_list()[-1]
    whole = top.objects.get()
    top.objects.bulk_create(
        [top(pk=None, content_type=whole.content_type, object_pk="1", site=whole.site, submit_date=whole.submit_date)]
    )
    assert len(exercises._half_written()) == 1


def test_time_is_unchanged_when_the_quick_ones_are_as_quick():
    assert exercises._unchanged("posting", [1.0, 1.1, 9.0, 9.0], [1.0, 1.0, 1.0, 1.0]).holds
    assert not exercises._unchanged("posting", [2.0, 2.1, 2.2, 2.3], [1.0, 1.0, 1.0, 1.0]).holds


@pytest.mark.parametrize(
    ("outcomes", "tries", "holds"),
    [([True, True], 1, True), ([True, False, True], 2, True), ([True] + [False] * 3, 3, False), ([False, True], 1, False)],
)
def test_kill_drill_needs_a_control_in_which_something_goes_wrong(monkeypatch, outcomes, tries, holds):
    runs = []

    def once(place, drill, kind, posts, options, control=False):
        runs.append(control)
        return outcomes[len(runs) - 1]

    monkeypatch.setattr(drills, "_once", once)
    monkeypatch.setattr(drills, "say", lambda line: None)
    assert drills.run(SimpleNamespace(), "kill", "sqlite", argparse.Namespace(posts=None)) is holds
    assert runs == [False] + [True] * tries


# Mail


def test_postbox_keeps_recipient_and_message_id_and_can_be_closed():
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        port = listener.getsockname()[1]
    postbox = Postbox(port)
    postbox.open()
    letter = EmailMessage()
    letter["From"], letter["To"], letter["Message-ID"] = "hub@here.example", "a.reader@readers.example", "<1@here.example>"
    letter.set_content("One line.\n.\nAnother after a dot.")
    with smtplib.SMTP("127.0.0.1", port) as smtp:
        smtp.send_message(letter)
        smtp.send_message(letter)
    assert postbox.mails == [("a.reader@readers.example", "<1@here.example>")] * 2
    postbox.close()
    with pytest.raises(ConnectionRefusedError):
        smtplib.SMTP("127.0.0.1", port)


@pytest.mark.django_db
def test_every_figure_of_lists_is_taken_on_a_small_scale(home, monkeypatch):
    monkeypatch.setattr(shelves, "COUNTED_AT_EACH_VIEW", 0)  # the tally is kept, as that of a large list is
    made = {figure["name"]: figure for figure in listing.measure(pages=60, links=60, rounds=1, say=lambda line: None)}
    assert len(made) == 14
    assert [name for name, figure in made.items() if "queries" in name and not figure["holds"]] == []


@pytest.mark.django_db
def test_every_figure_of_links_is_taken_on_a_small_scale(home):
    made = {figure["name"]: figure for figure in linking.measure(pages=60, links=200, rounds=1, say=lambda line: None)}
    assert len(made) == 5
    assert [name for name, figure in made.items() if "queries" in name and not figure["holds"]] == []
    assert ContentPage.objects.filter(live=False).count() == 6


@pytest.mark.django_db
def test_search_is_measured_only_where_it_finds_something(home, client, monkeypatch):
    for name in ("PARAGRAPHS", "SHORT_PARAGRAPHS"):
        monkeypatch.setattr(finding, name, 2)
    finding._fill(20, lambda line: None)
    finding._searched(client, "harnolide")
    for word in ("zuverol", "quimbast"):  # in none of so few, and in one
        with pytest.raises(RuntimeError):
            finding._searched(client, word)
