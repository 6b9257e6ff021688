"""Tokens of the comment form and of links in mails, and the cookies by which a browser is known again.

A public page holds no token: it would be one reader's, kept in a cache for all. The token is asked for when somebody
begins to write, or comes with the preview. It carries the submission key, so that one form makes one comment however
often it is sent.
"""

import secrets
import time
import uuid
from urllib.parse import urlsplit

from django.conf import settings
from django.core import signing

FORM_SALT = "discussion.form"
FORM_AGE = 24 * 60 * 60
COOKIE = "hub_commenter"
COOKIE_AGE = 365 * 24 * 60 * 60
CONFIRMED_COOKIE = "hub_confirmed"
CONFIRMED_MOST = 5  # addresses that one browser remembers
LINK_AGE = 7 * 24 * 60 * 60


class StaleToken(Exception):
    """The token is forged, of another page, or too old."""


class HastyToken(Exception):
    """The token is so young that no person can have written anything since."""


class ExpiredLink(Exception):
    """The link of a mail is too old. ``content`` is what it says all the same."""

    def __init__(self, content):
        super().__init__()
        self.content = content


def issue_token(page_id: int) -> str:
    """A fresh token for one comment on one page."""
    return signing.dumps({"page": page_id, "key": uuid.uuid4().hex}, salt=FORM_SALT)


def submission_key(token: str, page_id: int) -> uuid.UUID:
    """The submission key in ``token``.

    Raises ``StaleToken`` when it is not, or no longer, one for this page; ``HastyToken`` before the time that a person
    needs at least.
    """
    try:
        content = signing.loads(token, salt=FORM_SALT, max_age=FORM_AGE)
        if content["page"] != page_id:
            raise StaleToken
        key = uuid.UUID(content["key"])
        if not _is_older(token, FORM_SALT, settings.HUB_COMMENT_SECONDS):
            raise HastyToken
        return key
    except (signing.BadSignature, KeyError, TypeError, ValueError) as error:
        raise StaleToken from error


def _is_older(token: str, salt: str, seconds: float) -> bool:
    try:
        signing.loads(token, salt=salt, max_age=seconds)
    except signing.SignatureExpired:
        return True
    return seconds == 0


def age(token: str) -> float:
    """Seconds since a valid form token was issued, to the second."""
    issued = signing.b62_decode(token.rsplit(":", 2)[1])
    return max(0.0, time.time() - issued)


def confirmation(comment) -> str:
    """What a mail carries by which its receiver confirms the address given with ``comment``."""
    return signing.dumps(comment.submission_key.hex, salt="discussion.confirm")


def confirmed_submission(token: str) -> uuid.UUID:
    """The submission key that ``confirmation`` put in. Raises ``StaleToken`` or ``ExpiredLink``."""
    return _read(token, "discussion.confirm", uuid.UUID)


def wish(subscription) -> str:
    """What a mail carries by which its receiver confirms a subscription."""
    return signing.dumps([subscription.pk, subscription.person_key], salt="discussion.subscribe")


def wished(token: str) -> list:
    """``[key, person]`` of the subscription that ``wish`` put in. Raises ``StaleToken`` or ``ExpiredLink``."""
    return _read(token, "discussion.subscribe", list)


def ending(subscription) -> str:
    """What a mail carries by which its receiver ends a subscription; never too old."""
    return signing.Signer(salt="discussion.unsubscribe").sign_object([subscription.pk, subscription.person_key])


def ended(token: str) -> list:
    """``[key, person]`` of the subscription that ``ending`` put in. Raises ``StaleToken``."""
    try:
        return list(signing.Signer(salt="discussion.unsubscribe").unsign_object(token))
    except (signing.BadSignature, ValueError) as error:
        raise StaleToken from error


def _read(token: str, salt: str, kind):
    try:
        content = kind(signing.loads(token, salt=salt))
        signing.loads(token, salt=salt, max_age=LINK_AGE)
    except signing.SignatureExpired as error:
        raise ExpiredLink(content) from error
    except (signing.BadSignature, TypeError, ValueError) as error:
        raise StaleToken from error
    return content


def author_key(request) -> str:
    """The key of this browser's comments, or nothing when it has none."""
    return request.get_signed_cookie(COOKIE, default="", salt=COOKIE)


def new_author_key() -> str:
    return secrets.token_urlsafe(32)


def remember(response, key: str) -> None:
    """Let this browser find its comments again, for a year, on the discussions' addresses only."""
    _set_cookie(response, COOKIE, key)


def confirmed_people(request) -> list[str]:
    """The keys of the people whose e-mail addresses this browser has shown to be its own."""
    return request.get_signed_cookie(CONFIRMED_COOKIE, default="", salt=CONFIRMED_COOKIE).split(".")


def remember_confirmed(response, request, person: str) -> None:
    """Let this browser comment under ``person`` (a key) without another mail, for a year."""
    others = [key for key in confirmed_people(request) if key not in {person, ""}]
    _set_cookie(response, CONFIRMED_COOKIE, ".".join([person, *others][:CONFIRMED_MOST]))


def _set_cookie(response, name: str, value: str) -> None:
    response.set_signed_cookie(
        name,
        value,
        salt=name,
        max_age=COOKIE_AGE,
        path="/discussion/",
        httponly=True,
        samesite="Lax",
        secure=settings.SESSION_COOKIE_SECURE,
    )


def comes_from_here(request) -> bool:
    """Whether the browser says that the form stood on this site: by Origin, else by Referer.

    Without a token in the public page there is no CSRF token either; browsers send Origin with every POST, and no
    other site can forge it.
    """
    stated = request.headers.get("Origin") or request.headers.get("Referer") or ""
    try:
        parts = urlsplit(stated)
    except ValueError:
        return False
    here = parts.scheme == request.scheme and parts.netloc == request.get_host()
    return here or f"{parts.scheme}://{parts.netloc}" in settings.CSRF_TRUSTED_ORIGINS
