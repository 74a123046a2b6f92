"""What the gazetteer knows: files, of the package or of an instance, the districts that one keeps, and where it is."""

import gzip
import threading
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from pathlib import Path

from fediverse_ehrenamt.places.districts import District, Kept
from fediverse_ehrenamt.places.districts import read as read_districts

FILES = ("places.tsv.gz", "postcodes.tsv.gz")
DISTRICTS = "districts.tsv"
Point = tuple[float, float]
"""Latitude and longitude, WGS 84 degrees."""


@dataclass(slots=True)
class _Chosen:
    """Which files are read, those of the package where there is no folder; `kept` are an instance's own districts.

    `home` is where the instance is. `edition` counts how often one of them became another, `places` how often others
    than `home` did.
    """

    folder: Path | None = None
    kept: tuple[Kept, ...] = ()
    home: Point | None = None
    edition: int = 0
    places: int = 0


_chosen = _Chosen()
_choosing = threading.Lock()


def prefer(folder: Path) -> None:
    """Read the files of a folder from now on where it has both of them (`FILES`), else those of the package.

    It is that of an instance, of which nothing is known until `teach` and `settle` are told.
    """
    _choose(folder if all((folder / name).is_file() for name in FILES) else None, (), None)


def teach(kept: Sequence[Kept]) -> None:
    """Know these districts of an instance from now on, in the place of those before. What is not new costs nothing."""
    _choose(_chosen.folder, tuple(kept), _chosen.home)


def settle(home: Point | None) -> None:
    """Know from now on where the instance is at home. What is not new costs nothing."""
    _choose(_chosen.folder, _chosen.kept, home)


def _choose(folder: Path | None, kept: tuple[Kept, ...], home: Point | None) -> None:
    with _choosing:
        if (folder, kept, home) != (_chosen.folder, _chosen.kept, _chosen.home):
            _chosen.places += (folder, kept) != (_chosen.folder, _chosen.kept)
            _chosen.folder, _chosen.kept, _chosen.home = folder, kept, home
            _chosen.edition += 1


def home() -> Point | None:
    """Return where the instance is at home, None where it is nowhere in particular."""
    return _chosen.home


def edition() -> int:
    """Return a number that is another one as soon as a name may mean another place, for whoever keeps what it meant."""
    return _chosen.edition


def places_edition() -> int:
    """Return a number that is another one as soon as other places are known."""
    return _chosen.places


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


def kept_districts() -> tuple[Kept, ...]:
    """Return what the instance keeps of districts."""
    return _chosen.kept
