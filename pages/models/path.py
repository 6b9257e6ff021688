"""Reading paths: routes over any pages, step by step, each with a note on why it comes here."""

from django.core.exceptions import ValidationError
from django.db import models
from django.utils.translation import gettext_lazy as _
from modelcluster.fields import ParentalKey
from wagtail.admin.panels import FieldPanel, FieldRowPanel, InlinePanel
from wagtail.models import Orderable

from pages.models.base import ContentPage, Kind
from pages.models.original import NamesOriginalMixin
from people.slugs import refuse_reserved_slug


class PathPage(ContentPage):
    """A route that leads readers over pages of any kind, one after the other, and says at each why to go there."""

    parent_page_types = ["pages.SectionPage", "pages.HomePage"]
    subpage_types = []
    KIND = Kind.PATH

    content_panels = [
        *ContentPage.content_panels[:1],
        *ContentPage.head_panels,
        *ContentPage.people_panels,
        FieldPanel("body"),
        InlinePanel(
            "steps",
            label=_("Step"),
            heading=_("Steps"),
            help_text=_("In their order. A page that is not public yet is left out until it is."),
        ),
        *ContentPage.link_panels,
        *ContentPage.discussion_panels,
    ]

    class Meta:
        verbose_name = _("reading path")

    def clean(self):
        super().clean()
        refuse_reserved_slug(self.slug)


class PathStep(NamesOriginalMixin, Orderable):
    """One step of a reading path: a page, or an address elsewhere."""

    path = ParentalKey(PathPage, on_delete=models.CASCADE, related_name="steps")
    page = models.ForeignKey(
        "wagtailcore.Page",
        verbose_name=_("page"),
        null=True,
        blank=True,
        on_delete=models.CASCADE,
        related_name="path_steps",
        help_text=_("Of any kind: a chapter, a film, a person, another path."),
    )
    address = models.URLField(_("or address elsewhere"), max_length=500, blank=True)
    title = models.CharField(_("title elsewhere"), max_length=255, blank=True)
    note = models.TextField(
        _("note"), max_length=400, blank=True, help_text=_("One or two sentences: what to look for here, and why now.")
    )

    panels = ["page", FieldRowPanel(["address", "title"]), "note"]

    class Meta(Orderable.Meta):
        verbose_name = _("step")
        constraints = [
            models.CheckConstraint(
                # Neither, while a draft is being written: readers see nothing of it.
                condition=models.Q(page__isnull=True) | models.Q(address=""),
                name="step_leads_to_one_place_at_most",
            )
        ]

    def __str__(self):
        return str(self.page or self.title)

    def clean(self):
        super().clean()
        if self.page_id and self.address:
            raise ValidationError({"page": _("Choose a page or give an address elsewhere, not both.")})

    def missing(self) -> dict:
        """What has to be filled in before the path is published, by field."""
        if not self.page_id and not self.address:
            return {"page": _("Choose a page or give an address elsewhere.")}
        if self.address and not self.title:
            return {"title": _("What is it called there? Readers see the title, not the address.")}
        return {}
