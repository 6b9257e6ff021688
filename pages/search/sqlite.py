"""The index on SQLite: words in tables of FTS5's beside the rows of the index, under the same keys.

The words are stemmed already (``pages.search.analysis``); FTS5 keeps, finds and ranks them.
"""

from collections.abc import Iterable

from django.db import connection
from django.db.models import BooleanField, F, Func, QuerySet

from pages.models import SearchEntry, SearchPassage, SearchWord
from pages.search.counting import COLUMNS, Entry
from pages.search.query import Phrase, Query, spelled_out

HEAD, TITLE = "{title people summary}", "{title}"


class Fits(Func):
    """Whether the words of a row hold what a query asks for; ``table`` is FTS5's, with the same keys as the rows."""

    template = "%(expressions)s IN (SELECT rowid FROM %(table)s WHERE %(table)s MATCH %%s)"
    output_field = BooleanField()

    def __init__(self, match: str, table: str = "pages_searchentry_words"):
        super().__init__(F("pk"), table=table)
        self.match = match

    def as_sql(self, *args, **kwargs):
        sql, params = super().as_sql(*args, **kwargs)
        return sql, [*params, self.match]


def entry_columns(parts: list[list[str]]) -> dict:
    """Nothing: the words stand in a table of their own."""
    return {}


def passage_columns(stems: list[str]) -> dict:
    return {}


def after_writing(key: int, parts: list[list[str]], passages: dict[int, list[str]]) -> None:
    """Write the words of an entry that was written, ``parts`` in the order of its columns, and those of its passages."""
    with connection.cursor() as cursor:
        cursor.execute("DELETE FROM pages_searchentry_words WHERE rowid = %s", [key])
        cursor.execute(
            "INSERT INTO pages_searchentry_words (rowid, title, people, summary, text) VALUES (%s, %s, %s, %s, %s)",
            [key, *map(" ".join, parts)],
        )
    write_words("pages_searchpassage_words", passages)


def write_words(table: str, stems: dict[int, list[str]]) -> None:
    """Write the words of rows that have one part only, in place of what stood there."""
    with connection.cursor() as cursor:
        cursor.executemany(f"DELETE FROM {table} WHERE rowid = %s", [(key,) for key in stems])  # noqa: S608
        cursor.executemany(
            f"INSERT INTO {table} (rowid, text) VALUES (%s, %s)",  # noqa: S608
            [(key, " ".join(words)) for key, words in stems.items()],
        )


def best(allowed: QuerySet[SearchEntry], query: Query, most: int) -> list[tuple[int, str, float]]:
    """``(key, words of the title, rank)`` of those whose title, people, topics or summary fit, the best ``most`` first."""
    return _ranked(allowed, f"{HEAD} : ({expression(query)})", most)


def titled(allowed: QuerySet[SearchEntry], query: Query, most: int) -> list[tuple[int, str, float]]:
    """The same of those whose title alone fits."""
    return _ranked(allowed, f"{TITLE} : ({expression(query)})", most)


def newest(allowed: QuerySet[SearchEntry], query: Query, most: int) -> dict[int, Entry]:
    """Those that fit anywhere, the newest ``most`` first."""
    rows = allowed.filter(Fits(expression(query))).newest_first().values_list("pk", *COLUMNS)[:most]
    return {key: Entry(*columns) for key, *columns in rows}


def ranks(keys: Iterable[int], query: Query) -> dict[int, float]:
    """How well the whole text of each fits, from 0 to 1."""
    keys = list(keys)
    found = _ranked(SearchEntry.objects.filter(pk__in=keys), expression(query), len(keys))
    return {key: rank for key, _folded, rank in found}


def _ranked(allowed: QuerySet[SearchEntry], match: str, most: int) -> list[tuple[int, str, float]]:
    """``(key, words of the title, rank)`` of the best ``most``."""
    inner, params = allowed.order_by().values("pk").query.sql_with_params()
    with connection.cursor() as cursor:
        # The plus keeps SQLite from asking the index of words once for every allowed row.
        cursor.execute(
            f"WITH best AS (SELECT rowid AS pk, bm25(pages_searchentry_words, 10, 4, 2, 1) AS rank FROM pages_searchentry_words"  # noqa: S608
            f" WHERE pages_searchentry_words MATCH %s AND +rowid IN ({inner}) ORDER BY 2, rowid DESC LIMIT {int(most)})"
            " SELECT pk, folded, rank FROM best JOIN pages_searchentry ON page_id = pk ORDER BY rank, pk DESC",
            [match, *params],
        )
        # BM25 is negative and without bound here: brought between 0 and 1, the best nearest to 1.
        return [(key, folded, -rank / (1 - rank) if rank < 0 else 0.0) for key, folded, rank in cursor.fetchall()]


def holding(allowed: QuerySet[SearchEntry], phrase: Query, most: int) -> list[int]:
    """Keys of ``most`` entries with a passage that holds a phrase; FTS5 knows places, so that none has to be looked into."""
    fitting = SearchPassage.objects.filter(Fits(expression(phrase), "pages_searchpassage_words"), entry__in=allowed.order_by())
    return list(fitting.order_by().values_list("entry_id", flat=True).distinct()[:most])


def passages(keys: Iterable[int], query: Query) -> list[SearchPassage]:
    """The passage of each that fits best, where one does."""
    keys = list(keys)
    if not keys:
        return []
    marks = ", ".join(["%s"] * len(keys))
    with connection.cursor() as cursor:
        # The cross join keeps SQLite to its order: the passages of a few pages, each held against the words.
        cursor.execute(
            f"SELECT p.id, p.entry_id, w.text FROM pages_searchpassage p CROSS JOIN pages_searchpassage_words w"  # noqa: S608
            f" ON w.rowid = p.id WHERE p.entry_id IN ({marks}) AND w.pages_searchpassage_words MATCH %s",
            [*keys, expression(query, anything=True)],
        )
        rows = cursor.fetchall()
    wanted = {stem for term in query.terms for stem in term.all_stems}
    beginnings = tuple(term.word for term in query.terms if term.begins)
    chosen: dict[int, tuple] = {}
    for key, entry, text in rows:
        words = text.split()
        found = [word for word in words if word in wanted or word.startswith(beginnings)]
        fitting = len(set(found)), len(found) / len(words), -key
        if entry not in chosen or fitting > chosen[entry][0]:
            chosen[entry] = (fitting, key)
    return list(SearchPassage.objects.filter(pk__in=[key for _fitting, key in chosen.values()]))


def alike(word: str, most: int) -> list[SearchWord]:
    """Words of the index that are spelled alike, those with most of their letters in common first."""
    padded = f"__{word}_"
    pieces = " OR ".join(f'"{padded[place : place + 3]}"' for place in range(len(padded) - 2))
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT rowid FROM pages_searchword_spelling WHERE pages_searchword_spelling MATCH %s ORDER BY rank LIMIT %s",
            [pieces, most],
        )
        keys = [key for (key,) in cursor.fetchall()]
    found = SearchWord.objects.in_bulk(keys)
    return [found[key] for key in keys if key in found]


def occurs(stem: str, allowed: QuerySet[SearchEntry], most: int = 1) -> int:
    """In how many of the ``allowed`` entries a word occurs; counted up to ``most``."""
    return allowed.filter(Fits(f'"{stem}"')).order_by()[:most].count()


def expression(query: Query, *, anything: bool = False) -> str:
    """The query in the language of FTS5. ``anything``: any of its words will do."""
    clauses = [_clause(clause) for clause in query.clauses]
    if anything:
        return " OR ".join(clauses)
    wanted = " OR ".join(f"({' AND '.join(way)})" for way in query.ways(clauses))
    for phrase in query.without:
        wanted = f"({wanted}) NOT {_phrase(phrase)}"
    return wanted


def _clause(clause) -> str:
    typed = " AND ".join(_phrase(phrase) for phrase in clause.typed)
    return "(" + " OR ".join([f"({typed})", *map(_phrase, clause.others)]) + ")"


def _phrase(phrase: Phrase) -> str:
    ways = ['"' + " ".join(stem for stem, _begins in way) + '"' + ("*" if way[-1][1] else "") for way in spelled_out(phrase)]
    return "(" + " OR ".join(ways) + ")"


def sweep(table: str) -> None:
    """Take out of ``table`` what was deleted: FTS5 only notes that it was, and keeps the words until it happens to merge them."""
    with connection.cursor() as cursor:
        cursor.execute(f"INSERT INTO {table} ({table}) VALUES ('optimize')")  # noqa: S608
