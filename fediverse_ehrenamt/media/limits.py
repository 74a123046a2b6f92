"""What an image may be that is looked at here, what it becomes, and that one is none."""

from dataclasses import dataclass

BYTES = 20_000_000  # of a file that is looked at
PIXELS = 60_000_000
SIDE = 1280  # of the image that is kept
LOGO_SIDES = (360, 96)  # of a logo, shown at half of it


@dataclass(frozen=True, slots=True)
class Logo:
    """A logo as PNG, its size in pixels."""

    content: bytes
    width: int
    height: int


class Unreadable(Exception):
    """It is no image for us; `said` says why, after the name of the file."""

    def __init__(self, said: str) -> None:
        super().__init__(said)
        self.said = said
