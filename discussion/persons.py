"""Who somebody is, without saying it: keyed hashes of e-mail and internet addresses.

They serve to count and to find again. Without the site's secret key nobody can make them, so nobody can try out
addresses against them.
"""

import ipaddress

import idna
from django.conf import settings
from django.utils.crypto import salted_hmac

KEY_LENGTH = 32
# What is kept of an internet address: enough to see a flood from one place, not who it was.
NETWORK_BITS = {4: 24, 6: 48}


def _key(salt: str, value: str) -> str:
    return salted_hmac(f"discussion.{salt}", value, algorithm="sha256").hexdigest()[:KEY_LENGTH]


def person_key(email: str) -> str:
    """The key of whoever has this e-mail address, in whichever way it is written; nothing for no address."""
    name, at, domain = email.strip().lower().rpartition("@")
    return _key("person", f"{name}{at}{_one_spelling(domain)}") if domain else ""


def _one_spelling(domain: str) -> str:
    """``domain`` as it is read, for all the ways in which it can be written: in capitals, in wide letters, as ``xn--…``."""
    try:
        return idna.decode(domain.lower(), uts46=True)
    except UnicodeError:  # no name of the DNS
        return domain.lower()


def envelope_address(email: str) -> str:
    """``email`` as mail servers are told it, its domain as it stands in the DNS; ``ValueError`` where there is none.

    By IDNA 2008: by Python's own codec, which Django asks, mail to ``straße.example`` goes to ``strasse.example``, which may
    be somebody else's.
    """
    name, at, domain = email.rpartition("@")
    name.encode("ascii")
    return f"{name}{at}{domain if domain.isascii() else idna.encode(domain, uts46=True).decode()}"


def subject_of(comment) -> str:
    """Who wrote ``comment``, as notes and treatments name them: the key of the address, or of an account without one."""
    return comment.person_key or (f"user:{comment.user_id}" if comment.user_id else "")


def domain_of(email: str) -> str:
    """The domain of an e-mail address as treatments name it: ``@example.org``; nothing where there is none."""
    domain = _one_spelling(email.rpartition("@")[2].strip().rstrip(".")) if "@" in email else ""
    return f"@{domain}" if domain else ""


def address_key(address: str) -> str:
    """The key of one internet address, for counting within the hour; an IPv6 address counts as its /64 network."""
    ip = _parsed(address)
    if ip is None:
        return ""
    return _key("address", str(ipaddress.ip_network((ip, 64), strict=False)) if ip.version == 6 else str(ip))


def network_key(address: str) -> str:
    """The key of the network that an internet address belongs to (/24, IPv6 /48): all that a comment keeps of it."""
    ip = _parsed(address)
    return _key("network", str(ipaddress.ip_network((ip, NETWORK_BITS[ip.version]), strict=False))) if ip else ""


def _parsed(address: str):
    try:
        ip = ipaddress.ip_address(address)
    except ValueError:
        return None
    return getattr(ip, "ipv4_mapped", None) or ip


def client_address(request) -> str:
    """The internet address of whoever sent ``request``; behind ``HUB_PROXIES`` proxies, what the outermost of them saw.

    Only as many entries of ``X-Forwarded-For`` are believed, from the right: the rest is the sender's own invention.
    """
    proxies = settings.HUB_PROXIES
    if proxies:
        entries = [entry.strip() for entry in request.headers.get("X-Forwarded-For", "").split(",")]
        if len(entries) >= proxies and _parsed(entries[-proxies]):
            return entries[-proxies]
    return request.META.get("REMOTE_ADDR", "")
