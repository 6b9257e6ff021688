"""The screen on which a person or a topic is merged into another: choose, see what goes over, confirm."""

from django import forms
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpResponseRedirect
from django.urls import path, reverse
from django.utils.functional import cached_property
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.generic import TemplateView
from wagtail.admin import messages
from wagtail.admin.views.generic.base import WagtailAdminTemplateMixin
from wagtail.admin.widgets import Button
from wagtail.models import Page

from pages.choices import PageField, is_key
from pages.merging.merge import CannotMerge, check, may_merge, merge
from pages.merging.references import count
from pages.nameable import nameable_to

# What is counted on the screen, in the order of the rows there.
COUNTED = {
    "page_topics": gettext_lazy("Pages under this topic"),
    "contributions": gettext_lazy("Contributions"),
    "links": gettext_lazy("Links from other pages"),
    "items": gettext_lazy("Places in series"),
    "steps": gettext_lazy("Steps of reading paths"),
    "picks": gettext_lazy("Places at the head of topics"),
    "features": gettext_lazy("Places on the front page"),
    "discussion_host": gettext_lazy("Discussions hosted"),
    "searchpromotion": gettext_lazy("Promoted results of searches"),
}


class IntoForm(forms.Form):
    """Into which page of the same type."""

    def __init__(self, *args, old, user, **kwargs):
        super().__init__(*args, **kwargs)
        self.old, self.user = old, user
        self.fields["into"] = PageField(
            nameable_to(user).type(old.specific_class).exclude(pk=old.pk), old.specific_class, label=_("Merge into")
        )

    def clean_into(self):
        into = self.cleaned_data["into"]
        try:
            check(self.old, into, self.user)
        except CannotMerge as error:
            raise forms.ValidationError(str(error)) from error
        return into


class MergeView(WagtailAdminTemplateMixin, TemplateView):
    """``?into=`` a page shows what would go over; a POST of the same merges, and leads to the page that stays."""

    http_method_names = ["get", "head", "post", "options"]
    template_name = "pages/admin/merge.html"
    page_title = gettext_lazy("Merge")
    header_icon = "copy"
    breadcrumbs_items = [*WagtailAdminTemplateMixin.breadcrumbs_items, {"url": "", "label": page_title}]

    @cached_property
    def old(self) -> Page:
        page = Page.objects.filter(pk=self.kwargs["pk"]).first() if is_key(self.kwargs["pk"]) else None
        if page is None:
            raise Http404
        if not may_merge(page, self.request.user):
            raise PermissionDenied
        return page.specific

    def get_page_subtitle(self):
        return self.old.get_admin_display_title()

    def get(self, request, *args, **kwargs):
        form = IntoForm(request.GET if "into" in request.GET else None, old=self.old, user=request.user)
        return self.render_to_response(self.get_context_data(form=form))

    def post(self, request, *args, **kwargs):
        form = IntoForm(request.POST, old=self.old, user=request.user)
        if form.is_valid():
            try:
                merge(self.old, form.cleaned_data["into"], by=request.user)
            except CannotMerge as error:
                form.add_error("into", str(error))
            else:
                into = form.cleaned_data["into"]
                said = {"old": self.old.title, "into": into.title}
                messages.success(request, _("“%(old)s” was merged into “%(into)s”. Its addresses lead there.") % said)
                return HttpResponseRedirect(reverse("wagtailadmin_pages:edit", args=[into.pk]))
        return self.render_to_response(self.get_context_data(form=form))

    def get_context_data(self, form, **kwargs):
        counts = count(self.old.pk)
        return super().get_context_data(**kwargs) | {
            "form": form,
            "old": self.old,
            "into": form.cleaned_data.get("into") if form.is_bound and form.is_valid() else None,
            "counts": [(label, counts[name]) for name, label in COUNTED.items() if counts.get(name)],
            "back_url": reverse("wagtailadmin_pages:edit", args=[self.old.pk]),
        }


def urls():
    return [path("pages/merge/<int:pk>/", MergeView.as_view(), name="pages_merge")]


def merge_button(page, user, view_name=None, next_url=None):
    """For the menus of a page and of its row in listings."""
    if may_merge(page, user):
        url = reverse("pages_merge", args=[page.pk])
        yield Button(_("Merge into another"), url, icon_name="copy", priority=45)
