"""The week as 42 bits: one for each weekday and daypart, so that "when both can" is one operation. Pure."""

from collections.abc import Iterable
from functools import lru_cache
from typing import Final

from fediverse_ehrenamt.vocab import labels

DAYS: Final = tuple(labels.WEEKDAY)
PARTS: Final = tuple(labels.DAYPART)
CELLS: Final = tuple(f"{day}-{part}" for day in DAYS for part in PARTS)
"""All cells as on the wire ("mo-morgens" … "so-nachts"); the place of each is its bit."""

_BITS: Final = {cell: 1 << number for number, cell in enumerate(CELLS)}
_MASKS_KEPT = 4096


@lru_cache(_MASKS_KEPT)
def _mask(cells: tuple[str, ...]) -> int:
    made = 0
    for cell in cells:
        made |= _BITS.get(cell, 0)
    return made


def mask(cells: Iterable[str]) -> int:
    """Return the bits of cells; what is no cell of ours is left out."""
    return _mask(tuple(cells))


def cells(bits: int) -> tuple[str, ...]:
    """Return the cells of a mask, from Monday morning on."""
    return tuple(cell for cell, bit in _BITS.items() if bits & bit)
