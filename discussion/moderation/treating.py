"""All treatments that hold: who, what, until when, why and by whom; ended here."""

from django.contrib.auth import get_user_model
from django.core.exceptions import PermissionDenied
from django.db.models import OuterRef, Q, Subquery
from django.http import HttpResponseRedirect
from django.shortcuts import get_object_or_404
from django.urls import path, re_path, reverse
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST
from wagtail.admin import messages
from wagtail.admin.ui.tables import Column, DateColumn
from wagtail.admin.utils import get_valid_next_url_from_request
from wagtail.admin.views.generic.base import BaseListingView

from discussion.models import PageComment, Treatment
from discussion.moderation.people import person_url
from discussion.permissions import moderates_everything
from discussion.treatments import end_treatment


def _named(treatments):
    """With ``latest_name``, under which the person commented last: an index row for each."""
    theirs = PageComment.objects.filter(person_key=OuterRef("subject")).newest_first()
    return treatments.annotate(latest_name=Subquery(theirs.values("user_name")[:1]))


class WhoColumn(Column):
    cell_template_name = "discussion/admin/treated.html"


class EndColumn(Column):
    """A button: what it does is done at once, and can be done anew."""

    cell_template_name = "discussion/admin/end_treatment.html"

    def get_cell_context_data(self, instance, parent_context):
        return super().get_cell_context_data(instance, parent_context) | {"csrf_token": parent_context.get("csrf_token")}


class TreatmentListView(BaseListingView):
    """The latest first; those whose time is over are gone from it."""

    page_title = gettext_lazy("Bans, holds and trust")
    header_icon = "user"
    template_name = "discussion/admin/list.html"
    results_template_name = "discussion/admin/list_results.html"
    index_url_name = "discussion_treatments"
    index_results_url_name = "discussion_treatments_results"
    verbose_name_plural = gettext_lazy("treatments")
    is_searchable = False
    paginate_by = 50
    columns = [
        WhoColumn("who", label=gettext_lazy("Who")),
        Column("get_kind_display", label=gettext_lazy("From now on")),
        Column("end_in_words", label=gettext_lazy("Until")),  # Wagtail's dates know no future
        Column("reason", label=gettext_lazy("Reason")),
        Column("by_name", label=gettext_lazy("By")),
        DateColumn("at", label=gettext_lazy("Since")),
        EndColumn("end", label=gettext_lazy("End")),
    ]

    def dispatch(self, request, *args, **kwargs):
        if not moderates_everything(request.user):
            raise PermissionDenied
        return super().dispatch(request, *args, **kwargs)

    def get_base_queryset(self):
        return _named(Treatment.objects.filter(Q(until=None) | Q(until__gt=timezone.now())))

    def order_queryset(self, queryset):
        return queryset.order_by("-at", "-pk")

    def paginate_queryset(self, queryset, page_size):
        paginator, page, rows, is_paginated = super().paginate_queryset(queryset, page_size)
        rows = list(rows)
        accounts = get_user_model().objects.in_bulk([key for row in rows if (key := _account(row))])
        for row in rows:
            row.who = _called(row, accounts)
            row.end_in_words = date_format(timezone.localtime(row.until), "DATETIME_FORMAT") if row.until else ""
            row.url = "" if row.subject.startswith("@") else person_url(row.subject)
        page.object_list = rows
        return paginator, page, rows, is_paginated


def _account(treatment) -> int | None:
    return int(treatment.subject[5:]) if treatment.subject.startswith("user:") else None


def _called(treatment, accounts) -> str:
    """A domain by itself, a person by the name of their last comment."""
    if treatment.subject.startswith("@"):
        return treatment.subject
    return treatment.latest_name or str(accounts.get(_account(treatment)) or _("Somebody without comments"))


@require_POST
def end(request, pk):
    """Let a treatment hold no longer."""
    if not moderates_everything(request.user):
        raise PermissionDenied
    treatment = get_object_or_404(_named(Treatment.objects.all()), pk=pk)
    called = _called(treatment, get_user_model().objects.in_bulk([key for key in [_account(treatment)] if key]))
    end_treatment(treatment.subject, by=request.user, about=called)
    messages.success(request, _("%(kind)s – ended for %(whom)s.") % {"kind": treatment.get_kind_display(), "whom": called})
    return HttpResponseRedirect(get_valid_next_url_from_request(request) or reverse("discussion_treatments"))


def urls() -> list:
    """To be registered in the admin."""
    results = TreatmentListView.as_view(results_only=True)
    return [
        path("discussion/treatments/", TreatmentListView.as_view(), name="discussion_treatments"),
        path("discussion/treatments/results/", results, name="discussion_treatments_results"),
        re_path(r"^discussion/treatments/(?P<pk>\d{1,9})/end/$", end, name="discussion_end_treatment"),
    ]
