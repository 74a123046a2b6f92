"""How long the server needs for pages of the calendar, for iCalendar and for Atom, among 200,000 documents."""

from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

from fediverse_ehrenamt.kit.clock import HOME
from fediverse_ehrenamt.search.query import Query
from tests.benchmarks import asking, search
from tests.benchmarks.asking import Visitor
from tests.benchmarks.measuring import Figures, middle

_ASKED = 60  # of the queries of the search benchmark, each with all views in turn
_AHEAD = timedelta(days=20)


def run(folder: Path) -> Figures:
    """Measure over the index of the search benchmark."""
    return asking.run(folder, _ASKED, _measure)


async def _measure(visitor: Visitor, asked: list[Query]) -> Figures:
    kinds = {"calendar": list(_pages(asked)), "ics": list(_files(asked, "ics")), "atom": list(_files(asked, "atom"))}
    rounds: dict[str, list[list[float]]] = {name: [] for name in kinds}
    for visitor.now in search.moments():
        for name, paths in kinds.items():
            rounds[name].append([(await visitor.ask(path)).milliseconds for path in paths])
    widest = []
    for visitor.now in search.moments():
        widest.append((await visitor.ask("/kalender?monat=2026-07")).milliseconds)
    found: Figures = {"calendar_200k_all_ms": middle(widest[1:])}
    for name, measured in rounds.items():
        found |= asking.figures(name, measured)
    return found


def _pages(asked: list[Query]) -> Iterator[str]:
    """Yield a page for each search: the words of half of them alone, for a calendar is asked less than a search."""
    day = (search.NOW + _AHEAD).astimezone(HOME).date()
    views = [("monat", f"{day:%Y-%m}"), ("woche", "2026-W26"), ("liste", f"{day:%Y-%m}"), ("tag", day.isoformat())]
    for number, query in enumerate(asked):
        kept = query.without("q") if number % 2 else query.without("von").without("bis")
        yield f"/kalender?{kept.params()}&{'='.join(views[number % len(views)])}"


def _files(asked: list[Query], ending: str) -> Iterator[str]:
    for query in asked:
        yield f"/suche.{ending}?{query.without('q').without('von').without('bis').params()}"
