from wagtail.search.management.commands.update_index import Command as WagtailCommand

from pages.search import indexing

PROGRESS = 1_000


class Command(WagtailCommand):
    help = "Builds the search of the admin and that of readers anew, beside whatever else goes on."

    def handle(self, **options):
        super().handle(**options)
        if options.get("schema_only"):
            return
        self.write("Readers' search:")
        indexing.rebuild(self.tell)

    def tell(self, done: int, total: int):
        if done == total or done % PROGRESS < indexing.AT_ONCE:
            self.write(f"  {done}/{total}")
