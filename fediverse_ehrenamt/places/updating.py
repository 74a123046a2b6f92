"""Newer place data: reads GeoNames' postcode dump, checks it against what is there, and puts both files in their place.

The dump (https://download.geonames.org/export/zip/, CC BY 4.0) is a zip with a table without a head: country, postcode,
place, region and its code, …, latitude and longitude in columns 10 and 11. Populations stay as the package has them.
"""

import io
import os
import threading
import zipfile
import zlib
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from fediverse_ehrenamt.kit.errors import Invalid, Problem
from fediverse_ehrenamt.places import compiling, data, gazetteer
from fediverse_ehrenamt.places.compiling import Row

FOLDER = "places"  # in the folder of the database
MAX_BYTES = 5_000_000  # of the zip; in 2026 it has some 400 KB
MAX_TABLE = 30_000_000  # of what is in it, some 2 MB
MAX_ROWS = 100_000
LEAST = 0.9  # of the postcodes and names that are there, else something went wrong at the source
MOST_FAULTY = 0.02  # of the rows
_TABLE = "DE.txt"
_COLUMNS = 11
_LONGEST_NAME = 100
_SOUTH, _NORTH, _WEST, _EAST = 47.2, 55.1, 5.8, 15.1  # Germany
_POSTCODE = 5
_SOURCE = "GeoNames"


@dataclass(frozen=True, slots=True)
class Changes:
    """How many postcodes and names there are now, are new and are gone."""

    postcodes: int
    postcodes_new: int
    postcodes_gone: int
    places: int
    places_new: int
    places_gone: int


def read(body: bytes) -> list[Row]:
    """Return the rows of a dump; raises `Invalid` where it is none, or is not about Germany."""
    lines = _table(body).splitlines()
    if len(lines) > MAX_ROWS:
        raise _wrong(f"hat mehr als {MAX_ROWS} Zeilen")
    rows = [row for line in lines if (row := _row(line)) is not None]
    if not lines or len(rows) < (1 - MOST_FAULTY) * len(lines):
        raise _wrong(f"hat {len(lines) - len(rows)} von {len(lines)} Zeilen, die kein Ort in Deutschland sind")
    return rows


def _table(body: bytes) -> str:
    try:
        with zipfile.ZipFile(io.BytesIO(body)) as archive, archive.open(_TABLE) as table:
            unpacked = table.read(MAX_TABLE + 1)
        if len(unpacked) > MAX_TABLE:
            raise _wrong(f"ist ausgepackt größer als {MAX_TABLE // 1_000_000} MB")
        return unpacked.decode()
    except (zipfile.BadZipFile, zlib.error, EOFError, KeyError, NotImplementedError, RuntimeError, ValueError) as error:
        raise _wrong(f"ist kein Zip mit einer Tabelle {_TABLE} darin") from error


def _row(line: str) -> Row | None:
    """Return a line as a row, None where it isn't one; military post and companies have no region."""
    cells = line.split("\t")
    if len(cells) < _COLUMNS or cells[0] != "DE" or cells[4] not in gazetteer.REGION_NAMES:
        return None
    postcode, name = cells[1], cells[2].strip()
    if not (len(postcode) == _POSTCODE and postcode.isascii() and postcode.isdecimal()):
        return None
    if not 0 < len(name) <= _LONGEST_NAME or not name.isprintable() or not gazetteer.fold(name):
        return None
    try:
        latitude, longitude = float(cells[9]), float(cells[10])
    except ValueError:
        return None
    if not (_SOUTH <= latitude <= _NORTH and _WEST <= longitude <= _EAST):
        return None
    return Row(name, cells[4], latitude, longitude, 0, postcode)


def update(codes: list[Row], folder: Path, *, force: bool = False) -> Changes:
    """Put files made of these postcodes into a folder; raises `Invalid` where far fewer are left than there are now.

    `force` does it all the same. Whoever reads meanwhile reads old or new files, never half of one.
    """
    towns = [
        Row(spot.name, spot.region, spot.latitude, spot.longitude, spot.population)
        for spot in gazetteer.rows(data.FILES[0])
        if spot.population
    ]
    places, postcodes = compiling.compiled(towns, codes)
    changes = _changes(places, postcodes, folder if (folder / data.FILES[1]).is_file() else None)
    if not force and (_shrunk(changes.postcodes, changes.postcodes_new, changes.postcodes_gone)
                      or _shrunk(changes.places, changes.places_new, changes.places_gone)):  # fmt: skip
        gone = f"{changes.postcodes_gone} Postleitzahlen und {changes.places_gone} Orte"
        raise _wrong(f"kennt {gone} nicht mehr; nichts wurde geändert (--force übernimmt es trotzdem)")
    folder.mkdir(parents=True, exist_ok=True)
    for name, rows in zip(data.FILES, (places, postcodes), strict=True):
        replace_file(folder / name, compiling.packed(rows))
    return changes


def _changes(places: list[Row], postcodes: list[Row], folder: Path | None) -> Changes:
    names = {(gazetteer.fold(row.name), row.region) for row in places}
    known = {(gazetteer.fold(spot.name), spot.region) for spot in gazetteer.rows(data.FILES[0], folder)}
    codes = {row.postcode for row in postcodes}
    held = {spot.postcode for spot in gazetteer.rows(data.FILES[1], folder)}
    return Changes(len(codes), len(codes - held), len(held - codes), len(names), len(names - known), len(known - names))


def _shrunk(now: int, new: int, gone: int) -> bool:
    return now < LEAST * (now - new + gone)


def replace_file(path: Path, content: bytes) -> None:
    """Put a file in the place of another one; whoever reads meanwhile reads the old or the new one, whole."""
    beside = path.with_suffix(f".{os.getpid()}-{threading.get_ident()}.new")
    with beside.open("wb") as file:
        file.write(content)
        file.flush()
        os.fsync(file.fileno())
    beside.replace(path)


def _wrong(what: str) -> Invalid:
    return Invalid([Problem(_SOURCE, what)])


def lines(changes: Changes) -> Iterator[str]:
    """Say what changed."""
    yield f"✓ {changes.postcodes} Postleitzahlen: {changes.postcodes_new} neu, {changes.postcodes_gone} entfallen"
    yield f"✓ {changes.places} Orte: {changes.places_new} neu, {changes.places_gone} entfallen"
