"""The pages around the content: the front, the listings, and plain pages."""

from dataclasses import replace

from django.db import models
from django.http import Http404
from django.utils.translation import gettext_lazy as _
from modelcluster.fields import ParentalKey
from wagtail.admin.panels import FieldPanel, MultiFieldPanel, MultipleChooserPanel
from wagtail.fields import StreamField
from wagtail.models import Orderable, Page
from wagtail.search import index

from pages import shelves
from pages.blocks import BodyBlock, headings
from pages.filters import ListingFilter, known_before
from pages.models.base import LISTED_KINDS, ContentPage, DiscussionMode, Kind
from pages.models.original import NamesOriginalMixin
from pages.models.topic import TopicPage, in_order
from people.reading import once
from people.slugs import refuse_reserved_slug
from people.visibility import KnowsItsWayMixin

NEWEST_ON_FRONT = 9


class HomePage(KnowsItsWayMixin, Page):
    """The front of the site: what it is, what to begin with, and what is new."""

    parent_page_types = ["wagtailcore.Page"]
    subpage_types = [
        "pages.SectionPage",
        "pages.StandardPage",
        "pages.TopicPage",
        "pages.SeriesPage",
        "pages.PathPage",
        "people.PeopleIndexPage",
    ]

    strapline = models.CharField(
        _("strapline"), max_length=120, blank=True, help_text=_("What the organisation is for, in one line.")
    )
    introduction = models.TextField(
        _("introduction"), max_length=500, blank=True, help_text=_("One or two sentences beneath it.")
    )

    content_panels = [
        *Page.content_panels,
        "strapline",
        "introduction",
        MultipleChooserPanel(
            "features",
            chooser_field_name="page",
            label=_("Page"),
            heading=_("Begin here"),
            help_text=_("The first is shown large."),
            max_num=6,
        ),
    ]
    search_fields = [*Page.search_fields, index.SearchField("introduction")]

    class Meta:
        verbose_name = _("home page")

    def route(self, request, path_components):
        """As Wagtail's; but of the pages on the way only what a plain page has is read, and the page that is found knows it."""
        way = [self]
        for place, slug in enumerate(path_components, start=1):
            try:
                step = way[-1].get_children().select_related("sectionpage").get(slug=slug)
                step._cached_parent_obj = way[-1]
                if step.specific_class is SectionPage:
                    step = _as_section(step)
                leads_on = place < len(path_components) and (step.specific_class or Page).route is Page.route
                if not leads_on:
                    step = _whole(step)  # which may have been deleted a moment ago
            except Page.DoesNotExist as error:
                raise Http404 from error
            if not leads_on:
                step.way = way
                _note([*way, step])
                return step.route(request, path_components[place:])
            way.append(step)
        return super().route(request, [])

    def get_context(self, request, *args, **kwargs):
        features = in_order(self.features.all(), ContentPage.objects.listed().for_cards())
        newest = (
            ContentPage.objects.descendant_of(self)
            .of_kind(*LISTED_KINDS)
            .listed()
            .exclude(pk__in=[page.pk for page in features])
            .newest_first()
            .for_cards()[:NEWEST_ON_FRONT]
        )
        topics = TopicPage.objects.descendant_of(self).listed().order_by("title", "pk").defer("body")
        return super().get_context(request, *args, **kwargs) | {"features": features, "newest": newest, "topics": topics}


def _note(way: list[Page]) -> None:
    """Let the rest of the request know by which pages it came: of sections all is known."""
    once("way", lambda: way)


def _whole(step: Page) -> Page:
    """``step`` as what it is, content with the rows of its own that its screen needs."""
    if not issubclass(step.specific_class or Page, ContentPage):
        return step.specific
    page = step.specific_class.objects.with_own_rows().get(pk=step.pk)
    page._cached_parent_obj = step._cached_parent_obj
    return page


def _as_section(step: Page) -> "SectionPage":
    """``step``, which came with all that a section has."""
    section = step.sectionpage
    section._cached_parent_obj = step._cached_parent_obj
    return section


class HomePageFeature(NamesOriginalMixin, Orderable):
    """A page that the front shows first."""

    home = ParentalKey(HomePage, on_delete=models.CASCADE, related_name="features")
    page = models.ForeignKey(ContentPage, verbose_name=_("page"), on_delete=models.CASCADE, related_name="front_features")

    class Meta(Orderable.Meta):
        verbose_name = _("page on the front")

    def __str__(self):
        return str(self.page)


class SectionPage(KnowsItsWayMixin, Page):
    """A listing: all publications, all interviews, or everything, with filters."""

    parent_page_types = ["pages.HomePage", "pages.SectionPage"]
    subpage_types = [
        "pages.PublicationPage",
        "pages.InterviewPage",
        "pages.VideoPage",
        "pages.ArticlePage",
        "pages.TopicPage",
        "pages.SeriesPage",
        "pages.PathPage",
        "pages.SectionPage",
    ]

    introduction = models.TextField(
        _("introduction"), max_length=500, blank=True, help_text=_("One or two sentences above the list.")
    )
    lists = models.CharField(
        _("lists"),
        max_length=20,
        choices=[("", _("Everything on the site")), *Kind.choices],
        blank=True,
        help_text=_("What this section shows, wherever on the site it stands."),
    )
    discussion_mode = models.CharField(
        _("discussion beneath its pages"),
        max_length=10,
        choices=[choice for choice in DiscussionMode.choices if choice[0] != DiscussionMode.INHERIT],
        default=DiscussionMode.OPEN,
        help_text=_("Holds for every page beneath this section that does not say otherwise."),
    )

    content_panels = [*Page.content_panels, "introduction", "lists"]
    settings_panels = [*Page.settings_panels, MultiFieldPanel(["discussion_mode"], heading=_("Discussion"))]
    search_fields = [*Page.search_fields, index.SearchField("introduction")]

    class Meta:
        verbose_name = _("section")

    def clean(self):
        super().clean()
        refuse_reserved_slug(self.slug)

    def get_context(self, request, *args, **kwargs):
        chosen, kinds = ListingFilter.from_query(request.GET), [self.lists] if self.lists else LISTED_KINDS
        seen = TopicPage.objects.original().visible_at_once().only("pk", "title", "slug", "alias_of")
        topics = list(seen.order_by("title", "pk"))
        asked_for = [topic for topic in topics if topic.slug == chosen.topic]
        if chosen.topic and not asked_for and (topic := known_before(chosen.topic, seen)):
            asked_for, chosen = [topic], replace(chosen, topic=topic.slug)
        shelf = shelves.under(asked_for, *kinds) if chosen.topic else shelves.everything(*kinds)
        return super().get_context(request, *args, **kwargs) | {
            "topics": topics,
            "kinds": [] if self.lists else [(kind.value, kind.label) for kind in LISTED_KINDS],
            **shelves.listing(shelf, chosen, request.GET.get("page")),
        }


class StandardPage(KnowsItsWayMixin, Page):
    """A plain page: about us, the house rules of the discussion, privacy."""

    parent_page_types = ["pages.HomePage", "pages.StandardPage"]
    subpage_types = ["pages.StandardPage"]

    introduction = models.TextField(
        _("introduction"), max_length=500, blank=True, help_text=_("One or two sentences above the text.")
    )
    body = StreamField(BodyBlock(), verbose_name=_("body"), blank=True)

    content_panels = [*Page.content_panels, "introduction", FieldPanel("body")]
    search_fields = [*Page.search_fields, index.SearchField("introduction"), index.SearchField("body")]

    class Meta:
        verbose_name = _("plain page")

    def clean(self):
        super().clean()
        refuse_reserved_slug(self.slug)

    def contents(self) -> list[dict]:
        """Headings of the body, for the contents list; empty when there are too few to need one."""
        entries = headings(self.body)
        return entries if len(entries) > 2 else []
