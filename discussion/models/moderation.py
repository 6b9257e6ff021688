"""What moderators decide besides the states of comments, and the record of it."""

from django.conf import settings
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from wagtail.admin.panels import FieldPanel

from discussion.models.comments import PageComment, Reason


class LogEntry(models.Model):
    """One thing done in moderation other than a change of a comment's state, which is a ``Decision``. Never rewritten.

    ``before`` and ``after`` are plain values for JSON, or None; ``about`` names what it was done to for as long as that may
    be named: a page, a person, a domain, a rule.
    """

    class Action(models.TextChoices):
        FEATURE = "feature", _("Made an editor’s pick")
        UNFEATURE = "unfeature", _("No longer an editor’s pick")
        REDACT = "redact", _("Redacted")
        MOVE = "move", _("Moved to another page")
        CLOSE_THREAD = "close-thread", _("Thread closed")
        OPEN_THREAD = "open-thread", _("Thread opened")
        TREAT = "treat", _("Person or domain treated")
        END_TREATMENT = "end-treatment", _("Treatment ended")
        NOTE = "note", _("Note written")
        DELETE_NOTE = "delete-note", _("Note deleted")
        OVERRIDE = "override", _("Discussion closed, hidden or freed")
        MODE = "mode", _("Moderation before or after publication")
        RULE = "rule", _("Rule changed")
        SETTINGS = "settings", _("Settings changed")
        EXPORT = "export", _("Record exported")

    wagtail_reference_index_ignore = True  # a page has thousands of these; they are no uses of it

    action = models.CharField(max_length=20, choices=Action.choices)
    at = models.DateTimeField(default=timezone.now)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+", db_index=False)
    by_name = models.CharField(max_length=150, blank=True)
    comment = models.ForeignKey(PageComment, null=True, on_delete=models.CASCADE, related_name="log_entries")
    page = models.ForeignKey("wagtailcore.Page", null=True, on_delete=models.SET_NULL, related_name="+", db_index=False)
    person = models.CharField(max_length=40, blank=True, default="")
    about = models.CharField(max_length=255, blank=True, default="")
    before = models.JSONField(null=True)
    after = models.JSONField(null=True)
    reason = models.CharField(max_length=250, blank=True, default="")

    class Meta:
        default_permissions = []
        ordering = ["-at", "-pk"]
        indexes = [
            models.Index(fields=["-at", "-id"], name="log_newest_first"),
            models.Index(fields=["by", "-at", "-id"], name="log_by_moderator"),
            models.Index(fields=["page", "-at", "-id"], name="log_of_page"),
            models.Index(fields=["action", "-at", "-id"], name="log_of_action"),
            models.Index(fields=["person", "-at"], name="log_of_person", condition=~Q(person="")),
        ]

    def __str__(self):
        return f"{self.get_action_display()}: {self.about}" if self.about else self.get_action_display()


class Treatment(models.Model):
    """What holds for a person's comments, or those from a mail domain, before any rule is asked; until its end, if it has one.

    ``subject`` is a person (``persons.subject_of``) or a domain as ``@example.org``.
    """

    class Kind(models.TextChoices):
        BAN = "ban", _("Ban: takes no comments")
        HOLD = "hold", _("Always hold")
        TRUST = "trust", _("Trust: never hold")

    wagtail_reference_index_ignore = True

    subject = models.CharField(max_length=255, unique=True)
    kind = models.CharField(_("from now on"), max_length=10, choices=Kind.choices)
    until = models.DateTimeField(_("until"), null=True, blank=True, help_text=_("Empty: until a moderator ends it."))
    reason = models.CharField(_("reason"), max_length=250, blank=True, help_text=_("For moderators; never shown to readers."))
    by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+")
    by_name = models.CharField(max_length=150, blank=True)
    at = models.DateTimeField(default=timezone.now)

    class Meta:
        verbose_name = _("treatment")
        default_permissions = []

    def __str__(self):
        return self.get_kind_display()


class Note(models.Model):
    """A moderator's private note on a comment or on a person. Readers never see it."""

    wagtail_reference_index_ignore = True

    comment = models.ForeignKey(PageComment, null=True, on_delete=models.CASCADE, related_name="notes")
    person = models.CharField(max_length=40, blank=True, default="")
    text = models.TextField(_("note"), max_length=2000)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+")
    by_name = models.CharField(max_length=150, blank=True)
    at = models.DateTimeField(default=timezone.now)

    class Meta:
        verbose_name = _("note")
        default_permissions = []
        ordering = ["-at", "-pk"]
        indexes = [models.Index(fields=["person", "-at"], name="notes_on_person", condition=~Q(person=""))]
        constraints = [
            models.CheckConstraint(
                condition=Q(comment__isnull=False, person="") | (Q(comment__isnull=True) & ~Q(person="")),
                name="note_on_a_comment_or_a_person",
            )
        ]

    def __str__(self):
        return self.text[:60]


class CannedReply(models.Model):
    """Words that moderators send to commenters again and again, offered beside the reason that they go with."""

    title = models.CharField(_("title"), max_length=80, help_text=_("By which moderators choose it; commenters do not see it."))
    reason_code = models.CharField(
        _("goes with"),
        max_length=20,
        choices=Reason.choices,
        blank=True,
        help_text=_("Offered first when a comment is turned down for this reason. Empty: offered always."),
    )
    text = models.TextField(
        _("text"), max_length=2000, help_text=_("Say what the rule is and what the writer can do. The moderator may change it.")
    )

    panels = ["title", "reason_code", FieldPanel("text")]

    class Meta:
        verbose_name = _("canned reply")
        verbose_name_plural = _("canned replies")
        ordering = ["title", "pk"]

    def __str__(self):
        return self.title


class ModerationMode(models.Model):
    """Whether comments beneath a page, and all pages under it, are read by a moderator before or after publication.

    A moderators' matter, and so no field of the page. The nearest page above that has one counts.
    """

    class Mode(models.TextChoices):
        BEFORE = "before", _("Before publication")
        AFTER = "after", _("After publication")

    wagtail_reference_index_ignore = True

    page = models.OneToOneField("wagtailcore.Page", primary_key=True, on_delete=models.CASCADE, related_name="moderation_mode")
    mode = models.CharField(_("comments are read"), max_length=10, choices=Mode.choices)

    class Meta:
        verbose_name = _("moderation mode")
        default_permissions = []

    def __str__(self):
        return f"{self.page}: {self.get_mode_display()}"


class ModeratedSection(models.Model):
    """Lets a group moderate the comments beneath a page and everything under it. It grants nothing else."""

    group = models.ForeignKey("auth.Group", on_delete=models.CASCADE, related_name="moderated_sections")
    page = models.ForeignKey(
        "wagtailcore.Page", verbose_name=_("page"), on_delete=models.CASCADE, related_name="moderated_by_groups"
    )

    class Meta:
        verbose_name = _("moderated section")
        default_permissions = []
        constraints = [models.UniqueConstraint(fields=["group", "page"], name="moderated_section_once")]

    def __str__(self):
        return f"{self.group}: {self.page}"


class AlertPreference(models.Model):
    """When a moderator is told by mail that comments wait."""

    class When(models.TextChoices):
        NEVER = "never", _("Never")
        AT_ONCE = "at-once", _("At once")
        HOURLY = "hourly", _("Once an hour at the most")
        DAILY = "daily", _("Once a day at the most")
        OVERDUE = "overdue", _("Only when one has waited too long")

    user = models.OneToOneField(
        settings.AUTH_USER_MODEL, primary_key=True, on_delete=models.CASCADE, related_name="discussion_alerts"
    )
    when = models.CharField(_("tell me of waiting comments"), max_length=10, choices=When.choices, default=When.NEVER)
    hours = models.PositiveSmallIntegerField(
        _("too long, in hours"),
        default=24,
        validators=[MinValueValidator(1), MaxValueValidator(720)],
        help_text=_("Counts only with the last choice."),
    )
    told_at = models.DateTimeField(null=True, editable=False)
    told_up_to = models.DateTimeField(null=True, editable=False)

    class Meta:
        verbose_name = _("alerts")
        default_permissions = []

    def __str__(self):
        return f"{self.user}: {self.get_when_display()}"


class BulkDecision(models.Model):
    """One action on many comments, chosen at one moment: those and no others. Of very many the worker does some at a time.

    Its key is the batch of the decisions. ``chosen``: ``[[comment, last decision about it], …]``.
    """

    class State(models.TextChoices):
        PREPARED = "prepared", _("To be confirmed")
        WAITING = "waiting", _("Waiting")
        RUNNING = "running", _("Under way")
        DONE = "done", _("Done")
        FAILED = "failed", _("Broken off")

    wagtail_reference_index_ignore = True

    batch = models.UUIDField(primary_key=True)
    action = models.CharField(max_length=20)
    options = models.JSONField(default=dict)
    chosen = models.JSONField(default=list)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+")
    state = models.CharField(max_length=10, choices=State.choices, default=State.PREPARED)
    done_count = models.PositiveIntegerField(default=0)
    changed_count = models.PositiveIntegerField(default=0)
    created_at = models.DateTimeField(default=timezone.now, db_index=True)
    finished_at = models.DateTimeField(null=True)

    class Meta:
        default_permissions = []

    def __str__(self):
        return f"{self.action}: {self.done_count} / {len(self.chosen)}"


class FormerPlace(models.Model):
    """Where a comment stood before a moderator moved it to another page: its old permanent address leads on from here."""

    wagtail_reference_index_ignore = True  # a page has thousands of these; they are no uses of it

    page = models.ForeignKey(
        "pages.ContentPage",
        on_delete=models.DO_NOTHING,  # ``removal`` does, in batches
        related_name="former_comments",
        db_index=False,
    )
    number = models.PositiveIntegerField()
    comment = models.ForeignKey(PageComment, on_delete=models.CASCADE, related_name="former_places")

    class Meta:
        default_permissions = []
        constraints = [models.UniqueConstraint(fields=["page", "number"], name="one_comment_in_a_former_place")]

    def __str__(self):
        return f"{self.page_id} #{self.number}"
