"""“12 comments here, 7 on its interviews”: what is said on the pages that belong to a page."""

from dataclasses import dataclass

from django.db.models import OuterRef, Q
from django.utils.translation import ngettext

from discussion.models import Discussion
from pages.incoming import kind_of_link, pages_linking_to
from pages.models import ContentPage, Kind, LinkKind

# The links by which a page says that it belongs to another; what stands beneath a publication belongs to it too.
BELONGING = {
    LinkKind.INTERVIEW_FOR: Kind.INTERVIEW,
    LinkKind.TALK_ABOUT: Kind.VIDEO,
    LinkKind.ARTICLE_ABOUT: Kind.ARTICLE,
}
KINDS = [Kind.INTERVIEW, Kind.VIDEO, Kind.ARTICLE, Kind.CHAPTER]
# Where a page itself lists what belongs to it: by its links, or beneath it.
LINKED, CHAPTERS, COMPANIONS = "#related", "#chapters", "#companions-title"


@dataclass(frozen=True)
class Part:
    """What is said on the pages of one kind: the words of the link, and where it leads."""

    words: str
    url: str


@dataclass(frozen=True)
class Belonging:
    """The pages that belong to ``page``: that say so by a link, as far as readers see both, or stand beneath it."""

    page: ContentPage

    def condition(self) -> Q:
        """Their discussions, where anything is said."""
        pages = Q(page_id__in=pages_linking_to(self.page, *BELONGING).order_by().values("pk"))
        if self.page.kind == Kind.PUBLICATION:
            beneath = ContentPage.objects.visible_beneath(self.page)
            pages |= Q(page_id__in=beneath.original().values("pk"))
            # What stands there by an alias is said beneath its source.
            sources = ContentPage.objects.visible().filter(aliases__in=beneath.values("pk"))
            pages |= Q(page_id__in=sources.values("pk"))
        return pages & Q(published_count__gt=0)

    def linked_as(self):
        """A column of their discussions: the kind of the link, NULL for what only stands beneath."""
        return kind_of_link(self.page, OuterRef("page_id"), list(BELONGING))

    def parts(self, rows: list[Discussion], request) -> list[Part]:
        """What ``rows``, their discussions, say, in the order of ``KINDS``."""
        found: dict[str, list[Discussion]] = {}
        for row in rows:
            found.setdefault(BELONGING.get(row.linked_as, row.page.kind), []).append(row)
        return [self._part(kind, found[kind], request) for kind in KINDS if kind in found]

    def _part(self, kind, rows, request) -> Part:
        words = _words(kind, sum(row.published_count for row in rows), len(rows))
        if len(rows) == 1:
            return Part(words, f"{rows[0].page.get_url(request)}#comments")
        if any(row.linked_as for row in rows):
            return Part(words, LINKED)
        return Part(words, CHAPTERS if kind == Kind.CHAPTER else COMPANIONS)


def _words(kind, number, pages) -> str:
    """“7 on its interviews”. The number of pages decides between one and many."""
    patterns = {
        Kind.INTERVIEW: ngettext("%(number)d on its interview", "%(number)d on its interviews", pages),
        Kind.VIDEO: ngettext("%(number)d on its video", "%(number)d on its videos", pages),
        Kind.ARTICLE: ngettext("%(number)d on an article about it", "%(number)d on articles about it", pages),
        Kind.CHAPTER: ngettext("%(number)d on its chapter", "%(number)d on its chapters", pages),
    }
    return patterns[kind] % {"number": number}
