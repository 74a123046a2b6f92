"""Crowds: what has a date and what has none, each also by its areas, in cells of their own beside those of all. Pure.

A search in a circle walks through all that lies in its cells, whatever else it asks for: in those of the crowd that it
asks for lies a fifth or less of that. The finest cells hold few and are many, so crowds are not told apart in them.
"""

from collections.abc import Iterable

from fediverse_ehrenamt.search.circle import FINE_CELLS
from fediverse_ehrenamt.search.facets import FACETS, Demand

ALL, DATED, UNDATED = 0, 1 << 48, 2 << 48
"""Marks on cells; those below have less than 48 bits."""
_AREA = "bereich"
_IN = {f"{_AREA}:{slug}": number << 52 for number, slug in enumerate(FACETS[_AREA], 1)}


def of(when: int, slugs: Iterable[str]) -> tuple[int, ...]:
    """Return the marks of all crowds that a Document is in: `when` is DATED, UNDATED or, for what is neither, ALL.

    Of its `slugs` those of areas count alone.
    """
    return (ALL, when, *(when | _IN[slug] for slug in slugs if slug in _IN)) if when else (ALL,)


def asked(when: int, demands: Iterable[Demand]) -> int:
    """Return the mark of the smallest crowd that holds all which a search of such a `when` can find."""
    areas = {slug for demand in demands if demand.name == _AREA for slug in demand.fits | demand.may}
    return when if not when or len(areas) != 1 else when | _IN.get(areas.pop(), ALL)


def within(crowd: int, cell: int) -> int:
    """Return what lists those of a crowd in a cell, or all in it where it is a fine one."""
    return cell if cell in FINE_CELLS else crowd | cell


def listed(crowds: Iterable[int], cells: Iterable[int]) -> list[int]:
    """Return what lists a Document of these crowds in each of its cells, none twice."""
    fine = [cell for cell in cells if cell in FINE_CELLS]
    rough = [cell for cell in cells if cell not in FINE_CELLS]
    return [*fine, *(crowd | cell for crowd in crowds for cell in rough)]
