"""Saved searches as each process holds them: those of one table, read once, brought up to date before each use.

Others add and remove searches meanwhile, on any machine; the table alone knows. So its numbers are asked for each time,
which costs a hundredth of a second for 100,000, and whatever is new is read, some at a time, for a writing transaction
keeps others waiting.
"""

import logging
from collections.abc import Callable, Collection, Iterable
from dataclasses import replace
from urllib.parse import parse_qsl
from weakref import WeakKeyDictionary

from sqlalchemy import Connection, Engine

from fediverse_ehrenamt.kit.errors import Invalid
from fediverse_ehrenamt.places import data as places
from fediverse_ehrenamt.search import query as queries
from fediverse_ehrenamt.search.percolation import Percolator
from fediverse_ehrenamt.search.query import MAX_PARAMS, Query
from fediverse_ehrenamt.work import Work

READ_AT_ONCE = 2_000  # searches; some 0.3 s
_NOTHING = Query(text="!")  # only signs: no Document is found by them
_shelves: WeakKeyDictionary[Engine | Connection, dict[str, tuple[int, Percolator]]] = WeakKeyDictionary()
_log = logging.getLogger(__name__)


def query(params: str) -> Query | None:
    """Return the search that `Query.params` was written from, None where this version cannot read it any more."""
    try:
        return queries.read(parse_qsl(params, max_num_fields=MAX_PARAMS))
    except (Invalid, ValueError):
        return None


def asks_for(params: str, name: str, value: str) -> bool:
    """Say whether a search, given as `Query.params`, asks for a value of a filter, under whatever name it has of it."""
    found = query(params)
    return found is not None and value in found.values(name)


def plain(query: Query) -> Query:
    """Return a search without its order, its page and the words it was read from: what it finds is the same."""
    return replace(query.on_page(1), sort="", asked="", literal=False)


def in_order(query: Query, sort: str) -> Query:
    """Return a search in another order, from its first page on."""
    return replace(query.on_page(1), sort=sort)


def bring_up(
    work: Work, table: str, wanted: Collection[int], read: Callable[[list[int]], Iterable[tuple[int, str]]]
) -> tuple[Percolator, int]:
    """Return the searches of a table, and how many of the `wanted` numbers are still to be read by the next call.

    `read` returns numbers with `Query.params`. Whoever calls this holds the table's lock, in this process too.
    """
    percolator = _percolator(work, table)
    held = percolator.held()
    for gone in held.difference(wanted):
        percolator.remove(gone)
    missing = sorted(set(wanted) - held)
    for number, params in read(missing[:READ_AT_ONCE]):
        found = query(params)
        if found is None:
            _log.warning("a saved search in %s cannot be read and finds nothing: %s", table, params)
        percolator.add(number, found or _NOTHING)
    return percolator, max(0, len(missing) - READ_AT_ONCE)


def _percolator(work: Work, table: str) -> Percolator:
    """Return the searches that are held of a table: none after a place or a district got to be another one."""
    shelf, edition = _shelves.setdefault(work.db.get_bind(), {}), places.edition()
    if shelf.get(table, (-1, None))[0] != edition:
        shelf[table] = edition, Percolator()
    return shelf[table][1]
