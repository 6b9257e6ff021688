"""How a change of many pages goes: how many are done, and which were left and why."""

from django.http import Http404
from django.urls import path, reverse
from django.utils.functional import cached_property
from django.utils.translation import gettext_lazy
from django.views.generic import TemplateView
from wagtail.admin.utils import get_valid_next_url_from_request
from wagtail.admin.views.generic.base import WagtailAdminTemplateMixin
from wagtail.models import Page

from pages.choices import is_key
from pages.models import BulkChange

NAMED = 50


class BulkChangeView(WagtailAdminTemplateMixin, TemplateView):
    """For whoever began it. The screen comes again by itself until the work is over."""

    http_method_names = ["get", "head", "options"]
    template_name = "pages/admin/bulk_progress.html"
    page_title = gettext_lazy("Change of many pages")
    header_icon = "list-ul"
    breadcrumbs_items = [*WagtailAdminTemplateMixin.breadcrumbs_items, {"url": "", "label": page_title}]

    @cached_property
    def job(self) -> BulkChange:
        key = self.kwargs["pk"]
        found = BulkChange.objects.filter(by=self.request.user, pk=key).first() if is_key(key) else None
        if found is None:
            raise Http404
        return found

    def get_context_data(self, **kwargs):
        named = self.job.left[:NAMED]
        titles = {page.pk: page for page in Page.objects.filter(pk__in=[key for key, _why in named])}
        return super().get_context_data(**kwargs) | {
            "job": self.job,
            "total": len(self.job.chosen),
            "left": [{"page": titles[key], "why": why} for key, why in named if key in titles],
            "left_count": len(self.job.left),
            "is_over": self.job.finished_at is not None,
            "back_url": get_valid_next_url_from_request(self.request) or reverse("wagtailadmin_explore_root"),
        }


def urls():
    return [path("pages/together/<int:pk>/", BulkChangeView.as_view(), name="pages_bulk_change")]
