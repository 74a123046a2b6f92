"""The queries of duplicates: which listings share keys, and what is thought of pairs of them."""

import json
import logging
import struct
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from typing import NamedTuple, TypeVar, cast

from sqlalchemy import Table, bindparam, delete, func, or_, select, update

from fediverse_ehrenamt.duplicates.model import DECIDED, JOINED, WAITING, KeyRow, ListingRow, MarkRow, PairRow
from fediverse_ehrenamt.kit.errors import NotFound
from fediverse_ehrenamt.kit.sentences import sentence
from fediverse_ehrenamt.search.model import START, Cursor
from fediverse_ehrenamt.storage import locks, upsert
from fediverse_ehrenamt.work import Work

CROWD = 40  # listings that may share a key; a key of more tells nothing
SHOWN = 200  # pairs of one list
_AT_ONCE = 500  # numbers of one query
CROWDED = 0  # the number that marks a key of too many
_ONE_ROW = 1
_listings = cast("Table", ListingRow.__table__)
_keys = cast("Table", KeyRow.__table__)
_pairs = cast("Table", PairRow.__table__)
_marks = cast("Table", MarkRow.__table__)
_UNKEY = delete(_keys).where(_keys.c.key == bindparam("its_key"), _keys.c.number == bindparam("its_number"))
_TEAM = update(_listings).where(_listings.c.number == bindparam("its_number")).values(team=bindparam("its_team"))
_ENTRY = select(_listings.c.number, _listings.c.uri, _listings.c.mark, _listings.c["keys"], _listings.c.team)
_SHARING_SQLITE = "SELECT key, number FROM duplicate_keys WHERE key IN (SELECT value FROM json_each(?))"
_SHARING_POSTGRESQL = "SELECT key, number FROM duplicate_keys WHERE key = ANY(%s)"
_log = logging.getLogger(__name__)
V = TypeVar("V")


class Entry(NamedTuple):
    """A listing as the tables know it."""

    number: int
    uri: str
    mark: bytes
    keys: tuple[int, ...]
    team: int | None = None
    brief: bytes = b""


def hold(work: Work) -> None:
    """Let nobody else decide about duplicates until this transaction ends."""
    locks.hold(work.db, "duplicates")


def followed(work: Work) -> Cursor:
    """Return how far the changes of the documents were followed."""
    row = work.db.execute(select(_marks.c.xid, _marks.c.seq)).first()
    return Cursor(row.xid, row.seq) if row else START


def note_followed(work: Work, cursor: Cursor) -> None:
    upsert.put(work.db, _marks, ["id"], [{"id": _ONE_ROW, "xid": cursor.xid, "seq": cursor.seq}])


def entries(work: Work, numbers: Collection[int]) -> dict[int, Entry]:
    """Return what is known of listings, without those that are not known."""
    found: dict[int, Entry] = {}
    for some in _chunks(numbers):
        for row in work.db.execute(_ENTRY.where(_listings.c.number.in_(some))):
            found[row.number] = Entry(row.number, row.uri, row.mark, _unpacked(row.keys), row.team)
    return found


def briefs(work: Work, numbers: Collection[int]) -> list[tuple[int, str, bytes]]:
    """Return of listings their numbers, URIs and briefs."""
    found: list[tuple[int, str, bytes]] = []
    for some in _chunks(numbers):
        here = select(_listings.c.number, _listings.c.uri, _listings.c.brief).where(_listings.c.number.in_(some))
        found += [(number, uri, brief) for number, uri, brief in work.db.execute(here)]
    return found


def put(work: Work, new: Sequence[Entry], before: Iterable[Entry], full: Collection[int]) -> None:
    """Write listings with their keys but those that are `full`; those `before` had others. Groups stay as they are."""
    _unkey(work, [(entry.number, key) for entry in before for key in entry.keys])
    rows = [
        {"number": one.number, "uri": one.uri, "mark": one.mark, "keys": _packed(one.keys), "brief": one.brief}
        for one in new
    ]
    upsert.put(work.db, _listings, ["number"], rows)
    held = [{"key": key, "number": one.number} for one in new for key in one.keys if key not in full]
    upsert.add_missing(work.db, _keys, ["key", "number"], held)


def close(work: Work, keys: Collection[int]) -> None:
    """Forget who has some keys, and mark these as shared by too many: nobody gets them any more."""
    if keys:
        _log.info("%d keys are shared by more than %d listings and tell nothing any more", len(keys), CROWD)
    for some in _chunks(keys):
        work.db.execute(delete(_keys).where(_keys.c.key.in_(some)))
        upsert.add_missing(work.db, _keys, ["key", "number"], [{"key": key, "number": CROWDED} for key in some])


def forget(work: Work, numbers: Collection[int]) -> set[int]:
    """Erase listings with their keys and pairs; return those that were in a pair or a group with them."""
    known = entries(work, numbers)
    left = {number for row in pairs(work, known) for number in (row.one, row.other)}
    left |= set(teams(work, [entry.team for entry in known.values() if entry.team is not None]))
    _unkey(work, [(entry.number, key) for entry in known.values() for key in entry.keys])
    for some in _chunks(known):
        work.db.execute(delete(PairRow).where(or_(PairRow.one.in_(some), PairRow.other.in_(some))))
        work.db.execute(delete(_listings).where(_listings.c.number.in_(some)))
    return left - known.keys()


def sharing(work: Work, keys: Collection[int]) -> dict[int, list[int]]:
    """Return the listings of each key that has some, `CROWDED` for one of too many.

    There are thousands of keys, given as one value: as one each, they take longer to be put into the statement than
    to be found.
    """
    connection = work.db.connection()
    values = list(keys)
    if connection.dialect.name == "sqlite":
        rows = connection.exec_driver_sql(_SHARING_SQLITE, (json.dumps(values),))
    else:
        rows = connection.exec_driver_sql(_SHARING_POSTGRESQL, (values,))
    found: dict[int, list[int]] = {}
    for key, number in rows.all():
        found.setdefault(key, []).append(number)
    return found


def pairs(work: Work, numbers: Collection[int]) -> list[PairRow]:
    """Return all pairs of which one is among `numbers`, in no order."""
    found: dict[int, PairRow] = {}
    for some in _chunks(numbers):
        here = select(PairRow).where(or_(PairRow.one.in_(some), PairRow.other.in_(some)))
        found.update({row.id: row for row in work.db.scalars(here)})
    return list(found.values())


def get(work: Work, pair_ids: Collection[int]) -> list[PairRow]:
    """Return pairs by their ids; raises `NotFound` naming those that are not there."""
    wanted = sorted(set(pair_ids))[:_AT_ONCE]
    rows = list(work.db.scalars(select(PairRow).where(PairRow.id.in_(wanted)).order_by(PairRow.id)))
    if missing := set(pair_ids) - {row.id for row in rows}:
        raise NotFound(
            sentence("Dieses Paar gibt es nicht (mehr): %(pairs)s", pairs=", ".join(map(str, sorted(missing))))
        )
    return rows


def listed(work: Work, states: Collection[str], limit: int = SHOWN, skipped: int = 0) -> list[PairRow]:
    """Return up to `limit` pairs in some states, the most alike first, without the first `skipped` ones."""
    here = select(PairRow).where(PairRow.state.in_(list(states)))
    return list(work.db.scalars(here.order_by(PairRow.score.desc(), PairRow.id).limit(limit).offset(skipped)))


def count(work: Work) -> dict[str, int]:
    """Return how many pairs are in each state."""
    rows = work.db.execute(select(_pairs.c.state, func.count()).group_by(_pairs.c.state))
    return {row[0]: row[1] for row in rows}


def count_waiting(work: Work) -> int:
    return count(work).get(WAITING, 0)


def teams(work: Work, heads: Collection[int]) -> list[int]:
    """Return the listings that are shown by some others, or stand for a group."""
    found: list[int] = []
    for some in _chunks(heads):
        found += work.db.scalars(select(_listings.c.number).where(_listings.c.team.in_(some)))
    return found


def set_teams(work: Work, heads: dict[int, int | None]) -> None:
    rows = [{"its_number": number, "its_team": head} for number, head in heads.items()]
    if rows:
        work.db.execute(_TEAM, rows)


def note_pairs(work: Work, rows: Sequence[Mapping[str, object]]) -> None:
    """Write pairs, all with the same columns, in place of what was thought of them."""
    upsert.put(work.db, _pairs, ["one", "other"], rows)


def joined(rows: Iterable[PairRow]) -> list[tuple[int, int]]:
    """Return which listings are one, what a person said before what was counted."""
    ones = [row for row in rows if row.state in JOINED]
    ones.sort(key=lambda row: (row.state not in DECIDED, -row.score, row.id))
    return [(row.one, row.other) for row in ones]


def _unkey(work: Work, rows: Sequence[tuple[int, int]]) -> None:
    if rows:
        work.db.execute(_UNKEY, [{"its_number": number, "its_key": key} for number, key in rows])


def _chunks(values: Collection[V]) -> Iterator[list[V]]:
    ordered = list(values)
    for start in range(0, len(ordered), _AT_ONCE):
        yield ordered[start : start + _AT_ONCE]


def _packed(keys: tuple[int, ...]) -> bytes:
    return struct.pack(f"<{len(keys)}q", *keys)


def _unpacked(keys: bytes) -> tuple[int, ...]:
    return struct.unpack(f"<{len(keys) // 8}q", keys)
