"""What an address shows here that somebody pasted into the search, as they would into that of a Mastodon."""

from fediverse_ehrenamt.discover import view
from fediverse_ehrenamt.federation import discovery, webfinger
from fediverse_ehrenamt.kit.errors import Gone, NotFound
from fediverse_ehrenamt.search import store as documents
from fediverse_ehrenamt.things import naming
from fediverse_ehrenamt.work import Work

_WEB = ("https://", "http://")


def is_address(text: str) -> bool:
    """Say whether these are no words but one address, of a page or an object, or a handle (@name@host)."""
    if len(text.split()) != 1 or not text.isprintable():
        return False
    return text.startswith(_WEB) or (text.startswith("@") and discovery.is_handle(text[1:]))


def find(work: Work, address: str) -> str:
    """Return the page of what an address or a handle names, a thing that is shown here or an actor of ours; else ""."""
    actor = webfinger.find(work, address if address.startswith(_WEB) else f"acct:{address}")
    if actor is not None:
        return actor.url
    try:
        return view.path(documents.get(work, naming.by_id(work, address)))
    except (Gone, NotFound):
        return ""
