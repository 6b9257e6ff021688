"""What the numbers beside the filters are counted from: an entry keeps the topics, people and formats of its page as one text.

So they come with the rows that a search reads anyway. To count a thousand pages in the three tables took as long as to find
them.
"""

from collections import Counter, defaultdict
from collections.abc import Collection, Iterable
from datetime import date
from typing import NamedTuple

from pages.models import Contribution, Format, PageTopic

TOPIC, PERSON, FORMAT = "t", "p", "f"  # what a word of the text begins with; a key or a kind follows


class Entry(NamedTuple):
    """What a search reads of each page that it finds: the columns of ``SearchEntry`` that are named in ``COLUMNS``."""

    kind: str
    day: date | None
    counted: str


COLUMNS = ("kind", "display_date", "counted")


def counted(keys: Collection[int]) -> dict[int, str]:
    """``{page: text}``: empty for those that are under no topic, by nobody with a profile, and to be had in no format."""
    rows = [
        (TOPIC, PageTopic.objects.filter(page__in=keys).values_list("page_id", "topic_id")),
        (PERSON, Contribution.objects.filter(page__in=keys, person__isnull=False).values_list("page_id", "person_id")),
        (FORMAT, Format.objects.filter(page__in=keys).values_list("page_id", "kind")),
    ]
    found = defaultdict(set)  # somebody may have two parts in a page, and a page two files of one kind
    for mark, pairs in rows:
        for page, value in pairs.order_by():
            found[page].add(f"{mark}{value}")
    return {page: " ".join(sorted(found[page])) for page in keys}


def count(entries: Iterable[Entry]) -> dict[str, Counter]:
    """``{TOPIC: {key: number}, PERSON: {key: number}, FORMAT: {kind: number}}``: how many of the entries have each."""
    numbers = Counter(word for entry in entries for word in entry.counted.split())
    found = {TOPIC: Counter(), PERSON: Counter(), FORMAT: Counter()}
    for word, number in numbers.items():
        mark, value = word[0], word[1:]
        found[mark][value if mark == FORMAT else int(value)] = number
    return found
