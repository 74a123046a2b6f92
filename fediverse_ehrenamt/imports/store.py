"""The queries of imports: sources, their entries, and the things that these became."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import NamedTuple, cast

import orjson
from sqlalchemy import Table, delete, func, or_, select, update

from fediverse_ehrenamt.events.rules import Draft as EventDraft
from fediverse_ehrenamt.imports.drafts import Draft
from fediverse_ehrenamt.imports.homes import Home
from fediverse_ehrenamt.imports.model import ImportEntryRow, ImportSourceRow
from fediverse_ehrenamt.imports.topics import Guess
from fediverse_ehrenamt.kit import values
from fediverse_ehrenamt.kit.errors import NotFound
from fediverse_ehrenamt.kit.sentences import sentence
from fediverse_ehrenamt.listings.record import EVENT
from fediverse_ehrenamt.opportunities.rules import Draft as OpportunityDraft
from fediverse_ehrenamt.storage import upsert
from fediverse_ehrenamt.things.model import ThingRow
from fediverse_ehrenamt.work import Work

SHOWN, VANISHED = "shown", "vanished"
_AT_ONCE = 400  # values in one IN list
_KEY = "import"

_entries = cast("Table", ImportEntryRow.__table__)
_things = cast("Table", ThingRow.__table__)


class Known(NamedTuple):
    """What is known of an entry: `there` says whether its thing still is, `edited` whether that was touched here."""

    foreign_id: str
    kind: str
    actor: str
    key: str
    uri: str
    state: str
    digest: str
    confirmed: str
    renew_at: datetime | None
    ends_at: datetime | None
    there: bool
    edited: bool


@dataclass(frozen=True, slots=True)
class Pair:
    """The draft that the source's last state made, and the one that is published now (None: it was withdrawn)."""

    imported: Draft
    published: Draft | None


@dataclass(frozen=True, slots=True)
class Marked:
    """An entry with what a machine understood of it and nobody confirmed yet."""

    key: str
    foreign_id: str
    uri: str
    state: str
    title: str
    understood: tuple[Guess, ...]


def key_of(source: int, foreign_id: str) -> str:
    """Return the name under which an organisation has an imported thing: its `id` for `ehrenamt publish`."""
    return f"{_KEY}{source}-{foreign_id}"


# --- sources ----------------------------------------------------------------------------------------------------------
def sources(work: Work) -> Sequence[ImportSourceRow]:
    return work.db.scalars(select(ImportSourceRow).order_by(ImportSourceRow.id)).all()


def find(work: Work, address: str) -> ImportSourceRow | None:
    return work.db.scalar(select(ImportSourceRow).where(ImportSourceRow.address == address))


def get(work: Work, number: int) -> ImportSourceRow:
    """Return a source; raises `NotFound`."""
    row = work.db.get(ImportSourceRow, number)
    if row is None:
        raise NotFound(
            sentence("Einen Import %(number)s gibt es nicht; `ehrenamt import list` zeigt alle.", number=number)
        )
    return row


def due(work: Work, limit: int) -> Sequence[ImportSourceRow]:
    """Return sources whose time has come, locked against other workers."""
    chosen = select(ImportSourceRow).where(ImportSourceRow.next_at <= work.now).order_by(ImportSourceRow.next_at)
    return work.db.scalars(chosen.limit(limit).with_for_update(skip_locked=True)).all()


def remove(work: Work, number: int) -> None:
    work.db.execute(delete(ImportEntryRow).where(ImportEntryRow.source == number))
    work.db.execute(delete(ImportSourceRow).where(ImportSourceRow.id == number))


def settle(work: Work, source: int, home: Home) -> None:
    """Keep in which town a source is, so that it stays there at the next run."""
    row = get(work, source)
    row.place, row.place_from = home.town, home.origin


# --- entries ----------------------------------------------------------------------------------------------------------
def known(work: Work, source: int) -> dict[str, Known]:
    """Return all entries of a source by the source's own ids."""
    e, t = _entries.c, _things.c
    columns = (e.foreign_id, e.kind, e.actor, e.key, e.uri, e.state, e.digest, e.confirmed, e.renew_at, e.ends_at)
    edited = (t.version != e.version) | (e.kept != "")
    joined = _entries.outerjoin(_things, t.uri == e.uri)
    chosen = select(*columns, t.uri.is_not(None), func.coalesce(edited, False)).select_from(joined)
    return {row[0]: Known(*tuple(row)) for row in work.db.execute(chosen.where(e.source == source))}


def pairs(work: Work, source: int, ids: Collection[str]) -> dict[str, Pair]:
    """Return the drafts of entries, by the source's own ids."""
    found: dict[str, Pair] = {}
    wanted = sorted(ids)
    joined = _entries.outerjoin(_things, _things.c.uri == _entries.c.uri)
    columns = (_entries.c.foreign_id, _entries.c.kind, _entries.c.imported, _things.c.draft)
    for start in range(0, len(wanted), _AT_ONCE):
        some = _entries.c.foreign_id.in_(wanted[start : start + _AT_ONCE])
        for row in work.db.execute(select(*columns).select_from(joined).where(_entries.c.source == source, some)):
            published = load(row.kind, row.draft) if row.draft else None
            found[row.foreign_id] = Pair(load(row.kind, row.imported), published)
    return found


def load(kind: str, text: str) -> Draft:
    return values.load(EventDraft, text) if kind == EVENT else values.load(OpportunityDraft, text)


def put(work: Work, rows: Sequence[dict[str, object]]) -> None:
    """Write entries; the version of each is that of its thing as it is now."""
    versions: dict[str, datetime] = {}
    uris = sorted({str(row["uri"]) for row in rows})
    for start in range(0, len(uris), _AT_ONCE):
        some = _things.c.uri.in_(uris[start : start + _AT_ONCE])
        versions |= {
            row.uri: row.version for row in work.db.execute(select(_things.c.uri, _things.c.version).where(some))
        }
    complete = [{**row, "version": versions.get(str(row["uri"]), work.now)} for row in rows]
    upsert.put(work.db, _entries, ["source", "foreign_id"], complete)


def follow(work: Work, old: str, new: str) -> None:
    """Let entries of one thing be of the one that has taken its place, as nobody has changed it since."""
    version = select(_things.c.version).where(_things.c.uri == new).scalar_subquery()
    work.db.execute(update(ImportEntryRow).where(ImportEntryRow.uri == old).values(uri=new, version=version))


def vanish(work: Work, source: int, ids: Sequence[str]) -> None:
    """Write down that entries are no longer in their source."""
    for start in range(0, len(ids), _AT_ONCE):
        some = (_entries.c.source == source) & _entries.c.foreign_id.in_(ids[start : start + _AT_ONCE])
        work.db.execute(update(_entries).where(some).values(state=VANISHED))


def named(work: Work, source: int, limit: int, keys: Sequence[str] | None = None) -> list[tuple[str, str]]:
    """Return actor and key of entries of a source (None: any), for their things to be withdrawn."""
    chosen = select(_entries.c.actor, _entries.c.key).join(_things, _things.c.uri == _entries.c.uri)
    chosen = chosen.where(_entries.c.source == source)
    if keys is not None:
        chosen = chosen.where(_entries.c.key.in_(keys))
    rows = work.db.execute(chosen.order_by(_entries.c.id).limit(limit))
    return [(row.actor, row.key) for row in rows]


def forget(work: Work, source: int, keys: Sequence[str]) -> None:
    """Forget entries of a source, as if they had never been read."""
    work.db.execute(delete(ImportEntryRow).where(ImportEntryRow.source == source, ImportEntryRow.key.in_(keys)))


def kinds(work: Work, keys: Sequence[str]) -> dict[str, str]:
    rows = work.db.execute(select(_entries.c.key, _entries.c.kind).where(_entries.c.key.in_(keys)))
    return {row.key: row.kind for row in rows}


# --- what a machine understood ----------------------------------------------------------------------------------------
def marked(work: Work, source: int, limit: int) -> list[Marked]:
    """Return entries of a source of which something waits to be confirmed."""
    chosen = select(ImportEntryRow).where(ImportEntryRow.source == source, ImportEntryRow.understood != "")
    return [_marked(row) for row in work.db.scalars(chosen.order_by(ImportEntryRow.id).limit(limit))]


def confirm(work: Work, key: str) -> Marked:
    """Write down that a person confirmed what a machine understood of an entry; raises `NotFound`."""
    row = _get_entry(work, key)
    before = _marked(row)
    row.confirmed = write_guesses((*read_guesses(row.confirmed), *before.understood))
    row.understood = ""
    return before


def _get_entry(work: Work, key: str) -> ImportEntryRow:
    chosen = select(ImportEntryRow).where(or_(ImportEntryRow.key == key, ImportEntryRow.uri == key))
    row = work.db.scalars(chosen.limit(1)).first()
    if row is None:
        raise NotFound(
            sentence("Einen Eintrag „%(key)s“ hat kein Import; `ehrenamt import show NUMMER` zeigt alle.", key=key)
        )
    return row


def _marked(row: ImportEntryRow) -> Marked:
    draft = load(row.kind, row.imported)
    title = draft.name if isinstance(draft, EventDraft) else draft.details.title
    return Marked(row.key, row.foreign_id, row.uri, row.state, title, read_guesses(row.understood))


def read_guesses(text: str) -> tuple[Guess, ...]:
    return tuple(Guess(**one) for one in orjson.loads(text)) if text else ()


def write_guesses(guesses: Sequence[Guess]) -> str:
    distinct = list({(guess.field, guess.value): guess for guess in guesses}.values())
    return orjson.dumps(distinct).decode() if distinct else ""
