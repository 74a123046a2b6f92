"""The images that organisations hand in: re-encoded without metadata, bounded in size and named by their content."""

import hashlib
import re
from collections.abc import Collection, Iterator
from datetime import datetime
from pathlib import Path

from fediverse_ehrenamt.kit import reasons
from fediverse_ehrenamt.kit.errors import Invalid, Problem
from fediverse_ehrenamt.kit.sentences import sentence
from fediverse_ehrenamt.media.limits import BYTES, PIXELS, Logo, Unreadable

_SHARD = 2
_NAME = re.compile(r"[0-9a-f]{32}\.jpg")


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
    from fediverse_ehrenamt.media import encoding

    encoded = encoding.encode(content, PIXELS)
    name = f"{hashlib.sha256(encoded).hexdigest()[:32]}.jpg"
    target = path(data, name)
    if target.exists():
        target.touch()  # it is wanted again (`unwanted`)
    else:
        write(target, encoded)
    return name


def logo(file: Path) -> Logo:
    """Return an image file as a logo; raises `Invalid`."""
    return logo_of(file.name, _read(file, "logo"))


def logo_of(name: str, content: bytes) -> Logo:
    """Return what is in an image file as a small PNG that keeps what is transparent, without metadata.

    Raises `Invalid`, which calls the file by its name.
    """
    from fediverse_ehrenamt.media import encoding

    try:
        return encoding.logo(content, PIXELS)
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


def unwanted(data: Path, wanted: Collection[str], before: datetime) -> Iterator[Path]:
    """Yield the files of images of ours that are not among `wanted` and that nobody has handed in since a moment."""
    for file in folder(data).glob(f"{'?' * _SHARD}/*.jpg"):
        if _NAME.fullmatch(file.name) and file.name not in wanted and file.stat().st_mtime < before.timestamp():
            yield file


def _read(file: Path, field: str = "image.file") -> bytes:
    try:
        if file.stat().st_size > BYTES:
            raise _problem(too_large(file.name), field)
        return file.read_bytes()
    except OSError as error:
        raise _problem(
            sentence("%(file)s kann nicht gelesen werden: %(reason)s", file=str(file), reason=reasons.of(error)), field
        ) from error


def too_large(name: str) -> str:
    """Say that a file is too large to be looked at."""
    return sentence("%(file)s ist größer als %(most)s MB; bitte verkleinern", file=name, most=BYTES // 1_000_000)


def _problem(message: str, field: str = "image.file") -> Invalid:
    return Invalid([Problem(field, message)])
