"""Second chances and last ones: an operator's replay; jobs of hosts that never came back; the given up, erased in time.

All of it is bounded or one statement, and takes job rows before lanes, as `queue.settle` does.
"""

from dataclasses import dataclass
from datetime import timedelta
from typing import cast

from sqlalchemy import ColumnElement, Table, bindparam, case, delete, func, select, true, update

from fediverse_ehrenamt.jobs import retry
from fediverse_ehrenamt.jobs.model import JobRow, LaneRow
from fediverse_ehrenamt.kit.errors import NotFound
from fediverse_ehrenamt.kit.sentences import dump, sentence
from fediverse_ehrenamt.storage.once import among
from fediverse_ehrenamt.storage.types import UtcDateTime
from fediverse_ehrenamt.work import Work

GIVEN_UP_LAST = timedelta(days=30)  # an argument may name a person's inbox
AT_ONCE = 1_000  # rows that one round of housekeeping touches
_HOSTS = 50
_BY_HAND, _VANISHED = dump(sentence("Von Hand aufgegeben")), dump(sentence("Der Host ist verschwunden"))

_jobs = cast("Table", JobRow.__table__)
_lanes = cast("Table", LaneRow.__table__)
_WAITING = _jobs.c.given_up_at.is_(None)


@dataclass(frozen=True, slots=True)
class Replayed:
    """How many jobs are tried now: that waited, and that had been given up."""

    waiting: int
    given_up: int


def replay(work: Work, host: str | None, *, given_up: bool) -> Replayed:
    """Let the jobs of one host (None: of all) be tried now, breakers or not; with `given_up` those that were too.

    What was given up begins anew, with all its tries. Raises `NotFound` where nothing was ever sent to the host.
    """
    if host is not None and work.db.get(LaneRow, host) is None:
        raise NotFound(
            sentence("An „%(host)s“ ging noch nichts. Welche Hosts es gibt, zeigt: ehrenamt peers", host=host)
        )
    theirs = true() if host is None else _jobs.c.host == host
    brought_back = _bring_back(work, theirs) if given_up else 0
    waiting = work.db.scalar(select(func.count()).select_from(_jobs).where(theirs, _WAITING)) or 0
    later = select(_jobs.c.id).where(theirs, _WAITING, _jobs.c.due_at > work.now).with_for_update(skip_locked=True)
    work.db.execute(update(_jobs).where(among(_jobs.c.id, later)).values(due_at=work.now))
    _wake(work, host)
    return Replayed(waiting - brought_back, brought_back)


def replay_one(work: Work, number: int) -> str:
    """Let one job be tried now, from the beginning if it was given up; return its host. Raises `NotFound`."""
    host = _host(work, number)
    one = _jobs.c.id == number
    _bring_back(work, one)
    work.db.execute(update(_jobs).where(one, _jobs.c.due_at > work.now).values(due_at=work.now))
    _wake(work, host)
    return host


def give_up(work: Work, host: str) -> int:
    """Give up what waits for a host, and return how many jobs that are; what is under way is brought to its end."""
    return _give_up(work, _jobs.c.host == host)


def give_up_one(work: Work, number: int) -> str:
    """Give up one job and return its host. Raises `NotFound`."""
    host = _host(work, number)
    _give_up(work, _jobs.c.id == number)
    return host


def _give_up(work: Work, theirs: ColumnElement[bool]) -> int:
    waiting = select(_jobs.c.id).where(theirs, _WAITING).with_for_update(skip_locked=True)
    reason = case((_jobs.c.error == "", _BY_HAND), else_=_jobs.c.error)
    ended = update(_jobs).where(among(_jobs.c.id, waiting)).values(given_up_at=work.now, error=reason)
    return work.db.connection().execute(ended).rowcount


def _host(work: Work, number: int) -> str:
    host: str | None = work.db.scalar(select(_jobs.c.host).where(_jobs.c.id == number))
    if host is None:
        raise NotFound("Diesen Auftrag gibt es nicht mehr: Er ist erledigt.")
    return host


def _bring_back(work: Work, theirs: ColumnElement[bool]) -> int:
    given_up = select(_jobs.c.id).where(theirs, _jobs.c.given_up_at.is_not(None)).with_for_update(skip_locked=True)
    anew = {"given_up_at": None, "tries": 0, "created_at": work.now, "due_at": work.now}
    return work.db.connection().execute(update(_jobs).where(among(_jobs.c.id, given_up)).values(anew)).rowcount


def _wake(work: Work, host: str | None) -> None:
    """Close the breakers and let each lane with jobs be looked at, unless a worker has it."""
    theirs = true() if host is None else _lanes.c.host == host
    work.db.execute(select(_lanes.c.host).where(theirs).order_by(_lanes.c.host).with_for_update()).all()
    waits = select(_jobs.c.id).where(_jobs.c.host == _lanes.c.host, _WAITING).exists()
    now = bindparam("now", work.now, UtcDateTime)
    next_at = case((waits & (_lanes.c.leased == 0), now), else_=_lanes.c.next_at)
    closed = {"opened_until": None, "openings": 0, "failures": 0, "failing": "", "next_at": next_at}
    work.db.execute(update(_lanes).where(theirs).values(closed))


def give_up_stale(work: Work) -> int:
    """Give up what has waited for `retry.MAX_AGE` for hosts that failed all that time, and return how much it was.

    A host that is gone for good is asked four jobs at a time; without this, its other thousands would stay for ever.
    """
    past = work.now - retry.MAX_AGE
    dead = (
        select(_lanes.c.host)
        .where(_lanes.c.failing_since < past, _lanes.c.opened_until > work.now, _lanes.c.leased == 0)
        .limit(_HOSTS)
    )
    hosts = list(work.db.scalars(dead))
    stale = (
        select(_jobs.c.id)
        .where(_jobs.c.host.in_(hosts), _WAITING, _jobs.c.due_at < past)
        .limit(AT_ONCE)
        .with_for_update(skip_locked=True)
    )
    given_up = update(_jobs).where(among(_jobs.c.id, stale)).values(given_up_at=work.now, error=_VANISHED)
    return work.db.connection().execute(given_up).rowcount if hosts else 0


def forget(work: Work) -> int:
    """Erase jobs that were given up long ago, and return how many."""
    old = select(_jobs.c.id).where(_jobs.c.given_up_at < work.now - GIVEN_UP_LAST).limit(AT_ONCE)
    return work.db.connection().execute(delete(_jobs).where(among(_jobs.c.id, old))).rowcount
