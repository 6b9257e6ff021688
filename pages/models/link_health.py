"""What is wrong with links, as the worker found it, and how addresses elsewhere have answered: read by the report alone."""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _


class OutboundHost(models.Model):
    """A machine elsewhere by its name: when it may be asked again, and what it wants programs to leave alone.

    ``robots``: ``{origin: {"text": …, "read_at": ISO 8601}}``, for each scheme and port has a robots.txt of its own.
    """

    wagtail_reference_index_ignore = True

    name = models.CharField(max_length=255, primary_key=True)
    next_at = models.DateTimeField(default=timezone.now)
    robots = models.JSONField(default=dict)

    class Meta:
        default_permissions = []
        verbose_name = _("server elsewhere")

    def __str__(self):
        return self.name


class OutboundAddress(models.Model):
    """An address elsewhere that live pages name, and how it answered when it was asked last."""

    class State(models.TextChoices):
        UNCHECKED = "unchecked", _("Not checked")
        GOOD = "good", _("Good")
        MOVED = "moved", _("Moved for good")
        FAILING = "failing", _("Failing")
        BROKEN = "broken", _("Broken")

    wagtail_reference_index_ignore = True

    key = models.CharField(max_length=64, unique=True)  # a hash: addresses may be longer than an index takes
    address = models.TextField()
    host = models.ForeignKey(OutboundHost, on_delete=models.CASCADE, related_name="addresses")
    state = models.CharField(max_length=10, choices=State.choices, default=State.UNCHECKED)
    why = models.CharField(max_length=30, default="new")  # as ``pages.health.wording`` has it
    moved_to = models.TextField(blank=True)
    failures = models.PositiveIntegerField(default=0)
    failing_since = models.DateTimeField(null=True)
    changed_at = models.DateTimeField(default=timezone.now)
    checked_at = models.DateTimeField(null=True)
    next_check_at = models.DateTimeField(default=timezone.now)

    class Meta:
        default_permissions = []
        verbose_name = _("address elsewhere")
        indexes = [
            models.Index(fields=["next_check_at"], name="address_due"),
            models.Index(fields=["host", "next_check_at"], name="address_due_of_host"),
        ]

    def __str__(self):
        return self.address


class AddressChange(models.Model):
    """That an address began to answer otherwise. Kept for some months."""

    wagtail_reference_index_ignore = True

    address = models.ForeignKey(OutboundAddress, on_delete=models.CASCADE, related_name="changes")
    state = models.CharField(max_length=10, choices=OutboundAddress.State.choices)
    why = models.CharField(max_length=30)
    at = models.DateTimeField(default=timezone.now, db_index=True)

    class Meta:
        default_permissions = []
        verbose_name = _("change of an address")
        ordering = ["-at", "-pk"]

    def __str__(self):
        return f"{self.address_id} {self.state}"


class LinkFault(models.Model):
    """One thing to be mended: on a live page at a place, or about a document.

    Links elsewhere have a row each, whatever their state: they are faults while ``address`` says so. So have links that name
    a document by its address, which are none: Wagtail's index of references does not know them.
    """

    class Kind(models.TextChoices):
        ORPHAN = "orphan", _("Orphans")
        DEAD_END = "dead-end", _("Dead ends")
        UNSEEN = "unseen", _("To hidden pages")
        HERE = "here", _("Broken here")
        ELSEWHERE = "elsewhere", _("Elsewhere")
        DOCUMENT = "document", _("Unused documents")

    wagtail_reference_index_ignore = True

    key = models.CharField(max_length=64, unique=True)  # a hash of all that makes it this fault
    kind = models.CharField(max_length=10, choices=Kind.choices)
    page = models.ForeignKey("wagtailcore.Page", null=True, on_delete=models.CASCADE, related_name="+")
    document = models.ForeignKey("wagtaildocs.Document", null=True, on_delete=models.CASCADE, related_name="+")
    place = models.CharField(max_length=200, blank=True)  # where on the page, as ``pages.health.links`` has it
    target = models.ForeignKey("wagtailcore.Page", null=True, on_delete=models.SET_NULL, related_name="+")
    address = models.ForeignKey(OutboundAddress, null=True, on_delete=models.CASCADE, related_name="uses")
    said = models.TextField(blank=True)  # the address within this site, as it was written
    found_at = models.DateTimeField(default=timezone.now)
    dismissed_at = models.DateTimeField(null=True)
    dismissed_by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+")

    class Meta:
        default_permissions = []
        verbose_name = _("fault of a link")
        indexes = [models.Index(fields=["kind", "found_at", "id"], name="faults_of_a_kind")]

    def __str__(self):
        return f"{self.kind} {self.page_id or self.document_id}"


class LinkRecount(models.Model):
    """One look through all pages and documents, and how far it has come. There is one at a time."""

    class Stage(models.TextChoices):
        PAGES = "pages", _("Pages")
        DOCUMENTS = "documents", _("Documents")
        ADDRESSES = "addresses", _("Addresses that nothing names any more")
        OVER = "over", _("Done")

    wagtail_reference_index_ignore = True

    stage = models.CharField(max_length=10, choices=Stage.choices, default=Stage.PAGES)
    cursor = models.BigIntegerField(default=0)  # the last key that was looked at in this stage
    total = models.PositiveIntegerField(default=0)
    done_count = models.PositiveIntegerField(default=0)
    is_over = models.BooleanField(default=False)
    started_at = models.DateTimeField(default=timezone.now, db_index=True)
    touched_at = models.DateTimeField(default=timezone.now)
    finished_at = models.DateTimeField(null=True)

    class Meta:
        default_permissions = []
        verbose_name = _("recount of links")
        constraints = [
            models.UniqueConstraint(fields=["is_over"], condition=Q(is_over=False), name="one_recount_of_links_at_a_time")
        ]

    def __str__(self):
        return f"{self.started_at} {self.stage}"


class LinkDigest(models.Model):
    """Whether an editor is told by mail, once a week, what has newly gone wrong with links."""

    user = models.OneToOneField(settings.AUTH_USER_MODEL, primary_key=True, on_delete=models.CASCADE, related_name="link_digest")
    wanted = models.BooleanField(
        _("tell me once a week what is new"), default=False, help_text=_("On pages that you may edit. Nothing new, no mail.")
    )
    told_at = models.DateTimeField(null=True, editable=False)
    told_up_to = models.DateTimeField(null=True, editable=False)

    class Meta:
        default_permissions = []
        verbose_name = _("mail about links")

    def __str__(self):
        return f"{self.user}: {self.wanted}"
