"""Rim: a search in a circle as what the engine counts by itself, and what is measured on the circle's edge."""

from dataclasses import dataclass, field
from functools import partial
from itertools import compress

import tantivy

from fediverse_ehrenamt.search import clauses
from fediverse_ehrenamt.search.circle import Circle
from fediverse_ehrenamt.search.clauses import Clauses

Addresses = list[tantivy.DocAddress]


@dataclass(frozen=True, slots=True)
class Parted:
    """What matches in two parts: `inner` surely does, `within` are those on the circle's edge that lie in the circle.

    `outside` is how many lie in the cells on the edge and not in the circle: `clauses.matching` counts them too.
    """

    inner: tantivy.Query
    within: Addresses = field(default_factory=list)
    outside: int = 0


def part(searcher: tantivy.Searcher, parts: Clauses) -> Parted:
    """Measure what lies on the edge; how much that is depends on the cells (`Clauses.cells`)."""
    found = _part(searcher, parts, searcher.num_docs)
    assert found is not None, "no edge holds more than there is"
    return found


def part_few(searcher: tantivy.Searcher, parts: Clauses, most: int) -> Parted | None:
    """Do the same where there is a circle, and at most so many Documents lie on its edge."""
    return None if parts.circle is None else _part(searcher, parts, most)


def _part(searcher: tantivy.Searcher, parts: Clauses, most: int) -> Parted | None:
    inner = clauses.inside(parts)
    if parts.circle is None:
        return Parted(inner)
    found = searcher.search(clauses.on_edge(parts), most)
    if clauses.number(found) > most:
        return None
    addresses = [address for _key, address in found.hits]
    within = list(compress(addresses, are_near(searcher, parts.circle, addresses)))
    return Parted(inner, within, len(addresses) - len(within))


def number(searcher: tantivy.Searcher, parts: Clauses) -> int:
    """Return exactly how many match."""
    parted = part(searcher, parts)
    return clauses.number(searcher.search(parted.inner, 1)) + len(parted.within)


def are_near(searcher: tantivy.Searcher, circle: Circle, addresses: Addresses) -> list[bool]:
    """Say which lie in the circle; what has no point does, for it is let through as "anywhere"."""
    column = partial(searcher.fast_field_values, doc_addresses=addresses)
    return circle.hold(column("latitude"), column("longitude"))
