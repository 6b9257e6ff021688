from django.core.management.base import BaseCommand, CommandError
from django.db import DatabaseError, transaction

from hub.measuring import check, scale


class Command(BaseCommand):
    help = "Loads invented publications and comments in any number, to see how the hub does with them."

    def add_arguments(self, parser):
        parser.add_argument("--pages", type=int, default=100, help="publications (default: 100)")
        parser.add_argument("--comments", type=int, default=10_000, help="comments, all together (default: 10000)")
        parser.add_argument("--largest", type=int, default=1_000, help="of these in one thread (default: 1000)")
        parser.add_argument(
            "--links", type=int, help="links between the pages, with topics and people (default: ten a page, and neither)"
        )
        parser.add_argument("--replace", action="store_true", help="first delete what an earlier run made")

    def handle(self, *args, pages, comments, largest, replace, links=None, **options):
        if pages < 1 or not 0 <= largest <= comments:
            raise CommandError("At least one page, and no more comments in the largest thread than there are in all.")
        if links is not None and (links < 0 or pages < 4):
            raise CommandError("Links are not fewer than none, and lead from and to at least four pages.")
        if scale.exists() and not replace:
            raise CommandError(f"There is a section “{scale.SECTION}” already. Give --replace to make it anew.")
        try:
            with transaction.atomic():
                if scale.exists():
                    scale.remove(self.say)
                made = scale.build(pages, comments, largest, self.say, links)
        except DatabaseError as error:
            raise CommandError(f"Nothing was changed: {error}") from error
        self.say("  checking")
        if faults := check.faults([page.pk for page in made]):
            raise CommandError("What was written does not add up:\n" + "\n".join(faults))
        self.say(f"  done: {pages} pages, {comments} comments, {largest} of them at {made[0].full_url}")

    def say(self, line: str):
        self.stdout.write(line)
        self.stdout.flush()
