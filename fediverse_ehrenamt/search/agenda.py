"""What matches in a span of time, in order of beginning: all times of it, and those Documents that are wanted.

A page of a calendar shows few of many dates, so all times are read (from a column, some µs each) and few cards.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import compress
from typing import Generic, Protocol, TypeVar

import tantivy

from fediverse_ehrenamt.search import clauses, schema
from fediverse_ehrenamt.search.clauses import Clauses
from fediverse_ehrenamt.search.model import Document

MOST = 20_000  # matches whose times are read, the earliest open ones first
READ = 400  # Documents that may be wanted of them

Span = tuple[int, int]
"""From when until when something is, in seconds since 1970; what has no end ends when it begins."""


class Laid(Protocol):
    """What somebody made of all times: it says by their places which Documents are `wanted`."""

    @property
    def wanted(self) -> Iterable[int]: ...


LaidT = TypeVar("LaidT", bound=Laid)
Lay = Callable[[Sequence[Span]], LaidT]
"""Makes something of all times, in order of beginning; a value, so that it tells which answer can be given again."""


@dataclass(frozen=True, slots=True)
class Agenda(Generic[LaidT]):
    """What was found: what was made of the times, and the Documents that were wanted by their places.

    `left` counts those beyond `MOST`, whose times were not read. While `rebuilding`, there may be more.
    """

    laid: LaidT
    documents: Mapping[int, Document] = field(default_factory=dict)
    left: int = 0
    rebuilding: bool = False


def read(searcher: tantivy.Searcher, parts: Clauses, lay: Lay[LaidT], *, rebuilding: bool = False) -> Agenda[LaidT]:
    """Return what matches the search and has a time, also what only may meet its demands."""
    asked = clauses.roughly(clauses.with_both(clauses.unordered(clauses.of_each_date(parts))), searcher.num_docs)
    found = searcher.search(clauses.matching(asked), MOST, order_by_field="by_date", order=tantivy.Order.Asc)
    addresses = [address for _key, address in found.hits]
    left = clauses.number(found) - len(addresses)
    if asked.circle is not None:
        columns = (searcher.fast_field_values(name, addresses) for name in ("latitude", "longitude"))
        addresses = list(compress(addresses, asked.circle.hold(*columns)))
    starts, ends = (searcher.fast_field_values(name, addresses) for name in ("starts", "ends"))
    timed = [
        (int(start), int(end), place)
        for place, (start, end) in enumerate(zip(starts, ends, strict=True))
        if start is not None and end is not None
    ]
    timed.sort()  # what is not open any more stands behind in `by_date`
    laid = lay([(start, end) for start, end, _place in timed])
    wanted = sorted(set(laid.wanted))[:READ]
    documents = {one: schema.read_card(searcher, addresses[timed[one][2]]) for one in wanted}
    return Agenda(laid, documents, left, rebuilding)
