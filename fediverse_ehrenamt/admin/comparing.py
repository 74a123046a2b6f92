"""Two texts side by side, with what stands in one of them only. Pure."""

import difflib
from collections.abc import Sequence
from dataclasses import dataclass

WORDS = 800  # of each text that are compared; comparing takes their product of steps at worst
Pieces = list["Piece"]


@dataclass(frozen=True, slots=True)
class Piece:
    """Some words of a text; `alone` says that the other text has not got them at this place."""

    text: str
    alone: bool


def beside(left: str, right: str) -> tuple[Pieces, Pieces]:
    """Return both texts in pieces, up to `WORDS` words of each."""
    one, other = left.split()[:WORDS], right.split()[:WORDS]
    found: tuple[Pieces, Pieces] = ([], [])
    for kind, a, b, c, d in difflib.SequenceMatcher(None, one, other, autojunk=False).get_opcodes():
        _add(found[0], one[a:b], alone=kind != "equal")
        _add(found[1], other[c:d], alone=kind != "equal")
    return found


def _add(pieces: Pieces, words: Sequence[str], *, alone: bool) -> None:
    if words:
        pieces.append(Piece(" ".join(words), alone))
