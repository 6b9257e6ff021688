"""What else the words of a search may be called."""

from pages.models import SearchSynonymWord
from pages.search.phrases import runs
from people.reading import once


def alternatives(words: list[str]) -> dict[tuple[str, ...], list[tuple[str, ...]]]:
    """Each run of consecutive ``words`` that means something else too, with what else it is called, as tuples of words.

    ``words``: those of a search as ``analysis.words`` gives them. One query at most, by key: as fast with thousands of groups.
    """
    return once(f"synonyms of {' '.join(words)}", lambda: _alternatives(words))


def _alternatives(words: list[str]) -> dict[tuple[str, ...], list[tuple[str, ...]]]:
    keys = {" ".join(run) for run in runs(words)}
    if not keys:
        return {}
    others = SearchSynonymWord.objects.filter(is_one_way=False, group__entries__folded__in=keys)
    found: dict[tuple[str, ...], list[tuple[str, ...]]] = {}
    for said, other in others.order_by("group_id", "pk").values_list("group__entries__folded", "folded"):
        alternative = tuple(other.split(" "))
        known = found.setdefault(tuple(said.split(" ")), [])
        if said != other and alternative not in known:
            known.append(alternative)
    return {run: known for run, known in found.items() if known}
