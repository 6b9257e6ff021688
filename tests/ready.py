"""A database with every migration applied, made once and copied: by the next worker, and by the next run.

Applying some 250 migrations takes twenty seconds of a processor, and each worker of each run would do it for itself.
The copy is known by all that went into it, so that one changed migration or another Wagtail makes it anew.
``migrate`` still runs on every copy: it finds nothing to apply and brings permissions and content types up to date.
"""

import fcntl
import hashlib
import os
import shutil
import sqlite3
import sys
import tempfile
from contextlib import closing, contextmanager
from importlib.metadata import distributions
from pathlib import Path

from django.apps import apps
from django.conf import settings
from django.db import connection

FOLDER = Path(settings.BASE_DIR) / ".local" / "tests"  # `make clean` empties it


def fingerprint() -> str:
    """Of Python, all packages installed, and the text of every migration there is, those of packages too."""
    found = hashlib.sha256(sys.version.encode())
    for package in sorted({f"{package.name} {package.version}" for package in distributions()}):
        found.update(package.encode())
    for app in sorted(apps.get_app_configs(), key=lambda app: app.name):
        for path in sorted(Path(app.path, "migrations").glob("*.py")):
            found.update(path.read_bytes())
    return found.hexdigest()[:16]


@contextmanager
def one_at_a_time():
    """Whoever comes second waits for the first, and finds the copy ready."""
    with Path(tempfile.gettempdir(), f"hub-tests-{os.getuid()}.lock").open("a") as file:
        fcntl.flock(file, fcntl.LOCK_EX)
        yield


class _SQLite:
    """The copy is a file."""

    def __init__(self, known_as: str):
        self.path = FOLDER / f"{known_as}.sqlite3"

    def use(self) -> None:
        if self.path.exists():
            create = connection.creation._create_test_db
            connection.creation._create_test_db = lambda *args, **kwargs: shutil.copyfile(self.path, create(*args, **kwargs))

    def keep(self) -> None:
        if not self.path.exists():
            FOLDER.mkdir(parents=True, exist_ok=True)
            for old in FOLDER.glob("*.sqlite3"):
                old.unlink()
            half = self.path.with_suffix(".half")
            half.unlink(missing_ok=True)
            with closing(sqlite3.connect(half)) as copy:
                connection.connection.backup(copy)
            half.rename(self.path)


class _PostgreSQL:
    """The copy is a database of the same server, from which others are made."""

    def __init__(self, known_as: str):
        self.name = f"hub_ready_{known_as}"

    def _exists(self, cursor) -> bool:
        cursor.execute("SELECT 1 FROM pg_database WHERE datname = %s", [self.name])
        return cursor.fetchone() is not None

    def use(self) -> None:
        with connection.creation._nodb_cursor() as cursor:
            if self._exists(cursor):
                connection.settings_dict["TEST"]["TEMPLATE"] = self.name

    def keep(self) -> None:
        made = connection.settings_dict["NAME"]
        connection.close()  # a database in use cannot be copied
        with connection.creation._nodb_cursor() as cursor:
            if not self._exists(cursor):
                cursor.execute(f"CREATE DATABASE {self.name} TEMPLATE {connection.ops.quote_name(made)}")


def begin_with_a_copy() -> None:
    """From now on the test database is made from the copy where there is one; where there is none, it leaves one behind."""
    create = connection.creation.create_test_db
    copy = (_SQLite if connection.vendor == "sqlite" else _PostgreSQL)(fingerprint())

    def create_test_db(*args, **kwargs) -> str:
        with one_at_a_time():
            copy.use()
            name = create(*args, **kwargs)
            copy.keep()
        return name

    connection.creation.create_test_db = create_test_db
