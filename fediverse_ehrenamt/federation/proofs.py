"""Who wrote an activity, whoever brings it: ours get their proof here, others' are held against their actor's keys.

A proof shows who wrote, not that it is current. So the key must be among those that the actor's own document names now
under `assertionMethod` (FEP-521a), and what may follow from a proof alone is decided in forwarded.py.
"""

import asyncio
from collections import OrderedDict
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Protocol, TypeVar

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

from fediverse_ehrenamt.federation import actors, fetch, peers
from fediverse_ehrenamt.federation.signatures import OwnerGone, Signed
from fediverse_ehrenamt.kit.errors import BadSignature, EhrenamtError, Gone, Malformed, Rejected, Unavailable
from fediverse_ehrenamt.kit.ids import same_origin
from fediverse_ehrenamt.vocab import proofs
from fediverse_ehrenamt.vocab.proofs import Claim
from fediverse_ehrenamt.vocab.types import Activity
from fediverse_ehrenamt.work import Work, Workshop

CURRENT = timedelta(days=1)  # where nothing but a proof speaks, the actor's document may be no older
FETCH_SECONDS = 3.0
ASK_AGAIN_AFTER = timedelta(minutes=5)  # nobody may make us ask a server without end
FAILURE_LASTS = timedelta(minutes=1)
REMEMBERED = 20_000

V = TypeVar("V")


def write(work: Work, activity: Activity) -> bytes:
    """Write an activity of an actor of ours with that actor's proof; once for each activity, not for each inbox."""
    return writer(work, activity.actor)(activity)


def writer(work: Work, actor: str) -> Callable[[Activity], bytes]:
    """Return what writes activities of one actor of ours, for many at once: its key is opened only once."""
    key = actors.proving_key(work, actor)
    return lambda activity: proofs.write(activity, key.id, key.private, work.now)


# --- what others prove ------------------------------------------------------------------------------------------------
@dataclass(frozen=True, slots=True)
class Held:
    """The proving keys that an actor's own document names, by their ids; `asked_at` is when it said so."""

    keys: Mapping[str, Ed25519PublicKey]
    asked_at: datetime | None


class KeySource(Protocol):
    async def held(self, actor: str) -> Held:
        """Return what is known of an actor's keys without asking anybody."""

    async def ask(self, actor: str) -> Held:
        """Return an actor's keys after asking its origin, or what is held if that was done only just now.

        Raises Unavailable where it cannot be asked now, BadSignature where there is no such actor.
        """


async def check(claim: Claim, actor: str, keys: KeySource) -> None:
    """Hold the proof of something against its actor, whose HTTP signature has vouched for it already.

    A key that is not known to be the actor's is not asked for: FEP-8b32 lets such a proof be ignored. Raises
    BadSignature where a known key did not make it, also after asking for it anew.
    """
    key = (await keys.held(actor)).keys.get(claim.method)
    if key is None or proofs.verifies(claim, key):
        return
    fresh = (await keys.ask(actor)).keys.get(claim.method)
    if fresh is None or not proofs.verifies(claim, fresh):
        raise BadSignature("the proof does not match the activity and the key")


async def verify(claim: Claim, actor: str, keys: KeySource, now: datetime) -> Signed:
    """Return what a proof shows by itself: that `actor` wrote this. Raises BadSignature, or Unavailable from `keys`."""
    if not same_origin(claim.method, actor):
        raise BadSignature("the proof is by a key of another origin than the actor's")
    held = await keys.held(actor)
    if not _proves(claim, held) or held.asked_at is None or now - held.asked_at > CURRENT:
        held = await keys.ask(actor)
    if claim.method not in held.keys:
        raise BadSignature(f"{actor} does not name {claim.method} among its present keys")
    if not _proves(claim, held):
        raise BadSignature("the proof does not match the activity and the key")
    return Signed(actor, claim.covered, "proof")


def _proves(claim: Claim, held: Held) -> bool:
    key = held.keys.get(claim.method)
    return key is not None and proofs.verifies(claim, key)


class ProofKeys:
    """Finds proving keys (a `KeySource`): one request to an actor at a time, and not again before some minutes."""

    def __init__(self, workshop: Workshop) -> None:
        self._workshop = workshop
        self._held: OrderedDict[str, tuple[datetime, Held]] = OrderedDict()
        self._asked: OrderedDict[str, tuple[datetime, EhrenamtError | None]] = OrderedDict()
        self._under_way: dict[str, asyncio.Task[Held]] = {}

    async def held(self, actor: str) -> Held:
        """Return what is in memory, else in the database, which other processes write to as well."""
        known = self._held.get(actor)
        if known is not None and self._workshop.now() - known[0] < ASK_AGAIN_AFTER:
            return known[1]
        return await self._read(actor)

    async def ask(self, actor: str) -> Held:
        """Ask the actor's origin; errors as of `KeySource`."""
        if actor not in self._under_way:
            asked = self._asked.get(actor)
            if asked is not None and self._is_fresh(*asked):
                if asked[1] is not None:
                    raise asked[1].with_traceback(None)  # or each raising would keep its frames
                return await self.held(actor)
            task = asyncio.create_task(self._fetch(actor))
            self._under_way[actor] = task
            task.add_done_callback(lambda _: self._under_way.pop(actor, None))
        return await asyncio.shield(self._under_way[actor])

    def _is_fresh(self, moment: datetime, fault: EhrenamtError | None) -> bool:
        return self._workshop.now() - moment < (ASK_AGAIN_AFTER if fault is None else FAILURE_LASTS)

    async def _fetch(self, actor: str) -> Held:
        fault: EhrenamtError | None = None
        try:
            async with asyncio.timeout(FETCH_SECONDS):
                found = await fetch.actor(self._workshop, actor)
        except TimeoutError:
            fault = Unavailable(f"{actor} is not to be had now")
        except (Rejected, Gone, Malformed) as error:
            kind = OwnerGone if isinstance(error, Gone) else BadSignature
            fault = kind(f"{actor} is not to be had: {error.public}")
        except Unavailable as error:
            fault = error
        else:
            if found.id != actor:
                fault = BadSignature(f"{actor} is no actor under its own id")
        _keep(self._asked, actor, (self._workshop.now(), fault))
        if fault is not None:
            raise fault
        return await self._read(actor)

    async def _read(self, actor: str) -> Held:
        found = await self._workshop.read(_stored, actor)
        _keep(self._held, actor, (self._workshop.now(), found))
        return found


def _keep(memory: OrderedDict[str, V], actor: str, value: V) -> None:
    memory[actor] = value
    memory.move_to_end(actor)
    if len(memory) > REMEMBERED:
        memory.popitem(last=False)


def _stored(work: Work, actor: str) -> Held:
    keys, asked_at = peers.proof_keys(work, actor)
    return Held({method: Ed25519PublicKey.from_public_bytes(key) for method, key in keys.items()}, asked_at)
