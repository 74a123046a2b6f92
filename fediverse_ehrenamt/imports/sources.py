"""The listings that are read again: how each is read, when, how that went, and how it is given up."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

import orjson

from fediverse_ehrenamt.events import actions as events
from fediverse_ehrenamt.imports import actions, homes, report, store
from fediverse_ehrenamt.imports.actions import Listing, Run
from fediverse_ehrenamt.imports.homes import Home
from fediverse_ehrenamt.imports.model import ImportSourceRow
from fediverse_ehrenamt.imports.plan import Plan
from fediverse_ehrenamt.imports.report import FAILED, Report
from fediverse_ehrenamt.kit import sentences
from fediverse_ehrenamt.kit.errors import EhrenamtError, Invalid, Problem
from fediverse_ehrenamt.listings import fetching, formats
from fediverse_ehrenamt.listings.fetching import Fetched, Marks
from fediverse_ehrenamt.listings.record import EVENT
from fediverse_ehrenamt.organisations import actions as organisations
from fediverse_ehrenamt.places import gazetteer
from fediverse_ehrenamt.things import actions as things
from fediverse_ehrenamt.work import Work, Workshop

LONGEST_WAIT = timedelta(days=7)
_DOUBLINGS = 5
_KEPT_PROBLEMS = 50
_REMOVED_AT_ONCE = 200


@dataclass(frozen=True, slots=True)
class Wish:
    """How a listing is to be read; None leaves what was said before, or what is recognised.

    `place` is the town of entries that name none, "" one that is to be found.
    """

    format: str | None = None
    organisation: str | None = None
    create_organisations: bool | None = None
    mapping: Mapping[str, str] | None = None
    every_hours: int | None = None
    only_own: bool | None = None
    place: str | None = None


@dataclass(frozen=True, slots=True)
class Source:
    """A source as it is listed; `counts` and `problems` are those of the last run."""

    number: int
    address: str
    format: str
    organisation: str
    create_organisations: bool
    only_own: bool
    mapping: Mapping[str, str]
    home: Home
    every_hours: int
    added_at: datetime
    read_at: datetime | None
    succeeded_at: datetime | None
    next_at: datetime | None
    counts: Mapping[str, int]
    problems: tuple[str, ...]
    error: str
    failures: int


def listing(work: Work) -> list[Source]:
    return [_source(row) for row in store.sources(work)]


def get(work: Work, number: int) -> Source:
    """Return a source; raises `NotFound`."""
    return _source(store.get(work, number))


def find(work: Work, address: str) -> Source | None:
    row = store.find(work, address)
    return _source(row) if row else None


def _source(row: ImportSourceRow) -> Source:
    return Source(
        number=row.id,
        address=row.address,
        format=row.format,
        organisation=row.organisation,
        create_organisations=row.create_organisations,
        only_own=row.only_own,
        mapping=orjson.loads(row.mapping) if row.mapping else {},
        home=Home(row.place, row.place_from),
        every_hours=row.every_hours,
        added_at=row.added_at,
        read_at=row.read_at,
        succeeded_at=row.succeeded_at,
        next_at=row.next_at,
        counts=orjson.loads(row.counts) if row.counts else {},
        problems=tuple(map(sentences.load, orjson.loads(row.problems))) if row.problems else (),
        error=sentences.load(row.error),
        failures=row.failures,
    )


# --- reading ----------------------------------------------------------------------------------------------------------
async def read(workshop: Workshop, address: str, wish: Wish, how: Run) -> tuple[int, Report]:
    """Read a listing for the first time or again, as wished from now on; return its number (0 in a dry run) and all.

    Raises what `fetching.fetch` raises, `Invalid` and `NotFound`; then nothing is kept of a source that is new.
    """
    kept = fetching.settled(address)
    fetched = await fetching.fetch(workshop, kept, Marks())
    assert fetched.data is not None, "without marks a server answers with the whole"
    if how.dry:
        return 0, (await foresee(workshop, kept, fetched.data, wish, how)).report
    return await take(workshop, kept, fetched, wish, how)


async def foresee(workshop: Workshop, address: str, data: bytes, wish: Wish, how: Run) -> Plan:
    """Return what `take` would do with a listing; writes nothing. Raises `Invalid` and `NotFound`."""
    before = await workshop.read(find, address)
    form = wish.format or (before.format if before else "") or formats.detect(data)
    await workshop.read(_check, wish)
    listing = replace(_wished(before, form, wish), address=address)
    return await actions.foresee(workshop, listing, data, replace(how, dry=True))


async def take(workshop: Workshop, address: str, fetched: Fetched, wish: Wish, how: Run) -> tuple[int, Report]:
    """Take over a listing that is at hand, kept as a source under its `settled` address; return number and report.

    Raises `Invalid` and `NotFound`; then nothing is kept of a source that is new.
    """
    before = await workshop.read(find, address)
    form = wish.format or (before.format if before else "") or formats.detect(fetched.data or b"")
    await workshop.read(_check, wish)
    number = await workshop.write(_keep, address, form, wish)
    try:
        return number, await _run(workshop, number, fetched, how)
    except EhrenamtError:
        if before is None:  # what cannot be read at all is no source
            await workshop.write(store.remove, number)
        raise


def _check(work: Work, wish: Wish) -> None:
    if wish.organisation:
        organisations.get(work, wish.organisation)
    if wish.place and gazetteer.find(wish.place) is None:
        raise Invalid([Problem("place", gazetteer.unknown(wish.place))])


def _wished(before: Source | None, form: str, wish: Wish) -> Listing:
    mapping = wish.mapping if wish.mapping is not None else (before.mapping if before else {})
    creates = wish.create_organisations
    return Listing(
        number=before.number if before else 0,
        format=form,
        organisation=wish.organisation or (before.organisation if before else ""),
        create_organisations=creates if creates is not None else bool(before and before.create_organisations),
        mapping=orjson.dumps(mapping).decode() if mapping else "",
        only_own=wish.only_own if wish.only_own is not None else bool(before and before.only_own),
        home=_home(before, wish.place),
    )


def _home(before: Source | None, typed: str | None) -> Home:
    """Return the town that is wished for, else the one from before; `homes.NOWHERE` is one that is to be found."""
    if typed is None:
        return before.home if before else homes.NOWHERE
    return Home(_town(typed.strip()), homes.STATED) if typed.strip() else homes.NOWHERE


def _town(typed: str) -> str:
    """Return the usual name of a town, or what was typed where only that tells it from others."""
    spot = gazetteer.find(typed)
    return spot.name if spot and gazetteer.find(spot.name) == spot else typed


def _keep(work: Work, address: str, form: str, wish: Wish) -> int:
    """Write down how a source is to be read, and return its number."""
    row = store.find(work, address)
    before = _source(row) if row else None
    wished = _wished(before, form, wish)
    if row is None:
        row = ImportSourceRow(address=address, added_at=work.now, every_hours=0)
        row.etag = row.last_modified = row.counts = row.problems = row.error = ""
        row.failures = 0
        work.db.add(row)
    row.format, row.organisation = wished.format, wished.organisation.lower().removeprefix("@")
    row.create_organisations, row.mapping, row.only_own = wished.create_organisations, wished.mapping, wished.only_own
    row.place, row.place_from = wished.home.town, wished.home.origin
    if wish.every_hours is not None:
        row.every_hours = wish.every_hours
    row.next_at = _next(row, work.now)
    work.db.flush()
    return row.id


async def run(workshop: Workshop, number: int, how: Run) -> Report:
    """Read a source again; raises as `read` does, after writing down how that went."""
    row = await workshop.read(store.get, number)
    # Forced, or dry, it is read as a whole: what is asked for is what it says, not whether it changed.
    marks = Marks() if how.dry or how.force else Marks(row.etag, row.last_modified)
    try:
        fetched = await fetching.fetch(workshop, row.address, marks)
        if how.dry:
            assert fetched.data is not None, "without marks a server answers with the whole"
            return await actions.run(workshop, _listing(row), fetched.data, how)
        return await _run(workshop, number, fetched, how)
    except EhrenamtError as error:
        if not how.dry:
            await workshop.write(_note_failure, number, error.public)
        raise


async def _run(workshop: Workshop, number: int, fetched: Fetched, how: Run) -> Report:
    row = await workshop.read(store.get, number)
    if fetched.data is None:
        found = Report(not_modified=True)
    else:
        found = await actions.run(workshop, _listing(row), fetched.data, how)
    await workshop.write(_note, number, found, fetched.marks)
    return found


def _listing(row: ImportSourceRow) -> Listing:
    home = Home(row.place, row.place_from)
    return Listing(
        row.id, row.format, row.organisation, row.create_organisations, row.mapping, row.only_own, row.address, home
    )


def _note(work: Work, number: int, found: Report, marks: Marks) -> None:
    row = store.get(work, number)
    row.read_at = row.succeeded_at = work.now
    row.failures, row.error = 0, "" if not found.of("held") else sentences.dump(found.notes[0])
    if not found.not_modified:
        row.counts = orjson.dumps(dict(found.counts)).decode()
        failed = [said for line in found.of(FAILED)[:_KEPT_PROBLEMS] for said in report.placed(line)]
        row.problems = orjson.dumps([sentences.dump(said) for said in failed]).decode()
        # Entries that were held back wait for somebody to look: until then it is read as a whole each time.
        row.etag, row.last_modified = ("", "") if found.of("held") else (marks.etag, marks.last_modified)
    row.next_at = _next(row, work.now)


def _note_failure(work: Work, number: int, error: str) -> None:
    row = store.get(work, number)
    row.read_at, row.error, row.failures = work.now, sentences.dump(error), row.failures + 1
    row.next_at = _next(row, work.now)


def _next(row: ImportSourceRow, now: datetime) -> datetime | None:
    """Return when a source is read again: on its schedule, the less often the longer it fails."""
    if not row.every_hours:
        return None
    doubled: int = 2 ** min(row.failures, _DOUBLINGS)
    return now + max(timedelta(hours=row.every_hours), min(timedelta(hours=row.every_hours) * doubled, LONGEST_WAIT))


# --- giving up --------------------------------------------------------------------------------------------------------
async def remove(workshop: Workshop, number: int, *, keep: bool) -> int:
    """Forget a source and withdraw what came from it, unless that is to be kept; return how many were withdrawn."""
    await workshop.read(store.get, number)
    withdrawn = 0
    while not keep and (some := await workshop.write(_withdraw, number)):
        withdrawn += some
    await workshop.write(store.remove, number)
    return withdrawn


async def take_back(workshop: Workshop, number: int, keys: Sequence[str]) -> int:
    """Withdraw what some entries (by our keys) became, and forget these entries; return how many were withdrawn.

    So the same listing, corrected, can be read once more.
    """
    withdrawn = 0
    for start in range(0, len(keys), _REMOVED_AT_ONCE):
        withdrawn += await workshop.write(_take_back, number, keys[start : start + _REMOVED_AT_ONCE])
    return withdrawn


def pause(work: Work, number: int) -> None:
    """Read a source again only when asked to; raises `NotFound`."""
    row = store.get(work, number)
    row.every_hours, row.next_at = 0, None


def _take_back(work: Work, number: int, keys: Sequence[str]) -> int:
    named = store.named(work, number, _REMOVED_AT_ONCE, keys)
    _withdraw_all(work, named)
    store.forget(work, number, keys)
    return len(named)


def _withdraw(work: Work, number: int) -> int:
    named = store.named(work, number, _REMOVED_AT_ONCE)
    _withdraw_all(work, named)
    return len(named)


def _withdraw_all(work: Work, named: Sequence[tuple[str, str]]) -> None:
    kinds = store.kinds(work, [key for _, key in named])
    for actor, key in named:
        if kinds[key] == EVENT:
            events.withdraw(work, actor, key)
        else:
            things.withdraw(work, actor, key, "Note")
