"""What the hub adds to “More on …” by itself: pages of the same series, people or topics, and of similar text.

Candidates are found in the query that reads the other ends of links, by a few short walks along an index, newest made
first, so that a topic of twenty thousand pages costs what one of twenty does; whether readers may see them is asked there.
Why each is there is read off the page itself, so that nobody is told of a topic that it has left.
"""

from django.contrib.contenttypes.models import ContentType
from django.db.models import CharField, Exists, OuterRef, Q
from django.db.models.functions import Cast
from django.utils.translation import gettext as _
from wagtail.models import Page, ReferenceIndex

from pages.models import ContentLink, Contribution, Kind, PageTopic, Role, SeriesItem, SimilarPage
from pages.models.base import LISTED_KINDS
from pages.navigation import credits_of, topics_of
from people.visibility import seen_through

# At most so many, and only as far as a page has fewer than so many lines of its own.
MOST, ENOUGH = 4, 6
WALK = 6
PEOPLE, TOPICS = 2, 2
SUGGESTED_ON = [*LISTED_KINDS, Kind.CHAPTER]
ASKED = {Role.INTERVIEWEE, Role.SPEAKER}


def near(page, known: set[int]) -> list:
    """Querysets of keys of pages that may be suggested; none where the editor, or the type, wants none.

    ``known`` are keys of pages that the screen leads to anyway. Each walk goes past them: the newest of a topic are often
    linked, and would leave nothing to add. They are a hundred or so at most, which keeps a walk short.
    """
    if not page.suggests_more or not page.pk or page.kind not in SUGGESTED_ON:
        return []
    key = page.discussed_page_id
    on_paper = {"page__live": True, "page__alias_of__isnull": True, "page__kind__in": LISTED_KINDS}
    walks = [_parts_beside(key)]
    walks += [Contribution.objects.filter(person_id=person) for person in people_of(page)]
    walks += [PageTopic.objects.filter(topic_id=topic.pk) for topic in topics_of(page)[:TOPICS]]
    past = [key, *known]
    found = [walk.filter(**on_paper).exclude(page_id__in=past).order_by("-page_id").values("page_id")[:WALK] for walk in walks]
    similar, similar_to = SimilarPage.objects.filter(page_id=key), SimilarPage.objects.filter(other_id=key)
    found.append(similar.exclude(other_id__in=known).order_by("place", "pk").values("other_id")[:WALK])
    found.append(similar_to.exclude(page_id__in=known).order_by("place", "pk").values("page_id")[:WALK])
    return [Page.objects.filter(pk__in=keys).order_by().values("pk") for keys in found]


def people_of(page) -> list[int]:
    """Keys of the first few of its contributors who have a profile."""
    return list(dict.fromkeys(row.person_id for row in credits_of(page) if row.person_id))[:PEOPLE]


def said_of_each(page) -> dict:
    """Columns of an end: whether ``page`` names it or is named by it, by a link, shown or not, or in its text; and
    whether both are in a series."""
    key = page.discussed_page_id
    links = ContentLink.objects.filter(Q(source_id=key, target_id=OuterRef("pk")) | Q(target_id=key, source_id=OuterRef("pk")))
    kind = ContentType.objects.get_for_model(Page)
    words = ReferenceIndex.objects.filter(
        base_content_type=kind, object_id=str(key), to_content_type=kind, to_object_id=Cast(OuterRef("pk"), CharField())
    )
    together = _parts_beside(key).filter(page_id=OuterRef("pk"))
    return {"is_linked": Exists(links) | Exists(words), "is_in_series": Exists(together)}


def _parts_beside(key: int):
    """What stands in a series that readers may see, together with the page ``key``."""
    return SeriesItem.objects.filter(seen_through("series__"), series__items__page_id=key, series__alias_of__isnull=True)


def chosen(page, found: list[Page], shown: set[int], *, beside: int) -> list[tuple[Page, str]]:
    """The pages to add where ``beside`` lines stand already, each with the reason that readers are told.

    ``found`` are ends, those of links too; ``shown`` the keys of pages that the screen leads to anyway.
    """
    candidates = []
    for end in found:
        if end.kind not in LISTED_KINDS or end.pk in shown or end.is_linked or _is_kin(page, end):
            continue
        rank, reason = _why(page, end)
        candidates.append((rank, -end.display_date.toordinal(), -end.pk, end, reason))
    candidates.sort(key=lambda candidate: candidate[:3])
    return [(end, reason) for *_, end, reason in candidates[: max(0, min(MOST, ENOUGH - beside))]]


def _is_kin(page, end) -> bool:
    """Itself, what stands above or beneath it: its screen leads there anyway."""
    return page.path.startswith(end.path) or end.path.startswith(page.path)


def _why(page, end) -> tuple[tuple, str]:
    """``(rank, words)`` of the strongest reason why ``end`` stands beside ``page``; a smaller rank comes first."""
    people, topics = people_of(page), {topic.pk for topic in topics_of(page)[:TOPICS]}
    if end.is_in_series:
        return (0, 0), _("same series")
    if both := [row for row in end.credits if row["person"] in people]:
        words = _("also with %(name)s") if both[0]["role"] in ASKED else _("also by %(name)s")
        return (1, 0), words % {"name": both[0]["name"]}
    if shared := topics & set(end.topics):
        return (2, -len(shared)), _("same topic")
    return (3, 0), _("on similar lines")
