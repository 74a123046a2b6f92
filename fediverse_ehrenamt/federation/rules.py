"""Who is spoken to: blocked, limited and allowed hosts and actors, decided on frozen values. Pure.

The words are Mastodon's with other names: "block" is its suspend, "limit" its silence, "none" its noop (which only
rejects media or reports). As there, an entry for a host covers the hosts below it, and the most specific one decides.
"""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime
from ipaddress import ip_address
from typing import Literal, get_args

from fediverse_ehrenamt.kit import addresses, ids

Severity = Literal["block", "limit", "none"]
SEVERITIES: tuple[Severity, ...] = get_args(Severity)

_HOST = re.compile(r"(\[[0-9a-f:.]+\]|[^:\[\]]+)(:[0-9]+)?")
_PLAIN = re.compile(r"[a-z0-9-]+(\.[a-z0-9-]+)*")  # as most hosts are: in that form already
_MORE = re.compile(r"[/?#@]")  # than a host
_LABELS = 32  # of a host that are looked at; a name of 253 characters may have 127
_REMEMBERED = 20_000
_SHOWN = 100
# Where names are sold below a second label of these, as in example.co.uk; a rule of thumb in place of a list that ages.
_SHARED_LABELS = frozenset({"ac", "co", "com", "edu", "gov", "gv", "net", "or", "org"})
_COUNTRY = 2  # letters


@dataclass(frozen=True, slots=True)
class Restriction:
    """An entry: `subject` is a host in its canonical form, or the URI of an actor.

    `reason` is for those who run this instance, `public_comment` for everybody; `obfuscate` says that lists for the
    public shall not spell the host out.
    """

    subject: str
    severity: Severity
    reject_media: bool = False
    reject_reports: bool = False
    reason: str = ""
    public_comment: str = ""
    obfuscate: bool = False
    since: datetime | None = None

    @property
    def is_actor(self) -> bool:
        return "://" in self.subject


@dataclass(frozen=True, slots=True)
class Verdict:
    """What holds for a host or an actor; `refusal` says to the peer why it is not spoken to, "" where it is."""

    refusal: str = ""
    limited: bool = False
    reject_media: bool = False
    reject_reports: bool = False


_NOTHING = Verdict()


def canonical(host: str) -> str:
    """Return a host in the one form in which hosts are compared (lower case, ASCII, no last dot), "" for none.

    The same server can be named in several ways, and one of them would get past a block of another.
    """
    if _PLAIN.fullmatch(host):
        return host
    if _MORE.search(host):
        return ""
    try:
        wire = addresses.target(f"https://{host}/").host
    except ValueError:
        return ""
    found = _HOST.fullmatch(wire)
    return f"{found[1].rstrip('.')}{found[2] or ''}" if found else ""


def subject_of(text: str) -> str:
    """Return what an entry is about: a host (of a URL without a path as well) or an actor's URI, "" for neither.

    A name of one label is no host: it would be a whole country.
    """
    text = text.strip()
    if "://" in text:
        origin, path = ids.origin(text), text.partition("://")[2].partition("/")[2]
        if origin and path:
            return f"{origin}/{path}"
        text = ids.host(text)
    host = canonical(text.removeprefix("*.").lower())
    name = _name(host)
    return host if "." in name or name == "localhost" or _is_address(name) else ""


def is_top_level(text: str) -> bool:
    """Say whether a name is that of a whole country or the like, which is no subject of an entry."""
    name = canonical(text.lower())
    return bool(name) and "." not in name and not subject_of(text)


def registrable(host: str) -> str:
    """Return the part of a host that somebody has registered, by rule of thumb: "a.b.example.co.uk" is
    "example.co.uk".
    """
    name = _name(canonical(host))
    if _is_address(name):
        return canonical(host)
    above, _, country = name.rpartition(".")
    shared = len(country) == _COUNTRY and above.rpartition(".")[2] in _SHARED_LABELS
    return ".".join(name.split(".")[-3 if shared else -2 :])


def covering(host: str) -> Iterator[str]:
    """Yield the subjects that cover a canonical host, the most specific first: itself with its port, itself, above."""
    name = _name(host)
    if name != host:
        yield host
    yield name
    if not _is_address(name):
        labels = name.split(".")[-_LABELS:]
        yield from (".".join(labels[start:]) for start in range(1, len(labels)))


def obfuscated(host: str) -> str:
    """Return a host with its middle starred out, as Mastodon shows such entries."""
    seen = len(host) // 4
    return "".join("*" if seen < at < len(host) - seen and one != "." else one for at, one in enumerate(host))


class Rules:
    """All entries of one moment. `allowed` are the hosts of the allow-list, None where there is no such mode."""

    def __init__(self, restrictions: Iterable[Restriction] = (), allowed: frozenset[str] | None = None) -> None:
        entries = list(restrictions)
        self._hosts = {entry.subject: entry for entry in entries if not entry.is_actor}
        self._actors = {entry.subject: _verdict(entry) for entry in entries if entry.is_actor}
        self._allowed = allowed
        self._known: dict[str, Verdict] = {}  # asked for every activity
        self._everybody = allowed is None and not self._hosts

    def of_host(self, host: str) -> Verdict:
        """Return what holds for a host as `ids.host` gives it."""
        if self._everybody:
            return _NOTHING
        found = self._known.get(host)
        if found is None:
            if len(self._known) >= _REMEMBERED:
                self._known.clear()
            found = self._known[host] = self._decide(host)
        return found

    def of(self, uri: str, host: str = "") -> Verdict:
        """Return what holds for an actor or anything else with a URI: what its host's entry says and its own.

        Whoever knows the `host` already says it, which is quicker.
        """
        theirs = self.of_host(host or ids.host(uri))
        own = self._actors.get(uri)
        if own is None:
            return theirs
        return Verdict(
            theirs.refusal or own.refusal,
            theirs.limited or own.limited,
            theirs.reject_media or own.reject_media,
            theirs.reject_reports or own.reject_reports,
        )

    def _decide(self, host: str) -> Verdict:
        name = canonical(host)
        if not name:
            return Verdict(refusal=f"{host[:_SHOWN]} is no name of a host")
        if self._allowed is not None and self._allowed.isdisjoint((name, _name(name))):
            return Verdict(refusal=f"this instance speaks to listed hosts only, and {host} is not listed")
        entry = next((self._hosts[one] for one in covering(name) if one in self._hosts), None)
        return _verdict(entry) if entry else _NOTHING


def _verdict(entry: Restriction) -> Verdict:
    refusal = ""
    if entry.severity == "block":
        comment = f": {entry.public_comment}" if entry.public_comment and not entry.obfuscate else ""
        refusal = f"{entry.subject} is blocked here{comment}"
    blocked = bool(refusal)
    return Verdict(
        refusal,
        limited=entry.severity == "limit",
        reject_media=blocked or entry.reject_media,
        reject_reports=blocked or entry.reject_reports,
    )


def _name(host: str) -> str:
    """Return a host without its port."""
    found = _HOST.fullmatch(host)
    return found[1] if found else ""


def _is_address(name: str) -> bool:
    try:
        ip_address(name.strip("[]"))
    except ValueError:
        return False
    return True
