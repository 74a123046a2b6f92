"""Decodes what claims to be an image, and writes it small and without metadata. The only module that loads Pillow.

All of it takes long, so it is for threads.
"""

import io
import struct
import warnings
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from PIL import Image, ImageOps, UnidentifiedImageError

from fediverse_ehrenamt.kit.sentences import sentence
from fediverse_ehrenamt.media.limits import LOGO_SIDES, SIDE, Logo, Unreadable

_QUALITIES = ((SIDE, 82), (SIDE, 65), (960, 60), (640, 50))  # side and quality; the first that is small enough
_FORMATS = ("JPEG", "PNG", "WEBP", "GIF")
_NARROW_QUALITY = 80
_JPEG, _SCAN = b"\xff\xd8", b"\xff\xda"  # how a file begins, and each pass over all its pixels
_SCANS = 64  # a progressive JPEG has about ten; each may cost seconds and take but a few bytes
_GREYS = 256  # of 16 bits for each of 8
_NO_IMAGE = sentence("ist kein Bild, das wir lesen können; möglich sind JPEG, PNG, WebP und GIF")
# What Pillow's decoders raise on broken and on hostile files.
_DECODING = (
    *(UnidentifiedImageError, Image.DecompressionBombError, Image.DecompressionBombWarning, OSError, SyntaxError),
    *(ValueError, TypeError, AttributeError, LookupError, ArithmeticError, EOFError, struct.error, zlib.error),
)


def encode(content: bytes, pixels: int, limit: int = 0) -> bytes:
    """Return a JPEG, PNG, WebP or GIF as a JPEG of at most `SIDE` pixels a side, without metadata.

    Turned upright, without EXIF, GPS or comments; of an animation the first picture. What claims to have more than
    `pixels`, or too many scans, is not decoded. With a `limit` it has at most so many bytes. Raises `Unreadable`.
    """
    with _opened(content, pixels) as opened:
        return _small(_upright(opened), limit)


def logo(content: bytes, pixels: int) -> Logo:
    """Return an image as a small PNG that keeps what is transparent, without metadata; raises `Unreadable`."""
    with _opened(content, pixels) as opened:
        upright = ImageOps.exif_transpose(opened)
        upright.thumbnail(LOGO_SIDES)
        upright = upright.convert("RGBA")
        upright.info = {}
        out = io.BytesIO()
        upright.save(out, "PNG", optimize=True)
        return Logo(out.getvalue(), upright.width, upright.height)


def width(kept: bytes | Path) -> int:
    """Return how many pixels wide a JPEG of ours is."""
    with _ours(kept) as opened:
        return opened.width


def narrowed(kept: bytes | Path, wide: int) -> bytes:
    """Return a JPEG of ours as one that is `wide` pixels wide."""
    with _ours(kept) as opened:
        height = max(1, round(wide * opened.height / opened.width))
        opened.draft("RGB", (wide, height))
        made = opened.convert("RGB").resize((wide, height), Image.Resampling.LANCZOS)
    made.info = {}
    out = io.BytesIO()
    made.save(out, "JPEG", quality=_NARROW_QUALITY, optimize=True, progressive=True)
    return out.getvalue()


def _ours(kept: bytes | Path) -> Image.Image:
    return Image.open(kept if isinstance(kept, Path) else io.BytesIO(kept), formats=("JPEG",))


@contextmanager
def _opened(content: bytes, pixels: int) -> Iterator[Image.Image]:
    """Open an image that claims no more than `pixels`; whatever its decoder raises meanwhile becomes `Unreadable`."""
    if content.startswith(_JPEG) and content.count(_SCAN) > _SCANS:
        raise Unreadable(_NO_IMAGE)
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("error", Image.DecompressionBombWarning)
            with Image.open(io.BytesIO(content), formats=_FORMATS) as opened:
                if opened.width * opened.height > pixels:
                    size = f"{opened.width} × {opened.height}"
                    raise Unreadable(sentence("hat %(size)s Bildpunkte; das ist zu viel", size=size))
                yield opened
    except _DECODING as error:
        raise Unreadable(_NO_IMAGE) from error


def _upright(opened: Image.Image) -> Image.Image:
    """Decode an image to at most `SIDE` pixels a side; transparency becomes white."""
    opened.draft(None, (2 * SIDE, 2 * SIDE))  # of a large JPEG, only as much as is needed
    upright = ImageOps.exif_transpose(opened)
    upright.thumbnail((SIDE, SIDE))
    if upright.mode == "I;16":  # a conversion would cut off all but the darkest greys
        upright.info.pop("transparency", None)  # of 16 bits
        upright = upright.point(lambda grey: grey * (1 / _GREYS)).convert("L")
    if upright.mode != "RGB":
        rgba = upright.convert("RGBA")
        upright = Image.new("RGB", rgba.size, "white")
        upright.paste(rgba, mask=rgba.getchannel("A"))
    upright.info = {}  # a comment would be written again
    return upright


def _small(upright: Image.Image, limit: int) -> bytes:
    """Write a JPEG of at most `limit` bytes, of any size where that is 0."""
    for side, quality in _QUALITIES:
        upright.thumbnail((side, side))
        out = io.BytesIO()
        upright.save(out, "JPEG", quality=quality, optimize=True, progressive=True)
        if not limit or out.tell() <= limit:
            return out.getvalue()
    raise Unreadable(sentence("wird auch verkleinert größer als %(most)s Bytes", most=limit))
