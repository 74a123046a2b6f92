"""Whom this process speaks to and how much anybody may cause: cheap calls on what is in memory, for every request.

The entries are read again when they changed, seconds after the change at most, whichever process made it. Counts are
this process's own: with several, each allows as much. Rates are given for strangers; sisters and sources may do more.
"""

import asyncio
import logging
import math
from dataclasses import dataclass
from datetime import datetime
from weakref import WeakKeyDictionary, ref

from sqlalchemy import select
from sqlalchemy.exc import SQLAlchemyError

from fediverse_ehrenamt.federation import restrictions
from fediverse_ehrenamt.federation.model import HostRow, SourceRow
from fediverse_ehrenamt.federation.rules import Rules, registrable
from fediverse_ehrenamt.kit import ids
from fediverse_ehrenamt.kit.buckets import Buckets, Rate
from fediverse_ehrenamt.kit.errors import EhrenamtError, Forbidden, Rejected, TooMany, Unavailable
from fediverse_ehrenamt.kit.sentences import sentence
from fediverse_ehrenamt.work import Work, Workshop

REFRESH_SECONDS = 3.0
SISTERS_FACTOR = 10.0
SOURCES_FACTOR = 100.0
FETCHES = Rate(600, 60.0)  # of a host's documents by us: catching up reads some hundred of a source
STRANGERS_TOGETHER = Rate(1_000, 60.0)  # keys of strangers of all hosts: anybody may name any host as theirs
HOSTS_REMEMBERED = 20_000
_DAY, _MINUTE = 86_400.0, 60.0
_SOURCES, _SISTERS = 10_000, 50_000
_LIVE_STATES = ("pending", "accepted")
_EVERYBODY = ""
_STRANGER, _SISTER, _SOURCE = range(3)

_log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class _State:
    """What was last read: the rules, the hosts of sources and those of sisters."""

    rules: Rules
    sources: frozenset[str]
    sisters: frozenset[str]


class Policy:
    """The policy of one workshop; `of` returns the one. Not for threads: for the event loop."""

    def __init__(self, workshop: Workshop) -> None:
        settings = workshop.settings
        self._tiles = ids.host(settings.map_tiles)  # the operator's own choice, no peer
        self._workshop = ref(workshop)  # `of` keeps this for as long as there is the workshop
        self._inbox = _rates(Rate(settings.inbox_per_minute, _MINUTE))
        self._strangers = _rates(Rate(settings.strangers_per_day, _DAY))
        self._fetches = _rates(FETCHES)
        self._arrived, self._fetched, self._met = (Buckets(HOSTS_REMEMBERED) for _ in range(3))
        self._state: _State | None = None
        self._read_at = 0.0
        self._reading: asyncio.Task[None] | None = None

    # --- what comes in ------------------------------------------------------------------------------------------------
    def refusal(self, actor: str, now: datetime) -> EhrenamtError | None:
        """Return why nothing may come from an actor now: `Forbidden`, or `TooMany` where it sent too much.

        For before the signature is looked at: whoever only claims to be the actor must not use up what it may send.
        """
        stamp, host = now.timestamp(), ids.host(actor)
        state = self._current(stamp)
        if refusal := state.rules.of(actor, host).refusal:
            return Forbidden(refusal)
        seconds = self._arrived.wait(host, self._inbox[_rank(state, host)], stamp)
        return TooMany(f"{host} sends too much", math.ceil(seconds)) if seconds else None

    def count(self, actor: str, now: datetime) -> None:
        """Count an activity of an actor whose signature was found to be good."""
        stamp, host = now.timestamp(), ids.host(actor)
        self._arrived.take(host, self._inbox[_rank(self._current(stamp), host)], stamp)

    def forbid(self, uri: str) -> None:
        """Raise `Forbidden` where an actor, or the owner of a key, is not spoken to."""
        if refusal := self._current(self._now()).rules.of(uri).refusal:
            raise Forbidden(refusal)

    def meet(self, key_id: str) -> None:
        """Let a key that has never been seen be fetched; raises `TooMany`, `Forbidden`.

        Anybody can name any key, so this counts for all strangers together, and `guard` for the host that is asked;
        for its domain only those count who have shown to have their key (`count_stranger`).
        """
        now, host = self._now(), ids.host(key_id)
        state = self._current(now)
        if refusal := state.rules.of_host(host).refusal:
            raise Forbidden(refusal)
        rank = _rank(state, host)
        seconds = self._met.wait(registrable(host), self._strangers[rank], now)
        if not seconds and rank == _STRANGER:
            seconds = self._met.take(_EVERYBODY, STRANGERS_TOGETHER, now)
        if seconds:
            raise TooMany(f"too many new actors of {registrable(host)}", math.ceil(seconds))

    def count_stranger(self, key_id: str) -> None:
        """Count an actor who was never seen before, for each registrable domain: names below it cost nothing."""
        now, host = self._now(), ids.host(key_id)
        self._met.take(registrable(host), self._strangers[_rank(self._current(now), host)], now)

    # --- what goes out ------------------------------------------------------------------------------------------------
    def guard(self, method: str, host: str) -> None:
        """Stand before each request of ours (`kit.http.Client.guard`); raises `Rejected` or `Unavailable`."""
        if host == self._tiles:
            return
        now = self._now()
        state = self._current(now)
        if state.rules.of_host(host).refusal:
            said = sentence("Mit %(host)s spricht diese Instanz nicht (gesperrt oder nicht auf der Liste).", host=host)
            raise Rejected(said)
        if method == "GET":
            seconds = self._fetched.take(host, self._fetches[_rank(state, host)], now)
            if seconds:
                raise Unavailable(sentence("%(host)s wird gerade zu oft gefragt", host=host), seconds)

    # --- what is known ------------------------------------------------------------------------------------------------
    def _current(self, now: float) -> _State:
        """Return what is in memory and have it read again where that is some seconds ago.

        Only the very first call waits for the database: without an answer nobody could be let in.
        """
        if self._state is None:
            self._state, self._read_at = self._open().read_now(_load), now
        elif abs(now - self._read_at) >= REFRESH_SECONDS and self._reading is None:
            self._read_at = now
            self._reading = asyncio.get_running_loop().create_task(self.refresh())
        return self._state

    async def refresh(self) -> None:
        """Read again; where the database does not answer, the last state goes on holding."""
        try:
            self._state = await self._open().read(_load)
        except (EhrenamtError, SQLAlchemyError, RuntimeError) as fault:  # the last: the workshop is being closed
            _log.warning("the policy could not be read again: %s", fault)
        finally:
            self._reading = None

    def _open(self) -> Workshop:
        workshop = self._workshop()
        assert workshop is not None, "whoever asks holds it"
        return workshop

    def _now(self) -> float:
        return self._open().now().timestamp()


# One for each workshop, because tests run several instances in one process.
_policies: WeakKeyDictionary[Workshop, Policy] = WeakKeyDictionary()


def of(workshop: Workshop) -> Policy:
    """Return the policy of a workshop in this process."""
    found = _policies.get(workshop)
    if found is None:
        found = _policies[workshop] = Policy(workshop)
    return found


def stand_guard(workshop: Workshop) -> None:
    """Let no request leave this workshop that the policy forbids."""
    workshop.http.guard = lambda method, host: of(workshop).guard(method, host)


def _load(work: Work) -> _State:
    sources = work.db.scalars(select(SourceRow.origin).where(SourceRow.state.in_(_LIVE_STATES)).limit(_SOURCES))
    sisters = work.db.scalars(select(HostRow.host).where(HostRow.sister).limit(_SISTERS))
    return _State(restrictions.rules(work), frozenset(map(ids.host, sources)), frozenset(sisters))


def _rates(rate: Rate) -> tuple[Rate, Rate, Rate]:
    """Return the rates of strangers, sisters and sources."""
    return rate, rate.times(SISTERS_FACTOR), rate.times(SOURCES_FACTOR)


def _rank(state: _State, host: str) -> int:
    if host in state.sources:
        return _SOURCE
    return _SISTER if host in state.sisters else _STRANGER
