from pathlib import Path

from django.core.management.base import BaseCommand, CommandError

from hub.measuring.exercises import DRILLS
from hub.measuring.ground import prepare
from hub.measuring.processes import Cluster
from hub.measuring.scratch import stop_on_request


class Command(BaseCommand):
    help = "Runs one drill of `make drills` in an empty database, which it fills. Fails when its target is missed."

    def add_arguments(self, parser):
        parser.add_argument("drill", choices=DRILLS)
        parser.add_argument("--posts", type=int, required=True)
        parser.add_argument("--control", action="store_true", help="without the safeguard: something has to go wrong")
        parser.add_argument("--seconds", type=float, default=200, help="after which the kill drill is broken off")
        parser.add_argument("--between", type=int, required=True, help="posts that are taken between two kills")
        parser.add_argument("--cluster", type=Path, help="the folder of the PostgreSQL that may be killed")
        parser.add_argument("--cluster-port", type=int)
        parser.add_argument("--mail-port", type=int, help="where the mail server listens")

    def handle(self, *args, drill, posts, control, seconds, between, cluster, cluster_port, mail_port, **options):
        prepare(self.stderr)
        stop_on_request()
        verdicts = DRILLS[drill](
            posts,
            control=control,
            seconds=seconds,
            between=between,
            cluster=Cluster(cluster, cluster_port) if cluster else None,
            mail_port=mail_port,
        )
        for verdict in verdicts:
            self.stdout.write(f"  {'ok    ' if verdict.holds else 'MISSED'} {verdict.sentence}")
        if not all(verdict.holds for verdict in verdicts):
            raise CommandError("a target is missed")
