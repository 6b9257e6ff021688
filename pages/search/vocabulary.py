"""How the words of the index begin. Knows nothing of queries, so that reading one can ask it."""

from django.db import connection
from django.db.models.functions import Length

from pages.models import SearchWord

LAST = chr(0x10FFFF)  # no letter, and greater than each


def longer(start: str, most: int) -> list[str]:
    """Words that begin with ``start``, the shortest ``most``. One query that an index of words answers."""
    if connection.vendor == "postgresql":
        found = SearchWord.objects.filter(word__startswith=start)
    else:  # SQLite reads the whole table for a pattern
        found = SearchWord.objects.filter(word__gte=start, word__lt=start + LAST)
    return list(found.order_by(Length("word"), "word").values_list("word", flat=True)[:most])
