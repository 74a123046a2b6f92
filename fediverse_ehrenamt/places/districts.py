"""Districts of towns: those of a table, and what an instance itself keeps of them put over those of the program. Pure.

A table has town, district, latitude, longitude, postcode ("" where it is unknown). It may have been edited by hand or
cut off: what is no district is left out.
"""

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace

MOST = 5_000  # of one table
MOST_BYTES = 1_000_000
LONGEST = 40  # characters of a district's name
_LONGEST_TOWN = 100
_COLUMNS = 5
_MOST_STEPS = 100  # from a spelling to the district that it stands for
_SOUTH, _NORTH, _WEST, _EAST = 47.2, 55.1, 5.8, 15.1  # Germany
_NAME = re.compile(r"[^\W\d_](?:[^\W\d_]|[ .'’-])*")
_POSTCODE = re.compile(r"(?:[0-9]{5})?")


Key = tuple[str, str]
"""A town and a district of it, each as `gazetteer.fold` gives its name."""


@dataclass(frozen=True, slots=True)
class District:
    """A part of a town, around a point (WGS 84 degrees); `learnt` where an import taught it.

    `aliases` are other names by which it is found, `middles` the points of those that were merged into it.
    """

    town: str
    name: str
    latitude: float
    longitude: float
    postcode: str = ""
    learnt: bool = False
    aliases: tuple[str, ...] = ()
    middles: tuple[tuple[float, float], ...] = ()

    @property
    def label(self) -> str:
        """Its name wherever it is shown, searched and kept: "Hagen-Haspe"."""
        return f"{self.town}-{self.name}"

    @property
    def alone(self) -> "District":
        """The district without what those that stand for it add."""
        return replace(self, aliases=(), middles=())


@dataclass(frozen=True, slots=True)
class Kept:
    """What an instance keeps of a district; it counts more than what the program brings by the same key.

    It is only a name of another district of its town where it `stands_for` one (the second half of that one's key), and
    no district at all where it is `hidden`.
    """

    key: Key
    district: District
    stands_for: str = ""
    hidden: bool = False


def joined(own: Mapping[Key, District], kept: Iterable[Kept]) -> dict[Key, District]:
    """Return the districts of the program and those that an instance keeps, with their aliases."""
    told = {one.key: one for one in kept}
    found = {key: one for key, one in own.items() if key not in told}
    found |= {key: one.district for key, one in told.items() if not one.hidden and not one.stands_for}
    others: dict[Key, list[District]] = defaultdict(list)
    for key, one in told.items():
        if one.stands_for:
            others[root(key, told)].append(one.district)
    return {key: _with(one, others.get(key, ())) for key, one in found.items()}


def _with(one: District, others: Iterable[District]) -> District:
    """Return a district with the names and the points of those that stand for it."""
    merged = sorted(others, key=lambda other: other.name)
    return replace(
        one,
        aliases=tuple(other.name for other in merged),
        middles=tuple((other.latitude, other.longitude) for other in merged),
    )


def root(key: Key, told: Mapping[Key, Kept]) -> Key:
    """Return the key of the district that a key stands for in the end: itself, or another one's."""
    for _ in range(_MOST_STEPS):
        one = told.get(key)
        if one is None or not one.stands_for:
            break
        key = key[0], one.stands_for
    return key


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


def is_postcode(text: str) -> bool:
    """Say whether a text has the form of a postcode, or is empty where that is unknown."""
    return bool(_POSTCODE.fullmatch(text))


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
        named = town and len(town) <= _LONGEST_TOWN and is_name(name) and is_postcode(postcode)
        if named and is_home(latitude, longitude):
            yield District(town, name, latitude, longitude, postcode, learnt)
