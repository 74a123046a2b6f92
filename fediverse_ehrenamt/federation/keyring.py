"""Keys of peers: in memory, in the database, else fetched; an actor and its key must name each other."""

import asyncio
from collections import OrderedDict
from datetime import datetime, timedelta
from typing import TypeVar

from fediverse_ehrenamt.federation import fetch, peers
from fediverse_ehrenamt.federation.signatures import OwnedKey, load_public
from fediverse_ehrenamt.kit.errors import BadSignature, EhrenamtError, Gone, Malformed, Rejected, Unavailable
from fediverse_ehrenamt.kit.ids import same_origin
from fediverse_ehrenamt.vocab import codec
from fediverse_ehrenamt.vocab.types import Actor, PublicKey
from fediverse_ehrenamt.work import Work, Workshop

V = TypeVar("V")

FETCH_SECONDS = 3.0
REFETCH_AFTER = timedelta(minutes=5)  # a stranger must not make us fetch a key for each bad signature
REMEMBERED = 20_000
_FAILURES = 5_000
_FAILURE_LASTS = timedelta(minutes=1)


class Keyring:
    """Finds keys (a `signatures.KeySource`): at most one fetch for a key is under way, failures are remembered."""

    def __init__(self, workshop: Workshop) -> None:
        self._workshop = workshop
        self._keys: OrderedDict[str, OwnedKey] = OrderedDict()
        self._fetched: OrderedDict[str, datetime] = OrderedDict()
        self._failed: OrderedDict[str, tuple[datetime, EhrenamtError]] = OrderedDict()
        self._under_way: dict[str, asyncio.Task[OwnedKey]] = {}

    async def find(self, key_id: str, *, refresh: bool = False) -> OwnedKey:
        """Return a key; `Unavailable` where it cannot be had now, `BadSignature` where it is nobody's."""
        if not refresh and (known := self._keys.get(key_id)):
            return known
        stored = self._keys.get(key_id) or await self._workshop.read(_stored, key_id)
        if stored and not (refresh and self._may_refetch(key_id)):
            return _keep(self._keys, key_id, stored, REMEMBERED)
        self._raise_known_failure(key_id)
        task = self._under_way.get(key_id)
        if task is None:
            task = asyncio.create_task(self._fetch(key_id))
            self._under_way[key_id] = task
            task.add_done_callback(lambda _: self._under_way.pop(key_id, None))
        return await asyncio.shield(task)

    def _may_refetch(self, key_id: str) -> bool:
        last = self._fetched.get(key_id)
        return last is None or self._workshop.now() - last > REFETCH_AFTER

    def _raise_known_failure(self, key_id: str) -> None:
        failure = self._failed.get(key_id)
        if failure and self._workshop.now() - failure[0] < _FAILURE_LASTS:
            raise failure[1].with_traceback(None)  # or each raising would keep its frames, with their bodies

    async def _fetch(self, key_id: str) -> OwnedKey:
        _keep(self._fetched, key_id, self._workshop.now(), REMEMBERED)
        try:
            key = await self._fetched_key(key_id)
        except (Rejected, Gone, Malformed) as error:
            fault: EhrenamtError = BadSignature(f"the key {key_id} is not to be had: {error.public}")
        except (Unavailable, BadSignature) as error:
            fault = error
        else:
            self._failed.pop(key_id, None)
            return _keep(self._keys, key_id, key, REMEMBERED)
        _keep(self._failed, key_id, (self._workshop.now(), fault), _FAILURES)
        raise fault

    async def _fetched_key(self, key_id: str) -> OwnedKey:
        url, body = await fetch.document(self._workshop, key_id.partition("#")[0], FETCH_SECONDS)
        claimed = await asyncio.to_thread(codec.parse_key_document, body)
        owner = claimed.id if isinstance(claimed, Actor) else claimed.owner
        if not same_origin(owner, key_id) or not same_origin(url, key_id):
            raise BadSignature(f"the key {key_id} belongs to {owner}, of another origin")
        # Only the owner's own document, under its own id, says which keys are the owner's.
        actor = claimed if isinstance(claimed, Actor) and claimed.id == url else await self._owner(owner)
        for key in actor.keys:
            if key.id == key_id and key.owner == actor.id:
                loaded = load_public(key.pem)
                await self._workshop.write(peers.remember, actor)
                return OwnedKey(key.id, actor.id, loaded)
        raise BadSignature(f"{actor.id} does not name {key_id} as its key")

    async def _owner(self, uri: str) -> Actor:
        url, body = await fetch.document(self._workshop, uri, FETCH_SECONDS)
        actor = await asyncio.to_thread(codec.parse_key_document, body)
        if isinstance(actor, PublicKey) or actor.id != uri or not same_origin(url, uri):
            raise BadSignature(f"{uri} is no actor under its own id")
        return actor


def _keep(memory: OrderedDict[str, V], key: str, value: V, limit: int) -> V:
    memory[key] = value
    if len(memory) > limit:
        memory.popitem(last=False)
    return value


def _stored(work: Work, key_id: str) -> OwnedKey | None:
    row = peers.find_by_key(work, key_id)
    return OwnedKey(row.key_id, row.uri, load_public(row.key_pem)) if row else None
