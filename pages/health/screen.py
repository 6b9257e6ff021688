"""The report: what is wrong with links, kind by kind, and the ways to mend it, to dismiss it and to have it counted anew."""

from urllib.parse import urlencode

from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.http import HttpResponseRedirect
from django.urls import path, reverse
from django.utils.functional import cached_property
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext
from django.views.generic import TemplateView
from wagtail.admin import messages
from wagtail.admin.menu import MenuItem
from wagtail.admin.views.generic.base import WagtailAdminTemplateMixin

from pages.health import export, recount
from pages.health.dismissing import dismiss, restore
from pages.health.rows import shown
from pages.health.selection import DISMISSED, TABS, Selection, may_look
from pages.health.wording import ABOUT

ROWS = 50


class ReportView(WagtailAdminTemplateMixin, TemplateView):
    """GET shows the list that the address asks for, ``export=csv`` takes it along; POST acts and comes back."""

    http_method_names = ["get", "head", "post", "options"]
    template_name = "pages/admin/link_health.html"
    page_title = gettext_lazy("Link health")
    header_icon = "link"
    breadcrumbs_items = [*WagtailAdminTemplateMixin.breadcrumbs_items, {"url": "", "label": page_title}]

    def dispatch(self, request, *args, **kwargs):
        if not may_look(request.user):
            raise PermissionDenied
        return super().dispatch(request, *args, **kwargs)

    @cached_property
    def selection(self) -> Selection:
        return Selection(self.request.user, self.request.GET)

    def get(self, request, *args, **kwargs):
        if request.GET.get("export") == "csv":
            return export.download(self.selection)
        return super().get(request, *args, **kwargs)

    def post(self, request, *args, **kwargs):
        act = {"recount": self.recount, "dismiss": self.dismiss, "restore": self.restore}.get(request.POST.get("act"))
        told = act() if act else {}
        query = "&".join(part for part in (self.selection.query(), urlencode(told)) if part)
        return HttpResponseRedirect(f"{reverse('pages_link_health')}?{query}")

    def recount(self) -> dict:
        recount.start()
        return {"counting": 1}

    def dismiss(self) -> dict:
        keys = dismiss(self.request.POST.getlist("fault"), by=self.request.user)
        if not keys:
            messages.warning(self.request, _("Choose a row first."))
            return {}
        return {"undo": ",".join(map(str, keys))}

    def restore(self) -> dict:
        keys = restore(self.request.POST.getlist("fault"), by=self.request.user)
        if keys:
            said = ngettext("%(count)d is a fault again.", "%(count)d are faults again.", len(keys))
            messages.success(self.request, said % {"count": len(keys)})
        return {}

    def get_context_data(self, **kwargs):
        selection, running = self.selection, recount.under_way()
        counts = selection.counts()
        paginator = Paginator(selection.faults(), ROWS)
        paginator.count = self._count(counts)
        page = paginator.get_page(self.request.GET.get("p"))
        return super().get_context_data(**kwargs) | {
            "selection": selection,
            "query": selection.query(),
            "about": ABOUT.get(selection.kind, _("What was dismissed. It is not counted, and stays here until it is mended.")),
            "tabs": [
                {"label": label, "url": f"?{selection.query(kind)}", "count": counts[kind], "is_here": kind == selection.kind}
                for kind, label in TABS
            ],
            "rows": shown(list(page), self.request.user),
            "page_obj": page,
            "is_dismissed": selection.kind == DISMISSED,
            "undo": [key for key in self.request.GET.get("undo", "").split(",") if key.isdecimal()][:ROWS],
            "running": running,
            "per_cent": min(100, running.done_count * 100 // max(running.total, 1)) if running else 0,
            "comes_again": running and "counting" in self.request.GET,
            "last": None if running else recount.last_over(),
        }

    def _count(self, counts) -> int:
        """What the tab says already, unless an answer was chosen, of which the tab knows nothing."""
        narrower = self.selection.form.chosen.get("state")
        return self.selection.faults().count() if narrower else counts[self.selection.kind]


class ReportMenuItem(MenuItem):
    def is_shown(self, request):
        return may_look(request.user)


def menu_item():
    return ReportMenuItem(
        gettext_lazy("Link health"), reverse("pages_link_health"), name="link-health", icon_name="link", order=1050
    )


def urls():
    return [path("reports/link-health/", ReportView.as_view(), name="pages_link_health")]
