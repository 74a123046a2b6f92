"""Our objects under their ActivityPub ids, and what actors of ours show of them.

Browsers are sent to the page, the deleted leave a tombstone.
"""

from dataclasses import replace
from typing import cast

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from fediverse_ehrenamt.federation import actors, addresses, secure
from fediverse_ehrenamt.federation import collections as pages
from fediverse_ehrenamt.federation.collections import Reader
from fediverse_ehrenamt.federation.model import TombstoneRow
from fediverse_ehrenamt.kit.errors import Gone, NotFound
from fediverse_ehrenamt.kit.sentences import sentence
from fediverse_ehrenamt.reactions import store as reactions
from fediverse_ehrenamt.things import showings, store
from fediverse_ehrenamt.things.wire import Thing
from fediverse_ehrenamt.vocab import codec
from fediverse_ehrenamt.vocab.types import Collection, CollectionPage, Tombstone
from fediverse_ehrenamt.web import negotiation
from fediverse_ehrenamt.work import Work, Workshop


@secure.signed_or_page
async def thing(request: Request) -> Response:
    workshop: Workshop = request.app.state.workshop
    uri = f"{workshop.settings.url}/ap/object/{request.path_params['key']}"
    body, url, status = await workshop.read(_thing, uri)
    if negotiation.wants_page(request):
        if status == Gone.status:
            raise Gone(sentence("Das wurde zurückgezogen."))
        return negotiation.elsewhere(url)
    return negotiation.answer(request, body, status)


def _thing(work: Work, uri: str) -> tuple[bytes, str, int]:
    tombstone = work.db.get(TombstoneRow, uri)
    if tombstone is not None:
        gone = Tombstone(id=uri, former_type=tombstone.former_type, deleted=tombstone.deleted_at)
        return codec.write(gone), "", Gone.status
    row = store.find(work, uri)
    if row is None or not row.local:
        raise NotFound("Das gibt es hier nicht.")
    found, counts = store.get(work, uri), reactions.counts(work, uri)
    return codec.write(replace(found, likes=counts.likes, shares=counts.shares)), found.url, 200


@secure.signed
async def collection(request: Request) -> Response:
    """What an actor features, and its upcoming events, with `?page=` a page of them."""
    workshop: Workshop = request.app.state.workshop
    uri = addresses.actor(workshop.settings, request.path_params["key"])
    read = _READERS[request.url.path.rpartition("/")[2]]
    return negotiation.answer(request, await workshop.read(_collection, read, uri, request.query_params.get("page")))


def _collection(work: Work, read: Reader, uri: str, page: str | None) -> bytes:
    actors.check_there(work, uri)
    return codec.write(read(work, uri, page))


def _featured(work: Work, actor: str, page: str | None) -> Collection:
    """The newest open offers, whole: Mastodon pins them when it next looks at the actor."""
    if page is not None:
        raise NotFound("featured has no pages")
    things = tuple(map(_thing_of, showings.featured(work, actor)))
    return Collection(id=f"{actor}/featured", total=len(things), items=things)


def _upcoming(work: Work, actor: str, page: str | None) -> Collection | CollectionPage:
    """FEP-8a8e: events that have not begun, the earliest first; those of all organisations at the instance's actor."""
    uri, number = f"{actor}/upcoming", pages.number(page) if page else 1
    whose = None if actor == addresses.instance_actor(work.settings) else actor
    bodies, total = showings.upcoming(work, whose, (number - 1) * pages.PAGE, pages.PAGE)
    first = CollectionPage(
        id=f"{uri}?page={number}",
        part_of=uri,
        next=f"{uri}?page={number + 1}" if number * pages.PAGE < total else "",
        items=tuple(map(_thing_of, bodies)),
    )
    return first if page else Collection(id=uri, total=total, first=first if total else "")


def _thing_of(body: bytes) -> Thing:
    return cast("Thing", codec.parse_object(body))


_READERS: dict[str, Reader] = {"featured": _featured, "upcoming": _upcoming}

ROUTES = [
    Route("/ap/object/{key}", thing),
    *(Route(f"/ap/actor/{{key}}/{name}", collection) for name in _READERS),
]
