"""Which comments of a page may have said the same before."""

import re

from django.db.models import Q

from discussion.models import PageComment

COMPARED = 200  # comments of the page, the latest before
OFFERED = 8
ALIKE = 0.5  # of the words of the shorter one

_WORD = re.compile(r"\w{3,}")


def candidates_for(comment: PageComment) -> list[PageComment]:
    """Published comments of the same page that ``comment`` may repeat, the likeliest first; two queries.

    Those of the same person, and those among the latest that share most of their words.
    """
    published = PageComment.objects.published().filter(page_id=comment.page_id).exclude(pk=comment.pk)
    latest = published.order_by("-number").defer("body_html")[:COMPARED]
    words = _words(comment.comment)
    found = {other.pk: (_likeness(words, _words(other.comment)), other) for other in latest}
    of_person = {other.pk: other for other in published.filter(_same_person(comment)).order_by("-number")[:OFFERED]}
    kept = [(share, other) for key, (share, other) in found.items() if share >= ALIKE and key not in of_person]
    kept += [(_likeness(words, _words(other.comment)), other) for other in of_person.values()]
    return [other for _share, other in sorted(kept, key=lambda pair: (-pair[0], -pair[1].number))[:OFFERED]]


def _same_person(comment) -> Q:
    whose = Q(pk__in=[])
    if comment.person_key:
        whose |= Q(person_key=comment.person_key)
    if comment.user_id:
        whose |= Q(user_id=comment.user_id)
    return whose


def _words(text: str) -> frozenset[str]:
    return frozenset(_WORD.findall(text.casefold()))


def _likeness(words, others) -> float:
    """The share of the shorter one's words that the other has too."""
    shorter = min(len(words), len(others))
    return len(words & others) / shorter if shorter else 0.0
