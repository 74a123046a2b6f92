"""Which files the gazetteer reads, those of the package or of an instance, and when they are others than before."""

import gzip
import stat
import threading
import time
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from pathlib import Path

from fediverse_ehrenamt.places.districts import MOST_BYTES, District
from fediverse_ehrenamt.places.districts import read as read_districts

FILES = ("places.tsv.gz", "postcodes.tsv.gz")
DISTRICTS = "districts.tsv"
_LOOK_SECONDS = 1.0  # between looks whether other districts were learnt

Stamp = tuple[int, int, int]


@dataclass(slots=True)
class _Chosen:
    """Which files are read, those of the package where there is no folder; `learnt` are an instance's own districts.

    `edition` counts how often something else was `read`: another folder or another state of the learnt.
    """

    folder: Path | None = None
    learnt: Path | None = None
    read: tuple[Path | None, Stamp | None] = (None, None)
    look_at: float = 0.0
    edition: int = 0


_chosen = _Chosen()
_looking = threading.Lock()


def prefer(folder: Path) -> None:
    """Read the files of a folder from now on where it has both of them (`FILES`), else those of the package.

    Its `DISTRICTS` are those that were learnt, now and whenever they change.
    """
    _chosen.folder = folder if all((folder / name).is_file() for name in FILES) else None
    _chosen.learnt = folder / DISTRICTS
    look_again()


def look_again() -> None:
    """See at the next question whether districts were learnt, rather than within a second."""
    _chosen.look_at = 0.0


def edition() -> int:
    """Return a number that is another one as soon as other places are known, for whoever keeps what was looked up."""
    now = time.monotonic()
    if now >= _chosen.look_at:
        with _looking:
            _chosen.look_at = now + _LOOK_SECONDS
            read = _chosen.folder, _stamp(_chosen.learnt)
            if read != _chosen.read:
                _chosen.read = read
                _chosen.edition += 1
    return _chosen.edition


def _stamp(path: Path | None) -> Stamp | None:
    """Return what changes with a file, None where there is none."""
    try:
        found = path.stat() if path is not None else None
    except OSError:
        return None
    return (found.st_ino, found.st_mtime_ns, found.st_size) if found and stat.S_ISREG(found.st_mode) else None


def folder() -> Path | None:
    """Return the folder of `FILES`, None where those of the package are read."""
    return _chosen.folder


def lines(name: str) -> Iterator[str]:
    """Return the lines of one of `FILES`."""
    place = files("fediverse_ehrenamt.places").joinpath(name) if _chosen.folder is None else _chosen.folder / name
    return iter(gzip.decompress(place.read_bytes()).decode().splitlines())


@cache
def own_districts() -> tuple[District, ...]:
    """Return the districts of the package."""
    return tuple(read_districts(files("fediverse_ehrenamt.places").joinpath(DISTRICTS).read_text("utf-8")))


def learnt_districts() -> list[District]:
    """Return the instance's own districts, none where they cannot be read."""
    if _chosen.learnt is None or _chosen.read[1] is None:
        return []
    try:
        with _chosen.learnt.open("rb") as file:
            stored = file.read(MOST_BYTES)
    except OSError:
        return []
    return read_districts(stored.decode("utf-8", "replace"), learnt=True)
