"""The supervisor behind `make run`, with real processes."""

import contextlib
import io
import os
import signal
import socket
import subprocess
import sys
import time
from urllib.request import urlopen

import pytest
from django.contrib.auth import get_user_model

from hub.demo import accounts
from hub.management.commands.serve import Command
from hub.measuring.processes import family as children
from tests.settings import SCRATCH

SLEEPS = [sys.executable, "-c", "import time; time.sleep(60)"]
DEAF = [
    sys.executable,
    "-c",
    "import signal, time; signal.signal(signal.SIGTERM, signal.SIG_IGN); print('up', flush=True); time.sleep(60)",
]
PARENT = [sys.executable, "-c", "import subprocess, sys; subprocess.run([sys.executable, '-c', 'import time; time.sleep(60)'])"]


def supervise(*commands, patience=2) -> subprocess.Popen:
    code = (
        "from hub.management.commands.serve import Supervisor; import sys; "
        f"supervisor = Supervisor({list(commands)!r}, patience={patience}); "
        "sys.exit(supervisor.run())"
    )
    environment = os.environ | {"DJANGO_SETTINGS_MODULE": "tests.settings", "HUB_LOCAL_DIR": str(SCRATCH)}
    starter = "import django; django.setup(); " + code
    return subprocess.Popen([sys.executable, "-c", starter], env=environment, start_new_session=True)


def family(pid: int) -> set[int]:
    """Every process beneath ``pid``, read from the kernel."""
    listing = subprocess.run(["ps", "-eo", "pid=,ppid="], capture_output=True, text=True, check=True).stdout
    parents = dict(map(int, line.split()) for line in listing.splitlines())
    found, grown = {pid}, True
    while grown:
        more = {child for child, parent in parents.items() if parent in found} - found
        found, grown = found | more, bool(more)
    return found - {pid}


def alive(pids: set[int]) -> set[int]:
    listing = subprocess.run(["ps", "-eo", "pid=,stat="], capture_output=True, text=True, check=True).stdout
    running = {int(pid) for pid, stat in map(str.split, listing.splitlines()) if not stat.startswith("Z")}
    return pids & running


def wait_for(condition, seconds=20):
    deadline = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < deadline
        time.sleep(0.05)


@pytest.mark.django_db
def test_only_log_ins_that_let_in_are_told(monkeypatch):
    def told() -> str:
        output = io.StringIO()
        Command(stdout=output).announce({"host": "127.0.0.1", "port": "8000", "demo": True})
        return output.getvalue().splitlines()[-1]

    monkeypatch.setenv("HUB_DEMO_PASSWORD", "a-first-one")
    accounts.build()
    assert told() == "Log in  editor / a-first-one, moderator / a-first-one, admin / a-first-one"
    editor = get_user_model().objects.get(username="editor")
    editor.set_password("of my own")
    editor.save()
    assert told() == "Log in  moderator / a-first-one, admin / a-first-one"
    monkeypatch.setenv("HUB_DEMO_PASSWORD", "another")
    assert told() == "Log in  with the passwords that were set before"


def test_one_interrupt_ends_everything_that_was_started():
    supervisor = supervise(SLEEPS, PARENT)
    wait_for(lambda: len(family(supervisor.pid)) >= 3)
    children = family(supervisor.pid)

    supervisor.send_signal(signal.SIGINT)

    assert supervisor.wait(15) == 0
    assert alive(children) == set()


def test_a_process_that_does_not_listen_is_ended_all_the_same():
    supervisor = supervise(SLEEPS, DEAF)
    wait_for(lambda: len(family(supervisor.pid)) >= 2)
    children = family(supervisor.pid)
    time.sleep(0.5)

    supervisor.send_signal(signal.SIGTERM)

    assert supervisor.wait(20) == 0
    assert alive(children) == set()


def test_when_one_process_dies_the_others_end_and_its_code_is_ours():
    supervisor = supervise([sys.executable, "-c", "import sys; sys.exit(3)"], SLEEPS)

    assert supervisor.wait(15) == 3


def test_web_server_replaces_a_worker_that_is_killed():
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    web = Command().commands({"host": "127.0.0.1", "port": str(port), "threads": "1"})[0]
    web[web.index("hub.wsgi:application")] = "wsgiref.simple_server:demo_app"  # starts at once, and needs no database

    def answers() -> bool:
        with contextlib.suppress(OSError), urlopen(f"http://127.0.0.1:{port}/", timeout=5) as answer:
            return answer.status == 200
        return False

    supervisor = supervise(web, SLEEPS)
    wait_for(answers)
    server = next(pid for pid, command in children(supervisor.pid) if "granian" in command)
    worker = next(pid for pid, command in children(server) if "resource_tracker" not in command)

    os.kill(worker, signal.SIGKILL)

    wait_for(lambda: worker not in alive({worker}) and answers())
    assert supervisor.poll() is None
    supervisor.send_signal(signal.SIGTERM)
    assert supervisor.wait(15) == 0
