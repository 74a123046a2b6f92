"""Samples of other systems' listings, and what tests of reading them share."""

from collections.abc import Iterable
from datetime import UTC, datetime
from pathlib import Path

from fediverse_ehrenamt.listings import formats
from fediverse_ehrenamt.listings.record import Fault, Record

SAMPLES = Path(__file__).parent / "samples"
NOW = datetime(2026, 11, 22, 12, tzinfo=UTC)


def sample(name: str) -> bytes:
    return (SAMPLES / name).read_bytes()


def read(data: bytes | str, form: str = "") -> tuple[list[Record], list[Fault]]:
    """Return the entries and the faults of a file, its format recognised where none is given."""
    given = data.encode() if isinstance(data, str) else data
    return parted(formats.read(given, form or formats.detect(given), NOW))


def parted(found: Iterable[Record | Fault]) -> tuple[list[Record], list[Fault]]:
    listed = list(found)
    return [one for one in listed if isinstance(one, Record)], [one for one in listed if isinstance(one, Fault)]
