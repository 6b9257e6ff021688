"""The report of searches: what readers look for, what of it is not found, and the ways to help them."""

import csv
import io
from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import timedelta
from urllib.parse import urlencode

from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.db.models import Max, Sum
from django.http import HttpResponse
from django.urls import path, reverse
from django.utils import timezone
from django.utils.functional import cached_property
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext
from django.views.generic import TemplateView
from wagtail.admin.menu import MenuItem
from wagtail.admin.views.generic.base import WagtailAdminTemplateMixin
from wagtail.admin.widgets.button import HeaderButton
from wagtail.permissions import policy_registry

from pages.cells import harmless
from pages.models import SearchPromotion, SearchPromotionWords, SearchRecord, SearchSynonym, SearchSynonymWord
from pages.search.phrases import LONGEST

PERIODS = [7, 30, 90]
PER_PAGE = 50
MOST_IN_A_FILE = 10_000
COLUMNS = [
    gettext_lazy("Search"),
    gettext_lazy("Times"),
    gettext_lazy("Last day"),
    gettext_lazy("Results last time"),
    gettext_lazy("More than that"),
]


@dataclass(frozen=True)
class Asked:
    """What the report is asked for by its address: of how many ``days``, and whether only what found nothing."""

    days: int = 30
    only_nothing: bool = False

    @classmethod
    def from_query(cls, query) -> "Asked":
        days = query.get("days", "")
        return cls(int(days) if days in {str(period) for period in PERIODS} else cls.days, query.get("found") == "nothing")

    @property
    def query(self) -> str:
        return urlencode({"days": self.days} | ({"found": "nothing"} if self.only_nothing else {}))

    def records(self):
        return SearchRecord.objects.filter(day__gt=timezone.localdate() - timedelta(days=self.days)).order_by()

    def searches(self):
        """Rows ``{"text", "number", "last"}``, the most frequent first; of what found nothing, how often it did and when last."""
        records = self.records().filter(found=0) if self.only_nothing else self.records()
        return records.values("text").annotate(number=Sum("times"), last=Max("day")).order_by("-number", "text")

    def last_of(self, rows: Iterable[dict]) -> dict[str, SearchRecord]:
        """The latest record of the text of each of ``rows``, whatever it found. One query."""
        latest = self.records().filter(text__in=[row["text"] for row in rows]).values("text").annotate(newest=Max("pk"))
        return {record.text: record for record in SearchRecord.objects.filter(pk__in=latest.values("newest"))}


def as_file(asked: Asked) -> HttpResponse:
    """What the report shows, as CSV."""
    rows = list(asked.searches()[:MOST_IN_A_FILE])
    last, text = asked.last_of(rows), io.StringIO()
    cells = ([row["text"], row["number"], row["last"], last[row["text"]].found, last[row["text"]].capped] for row in rows)
    csv.writer(text).writerows([harmless(value) for value in row] for row in [COLUMNS, *cells])
    name = "searches-that-found-nothing" if asked.only_nothing else "searches"
    disposition = f'attachment; filename="{name}-{timezone.localdate().isoformat()}.csv"'
    headers = {"Content-Disposition": disposition}
    return HttpResponse(text.getvalue(), content_type="text/csv; charset=utf-8", headers=headers)


def may_steer(user) -> bool:
    """Whether ``user`` may change what is recommended, or what means the same."""
    models = (SearchSynonym, SearchPromotion)
    policies = [policy_registry.get_by_type(model) for model in models]
    return any(policy.user_has_any_permission(user, {"add", "change"}) for policy in policies)


class Ways:
    """The ways on from a search, as far as an account may go them. Asks for all rows at once, in two queries."""

    def __init__(self, texts: list[str], user):
        self.may = {
            (model, action): policy_registry.get_by_type(model).user_has_permission(user, action)
            for model in (SearchSynonym, SearchPromotion)
            for action in ("add", "change")
        }
        grouped = SearchSynonymWord.objects.filter(folded__in=texts, is_one_way=False)
        promoted = SearchPromotionWords.objects.filter(folded__in=texts).order_by("-pk")
        self.known = {
            SearchSynonym: dict(grouped.values_list("folded", "group_id")),
            SearchPromotion: dict(promoted.values_list("folded", "promotion_id")),
        }

    def of(self, text: str) -> list[tuple[str, str]]:
        """``[(words, address)]``: to what there is for ``text`` already, or to the form of something new with it filled in."""
        found = [
            self._way(SearchSynonym, text, _("Make a synonym"), _("Its synonyms"), "words"),
            self._way(SearchPromotion, text, _("Promote a result"), _("Its promoted result"), "searches"),
        ]
        return [way for way in found if way]

    def _way(self, model, text: str, new: str, there: str, field: str):
        viewset, key = model.snippet_viewset, self.known[model].get(text)
        if key:
            return (there, reverse(viewset.get_url_name("edit"), args=[key])) if self.may[model, "change"] else None
        if not self.may[model, "add"] or text.count(" ") >= LONGEST:
            return None
        return new, f"{reverse(viewset.get_url_name('add'))}?{urlencode({field: text})}"


class SearchesView(WagtailAdminTemplateMixin, TemplateView):
    """``?days=7`` and ``&found=nothing``; with ``&export=csv`` the first ten thousand rows as a file."""

    http_method_names = ["get", "head", "options"]
    template_name = "pages/admin/search_report.html"
    page_title = gettext_lazy("Searches")
    header_icon = "search"
    breadcrumbs_items = [*WagtailAdminTemplateMixin.breadcrumbs_items, {"url": "", "label": page_title}]

    def dispatch(self, request, *args, **kwargs):
        if not may_steer(request.user):
            raise PermissionDenied
        return super().dispatch(request, *args, **kwargs)

    @cached_property
    def asked(self) -> Asked:
        return Asked.from_query(self.request.GET)

    @cached_property
    def header_buttons(self):
        return [HeaderButton(_("Download CSV"), f"?{self.asked.query}&export=csv", icon_name="download")]

    def get(self, request, *args, **kwargs):
        if request.GET.get("export") != "csv":
            return super().get(request, *args, **kwargs)
        return as_file(self.asked)

    def get_context_data(self, **kwargs):
        asked = self.asked
        page = Paginator(asked.searches(), PER_PAGE).get_page(self.request.GET.get("p"))
        rows = list(page)
        last, ways = asked.last_of(rows), Ways([row["text"] for row in rows], self.request.user)
        for row in rows:
            row |= {"record": last[row["text"]], "ways": ways.of(row["text"])}
        return super().get_context_data(**kwargs) | {
            "rows": rows,
            "page_obj": page,
            "only_nothing": asked.only_nothing,
            "tabs": self.tabs(),
            "periods": self.periods(),
            "query": asked.query,
        }

    def tabs(self) -> list[dict]:
        names = [(False, _("All searches")), (True, _("Found nothing"))]
        return [self._choice(label, replace(self.asked, only_nothing=which)) for which, label in names]

    def periods(self) -> list[dict]:
        said = ngettext("%(number)d day", "%(number)d days", PERIODS[0])
        return [self._choice(said % {"number": days}, replace(self.asked, days=days)) for days in PERIODS]

    def _choice(self, label: str, asked: Asked) -> dict:
        return {"label": label, "url": f"?{asked.query}", "is_here": asked == self.asked}


class SearchesMenuItem(MenuItem):
    def is_shown(self, request):
        return may_steer(request.user)


def menu_item():
    url = reverse("pages_searches")
    return SearchesMenuItem(_("Searches"), url, name="searches", icon_name="search", order=750)


def urls():
    return [path("reports/searches/", SearchesView.as_view(), name="pages_searches")]
