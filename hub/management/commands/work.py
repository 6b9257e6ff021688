import threading

from django.core.management.base import BaseCommand
from django.db import close_old_connections, connection
from django.utils.crypto import get_random_string
from django_tasks_db.management.commands.db_worker import Worker

from hub.jobs import run_due


class Command(BaseCommand):
    help = "Runs the background worker: queued tasks, and the periodic jobs of hub/jobs.py."

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
            worker.run()
            return
        stopped = threading.Event()
        threading.Thread(target=self.periodically, args=[stopped], name="periodic jobs", daemon=True).start()
        worker.configure_signals()
        try:
            worker.run()
        finally:
            stopped.set()

    @staticmethod
    def periodically(stopped: threading.Event):
        while not stopped.is_set():
            close_old_connections()
            run_due()
            connection.close()
            stopped.wait(10)
