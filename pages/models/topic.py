"""What gathers content: topics, and series in their order."""

from django.db import models
from django.db.models import Exists, OuterRef
from django.utils.translation import gettext_lazy as _
from modelcluster.fields import ParentalKey
from wagtail.admin.panels import FieldPanel, FieldRowPanel, MultipleChooserPanel
from wagtail.models import Orderable

from pages import providers, shelves
from pages.filters import ListingFilter
from pages.models.base import LISTED_KINDS, ContentPage, Kind
from pages.models.original import NamesOriginalMixin
from pages.models.own_rows import own_rows
from people.slugs import refuse_reserved_slug

NEWEST_OF_A_KIND = 6
RECENT_COMMENTS = 3


class TopicPage(ContentPage):
    """A subject or programme of work that gathers content of every kind: “our work on …”."""

    parent_page_types = ["pages.SectionPage", "pages.HomePage"]
    subpage_types = []
    KIND = Kind.TOPIC
    READ_WITH_IT = (*ContentPage.READ_WITH_IT, "picks")

    class Colour(models.TextChoices):
        TEAL = "teal", _("Teal")
        RUST = "rust", _("Rust")
        INDIGO = "indigo", _("Indigo")
        MOSS = "moss", _("Moss")
        PLUM = "plum", _("Plum")
        OCHRE = "ochre", _("Ochre")

    phrase = models.CharField(
        _("in a sentence"),
        max_length=120,
        blank=True,
        help_text=_("How the topic reads after “More on …” and “our work on …”: flood-ready places. The title when left empty."),
    )
    colour = models.CharField(
        _("colour"),
        max_length=10,
        choices=Colour.choices,
        default=Colour.TEAL,
        help_text=_("Of the covers that are drawn for pages without a picture."),
    )

    content_panels = [
        *ContentPage.content_panels[:1],
        *ContentPage.head_panels,
        FieldRowPanel(["phrase", "colour"]),
        *ContentPage.people_panels,
        FieldPanel("body"),
        MultipleChooserPanel(
            "picks",
            chooser_field_name="page",
            label=_("Page"),
            heading=_("Begin here"),
            help_text=_("Shown before all the rest, in this order; the first is shown large. Readers see what is public of it."),
            max_num=7,
        ),
        *ContentPage.link_panels[1:],
        *ContentPage.discussion_panels,
    ]

    class Meta:
        verbose_name = _("topic")

    def clean(self):
        super().clean()
        refuse_reserved_slug(self.slug)

    @property
    def in_a_sentence(self) -> str:
        return self.phrase or self.title

    def get_context(self, request, *args, **kwargs):
        """One of two screens: all that is here, by kind and with what surrounds it; or a list of what the reader chose."""
        chosen = ListingFilter.from_query(request.GET).without("topic")
        context = super().get_context(request, *args, **kwargs) | {"filter": chosen}
        shelf = shelves.under([self], *LISTED_KINDS)
        if chosen:
            kinds = [(kind.value, kind.label) for kind in LISTED_KINDS]
            return context | {"kinds": kinds, **shelves.listing(shelf, chosen, request.GET.get("page"))}
        return context | self.everything_on(shelf)

    def everything_on(self, shelf) -> dict:
        """What the editors chose first, the newest of each kind, and what surrounds it: years, people, what was said last."""
        chosen = [row.page_id for row in own_rows(self, "picks")]
        kinds, chosen_pages = [kind.value for kind in LISTED_KINDS], ContentPage.objects.filter(pk__in=chosen)
        keys = shelves.keys_of_newest(shelf, kinds, NEWEST_OF_A_KIND + len(chosen), chosen_pages)
        wanted = ContentPage.objects.filter(pk__in=keys).original().visible_at_once().for_cards()
        pages = list(wanted.annotate(is_here=Exists(shelf.rows.filter(page_id=OuterRef("pk")))).newest_first())
        by_key = {page.pk: page for page in pages}
        picks = [by_key[key] for key in chosen if key in by_key]
        groups = [self._group(kind, pages, picks, shelf.numbers[kind]) for kind in LISTED_KINDS]
        return {
            "picks": picks,
            "by_kind": [group for group in groups if group["pages"]],
            "shown": pages,
            "archive": shelves.archive(shelves.Stretch(shelf), ListingFilter()),
            "people": shelves.people_among(shelf),
            "comments": providers.recent_comments(shelf.page_keys, RECENT_COMMENTS),
        }

    def _group(self, kind, pages, picks, number: int) -> dict:
        """``{"kind", "label", "pages", "number", "more"}``: the newest of one kind, and how many there are in all."""
        shown = [page for page in pages if page.kind == kind and page not in picks][:NEWEST_OF_A_KIND]
        picked = sum(page.kind == kind and page.is_here for page in picks)
        return {"kind": kind.value, "label": kind.label, "pages": shown, "number": number, "more": number > len(shown) + picked}


class TopicPick(NamesOriginalMixin, Orderable):
    """A page that a topic shows before the rest."""

    topic = ParentalKey(TopicPage, on_delete=models.CASCADE, related_name="picks")
    page = models.ForeignKey(ContentPage, verbose_name=_("page"), on_delete=models.CASCADE, related_name="topic_picks")

    class Meta(Orderable.Meta):
        verbose_name = _("page to begin with")

    def __str__(self):
        return str(self.page)


class SeriesPage(ContentPage):
    """An ordered, continuing set, such as the interviews that belong to one report."""

    parent_page_types = ["pages.SectionPage", "pages.HomePage"]
    subpage_types = []
    KIND = Kind.SERIES

    content_panels = [
        *ContentPage.content_panels[:1],
        *ContentPage.head_panels,
        *ContentPage.people_panels,
        FieldPanel("body"),
        MultipleChooserPanel(
            "items", chooser_field_name="page", label=_("Part"), heading=_("Parts"), help_text=_("In their order.")
        ),
        *ContentPage.link_panels,
        *ContentPage.discussion_panels,
    ]

    class Meta:
        verbose_name = _("series")
        verbose_name_plural = _("series")

    def clean(self):
        super().clean()
        refuse_reserved_slug(self.slug)

    def parts(self) -> list[ContentPage]:
        """The parts that readers may see, in order, as cards; in a preview those of the draft. Read once for a page."""
        if not hasattr(self, "_parts"):
            self._parts = in_order(self.items.all(), ContentPage.objects.listed().for_cards())
        return self._parts


def in_order(rows, pages) -> list[ContentPage]:
    """Those of ``pages`` that ``rows`` name, in the order of the rows, which in a preview are not in the database."""
    order = {row.page_id: place for place, row in reversed(list(enumerate(rows)))}
    return sorted(pages.filter(pk__in=order), key=lambda page: order[page.pk])


class SeriesItem(NamesOriginalMixin, Orderable):
    """A page's place in a series."""

    series = ParentalKey(SeriesPage, on_delete=models.CASCADE, related_name="items")
    page = models.ForeignKey(ContentPage, verbose_name=_("page"), on_delete=models.CASCADE, related_name="series_items")
    names_once = True

    class Meta(Orderable.Meta):
        verbose_name = _("part of a series")
        constraints = [models.UniqueConstraint(fields=["series", "page"], name="one_place_in_a_series")]

    def __str__(self):
        return str(self.page)
