"""Real image files for tests, good and hostile."""

import io
import random
import struct
import zlib

from PIL import ExifTags, Image

RED, BLUE = (200, 30, 30), (30, 30, 200)
SVG = b"<svg xmlns='http://www.w3.org/2000/svg' onload='alert(1)'><script>alert(1)</script></svg>"
HTML = b"<!DOCTYPE html><html><body><script>alert(1)</script></body></html>"


def picture(size: tuple[int, int] = (40, 20), mode: str = "RGB") -> Image.Image:
    made = Image.new("RGB", size, RED)
    made.paste(BLUE, (0, 0, size[0] // 2, size[1]))
    return made.convert(mode)


def content(kind: str = "PNG", size: tuple[int, int] = (40, 20)) -> bytes:
    return written(picture(size), kind)


def written(made: Image.Image, kind: str, **options: object) -> bytes:
    out = io.BytesIO()
    made.save(out, kind, **options)
    return out.getvalue()


def photograph(size: tuple[int, int] = (40, 20)) -> bytes:
    """A JPEG that tells where it was taken, by whom and with what."""
    exif = Image.Exif()
    exif[ExifTags.Base.Make] = "Geheimkamera"
    exif[ExifTags.Base.Artist] = "Erika Mustermann"
    exif.get_ifd(ExifTags.IFD.GPSInfo)[ExifTags.GPS.GPSLatitude] = (51.0, 21.0, 0.0)
    return written(picture(size), "JPEG", exif=exif, comment=b"privat")


def noise(side: int) -> bytes:
    """A picture that nothing can make small: large in every encoding."""
    chance = random.Random(7)  # noqa: S311 - the same in every run
    return written(Image.frombytes("RGB", (side, side), chance.randbytes(3 * side * side)), "JPEG", quality=95)


def bomb(width: int, height: int) -> bytes:
    """A PNG of a few bytes that claims to be enormous."""
    header = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    data = zlib.compress(b"\0" * 10)
    return b"\x89PNG\r\n\x1a\n" + _chunk(b"IHDR", header) + _chunk(b"IDAT", data) + _chunk(b"IEND", b"")


def _chunk(kind: bytes, data: bytes) -> bytes:
    return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))
