"""Publications, their chapters, and the shelf of formats in which they can be had."""

from django.core.exceptions import ValidationError
from django.db import models
from django.utils.translation import gettext_lazy as _
from modelcluster.fields import ParentalKey
from wagtail.admin.panels import FieldRowPanel, InlinePanel, MultiFieldPanel
from wagtail.models import Orderable
from wagtail.search import index

from pages.identifiers import bare_doi, validate_doi, validate_isbn
from pages.models.base import ContentPage, Kind


class PublicationType(models.TextChoices):
    REPORT = "report", _("Report")
    BRIEFING = "briefing", _("Briefing")
    LONG_READ = "long_read", _("Long read")
    WORKING_PAPER = "working_paper", _("Working paper")
    BOOK = "book", _("Book")
    POLICY_PAPER = "policy_paper", _("Policy paper")


class PublicationPage(ContentPage):
    """A report, briefing, long read, working paper or book, with its chapters beneath it and its formats on a shelf."""

    parent_page_types = ["pages.SectionPage"]
    subpage_types = ["pages.ChapterPage", "pages.InterviewPage", "pages.VideoPage", "pages.ArticlePage"]
    KIND = Kind.PUBLICATION

    subtitle = models.CharField(_("subtitle"), max_length=255, blank=True, help_text=_("Printed beneath the title."))
    publication_type = models.CharField(
        _("publication type"), max_length=20, choices=PublicationType.choices, default=PublicationType.REPORT
    )
    isbn = models.CharField(
        _("ISBN"),
        max_length=20,
        blank=True,
        validators=[validate_isbn],
        help_text=_("Of the printed edition. Other formats carry their own."),
    )
    doi = models.CharField(
        _("DOI"), max_length=150, blank=True, validators=[validate_doi], help_text=_("For example 10.1234/abc.")
    )

    content_panels = [
        *ContentPage.content_panels[:1],
        "subtitle",
        *ContentPage.head_panels,
        MultiFieldPanel([FieldRowPanel(["publication_type", "isbn", "doi"])], heading=_("Publication")),
        *ContentPage.people_panels,
        "body",
        InlinePanel(
            "formats",
            label=_("Format"),
            heading=_("Formats"),
            help_text=_("Each way to have the publication: a file, a shop, a printed copy."),
        ),
        *ContentPage.link_panels,
        *ContentPage.discussion_panels,
    ]
    search_fields = [
        *ContentPage.search_fields,
        index.SearchField("subtitle", boost=3),
        index.AutocompleteField("subtitle"),
        index.FilterField("publication_type"),
    ]

    class Meta:
        verbose_name = _("publication")

    def clean(self):
        super().clean()
        self.doi = bare_doi(self.doi)

    def chapters(self):
        """The chapters in their order, those that readers may see."""
        return ChapterPage.objects.visible_beneath(self).order_by("path").defer("body")

    def companions(self):
        """What else stands beneath the publication: its interviews, films and articles, as cards."""
        beneath = ContentPage.objects.visible_beneath(self).original().not_type(ChapterPage)
        return beneath.newest_first().for_cards()

    def about_label(self, anchor: str) -> str:
        for shelf_row in self.formats.all():
            if shelf_row.anchor == anchor:
                return str(shelf_row)
        return super().about_label(anchor)


class ChapterPage(ContentPage):
    """One chapter of a publication, with its own address and discussion."""

    parent_page_types = ["pages.PublicationPage"]
    subpage_types = []
    KIND = Kind.CHAPTER

    class Meta:
        verbose_name = _("chapter")

    def neighbours(self):
        """``(publication, previous, next)``; a chapter at an end, or what is not to be seen, is None. Read once for a page."""
        if not hasattr(self, "_neighbours"):
            self._neighbours = self._looked_up_neighbours()
        return self._neighbours

    def _looked_up_neighbours(self):
        publication = PublicationPage.objects.parent_of(self).published().defer("body").first()
        if publication is None:
            return None, None, None
        chapters = list(publication.chapters())
        place = next((index for index, chapter in enumerate(chapters) if chapter.pk == self.pk), None)
        if place is None:
            return publication, None, None
        before = chapters[place - 1] if place else None
        after = chapters[place + 1] if place + 1 < len(chapters) else None
        return publication, before, after


class FormatKind(models.TextChoices):
    PDF = "pdf", _("PDF")
    EPUB = "epub", _("EPUB")
    KINDLE = "kindle", _("Kindle")
    APPLE_BOOKS = "apple_books", _("Apple Books")
    PRINT = "print", _("Print")
    AUDIO = "audio", _("Audio")
    OTHER = "other", _("Other")


class FormatManager(models.Manager):
    """Formats with their files, since every one is shown with its address and size."""

    def get_queryset(self):
        return super().get_queryset().select_related("document")


class Format(Orderable):
    """One way to have a publication: what it is, where it is, what it costs and how it is read."""

    page = ParentalKey(PublicationPage, on_delete=models.CASCADE, related_name="formats")
    kind = models.CharField(_("format"), max_length=20, choices=FormatKind.choices, default=FormatKind.PDF)
    document = models.ForeignKey(
        "wagtaildocs.Document",
        verbose_name=_("uploaded file"),
        null=True,
        blank=True,
        on_delete=models.SET_NULL,
        related_name="+",
        help_text=_("Its size is shown by itself."),
    )
    address = models.URLField(_("or address of a shop"), max_length=500, blank=True)
    vendor = models.CharField(_("shop"), max_length=100, blank=True, help_text=_("Named in the link, as in “buy from …”."))
    price_note = models.CharField(
        _("price"), max_length=100, blank=True, help_text=_("In words: free, a small fee, £12 plus postage.")
    )
    isbn = models.CharField(_("ISBN"), max_length=20, blank=True, validators=[validate_isbn], help_text=_("Of this format."))
    how_to_read = models.TextField(
        _("how to read it"), max_length=400, blank=True, help_text=_("The device or program that it needs, in plain words.")
    )
    feedback_request = models.CharField(
        _("request for feedback"),
        max_length=250,
        blank=True,
        help_text=_("A question to those who use this format. Its link opens the comment form about this format."),
    )

    objects = FormatManager()

    panels = [
        FieldRowPanel(["kind", "price_note", "isbn"]),
        FieldRowPanel(["document"]),
        FieldRowPanel(["address", "vendor"]),
        "how_to_read",
        "feedback_request",
    ]

    class Meta(Orderable.Meta):
        verbose_name = _("format")

    def __str__(self):
        return f"{self.get_kind_display()} ({self.vendor})" if self.vendor else self.get_kind_display()

    def clean(self):
        super().clean()
        if self.document_id and self.address:
            raise ValidationError({"address": _("Choose a file or give the address of a shop: one of the two.")})

    def missing(self) -> dict:
        """What has to be filled in before the page is published, by field."""
        if self.document_id or self.address or self.kind == FormatKind.PRINT:
            return {}
        return {"document": _("Where is it? Choose a file or give the address of a shop.")}

    @property
    def anchor(self) -> str:
        """What a comment about this format carries as its anchor."""
        return f"format-{self.pk}" if self.pk else ""
