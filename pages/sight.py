"""What an account is told of pages: which it may see by name, and why readers do not see them.

Knows no models of ours, since pages are made of this.
"""

from collections.abc import Iterable
from dataclasses import dataclass

from django.db.models import Exists, OuterRef
from django.urls import reverse
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from wagtail.models import Page
from wagtail.permission_policies.pages import PagePermissionPolicy

from people.visibility import is_on_a_site, restricted_paths


def worked_on_by(user):
    """Pages that ``user`` may change."""
    return PagePermissionPolicy(Page).instances_user_has_permission_for(user, "change").order_by()


@dataclass(frozen=True)
class Named:
    """A page as an editor is shown it: nothing of one that is hidden from readers and from this account."""

    key: int
    title: str
    url: str  # where it can be mended; empty for who may not
    unseen: str  # why readers do not see it; empty when they do
    consequence: str  # the same as a sentence about a link that leads there


class Sight:
    """What ``user`` is told of ``pages``: looked up for all of them at once, in two queries."""

    def __init__(self, pages: Iterable[Page], user):
        keys = [page.pk for page in pages]
        self._private = restricted_paths() if keys else set()
        found = Page.objects.filter(pk__in=keys).order_by().annotate_approved_schedule()
        if user:
            found = found.annotate(own=Exists(worked_on_by(user).filter(pk=OuterRef("pk"))))
        rows = found.values_list("pk", "_approved_schedule", *(["own"] if user else [])) if keys else []
        self._scheduled = {row[0] for row in rows if row[1]}
        self._own = {row[0] for row in rows if row[-1]} if user else set()

    def named(self, page: Page) -> Named:
        reason, consequence = self._reason(page)
        if reason and page.pk not in self._own:
            return Named(page.pk, _("A page that you may not see"), "", reason, consequence)
        if page.pk not in self._own:  # what its next version will be called is its editors' own
            return Named(page.pk, page.title, "", "", "")
        url = reverse("wagtailadmin_pages:edit", args=[page.pk])
        return Named(page.pk, page.get_admin_display_title(), url, reason, consequence)

    def why_unseen(self, page: Page) -> str:
        """Why readers do not see ``page`` now, in a few words; empty when they do."""
        return self._reason(page)[0]

    def _reason(self, page: Page) -> tuple[str, str]:
        now = timezone.now()
        if page.expired or (page.expire_at and page.expire_at <= now):
            return _("expired"), _("No longer public: readers do not see this link.")
        if page.go_live_at and page.go_live_at > now and (page.live or page.pk in self._scheduled):
            time = {"time": date_format(timezone.localtime(page.go_live_at), "DATETIME_FORMAT")}
            said = _("Not public until %(time)s: hidden from readers until then.")
            return _("scheduled for %(time)s") % time, said % time
        if not page.live:
            return _("a draft"), _("A draft: hidden from readers until it is published.")
        if not is_on_a_site(page):
            return _("on no site"), _("It stands on no site of the hub, so it has no address: hidden from readers.")
        if any(page.path.startswith(path) for path in self._private):
            return _("private"), _("Private: readers do not see this link, whoever they are.")
        return "", ""
