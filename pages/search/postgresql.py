"""The index on PostgreSQL: words as ``tsvector`` columns with GIN indexes, asked by ``tsquery``.

The lexemes are ours (``pages.search.analysis``); PostgreSQL keeps, finds and ranks them.
"""

from collections.abc import Iterable
from datetime import date

from django.contrib.postgres.search import SearchVectorField
from django.core.cache import cache
from django.db import connection
from django.db.models import BooleanField, F, FloatField, Func, Q, QuerySet, Value

from pages.models import SearchEntry, SearchPassage, SearchWord
from pages.models.search_entry import NEWEST_FIRST
from pages.search.counting import COLUMNS, Entry
from pages.search.query import Clause, Phrase, Query, spelled_out
from people.many import many

WEIGHTS = "ABCD"  # title, people and topics, summary, everything else
LAST_PLACE = 16_383  # PostgreSQL keeps no places beyond
APART = 50  # places between two parts, so that no phrase reaches across
ROOM = 900_000  # bytes of a vector: PostgreSQL takes a megabyte
LOOKED_INTO = 10_000  # passages in which a phrase is looked for, of those that hold its words
LATEST = 10_000, 30_000  # entries that are looked at first, and then
LATEST_KEPT = 3_600  # seconds for which the days are kept that begin them
TITLE = Func("head", template="ts_filter(%(expressions)s, '{a}')", output_field=SearchVectorField())  # as its index has it
ENOUGH = 1_000  # with a smaller limit the planner hopes to meet a rare word soon, and reads the whole table


class Fits(Func):
    """Whether a vector holds what a query asks for."""

    template = "%(expressions)s"
    arg_joiner = " @@ "
    output_field = BooleanField()

    def __init__(self, column: str | Func, asked: str):
        super().__init__(column, Func(Value(asked), template="%(expressions)s::tsquery", output_field=SearchVectorField()))


class Rank(Func):
    """How well a vector fits, from 0 to 1: how often, how close to the title, for how long a text."""

    function = "ts_rank"
    output_field = FloatField()

    def __init__(self, column: str, asked: str):
        query = Func(Value(asked), template="%(expressions)s::tsquery", output_field=SearchVectorField())
        super().__init__(F(column), query, Value(1))


def entry_columns(parts: list[list[str]]) -> dict:
    """The vectors of an entry: ``parts`` are the stems of title, people, summary and text."""
    return {"head": vector(parts[:3]), "words": vector(parts)}


def passage_columns(stems: list[str]) -> dict:
    return {"words": vector([stems])}


def vector(parts: list[list[str]]) -> str:
    """A ``tsvector`` as PostgreSQL reads it, with a weight for each part. Words for which there is no room are left out."""
    places: dict[str, list[str]] = {}
    place, room = 0, ROOM
    for weight, stems in zip(WEIGHTS, parts, strict=False):
        for stem in stems:
            place += 1
            room -= 4 if stem in places else len(stem.encode()) + 12
            if room > 0:
                places.setdefault(stem, []).append(f"{min(place, LAST_PLACE)}{weight}")
        place += APART
    return " ".join(f"'{stem}':{','.join(found[:255])}" for stem, found in places.items())


def after_writing(key: int, parts: list[list[str]], passages: dict[int, list[str]]) -> None:
    """Nothing: the vectors were written with their rows."""


def best(allowed: QuerySet[SearchEntry], query: Query, most: int) -> list[tuple[int, str, float]]:
    """``(key, words of the title, rank)`` of those whose title, people, topics or summary fit, the best first.

    Of many the newest ``most``.
    """
    return _best_of(allowed.filter(Fits("head", expression(query))), query, most)


def titled(allowed: QuerySet[SearchEntry], query: Query, most: int) -> list[tuple[int, str, float]]:
    """The same of those whose title alone fits."""
    fitting = allowed.filter(Fits(TITLE, expression(query)))
    if query.without:  # which must not stand beside the title either
        fitting = fitting.filter(Fits("head", expression(query)))
    return _best_of(fitting, query, most)


def _best_of(fitting: QuerySet[SearchEntry], query: Query, most: int) -> list[tuple[int, str, float]]:
    ranked = SearchEntry.objects.filter(pk__in=fitting.newest_first().values("pk")[:most])
    ranked = ranked.annotate(rank=Rank("head", expression(query)))
    return list(ranked.order_by("-rank", *NEWEST_FIRST).values_list("pk", "folded", "rank"))


# Where the latest are enough, not all that fit are looked up, which are very many of a frequent word; where they nearly are,
# not all either. Of the three parts two stay empty, and the database does not begin with what it need not look up.
NEWEST = """
WITH latest AS MATERIALIZED ({fitting} WHERE display_date >= %s {first}),
later AS MATERIALIZED (
    SELECT * FROM ({fitting} WHERE display_date >= %s {first}) AS later
    WHERE (SELECT COUNT(*) FROM latest) BETWEEN {enough} AND {most} - 1
)
SELECT * FROM latest WHERE (SELECT COUNT(*) FROM latest) = {most}
UNION ALL
SELECT * FROM later WHERE (SELECT COUNT(*) FROM later) = {most}
UNION ALL
SELECT * FROM ({fitting} {first}) AS every WHERE (SELECT COUNT(*) FROM latest) < {most} AND (SELECT COUNT(*) FROM later) < {most}
{order}
"""
ORDER = "ORDER BY display_date DESC NULLS LAST, pk DESC"  # ``NEWEST_FIRST``


def newest(allowed: QuerySet[SearchEntry], query: Query, most: int) -> dict[int, Entry]:
    """Those that fit anywhere, the newest ``most`` first."""
    rows = allowed.filter(_fits_anywhere(allowed, query, most)).order_by().values("pk", *COLUMNS)
    inner, params = rows.query.sql_with_params()  # made once, and named three times
    fitting = f"SELECT * FROM ({inner}) AS fitting"  # noqa: S608  (Django's own SQL)
    named = {"fitting": fitting, "first": f"{ORDER} LIMIT {int(most)}", "order": ORDER}
    statement = NEWEST.format(**named, most=int(most), enough=most * LATEST[0] // LATEST[1])
    latest, later = _beginnings()
    with connection.cursor() as cursor:
        cursor.execute(statement, [*params, latest, *params, later, *params])
        return {key: Entry(*columns) for key, *columns in cursor.fetchall()}


def _fits_anywhere(allowed: QuerySet[SearchEntry], query: Query, most: int) -> Q:
    """The condition that the words of an entry fit.

    Of a long text its vector knows not all places (255 of a word, none beyond ``LAST_PLACE``), so that phrases are looked for
    in its passages too, which are short.
    """
    fits = Q(Fits("words", expression(query)))
    asked = [phrase for clause in query.clauses for phrase in clause.typed if len(phrase) > 1]
    if asked and not query.spare:
        found = [set(_with_phrase(allowed, phrase, most)) for phrase in asked]
        fits |= Q(Fits("words", expression(apart(query)))) & Q(pk__in=many(set.intersection(*found)))
    for phrase in query.without:
        if len(phrase) > 1:
            fits &= ~Q(pk__in=many(_with_phrase(allowed, phrase, most)))
    return fits


def _with_phrase(allowed: QuerySet[SearchEntry], phrase: Phrase, most: int) -> list[int]:
    return holding(allowed, Query((Clause((phrase,)),)), most)


def _beginnings() -> list[date]:
    """The days since which there were so many entries as ``LATEST`` says, when they were last looked up; where there are fewer,
    none is so late."""
    newest = SearchEntry.objects.filter(display_date__isnull=False).newest_first().values_list("display_date", flat=True)

    def look_up() -> list[date]:
        return [next(iter(newest[number : number + 1]), date.max) for number in LATEST]

    return cache.get_or_set("search_latest_days", look_up, LATEST_KEPT)


def ranks(keys: Iterable[int], query: Query) -> dict[int, float]:
    """How well the whole text of each fits, from 0 to 1."""
    ranked = SearchEntry.objects.filter(pk__in=list(keys)).annotate(rank=Rank("words", expression(query)))
    return dict(ranked.values_list("pk", "rank"))


# The inner limit comes before the phrase: what is held against it is bounded, and read only once.
HOLDING = """
SELECT entry_id FROM (SELECT entry_id, words FROM pages_searchpassage WHERE words @@ %s::tsquery LIMIT %s) AS together
WHERE words @@ %s::tsquery LIMIT %s
"""


def holding(allowed: QuerySet[SearchEntry], phrase: Query, most: int) -> list[int]:
    """Keys of entries with a passage that holds a phrase. Of passages that hold its words, ``LOOKED_INTO`` are looked at."""
    with connection.cursor() as cursor:
        cursor.execute(HOLDING, [expression(apart(phrase)), LOOKED_INTO, expression(phrase), most])
        found = {entry for (entry,) in cursor.fetchall()}
    return list(allowed.filter(pk__in=found).values_list("pk", flat=True)) if found else []


def apart(phrase: Query) -> Query:
    """The words of phrases, wherever they stand: what the index alone can tell."""
    clauses = tuple(
        part
        for clause in phrase.clauses
        for part in ([clause] if clause.others else [Clause(((one,),)) for one in clause.typed_terms])
    )
    return Query(clauses, phrase.without)


def passages(keys: Iterable[int], query: Query) -> list[SearchPassage]:
    """The passage of each that fits best, where one does."""
    asked = expression(query, anything=True)
    fitting = SearchPassage.objects.filter(Fits("words", asked), entry_id__in=keys)
    ranked = fitting.annotate(rank=Rank("words", asked)).defer("words")
    return list(ranked.order_by("entry_id", "-rank", "place").distinct("entry_id"))


def alike(word: str, most: int) -> list[SearchWord]:
    """Words of the index that are spelled alike, the most alike first."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT id FROM pages_searchword WHERE word %% %s ORDER BY similarity(word, %s) DESC, word LIMIT %s",
            [word, word, most],
        )
        keys = [key for (key,) in cursor.fetchall()]
    found = SearchWord.objects.in_bulk(keys)
    return [found[key] for key in keys if key in found]


def occurs(stem: str, allowed: QuerySet[SearchEntry], most: int = 1) -> int:
    """In how many of the ``allowed`` entries a word occurs; counted up to ``most``."""
    return min(allowed.filter(Fits("words", f"'{stem}'")).order_by()[: max(most, ENOUGH)].count(), most)


def expression(query: Query, *, anything: bool = False) -> str:
    """The query as a ``tsquery``. ``anything``: any of its words will do."""
    clauses = [_clause(clause) for clause in query.clauses]
    if anything:
        return " | ".join(clauses)
    wanted = " | ".join(f"({' & '.join(way)})" for way in query.ways(clauses))
    without = [f"!({_phrase(phrase)})" for phrase in query.without]
    return " & ".join([f"({wanted})", *without])


def _clause(clause: Clause) -> str:
    typed = " & ".join(map(_phrase, clause.typed))
    return "(" + " | ".join([f"({typed})", *map(_phrase, clause.others)]) + ")"


def _phrase(phrase: Phrase) -> str:
    ways = (" <-> ".join(_lexeme(stem, begins) for stem, begins in way) for way in spelled_out(phrase))
    return "(" + " | ".join(ways) + ")"


def _lexeme(stem: str, begins: bool) -> str:
    return f"'{stem}'{':*' if begins else ''}"
