"""Which pages an editor chose in one of Wagtail's listings: those ticked, or all that it lists."""

from django import forms
from django.http import Http404
from django.shortcuts import get_object_or_404
from wagtail.admin.views.pages.listing import ExplorableIndexView
from wagtail.admin.widgets import AdminPageChooser
from wagtail.models import Page


class _Chooser(AdminPageChooser):
    """Wagtail's, which fails on what can be no key when the form is shown again."""

    def get_instance(self, value):
        return super().get_instance(value) if isinstance(value, Page) or is_key(value) else None


class PageField(forms.ModelChoiceField):
    """One page of the types ``models``, chosen in Wagtail's chooser. Aliases are answered for by their originals."""

    def __init__(self, *models, **kwargs):
        pages = models[0].objects.all() if len(models) == 1 else Page.objects.type(*models)
        super().__init__(pages.filter(alias_of__isnull=True), widget=_Chooser(target_models=list(models)), **kwargs)

    def to_python(self, value):
        if value not in self.empty_values and not is_key(value):
            raise forms.ValidationError(self.error_messages["invalid_choice"], code="invalid_choice", params={"value": value})
        return super().to_python(value)


class _Listing(ExplorableIndexView):
    """The explorer's listing without the screen: its filters, its search, and who may look where."""

    paginate_by = None

    def pages(self, request, parent: Page) -> list[int]:
        self.setup(request)
        self.parent_page, self.locale = parent.specific, None
        return [page.pk for page in self.get_queryset()]


def listed(request, parent_key: str) -> list[int]:
    """Keys of all pages that the listing below ``parent_key`` shows with the filters and the search in the address.

    Wagtail's own actions take all children instead, filtered or not.
    """
    if not is_key(parent_key):
        raise Http404
    return _Listing().pages(request, get_object_or_404(Page, pk=parent_key))


def is_key(value) -> bool:
    """Whether ``value``, which may be anything in an address, can be the key of a row."""
    value = str(value)
    return value.isascii() and value.isdecimal() and len(value) < 19
