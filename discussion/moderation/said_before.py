"""Which comments of a page may have said the same before."""

import re
from itertools import pairwise

from django.db.models import Q

from discussion.models import PageComment

COMPARED = 200  # comments of the page, the latest before
OFFERED = 8
ALIKE = 0.5  # of the pairs of words in the shorter one: what was cut short is found, a few common words are not

_WORD = re.compile(r"\w+")


def candidates_for(comment: PageComment) -> list[PageComment]:
    """Published comments of the same page that ``comment`` may repeat, the likeliest first; two queries.

    Those of the same person, and those among the latest in like words.
    """
    published = PageComment.objects.published().filter(page_id=comment.page_id).exclude(pk=comment.pk)
    latest = published.order_by("-number").defer("body_html")[:COMPARED]
    pairs = _pairs(comment.comment)
    found = {other.pk: (_likeness(pairs, _pairs(other.comment)), other) for other in latest}
    of_person = {other.pk: other for other in published.filter(_same_person(comment)).order_by("-number")[:OFFERED]}
    kept = [(share, other) for key, (share, other) in found.items() if share >= ALIKE and key not in of_person]
    kept += [(_likeness(pairs, _pairs(other.comment)), other) for other in of_person.values()]
    return [other for _share, other in sorted(kept, key=lambda pair: (-pair[0], -pair[1].number))[:OFFERED]]


def _same_person(comment) -> Q:
    whose = Q(pk__in=[])
    if comment.person_key:
        whose |= Q(person_key=comment.person_key)
    if comment.user_id:
        whose |= Q(user_id=comment.user_id)
    return whose


def _pairs(text: str) -> frozenset[tuple[str, str]]:
    """Each word with the one after it."""
    return frozenset(pairwise(_WORD.findall(text.casefold())))


def _likeness(pairs, others) -> float:
    """The share of the shorter one's pairs that the other has too."""
    shorter = min(len(pairs), len(others))
    return len(pairs & others) / shorter if shorter else 0.0
