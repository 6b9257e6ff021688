"""Which machine, and which server on it, an address elsewhere belongs to."""

from urllib.parse import urlsplit


def host_of(address: str) -> str:
    """The name of the machine, in small letters."""
    return (urlsplit(address).hostname or "").lower()[:255]


def origin_of(address: str) -> str:
    """Scheme, host and port, such as ``https://example.org`` or ``http://example.org:8080``; never a name or password."""
    parts = urlsplit(address)
    host = host_of(address)
    host = f"[{host}]" if ":" in host else host
    try:
        port = parts.port
    except ValueError:
        port = None
    return f"{parts.scheme}://{host}{f':{port}' if port else ''}"
