"""Index: answers a Query from the full-text index of this machine. It never raises for what somebody typed.

Searching is synchronous (call it in a thread); the engine releases the interpreter while it works. An index that is
missing or broken answers with nothing and says so (`Results.rebuilding`); `feed.py` makes it anew.
"""

import threading
from collections.abc import Callable, Hashable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from functools import partial
from pathlib import Path
from typing import TypeVar, cast

import tantivy

from fediverse_ehrenamt.kit.geo import distance_km
from fediverse_ehrenamt.search import (
    agenda,
    charting,
    clauses,
    closeness,
    counting,
    further,
    measure,
    nearby,
    schema,
    spelling,
)
from fediverse_ehrenamt.search.agenda import Agenda, LaidT, Lay
from fediverse_ehrenamt.search.cache import Cache
from fediverse_ehrenamt.search.charting import Chart, Unplaced
from fediverse_ehrenamt.search.circle import Circle
from fediverse_ehrenamt.search.clauses import Clauses
from fediverse_ehrenamt.search.counting import Counts
from fediverse_ehrenamt.search.filters import BY_START
from fediverse_ehrenamt.search.folder import Folder, Stamp
from fediverse_ehrenamt.search.frames import Frame, Where
from fediverse_ehrenamt.search.further import Further
from fediverse_ehrenamt.search.measure import Found
from fediverse_ehrenamt.search.model import START, Cursor, Document
from fediverse_ehrenamt.search.nearby import Meaning, Place
from fediverse_ehrenamt.search.query import MAX_PAGE, Query
from fediverse_ehrenamt.search.snapshot import Snapshot
from fediverse_ehrenamt.search.suggest import Suggestions
from fediverse_ehrenamt.search.writer import FAULTS, open_index

PAGE_SIZE = 20
_ANSWERS_KEPT, _COUNTS_KEPT, _CHARTS_KEPT = 256, 512, 128  # some 30, 15 and up to 100 kB each
_AGENDAS_KEPT = 64  # up to half a MB each
T = TypeVar("T")
COMPARED = 2_000  # hits that are ordered anew for one person at most


@dataclass(frozen=True, slots=True)
class Hit:
    """A Document that was found, its `text` cut to what a card shows (`schema.TEASER`).

    `distance_km` is from the place searched for, None without one or for "anywhere". `text_score` is how well the words
    fit compared with the best hit, up to 1, and below 0 for what has in its title what a question denies; None without
    words, and where they don't order (`find`). `nearly` says how it was found if not by all the words and days:
    `nearby.SOME_WORDS`, `MEANING` or `UNDATED`.
    """

    document: Document
    distance_km: float | None = None
    text_score: float | None = None
    nearly: str = ""


@dataclass(frozen=True, slots=True)
class Results:
    """One page of what was found. `total` counts all pages, also those beyond the last that is shown.

    `undated` counts offers without a date that the date filter left out: they may fit at any time, and a page offers
    them by the same search without its dates. `placeless` counts Documents without coordinates that the radius left
    out, `far` those that `Index.best` did not look at because they are too far away. `unsure` counts those of `total`,
    the last ones, that only may meet a filter, being silent about it. While `rebuilding`, there may be more than was
    found. `corrected` is what was searched for instead of what was typed, because a word of that is nowhere; `meant` is
    what might have been meant where a word is in few Documents. `beside` is what answers the search only nearly, where
    little does (`nearby.py`); it stands on the last page and `total` does not count it.
    """

    hits: tuple[Hit, ...]
    total: int
    page: int
    pages: int
    undated: int = 0
    placeless: int = 0
    unsure: int = 0
    far: int = 0
    rebuilding: bool = False
    corrected: str = ""
    meant: str = ""
    beside: tuple[Hit, ...] = ()


class Index:
    """Reads the index in a folder, following what the process that writes it (maybe another one) has committed."""

    def __init__(self, folder: Path, meaning: Meaning | None = None) -> None:
        """`meaning` is there where the optional extra is installed."""
        self.folder = Folder(folder)
        self.meaning = meaning
        self._lock = threading.Lock()
        self._stamp: Stamp | None = None
        self._path: Path | None = None
        self._index: tantivy.Index | None = None
        self._snapshot: Snapshot | None = None
        self._cursor, self._filling = START, True
        self._suggestions = Suggestions()
        self._answers: Cache[Results] = Cache(_ANSWERS_KEPT)
        self._counts: Cache[Counts] = Cache(_COUNTS_KEPT)
        self._agendas: Cache[object] = Cache(_AGENDAS_KEPT)  # of agendas of whatever kind
        self._charts: Cache[Chart] = Cache(_CHARTS_KEPT)
        self._unplaced: Cache[Unplaced] = Cache(_COUNTS_KEPT)
        self._further: Cache[Mapping[str, Further]] = Cache(_ANSWERS_KEPT)

    @property
    def cursor(self) -> Cursor:
        """How far the searchable index has followed the changes."""
        return self._cursor

    @property
    def rebuilding(self) -> bool:
        return self._filling

    def refresh(self) -> None:
        """Look at what was committed last; costs two file stats when nothing was. Safe in any thread."""
        stamp = self.folder.stamp()
        if stamp == self._stamp:
            return
        with self._lock:
            stamp = self.folder.stamp()
            if stamp != self._stamp:
                self._load(stamp)

    def _load(self, stamp: Stamp | None) -> None:
        """Open or reload the index; a folder that is just being swapped is tried again at the next look."""
        if stamp is None:
            self._filling = True
            return
        try:
            if self._index is None or stamp.path != self._path:
                self._index = open_index(stamp.path)
                self._path = stamp.path
            self._index.reload()
            searcher = self._index.searcher()
            self._cursor, self._filling = schema.read_cursor(searcher, clauses.FIELDS)
        except FAULTS:
            self._filling = True
            return
        self._snapshot, self._stamp = Snapshot(searcher, stamp), stamp

    def find(self, query: Query, now: datetime, where: Where | None = None) -> Results:
        """Return a page of what matches at a moment, of that only what is `where` a map shows it.

        With words: by BM25, newer confirmations a little before older ones. Without: open before filled, then what was
        confirmed last; events alone: by date. Equal ones keep one order, so pages don't overlap.
        """
        self.refresh()
        snapshot = self._snapshot
        page = min(max(query.page, 1), MAX_PAGE)
        if snapshot is None:
            return Results((), 0, page, 0, rebuilding=True)
        answer = partial(
            self._spelled, snapshot, query, now, partial(self._page, snapshot, now=now, page=page, where=where)
        )
        try:
            return self._answers.get((query, where), (snapshot.stamp, self._filling, id(self.meaning)), now, answer)
        except FAULTS:  # a file was damaged after it was opened
            return Results((), 0, page, 0, rebuilding=True)

    def counts(self, query: Query, now: datetime, known: int = 0) -> Counts:
        """Return how many of all that matches at a moment have each slug; exact, nothing of a broken index.

        `known` is how many match at least, from `find`, which saves to count them.
        """
        self.refresh()
        snapshot = self._snapshot
        if snapshot is None:
            return counting.NOTHING
        asked = _unordered(query)

        def answer() -> Counts:
            searcher, parts = snapshot.searcher, clauses.build(asked, now, snapshot.languages)
            look = partial(measure.matches, searcher, clauses.with_both(clauses.unordered(parts)))
            matches = snapshot.matches.get(asked, None, now, look) if known <= measure.most(searcher) else None
            return counting.count(searcher, parts, snapshot.portals, snapshot.districts, matches)

        try:
            return self._counts.get(asked, snapshot.stamp, now, answer)
        except FAULTS:
            return counting.NOTHING

    def agenda(self, query: Query, now: datetime, lay: Lay[LaidT]) -> Agenda[LaidT]:
        """Return what `lay` makes of the times of all that matches on the days of the query, with what it wants of it.

        The query's page and order do not count. Never raises, as `find`.
        """
        self.refresh()
        snapshot = self._snapshot
        if snapshot is None:
            return Agenda(lay(()), rebuilding=True)

        def answer() -> object:
            parts = clauses.build(query, now, snapshot.languages)
            return agenda.read(snapshot.searcher, parts, lay, rebuilding=self._filling)

        try:
            kept = self._agendas.get((query, lay), (snapshot.stamp, self._filling), now, answer)
        except FAULTS:
            return Agenda(lay(()), rebuilding=True)
        return cast("Agenda[LaidT]", kept)

    def chart(self, query: Query, now: datetime, frame: Frame, zoom: int) -> Chart:
        """Return all that matches in a frame as the groups that a map shows; nothing of a broken index."""
        asked = _unordered(query)
        work = partial(charting.chart, frame=frame, zoom=zoom)
        return self._of_parts(self._charts, (asked, frame, zoom), asked, now, work) or charting.EMPTY

    def unplaced(self, query: Query, now: datetime) -> Unplaced:
        """Return how much of what matches no map can show; nothing of a broken index."""
        asked = _unordered(query)
        return self._of_parts(self._unplaced, asked, asked, now, charting.unplaced) or Unplaced(0, 0)

    def _of_parts(
        self,
        kept: Cache[T],
        question: Hashable,
        query: Query,
        now: datetime,
        work: Callable[[tantivy.Searcher, Clauses], T],
    ) -> T | None:
        self.refresh()
        snapshot = self._snapshot
        if snapshot is None:
            return None
        try:
            answer = partial(self._worked_out, snapshot, query, now, work)
            return kept.get(question, snapshot.stamp, now, answer)
        except FAULTS:
            return None

    @staticmethod
    def _worked_out(
        snapshot: Snapshot, query: Query, now: datetime, work: Callable[[tantivy.Searcher, Clauses], T]
    ) -> T:
        return work(snapshot.searcher, clauses.build(query, now, snapshot.languages))

    def further(self, query: Query, now: datetime, uris: tuple[str, ...]) -> Mapping[str, Further]:
        """Return what the search finds of the series of some dates beside these, by their URIs; none where alone."""
        asked = _unordered(query)
        if not uris:
            return {}
        work = partial(further.read, now=now, uris=uris)
        return self._of_parts(self._further, (asked, uris), asked, now, work) or {}

    def suggest(self, text: str, now: datetime) -> tuple[str, ...]:
        """Return up to `suggest.MOST` searches that begin as `text` does, the most frequent first."""
        self.refresh()
        snapshot = self._snapshot
        if snapshot is None:
            return ()
        try:
            return self._suggestions.dictionary(snapshot.searcher, now).complete(text)
        except FAULTS:
            return ()

    def _spelled(self, snapshot: Snapshot, query: Query, now: datetime, find: Callable[[Query], Results]) -> Results:
        """Return what `find` finds, or where that is little and a word may be misspelt, what was meant."""
        results = find(query)
        if not query.text or results.total + results.far > spelling.FEW:
            return results
        searcher, languages = snapshot.searcher, snapshot.languages
        better = spelling.correct(searcher, query.text, languages, self._suggestions.dictionary(searcher, now))
        if better is None:
            return results
        if better.certain and not results.total:
            found = find(replace(query, text=better.text))
            return replace(found, corrected=better.text) if found.total or found.beside else results
        return replace(results, meant=better.text)

    def _page(self, snapshot: Snapshot, query: Query, *, now: datetime, page: int, where: Where | None) -> Results:
        searcher, parts = snapshot.searcher, _ordered(snapshot, query, now)
        parts = parts if where is None else clauses.at(parts, where)
        found, by_meaning = self._found(searcher, query, parts, page * PAGE_SIZE)
        if where is None:
            _keep(snapshot, query, now, found)
        shown = found.hits[(page - 1) * PAGE_SIZE : page * PAGE_SIZE]
        hits = tuple(_named(_hit(searcher, address, parts.circle), address, by_meaning) for _key, address in shown)
        pages = min(-(-found.total // PAGE_SIZE), MAX_PAGE)
        counts = found.undated, found.placeless, found.unsure
        results = Results(hits, found.total, page, pages, *counts, rebuilding=self._filling)
        return replace(results, beside=self._beside(snapshot, query, parts, found)) if page >= pages else results

    def _found(
        self, searcher: tantivy.Searcher, query: Query, parts: Clauses, wanted: int
    ) -> tuple[Found, frozenset[Place]]:
        """Return the first matches, ordered by their meaning too where that is known, and which have no word of it."""
        by_words = parts.words and parts.order == clauses.SCORE and not parts.demands  # what is silent stays behind
        if self.meaning is None or not by_words:
            return measure.find(searcher, parts, wanted), frozenset()
        found = measure.find(searcher, parts, max(wanted, nearby.REORDERED))
        return nearby.join(searcher, parts, query.text, self.meaning, found)

    def _beside(self, snapshot: Snapshot, query: Query, parts: Clauses, found: Found) -> tuple[Hit, ...]:
        """Return what answers a search nearly: without a date where only that is missing, else by some of its words.

        Only where few Documents, or none, answer it.
        """
        if not found.total and found.undated:
            whenever = measure.find(snapshot.searcher, clauses.undated(parts), nearby.MOST).hits[: nearby.MOST]
            return tuple(
                replace(_hit(snapshot.searcher, address, parts.circle), nearly=nearby.UNDATED)
                for _key, address in whenever
            )
        if not query.text or found.total > nearby.FEW:
            return ()
        without = [nearby.place(address) for _key, address in found.hits]
        asked = nearby.Asked(query.text, snapshot.languages)
        near = nearby.find(snapshot.searcher, parts, asked, self.meaning, without)
        return tuple(replace(_hit(snapshot.searcher, address, parts.circle), nearly=how) for address, how in near)

    def best(self, query: Query, now: datetime, limit: int = COMPARED, around: Circle | None = None) -> Results:
        """Return the first `limit` (≥ 1) of all that matches at a moment as one page, for others to order anew.

        `total` is exact and does not count those that are `far`: where more than `limit` match, only those are looked
        at that may lie in the circle `around`, or of which nobody knows where they are. Never raises, as `find`.
        """
        self.refresh()
        snapshot = self._snapshot
        if snapshot is None:
            return Results((), 0, 1, 0, rebuilding=True)
        try:
            find = partial(self._best, snapshot, now=now, limit=limit, around=around)
            return self._spelled(snapshot, query, now, find)
        except FAULTS:
            return Results((), 0, 1, 0, rebuilding=True)

    def _best(self, snapshot: Snapshot, query: Query, *, now: datetime, limit: int, around: Circle | None) -> Results:
        searcher = snapshot.searcher
        parts = closeness.at_times(clauses.build(query, now, snapshot.languages), query)
        found, far = measure.find(searcher, parts, limit), 0
        _keep(snapshot, query, now, found)
        if around is not None and found.total > limit:
            near = measure.find(searcher, clauses.around(parts, around), limit)
            found, far = replace(near, undated=found.undated, placeless=found.placeless), found.total - near.total
        ranked = found.hits[:limit]
        by_words = parts.words and parts.order == clauses.SCORE
        most = max((score for score, _ in ranked), default=0.0) if by_words else 0.0
        hits = tuple(
            _hit(searcher, address, parts.circle, score / most if most > 0 else None) for score, address in ranked
        )
        beside = () if far else self._beside(snapshot, query, parts, found)
        counts = found.undated, found.placeless, found.unsure
        results = Results(hits, found.total, 1, 1, *counts, far, rebuilding=self._filling)
        return replace(results, beside=beside)


def _ordered(snapshot: Snapshot, query: Query, now: datetime) -> Clauses:
    """Return the parts of a search for whoever lists what it finds."""
    return closeness.prefer(clauses.build(query, now, snapshot.languages), query)


def _unordered(query: Query) -> Query:
    """Return a search for somebody who wants neither pages nor order; a list by date is of what is not over."""
    return replace(query, page=1, sort=query.sort if query.sort == BY_START else "")


def _keep(snapshot: Snapshot, query: Query, now: datetime, found: Found) -> None:
    """Keep what was found for who counts it next."""
    if found.matches is not None:
        snapshot.matches.get(_unordered(query), None, now, lambda: found.matches)


def _named(hit: Hit, address: tantivy.DocAddress, by_meaning: frozenset[Place]) -> Hit:
    return replace(hit, nearly=nearby.MEANING) if nearby.place(address) in by_meaning else hit


def _hit(
    searcher: tantivy.Searcher, address: tantivy.DocAddress, circle: Circle | None, text_score: float | None = None
) -> Hit:
    document = schema.read_card(searcher, address)
    if circle is None or document.anywhere or document.latitude is None or document.longitude is None:
        return Hit(document, text_score=text_score)
    distance = distance_km(circle.latitude, circle.longitude, document.latitude, document.longitude)
    return Hit(document, distance, text_score)
