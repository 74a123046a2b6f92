"""How long somebody can bind themselves at most, in everyday questions: "für drei Monate", "ein Schulhalbjahr"."""

import re
from collections.abc import Iterator

from fediverse_ehrenamt.kit.sentences import sentence
from fediverse_ehrenamt.language.questions import DENYING
from fediverse_ehrenamt.understanding.asking import Asked, Part

_SURE = 0.9
_NONE, _MONTH, _YEAR = "keine", "1_monat", "1_jahr"
_MONTHS = {12: _YEAR, 6: "6_monate", 3: "3_monate", 1: _MONTH}  # the longest duration first
_LABELS = {
    _NONE: sentence("Ohne Mindestdauer"),
    _MONTH: sentence("Höchstens 1 Monat"),
    "3_monate": sentence("Höchstens 3 Monate"),
    "6_monate": sentence("Höchstens 6 Monate"),
    _YEAR: sentence("Höchstens 1 Jahr"),
}
_NUMBERS = {
    "ein": 1, "einen": 1, "einem": 1, "eine": 1, "zwei": 2, "drei": 3, "vier": 4, "fünf": 5, "sechs": 6, "sieben": 7,
    "acht": 8, "neun": 9, "zehn": 10, "elf": 11, "zwölf": 12, "ein paar": 2, "paar": 2, "wenige": 2, "mehrere": 2,
}  # fmt: skip
_SHORTER = {_YEAR: "6_monate", "6_monate": "3_monate", "3_monate": _MONTH}
_BINDS = ("verpflicht", "bind", "festleg", "gebunden")
_FAR, _FARTHER = 3, 6  # words between a duration and that somebody is bound, and between it and "nicht"
_WEEKS_OF_MONTH = 4
_SOME_WEEKS = frozenset(["ein paar", "paar", "mehrere"])  # as many as a month has

_COUNT = "|".join([r"\d{1,2}", *sorted(_NUMBERS, key=len, reverse=True)])
_UNITS = {
    "halbe": 6, "halbj": 6, "schulhalbj": 6, "semester": 6, "winterhalbj": 6, "sommerhalbj": 6, "schulj": 12,
    "vierteljahr": 3, "quartal": 3, "monat": 1, "jahr": 12,
}  # fmt: skip
_UNIT = (
    r"halbe[sn]? jahr|(?:schul|winter|sommer)?halbjahr|semester|schuljahr|vierteljahr|quartal|"
    r"monate?n?|jahr|wochen?"
)
_ONLY = r"(?:nur|erst ?mal|zunächst|vorerst|maximal|max\.?|höchstens|befristet)"
_WHICH = rf"(?:(?P<count>{_COUNT})|das|dieses|mein|das kommende|das nächste)(?: (?:ganzes|komplettes))?"
_NO_AGE = r"(?! (?:alt\w*|zurück|pro|im (?:jahr|monat))\b)"
_ABOUT = rf"(?:ca\.?|etwa|ungefähr|{_ONLY}|die dauer von)"
_LASTING = (
    rf"\b(?:{_ONLY} )?(?:für|auf)(?: {_ABOUT})? {_WHICH} (?P<unit>{_UNIT})\b{_NO_AGE}",
    rf"\b{_ONLY} (?:für )?(?P<count>{_COUNT}) (?P<unit>{_UNIT})\b{_NO_AGE}",
    rf"\b(?P<count>{_COUNT}) (?P<unit>{_UNIT}) lang\b",
)
_LASTS = tuple(re.compile(pattern, re.IGNORECASE) for pattern in _LASTING)


def read(asked: Asked) -> Iterator[Part]:
    """Find the longest time for which somebody can, as the longest least duration of an offer that is within it.

    Whoever has more than a year needs no filter. "In den Ferien" says more than how long: it stays words.
    """
    for pattern in _LASTS:
        for match in asked.search(pattern):
            slug = _within(match["count"] or "ein", match["unit"].lower())
            refused = _refused(asked, *asked.between(*match.span()))
            if slug and refused:
                slug = _SHORTER.get(slug, _NONE)
            if slug:
                yield Part(
                    (("dauer", slug),), _LABELS[slug], (asked.take(*(refused or asked.between(*match.span()))),), _SURE
                )
                return


def _refused(asked: Asked, first: int, behind: int) -> tuple[int, int] | None:
    """Return the words by which somebody will not bind themselves for so long: "nicht auf ein Jahr verpflichten"."""
    binds = next((at + 1 for at in range(behind, behind + _FAR) if asked.key(at).startswith(_BINDS)), None)
    denies = next((at for at in range(first - 1, max(first - _FARTHER, 0) - 1, -1) if asked.key(at) in DENYING), None)
    return None if binds is None or denies is None or not all(asked.free[denies:binds]) else (denies, binds)


def _within(count: str, unit: str) -> str:
    """Return the longest duration that is no longer than a time, "" where there is none that is longer."""
    number = int(count) if count.isdecimal() else _NUMBERS[count.lower()]
    if unit.startswith("woche"):
        number = _WEEKS_OF_MONTH if count.lower() in _SOME_WEEKS else number
        months, each = number // _WEEKS_OF_MONTH, 1
    else:
        months, each = number, next(length for start, length in _UNITS.items() if unit.startswith(start))
    if months * each > max(_MONTHS):
        return ""
    return next((slug for length, slug in _MONTHS.items() if length <= months * each), _NONE)
