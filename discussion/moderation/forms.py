"""What a moderator says with a decision."""

from django import forms
from django.utils.translation import gettext_lazy as _

from discussion.models import Reason


class DecisionForm(forms.Form):
    """Why, for the record, and a message to the commenter. All of it may be left empty."""

    use_required_attribute = False

    reason_code = forms.ChoiceField(
        label=_("Reason"), choices=Reason.choices, required=False, widget=forms.RadioSelect(attrs={"data-reason": ""})
    )
    reason = forms.CharField(label=_("In your words, for the record"), required=False, max_length=250)
    message = forms.CharField(
        label=_("Message to the commenter"), required=False, max_length=2000, widget=forms.Textarea(attrs={"rows": 4})
    )

    def why(self) -> dict:
        """What was typed, as ``transitions.decide`` takes it."""
        return {name: self.cleaned_data[name] for name in ("reason_code", "reason", "message")}
