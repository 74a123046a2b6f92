"""Which things came from which source: counted, held against what the source was chosen for, dropped with it."""

from collections import Counter
from collections.abc import Iterator, Sequence
from typing import NamedTuple, cast

from sqlalchemy import ColumnElement, Select, Table, func, select, update

from fediverse_ehrenamt.federation import chosen
from fediverse_ehrenamt.federation.model import SourceRow
from fediverse_ehrenamt.federation.sources import Source
from fediverse_ehrenamt.kit import ids
from fediverse_ehrenamt.search import store as search
from fediverse_ehrenamt.things import fitting, review, store
from fediverse_ehrenamt.things.model import ThingRow
from fediverse_ehrenamt.work import Work

_AT_ONCE = 500
_things = cast("Table", ThingRow.__table__)


class _Row(NamedTuple):
    uri: str
    actor: str
    source: str | None


def count(work: Work, sources: Sequence[Source]) -> dict[str, int]:
    """Return how many things each source gave, by its URI: one pass over the things, for lists that people read."""
    by_uri = {source.uri for source in sources}
    whole = {ids.origin(source.uri): source.uri for source in sources if source.whole_origin}
    counted = Counter[str]()
    columns = (_things.c.actor, _things.c.source, func.count().label("number"))
    for row in work.db.execute(select(*columns).where(~_things.c.local).group_by(_things.c.actor, _things.c.source)):
        own = row.actor if row.actor in by_uri else whole.get(ids.origin(row.actor), "")
        counted[row.source or own] += row.number
    return {uri: counted[uri] for uri in by_uri}


def people() -> list[Select[str]]:
    """Return the query of the authors whose things others passed on: who is known can take consent back."""
    return [select(ThingRow.actor).where(ThingRow.source.is_not(None))]


def drop(work: Work, source: SourceRow) -> int:
    """Erase what a source gave that was removed, or is gone; return how much. What another one gives too stays."""
    chosen.forget(work)
    dropped = 0
    for rows in _batches(work, source):
        others = {row.uri: chosen.find(work, row.actor) for row in rows}
        kept = [uri for uri, other in others.items() if other is not None and other.uri != source.uri]
        work.db.execute(update(_things).where(_things.c.uri.in_(kept)).values(source=None))
        gone = sorted(others.keys() - set(kept))
        store.remove(work, gone)
        dropped += len(gone)
    review.forget_source(work, source.uri)
    return dropped


def refit(work: Work, source: SourceRow) -> int:
    """Erase what is no longer what a source was chosen for, and return how much."""
    chosen.forget(work)
    choice, dropped = chosen.read(source.choice), 0
    for rows in _batches(work, source):
        mine = [row.uri for row in rows if row.source or _gives(work, source, row.actor)]
        unfit = [document.uri for document in search.among(work, mine) if not fitting.fits(choice, document)]
        store.remove(work, unfit)
        dropped += len(unfit)
    return dropped + review.refit(work, source.uri, choice)


def _gives(work: Work, source: SourceRow, author: str) -> bool:
    other = chosen.find(work, author)
    return other is None or other.uri == source.uri


def _batches(work: Work, source: SourceRow) -> Iterator[list[_Row]]:
    """Yield what may have come from a source, `_AT_ONCE` at a time, in the order of the URIs."""
    after = ""
    while True:
        here = select(_things.c.uri, _things.c.actor, _things.c.source).where(~_things.c.local, _things.c.uri > after)
        rows = work.db.execute(here.where(_from(source)).order_by(_things.c.uri).limit(_AT_ONCE)).all()
        if not rows:
            return
        after = rows[-1].uri
        yield [_Row(row.uri, row.actor, row.source) for row in rows]


def _from(source: SourceRow) -> ColumnElement[bool]:
    own = _things.c.actor == source.uri
    if source.whole_origin:
        own = _things.c.uri.startswith(f"{source.origin}/", autoescape=True)
    return (_things.c.source == source.uri) | (own & _things.c.source.is_(None))
