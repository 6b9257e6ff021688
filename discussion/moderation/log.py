"""The screen of the record: everything that was done about comments, by whom and why, to be narrowed and taken along."""

from datetime import date, datetime, time, timedelta

from django import forms
from django.core.exceptions import PermissionDenied
from django.core.validators import MaxValueValidator, MinValueValidator, RegexValidator
from django.http import Http404, HttpResponseRedirect
from django.urls import path, re_path, reverse
from django.utils import timezone
from django.utils.functional import cached_property
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.generic import View
from wagtail.admin import messages
from wagtail.admin.views.generic.base import WagtailAdminTemplateMixin
from wagtail.admin.widgets.button import HeaderButton
from wagtail.models import Page
from wagtail.permissions import policy_registry

from discussion import record
from discussion.models import CannedReply
from discussion.moderation import export
from discussion.permissions import may_moderate, may_moderate_page, moderators
from discussion.record.sources import kinds_without_followers

EVERYTHING = "all"
PAGES_FOUND = 200
NEVER_BEFORE, NEVER_AFTER = date(2000, 1, 1), date(2999, 12, 31)

# What of each entry is taken along: the heading, and the value.
COLUMNS = [
    (gettext_lazy("When"), lambda entry: entry.at),
    (gettext_lazy("By"), lambda entry: entry.by_name),
    (gettext_lazy("What"), lambda entry: entry.what),
    (gettext_lazy("Comment"), lambda entry: entry.comment and entry.comment.number),
    (gettext_lazy("Commenter"), lambda entry: entry.comment and entry.comment.user_name),
    (gettext_lazy("Page"), lambda entry: entry.page and entry.page.title),
    (gettext_lazy("Before"), lambda entry: entry.before),
    (gettext_lazy("After"), lambda entry: entry.after),
    (gettext_lazy("Reason"), lambda entry: entry.reason),
    (gettext_lazy("Message"), lambda entry: entry.message),
]


def _kinds() -> list[tuple]:
    return [
        ("", _("All but mails to followers")),
        (EVERYTHING, _("All, mails to followers too")),
        *record.kinds(),
    ]


class _DateField(forms.DateField):
    widget = forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")
    default_validators = [MinValueValidator(NEVER_BEFORE), MaxValueValidator(NEVER_AFTER)]


class RecordForm(forms.Form):
    """What of the record is asked for; it stands in the address, so that a view can be kept as a bookmark."""

    use_required_attribute = False

    kind = forms.ChoiceField(label=gettext_lazy("What"), choices=_kinds, required=False)
    by = forms.ModelChoiceField(
        label=gettext_lazy("Moderator"), queryset=None, required=False, empty_label=gettext_lazy("Everybody")
    )
    title = forms.CharField(label=gettext_lazy("Page"), required=False, max_length=200)
    since = _DateField(label=gettext_lazy("From"), required=False)
    until = _DateField(label=gettext_lazy("To"), required=False)
    # From a page's, a person's or a comment's own screen; not to be typed.
    page = forms.IntegerField(required=False, min_value=1, max_value=2**31 - 1, widget=forms.HiddenInput)
    comment = forms.IntegerField(required=False, min_value=1, max_value=2**31 - 1, widget=forms.HiddenInput)
    person = forms.CharField(
        required=False, validators=[RegexValidator(r"^([0-9a-f]{32}|user:[0-9]{1,9})\Z")], widget=forms.HiddenInput
    )

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["by"].queryset = moderators().order_by("username", "pk")

    def asked(self) -> dict:
        """The valid form as ``record.entries`` takes it."""
        data = self.cleaned_data
        asked = {"comment": data["comment"], "person": data["person"] or None, "by": data["by"] and data["by"].pk}
        asked["kinds"] = None if data["kind"] == EVERYTHING else [data["kind"]] if data["kind"] else kinds_without_followers()
        asked["since"] = data["since"] and _midnight(data["since"])
        asked["until"] = data["until"] and _midnight(data["until"] + timedelta(days=1))
        if data["title"]:
            titled = Page.objects.filter(title__icontains=data["title"]).order_by("-pk").values_list("pk", flat=True)
            asked["page"] = list(titled[:PAGES_FOUND])
        if data["page"]:
            asked["page"] = [data["page"]]
        return asked

    def narrowed(self) -> dict:
        """What it asks for, for the record of who took what along: nothing that names a reader."""
        kept = ("kind", "by", "page", "since", "until")
        return {name: str(self.cleaned_data[name]) for name in kept if self.cleaned_data.get(name)}


def _midnight(day: date) -> datetime:
    return timezone.make_aware(datetime.combine(day, time()))


class _ForModerators:
    """Refuses everybody else, whatever the method."""

    def dispatch(self, request, *args, **kwargs):
        if not may_moderate(request.user):
            raise PermissionDenied
        return super().dispatch(request, *args, **kwargs)


class RecordView(_ForModerators, WagtailAdminTemplateMixin, View):
    """The record, newest first, fifty entries at a time."""

    http_method_names = ["get", "head", "options"]
    template_name = "discussion/admin/record.html"
    page_title = gettext_lazy("Record")
    header_icon = "history"

    def get(self, request):
        form = RecordForm(request.GET)
        entries, older = [], ""
        if form.is_valid():
            try:
                entries, older = record.entries(request.user, **form.asked(), before=request.GET.get("before", ""))
            except ValueError as error:
                raise Http404 from error
        return self.render_to_response(self.get_context_data(form=form, entries=entries, older=older))

    @cached_property
    def header_buttons(self):
        policy = policy_registry.get_by_type(CannedReply)
        if not policy.user_has_any_permission(self.request.user, {"add", "change", "delete"}):
            return []
        url = reverse(CannedReply.snippet_viewset.get_url_name("list"))
        return [HeaderButton(_("Canned replies"), url=url, icon_name="mail")]

    def get_breadcrumbs_items(self):
        return [*self.breadcrumbs_items, {"url": "", "label": self.page_title}]

    def get_context_data(self, **kwargs):
        asked = self.request.GET.copy()
        is_later = asked.pop("before", None)
        query = asked.urlencode()
        if kwargs["older"]:
            asked["before"] = kwargs["older"]
        return super().get_context_data(**kwargs) | {
            "query": query,
            "older_query": asked.urlencode() if kwargs["older"] else "",
            "is_later": is_later,
            "about": self.about(kwargs["form"]),
        }

    def about(self, form) -> list[str]:
        """What the hidden fields of the form narrow the record to, in words."""
        data = getattr(form, "cleaned_data", {})
        words = []
        if data.get("page"):
            page = Page.objects.filter(pk=data["page"]).first()
            named = page and may_moderate_page(self.request.user, page)
            words.append(_("The page “%(title)s”") % {"title": page.title} if named else _("One page"))
        if data.get("comment"):
            words.append(_("One comment"))
        if data.get("person"):
            words.append(_("One person"))
        return words


class ExportView(_ForModerators, View):
    """The record as a file. By POST, since it is noted in the record itself who took it."""

    http_method_names = ["post", "options"]

    def post(self, request, kind):
        form = RecordForm(request.GET)
        if not form.is_valid():
            messages.error(request, _("Nothing was exported. Put right what is marked below."))
            return HttpResponseRedirect(f"{reverse('discussion_record')}?{request.GET.urlencode()}")
        return export.download(
            request,
            kind,
            name="record",
            columns=[*COLUMNS, (gettext_lazy("Address"), lambda entry: entry.url and request.build_absolute_uri(entry.url))],
            items=record.all_entries(request.user, **form.asked()),
            narrowed=form.narrowed(),
        )


def urls() -> list:
    """To be registered in the admin."""
    return [
        path("discussion/record/", RecordView.as_view(), name="discussion_record"),
        re_path(r"^discussion/record/export/(?P<kind>csv|xlsx)/$", ExportView.as_view(), name="discussion_record_export"),
    ]
