from django.db import models
from django.utils.translation import gettext_lazy as _
from wagtailmedia.edit_handlers import MediaChooserPanel

from pages.forms import SpeakersForm
from pages.models.base import ContentPage, Kind


class InterviewPage(ContentPage):
    """A conversation, question by question: in writing, as a recording, or both."""

    parent_page_types = ["pages.SectionPage", "pages.PublicationPage"]
    subpage_types = []
    KIND = Kind.INTERVIEW
    base_form_class = SpeakersForm

    recording = models.ForeignKey(
        "wagtailmedia.Media",
        verbose_name=_("recording"),
        null=True,
        blank=True,
        on_delete=models.SET_NULL,
        related_name="+",
        help_text=_("The conversation to listen to or watch, beside its text."),
    )

    content_panels = [
        *ContentPage.content_panels[:1],
        *ContentPage.head_panels,
        MediaChooserPanel("recording"),
        *ContentPage.people_panels,
        "body",
        *ContentPage.link_panels,
        *ContentPage.discussion_panels,
    ]

    class Meta:
        verbose_name = _("interview")
