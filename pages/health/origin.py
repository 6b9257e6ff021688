"""Which server an address elsewhere belongs to."""

from urllib.parse import urlsplit


def origin_of(address: str) -> str:
    """Scheme, host and port, such as ``https://example.org`` or ``http://example.org:8080``; never a name or password."""
    parts = urlsplit(address)
    host = (parts.hostname or "").lower()
    host = f"[{host}]" if ":" in host else host
    try:
        port = parts.port
    except ValueError:
        port = None
    return f"{parts.scheme}://{host}{f':{port}' if port else ''}"[:300]
