"""Reads and writes the districts that the instance keeps, and what was done with them."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import delete, func, select, update

from fediverse_ehrenamt.districts import rules
from fediverse_ehrenamt.districts.model import ChangeRow, DistrictRow
from fediverse_ehrenamt.districts.rules import Origin, What
from fediverse_ehrenamt.kit import values
from fediverse_ehrenamt.kit.errors import NotFound
from fediverse_ehrenamt.places.districts import District, Kept, Key
from fediverse_ehrenamt.storage import locks
from fediverse_ehrenamt.work import Work


@dataclass(frozen=True, slots=True)
class State:
    """A row as it is, or that there is none by its key (`kept` None)."""

    town_key: str
    name_key: str
    kept: Kept | None = None
    origin: str = ""


@dataclass(frozen=True, slots=True)
class States:
    """Some rows, as a change keeps them."""

    rows: tuple[State, ...]


@dataclass(frozen=True, slots=True)
class Change:
    """What was done, to districts of which town (or the first of several), and whether it can be taken back."""

    id: int
    at: datetime
    did: What
    label: str
    town: str
    undoable: bool


@dataclass(frozen=True, slots=True)
class Progress:
    """How far the published is looked through: `looked` of `planned` (0 before it begins)."""

    looked: int
    planned: int


def hold(work: Work) -> None:
    """Let nobody else change districts until this transaction ends."""
    locks.hold(work.db, "districts")


# --- districts --------------------------------------------------------------------------------------------------------
def kept(work: Work) -> dict[Key, Kept]:
    """Return all that the instance keeps, by keys."""
    return {one.key: one for one in map(_kept, work.db.scalars(_ORDERED))}


_ORDERED = select(DistrictRow).order_by(DistrictRow.town_key, DistrictRow.name_key)


def _kept(row: DistrictRow) -> Kept:
    district = District(
        row.town, row.name, row.latitude, row.longitude, row.postcode, learnt=row.origin == Origin.LEARNT
    )
    return Kept((row.town_key, row.name_key), district, row.stands_for, row.hidden)


def origins(work: Work) -> dict[Key, Origin]:
    """Return where the districts come from that the instance keeps."""
    rows = work.db.execute(select(DistrictRow.town_key, DistrictRow.name_key, DistrictRow.origin))
    return {(row.town_key, row.name_key): Origin(row.origin) for row in rows}


def count(work: Work) -> int:
    return work.db.scalar(select(func.count()).select_from(DistrictRow)) or 0


def state(work: Work, key: Key) -> State:
    """Return what is kept by a key."""
    row = work.db.get(DistrictRow, key)
    return State(*key) if row is None else State(*key, _kept(row), row.origin)


def put(work: Work, states: Iterable[State]) -> None:
    """Keep this from now on."""
    for one in states:
        row = work.db.get(DistrictRow, (one.town_key, one.name_key))
        if one.kept is None:
            if row is not None:
                work.db.delete(row)
            continue
        if row is None:
            row = DistrictRow(town_key=one.town_key, name_key=one.name_key)
            work.db.add(row)
        _write(row, one.kept, one.origin)
    work.db.flush()


def add_all(work: Work, learnt: Mapping[Key, District], origin: Origin) -> None:
    """Keep districts by keys that are free."""
    for key, district in learnt.items():
        row = DistrictRow(town_key=key[0], name_key=key[1])
        _write(row, Kept(key, district), origin)
        work.db.add(row)
    work.db.flush()


def _write(row: DistrictRow, one: Kept, origin: str) -> None:
    row.town, row.name, row.postcode = one.district.town, one.district.name, one.district.postcode
    row.latitude, row.longitude = one.district.latitude, one.district.longitude
    row.origin, row.stands_for, row.hidden = origin, one.stands_for, one.hidden


# --- changes ----------------------------------------------------------------------------------------------------------
def edition(work: Work) -> int:
    """Return a number that grows with every change, 0 where there was none."""
    return work.db.scalar(select(func.max(ChangeRow.id))) or 0


def note(work: Work, did: What, label: str, towns: Iterable[str], states: tuple[States, States] | None = None) -> int:
    """Note what was done, with the rows before and after it where it can be taken back; return its number."""
    before, after = (values.dump(one) for one in states) if states else ("", "")
    row = ChangeRow(
        at=work.now, did=str(did), label=label, towns="\n".join(sorted(set(towns))), before=before, after=after,
        undone=False, looked=0, planned=0, placed_at=None,
    )  # fmt: skip
    work.db.add(row)
    work.db.flush()
    old = ChangeRow.id <= row.id - rules.CHANGES
    work.db.execute(delete(ChangeRow).where(old, ChangeRow.placed_at.is_not(None)))
    return row.id


def take_back(work: Work, number: int) -> tuple[str, States, States]:
    """Return the label of a change and the rows before and after it, and mark it as taken back; raises `NotFound`."""
    row = work.db.get(ChangeRow, number)
    if row is None or not row.before or row.undone:
        raise NotFound("Diese Änderung lässt sich nicht mehr zurücknehmen.")
    row.undone = True
    return row.label, values.load(States, row.before), values.load(States, row.after)


def newest(work: Work) -> Change | None:
    """Return what was done last."""
    row = work.db.scalar(select(ChangeRow).order_by(ChangeRow.id.desc()).limit(1))
    return None if row is None else _change(row)


def find_change(work: Work, number: int) -> Change | None:
    """Return a change by its number."""
    row = work.db.get(ChangeRow, number)
    return None if row is None else _change(row)


def _change(row: ChangeRow) -> Change:
    town = row.towns.partition("\n")[0]
    return Change(row.id, row.at, What(row.did), row.label, town, bool(row.before) and not row.undone)


def undoable(work: Work, limit: int) -> list[Change]:
    """Return the newest changes that were not taken back."""
    chosen = select(ChangeRow).where(ChangeRow.before != "", ~ChangeRow.undone).order_by(ChangeRow.id.desc())
    return [_change(row) for row in work.db.scalars(chosen.limit(limit))]


# --- placing again ----------------------------------------------------------------------------------------------------
def unplaced(work: Work) -> dict[int, list[str]]:
    """Return the changes for which the published was not yet looked through, with their towns."""
    rows = work.db.execute(select(ChangeRow.id, ChangeRow.towns).where(ChangeRow.placed_at.is_(None)))
    return {row.id: row.towns.splitlines() for row in rows}


def placed_since(work: Work, moment: datetime) -> set[str]:
    """Return the towns of changes for which the published was looked through since a moment, or not yet."""
    chosen = select(ChangeRow.towns).where(ChangeRow.placed_at.is_(None) | (ChangeRow.placed_at >= moment))
    return {town for towns in work.db.scalars(chosen) for town in towns.splitlines()}


def progress(work: Work) -> Progress | None:
    """Return how far that is, None where all is done."""
    chosen = select(ChangeRow.looked, ChangeRow.planned).where(ChangeRow.placed_at.is_(None))
    row = work.db.execute(chosen.order_by(ChangeRow.id).limit(1)).first()
    return None if row is None else Progress(row.looked, row.planned)


def count_looked(work: Work, numbers: Sequence[int], looked: int, planned: int) -> None:
    chosen = update(ChangeRow).where(ChangeRow.id.in_(numbers))
    work.db.execute(chosen.values(looked=min(looked, planned), planned=planned))


def set_placed(work: Work, numbers: Sequence[int]) -> None:
    work.db.execute(update(ChangeRow).where(ChangeRow.id.in_(numbers)).values(placed_at=work.now))
