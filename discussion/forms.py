"""The reader's comment form."""

from django import forms
from django.conf import settings
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from discussion.formatting import shows_something
from discussion.models import Subscription
from discussion.persons import envelope_address

MAX_INTEGER = 2**31 - 1


class VisibleCharField(forms.CharField):
    """Text of which something can be seen; what shows nothing counts as nothing.

    Line ends count as one character, as they do in the browser, which sends two.
    """

    def to_python(self, value):
        text = super().to_python(value).replace("\r\n", "\n")
        return text if shows_something(text) else ""


class ReachableEmailField(forms.EmailField):
    """An address that mail can be sent to: not all that have the form of one can be told to a mail server."""

    default_error_messages = {"unreachable": _("No mail can be sent to this address. Is its end written as it should be?")}

    def clean(self, value):
        email = super().clean(value)
        try:
            envelope_address(email)
        except ValueError as error:
            raise ValidationError(self.error_messages["unreachable"], "unreachable") from error
        return email


class CommentForm(forms.Form):
    """One comment. Accounts need give neither name nor e-mail: ``user`` takes both fields away."""

    use_required_attribute = False

    comment = VisibleCharField(
        label=_("Your comment"),
        max_length=settings.HUB_COMMENT_LENGTH,
        strip=True,
        widget=forms.Textarea(attrs={"rows": 8, "data-comment-text": ""}),
        error_messages={"required": _("Write your comment first.")},
    )
    name = VisibleCharField(
        label=_("Name"),
        max_length=50,
        help_text=_("Shown beside your comment."),
        widget=forms.TextInput(attrs={"autocomplete": "name"}),
        error_messages={"required": _("Under which name shall it stand?")},
    )
    email = ReachableEmailField(
        label=_("E-mail"),
        max_length=254,
        help_text=_("Never shown."),
        widget=forms.EmailInput(attrs={"autocomplete": "email"}),
        error_messages={"required": _("Give your e-mail address; it is never shown.")},
    )
    author_role = forms.CharField(
        label=_("Position"),
        max_length=100,
        required=False,
        help_text=_("If it helps readers to know, for example “district nurse”."),
        widget=forms.TextInput(attrs={"autocomplete": "organization-title"}),
    )
    organisation = forms.CharField(
        label=_("Organisation"), max_length=100, required=False, widget=forms.TextInput(attrs={"autocomplete": "organization"})
    )
    wishes = forms.MultipleChoiceField(
        label=_("Tell me by e-mail"),
        choices=[(scope, scope.label) for scope in Subscription.Scope if scope != Subscription.Scope.AUTHORS],
        required=False,
        widget=forms.CheckboxSelectMultiple,
    )
    reply_to = forms.IntegerField(required=False, min_value=1, max_value=MAX_INTEGER, widget=forms.HiddenInput)
    about = forms.CharField(required=False, max_length=40, widget=forms.HiddenInput)
    token = forms.CharField(required=False, max_length=500, widget=forms.HiddenInput)
    # Hidden from people by the style sheet, filled in by programs that fill in everything.
    subject = forms.CharField(
        required=False, label=_("Leave this empty"), widget=forms.TextInput(attrs={"autocomplete": "off", "tabindex": "-1"})
    )

    def __init__(self, *args, user=None, **kwargs):
        super().__init__(*args, **kwargs)
        if user is not None:
            del self.fields["name"]
            del self.fields["email"]
        if not settings.HUB_SENDS_MAIL or (user is not None and not user.email):
            self.offer_no_mail()

    def offer_no_mail(self) -> None:
        self.fields.pop("wishes", None)

    def clean_subject(self):
        if self.cleaned_data["subject"]:
            raise ValidationError(_("Leave this field empty: it is there to catch programs."))
        return ""


class FollowForm(forms.Form):
    """Mail about a discussion without a comment of one's own. Accounts are written to at their address."""

    use_required_attribute = False

    email = ReachableEmailField(
        label=_("E-mail"),
        max_length=254,
        help_text=_("Never shown. You get one mail with a link by which you confirm it."),
        widget=forms.EmailInput(attrs={"autocomplete": "email"}),
        error_messages={"required": _("Give the address that we shall write to.")},
    )
