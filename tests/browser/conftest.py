"""The real product, started as its user would start it, and a real browser in front of it."""

import os
import quopri
import re
import secrets
import shutil
import signal
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from dataclasses import dataclass
from pathlib import Path

import psycopg
import pytest
from playwright.sync_api import expect, sync_playwright

ROOT = Path(__file__).resolve().parents[2]
START_LIMIT = 400
expect.set_options(timeout=30_000)  # a busy machine is slow, not wrong
FLAGS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]


def pytest_collection_modifyitems(items):
    """One worker has the server: these tests share its database, and follow one another."""
    for item in items:
        if Path(item.fspath).parent == Path(__file__).parent:
            item.add_marker(pytest.mark.browser)
            item.add_marker(pytest.mark.xdist_group("browser"))


@dataclass(frozen=True)
class Hub:
    """A running hub: its address, the password of ``editor``, ``moderator`` and ``admin``, and where its mails go."""

    base: str
    password: str
    output: Path
    mails: Path
    environment: dict

    def manage(self, *arguments) -> None:
        """Run one of the hub's commands on its database."""
        subprocess.run([sys.executable, "manage.py", *arguments], cwd=ROOT, env=self.environment, check=True, capture_output=True)

    def mail_to(self, address: str) -> str:
        """The text of the newest mail to ``address``, once the worker has sent it."""
        deadline = time.monotonic() + 60
        while time.monotonic() < deadline:
            files = sorted(self.mails.glob("*.log"), key=lambda path: path.stat().st_mtime, reverse=True)
            for text in (path.read_text() for path in files):
                if f"To: {address}" in text:
                    return quopri.decodestring(text.encode()).decode()
            time.sleep(0.5)
        pytest.fail(f"No mail to {address} in {self.mails}")


def free_port() -> int:
    with socket.socket() as sock:
        sock.bind(("127.0.0.1", 0))
        return sock.getsockname()[1]


def database_url(folder: Path) -> str:
    """A fresh database beside that of the other tests, on the server that ``TEST_DATABASE_URL`` names."""
    given = os.environ.get("TEST_DATABASE_URL")
    if not given:
        return f"sqlite:///{folder / 'hub.sqlite3'}"
    name = f"hub_browser_{secrets.token_hex(4)}"
    with psycopg.connect(given, autocommit=True) as connection:
        connection.execute(f"CREATE DATABASE {name}")
    return re.sub(r"/[^/?]*(\?|$)", rf"/{name}\1", given)


@pytest.fixture(scope="package")
def hub(tmp_path_factory):
    """The demo hub, started for these tests; or, while they are written, one that runs already.

    ``HUB_RUNNING=http://127.0.0.1:8000 HUB_DEMO_PASSWORD=… HUB_RUNNING_MAILS=.local/mail`` names the latter.
    """
    if running := os.environ.get("HUB_RUNNING"):
        mails = Path(os.environ["HUB_RUNNING_MAILS"])
        yield Hub(running, os.environ["HUB_DEMO_PASSWORD"], Path("/dev/null"), mails, dict(os.environ))
        return
    folder = tmp_path_factory.mktemp("hub")
    port, password = free_port(), secrets.token_urlsafe(12)
    base = f"http://127.0.0.1:{port}"
    environment = {key: value for key, value in os.environ.items() if key not in {"DEBUG", "DJANGO_SETTINGS_MODULE"}}
    environment |= {
        "SECRET_KEY": secrets.token_urlsafe(50),
        "HUB_LOCAL_DIR": str(folder),
        "MEDIA_ROOT": str(folder / "media"),
        "DATABASE_URL": database_url(folder),
        "HUB_DEMO_PASSWORD": password,
        "HUB_CHECKS_LINKS": "0",
        "BASE_URL": base,
        "PORT": str(port),
        "EMAIL_BACKEND": "django.core.mail.backends.filebased.EmailBackend",  # named, so that addresses are confirmed
    }
    output = folder / "output.txt"
    with output.open("w") as log:
        process = subprocess.Popen(
            [sys.executable, "manage.py", "serve", "--demo"], cwd=ROOT, env=environment, stdout=log, stderr=subprocess.STDOUT
        )
    try:
        wait_for(base, process, output)
        yield Hub(base, password, output, folder / "mail", environment)
    finally:
        process.send_signal(signal.SIGINT)
        process.wait(30)


def wait_for(base: str, process, output: Path) -> None:
    deadline = time.monotonic() + START_LIMIT
    while time.monotonic() < deadline:
        if process.poll() is not None:
            pytest.fail(f"The hub did not start:\n{output.read_text()[-4000:]}")
        try:
            urllib.request.urlopen(base, timeout=5)
        except urllib.error.HTTPError:
            return
        except OSError:
            time.sleep(0.5)
        else:
            return
    pytest.fail(f"The hub did not answer within {START_LIMIT} s:\n{output.read_text()[-4000:]}")


@pytest.fixture(scope="package")
def chromium():
    """The browser. It goes with the last of its tests: as long as its loop runs, Django refuses all others the database."""
    path = next(filter(None, map(shutil.which, ["chromium", "chromium-browser", "google-chrome"])), None)
    if path is None:
        pytest.fail("Browser tests need Chromium: install it, for example with `apt-get install chromium`.")
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=path, args=FLAGS)
        yield browser
        browser.close()


class Visitor:
    """A browser window of one person, with what its console complained of and which hosts it asked."""

    def __init__(self, browser, hub, **options):
        self.hub = hub
        self.context = browser.new_context(base_url=hub.base, locale="en-GB", timezone_id="Europe/London", **options)
        self.page = self.context.new_page()
        self.errors: list[str] = []
        self.reports: list[str] = []
        self.hosts: set[str] = set()
        self.context.on("console", self._hear)
        self.context.on("weberror", lambda error: self.errors.append(str(error.error)))
        self.context.on("request", lambda request: self.hosts.add(request.url.split("/")[2] if "//" in request.url else ""))

    def _hear(self, message):
        if "Report Only" in message.text or "report-only" in message.text:
            self.reports.append(message.text)
        elif message.type == "error":
            self.errors.append(f"{message.text} ({message.location.get('url', '')})")

    def log_in(self, username: str):
        self.page.goto("/admin/login/")
        self.page.fill("input[name=username]", username)
        self.page.fill("input[name=password]", self.hub.password)
        self.page.click("button[type=submit]")
        self.page.wait_for_url("**/admin/")
        return self.page

    def asked_only_us(self) -> bool:
        return self.hosts - {""} <= {self.hub.base.removeprefix("http://")}


@pytest.fixture
def visitor(chromium, hub):
    """Opens windows: ``visitor()``, ``visitor(java_script_enabled=False)``, ``visitor(color_scheme="dark")``."""
    opened = []

    def open_window(**options):
        window = Visitor(chromium, hub, **options)
        opened.append(window)
        return window

    yield open_window
    for window in opened:
        window.context.close()
