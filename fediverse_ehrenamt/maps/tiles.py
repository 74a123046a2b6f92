"""Tiles of the operator's map: out of a file, or from a tile server through a cache of our own, never past us.

A visitor's browser asks nobody but us, and a tile server learns of no visitor. What it does not have is remembered for
a day; while it is out of reach, old tiles are good enough.
"""

import asyncio
import math
import os
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path

from starlette.concurrency import run_in_threadpool

from fediverse_ehrenamt.kit.errors import NotFound, PeerError, Unavailable
from fediverse_ehrenamt.kit.sentences import sentence
from fediverse_ehrenamt.maps import archive
from fediverse_ehrenamt.settings import Settings
from fediverse_ehrenamt.work import Work, Workshop

PATH = "/karte/kacheln"
MOST_ZOOM = 19
TILE_BYTES = 500_000
CACHE_MB = 500
KEPT, MISSED = timedelta(days=30), timedelta(days=1)
REGION = (4.5, 46.0, 16.5, 56.0)  # west, south, east, north: what is asked of a tile server is about Germany
_WORLD_ZOOM = 4  # up to which a tile is larger than the region
_SECONDS = 8.0
_PAUSE = timedelta(seconds=30)  # after a server was out of reach
_SWEPT_EVERY = timedelta(hours=1)
_ROOM = 0.9  # of the cache that is used after making room
_MB = 1_000_000
_OK, _NONE = 200, frozenset({204, 404, 410})
_ACCEPT = "image/webp, image/png, image/jpeg"
_MAGIC = ((b"\x89PNG\r\n\x1a\n", "image/png"), (b"\xff\xd8\xff", "image/jpeg"), (b"RIFF", "image/webp"))
UNREACHABLE = sentence("Der Kartenserver ist gerade nicht zu erreichen.")
_NOTHING = sentence("Diese Kachel gibt es hier nicht.")
_resting: dict[str, datetime] = {}  # servers that are left alone, and until when
_fetching: dict[Path, asyncio.Lock] = {}


@dataclass(frozen=True, slots=True)
class Tile:
    body: bytes
    media_type: str


def file(settings: Settings) -> Path:
    """Return where `ehrenamt map fetch` puts a file of tiles."""
    return settings.data / "map" / "karte.pmtiles"


def source(settings: Settings) -> Path | str | None:
    """Return the file or the server's URL template that tiles come from, None where there is neither."""
    wanted = settings.map_tiles
    if wanted:
        return wanted if "://" in wanted else Path(wanted).absolute()
    return file(settings) if file(settings).is_file() else None


def attribution(settings: Settings) -> str:
    """Return whose the tiles are, as the operator or the file says."""
    chosen = source(settings)
    if settings.map_attribution or not isinstance(chosen, Path):
        return settings.map_attribution
    return archive.about(chosen).attribution


def zooms(settings: Settings) -> tuple[int, int]:
    """Return the least and the greatest zoom that there are tiles for; nearer ones are drawn larger."""
    chosen = source(settings)
    if not isinstance(chosen, Path):
        return 0, MOST_ZOOM
    found = archive.about(chosen)
    return found.least_zoom, min(found.most_zoom, MOST_ZOOM)


async def get(workshop: Workshop, zoom: int, column: int, row: int, may_ask: Callable[[], None] = lambda: None) -> Tile:
    """Return a tile; raises `NotFound`, `Invalid` for a damaged file, or `Unavailable`.

    `may_ask` is called before a server is asked, and raises `Unavailable` where it must not be.
    """
    chosen = source(workshop.settings)
    if chosen is None or zoom > MOST_ZOOM or not (0 <= column < 2**zoom and 0 <= row < 2**zoom):
        raise NotFound(_NOTHING)
    if isinstance(chosen, Path):
        return await run_in_threadpool(_out_of, chosen, zoom, column, row)
    if not _about_germany(zoom, column, row):
        raise NotFound(_NOTHING)
    return await _through_cache(workshop, chosen, (zoom, column, row), may_ask)


def _out_of(path: Path, zoom: int, column: int, row: int) -> Tile:
    body = archive.tile(path, zoom, column, row)
    if body is None:
        raise NotFound(_NOTHING)
    return Tile(body, archive.about(path).media_type)


def _about_germany(zoom: int, column: int, row: int) -> bool:
    if zoom <= _WORLD_ZOOM:
        return True
    west, east = (edge / 2**zoom * 360 - 180 for edge in (column, column + 1))
    north, south = (math.degrees(math.atan(math.sinh(math.pi * (1 - 2 * edge / 2**zoom)))) for edge in (row, row + 1))
    return west < REGION[2] and east > REGION[0] and south < REGION[3] and north > REGION[1]


# --- a server, through a cache ----------------------------------------------------------------------------------------
def _folder(settings: Settings) -> Path:
    return settings.data / "map" / "tiles"


async def _through_cache(
    workshop: Workshop, template: str, place: tuple[int, int, int], may_ask: Callable[[], None]
) -> Tile:
    path = _folder(workshop.settings).joinpath(*map(str, place))
    lock = _fetching.setdefault(path, asyncio.Lock())
    try:
        async with lock:  # the first of many visitors fetches it for all
            held, age = await run_in_threadpool(_held, path, workshop.now())
            if held is not None and age < (KEPT if held else MISSED):
                return _as_tile(held)
            if held is None:
                may_ask()
            return await _fetched(workshop, template, place, held)
    finally:
        if not lock.locked():
            _fetching.pop(path, None)


def _held(path: Path, now: datetime) -> tuple[bytes | None, timedelta]:
    """Return what the cache has and how old it is: b"" for what the server does not have, None for nothing."""
    try:
        return path.read_bytes(), timedelta(seconds=max(0.0, now.timestamp() - path.stat().st_mtime))
    except OSError:
        return None, timedelta.max


async def _fetched(workshop: Workshop, template: str, place: tuple[int, int, int], held: bytes | None) -> Tile:
    url = template.format(z=place[0], x=place[1], y=place[2])
    now = workshop.now()
    try:
        if _resting.get(template, now) > now:
            raise Unavailable(UNREACHABLE)
        answer = await workshop.http.get(url, accept=_ACCEPT, limit=TILE_BYTES, seconds=_SECONDS)
        if answer.status not in {_OK, *_NONE}:
            raise Unavailable(sentence("Der Kartenserver gibt gerade keine Karten heraus."))
    except PeerError as error:
        if _resting.get(template, now) <= now:
            _resting[template] = now + _PAUSE
        if held is None:
            raise Unavailable(UNREACHABLE) from error
        return _as_tile(held)
    body = answer.body if answer.status == _OK and _media_type(answer.body) else b""
    await run_in_threadpool(_keep, _folder(workshop.settings).joinpath(*map(str, place)), body, now)
    return _as_tile(body)


def _keep(path: Path, body: bytes, now: datetime) -> None:
    """Put a tile into the cache, whole or not at all."""
    path.parent.mkdir(parents=True, exist_ok=True)
    beside = path.with_suffix(".part")
    beside.write_bytes(body)
    os.utime(beside, (now.timestamp(), now.timestamp()))
    beside.replace(path)


def _as_tile(body: bytes) -> Tile:
    kind = _media_type(body)
    if not kind:
        raise NotFound(_NOTHING)
    return Tile(body, kind)


def _media_type(body: bytes) -> str:
    """Return the type of an image by its first bytes, whatever somebody said of it; "" for anything else."""
    return next((kind for magic, kind in _MAGIC if body.startswith(magic)), "")


# --- making room ------------------------------------------------------------------------------------------------------
def make_room(work: Work) -> int:
    """Let the oldest tiles leave when all together are too large, looked at once an hour; return how many left."""
    folder = _folder(work.settings)
    swept = folder.parent / "swept"
    if not folder.is_dir() or (swept.is_file() and work.now.timestamp() - swept.stat().st_mtime < _SWEPT_EVERY.seconds):
        return 0
    swept.touch()
    os.utime(swept, (work.now.timestamp(), work.now.timestamp()))
    tiles = sorted(_sizes(folder))
    used, left = sum(size for _changed, size, _path in tiles), 0
    if used <= CACHE_MB * _MB:
        return 0
    for _changed, size, path in tiles:
        if used <= CACHE_MB * _MB * _ROOM:
            break
        path.unlink(missing_ok=True)
        used, left = used - size, left + 1
    return left


def _sizes(folder: Path) -> Iterator[tuple[float, int, Path]]:
    for path in folder.glob("*/*/*"):
        found = path.stat()
        yield found.st_mtime, found.st_size, path
