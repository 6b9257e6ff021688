"""Which machines may be asked: those that everybody can reach, and none of our own network.

A name is looked up once, and the connection goes to the very address that was judged: a name that answers otherwise a
moment later leads nowhere else.
"""

import http.client
import ipaddress
import socket
import ssl
from socket import getaddrinfo
from urllib.parse import urlsplit, urlunsplit

import idna
from django.conf import settings
from django.utils.encoding import iri_to_uri

# The only part of IPv6 that is given out to the public. Python calls more of it public, such as old ways to write an IPv4
# address, networks of a site, and those that translate into one's own.
_UNICAST = ipaddress.ip_network("2000::/3")
# An IPv6 network that holds IPv4 addresses: what counts is where that one leads.
_TRANSLATED = ipaddress.ip_network("64:ff9b::/96")
# What the registries of special addresses hold besides, and not every Python knows: between a house and its provider, relays
# of former times, documentation.
_SPECIAL = [ipaddress.ip_network(network) for network in ("192.0.0.0/24", "192.88.99.0/24", "3fff::/20")]


class Refused(Exception):
    """An address that is not asked. The message is a code of ``pages.health.wording``."""


class Unknown(Exception):
    """A name that nobody knows."""


def is_allowed(number: str) -> bool:
    """Whether a machine with this internet address may be asked: a public one, or one that the settings name."""
    address = ipaddress.ip_address(number.partition("%")[0])
    if any(address in ipaddress.ip_network(network) for network in settings.HUB_CHECKED_NETWORKS):
        return True
    return all(_is_public(each) for each in (address, *_within(address)))


def _within(address) -> list:
    """The IPv4 addresses that ``address`` stands for."""
    if address.version == 4:
        return []
    found = [address.ipv4_mapped, address.sixtofour, *(address.teredo or ())]
    if address in _TRANSLATED:
        found.append(ipaddress.ip_address(int(address) & 0xFFFFFFFF))
    return [each for each in found if each is not None]


def _is_public(address) -> bool:
    if address.version == 6 and (address.ipv4_mapped or address in _TRANSLATED):
        return True  # as far as the address within is
    if address.version == 6 and address not in _UNICAST:
        return False
    special = address.is_multicast or address.is_unspecified or address.is_loopback or address.is_link_local
    special = special or any(address in network for network in _SPECIAL)
    return address.is_global and not special and not address.is_private


def written(address: str) -> str:
    """``address`` as it goes over the net, without its fragment. Raises ``Refused`` for what is no address to be asked."""
    try:
        parts = urlsplit(address.strip())
        name, port = parts.hostname or "", parts.port
        host = name if name.isascii() else _in_dns(name)
    except ValueError as error:
        raise Refused("malformed") from error
    if parts.scheme not in {"http", "https"} or not host or parts.username is not None:
        raise Refused("malformed")
    if (port or (443 if parts.scheme == "https" else 80)) not in settings.HUB_CHECKED_PORTS:
        raise Refused("port")
    host = f"[{host}]" if ":" in host else host
    place = f"{host}:{port}" if port else host
    return iri_to_uri(urlunsplit((parts.scheme, place, parts.path or "/", parts.query, "")))


def _in_dns(name: str) -> str:
    """A host as browsers look it up: ß and the like stand for themselves (UTS 46), and there are pictures among the names, which
    only the older IDNA 2003 writes. Raises ``UnicodeError``."""
    try:
        return idna.encode(name, uts46=True).decode()
    except idna.IDNAError:
        return name.encode("idna").decode()


def machine_of(address: str) -> tuple[str, str, int, str]:
    """``(scheme, host, port, number)``: where ``address`` leads, judged. Raises ``Refused`` or ``Unknown``."""
    parts = urlsplit(written(address))
    host, port = parts.hostname, parts.port or (443 if parts.scheme == "https" else 80)
    try:
        answers = getaddrinfo(host, port, type=socket.SOCK_STREAM)
    except (OSError, UnicodeError) as error:
        raise Unknown(host) from error
    numbers = list(dict.fromkeys(answer[4][0] for answer in answers))
    if not numbers:
        raise Unknown(host)
    if not all(is_allowed(number) for number in numbers):
        raise Refused("network")
    return parts.scheme, host, port, numbers[0]


class Connection(http.client.HTTPConnection):
    """A connection to one machine by its number, under the name by which the address calls it."""

    def __init__(self, scheme: str, host: str, port: int, number: str, timeout: float):
        super().__init__(host, port, timeout=timeout)
        self.default_port = 443 if scheme == "https" else 80
        self._scheme, self._name, self._number = scheme, host, number

    def connect(self):
        self.sock = socket.create_connection((self._number, self.port), self.timeout)
        if self._scheme == "https":
            context = ssl.create_default_context()
            # Shaken hands afterwards, so that whoever cuts the connection meanwhile finds it.
            self.sock = context.wrap_socket(self.sock, server_hostname=self._name, do_handshake_on_connect=False)
            self.sock.do_handshake()

    def cut(self):
        """End it from another thread: a server that sends a letter now and then keeps nobody waiting."""
        try:
            self.sock.shutdown(socket.SHUT_RDWR)
        except (AttributeError, OSError):
            return  # not there yet, or ended by itself
