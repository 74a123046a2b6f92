"""A file of map tiles (PMTiles, version 3): what it holds, and its tiles as they lie in it.

https://github.com/protomaps/PMTiles/blob/main/spec/v3/spec.md
"""

import gzip
import json
import os
import struct
import zlib
from dataclasses import dataclass, replace
from functools import lru_cache
from pathlib import Path

from pmtiles.tile import (
    Compression,
    Entry,
    HeaderDict,
    MagicNumberNotFound,
    SpecVersionUnsupported,
    TileType,
    deserialize_directory,
    deserialize_header,
    find_tile,
    zxy_to_tileid,
)

from fediverse_ehrenamt.kit import html
from fediverse_ehrenamt.kit.errors import Invalid, Problem

HEADER = 127  # bytes
MOST_ZOOM = 22
_TYPES = {TileType.PNG: "image/png", TileType.JPEG: "image/jpeg", TileType.WEBP: "image/webp"}
_MOST_DIRECTORY = 4_000_000  # bytes, packed
_MOST_TILE = 2_000_000
_MOST_METADATA = 1_000_000
_DEPTH = 4  # of directories
_KEPT = 64  # directories
_LONGEST = 300  # characters of an attribution
_FAULTS = (ValueError, KeyError, IndexError, EOFError, OSError, struct.error, zlib.error, OverflowError, TypeError)
_NAME = "PMTiles"


@dataclass(frozen=True, slots=True)
class About:
    """What a file says of itself: the type of its images, its zooms, its edges in degrees, whose data it is."""

    media_type: str
    least_zoom: int
    most_zoom: int
    west: float
    south: float
    east: float
    north: float
    attribution: str = ""


def read_header(start: bytes) -> About:
    """Read the first HEADER bytes of a file; raises `Invalid` where it is none that we can show, and says why."""
    header = _header(start)
    kind = header["tile_type"]
    if kind == TileType.MVT:
        raise _wrong(
            "enthält Vektorkacheln; gebraucht werden Bildkacheln (PNG, JPEG oder WebP), denn Vektorkacheln müsste erst "
            "jemand zeichnen"
        )
    if kind not in _TYPES or header["tile_compression"] not in {Compression.NONE, Compression.UNKNOWN}:
        raise _wrong("enthält keine Bildkacheln (PNG, JPEG oder WebP)")
    zooms = header["min_zoom"], min(header["max_zoom"], MOST_ZOOM)
    return About(
        _TYPES[kind],
        *zooms,
        west=header["min_lon_e7"] / 1e7,
        south=header["min_lat_e7"] / 1e7,
        east=header["max_lon_e7"] / 1e7,
        north=header["max_lat_e7"] / 1e7,
    )


def _header(start: bytes) -> HeaderDict:
    try:
        return deserialize_header(start[:HEADER])
    except (MagicNumberNotFound, SpecVersionUnsupported, *_FAULTS) as error:
        raise _wrong("ist keine Kartendatei im Format PMTiles, Version 3") from error


def about(path: Path) -> About:
    """Return what a file says of itself; raises `Invalid`, also where there is no such file or it is damaged."""
    return _about(path, *_edition(path))


@lru_cache(_KEPT)
def _about(path: Path, size: int, changed: int) -> About:
    del size, changed
    start = _piece(path, 0, HEADER)
    found, header = read_header(start), _header(start)
    packed = _piece(path, header["metadata_offset"], min(header["metadata_length"], _MOST_METADATA))
    try:
        plain = gzip.decompress(packed) if header["internal_compression"] == Compression.GZIP else packed
        said = str(json.loads(plain).get("attribution", ""))
    except (AttributeError, *_FAULTS):  # a map without a word of whose it is
        said = ""
    return replace(found, attribution=html.shorten(html.text(said), _LONGEST))


def tile(path: Path, zoom: int, column: int, row: int) -> bytes | None:
    """Return a tile, None where the file has none; raises `Invalid` for a damaged file."""
    edition = _edition(path)
    header = _header(_piece(path, 0, HEADER))
    try:
        number = zxy_to_tileid(zoom, column, row)
    except _FAULTS:
        return None
    offset, length = header["root_offset"], header["root_length"]
    for _ in range(_DEPTH):
        found = find_tile(list(_directory(path, *edition, offset, length)), number)
        if found is None:
            return None
        if found.run_length:
            return _piece(path, header["tile_data_offset"] + found.offset, min(found.length, _MOST_TILE))
        offset, length = header["leaf_directory_offset"] + found.offset, found.length
    raise _wrong("ist beschädigt: Verzeichnisse führen im Kreis")


@lru_cache(_KEPT)
def _directory(path: Path, size: int, changed: int, offset: int, length: int) -> tuple[Entry, ...]:
    del size, changed
    if length > _MOST_DIRECTORY:
        raise _wrong("ist beschädigt: ein Verzeichnis ist zu groß")
    try:
        return tuple(deserialize_directory(_piece(path, offset, length)))
    except _FAULTS as error:
        raise _wrong("ist beschädigt: ein Verzeichnis ist nicht lesbar") from error


def _edition(path: Path) -> tuple[int, int]:
    """Return what changes with the file."""
    try:
        found = path.stat()
    except OSError as error:
        raise _wrong(f"fehlt oder ist nicht lesbar: {path}") from error
    return found.st_size, found.st_mtime_ns


def _piece(path: Path, offset: int, length: int) -> bytes:
    try:
        with path.open("rb") as file:
            return os.pread(file.fileno(), length, offset)
    except _FAULTS as error:
        raise _wrong(f"ist nicht lesbar: {path}") from error


def _wrong(what: str) -> Invalid:
    return Invalid([Problem(_NAME, what)])
