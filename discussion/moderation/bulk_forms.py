"""What moderators fill in before one action is done to many comments."""

from django import forms
from django.utils.dateparse import parse_datetime
from django.utils.translation import gettext_lazy
from wagtail.admin.widgets import AdminDateTimeInput

from discussion.models import Treatment
from discussion.moderation.curation_forms import MoveForm
from discussion.moderation.forms import DecisionForm
from discussion.moderation.until import checked_until


class BulkForm(forms.Form):
    """Nothing to fill in but the button: the action is only confirmed.

    ``values()``, of a valid one, are the action's options, as JSON keeps them.
    """

    use_required_attribute = False
    asks_for_reply = False
    template = "discussion/admin/bulk_fields.html"

    def __init__(self, *args, request, **kwargs):
        super().__init__(*args, **kwargs)

    def values(self) -> dict:
        return {}


class BulkDecisionForm(DecisionForm):
    template = "discussion/admin/decision_fields.html"

    def __init__(self, *args, request=None, **kwargs):
        super().__init__(*args, **kwargs)


class BulkReasonForm(BulkForm):
    reason = forms.CharField(
        label=gettext_lazy("Reason, for the record"),
        max_length=250,
        required=False,
        help_text=gettext_lazy("Only moderators read this."),
    )

    def values(self):
        return {"reason": self.cleaned_data["reason"]}


class BulkMoveForm(MoveForm):
    asks_for_reply = False
    template = "discussion/admin/move_fields.html"

    def values(self):
        return {"page": self.cleaned_data["to"].pk, "reason": self.cleaned_data["reason"]}


class BulkTreatmentForm(BulkReasonForm):
    """Ban, hold or trust, for those who wrote the comments or for everybody under their mail domains."""

    WRITERS, DOMAINS = "writers", "domains"

    kind = forms.ChoiceField(
        label=gettext_lazy("From now on"), choices=Treatment.Kind.choices, widget=forms.RadioSelect, initial=Treatment.Kind.HOLD
    )
    whom = forms.ChoiceField(
        label=gettext_lazy("For whom"),
        choices=[
            (WRITERS, gettext_lazy("Those who wrote the comments")),
            (DOMAINS, gettext_lazy("Everybody with an address under the same mail domains")),
        ],
        widget=forms.RadioSelect,
        initial=WRITERS,
        help_text=gettext_lazy("Moderators are left out, and domains where anybody gets an address."),
    )
    until = forms.DateTimeField(
        label=gettext_lazy("Until"),
        required=False,
        widget=AdminDateTimeInput,
        help_text=gettext_lazy("Empty: until a moderator ends it."),
    )

    field_order = ["kind", "whom", "until", "reason"]

    def clean_until(self):
        return checked_until(self.cleaned_data["until"])

    def values(self):
        until = self.cleaned_data["until"]
        chosen = {name: self.cleaned_data[name] for name in ("kind", "whom")}
        return super().values() | chosen | {"until": until.isoformat() if until else ""}


def moment_in(until: str):
    """The ``until`` of ``BulkTreatmentForm.values()`` as a moment; None for none."""
    return parse_datetime(until) if until else None
