"""What a profile shows of somebody's work: by role, with whom, and on what."""

from django.db.models import Count

from pages import incoming, shelves
from pages.filters import ListingFilter
from pages.models import ContentPage, Role, TopicPage

NEWEST_IN_A_ROLE, TOPICS = 6, 8


def profile_of(person, query) -> dict:
    """All of one role where the address asks for it (``?role=author&page=2``): ``{"role", "results", …}`` as of a listing;
    else ``{"works", "linked", "people", "topics"}``."""
    shelf = shelves.contributed_by(person)
    role = query.get("role", "")
    if role in Role:
        chosen = ListingFilter.from_query(query).without("kind", "topic")
        return {"role": Role(role), **shelves.listing(shelf, chosen, query.get("page"), group=role)}
    return {
        "works": works_of(person, shelf),
        "linked": _linked_to(person),
        "people": shelves.people_among(shelf, but=person),
        "topics": topics_among(shelf),
    }


def works_of(person, shelf=None) -> list[dict]:
    """``[{"role", "label", "pages", "number", "more"}]``: by role, the newest of the work of ``person`` that readers may see."""
    shelf = shelf or shelves.contributed_by(person)
    newest = shelves.newest_of_each(shelf, [role.value for role in Role if shelf.numbers[role]], NEWEST_IN_A_ROLE)
    wanted = {key for keys in newest.values() for key in keys}
    pages = ContentPage.objects.defer("body", "search_description").in_bulk(wanted)
    works = []
    for role in Role:
        shown = [pages[key] for key in dict.fromkeys(newest.get(role, ())) if key in pages]
        number = shelf.numbers[role]
        works.append({"role": role.value, "label": role.label, "pages": shown, "number": number, "more": number > len(shown)})
    return [work for work in works if work["pages"]]


def _linked_to(person) -> dict:
    """``{"pages", "more"}``: the newest that link to ``person`` and are none of their own work."""
    if not person.pk:
        return {"pages": [], "more": False}
    linked = incoming.pages_linking_to(person).exclude(contributions__person=person).newest_first()
    found = list(linked.defer("body", "search_description")[: NEWEST_IN_A_ROLE + 1])
    return {"pages": found[:NEWEST_IN_A_ROLE], "more": len(found) > NEWEST_IN_A_ROLE}


def topics_among(shelf) -> list[TopicPage]:
    """The topics under which most of the latest hundred pages of a shelf stand, each with ``pieces``: how many."""
    latest = shelves.Stretch(shelf).latest(shelves.LATEST)
    under = TopicPage.objects.filter(topic_pages__page_id__in=latest).original().visible_at_once()
    counted = under.annotate(pieces=Count("topic_pages")).defer("body", "search_description")
    return list(counted.order_by("-pieces", "title", "pk")[:TOPICS])
