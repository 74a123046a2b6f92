"""NodeInfo 2.0 and 2.1: what this is and how much of it there is. FEP-2677 names the instance's actor."""

from collections.abc import Callable
from importlib.metadata import version as package_version

import orjson
from sqlalchemy import func, select

from fediverse_ehrenamt.federation import actors, addresses
from fediverse_ehrenamt.federation.discovery import APPLICATION_REL, NODEINFO_RELS, SOFTWARE
from fediverse_ehrenamt.federation.model import LocalActorRow
from fediverse_ehrenamt.settings import Settings
from fediverse_ehrenamt.work import Work

VERSIONS = ("2.0", "2.1")
_VERSION = package_version("fediverse-ehrenamt")
_RFC9421 = {"href": "https://datatracker.ietf.org/doc/html/rfc9421", "name": "RFC-9421: HTTP Message Signatures"}


def links(settings: Settings) -> dict[str, object]:
    found = [
        {"rel": rel, "href": f"{settings.url}/nodeinfo/{rel.rpartition('/')[2]}"} for rel in reversed(NODEINFO_RELS)
    ]
    return {"links": [*found, {"rel": APPLICATION_REL, "href": addresses.instance_actor(settings)}]}


def document(work: Work, version: str, count_documents: Callable[[Work], int]) -> bytes:
    """Return NodeInfo with numbers counted now; `count_documents` counts this instance's own offers and events."""
    instance = actors.instance(work)
    organisations = work.db.scalar(
        select(func.count()).select_from(LocalActorRow).where(LocalActorRow.type == "Organization")
    )
    software = {"name": SOFTWARE, "version": _VERSION}
    if version == VERSIONS[1]:
        software["repository"] = "https://w3id.org/ehrenamt"
    return orjson.dumps(
        {
            "version": version,
            "software": software,
            "protocols": ["activitypub"],
            "services": {"inbound": [], "outbound": []},
            "openRegistrations": False,
            "usage": {"users": {"total": organisations}, "localPosts": count_documents(work)},
            "metadata": {"nodeName": instance.name, "nodeDescription": instance.summary, "implements": [_RFC9421]},
        }
    )
