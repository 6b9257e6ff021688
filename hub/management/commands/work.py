import logging
import threading

from django.core.management.base import BaseCommand
from django.db import close_old_connections, connection
from django.utils.crypto import get_random_string
from django_tasks_db.management.commands.db_worker import Worker

from discussion.announcing import announce
from discussion.outbox import BATCH, send_due
from discussion.search import index_new
from hub.jobs import run_due
from pages.health.checking import check_some
from pages.search import indexing

logger = logging.getLogger(__name__)


def mail():
    """Write down what is to be told, then send what waits until nothing waits that can be sent."""
    announce()
    while send_due() == BATCH:
        pass


def index():
    """Bring both searches up to date, either whatever becomes of the other."""
    try:
        indexing.catch_up()
    finally:
        index_new()


class Command(BaseCommand):
    help = "Runs the background worker: queued tasks, the periodic jobs of hub/jobs.py, mail, and checks of links elsewhere."

    def add_arguments(self, parser):
        parser.add_argument("--once", action="store_true", help="do what is due now, then stop")
        parser.add_argument("--interval", type=float, default=1.0, help="seconds between looks into the queue")

    def handle(self, *args, **options):
        worker = Worker(
            queue_names=["*"],
            interval=options["interval"],
            batch=options["once"],
            backend_name="default",
            startup_delay=False,
            max_tasks=None,
            worker_id=get_random_string(32),
            excluded_queue_names=[],
        )
        if options["once"]:
            run_due()
            mail()
            index()
            worker.run()
            check_some()
            return
        stopped = threading.Event()
        threading.Thread(target=self.repeat, args=[stopped, run_due, 10], name="periodic jobs", daemon=True).start()
        threading.Thread(target=self.repeat, args=[stopped, mail, 2], name="mail", daemon=True).start()
        # By itself, since it waits for the servers of others.
        threading.Thread(target=self.repeat, args=[stopped, check_some, 5], name="link checks", daemon=True).start()
        threading.Thread(target=self.repeat, args=[stopped, index, 2], name="search index", daemon=True).start()
        worker.configure_signals()
        try:
            worker.run()
        finally:
            stopped.set()

    @staticmethod
    def repeat(stopped: threading.Event, act, pause: float):
        """``act`` again and again, with ``pause`` seconds between; whatever goes wrong, the next time comes."""
        while not stopped.is_set():
            close_old_connections()
            try:
                act()
            except Exception:
                logger.exception("%s failed", threading.current_thread().name)
            connection.close()
            stopped.wait(pause)
