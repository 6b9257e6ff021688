"""Who: the accounts that sign in, and the public profiles of people."""

from django.conf import settings
from django.contrib.auth.models import AbstractUser
from django.db import models
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from wagtail.admin.panels import FieldPanel, MultiFieldPanel
from wagtail.fields import RichTextField
from wagtail.models import Page, PageManager
from wagtail.query import PageQuerySet
from wagtail.search import index

from people.slugs import refuse_reserved_slug
from people.visibility import KnowsItsWayMixin, VisibilityQuerySetMixin


class User(AbstractUser):
    """An account. What readers see of a person is a profile, never the account; of a comment, ``public_name``."""

    def __str__(self):
        return self.get_full_name() or self.username

    @property
    def public_name(self) -> str:
        """As it stands beside comments: nothing of an e-mail address, which many have for their user name."""
        name = str(self)
        return gettext("Signed-in reader") if "@" in name else name


class PersonPageQuerySet(VisibilityQuerySetMixin, PageQuerySet):
    def by_sort_name(self):
        return self.order_by("sort_name", "pk")

    def for_cards(self):
        return self.select_related("portrait").prefetch_related("portrait__renditions").defer("biography")


def family_name_first(name: str) -> str:
    *given, family = name.split() or [""]
    return f"{family}, {' '.join(given)}" if given else family


class PeopleIndexPage(KnowsItsWayMixin, Page):
    """The directory of the people whose work appears on the site."""

    parent_page_types = ["pages.HomePage"]
    subpage_types = ["people.PersonPage"]
    max_count_per_parent = 1

    introduction = models.TextField(
        _("introduction"), blank=True, max_length=500, help_text=_("One or two sentences above the list of people.")
    )

    content_panels = [*Page.content_panels, "introduction"]
    search_fields = [*Page.search_fields, index.SearchField("introduction")]

    class Meta:
        verbose_name = _("people directory")

    def clean(self):
        super().clean()
        refuse_reserved_slug(self.slug)

    def get_context(self, request, *args, **kwargs):
        people = PersonPage.objects.child_of(self).visible().by_sort_name().for_cards()
        return super().get_context(request, *args, **kwargs) | {"people": people}


class PersonPage(KnowsItsWayMixin, Page):
    """The public profile of somebody who writes, speaks, asks or answers here."""

    parent_page_types = ["people.PeopleIndexPage"]
    subpage_types = []
    exclude_fields_in_copy = ["user"]

    sort_name = models.CharField(
        _("sort name"),
        max_length=150,
        blank=True,
        db_index=True,
        help_text=_("Family name first, for the order of the directory. Made from the name when left empty."),
    )
    job_title = models.CharField(
        _("position"), max_length=150, blank=True, help_text=_("What this person does now, for example “head of research”.")
    )
    affiliation = models.CharField(
        _("affiliation"), max_length=150, blank=True, help_text=_("The organisation they belong to now.")
    )
    portrait = models.ForeignKey(
        "wagtailimages.Image",
        verbose_name=_("portrait"),
        null=True,
        blank=True,
        on_delete=models.SET_NULL,
        related_name="+",
        help_text=_("A square crop is shown; set the focal point on the face. Initials stand in when there is none."),
    )
    summary = models.TextField(
        _("summary"),
        blank=True,
        max_length=300,
        help_text=_("One sentence for cards and search results, at most 300 characters."),
    )
    biography = RichTextField(
        _("biography"),
        blank=True,
        features=["bold", "italic", "link", "ul"],
        help_text=_("A few paragraphs. Their work is listed below by itself."),
    )
    website = models.URLField(_("website"), blank=True, help_text=_("Their own page elsewhere."))
    user = models.OneToOneField(
        settings.AUTH_USER_MODEL,
        verbose_name=_("account"),
        null=True,
        blank=True,
        on_delete=models.SET_NULL,
        related_name="person",
        help_text=_("Their account here, so that their comments carry a badge on pages they contributed to."),
    )

    objects = PageManager.from_queryset(PersonPageQuerySet)()

    content_panels = [
        *Page.content_panels,
        MultiFieldPanel(["job_title", "affiliation", "portrait"], heading=_("At a glance")),
        "summary",
        "biography",
        "website",
    ]
    promote_panels = [*Page.promote_panels, "sort_name"]
    settings_panels = [*Page.settings_panels, FieldPanel("user")]
    search_fields = [
        *Page.search_fields,
        index.FilterField("go_live_at"),
        index.FilterField("expire_at"),
        index.FilterField("url_path"),
        index.SearchField("job_title"),
        index.SearchField("affiliation"),
        index.SearchField("summary"),
        index.SearchField("biography"),
    ]

    class Meta:
        verbose_name = _("person")
        verbose_name_plural = _("people")

    def clean(self):
        super().clean()
        self.fill_sort_name()

    def save(self, *args, **kwargs):
        if self.alias_of_id:
            self.user = None  # an account has one profile, and Wagtail copies all fields into an alias
        self.fill_sort_name()
        return super().save(*args, **kwargs)

    def fill_sort_name(self):
        """Put the last word of the name first, unless an editor wrote the order by hand; it follows a new name."""
        if self.sort_name in {"", family_name_first(self.draft_title)}:
            self.sort_name = family_name_first(self.title)

    @property
    def initials(self) -> str:
        """Up to two letters that stand in for a portrait."""
        words = self.title.split()
        return "".join(word[0] for word in [words[0], words[-1]] if word)[: min(len(words), 2)].upper() if words else ""
