"""Processes on this machine that a drill starts, watches and kills: the web server, the worker, a PostgreSQL."""

import contextlib
import os
import pwd
import shutil
import signal
import socket
import subprocess
import sys
import threading
import time
from pathlib import Path

from hub.measuring.scratch import BASE

HOST = "127.0.0.1"
APPLICATION = "hub.wsgi:application"
PATIENCE = 60  # seconds that a start may take on a busy machine


def family(pid: int) -> list[tuple[int, str]]:
    """``(process, its command line)`` of the children of ``pid``, as the kernel knows them now."""
    listing = subprocess.run(["/bin/ps", "-eo", "pid=,ppid=,args="], capture_output=True, text=True, check=True).stdout
    rows = (line.split(None, 2) for line in listing.splitlines())
    return [(int(row[0]), row[2]) for row in rows if len(row) == 3 and int(row[1]) == pid]


def kill(pid: int) -> None:
    with contextlib.suppress(ProcessLookupError):
        os.kill(pid, signal.SIGKILL)


def wait_until(condition, what: str, seconds: float = PATIENCE) -> None:
    """Raises ``TimeoutError`` that names ``what`` when ``condition`` does not come true in time."""
    deadline = time.monotonic() + seconds
    while not condition():
        if time.monotonic() > deadline:
            raise TimeoutError(f"{what} did not happen within {seconds:.0f} seconds")
        time.sleep(0.1)


def listens(port: int) -> bool:
    with socket.socket() as caller:
        caller.settimeout(1)
        return caller.connect_ex((HOST, port)) == 0


class Server:
    """Granian as ``manage.py serve`` starts it, with more workers, and another ``application`` where one is named.

    Where the whole server goes, it is started again, as a service manager would do. ``restarts`` counts that.
    """

    def __init__(self, command: list[str], port: int, log: Path, workers: int = 3, application: str = APPLICATION):
        self.command = [application if part == APPLICATION else part for part in command]
        self.command[self.command.index("--workers") + 1] = str(workers)
        self.port, self.log = port, log
        self.restarts = -1
        self.ended = threading.Event()

    def __enter__(self):
        self._start()
        self.keeper = threading.Thread(target=self._keep, name="keeper", daemon=True)
        self.keeper.start()
        try:
            wait_until(lambda: listens(self.port), f"the start of the server (see {self.log})")
        except TimeoutError:
            self.__exit__()
            raise
        return self

    def _start(self):
        self.restarts += 1
        with self.log.open("ab") as log:
            self.process = subprocess.Popen(  # noqa: S603  (our own command)
                self.command, cwd=BASE, stdout=log, stderr=log, start_new_session=True
            )

    def _keep(self):
        while not self.ended.wait(0.2):
            if self.process.poll() is not None:
                self._kill_all()
                self._start()

    def workers(self) -> list[int]:
        """The processes that answer requests."""
        return [pid for pid, command in family(self.process.pid) if "resource_tracker" not in command]

    def _kill_all(self):
        with contextlib.suppress(ProcessLookupError):
            os.killpg(self.process.pid, signal.SIGKILL)
        self.process.wait()

    def __exit__(self, *_):
        self.ended.set()
        if hasattr(self, "keeper"):
            self.keeper.join()
        self._kill_all()


class Worker:
    """``manage.py work``, looking into its queues without a pause."""

    def __init__(self, log: Path):
        self.log = log

    def __enter__(self):
        with self.log.open("ab") as log:
            self.process = subprocess.Popen(  # noqa: S603  (our own command)
                [sys.executable, str(BASE / "manage.py"), "work"], cwd=BASE, stdout=log, stderr=log, start_new_session=True
            )
        return self

    def __exit__(self, *_):
        with contextlib.suppress(ProcessLookupError):
            os.killpg(self.process.pid, signal.SIGKILL)
        self.process.wait()


class NoPostgreSQL(Exception):
    """The programs of PostgreSQL are not on this machine."""


class Cluster:
    """A PostgreSQL of its own in ``folder``: own data, port and socket, everything else as it comes."""

    def __init__(self, folder: Path, port: int):
        self.folder, self.port = Path(folder), port
        self.data = self.folder / "data"
        self.programs = _programs()

    def create(self) -> None:
        """Make and start it. As root it runs under an account without rights, since PostgreSQL refuses root."""
        self.folder.mkdir()
        if os.getuid() == 0:
            account = _account()
            os.chown(self.folder, account.pw_uid, account.pw_gid)
        self._run("initdb", "-D", self.data, "-U", "hub", "--auth=trust", "--encoding=UTF8", "--locale=C.UTF-8", check=True)
        with (self.data / "postgresql.conf").open("a") as file:
            file.write(
                f"\nlisten_addresses = '{HOST}'\nport = {self.port}\nunix_socket_directories = '{self.folder}'\n"
                "max_connections = 200\n"
            )
        self._run("pg_ctl", "-D", self.data, "-w", "-l", self.folder / "log", "start", check=True)

    def url(self, database: str, **options) -> str:
        """The address of a database; ``options`` are settings of the connection, such as ``synchronous_commit``."""
        settings = "%20".join(f"-c%20{name}%3D{value}" for name, value in options.items())
        return f"postgres://hub@{HOST}:{self.port}/{database}" + (f"?options={settings}" if settings else "")

    def kill(self) -> None:
        """SIGKILL to the postmaster and to each of its children: what the machine's memory held is gone."""
        postmaster = self._postmaster()
        if postmaster is None:
            return
        children = [pid for pid, _ in family(postmaster)]
        kill(postmaster)
        for child in children:
            kill(child)

    def recover(self) -> None:
        """Start it after ``kill``, as an operator would: the marks of the dead process are in the way at first."""
        for _ in range(30):
            time.sleep(0.3)
            (self.data / "postmaster.pid").unlink(missing_ok=True)
            for leftover in self.folder.glob(".s.PGSQL.*"):
                leftover.unlink(missing_ok=True)
            started = self._run("pg_ctl", "-D", self.data, "-w", "-l", self.folder / "log", "start")
            if started.returncode == 0:
                return
        raise TimeoutError("PostgreSQL did not come back")

    def stop(self) -> None:
        self._run("pg_ctl", "-D", self.data, "-m", "immediate", "stop")

    def _postmaster(self) -> int | None:
        try:
            return int((self.data / "postmaster.pid").read_text().splitlines()[0])
        except (FileNotFoundError, IndexError, ValueError):
            return None

    def _run(self, program, *arguments, check=False):
        account = {}
        if os.getuid() == 0:
            entry = _account()
            account = {"user": entry.pw_uid, "group": entry.pw_gid, "extra_groups": []}
        return subprocess.run(  # noqa: S603  (programs of PostgreSQL, no shell)
            [str(self.programs / program), *map(str, arguments)],
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            cwd="/",
            check=check,
            **account,
        )


def _programs() -> Path:
    """The folder of ``initdb`` and ``pg_ctl``. Raises ``NoPostgreSQL``."""
    if found := shutil.which("initdb"):
        return Path(found).resolve().parent
    folders = [path.parent for path in Path("/usr/lib/postgresql").glob("*/bin/initdb")]
    if not folders:
        raise NoPostgreSQL
    return max(folders, key=lambda folder: float(folder.parent.name))


def _account():
    for name in ("postgres", "nobody"):
        with contextlib.suppress(KeyError):
            return pwd.getpwnam(name)
    raise NoPostgreSQL
