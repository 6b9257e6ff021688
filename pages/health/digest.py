"""Once a week, by mail, to editors who wish it: what has newly gone wrong with links on pages that they may edit.

A mail is noted as sent before it leaves: a worker that dies meanwhile loses one, and nobody is told twice. A server that
takes none is asked again with the next run.
"""

import logging
import smtplib
from dataclasses import dataclass
from datetime import timedelta

from django.conf import settings
from django.core.mail import EmailMessage
from django.db.models import Count, Q
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import timezone, translation
from django.utils.translation import ngettext

from pages.health.rows import Row, shown
from pages.health.selection import faults_for, may_look, reported, with_time
from pages.models import LinkDigest, LinkFault, OutboundAddress

logger = logging.getLogger(__name__)

PAUSE = timedelta(days=7)
AT_ONCE = 20  # mails in one run; the next comes soon
REFUSED = (smtplib.SMTPRecipientsRefused, smtplib.SMTPSenderRefused, smtplib.SMTPDataError)  # one mail, not all
NAMED = 20


@dataclass(frozen=True)
class News:
    """``rows``: the newest, by name. ``counts``: ``[(kind in words, how many)]`` of all."""

    rows: list[Row]
    counts: list[tuple[str, int]]

    @property
    def total(self) -> int:
        return sum(count for _kind, count in self.counts)

    @property
    def more(self) -> int:
        return self.total - len(self.rows)


def send_digests(now=None) -> int:
    """Send those whose time has come and for which there is news; how many went out."""
    if not settings.HUB_SENDS_MAIL:
        return 0
    now = now or timezone.now()
    due = LinkDigest.objects.filter(Q(told_at=None) | Q(told_at__lte=now - PAUSE), wanted=True)
    due = due.filter(user__is_active=True).exclude(user__email="").select_related("user").order_by("told_at", "pk")
    sent = 0
    try:
        for wish in list(due):
            if may_look(wish.user):
                sent += _tell(wish, now)
            if sent >= AT_ONCE:
                break
    except (OSError, smtplib.SMTPException):  # a server that does not answer is waited for once, not for each
        pass
    return sent


def news_for(user, since, until) -> News:
    """What began or was found after ``since``, or ever, and by ``until``: of addresses elsewhere those broken for good."""
    is_broken = Q(address__state=OutboundAddress.State.BROKEN, address__changed_at__lte=until)
    is_other = Q(address=None, found_at__lte=until)
    if since:
        is_broken &= Q(address__changed_at__gt=since) | Q(found_at__gt=since)  # or somebody links to what is long broken
        is_other &= Q(found_at__gt=since)
    faults = reported(faults_for(user)).filter(is_broken | is_other)
    numbers = dict(faults.order_by().values_list("kind").annotate(number=Count("pk")))
    counts = [(str(kind.label), numbers[kind.value]) for kind in LinkFault.Kind if numbers.get(kind.value)]
    named = (
        with_time(faults).select_related("page__content_type", "document", "target", "address").order_by("-since", "-pk")[:NAMED]
    )
    return News(shown(list(named), user), counts)


def _tell(wish: LinkDigest, now) -> bool:
    """Send one mail where there is news; of two workers at the same moment one does.

    Raises what happened where the server takes no mail at all.
    """
    with translation.override(_language_of(wish.user)):
        news = news_for(wish.user, wish.told_up_to, now)
        if not news.total:
            return False  # asked again with the next run, and told as soon as there is something
        mine = LinkDigest.objects.filter(pk=wish.pk, wanted=True, told_at=wish.told_at)
        if not mine.update(told_at=now, told_up_to=now):
            return False
        try:
            _mail(wish.user, news).send()
        except (OSError, smtplib.SMTPException) as error:
            logger.warning("Mail about links: %s", error)
            LinkDigest.objects.filter(pk=wish.pk, told_at=now).update(told_at=wish.told_at, told_up_to=wish.told_up_to)
            if isinstance(error, REFUSED):
                return False
            raise
    return True


def _language_of(user) -> str:
    profile = getattr(user, "wagtail_userprofile", None)
    return profile.get_preferred_language() if profile else settings.LANGUAGE_CODE


def _mail(user, news: News) -> EmailMessage:
    subject = ngettext("%(count)d link to look at", "%(count)d links to look at", news.total) % {"count": news.total}
    context = {
        "news": news,
        "base": settings.BASE_URL,
        "report_url": settings.BASE_URL + reverse("pages_link_health"),
        "account_url": settings.BASE_URL + reverse("wagtailadmin_account"),
        "site_name": settings.WAGTAIL_SITE_NAME,
    }
    body = render_to_string("pages/mail/link_digest.txt", context)
    return EmailMessage(f"{subject} – {settings.WAGTAIL_SITE_NAME}", body, to=[user.email])
