"""Facts that a listing's words tell: days, ages, dates, numbers, the postcode. Where they differ, there are two needs.

Pure.
"""

import re
from collections.abc import Mapping
from functools import lru_cache
from types import MappingProxyType

from fediverse_ehrenamt.duplicates import words
from fediverse_ehrenamt.kit import days

_EVENT = "event"
_DAYS = {
    day: name
    for name, days in {
        "mo": "montag montags mo",
        "di": "dienstag dienstags di",
        "mi": "mittwoch mittwochs mi",
        "do": "donnerstag donnerstags do",
        "fr": "freitag freitags fr",
        "sa": "samstag samstags sonnabend sonnabends sa",
        "so": "sonntag sonntags so",
    }.items()
    for day in days.split()
}
_AGES = re.compile(r"(\d{1,2}) ?(?:-|–|bis) ?(\d{1,2}) ?jahr")
_DATE = re.compile(rf"(\d{{1,2}})\. ?(\d{{1,2}}\.|{'|'.join(days.MONTHS)})")
_LETTERS = re.compile(r"[a-z]+")
_POSTCODE = re.compile(r"\b\d{5}\b")
_NUMBER = re.compile(r"\d+")


@lru_cache(maxsize=256)
def facts(kind: str, title: str, text: str, when: str, place: str) -> Mapping[str, frozenset[str]]:
    """Return what can be compared of a listing's words: a difference tells two needs with the same text apart."""
    said = f"{title}\n{text[: words.MAX_TEXT]}".casefold()
    weekdays = {_DAYS[word] for word in set(_LETTERS.findall(said)) & _DAYS.keys() if len(word) > len("mo")}
    weekdays |= {_DAYS[word] for word in set(_LETTERS.findall(when.casefold())) & _DAYS.keys()}
    found = {
        "days": weekdays if kind != _EVENT else set(),
        "ages": {f"{first}-{last}" for first, last in _AGES.findall(said)},
        "dates": {_date(day, month) for day, month in _DATE.findall(said)},
        "numbers": set(_NUMBER.findall(title)),
        "postcode": set(_POSTCODE.findall(place)),
    }
    return MappingProxyType({name: frozenset(values) for name, values in found.items() if values})


def _date(day: str, month: str) -> str:
    return f"{int(day)}.{days.month(month) if month in days.MONTHS else int(month.rstrip('.'))}"
