"""Which faults an account is shown: those of pages and documents that it may change, narrowed as an address says."""

from functools import cached_property

from django import forms
from django.contrib.contenttypes.models import ContentType
from django.db.models import Count, Q, QuerySet
from django.db.models.functions import Coalesce
from django.http import QueryDict
from django.utils.translation import gettext_lazy as _
from wagtail.documents.models import Document
from wagtail.models import Page, get_page_models
from wagtail.permissions import page_permission_policy, policy_registry

from pages.choices import RowField
from pages.models import LinkFault, OutboundAddress, SectionPage
from pages.nameable import nameable_to
from pages.sight import worked_on_by
from people.visibility import seen_in_bulk

Kind, State = LinkFault.Kind, OutboundAddress.State
DISMISSED = "dismissed"
ATTENTION = [State.BROKEN, State.FAILING, State.MOVED]  # what an editor should look at
TABS = [*((kind.value, kind.label) for kind in Kind), (DISMISSED, _("Not a fault"))]
_REPORTED = Q(address__isnull=True) | Q(address__state__in=ATTENTION)


def may_look(user) -> bool:
    """Whether ``user`` has any page to mend."""
    return page_permission_policy.user_has_permission(user, "change")


def faults_for(user) -> QuerySet:
    """All faults that concern ``user``: of public pages and of documents that they may change; dismissed ones too.

    What was mended since it was found is left out as far as that can be seen: a page that is public again.
    """
    documents = policy_registry.get_by_type(Document).instances_user_has_permission_for(user, "change").order_by()
    mine = Q(page__in=worked_on_by(user).values("pk")) & seen_in_bulk("page__") | Q(document__in=documents.values("pk"))
    mended = Q(kind=Kind.UNSEEN, target__isnull=False) & seen_in_bulk("target__")
    return LinkFault.objects.filter(mine).exclude(mended).exclude(kind=Kind.DOCUMENT, page__isnull=False)


def reported(faults: QuerySet) -> QuerySet:
    """Those of ``faults`` that ask for attention."""
    return faults.filter(_REPORTED, dismissed_at=None)


def with_time(faults: QuerySet) -> QuerySet:
    """Each with ``since``: when it began, as far as anybody knows."""
    return faults.annotate(since=Coalesce("address__failing_since", "address__changed_at", "found_at"))


def page_types() -> list[tuple[str, str]]:
    models = [model for model in get_page_models() if model.is_creatable and model is not Page]
    names = [(model._meta.label_lower, model._meta.verbose_name) for model in models]
    return [("", _("Any type")), *sorted(names, key=lambda name: str(name[1]))]


class NarrowForm(forms.Form):
    """What narrows the list. What is not understood is said at its field and left out."""

    use_required_attribute = False

    section = RowField(SectionPage.objects.none(), label=_("Section"), required=False, empty_label=_("Any section"))
    type = forms.ChoiceField(label=_("Type of page"), choices=page_types, required=False)
    state = forms.ChoiceField(label=_("Answer"), choices=[("", _("Broken, failing or moved")), *State.choices], required=False)

    def __init__(self, data, user, kind: str):
        super().__init__(data, auto_id="narrow-%s")
        sections = SectionPage.objects.filter(pk__in=nameable_to(user).values("pk"))
        self.fields["section"].queryset = sections.order_by("title", "pk").only("title", "path")
        if kind != Kind.ELSEWHERE:
            del self.fields["state"]
        if kind == Kind.DOCUMENT:  # which stands in no section and is no page
            del self.fields["section"], self.fields["type"]

    @cached_property
    def chosen(self) -> dict:
        self.is_valid()
        return {name: value for name, value in self.cleaned_data.items() if value not in (None, "")}


class Selection:
    """The faults that ``data``, the query of an address, asks for on behalf of ``user``."""

    def __init__(self, user, data: QueryDict):
        self.user = user
        asked = data.get("kind", "")
        self.kind = asked if asked in dict(TABS) else Kind.ORPHAN.value
        self.form = NarrowForm(data, user, self.kind)

    @property
    def label(self) -> str:
        return str(dict(TABS)[self.kind])

    @cached_property
    def _narrowed(self) -> QuerySet:
        """All that concerns the account, in the section and of the type that were chosen; documents are in none."""
        conditions, chosen = Q(), self.form.chosen
        if section := chosen.get("section"):
            conditions &= Q(page__path__startswith=section.path) | Q(page__isnull=True)
        if label := chosen.get("type"):
            conditions &= Q(page__content_type=ContentType.objects.get_by_natural_key(*label.split("."))) | Q(page__isnull=True)
        return faults_for(self.user).filter(conditions)

    def faults(self) -> QuerySet:
        """In their order, the newest first."""
        if self.kind == DISMISSED:
            rows = self._narrowed.filter(_REPORTED, dismissed_at__isnull=False)
        elif state := self.form.chosen.get("state"):
            rows = self._narrowed.filter(kind=self.kind, address__state=state, dismissed_at=None)
        else:
            rows = reported(self._narrowed).filter(kind=self.kind)
        return with_time(rows).select_related("page__content_type", "document", "target", "address").order_by("-since", "-pk")

    def counts(self) -> dict[str, int]:
        """How many there are under each tab, in one query."""
        open_ = Q(dismissed_at=None) & _REPORTED
        wanted = {kind.name: Count("pk", filter=open_ & Q(kind=kind)) for kind in Kind}
        wanted[DISMISSED] = Count("pk", filter=_REPORTED & Q(dismissed_at__isnull=False))
        found = self._narrowed.order_by().aggregate(**wanted)
        return {kind.value: found[kind.name] for kind in Kind} | {DISMISSED: found[DISMISSED]}

    def query(self, kind: str = "") -> str:
        """The selection as the query of an address; the same narrowing under another tab."""
        query = QueryDict(mutable=True)
        query["kind"] = kind or self.kind
        for name in self.form.chosen:
            if name != "state" or query["kind"] == Kind.ELSEWHERE:
                query[name] = self.form.data[name]
        return query.urlencode()
