"""Which pages an editor chose in one of Wagtail's listings: those ticked, or all that it lists."""

from django.http import Http404
from django.shortcuts import get_object_or_404
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


def listed(request, parent_key: str) -> list[int]:
    """Keys of all pages that the listing below ``parent_key`` shows with the filters and the search in the address.

    Wagtail's own actions take all children instead, filtered or not.
    """
    if not is_key(parent_key):
        raise Http404
    return _Listing().pages(request, get_object_or_404(Page, pk=parent_key))
