"""The words of each mail, made when it is sent: what was hidden, erased or ended meanwhile is not written about."""

from email.utils import parseaddr

from django.conf import settings
from django.core import signing
from django.core.mail import EmailMessage
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from discussion import alerts, tokens
from discussion.addresses import address_of, full_address
from discussion.confirmation import something_waits
from discussion.models import AlertPreference, Discussion, OutgoingMail, State, Subscription
from discussion.openness import Standing, settings_of, standing_of
from discussion.permissions import may_moderate
from discussion.persons import envelope_address
from discussion.subscriptions import contributions_told_of
from people.visibility import is_visible

Kind = OutgoingMail.Kind


def letter_for(mail: OutgoingMail) -> EmailMessage | None:
    """``mail`` in words; None when there is no reason for it any more. It never holds the text of a comment."""
    subject, context = {
        Kind.CONFIRM: _confirm,
        Kind.SUBSCRIBE: _subscribe,
        Kind.REPLY: _new_comment,
        Kind.NEW: _new_comment,
        Kind.DECIDED: _decided,
        Kind.ALERT: _alert,
        Kind.MESSAGE: _message,
    }[mail.kind](mail) or (None, None)
    if subject is None:
        return None
    context["site_name"] = settings.WAGTAIL_SITE_NAME
    headers = {"Message-ID": _message_id(mail), "Auto-Submitted": "auto-generated"}
    if mail.subscription and mail.kind != Kind.SUBSCRIBE:
        ending = full_address(mail.subscription.page, "unsubscribe", tokens.ending(mail.subscription))
        context["unsubscribe_url"] = ending
        headers |= {"List-Unsubscribe": f"<{ending}>", "List-Unsubscribe-Post": "List-Unsubscribe=One-Click"}  # RFC 8058
    body = render_to_string(f"discussion/mail/{mail.kind}.txt", context)
    return EmailMessage(" ".join(subject.split()), body, to=[envelope_address(mail.to)], headers=headers)


def _confirm(mail):
    comment = mail.comment
    if not something_waits(comment):
        return None
    url = full_address(comment.page, "confirm", tokens.confirmation(comment))
    # Not the name: whoever typed it may have typed the address of somebody else, and would have us write his words to them.
    title = comment.page.title if is_visible(comment.page) else ""  # a page taken back meanwhile is not named
    return _("Confirm your e-mail address"), {"title": title, "url": url}


def _subscribe(mail):
    subscription = mail.subscription
    if not (subscription.holds or subscription.waits) or not is_visible(subscription.page):
        return None
    url = full_address(subscription.page, "subscribe", tokens.wish(subscription))
    context = {"title": subscription.page.title, "told": subscription.holds, "url": url}
    # Who is told already gets a mail too: the form says to everybody that one was sent, and so tells nobody who follows.
    subject = _("You are told of comments already") if subscription.holds else _("Confirm that you want mail about comments")
    return subject, context


def _new_comment(mail):
    comment = mail.comment
    if not comment.is_published or not _is_wanted(mail.subscription) or not is_visible(comment.page):
        return None
    if not _standing(comment.page).is_shown:
        return None
    subject = _("A reply to your comment on “%(title)s”") if mail.kind == Kind.REPLY else _("A new comment on “%(title)s”")
    context = {"name": comment.user_name, "title": comment.page.title, "url": address_of(comment)}
    return subject % {"title": comment.page.title}, context


def _decided(mail):
    if not _is_wanted(mail.subscription) or not _stands(mail):
        return None
    return _about_a_decision(mail)


def _message(mail):
    """A moderator's own words. To an address that was shown to be the commenter's; ``announcing`` saw to that."""
    if not _stands(mail):
        return None
    page, decision = mail.comment.page, mail.decision
    rules = settings_of(page).house_rules
    subject, context = _about_a_decision(mail)
    return subject, context | {
        "removed": decision.to_state == State.REMOVED,
        "reason": decision.get_reason_code_display(),
        "message": decision.message,
        "house_rules_url": rules.full_url if rules and is_visible(rules) else "",
        "page_url": page.full_url if _standing(page).takes_comments else "",
    }


def _stands(mail) -> bool:
    """Whether what was decided still holds, and nobody could learn from the mail of a page that was taken back."""
    comment, decision = mail.comment, mail.decision
    return decision.undone_at is None and comment.state == decision.to_state and is_visible(comment.page)


def _about_a_decision(mail):
    comment, published = mail.comment, mail.comment.is_published
    context = {
        "title": comment.page.title,
        "published": published,
        "url": address_of(comment) if published and _standing(comment.page).is_shown else "",
    }
    subject = _("Your comment on “%(title)s” was published") if published else _("About your comment on “%(title)s”")
    return subject % {"title": comment.page.title}, context


def _alert(mail):
    """Numbers and titles of pages: neither what a comment says nor who wrote it leaves the hub."""
    wish = AlertPreference.objects.filter(user=mail.moderator_id).exclude(when=AlertPreference.When.NEVER)
    if not may_moderate(mail.moderator) or not wish.exists():
        return None
    waiting = alerts.waiting_for(mail.moderator)
    total = waiting.pending + waiting.reported
    if not total:
        return None
    subject = ngettext("%(count)d comment waits for a moderator", "%(count)d comments wait for a moderator", total)
    context = {
        "waiting": waiting,
        "queue_url": f"{settings.BASE_URL}{reverse('discussion_queue')}?queue={'pending' if waiting.pending else 'reported'}",
        "account_url": settings.BASE_URL + reverse("wagtailadmin_account"),
    }
    return subject % {"count": total}, context


def _standing(page) -> Standing:
    return standing_of(page, Discussion.objects.filter(page_id=page.pk).first())


def _is_wanted(subscription: Subscription | None) -> bool:
    if not subscription or not subscription.holds:
        return False
    told = contributions_told_of([subscription.page_id]).filter(person__user=subscription.user_id)
    return subscription.scope != Subscription.Scope.AUTHORS or told.exists()


def _message_id(mail: OutgoingMail) -> str:
    """The same for every try, so that a mail sent twice is recognised as one; tells nothing of how many there are."""
    domain = parseaddr(settings.DEFAULT_FROM_EMAIL)[1].rpartition("@")[2]
    return f"<{signing.Signer(salt='discussion.mail').signature(mail.key)}@{domain}>"
