"""Who did what: the role stands on the contribution, since a person writes here and is asked there."""

from django.db import models
from django.db.models import OuterRef
from django.db.models.functions import JSONObject
from django.utils.translation import gettext_lazy as _
from modelcluster.fields import ParentalKey
from wagtail.admin.panels import FieldPanel, FieldRowPanel, PageChooserPanel

from pages.json_rows import JSONRows
from pages.models.base import ContentPage
from pages.models.dated import DatedQuerySet, DatedRow
from pages.models.original import NamesOriginalMixin

NAMES_ON_CARD = 5  # four, and one more to know that there are others


class Role(models.TextChoices):
    AUTHOR = "author", _("Author")
    EDITOR = "editor", _("Editor")
    INTERVIEWER = "interviewer", _("Interviewer")
    INTERVIEWEE = "interviewee", _("Interviewee")
    SPEAKER = "speaker", _("Speaker")
    CHAIR = "chair", _("Chair")
    FOREWORD = "foreword", _("Foreword by")
    TRANSLATOR = "translator", _("Translator")
    ILLUSTRATOR = "illustrator", _("Illustrator")
    REVIEWER = "reviewer", _("Reviewer")

    @property
    def byline(self) -> str:
        """The words before the names of those who have this role."""
        return BYLINES[self]


BYLINES = {
    Role.AUTHOR: _("By"),
    Role.EDITOR: _("Edited by"),
    Role.INTERVIEWER: _("Interview by"),
    Role.INTERVIEWEE: _("With"),
    Role.SPEAKER: _("Spoken by"),
    Role.CHAIR: _("Chaired by"),
    Role.FOREWORD: _("Foreword by"),
    Role.TRANSLATOR: _("Translated by"),
    Role.ILLUSTRATOR: _("Illustrated by"),
    Role.REVIEWER: _("Reviewed by"),
}
SPEAKING_ROLES = {Role.INTERVIEWER, Role.INTERVIEWEE, Role.SPEAKER, Role.CHAIR}


class ContributionQuerySet(DatedQuerySet):
    def for_byline(self):
        return self.select_related("person").defer("person__biography")

    def names_on_card(self, page: OuterRef) -> JSONRows:
        """``[{"name"}]``: the first contributors of each page, as a column of the pages; ``page``: where their key stands."""
        names = self.filter(page_id=page).order_by("sort_order", "pk").values(row=JSONObject(name="name"))
        return JSONRows(names[:NAMES_ON_CARD])


class Contribution(NamesOriginalMixin, DatedRow):
    """A person's part in a page, printed with the name and position they had at the time."""

    page = ParentalKey(ContentPage, on_delete=models.CASCADE, related_name="contributions")
    person = models.ForeignKey(
        "people.PersonPage",
        verbose_name=_("person"),
        null=True,
        blank=True,
        on_delete=models.SET_NULL,
        related_name="contributions",
        help_text=_("Their profile, if they have one here."),
    )
    role = models.CharField(_("role"), max_length=20, choices=Role.choices, default=Role.AUTHOR)
    name = models.CharField(
        _("printed name"),
        max_length=150,
        blank=True,
        help_text=_("Taken from the profile when left empty. It stays if the profile goes."),
    )
    affiliation = models.CharField(
        _("position then"), max_length=200, blank=True, help_text=_("Position and organisation at the time, as printed.")
    )
    label = models.CharField(
        _("speaker label"),
        max_length=12,
        blank=True,
        help_text=_("Stands before their words, such as A.P. Made from the name when left empty."),
    )

    names = "person"

    objects = ContributionQuerySet.as_manager()
    # The profile to link to: a person's page may be hidden while their byline stands. ``navigation.credits_of`` fills it.
    profile = None

    panels = [
        FieldRowPanel(["role", PageChooserPanel("person", "people.PersonPage")]),
        FieldRowPanel([FieldPanel("name"), "affiliation", "label"]),
    ]

    class Meta(DatedRow.Meta):
        verbose_name = _("contribution")
        indexes = [
            models.Index(fields=["person", "role"], name="contribution_by_person"),
            models.Index(fields=["person", "page"], name="newest_of_a_person"),
            models.Index(fields=["person", "role", "-display_date", "-page"], name="latest_of_a_person_by_role"),
            models.Index(fields=["person", "-display_date", "-page"], name="latest_of_a_person"),
        ]

    def __str__(self):
        return f"{self.get_role_display()}: {self.name}"

    def clean(self):
        super().clean()
        self.fill_from_person()

    def missing(self) -> dict:
        """What has to be filled in before the page is published, by field."""
        return {} if self.name else {"name": _("Choose a person or give a name.")}

    def save(self, *args, **kwargs):
        self.fill_from_person()
        super().save(*args, **kwargs)

    def fill_from_person(self):
        """Print the profile's name, and initials as label, where the editor wrote none."""
        if not self.name and self.person:
            self.name = self.person.title
        if not self.label and self.name and self.speaks:
            words = [word for word in self.name.split() if word[0].isalpha() and word.rstrip(".") not in {"Dr", "Prof"}]
            self.label = "".join(f"{word[0].upper()}." for word in words[:1] + words[1:][-1:])

    @property
    def speaks(self) -> bool:
        """Whether their words stand in the page under their label."""
        return self.role in SPEAKING_ROLES
