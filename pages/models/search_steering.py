"""What editors steer the search with: words that mean the same and recommended results; and what was searched for."""

from urllib.parse import urlsplit

from django.core.exceptions import ValidationError
from django.db import models, transaction
from django.db.models import Q
from django.utils import timezone
from django.utils.text import Truncator
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from wagtail.admin.panels import FieldRowPanel, MultiFieldPanel

from pages.models.original import NamesOriginalMixin
from pages.search import phrases


class SearchSynonym(models.Model):
    """Words that mean the same: who searches for one of them finds what says another."""

    words = models.TextField(
        _("mean the same"),
        max_length=5_000,
        help_text=_(
            "Words or phrases, one a line or with commas between them: NHS, National Health Service, health service. Capitals, "
            "accents and signs do not count, so leave the comma in a name out."
        ),
    )
    found_by = models.TextField(
        _("also found by"),
        blank=True,
        max_length=5_000,
        help_text=_("One way only: who searches for one of these finds what says the words above, and not the other way round."),
    )

    panels = ["words", "found_by"]

    class Meta:
        verbose_name = _("search synonym")
        verbose_name_plural = _("search synonyms")

    def __str__(self):
        return Truncator(", ".join(self.words.splitlines())).chars(100)

    @transaction.atomic
    def save(self, *args, **kwargs):
        super().save(*args, **kwargs)
        same = {phrases.folded(text): False for text in phrases.split(self.words, at_commas=True)}
        one_way = {phrases.folded(text): True for text in phrases.split(self.found_by, at_commas=True)}
        self.entries.all().delete()
        rows = [SearchSynonymWord(group=self, folded=key, is_one_way=way) for key, way in (one_way | same).items() if key]
        SearchSynonymWord.objects.bulk_create(rows)

    def clean(self):
        super().clean()
        errors = {}
        same, one_way = self._checked("words", errors), self._checked("found_by", errors)
        twice = [phrases.the_same(one_way[key], same[key]) for key in one_way if key in same]
        if twice:
            errors["found_by"] = [*errors.get("found_by", []), *twice]
        if self.words and not errors and len(same) + len(one_way) < 2:
            errors["words"] = [gettext("Give at least two, or one and what it is also found by.")]
        if taken := self._taken(same):
            errors["words"] = [*errors.get("words", []), *taken]
        if errors:
            raise ValidationError(errors)
        self.words, self.found_by = "\n".join(same.values()), "\n".join(one_way.values())

    @property
    def found_by_in_short(self) -> str:
        return Truncator(", ".join(self.found_by.splitlines())).chars(100)

    def _checked(self, name: str, errors: dict) -> dict[str, str]:
        try:
            return phrases.checked(getattr(self, name), at_commas=True)
        except ValidationError as error:
            errors[name] = error.messages
            return {}

    def _taken(self, same: dict[str, str]) -> list[str]:
        """What is to be said of those words that are in another group."""
        said = gettext("“%(phrase)s” is in the group “%(group)s” already: add the others there.")
        rows = SearchSynonymWord.objects.filter(folded__in=same, is_one_way=False).exclude(group=self.pk)
        return [said % {"phrase": same[row.folded], "group": row.group} for row in rows.select_related("group").order_by("pk")]


class SearchSynonymWord(models.Model):
    """One of the words of a group, as searches are compared with it. Kept by its group."""

    wagtail_reference_index_ignore = True

    group = models.ForeignKey(SearchSynonym, on_delete=models.CASCADE, related_name="entries")
    folded = models.CharField(max_length=phrases.LENGTH, db_index=True)
    is_one_way = models.BooleanField(default=False)

    class Meta:
        default_permissions = []
        verbose_name = _("word of a group")
        constraints = [
            models.UniqueConstraint(fields=["folded"], condition=Q(is_one_way=False), name="word_in_one_group_that_means_it")
        ]

    def __str__(self):
        return self.folded


class SearchPromotionQuerySet(models.QuerySet):
    def running(self):
        """Those whose first day has come, and whose last has not passed."""
        today = timezone.localdate()
        begun = Q(since__isnull=True) | Q(since__lte=today)
        return self.filter(begun, Q(until__isnull=True) | Q(until__gte=today))

    def in_order(self):
        return self.order_by("order", "pk")


class SearchPromotion(NamesOriginalMixin, models.Model):
    """A result that is recommended above all others when somebody searches for certain words."""

    searches = models.TextField(
        _("for these searches"),
        max_length=5_000,
        help_text=_("What readers type, one search a line. Capitals, accents and signs do not count."),
    )
    within = models.BooleanField(
        _("also within longer searches"),
        default=False,
        help_text=_("“warm rooms” then also fits “warm rooms in winter”. Otherwise it has to be the whole search."),
    )
    page = models.ForeignKey(
        "wagtailcore.Page",
        verbose_name=_("page"),
        null=True,
        blank=True,
        on_delete=models.CASCADE,
        related_name="search_promotions",
        help_text=_("Readers see it while it is public, under its own title."),
    )
    address = models.URLField(_("or address elsewhere"), max_length=500, blank=True)
    title = models.CharField(_("title elsewhere"), max_length=255, blank=True)
    why = models.CharField(
        _("why"), max_length=250, blank=True, help_text=_("A sentence for readers: what do they find there that they look for?")
    )
    order = models.PositiveSmallIntegerField(
        _("order"), default=50, help_text=_("Where several fit one search; smaller come first.")
    )
    since = models.DateField(_("from"), null=True, blank=True, help_text=_("The first day; at once when left empty."))
    until = models.DateField(_("until"), null=True, blank=True, help_text=_("The last day; for good when left empty."))

    objects = SearchPromotionQuerySet.as_manager()

    panels = [
        MultiFieldPanel(["searches", "within"], heading=_("Searches")),
        MultiFieldPanel(["page", FieldRowPanel(["address", "title"]), "why"], heading=_("Recommended")),
        FieldRowPanel(["since", "until", "order"]),
    ]

    class Meta:
        verbose_name = _("promoted result")
        verbose_name_plural = _("promoted results")

    def __str__(self):
        return Truncator(" · ".join(self.searches.splitlines())).chars(100)

    @transaction.atomic
    def save(self, *args, **kwargs):
        super().save(*args, **kwargs)
        keys = dict.fromkeys(phrases.folded(text) for text in phrases.split(self.searches, at_commas=False))
        self.entries.all().delete()
        SearchPromotionWords.objects.bulk_create(SearchPromotionWords(promotion=self, folded=key) for key in keys if key)

    def clean(self):
        super().clean()
        errors = self._amiss()
        try:
            self.searches = "\n".join(phrases.checked(self.searches).values())
        except ValidationError as error:
            errors["searches"] = error.messages
        if errors:
            raise ValidationError(errors)

    def _amiss(self) -> dict[str, str]:
        """What is wrong with where it leads and when it is shown, by field."""
        errors = {}
        if self.page_id and self.address:
            errors["page"] = gettext("Choose a page or give an address elsewhere, not both.")
        elif self.page_id and self.title:
            errors["title"] = gettext("A page is shown under its own title: leave this empty.")
        elif not self.page_id and not self.address:
            errors["page"] = gettext("Choose a page or give an address elsewhere.")
        elif self.address and not self.title:
            errors["title"] = gettext("What is it called there? Readers see the title, not the address.")
        if self.since and self.until and self.until < self.since:
            errors["until"] = gettext("This is before the first day.")
        return errors

    @property
    def name(self) -> str:
        """What readers read and press."""
        return self.page.title if self.page_id else self.title

    @property
    def host(self) -> str:
        """Whose site an address elsewhere is on."""
        return urlsplit(self.address).netloc.rpartition("@")[2]


class SearchPromotionWords(models.Model):
    """One of the searches of a promotion, as others are compared with it. Kept by its promotion."""

    wagtail_reference_index_ignore = True

    promotion = models.ForeignKey(SearchPromotion, on_delete=models.CASCADE, related_name="entries")
    folded = models.CharField(max_length=phrases.LENGTH, db_index=True)

    class Meta:
        default_permissions = []
        verbose_name = _("search of a promoted result")

    def __str__(self):
        return self.folded


class SearchRecord(models.Model):
    """That something was searched for on a day, and how much was found; nothing of who did.

    One row for each search at first; of days that are over one for each text, ``times`` over.
    """

    wagtail_reference_index_ignore = True

    day = models.DateField()
    text = models.CharField(max_length=phrases.LENGTH)
    times = models.PositiveIntegerField(default=1)
    found = models.PositiveIntegerField()
    capped = models.BooleanField(default=False)

    class Meta:
        default_permissions = []
        verbose_name = _("search")
        indexes = [
            models.Index(fields=["day", "text"], name="searches_of_a_day"),
            models.Index(fields=["text", "day"], name="days_of_a_search"),
        ]

    def __str__(self):
        return self.text
