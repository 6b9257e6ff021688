"""Counting, and what was found, in the words of tests."""

from pages.health import recount
from pages.health.rows import shown
from pages.health.selection import faults_for, with_time
from pages.models import LinkFault, LinkRecount

ORPHAN, DEAD_END, UNSEEN = LinkFault.Kind.ORPHAN, LinkFault.Kind.DEAD_END, LinkFault.Kind.UNSEEN
HERE, ELSEWHERE, DOCUMENT = LinkFault.Kind.HERE, LinkFault.Kind.ELSEWHERE, LinkFault.Kind.DOCUMENT


def count() -> None:
    """Look everything through, as the worker does."""
    made = LinkRecount.objects.create()
    recount.run(made.pk)
    assert LinkRecount.objects.get(pk=made.pk).is_over


def titles(kind) -> list[str]:
    """Count, and say which pages or documents have a fault of ``kind``."""
    count()
    uses = {"kind": DOCUMENT, "page__isnull": False}  # which are no faults
    rows = LinkFault.objects.filter(kind=kind).exclude(**uses).select_related("page", "document")
    return sorted(row.page.title if row.page else row.document.title for row in rows)


def sentences(kind, user) -> list[tuple[str, str]]:
    """Count, and say ``(title, sentence)`` of each fault of ``kind`` as ``user`` is shown it."""
    count()
    faults = with_time(faults_for(user)).filter(kind=kind).select_related("page__content_type", "document", "target", "address")
    return sorted((row.title, row.sentence) for row in shown(list(faults), user))
