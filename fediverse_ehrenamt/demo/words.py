"""A vocabulary as wide as real German, and words drawn from it as often as real ones are (Zipf's law)."""

from collections.abc import Iterable, Iterator, Sequence
from itertools import accumulate
from random import Random

from fediverse_ehrenamt.demo.chance import chance

WIDE = 150_000  # distinct words; search over 500 words measures nothing
_FEWEST_NOUNS = 400  # of which two-part compounds reach that width
_LETTERS = (3, 32)


def wide_vocabulary(nouns: Iterable[str], width: int = WIDE) -> list[str]:
    """Return at least `width` distinct words in a fixed random order: the nouns, then compounds of them.

    The order is what `zipf` takes for rank. ValueError where there are too few nouns to make so many.
    """
    known = sorted({noun for noun in nouns if noun.isalpha() and _LETTERS[0] <= len(noun) <= _LETTERS[1]})
    if len(known) < _FEWEST_NOUNS and len(known) < width:
        raise ValueError(f"{len(known)} nouns are too few, {_FEWEST_NOUNS} are needed")
    rng = chance("vocabulary", len(known))
    rng.shuffle(known)
    words = dict.fromkeys(known)
    for compound in _compounds(known):
        if len(words) >= width:
            break
        words[compound] = None
    if len(words) < width:
        raise ValueError(f"only {len(words)} of {width} words could be made")
    return list(words)


def _compounds(nouns: Sequence[str]) -> Iterator[str]:
    """Yield "Volk" + "Fest" as "Volkfest" and "Volksfest", partners near each other in the list first."""
    for step in range(1, len(nouns)):
        for first, second in zip(nouns, (*nouns[step:], *nouns[:step]), strict=True):
            yield first + second.lower()
            yield f"{first}s{second.lower()}"


def zipf(words: Sequence[str], rng: Random, count: int, exponent: float = 1.0) -> list[str]:
    """Draw `count` words; the word of rank r comes 1/r**exponent as often as the first."""
    weights = list(accumulate(1 / rank**exponent for rank in range(1, len(words) + 1)))
    return rng.choices(words, cum_weights=weights, k=count)
