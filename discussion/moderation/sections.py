"""In the form of a group: the sections whose comments it moderates."""

from django import forms
from django.contrib.auth.models import Group
from django.db import transaction
from django.template.loader import render_to_string
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from wagtail.admin.forms.formsets import BaseFormSetMixin
from wagtail.admin.widgets import AdminPageChooser
from wagtail.log_actions import get_active_log_context
from wagtail.models import Page

from discussion import record
from discussion.models import LogEntry, ModeratedSection


class SectionChooser(AdminPageChooser):
    """As Wagtail's, which fails where a form brings what can be no page's key."""

    def value_from_datadict(self, data, files, name):
        value = super().value_from_datadict(data, files, name)
        return value if str(value).isascii() and str(value).isdecimal() and len(str(value)) < 10 else None


class SectionForm(forms.Form):
    page = forms.ModelChoiceField(
        label=gettext_lazy("Section"),
        queryset=Page.objects.filter(depth__gt=1),
        widget=SectionChooser(show_edit_link=False),
    )


class BaseSectionFormSet(BaseFormSetMixin, forms.BaseFormSet):
    """What ``register_group_permission_panel`` wants: made with the group as ``instance``, saved after it, shown as a panel."""

    def __init__(self, data=None, files=None, instance=None, prefix="moderated_sections"):
        self.instance = instance or Group()
        initial = [{"page": page} for page in self._pages()]
        super().__init__(data, files, initial=initial, prefix=prefix)

    def _pages(self) -> list[Page]:
        if self.instance.pk is None:
            return []
        return list(Page.objects.filter(moderated_by_groups__group=self.instance).order_by("path"))

    def save(self) -> None:
        """Let the group moderate what was chosen and nothing else; a change is recorded."""
        kept = [form for form in self.forms if form not in self.deleted_forms]
        chosen = {form.cleaned_data["page"].pk: form.cleaned_data["page"] for form in kept if form.cleaned_data.get("page")}
        with transaction.atomic():
            before = {page.pk: page for page in self._pages()}
            if before.keys() == chosen.keys():
                return
            rows = ModeratedSection.objects.filter(group=self.instance)
            rows.exclude(page__in=chosen).delete()
            added = [ModeratedSection(group=self.instance, page_id=key) for key in chosen.keys() - before.keys()]
            ModeratedSection.objects.bulk_create(added)
            record.write(
                LogEntry.Action.SETTINGS,
                by=get_active_log_context().user,
                about=_("Sections moderated by the group “%(group)s”") % {"group": self.instance.name},
                before={"sections": _titles(before)},
                after={"sections": _titles(chosen)},
            )

    def as_admin_panel(self):
        return render_to_string("discussion/admin/sections_of_group.html", {"formset": self})


def _titles(pages) -> list[str]:
    return [page.title for page in sorted(pages.values(), key=lambda page: page.path)]


SectionFormSet = forms.formset_factory(SectionForm, formset=BaseSectionFormSet, extra=0, can_delete=True)
