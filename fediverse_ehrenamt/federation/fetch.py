"""Asks an object's own origin for it. All requests are signed by the instance actor."""

import asyncio
from collections.abc import Mapping
from dataclasses import replace

from fediverse_ehrenamt.federation import peers, sending
from fediverse_ehrenamt.federation.signatures import Signed
from fediverse_ehrenamt.kit import ids
from fediverse_ehrenamt.kit.errors import Gone, Malformed, Missing, PeerError, Rejected, Unavailable, Unreachable
from fediverse_ehrenamt.kit.http import Response
from fediverse_ehrenamt.kit.sentences import Sentence, sentence
from fediverse_ehrenamt.vocab import codec
from fediverse_ehrenamt.vocab.keys import Multikey, PublicKey
from fediverse_ehrenamt.vocab.types import Activity, Actor, Collection, CollectionPage, Object
from fediverse_ehrenamt.work import Work, Workshop

ACTIVITY_JSON = "application/activity+json"
ACCEPT = 'application/activity+json, application/ld+json; profile="https://www.w3.org/ns/activitystreams"'
_LINKED_DATA = "application/ld+json"
_ACTIVITYSTREAMS = "https://www.w3.org/ns/activitystreams"
_SHOWN = 100  # characters of a media type
_SECONDS = 10.0
_DOCUMENT_LIMIT = 1_000_000
_GONE, _MISSING = 410, 404
_NOT_MODIFIED = 304
_BUSY = frozenset({429, 503})
_LATER = frozenset({408, 425})
_SERVER_FAULT, _NOT_IMPLEMENTED = 500, 501  # the second will not change
_SUCCESS = range(200, 300)
_KEYS_FETCHED = 3  # of one actor, one after the other
_WAIT_DIGITS = 6  # of seconds, which is up to 11 days

Document = Object | Activity | Collection | CollectionPage


def check_status(response: Response) -> None:
    """Turn a peer's refusal into `Gone` (410, 404: `Missing`), `Rejected` (for good) or `Unavailable` (later)."""
    status = response.status
    text = sentence("%(host)s antwortet mit dem Status %(status)s", host=ids.host(response.url), status=status)
    if status in {_GONE, _MISSING}:
        raise Gone(text) if status == _GONE else Missing(text)
    wait = response.headers.get("retry-after", "")
    seconds = float(wait) if wait.isdecimal() and len(wait) <= _WAIT_DIGITS else None
    if status in _BUSY:
        raise Unreachable(text, seconds)
    if status in _LATER or (status >= _SERVER_FAULT and status != _NOT_IMPLEMENTED):
        raise Unavailable(text, seconds)
    if status not in _SUCCESS:
        raise Rejected(text, status)


async def document(workshop: Workshop, url: str, seconds: float = _SECONDS) -> tuple[str, bytes]:
    """Return the final URL and the body of an ActivityPub document; `Gone`, `Rejected` or `Unavailable`."""
    response = await changed(workshop, url, {}, seconds)
    assert response is not None, "without a condition there is an answer"
    return response.url, response.body


async def changed(
    workshop: Workshop, url: str, condition: Mapping[str, str], seconds: float = _SECONDS
) -> Response | None:
    """Return the answer with an ActivityPub document, None where it is as it was (304); errors as of `document`.

    `condition` is the headers If-None-Match and If-Modified-Since (RFC 9110 §13.1) as far as they are known.
    """
    response = await sending.get(
        workshop, url, accept=ACCEPT, headers=condition, limit=_DOCUMENT_LIMIT, seconds=seconds
    )
    if condition and response.status == _NOT_MODIFIED:
        return None
    check_status(response)
    media_type = response.headers.get("content-type", "")
    if not _is_activitypub(media_type):
        raise Rejected(
            sentence("%(url)s ist kein ActivityPub, sondern „%(kind)s“", url=url, kind=media_type[:_SHOWN] or "?")
        )
    return response


def _is_activitypub(media_type: str) -> bool:
    """Say whether a server means what it sends as ActivityPub (FEP-fe34: not a file that somebody uploaded there).

    application/json, and application/ld+json without the profile, are what many servers call any file by its name.
    """
    kind, _, parameters = media_type.partition(";")
    kind = kind.strip().lower()
    return kind == ACTIVITY_JSON or (kind == _LINKED_DATA and _ACTIVITYSTREAMS in parameters)


async def from_origin(workshop: Workshop, uri: str) -> tuple[Signed, Document]:
    """Return what the origin of `uri` says it is; its id is the URI, or it is asked for once more under its id.

    Raises `Gone`, `Rejected` (no such document, or one that speaks for another origin), `Unavailable`, `Malformed`.
    """
    url, body = await document(workshop, uri)
    value = await asyncio.to_thread(codec.parse_object, body)
    if isinstance(value, Collection | CollectionPage) and not value.id:
        value = replace(value, id=url)
    if value.id not in {url, uri}:
        if not ids.same_origin(value.id, url):
            raise Rejected(_foreign(uri, value.id))
        named = value.id
        url, body = await document(workshop, named)
        value = await asyncio.to_thread(codec.parse_object, body)
        if value.id not in {url, named}:
            raise Rejected(sentence("%(url)s antwortet mit einer anderen id, %(id)s", url=named, id=value.id))
    if not ids.same_origin(value.id, url):
        raise Rejected(_foreign(url, value.id))
    author = getattr(value, "attributed_to", "") or getattr(value, "actor", "") or value.id
    if not ids.same_origin(author, value.id):
        raise Rejected(sentence("%(id)s ist von %(author)s, also von einem anderen Host", id=value.id, author=author))
    return Signed(author, body, "origin"), value


def _foreign(url: str, found: str) -> Sentence:
    return sentence("%(url)s antwortet mit %(id)s, also für einen anderen Host", url=url, id=found)


async def with_keys(workshop: Workshop, named: Actor, seconds: float = _SECONDS) -> Actor:
    """Return an actor with the keys that it names by their addresses alone; few, and of its own origin.

    Each has to say under its own id that it is this actor's. What is not to be had, or is none, is left out.
    """
    for address in named.keys_elsewhere[:_KEYS_FETCHED]:
        at, own = address.partition("#")[0], named.id.partition("#")[0]
        if at == own or not ids.same_origin(address, named.id):
            continue
        try:
            url, body = await document(workshop, at, seconds)
            key = await asyncio.to_thread(codec.parse_key_document, body)
        except (PeerError, Gone, Malformed):
            continue
        if isinstance(key, Actor) or key.id != address or not ids.same_origin(url, named.id):
            continue
        if isinstance(key, PublicKey) and key.owner == named.id:
            named = replace(named, keys=(*named.keys, key))
        elif isinstance(key, Multikey) and key.controller == named.id:
            named = replace(named, assertion_methods=(*named.assertion_methods, key))
    return named


async def actor(workshop: Workshop, uri: str) -> Actor:
    """Fetch an actor and remember it; `Rejected` where the document is none."""
    _, value = await from_origin(workshop, uri)
    if not isinstance(value, Actor):
        raise Rejected(sentence("%(url)s ist kein Konto", url=uri))
    value = await with_keys(workshop, value)
    await workshop.write(peers.remember, value)
    return value


async def ensure_actor(workshop: Workshop, uri: str) -> None:
    """Fetch an actor unless it is known; its name stands on the cards of what it publishes."""
    if not await workshop.read(_is_known, uri):
        await actor(workshop, uri)


def _is_known(work: Work, uri: str) -> bool:
    return peers.find(work, uri) is not None
