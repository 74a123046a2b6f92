"""After a change of districts: what is published is looked through, and put into the districts that are known now.

The changes of Documents are followed from the first one on, so that what comes meanwhile is seen too: also what a
process put that knew the districts of a second ago. What the index has is left as it is but for those that moved.
"""

import asyncio
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from typing import Final

from fediverse_ehrenamt.districts import actions as districts
from fediverse_ehrenamt.districts import store as changes
from fediverse_ehrenamt.districts import tasks
from fediverse_ehrenamt.jobs.queue import Job
from fediverse_ehrenamt.jobs.runner import JobFunction
from fediverse_ehrenamt.kit.geo import distance_km
from fediverse_ehrenamt.places import gazetteer
from fediverse_ehrenamt.search import store as search
from fediverse_ehrenamt.search.model import START, Cursor, Document
from fediverse_ehrenamt.things import store, wire
from fediverse_ehrenamt.work import Work, Workshop

_FEW_TOWNS: Final = 20  # more of them are not looked for, but everything is looked through
_AROUND_KM: Final = 10.0  # that something in a district at the edge of its town may be further away than that
_MOST_BATCHES: Final = 20_000  # of `search.BATCH` Documents


@dataclass(frozen=True, slots=True)
class _Found:
    """Some Documents were looked at: how many, up to which change, and which may lie in the towns."""

    count: int
    cursor: Cursor
    uris: Sequence[str]


@dataclass(frozen=True, slots=True)
class _Area:
    """Towns and their middles; everything where there are no `towns`."""

    towns: frozenset[str]
    middles: tuple[tuple[float, float], ...]

    def may_have(self, document: Document) -> bool:
        """Say whether something may be in a district of one of the towns, or was."""
        if not self.towns or any(document.district.startswith(f"{town}-") for town in self.towns):
            return True
        if document.latitude is None or document.longitude is None:
            return bool(document.place)
        most, (latitude, longitude) = gazetteer.FROM_TOWN_KM + _AROUND_KM, (document.latitude, document.longitude)
        return any(distance_km(*middle, latitude, longitude) <= most for middle in self.middles)


async def place_again(workshop: Workshop, _job: Job) -> None:
    """Look through what is published for all changes for which this was not done; none left is no fault."""
    pending = await workshop.read(changes.unplaced)
    if not pending:
        return
    await workshop.read(districts.teach)
    area = _area({town for towns in pending.values() for town in towns})
    planned = await workshop.read(search.count)
    cursor = await _look_through(workshop, area, START, (list(pending), planned))
    await workshop.write(changes.set_placed, list(pending))
    await asyncio.sleep(2 * tasks.SECONDS)  # until then every process knows the change
    await _look_through(workshop, area, cursor, ((), 0))


async def _look_through(workshop: Workshop, area: _Area, cursor: Cursor, progress: tuple[Sequence[int], int]) -> Cursor:
    """Look at the changes after a cursor until there are none; return the last one."""
    numbers, planned = progress
    looked = 0
    for _ in range(_MOST_BATCHES):
        found = await workshop.read(_find, cursor, area)
        if found.uris:
            await workshop.write(place, found.uris)
        cursor, looked = found.cursor, looked + found.count
        if numbers:
            await workshop.write(changes.count_looked, numbers, looked, planned)
        if found.count < search.BATCH:
            break
    return cursor


def _area(towns: Iterable[str]) -> _Area:
    named = frozenset(towns)
    if len(named) > _FEW_TOWNS:
        return _Area(frozenset(), ())
    spots = filter(None, map(gazetteer.find, named))
    return _Area(named, tuple((spot.latitude, spot.longitude) for spot in spots))


def _find(work: Work, cursor: Cursor, area: _Area) -> _Found:
    found = search.changes(work, cursor)
    documents = filter(None, map(search.read, found))
    uris = [one.uri for one in documents if area.may_have(one)]
    return _Found(len(found), found[-1].number if found else cursor, uris)


def place(work: Work, uris: Sequence[str]) -> int:
    """Decide anew in which districts some things (up to `search.BATCH`) are; return how many moved."""

    def decide(held: Sequence[Document]) -> list[Document]:
        things = store.parsed(work, [one.uri for one in held])
        placed = ((one, wire.district(things[one.uri].place)) for one in held if one.uri in things)
        return [replace(one, district=district) for one, district in placed if district != one.district]

    return search.amend(work, uris, decide)


JOBS: dict[str, JobFunction] = {districts.PLACE_AGAIN: place_again}
