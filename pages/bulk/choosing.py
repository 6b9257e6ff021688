"""Which pages an editor chose in one of Wagtail's listings: those ticked, or all that it lists."""

from django.shortcuts import get_object_or_404
from django.utils.translation import gettext as _
from wagtail.admin.views.pages.listing import ExplorableIndexView
from wagtail.models import Page

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
