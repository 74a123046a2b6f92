"""Reads addresses that stand in one field: "Bürgerhaus, Marktstr. 1-3, 58095 Hagen". What is unclear is a name."""

import re
from collections.abc import Iterator, Mapping
from functools import cache, lru_cache

from babel import Locale

from fediverse_ehrenamt.kit.geo import distance_km
from fediverse_ehrenamt.places import gazetteer
from fediverse_ehrenamt.places.gazetteer import Spot

FIELDS = ("venue", "street", "postcode", "locality")
"""The fields of a Record that an address is spread over, as those who name the place say them."""

_LONGEST = 500  # characters
_MOST_NAMES = 2
_LEAST_PEOPLE = 1_000  # of a town that is one of several: "Haus" is a hamlet, too
_BETWEEN = re.compile(r"[,;\n|]|\s[-–·]\s")
_TOWN = re.compile(r"^(?:D\s?-?\s?)?(\d{5})(?:\s{1,3}(.{2,80}))?$")
_TOWN_AT_END = re.compile(r"\s(?:D\s?-?\s?)?\d{5}\s[A-ZÄÖÜ]")
_STREET = re.compile(
    r"^(?!(?:Raum|Saal|Zimmer|Halle|Gleis|Etage|Haus|Block|Tor)\b)(?!\D{0,80}\b(?:Raum|Saal|Zimmer|Etage)\s\d).{3,80}?\s{0,2}"
    r"\d{1,4}\s?[a-zA-Z]?(?:\s?[-–/+]\s?\d{1,4}\s?[a-zA-Z]?)?$",
    re.IGNORECASE,
)
_WITH_HOUSE = re.compile(r"([^()]{3,80}?)\s?\(([^()]{2,80})\)")  # "Altendorfer Str. 353 (Reisebüro)"
_UNNUMBERED = re.compile(r".{1,60}(?:straße|strasse|str\.|allee|gasse|chaussee|damm|ufer)", re.IGNORECASE)
_TOWNS = re.compile(r"[,;/+]|\s(?:und|u\.|sowie|oder)\s", re.IGNORECASE)
_WITH_DISTRICT = re.compile(r"(.{2,60}?),?\s\(?(?:OT|Ortsteil|Stadtteil|Ortschaft)\s([^()]{2,60})\)?")
_WITH_PLATE = re.compile(r"(?<=[a-zäöüß.)])\s[-–]\s[A-ZÄÖÜ]{1,3}$")
_SORTED = re.compile(r"^\d{1,2}\s+(?=[^\W\d_]{4})")
_WITH_PART = re.compile(r"([^\W\d_]{3,40})(?:\s?[-–]\s?|\s)([A-ZÄÖÜ][^\W\d_]{2,30}(?:[- ][A-ZÄÖÜ][^\W\d_]{2,30})?)")
_CITY = 100_000  # inhabitants of a town whose parts are named behind it
_NO_PARTS = frozenset({
    "ruhr", "main", "oder", "saale", "rhein", "westfalen", "westf", "nrw", "hessen", "pfalz", "baden", "stadt", "land",
    "kreis", "umgebung", "umland", "region", "weit", "deutschland", "germany", "sachsen", "bayern", "holstein",
})  # fmt: skip
_AROUND_KM = 30.0  # from the middle of a city to its border
_COUNTRY = frozenset({"deutschland", "germany"})
_LETTERS = 2  # of a country's code


def read(text: str) -> dict[str, str]:
    """Return the parts of an address by `FIELDS`, "" what it does not say."""
    text = text[:_LONGEST]
    if cut := _TOWN_AT_END.search(text):  # "Marktstr. 1 58095 Hagen" lacks a comma
        text = f"{text[: cut.start()]},{text[cut.start() :]}"
    names: list[str] = []
    street = postcode = locality = ""
    for part in _parts(text):
        if found := _TOWN.match(part):
            postcode, locality = found[1], (found[2] or locality).strip()
        elif not street and _STREET.match(part):
            street = part
        elif part and part.casefold() not in _COUNTRY and not part.isdecimal():
            names.append(part)
    if not locality and len(names) > (not street) and is_town(names[-1]):
        locality = names.pop()
    if postcode and not street and names[:1] and _UNNUMBERED.fullmatch(names[0]):
        street = names.pop(0)
    return dict(zip(FIELDS, (", ".join(names[:_MOST_NAMES]), street, postcode, locality), strict=True))


def _parts(text: str) -> Iterator[str]:
    """Yield the parts of an address, a house in brackets apart from its street: "Altendorfer Str. 353 (Reisebüro)"."""
    for part in (" ".join(part.split()) for part in _BETWEEN.split(text)):
        found = _WITH_HOUSE.fullmatch(part)
        yield from found.groups() if found and _STREET.match(found[1]) else (part,)


@lru_cache(256)
def country(said: str) -> str:
    """Return the two letters of a country that is named in German, English or French, "" where it is none of them."""
    name = said.strip().casefold()
    return name.upper() if name.upper() in _names().values() else _names().get(name, "")


@cache
def _names() -> Mapping[str, str]:
    named = (Locale.parse(language).territories.items() for language in ("fr", "en", "de"))
    return {name.casefold(): code for one in named for code, name in one if len(code) == _LETTERS and code.isalpha()}


@lru_cache(4096)
def is_town(name: str) -> bool:
    """Say whether a name is that of a town or a part of one: "Treffpunkt Brunnen" is none."""
    spot = gazetteer.find(name) if not _STREET.match(name) else None
    return spot is not None and gazetteer.fold(name).startswith(gazetteer.fold(spot.name))


@lru_cache(4096)
def towns(name: str) -> tuple[str, ...]:
    """Return the towns that one cell names: "Hagen, Herdecke und Wetter"; nothing where it does not name several."""
    parts = tuple(dict.fromkeys(part for part in map(str.strip, _TOWNS.split(name[:_LONGEST])) if part))
    return parts if len(parts) > 1 and all(map(_is_called, parts)) else ()


def _is_called(name: str) -> bool:
    """Say whether a town is called so, also for short: "Wetter" is "Wetter (Ruhr)"."""
    spot, asked = gazetteer.find(name), gazetteer.fold(name)
    return (
        spot is not None
        and spot.population >= _LEAST_PEOPLE
        and f"{gazetteer.fold(spot.name)} ".startswith(f"{asked} ")
    )


def told(said: Mapping[str, str]) -> dict[str, str]:
    """Return the fields of an address, those taken apart that hold more than their name says."""
    own = {name: " ".join(said.get(name, "").split()) for name in FIELDS}
    for name in ("street", "locality", "venue", "postcode"):
        packed = own[name]
        if not re.search(r"\b\d{5}\b", packed) or (name == "postcode" and packed.isdecimal()):
            continue
        found = read(said[name])
        if not found["postcode"]:
            continue
        own[name] = ""
        own = {field: own[field] or found[field] for field in FIELDS}
    if own["street"].casefold() == own["locality"].casefold():
        own["street"] = ""  # who knows no street says the town once more
    own |= _housed(own)
    if not (own["locality"] or own["postcode"]) and "," in own["venue"]:
        found = read(own["venue"])  # "Kita Struth, Eschwege"
        if found["locality"]:
            own |= {field: found[field] or own[field] for field in ("venue", "street", "locality")}
            own["venue"] = found["venue"]
    return own


def bare_district(district: str) -> str:
    """Return a district without what FreiNet's lists have around it.

    That is the number plate of its town, "Borbeck - E", and the number that sorts it: "1 Ortsunabhängig".
    """
    return _SORTED.sub("", _WITH_PLATE.sub("", district))


def town_of_district(district: str, postcode: str) -> str:
    """Return the town that stands where its district should, "" where a district does.

    In city states many fill in "Hamburg" for both. A postcode on the border belongs to a smaller neighbour.
    """
    own, named = gazetteer.find(postcode) if postcode else None, gazetteer.find(district)
    beside = gazetteer.find(own.name) if own else None
    if named is None or beside is None or gazetteer.fold(named.name) != gazetteer.fold(district):
        return ""
    return named.name if named.population > beside.population and _is_near(named, beside) else ""


def _is_near(one: Spot, other: Spot) -> bool:
    return distance_km(one.latitude, one.longitude, other.latitude, other.longitude) <= _AROUND_KM


def parted(locality: str) -> tuple[str, str]:
    """Return a town and the district that stands behind it: "Bautzen OT Salzenforst", "Essen/Altenessen"."""
    if found := _WITH_DISTRICT.fullmatch(locality):
        return found[1], found[2]
    town, _, district = map(str.strip, locality[:_LONGEST].partition("/"))
    if district and not towns(locality) and _is_called(town):
        return town, district
    return _of_a_city(locality)


def _of_a_city(locality: str) -> tuple[str, str]:
    """Return a large town and its part where both are written as one name: "Essen Borbeck", not "Essen Ruhr"."""
    found = _WITH_PART.fullmatch(locality)
    city, whole = gazetteer.find(found[1]) if found else None, gazetteer.find(locality)
    is_known = whole is not None and gazetteer.fold(whole.name) == gazetteer.fold(locality)
    if found is None or city is None or is_known or city.population < _CITY or found[2].lower() in _NO_PARTS:
        return locality, ""
    return (found[1], found[2]) if gazetteer.fold(city.name) == gazetteer.fold(found[1]) else (locality, "")


def _housed(own: Mapping[str, str]) -> dict[str, str]:
    """Return house and street if one field holds both, or the other's: "Kulturzentrum, Marktstr. 3", "Talstr. 30"."""
    packed = own["venue"] or own["street"]
    if (own["venue"] and own["street"]) or not _STREET.match(packed.rpartition(",")[2].strip()):
        return {}
    found = read(packed)
    if not found["street"] or found["postcode"] or found["locality"] or (own["street"] and not found["venue"]):
        return {}
    return {"venue": found["venue"], "street": found["street"]}
