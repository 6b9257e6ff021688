"""Taking pages away in the admin: readers can be sent on to another page, one page at a time or many at once."""

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext
from wagtail.admin import messages
from wagtail.admin.views.pages.bulk_actions.delete import DeleteBulkAction
from wagtail.admin.views.pages.bulk_actions.move import MoveBulkAction
from wagtail.admin.views.pages.bulk_actions.page_bulk_action import DefaultPageForm
from wagtail.admin.views.pages.bulk_actions.publish import PublishBulkAction
from wagtail.admin.views.pages.bulk_actions.unpublish import UnpublishBulkAction
from wagtail.models import Page

from pages.bulk.choosing import Chosen
from pages.choices import PageField
from pages.navigation import any_pages
from pages.old_addresses import Leaving
from pages.pointers import with_what_stands_beneath
from people.visibility import is_visible


class LeadingForm(forms.Form):
    """Where those are sent who come to the address of a page that goes; nowhere if nothing is chosen.

    Asks nothing where no reader comes.
    """

    lead_to = PageField(
        Page.objects.all(),
        required=False,
        label=gettext_lazy("Send readers on to"),
        help_text=gettext_lazy(
            "Whoever comes to an address that is taken away is led to this page. Without one, they read that nothing is there."
        ),
    )

    def __init__(self, *args, pages=(), **kwargs):
        super().__init__(*args, **kwargs)
        self.pages = pages
        self.fields["lead_to"].widget.told = any_pages().visible_at_once()
        if not has_addresses(pages):
            del self.fields["lead_to"]

    def clean_lead_to(self):
        target = self.cleaned_data["lead_to"]
        if not target:
            return None
        original = target.alias_of or target
        if any(place.path.startswith(page.path) for page in self.pages for place in (target, original)):
            raise ValidationError(_("This page goes as well. Choose one that stays."))
        if not is_visible(target) or not target.url:
            raise ValidationError(_("Readers do not see this page. Choose one that is public."))
        return target


def has_addresses(pages) -> bool:
    """Whether readers may come to one of ``pages``, or to what stands beneath."""
    return Page.objects.filter(with_what_stands_beneath(pages)).live().exists()


def before(view):
    """The hook before a page is taken away by ``view``: notes its addresses, or shows the screen again with what is wrong."""

    def note_addresses(request, page):
        if request.method != "POST":
            return None
        request.leading_form = form = LeadingForm(request.POST, pages=[page])
        if not form.is_valid():
            request.method = "GET"
            return view.as_view()(request, page_id=page.pk)
        if "lead_to" in form.fields:
            request.leaving = Leaving([page]), form.cleaned_data["lead_to"]
        return None

    return note_addresses


def after(request, page):
    """The hook after a page was taken away: leads on if this was wanted, and nowhere otherwise."""
    leaving, target = getattr(request, "leaving", (None, None))
    if leaving and not target:
        leaving.lead_nowhere()
    elif leaving:
        number = leaving.lead_to(target, by=request.user)
        said = ngettext("%(number)d address leads to “%(title)s” now.", "%(number)d addresses lead to “%(title)s” now.", number)
        messages.success(request, said % {"number": number, "title": target.get_admin_display_title()})


class LeadingOn(Chosen):
    """For bulk actions that take pages away."""

    def get_form_kwargs(self):
        pages, _without_access = super().get_actionable_objects()
        return super().get_form_kwargs() | {"pages": pages}

    def get_execution_context(self):
        return super().get_execution_context() | {"lead_to": self.cleaned_form.cleaned_data.get("lead_to")}

    @classmethod
    def execute_action(cls, objects, user=None, lead_to=None, **kwargs):
        leaving = Leaving(objects)
        numbers = super().execute_action(objects, user=user, **kwargs)
        if lead_to:
            leaving.lead_to(lead_to, by=user)
        else:
            leaving.lead_nowhere()
        return numbers


class LeadingBulkForm(LeadingForm, DefaultPageForm):
    """The same beside what Wagtail asks."""

    include_descendants = forms.BooleanField(required=False, label=gettext_lazy("Unpublish the pages beneath as well"))


class Outermost:
    """For bulk actions that take along what stands beneath: filters leave pages at any depth, and none goes twice."""

    def get_actionable_objects(self):
        pages, without_access = super().get_actionable_objects()
        return outermost(pages), without_access


def outermost(pages: list) -> list:
    """Those of ``pages``, in the order of the tree, that stand beneath no other of them."""
    kept = []
    for page in pages:
        if not kept or not page.path.startswith(kept[-1].path):
            kept.append(page)
    return kept


class DeletePagesAction(Outermost, LeadingOn, DeleteBulkAction):
    form_class = LeadingBulkForm


class UnpublishPagesAction(LeadingOn, UnpublishBulkAction):
    form_class = LeadingBulkForm


class MovePagesAction(Outermost, Chosen, MoveBulkAction):
    pass


class PublishPagesAction(Chosen, PublishBulkAction):
    """Takes nothing away, but all in a listing means the same here."""
