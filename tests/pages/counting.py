"""Counting queries of a request, after one that fills what is kept for all requests."""

from django.db import connection
from django.test.utils import CaptureQueriesContext


def queries_of(client, address: str) -> int:
    """How many queries ``address`` costs once its pictures are made and the site's root is known."""
    assert client.get(address).status_code == 200
    with CaptureQueriesContext(connection) as queries:
        client.get(address)
    return len(queries)
