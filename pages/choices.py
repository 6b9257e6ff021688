"""Choosing rows by keys that come in addresses and forms, where anybody may have written anything."""

from django import forms
from wagtail.admin.widgets import AdminPageChooser
from wagtail.models import Page

LARGEST_KEY = 2**63 - 1


def is_key(value) -> bool:
    """Whether ``value``, which may be anything, can be the key of a row: databases fail on what is larger."""
    value = str(value)
    return value.isascii() and value.isdecimal() and len(value) < 20 and 0 < int(value) <= LARGEST_KEY


class _Keys:
    """For fields that choose rows: what can be no key is no choice, as what is the key of none."""

    def refuse(self, values) -> None:
        for value in values:
            if not is_key(value):
                params = {"value": value, "pk": value}
                raise forms.ValidationError(self.error_messages["invalid_choice"], code="invalid_choice", params=params)


class RowField(_Keys, forms.ModelChoiceField):
    def to_python(self, value):
        self.refuse([] if value in self.empty_values else [value])
        return super().to_python(value)


class RowsField(_Keys, forms.ModelMultipleChoiceField):
    def clean(self, value):
        self.refuse(value or [])
        return super().clean(value)


class PageField(RowField):
    """One of ``pages``, chosen in Wagtail's chooser among the types ``models``.

    When the form comes again it names only those of ``told`` (``pages`` when left out): Wagtail's names whatever page
    has the key.
    """

    def __init__(self, pages, *models, told=None, **kwargs):
        super().__init__(pages, widget=_Chooser(target_models=list(models) or [Page]), **kwargs)
        self.widget.told = pages if told is None else told


class _Chooser(AdminPageChooser):
    told = None

    def get_instance(self, value):
        if isinstance(value, Page):
            value = value.pk
        return self.told.filter(pk=value).first() if value and is_key(value) else None
