"""A workbook (XLSX) written while it is sent: no row waits for the last one, and none stays in memory.

Packages that write workbooks make all of it first; of a hundred thousand rows that takes longer than a request may.
"""

import io
import re
from collections.abc import Iterator
from itertools import chain, islice
from xml.sax.saxutils import escape
from zipfile import ZIP_DEFLATED, ZipFile

ROWS_A_SHEET = 1_000_000  # a spreadsheet holds 48,576 more
CHARACTERS_A_SHEET = 1_000_000_000  # a part of a file of this kind is to be under 2 GB
CHARACTERS_A_CELL = 32_767
TOGETHER = 200  # rows
_XML = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'
_MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
_RELATIONS = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
_PACKAGE = "http://schemas.openxmlformats.org/package/2006"
_TYPE = "application/vnd.openxmlformats-officedocument.spreadsheetml"
# The first row stays in sight.
_HEAD = (
    f'{_XML}<worksheet xmlns="{_MAIN}"><sheetViews><sheetView workbookViewId="0">'
    '<pane ySplit="1" topLeftCell="A2" activePane="bottomLeft" state="frozen"/></sheetView></sheetViews><sheetData>'
)
_FOOT = "</sheetData></worksheet>"
_LOOKS_ESCAPED = re.compile(r"_(?=x[0-9A-Fa-f]{4}_)")


class _Sink(io.RawIOBase):
    """Takes what the archive writes, and gives it out."""

    def __init__(self):
        self.parts = []

    def writable(self):
        return True

    def write(self, data):
        self.parts.append(bytes(data))
        return len(data)

    def taken(self) -> bytes:
        data = b"".join(self.parts)
        self.parts.clear()
        return data


def streamed(rows: Iterator[list]) -> Iterator[bytes]:
    """The workbook of ``rows``, the first of which are the headings; a further sheet where one is full.

    Values are numbers, or words that hold no control characters.
    """
    sink, sheets = _Sink(), 0
    headings = next(rows)
    with ZipFile(sink, "w", ZIP_DEFLATED) as archive:
        row = next(rows, None)
        while row is not None or not sheets:
            sheets += 1
            with archive.open(f"xl/worksheets/sheet{sheets}.xml", "w") as sheet:
                sheet.write((_HEAD + _row(headings)).encode())
                rows = chain([row] if row is not None else [], rows)
                for text in _sheet(rows):
                    sheet.write(text.encode())
                    yield sink.taken()
                sheet.write(_FOOT.encode())
            row = next(rows, None)
        for name, text in _frame(sheets).items():
            archive.writestr(name, _XML + text)
    yield sink.taken()


def _sheet(rows: Iterator[list]) -> Iterator[str]:
    """The rows of one sheet, some at a time, until it is full."""
    left, room = ROWS_A_SHEET, CHARACTERS_A_SHEET
    while left > 0 and room > 0 and (some := list(islice(rows, min(left, TOGETHER)))):
        text = "".join(map(_row, some))
        left, room = left - len(some), room - len(text)
        yield text


def _row(values: list) -> str:
    return f"<row>{''.join(map(_cell, values))}</row>"


def _cell(value) -> str:
    """A number, or words and nothing else: never a formula."""
    if not isinstance(value, str):
        return f"<c><v>{value}</v></c>"
    words = escape(_LOOKS_ESCAPED.sub("_x005F_", value[:CHARACTERS_A_CELL]))
    return f'<c t="inlineStr"><is><t xml:space="preserve">{words}</t></is></c>'


def _frame(count: int) -> dict[str, str]:
    """The small parts that say what the archive holds."""
    numbers = range(1, count + 1)
    parts = "".join(f'<Override PartName="/xl/worksheets/sheet{n}.xml" ContentType="{_TYPE}.worksheet+xml"/>' for n in numbers)
    sheets = "".join(f'<sheet name="Sheet{n}" sheetId="{n}" r:id="rId{n}"/>' for n in numbers)
    relations = "".join(
        f'<Relationship Id="rId{n}" Type="{_RELATIONS}/worksheet" Target="worksheets/sheet{n}.xml"/>' for n in numbers
    )
    return {
        "[Content_Types].xml": f'<Types xmlns="{_PACKAGE}/content-types">'
        '<Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/>'
        f'<Override PartName="/xl/workbook.xml" ContentType="{_TYPE}.sheet.main+xml"/>{parts}</Types>',
        "_rels/.rels": f'<Relationships xmlns="{_PACKAGE}/relationships">'
        f'<Relationship Id="rId1" Type="{_RELATIONS}/officeDocument" Target="xl/workbook.xml"/></Relationships>',
        "xl/workbook.xml": f'<workbook xmlns="{_MAIN}" xmlns:r="{_RELATIONS}"><sheets>{sheets}</sheets></workbook>',
        "xl/_rels/workbook.xml.rels": f'<Relationships xmlns="{_PACKAGE}/relationships">{relations}</Relationships>',
    }
