"""Mail that leaves by itself: written down with its cause, sent by the worker, tried again until the server takes it.

A mail is claimed for ``LEASE``, and its claim renewed when its turn comes: a worker that was slow leaves to the others what
they took over meanwhile, and what a dead one claimed is taken over. Two send the same only where one is at a single mail for
longer than ``LEASE``, or dies between the server's yes and its own note of it; then both have the same Message-ID.
"""

import contextlib
import logging
import re
import smtplib
from datetime import timedelta

from django.core.mail import get_connection
from django.db import transaction
from django.utils import timezone

from discussion.letters import letter_for
from discussion.models import OutgoingMail

logger = logging.getLogger(__name__)

BATCH = 20
LEASE = timedelta(minutes=10)
SERVER_DOWN_PAUSE = timedelta(seconds=30)
LONGEST_PAUSE = timedelta(hours=6)
GIVE_UP_AFTER = 20  # tries that a server answered with "not now": about four days
_ADDRESS = re.compile(r"[^\s<>'\"(),:;]+@[^\s<>'\"(),:;]+")


def send_due(now=None) -> int:
    """Send what waits, a batch; the number of mails taken by the server. Never raises for a server that is down."""
    mails = _claim(now or timezone.now())
    if not mails:
        return 0
    sent, talking = 0, False
    connection = get_connection()
    try:
        connection.open()
        talking = True
        while mails:
            if _renew(mails[0]):
                sent += _send(mails[0], connection)
            mails.pop(0)
    except (OSError, smtplib.SMTPException) as error:  # no server, or none that goes on talking
        logger.warning("Mail server: %s", error)
        # At this one it broke off: it must not stand in front of the others for ever. The sender is the same of all.
        if talking and not isinstance(error, smtplib.SMTPSenderRefused):
            _try_later(mails.pop(0), error)
        _give_back(mails, error)
    finally:
        with contextlib.suppress(OSError, smtplib.SMTPException):
            connection.close()
    return sent


def _claim(now) -> list[OutgoingMail]:
    with transaction.atomic():
        waiting = OutgoingMail.objects.filter(state=OutgoingMail.State.WAITING, next_try_at__lte=now)
        mails = list(waiting.select_for_update(skip_locked=True).order_by("next_try_at", "pk")[:BATCH])
        OutgoingMail.objects.filter(pk__in=[mail.pk for mail in mails]).update(next_try_at=now + LEASE)
    for mail in mails:
        mail.next_try_at = now + LEASE
    return mails


def _held(mails):
    """Those of ``mails`` that are still ours: nobody takes one over before our moment, and whoever does notes a later one."""
    moments = {mail.next_try_at for mail in mails}
    return OutgoingMail.objects.filter(
        pk__in=[mail.pk for mail in mails], state=OutgoingMail.State.WAITING, next_try_at__in=moments
    )


def _renew(mail: OutgoingMail) -> bool:
    """Claim ``mail`` for as long again; False where it is ours no longer, or not to be sent any more."""
    until = timezone.now() + LEASE
    is_ours = bool(_held([mail]).update(next_try_at=until))
    mail.next_try_at = until
    return is_ours


def _send(mail: OutgoingMail, connection) -> bool:
    """Send one mail and note what became of it. Raises when the server does not answer."""
    try:
        letter = letter_for(mail)
    except Exception:  # a fault of ours in one mail must not keep the others from being sent
        logger.exception("Mail %s cannot be written", mail.pk)
        _note(mail, state=OutgoingMail.State.FAILED, last_error="cannot be written")
        return False
    if letter is None:
        _note(mail, state=OutgoingMail.State.DROPPED)
        return False
    letter.connection = connection
    try:
        letter.send()
    except smtplib.SMTPSenderRefused:  # which says nothing of this mail: no log-in, another sender, too many today
        raise
    except (smtplib.SMTPResponseException, smtplib.SMTPRecipientsRefused) as error:
        _refused(mail, error)
        return False
    except ValueError as error:  # no server is asked about what cannot stand on an envelope, and no further try will help
        _note(mail, state=OutgoingMail.State.FAILED, last_error=_said(error))
        return False
    # Whoever took it over meanwhile is to know it too.
    OutgoingMail.objects.filter(pk=mail.pk).update(state=OutgoingMail.State.SENT, sent_at=timezone.now(), last_error="")
    return True


def _refused(mail: OutgoingMail, error) -> None:
    """A final no (5xx) ends it; a "not now" (4xx) is asked again."""
    code = error.smtp_code if isinstance(error, smtplib.SMTPResponseException) else next(iter(error.recipients.values()))[0]
    if code >= 500:
        _note(mail, state=OutgoingMail.State.FAILED, attempts=mail.attempts + 1, last_error=_said(error))
    else:
        _try_later(mail, error)


def _try_later(mail: OutgoingMail, error) -> None:
    """After longer and longer pauses, and in the end not at all."""
    attempts = mail.attempts + 1
    pause = min(timedelta(minutes=2**attempts), LONGEST_PAUSE)
    state = OutgoingMail.State.FAILED if attempts >= GIVE_UP_AFTER else OutgoingMail.State.WAITING
    _note(mail, state=state, attempts=attempts, next_try_at=timezone.now() + pause, last_error=_said(error))


def _give_back(mails, error) -> None:
    """Free what was claimed and not sent, for the next look but one."""
    _held(mails).update(next_try_at=timezone.now() + SERVER_DOWN_PAUSE, last_error=_said(error))


def _said(error) -> str:
    """What a server answered, without the addresses that servers repeat: the record shows it to moderators."""
    return _ADDRESS.sub("…", str(error))[:250]


def _note(mail: OutgoingMail, **values) -> None:
    """Note what became of ``mail``; nothing where another worker took it over, whose word then counts."""
    _held([mail]).update(**values)
