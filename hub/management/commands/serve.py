import contextlib
import os
import signal
import subprocess
import sys
import time
from pathlib import Path
from urllib.parse import urlsplit

from django.conf import settings
from django.contrib.staticfiles.finders import get_finders
from django.core.management import call_command
from django.core.management.base import BaseCommand
from wagtail.models import Site

from hub.demo import accounts

LOOPBACK = {"localhost", "127.0.0.1", "::1"}


class Command(BaseCommand):
    help = "Prepares database and static files, then runs the web server and the background worker until stopped."

    def add_arguments(self, parser):
        parser.add_argument("--host", default=os.environ.get("HOST", "127.0.0.1"))
        parser.add_argument("--port", default=os.environ.get("PORT", "8000"))
        parser.add_argument("--threads", default=os.environ.get("HUB_THREADS", "4"), help="requests answered at once")
        parser.add_argument("--demo", action="store_true", help="load the demo hub when there is no content yet")

    def handle(self, *args, **options):
        settings.LOCAL_DIR.mkdir(parents=True, exist_ok=True)
        Path(settings.MEDIA_ROOT).mkdir(parents=True, exist_ok=True)
        self.say("Database …")
        call_command("migrate", verbosity=0, interactive=False)
        if options["demo"]:
            call_command("seed_demo", "--if-empty", stdout=self.stdout)
        self.point_site_here()
        self.build_static()
        self.announce(options)
        sys.exit(Supervisor(self.commands(options)).run())

    def say(self, line):
        self.stdout.write(line)
        self.stdout.flush()

    def point_site_here(self):
        """A site on this machine follows ``BASE_URL``, so that full addresses lead here whatever the port."""
        site = Site.objects.filter(is_default_site=True).first()
        base = urlsplit(settings.BASE_URL)
        if site and site.hostname in LOOPBACK and (site.hostname, site.port) != (base.hostname, base.port or 80):
            site.hostname, site.port = base.hostname, base.port or (443 if base.scheme == "https" else 80)
            site.save()

    def build_static(self):
        """Collect and compress static files when any of them is newer than the last time."""
        manifest = Path(settings.STATIC_ROOT) / "staticfiles.json"
        built = manifest.stat().st_mtime if manifest.exists() else 0
        files = (storage.path(name) for finder in get_finders() for name, storage in finder.list([]))
        if not built or any(os.stat(path).st_mtime > built for path in files):
            self.say("Static files …")
            call_command("collectstatic", verbosity=0, interactive=False)
            manifest.touch()

    def announce(self, options):
        base = f"http://{options['host']}:{options['port']}"
        self.say(f"Site    {base}/")
        self.say(f"Admin   {base}/admin/")
        if options["demo"]:
            known = [f"{name} / {password}" for name, password in accounts.that_let_in().items()]
            self.say(f"Log in  {', '.join(known) or 'with the passwords that were set before'}")

    def commands(self, options):
        granian = [
            "--interface", "wsgi", "hub.wsgi:application",
            "--host", options["host"], "--port", options["port"],
            "--workers", "1", "--blocking-threads", options["threads"], "--no-ws", "--log-level", "warning",
            # A worker that is killed is replaced; one that keeps dying ends the server, and with it everything here.
            "--respawn-failed-workers",
        ]  # fmt: skip
        manage = str(settings.BASE_DIR / "manage.py")
        return [[sys.executable, "-m", "granian", *granian], [sys.executable, manage, "work"]]


class Supervisor:
    """Starts processes, passes signals on to them, and ends all as soon as one of them ends."""

    def __init__(self, commands, patience=10):
        """``patience``: seconds in which processes may finish what they do before they are killed."""
        self.commands = commands
        self.patience = patience
        self.stopping = False

    def run(self) -> int:
        """The exit code: 0 when asked to stop, else that of the process that ended by itself."""
        # A session of their own keeps Ctrl-C from reaching them twice: once from the terminal, once from here.
        self.processes = [subprocess.Popen(command, start_new_session=True) for command in self.commands]
        for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
            signal.signal(number, self.stop)
        while all(process.poll() is None for process in self.processes):
            time.sleep(0.2)
        code = 0 if self.stopping else next(process.returncode for process in self.processes if process.poll() is not None) or 1
        self.end()
        return code

    def stop(self, *_):
        self.stopping = True
        for process in self.processes:
            if process.poll() is None:
                process.terminate()

    def end(self):
        self.signal_families(signal.SIGTERM)
        deadline = time.monotonic() + self.patience
        for process in self.processes:
            with contextlib.suppress(subprocess.TimeoutExpired):
                process.wait(max(0.1, deadline - time.monotonic()))
        self.signal_families(signal.SIGKILL)
        for process in self.processes:
            process.wait()

    def signal_families(self, number):
        """Each process leads a group of its own: what it started is reached even where it is gone itself."""
        for process in self.processes:
            with contextlib.suppress(ProcessLookupError):
                os.killpg(process.pid, number)
