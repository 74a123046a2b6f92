"""Keeps who comes to which event. Whoever decides about a place holds the event's row, so none is given out twice."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import cast

from sqlalchemy import Select, Table, delete, func, select, text, update

from fediverse_ehrenamt.attendance import rules
from fediverse_ehrenamt.attendance.model import UNTOLD, AttendanceRow, OccupancyRow
from fediverse_ehrenamt.federation.model import RemoteActorRow
from fediverse_ehrenamt.kit.errors import Conflict, NotFound
from fediverse_ehrenamt.kit.sentences import sentence
from fediverse_ehrenamt.search.model import EVENT
from fediverse_ehrenamt.storage import upsert
from fediverse_ehrenamt.things.model import ThingRow
from fediverse_ehrenamt.work import Work

_attendances = cast("Table", AttendanceRow.__table__)
_occupancies = cast("Table", OccupancyRow.__table__)
_JOINED, _LEFT = "joined", "left"
_ERASED_AT_ONCE = 500
_TOLD_AT_ONCE = 20
_NAMESAKES = 5
LISTED = 10_000


@dataclass(frozen=True, slots=True)
class Attendee:
    """One who comes, as the organisation sees them."""

    actor: str
    name: str
    handle: str
    message: str
    since: datetime


def lock(work: Work, event: str) -> ThingRow | None:
    """Return an event's row, held until this transaction ends: others who want a place there wait."""
    one = select(ThingRow).where(ThingRow.uri == event).with_for_update()
    return work.db.scalar(one, execution_options={"populate_existing": True})


def taken(work: Work, event: str) -> int:
    """Return how many places of an event are taken; to decide by it, `lock` the event first."""
    coming = select(func.count()).where(_attendances.c.event == event, _attendances.c.state == _JOINED)
    return work.db.connection().scalar(coming) or 0


def find(work: Work, event: str, actor: str) -> AttendanceRow | None:
    return work.db.get(AttendanceRow, (event, actor), populate_existing=True)


def joined_as(work: Work, activity: str, actor: str) -> AttendanceRow | None:
    """Return the place that an actor took by a Join of an id."""
    return work.db.scalar(select(AttendanceRow).where(AttendanceRow.activity == activity, AttendanceRow.actor == actor))


def is_coming(row: AttendanceRow | None) -> bool:
    return row is not None and row.state == _JOINED


@dataclass(frozen=True, slots=True)
class Place:
    """A place to be taken or given back: who, where, by which activity, with which words."""

    event: str
    actor: str
    activity: str
    message: str = ""


def take(work: Work, place: Place, erase_at: datetime) -> None:
    _put(work, place, _JOINED, erase_at)


def give_back(work: Work, place: Place) -> None:
    """Free a place, or note that it was given back before it was taken."""
    _put(work, place, _LEFT, work.now + rules.KEPT)


def _put(work: Work, place: Place, state: str, erase_at: datetime) -> None:
    row = {
        "event": place.event,
        "actor": place.actor,
        "activity": place.activity,
        "state": state,
        "message": place.message if state == _JOINED else "",
        "since": work.now,
        "erase_at": erase_at,
    }
    upsert.put(work.db, _attendances, ["event", "actor"], [row])


# --- how full ---------------------------------------------------------------------------------------------------------
def count(work: Work, event: str, capacity: int | None) -> int:
    """Write down how full an event is now, and return how many come."""
    number = taken(work, event)
    values = {"taken": number, "is_full": rules.is_full(capacity, number)}
    known = update(_occupancies).where(_occupancies.c.event == event).values(**values)
    if not work.db.connection().execute(known).rowcount:
        new = {"event": event, **values, "told_full": False, "told_at": None}
        upsert.add_missing(work.db, _occupancies, ["event"], [new])
    return number


def settle(work: Work, event: str, capacity: int | None, erase_at: datetime) -> None:
    """Follow a change of the event itself, of which peers are told with it how full it is."""
    connection, coming = work.db.connection(), _attendances.c.state == _JOINED
    connection.execute(update(_attendances).where(_attendances.c.event == event, coming).values(erase_at=erase_at))
    full = rules.is_full(capacity, taken(work, event))
    told = update(_occupancies).where(_occupancies.c.event == event)
    connection.execute(told.values(is_full=full, told_full=full, told_at=work.now))


def untold(work: Work) -> Sequence[str]:
    """Return events that became full or have places again, a bounded number; none sooner than `rules.PAUSE` again."""
    rested = _occupancies.c.told_at.is_(None) | (_occupancies.c.told_at <= work.now - rules.PAUSE)
    chosen = select(_occupancies.c.event).where(text(UNTOLD), rested).order_by(_occupancies.c.event)
    return work.db.scalars(chosen.limit(_TOLD_AT_ONCE)).all()


# --- erasing ----------------------------------------------------------------------------------------------------------
def forget_actor(work: Work, actor: str) -> list[str]:
    """Erase an actor everywhere; return the events that it would have come to."""
    mine = select(AttendanceRow.event).where(AttendanceRow.actor == actor, AttendanceRow.state == _JOINED)
    events = list(work.db.scalars(mine.order_by(AttendanceRow.event)))
    work.db.execute(delete(AttendanceRow).where(AttendanceRow.actor == actor))
    return events


def forget_event(work: Work, event: str) -> None:
    work.db.execute(delete(AttendanceRow).where(AttendanceRow.event == event))
    work.db.execute(delete(OccupancyRow).where(OccupancyRow.event == event))


def erase_old(work: Work) -> int:
    """Erase who came to what is over long enough, and who left; events without anybody lose their count.

    So does what was withdrawn: dates are withdrawn with what they belong to, which need not be an event.
    """
    withdrawn = ~select(ThingRow.uri).where(ThingRow.uri == AttendanceRow.event).exists()
    old = select(AttendanceRow.event, AttendanceRow.actor).where((AttendanceRow.erase_at <= work.now) | withdrawn)
    # In one order, so that no two processes wait for each other.
    found = work.db.execute(old.order_by(AttendanceRow.event, AttendanceRow.actor).limit(_ERASED_AT_ONCE)).all()
    for row in found:
        one = (AttendanceRow.event == row.event) & (AttendanceRow.actor == row.actor)
        work.db.execute(delete(AttendanceRow).where(one))
    for event in dict.fromkeys(row.event for row in found):
        if not work.db.scalar(select(AttendanceRow.event).where(AttendanceRow.event == event).limit(1)):
            work.db.execute(delete(OccupancyRow).where(OccupancyRow.event == event))
    return len(found)


def people() -> list[Select[str]]:
    """Return the queries of all actors that something is kept of: they have to stay known, to be able to undo it."""
    return [select(AttendanceRow.actor)]


# --- who --------------------------------------------------------------------------------------------------------------
def get_event(work: Work, named: str) -> ThingRow:
    """Return the event of ours that a person means: by its id or page, or by the `id` that the organisation gave it.

    Raises `NotFound`, and `Conflict` where several organisations have one of that name.
    """
    page = named.rstrip("/").rpartition("/")[2]
    ours = select(ThingRow).where(ThingRow.local, ThingRow.kind == EVENT)
    means = (ThingRow.uri == named) | (ThingRow.id == page) | (ThingRow.key == named)
    found = work.db.scalars(ours.where(means).limit(_NAMESAKES)).all()
    if not found:
        raise NotFound(
            sentence(
                "Eine Veranstaltung „%(named)s“ gibt es hier nicht; genannt wird ihre Adresse oder ihre id.",
                named=named,
            )
        )
    if len(found) > 1:
        listed = "\n".join(row.uri for row in found)
        raise Conflict(
            sentence(
                "„%(named)s“ heißen mehrere Veranstaltungen; bitte die Adresse nennen:\n%(listed)s",
                named=named,
                listed=listed,
            )
        )
    return found[0]


def attendees(work: Work, event: str) -> list[Attendee]:
    """Return who comes to an event, in the order in which they joined."""
    coming = (
        select(AttendanceRow, RemoteActorRow.name, RemoteActorRow.handle)
        .outerjoin(RemoteActorRow, RemoteActorRow.uri == AttendanceRow.actor)
        .where(AttendanceRow.event == event, AttendanceRow.state == _JOINED)
        .order_by(AttendanceRow.since, AttendanceRow.actor)
        .limit(LISTED)
    )
    return [
        Attendee(row.actor, name or "", handle or "", row.message, row.since)
        for row, name, handle in work.db.execute(coming)
    ]
