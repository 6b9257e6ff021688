"""Files of the record and of comments: whole, in order, harmless in every program, and noted."""

import csv
import io
import tracemalloc
from datetime import UTC, datetime

import pytest
from django.test import RequestFactory
from django.utils import timezone, translation
from openpyxl import load_workbook

from discussion.models import LogEntry, PageComment
from discussion.moderation import export, workbook
from discussion.overrides import set_override
from discussion.transitions import decide
from tests import factories

pytestmark = pytest.mark.django_db
RECORD = "/admin/discussion/record/export/{}/"
# what stands in a field → what stands in the cell
CELLS = [
    ("=1+1", "'=1+1"),
    ("+44 20 7946 0000", "'+44 20 7946 0000"),
    ("-1", "'-1"),
    ("@SUM(A1)", "'@SUM(A1)"),
    ("\t=1", "'\t=1"),
    ("\r=1", "'\r=1"),
    ("  =1", "'  =1"),
    ("\x00=1", "' =1"),
    ("＝1+1", "'＝1+1"),
    ("bell\x07\ufffe", "bell  "),
    ("#N/A", "#N/A"),
    ("plain = text", "plain = text"),
    (-5, -5),
    (None, ""),
    (True, "True"),
    (datetime(2026, 5, 4, 12, 30, 15, 999, tzinfo=UTC), "2026-05-04T13:30:15+01:00"),
]


@pytest.mark.parametrize(("value", "cell"), CELLS)
def test_cell_is_a_number_or_words_that_nothing_runs(value, cell):
    assert export.harmless(value) == cell


def body(response) -> bytes:
    return b"".join(response.streaming_content)


def rows_of(response) -> list[list]:
    """The rows of a file of either kind; of an XLSX the cells are asserted to be words or numbers, never formulas."""
    if response["Content-Type"].startswith("text/csv"):
        return list(csv.reader(io.StringIO(body(response).decode(), newline="")))
    sheet = load_workbook(io.BytesIO(body(response))).active
    cells = [cell for row in sheet.iter_rows() for cell in row]
    assert {cell.data_type for cell in cells} <= {"s", "n", "inlineStr"}
    return [[cell.value for cell in row] for row in sheet.iter_rows()]


def take(kind, columns, items, user):
    request = RequestFactory().post("/")
    request.user = user
    return export.download(request, kind, name="things", columns=columns, items=items)


@pytest.mark.parametrize("kind", export.FORMATS)
def test_file_that_is_read_back_holds_no_formula(moderator, kind):
    words = [value for value, _cell in CELLS if isinstance(value, str)]
    columns = [("=Heading", lambda word: word), ("Number", lambda word: 7)]
    (heading, *rows) = rows_of(take(kind, columns, words, moderator))
    assert heading == ["'=Heading", "Number"]
    assert [row[0].replace("\n", "\r") for row in rows] == [cell for _value, cell in CELLS if isinstance(_value, str)]
    assert {row[1] for row in rows} == {"7" if kind == "csv" else 7}


@pytest.mark.parametrize("kind", export.FORMATS)
def test_record_is_taken_along_as_it_is_filtered_and_that_is_noted(moderator_client, moderator, article, kind):
    comment = factories.comment(article, state="pending", name="=HYPERLINK(1)")
    set_override(article, override="closed", until=None, reason="@here", by=moderator)
    decide([comment.pk], "rejected", by=moderator, reason="=1+1")
    response = moderator_client.post(f"{RECORD.format(kind)}?kind=decision&page={article.pk}")
    assert response["Content-Disposition"] == f'attachment; filename="record-{timezone.localdate().isoformat()}.{kind}"'
    heading, *rows = rows_of(response)
    assert heading[:5] == ["When", "By", "What", "Comment", "Commenter"]
    (row,) = rows
    assert row[1:3] + row[4:9] == [str(moderator), "Rejected", "'=HYPERLINK(1)", "A dry street", "Pending", "Rejected", "'=1+1"]
    assert datetime.fromisoformat(row[0]).tzinfo
    entry = LogEntry.objects.get(action="export")
    assert (entry.by, entry.about) == (moderator, f"record ({kind.upper()})")
    assert entry.after == {"filters": {"kind": "decision", "page": str(article.pk)}}


def test_whole_record_is_taken_along_in_its_order(moderator_client, article, monkeypatch):
    monkeypatch.setattr("discussion.record.reading.READ_AT_ONCE", 3)
    monkeypatch.setattr("discussion.record.reading.TOGETHER", 3)
    monkeypatch.setattr(export, "TOGETHER", 2)
    comment = factories.comment(article)
    for state in ("pending", "spam", "rejected", "published") * 2:
        decide([comment.pk], state, by=None)
    _heading, *rows = rows_of(moderator_client.post(f"{RECORD.format('csv')}?kind=decision"))
    expected = ["Published", "Rejected", "Marked as spam", "Put back to pending"] * 2
    assert [row[2] for row in rows] == expected


def test_filter_that_is_wrong_exports_nothing(moderator_client, article):
    response = moderator_client.post(f"{RECORD.format('csv')}?since=yesterday")
    assert (response.status_code, response["Location"]) == (302, "/admin/discussion/record/?since=yesterday")
    assert not LogEntry.objects.exists()


def test_comments_are_taken_along_with_few_queries_and_without_addresses(article, moderator, django_assert_num_queries):
    for number in range(3):
        factories.comment(article, email=f"n{number}@hills.example", text=f"={number}")
    request = RequestFactory().post("/")
    request.user = moderator
    comments = export.comments(PageComment.objects.order_by("pk"))
    with django_assert_num_queries(2):
        response = export.download(request, "csv", name="comments", columns=export.COMMENT_COLUMNS, items=comments)
        text = body(response).decode()
    assert "hills.example" not in text
    assert [row[-1] for row in csv.reader(io.StringIO(text))] == ["Comment", "'=0", "'=1", "'=2"]


def test_stream_keeps_language_and_time_zone_of_the_request(moderator):
    """It is written when the request's own are no longer in force."""
    columns = [("When", lambda at: at), ("Language", lambda at: translation.get_language())]
    with translation.override("de"), timezone.override("Asia/Tokyo"):
        response = take("csv", columns, [datetime(2026, 5, 4, 12, tzinfo=UTC)], moderator)
    assert rows_of(response)[1] == ["2026-05-04T21:00:00+09:00", "de"]


@pytest.mark.parametrize("kind", export.FORMATS)
def test_long_file_is_never_in_memory_as_a_whole(moderator, kind):
    """Thirty thousand rows of 400 characters are 12 MB; a tenth of that at most is held at once."""
    columns = [("Number", lambda number: number), ("Words", lambda number: f"{number:0400d}")]
    tracemalloc.start()
    response = take(kind, columns, range(30_000), moderator)
    size = sum(len(part) for part in response.streaming_content)
    _now, most = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert size > (10_000_000 if kind == "csv" else 100_000)
    assert most < 1_500_000


@pytest.mark.parametrize("kind", export.FORMATS)
def test_file_begins_to_be_sent_before_the_last_row_is_read(moderator, kind):
    def rows():
        yield from (f"{number}" for number in range(20_000))
        pytest.fail("All was read before anything was sent.")

    response = take(kind, [("Words", lambda word: word)], rows(), moderator)
    assert any(len(part) for part, _number in zip(response.streaming_content, range(5), strict=False))


def test_words_that_look_like_markup_or_an_escape_stay_what_they_are(moderator):
    """Spreadsheets read ``_x003D_`` as “=” unless its beginning is escaped itself, which openpyxl does not undo."""
    words = ["<b>&amp;</b>", "x" * 40_000, "_x003D_1+1"]
    cells = [row[0] for row in rows_of(take("xlsx", [("Words", lambda word: word)], words, moderator))]
    assert cells[1:] == ["<b>&amp;</b>", "x" * 32_767, "_x005F_x003D_1+1"]


def test_sheet_that_is_full_is_followed_by_another(moderator, monkeypatch):
    monkeypatch.setattr(workbook, "ROWS_A_SHEET", 2)
    columns = [("Number", lambda number: number)]
    full = load_workbook(io.BytesIO(body(take("xlsx", columns, range(5), moderator))))
    assert [[row[0] for row in sheet.values] for sheet in full] == [["Number", 0, 1], ["Number", 2, 3], ["Number", 4]]
    empty = load_workbook(io.BytesIO(body(take("xlsx", columns, [], moderator))))
    assert [[row[0] for row in sheet.values] for sheet in empty] == [["Number"]]
