"""The documents table: every change gets the next number, in the transaction of the row it describes."""

from collections.abc import Callable, Iterable, Mapping
from collections.abc import Sequence as Many
from dataclasses import replace
from typing import Any, NamedTuple

from sqlalchemy import (
    BigInteger,
    ColumnElement,
    Table,
    bindparam,
    cast,
    func,
    null,
    or_,
    select,
    text,
    true,
    tuple_,
    update,
)

from fediverse_ehrenamt.kit.errors import Gone, NotFound
from fediverse_ehrenamt.search import card, series
from fediverse_ehrenamt.search.model import START, Cursor, Document, DocumentRow, leaves_at
from fediverse_ehrenamt.search.series import Standing
from fediverse_ehrenamt.storage import upsert
from fediverse_ehrenamt.work import Work

BATCH = 1_000  # rows that `changes` returns at most
_TABLE: Table = DocumentRow.metadata.tables["documents"]
_REMOVE = (
    update(_TABLE)
    .where(_TABLE.c.uri == bindparam("key"), ~_TABLE.c.gone)
    .values(
        gone=true(),
        card="",
        beside="",
        series=null(),
        leaves_at=None,
        xid=bindparam("new_xid"),
        seq=bindparam("new_seq"),
    )
)
_STAND = (
    update(_TABLE)
    .where(_TABLE.c.uri == bindparam("key"))
    .values(beside=bindparam("new"), xid=bindparam("new_xid"), seq=bindparam("new_seq"))
)
_LAST = "last number of this transaction"
_NEWEST = select(_TABLE.c.xid, _TABLE.c.seq).order_by(_TABLE.c.xid.desc(), _TABLE.c.seq.desc()).limit(1)
_NUMBERS = text(
    "SELECT nextval('documents_change'), pg_current_xact_id()::text::bigint FROM generate_series(1, :count)"
)


class Change(NamedTuple):
    """A Document that was put, or is gone (`card` ""); `beside` is for `card.read`."""

    number: Cursor
    uri: str
    card: str
    beside: str = ""


def put(work: Work, documents: Many[Document]) -> Cursor:
    """Insert or replace Documents by `uri`; return the number of the last change, for `Feed.wait_until`.

    The last of several Documents with one `uri` wins. Dates take their places in their series.
    """
    distinct = list({document.uri: document for document in documents}.values())
    numbers = _next_numbers(work, len(distinct))
    rows = [_values(document, number) for document, number in zip(distinct, numbers, strict=True)]
    dates = [row for row in rows if row["series"] is not None]
    upsert.put(work.db, _TABLE, ["uri"], [row for row in rows if row["series"] is None])
    last = numbers[-1] if numbers else START
    for start in range(0, len(dates), BATCH):
        last = max(last, _put_dates(work, dates[start : start + BATCH]))
    return last


def _values(document: Document, number: Cursor) -> dict[str, Any]:
    if document.covered or document.also or document.after:
        document = replace(document, covered=False, also=(), after=None)
    return {
        "uri": document.uri,
        "id": document.id,
        "kind": document.kind,
        "host": document.host,
        "leaves_at": leaves_at(document),
        "xid": number.xid,
        "seq": number.seq,
        "gone": False,
        "card": card.write(document).decode(),
        "series": series.code(document),
    }


def _put_dates(work: Work, rows: Many[Mapping[str, Any]]) -> Cursor:
    """Insert or replace dates, and move those that come after one of them; return the number of the last moved."""
    own = {row["uri"]: row for row in rows}
    held = _hold(work, list(own), {row["series"] for row in rows})
    new = {
        uri: Standing(row["series"], row["leaves_at"], held[uri].beside if uri in held else "")
        for uri, row in own.items()
    }
    moved = series.moved(held | new)
    placed = [{**row, "beside": moved.pop(uri, new[uri].beside)} for uri, row in own.items()]
    upsert.put(work.db, _TABLE, ["uri"], placed)
    return _rewrite(work, moved)


def _hold(work: Work, uris: Many[str], codes: Iterable[int] = ()) -> dict[str, Standing]:
    """Lock those of some Documents (up to `BATCH`) that are there, with all dates of their series and of `codes`."""
    # Asked by itself: beside an "or", PostgreSQL would read the whole table for it.
    own = select(_TABLE.c.series).where(_TABLE.c.uri.in_(uris), _TABLE.c.series.is_not(None))
    wanted = or_(_TABLE.c.uri.in_(uris), _TABLE.c.series.in_({*codes, *work.db.execute(own).scalars()}))
    columns = select(_TABLE.c.uri, _TABLE.c.series, _TABLE.c.leaves_at, _TABLE.c.beside)
    rows = work.db.execute(columns.where(wanted, ~_TABLE.c.gone).order_by(_TABLE.c.uri).with_for_update())
    return {row.uri: Standing(row.series, row.leaves_at, row.beside) for row in rows}


def remove(work: Work, uris: Iterable[str]) -> Cursor:
    """Take Documents out; those that are not there are no fault. Returns as `put` does."""
    wanted = sorted(set(uris))
    last = START
    for start in range(0, len(wanted), BATCH):
        held = _hold(work, wanted[start : start + BATCH])
        gone = {uri: held.pop(uri) for uri in wanted[start : start + BATCH] if uri in held}
        numbers = _next_numbers(work, len(gone))
        rows = [{"key": key, "new_xid": new.xid, "new_seq": new.seq} for key, new in zip(gone, numbers, strict=True)]
        if rows:
            work.db.execute(_REMOVE, rows)
            last = numbers[-1]
        if any(one.leaves_at is not None and one.leaves_at > work.now for one in gone.values()):
            last = max(last, _rewrite(work, series.moved(held)))
    return last


def get(work: Work, uri: str) -> Document:
    """Return the Document of an ActivityPub id; raises `Gone` where it was taken out, `NotFound` where it never was."""
    row = work.db.execute(select(_TABLE.c.gone, _TABLE.c.card, _TABLE.c.beside).where(_TABLE.c.uri == uri)).first()
    if row is None:
        raise NotFound("Das gibt es hier nicht.")
    if row.gone:
        raise Gone("Das gibt es hier nicht mehr.")
    return card.read(row.card, row.beside)


def find(work: Work, page_id: str) -> Document | None:
    """Return the Document of a page of ours (`Document.id`), if it is there and not gone."""
    here = select(_TABLE.c.card, _TABLE.c.beside).where(_TABLE.c.id == page_id, ~_TABLE.c.gone)
    row = work.db.execute(here).first()
    return None if row is None else card.read(row.card, row.beside)


def of_pages(work: Work, page_ids: Many[str]) -> dict[str, Document | None]:
    """Return the Documents of pages of ours (up to `BATCH`) by their ids, None for those that are gone."""
    here = select(_TABLE.c.id, _TABLE.c.gone, _TABLE.c.card, _TABLE.c.beside)
    rows = work.db.execute(here.where(_TABLE.c.id.in_(list(page_ids)[:BATCH])))
    return {row.id: None if row.gone else card.read(row.card, row.beside) for row in rows}


def is_gone(work: Work, page_id: str) -> bool:
    """Say whether the Document of a page of ours was there once and was taken out."""
    return work.db.execute(select(_TABLE.c.gone).where(_TABLE.c.id == page_id)).scalar() is True


def count(work: Work) -> int:
    """Return how many Documents are there, not counting those that are gone."""
    return work.db.execute(select(func.count()).select_from(_TABLE).where(~_TABLE.c.gone)).scalar_one()


def due(work: Work, limit: int = BATCH) -> list[str]:
    """Return the URIs of up to `limit` Documents whose time is over (`model.leaves_at`)."""
    over = select(_TABLE.c.uri).where(_TABLE.c.leaves_at <= work.now, ~_TABLE.c.gone)
    return list(work.db.execute(over.order_by(_TABLE.c.leaves_at).limit(limit)).scalars())


def among(work: Work, uris: Many[str]) -> list[Document]:
    """Return those Documents of `uris` (up to `BATCH`) that are there and not gone, in no order."""
    here = select(_TABLE.c.card, _TABLE.c.beside).where(_TABLE.c.uri.in_(list(uris)[:BATCH]), ~_TABLE.c.gone)
    return [card.read(row.card, row.beside) for row in work.db.execute(here)]


def show_together(work: Work, groups: Iterable[Many[str]]) -> int:
    """Show each group of URIs as one: its first Document stands for all, the others are covered and named beside it.

    A group of one stands alone. What reads as before gets no new number; return how many Documents changed.
    """
    wanted: dict[str, tuple[str, ...]] = {uri: tuple(group) for group in groups for uri in group}
    changed = 0
    uris = sorted(wanted)
    for start in range(0, len(uris), BATCH):
        some = {other for uri in uris[start : start + BATCH] for other in wanted[uri]}
        here = select(_TABLE.c.uri, _TABLE.c.card, _TABLE.c.beside).where(_TABLE.c.uri.in_(some), ~_TABLE.c.gone)
        rows = work.db.execute(here.order_by(_TABLE.c.uri).with_for_update()).all()
        held = {row.uri: card.read(row.card, row.beside) for row in rows}
        new = {uri: _beside(document, wanted[uri], held) for uri, document in held.items()}
        moved = {row.uri: new[row.uri] for row in rows if new[row.uri] != row.beside}
        _rewrite(work, moved)
        changed += len(moved)
    return changed


def _beside(document: Document, group: Many[str], held: dict[str, Document]) -> str:
    others = [held[uri] for uri in group if uri in held and uri != document.uri]
    also = tuple((other.host, other.url) for other in others)
    first = next((uri for uri in group if uri in held), document.uri)
    return card.beside(replace(document, covered=document.uri != first, also=also))


def _rewrite(work: Work, beside: Mapping[str, str]) -> Cursor:
    """Change what Documents stand beside; return the number of the last change."""
    numbers = _next_numbers(work, len(beside))
    rows = [
        {"key": uri, "new": text, "new_xid": number.xid, "new_seq": number.seq}
        for (uri, text), number in zip(beside.items(), numbers, strict=True)
    ]
    if rows:
        work.db.execute(_STAND, rows)
    return numbers[-1] if numbers else START


def amend(work: Work, uris: Many[str], decide: Callable[[Many[Document]], Many[Document]]) -> int:
    """Put what is decided of some Documents (up to `BATCH`), those that change alone; return how many they are.

    They are locked before anything is decided, so that nothing newer is overwritten.
    """
    here = select(_TABLE.c.uri, _TABLE.c.card).where(_TABLE.c.uri.in_(list(uris)[:BATCH]), ~_TABLE.c.gone)
    rows = work.db.execute(here.order_by(_TABLE.c.uri).with_for_update()).all()
    changed = decide([card.read(row.card) for row in rows])
    put(work, changed)
    return len(changed)


def changes(work: Work, after: Cursor, limit: int = BATCH) -> list[Change]:
    """Return the next changes in order.

    On PostgreSQL only those whose transaction is older than every running one: a transaction that began early and
    commits late has an old number, and would be skipped by whoever had already read past it.
    """
    here = tuple_(_TABLE.c.xid, _TABLE.c.seq)
    columns = select(_TABLE.c.xid, _TABLE.c.seq, _TABLE.c.uri, _TABLE.c.card, _TABLE.c.beside)
    query = columns.where(here > tuple_(*after), *_settled(work)).order_by(_TABLE.c.xid, _TABLE.c.seq).limit(limit)
    return [Change(Cursor(row.xid, row.seq), row.uri, row.card, row.beside) for row in work.db.execute(query)]


def read(change: Change) -> Document | None:
    """Return what a change put, None where it is gone or cannot be read, which the index's log tells."""
    try:
        return card.read(change.card, change.beside) if change.card else None
    except (ValueError, TypeError, KeyError):
        return None


def newest(work: Work) -> Cursor:
    """Return the number of the newest change that can be seen, whether or not `changes` would return it yet."""
    row = work.db.execute(_NEWEST).first()
    return START if row is None else Cursor(row.xid, row.seq)


def renumber(work: Work) -> int:
    """Give changes that claim to be of future transactions a number of now; return how many there were.

    A dump that is restored into a new PostgreSQL cluster brings transaction numbers that the cluster reaches only much
    later; until then nobody would see these changes.
    """
    if _is_sqlite(work):
        return 0
    future = _TABLE.c.xid >= _snapshot_number("xmax")
    if work.db.execute(select(_TABLE.c.uri).where(future).limit(1)).first() is None:
        return 0
    number = cast(cast(func.pg_current_xact_id(), _TABLE.c.uri.type), BigInteger)
    return len(work.db.execute(update(_TABLE).where(future).values(xid=number).returning(_TABLE.c.seq)).all())


def _is_sqlite(work: Work) -> bool:
    return work.db.get_bind().dialect.name == "sqlite"


def _settled(work: Work) -> list[ColumnElement[bool]]:
    return [] if _is_sqlite(work) else [_TABLE.c.xid < _snapshot_number("xmin")]


def _snapshot_number(edge: str) -> ColumnElement[int]:
    number = getattr(func, f"pg_snapshot_{edge}")(func.pg_current_snapshot())
    return cast(cast(number, _TABLE.c.uri.type), BigInteger)


def _next_numbers(work: Work, count: int) -> list[Cursor]:
    """Return growing numbers for `count` changes; on SQLite safe because writing begins with BEGIN IMMEDIATE."""
    if not count:
        return []
    if _is_sqlite(work):
        last = work.db.info.get(_LAST) or newest(work).seq
        work.db.info[_LAST] = last + count  # asked once in a transaction; what is rolled back leaves a gap
        return [Cursor(0, last + step) for step in range(1, count + 1)]
    return [Cursor(row.pg_current_xact_id, row.nextval) for row in work.db.execute(_NUMBERS, {"count": count})]
