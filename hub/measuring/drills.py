"""``make drills``: many posters at once, servers killed, a mail server gone, on SQLite and on a PostgreSQL of its own.

Each drill has a database, a folder and a key of its own, and nothing leaves this machine. Without PostgreSQL's programs
(``initdb``, ``pg_ctl``) only SQLite is drilled, and that is said.
"""

import argparse
import sys
import time
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path

from hub.measuring import scratch
from hub.measuring.processes import Cluster, NoPostgreSQL

DEFAULT_POSTS = {"parallel": 400, "kill": 1_500, "mail": 500}
CONTROL_POSTS = 500
CONTROL_TRIES = 3
# The safeguard that the control of a drill goes without.
CONTROLS = {
    "parallel": {"sqlite": "a server without locks", "postgresql": "a server without locks"},
    "kill": {"sqlite": "a fresh form for each sending", "postgresql": "synchronous_commit off"},
}
DATABASES = ("sqlite", "postgresql")


@dataclass
class Place:
    """Where drills run: a folder for all of them, and a PostgreSQL when there is one."""

    folder: Path
    cluster: Cluster | None = None
    used: int = 0

    @contextmanager
    def database(self, kind: str, **settings):
        """The address of an empty database."""
        self.used += 1
        if kind == "sqlite":
            yield scratch.sqlite(self.folder, f"drill{self.used}")
        else:
            with scratch.postgresql_database(self.cluster.url("postgres", **settings)) as address:
                yield address


def main() -> int:
    """The exit code: 1 when a target is missed."""
    parser = argparse.ArgumentParser(description="Drills the hub against real servers on this machine.")
    parser.add_argument("--posts", type=int, help="instead of 400, 1500 and 500")
    parser.add_argument("--only", choices=DEFAULT_POSTS, help="one drill")
    parser.add_argument("--database", choices=DATABASES, help="one database")
    parser.add_argument("--between", type=int, default=10, help="posts that are taken between two kills (default: 10)")
    parser.add_argument("--seconds", type=float, default=200, help="after which a kill drill is broken off (default: 200)")
    options = parser.parse_args()
    if options.posts is not None and options.posts < 1:
        parser.error("at least one post")
    scratch.stop_on_request()
    began = time.monotonic()
    missed = False
    with ExitStack() as stack:
        place = Place(stack.enter_context(scratch.folder()))
        kinds = [options.database] if options.database else list(DATABASES)
        if "postgresql" in kinds:
            try:
                place.cluster = Cluster(place.folder / "postgresql", scratch.free_port())
                place.cluster.create()
                stack.callback(place.cluster.stop)
            except NoPostgreSQL:
                say("No PostgreSQL on this machine (initdb is not found): SQLite only.")
                kinds.remove("postgresql")
        for drill in [options.only] if options.only else DEFAULT_POSTS:
            for kind in kinds:
                missed |= not run(place, drill, kind, options)
    say(f"{'A target is missed' if missed else 'All targets hold'}; {time.monotonic() - began:.0f} s")
    return int(missed or not kinds)


def run(place: Place, drill: str, kind: str, options) -> bool:
    """One drill on one database, with its control; whether its targets hold."""
    posts = options.posts or DEFAULT_POSTS[drill]
    say(f"{drill}, {kind}, {posts} posts")
    holds = _once(place, drill, kind, posts, options)
    if drill not in CONTROLS:
        return holds
    way = CONTROLS[drill][kind]
    for attempt in range(1, CONTROL_TRIES + 1):
        say(f"{drill}, {kind}, control: {way}, {min(posts, CONTROL_POSTS)} posts, try {attempt}")
        if _once(place, drill, kind, min(posts, CONTROL_POSTS), options, control=True):
            return holds
    return False


def _once(place: Place, drill: str, kind: str, posts: int, options, *, control=False) -> bool:
    arguments = ["drill", drill, "--posts", posts, "--seconds", options.seconds, "--between", options.between]
    settings, more = {}, {}
    if control:
        arguments.append("--control")
        if drill == "kill" and kind == "postgresql":
            settings["synchronous_commit"] = "off"
    if drill == "kill" and kind == "postgresql":
        arguments += ["--cluster", place.cluster.folder, "--cluster-port", place.cluster.port]
    if drill == "mail":
        port = scratch.free_port()
        arguments += ["--mail-port", port]
        more = {"EMAIL_HOST": "127.0.0.1", "EMAIL_PORT": port}
    with place.database(kind, **settings) as address:
        env = scratch.environment(place.folder, DATABASE_URL=address, LOG_LEVEL="ERROR", **more)
        code, printed = scratch.manage(*arguments, env=env)
    say(printed.rstrip())
    return code == 0


def say(line: str):
    sys.stdout.write(line + "\n")
    sys.stdout.flush()


if __name__ == "__main__":
    sys.exit(main())
