"""In which town entries are that name none: the one that somebody said, that their source is named after, or most say.

What is assumed is never passed off as said: an entry names the town as that of its source, and unless a person stated
it the field is marked as understood by machine.
"""

import re
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from functools import lru_cache
from typing import Final
from urllib.parse import urlsplit

from fediverse_ehrenamt.imports import spots
from fediverse_ehrenamt.kit import geo
from fediverse_ehrenamt.kit.sentences import Sentence, sentence
from fediverse_ehrenamt.listings import addresses
from fediverse_ehrenamt.listings.record import EVENT, Fault, Record
from fediverse_ehrenamt.places import data, gazetteer
from fediverse_ehrenamt.places.gazetteer import Spot

ORDER = STATED, OWN, NAMED, MOST, FALLBACK = ("stated", "own", "named", "most", "fallback")
"""Where a town comes from: said by who imports, the organisation of the entry, what the source is called, most of its
entries, the organisation under which all others appear. The first that is known counts."""

IN_VENUE: Final = "venue"  # a place near it that the venue is named after
SURE: Final = {IN_VENUE: 0.7, OWN: 0.7, NAMED: 0.6, MOST: 0.6, FALLBACK: 0.5}
"""How sure what a person did not state is (0 to 1)."""

_LEAST_NAMING, _LEAST_SHARE = 3, 0.6  # entries that name one town, and their share of all that name any
_CITY = 50_000  # inhabitants
_LEAST_PEOPLE = 2_000  # of a town that a source is called by: "Haus" and "Sport" are hamlets
_AROUND_KM = 30.0  # from the town of a source to a place that the name of a house ends with: "Rathaus Adendorf"
_REGION_KM = 60.0  # to a town that stands before a house
_BIG = 20_000  # inhabitants of a town that is no part of another
_MOST_WORDS = 3  # of the name of a town
_BRACKETS = re.compile(r"\([^()]*\)")
_WORD = re.compile(r"[^\W\d_][\w.'’-]*", re.UNICODE)
_HOST = re.compile(r"(?:(?:stadt|gemeinde|markt|hansestadt|samtgemeinde)-?)?([a-z-]{3,40})")
_BEFORE_NAME = frozenset({"stadt", "gemeinde", "markt", "hansestadt", "samtgemeinde", "verbandsgemeinde", "in"})
# Towns and districts that are called as something else is, unless "Stadt" stands before them.
_NO_TOWNS = frozenset({
    "altstadt", "baden", "berg", "burg", "essen", "halle", "hof", "kloster", "leer", "linden", "mitte", "neustadt",
    "nord", "ost", "saal", "singen", "süd", "verl", "west", "wissen",
})  # fmt: skip

_STREET = re.compile(r"(?:str\.|straße)(?:\s\d.{0,10})?$", re.IGNORECASE)  # "Ernst-Abbe-Str." is not in Ernst
_ALL_OVER_TOWN = re.compile(r"stadt(?:gebiet|weit)|(?:ganze|gesamte)\w?\sstadt", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Home:
    """A town, and where it comes from (`STATED` …); `town` is "" where none is known."""

    town: str = ""
    origin: str = ""


NOWHERE: Final = Home()


def find(read: Iterable[Record | Fault], address: str) -> Home:
    """Return the town of a source by what it is called or where it lies, else by what most of its entries name."""
    records = [one for one in read if isinstance(one, Record)]
    called = {one.feed for one in records if one.feed}
    named = {town for name in called if (town := town_in(name))} or {_of_host(address)} - {""}
    if len(named) == 1:
        return Home(named.pop(), NAMED)
    towns = Counter(filter(None, map(_town_of, records)))
    town, count = towns.most_common(1)[0] if towns else ("", 0)
    is_most = count >= _LEAST_NAMING and count >= _LEAST_SHARE * towns.total()
    return Home(town, MOST) if is_most and gazetteer.find(town) else NOWHERE


def _town_of(record: Record) -> str:
    """Return the town that an entry names in a field of its own or before its house."""
    return record.locality.strip() or spots.town_of(record.postcode) or leading(record.venue)[0]


@lru_cache(4096)
def leading(venue: str) -> tuple[str, str]:
    """Return the town that stands before a house, and the house: "Görlitz, Annenkapelle"; "" where none does."""
    begin, _, house = venue.partition(",")
    bare = _BRACKETS.sub("", begin).strip()
    spot = _named(bare) if bare.lower() not in _NO_TOWNS else None
    return (bare, house.strip()) if spot else ("", venue)


def lacks_town(record: Record) -> bool:
    """Say whether an entry takes place somewhere and does not say in which town, or by a name that nobody knows."""
    if record.postcode or record.country not in spots.HOME or _is_place(record.locality) or spots.is_stated(record):
        return False
    mode = spots.mode(record)
    return not mode or (mode == spots.ANYWHERE and _is_in_town(record))


def _is_in_town(record: Record) -> bool:
    """Say whether help is wanted anywhere in the town: "Stadtgebiet", and not "bundesweit"."""
    return any(_ALL_OVER_TOWN.search(name) for name in (*record.districts, record.venue))


@lru_cache(4096)
def _is_place(locality: str) -> bool:
    """Say whether a place is one that is known.

    Houses and parts of a town stand in many a column for it, and what lies nowhere is found nowhere.
    """
    named = locality.strip()
    known = gazetteer.find(named) is not None or bool(addresses.towns(named))
    return bool(named) and known and not _STREET.search(named)


def placed(record: Record, home: Home) -> Record:
    """Return an entry that names no town in the one that is assumed, or in the place near it that its venue names."""
    middle = gazetteer.find(home.town)
    if record.locality:  # that is none
        record = replace(record, venue=record.venue or record.locality, locality="")
    town, house = leading(record.venue)
    if middle and town and _is_meant(town, house, middle):
        return replace(record, venue=house, locality=town, assumed=IN_VENUE)
    near = _in_venue(record.venue, home.town, data.edition()) if middle and record.kind == EVENT else _NOT_NEAR
    return replace(
        record,
        locality=near.town or home.town,
        districts=record.districts or ((near.district,) if near.district else ()),
        assumed=IN_VENUE if near.town else home.origin,
    )


def note(homes: Iterable[Home], count: int) -> Iterator[Sentence]:
    """Say how many entries name no town, and where they are therefore taken to be."""
    towns = dict.fromkeys(home.town for home in homes if home.town)
    if not count:
        return
    if not towns:
        yield sentence(
            "%(number)s Einträge nennen keinen Ort; wer nach einem Ort sucht, findet sie nicht. Bitte sagen, wo sie "
            "sind.",
            number=count,
        )
    else:
        yield sentence(
            "%(number)s Einträge nennen keinen Ort; angenommen ist der Ort der Quelle: %(towns)s.",
            number=count,
            towns=", ".join(towns),
        )


def _is_meant(town: str, house: str, middle: Spot) -> bool:
    """Say whether a name is that of a town near a source, and no part of its own: "Lankow" alone is one of Schwerin."""
    spot = gazetteer.find(town)
    if spot is None or (not house and spot != middle and spot.population < _BIG):
        return False
    return geo.distance_km(spot.latitude, spot.longitude, middle.latitude, middle.longitude) <= _REGION_KM


@lru_cache(256)
def town_in(name: str) -> str:
    """Return the one town that the name of a source says ("Termine der Stadt Lüneburg"), "" where it is unclear."""
    words = [found[0] for found in _WORD.finditer(name.replace("_", " "))]
    found: dict[str, None] = {}
    start = 0
    while start < len(words):
        length = next((n for n in range(_MOST_WORDS, 0, -1) if _is_town(words, start, n)), 0)
        if length:
            found[" ".join(words[start : start + length])] = None
        start += length or 1
    return next(iter(found)) if len(found) == 1 else ""


def _is_town(words: list[str], start: int, length: int) -> bool:
    some = words[start : start + length]
    if len(some) < length or not some[0][0].isupper():
        return False
    said, before = " ".join(some), words[start - 1].lower() if start else ""
    if said.lower() in _NO_TOWNS and before not in _BEFORE_NAME:
        return False
    return _named(said) is not None


def _named(said: str) -> Spot | None:
    """Return the town that is called just so, or a city that is called so for short: "Freiburg"."""
    spot, asked = gazetteer.find(said), gazetteer.fold(said)
    if spot is None or spot.population < _LEAST_PEOPLE:
        return None
    called = gazetteer.fold(spot.name)
    return spot if called == asked or (spot.population >= _CITY and called.startswith(f"{asked} ")) else None


def _of_host(address: str) -> str:
    """Return the town of a host such as "www.stadt-lueneburg.de", "" where it says none."""
    labels = (urlsplit(address).hostname or "").split(".") if "://" in address else []
    found = _HOST.fullmatch(labels[-2]) if len(labels) > 1 else None
    spot = _named(found[1].replace("-", " ")) if found and found[1] not in _NO_TOWNS else None
    return spot.name if spot else ""


@dataclass(frozen=True, slots=True)
class _Near:
    """A place that the name of a house says: another `town`, or a `district` of the one that is assumed."""

    town: str = ""
    district: str = ""


_NOT_NEAR: Final = _Near()


@lru_cache(4096)
def _in_venue(venue: str, town: str, _edition: int) -> _Near:
    """Return the place that the last words of a venue name: "Bürgerhaus Ochtmissen", "Kirche in Adendorf"."""
    words, middle = venue.split(), gazetteer.find(town)
    for length in range(min(_MOST_WORDS, len(words) - 1), 0, -1) if middle else ():
        said = " ".join(words[-length:])
        if not said[0].isupper() or said.lower() in _NO_TOWNS or gazetteer.fold(said) == gazetteer.fold(town):
            continue
        if district := gazetteer.districts_by_name(town).get(gazetteer.fold(said)):
            return _Near(district=district.name)
        spot = gazetteer.find(said)
        if spot is None or middle is None or gazetteer.fold(spot.name) != gazetteer.fold(said):
            continue
        if geo.distance_km(spot.latitude, spot.longitude, middle.latitude, middle.longitude) <= _AROUND_KM:
            return _Near(town=spot.name)
    return _NOT_NEAR
