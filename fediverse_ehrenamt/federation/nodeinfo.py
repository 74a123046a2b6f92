"""NodeInfo 2.0 and 2.1: what this is and how much of it there is. FEP-2677 names the instance's actor.

What the software can do stands at the actors (FEP-844e), for which NodeInfo is discouraged.
"""

from collections.abc import Callable
from datetime import timedelta
from importlib.metadata import version as package_version

import orjson
from sqlalchemy import exists, func, select

from fediverse_ehrenamt.federation import actors, addresses
from fediverse_ehrenamt.federation.discovery import APPLICATION_REL, NODEINFO_RELS, SOFTWARE
from fediverse_ehrenamt.federation.model import LocalActorRow, PublishedRow
from fediverse_ehrenamt.settings import Settings
from fediverse_ehrenamt.work import Work

VERSIONS = ("2.0", "2.1")
_VERSION = package_version("fediverse-ehrenamt")
_MONTH, _HALF_YEAR = timedelta(days=30), timedelta(days=180)
_WORK = ("Create", "Update", "Delete", "Announce")  # what an organisation does here, unlike answering a Follow


def links(settings: Settings) -> dict[str, object]:
    """Return where the documents are, 2.0 last: GoToSocial takes the last one, and reads no other version."""
    found = [{"rel": rel, "href": f"{settings.url}/nodeinfo/{rel.rpartition('/')[2]}"} for rel in NODEINFO_RELS]
    return {"links": [*found, {"rel": APPLICATION_REL, "href": addresses.instance_actor(settings)}]}


def document(work: Work, version: str, count_documents: Callable[[Work], int]) -> bytes:
    """Return NodeInfo with numbers counted now; `count_documents` counts this instance's own offers and events."""
    instance = actors.instance(work)
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
            "usage": {"users": _users(work), "localPosts": count_documents(work)},
            "metadata": {"nodeName": instance.name, "nodeDescription": instance.summary},
        }
    )


def _users(work: Work) -> dict[str, int]:
    """Count organisations: all that there are, and those that published in the last 30 and 180 days."""
    return {
        "total": _count(work),
        "activeMonth": _count(work, since=_MONTH),
        "activeHalfyear": _count(work, since=_HALF_YEAR),
    }


def _count(work: Work, since: timedelta | None = None) -> int:
    chosen = select(func.count()).select_from(LocalActorRow)
    chosen = chosen.where(LocalActorRow.type == "Organization", LocalActorRow.gone_at.is_(None))
    if since is not None:
        own = (PublishedRow.actor == LocalActorRow.uri) & PublishedRow.kind.in_(_WORK)
        chosen = chosen.where(exists().where(own, PublishedRow.published_at >= work.now - since))
    return work.db.scalar(chosen) or 0
