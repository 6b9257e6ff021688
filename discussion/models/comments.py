"""What readers say, and the record of what became of it."""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils.text import Truncator
from django.utils.translation import gettext_lazy as _
from django_comments.managers import CommentManager
from django_comments.models import Comment
from django_comments_xtd.models import XtdComment

from discussion.formatting import plain_line, straight
from discussion.paths import LEVELS, PATH_LENGTH, branch_bounds


class State(models.TextChoices):
    UNCONFIRMED = "unconfirmed", _("Awaiting confirmation")
    PENDING = "pending", _("Pending")
    PUBLISHED = "published", _("Published")
    REJECTED = "rejected", _("Rejected")
    SPAM = "spam", _("Spam")
    REMOVED = "removed", _("Removed")
    ERASED = "erased", _("Erased")


class Reason(models.TextChoices):
    """Why a moderator decides against a comment."""

    OFF_TOPIC = "off-topic", _("Off topic")
    ABUSIVE = "abusive", _("Abusive")
    PERSONAL_DATA = "personal-data", _("Personal data")
    SPAM = "spam", _("Spam or advertising")
    ILLEGAL = "illegal", _("Illegal")
    DUPLICATE = "duplicate", _("Said before")
    DEFAMATION = "defamation", _("Risk of defamation")
    BAD_FAITH = "bad-faith", _("Bad faith")
    OTHER = "other", _("Other")


# Those that readers see: the comment itself, or a placeholder in its place that keeps its replies.
STANDING = (State.PUBLISHED, State.REMOVED, State.ERASED)


class PageCommentQuerySet(models.QuerySet):
    def published(self):
        return self.filter(state=State.PUBLISHED, hidden_by_ancestor=False)

    def standing(self):
        """What has a place in the thread that readers see, placeholders included."""
        return self.filter(state__in=STANDING, number__isnull=False, hidden_by_ancestor=False)

    def pending(self):
        return self.filter(state=State.PENDING)

    def on_page(self, page_id):
        return self.filter(page_id=page_id)

    def branch(self, comment):
        """The comment and everything beneath it."""
        first, last = branch_bounds(comment.path)
        return self.filter(page_id=comment.page_id, path__gte=first, path__lte=last)

    def in_thread_order(self):
        return self.order_by("path")

    def newest_first(self):
        return self.order_by("-submitted_at", "-pk")

    def for_queue(self):
        return self.select_related("page", "user").defer("page__body")


class PageCommentManager(CommentManager.from_queryset(PageCommentQuerySet)):
    """Replaces the package's managers, which join two tables and order by columns that are not kept up."""

    def get_queryset(self):
        return PageCommentQuerySet(self.model, using=self._db)


class PageComment(XtdComment):
    """A reader's comment on a page.

    The package's own thread columns are filled for its sake and read by nobody: ``path`` is the order, ``in_reply_to``
    the true parent, ``state`` the truth of which ``is_public`` and ``is_removed`` are a mirror.
    """

    wagtail_reference_index_ignore = True  # a page has thousands of these; they are no uses of it

    page = models.ForeignKey(
        "pages.ContentPage",
        verbose_name=_("page"),
        on_delete=models.DO_NOTHING,  # ``removal`` does, in batches
        related_name="comments",
        db_index=False,
    )
    path = models.CharField(max_length=PATH_LENGTH, default="", editable=False)
    root = models.ForeignKey("self", null=True, editable=False, on_delete=models.CASCADE, related_name="thread")
    depth = models.PositiveSmallIntegerField(default=0, editable=False)
    in_reply_to = models.ForeignKey(
        "self",
        verbose_name=_("in reply to"),
        null=True,
        blank=True,
        editable=False,
        on_delete=models.CASCADE,
        related_name="replies",
    )
    state = models.CharField(_("state"), max_length=12, choices=State.choices, default=State.PENDING)
    hidden_by_ancestor = models.BooleanField(_("hidden with a comment above"), default=False, editable=False)
    number = models.PositiveIntegerField(_("number"), null=True, editable=False)
    submission_key = models.UUIDField(unique=True, editable=False)
    submitted_at = models.DateTimeField(_("submitted"), editable=False)
    published_at = models.DateTimeField(_("published"), null=True, editable=False)
    edited_at = models.DateTimeField(_("edited"), null=True, editable=False)
    body_html = models.TextField(editable=False, blank=True, default="")
    anchor = models.CharField(max_length=40, blank=True, default="", editable=False)
    anchor_text = models.CharField(_("about"), max_length=150, blank=True, default="", editable=False)
    author_role = models.CharField(_("position"), max_length=100, blank=True, default="")
    organisation = models.CharField(_("organisation"), max_length=100, blank=True, default="")
    author_key = models.CharField(max_length=43, blank=True, default="", editable=False)
    person_key = models.CharField(max_length=32, blank=True, default="", editable=False)
    network_key = models.CharField(max_length=32, blank=True, default="", editable=False)
    confirmed_at = models.DateTimeField(_("e-mail confirmed"), null=True, editable=False)
    announced_at = models.DateTimeField(null=True, editable=False)
    reviewed_at = models.DateTimeField(_("seen by a moderator"), null=True, editable=False)
    redacted_at = models.DateTimeField(_("redacted"), null=True, editable=False)
    closed_at = models.DateTimeField(_("thread closed"), null=True, editable=False)  # of a thread's first comment
    duplicate_number = models.PositiveIntegerField(_("says the same as"), null=True, editable=False)  # on the same page
    is_featured = models.BooleanField(_("editor’s pick"), default=False)
    reply_count = models.PositiveIntegerField(default=0, editable=False)
    thread_count = models.PositiveIntegerField(default=0, editable=False)

    objects = PageCommentManager()

    class Meta:
        verbose_name = _("comment")
        verbose_name_plural = _("comments")
        permissions = []
        default_permissions = []
        base_manager_name = "objects"
        ordering = []  # the package's order joins three tables; whoever wants one says which
        indexes = [
            models.Index(fields=["page", "path"], name="comment_in_thread_order"),
            models.Index(fields=["state", "-submitted_at"], name="comment_queue"),
            models.Index(fields=["page", "state", "-submitted_at"], name="comment_page_queue"),
            models.Index(fields=["author_key"], name="comment_of_browser", condition=~Q(author_key="")),
            models.Index(fields=["person_key", "-submitted_at"], name="comment_of_person", condition=~Q(person_key="")),
            models.Index(fields=["submitted_at"], name="comment_with_network", condition=~Q(network_key="")),
            models.Index(
                fields=["-submitted_at"],
                name="comment_unreviewed",
                condition=Q(state=State.PUBLISHED, reviewed_at__isnull=True),
            ),
            models.Index(
                fields=["published_at"],
                name="comment_to_announce",
                condition=Q(state=State.PUBLISHED, announced_at__isnull=True),
            ),
        ]
        constraints = [
            models.UniqueConstraint(fields=["path"], name="comment_path_once", condition=~Q(path="")),
            models.UniqueConstraint(fields=["page", "number"], name="comment_number_once_a_page"),
            models.CheckConstraint(condition=Q(depth__lt=LEVELS), name="comment_depth_fits"),
        ]

    def __str__(self):
        return f"#{self.number} {self.user_name}" if self.number else self.user_name

    def save(self, *args, **kwargs):
        """Write the columns as they are: the package's ``save`` would renumber the thread (docs/decisions.md)."""
        super(Comment, self).save(*args, **kwargs)

    def get_absolute_url(self) -> str:
        """Its permanent address; until it has a number, its page's. The package's own leads through its views."""
        if self.number is None:
            return self.page.get_absolute_url()
        return reverse("discussion:comment", args=[self.page_id, self.number])

    def excerpt(self) -> str:
        """The beginning of the comment, for lists."""
        return Truncator(self.in_one_line).chars(90)

    excerpt.short_description = _("Comment")

    @property
    def in_one_line(self) -> str:
        """The first thousand characters of what was typed, for lists: nothing in it disturbs what stands beside it."""
        return plain_line(self.comment[:1000])

    @property
    def in_lines(self) -> str:
        """All that was typed, with its lines, as harmless to what stands beside it."""
        return straight(self.comment)

    @property
    def has_place(self) -> bool:
        """Whether it stands in the thread unless a comment above is hidden; what was never published gets no placeholder."""
        return self.state in STANDING and self.number is not None

    @property
    def is_standing(self) -> bool:
        """Whether readers see it or a placeholder for it."""
        return self.has_place and not self.hidden_by_ancestor

    @property
    def is_published(self) -> bool:
        return self.state == State.PUBLISHED and not self.hidden_by_ancestor

    @property
    def element_id(self) -> str:
        """The anchor of the comment in its page."""
        return f"comment-{self.number}"


class Decision(models.Model):
    """One change of a comment's state: who, when, from what, to what, and why. The record is never rewritten.

    ``reason`` is for the record, ``message`` for the commenter. ``batch`` joins those that were made at once, to be taken
    back at once; ``undone_at`` says that they were, and ``is_undo`` that this one did it.
    """

    wagtail_reference_index_ignore = True  # a page has thousands of these; they are no uses of it

    comment = models.ForeignKey(PageComment, on_delete=models.CASCADE, related_name="decisions")
    from_state = models.CharField(max_length=12, choices=State.choices)
    to_state = models.CharField(max_length=12, choices=State.choices)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+", db_index=False)
    by_name = models.CharField(max_length=150, blank=True)
    reason_code = models.CharField(max_length=20, choices=Reason.choices, blank=True, default="")
    reason = models.CharField(max_length=250, blank=True)
    message = models.TextField(blank=True, default="")
    decided_at = models.DateTimeField()
    batch = models.UUIDField(null=True, editable=False)
    undone_at = models.DateTimeField(null=True, editable=False)
    is_undo = models.BooleanField(default=False, editable=False)
    announced_at = models.DateTimeField(null=True, editable=False)

    class Meta:
        default_permissions = []
        ordering = ["-decided_at", "-pk"]
        indexes = [
            models.Index(fields=["comment", "-decided_at"], name="decisions_of_comment"),
            models.Index(fields=["decided_at"], name="decision_to_announce", condition=Q(announced_at__isnull=True)),
            models.Index(fields=["batch"], name="decisions_of_batch", condition=Q(batch__isnull=False)),
            models.Index(fields=["-decided_at", "-id"], name="decisions_newest_first"),
            models.Index(fields=["by", "-decided_at", "-id"], name="decisions_by_moderator"),
        ]

    def __str__(self):
        return f"{self.get_from_state_display()} → {self.get_to_state_display()}"


class Edit(models.Model):
    """What a comment said before it was changed, and by whom it was. Gone with the comment, or when it is erased."""

    wagtail_reference_index_ignore = True  # a page has thousands of these; they are no uses of it

    comment = models.ForeignKey(PageComment, on_delete=models.CASCADE, related_name="edits")
    text_before = models.TextField(_("before"))
    by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+")
    by_name = models.CharField(max_length=150, blank=True)
    edited_at = models.DateTimeField()

    class Meta:
        default_permissions = []
        ordering = ["-edited_at", "-pk"]
        indexes = [models.Index(fields=["-edited_at", "-id"], name="edits_newest_first")]

    def __str__(self):
        return f"{self.by_name}, {self.edited_at:%Y-%m-%d %H:%M}"
