"""Looking through all pages and documents for what is wrong with links: by the worker, a portion at a time.

A portion is read without any lock, and what was found is written in one short transaction together with how far the look
has come. Broken off, it goes on from there; of two workers with the same portion one writes, and the other drops it.
"""

import logging
import time
from datetime import timedelta

from django.contrib.contenttypes.models import ContentType
from django.db import IntegrityError, models, transaction
from django.db.models import CharField, Exists, OuterRef
from django.db.models.functions import Cast
from django.utils import timezone
from django_tasks import task
from wagtail.documents.models import Document
from wagtail.models import Page, ReferenceIndex

from pages.health.judging import Finding, hash_of, judge
from pages.health.origin import host_of
from pages.models import LinkFault, LinkRecount, OutboundAddress, OutboundHost
from pages.navigation import any_pages

logger = logging.getLogger(__name__)

TOGETHER = 100  # pages or documents
SECONDS = 10.0  # then other tasks have their turn
PATIENCE = timedelta(minutes=2)
KEPT = timedelta(days=30)
Stage = LinkRecount.Stage


def under_way() -> LinkRecount | None:
    return LinkRecount.objects.filter(is_over=False).first()


def last_over() -> LinkRecount | None:
    return LinkRecount.objects.filter(is_over=True).order_by("-started_at").first()


def start() -> LinkRecount:
    """Have everything looked through by the worker; a look that is under way already is joined."""
    if there := under_way():
        return there
    try:
        with transaction.atomic():
            recount = LinkRecount.objects.create(total=Page.objects.filter(depth__gt=1).count() + Document.objects.count())
    except IntegrityError:  # somebody else was quicker
        return under_way() or start()
    transaction.on_commit(lambda: run_recount.enqueue(recount.pk))
    return recount


@task()
def run_recount(key: int) -> None:
    run(key)


def run(key: int) -> None:
    """Go on with a recount for some seconds; what is left then waits behind the other tasks."""
    until = time.monotonic() + SECONDS
    while is_left := next_portion(key):
        if time.monotonic() > until:
            break
    if is_left:
        run_recount.enqueue(key)


def go_on(now=None) -> None:
    """Take up what a worker left unfinished, and what no worker began: run every minute."""
    touched_before = (now or timezone.now()) - PATIENCE
    if LinkRecount.objects.filter(is_over=False, touched_at__lt=touched_before).update(touched_at=now or timezone.now()):
        run_recount.enqueue(under_way().pk)


def forget_old(now=None) -> None:
    LinkRecount.objects.filter(finished_at__lt=(now or timezone.now()) - KEPT).delete()


def next_portion(key: int) -> bool:
    """Look through one portion; whether more is left."""
    recount = LinkRecount.objects.filter(pk=key, is_over=False).first()
    return recount is not None and LOOKS[recount.stage](recount)


def _pages(recount: LinkRecount) -> bool:
    keys = _keys_after(Page.objects.filter(depth__gt=1), recount.cursor)
    live = any_pages().visible().filter(pk__in=keys, alias_of__isnull=True).order_by("pk").specific()
    return _write(recount, keys, _judged(list(live)), "page_id", Stage.DOCUMENTS)


def _judged(pages: list[Page]) -> list[Finding]:
    """What is wrong with ``pages``; one that cannot be read keeps no other from being judged."""
    try:
        return judge(pages)
    except Exception:
        logger.exception("Links of %s could not be judged", [page.pk for page in pages])
    half = len(pages) // 2
    return [*_judged(pages[:half]), *_judged(pages[half:])] if half else []


def _documents(recount: LinkRecount) -> bool:
    keys = _keys_after(Document.objects.all(), recount.cursor)
    kind = ContentType.objects.get_for_model(Document)
    uses = ReferenceIndex.objects.filter(to_content_type=kind, to_object_id=Cast(OuterRef("pk"), CharField()))
    named = LinkFault.objects.filter(document=OuterRef("pk"), page__isnull=False)  # by its address
    unused = Document.objects.filter(pk__in=keys).exclude(Exists(uses)).exclude(Exists(named)).order_by("pk")
    found = [Finding(LinkFault.Kind.DOCUMENT, document=document) for document in unused.values_list("pk", flat=True)]
    return _write(recount, keys, found, "document_id", Stage.ADDRESSES)


def _keys_after(rows, cursor: int) -> list[int]:
    return list(rows.filter(pk__gt=cursor).order_by("pk").values_list("pk", flat=True)[:TOGETHER])


def _write(recount, keys, found, column: str, next_stage) -> bool:
    """What was found of ``keys`` in place of what was known of them; rows that hold as before stay untouched."""
    by_key = {finding.key: finding for finding in found}
    is_last = len(keys) < TOGETHER
    with transaction.atomic():
        if not _advance(recount, keys[-1] if keys else recount.cursor, len(keys), next_stage if is_last else ""):
            return True  # another worker has this portion
        # To the end in the last portion: pages deleted meanwhile take their rows along, others have none.
        span = {f"{column}__gt": recount.cursor} | ({} if is_last else {f"{column}__lte": keys[-1]})
        if column != "page_id":
            span["page"] = None  # what stands on pages was found with them
        known = dict(LinkFault.objects.filter(**span).values_list("key", "pk"))
        LinkFault.objects.filter(pk__in=[pk for key, pk in known.items() if key not in by_key]).delete()
        _add([finding for key, finding in by_key.items() if key not in known])
    return True


def _advance(recount, cursor: int, count: int, next_stage: str) -> bool:
    """Note how far it has come, unless another worker was quicker."""
    same = LinkRecount.objects.filter(pk=recount.pk, stage=recount.stage, cursor=recount.cursor, is_over=False)
    values = {"stage": next_stage, "cursor": 0} if next_stage else {"cursor": cursor}
    return bool(same.update(done_count=models.F("done_count") + count, touched_at=timezone.now(), **values))


def _add(findings: list[Finding]) -> None:
    """Store what is new, as far as what it names is still there."""
    addresses = _addresses({finding.elsewhere for finding in findings} - {""})
    wanted = {finding.page for finding in findings} | {finding.target for finding in findings}
    pages = {None, *Page.objects.filter(pk__in=wanted - {None}).values_list("pk", flat=True)}
    documents = {finding.document for finding in findings}
    documents = {None, *Document.objects.filter(pk__in=documents - {None}).values_list("pk", flat=True)}
    rows = [
        LinkFault(
            key=finding.key,
            kind=finding.kind,
            page_id=finding.page,
            document_id=finding.document,
            place=finding.place[:200],
            target_id=finding.target if finding.target in pages else None,
            address_id=addresses.get(finding.elsewhere),
            said=finding.said,
        )
        for finding in findings
        if finding.page in pages and finding.document in documents and bool(finding.elsewhere) == (finding.elsewhere in addresses)
    ]
    LinkFault.objects.bulk_create(rows, batch_size=500, ignore_conflicts=True)


def _addresses(wanted: set[str]) -> dict[str, int]:
    """The keys of rows for ``wanted``, made where there was none: to be checked when their turn comes."""
    hosts = {address: host_of(address) for address in wanted}
    OutboundHost.objects.bulk_create(
        [OutboundHost(name=name) for name in sorted(set(hosts.values()))], batch_size=500, ignore_conflicts=True
    )
    OutboundAddress.objects.bulk_create(
        [OutboundAddress(key=hash_of(address), address=address, host_id=hosts[address]) for address in sorted(wanted)],
        batch_size=500,
        ignore_conflicts=True,
    )
    rows = OutboundAddress.objects.filter(key__in=[hash_of(address) for address in wanted])
    return dict(rows.values_list("address", "pk"))


def _sweep(recount: LinkRecount) -> bool:
    """Forget addresses and servers that nothing names any more, and say that the look is over."""
    unnamed = OutboundAddress.objects.filter(~Exists(LinkFault.objects.filter(address=OuterRef("pk"))))
    keys = list(unnamed.order_by("pk").values_list("pk", flat=True)[:TOGETHER])
    hosts = OutboundHost.objects.filter(~Exists(OutboundAddress.objects.filter(host=OuterRef("pk"))))
    names = list(hosts.filter(next_at__lte=timezone.now()).order_by("pk").values_list("pk", flat=True)[:TOGETHER])
    with transaction.atomic():
        OutboundAddress.objects.filter(pk__in=keys).filter(uses__isnull=True).delete()
        OutboundHost.objects.filter(pk__in=names).filter(addresses__isnull=True).delete()
        now = timezone.now()
        values = {"stage": Stage.OVER, "is_over": True, "finished_at": now} if not keys and not names else {}
        LinkRecount.objects.filter(pk=recount.pk, is_over=False).update(touched_at=now, **values)
    return bool(keys or names)


LOOKS = {Stage.PAGES: _pages, Stage.DOCUMENTS: _documents, Stage.ADDRESSES: _sweep}
