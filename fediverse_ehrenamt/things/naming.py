"""What is ours by its id, for those who name it by the address of its page.

People have such addresses at hand: a WordPress writes what was pasted into its block for replies to `inReplyTo`.
Servers that look up what their people paste (Mastodon, GoToSocial) are sent from a page to the id, and name that.
"""

from urllib.parse import urlsplit

from sqlalchemy import select

from fediverse_ehrenamt.federation import addresses, webfinger
from fediverse_ehrenamt.kit import ids
from fediverse_ehrenamt.things.model import ThingRow
from fediverse_ehrenamt.work import Work

_OBJECTS = "/ap/"  # below it all addresses are ids
_SHALLOWEST = 3  # parts of the path of a thing's page, as "/angebote/<id>-lesepatin-gesucht"


def by_id(work: Work, address: str) -> str:
    """Return the id of the thing or the actor of ours whose page is at an address, any other address as it is."""
    if not addresses.is_ours(work.settings, address):
        return address
    path = urlsplit(address).path
    if path.startswith(_OBJECTS):
        return address
    parts = path.rstrip("/").split("/")
    page = parts[-1].partition("-")[0]
    if len(parts) == _SHALLOWEST and ids.made_at(page) is not None:
        return work.db.scalar(select(ThingRow.uri).where(ThingRow.id == page, ThingRow.local)) or address
    actor = webfinger.find(work, address)
    return actor.uri if actor else address
