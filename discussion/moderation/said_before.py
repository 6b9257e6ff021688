"""Which comments of a page may have said the same before."""

from django.db.models import Q

from discussion.models import PageComment
from discussion.rules.likeness import runs_of, share_held

COMPARED = 200  # comments of the page, the latest before
OFFERED = 8
# A moderator who looks for what was said before wants to see more than the rule that holds what was copied: pairs of words,
# of which the shorter text has half in common. What was cut short is found, a few common words are not.
LENGTH, ALIKE = 2, 0.5


def candidates_for(comment: PageComment) -> list[PageComment]:
    """Published comments of the same page that ``comment`` may repeat, the likeliest first; two queries.

    Those of the same person, and those among the latest in like words.
    """
    published = PageComment.objects.published().filter(page_id=comment.page_id).exclude(pk=comment.pk)
    latest = list(published.order_by("-number").defer("body_html")[:COMPARED])
    of_person = {other.pk: other for other in published.filter(_same_person(comment)).order_by("-number")[:OFFERED]}
    runs = _runs(comment)
    shares = {other: share_held(runs, _runs(other)) for other in {*latest, *of_person.values()}}
    kept = [other for other, share in shares.items() if share >= ALIKE or other.pk in of_person]
    return sorted(kept, key=lambda other: (-shares[other], -other.number))[:OFFERED]


def _runs(comment) -> list[int]:
    return runs_of(comment.comment, length=LENGTH)


def _same_person(comment) -> Q:
    whose = Q(pk__in=[])
    if comment.person_key:
        whose |= Q(person_key=comment.person_key)
    if comment.user_id:
        whose |= Q(user_id=comment.user_id)
    return whose
