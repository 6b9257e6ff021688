"""Choosing the targets of links, several at once: a list of pages to be searched and filtered by type and topic."""

from django import forms
from django.core.exceptions import PermissionDenied
from django.db.models import F
from django.shortcuts import get_object_or_404
from django.urls import path, reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from wagtail.admin.forms.choosers import BaseFilterForm, SearchFilterMixin
from wagtail.admin.ui.tables import Column, TitleColumn
from wagtail.admin.views.generic import chooser
from wagtail.admin.viewsets.chooser import ChooserViewSet
from wagtail.models import Page
from wagtail.permission_policies.pages import PagePermissionPolicy

from pages.choices import RowField, is_key
from pages.models import Kind, PageTopic, TopicPage
from pages.nameable import linkable_to, nameable_to
from pages.sight import Sight

NAMED_AT_ONCE = 100
PERSON, SECTION = "person", "section"
TYPES = [*Kind.choices, (PERSON, gettext_lazy("Person")), (SECTION, gettext_lazy("Section"))]


def may_choose(user, page: Page | None) -> bool:
    """Whether ``user`` edits ``page``, or pages at all while it is a new one."""
    if page:
        return page.permissions_for_user(user).can_edit()
    return PagePermissionPolicy(Page).user_has_any_permission(user, {"add", "change"})


def of_type(pages, wanted: str):
    """Those of ``pages`` that readers call so."""
    if wanted in Kind.values:
        return pages.filter(contentpage__kind=wanted)
    return pages.filter(**{"personpage__isnull" if wanted == PERSON else "sectionpage__isnull": False})


class TargetFilterForm(SearchFilterMixin, BaseFilterForm):
    """What an editor looks for; choices are applied before the words, which search engines look up."""

    type = forms.ChoiceField(
        label=gettext_lazy("Type"),
        choices=[("", gettext_lazy("All types")), *TYPES],
        required=False,
        widget=forms.Select(attrs={"data-chooser-modal-search-filter": True}),
    )
    topic = RowField(
        TopicPage.objects.none(),
        label=gettext_lazy("Topic"),
        empty_label=gettext_lazy("All topics"),
        required=False,
        widget=forms.Select(attrs={"data-chooser-modal-search-filter": True}),
    )
    field_order = ["q", "type", "topic"]

    def __init__(self, *args, user, **kwargs):
        super().__init__(*args, **kwargs)
        topics = TopicPage.objects.filter(pk__in=nameable_to(user).order_by().values("pk"))
        self.fields["topic"].queryset = topics.only("title").order_by("title", "pk")

    def filter(self, objects):
        wanted = self.cleaned_data
        if wanted["type"]:
            objects = objects.filter(pk__in=of_type(Page.objects, wanted["type"]).order_by().values("pk"))
        if wanted["topic"]:
            under = PageTopic.objects.filter(topic=wanted["topic"])
            objects = objects.filter(pk__in=under.order_by().values("page_id"))
        found = super().filter(objects)
        self.is_searching = bool(self.search_query)
        return found


class ForEditors:
    """Refuses whoever does not edit the page that the address names as ``page``."""

    def dispatch(self, request, *args, **kwargs):
        key = request.GET.get("page", "")
        self.page = get_object_or_404(Page, pk=key) if is_key(key) else None
        if not may_choose(request.user, self.page):
            raise PermissionDenied
        return super().dispatch(request, *args, **kwargs)


class TargetList(ForEditors):
    """A page of the list, newest made first, in a fixed number of queries."""

    model = Page
    per_page = 20
    is_multiple_choice = True
    ordering = "-pk"

    def get_object_list(self):
        pages = linkable_to(self.request.user)
        if self.page:
            pages = pages.exclude(pk=self.page.pk)
        # Within a subquery, since search engines know few of the conditions.
        return Page.objects.filter(pk__in=pages.order_by().values("pk")).annotate(
            kind=F("contentpage__kind"), display_date=F("contentpage__display_date"), profile=F("personpage__pk")
        )

    def get_filter_form(self):
        return TargetFilterForm(self.request.GET, user=self.request.user)

    def get_results_page(self, request):
        found = super().get_results_page(request)
        sight, names = Sight(found, request.user), dict(TYPES)
        for page in found:
            page.unseen = sight.why_unseen(page)
            page.type_name = names[page.kind or (PERSON if page.profile else SECTION)]
        return found

    @property
    def columns(self):
        return [
            TitleColumn(
                "title", label=_("Title"), accessor="get_admin_display_title", label_prefix="chooser-modal-select", width="50%"
            ),
            Column("type_name", label=_("Type")),
            Column("display_date", label=_("Date")),
            Column("unseen", label=_("Hidden from readers")),
        ]

    def can_create(self):
        return False


class ChooseTargetsView(TargetList, chooser.ChooseView):
    pass


class ChooseTargetsResultsView(TargetList, chooser.ChooseResultsView):
    pass


class TargetsChosenView(ForEditors, chooser.ChosenMultipleView):
    """The chosen pages as the page chooser of a row takes them."""

    def get_objects(self, keys):
        keys = [int(key) for key in keys if is_key(key)][:NAMED_AT_ONCE]
        found = linkable_to(self.request.user).in_bulk(keys)
        return [found[key] for key in dict.fromkeys(keys) if key in found]

    def get_chosen_response_data(self, item):
        return as_chosen(item)


def as_chosen(page: Page) -> dict:
    """What Wagtail's page chooser is told of the page that was chosen."""
    return {
        "id": page.pk,
        "adminTitle": page.get_admin_display_title(),
        "editUrl": reverse("wagtailadmin_pages:edit", args=[page.pk]),
    }


class TargetChooserViewSet(ChooserViewSet):
    """The addresses of the list; the panel of links opens it."""

    name = "link_targets"
    model = Page
    icon = "link"
    page_title = gettext_lazy("Choose the pages to link to")
    register_widget = False
    per_page = 20
    preserve_url_parameters = ["multiple", "page"]
    choose_view_class = ChooseTargetsView
    choose_results_view_class = ChooseTargetsResultsView
    chosen_multiple_view_class = TargetsChosenView

    def get_urlpatterns(self):
        return [
            path("", self.choose_view, name="choose"),
            path("results/", self.choose_results_view, name="choose_results"),
            path("chosen/", self.chosen_multiple_view, name="chosen_multiple"),
        ]
