"""The discussion of a page as a whole, and the rules that hold for all of them."""

from django.conf import settings
from django.core.validators import MinValueValidator
from django.db import models
from django.utils.translation import gettext_lazy as _
from wagtail.admin.panels import FieldPanel, FieldRowPanel, MultiFieldPanel
from wagtail.contrib.settings.models import BaseSiteSetting, register_setting


class Discussion(models.Model):
    """The discussion of one page: its counters, and what a moderator decided about the whole. Writers lock it first."""

    class Override(models.TextChoices):
        NONE = "", _("As the editor wishes")
        CLOSED = "closed", _("Closed: can be read")
        OFF = "off", _("Off: not shown")

    wagtail_reference_index_ignore = True  # a page has thousands of these; they are no uses of it

    page = models.OneToOneField(
        "pages.ContentPage", verbose_name=_("page"), primary_key=True, on_delete=models.CASCADE, related_name="discussion"
    )
    published_count = models.PositiveIntegerField(_("published"), default=0, editable=False)
    pending_count = models.PositiveIntegerField(_("pending"), default=0, editable=False)
    last_number = models.PositiveIntegerField(default=0, editable=False)
    last_published_at = models.DateTimeField(null=True, editable=False)
    override = models.CharField(_("override"), max_length=10, choices=Override.choices, blank=True, default="")
    override_until = models.DateTimeField(_("until"), null=True, blank=True)
    override_reason = models.CharField(_("reason"), max_length=250, blank=True, help_text=_("Shown to readers."))
    override_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, editable=False, on_delete=models.SET_NULL, related_name="+"
    )

    class Meta:
        verbose_name = _("discussion")
        default_permissions = []
        permissions = [
            ("moderate", _("Can moderate comments")),
            ("personal_data", _("Can export and erase the personal data of commenters")),
        ]

    def __str__(self):
        return str(self.page)


@register_setting(icon="comment", name="discussion")
class DiscussionSettings(BaseSiteSetting):
    """What holds for every discussion of a site."""

    hold_comments = models.BooleanField(
        _("hold comments until a moderator has read them"),
        default=True,
        help_text=_("Comments by moderators and by contributors to the page appear at once in any case."),
    )
    confirm_addresses = models.BooleanField(
        _("guests confirm their e-mail address"),
        default=True,
        help_text=_("With their first comment, by a link in a mail. Needs a mail server; without one nobody is asked."),
    )
    close_after_days = models.PositiveSmallIntegerField(
        _("close after days"),
        null=True,
        blank=True,
        help_text=_("Days after a page's first publication. A closing date on the page itself goes before it. Empty: never."),
    )
    hold_after_days = models.PositiveSmallIntegerField(
        _("hold after days"),
        null=True,
        blank=True,
        help_text=_("Days after a page's first publication from which comments wait for a moderator in any case. Empty: never."),
    )
    posts_per_address = models.PositiveSmallIntegerField(
        _("comments per internet address"),
        default=30,
        validators=[MinValueValidator(1)],
        help_text=_("In one hour. A school or an office may share one address."),
    )
    posts_per_person = models.PositiveSmallIntegerField(
        _("comments per person"),
        default=10,
        validators=[MinValueValidator(1)],
        help_text=_("In one hour, by e-mail address or account."),
    )
    house_rules = models.ForeignKey(
        "wagtailcore.Page",
        verbose_name=_("house rules"),
        null=True,
        blank=True,
        on_delete=models.SET_NULL,
        related_name="+",
        help_text=_("Linked beside the comment form."),
    )
    privacy = models.ForeignKey(
        "wagtailcore.Page",
        verbose_name=_("privacy notice"),
        null=True,
        blank=True,
        on_delete=models.SET_NULL,
        related_name="+",
        help_text=_("Linked where readers give their e-mail address."),
    )

    panels = [
        MultiFieldPanel(["hold_comments", "hold_after_days", "confirm_addresses"], heading=_("Who is held")),
        FieldPanel("close_after_days"),
        FieldRowPanel(["posts_per_address", "posts_per_person"], heading=_("Limits")),
        MultiFieldPanel(["house_rules", "privacy"], heading=_("Pages to read")),
    ]

    class Meta:
        verbose_name = _("discussion")

    @classmethod
    def for_site(cls, site):
        """As Wagtail's, but without writing: reading a page makes no row. Saving what comes back does."""
        return cls.base_queryset().filter(site=site).first() or cls(site=site)


class Quota(models.Model):
    """How often somebody did something since ``started_at``. ``key`` names both, and the somebody only as a hash."""

    wagtail_reference_index_ignore = True

    key = models.CharField(max_length=80, primary_key=True)
    started_at = models.DateTimeField(db_index=True)
    used = models.PositiveIntegerField(default=0)

    class Meta:
        default_permissions = []

    def __str__(self):
        return f"{self.key}: {self.used}"
