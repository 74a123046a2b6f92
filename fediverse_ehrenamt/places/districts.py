"""Districts of towns as a table: town, district, latitude, longitude, postcode ("" where it is unknown). Pure.

A table may have been edited by hand or cut off: what is no district is left out.
"""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

MOST = 5_000  # of one table
MOST_BYTES = 1_000_000
LONGEST = 40  # characters of a district's name
_LONGEST_TOWN = 100
_COLUMNS = 5
_SOUTH, _NORTH, _WEST, _EAST = 47.2, 55.1, 5.8, 15.1  # Germany
_NAME = re.compile(r"[^\W\d_](?:[^\W\d_]|[ .'’-])*")
_POSTCODE = re.compile(r"(?:[0-9]{5})?")


@dataclass(frozen=True, slots=True)
class District:
    """A part of a town, around a point (WGS 84 degrees); `learnt` where an import taught it."""

    town: str
    name: str
    latitude: float
    longitude: float
    postcode: str = ""
    learnt: bool = False

    @property
    def label(self) -> str:
        """Its name wherever it is shown, searched and kept: "Hagen-Haspe"."""
        return f"{self.town}-{self.name}"


def read(table: str, *, learnt: bool = False) -> list[District]:
    """Return the districts of a table, at most `MOST`."""
    return [one for _, one in zip(range(MOST), _read(table.splitlines(), learnt=learnt), strict=False)]


def write(districts: Iterable[District]) -> str:
    """Return districts as a table, equal ones as the same one."""
    return "".join(
        f"{one.town}\t{one.name}\t{one.latitude:.4f}\t{one.longitude:.4f}\t{one.postcode}\n" for one in districts
    )


def is_name(text: str) -> bool:
    """Say whether a text has the form of a district's name: some words, no digits and nothing that makes sentences."""
    return len(text) <= LONGEST and bool(_NAME.fullmatch(text))


def is_home(latitude: float, longitude: float) -> bool:
    """Say whether a point lies in Germany, or not far from it."""
    return _SOUTH <= latitude <= _NORTH and _WEST <= longitude <= _EAST


def _read(lines: Iterable[str], *, learnt: bool) -> Iterator[District]:
    for line in lines:
        cells = line.split("\t")
        if len(cells) != _COLUMNS:
            continue
        town, name, postcode = cells[0].strip(), cells[1].strip(), cells[4].strip()
        try:
            latitude, longitude = float(cells[2]), float(cells[3])
        except ValueError:
            continue
        named = town and len(town) <= _LONGEST_TOWN and is_name(name) and _POSTCODE.fullmatch(postcode)
        if named and is_home(latitude, longitude):
            yield District(town, name, latitude, longitude, postcode, learnt)
