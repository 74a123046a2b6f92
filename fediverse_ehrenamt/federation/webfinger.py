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
_RESOURCE = re.compile(r"[A-Za-z][A-Za-z0-9+.-]*:.|@?[^@:/\s=]+@[^@/\s]+\Z")


def descriptor(work: Work, resource: str, rels: Collection[str] = ()) -> bytes | None:
    """Return the JSON resource descriptor, with `rels` only such links in it; None where the resource is not ours.

    Handles are answered for the handles' domain and for the host that serves them, in any case of letters.
    """
    row = _find(work, resource) if len(resource) <= _LONGEST else None
    if row is None or row.gone_at is not None:
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
    """Say whether this is a URI (RFC 7033 section 4.2) or a handle without its scheme, which Mastodon asks for too."""
    return _RESOURCE.match(resource) is not None


def _find(work: Work, resource: str) -> LocalActorRow | None:
    if not resource.startswith(("https://", "http://")):
        handle, _, domain = resource.removeprefix("acct:").removeprefix("@").lower().rpartition("@")
        if domain not in {work.settings.handle_domain, work.settings.host}:
            return None
        if handle == domain:  # what Mastodon and GoToSocial call the actor of a server
            return work.db.get(LocalActorRow, addresses.instance_actor(work.settings))
        return work.db.scalar(select(LocalActorRow).where(LocalActorRow.handle == handle))
    if resource.rstrip("/") == work.settings.url or _is_handle_domain(work, resource):
        return work.db.get(LocalActorRow, addresses.instance_actor(work.settings))
    return work.db.get(LocalActorRow, resource) or work.db.scalar(
        select(LocalActorRow).where(LocalActorRow.url == resource)
    )


def _is_handle_domain(work: Work, resource: str) -> bool:
    if not ids.origin(resource):  # no address at all, as "http://[" is none
        return False
    parts = urlsplit(resource)
    return parts.netloc.lower() == work.settings.handle_domain and parts.path in {"", "/"}
