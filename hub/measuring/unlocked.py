"""The hub without its locks: what the control of the ``parallel`` drill serves, and nothing else.

Nobody locks a row, and transactions on SQLite begin without the right to write. Everything else is as it is.
"""

from django.db import connections
from django.db.models import QuerySet

from hub.wsgi import application

__all__ = ["application"]


def _without_lock(queryset, *args, **kwargs):
    return queryset.all()


QuerySet.select_for_update = _without_lock
connections.settings["default"]["OPTIONS"].pop("transaction_mode", None)
