"""The further dates of series of which a list shows the first."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

import tantivy

from fediverse_ehrenamt.search import clauses, schema
from fediverse_ehrenamt.search.clauses import Clauses
from fediverse_ehrenamt.search.model import Document

NAMED = 3  # dates of each series
_MOST = 2_000  # dates of all series together


@dataclass(frozen=True, slots=True)
class Further:
    """The next `dates` of a series beside the one that is shown, up to `NAMED`, and how many there are in all."""

    dates: tuple[Document, ...]
    total: int


def read(searcher: tantivy.Searcher, parts: Clauses, now: datetime, uris: Sequence[str]) -> Mapping[str, Further]:
    """Return what a search finds of the series of some dates beside these, by their URIs; no entry where that is none.

    What is over by `now` is left out.
    """
    shown = [
        (key, code) for key, code, _address in _dates(searcher, searcher.search(clauses.documents(uris), len(uris)))
    ]
    if not shown:
        return {}
    wanted = clauses.of_series(clauses.unordered(parts), [code for _key, code in shown], int(now.timestamp()))
    found = searcher.search(clauses.matching(wanted), _MOST, order_by_field="by_date", order=tantivy.Order.Asc)
    others: dict[int, list[tantivy.DocAddress]] = {code: [] for _key, code in shown}
    keys = {key for key, _code in shown}
    for key, code, address in _dates(searcher, found):
        if key not in keys:
            others[code].append(address)
    codes, result = dict(shown), {}
    for uri in uris:
        if addresses := others.get(codes.get(schema.key(uri), 0)):
            dates = tuple(schema.read_card(searcher, address) for address in addresses[:NAMED])
            result[uri] = Further(dates, len(addresses))
    return result


def _dates(searcher: tantivy.Searcher, found: tantivy.SearchResult) -> Iterator[tuple[int, int, tantivy.DocAddress]]:
    """Return the keys and the series of those that are dates."""
    addresses = [address for _key, address in found.hits]
    columns = (searcher.fast_field_values(name, addresses) for name in ("key", "series"))
    for key, code, address in zip(*columns, addresses, strict=True):
        if key is not None and code is not None:
            yield int(key), int(code), address
