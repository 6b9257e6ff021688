import json

from django.core.management.base import BaseCommand

from hub.measuring import figures, finding, linking, listing
from hub.measuring.ground import prepare


class Command(BaseCommand):
    help = "Takes the figures of `make bench` in an empty database, which it fills; prints them as JSON."

    def add_arguments(self, parser):
        parser.add_argument("--largest", type=int, default=100_000, help="comments of the long thread")
        parser.add_argument("--rounds", type=int, default=15, help="how often each time is taken")

        parser.add_argument(
            "--part", choices=["discussion", "links", "listings", "search", "demo"], default="discussion", help="what is measured"
        )
        parser.add_argument("--pages", type=int, default=100_000, help="pages that are linked")
        parser.add_argument("--links", type=int, default=1_000_000, help="links between them")

    def handle(self, *args, largest, rounds, part, pages, links, **options):
        prepare(self.stderr)
        parts = {
            "discussion": lambda: figures.measure(largest, rounds, self.say),
            "links": lambda: linking.measure(pages, links, rounds, self.say),
            "listings": lambda: listing.measure(pages, links, rounds, self.say),
            "demo": lambda: finding.measure_demo(self.say),
            "search": lambda: finding.measure(pages, rounds, self.say),
        }
        self.stdout.write(json.dumps(parts[part]()))

    def say(self, line: str):
        self.stderr.write(line)
        self.stderr.flush()
