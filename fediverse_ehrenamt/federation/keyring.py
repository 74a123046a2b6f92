"""Keys of peers: in memory, in the database, else fetched; an actor and its key must name each other.

An actor may have several, RSA in `publicKey` and Ed25519 in `assertionMethod` (FEP-521a); each signs for it, and may be
a document of its own, which the actor names by its address. The actor's own URI as a key id means its first key.
"""

import asyncio
from collections import OrderedDict
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import TypeVar

from cryptography.hazmat.primitives.asymmetric import ed25519

from fediverse_ehrenamt.federation import fetch, peers, policy, signatures
from fediverse_ehrenamt.federation.signatures import OwnedKey, OwnerGone, load_public
from fediverse_ehrenamt.kit.errors import BadSignature, EhrenamtError, Gone, Malformed, PeerError, Rejected, Unavailable
from fediverse_ehrenamt.kit.ids import same_origin
from fediverse_ehrenamt.vocab import codec, multikey
from fediverse_ehrenamt.vocab.keys import Multikey, PublicKey
from fediverse_ehrenamt.vocab.types import Actor
from fediverse_ehrenamt.web import i18n
from fediverse_ehrenamt.work import Work, Workshop

V = TypeVar("V")

# Long enough for a small GoToSocial, which looks at all that we are before it shows its actor to us, and whose letters
# are lost with any 503, for it sends them again without a body. Whoever sends waits ten seconds (Mastodon, WordPress).
FETCH_SECONDS = 8.0
REFETCH_AFTER = timedelta(minutes=1)  # a stranger must not make us fetch a key for each bad signature
RECHECK_AFTER = timedelta(hours=1)  # then the database is asked, where an actor's Update may have put another
STALE_AFTER = timedelta(days=7)  # how long a key lives on here that its actor took out of use without a word
REMEMBERED = 20_000
# What a host says that does not let us in just now, for a guard before it or for what it could not learn of us.
_NOT_NOW = frozenset({400, 401, 403})
_FAILURES = 5_000
_FAILURE_LASTS = timedelta(minutes=1)


@dataclass(frozen=True, slots=True)
class _Known:
    """A key and the time when it was last held against the database or its origin."""

    key: OwnedKey
    checked_at: datetime


class Keyring:
    """Finds keys (a `signatures.KeySource`): at most one fetch for a key is under way, failures are remembered."""

    def __init__(self, workshop: Workshop) -> None:
        self._workshop = workshop
        self._keys: OrderedDict[str, _Known] = OrderedDict()
        self._fetched: OrderedDict[str, datetime] = OrderedDict()  # of those that nothing was proved with since
        self._refetched: OrderedDict[str, datetime] = OrderedDict()
        self._failed: OrderedDict[str, tuple[datetime, EhrenamtError]] = OrderedDict()
        self._under_way: dict[str, asyncio.Task[OwnedKey]] = {}
        self._unproved: OrderedDict[str, None] = OrderedDict()  # never seen before, and named by anybody

    async def find(self, key_id: str, *, refresh: bool = False) -> OwnedKey:
        """Return a key; `Unavailable` where it cannot be had now, `BadSignature` where it is nobody's."""
        known = self._known(key_id)
        if known and not refresh:
            return known
        stored, stale = (known, False) if known else await self._workshop.read(_stored, key_id)
        if stored and not stale and not (refresh and self._may_refetch(key_id)):
            return self._keep_key(key_id, stored)
        try:
            if refresh:
                _keep(self._refetched, key_id, self._workshop.now(), REMEMBERED)
            return await self._fetch_once(key_id, "" if stored is None else stored.owner)
        except Unavailable:
            if stored is None or refresh:
                raise
            return self._keep_key(key_id, stored)  # old, but its owner cannot be asked now
        except OwnerGone as error:
            raise OwnerGone(error.public, stored) from error

    def proved(self, key_id: str) -> None:
        """Note that a request was signed with a key: what is signed with another one then is worth asking anew at once.

        A stranger is counted now that it has shown to have its key: those whom others only named are not to suffer.
        """
        self._fetched.pop(key_id, None)
        if key_id in self._unproved:
            del self._unproved[key_id]
            policy.of(self._workshop).count_stranger(key_id)

    async def _fetch_once(self, key_id: str, owner: str) -> OwnedKey:
        """Fetch a key; `owner` is whose it was when it was last known, "" for one that was never seen."""
        self._raise_known_failure(key_id)
        task = self._under_way.get(key_id)
        if task is None:
            if not owner:
                policy.of(self._workshop).meet(key_id)
                _keep(self._unproved, key_id, None, REMEMBERED)
            task = asyncio.create_task(self._fetch(key_id, owner))
            self._under_way[key_id] = task
            task.add_done_callback(lambda _: self._under_way.pop(key_id, None))
        return await asyncio.shield(task)

    def _known(self, key_id: str) -> OwnedKey | None:
        known = self._keys.get(key_id)
        fresh = known is not None and self._workshop.now() - known.checked_at < RECHECK_AFTER
        return known.key if known is not None and fresh else None

    def _keep_key(self, key_id: str, key: OwnedKey) -> OwnedKey:
        if self._known(key_id) != key:
            _keep(self._keys, key_id, _Known(key, self._workshop.now()), REMEMBERED)
        return key

    def _may_refetch(self, key_id: str) -> bool:
        """Say whether a key may be asked for again: once a minute, and not where it came just now and fits nothing."""
        now = self._workshop.now()
        marks = (self._fetched.get(key_id), self._refetched.get(key_id))
        return all(last is None or now - last > REFETCH_AFTER for last in marks)

    def _raise_known_failure(self, key_id: str) -> None:
        failure = self._failed.get(key_id)
        if failure and self._workshop.now() - failure[0] < _FAILURE_LASTS:
            raise failure[1].with_traceback(None)  # or each raising would keep its frames, with their bodies

    async def _fetch(self, key_id: str, owner: str) -> OwnedKey:
        _keep(self._fetched, key_id, self._workshop.now(), REMEMBERED)
        try:
            async with asyncio.timeout(FETCH_SECONDS):
                key = await self._fetched_key(key_id)
        except TimeoutError:
            fault: EhrenamtError = Unavailable(f"the key {key_id} is not to be had now")
        except (Rejected, Gone, Malformed) as error:
            said = f"the key {key_id} is not to be had: {i18n.language(i18n.PEERS).gettext(error.public)}"
            fault = BadSignature(said)
            if isinstance(error, Rejected) and error.peer_status in _NOT_NOW:
                fault = Unavailable(said)
            elif isinstance(error, Gone) and await self._has_gone(owner, key_id):
                fault = OwnerGone(said)
        except (Unavailable, BadSignature) as error:
            fault = error
        else:
            self._failed.pop(key_id, None)
            return self._keep_key(key_id, key)
        _keep(self._failed, key_id, (self._workshop.now(), fault), _FAILURES)
        raise fault

    async def _has_gone(self, owner: str, key_id: str) -> bool:
        """Say whether the owner of a key that is gone has gone as well, and has not just got another one."""
        if owner in {"", key_id.partition("#")[0]}:
            return bool(owner)
        try:
            await fetch.document(self._workshop, owner, FETCH_SECONDS)
        except (PeerError, Gone) as error:
            return isinstance(error, Gone)
        return False

    async def _fetched_key(self, key_id: str) -> OwnedKey:
        url, body = await fetch.document(self._workshop, key_id.partition("#")[0], FETCH_SECONDS)
        claimed = await asyncio.to_thread(codec.parse_key_document, body)
        owner = _owner_of(claimed)
        if not same_origin(owner, key_id) or not same_origin(url, key_id):
            raise BadSignature(f"the key {key_id} belongs to {owner}, of another origin")
        # Only the owner's own document, under its own id, says which keys are the owner's.
        actor = claimed if isinstance(claimed, Actor) and claimed.id == url else await self._owner(owner)
        actor = await fetch.with_keys(self._workshop, actor, FETCH_SECONDS)
        loaded = await asyncio.to_thread(_named, actor, key_id, self._workshop.now())
        await self._workshop.write(peers.remember, actor)
        return OwnedKey(key_id, actor.id, loaded)

    async def _owner(self, uri: str) -> Actor:
        url, body = await fetch.document(self._workshop, uri, FETCH_SECONDS)
        actor = await asyncio.to_thread(codec.parse_key_document, body)
        if not isinstance(actor, Actor) or actor.id != uri or not same_origin(url, uri):
            raise BadSignature(f"{uri} is no actor under its own id")
        return actor


def _owner_of(claimed: Actor | PublicKey | Multikey) -> str:
    if isinstance(claimed, Actor):
        return claimed.id
    return claimed.owner if isinstance(claimed, PublicKey) else claimed.controller


def _named(actor: Actor, key_id: str, now: datetime) -> signatures.PublicKey:
    """Return the key that an actor names by an id; raises BadSignature where it names none, or one that is no key."""
    owned = list(_owned(actor, now))
    if key_id == actor.id and owned:
        key_id = owned[0].id
    for one in owned:
        if one.id == key_id:
            return _loaded(one)
    raise BadSignature(f"{actor.id} does not name {key_id} as its key, or no longer")


def _owned(actor: Actor, now: datetime) -> Iterator[PublicKey | Multikey]:
    yield from (key for key in actor.keys if key.owner == actor.id)
    yield from (key for key in actor.assertion_methods if key.controller == actor.id and key.holds(now))


def _loaded(key: PublicKey | Multikey) -> signatures.PublicKey:
    if isinstance(key, PublicKey):
        return load_public(key.pem)
    try:
        return ed25519.Ed25519PublicKey.from_public_bytes(multikey.decode(key.multibase))
    except Malformed as error:
        raise BadSignature(f"the key {key.id} cannot be read: {error.public}") from error


def _keep(memory: OrderedDict[str, V], key: str, value: V, limit: int) -> V:
    memory[key] = value
    if len(memory) > limit:
        memory.popitem(last=False)
    return value


def _stored(work: Work, key_id: str) -> tuple[OwnedKey | None, bool]:
    """Return the key as it was last fetched, and whether that is so long ago that it should be fetched again."""
    row = peers.find_by_key(work, key_id)
    if row is None:
        return _stored_proving(work, key_id)
    try:
        key = load_public(row.key_pem)
    except BadSignature:  # it may have been mended since
        return None, False
    return OwnedKey(row.key_id, row.uri, key), _is_stale(work, row.fetched_at)


def _stored_proving(work: Work, key_id: str) -> tuple[OwnedKey | None, bool]:
    """Return the Ed25519 key of an actor, which signs requests too; its id is the actor's with a fragment."""
    owner = key_id.partition("#")[0]
    keys, fetched_at = peers.proof_keys(work, owner)
    if key_id not in keys or fetched_at is None:
        return None, False
    public = ed25519.Ed25519PublicKey.from_public_bytes(keys[key_id])
    return OwnedKey(key_id, owner, public), _is_stale(work, fetched_at)


def _is_stale(work: Work, fetched_at: datetime) -> bool:
    return work.now - fetched_at > STALE_AFTER
