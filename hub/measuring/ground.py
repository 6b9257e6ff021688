"""The empty database in which a measurement or drill takes place."""

from django.conf import settings
from django.core.management import call_command
from django.core.management.base import CommandError
from django.db import connection

from hub.management.commands.serve import Command as Serve


def prepare(stderr) -> None:
    """Make the tables and static files of a new hub. Raises ``CommandError`` where the database holds anything already.

    Looked at first: not even a migration is run in a database that is somebody's.
    """
    if connection.introspection.table_names():
        raise CommandError("This needs an empty database. `make bench` and `make drills` make one of their own.")
    settings.LOCAL_DIR.mkdir(parents=True, exist_ok=True)
    call_command("migrate", verbosity=0, interactive=False)
    Serve(stdout=stderr).build_static()
