"""What is said of a fault: one plain sentence, and where it is mended."""

from django.urls import reverse
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from wagtail.coreutils import safe_snake_case

from pages.health.here import fragment_of
from pages.models import ContentPage, LinkFault, OutboundAddress

Kind, State = LinkFault.Kind, OutboundAddress.State

# Why an address is as it is, when it gave no status.
WHY = {
    "new": gettext_lazy("its turn has not come yet"),
    "robots": gettext_lazy("its server asks programs to stay away"),
    "network": gettext_lazy("it leads into a private network"),
    "port": gettext_lazy("it names an unusual port"),
    "malformed": gettext_lazy("it cannot be read"),
    "fault": gettext_lazy("checking it failed here"),
    "name": gettext_lazy("nobody knows the name of its server"),
    "timeout": gettext_lazy("its server does not answer in time"),
    "refused": gettext_lazy("its server takes no connection"),
    "closed": gettext_lazy("its server breaks off"),
    "certificate": gettext_lazy("its server makes no safe connection"),
    "loop": gettext_lazy("it leads on and on"),
}
STATUS = {
    "401": gettext_lazy("it asks for a log-in"),
    "403": gettext_lazy("its server does not answer programs"),
    "404": gettext_lazy("not found, 404"),
    "410": gettext_lazy("gone for good, 410"),
}
PLAIN = {
    Kind.ORPHAN: gettext_lazy("No public page leads here."),
    Kind.DEAD_END: gettext_lazy("Nothing on it leads on: no link, topic, series, chapter or contributor with a profile."),
    Kind.DOCUMENT: gettext_lazy("No page links to it."),
}
# What stands under a tab, in a sentence above the list.
ABOUT = {
    Kind.ORPHAN: gettext_lazy("Public pages that no other public page leads to. Lists and topics by themselves lead nobody."),
    Kind.DEAD_END: gettext_lazy("Public pages from which nothing of their own leads on."),
    Kind.UNSEEN: gettext_lazy("Links that readers do not see, since the page at the other end is not public."),
    Kind.HERE: gettext_lazy("Addresses and places within this site that are not there."),
    Kind.ELSEWHERE: gettext_lazy("Addresses of others, asked once a week, and once a day while they fail."),
    Kind.DOCUMENT: gettext_lazy(
        "Documents that no page links to. Drafts of published pages are not read: look before you delete."
    ),
}
# The headings of the panels in which rows are edited; fields have panels by their own names.
HEADINGS = {
    "links": gettext_lazy("Linked content"),
    "steps": gettext_lazy("Steps"),
    "formats": gettext_lazy("Formats"),
    "picks": gettext_lazy("Begin here"),
    "features": gettext_lazy("Begin here"),
}
# Where on a page, by the beginning of the place.
PLACES = {
    "body": gettext_lazy("in the text"),
    "transcript": gettext_lazy("in the transcript"),
    "biography": gettext_lazy("in the biography"),
    "links": gettext_lazy("under Linked content"),
    "steps": gettext_lazy("in a step"),
    "formats": gettext_lazy("in a format"),
    "website": gettext_lazy("as website"),
    "picks": gettext_lazy("under Begin here"),
    "features": gettext_lazy("under Begin here"),
}


def why_of(code: str) -> str:
    if code in WHY:
        return str(WHY[code])
    return str(STATUS[code]) if code in STATUS else _("it answers %(status)s") % {"status": code}


def sentence_of(fault: LinkFault, target: str, unseen: str) -> str:
    """What is wrong. ``target``: how the page at the other end may be called; ``unseen``: why readers do not see it."""
    if fault.kind in PLAIN:
        return str(PLAIN[fault.kind])
    if fault.kind == Kind.ELSEWHERE:
        return _of_address(fault.address)
    said = {
        "where": PLACES.get(fault.place.partition(".")[0], ""),
        "title": target,
        "why": unseen,
        "address": fault.said,
        "place": fragment_of(fault.said),
    }
    if fault.kind == Kind.UNSEEN:
        if not fault.target_id:
            return _("Leads to a page that was deleted, %(where)s.") % said
        return _("Leads to “%(title)s”, %(where)s, which readers do not see: %(why)s.") % said
    if fault.target_id:
        return _("Leads to the place “%(place)s” on “%(title)s”, %(where)s, which is not there.") % said
    return _("Leads to %(address)s, %(where)s, where nothing is.") % said


def _of_address(address: OutboundAddress) -> str:
    why = why_of(address.why)
    if address.state == State.MOVED:
        return _("Has moved for good, to %(address)s") % {"address": address.moved_to}
    if address.state == State.GOOD:
        return _("Answers well.")
    if address.state == State.UNCHECKED:
        return _("Not checked: %(why)s.") % {"why": why}
    said = {"why": why, "since": date_format(timezone.localtime(address.failing_since), "DATE_FORMAT")}
    if address.state == State.BROKEN:
        return _("Broken since %(since)s: %(why)s.") % said
    return _("Failing since %(since)s: %(why)s. It is asked again each day.") % said


def mend_url(fault: LinkFault) -> str:
    """The very place to mend: the block, or the panel, in the page's editor."""
    if fault.document_id:
        return reverse("wagtaildocs:edit", args=[fault.document_id])
    url = reverse("wagtailadmin_pages:edit", args=[fault.page_id])
    place, _dot, block = fault.place.partition(".")
    if block:
        return f"{url}#block-{block}-section"
    if not place and issubclass(fault.page.specific_class or type(fault.page), ContentPage):
        place = "links"
    if not place:
        return url
    # As Wagtail makes the id of a panel: from the headings above it, in the language of whoever looks.
    name = safe_snake_case(str(HEADINGS[place])) if place in HEADINGS else place
    return f"{url}#panel-child-{safe_snake_case(_('Content'))}-{name}-section"
