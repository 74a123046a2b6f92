"""Narrower copies of pictures, for small screens and cards: made from what is kept, so that they tell nothing either.

A picture is never enlarged: what is narrow already is its own copy. Copies lie beside the picture and leave with it.
Those of remote pictures are made with them, since they take of the same room; all others when they are first asked for.
"""

import threading
from pathlib import Path

from fediverse_ehrenamt.kit.errors import NotFound
from fediverse_ehrenamt.media import images, limits

WIDTHS = (320, 640)  # pixels, besides the whole one
_making = threading.Lock()  # one at a time: whoever asks for many old ones at once gets no more of the machine


def copies(encoded: bytes) -> dict[int, bytes]:
    """Return the narrower copies of a JPEG of ours by their widths, none where it is narrow already."""
    from fediverse_ehrenamt.media import encoding

    wide = encoding.width(encoded)
    return {width: encoding.narrowed(encoded, width) for width in WIDTHS if width < wide}


def keep(file: Path, made: dict[int, bytes]) -> int:
    """Write copies beside the file of their picture; return how many bytes they have."""
    for width, content in made.items():
        images.write(beside(file, width), content)
    return sum(map(len, made.values()))


def beside(file: Path, width: int) -> Path:
    """Return where the copy of a picture's file lies, if there is one."""
    return file.with_name(f"{file.stem}-{width}.jpg")


def find(file: Path, width: int) -> Path:
    """Return the file of a copy, made now where there is none, or of the picture itself where that is narrow already.

    Raises `NotFound` for another width and where there is no such picture. Decodes, so for threads.
    """
    if width not in WIDTHS or not file.is_file():
        raise NotFound("Dieses Bild gibt es hier nicht.")
    copy = beside(file, width)
    if copy.is_file():
        return copy
    from fediverse_ehrenamt.media import encoding

    with _making:
        if not copy.is_file():
            if encoding.width(file) <= width:
                return file
            keep(file, {width: encoding.narrowed(file, width)})
    return copy


def remove(file: Path) -> None:
    """Remove a picture's file and its copies."""
    for one in (file, *(beside(file, width) for width in WIDTHS)):
        one.unlink(missing_ok=True)


def srcset(path: str) -> str:
    """Return what a browser may choose from (HTML's `srcset`) for the path of a picture here, "" for none."""
    folder, _, name = path.rpartition("/")
    if not folder:
        return ""
    offered = [f"{folder}/{width}/{name} {width}w" for width in WIDTHS]
    return ", ".join([*offered, f"{path} {limits.SIDE}w"])
