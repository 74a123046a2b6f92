"""Finds actors by what people have at hand (a handle, a page, a domain), and what software a host runs."""

import html
import re
from collections.abc import Iterator
from itertools import islice
from urllib.parse import quote, urljoin

import orjson

from fediverse_ehrenamt.federation import fetch
from fediverse_ehrenamt.kit import ids
from fediverse_ehrenamt.kit.errors import Gone, Malformed, PeerError, Rejected, Unavailable
from fediverse_ehrenamt.kit.sentences import Sentence, sentence
from fediverse_ehrenamt.vocab.types import Actor, Announce, Create
from fediverse_ehrenamt.work import Workshop

SOFTWARE = "ehrenamt"
APPLICATION_REL = "https://www.w3.org/ns/activitystreams#Application"  # FEP-2677
NODEINFO_RELS = (
    "http://nodeinfo.diaspora.software/ns/schema/2.1",
    "http://nodeinfo.diaspora.software/ns/schema/2.0",
)
_NOUNS = {
    "Application": sentence("Instanz"),
    "Group": sentence("Gruppe"),
    "Organization": sentence("Organisation"),
    "Service": sentence("Dienst"),
}
_OWN_WORDS = {
    ("gancio", "Application"): sentence("Gancio-Kalender"),
    ("wordpress", "Group"): sentence("WordPress-Blog"),
}
_BRANDS = {"wordpress": "WordPress", "gotosocial": "GoToSocial", "peertube": "PeerTube", "nodebb": "NodeBB"}
_SECONDS = 5.0
_LIMIT = 100_000
_PAGE_LIMIT = 1_000_000
_ALTERNATES = 5
_NOT_THERE = frozenset({404, 410})
_LINK = re.compile(r"<link\b([^<>]{1,2000})>", re.IGNORECASE)
_SAID = re.compile(r"""([A-Za-z-]{1,20})\s{0,5}=\s{0,5}(?:"([^"]*)"|'([^']*)'|([^\s"'=<>]+))""")
_SELF_TYPES = ("application/activity+json", "application/ld+json")


async def find_actor(workshop: Workshop, address: str) -> str:
    """Return the URI of the actor that `@handle@domain`, a URL or a domain names; `Rejected` or `Unavailable`."""
    address = address.strip()
    if is_handle(address):
        handle, _, domain = address.removeprefix("acct:").removeprefix("@").partition("@")
        domain = ids.host(f"https://{domain}") or domain
        return await _webfinger(workshop, _base(workshop, domain), f"acct:{handle}@{domain}")
    url = address if "://" in address else _base(workshop, address)
    if not ids.origin(url):
        raise Rejected(
            sentence(
                "„%(address)s“ ist keine Adresse; richtig wäre https://ehrenamt.beispiel.de oder @verein@beispiel.de",
                address=address,
            )
        )
    if ids.origin(url) != url.rstrip("/"):
        try:
            return await _actor_at(workshop, url)
        except (Rejected, Gone, Malformed):
            return await _by_its_page(workshop, url)
    return await _instance_actor(workshop, ids.origin(url))


def _no_account(url: str) -> Sentence:
    return sentence("Unter %(url)s liegt kein Konto des Fediverse.", url=url)


def is_handle(address: str) -> bool:
    """Say whether this is @name@domain in one of its forms, and no address of a page, which may have an @ as well."""
    return "@" in address and "/" not in address


def _base(workshop: Workshop, domain: str) -> str:
    """Everybody is under https, except in the networks that the operator allows for trying things out."""
    scheme = "http" if workshop.settings.allowed_networks and workshop.settings.url.startswith("http://") else "https"
    return f"{scheme}://{domain}"


async def _actor_at(workshop: Workshop, url: str) -> str:
    _, value = await fetch.from_origin(workshop, url)
    if isinstance(value, Actor):
        return value.id
    author = value.actor if isinstance(value, Create | Announce) else getattr(value, "attributed_to", "")
    if not author:
        raise Rejected(_no_account(url))
    return str(author)


async def _instance_actor(workshop: Workshop, origin: str) -> str:
    """Ask WebFinger for the host (FEP-d556), NodeInfo (FEP-2677), WebFinger for `relay@`, and the page itself.

    What WordPress names in NodeInfo publishes nothing and has no followers; its host's answer is the blog.
    """
    unavailable: Unavailable | None = None
    for ask in (_by_host, _by_nodeinfo, _by_relay, _actor_at, _by_page):
        try:
            return await ask(workshop, origin)
        except Unavailable as error:
            unavailable = error
        except (PeerError, Gone, Malformed):
            continue
    raise unavailable or Rejected(
        sentence(
            "%(origin)s nennt kein Konto, dem man folgen könnte. Bitte die Adresse eines Kontos angeben.", origin=origin
        )
    )


def describe(software: str, kind: str) -> str:
    """Return in words what an actor is ("Mobilizon-Gruppe"), by its host's software and its ActivityStreams type."""
    noun = _NOUNS.get(kind) or sentence("Konto")
    if software == SOFTWARE:
        of_sister = sentence("%(what)s einer Schwesterinstanz", what=noun)
        return sentence("Schwesterinstanz") if kind == "Application" else of_sister
    if (software, kind) in _OWN_WORDS:
        return _OWN_WORDS[software, kind]
    brand = _BRANDS.get(software, software[:1].upper() + software[1:])
    return sentence("%(brand)s-%(what)s", brand=brand, what=noun) if brand else noun


async def _by_nodeinfo(workshop: Workshop, origin: str) -> str:
    for link in await _links(workshop, f"{origin}/.well-known/nodeinfo", "application/json"):
        if link.get("rel") == APPLICATION_REL and ids.same_origin(str(link.get("href")), origin):
            return str(link["href"])
    raise Rejected(sentence("%(origin)s nennt in NodeInfo kein Konto", origin=origin))


async def _by_host(workshop: Workshop, origin: str) -> str:
    return await _webfinger(workshop, origin, f"{origin}/")


async def _by_relay(workshop: Workshop, origin: str) -> str:
    return await _webfinger(workshop, origin, f"acct:relay@{ids.host(origin)}")


async def _by_its_page(workshop: Workshop, url: str) -> str:
    """Ask WebFinger for a page, as Mastodon and WordPress know theirs, else the page itself."""
    try:
        return await _webfinger(workshop, ids.origin(url), url)
    except Rejected:
        return await _by_page(workshop, url)


async def _by_page(workshop: Workshop, url: str) -> str:
    """Follow what a page for people names as its ActivityPub object (`<link rel="alternate">`)."""
    response = await workshop.http.get(url, accept="text/html", limit=_PAGE_LIMIT, seconds=_SECONDS)
    if response.status in _NOT_THERE:
        raise Rejected(_no_account(url))
    fetch.check_status(response)
    alternates = islice(_alternates(response.body.decode("utf-8", "replace")), _ALTERNATES)
    link = next((link for href in alternates if ids.origin(link := _joined(response.url, href))), "")
    if not link or link == url:
        raise Rejected(_no_account(url))
    return await _actor_at(workshop, link)


def _joined(base: str, address: str) -> str:
    try:
        return urljoin(base, address)
    except ValueError:
        return ""


def _alternates(page: str) -> Iterator[str]:
    """Yield the addresses that a page names as its ActivityPub form, as far as they stand in whole tags."""
    for tag in _LINK.findall(page):
        said = {
            name.lower(): html.unescape(double or single or bare) for name, double, single, bare in _SAID.findall(tag)
        }
        kind = said.get("type", "").partition(";")[0].strip().lower()
        if "alternate" in said.get("rel", "").lower().split() and kind in _SELF_TYPES:
            yield said.get("href", "")


async def _webfinger(workshop: Workshop, origin: str, resource: str) -> str:
    """Return the `self` link of a resource (RFC 7033)."""
    url = f"{origin}/.well-known/webfinger?resource={quote(resource, safe='')}"
    try:
        links = await _links(workshop, url, "application/jrd+json, application/json")
    except Gone:
        links = []
    for link in links:
        kind = str(link.get("type", "")).partition(";")[0]
        if link.get("rel") in {"self", APPLICATION_REL} and kind in _SELF_TYPES and ids.origin(str(link.get("href"))):
            return str(link["href"])
    raise Rejected(sentence("„%(what)s“ gibt es auf %(host)s nicht.", what=resource, host=ids.host(origin)))


async def account_links(workshop: Workshop, name: str, domain: str) -> list[dict[str, object]]:
    """Return the links of an account's WebFinger descriptor (RFC 7033); `Gone`, `Rejected` or `Unavailable`."""
    resource = quote(f"acct:{name}@{domain}", safe="")
    url = f"{_base(workshop, domain)}/.well-known/webfinger?resource={resource}"
    return await _links(workshop, url, "application/jrd+json, application/json")


async def software(workshop: Workshop, origin: str) -> str:
    """Return the name of the software that a host runs, "" where NodeInfo says nothing."""
    try:
        links = await _links(workshop, f"{origin}/.well-known/nodeinfo", "application/json")
    except (Rejected, Gone):
        return ""
    for rel in NODEINFO_RELS:
        for link in links:
            if link.get("rel") == rel and ids.same_origin(str(link.get("href")), origin):
                document = await _json(workshop, str(link["href"]), "application/json")
                part = document.get("software")
                return str(part.get("name", "")).lower() if isinstance(part, dict) else ""
    return ""


async def _links(workshop: Workshop, url: str, accept: str) -> list[dict[str, object]]:
    links = (await _json(workshop, url, accept)).get("links")
    return [link for link in links if isinstance(link, dict)] if isinstance(links, list) else []


async def _json(workshop: Workshop, url: str, accept: str) -> dict[str, object]:
    response = await workshop.http.get(url, accept=accept, limit=_LIMIT, seconds=_SECONDS)
    fetch.check_status(response)
    try:
        document = orjson.loads(response.body)
    except orjson.JSONDecodeError as error:
        raise Rejected(sentence("%(url)s antwortet nicht mit JSON", url=url)) from error
    if not isinstance(document, dict):
        raise Rejected(sentence("%(url)s antwortet nicht mit einem JSON-Objekt", url=url))
    return document
