"""What is done with a listing that somebody brings: kept, looked at, taken over by a job, taken back; each once."""

import asyncio
import hashlib
from collections.abc import Collection, Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Final

import orjson

from fediverse_ehrenamt.accounts.people import Person
from fediverse_ehrenamt.audit import actions as audit
from fediverse_ehrenamt.audit.rules import GONE, About, By, Did
from fediverse_ehrenamt.bringing import reading, rules, store
from fediverse_ehrenamt.bringing.model import BroughtRow
from fediverse_ehrenamt.bringing.rules import Desk, State
from fediverse_ehrenamt.desk import holding
from fediverse_ehrenamt.imports import plan, sources, wordings
from fediverse_ehrenamt.imports import store as entries
from fediverse_ehrenamt.imports.actions import Run
from fediverse_ehrenamt.imports.plan import Plan
from fediverse_ehrenamt.imports.report import NEW, WORDS, Report
from fediverse_ehrenamt.imports.sources import Source, Wish
from fediverse_ehrenamt.jobs import queue
from fediverse_ehrenamt.jobs.queue import Job, NewJob
from fediverse_ehrenamt.kit import ids, sentences
from fediverse_ehrenamt.kit.errors import Conflict, EhrenamtError, Invalid, NotFound, Problem
from fediverse_ehrenamt.kit.sentences import Sentence, sentence
from fediverse_ehrenamt.listings import fetching, formats
from fediverse_ehrenamt.listings.fetching import Fetched, Marks
from fediverse_ehrenamt.work import Work, Workshop

JOB: Final = "bring"
_SCHEMES = ("http://", "https://", "webcal://", "webcals://")
_COMPARED = 20  # sources whose entries are compared with those of a new listing
_ALIKE = 0.3  # of the entries of the one or the other: then they are two states of one listing
_ERASED_AT_ONCE = 50


@dataclass(frozen=True, slots=True)
class Brought:
    """A listing as it lies on a desk; `report` is JSON, "" until it is done."""

    id: str
    name: str
    address: str
    content: bytes
    format: str
    mapping: Mapping[str, str]
    place: str
    organisation: str
    create_organisations: bool
    replaces: int
    every_hours: int
    force: bool
    state: State
    source: int
    planned: int
    written: int
    report: str
    error: str
    added_at: datetime


@dataclass(frozen=True, slots=True)
class Choice:
    """How a listing is to be taken over; None leaves what was said before."""

    format: str | None = None
    mapping: Mapping[str, str] | None = None
    place: str | None = None
    organisation: str | None = None
    create_organisations: bool | None = None
    replaces: int | None = None
    every_hours: int | None = None
    force: bool | None = None


# --- bringing ---------------------------------------------------------------------------------------------------------
async def bring_file(workshop: Workshop, desk: Desk, name: str, content: bytes) -> str:
    """Keep a file that somebody sent and return its id; raises `Invalid` where it can be no listing."""
    if len(content) > rules.LARGEST:
        raise Invalid(
            [
                Problem(
                    reading.FILE, sentence("ist größer als %(most)s MB; bitte teilen", most=rules.LARGEST // 1_000_000)
                )
            ]
        )
    return await _bring(workshop, desk, name or reading.FILE, "", content)


async def bring_address(workshop: Workshop, desk: Desk, typed: str) -> str:
    """Fetch a listing from an address and return its id; raises `Invalid`, `Conflict`, or what fetching raises."""
    address = settled(typed)
    former = await workshop.read(sources.find, address)
    if former is not None and not is_of(desk, former):
        raise Conflict("Diese Adresse wird hier schon von anderer Stelle eingelesen.")
    fetched = await fetching.fetch(workshop, address, Marks(), rules.LARGEST)
    return await _bring(workshop, desk, address, address, fetched.data or b"")


def settled(typed: str) -> str:
    """Return the address that somebody typed as it is fetched; raises `Invalid` for what is none."""
    said = typed.strip()
    if said and "://" not in said and "." in said and not any(map(str.isspace, said)):
        said = f"https://{said}"
    address = fetching.settled(said) if said.lower().startswith(_SCHEMES) else ""
    if not ids.origin(address) or len(address) > _LONGEST_ADDRESS:
        raise Invalid(
            [Problem(reading.ADDRESS, sentence("ist keine Webadresse. Richtig wäre https://verein.de/angebote.csv"))]
        )
    return address


_LONGEST_ADDRESS = 2_000


async def _bring(workshop: Workshop, desk: Desk, name: str, address: str, content: bytes) -> str:
    form = await asyncio.to_thread(reading.format_of, content)
    former = await workshop.read(lists, desk)
    chosen: Mapping[str, str] = {}
    if form == formats.TABLE:  # FreiNet's columns are known, some of them stand for one another
        found = await asyncio.to_thread(reading.columns_of, content)
        chosen = reading.meant(found, [one.mapping for one in former])
    digest = hashlib.sha256(content).hexdigest()
    row = BroughtRow(
        id=ids.new_id(), actor=desk.actor, name=_cut(name), address=address, content=content, digest=digest,
        format=form, mapping=_written(chosen), organisation=desk.handle, create_organisations=False, replaces=0,
        every_hours=0, force=False, state=State.BROUGHT, person="", on_behalf=False, source=0, planned=0, written=0,
        report="", error="", done_at=None,
    )  # fmt: skip
    same = next((one for one in former if address and one.address == address), None)
    if same is not None:
        row.replaces, row.every_hours, row.organisation = same.number, same.every_hours, same.organisation
        row.create_organisations = same.create_organisations
    kept = await workshop.write(_keep, desk, row)
    if not address and form != formats.TABLE:
        await recognise(workshop, desk, kept)
    return kept


def _keep(work: Work, desk: Desk, row: BroughtRow) -> str:
    """Write a listing down, unless the same lies here already: then somebody has sent the form twice."""
    if same := store.same(work, desk, row.digest):
        return same
    store.make_room(work, desk)
    row.added_at = work.now
    work.db.add(row)
    work.db.flush()
    return row.id


def _cut(name: str) -> str:
    last = name if "://" in name else name.replace("\\", "/").rpartition("/")[2]
    return "".join(filter(str.isprintable, last)).strip()[: rules.LONGEST_NAME] or reading.FILE


def _written(mapping: Mapping[str, str]) -> str:
    return orjson.dumps(dict(mapping)).decode() if mapping else ""


# --- looking ----------------------------------------------------------------------------------------------------------
def get(work: Work, desk: Desk, name: str) -> Brought:
    """Return a listing of a desk; raises `NotFound`."""
    return _brought(store.get(work, desk, name))


def brought(work: Work, desk: Desk) -> list[tuple[str, str, State, datetime]]:
    """Return id, name, state and time of what was brought to a desk, the newest first."""
    return [(row.id, row.name, State(row.state), row.added_at) for row in store.listing(work, desk)]


def lists(work: Work, desk: Desk) -> list[Source]:
    """Return the sources that a desk looks after, the last read first."""
    mine = [one for one in sources.listing(work) if is_of(desk, one)]
    return sorted(mine, key=lambda one: one.read_at or one.added_at, reverse=True)


def is_of(desk: Desk, source: Source) -> bool:
    """Say whether a desk looks after a source: an organisation after those that bring its own entries alone."""
    if desk.actor:
        return source.only_own and source.organisation == desk.handle
    return not source.only_own


def source_of(work: Work, desk: Desk, number: int) -> Source:
    """Return a source that a desk looks after; raises `NotFound`."""
    found = next((one for one in lists(work, desk) if one.number == number), None)
    if found is None:
        raise NotFound("Diese Liste gibt es hier nicht.")
    return found


def _brought(row: BroughtRow) -> Brought:
    return Brought(
        row.id, row.name, row.address, row.content or b"", row.format,
        orjson.loads(row.mapping) if row.mapping else {}, row.place, row.organisation,
        row.create_organisations, row.replaces, row.every_hours, row.force, State(row.state),
        row.source, row.planned, row.written, row.report,
        sentences.load(row.error),
        row.added_at,
    )  # fmt: skip


async def foresee(workshop: Workshop, desk: Desk, one: Brought) -> Plan:
    """Return what taking a listing over would do; raises `Invalid` where it cannot be read."""
    address = await workshop.read(_address, one)
    return await sources.foresee(workshop, address, one.content, _wish(desk, one), _how(one))


def _wish(desk: Desk, one: Brought) -> Wish:
    tabular = one.format in reading.TABLES
    return Wish(
        format=one.format,
        organisation=one.organisation,
        create_organisations=one.create_organisations and not desk.actor,
        only_own=bool(desk.actor),
        mapping=one.mapping if tabular else {},
        place=one.place or None,
        every_hours=one.every_hours if one.address else None,
    )


def _how(one: Brought) -> Run:
    return Run(wordings.read, force=one.force)


def _address(work: Work, one: Brought) -> str:
    """Return the address under which a listing is kept as a source."""
    if one.replaces:
        return sources.get(work, one.replaces).address
    return one.address or f"{fetching.UPLOADED}{one.id}/{one.name}"


async def recognise(workshop: Workshop, desk: Desk, name: str) -> None:
    """Look whether a listing is the new state of one that was read before: whether they share their entries."""
    one = await workshop.read(get, desk, name)
    try:
        read = await asyncio.to_thread(_ids, one, workshop.now())
    except Invalid:
        return  # what is wrong is said where it is shown
    best, most = 0, 0.0
    for former in (await workshop.read(lists, desk))[:_COMPARED]:
        known = (await workshop.read(entries.known, former.number)).keys()
        shared = len(read & known) / max(1, min(len(read), len(known)))
        if shared >= _ALIKE and shared > most:
            best, most = former.number, shared
    if best:
        await workshop.write(choose, desk, name, Choice(replaces=best))


def _ids(one: Brought, now: datetime) -> Collection[str]:
    read = formats.read(one.content, one.format, now, one.mapping or None)
    return {record.id for record in plan.merged(read)} - {""}


# --- choosing ---------------------------------------------------------------------------------------------------------
def choose(work: Work, desk: Desk, name: str, choice: Choice) -> None:
    """Say how a listing is to be taken over; raises `Conflict` once that is under way."""
    row = store.get(work, desk, name, lock=True)
    if row.state != State.BROUGHT:
        raise Conflict("Diese Liste ist schon eingelesen.")
    row.format = row.format if choice.format is None else choice.format
    row.mapping = row.mapping if choice.mapping is None else _written(choice.mapping)
    row.place = row.place if choice.place is None else choice.place
    row.force = row.force if choice.force is None else choice.force
    if row.address and choice.every_hours is not None and choice.every_hours in rules.EVERY:
        row.every_hours = choice.every_hours
    if choice.replaces is not None and not row.address:
        row.replaces = source_of(work, desk, choice.replaces).number if choice.replaces else 0
    if not desk.actor:
        row.organisation = row.organisation if choice.organisation is None else choice.organisation
        wanted = choice.create_organisations
        row.create_organisations = row.create_organisations if wanted is None else wanted


def drop(work: Work, desk: Desk, name: str) -> None:
    """Forget a listing that was not taken over; what was, stays."""
    row = store.get(work, desk, name, lock=True)
    if row.state == State.BROUGHT:
        work.db.delete(row)


# --- taking over ------------------------------------------------------------------------------------------------------
def start(work: Work, desk: Desk, name: str, by: By) -> None:
    """Have a listing taken over by a job; a second time changes nothing.

    Raises `Conflict` where somebody looks at the organisation's first offer before it is shown.
    """
    row = store.get(work, desk, name, lock=True)
    if row.state == State.BROUGHT and desk.actor and holding.is_checked(work, desk.actor, by):
        raise Conflict(
            "Ihr erstes Angebot sieht sich die Koordination an, bevor es alle sehen. Bitte schreiben Sie eines von "
            "Hand und geben Sie es ab; danach können Sie die Liste einlesen."
        )
    _queue(work, row, State.BROUGHT, State.WAITING, by)


def undo(work: Work, desk: Desk, name: str, by: By) -> None:
    """Have withdrawn what a run has published new; a second time changes nothing."""
    _queue(work, store.get(work, desk, name, lock=True), State.DONE, State.UNDOING, by)


def of_person(work: Work, person: Person) -> list[dict[str, object]]:
    """Return the listings that are read just now because somebody wanted it, for the file of their own data."""
    return [{"name": row.name, "since": row.added_at} for row in store.had_read_by(work, person.id)]


def erase_person(work: Work, person: Person) -> None:
    """Forget who wanted a listing to be read; it is read all the same."""
    for row in store.had_read_by(work, person.id):
        row.person = GONE
    work.db.flush()


def _queue(work: Work, row: BroughtRow, before: State, after: State, by: By) -> None:
    if row.state != before:
        return
    row.state, row.person, row.on_behalf = after, by.person, by.on_behalf
    row.added_at = work.now  # so that it has its day
    number = row.source or row.replaces
    queue.enqueue(work, [NewJob(queue.LOCAL, JOB, row.id, key=f"import {number}" if number else f"{JOB} {row.id}")])


async def carry_out(workshop: Workshop, job: Job) -> None:
    """Do what waits with a listing; a job that comes twice finds nothing left to do."""
    row = await workshop.read(store.find, job.argument)
    if row is None or row.state not in rules.UNDER_WAY:
        return
    one, desk = _brought(row), await workshop.read(_desk, row)
    if one.state == State.UNDOING:
        await _take_back(workshop, desk, one)
        return
    try:
        address = await workshop.read(_address, one)
        listing = Fetched(one.content, Marks())
        number, report = await sources.take(workshop, address, listing, _wish(desk, one), _counted(workshop, one))
    except EhrenamtError as error:
        await workshop.write(_failed, desk, one.id, error.public)
    else:
        await workshop.write(_done, desk, one.id, number, report)


async def _take_back(workshop: Workshop, desk: Desk, one: Brought) -> None:
    """Withdraw what a run has published new; its source is not read again by itself, and goes where nothing is left."""
    withdrawn = await sources.take_back(workshop, one.source, new_keys(one))
    left = await workshop.read(entries.known, one.source)
    if left:
        await workshop.write(sources.pause, one.source)
    else:
        await sources.remove(workshop, one.source, keep=True)
    await workshop.write(_undone, desk, one.id, withdrawn)


def _desk(work: Work, row: BroughtRow) -> Desk:
    del work
    return Desk("", row.actor, row.organisation if row.actor else "")


def _counted(workshop: Workshop, one: Brought) -> Run:
    async def planned(number: int) -> None:
        await workshop.write(store.count, one.id, planned=number)

    async def written(number: int) -> None:
        await workshop.write(store.count, one.id, written=number)

    return replace(_how(one), planned=planned, progress=written)


def _done(work: Work, desk: Desk, name: str, number: int, report: Report) -> None:
    row = store.get(work, desk, name, lock=True)
    kept = orjson.dumps(report.json(), default=sentences.dump, option=orjson.OPT_PASSTHROUGH_SUBCLASS)
    row.source, row.report = number, kept.decode()
    _end(row, State.DONE, work.now)
    counted = ((report.counts[what], sentence(word)) for what, word in WORDS.items() if report.counts[what])
    said = sentences.joined((sentence("%(number)s %(what)s", number=count, what=word) for count, word in counted), ", ")
    audit.note(work, By(row.person, row.on_behalf), Did.IMPORTED, About(row.name, organisation=desk.actor), said)
    row.person = ""


def _failed(work: Work, desk: Desk, name: str, error: str) -> None:
    row = store.get(work, desk, name, lock=True)
    row.error, row.person = sentences.dump(error), ""
    _end(row, State.FAILED, work.now)


def _undone(work: Work, desk: Desk, name: str, withdrawn: int) -> None:
    row = store.get(work, desk, name, lock=True)
    about = About(row.name, organisation=desk.actor)
    audit.note(work, By(row.person, row.on_behalf), Did.WITHDRAWN, about, _went(withdrawn))
    row.written, row.person = withdrawn, ""
    _end(row, State.UNDONE, work.now)


def _went(withdrawn: int) -> Sentence:
    """Say for the log how much was withdrawn."""
    return sentence("eingelesene Einträge: %(number)s", number=withdrawn)


def _end(row: BroughtRow, state: State, now: datetime) -> None:
    row.state, row.content, row.done_at = state, None, now


def new_keys(one: Brought) -> list[str]:
    """Return our names of what a run has published new."""
    lines = orjson.loads(one.report)["entries"] if one.report else []
    return [line["key"] for line in lines if line["what"] == NEW]


# --- giving up --------------------------------------------------------------------------------------------------------
async def give_up(workshop: Workshop, desk: Desk, number: int, by: By, *, keep: bool) -> int:
    """Forget a source and withdraw what came from it, unless that is to be kept; return how many were withdrawn."""
    source = await workshop.read(source_of, desk, number)
    withdrawn = await sources.remove(workshop, number, keep=keep)
    about = About(label(source), organisation=desk.actor)
    await workshop.write(audit.note, by, Did.SOURCE_REMOVED, about, _went(withdrawn))
    return withdrawn


def label(source: Source) -> str:
    """Return what people call a source: the name of the file, or the address."""
    address = source.address
    return address.partition("/")[2] if address.startswith(fetching.UPLOADED) else address


def erase_old(work: Work) -> int:
    """Forget listings that nobody took over within a day, and after a month what became of the others."""
    rows = store.expired(work, work.now - rules.CONTENT_KEPT, work.now - rules.KEPT, _ERASED_AT_ONCE)
    for row in rows:
        work.db.delete(row)
    return len(rows)
