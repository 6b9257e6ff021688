"""What is kept of public pages so that readers find them. The worker writes it; nobody else does."""

from django.contrib.postgres.search import SearchVectorField
from django.db import models
from django.db.models import F

# What has no date, such as people, comes last on both databases.
NEWEST_FIRST = (F("display_date").desc(nulls_last=True), F("pk").desc())


class SearchEntryQuerySet(models.QuerySet):
    def newest_first(self):
        return self.order_by(*NEWEST_FIRST)


class SearchEntry(models.Model):
    """A page that can be found: what results are chosen, counted and ordered by.

    The two vectors are PostgreSQL's, with an index each: one of title, people, topics and summary, one of all words. On
    SQLite they stay empty, and the words stand in a table of FTS5's (``pages.search.sqlite``). The database does not insist on
    the page: one that is deleted while it is indexed must fail on neither side, and an entry without a page is never shown.
    """

    page = models.OneToOneField(
        "wagtailcore.Page", primary_key=True, on_delete=models.CASCADE, db_constraint=False, related_name="search_entry"
    )
    kind = models.CharField(max_length=20)
    display_date = models.DateField(null=True)
    title = models.CharField(max_length=255)
    folded = models.CharField(max_length=255, db_index=True)  # the words of the title
    counted = models.TextField(default="")  # its topics, people and formats (``pages.search.counting``)
    indexed_at = models.DateTimeField()
    head = SearchVectorField(null=True, editable=False)
    words = SearchVectorField(null=True, editable=False)

    objects = SearchEntryQuerySet.as_manager()

    class Meta:
        verbose_name = "entry of the search index"

    def __str__(self):
        return self.title


class SearchPassage(models.Model):
    """A piece of a page's text with the place where it stands: an anchor, and the second of a recording."""

    entry = models.ForeignKey(SearchEntry, on_delete=models.CASCADE, db_constraint=False, related_name="passages")
    place = models.PositiveSmallIntegerField()
    anchor = models.CharField(max_length=20, blank=True)
    second = models.PositiveIntegerField(null=True)
    heading = models.CharField(max_length=150, blank=True)
    text = models.TextField()
    words = SearchVectorField(null=True, editable=False)

    class Meta:
        verbose_name = "passage of the search index"
        constraints = [models.UniqueConstraint(fields=["entry", "place"], name="one_passage_at_a_place")]

    def __str__(self):
        return self.text[:60]


class SearchWord(models.Model):
    """A word that stands in some page, for who mistypes it or types its beginning only.

    Whether a page still holds it is asked when it is offered.
    """

    word = models.CharField(max_length=60, unique=True)
    stem = models.CharField(max_length=60)
    checked_at = models.DateTimeField(auto_now_add=True, db_index=True)

    class Meta:
        verbose_name = "word of the search index"

    def __str__(self):
        return self.word


class StaleEntry(models.Model):
    """A mark that a page has changed since it was indexed. Marks are only added and taken away, so that none waits for another.

    No foreign key: marking must lock nothing, and a page may be gone before its turn.
    """

    page_id = models.BigIntegerField()
    beneath = models.BooleanField(default=False)  # with everything beneath it
    marked_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        verbose_name = "mark of a changed page"

    def __str__(self):
        return str(self.page_id)
