import json

from django.core.management.base import BaseCommand

from hub.measuring import figures
from hub.measuring.ground import prepare


class Command(BaseCommand):
    help = "Takes the figures of `make bench` in an empty database, which it fills; prints them as JSON."

    def add_arguments(self, parser):
        parser.add_argument("--largest", type=int, default=100_000, help="comments of the long thread")
        parser.add_argument("--rounds", type=int, default=15, help="how often each time is taken")

    def handle(self, *args, largest, rounds, **options):
        prepare(self.stderr)
        self.stdout.write(json.dumps(figures.measure(largest, rounds, self.say)))

    def say(self, line: str):
        self.stderr.write(line)
        self.stderr.flush()
