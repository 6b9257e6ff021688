"""Films: a talk, a filmed interview, a short documentary."""

from django.core.exceptions import ValidationError
from django.db import models
from django.utils.translation import gettext_lazy as _
from modelcluster.fields import ParentalKey
from wagtail.admin.panels import FieldPanel, FieldRowPanel, InlinePanel, MultiFieldPanel
from wagtail.fields import StreamField
from wagtail.models import Orderable
from wagtail.search import index
from wagtailmedia.edit_handlers import MediaChooserPanel

from pages.blocks import TranscriptBlock
from pages.captions import check_webvtt, clock, seconds
from pages.forms import VideoForm
from pages.models.base import ContentPage, Kind
from pages.players import Player, recognise, validate_video_address


class VideoPage(ContentPage):
    """A talk, a film or a filmed interview, with captions, chapters and a transcript by speaker."""

    parent_page_types = ["pages.SectionPage", "pages.PublicationPage"]
    subpage_types = []
    KIND = Kind.VIDEO
    base_form_class = VideoForm

    address = models.URLField(
        _("address of the film"),
        blank=True,
        validators=[validate_video_address],
        help_text=_(
            "On YouTube or Vimeo. Readers see the picture above until they press play; nothing is asked of the host before."
        ),
    )
    film = models.ForeignKey(
        "wagtailmedia.Media",
        verbose_name=_("or uploaded film"),
        null=True,
        blank=True,
        on_delete=models.SET_NULL,
        related_name="+",
        help_text=_("MP4 or WebM, kept on this site."),
    )
    duration = models.CharField(
        _("length"),
        max_length=10,
        blank=True,
        help_text=_("Minutes and seconds, for example 12:30. Taken from the uploaded film when left empty."),
    )
    transcript = StreamField(
        TranscriptBlock(),
        verbose_name=_("transcript"),
        blank=True,
        help_text=_("Everything that is said, for those who cannot hear or would rather read."),
    )

    content_panels = [
        *ContentPage.content_panels[:1],
        *ContentPage.head_panels,
        MultiFieldPanel(
            ["address", MediaChooserPanel("film", media_type="video"), "duration"],
            heading=_("Film"),
        ),
        InlinePanel("caption_tracks", label=_("Captions"), heading=_("Captions")),
        InlinePanel("chapters", label=_("Chapter"), heading=_("Chapters of the film")),
        *ContentPage.people_panels,
        FieldPanel("body"),
        FieldPanel("transcript"),
        *ContentPage.link_panels,
        *ContentPage.discussion_panels,
    ]
    search_fields = [*ContentPage.search_fields, index.SearchField("transcript")]

    class Meta:
        verbose_name = _("video")

    def clean(self):
        super().clean()
        if self.address and self.film_id:
            raise ValidationError({"address": _("Give the address of a film or choose an uploaded one, not both.")})
        if self.duration:
            try:
                self.duration = clock(seconds(self.duration))
            except ValidationError as error:
                raise ValidationError({"duration": error}) from error

    @property
    def player(self) -> Player | None:
        """The player on another host, or None for an uploaded film."""
        return recognise(self.address) if self.address else None

    @property
    def seconds(self) -> int:
        """The length in seconds; 0 when nobody knows."""
        return int(seconds(self.length)) if self.length else 0

    @property
    def length(self) -> str:
        """The duration as people write it, or nothing when nobody knows."""
        return self.duration or (clock(self.film.duration) if self.film and self.film.duration else "")


class CaptionTrackManager(models.Manager):
    """Captions with their files, which the player names."""

    def get_queryset(self):
        return super().get_queryset().select_related("document")


class CaptionTrack(Orderable):
    """Captions in one language, as a WebVTT document."""

    class TrackKind(models.TextChoices):
        CAPTIONS = "captions", _("Captions: speech and sounds")
        SUBTITLES = "subtitles", _("Subtitles: a translation")
        DESCRIPTIONS = "descriptions", _("Descriptions of what is seen")

    page = ParentalKey(VideoPage, on_delete=models.CASCADE, related_name="caption_tracks")
    kind = models.CharField(_("kind"), max_length=20, choices=TrackKind.choices, default=TrackKind.CAPTIONS)
    language = models.CharField(_("language"), max_length=12, default="en", help_text=_("As a code: en, cy, pl."))
    label = models.CharField(_("name in the player"), max_length=60, default="English")
    document = models.ForeignKey(
        "wagtaildocs.Document",
        verbose_name=_("WebVTT file"),
        on_delete=models.CASCADE,
        related_name="+",
        help_text=_("A .vtt file among the documents. It is checked line by line."),
    )

    objects = CaptionTrackManager()

    panels = [FieldRowPanel(["kind", "language", "label"]), "document"]

    class Meta(Orderable.Meta):
        verbose_name = _("captions")

    def __str__(self):
        return f"{self.label} ({self.get_kind_display()})"

    def clean(self):
        super().clean()
        if not self.document_id:
            return
        try:
            with self.document.open_file() as file:
                check_webvtt(file.read(2_000_000))
        except OSError as error:
            raise ValidationError({"document": _("The file of this document is missing.")}) from error
        except ValidationError as error:
            raise ValidationError({"document": error}) from error


class VideoChapter(Orderable):
    """A part of the film, with the time at which it begins."""

    page = ParentalKey(VideoPage, on_delete=models.CASCADE, related_name="chapters")
    time = models.CharField(_("begins at"), max_length=10, help_text=_("Minutes and seconds, for example 2:05."))
    title = models.CharField(_("title"), max_length=150)

    panels = [FieldRowPanel(["time", "title"])]

    class Meta(Orderable.Meta):
        verbose_name = _("chapter of the film")

    def __str__(self):
        return f"{self.time} {self.title}"

    def clean(self):
        super().clean()
        if not self.time:
            return  # in a draft; the form asks for it on publishing
        try:
            self.time = clock(seconds(self.time))
        except ValidationError as error:
            raise ValidationError({"time": error}) from error

    @property
    def start(self) -> int:
        """Where the chapter begins, in whole seconds."""
        return int(seconds(self.time)) if self.time else 0
