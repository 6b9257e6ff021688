"""Checks of an editor's page form that need the page and its rows at once.

A draft may be incomplete, and is saved by itself while somebody writes. So models refuse what contradicts itself, and
what is merely missing is asked for here, on publishing; Wagtail tells the form which it is by
``defer_required_fields``.
"""

from django.core.exceptions import ValidationError
from django.utils.functional import cached_property
from django.utils.translation import gettext as _
from wagtail.admin.forms import WagtailAdminPageForm
from wagtail.blocks import StreamBlockValidationError, StructBlockValidationError

from pages.blocks import speaker_labels
from pages.editing import Arranging


class ContentPageForm(WagtailAdminPageForm):
    """Asks each row that has a ``missing()`` what it lacks, and puts the answer at the field.

    ``arranging`` are the links that name the page, which it can put in order, hide and re-word.
    """

    is_draft = False

    @cached_property
    def arranging(self) -> Arranging:
        return Arranging(self.instance, self.data if self.is_bound else None, self.for_user)

    def has_changed(self):
        return super().has_changed() or self.arranging.has_changed()

    def save(self, commit=True):
        self.arranging.apply()
        return super().save(commit)

    def defer_required_fields(self):
        super().defer_required_fields()
        self.is_draft = True

    def restore_required_fields(self):
        super().restore_required_fields()
        self.is_draft = False

    def is_valid(self):
        super().is_valid()
        if not self.is_draft and not getattr(self, "_asked_for_missing", False):
            self._asked_for_missing = True
            self.ask_for_missing()
        if not getattr(self, "_refused_doubles", False):
            self._refused_doubles = True
            self.refuse_doubles()
        rows_are_valid = all(formset.is_valid() for formset in self.formsets.values())
        return not self.errors and rows_are_valid and self.arranging.is_valid()

    def refuse_doubles(self):
        """An alias and its original are one page, which is known once the rows were cleaned."""
        for formset in self.formsets.values():
            seen = set()
            for row in kept_rows(formset) if getattr(formset.model, "names_once", False) else []:
                key = getattr(row.instance, f"{row.instance.names}_id")
                if key in seen and not row.errors:
                    row.add_error(row.instance.names, _("This stands in the list already."))
                seen.add(key)

    def ask_for_missing(self):
        for formset in self.formsets.values():
            for row in kept_rows(formset):
                missing = getattr(row.instance, "missing", dict)
                for field, message in missing().items():
                    row.add_error(field, message)


def kept_rows(formset) -> list:
    """The forms of a formset that were filled in and are not to be deleted."""
    return [row for row in formset.forms if getattr(row, "cleaned_data", None) and not row.cleaned_data.get("DELETE")]


class SpeakersForm(ContentPageForm):
    """Each speaker label in the text belongs to a contributor of the page; the error stands on the block."""

    labelled_streams = ["body"]

    def ask_for_missing(self):
        super().ask_for_missing()
        if "contributions" not in self.formsets:
            return
        rows = kept_rows(self.formsets["contributions"])
        known = [row.instance.label for row in rows if row.instance.speaks and row.instance.label]
        for field in self.labelled_streams:
            errors = {
                index: StructBlockValidationError({"label": ValidationError(unknown_label(label, known))})
                for index, label in speaker_labels(self.cleaned_data.get(field) or [])
                if label not in known
            }
            if errors:
                self.add_error(field, StreamBlockValidationError(block_errors=errors))


def unknown_label(label: str, known: list[str]) -> str:
    if known:
        return _("No contributor of this page has the label “%(label)s”. Known are: %(known)s.") % {
            "label": label,
            "known": ", ".join(known),
        }
    return _("No contributor of this page speaks yet. Add “%(label)s” under Contributors.") % {"label": label}


class VideoForm(SpeakersForm):
    labelled_streams = ["body", "transcript"]

    def ask_for_missing(self):
        super().ask_for_missing()
        if not self.cleaned_data.get("address") and not self.cleaned_data.get("film") and "address" not in self.errors:
            self.add_error("address", _("Give the address of a film, or choose an uploaded one below."))
