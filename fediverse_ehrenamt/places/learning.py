"""Learning districts: what entries of listings, which say where they are, teach of those that nobody knows. Pure."""

import unicodedata
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from statistics import median

from fediverse_ehrenamt.kit.geo import distance_km
from fediverse_ehrenamt.places import gazetteer
from fediverse_ehrenamt.places.districts import District, is_home, is_name
from fediverse_ehrenamt.places.gazetteer import Spot
from fediverse_ehrenamt.places.spelling import distance

_MOST_WORDS = 4
_LONG_NAME = 6  # letters from which on one edit is a slip
_LEAST = 2  # entries by whose postcodes a district is placed
_SMALL = frozenset(["am", "an", "auf", "bei", "dem", "den", "der", "im", "in", "vom", "von", "vor", "zum", "zur"])
_PREFIXES = ("Stadtteil ", "Ortsteil ", "Stadtbezirk ", "Bezirk ", "OT ")
_NO_NAMES = frozenset([
    "alle", "allen", "andere", "anderer", "anderes", "angabe", "angegeben", "ausserhalb", "beliebig", "digital",
    "diverse", "egal", "flexibel", "ganz", "gesamt", "gesamtstadt", "kein", "keine", "keiner", "kreis", "landkreis",
    "mehrere", "nicht", "online", "region", "sonstige", "sonstiger", "sonstiges", "stadt", "stadtgebiet",
    "stadtteil", "stadtteile", "stadtteilen", "stadtweit", "test", "uberall", "uberregional", "umgebung", "umkreis",
    "umland", "unabhangig", "unbekannt", "unterschiedlich", "verschiedene", "virtuell", "wechselnd", "weitere",
])  # fmt: skip

Point = tuple[float, float]
_Key = tuple[str, str]


@dataclass(frozen=True, slots=True)
class Sighting:
    """An entry of a listing that is in one district of a town, as both are written there; WGS 84 degrees.

    Where it is not `exact`, the point is that of its postcode.
    """

    district: str
    town: str
    postcode: str
    latitude: float
    longitude: float
    exact: bool = True


def learn(sightings: Iterable[Sighting]) -> list[District]:
    """Return the districts that a listing names and nobody knows yet, by their labels.

    Each lies at the median of its entries. An entry far from its town says nothing, nor does a point at which there are
    entries of several districts: it is somebody's office. Where no entry says its point, a district lies at the
    postcode that most of several entries have.
    """
    return sorted(_found(sightings), key=lambda one: one.label)


def _found(sightings: Iterable[Sighting]) -> Iterator[District]:
    seen: dict[_Key, list[Sighting]] = defaultdict(list)
    of_point: dict[Point, set[_Key]] = defaultdict(set)
    for one, town in _placed(sightings):
        key = town.name, gazetteer.fold(one.district)
        seen[key].append(one)
        if one.exact:
            of_point[one.latitude, one.longitude].add(key)
    for (town_name, _name), some in seen.items():
        own = [one for one in some if one.exact and len(of_point[one.latitude, one.longitude]) == 1]
        own = own or _at_one_postcode([one for one in some if not one.exact])
        if own:
            yield _district(town_name, own)


def _at_one_postcode(some: list[Sighting]) -> list[Sighting]:
    """Return the entries at the postcode that most of them have, nothing where they disagree: some name an office."""
    (code, times), *_others = Counter(one.postcode for one in some).most_common(1) or [("", 0)]
    return [one for one in some if one.postcode == code] if times >= _LEAST and 2 * times > len(some) else []


def _district(town: str, some: list[Sighting]) -> District:
    (name, _times), *_others = Counter(one.district for one in some).most_common(1)
    codes = {one.postcode for one in some}
    latitude, longitude = median(one.latitude for one in some), median(one.longitude for one in some)
    return District(town, name, latitude, longitude, codes.pop() if len(codes) == 1 else "", learnt=True)


def _placed(sightings: Iterable[Sighting]) -> Iterator[tuple[Sighting, Spot]]:
    """Yield those of districts that are not known yet and lie where their town does, each with its town."""
    towns: dict[str, Spot | None] = {}
    for one in sightings:
        if one.town not in towns:
            towns[one.town] = _town(one.town)
        town = towns[one.town]
        if town is None or not is_home(one.latitude, one.longitude):
            continue
        name = _name(one.district, town)
        if name and not gazetteer.district(f"{town.name}-{name}"):
            away = distance_km(town.latitude, town.longitude, one.latitude, one.longitude)
            if away <= gazetteer.FROM_TOWN_KM:
                yield replace(one, district=name, town=town.name), town


def _town(text: str) -> Spot | None:
    """Return the town that is named, also by one of its districts; a name that finds another town is none."""
    spot = gazetteer.find(text) if text else None
    inside = gazetteer.district(spot.name) if spot else None
    town = gazetteer.find(inside.town) if inside else spot
    return town if town and town.population and gazetteer.find(town.name) == town else None


def _name(text: str, town: Spot) -> str:
    """Return a district's name without what stands around it, "" for what is none."""
    name = unicodedata.normalize("NFC", " ".join(text.split()))
    name = name.removeprefix(f"{town.name}-").removeprefix(f"{town.name} ")
    for prefix in _PREFIXES:
        name = name.removeprefix(prefix)
    words, folded = name.split(), gazetteer.fold(name)
    if not is_name(name) or not folded or len(words) > _MOST_WORDS or is_the_town(folded, gazetteer.fold(town.name)):
        return ""
    is_written_large = words[0][0].isupper() and all(word[0].isupper() or word in _SMALL for word in words)
    return name if is_written_large and _NO_NAMES.isdisjoint(folded.split()) else ""


def is_the_town(name: str, town: str) -> bool:
    """Say whether a folded name is that of the town itself, also misspelt: "hamnburg", but not "harburg"."""
    if name == town:
        return True
    return len(town) >= _LONG_NAME and distance(name, town, 1) <= 1 and gazetteer.find(name) is None
