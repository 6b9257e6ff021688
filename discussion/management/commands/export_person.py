import json
from pathlib import Path

from django.core.management.base import BaseCommand, CommandError
from django.core.serializers.json import DjangoJSONEncoder

from discussion import privacy


class Command(BaseCommand):
    help = "Writes everything that the discussions hold of one person, by e-mail address, as JSON."

    def add_arguments(self, parser):
        parser.add_argument("email")
        parser.add_argument("--output", type=Path, help="a file, in place of the terminal")

    def handle(self, *args, **options):
        try:
            person = privacy.find_person(options["email"])
        except ValueError as error:
            raise CommandError(error) from error
        text = json.dumps(privacy.export(person), cls=DjangoJSONEncoder, ensure_ascii=False, indent=2)
        if options["output"] is None:
            self.stdout.write(text)
            return
        try:
            options["output"].write_text(text + "\n", encoding="utf-8")
        except OSError as error:
            raise CommandError(error) from error
