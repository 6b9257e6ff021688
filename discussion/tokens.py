"""Tokens of the comment form, and the cookie by which a browser finds its own comments again.

A public page holds no token: it would be one reader's, kept in a cache for all. The token is asked for when somebody
begins to write, or comes with the preview. It carries the submission key, so that one form makes one comment however
often it is sent.
"""

import secrets
import uuid
from urllib.parse import urlsplit

from django.conf import settings
from django.core import signing

FORM_SALT = "discussion.form"
FORM_AGE = 24 * 60 * 60
COOKIE = "hub_commenter"
COOKIE_AGE = 365 * 24 * 60 * 60


class StaleToken(Exception):
    """The token is forged, of another page, or older than a day."""


def issue_token(page_id: int) -> str:
    """A fresh token for one comment on one page."""
    return signing.dumps({"page": page_id, "key": uuid.uuid4().hex}, salt=FORM_SALT)


def submission_key(token: str, page_id: int) -> uuid.UUID:
    """The submission key in ``token``. Raises ``StaleToken`` when it is not, or no longer, one for this page."""
    try:
        content = signing.loads(token, salt=FORM_SALT, max_age=FORM_AGE)
        if content["page"] != page_id:
            raise StaleToken
        return uuid.UUID(content["key"])
    except (signing.BadSignature, KeyError, TypeError, ValueError) as error:
        raise StaleToken from error


def author_key(request) -> str:
    """The key of this browser's comments, or nothing when it has none."""
    return request.get_signed_cookie(COOKIE, default="", salt=COOKIE)


def new_author_key() -> str:
    return secrets.token_urlsafe(32)


def remember(response, key: str) -> None:
    """Let this browser find its comments again, for a year, on the discussions' addresses only."""
    response.set_signed_cookie(
        COOKIE,
        key,
        salt=COOKIE,
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
    return parts.scheme == request.scheme and parts.netloc == request.get_host()
