"""A Query as the index's own: built term by term, never through a query parser, so that no text can be a fault."""

import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from functools import lru_cache, partial, reduce

import tantivy
from tantivy import FieldType, Occur

from fediverse_ehrenamt.kit import clock
from fediverse_ehrenamt.search import crowds, facets, schema, words
from fediverse_ehrenamt.search.circle import ANYWHERE, FINE, MEDIUM, NO_CELLS, NOWHERE, ROUGH, Circle, Cover, cover
from fediverse_ehrenamt.search.facets import Demand
from fediverse_ehrenamt.search.filters import BY_DATE, BY_DISTANCE, BY_START
from fediverse_ehrenamt.search.frames import NoFrame, Where
from fediverse_ehrenamt.search.model import EVENT, OPPORTUNITY
from fediverse_ehrenamt.search.query import Query

FIELDS = schema.FIELDS
SCORE, CALENDAR, NEWEST, DISTANCE = "score", "calendar", "newest", "distance"
USUAL = 200_000  # Documents, for which the cells of `circle` are best
_COVERS_KEPT = 500
_QUESTIONS_KEPT = 1_000  # the next page asks the same again
_MOST_ALONE = 256  # values
_MET, _MOST_DEMANDS = 2.0, 8  # what a demand that is met counts among those that may be met, and how many are looked at
_MOST_STACKED = 16  # what makes a match better
_kept_cover = lru_cache(_COVERS_KEPT)(cover)
_kept_words = lru_cache(_QUESTIONS_KEPT)(partial(words.conditions, FIELDS))
_kept_asides = lru_cache(_QUESTIONS_KEPT)(partial(words.asides, FIELDS))
_kept_hints = lru_cache(_QUESTIONS_KEPT)(partial(words.hints, FIELDS))

Many = tuple[tantivy.Query, ...]


@dataclass(frozen=True, slots=True)
class Dates:
    """First and last second of the days asked for, each open where it is None."""

    first: int | None
    last: int | None

    def hold(self, starts: Iterable[float | None], ends: Iterable[float | None]) -> list[bool]:
        """Say of each time whether it overlaps these days; what has no time never does."""
        first, last = -schema.FOREVER if self.first is None else self.first, self.last or schema.FOREVER
        return [
            start is not None and end is not None and start <= last and end >= first
            for start, end in zip(starts, ends, strict=True)
        ]

    def condition(self) -> Many:
        parts = [] if self.first is None else [_range("ends", self.first, None)]
        return tuple(parts if self.last is None else [*parts, _range("starts", None, self.last)])


@dataclass(frozen=True, slots=True)
class Clauses:
    """The parts of a search. Only words score, all other parts just let through.

    `words` are all to be in a Document, `better` are words in places where they count more; without `words`, those of a
    question of which only filters were understood. `dates` and `circle` are apart from what holds `always`, because the
    page says what they left out. `offers` says whether offers are wanted at all, `undated` that those without a date
    are, and nothing else. `hosts` are those that are wanted, none for all. `order` is one of SCORE, CALENDAR, NEWEST
    and DISTANCE. `covered` lets those through too that another Document shows (`Document.covered`); `once_from` leaves
    out dates of a series while the one before them lasts until that second or longer. The `demands` are met by what
    fits; with `both` also by what may, with `behind` by that alone. `cells` to a radius say how closely the circle is
    covered. `refusals` are slugs and `facets.bars` that nothing may have.
    """

    words: Many
    better: Many
    always: Many
    dates: Dates | None
    circle: Circle | None
    offers: bool
    order: str
    demands: tuple[Demand, ...] = ()
    refusals: frozenset[str] = frozenset()
    hosts: tuple[str, ...] = ()
    covered: bool = False
    once_from: int | None = None
    behind: bool = False
    both: bool = False
    undated: bool = False
    cells: float = FINE

    @property
    def cover(self) -> Cover:
        """The cells of the circle."""
        return NO_CELLS if self.circle is None else _kept_cover(self.circle, self.cells)

    @property
    def crowd(self) -> int:
        """The mark of the crowd that all matches are in."""
        dated = crowds.DATED if self.dates and self.dates.condition() else crowds.ALL
        return crowds.asked(crowds.UNDATED if self.undated else dated, self.demands)


def build(query: Query, now: datetime, languages: tuple[str, ...] = ()) -> Clauses:
    """Return the parts of a search at a moment; Documents that have left by then are never let through.

    `languages` are those beside German that Documents are in.
    """
    second = int(now.timestamp())
    always = [current(now)]
    wanted, better = _kept_words(query.text, languages)
    order = _order(query, has_words=bool(wanted))
    if order == NEWEST and not query.sort and (hints := _kept_hints(query.asked, languages)):
        better, order = hints, SCORE
    elif wanted and query.asked and not query.literal:
        better = (*better, *_kept_asides(query.asked, query.text, languages))
    if leaves_out_past(query):
        always.append(_range("ends", second, None) if query.kinds == (EVENT,) else _not_over(second))
    dates = dates_of(query, now)
    return Clauses(
        words=wanted,
        better=better,
        always=tuple(always),
        dates=dates,
        circle=circle_of(query),
        offers=not query.kinds or OPPORTUNITY in query.kinds,
        order=order,
        demands=facets.demands(query),
        refusals=facets.refusals(query),
        hosts=query.values("quelle"),
        once_from=None if order == CALENDAR else max(second, (dates and dates.first) or second),
    )


def circle_of(query: Query) -> Circle | None:
    """Return the circle that is searched, if a place was named."""
    if query.spot is None:
        return None
    return Circle(query.spot.latitude, query.spot.longitude, float(query.radius_km))


def dates_of(query: Query, now: datetime) -> Dates | None:
    """Return the days that are asked for at a moment, if any."""
    since, until = query.days(clock.day(now))
    if not query.dated:
        return None
    first = None if since is None else schema.midnight(since)
    return Dates(first, None if until is None else schema.midnight(until, last=True))


def is_by_date(query: Query) -> bool:
    """Say whether it is a list by date, in which each date of a series has its place."""
    return _order(query, has_words=bool(query.text.strip())) == CALENDAR


def leaves_out_past(query: Query) -> bool:
    """Say whether it is a list by date that begins with what isn't over yet."""
    return not query.dated and is_by_date(query)


def _order(query: Query, *, has_words: bool) -> str:
    if query.sort == BY_DISTANCE and query.spot is not None:
        return DISTANCE
    if query.sort == BY_DATE:
        return NEWEST
    if query.sort == BY_START or (query.kinds == (EVENT,) and not has_words):
        return CALENDAR
    return SCORE if has_words else NEWEST


def unordered(parts: Clauses) -> Clauses:
    """Return the same search for somebody who only counts: nothing of it scores."""
    return replace(parts, words=tuple(map(_silent, parts.words)), better=())


def with_both(parts: Clauses) -> Clauses:
    """Return the search for all that meets or may meet the demands."""
    return replace(parts, both=True)


def of_each_date(parts: Clauses) -> Clauses:
    """Return the search that finds each date of a series by itself."""
    return replace(parts, once_from=None)


def of_series(parts: Clauses, codes: Sequence[int], second: int) -> Clauses:
    """Return the search for the dates of some series that are not over by a second."""
    here = _one_of("series", list(codes)), _range("ends", second, None)
    return replace(of_each_date(parts), always=(*parts.always, *here))


def behind(parts: Clauses) -> Clauses | None:
    """Return the search for what only may meet the demands, None where nothing may.

    Where they are ordered by their score, those that do meet more of several demands stand before the others.
    """
    if not any(demand.may for demand in parts.demands):
        return None
    met = [tantivy.Query.const_score_query(_meets(demand, may=False), _MET) for demand in parts.demands[:_MOST_DEMANDS]]
    further = met if parts.better and parts.demands[1:] else []
    return replace(parts, behind=True, better=(*parts.better, *further))


def roughly(parts: Clauses, documents: int) -> Clauses:
    """Return the same search for somebody who measures all that it finds, in an index of so many Documents."""
    return replace(parts, cells=ROUGH * _finer(documents))


def evenly(parts: Clauses, documents: int) -> Clauses:
    """Return the same search for somebody who lets the engine count what is inside, and measures on the edge."""
    return replace(parts, cells=MEDIUM * _finer(documents))


def _finer(documents: int) -> float:
    """Return how many times more cells a radius is to have than in a usual index.

    The more Documents there are, the more lie on an edge, while it takes as long to look up a cell.
    """
    return max(1.0, math.sqrt(documents / USUAL))


def undated(parts: Clauses) -> Clauses:
    """Return the search for the offers without a date that the date filter leaves out."""
    return replace(parts, dates=None, undated=True)


def around(parts: Clauses, circle: Circle) -> Clauses:
    """Return the same search with only what may lie in a circle: by its cells, anywhere, or who knows where."""
    found = _kept_cover(circle, FINE)
    cells = [ANYWHERE, NOWHERE, *found.inside, *found.edge]
    return replace(parts, always=(*parts.always, _in_cells(cells)))


def in_circle(circle: Circle) -> tantivy.Query:
    """Return what lies in a circle, by its cells, so some of it lies a little outside."""
    found = _kept_cover(circle, MEDIUM)
    return _in_cells([*found.inside, *found.edge])


def at(parts: Clauses, where: Where) -> Clauses:
    """Return the same search with only what lies in a frame, or only what has no point and lies in none."""
    if isinstance(where, NoFrame):
        held = [_in_cells([ANYWHERE, NOWHERE])]
    else:
        sides = (("latitude", where.south, where.north), ("longitude", where.west, where.east))
        held = [tantivy.Query.range_query(FIELDS, name, FieldType.Float, low, high) for name, low, high in sides]
    return replace(parts, always=(*parts.always, *held))


def current(now: datetime) -> tantivy.Query:
    """Return what has not left by a moment."""
    return _range("leaves", int(now.timestamp()) + 1, None)


def matching(parts: Clauses) -> tantivy.Query:
    """Return what is asked for; the circle is known by its cells only."""
    return _placed(parts, None if parts.circle is None else [ANYWHERE, *parts.cover.inside, *parts.cover.edge])


def placeless(parts: Clauses) -> tantivy.Query:
    """Return the Documents without coordinates that the radius leaves out."""
    return _placed(parts, [NOWHERE])


def inside(parts: Clauses) -> tantivy.Query:
    """Return what is asked for and surely lies in the circle: in one of the cells that it fills, or anywhere."""
    return _placed(parts, None if parts.circle is None else [ANYWHERE, *parts.cover.inside])


def on_edge(parts: Clauses) -> tantivy.Query:
    """Return what is asked for and lies in a cell on the circle's edge."""
    return _placed(parts, parts.cover.edge)


def within(parts: Clauses, circle: Circle) -> tantivy.Query:
    """Return what matches and may lie in a smaller circle, without what is anywhere."""
    found = _kept_cover(circle, ROUGH)
    return _placed(parts, [*found.inside, *found.edge])


def anywhere(parts: Clauses) -> tantivy.Query:
    """Return what matches and is anywhere."""
    return marked(parts, ANYWHERE)


def documents(uris: Iterable[str]) -> tantivy.Query:
    """Return some Documents."""
    return _one_of("key", [schema.key(uri) for uri in uris])


def marked(parts: Clauses, mark: int) -> tantivy.Query:
    """Return what matches and is anywhere, or has no point: `circle.ANYWHERE` or `NOWHERE`; no circle is looked at."""
    return _placed(parts, [mark])


def number(found: tantivy.SearchResult) -> int:
    """Return how many a search found, also beyond those it returned."""
    count: int = found.count  # type: ignore[attr-defined]  # tantivy's stub leaves it out
    return count


def _placed(parts: Clauses, cells: Sequence[int] | None) -> tantivy.Query:
    """Return what is asked for in some cells, or wherever it is."""
    dates = parts.dates.condition() if parts.dates else ()
    kind = (_any_of("kind", (schema.UNDATED,)),) if parts.undated else ()
    crowd = parts.crowd
    near = () if cells is None else (_in_cells([crowds.within(crowd, cell) for cell in cells]),)
    return _join(parts, *dates, *kind, *near)


def _join(parts: Clauses, *further: tantivy.Query) -> tantivy.Query:
    demanded = (_meets(demand, may=parts.behind or parts.both) for demand in parts.demands)
    hosts = (_any_of("host", parts.hosts),) if parts.hosts else ()
    let = (*parts.always, *hosts, *further, *demanded)
    silent = [(Occur.Must, _silent(part)) for part in let]
    wanted = [(Occur.Must, word) for word in parts.words]
    without = [] if parts.covered else [(Occur.MustNot, tantivy.Query.term_query(FIELDS, "covered", field_value=True))]
    if parts.once_from is not None:
        later = _any_of("kind", (schema.LATER,))
        without.append((Occur.MustNot, _all_of([later, _range("after", parts.once_from, None)])))
    if parts.refusals:
        without.append((Occur.MustNot, _any_of("facets", tuple(sorted(parts.refusals)))))
    if parts.behind:
        without.append((Occur.MustNot, _all_of([_meets(demand, may=False) for demand in parts.demands])))
    return _bettered(tantivy.Query.boolean_query([*wanted, *silent, *without]), parts.better)


def _bettered(found: tantivy.Query, better: Many) -> tantivy.Query:
    """Return what was found, and what makes a match better.

    Of some together the engine reads all that lies near a match, of each alone only what matches.
    """
    stacks = [(one,) for one in better] if len(better) <= _MOST_STACKED else [better]
    return reduce(_stacked, stacks, found)


def _stacked(found: tantivy.Query, better: Many) -> tantivy.Query:
    return tantivy.Query.boolean_query([(Occur.Must, found), *((Occur.Should, one) for one in better)])


def _silent(part: tantivy.Query) -> tantivy.Query:
    return tantivy.Query.const_score_query(part, 0.0)


def _meets(demand: Demand, *, may: bool) -> tantivy.Query:
    return _any_of(schema.field(demand.name), tuple(sorted(demand.fits | demand.may if may else demand.fits)))


def _all_of(parts: list[tantivy.Query]) -> tantivy.Query:
    return tantivy.Query.boolean_query([(Occur.Must, part) for part in parts])


def _not_over(second: int) -> tantivy.Query:
    """Return what has not ended, or has no time at all."""
    over = _range("ends", None, second - 1)
    return tantivy.Query.boolean_query([(Occur.Must, tantivy.Query.all_query()), (Occur.MustNot, over)])


def _in_cells(cells: Sequence[int]) -> tantivy.Query:
    """Return what lies in one of some cells, or has one of the marks among them."""
    return _one_of("cells", list(cells))


def _any_of(field: str, values: tuple[str, ...]) -> tantivy.Query:
    known = [schema.exact(value) for value in values]
    if len(known) == 1:
        return tantivy.Query.term_query(FIELDS, field, known[0], "basic")
    return _one_of(field, known)


def _one_of(field: str, values: list[int] | list[str]) -> tantivy.Query:
    """Return what has one of some values.

    For a set the engine reads the whole list of each value before it looks at anything else; few are looked for each by
    itself, where it skips what the other conditions leave out.
    """
    if len(values) > _MOST_ALONE:
        return tantivy.Query.term_set_query(FIELDS, field, values)
    return tantivy.Query.boolean_query(
        [(Occur.Should, tantivy.Query.term_query(FIELDS, field, value, "basic")) for value in values]
    )


def _range(field: str, low: int | None, high: int | None) -> tantivy.Query:
    return tantivy.Query.range_query(FIELDS, field, FieldType.Integer, low, high)
