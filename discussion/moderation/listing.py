"""The list of a queue, with what narrows it, and buttons for one comment or many."""

from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.db.models import Prefetch
from django.http import QueryDict
from django.urls import path, re_path
from django.utils.functional import cached_property
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST
from django.views.generic import View
from wagtail.admin.views.generic.base import WagtailAdminTemplateMixin

from discussion.models import Report
from discussion.moderation import export
from discussion.moderation.actions import actions_for
from discussion.moderation.bar import done_bar
from discussion.moderation.bulk_actions import offered_to
from discussion.moderation.queues import Queue, Selection, in_words, waiting_counts, with_version
from discussion.moderation.screen import comment_url, selection_url
from discussion.permissions import may_moderate, moderates_everything
from discussion.rules.trying import in_words as in_words_of

PER_PAGE = 50


class QueueView(WagtailAdminTemplateMixin, View):
    """A page of a selection. The tabs lead to the other queues with the same filters."""

    http_method_names = ["get", "head"]
    template_name = "discussion/admin/queue.html"
    page_title = gettext_lazy("Discussion")
    header_icon = "comment"

    def dispatch(self, request, *args, **kwargs):
        if not may_moderate(request.user):
            raise PermissionDenied
        return super().dispatch(request, *args, **kwargs)

    def get(self, request):
        return self.render_to_response(self.get_context_data())

    @cached_property
    def selection(self) -> Selection:
        return Selection(self.request.user, self.request.GET)

    def get_breadcrumbs_items(self):
        return [*super().get_breadcrumbs_items(), {"url": "", "label": self.page_title}]

    def get_context_data(self, **kwargs):
        selection = self.selection
        comments = with_version(selection.comments().for_queue())
        open_reports = Prefetch("reports", Report.objects.filter(settled_at=None).order_by("reported_at"), to_attr="open_reports")
        waiting = waiting_counts(self.request.user, total=selection.comments())
        paginator = Paginator(comments.prefetch_related(open_reports, "rule_flags"), PER_PAGE)
        paginator.count = waiting.pop("total")
        page = paginator.get_page(self.request.GET.get("p"))
        offered = offered_to(self.request.user, selection.queue)
        return super().get_context_data(**kwargs) | {
            "selection": selection,
            "tabs": self.tabs(waiting),
            "rows": [self.row(comment) for comment in page],
            "page_obj": page,
            "total": page.paginator.count,
            "bulk_actions": [action for action in offered if action.is_near],
            "further_actions": [action for action in offered if not action.is_near],
            "bar": done_bar(self.request),
            "here": self.request.get_full_path(),
            "moderates_everything": moderates_everything(self.request.user),
        }

    def tabs(self, counts: dict[str, int]) -> list[dict]:
        query = self.request.GET.copy()
        for told in ("done", "undone", "late", "none", "p"):
            query.pop(told, None)
        tabs = []
        for queue in Queue:
            query["queue"] = queue.value
            count = in_words(counts[queue]) if counts.get(queue) else ""
            url = f"{selection_url()}?{query.urlencode()}"
            tabs.append({"label": queue.label, "url": url, "count": count, "is_here": queue == self.selection.queue})
        return tabs

    def row(self, comment) -> dict:
        actions = actions_for(comment, is_reported=bool(comment.open_reports))
        return {
            "comment": comment,
            "url": comment_url(comment, self.selection),
            "actions": [action for action in actions if action["name"] in {"approve", "spam"}],
            "reports": comment.open_reports,
            "findings": in_words_of(comment.rule_flags.all()),
        }


@require_POST
def export_selection(request, kind):
    """The comments of a selection as a file; by POST, since the record says who took it."""
    if not may_moderate(request.user):
        raise PermissionDenied
    selection = Selection(request.user, QueryDict(request.POST.get("selection", "")))
    items = export.comments(selection.comments())
    narrowed = {"queue": selection.queue.value}
    return export.download(request, kind, name="comments", columns=export.COMMENT_COLUMNS, items=items, narrowed=narrowed)


def urls() -> list:
    """To be registered in the admin."""
    kinds = "|".join(export.FORMATS)
    return [
        path("discussion/queue/", QueueView.as_view(), name="discussion_queue"),
        re_path(rf"^discussion/queue/(?P<kind>{kinds})/$", export_selection, name="discussion_queue_export"),
    ]
