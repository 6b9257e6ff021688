"""Which pages an editor chose in one of Wagtail's listings: those ticked, or all that it lists."""

from django.http import Http404, HttpResponseRedirect
from django.shortcuts import get_object_or_404
from django.utils.translation import gettext as _
from wagtail.admin import messages
from wagtail.admin.views.pages.listing import ExplorableIndexView
from wagtail.models import Page
from wagtail.permissions import page_permission_policy

from pages.choices import is_key


class _Listing(ExplorableIndexView):
    """The explorer's listing without the screen: its filters, its search, and who may look where."""

    paginate_by = None

    def pages(self, request, parent: Page) -> list[int]:
        self.setup(request)
        self.parent_page, self.locale = parent.specific, None
        return [page.pk for page in self.get_queryset()]


class NotChosen(Exception):
    """Nothing can be done to what was chosen; the message says why, in words for the editor."""


def listed(request, parent_key: str) -> list[int]:
    """Keys of all pages that the listing below ``parent_key`` shows with the filters and the search in the address.

    Wagtail's own actions take all children instead, filtered or not, and all pages where nothing is known of a parent:
    then ``NotChosen`` is raised.
    """
    if not is_key(parent_key):
        raise NotChosen(_("Here single pages can be chosen, not all of a list. Search and filter below a section instead."))
    return _Listing().pages(request, get_object_or_404(Page, pk=parent_key))


class Chosen:
    """For bulk actions on pages: what they are done to, and the answer where nothing can be."""

    def dispatch(self, request, *args, **kwargs):
        try:
            return super().dispatch(request, *args, **kwargs)
        except NotChosen as error:
            messages.error(request, str(error))
            return HttpResponseRedirect(self.next_url)

    def get_all_objects_in_listing_query(self, parent_id):
        return listed(self.request, parent_id)

    def get_queryset(self, model, object_ids):
        """Those of the keys in the address whose pages are listed to this account: others are not even named."""
        seen = page_permission_policy.explorable_instances(self.request.user).values("pk")
        keys = [int(key) for key in object_ids if is_key(key)]
        pages = list(self.with_what_is_asked(Page.objects.filter(pk__in=keys).filter(pk__in=seen).order_by("path")))
        if not pages:
            raise Http404
        return pages

    def with_what_is_asked(self, pages):
        """``pages`` with what the action asks of each, so that it asks the database once for all."""
        return pages
