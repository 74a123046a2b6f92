"""Compounds: what German writes as one word is taken apart, by a list of parts and the letters that join them. Pure.

The fewest parts win, so that "Hausaufgabenhilfe" is Hausaufgabe and Hilfe. What cannot be made wholly of known parts
stays whole ("Katastrophe" is not "Kata" and "Strophe"), but for a long known word at its end: "Marienkrankenhaus".
"""

import re
from dataclasses import dataclass

from fediverse_ehrenamt.language import lexicon

_SHORTEST, _LONGEST = 6, 48  # letters of a compound
_SHORTEST_PART = lexicon.SHORTEST_PART
_MOST_PARTS = 4
_SHORTEST_STRANGER = 4
# What makes another noun of the same root, alone or behind a first part: "Verwaltungsvorschrift" is no "Schrift".
_PREFIXES = "ab|an|auf|aus|be|bei|dar|durch|ein|ent|er|fort|ge|gegen|her|hers|hin|hinter|los|miss|mit|nach|neben|nieder"
_PREFIXES += "|ober|uber|um|un|unter|ur|ver|vor|weg|wider|wieder|zer|zu|zuruck|zusammen"
_NO_STRANGER = re.compile(rf"(?:.*(?:s|t|r))?(?:{_PREFIXES})|[^aeiouy]+")
# Heads that too many words end with by chance: "Hersteller", "Herrscher", "Pastille".
_CHANCE = frozenset(["schall", "teller", "schere", "scherer", "stille", "spruch", "reiter", "reit", "leiche", "burger"])


@dataclass(frozen=True, slots=True)
class Split:
    """The stems of a compound's parts in their order; `stranger` is an unknown first part, folded, or ""."""

    parts: tuple[str, ...]
    stranger: str = ""


NONE = Split(())


def split(folded: str) -> Split:
    """Return the parts of a folded word, NONE where it is no compound. The effort is linear in its length."""
    if not _SHORTEST <= len(folded) <= _LONGEST:
        return NONE
    known = lexicon.parts()
    if folded in known.heads:
        return NONE
    parts = _known_parts(folded, known)
    return Split(parts) if parts else _behind_a_stranger(folded, known)


def _known_parts(word: str, known: lexicon.Parts) -> tuple[str, ...]:
    """Go through the word once; keep for each place the fewest parts that lead there, earlier ones if as few."""
    modifiers, heads, lengths = known.modifiers, known.heads, known.lengths
    last = len(word) - _SHORTEST_PART
    ways: dict[int, tuple[str, ...]] = {0: ()}
    best: tuple[str, ...] = ()
    for start in range(last + 1):
        way = ways.get(start)
        if way is None:
            continue
        if start and word[start:] in heads and (not best or len(way) + 1 < len(best)):
            best = (*way, heads[word[start:]])
        if len(way) + 1 == _MOST_PARTS:
            continue
        for length in lengths.get(word[start : start + _SHORTEST_PART], ()):
            end = start + length
            if end > last:
                break
            stem = modifiers.get(word[start:end])
            if stem is not None and (end not in ways or len(way) + 1 < len(ways[end])):
                ways[end] = (*way, stem)
    return best


def _behind_a_stranger(word: str, known: lexicon.Parts) -> Split:
    """Find the longest strong head; what stands before it must be able to be a word."""
    for start in range(_SHORTEST_STRANGER, len(word) - _SHORTEST_PART):
        rest = word[start:]
        head = known.strong.get(rest)
        if head is not None and rest not in _CHANCE:
            stranger = word[:start]
            return NONE if _NO_STRANGER.fullmatch(stranger) else Split((head,), stranger)
    return NONE
