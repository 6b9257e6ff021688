"""What all content has in common: ``ContentPage``, the one table behind every card, listing, search and feed."""

from datetime import datetime, time

from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import OuterRef, Subquery
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from modelcluster.fields import ParentalKey
from wagtail.admin.panels import FieldPanel, FieldRowPanel, InlinePanel, MultiFieldPanel, MultipleChooserPanel
from wagtail.fields import StreamField
from wagtail.models import Page, PageManager
from wagtail.query import PageQuerySet
from wagtail.search import index

from pages import providers
from pages.blocks import BodyBlock, headings, passage
from pages.editing import IncomingPanel, ProposalsPanel, UnseenLinksPanel
from pages.forms import ContentPageForm
from pages.link_panel import LinksPanel
from pages.models.dated import DatedQuerySet, DatedRow, carry
from pages.models.original import NamesOriginalMixin
from pages.models.own_rows import OwnRowsQuerySetMixin
from pages.panels import DiscussionSummaryPanel
from people.visibility import KnowsItsWayMixin, VisibilityQuerySetMixin, restricted_paths


class Kind(models.TextChoices):
    """What readers call a page: the word on its card, and the filter of listings and search."""

    PUBLICATION = "publication", _("Publication")
    CHAPTER = "chapter", _("Chapter")
    INTERVIEW = "interview", _("Interview")
    VIDEO = "video", _("Video")
    ARTICLE = "article", _("Article")
    TOPIC = "topic", _("Topic")
    SERIES = "series", _("Series")
    PATH = "path", _("Reading path")


# What listings, feeds and the front page show; chapters, topics, series and paths are reached from these.
LISTED_KINDS = [Kind.PUBLICATION, Kind.INTERVIEW, Kind.VIDEO, Kind.ARTICLE]


class DiscussionMode(models.TextChoices):
    INHERIT = "inherit", _("As its section")
    OPEN = "open", _("Open")
    CLOSED = "closed", _("Closed: can be read")
    OFF = "off", _("Off: not shown")


class ContentPageQuerySet(VisibilityQuerySetMixin, OwnRowsQuerySetMixin, PageQuerySet):
    def original(self):
        """Without aliases, which show their source's content under a second address."""
        return self.filter(alias_of__isnull=True)

    def listed(self):
        """What belongs in listings, feeds and roll-ups: visible, no alias."""
        return self.visible().original()

    def visible_beneath(self, page):
        """Children of ``page`` that its readers may see too: they have passed whatever restriction stands above."""
        return self.child_of(page).published().exclude(path__in=restricted_paths())

    def of_kind(self, *kinds):
        return self.filter(kind__in=kinds)

    def on(self, topic):
        """Those under ``topic``; none while it is a new page in preview."""
        return self.filter(page_topics__topic=topic) if topic.pk else self.none()

    def newest_first(self):
        return self.order_by("-display_date", "-pk")

    def for_cards(self):
        """What a card shows, in two queries; no bodies. ``names``: ``[{"name"}]`` of the first contributors;
        ``first_topic_colour``: of its drawn cover; and what other packages show on it.
        """
        names = self.model._meta.get_field("contributions").related_model.objects.names_on_card(OuterRef("pk"))
        topics = PageTopic.objects.filter(page_id=OuterRef("pk")).order_by("sort_order", "pk")
        return (
            self.defer("body", "search_description")
            .select_related("image")
            .prefetch_related("image__renditions")
            .annotate(names=names, first_topic_colour=Subquery(topics.values("topic__colour")[:1]))
            .annotate(**providers.card_columns())
        )


class ContentPage(KnowsItsWayMixin, Page):
    """Anything that is published here and can be discussed. Editors create its types, never the thing itself."""

    is_creatable = False
    base_form_class = ContentPageForm
    exclude_fields_in_copy = ["incoming"]  # what points here does not point at a copy
    KIND: Kind
    READ_WITH_IT = ("contributions", "page_topics", "links")

    kind = models.CharField(_("kind"), max_length=20, choices=Kind.choices, editable=False, db_index=True)
    display_date = models.DateField(
        _("date"),
        default=timezone.localdate,
        db_index=True,
        help_text=_("The date readers see, and by which listings are ordered."),
    )
    summary = models.TextField(
        _("summary"),
        max_length=300,
        help_text=_("One or two sentences for cards, search and feeds: what is in it for the reader?"),
    )
    image = models.ForeignKey(
        "wagtailimages.Image",
        verbose_name=_("picture"),
        null=True,
        blank=True,
        on_delete=models.SET_NULL,
        related_name="+",
        help_text=_("For the page's head and its card. A cover is drawn when there is none."),
    )
    image_alt = models.CharField(
        _("picture in words"),
        max_length=250,
        blank=True,
        help_text=_("What the picture shows, for those who cannot see it. Empty if it only decorates."),
    )
    image_credit = models.CharField(_("picture credit"), max_length=150, blank=True, help_text=_("Who made the picture."))
    body = StreamField(BodyBlock(), verbose_name=_("body"), blank=True)

    suggests_more = models.BooleanField(
        _("add related pages by themselves"),
        default=True,
        help_text=_("Below what you link by hand, up to four pages of the same series, people or topics, or of similar text."),
    )

    discussion_mode = models.CharField(
        _("discussion"),
        max_length=10,
        choices=DiscussionMode.choices,
        default=DiscussionMode.INHERIT,
        help_text=_("Whether readers may comment. Moderators can overrule this."),
    )
    discussion_opens_at = models.DateTimeField(
        _("opens at"), null=True, blank=True, help_text=_("Comments are taken from then on.")
    )
    discussion_closes_at = models.DateTimeField(
        _("closes at"), null=True, blank=True, help_text=_("From then on comments can be read but not added.")
    )
    discussion_prompt = models.TextField(
        _("question to readers"),
        max_length=400,
        blank=True,
        help_text=_("A concrete question above the comments draws better answers than an empty box."),
    )
    discussion_host = models.ForeignKey(
        "people.PersonPage",
        verbose_name=_("host"),
        null=True,
        blank=True,
        on_delete=models.SET_NULL,
        related_name="+",
        help_text=_("Who answers here. Named above the comments."),
    )
    discussion_reply_time = models.CharField(
        _("expected reply time"),
        max_length=100,
        blank=True,
        help_text=_("For example: “We read comments on weekdays and answer within two days.”"),
    )
    discussion_tells_authors = models.BooleanField(
        _("tell the contributors"),
        default=False,
        help_text=_("Contributors whose profile has an account are told of new comments by e-mail."),
    )

    objects = PageManager.from_queryset(ContentPageQuerySet)()

    head_panels = [
        "summary",
        FieldRowPanel(["display_date"]),
        MultiFieldPanel(["image", "image_alt", "image_credit"], heading=_("Picture"), classname="collapsed"),
    ]
    people_panels = [
        InlinePanel(
            "contributions",
            label=_("Contributor"),
            heading=_("Contributors"),
            help_text=_("Who made this, in the order of the byline. Somebody without a profile is given by name alone."),
        )
    ]
    link_panels = [
        MultipleChooserPanel("page_topics", chooser_field_name="topic", label=_("Topic"), heading=_("Topics")),
        LinksPanel(
            "links",
            chooser_field_name="target",
            label=_("Link"),
            heading=_("Linked content"),
            help_text=_("State a link once, on either page: readers see it at both ends, in words made from its kind."),
        ),
        UnseenLinksPanel(),
        ProposalsPanel(heading=_("Perhaps missing")),
        IncomingPanel(heading=_("What points here"), classname="collapsed"),
        MultiFieldPanel(["suggests_more"], heading=_("Related pages"), classname="collapsed"),
    ]
    discussion_panels = [
        MultiFieldPanel(
            [
                DiscussionSummaryPanel(),
                "discussion_mode",
                FieldRowPanel(["discussion_opens_at", "discussion_closes_at"]),
                "discussion_prompt",
                FieldRowPanel(["discussion_host", "discussion_reply_time"]),
                "discussion_tells_authors",
            ],
            heading=_("Discussion"),
            help_text=_(
                "“As its section” follows the nearest page above that says something, and the site’s rule on the age of pages. "
                "A page that is itself open stays open until its own closing date."
            ),
            classname="collapsed",
        )
    ]
    content_panels = [*Page.content_panels, *head_panels, *people_panels, FieldPanel("body"), *link_panels, *discussion_panels]

    search_fields = [
        *Page.search_fields,
        index.SearchField("summary", boost=2),
        index.SearchField("body"),
        index.AutocompleteField("summary"),
        index.FilterField("kind"),
        index.FilterField("go_live_at"),
        index.FilterField("expire_at"),
        index.FilterField("url_path"),
        index.FilterField("alias_of"),
        index.FilterField("display_date"),
        index.RelatedFields("contributions", [index.SearchField("name")]),
        index.RelatedFields("page_topics", [index.FilterField("topic_id")]),
    ]

    class Meta:
        indexes = [
            models.Index(fields=["kind", "-display_date", "-page_ptr"], name="newest_of_a_kind"),
            models.Index(
                fields=["-display_date", "-page_ptr"], name="newest_in_listings", condition=models.Q(kind__in=LISTED_KINDS)
            ),
        ]

    def clean(self):
        super().clean()
        opens, closes = self.discussion_opens_at, self.discussion_closes_at
        if opens and closes and closes <= opens:
            raise ValidationError({"discussion_closes_at": _("The discussion would close before it opens.")})

    def save(self, *args, **kwargs):
        self.kind = self.KIND
        saved = super().save(*args, **kwargs)
        if not kwargs.get("update_fields"):  # saving a draft writes nothing of the page itself, and may hold another date
            carry(self, PageTopic, self._meta.get_field("contributions").related_model)
        return saved

    def get_absolute_url(self) -> str:
        """The full address, host included: mails and feeds need it, and redirects stay on the page's own site."""
        return self.full_url

    @property
    def dated_at(self) -> datetime:
        """The date that readers see, as a moment: that of publication when that was the same day, else noon."""
        published = self.first_published_at
        if published and timezone.localdate(published) == self.display_date:
            return published
        return timezone.make_aware(datetime.combine(self.display_date, time(12)))

    @property
    def discussed_page_id(self) -> int:
        """The id of the page that holds this page's discussion and links: an alias shows its source's."""
        return self.alias_of_id or self.pk

    def contents(self) -> list[dict]:
        """Headings of the body, for the contents list; empty when there are too few to need one."""
        entries = headings(self.body)
        return entries if len(entries) > 2 else []

    def about_label(self, anchor: str) -> str:
        """What a comment that begins at ``anchor`` is about, in words; empty for an anchor that is not here."""
        return next((entry["text"] for entry in headings(self.body) if entry["id"] == anchor), "")

    def passage_at(self, anchor: str) -> str:
        """The words that a comment which begins at ``anchor`` stands under, as plain text."""
        return passage(self.body, anchor)


class PageTopic(NamesOriginalMixin, DatedRow):
    """A page's place under a topic."""

    page = ParentalKey(ContentPage, on_delete=models.CASCADE, related_name="page_topics")
    topic = models.ForeignKey("pages.TopicPage", verbose_name=_("topic"), on_delete=models.CASCADE, related_name="topic_pages")
    names, names_once = "topic", True

    objects = DatedQuerySet.as_manager()

    class Meta(DatedRow.Meta):
        verbose_name = _("topic")
        constraints = [models.UniqueConstraint(fields=["page", "topic"], name="one_place_under_a_topic")]
        indexes = [
            models.Index(fields=["topic", "page"], name="newest_under_a_topic"),
            models.Index(fields=["topic", "-display_date", "-page"], name="latest_under_a_topic"),
            models.Index(fields=["topic", "kind", "-display_date", "-page"], name="latest_of_a_kind_under_a_topic"),
        ]

    def __str__(self):
        return str(self.topic)
