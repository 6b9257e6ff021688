"""Before or after publication: said for a page, for a section, or for the whole site."""

from django import forms
from django.contrib.contenttypes.models import ContentType
from django.core.exceptions import PermissionDenied
from django.db.models import Q
from django.http import Http404, HttpResponseRedirect
from django.urls import path, re_path, reverse, reverse_lazy
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.generic import View
from wagtail.admin import messages
from wagtail.admin.ui.tables import Column, TitleColumn
from wagtail.admin.utils import get_valid_next_url_from_request
from wagtail.admin.views.generic.base import BaseListingView, WagtailAdminTemplateMixin
from wagtail.models import Page

from discussion.models import DiscussionSettings, ModerationMode
from discussion.modes import nearest_modes, set_mode
from discussion.permissions import discussed_pages, may_moderate, moderated_by
from pages.models import HomePage, SectionPage


def sections_and_what_was_said(user):
    """The site's front, its sections, and every page that has a mode of its own, as far as ``user`` moderates them."""
    holders = ContentType.objects.get_for_models(HomePage, SectionPage).values()
    shown = Q(content_type__in=holders, live=True) | Q(moderation_mode__isnull=False)
    return Page.objects.filter(shown).filter(moderated_by(user, prefix="")).order_by("path")


def in_words(page, nearest: ModerationMode | None, rules: DiscussionSettings | None) -> str:
    """How comments beneath ``page`` are read, and by whose word."""
    if nearest is None:
        mode = ModerationMode.Mode.BEFORE if rules is None or rules.hold_comments else ModerationMode.Mode.AFTER
        return _("%(mode)s, as the site’s settings say") % {"mode": mode.label}
    if nearest.page_id == page.pk:
        return nearest.get_mode_display()
    return _("%(mode)s, as for “%(page)s”") % {"mode": nearest.get_mode_display(), "page": nearest.page.title}


class ModeForm(forms.Form):
    use_required_attribute = False

    mode = forms.ChoiceField(
        label=gettext_lazy("Comments here are read"),
        choices=[*ModerationMode.Mode.choices, ("", gettext_lazy("As above this page"))],
        required=False,
        widget=forms.RadioSelect,
        help_text=gettext_lazy("Holds for everything beneath too, unless something else is said there."),
    )


def mode_form(page) -> ModeForm:
    """The form with what was said for ``page`` itself."""
    said = ModerationMode.objects.filter(page_id=page.pk).values_list("mode", flat=True).first()
    return ModeForm(initial={"mode": said or ""})


def mode_in_words(page) -> str:
    """As ``in_words`` for one page."""
    return in_words(page, nearest_modes([page])[page.pk], _rules().get(_site_of(page)))


class ModeListView(BaseListingView):
    """The sections in the order of the tree, each as it stands."""

    page_title = gettext_lazy("Before or after publication")
    header_icon = "comment"
    template_name = "discussion/admin/list.html"
    results_template_name = "discussion/admin/list_results.html"
    index_url_name = "discussion_modes"
    index_results_url_name = "discussion_modes_results"
    verbose_name_plural = gettext_lazy("pages")
    is_searchable = False
    paginate_by = 50
    columns = [
        TitleColumn("title", label=gettext_lazy("Page"), url_name="discussion_mode"),
        Column("now", label=gettext_lazy("Comments are read")),
    ]

    def dispatch(self, request, *args, **kwargs):
        if not may_moderate(request.user):
            raise PermissionDenied
        return super().dispatch(request, *args, **kwargs)

    def get_base_queryset(self):
        return sections_and_what_was_said(self.request.user)

    def paginate_queryset(self, queryset, page_size):
        paginator, page, rows, is_paginated = super().paginate_queryset(queryset, page_size)
        rows = list(rows)
        nearest, rules = nearest_modes(rows), _rules()
        for row in rows:
            row.now = in_words(row, nearest[row.pk], rules.get(_site_of(row)))
        page.object_list = rows
        return paginator, page, rows, is_paginated


class ModeView(WagtailAdminTemplateMixin, View):
    """One page or section: how comments are read there, and the form to change it."""

    http_method_names = ["get", "head", "post", "options"]
    template_name = "discussion/admin/mode.html"
    page_title = gettext_lazy("Before or after publication")
    header_icon = "comment"

    def dispatch(self, request, page_id):
        if not may_moderate(request.user):  # first: the refusal says nothing about which pages there are
            raise PermissionDenied
        pages = discussed_pages(request.user).filter(pk=page_id), sections_and_what_was_said(request.user).filter(pk=page_id)
        self.content = pages[0].first() or pages[1].first()
        if self.content is None:
            raise Http404
        return super().dispatch(request)

    def get(self, request):
        return self.answer(mode_form(self.content))

    def post(self, request):
        form = ModeForm(request.POST)
        if not form.is_valid():
            messages.error(request, _("Nothing was changed. Put right what is marked below."))
            return self.answer(form, status=400)
        set_mode(self.content, form.cleaned_data["mode"], by=request.user)
        said = {"page": self.content.title, "words": mode_in_words(self.content)}
        messages.success(request, _("Comments on “%(page)s” are read: %(words)s") % said)
        return HttpResponseRedirect(get_valid_next_url_from_request(request) or reverse("discussion_modes"))

    def answer(self, form, status=200):
        back = get_valid_next_url_from_request(self.request)
        context = self.get_context_data(page=self.content, form=form, now=mode_in_words(self.content), next=back)
        return self.render_to_response(context, status=status)

    def get_page_subtitle(self):
        return self.content.title

    def get_breadcrumbs_items(self):
        return [
            *self.breadcrumbs_items,
            {"url": reverse_lazy("discussion_modes"), "label": self.page_title},
            {"url": "", "label": self.content.title},
        ]


def _rules() -> dict[int, DiscussionSettings]:
    """The settings of every site that has some."""
    return {rules.site_id: rules for rules in DiscussionSettings.objects.all()}


def _site_of(page) -> int | None:
    parts = page.get_url_parts()
    return parts[0] if parts else None


def urls() -> list:
    """To be registered in the admin."""
    results = ModeListView.as_view(results_only=True)
    return [
        path("discussion/modes/", ModeListView.as_view(), name="discussion_modes"),
        path("discussion/modes/results/", results, name="discussion_modes_results"),
        re_path(r"^discussion/modes/(?P<page_id>\d{1,9})/$", ModeView.as_view(), name="discussion_mode"),
    ]
