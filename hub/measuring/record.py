"""What one piece of work asks of the database and of the processor."""

import os
import re
import sys
import time
from collections import defaultdict
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from pathlib import Path

from django.db import connection

WRITES = {"INSERT", "UPDATE", "DELETE"}
# Tables only: pages have columns whose names begin alike.
_DISCUSSION = re.compile(r'\b(?:FROM|JOIN|INTO|UPDATE)\s+"?(?:discussion_|django_comments)')
_COMMENT_ROWS = re.compile(
    r'\s*(?:INSERT\s+(?:OR\s+IGNORE\s+)?INTO|UPDATE)\s+"?'
    r"(?:django_comments|django_comments_xtd_xtdcomment|discussion_pagecomment|discussion_flag|discussion_fingerprint)\b"
)
# Finding the page and asking who may see it is the same for every page, discussed or not.
FINDING_THE_PAGE = {"readable_page", "may_be_read"}


@dataclass(frozen=True)
class Statement:
    """One statement with its time, the rows it touched, and the functions of ours that led to it, innermost first."""

    sql: str
    params: tuple
    seconds: float
    rows: int
    path: tuple[str, ...]

    @property
    def verb(self) -> str:
        return self.sql.split(None, 1)[0].upper()

    @property
    def is_of_discussion(self) -> bool:
        """Whether it reads or writes a table of the discussion, or was sent by the discussion's own code or on its way."""
        if self.verb in {"SAVEPOINT", "RELEASE", "BEGIN", "COMMIT"}:
            return False
        if _DISCUSSION.search(self.sql) or self.within("discussion_of"):
            return True
        return bool(self.path) and self.path[0].startswith("discussion.") and self.path[0].split(".")[-1] not in FINDING_THE_PAGE

    def within(self, function: str) -> bool:
        return any(name.split(".")[-1] == function for name in self.path)


@dataclass
class Record:
    """Statements, and the time of the processor and of the clock in seconds.

    ``cpu`` is this process's, ``server_cpu`` that of PostgreSQL for this connection, in steps of a hundredth; None when
    the server is not on this machine.
    """

    statements: list[Statement] = field(default_factory=list)
    cpu: float = 0.0
    wall: float = 0.0
    server_cpu: float | None = 0.0

    changes: int = field(default_factory=lambda: _changes())

    def count_late_rows(self) -> None:
        """On SQLite, add what was written since the last call to the last statement.

        SQLite counts a statement's rows when it is through, which with rows to return is after ``execute``; its cursors
        know no number until then.
        """
        before, self.changes = self.changes, _changes()
        if self.statements and self.changes > before:
            self.statements[-1] = replace(self.statements[-1], rows=self.changes - before)

    @property
    def queries(self) -> list[Statement]:
        """Without the marks of transactions within transactions, which cost the database next to nothing."""
        return [s for s in self.statements if s.verb not in {"SAVEPOINT", "RELEASE"}]

    def of_discussion(self) -> list[Statement]:
        return [s for s in self.queries if s.is_of_discussion]

    def parts(self, function: str) -> dict[str, tuple[int, float]]:
        """``{what function called: (queries, seconds)}``."""
        found = defaultdict(lambda: (0, 0.0))
        for statement in self.queries:
            names = [name.split(".")[-1] for name in statement.path]
            if function not in names:
                continue
            place = names.index(function)
            name = names[place - 1] if place else function
            found[name] = (found[name][0] + 1, found[name][1] + statement.seconds)
        return dict(found)


@contextmanager
def recorded():
    """A ``Record`` of what is done within."""
    record = Record()

    def note(execute, sql, params, many, context):
        record.count_late_rows()
        began = time.perf_counter()
        result = execute(sql, params, many, context)
        seconds = time.perf_counter() - began
        rows = 0 if connection.vendor == "sqlite" else context["cursor"].rowcount
        statement = Statement(sql, tuple(params or ()), seconds, rows, _own_functions())
        record.statements.append(statement if statement.verb in WRITES else replace(statement, rows=0))
        return result

    with connection.execute_wrapper(note):
        server, cpu, wall = _server_cpu(), time.process_time(), time.perf_counter()
        yield record
        record.count_late_rows()
        record.cpu, record.wall = time.process_time() - cpu, time.perf_counter() - wall
        after = _server_cpu()
        record.server_cpu = None if server is None or after is None else after - server


def _server_cpu() -> float | None:
    """The processor time so far of the PostgreSQL process that serves this connection; 0 for SQLite, which has none."""
    if connection.vendor != "postgresql":
        return 0.0
    connection.ensure_connection()
    try:
        fields = Path(f"/proc/{connection.connection.info.backend_pid}/stat").read_text().rpartition(")")[2].split()
    except OSError:
        return None
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


def _changes() -> int:
    """Rows written so far on this connection, as SQLite itself counts them; 0 elsewhere."""
    return connection.connection.total_changes if connection.vendor == "sqlite" and connection.connection else 0


def _own_functions() -> tuple[str, ...]:
    """``module.function`` of the hub's own code on the stack, innermost first, without this package."""
    names = []
    frame = sys._getframe(2)
    while frame:
        module = frame.f_globals.get("__name__", "")
        if module.split(".")[0] in {"hub", "discussion", "pages", "people"} and not module.startswith("hub.measuring"):
            names.append(f"{module}.{frame.f_code.co_name}")
        frame = frame.f_back
    return tuple(names)


def rows_outside(record: Record, key: int) -> int:
    """Rows that were written, without those of the one comment with this key: its inserts, those of what the rules found in
    it among them, and updates of it alone.
    """
    return sum(s.rows for s in record.queries if s.verb in WRITES and not _is_of_comment(s, key))


def _is_of_comment(statement: Statement, key: int) -> bool:
    if not _COMMENT_ROWS.match(statement.sql):
        return False
    return statement.verb == "INSERT" or (statement.rows == 1 and key in statement.params[-2:])
