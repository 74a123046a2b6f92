"""What is done with a listing: planned, then written in short transactions, so that one bad entry stops no other.

More than a few new entries at once come quietly (`things.bulk`). Dates of a recurring event are shown one at a time.
"""

import asyncio
import hashlib
from collections import defaultdict
from collections.abc import Awaitable, Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

import orjson

from fediverse_ehrenamt.districts import actions as districts
from fediverse_ehrenamt.events import actions as events
from fediverse_ehrenamt.events import rules as event_rules
from fediverse_ehrenamt.federation import actors
from fediverse_ehrenamt.imports import differences, homes, owners, plan, report, spots, store
from fediverse_ehrenamt.imports.drafts import Draft
from fediverse_ehrenamt.imports.homes import Home
from fediverse_ehrenamt.imports.owners import Owners
from fediverse_ehrenamt.imports.plan import Aim, Plan, Step
from fediverse_ehrenamt.imports.report import FieldChange, Line, Report
from fediverse_ehrenamt.imports.store import Known, Pair
from fediverse_ehrenamt.imports.understood import Understand
from fediverse_ehrenamt.kit import values
from fediverse_ehrenamt.kit.errors import Conflict, EhrenamtError
from fediverse_ehrenamt.kit.sentences import sentence
from fediverse_ehrenamt.listings import formats
from fediverse_ehrenamt.listings.record import Fault, Record
from fediverse_ehrenamt.opportunities import actions as opportunities
from fediverse_ehrenamt.opportunities import rules as opportunity_rules
from fediverse_ehrenamt.places import learning
from fediverse_ehrenamt.places.districts import District
from fediverse_ehrenamt.things import store as things
from fediverse_ehrenamt.things.store import Outcome
from fediverse_ehrenamt.work import Work, Workshop

BATCH = 200  # entries of one transaction
SHOWN_AT_ONCE = 10  # new entries of one run that followers are shown; more come quietly
_NAMED = 10  # districts in a report

Progress = Callable[[int], Awaitable[None]]


async def _nothing(_count: int) -> None:
    """Tell nobody."""


@dataclass(frozen=True, slots=True)
class Listing:
    """A source as it is read: where it stands in `import_sources` (0: nowhere yet), its format and its columns.

    With `only_own` all its entries are those of `organisation` (a handle), whomever they name. `home` is where those
    are that name no town.
    """

    number: int
    format: str
    organisation: str
    create_organisations: bool
    mapping: str
    only_own: bool
    address: str = ""
    home: Home = homes.NOWHERE


@dataclass(frozen=True, slots=True)
class Run:
    """How a run goes: `force` believes that most of it is gone, `progress` is told how many entries were written."""

    understand: Understand
    dry: bool = False
    force: bool = False
    progress: Progress = _nothing
    planned: Progress = _nothing


async def run(workshop: Workshop, listing: Listing, data: bytes, how: Run) -> Report:
    """Read a listing and publish what is new, change what changed, end what is gone; or, dry, only say so.

    Raises `Invalid` where the file cannot be read at all; then nothing is done.
    """
    if how.dry:
        return (await foresee(workshop, listing, data, how)).report
    here = await workshop.read(_owners, listing)
    planned = await _plan(workshop, listing, data, here, how)
    await how.planned(len(planned.steps))
    await _write(workshop, listing, planned, here, how)
    await workshop.write(store.settle, listing.number, planned.home)
    return planned.report


async def foresee(workshop: Workshop, listing: Listing, data: bytes, how: Run) -> Plan:
    """Return what a run would do, its report filled in; nothing is written. Raises as `run`."""
    here = await workshop.read(_owners, listing)
    planned = await _plan(workshop, listing, data, here, how)
    await workshop.read(_foretell, listing.number, planned)
    return planned


async def _plan(workshop: Workshop, listing: Listing, data: bytes, here: Owners, how: Run) -> Plan:
    known = await workshop.read(store.known, listing.number)
    aim = await workshop.read(_aim, listing, here, how)
    read = await asyncio.to_thread(_read, listing, data, aim)
    aim = replace(aim, home=listing.home if listing.home.town else homes.find(read, listing.address))
    learnt = [] if how.dry else await _learn(workshop, read)
    planned = await asyncio.to_thread(plan.make, read, known, here, aim, force=how.force)
    planned.home = aim.home
    planned.report.notes.extend(_learnt(learnt))
    await workshop.read(_tell_edits, listing.number, planned)
    return planned


def _owners(work: Work, listing: Listing) -> Owners:
    here = owners.read(work)
    return here.only(listing.organisation) if listing.only_own else here


def _aim(work: Work, listing: Listing, here: Owners, how: Run) -> Aim:
    fallback = here.find(listing.organisation) if listing.organisation else ""
    return Aim(listing.number, fallback, listing.create_organisations, how.understand, work.now)


def _read(listing: Listing, data: bytes, aim: Aim) -> list[Record | Fault]:
    chosen = orjson.loads(listing.mapping) if listing.mapping else None
    return list(plan.merged(formats.read(data, listing.format, aim.now, chosen)))


async def _learn(workshop: Workshop, read: Sequence[Record | Fault]) -> list[District]:
    """Learn the districts that a listing names, before its entries are placed by them."""
    seen = (spots.sighting(one) for one in read if isinstance(one, Record))
    found = await asyncio.to_thread(learning.learn, filter(None, seen))
    learnt = await workshop.write(districts.learn, found) if found else []
    if learnt:
        await workshop.read(districts.teach)
    return learnt


def _learnt(districts: Sequence[District]) -> Iterator[str]:
    if districts:
        named, more = ", ".join(one.label for one in districts[:_NAMED]), len(districts) - _NAMED
        if more > 0:
            yield sentence("Stadtteile gelernt: %(names)s und %(more)s weitere.", names=named, more=more)
        else:
            yield sentence("Stadtteile gelernt: %(names)s.", names=named)


async def _write(workshop: Workshop, listing: Listing, planned: Plan, here: Owners, how: Run) -> None:
    fresh = sum(step.what == report.NEW and not step.record.series for step in planned.steps)
    quiet = fresh > SHOWN_AT_ONCE
    if quiet:
        planned.report.notes.append(
            sentence(
                "%(number)s neue Einträge sind mehr als %(most)s: Sie stehen im Index und gehen an Schwesterinstanzen "
                "und Kalender, füllen aber keine Timelines. Einzelne können Sie noch einmal zeigen.",
                number=fresh,
                most=SHOWN_AT_ONCE,
            )
        )
    for start in range(0, len(planned.steps), BATCH):
        some = planned.steps[start : start + BATCH]
        for line in await workshop.write(_apply, listing.number, some, here, quiet=quiet):
            planned.report.add(line)
        await how.progress(len(some))
    for start in range(0, len(planned.vanished), BATCH):
        gone = planned.vanished[start : start + BATCH]
        for line in await workshop.write(_end, listing.number, gone):
            planned.report.add(line)


# --- writing ----------------------------------------------------------------------------------------------------------
def _apply(work: Work, source: int, steps: Sequence[Step], here: Owners, *, quiet: bool) -> list[Line]:
    lines: list[Line] = []
    owned = list(_owned(work, steps, here, lines))
    alone = [step for step in owned if not (quiet and step.what == report.NEW and not step.record.series)]
    single = {step.key for step in alone}
    alone += _quietly(work, source, [step for step in owned if step.key not in single], lines)
    before = store.pairs(work, source, {step.record.id for step in alone if step.known is not None})
    return [*lines, *(_saved(work, source, step, before.get(step.record.id)) for step in alone)]


def _owned(work: Work, steps: Sequence[Step], here: Owners, lines: list[Line]) -> Iterator[Step]:
    """Yield the steps with their owners, adding organisations that are to be added; none may be suspended."""
    refused: dict[str, Conflict | None] = {}  # most rows of a listing have few owners
    for step in steps:
        owner = step.owner or here.find(step.organisation)
        if not owner:
            try:
                with work.db.begin_nested():
                    added = owners.create(work, step.organisation)
            except EhrenamtError as error:
                lines.append(_line(step, report.FAILED, notes=report.notes_of(error)))
                continue
            here.add(added.uri, added.handle, step.organisation)
            owner = added.uri
        if owner not in refused:
            refused[owner] = _refusal(work, owner)
        if refusal := refused[owner]:
            lines.append(_line(step, report.FAILED, notes=report.notes_of(refusal)))
        else:
            yield replace(step, owner=owner)


def _refusal(work: Work, owner: str) -> Conflict | None:
    try:
        actors.refuse_suspended(work, owner)
    except Conflict as error:
        return error
    return None


def _quietly(work: Work, source: int, steps: Sequence[Step], lines: list[Line]) -> list[Step]:
    """Publish new entries in bulk and return those whose names are taken, which are looked at one by one."""
    left: list[Step] = []
    groups: dict[tuple[str, bool], list[Step]] = defaultdict(list)
    for step in steps:
        groups[step.owner, isinstance(step.made.draft, event_rules.Draft)].append(step)
    for (owner, _), group in groups.items():
        taken = things.own_keys(work, owner, [step.key for step in group])
        left += [step for step in group if step.key in taken]
        free = [step for step in group if step.key not in taken]
        outcomes = _publish_all(work, owner, free)
        store.put(work, [_row(source, step, outcome, work.now) for step, outcome in zip(free, outcomes, strict=True)])
        lines += [_line(step, report.NEW) for step in free]
    return left


def _publish_all(work: Work, owner: str, steps: Sequence[Step]) -> list[Outcome]:
    ready = [plan.lasting(step.made.draft, work.now) for step in steps]
    dated = [draft for draft in ready if isinstance(draft, event_rules.Draft)]
    if dated:
        return events.publish_quietly(work, owner, dated)
    offers = [draft for draft in ready if isinstance(draft, opportunity_rules.Draft)]
    return opportunities.publish_quietly(work, owner, offers) if offers else []


def _saved(work: Work, source: int, step: Step, before: Pair | None) -> Line:
    """Publish one entry in a savepoint; what is wrong with it stays its own."""
    try:
        with work.db.begin_nested():
            return _one(work, source, step, before)
    except EhrenamtError as error:
        return _line(step, report.FAILED, notes=report.notes_of(error))


def _one(work: Work, source: int, step: Step, before: Pair | None) -> Line:
    draft, kept = _with_edits(step, before)
    outcome = _publish(work, step.owner, plan.lasting(draft, work.now), _row_name(work, source, step))
    store.put(work, [_row(source, step, outcome, work.now, kept)])
    changes = differences.changed(before.imported, step.made.draft) if before else ()
    return _line(step, step.what, changes, kept)


def _with_edits(step: Step, before: Pair | None) -> tuple[Draft, tuple[FieldChange, ...]]:
    if before is None or before.published is None:
        return step.made.draft, ()
    vanished = step.known is not None and step.known.state == store.VANISHED
    found = differences.merge(before.imported, before.published, step.made.draft, vanished=vanished)
    return found.draft, found.kept


def _publish(work: Work, owner: str, draft: Draft, row: str) -> Outcome:
    if isinstance(draft, event_rules.Draft):
        return events.publish(work, owner, draft, row)
    return opportunities.publish(work, owner, draft)


def _row_name(work: Work, source: int, step: Step) -> str:
    """Return the name that the dates of a recurring event share, so that followers are shown one at a time."""
    if not step.record.series:
        return ""
    digest = hashlib.sha256(step.record.series.encode("utf-8", "replace")).hexdigest()[:24]
    return f"{work.settings.url}/ap/import/{source}/{digest}"


def _row(
    source: int, step: Step, outcome: Outcome, now: datetime, kept: Sequence[FieldChange] = ()
) -> dict[str, object]:
    draft, confirmed = step.made.draft, step.known.confirmed if step.known else ""
    return {
        "source": source,
        "foreign_id": step.record.id,
        "kind": step.record.kind,
        "actor": step.owner,
        "key": step.key,
        "uri": outcome.uri,
        "state": store.SHOWN,
        "digest": step.digest,
        "imported": values.dump(draft),
        "kept": orjson.dumps([change.field for change in kept]).decode() if kept else "",
        "understood": store.write_guesses(plan.unconfirmed(step.made.understood, confirmed)),
        "confirmed": confirmed,
        "renew_at": plan.renew_at(draft, now),
        "ends_at": draft.ends_at if isinstance(draft, event_rules.Draft) else None,
    }


def _line(
    step: Step, what: str, changes: tuple[FieldChange, ...] = (), kept: tuple[FieldChange, ...] = (),
    notes: tuple[str, ...] = (),
) -> Line:  # fmt: skip
    said = map(report.kept, kept)
    guesses = plan.unconfirmed(step.made.understood, step.known.confirmed if step.known else "")
    record = step.record
    return Line(
        what,
        record.where,
        record.id,
        step.key,
        plan.title_of(record),
        changes,
        (*notes, *said, *step.made.notes),
        guesses,
    )


# --- what is no longer listed -----------------------------------------------------------------------------------------
def _end(work: Work, source: int, gone: Sequence[Known]) -> list[Line]:
    """Say of entries that are no longer listed that they are over: offers expire, dates are cancelled."""
    before = store.pairs(work, source, [one.foreign_id for one in gone])
    lines: list[Line] = []
    for one in gone:
        pair = before[one.foreign_id]
        line = _gone_line(one, pair, report.VANISHED)
        try:
            with work.db.begin_nested():
                _say_over(work, one, pair.published)
        except EhrenamtError as error:
            line = replace(line, notes=report.notes_of(error))
        lines.append(line)
    store.vanish(work, source, [one.foreign_id for one in gone])
    return lines


def _say_over(work: Work, one: Known, here: Draft | None) -> None:
    if isinstance(here, event_rules.Draft) and here.status != "cancelled" and here.ends_at > work.now:
        events.publish(work, one.actor, replace(here, status="cancelled"))
    elif isinstance(here, opportunity_rules.Draft) and here.details.status == opportunity_rules.OPEN:
        over = replace(here.details, status=opportunity_rules.EXPIRED)
        opportunities.publish(work, one.actor, replace(here, details=over))


def _gone_line(one: Known, pair: Pair, what: str) -> Line:
    shown = pair.published or pair.imported
    title = shown.name if isinstance(shown, event_rules.Draft) else shown.details.title
    return Line(what, "", one.foreign_id, one.key, title)


# --- saying beforehand ------------------------------------------------------------------------------------------------
def _tell_edits(work: Work, source: int, planned: Plan) -> None:
    """Put into the report what differs from an unchanged source because it was changed here, and what is held."""
    wanted = {step.record.id for step in planned.edited} | {one.foreign_id for one in planned.held}
    before = store.pairs(work, source, wanted)
    for step in planned.edited:
        pair = before[step.record.id]
        found = differences.merge(pair.imported, pair.published, pair.imported).kept if pair.published else ()
        record = step.record
        what = report.KEPT if found else report.UNCHANGED
        planned.report.add(Line(what, record.where, record.id, step.key, plan.title_of(record), found))
    for one in planned.held:
        planned.report.add(_gone_line(one, before[one.foreign_id], report.HELD))


def _foretell(work: Work, source: int, planned: Plan) -> None:
    """Put into the report what would be written."""
    known = [step.record.id for step in planned.steps if step.known is not None]
    before = store.pairs(work, source, [*known, *(one.foreign_id for one in planned.vanished)])
    for step in planned.steps:
        pair = before.get(step.record.id)
        _, kept = _with_edits(step, pair)
        changes = differences.changed(pair.imported, step.made.draft) if pair else ()
        planned.report.add(_line(step, step.what, changes, kept))
    for one in planned.vanished:
        planned.report.add(_gone_line(one, before[one.foreign_id], report.VANISHED))
