"""Snapshot: an index as of one commit. What all of it holds is read when somebody asks: few commits are searched."""

from functools import cached_property

import tantivy

from fediverse_ehrenamt.search import schema, words
from fediverse_ehrenamt.search.cache import Cache
from fediverse_ehrenamt.search.folder import Stamp
from fediverse_ehrenamt.search.rim import Addresses

_SEARCHES_KEPT = 4  # up to a MB each: who finds counts next


class Snapshot:
    """A searcher, and the languages, portals and districts of all Documents; each may raise `writer.FAULTS`.

    `stamp` names the commit: what is worked out from a snapshot holds for its own, whatever was committed meanwhile.
    `matches` are what was found last (`measure.matches`), by searches without page and order.
    """

    def __init__(self, searcher: tantivy.Searcher, stamp: Stamp) -> None:
        self.searcher = searcher
        self.stamp = stamp
        self.matches: Cache[Addresses | None] = Cache(_SEARCHES_KEPT)

    @cached_property
    def languages(self) -> tuple[str, ...]:
        """Those beside German, the most frequent first (ISO 639)."""
        return words.languages(self.searcher)

    @cached_property
    def portals(self) -> dict[int, str]:
        """The most frequent hosts by their `schema.code`."""
        return schema.portals(self.searcher)

    @cached_property
    def districts(self) -> dict[int, str]:
        """The slugs of the most frequent districts by their `schema.code`."""
        return schema.districts(self.searcher)
