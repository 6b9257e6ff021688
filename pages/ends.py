"""The pages at the other ends of links: those that readers may see, with all that is said of them, in one query."""

from django.db.models import Case, F, OuterRef, Q, TextField, When
from django.db.models.functions import Cast, JSONObject, Length
from wagtail.models import Page

from pages.json_rows import JSONRows
from pages.models import Contribution, Kind, PageTopic, SeriesItem, SeriesPage
from pages.navigation import any_pages
from pages.sentences import Verb, listed
from people.visibility import seen_through

NAMES_READ = 30
SETS_READ = 5
PERSON = "person"  # the kind of a profile in a sentence
PLAIN = Q(personpage__isnull=False) | Q(sectionpage__isnull=False)
VERBS = {
    Kind.PUBLICATION: Verb.READ,
    Kind.CHAPTER: Verb.READ,
    Kind.INTERVIEW: Verb.READ,
    Kind.SERIES: Verb.READ,
    Kind.VIDEO: Verb.WATCH,
    Kind.TOPIC: Verb.FIND_OUT,
}


def ends(wanted, *, parent_path: str = "", near=(), also=None) -> list[Page]:
    """Pages of whatever type that readers may see; aliases are left out, since their source is meant.

    ``wanted`` are keys; ``parent_path`` is the place of one page more. ``near`` are querysets of keys whose pages come
    too; ``also`` are further columns.

    Each is a plain page with ``kind``, ``display_date``, ``phrase``, ``recording_type``, ``text_length``, ``credits``
    (``[{"role", "name", "person"}]``), ``sets`` (series, ``[{"id", "title", "url_path"}]``) and ``topics`` (keys).
    """
    keys = any_pages().filter(Q(pk__in=wanted) | Q(path=parent_path)).order_by().values("pk")
    pages = any_pages().filter(pk__in=keys.union(*near) if near else keys).visible_at_once()
    content = Q(contentpage__isnull=False) & (Q(alias_of__isnull=True) | Q(path=parent_path))
    pages = (
        pages.filter(PLAIN | content).only("title", "slug", "path", "depth", "url_path").annotate(**_said_of_it(), **(also or {}))
    )
    found = list(pages)
    for page in found:
        page.topics = [row["topic"] for row in page.topics]
        page.kind = PERSON if page.profile else page.kind or ""
    return found


def _said_of_it() -> dict:
    return {
        "kind": F("contentpage__kind"),
        "display_date": F("contentpage__display_date"),
        "phrase": F("contentpage__topicpage__phrase"),
        "profile": F("personpage__pk"),
        "recording_type": F("contentpage__interviewpage__recording__type"),
        # Of those with a recording only: a body is long, and stored out of line.
        "text_length": Case(
            When(contentpage__interviewpage__recording__isnull=False, then=Length(Cast("contentpage__body", TextField())))
        ),
        "credits": JSONRows(
            Contribution.objects.filter(page_id=OuterRef("pk"))
            .order_by("sort_order", "pk")
            .values(row=JSONObject(role="role", name="name", person="person_id"))[:NAMES_READ]
        ),
        "sets": JSONRows(
            SeriesItem.objects.filter(seen_through("series__"), page_id=OuterRef("pk"), series__alias_of__isnull=True)
            .order_by("series_id")
            .values(row=JSONObject(id="series_id", title="series__title", url_path="series__url_path"))[:SETS_READ]
        ),
        "topics": JSONRows(
            PageTopic.objects.filter(page_id=OuterRef("pk")).order_by("sort_order", "pk").values(row=JSONObject(topic="topic_id"))
        ),
    }


def series_from(row: dict) -> SeriesPage:
    """The series of an entry of ``sets``, with as much of it as its link needs."""
    return SeriesPage(pk=row["id"], title=row["title"], url_path=row["url_path"])


def names(page, *roles) -> list[str]:
    """Printed names of those who have one of ``roles`` on an end, in the order of its byline."""
    return [row["name"] for row in page.credits if row["role"] in roles]


def verb_for(page) -> Verb:
    """What one does with a page: the verb comes from what it holds, not from the link."""
    if page.kind == Kind.INTERVIEW and page.recording_type and page.text_length <= len("[]"):
        return Verb.LISTEN if page.recording_type == "audio" else Verb.WATCH
    return VERBS.get(page.kind, Verb.SEE)


def values_of(page) -> dict:
    """What fills the gaps of a sentence about an end; a gap with nothing in it is empty."""
    by_role = {role: listed(names(page, role)) for role in ("interviewee", "interviewer", "speaker", "author")}
    return {
        "title": page.title,
        "topic": (page.phrase or page.title) if page.kind == Kind.TOPIC else "",
        **{f"{role}s": named for role, named in by_role.items()},
    }
