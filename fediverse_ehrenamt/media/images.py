"""Images: re-encoded without metadata and bounded in size; those that organisations hand in, named by their content."""

import hashlib
import io
import re
import struct
import warnings
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from PIL import Image, ImageOps, UnidentifiedImageError

from fediverse_ehrenamt.kit.errors import Invalid, Problem
from fediverse_ehrenamt.kit.sentences import sentence

BYTES = 20_000_000  # of a file that is looked at
PIXELS = 60_000_000
SIDE = 1280  # of the image that is kept
LOGO_SIDES = (360, 96)  # of a logo, shown at half of it
_QUALITIES = ((SIDE, 82), (SIDE, 65), (960, 60), (640, 50))  # side and quality; the first that is small enough
_FORMATS = ("JPEG", "PNG", "WEBP", "GIF")
_SHARD = 2
_NAME = re.compile(r"[0-9a-f]{32}\.jpg")
_JPEG, _SCAN = b"\xff\xd8", b"\xff\xda"  # how a file begins, and each pass over all its pixels
_SCANS = 64  # a progressive JPEG has about ten; each may cost seconds and take but a few bytes
_GREYS = 256  # of 16 bits for each of 8
_NO_IMAGE = sentence("ist kein Bild, das wir lesen können; möglich sind JPEG, PNG, WebP und GIF")
# What Pillow's decoders raise on broken and on hostile files.
_DECODING = (
    *(UnidentifiedImageError, Image.DecompressionBombError, Image.DecompressionBombWarning, OSError, SyntaxError),
    *(ValueError, TypeError, AttributeError, LookupError, ArithmeticError, EOFError, struct.error, zlib.error),
)


def folder(data: Path) -> Path:
    return data / "media"


def keep(data: Path, file: Path) -> str:
    """Store an image file of JPEG, PNG, WebP or GIF and return its name under `/media/`; raises `Invalid`."""
    try:
        return keep_content(data, _read(file))
    except Unreadable as error:
        raise _problem(sentence("%(file)s %(problem)s", file=file.name, problem=error.said)) from error


def keep_content(data: Path, content: bytes) -> str:
    """Store what is in such a file, and return its name; raises `Unreadable`."""
    encoded = encode(content, PIXELS)
    name = f"{hashlib.sha256(encoded).hexdigest()[:32]}.jpg"
    target = path(data, name)
    if not target.exists():
        write(target, encoded)
    return name


class Unreadable(Exception):
    """It is no image for us; `said` says why, after the name of the file."""

    def __init__(self, said: str) -> None:
        super().__init__(said)
        self.said = said


def encode(content: bytes, pixels: int, limit: int = 0) -> bytes:
    """Return a JPEG, PNG, WebP or GIF as a JPEG of at most `SIDE` pixels a side, without metadata.

    Turned upright, without EXIF, GPS or comments; of an animation the first picture. What claims to have more than
    `pixels`, or too many scans, is not decoded. With a `limit` it has at most so many bytes. Raises `Unreadable`.
    """
    with _opened(content, pixels) as opened:
        return _small(_upright(opened), limit)


@dataclass(frozen=True, slots=True)
class Logo:
    """A logo as PNG, its size in pixels."""

    content: bytes
    width: int
    height: int


def logo(file: Path) -> Logo:
    """Return an image file as a logo; raises `Invalid`."""
    return logo_of(file.name, _read(file, "logo"))


def logo_of(name: str, content: bytes) -> Logo:
    """Return what is in an image file as a small PNG that keeps what is transparent, without metadata.

    Raises `Invalid`, which calls the file by its name.
    """
    try:
        with _opened(content, PIXELS) as opened:
            upright = ImageOps.exif_transpose(opened)
            upright.thumbnail(LOGO_SIDES)
            upright = upright.convert("RGBA")
            upright.info = {}
            out = io.BytesIO()
            upright.save(out, "PNG", optimize=True)
            return Logo(out.getvalue(), upright.width, upright.height)
    except Unreadable as error:
        raise _problem(sentence("%(file)s %(problem)s", file=name, problem=error.said), "logo") from error


def write(target: Path, content: bytes) -> None:
    """Write a file whole or not at all."""
    target.parent.mkdir(parents=True, exist_ok=True)
    temporary = target.with_suffix(".part")
    temporary.write_bytes(content)
    temporary.replace(target)


def path(data: Path, name: str) -> Path:
    """Return where an image of ours lies."""
    return folder(data) / name[:_SHARD] / name


def is_kept(data: Path, name: str) -> bool:
    """Say whether there is an image of ours by that name, which somebody may have made up."""
    return bool(_NAME.fullmatch(name)) and path(data, name).is_file()


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


def _read(file: Path, field: str = "image.file") -> bytes:
    try:
        if file.stat().st_size > BYTES:
            raise _problem(
                sentence(
                    "%(file)s ist größer als %(most)s MB; bitte verkleinern", file=file.name, most=BYTES // 1_000_000
                ),
                field,
            )
        return file.read_bytes()
    except OSError as error:
        raise _problem(f"{file} kann nicht gelesen werden: {error.strerror}", field) from error


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
    raise Unreadable(f"wird auch verkleinert größer als {limit} Bytes")


def _problem(message: str, field: str = "image.file") -> Invalid:
    return Invalid([Problem(field, message)])
