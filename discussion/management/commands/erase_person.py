from django.core.management.base import BaseCommand, CommandError

from discussion import privacy


class Command(BaseCommand):
    help = "Erases everything that the discussions hold of one person, by e-mail address, for good."

    def add_arguments(self, parser):
        parser.add_argument("email")
        parser.add_argument("--yes", action="store_true", help="do not ask")

    def handle(self, *args, **options):
        try:
            person = privacy.find_person(options["email"])
        except ValueError as error:
            raise CommandError(error) from error
        held = privacy.held(person)
        self._say(held)
        if any(held.values()):
            if not options["yes"] and not self._is_wanted():
                raise CommandError("Nothing was erased.")
            treatments = privacy.treatments_of(person).count()
            privacy.erase(person)
            if treatments:
                self.stdout.write("Moderators’ ban, hold or trust for them has ended with it: they may comment as anybody may.")
            self.stdout.write("Erased. Published comments leave an empty place, so that replies keep theirs.")
        else:
            self.stdout.write("Nothing is held.")
        if person.accounts:
            self.stdout.write(f"Accounts with this address, which were not deleted: {len(person.accounts)}")

    def _say(self, counts):
        for kind, count in counts.items():
            self.stdout.write(f"{kind}: {count}")

    def _is_wanted(self) -> bool:
        try:
            return input("Erase all this for good? Type yes: ").strip().lower() == "yes"
        except EOFError:
            return False
