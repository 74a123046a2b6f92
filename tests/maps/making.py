"""Files of map tiles as a town would get them: few tiles, of one colour each."""

import io
from pathlib import Path

from PIL import Image
from pmtiles.tile import Compression, TileType, zxy_to_tileid
from pmtiles.writer import Writer

MOST_ZOOM = 3


def png(colour: tuple[int, int, int] = (200, 220, 200)) -> bytes:
    made = io.BytesIO()
    Image.new("RGB", (256, 256), colour).save(made, "PNG")
    return made.getvalue()


def archive(
    path: Path, kind: TileType = TileType.PNG, attribution: str = "<a href='x'>© OSM</a>", most_zoom: int = MOST_ZOOM
) -> Path:
    """Write a file with every tile up to a zoom, each of its own colour, but for the last."""
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.open("wb") as file:
        writer = Writer(file)  # type: ignore[no-untyped-call]  # the library says nothing of it
        for zoom in range(most_zoom + 1):
            numbers = sorted(zxy_to_tileid(zoom, x, y) for x in range(2**zoom) for y in range(2**zoom))
            for number in numbers[:-1] if zoom == most_zoom else numbers:
                writer.write_tile(number, png((number % 256, 200, 100)))  # type: ignore[no-untyped-call]
        header = {
            "tile_type": kind,
            "tile_compression": Compression.NONE,
            "min_zoom": 0,
            "max_zoom": most_zoom,
            "min_lon_e7": -1_800_000_000,
            "min_lat_e7": -850_000_000,
            "max_lon_e7": 1_800_000_000,
            "max_lat_e7": 850_000_000,
            "center_zoom": 0,
            "center_lon_e7": 0,
            "center_lat_e7": 0,
        }
        writer.finalize(header, {"attribution": attribution})  # type: ignore[no-untyped-call]
    return path
