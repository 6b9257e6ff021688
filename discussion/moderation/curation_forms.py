"""The forms with which moderators redact, move, answer, or call a comment a duplicate."""

from urllib.parse import unquote, urlsplit

from django import forms
from django.conf import settings
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from wagtail.models import Page

from discussion.forms import MAX_INTEGER, VisibleCharField
from discussion.moving import movable_to
from discussion.permissions import moderated_by

PAGES_OFFERED = 10


class _CurationForm(forms.Form):
    use_required_attribute = False

    reason = forms.CharField(
        label=gettext_lazy("Reason, for the record"),
        max_length=250,
        required=False,
        help_text=gettext_lazy("Only moderators read this."),
    )
    seen = forms.CharField(required=False, max_length=40, widget=forms.HiddenInput)


class RedactForm(_CurationForm):
    comment = VisibleCharField(
        label=gettext_lazy("What it says from now on"),
        max_length=settings.HUB_COMMENT_LENGTH,
        widget=forms.Textarea(attrs={"rows": 10, "dir": "auto"}),
        help_text=gettext_lazy("Take out what must not stand there, and put “[…]” in its place. Do not reword what is meant."),
        error_messages={
            "required": gettext_lazy("Leave something to read. To take the whole comment out, remove or reject it instead.")
        },
    )

    field_order = ["comment", "reason"]


class DuplicateForm(_CurationForm):
    """A number that is typed, or that of one of the ``candidate``s."""

    number = forms.IntegerField(
        label=gettext_lazy("It says the same as #"),
        min_value=1,
        max_value=MAX_INTEGER,
        required=False,
        widget=forms.TextInput(attrs={"inputmode": "numeric", "autocomplete": "off"}),
        help_text=gettext_lazy("The number of a published comment on the same page."),
    )
    candidate = forms.IntegerField(required=False, min_value=1, max_value=MAX_INTEGER)
    message = forms.CharField(
        label=gettext_lazy("Message to the commenter"),
        max_length=2000,
        required=False,
        widget=forms.Textarea(attrs={"rows": 4, "dir": "auto"}),
    )

    field_order = ["number", "message", "reason"]

    def clean(self):
        data = super().clean()
        if "number" not in self.errors:
            data["number"] = data["number"] or data.get("candidate")
            if data["number"] is None:
                self.add_error("number", _("Give the number of the comment that said it before."))
        return data


class ReplyForm(forms.Form):
    use_required_attribute = False

    comment = VisibleCharField(
        label=gettext_lazy("Your reply"),
        max_length=settings.HUB_COMMENT_LENGTH,
        widget=forms.Textarea(attrs={"rows": 8, "dir": "auto"}),
        help_text=gettext_lazy("Published at once under your name, and kept as a comment of yours."),
        error_messages={"required": gettext_lazy("Write your reply first.")},
    )
    submission_key = forms.UUIDField(widget=forms.HiddenInput)
    seen = forms.CharField(required=False, max_length=40, widget=forms.HiddenInput)


class MoveForm(_CurationForm):
    """Where to: an address, a page's key, or words of its title; ``to``, when valid, is the page that was meant.

    Only an exact answer is taken at once. For anything else ``choices`` lists pages of which one is chosen by ``page_id``.
    ``comment``: which is moved, and so not to its own page; None for several.
    """

    page = forms.CharField(
        label=gettext_lazy("To which page?"),
        max_length=500,
        required=False,
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
        help_text=gettext_lazy("The address of the page, its whole title, or words of it."),
    )
    page_id = forms.CharField(required=False, max_length=20)

    field_order = ["page", "reason"]

    def __init__(self, *args, request, comment=None, **kwargs):
        super().__init__(*args, **kwargs)
        self.request, self.comment = request, comment
        self.choices = []

    def clean(self):
        data = super().clean()
        if self.errors:
            return data
        words = data["page"].strip()
        pages = movable_to().filter(moderated_by(self.request.user, prefix="")).defer("body")
        if self.comment:
            pages = pages.exclude(pk=self.comment.page_id)
        data["to"] = _exact(pages, words, self.request) or _by_key(pages, data["page_id"])
        if data["to"] is None:
            self.choices = list(pages.filter(title__icontains=words).newest_first()[:PAGES_OFFERED]) if words else []
            self.add_error("page", _why_none(words, self.choices))
        return data


def _by_key(pages, key):
    key = str(key)
    return pages.filter(pk=int(key)).first() if key.isascii() and key.isdecimal() and int(key) <= MAX_INTEGER else None


def _exact(pages, words, request):
    """The page with this key, address or title; None for none, and for a title that several have."""
    if found := _by_key(pages, words):
        return found
    if path := _path_in(words, request):
        page = Page.find_for_request(request, path)
        return pages.filter(pk=page.pk).first() if page else None
    titled = list(pages.filter(title__iexact=words)[:2]) if words else []
    return titled[0] if len(titled) == 1 else None


def _path_in(words, request) -> str:
    """The path, if ``words`` are an address of this site."""
    if not words.startswith(("http://", "https://", "/")):
        return ""
    try:
        parts = urlsplit(words)
    except ValueError:  # brackets that hold no IPv6 address
        return ""
    path = unquote(parts.path)
    is_ours = parts.netloc in {"", request.get_host()} and "\x00" not in path
    return path if is_ours else ""


def _why_none(words, choices) -> str:
    if not words:
        return _("Say to which page it shall go.")
    if choices:
        return _("Which of these pages do you mean?")
    return _("No page that readers can come to, and whose comments you moderate, has this address or title.")
