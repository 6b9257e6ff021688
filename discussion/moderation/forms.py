"""What moderators fill in when they decide: why, and what the commenter is told."""

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from discussion.announcing import will_be_mailed
from discussion.forms import VisibleCharField
from discussion.models import CannedReply, Decision, Reason

MESSAGE_LENGTH = 2000
INSERT = "insert_reply"


class _ReplySelect(forms.Select):
    """Each canned reply with its words, so that a script can fill them in at once."""

    def create_option(self, name, value, *args, **kwargs):
        option = super().create_option(name, value, *args, **kwargs)
        if reply := getattr(value, "instance", None):
            option["attrs"] |= {"data-text": reply.text, "data-reason": reply.reason_code}
        return option


class DecisionForm(forms.Form):
    """Why a moderator decides (for the record) and what the commenter is told, if anything.

    ``comment``: which is decided, to say beforehand how its writer is told; None for several. ``insert_reply`` among what
    was posted asks for the same form with a canned reply in it, and for no decision: see ``asks_for_reply``.
    """

    use_required_attribute = False

    reason_code = forms.ChoiceField(
        label=gettext_lazy("Reason"),
        choices=Reason.choices,
        required=False,
        widget=forms.RadioSelect(attrs={"data-reason": ""}),
    )
    reason = forms.CharField(
        label=gettext_lazy("In your words"),
        max_length=Decision._meta.get_field("reason").max_length,
        required=False,
        help_text=gettext_lazy("For the record; only moderators see it."),
    )
    reply = forms.ModelChoiceField(
        label=gettext_lazy("Canned reply"),
        queryset=CannedReply.objects.order_by("reason_code", "title", "pk"),
        required=False,
        empty_label=gettext_lazy("None"),
        widget=_ReplySelect,
    )
    message = VisibleCharField(
        label=gettext_lazy("Message to the commenter"),
        max_length=MESSAGE_LENGTH,
        required=False,
        widget=forms.Textarea(attrs={"rows": 5, "maxlength": MESSAGE_LENGTH}),
    )

    def __init__(self, *args, comment=None, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["message"].help_text = told_how(comment)
        # Nothing of a form is the commenter's: what browsers fill in by themselves would be a mistake.
        for field in self.fields.values():
            field.widget.attrs["autocomplete"] = "off"

    @property
    def asks_for_reply(self) -> bool:
        """Whether the button was pressed that inserts a canned reply, and none that decides."""
        return self.is_bound and INSERT in self.data

    def with_reply(self) -> "DecisionForm":
        """The same form, as it was filled in, with the chosen reply at the end of the message."""
        self.is_valid()
        filled = self.data.copy()
        reply = self.cleaned_data.get("reply")
        if reply:
            typed = filled.get("message", "").strip()
            filled["message"] = f"{typed}\n\n{reply.text}" if typed else reply.text
            filled["reply"] = ""
        form = type(self)(initial={name: filled.get(name, "") for name in self.fields})
        form.fields["message"].help_text = self.fields["message"].help_text
        return form

    def values(self) -> dict:
        """The valid form as ``transitions.decide`` takes it."""
        return {name: self.cleaned_data[name] for name in ("reason_code", "reason", "message")}


def told_how(comment=None) -> str:
    """How what is written to the commenter reaches them, said to the moderator beforehand."""
    if comment is None:
        way = _(
            "Mailed to those whose address is confirmed, about pages that everybody may read;"
            " the others find it in their own list of comments."
        )
    elif will_be_mailed(comment):
        way = _("Will be mailed to the commenter, and shown in their own list of comments.")
    else:
        way = _("Shown only in the commenter’s own list of comments: no mail can be sent to them about this page.")
    return f"{way} {_('Of spam nobody is told.')}"
