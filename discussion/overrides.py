"""The moderator's word on a whole discussion: closed or off, until when, and why; and the list of all discussions."""

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.db.models import F
from django.http import Http404, HttpResponseRedirect
from django.urls import path, re_path, reverse, reverse_lazy
from django.utils import timezone
from django.utils.functional import cached_property
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.generic import View
from wagtail.admin import messages
from wagtail.admin.forms.models import WagtailAdminModelForm
from wagtail.admin.ui.tables import Column, TitleColumn
from wagtail.admin.utils import get_valid_next_url_from_request
from wagtail.admin.views.generic.base import BaseListingView, WagtailAdminTemplateMixin
from wagtail.admin.widgets.button import HeaderButton
from wagtail.log_actions import LogFormatter, log
from wagtail.models import PageLogEntry

from discussion import record
from discussion.models import Discussion, LogEntry
from discussion.moderation.modes import mode_form, mode_in_words
from discussion.moderation.until import checked_until
from discussion.openness import override_of, standing_of, standings_of
from discussion.permissions import discussed_pages, may_moderate, moderates_everything
from discussion.posting import PageGone, lock_discussion
from discussion.views.common import row_of

LOGGED_AS = "discussion.override"
SEARCHED = 200  # characters of what is looked for; databases refuse patterns of many thousands
EARLIER_SHOWN = 20


def set_override(page, *, override: str, until, reason: str, by) -> Discussion:
    """Let a moderator's word hold for the discussion of ``page``; an empty ``override`` takes it back.

    Recorded in the page's own log and in that of moderation: who, when, what. Raises ``PageGone`` when the page is deleted
    meanwhile.
    """
    with transaction.atomic():
        discussion = lock_discussion(page)
        before = _as_data(discussion)
        discussion.override = override
        discussion.override_until = until if override else None
        discussion.override_reason = reason if override else ""
        discussion.override_by = by
        discussion.save(update_fields=["override", "override_until", "override_reason", "override_by"])
        after = _as_data(discussion)
        log(page, LOGGED_AS, user=by, data=after | {"reason": reason})
        about = {"page_id": page.pk, "about": page.title, "reason": reason}
        record.write(LogEntry.Action.OVERRIDE, by=by, before=before, after=after, **about)
    return discussion


def _as_data(discussion) -> dict:
    until = discussion.override_until
    return {
        "override": discussion.override,
        "until": until.isoformat() if until else "",
        "reason": discussion.override_reason,
    }


class OverrideLogFormatter(LogFormatter):
    """How the page's history words it."""

    label = gettext_lazy("Discussion: moderator’s word")

    def format_message(self, log_entry):
        override = (log_entry.data or {}).get("override", "")
        word = dict(Discussion.Override.choices).get(override, override)
        return _("Discussion: %(word)s") % {"word": word}

    def format_comment(self, log_entry):
        return (log_entry.data or {}).get("reason", "")


def in_words(standing) -> str:
    """A standing as moderators read it."""
    return _("Open") if standing.takes_comments else standing.reason


class OverrideForm(WagtailAdminModelForm):
    class Meta:
        model = Discussion
        fields = ["override", "override_until", "override_reason"]
        labels = {"override": gettext_lazy("This discussion is")}
        help_texts = {
            "override_until": gettext_lazy("From then on it is as the editor wishes. Empty: until a moderator takes it back."),
            "override_reason": gettext_lazy("One or two sentences, shown to readers of a discussion that is closed."),
        }

    def clean_override_until(self):
        until = self.cleaned_data["override_until"]
        return checked_until(until) if self.cleaned_data.get("override") else until


class _ForModerators:
    """Refuses everybody else, whatever the method."""

    def dispatch(self, request, *args, **kwargs):
        if not may_moderate(request.user):
            raise PermissionDenied
        return super().dispatch(request, *args, **kwargs)


class DiscussionListView(_ForModerators, BaseListingView):
    """All discussions, those with the latest comments first, each as it stands now."""

    page_title = gettext_lazy("Discussions")
    header_icon = "comment"
    template_name = "discussion/admin/list.html"
    results_template_name = "discussion/admin/list_results.html"
    index_url_name = "discussion_list"
    index_results_url_name = "discussion_list_results"
    verbose_name_plural = gettext_lazy("discussions")
    is_searchable = True
    search_fields = ["title"]
    search_backend_name = None
    paginate_by = 50
    columns = [
        TitleColumn("title", label=gettext_lazy("Page"), sort_key="title", url_name="discussion_override"),
        Column("discussion.published_count", label=gettext_lazy("Published"), sort_key="discussion__published_count"),
        Column("discussion.pending_count", label=gettext_lazy("Pending"), sort_key="discussion__pending_count"),
        Column("now", label=gettext_lazy("Now")),
        Column("overridden", label=gettext_lazy("By a moderator")),
    ]

    @cached_property
    def header_buttons(self):
        buttons = [HeaderButton(_("Before or after publication"), url=reverse("discussion_modes"), icon_name="time")]
        if moderates_everything(self.request.user):
            buttons.append(HeaderButton(_("Bans, holds and trust"), url=reverse("discussion_treatments"), icon_name="user"))
        return buttons

    @cached_property
    def search_query(self):
        return super().search_query[:SEARCHED]

    def get_base_queryset(self):
        return discussed_pages(self.request.user).select_related("discussion", "discussion__override_by")

    def order_queryset(self, queryset):
        if not self.ordering:
            return queryset.order_by(F("discussion__last_published_at").desc(nulls_last=True), "-pk")
        order = F(self.ordering.removeprefix("-"))
        return queryset.order_by(
            order.desc(nulls_last=True) if self.ordering.startswith("-") else order.asc(nulls_first=True), "-pk"
        )

    def paginate_queryset(self, queryset, page_size):
        paginator, page, rows, is_paginated = super().paginate_queryset(queryset, page_size)
        rows = list(rows)
        standings, now = standings_of(rows), timezone.now()
        for row in rows:
            row.now = in_words(standings[row.pk])
            row.overridden = _who_and_what(getattr(row, "discussion", None), now)
        page.object_list = rows
        return paginator, page, rows, is_paginated


def _who_and_what(discussion, now) -> str:
    """``Closed (Ada Person)``, or nothing."""
    if not override_of(discussion, now):
        return ""
    by = discussion.override_by
    return f"{discussion.get_override_display()} ({by})" if by else discussion.get_override_display()


class OverrideView(_ForModerators, WagtailAdminTemplateMixin, View):
    """One discussion: how it stands and why, and the form to overrule the editor."""

    http_method_names = ["get", "head", "post", "options"]
    template_name = "discussion/admin/override.html"
    page_title = gettext_lazy("Discussion")
    header_icon = "comment"

    def setup(self, request, *args, **kwargs):
        super().setup(request, *args, **kwargs)
        self.content = None

    def dispatch(self, request, *args, **kwargs):
        if may_moderate(request.user):  # else the refusal says nothing about which pages there are
            self.content = discussed_pages(request.user).filter(pk=kwargs["page_id"]).first()
            if self.content is None:
                raise Http404
        return super().dispatch(request, *args, **kwargs)

    def get(self, request, page_id):
        discussion = row_of(self.content)
        holds = override_of(discussion, timezone.now())
        return self.answer(OverrideForm(instance=discussion if holds else None), discussion)

    def post(self, request, page_id):
        form = OverrideForm(request.POST, instance=Discussion(page_id=self.content.pk))
        if not form.is_valid():
            messages.error(request, _("Nothing was changed. Put right what is marked below."))
            return self.answer(form, row_of(self.content))
        data = form.cleaned_data
        try:
            discussion = set_override(
                self.content,
                override=data["override"],
                until=data["override_until"],
                reason=data["override_reason"],
                by=request.user,
            )
        except PageGone as error:
            raise Http404 from error
        words = in_words(standing_of(self.content, discussion))
        messages.success(request, _("The discussion of “%(page)s”: %(words)s") % {"page": self.content.title, "words": words})
        return HttpResponseRedirect(get_valid_next_url_from_request(request) or reverse("discussion_list"))

    def answer(self, form, discussion):
        return self.render_to_response(self.get_context_data(form=form, discussion=discussion))

    def get_page_subtitle(self):
        return self.content.title

    def get_breadcrumbs_items(self):
        return [
            *self.breadcrumbs_items,
            {"url": reverse_lazy("discussion_list"), "label": _("Discussions")},
            {"url": "", "label": self.content.title},
        ]

    def get_context_data(self, **kwargs):
        page, discussion = self.content, kwargs["discussion"]
        earlier = PageLogEntry.objects.filter(page=page.pk, action=LOGGED_AS).select_related("user")
        return super().get_context_data(**kwargs) | {
            "page": page,
            "now": in_words(standing_of(page, discussion)),
            "overridden": _who_and_what(discussion, timezone.now()),
            "wish": in_words(standing_of(page, None)),
            "earlier": earlier.order_by("-timestamp", "-pk")[:EARLIER_SHOWN],
            "mode_form": mode_form(page),
            "mode_now": mode_in_words(page),
            "next": get_valid_next_url_from_request(self.request),
            "media": kwargs["form"].media,
        }


def urls() -> list:
    """To be registered in the admin."""
    return [
        path("discussion/pages/", DiscussionListView.as_view(), name="discussion_list"),
        path("discussion/pages/results/", DiscussionListView.as_view(results_only=True), name="discussion_list_results"),
        re_path(r"^discussion/pages/(?P<page_id>\d{1,9})/$", OverrideView.as_view(), name="discussion_override"),
    ]
