"""Where somebody's own server lets them follow an actor: a template in their WebFinger, of OStatus or FEP-3b86."""

import asyncio
import re
from dataclasses import dataclass
from urllib.parse import quote
from weakref import WeakKeyDictionary

from fediverse_ehrenamt.federation import actors, discovery
from fediverse_ehrenamt.kit import ids
from fediverse_ehrenamt.kit.errors import NotFound, Rejected, Unavailable
from fediverse_ehrenamt.work import Work, Workshop

SUBSCRIBE_REL = "http://ostatus.org/schema/1.0/subscribe"
_INTENTS = ("https://w3id.org/fep/3b86/Follow", "https://w3id.org/fep/3b86/Object")  # the second for whatever there is
_HOST = r"(?P<host>[^\W_](?:[\w.-]{0,250}[^\W_])?(?::[0-9]{1,5})?)"  # of letters of any script
_NAME = r"(?P<name>[a-z0-9_](?:[a-z0-9_.-]{0,126}[a-z0-9_])?)"
_ADDRESS = re.compile(rf"(?:acct:)?@?{_NAME}@{_HOST}", re.IGNORECASE)
_PROFILE = re.compile(rf"https?://{_HOST}/(?:@|users/){_NAME}/?", re.IGNORECASE)
_PARAMETER = re.compile(r"\{[^{}]*\}")
_LONGEST = 2_000
_AT_ONCE = 8  # look-ups that visitors may cause at a time

# One for each workshop, because tests run several instances in one process.
_turns: WeakKeyDictionary[Workshop, asyncio.Semaphore] = WeakKeyDictionary()


@dataclass(frozen=True, slots=True)
class Account:
    """An account as people write it: `@name@host`."""

    name: str
    host: str

    def __str__(self) -> str:
        return f"@{self.name}@{self.host}"


def account(text: str) -> Account | None:
    """Read `@name@host`, `name@host` or the address of a profile page; None for anything else.

    The host comes in ASCII, as its server calls itself.
    """
    if len(text) > _LONGEST:
        return None
    found = _ADDRESS.fullmatch(text.strip()) or _PROFILE.fullmatch(text.strip())
    host = ids.host(f"https://{found['host']}") if found else ""
    return Account(found["name"], host) if found and host else None


async def page(workshop: Workshop, visitor: Account, target: Account) -> str:
    """Return the URL at the visitor's server where they can follow the target.

    Raises `Gone` where their server does not know them, `Rejected` where it names no such page, `Unavailable` where it
    cannot be had, or too many others ask just now.
    """
    turns = _turns.setdefault(workshop, asyncio.Semaphore(_AT_ONCE))
    if turns.locked():
        raise Unavailable("too many look-ups at a time")
    async with turns:
        links = await discovery.account_links(workshop, visitor.name, visitor.host)
    named = {str(link.get("rel")): str(link.get("template", "")) for link in reversed(links)}  # the first of each
    if _is_usable(workshop, template := named.get(SUBSCRIBE_REL, ""), "{uri}"):
        return template.replace("{uri}", quote(str(target).removeprefix("@"), safe=""))
    uri = await workshop.read(_uri, target)
    for rel in _INTENTS:
        if uri and _is_usable(workshop, template := named.get(rel, ""), "{object}"):
            return _PARAMETER.sub("", template.replace("{object}", quote(uri, safe="")))
    raise Rejected(f"{visitor.host} names no page for following")


def _uri(work: Work, target: Account) -> str:
    """Return the id of an actor of ours, "" for somebody else's."""
    if target.host != ids.host(f"https://{work.settings.handle_domain}"):
        return ""
    try:
        return actors.by_handle(work, target.name).uri
    except NotFound:
        return ""


def _is_usable(workshop: Workshop, template: str, parameter: str) -> bool:
    """A page as safe to be sent to as ours: without encryption only where we ourselves are reached so."""
    encrypted = template.startswith("https://") or not workshop.settings.url.startswith("https://")
    plain = template.isascii() and template.isprintable() and " " not in template
    return encrypted and plain and parameter in template and len(template) <= _LONGEST and bool(ids.origin(template))
