"""What was said before a comment: by its person, from its network, and in nearly the same words.

Asked for any number of comments at once in four queries at most, each by an index and with a bound.
"""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from django.db.models import Q

from discussion.models import Fingerprint, PageComment, State
from discussion.rules.findings import Case
from discussion.rules.likeness import runs_of, sketch_of
from discussion.rules.texts import Word

MOST_OF_PERSON, MOST_OF_NETWORK, MOST_AT_ONCE = 50, 100, 5000
MOST_LIKE = 5  # texts that are compared with one comment
LONGEST_WINDOW = timedelta(hours=24)
TURNED_DOWN = {State.REJECTED, State.SPAM, State.REMOVED}


@dataclass(frozen=True)
class Earlier:
    """An earlier comment of the same person. ``is_sure``: that it was the same, and not somebody under their address."""

    state: str
    submitted_at: datetime
    published_at: datetime | None
    is_sure: bool


@dataclass(frozen=True)
class Like:
    """An earlier comment that may say the same."""

    comment_id: int
    page_id: int
    number: int | None
    runs: list[int]


@dataclass
class Past:
    """``person`` newest first; ``network`` the times of comments from the network; ``like`` the likeliest first."""

    person: list[Earlier] = field(default_factory=list)
    network: list[datetime] = field(default_factory=list)
    runs: list[int] = field(default_factory=list)
    like: list[Like] = field(default_factory=list)


def pasts_of(cases: Sequence[Case], words: Sequence[list[Word]], *, person=True, network=True, likeness=True) -> list[Past]:
    """The past of each of ``cases`` (with the words of their texts), in their order; of each kind only if it is asked for."""
    pasts = [Past() for _case in cases]
    if person:
        _fill_persons(cases, pasts)
    if network:
        _fill_networks(cases, pasts)
    if likeness:
        _fill_likeness(cases, words, pasts)
    return pasts


def _fill_persons(cases, pasts):
    keys = {case.person_key for case in cases} - {""}
    accounts = {case.user_id for case in cases if not case.person_key} - {None}
    if not keys and not accounts:
        return
    # ``exclude`` says what the index says, without which SQLite does not use it.
    columns = ["pk", "person_key", "author_key", "state", "submitted_at", "published_at"]
    rows = PageComment.objects.filter(person_key__in=keys).exclude(person_key="")
    if accounts:  # those without an address, by a column of another table
        rows = PageComment.objects.filter(Q(person_key__in=keys) | Q(user_id__in=accounts))
        columns.append("user_id")
    most = MOST_OF_PERSON if len(cases) == 1 else MOST_AT_ONCE
    found = defaultdict(list)
    for row in rows.order_by("-submitted_at").values_list(*columns, named=True)[:most]:
        found[row.person_key or getattr(row, "user_id", None)].append(row)
    for case, past in zip(cases, pasts, strict=True):
        rows = found.get(case.person_key or case.user_id, [])
        past.person = [_earlier(row, case) for row in rows if _is_before(row, case)][:MOST_OF_PERSON]


def _is_before(row, case) -> bool:
    return row.submitted_at <= case.now and row.pk != case.comment_id


def _earlier(row, case) -> Earlier:
    is_sure = case.is_proven or (row.author_key != "" and row.author_key == case.author_key)
    return Earlier(row.state, row.submitted_at, row.published_at, is_sure)


def _fill_networks(cases, pasts):
    wanted = [case for case in cases if case.network_key]
    if not wanted:
        return
    first, last = min(case.now for case in wanted) - LONGEST_WINDOW, max(case.now for case in wanted)
    rows = PageComment.objects.filter(
        network_key__in={case.network_key for case in wanted}, submitted_at__gt=first, submitted_at__lte=last
    ).exclude(network_key="")
    most = MOST_OF_NETWORK if len(cases) == 1 else MOST_AT_ONCE
    found = defaultdict(list)
    for row in rows.order_by("-submitted_at").values_list("pk", "network_key", "submitted_at", named=True)[:most]:
        found[row.network_key].append(row)
    for case, past in zip(cases, pasts, strict=True):
        past.network = [row.submitted_at for row in found.get(case.network_key, []) if _is_before(row, case)]


def _fill_likeness(cases, words, pasts):
    sketches = []
    for case, its_words, past in zip(cases, words, pasts, strict=True):
        past.runs = runs_of(case.text, its_words)
        sketches.append(sketch_of(past.runs))
    hashes = {value for sketch in sketches for value in sketch}
    owners = dict(Fingerprint.objects.filter(pk__in=hashes).values_list("pk", "comment_id")) if hashes else {}
    likely = [_likeliest(sketch, owners, case) for sketch, case in zip(sketches, cases, strict=True)]
    keys = {key for keys in likely for key in keys}
    if not keys:
        return
    columns = ("pk", "page_id", "number", "comment")
    rows = {row.pk: row for row in PageComment.objects.filter(pk__in=keys).order_by().values_list(*columns, named=True)}
    runs = {key: runs_of(row.comment) for key, row in rows.items()}
    for keys, past in zip(likely, pasts, strict=True):
        past.like = [Like(key, rows[key].page_id, rows[key].number, runs[key]) for key in keys if key in rows]


def _likeliest(sketch, owners, case) -> list[int]:
    """The comments that share most of ``sketch``; of a stored comment only those before it."""
    votes = defaultdict(int)
    for value in sketch:
        owner = owners.get(value)
        if owner is not None and (case.comment_id is None or owner < case.comment_id):
            votes[owner] += 1
    return sorted(votes, key=lambda key: (-votes[key], key))[:MOST_LIKE]
