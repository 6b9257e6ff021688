"""The kinds of links: their names at both ends, and the sentences that readers see."""

from django import forms
from django.core.exceptions import ValidationError
from django.db import models
from django.utils.functional import cached_property
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from wagtail import blocks
from wagtail.admin.panels import FieldPanel, FieldRowPanel
from wagtail.fields import StreamField

from pages.sentences import Sentence, Verb, check_sentence

GAPS_IN_WORDS = _(
    "Gaps: {title}, {interviewees}, {interviewers}, {speakers}, {authors}, {topic}. Titles and people asked become links; "
    "put other words that shall lead there in [square brackets]. A sentence is passed over when one of its gaps stays empty."
)


class SentenceBlock(blocks.StructBlock):
    """A sentence of a kind; which of them readers see is said by ``sentences.fitting``."""

    end = blocks.ChoiceBlock(
        label=_("Shown"),
        required=False,
        choices=[("source", _("on the page that is named")), ("target", _("on the page that states the link"))],
        help_text=_("At both ends when left empty."),
    )
    verb = blocks.ChoiceBlock(
        label=_("For what one can"),
        required=False,
        choices=Verb.choices,
        help_text=_("What one does with the page that the sentence leads to. Any when left empty."),
    )
    one = blocks.CharBlock(label=_("Sentence"), max_length=200, help_text=GAPS_IN_WORDS)
    several = blocks.CharBlock(
        label=_("Sentence for several pages"),
        required=False,
        max_length=200,
        help_text=_("Joins pages that differ in nothing but title and people asked. Each stands alone when left empty."),
    )
    whole = blocks.CharBlock(
        label=_("Sentence for a set"),
        required=False,
        max_length=200,
        help_text=_("When there are too many to name: Read [the individual interviews] ({number})."),
    )
    warns = blocks.BooleanBlock(
        label=_("A warning"), required=False, help_text=_("Stands out at the head of the page, as “replaced by” does.")
    )

    class Meta:
        icon = "openquote"
        label = _("Sentence")
        label_format = "{one}"

    def clean(self, value):
        value, errors = super().clean(value), {}
        for name, checks in {"one": {}, "several": {"several": True}, "whole": {"whole": True}}.items():
            try:
                if value.get(name):
                    check_sentence(value[name], **checks)
            except ValidationError as error:
                errors[name] = error
        if errors:
            raise blocks.StructBlockValidationError(block_errors=errors)
        return value


class LinkKindQuerySet(models.QuerySet):
    def current(self):
        """Without those that were merged into another."""
        return self.filter(merged_into__isnull=True)

    def in_order(self):
        return self.order_by("order", "pk")


class LinkKind(models.Model):
    """How one page can stand to another, and how readers are told."""

    # Of the kinds that the code itself knows. Others may come and go.
    INTERVIEW_FOR = "interview-for"
    TALK_ABOUT = "talk-about"
    ARTICLE_ABOUT = "article-about"
    PART_OF = "part-of"
    REPLACES = "replaces"
    RESPONDS_TO = "responds-to"
    TRANSLATION_OF = "translation-of"
    RELATED_TO = "related-to"

    slug = models.SlugField(
        _("code"),
        max_length=30,
        unique=True,
        help_text=_("Stands in addresses and in every link of this kind, so it cannot be changed later: comments-on."),
    )
    name = models.CharField(
        _("this page …"), max_length=60, help_text=_("As the page that states the link says it: is an interview for.")
    )
    inverse_name = models.CharField(
        _("seen from the other page"), max_length=60, help_text=_("What the page that is named has: interviews.")
    )
    at_the_head = models.BooleanField(
        _("stands at the head"),
        default=False,
        help_text=_("Said beneath the title rather than in “More on …”; without a sentence for an end, in that page’s margin."),
    )
    order = models.PositiveSmallIntegerField(_("order"), default=50, help_text=_("Of the kinds in lists; smaller come first."))
    sentences = StreamField(
        [("sentence", SentenceBlock())],
        verbose_name=_("sentences"),
        blank=True,
        collapsed=True,
        help_text=_("The first that fits is used, and one of the house’s own, such as “Read {title}”, when none does."),
    )
    # A kind that was merged stays as the old name of the other: drafts still use it. It goes with the other, or it would be
    # a kind again.
    merged_into = models.ForeignKey(
        "self", null=True, blank=True, editable=False, on_delete=models.CASCADE, related_name="former_kinds"
    )

    objects = LinkKindQuerySet.as_manager()

    panels = [
        FieldRowPanel(["name", "inverse_name"]),
        FieldRowPanel(["slug", "order"]),
        "at_the_head",
        FieldPanel("sentences"),
    ]

    class Meta:
        verbose_name = _("link kind")

    def __str__(self):
        if self.merged_into_id:
            return gettext("%(name)s (merged)") % {"name": self.own_name}
        return self.own_name

    def clean(self):
        super().clean()
        if self.pk and LinkKind.objects.exclude(slug=self.slug).filter(pk=self.pk).exists():
            raise ValidationError({"slug": _("The code stands in every link of this kind and cannot be changed.")})

    @property
    def own_name(self) -> str:
        """“is an interview for”, in the reader's language where it is still the house's word."""
        return gettext(self.name) if self.name else ""

    @property
    def own_inverse_name(self) -> str:
        return gettext(self.inverse_name) if self.inverse_name else ""

    @cached_property
    def patterns(self) -> list[Sentence]:
        """The sentences, read from what is stored without building blocks: this is done for every page shown."""
        return [Sentence(**row["value"]) for row in self.sentences.raw_data if row["type"] == "sentence"]


class KindSelect(forms.Select):
    """Offers the kinds there are when it is shown; those merged into others come last, since drafts may still name them."""

    @property
    def choices(self):
        kinds = LinkKind.objects.order_by(models.F("merged_into").desc(nulls_first=True), "order", "pk")
        return [(kind.slug, str(kind)) for kind in kinds]

    @choices.setter
    def choices(self, given):
        """Django hands over those of the field, which has none."""


def kinds_by_code(kinds=None) -> dict[str, LinkKind]:
    """Each kind by its code; one that was merged is what it was merged into. ``kinds``: all of them, where they are read."""
    kinds = LinkKind.objects.all() if kinds is None else kinds
    by_key = {kind.pk: kind for kind in kinds}
    return {kind.slug: by_key.get(kind.merged_into_id, kind) for kind in kinds}


def current_kind(slug: str) -> str:
    """The kind that a link stated as of kind ``slug`` has today: merged kinds live on in another, unknown ones in none."""
    found = LinkKind.objects.filter(slug=slug).values_list("slug", "merged_into__slug").first()
    return (found[1] or found[0]) if found else LinkKind.RELATED_TO
