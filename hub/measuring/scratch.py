"""A folder, a key and a database for one measurement, gone when it is over: never those of a hub in use.

Nothing here knows Django: it makes the environment in which the measuring commands are started.
"""

import os
import secrets
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
from contextlib import contextmanager
from pathlib import Path

import psycopg

BASE = Path(__file__).resolve().parent.parent.parent
# What would lead a command to a hub in use, or change how it runs.
FOREIGN = (
    "DATABASE_URL",
    "DEBUG",
    "EMAIL_BACKEND",
    "EMAIL_HOST",
    "EMAIL_PORT",
    "MEDIA_ROOT",
    "CSRF_TRUSTED_ORIGINS",
    "HUB_PROXIES",
)


@contextmanager
def folder():
    """A temporary folder that other accounts may pass through: PostgreSQL runs under one of its own."""
    path = Path(tempfile.mkdtemp(prefix="hub-measuring-"))
    path.chmod(0o711)
    try:
        yield path
    finally:
        shutil.rmtree(path, ignore_errors=True)


def environment(local: Path, **more) -> dict:
    """The environment of a hub that keeps everything in ``local`` and is reached on this machine only."""
    kept = {name: value for name, value in os.environ.items() if name not in FOREIGN}
    own = {
        "SECRET_KEY": secrets.token_urlsafe(50),
        "HUB_LOCAL_DIR": str(local),
        "MEDIA_ROOT": str(local / "media"),
        "BASE_URL": "http://127.0.0.1",
        "ALLOWED_HOSTS": "127.0.0.1,testserver",
        "HUB_CHECKS_LINKS": "0",
        "PYTHONUNBUFFERED": "1",
    }
    return kept | own | {name: str(value) for name, value in more.items()}


def free_port() -> int:
    """A port on which nobody listens. Somebody may take it before the caller does: then starting fails, and says so."""
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        return listener.getsockname()[1]


def manage(*arguments, env: dict) -> tuple[int, str]:
    """Run one of the hub's commands in ``env``: its exit code, and what it printed.

    When this process is told to stop, the command is told first and has time to end what it started.
    """
    command = [sys.executable, str(BASE / "manage.py"), *map(str, arguments)]
    with subprocess.Popen(command, env=env, cwd=BASE, stdout=subprocess.PIPE, text=True) as process:  # noqa: S603  (our own)
        try:
            printed, _ = process.communicate()
        except BaseException:
            process.terminate()
            process.wait()
            raise
    return process.returncode, printed


def stop_on_request() -> None:
    """Leave by an exception when asked to terminate, so that whatever was begun is ended on the way out."""
    signal.signal(signal.SIGTERM, lambda number, frame: sys.exit(128 + number))


def sqlite(local: Path, name: str = "hub") -> str:
    """The address of a new SQLite database in ``local``."""
    return f"sqlite:///{local / name}.sqlite3"


@contextmanager
def postgresql_database(server: str):
    """The address of a new database on the PostgreSQL that ``server``, the address of one of its databases, leads to."""
    name = f"hub_measuring_{secrets.token_hex(4)}"
    with psycopg.connect(server, autocommit=True) as connection:
        connection.execute(f"CREATE DATABASE {name}")
    base, _, options = server.partition("?")
    try:
        yield f"{base.rsplit('/', 1)[0]}/{name}" + (f"?{options}" if options else "")
    finally:
        with psycopg.connect(server, autocommit=True) as connection:
            connection.execute(f"DROP DATABASE IF EXISTS {name} WITH (FORCE)")
