"""The index on PostgreSQL: words as ``tsvector`` columns with GIN indexes, asked by ``tsquery``.

The lexemes are ours (``pages.search.analysis``); PostgreSQL keeps, finds and ranks them.
"""

from collections.abc import Iterable

from django.contrib.postgres.search import SearchVectorField
from django.db import connection
from django.db.models import BooleanField, F, FloatField, Func, QuerySet, Value

from pages.models import SearchEntry, SearchPassage, SearchWord
from pages.search.query import Phrase, Query, spelled_out

WEIGHTS = "ABCD"  # title, people and topics, summary, everything else
LAST_PLACE = 16_383  # PostgreSQL keeps no places beyond
APART = 50  # places between two parts, so that no phrase reaches across


class Fits(Func):
    """Whether a vector holds what a query asks for."""

    template = "%(expressions)s"
    arg_joiner = " @@ "
    output_field = BooleanField()

    def __init__(self, column: str, asked: str):
        super().__init__(F(column), Func(Value(asked), template="%(expressions)s::tsquery", output_field=SearchVectorField()))


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
    """A ``tsvector`` as PostgreSQL reads it, with a weight for each part."""
    places: dict[str, list[str]] = {}
    place = 0
    for weight, stems in zip(WEIGHTS, parts, strict=False):
        for stem in stems:
            place += 1
            places.setdefault(stem, []).append(f"{min(place, LAST_PLACE)}{weight}")
        place += APART
    return " ".join(f"'{stem}':{','.join(found[:255])}" for stem, found in places.items())


def after_writing(entries, passages) -> None:
    """Nothing: the vectors were written with their rows."""


def best(allowed: QuerySet[SearchEntry], query: Query, most: int) -> list[tuple[int, str, float]]:
    """``(key, title, rank)`` of those whose title, people, topics or summary fit, the best first; of many the newest ``most``."""
    asked = expression(query)
    newest = allowed.filter(Fits("head", asked)).order_by("-display_date", "-pk").values("pk")[:most]
    ranked = SearchEntry.objects.filter(pk__in=newest).annotate(rank=Rank("head", asked))
    return list(ranked.order_by("-rank", "-display_date", "-pk").values_list("pk", "title", "rank"))


def newest(allowed: QuerySet[SearchEntry], query: Query, most: int) -> list[int]:
    """Keys of those that fit anywhere, the newest ``most`` first."""
    fitting = allowed.filter(Fits("words", expression(query)))
    return list(fitting.order_by("-display_date", "-pk").values_list("pk", flat=True)[:most])


def ranks(keys: list[int], query: Query) -> dict[int, float]:
    """How well the whole text of each fits, from 0 to 1."""
    ranked = SearchEntry.objects.filter(pk__in=keys).annotate(rank=Rank("words", expression(query)))
    return dict(ranked.values_list("pk", "rank"))


def holding(allowed: QuerySet[SearchEntry], phrase: Query, most: int, tried: int) -> list[int]:
    """Keys of entries with a passage that holds a phrase. Of passages that hold its words, only ``tried`` are looked at."""
    together = SearchPassage.objects.filter(Fits("words", expression(apart(phrase)))).order_by().values("pk")[:tried]
    fitting = SearchPassage.objects.filter(Fits("words", expression(phrase)), pk__in=together)
    found = list(fitting.order_by().values_list("entry_id", flat=True)[:most])
    return list(allowed.filter(pk__in=found).values_list("pk", flat=True)) if found else []


def apart(phrase: Query) -> Query:
    """The words of a phrase, wherever they stand: what the index alone can tell."""
    clauses = tuple(type(phrase.clauses[0])(((one,),)) for clause in phrase.clauses for one in clause.typed_terms)
    return Query(clauses)


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
    return [found[key] for key in keys]


def occurs(stem: str, allowed: QuerySet[SearchEntry], most: int = 1) -> int:
    """In how many of the ``allowed`` entries a word occurs; counted up to ``most``."""
    return allowed.filter(Fits("words", f"'{stem}'")).order_by()[:most].count()


def expression(query: Query, *, anything: bool = False) -> str:
    """The query as a ``tsquery``. ``anything``: any of its words will do."""
    clauses = [_clause(clause) for clause in query.clauses]
    if anything:
        return " | ".join(clauses)
    wanted = " | ".join(f"({' & '.join(way)})" for way in query.ways(clauses))
    without = [f"!({_phrase(phrase)})" for phrase in query.without]
    return " & ".join([f"({wanted})", *without])


def _clause(clause) -> str:
    typed = " & ".join(_phrase(phrase) for phrase in clause.typed)
    return "(" + " | ".join([f"({typed})", *map(_phrase, clause.others)]) + ")"


def _phrase(phrase: Phrase) -> str:
    ways = [" <-> ".join(f"'{stem}'{':*' if begins else ''}" for stem, begins in way) for way in spelled_out(phrase)]
    return "(" + " | ".join(ways) + ")"
