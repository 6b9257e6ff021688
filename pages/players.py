"""Video addresses, recognised offline: no third party is asked anything while an editor or reader is at work."""

import re
from dataclasses import dataclass
from urllib.parse import parse_qs, urlsplit

from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _
from wagtail.embeds.finders.base import EmbedFinder


@dataclass(frozen=True)
class Player:
    """A film on another host: its name, the page to watch it on, and the address of its player."""

    host: str
    watch_url: str
    player_url: str


def recognise(address: str) -> Player | None:
    """The player for ``address``, or None when it belongs to no host that we know."""
    try:
        parts = urlsplit(address.strip())
        host = (parts.hostname or "").lower().removeprefix("www.").removeprefix("m.")
    except ValueError:
        return None
    if parts.scheme not in {"http", "https"}:
        return None
    if host in {"youtube.com", "youtube-nocookie.com", "youtu.be"}:
        return _youtube(host, parts)
    if host in {"vimeo.com", "player.vimeo.com"}:
        return _vimeo(parts)
    return None


def _youtube(host, parts) -> Player | None:
    if host == "youtu.be":
        key = parts.path.strip("/")
    elif parts.path == "/watch":
        key = parse_qs(parts.query).get("v", [""])[0]
    else:
        match = re.fullmatch(r"/(?:embed|shorts|live)/([^/]+)/?", parts.path)
        key = match[1] if match else ""
    if not re.fullmatch(r"[\w-]{11}", key, flags=re.ASCII):
        return None
    return Player("YouTube", f"https://www.youtube.com/watch?v={key}", f"https://www.youtube-nocookie.com/embed/{key}?autoplay=1")


def _vimeo(parts) -> Player | None:
    match = re.fullmatch(r"/(?:video/)?(\d{6,12})(?:/([\da-f]+))?/?", parts.path, flags=re.ASCII)
    if not match:
        return None
    # An unlisted film has a second key, without which its player refuses.
    key, second = match[1], match[2] or parse_qs(parts.query).get("h", [""])[0]
    if not re.fullmatch(r"[\da-f]*", second, flags=re.ASCII):
        return None
    to_watch, to_play = (f"/{second}", f"&h={second}") if second else ("", "")
    player_url = f"https://player.vimeo.com/video/{key}?autoplay=1&dnt=1{to_play}"
    return Player("Vimeo", f"https://vimeo.com/{key}{to_watch}", player_url)


def validate_video_address(address: str) -> None:
    """Refuse what is no film's address on a host that we know, and say what is supported."""
    if recognise(address) is None:
        raise ValidationError(
            _(
                "This is not the address of a film that can be shown. Supported are YouTube "
                "(youtube.com/watch?v=…, youtu.be/…) and Vimeo (vimeo.com/123456789). "
                "Other films can be uploaded."
            )
        )


class OfflineFinder(EmbedFinder):
    """Wagtail's embeds answered from the address alone; the HTML is a plain link, never a third party's frame."""

    def accept(self, url):
        return recognise(url) is not None

    def find_embed(self, url, max_width=None, max_height=None):
        player = recognise(url)
        return {
            "title": "",
            "author_name": "",
            "provider_name": player.host,
            "type": "link",
            "thumbnail_url": "",
            "width": None,
            "height": None,
            "html": "",
        }
