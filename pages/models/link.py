"""Typed links between pages: stored once, shown at both ends."""

from django.core.exceptions import ValidationError
from django.db import models
from django.utils.translation import gettext_lazy as _
from modelcluster.fields import ParentalKey
from wagtail.admin.panels import FieldRowPanel, PageChooserPanel
from wagtail.models import Orderable

from pages.models.base import ContentPage

LINKABLE = ["pages.ContentPage", "pages.SectionPage", "people.PersonPage"]


class LinkKind(models.TextChoices):
    """How the page that states the link stands to the one it names."""

    INTERVIEW_FOR = "interview-for", _("is an interview for")
    TALK_ABOUT = "talk-about", _("is a talk about")
    ARTICLE_ABOUT = "article-about", _("is an article about")
    PART_OF = "part-of", _("is part of")
    REPLACES = "replaces", _("replaces")
    RESPONDS_TO = "responds-to", _("responds to")
    TRANSLATION_OF = "translation-of", _("is a translation of")
    RELATED_TO = "related-to", _("is related to")


class ContentLink(Orderable):
    """A link from one page to another, or to an address elsewhere."""

    source = ParentalKey(ContentPage, on_delete=models.CASCADE, related_name="links")
    kind = models.CharField(_("this page"), max_length=30, choices=LinkKind.choices, default=LinkKind.RELATED_TO)
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

    panels = [
        FieldRowPanel(["kind", PageChooserPanel("target", LINKABLE)]),
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

    def __str__(self):
        return f"{self.get_kind_display()} {self.target or self.title}"

    def clean(self):
        super().clean()
        if self.target and self.target.alias_of_id:
            self.target_id = self.target.alias_of_id  # the original, where readers find the link's other end
        if self.target_id and self.address:
            raise ValidationError({"target": _("Choose a page or give an address elsewhere, not both.")})
        if self.target_id and self.target_id == self.source_id:
            raise ValidationError({"target": _("A page cannot link to itself.")})

    def missing(self) -> dict:
        """What has to be filled in before the page is published, by field."""
        if not self.target_id and not self.address:
            return {"target": _("Choose a page or give an address elsewhere.")}
        if self.address and not self.title:
            return {"title": _("What is it called there? Readers see the title, not the address.")}
        return {}
