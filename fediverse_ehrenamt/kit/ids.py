"""Identifiers: opaque ids of our own, and the origin of somebody's URI (FEP-fe34)."""

import re
import secrets
import time
from datetime import UTC, datetime
from functools import lru_cache
from itertools import takewhile
from urllib.parse import urlsplit

import yarl

_ALPHABET = "0123456789abcdefghjkmnpqrstvwxyz"  # Crockford's base 32: no i, l, o, u to misread aloud
_RANDOM_BITS = 60
_ID_LENGTH = 22
_BEHIND_ORIGIN = ("/", "?", "#", "")
_DEFAULT_PORTS = {"http": 80, "https": 443}
_NAME_PARTS = 2
_SUFFIX = re.compile(r"[a-z]{1,3}\.[a-z]{2}")  # "co.uk", "gv.at"; a short name as "thw.de" looks the same
# As most URIs are, already in the canonical form; ten times as quick as taking them apart.
_CANONICAL = re.compile(r"https?://[a-z0-9.-]+(?=[/?#]|\Z)")


def new_id() -> str:
    """Return a new opaque id of 22 characters that sorts by the time of its making."""
    return _written((time.time_ns() // 1_000_000) << _RANDOM_BITS | secrets.randbits(_RANDOM_BITS))


def first_of(moment: datetime) -> str:
    """Return what sorts before all ids that are made at a moment or later, and after all earlier ones."""
    return _written(int(moment.timestamp() * 1_000) << _RANDOM_BITS)


def _written(number: int) -> str:
    characters: list[str] = []
    for _ in range(_ID_LENGTH):
        number, rest = divmod(number, 32)
        characters.append(_ALPHABET[rest])
    return "".join(reversed(characters))


def made_at(new_id: str) -> datetime | None:
    """Return when an id of `new_id` was made, to the millisecond, None for what is none."""
    if len(new_id) != _ID_LENGTH or not set(new_id) <= set(_ALPHABET):
        return None
    number = 0
    for character in new_id:
        number = number * len(_ALPHABET) + _ALPHABET.index(character)
    try:
        return datetime.fromtimestamp((number >> _RANDOM_BITS) / 1_000, UTC)
    except (OverflowError, ValueError):
        return None


@lru_cache(maxsize=1_024)
def origin(uri: str) -> str:
    """Return scheme, host and port of an http(s) URI in one canonical form, or "" where it has none.

    A name with umlauts is written in ASCII, as it is asked for. Two URIs are under one authority only if their origins
    are equal and not empty (FEP-fe34). Remembered for a while: the few URIs of an activity are judged many times.
    """
    canonical = _CANONICAL.match(uri)
    if canonical:
        return canonical[0]
    try:
        parts = urlsplit(uri)
        port = parts.port
    except ValueError:
        return ""
    if parts.scheme not in _DEFAULT_PORTS or not parts.hostname or parts.username is not None:
        return ""
    suffix = "" if port in {None, _DEFAULT_PORTS[parts.scheme]} else f":{port}"
    host = f"[{parts.hostname}]" if ":" in parts.hostname else in_ascii(parts.hostname)
    return f"{parts.scheme}://{host}{suffix}" if host else ""


def in_ascii(name: str) -> str:
    """Return the name of a host as it is asked for ("xn--mller-kva.de", IDNA 2008), "" where it cannot be one."""
    if name.isascii():
        return name
    if not all(character.isalnum() or character in "-." for character in name):
        return ""
    try:
        return (yarl.URL.build(scheme="http", host=name).raw_host or "").lower()
    except ValueError:
        return ""


def same_origin(first: str, second: str) -> bool:
    """Say whether two URIs are under one authority; the quicker where the second is one that is often asked for."""
    theirs = origin(second)
    if not theirs:
        return False
    # Most ids begin with their actor's origin as it is; each is new, so that to remember what it is would not help.
    if first.startswith(theirs) and first[len(theirs) : len(theirs) + 1] in _BEHIND_ORIGIN:
        return True
    return origin(first) == theirs


def related(first: str, second: str) -> bool:
    """Say whether two URIs are of one owner as far as names tell: of one origin, or of hosts below one name.

    As GoToSocial asks of shared inboxes, the last two parts of the names have to be the same. Where these look like a
    suffix below which anybody registers ("co.uk"), one of the hosts has to have that name.
    """
    if same_origin(first, second):
        return True
    hosts = [urlsplit(origin(uri)).hostname or "" for uri in (first, second)]
    parts = zip(*(reversed(host.split(".")) for host in hosts), strict=False)
    common = [mine for mine, _ in takewhile(lambda pair: pair[0] == pair[1], parts)]
    name = ".".join(reversed(common))
    if len(common) < _NAME_PARTS or common[0].isdecimal():  # nothing in common, or numeric addresses
        return False
    return name in hosts or not _SUFFIX.fullmatch(name)


def host(uri: str) -> str:
    """Return the host with a non-default port ("ehrenamt.hagen.de", "127.0.0.1:8001"), or ""."""
    return origin(uri).partition("://")[2]
