"""The inbox as peers meet it: a bare ASGI endpoint, for it is the busiest and needs nothing of the web's layers.

Order (DESIGN §5.1): size, JSON, worth a key?, signature, proof, wanted?, stored together with others, 202.
"""

import asyncio
import logging
from collections.abc import Awaitable, Callable, MutableMapping
from datetime import datetime
from typing import Any

import orjson

from fediverse_ehrenamt.federation import authority, fetch, forwarded, policy, signatures, wanted
from fediverse_ehrenamt.federation.inbox import Gate
from fediverse_ehrenamt.federation.proofs import ProofKeys
from fediverse_ehrenamt.federation.signatures import KeySource, Request
from fediverse_ehrenamt.federation.wanted import Arrival
from fediverse_ehrenamt.kit.errors import BadSignature, EhrenamtError, Malformed, TooLarge, Unavailable
from fediverse_ehrenamt.vocab import codec
from fediverse_ehrenamt.vocab.quotes import InteractionRequest
from fediverse_ehrenamt.vocab.types import Activity, Delete, Follow, Join, Offer
from fediverse_ehrenamt.work import Workshop

BODY_LIMIT = 1_000_000  # bytes, as Mastodon's
_RETRY_AFTER = 300
_NOT_ALLOWED, _UNSUPPORTED = 405, 415
_CHALLENGE = BadSignature.challenge.replace("date", "date digest").encode()
_LIMIT = f"an activity may have {BODY_LIMIT} bytes"

Scope = MutableMapping[str, Any]
Message = MutableMapping[str, Any]
Receive = Callable[[], Awaitable[Message]]
Send = Callable[[Message], Awaitable[None]]
Header = tuple[bytes, bytes]
_ACCEPTED: Message = {"type": "http.response.start", "status": 202, "headers": [(b"content-length", b"0")]}
_AS_IT_IS: list[Header] = [(b"accept-encoding", b"identity")]  # RFC 9110, section 15.5.16
_ANSWERED = Follow | Join | Offer | InteractionRequest
_EMPTY: Message = {"type": "http.response.body", "body": b""}
_log = logging.getLogger(__name__)


class Inbox:
    """Serves POST for the shared inbox and for every actor's own: whom it concerns stands in the activity."""

    def __init__(self, workshop: Workshop, keys: KeySource) -> None:
        self._workshop = workshop
        self._keys = keys
        self._proof_keys = ProofKeys(workshop)
        self._gate = Gate(workshop)
        self._policy = policy.of(workshop)
        self._origin = workshop.settings.url

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["method"] != "POST":
            await _answer(send, _NOT_ALLOWED, "an inbox takes POST only", [(b"allow", b"POST")])
            return
        try:
            message = await receive()
            whole = message["type"] == "http.request" and not message.get("more_body")
            body = message["body"] if whole else await _rest(scope, message, receive)
            if len(body) > BODY_LIMIT:
                raise TooLarge(_LIMIT)
            arrival = await self._vouched(Request("POST", _target(scope), tuple(scope["headers"]), body, self._origin))
            if arrival is not None:
                await self._gate.take(arrival)
        except EhrenamtError as error:
            _log.info("refused with %s: %s", error.status, error)
            if isinstance(error, Malformed) and _is_encoded(scope):
                await _answer(send, _UNSUPPORTED, "a body is read as it is, not compressed", _AS_IT_IS)
            else:
                await _answer(send, error.status, error.public, _what_to_do(error))
        else:
            await send(_ACCEPTED)
            await send(_EMPTY)

    async def _vouched(self, request: Request) -> Arrival | None:
        """Return what may be stored, None for what was sent in vain; what it was judged by is gone before it waits."""
        (activity, proved, opening), now = codec.parse_outline(request.body), self._workshop.now()
        named = activity is not None and activity.actor
        if named:
            self._let_in(named, now)
        if isinstance(activity, wanted.DOUBTFUL) and not await wanted.worth_a_key(self._workshop, activity):
            signatures.check_claimed(request)
            return None
        signed = await signatures.verify(request, self._keys, now, farewell=_is_farewell(activity))
        self._policy.count(signed.actor, now)  # who only claims to be somebody uses nothing of theirs up
        if activity is None:  # aliased terms are costly to read, so nobody makes us read them who has not signed
            activity = await asyncio.to_thread(codec.parse_activity, request.body)
        activity = authority.by_signer(signed.actor, activity)
        if not named:
            self._let_in(activity.actor, now)
        if proved or signed.actor != activity.actor:
            self._let_in(signed.actor, now)
            arrival = await forwarded.vouched(self._workshop, self._proof_keys, signed, activity)
            if arrival is None:
                return None
            signed, activity = arrival.signed, arrival.activity
        if isinstance(activity, _ANSWERED):
            await fetch.ensure_actor(self._workshop, signed.actor)  # to be answered; its key may outlive its row
        return Arrival(signed, activity, opening)

    def _let_in(self, actor: str, now: datetime) -> None:
        """Raise `Forbidden` (403) or `TooMany` (429) where nothing may come from an actor now."""
        if refusal := self._policy.refusal(actor, now):
            raise refusal


def _is_farewell(activity: Activity | None) -> bool:
    """Say whether somebody leaves: most servers take an account's document, and its key, down before they tell."""
    return isinstance(activity, Delete) and activity.object_id == activity.actor


def _is_encoded(scope: Scope) -> bool:
    return any(name == b"content-encoding" and value.strip() != b"identity" for name, value in scope["headers"])


def _target(scope: Scope) -> str:
    query = scope["query_string"]
    path = (scope.get("raw_path") or scope["path"].encode()).decode("latin-1")
    return f"{path}?{query.decode('latin-1')}" if query else str(path)


async def _rest(scope: Scope, message: Message, receive: Receive) -> bytes:
    """Return the body that begins with a message; `TooLarge` before more than the limit is held."""
    announced = next((value for name, value in scope["headers"] if name == b"content-length"), b"0")
    if announced.isdigit() and int(announced[:12]) > BODY_LIMIT:
        raise TooLarge(_LIMIT)
    parts: list[bytes] = []
    size = 0
    while True:
        if message["type"] == "http.disconnect":
            raise Unavailable("the connection ended before the body did")
        part = message.get("body", b"")
        size += len(part)
        if size > BODY_LIMIT:
            raise TooLarge(_LIMIT)
        parts.append(part)
        if not message.get("more_body", False):
            return b"".join(parts)
        message = await receive()


def _what_to_do(error: EhrenamtError) -> list[Header]:
    if isinstance(error, BadSignature):
        return [(b"www-authenticate", _CHALLENGE)]
    if not isinstance(error, Unavailable):
        return []
    return [(b"retry-after", str(int(error.retry_after or _RETRY_AFTER)).encode())]


async def _answer(send: Send, status: int, reason: str, headers: list[Header]) -> None:
    body = orjson.dumps({"error": reason}) if reason else b""
    fields = [(b"content-type", b"application/json"), (b"content-length", str(len(body)).encode()), *headers]
    await send({"type": "http.response.start", "status": status, "headers": fields if reason else fields[1:]})
    await send({"type": "http.response.body", "body": body})
