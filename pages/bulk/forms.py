"""What is asked of an editor who changes many pages at once. Each form makes the change, and says it in words."""

from django import forms
from django.apps import apps
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from pages.bulk.changes import Contributor, Link, Parts, Topics
from pages.choices import PageField, RowsField
from pages.models import LinkKind, Role, SeriesPage, TopicPage
from pages.models.link import LINKABLE
from pages.nameable import linkable_to, nameable_to
from people.models import PersonPage

HOW = [("add", gettext_lazy("Add")), ("remove", gettext_lazy("Take away"))]


class HowForm(forms.Form):
    """With the choice between giving and taking away."""

    how = forms.ChoiceField(label=gettext_lazy("What to do"), choices=HOW, initial="add", widget=forms.RadioSelect)

    def __init__(self, *args, user, **kwargs):
        super().__init__(*args, **kwargs)
        self.user = user

    @property
    def removes(self) -> bool:
        return self.cleaned_data["how"] == "remove"


class TopicsForm(HowForm):
    topics = RowsField(TopicPage.objects.none(), label=gettext_lazy("Topics"), widget=forms.CheckboxSelectMultiple)

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        topics = TopicPage.objects.filter(pk__in=nameable_to(self.user).values("pk"))
        self.fields["topics"].queryset = topics.order_by("title", "pk").defer("body")
        self.fields["topics"].label_from_instance = lambda topic: topic.get_admin_display_title()

    def change(self) -> Topics:
        return Topics([topic.pk for topic in self.cleaned_data["topics"]], self.removes)

    def words(self) -> str:
        names = ", ".join(topic.title for topic in self.cleaned_data["topics"])
        return (_("Topics taken away: %(names)s") if self.removes else _("Topics added: %(names)s")) % {"names": names}


class ContributorForm(HowForm):
    role = forms.ChoiceField(label=gettext_lazy("Role"), choices=Role.choices)

    field_order = ["how", "person", "role"]

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["person"] = PageField(nameable_to(self.user).type(PersonPage), PersonPage, label=_("Person"))
        self.order_fields(self.field_order)

    def change(self) -> Contributor:
        return Contributor(self.cleaned_data["person"].pk, self.cleaned_data["role"], self.removes)

    def words(self) -> str:
        said = {"name": self.cleaned_data["person"].title, "role": Role(self.cleaned_data["role"]).label}
        return (_("%(name)s taken away as %(role)s") if self.removes else _("%(name)s added as %(role)s")) % said


class LinkForm(forms.Form):
    kind = forms.ModelChoiceField(
        LinkKind.objects.current().in_order(),
        to_field_name="slug",
        label=gettext_lazy("Each of these pages …"),
        empty_label=None,
        initial=LinkKind.RELATED_TO,
    )

    def __init__(self, *args, user, **kwargs):
        super().__init__(*args, **kwargs)
        models = [apps.get_model(name) for name in LINKABLE]
        self.fields["target"] = PageField(linkable_to(user), *models, label=_("this page"))

    def change(self) -> Link:
        return Link(self.cleaned_data["target"].pk, self.cleaned_data["kind"].slug)

    def words(self) -> str:
        said = {"kind": self.cleaned_data["kind"].own_name, "title": self.cleaned_data["target"].title}
        return _("Linked: %(kind)s “%(title)s”") % said


class SeriesForm(forms.Form):
    def __init__(self, *args, user, **kwargs):
        super().__init__(*args, **kwargs)
        self.user = user
        self.fields["series"] = PageField(nameable_to(user).type(SeriesPage), SeriesPage, label=_("Series"))

    def clean_series(self):
        series = self.cleaned_data["series"]
        if not series.permissions_for_user(self.user).can_edit():
            raise forms.ValidationError(_("This series is not yours to edit."))
        return series

    def change(self, keys: list[int]) -> Parts:
        return Parts(keys)

    def words(self, count: int) -> str:
        return ngettext("%(count)d part added", "%(count)d parts added", count) % {"count": count}
