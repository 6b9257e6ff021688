"""Checks of an editor's page form that need the page and its rows at once.

A draft may be incomplete, so what is missing is asked for only on publishing; Wagtail tells the form which it is by
``defer_required_fields``.
"""

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from wagtail.admin.forms import WagtailAdminPageForm
from wagtail.blocks import StreamBlockValidationError, StructBlockValidationError

from pages.blocks import speaker_labels
from pages.models.contribution import SPEAKING_ROLES, Contribution


class SpeakersForm(WagtailAdminPageForm):
    """Each speaker label in the text belongs to a contributor of the page; the error stands on the block."""

    labelled_streams = ["body"]
    is_draft = False

    def defer_required_fields(self):
        super().defer_required_fields()
        self.is_draft = True

    def restore_required_fields(self):
        super().restore_required_fields()
        self.is_draft = False

    def is_valid(self):
        super().is_valid()
        contributions = self.formsets.get("contributions")
        if not self.is_draft and contributions is not None and contributions.is_valid():
            self.check_speakers()
        return not self.errors and all(formset.is_valid() for formset in self.formsets.values())

    def check_speakers(self):
        known = self.contributor_labels()
        for field in self.labelled_streams:
            errors = {
                index: StructBlockValidationError({"label": ValidationError(self.unknown_label(label, known))})
                for index, label in speaker_labels(self.cleaned_data.get(field) or [])
                if label not in known
            }
            if errors:
                self.add_error(field, StreamBlockValidationError(block_errors=errors))

    def contributor_labels(self) -> list[str]:
        """The labels of the rows as they will be saved, those made from the name included."""
        labels = []
        for row in self.formsets["contributions"].forms:
            data = getattr(row, "cleaned_data", None)
            if data and not data.get("DELETE"):
                contribution = Contribution(**{name: data.get(name) for name in ("person", "role", "name", "label")})
                contribution.fill_from_person()
                if contribution.role in SPEAKING_ROLES and contribution.label:
                    labels.append(contribution.label)
        return labels

    @staticmethod
    def unknown_label(label: str, known: list[str]) -> str:
        if known:
            return _("No contributor of this page has the label “%(label)s”. Known are: %(known)s.") % {
                "label": label,
                "known": ", ".join(known),
            }
        return _("No contributor of this page speaks yet. Add “%(label)s” under Contributors.") % {"label": label}


class VideoForm(SpeakersForm):
    labelled_streams = ["body", "transcript"]

    def clean(self):
        data = super().clean()
        if not self.is_draft and not data.get("address") and not data.get("film") and "address" not in self.errors:
            self.add_error("address", _("Give the address of a film, or choose an uploaded one below."))
        return data
