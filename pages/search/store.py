"""Where the words are kept: the same questions to either database."""

from django.db import connection

from pages.search import postgresql, sqlite


def chosen():
    """The module of the database in use; both answer the same questions."""
    return postgresql if connection.vendor == "postgresql" else sqlite
