"""``make bench``: the figures of hub/measuring on SQLite, and on PostgreSQL when one is named.

BENCH_DATABASE_URL or TEST_DATABASE_URL names any database of a PostgreSQL server whose user may create databases. Each
run has a database, a folder and a key of its own.
"""

import argparse
import json
import os
import sys
import textwrap

from hub.measuring import scratch

WIDTHS = (46, 12, 58)
PARTS = ["discussion", "links", "listings", "demo", "search"]


def main() -> int:
    """The exit code: 1 when a figure misses its target."""
    parser = argparse.ArgumentParser(
        description="Measures how the hub does with long threads, many links, long lists and search."
    )
    parser.add_argument("--largest", type=int, default=100_000, help="comments of the long thread (default: 100000)")
    parser.add_argument("--only", choices=PARTS, help="one part; all when left out")
    parser.add_argument("--pages", type=int, default=100_000, help="pages with links, a tenth on SQLite (default: 100000)")
    parser.add_argument("--links", type=int, default=1_000_000, help="links between them, likewise (default: 1000000)")
    parser.add_argument("--rounds", type=int, default=15, help="how often each time is taken (default: 15)")
    parser.add_argument("--json", help="write the figures to this file too")
    options = parser.parse_args()
    if options.largest < 200 or options.rounds < 1:
        parser.error("the long thread has at least 200 comments, and each time is taken at least once")
    scratch.stop_on_request()
    results = {}
    with scratch.folder() as local:
        server = os.environ.get("BENCH_DATABASE_URL") or os.environ.get("TEST_DATABASE_URL")
        for part in [options.only] if options.only else PARTS:
            database = scratch.sqlite(local, part)
            results.setdefault("SQLite", []).extend(run(options, part, scratch.environment(local, DATABASE_URL=database), 10))
            if server:
                with scratch.postgresql_database(server) as address:
                    env = scratch.environment(local, DATABASE_URL=address)
                    results.setdefault("PostgreSQL", []).extend(run(options, part, env, 1))
    if options.json:
        with open(options.json, "w") as file:
            json.dump(results, file, indent=1, ensure_ascii=False)
    for line in table(results):
        say(line)
    if not server:
        say("\nSQLite only: BENCH_DATABASE_URL names no PostgreSQL.")
    return int(any(figure["holds"] is False for figures in results.values() for figure in figures))


def run(options, part: str, env: dict, share: int) -> list[dict]:
    """The figures of one part in one database, taken in a process of their own; ``share``: of how many pages it gets one."""
    arguments = ("measure", "--part", part, "--largest", options.largest, "--rounds", options.rounds)
    arguments += ("--pages", options.pages // share, "--links", options.links // share)
    code, printed = scratch.manage(*arguments, env=env)
    if code:
        sys.exit("The measurement failed: see above.")
    return json.loads(printed.splitlines()[-1])


def table(results: dict[str, list[dict]]) -> list[str]:
    """The lines of the table: figure, target, and what each database made of it, in columns."""
    lines = _columns("", "target", *results)
    for at_once in zip(*results.values(), strict=True):
        marks = {True: "", False: "MISSED: ", None: ""}
        cells = [marks[figure["holds"]] + figure["measured"] for figure in at_once]
        lines += _columns(at_once[0]["name"], at_once[0]["target"], *cells)
    return lines


def _columns(name: str, target: str, *cells: str) -> list[str]:
    widths = [WIDTHS[0], WIDTHS[1], *[WIDTHS[2]] * len(cells)]
    wrapped = [textwrap.wrap(cell, width - 2) for cell, width in zip((name, target, *cells), widths, strict=True)]
    height = max(map(len, wrapped))
    padded = [lines + [""] * (height - len(lines)) for lines in wrapped]
    return [
        "".join(part.ljust(width) for part, width in zip(row, widths, strict=True)).rstrip() for row in zip(*padded, strict=True)
    ]


def say(line: str):
    sys.stdout.write(line + "\n")
    sys.stdout.flush()


if __name__ == "__main__":
    sys.exit(main())
