"""Faults as they are shown, wherever that is: with names that the account may read, a sentence, and the way to mend."""

from collections import defaultdict
from dataclasses import dataclass
from datetime import datetime

from django.utils.translation import gettext as _

from pages.health.wording import mend_url, sentence_of, why_of
from pages.models import AddressChange, LinkFault
from pages.sight import Sight


@dataclass(frozen=True)
class Row:
    key: int
    title: str
    type: str
    subject: str  # the address elsewhere that it is about; empty for other kinds
    sentence: str
    since: datetime
    mend: str
    kind: str
    history: list[AddressChange]
    is_document: bool


def shown(faults: list[LinkFault], user) -> list[Row]:
    """``faults``, loaded as a selection has them, for ``user``. As many queries for many as for one."""
    targets = {fault.target_id: fault.target for fault in faults if fault.target_id}
    sight, changes = Sight(targets.values(), user), _changes(faults)
    return [_row(fault, sight, changes) for fault in faults]


def _row(fault: LinkFault, sight: Sight, changes) -> Row:
    named = sight.named(fault.target) if fault.target_id else None
    page = fault.page
    return Row(
        key=fault.pk,
        title=page.get_admin_display_title() if page else fault.document.title,
        type=str(page.page_type_display_name) if page else _("Document"),
        subject=fault.address.address if fault.address_id else "",
        sentence=sentence_of(fault, named.title if named else "", named.unseen if named else ""),
        since=fault.since,
        mend=mend_url(fault),
        kind=fault.get_kind_display(),
        history=changes.get(fault.address_id, []),
        is_document=page is None,
    )


def _changes(faults) -> dict[int, list[AddressChange]]:
    """What the addresses did in the last months, the newest first."""
    found = defaultdict(list)
    keys = {fault.address_id for fault in faults} - {None}
    for change in AddressChange.objects.filter(address__in=keys).order_by("-at", "-pk") if keys else []:
        change.in_words = why_of(change.why)
        found[change.address_id].append(change)
    return found
