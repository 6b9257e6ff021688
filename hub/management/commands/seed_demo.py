from django.core.management.base import BaseCommand
from django.db import transaction

from discussion.search import index_new
from hub.demo import accounts, comments, searches
from hub.demo.site import DemoSite
from pages.models import ContentPage
from pages.search import indexing


class Command(BaseCommand):
    help = "Loads the demo hub: an invented institute with publications, interviews, videos, articles and discussions."

    def add_arguments(self, parser):
        parser.add_argument("--if-empty", action="store_true", help="do nothing when there is content already")

    def handle(self, *args, **options):
        if options["if_empty"] and ContentPage.objects.exists():
            return
        self.stdout.write("Loading the demo hub (about a minute, once):")
        with transaction.atomic():
            accounts.build()
            site = DemoSite(self.say)
            site.build()
            pages = {page.slug: page.specific for page in ContentPage.objects.all()}
            comments.build(pages, self.say)
            searches.build(pages)
        indexing.catch_up()
        index_new()
        self.stdout.write("  done")

    def say(self, line: str):
        self.stdout.write(line)
        self.stdout.flush()
