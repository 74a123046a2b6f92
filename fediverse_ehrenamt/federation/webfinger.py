"""WebFinger (RFC 7033): from a handle, an actor's URI, its page or this host to the actor."""

import re
from collections.abc import Collection
from urllib.parse import urlsplit

import orjson
from sqlalchemy import select

from fediverse_ehrenamt.federation import addresses
from fediverse_ehrenamt.federation.discovery import APPLICATION_REL
from fediverse_ehrenamt.federation.model import LocalActorRow
from fediverse_ehrenamt.kit import ids
from fediverse_ehrenamt.work import Work

ACTIVITY_JSON = "application/activity+json"
_LD_JSON = 'application/ld+json; profile="https://www.w3.org/ns/activitystreams"'
_SERVICE_REL = "https://www.w3.org/ns/activitystreams#Service"  # FEP-d556
_PROFILE_REL = "http://webfinger.net/rel/profile-page"
_LONGEST = 2_100
_RESOURCE = re.compile(r"(?!acct:)[a-z][a-z0-9+.-]*:.|acct:@?[^@:/\s=]+@[^@/\s]+\Z", re.IGNORECASE)


def descriptor(work: Work, resource: str, rels: Collection[str] = ()) -> bytes | None:
    """Return the JSON resource descriptor, with `rels` only such links in it; None where the resource is not ours.

    Handles are answered for the handles' domain and for the host that serves them, in any case of letters, and a host
    also with its umlauts.
    """
    row = find(work, resource)
    if row is None:
        return None
    links = [
        {"rel": _PROFILE_REL, "type": "text/html", "href": row.url},
        {"rel": "self", "type": ACTIVITY_JSON, "href": row.uri},
        {"rel": "self", "type": _LD_JSON, "href": row.uri},
    ]
    if row.type == "Application":
        links += [{"rel": rel, "type": ACTIVITY_JSON, "href": row.uri} for rel in (_SERVICE_REL, APPLICATION_REL)]
    if rels:
        links = [link for link in links if link["rel"] in rels]
    subject = f"acct:{row.handle}@{work.settings.handle_domain}"
    return orjson.dumps({"subject": subject, "aliases": [row.uri, row.url], "links": links})


def is_resource(resource: str) -> bool:
    """Say whether this is a URI (RFC 7033 section 4.2), which a handle without its scheme is not.

    An `acct:` without a host is none either (RFC 7565 section 7); an `@` in front of the name is let pass.
    """
    return _RESOURCE.match(resource) is not None


def find(work: Work, resource: str) -> LocalActorRow | None:
    """Return the actor of ours that a resource names, None where there is none, or no longer."""
    if len(resource) > _LONGEST:
        return None
    at_address = resource.lower().startswith(("https://", "http://"))
    row = _at_address(work, resource) if at_address else _by_account(work, resource.lower())
    return None if row is None or row.gone_at else row


def _by_account(work: Work, resource: str) -> LocalActorRow | None:
    handle, _, domain = resource.removeprefix("acct:").removeprefix("@").rpartition("@")
    if ids.host(f"https://{domain}") not in {work.settings.handle_domain, work.settings.host}:
        return None
    if handle in {domain, ids.host(f"https://{domain}")}:  # what Mastodon and GoToSocial call the actor of a server
        return work.db.get(LocalActorRow, addresses.instance_actor(work.settings))
    return _by_handle(work, handle)


def _at_address(work: Work, resource: str) -> LocalActorRow | None:
    origin = ids.origin(resource)
    if not origin:  # no address at all, as "http://[" is none
        return None
    uri = f"{origin}{urlsplit(resource)._replace(scheme='', netloc='').geturl()}".rstrip("/")
    if uri == work.settings.url or (uri == origin and ids.host(uri) == work.settings.handle_domain):
        return work.db.get(LocalActorRow, addresses.instance_actor(work.settings))
    if uri.startswith(f"{work.settings.url}/@"):
        return _by_handle(work, uri.rpartition("/@")[2].lower())
    return work.db.get(LocalActorRow, uri) or work.db.scalar(select(LocalActorRow).where(LocalActorRow.url == uri))


def _by_handle(work: Work, handle: str) -> LocalActorRow | None:
    return work.db.scalar(select(LocalActorRow).where(LocalActorRow.handle == handle))
