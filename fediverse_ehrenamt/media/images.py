"""Images that organisations hand in: re-encoded without metadata, named by their content, bounded in size."""

import hashlib
import io
import warnings
from pathlib import Path

from PIL import Image, ImageOps, UnidentifiedImageError

from fediverse_ehrenamt.kit.errors import Invalid, Problem

BYTES = 20_000_000  # of a file that is looked at
PIXELS = 60_000_000
SIDE = 1280  # of the image that is kept
_QUALITY = 82
_FORMATS = ("JPEG", "PNG", "WEBP", "GIF")
_SHARD = 2


def folder(data: Path) -> Path:
    return data / "media"


def keep(data: Path, file: Path) -> str:
    """Store an image file of JPEG, PNG, WebP or GIF and return its name under `/media/`; raises `Invalid`."""
    content = _read(file)
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("error", Image.DecompressionBombWarning)
            with Image.open(io.BytesIO(content), formats=_FORMATS) as opened:
                if opened.width * opened.height > PIXELS:
                    raise _problem(f"{file.name} hat {opened.width} × {opened.height} Bildpunkte; das ist zu viel")
                encoded = _encode(opened)
    except (UnidentifiedImageError, Image.DecompressionBombError, Image.DecompressionBombWarning, OSError, ValueError,
            SyntaxError) as error:  # fmt: skip # what Pillow's decoders raise on broken files
        raise _problem(
            f"{file.name} ist kein Bild, das wir lesen können; möglich sind JPEG, PNG, WebP und GIF"
        ) from error
    name = f"{hashlib.sha256(encoded).hexdigest()[:32]}.jpg"
    target = folder(data) / name[:_SHARD] / name
    if not target.exists():
        target.parent.mkdir(parents=True, exist_ok=True)
        temporary = target.with_suffix(".part")
        temporary.write_bytes(encoded)
        temporary.replace(target)
    return name


def path(data: Path, name: str) -> Path:
    """Return where an image of ours lies."""
    return folder(data) / name[:_SHARD] / name


def _read(file: Path) -> bytes:
    try:
        if file.stat().st_size > BYTES:
            raise _problem(f"{file.name} ist größer als {BYTES // 1_000_000} MB; bitte verkleinern")
        return file.read_bytes()
    except OSError as error:
        raise _problem(f"{file} kann nicht gelesen werden: {error.strerror}") from error


def _encode(opened: Image.Image) -> bytes:
    """Return a JPEG of at most `SIDE` pixels a side, turned upright, without EXIF, GPS or comments."""
    upright = ImageOps.exif_transpose(opened)
    upright.thumbnail((SIDE, SIDE))
    if upright.mode != "RGB":
        rgba = upright.convert("RGBA")
        upright = Image.new("RGB", rgba.size, "white")
        upright.paste(rgba, mask=rgba.getchannel("A"))
    upright.info = {}  # a comment would be written again
    out = io.BytesIO()
    upright.save(out, "JPEG", quality=_QUALITY, optimize=True, progressive=True)
    return out.getvalue()


def _problem(message: str) -> Invalid:
    return Invalid([Problem("image.file", message)])
