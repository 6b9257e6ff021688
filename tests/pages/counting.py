"""Counting the queries of a request, of which none may be saved by a cache that is empty after a restart."""

from django.core.cache import cache
from django.db import connection
from django.test.utils import CaptureQueriesContext


def queries_of(client, address: str) -> int:
    """How many queries ``address`` costs once its pictures are made."""
    assert client.get(address).status_code == 200
    cache.clear()
    with CaptureQueriesContext(connection) as queries:
        client.get(address)
    return len(queries)
