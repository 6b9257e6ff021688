"""The changes of many pages among Wagtail's bulk actions, in every listing of pages."""

from urllib.parse import urlencode

from django.http import HttpResponseRedirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from wagtail.admin.views.pages.bulk_actions.page_bulk_action import PageBulkAction

from pages.bulk import work
from pages.bulk.applying import why_left
from pages.bulk.changes import Contributor, Link, Topics
from pages.bulk.choosing import Chosen, NotChosen
from pages.bulk.forms import ContributorForm, LinkForm, SeriesForm, TopicsForm
from pages.models import ContentPage

NAMED = 20


class ChangeTogether(Chosen, PageBulkAction):
    """One change to all pages that were chosen. Subclasses say which, and what is asked."""

    template_name = "pages/admin/bulk_change.html"
    advice = gettext_lazy(
        "What is public changes at once where you may publish; unfinished drafts get the change too, and stay drafts."
    )
    change: type

    def get_queryset(self, model, object_ids):
        if len(object_ids) > work.MOST:
            raise NotChosen(_("No more than %(most)d pages at once. Search or filter for fewer.") % {"most": work.MOST})
        return super().get_queryset(model, object_ids)

    def with_what_is_asked(self, pages):
        return pages.annotate_approved_schedule().prefetch_workflow_states()

    def check_perm(self, page):
        page.why_left = why_left(page, self.change.fits, self.request.user)
        return not page.why_left

    def get_form_kwargs(self):
        return super().get_form_kwargs() | {"user": self.request.user}

    def object_context(self, obj):
        return {"item": obj}

    def get_context_data(self, **kwargs):
        context = super().get_context_data(**kwargs)
        items = [entry["item"] for entry in context["items"]]
        left = [entry["item"] for entry in context["items_with_no_access"]]
        return context | {
            "title": self.display_name,
            "icon": self.icon,
            "advice": self.advice,
            "total": len(items),
            "named": items[:NAMED],
            "left": left[:NAMED],
            "more_left": len(left[NAMED:]),
            "more": len(items[NAMED:]),
        }

    def prepare_action(self, objects, objects_without_access):
        """Do it ourselves, page by page and each in a transaction of its own, and lead to what came of it."""
        keys, change, words = self.what_to_do([page.pk for page in objects], self.cleaned_form)
        job = work.start(change, keys, words, by=self.request.user)
        return HttpResponseRedirect(f"{reverse('pages_bulk_change', args=[job.pk])}?{urlencode({'next': self.next_url})}")

    def what_to_do(self, keys, form) -> tuple:
        """``(pages that change, change, words)``"""
        return keys, form.change(), form.words()


class TopicsAction(ChangeTogether):
    display_name = gettext_lazy("Topics")
    action_type = "topics"
    aria_label = gettext_lazy("Add topics to the chosen pages, or take them away")
    action_priority = 60
    icon = "tag"
    form_class = TopicsForm
    change = Topics


class ContributorAction(ChangeTogether):
    display_name = gettext_lazy("Contributor")
    action_type = "contributor"
    aria_label = gettext_lazy("Add a contributor to the chosen pages, or take one away")
    action_priority = 70
    icon = "user"
    form_class = ContributorForm
    change = Contributor


class LinkAction(ChangeTogether):
    display_name = gettext_lazy("Link")
    action_type = "link"
    aria_label = gettext_lazy("Link the chosen pages to one page")
    action_priority = 80
    icon = "link"
    form_class = LinkForm
    change = Link


class SeriesAction(ChangeTogether):
    """Changes the series alone: the pages need not be the editor's."""

    display_name = gettext_lazy("Series")
    action_type = "series"
    advice = gettext_lazy("Only the series changes: these pages become its last parts, in this order.")
    aria_label = gettext_lazy("Make the chosen pages parts of a series")
    action_priority = 90
    icon = "list-ol"
    form_class = SeriesForm

    def check_perm(self, page):
        fits = issubclass(page.specific_class, ContentPage) and not page.alias_of_id
        page.why_left = "" if fits else _("can be no part of a series")
        return fits

    def what_to_do(self, keys, form):
        return [form.cleaned_data["series"].pk], form.change(keys), form.words(len(keys))


ACTIONS = [TopicsAction, ContributorAction, LinkAction, SeriesAction]
