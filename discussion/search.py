"""Search in what readers said. The worker keeps the words of comments; who may see which is asked when they are found.

New comments are found by their keys, which only grow, so that posting and deciding leave no mark and wait for nothing.
"""

from django.db import connection, transaction
from django.db.models import Exists, OuterRef, QuerySet
from django.urls import reverse
from django.utils.http import urlencode
from wagtail.rich_text import get_text_for_indexing

from discussion.models import CommentWords, PageComment, State
from discussion.openness import standings_of
from pages.models import ContentPage
from pages.search import analysis, postgresql, sqlite, store
from pages.search import query as asking
from pages.search.narrowing import BEST, NEWEST
from pages.search.query import Query
from people.visibility import seen_through

MOST = 1_000
COUNTED = 100  # comments that are told of beside the pages that were found
AT_ONCE = 200
LOOKED_BACK = 2_000  # keys below the last one, among which one may have been stored late or changed its words
LOOKS = 5  # stretches of so many comments, where many of them stand on pages that not everybody may read
LATEST = 200  # times as many comments as are wanted are the latest
TABLE = "discussion_commentwords_words"


def index_new() -> int:
    """Index the comments that came since the last time; how many."""
    return _index(PageComment.objects.filter(pk__gt=(_last() or 0) - LOOKED_BACK))


def index_missing() -> int:
    """Index whatever is missing anywhere, and forget what no comment says any more; how many were indexed."""
    CommentWords.objects.filter(~Exists(_saying(PageComment.objects.filter(pk=OuterRef("pk"))))).delete()
    return _index(PageComment.objects.all())


def _index(comments: QuerySet[PageComment]) -> int:
    done, last = 0, 0
    missing = _saying(comments).filter(words__isnull=True).order_by("pk")
    while keys := list(missing.filter(pk__gt=last).values_list("pk", flat=True)[:AT_ONCE]):
        write(keys)
        done, last = done + len(keys), keys[-1]
    return done


def _saying(comments: QuerySet[PageComment]) -> QuerySet[PageComment]:
    """Those with words; erased ones have none."""
    return comments.exclude(body_html="")


@transaction.atomic
def write(keys: list[int]) -> None:
    """Keep the words of comments that have none kept yet, as they are now.

    Whoever changes or erases one meanwhile waits for this and then takes the words away again, or was first: their text is
    read from the very rows that are locked.
    """
    comments = _saying(PageComment.objects.filter(pk__in=keys)).select_related("page__locale")
    comments = comments.only("body_html", "page__locale__language_code").order_by("pk")
    comments = comments.select_for_update(of=["self"], no_key=connection.features.has_select_for_no_key_update)
    stems = {row.pk: analysis.stems(text_of(row), row.page.locale.language_code) for row in comments}
    kept_here = connection.vendor == "postgresql"
    rows = [CommentWords(pk=key, words=postgresql.vector([words]) if kept_here else None) for key, words in stems.items()]
    CommentWords.objects.bulk_create(rows, ignore_conflicts=True)
    if not kept_here:
        sqlite.write_words(TABLE, stems)


def text_of(comment: PageComment) -> str:
    """What a comment says, without its markup."""
    return analysis.plain(get_text_for_indexing(comment.body_html))


def forget(comment: PageComment) -> None:
    """Let a comment whose words have changed be indexed anew."""
    CommentWords.objects.filter(pk=comment.pk).delete()


def sweep() -> None:
    """Let nothing be left in the index of what was forgotten. PostgreSQL sees to it by itself."""
    if connection.vendor == "sqlite":
        sqlite.sweep(TABLE)


def find(query: Query, order: str = BEST, most: int = MOST) -> tuple[list[int], bool]:
    """Keys of the comments that readers may see and that hold all words, and whether there are more; at most ``most``.

    Of very many the newest. What readers may not see is left out before anything is counted, and tells nothing by that.
    """
    last = _last() if query and not query.is_in_vain else None
    if last is None:
        return [], False
    found, before = [], last + 1
    try:
        for _look in range(LOOKS):
            with store.bounded():
                newest = _newest(query, most + 1, before)
            found += _shown(newest)
            if len(found) > most or len(newest) <= most:
                break
            before = newest[-1]
        return _in_order(found[:most], query, order), len(found) > most
    except store.TooMuch:
        return [], True


def _last() -> int | None:
    """The key of the last comment that is indexed; None before the first."""
    return CommentWords.objects.order_by("-pk").values_list("pk", flat=True).first()


def _fitting(query: Query) -> QuerySet[CommentWords]:
    if connection.vendor == "postgresql":
        return CommentWords.objects.filter(postgresql.Fits("words", postgresql.expression(query)))
    return CommentWords.objects.filter(sqlite.Fits(sqlite.expression(query), TABLE))


def _newest(query: Query, most: int, before: int) -> list[int]:
    """The newest that fit, of keys below ``before``; looked for among the latest of them first, where common words are found
    at once."""
    fitting = _published(_fitting(query)).filter(pk__lt=before).order_by("-pk").values_list("pk", flat=True)
    newest = list(fitting.filter(pk__gt=before - LATEST * most)[:most])
    if len(newest) < most and before > LATEST * most:
        newest = list(fitting[:most])
    return newest


def _in_order(keys: list[int], query: Query, order: str) -> list[int]:
    if order != BEST or connection.vendor != "postgresql" or not keys:
        return keys
    ranked = CommentWords.objects.filter(pk__in=keys).annotate(rank=postgresql.Rank("words", postgresql.expression(query)))
    with store.bounded():
        return list(ranked.order_by("-rank", "-pk").values_list("pk", flat=True))


def _published(words: QuerySet[CommentWords]) -> QuerySet[CommentWords]:
    return words.filter(comment__state=State.PUBLISHED, comment__hidden_by_ancestor=False)


def _shown(keys: list[int]) -> list[int]:
    """Those of ``keys`` on pages that everybody may see and that show their discussion, in their order."""
    if not keys:
        return []
    comments = PageComment.objects.published().filter(seen_through("page__"), pk__in=keys)
    of_page = dict(comments.values_list("pk", "page_id"))
    pages = ContentPage.objects.filter(pk__in=set(of_page.values())).defer("body")
    standings = standings_of(pages) if of_page else {}
    return [key for key in keys if key in of_page and standings[of_page[key]].is_shown]


def found_beside_pages(words: str) -> dict:
    """``{"number", "url"}`` for ``pages.providers.comments_found``; nothing where no comment fits."""
    keys, more = find(asking.parse(words), NEWEST, COUNTED)
    if not keys:
        return {}
    return {
        "number": f"{len(keys)}+" if more else str(len(keys)),
        "url": f"{reverse('search_comments')}?{urlencode({'q': words})}",
    }
