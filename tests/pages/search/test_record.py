"""The record of searches: what is kept and what is not, how long, and the report that editors read."""

import csv
import io
from datetime import date, timedelta

import pytest
from bs4 import BeautifulSoup
from django.contrib.auth.models import Group, Permission
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone
from django.utils.formats import date_format

from pages.models import SearchPromotion, SearchRecord, SearchSynonym
from pages.search import finding, record, store
from tests.conftest import client_of, in_group

pytestmark = pytest.mark.django_db

DAY = timedelta(days=1)
TODAY = date(2026, 6, 30)
REPORT = "/admin/reports/searches/"


def kept() -> list[tuple]:
    return list(SearchRecord.objects.order_by("pk").values_list("day", "text", "times", "found", "capped"))


def test_search_is_kept_as_its_words_with_the_day_and_what_was_found():
    record.keep("  Warm RÖÖMS, please! ", 12, capped=False)
    record.keep("warm rooms", 1_000, capped=True)
    today = timezone.localdate()
    assert kept() == [(today, "warm rooms please", 1, 12, False), (today, "warm rooms", 1, 1_000, True)]


def test_nothing_is_kept_that_could_say_who_searched_or_when():
    assert {field.name for field in SearchRecord._meta.get_fields()} == {"id", "day", "text", "times", "found", "capped"}


@pytest.mark.parametrize(
    ("text", "is_kept"),
    [
        ("warm rooms", True),
        ("budget 2024-2025", True),
        ("12,345", True),
        ("covid-19 2020 2021", False),  # nine digits and more in groups are taken for a telephone
        ("covid-19 in 2020 and 2021", True),
        ("a.reader@readers.example", False),
        ("mail to a.reader＠readers.example please", False),
        ("a.reader (at) readers.example", False),
        ("twitter @saltmarsh", True),
        ("123456", False),
        ("AB123456C", False),
        ("020 7946 0123", False),
        ("+44 (0)20-7946-0123", False),
        ("１２３４５６", False),
        ("", False),
        ("?!", False),
    ],
)
def test_what_looks_like_a_person_is_not_kept(text, is_kept):
    record.keep(text, 1, capped=False)
    assert SearchRecord.objects.exists() is is_kept


def test_very_long_search_is_kept_in_part():
    record.keep("word " * 100, 0, capped=False)
    assert [len(row.text) for row in SearchRecord.objects.all()] == [199]
    assert SearchRecord.objects.get().text.endswith("word")


def test_search_that_was_not_answered_is_not_kept(client, home, monkeypatch):
    """Neither one that asks for nothing, nor one that the database gave up on: both would say that nothing was found."""

    def give_up(*args):
        raise store.TooMuch

    client.get("/search/?q=-street")
    client.get("/search/?q=street")
    monkeypatch.setattr(finding, "look_up", give_up)
    client.get("/search/?q=river")
    assert [row[1:4] for row in kept()] == [("street", 1, 0)]


def test_search_that_cannot_be_kept_breaks_nothing(caplog):
    record.keep("warm rooms", -1, capped=False)  # refused by the database itself
    record.keep("dry rooms", 1, capped=False)
    assert [row[1] for row in kept()] == ["dry rooms"]
    assert [entry.message for entry in caplog.records] == ["A search was not noted"]


def test_what_a_program_asks_all_day_is_not_kept_for_ever(monkeypatch):
    monkeypatch.setattr(record, "MOST_A_DAY", 2)
    for n in range(5):
        record.keep(f"word{n}", 1, capped=False)
    assert [row[1] for row in kept()] == ["word0", "word1"]


def test_keeping_costs_one_row_written(django_assert_max_num_queries):
    with django_assert_max_num_queries(3):  # with the savepoint around it
        record.keep("warm rooms", 1, capped=False)


WAITS = {"sqlite": ["PRAGMA busy_timeout"], "postgresql": ["SHOW lock_timeout", "SHOW synchronous_commit"]}


def waits() -> list:
    """How long the connection waits for others, and whether for the disk."""
    with connection.cursor() as cursor:
        return [cursor.execute(statement).fetchone() for statement in WAITS[connection.vendor]]


@pytest.mark.django_db(transaction=True, serialized_rollback=True)
def test_search_is_kept_in_haste_and_what_comes_after_is_not():
    usual = waits()
    record.keep("warm rooms", 1, capped=False)
    record.keep("warm rooms", -1, capped=False)
    assert (len(kept()), waits()) == (1, usual)


@pytest.mark.skipif(connection.vendor != "postgresql", reason="a test's database in memory is one connection's alone")
@pytest.mark.django_db(transaction=True, serialized_rollback=True)
def test_search_does_not_wait_for_who_changes_the_table(caplog):
    other = connection.copy()
    try:
        with other.cursor() as cursor:
            cursor.execute("BEGIN; LOCK TABLE pages_searchrecord IN ACCESS EXCLUSIVE MODE")
        record.keep("warm rooms", 1, capped=False)
    finally:
        other.close()
    assert ([entry.message for entry in caplog.records], kept()) == (["A search was not noted"], [])


def searched(text, *, age=0, found=1, times=1, capped=False, today=None):
    day = (today or timezone.localdate()) - age * DAY
    return SearchRecord.objects.create(day=day, text=text, found=found, times=times, capped=capped)


@pytest.mark.parametrize("together", [500, 1])
def test_days_that_are_over_have_one_row_for_each_text_and_outcome(monkeypatch, together):
    monkeypatch.setattr(record, "TOGETHER", together)
    for age in (0, 1, 2, 3):
        for found in (5, 0, 7):
            searched("warm rooms", age=age, found=found, today=TODAY)
            searched("dry rooms", age=age, found=found, times=2, today=TODAY)
        searched("once", age=age, today=TODAY)
    record.fold_and_forget(TODAY)
    record.fold_and_forget(TODAY)
    rows = [row[:4] for row in kept()]
    for age in (2, 3):
        day = TODAY - age * DAY
        assert sorted(row[1:] for row in rows if row[0] == day) == [
            ("dry rooms", 2, 0),
            ("dry rooms", 4, 7),
            ("once", 1, 1),
            ("warm rooms", 1, 0),
            ("warm rooms", 2, 7),
        ]
    assert [sum(row[0] == TODAY - age * DAY for row in rows) for age in (0, 1)] == [7, 7]


@pytest.mark.parametrize(("days", "left"), [(90, ["new", "89"]), (30, ["new"])])
def test_searches_are_forgotten_in_time(settings, days, left):
    settings.HUB_SEARCHES_KEPT_DAYS = days
    searched("new", today=TODAY)
    for age in (89, 90, 200):
        searched(str(age), age=age, today=TODAY)
    record.fold_and_forget(TODAY)
    assert list(SearchRecord.objects.order_by("-day").values_list("text", flat=True)) == left


def report(client, query="") -> list[list[str]]:
    """The rows of the report as they are read, without the buttons."""
    html = BeautifulSoup(client.get(f"{REPORT}{query}").content.decode(), "html.parser")
    return [[cell.get_text(" ", strip=True) for cell in row.find_all("td")[:4]] for row in html.select("table tbody tr")]


@pytest.fixture
def searches():
    """Found at first and not at last, not found and then found, never found, and long ago."""
    searched("warm rooms", age=2, found=12, times=3)
    searched("warm rooms", age=1, found=0)
    searched("rain", age=6, found=0, times=2)
    searched("rain", age=0, found=4)
    searched("nhs", age=20, found=0, times=9)
    searched("street", age=40, found=1_000, capped=True)


def day(age: int) -> str:
    return date_format(timezone.localdate() - age * DAY)


@pytest.mark.parametrize(
    ("query", "rows"),
    [
        ("?days=7", [("warm rooms", 4, 1, "0"), ("rain", 3, 0, "4")]),
        ("", [("nhs", 9, 20, "0"), ("warm rooms", 4, 1, "0"), ("rain", 3, 0, "4")]),
        ("?days=tomorrow&p=x", [("nhs", 9, 20, "0"), ("warm rooms", 4, 1, "0"), ("rain", 3, 0, "4")]),
        (
            "?days=90",
            [("nhs", 9, 20, "0"), ("warm rooms", 4, 1, "0"), ("rain", 3, 0, "4"), ("street", 1, 40, "more than 1000")],
        ),
        ("?days=30&found=nothing", [("nhs", 9, 20, "0"), ("rain", 2, 6, "4"), ("warm rooms", 1, 1, "0")]),
        ("?days=7&found=nothing", [("rain", 2, 6, "4"), ("warm rooms", 1, 1, "0")]),
    ],
)
def test_report_counts_searches_and_those_that_found_nothing(administrator_client, searches, query, rows):
    wanted = [[text, str(times), day(age), last.replace("1000", "1,000")] for text, times, age, last in rows]
    found = [[*row[:3], row[3].replace("1000", "1,000")] for row in report(administrator_client, query)]
    assert found == wanted


@pytest.mark.parametrize("last", [0, 4])
def test_folding_changes_no_number_of_the_report(administrator_client, last):
    searched("rain", age=2, found=4 - last, times=9)
    searched("rain", age=2, found=last)
    before = [report(administrator_client, query) for query in ("", "?found=nothing")]
    record.fold_and_forget()
    assert [report(administrator_client, query) for query in ("", "?found=nothing")] == before
    assert SearchRecord.objects.count() == 2


def ways(client, text: str) -> dict[str, str]:
    html = BeautifulSoup(client.get(REPORT).content.decode(), "html.parser")
    [row] = [row for row in html.select("table tbody tr") if row.td.get_text(strip=True) == text]
    return {link.get_text(strip=True).removesuffix(f": {text}"): link["href"] for link in row.find_all("a")}


def test_each_search_leads_to_itself_and_to_what_may_help(administrator_client, searches):
    found = ways(administrator_client, "warm rooms")
    assert found == {
        "warm rooms": "/search/?q=warm%20rooms",
        "Make a synonym": "/admin/snippets/pages/searchsynonym/add/?words=warm+rooms",
        "Promote a result": "/admin/snippets/pages/searchpromotion/add/?searches=warm+rooms",
    }
    assert [administrator_client.get(address).status_code for address in found.values()] == [200] * 3


def test_what_helps_already_is_named_instead(administrator_client, searches):
    group = SearchSynonym.objects.create(words="NHS\nhealth service")
    promotion = SearchPromotion.objects.create(searches="NHS", address="https://nhs.example/", title="NHS")
    assert list(ways(administrator_client, "nhs").items())[1:] == [
        ("Its synonyms", f"/admin/snippets/pages/searchsynonym/edit/{group.pk}/"),
        ("Its promoted result", f"/admin/snippets/pages/searchpromotion/edit/{promotion.pk}/"),
    ]


def test_words_with_signs_come_through_the_addresses(administrator_client):
    searched("q a&b=c#d?%é")
    assert ways(administrator_client, "q a&b=c#d?%é") == {
        "q a&b=c#d?%é": "/search/?q=q%20a%26b%3Dc%23d%3F%25%C3%A9",
        "Make a synonym": "/admin/snippets/pages/searchsynonym/add/?words=q+a%26b%3Dc%23d%3F%25%C3%A9",
        "Promote a result": "/admin/snippets/pages/searchpromotion/add/?searches=q+a%26b%3Dc%23d%3F%25%C3%A9",
    }


def test_file_holds_the_rows_and_no_formula(administrator_client, searches):
    searched("=1+1")
    answer = administrator_client.get(f"{REPORT}?days=90&export=csv")
    assert answer["Content-Type"] == "text/csv; charset=utf-8"
    assert answer["Content-Disposition"] == f'attachment; filename="searches-{timezone.localdate().isoformat()}.csv"'
    iso = [(timezone.localdate() - age * DAY).isoformat() for age in (20, 1, 0, 0, 40)]
    assert list(csv.reader(io.StringIO(answer.content.decode()))) == [
        ["Search", "Times", "Last day", "Results last time", "More than that"],
        ["nhs", "9", iso[0], "0", "False"],
        ["warm rooms", "4", iso[1], "0", "False"],
        ["rain", "3", iso[2], "4", "False"],
        ["'=1+1", "1", iso[3], "1", "False"],
        ["street", "1", iso[4], "1000", "True"],
    ]


# Who reads the report, and which of its ways they are offered: the permissions of a group of editors.
PERMITTED = [
    ([], 302, []),
    (["view_searchsynonym"], 302, []),
    (["add_searchsynonym"], 200, ["Make a synonym"]),
    (["change_searchsynonym"], 200, []),
    (["add_searchpromotion"], 200, ["Promote a result"]),
    (["add_searchpromotion", "add_searchsynonym"], 200, ["Make a synonym", "Promote a result"]),
    (["delete_searchpromotion"], 302, []),
]


@pytest.mark.parametrize(("codes", "status", "offered"), PERMITTED)
def test_report_is_for_those_who_may_steer_and_offers_what_they_may(searches, codes, status, offered):
    group = Group.objects.create(name="Some editors")
    group.permissions.set(Permission.objects.filter(codename__in=codes))
    client = client_of(in_group("some-editor", "Editors", group.name))
    assert client.get(REPORT).status_code == status
    if status == 200:
        assert list(ways(client, "nhs"))[1:] == offered
    assert (f'"{REPORT}"' in client.get("/admin/").content.decode()) is (status == 200)


@pytest.mark.parametrize("username", ["Editors", "Publishers", "Moderators"])
def test_no_group_may_at_first(username):
    assert client_of(in_group("somebody", username)).get(REPORT).status_code == 302


def test_report_costs_the_same_for_two_searches_and_for_twelve(administrator_client):
    def cost(count):
        while (known := SearchRecord.objects.count()) < count:
            searched(f"word{known}", found=0)
            SearchSynonym.objects.create(words=f"word{known}\nother{known}")
        with CaptureQueriesContext(connection) as queries:
            assert len(report(administrator_client, "?found=nothing")) == count
        return len(queries)

    cost(1)
    assert cost(2) == cost(12)


def test_long_report_has_pages_that_keep_what_was_asked(administrator_client):
    SearchRecord.objects.bulk_create(SearchRecord(text=f"word{n:03}", day=timezone.localdate(), found=0) for n in range(120))
    html = BeautifulSoup(administrator_client.get(f"{REPORT}?days=7&found=nothing&p=2").content.decode(), "html.parser")
    assert [link["href"] for link in html.select("nav.searches__pages a")] == [
        "?days=7&found=nothing&p=1",
        "?days=7&found=nothing&p=3",
    ]
    assert html.select("table tbody tr")[0].td.get_text(strip=True) == "word050"


def test_empty_report_says_so(administrator_client):
    html = administrator_client.get(REPORT).content.decode()
    assert "Nobody searched for anything on these days." in html
    assert "Every search of these days found something." in administrator_client.get(f"{REPORT}?found=nothing").content.decode()
    assert reverse("pages_searches") == REPORT
