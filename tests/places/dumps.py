"""Postcode dumps as GeoNames makes them, of the places that the package knows."""

import io
import zipfile
from collections.abc import Iterable

from fediverse_ehrenamt.places import data, gazetteer
from fediverse_ehrenamt.places.gazetteer import Spot


def known() -> list[Spot]:
    """Return all places and postcodes of the package."""
    return [spot for name in data.FILES for spot in gazetteer.rows(name) if spot.postcode]


def line(spot: Spot) -> str:
    """Return a place as a line of the dump."""
    region = gazetteer.REGION_NAMES[spot.region]
    cells = ["DE", spot.postcode, spot.name, region, spot.region, "", "00", "", "05914"]
    return "\t".join([*cells, f"{spot.latitude:.4f}", f"{spot.longitude:.4f}", "6"])


def packed(lines: Iterable[str], name: str = "DE.txt") -> bytes:
    """Return lines as the zip that is fetched."""
    raw = io.BytesIO()
    with zipfile.ZipFile(raw, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("readme.txt", "This work is licensed under a Creative Commons Attribution 4.0 License")
        archive.writestr(name, "".join(f"{one}\n" for one in lines))
    return raw.getvalue()
