"""Typed links between pages: stored once, shown at both ends."""

from django.core.exceptions import ValidationError
from django.db import models
from django.utils.translation import gettext_lazy as _
from modelcluster.fields import ParentalKey
from wagtail.admin.panels import FieldPanel, FieldRowPanel
from wagtail.models import Orderable

from pages.link_panel import TargetPanel, TargetStatePanel
from pages.models.base import ContentPage
from pages.models.link_kind import KindSelect, LinkKind, current_kind, kinds_by_code
from pages.models.original import NamesOriginalMixin

LINKABLE = ["pages.ContentPage", "pages.SectionPage", "people.PersonPage"]


class ContentLink(NamesOriginalMixin, Orderable):
    """A link from one page to another, or to an address elsewhere."""

    # The order of links that name one page. Their rows are made anew whenever the source is published, so that their keys
    # come last.
    SEEN_FROM_TARGET = ("sort_order", "source_id", "pk")

    source = ParentalKey(ContentPage, on_delete=models.CASCADE, related_name="links")
    # The code of a LinkKind, no foreign key: drafts keep it, and open whatever became of the kind meanwhile.
    kind = models.CharField(_("this page"), max_length=30, default=LinkKind.RELATED_TO)
    target = models.ForeignKey(
        "wagtailcore.Page",
        verbose_name=_("page"),
        null=True,
        blank=True,
        on_delete=models.CASCADE,
        related_name="incoming_links",
        help_text=_("A draft or scheduled page may be chosen: readers see the link once that page is public."),
    )
    address = models.URLField(_("or address elsewhere"), max_length=500, blank=True)
    title = models.CharField(_("title elsewhere"), max_length=255, blank=True)
    publisher = models.CharField(_("publisher elsewhere"), max_length=150, blank=True)
    date = models.DateField(_("date elsewhere"), null=True, blank=True)
    note = models.CharField(_("note"), max_length=250, blank=True, help_text=_("A sentence for readers: why go there?"))
    wording = models.CharField(
        _("wording"),
        max_length=200,
        blank=True,
        help_text=_("Overrides the words that are made by themselves, such as “Read A’s interview with B”."),
    )

    names = "target"

    panels = [
        FieldRowPanel([FieldPanel("kind", widget=KindSelect), TargetPanel("target", LINKABLE)]),
        TargetStatePanel(),
        FieldRowPanel(["wording", "note"]),
        FieldRowPanel(["address", "title"]),
        FieldRowPanel(["publisher", "date"]),
    ]

    class Meta(Orderable.Meta):
        verbose_name = _("link")
        constraints = [
            models.CheckConstraint(
                # Neither, while a draft is being written: readers see nothing of it.
                condition=models.Q(target__isnull=True) | models.Q(address=""),
                name="link_leads_to_one_place_at_most",
            )
        ]
        # The first few of a kind that name a page are read along it, however many there are.
        indexes = [models.Index(fields=["target", "kind", "sort_order", "source", "id"], name="links_to_a_page_by_kind")]

    def __str__(self):
        return f"{self.kind} {self.target or self.title}"

    def clean(self):
        super().clean()
        self.kind = current_kind(self.kind)
        if self.target_id and self.address:
            raise ValidationError({"target": _("Choose a page or give an address elsewhere, not both.")})
        if self.target_id and self.target_id == self.source_id:
            raise ValidationError({"target": _("A page cannot link to itself.")})

    def save(self, *args, **kwargs):
        self.kind = current_kind(self.kind)
        super().save(*args, **kwargs)

    kinds_by_code = staticmethod(kinds_by_code)

    def missing(self) -> dict:
        """What has to be filled in before the page is published, by field."""
        if not self.target_id and not self.address:
            return {"target": _("Choose a page or give an address elsewhere.")}
        if self.address and not self.title:
            return {"title": _("What is it called there? Readers see the title, not the address.")}
        return {}


class IncomingLink(models.Model):
    """What a page makes of a link that names it: a place, other words, or nothing at all.

    It belongs to the page that is named, and so to that page's drafts. The link itself stays with its source; no row
    means as it comes. Nothing forbids two rows for one link, which a stale draft may bring.
    """

    page = ParentalKey(ContentPage, on_delete=models.CASCADE, related_name="incoming")
    source = models.ForeignKey(ContentPage, on_delete=models.CASCADE, related_name="arranged_at")
    kind = models.CharField(max_length=30)
    place = models.PositiveSmallIntegerField(_("place"), null=True, blank=True)
    hidden = models.BooleanField(_("hidden"), default=False)
    wording = models.CharField(_("wording"), max_length=200, blank=True)

    class Meta:
        verbose_name = _("incoming link")

    def __str__(self):
        return f"{self.source_id} {self.kind}"

    def save(self, *args, **kwargs):
        self.kind = current_kind(self.kind)
        super().save(*args, **kwargs)

    @property
    def key(self) -> tuple[int, str]:
        """Which link it is about."""
        return self.source_id, self.kind

    def key_today(self, kinds: dict[str, LinkKind]) -> tuple[int, str]:
        """The same by the kind as it is today, of ``kinds_by_code``: a draft keeps the code of one that was merged meanwhile."""
        return self.source_id, kinds[self.kind].slug if self.kind in kinds else self.kind

    @property
    def is_out_of_line(self) -> bool:
        """Whether it takes its link out of the order in which links come."""
        return self.hidden or self.place is not None
