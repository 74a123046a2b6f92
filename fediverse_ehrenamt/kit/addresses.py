"""Where a URL leads, and which addresses are public; pure, so that nothing here can reach one.

The table stands here because Python's `is_global` differs between releases (6to4 and documentation ranges came later).
Sources: IANA's special-purpose address registries (RFC 6890), RFC 6052 (NAT64).
"""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from functools import lru_cache
from ipaddress import AddressValueError, IPv4Address, IPv4Network, IPv6Address, IPv6Network, ip_address
from urllib.parse import urlsplit

import yarl

from fediverse_ehrenamt.kit import ids

Address = IPv4Address | IPv6Address
Network = IPv4Network | IPv6Network

_NOT_PUBLIC = tuple(
    IPv4Network(network)
    for network in (
        *("0.0.0.0/8", "10.0.0.0/8", "100.64.0.0/10", "127.0.0.0/8", "169.254.0.0/16", "172.16.0.0/12"),
        *("192.0.0.0/24", "192.0.2.0/24", "192.88.99.0/24", "192.168.0.0/16", "198.18.0.0/15"),
        *("198.51.100.0/24", "203.0.113.0/24", "224.0.0.0/4", "240.0.0.0/4"),
    )
)
# Of IPv6 only global unicast is public, without protocol assignments (Teredo among them), documentation and 6to4.
_GLOBAL_UNICAST = IPv6Network("2000::/3")
_NOT_PUBLIC_V6 = tuple(IPv6Network(network) for network in ("2001::/23", "2001:db8::/32", "2002::/16", "3fff::/20"))
_NAT64 = IPv6Network("64:ff9b::/96")  # the IPv4 address stands in the last 32 bits
_LOW_32_BITS = 0xFFFFFFFF
_SUBSCRIBER_BITS, _SITE_BITS = 64, 48

_URL_LENGTH = 2048
_REMEMBERED_URLS = 1024
_UNSAFE = re.compile(r"[\x00-\x20\x7f\\]")  # what parsers of URLs disagree about
_LABEL = r"[a-z0-9_](?:[a-z0-9_-]{0,61}[a-z0-9_])?"
_NAME = re.compile(rf"(?=.{{1,254}}\Z)(?:{_LABEL}\.)*{_LABEL}\.?")
_NUMBER = re.compile(r"(?:\A|\.)(?:0x[0-9a-f]*|[0-9]+)\.?\Z")  # WHATWG's "ends in a number": read as IPv4 by some


@dataclass(frozen=True, slots=True)
class Target:
    """A URL read once: `wire` is the form that every layer below reads in the same way."""

    asked: str
    wire: str
    host: str  # for the Host header, as `kit.ids.host` gives it
    secure: bool
    literal: Address | None


def read(text: str) -> Address | None:
    """Read a numeric address, an IPv4-mapped one as the IPv4 address that it reaches; None where it is none."""
    try:
        address = ip_address(text)
    except ValueError:
        return None
    return getattr(address, "ipv4_mapped", None) or address


def subscriber(host: str) -> str:
    """Return what stands for one customer of a network: an IPv4 address, of IPv6 what a connection is given (a /64).

    What is no address stays as it is.
    """
    return _network(host, _SUBSCRIBER_BITS) or host


def site(host: str) -> str:
    """Return the /48 of an IPv6 address, which may be one customer too; "" for anything else (RFC 6177, section 2)."""
    return _network(host, _SITE_BITS)


def _network(host: str, bits: int) -> str:
    address = read(host)
    return str(IPv6Network((address, bits), strict=False)) if isinstance(address, IPv6Address) else ""


def is_public(address: Address) -> bool:
    """Say whether an address may belong to a stranger's server, and not to anything near this machine."""
    if isinstance(address, IPv6Address) and address in _NAT64:
        address = IPv4Address(int(address) & _LOW_32_BITS)
    if isinstance(address, IPv4Address):
        return not is_within(address, _NOT_PUBLIC)
    return address in _GLOBAL_UNICAST and not is_within(address, _NOT_PUBLIC_V6)


def is_within(address: Address, networks: Iterable[Network]) -> bool:
    """Say whether one of the networks contains the address."""
    return any(address in network for network in networks)


@lru_cache(_REMEMBERED_URLS)
def target(url: str) -> Target:
    """Read an http(s) URL without user name into the form that goes on the wire.

    aiohttp (yarl) spells paths anew ("%7E" becomes "~"), and a signature must be over what is sent. Raises ValueError
    for what is no such URL, or is one that parsers read differently.
    """
    if len(url) > _URL_LENGTH or _UNSAFE.search(url):
        raise ValueError(url)
    parts = yarl.URL(url)
    claimed, origin = ids.origin(url), ids.origin(str(parts))
    if not origin or origin != claimed:
        raise ValueError(url)
    scheme, _, host = origin.partition("://")
    return Target(url, origin + parts.raw_path_qs, host, scheme == "https", _literal(urlsplit(origin).hostname or ""))


def _literal(host: str) -> Address | None:
    """Return the address that a URL's host is, None where it is a name; ValueError where it is neither.

    Names that end in a number (127.1, 0x7f.1) are none: the C library takes them for addresses.
    """
    if "%" in host:  # an IPv6 zone, which means something on this machine only
        raise AddressValueError(host)
    address = read(host)
    if address is None and (_NUMBER.search(host) or not _NAME.fullmatch(host)):
        raise AddressValueError(host)
    return address
