"""Puts the gazetteer's two files together: towns with their postcodes and the villages that only postcodes name. Pure.

`tools/build_gazetteer.py` makes the package's files by it, `ehrenamt places update` newer ones.
"""

import gzip
import io
import math
import re
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, replace

from fediverse_ehrenamt.places.gazetteer import fold

LINKED = re.compile(r"\S+ (am|an der|an dem|im|in|ob der|vor der) \S+$|\S+ \(.+\)$")  # "Halle (Saale)"
SAME_PLACE_KM = 6.0  # one name in one region nearer than this is one place
BORROW_POSTCODE_KM = 5.0


@dataclass(frozen=True, slots=True)
class Row:
    """A line of the gazetteer; WGS 84 degrees, `region` as in ISO 3166-2:DE."""

    name: str
    region: str
    latitude: float
    longitude: float
    population: int = 0
    postcode: str = ""


def kilometres(one: Row, other: Row) -> float:
    """Return a distance, good enough for some kilometres."""
    north = (one.latitude - other.latitude) * 111.2
    east = (one.longitude - other.longitude) * 111.2 * math.cos(math.radians(one.latitude))
    return math.hypot(north, east)


def by_name(rows: Iterable[Row]) -> dict[tuple[str, str], list[Row]]:
    """Return rows by region and folded name."""
    found: dict[tuple[str, str], list[Row]] = defaultdict(list)
    for row in rows:
        found[row.region, fold(row.name)].append(row)
    return found


def nearest(row: Row, candidates: list[Row], limit: float) -> Row | None:
    """Return the nearest candidate within `limit` kilometres."""
    best = min(candidates, key=lambda other: (kilometres(row, other), other.postcode, other.name), default=None)
    return best if best is not None and kilometres(row, best) <= limit else None


def with_postcodes(places: list[Row], codes: list[Row]) -> list[Row]:
    """Give each place the postcode of its name nearby, else one nearby."""
    named = by_name(codes)
    cells: dict[tuple[int, int], list[Row]] = defaultdict(list)
    for code in codes:
        cells[int(code.latitude * 10), int(code.longitude * 10)].append(code)
    done = []
    for place in places:
        x, y = int(place.latitude * 10), int(place.longitude * 10)
        around = [code for i in (-1, 0, 1) for j in (-1, 0, 1) for code in cells.get((x + i, y + j), [])]
        own = named.get((place.region, fold(place.name)), [])
        found = nearest(place, own, 4 * SAME_PLACE_KM) or nearest(place, around, BORROW_POSTCODE_KM)
        done.append(replace(place, postcode=found.postcode if found else ""))
    return done


def longer_names(places: list[Row], codes: list[Row]) -> list[Row]:
    """Give places the fuller name that the postcode data has: "Freiburg" becomes "Freiburg im Breisgau"."""
    fuller: dict[tuple[str, str], list[Row]] = defaultdict(list)
    for code in codes:
        if LINKED.match(code.name):
            fuller[code.region, fold(code.name).split()[0]].append(code)
    renamed = []
    for place in places:
        same = (
            None if LINKED.match(place.name) else nearest(place, fuller[place.region, fold(place.name)], SAME_PLACE_KM)
        )
        renamed.append(replace(place, name=same.name) if same else place)
    return renamed


def smaller_places(places: list[Row], codes: list[Row]) -> list[Row]:
    """Return the places that only the postcode data names: villages, districts of large towns."""
    named = by_name(places)
    added: list[Row] = []
    for row in sorted(codes, key=lambda row: (row.name, row.postcode)):
        key = row.region, fold(row.name)
        if nearest(row, named[key], 4 * SAME_PLACE_KM) is None:
            named[key].append(row)
            added.append(row)
    return added


def one_each(codes: list[Row], places: list[Row]) -> list[Row]:
    """Choose one row for each postcode: the most populous place, then the shortest name (a town, not its district)."""
    named = by_name(places)
    groups: dict[str, list[Row]] = defaultdict(list)
    for row in codes:
        same = nearest(row, named[row.region, fold(row.name)], 4 * SAME_PLACE_KM)
        groups[row.postcode].append(replace(row, population=same.population if same else 0))
    return [min(rows, key=lambda row: (-row.population, len(row.name), row.name)) for _, rows in sorted(groups.items())]


def packed(rows: Iterable[Row]) -> bytes:
    """Return rows as a file of the gazetteer; the same rows give the same bytes."""
    lines = [
        f"{row.name}\t{row.region}\t{row.latitude:.4f}\t{row.longitude:.4f}\t{row.population}\t{row.postcode}\n"
        for row in rows
    ]
    raw = io.BytesIO()
    with gzip.GzipFile(fileobj=raw, mode="wb", compresslevel=9, mtime=0, filename="") as file:
        file.write("".join(lines).encode())
    return raw.getvalue()


def compiled(towns: list[Row], codes: list[Row]) -> tuple[list[Row], list[Row]]:
    """Return the rows of both files, made of towns with population and of all postcodes."""
    places = with_postcodes(towns, codes) + smaller_places(towns, codes)
    places.sort(key=lambda row: (-row.population, row.name, row.region, row.latitude))
    return places, one_each(codes, towns)
