"""The part of the page editor that proposes links and contributors, fetched by itself."""

from django.core.exceptions import PermissionDenied
from django.shortcuts import get_object_or_404, render
from django.views.decorators.http import require_safe

from pages.choices import LARGEST_KEY
from pages.models import ContentPage
from pages.proposals import hidden_targets, proposals_for


@require_safe
def proposals(request, page_id: int):
    """``/admin/proposals/<page>/``: proposals for the draft that was saved last, for those who edit the page."""
    page = get_object_or_404(ContentPage, pk=min(page_id, LARGEST_KEY))
    if not page.permissions_for_user(request.user).can_edit():
        raise PermissionDenied
    draft = page.get_latest_revision_as_object()
    context = {"proposals": proposals_for(draft, request.user), "hidden": hidden_targets(draft, request.user)}
    return render(request, "pages/admin/proposals.html", context)
