"""Where an entry of another listing is: as exactly as it says, by the gazetteer where it names no coordinates.

Nothing is refused: an entry in a town that nobody knows is still an entry.
"""

import re
from functools import lru_cache

from fediverse_ehrenamt.kit import geo
from fediverse_ehrenamt.listings import addresses, points
from fediverse_ehrenamt.listings.categories import fold
from fediverse_ehrenamt.listings.record import Record
from fediverse_ehrenamt.places import data, gazetteer
from fediverse_ehrenamt.places.gazetteer import Spot
from fediverse_ehrenamt.places.learning import Sighting, is_the_town
from fediverse_ehrenamt.vocab.types import Place

ANYWHERE, ONLINE = "beliebig_im_gebiet", "online"
_ONE = 1
_PLATE = re.compile(r"[A-ZÄÖÜ]{1,3}")  # the letters of a number plate stand for a town or its county
_POSTCODE = re.compile(r"[0-9]{5}")
_LONGEST = 200  # characters of a name or a street
HOME = frozenset({"", "DE"})
"""What the country of an entry can be for it to be in Germany."""

_ALL_OVER = (
    " stadtweit", " gesamt", " ganz ", " ganze", " ueberall", " alle ", " ortsunabh", " stadtgebiet", " bundesweit",
    " egal ", " verschiedene", " mehrere ", " kreisweit", " landesweit", " unabhaengig", " landkreis ", " kreisgebiet",
    " lk ", " kreis ", " stadt und ", " stadt u ",
)  # fmt: skip
_AT_HOME = (" online", " zu hause", " homeoffice", " digital", " zuhause", " virtuell", " remote", " daheim",
            " home office", " am telefon", " telefonisch", " per telefon", " skype", " zoom")  # fmt: skip
_FEW_WORDS = 3
_ANYWHERE = frozenset(f" {name} " for name in (
    "stadtweit", "ganzes stadtgebiet", "gesamtes stadtgebiet", "stadtgebiet", "im stadtgebiet", "ueberall", "egal",
    "ortsunabhaengig", "bundesweit", "kreisweit", "landesweit", "verschiedene orte", "verschiedene", "mehrere orte",
))  # fmt: skip
_ALSO = (" auch ", " teilweise ", " teils ", " moeglich", " oder ", " wahlweise ")
_ON_SITE = "teilweise_online"
_ALTERNATIVES = re.compile(r"[/,;+]|\b(?:und|oder|u\.|o\.|bzw\.)(?=\s)", re.IGNORECASE)
_IN_BRACKETS = re.compile(r"\s*\([^()]*\)")
_PRINTED = re.compile(r"(?:D\s?-?\s?)?(\d{4,5})(?:[.,]0{1,2})?")  # "D-21335", and what spreadsheets make of it
_AROUND = 30.0  # km from a town to places that its lists name as districts
_POST_BOX = re.compile(r"(?:post(?:fach|box)|p\.?\s?f\.)\s?\d", re.IGNORECASE)


def mode(record: Record) -> str:
    """Return the mode that an entry states, or that its districts say: "Ortsunabhängig" is no district."""
    if record.mode:
        return record.mode
    at_home = record.street if _is_no_street(record.street) else ""
    named = [fold(name) for name in (*record.districts, record.locality, record.venue, at_home) if name]
    if any(word in name for name in named for word in _AT_HOME):
        partly = any(word in f"{name} " for name in named for word in _ALSO if any(one in name for one in _AT_HOME))
        return _ON_SITE if partly or _also_on_site(record) else ONLINE
    return ANYWHERE if any(f"{name} ".startswith(_ALL_OVER) for name in named) else ""


def _also_on_site(record: Record) -> bool:
    """Say whether a place stands beside "online": "online / Probenraum", "online und vor Ort"."""
    for name in (*record.districts, record.venue):
        parts = [fold(part) for part in _ALTERNATIVES.split(name) if part.strip()]
        at_home = [any(word in part for word in _AT_HOME) for part in parts]
        if any(at_home) and not all(
            home or f"{part} ".startswith(_ALL_OVER) for part, home in zip(parts, at_home, strict=True)
        ):
            return True
    return False


def place(record: Record, *, of_event: bool) -> Place | None:
    """Return the place of an entry, None where it names none.

    An offer in one district is named by it. An event is not: Gancio finds places again by their names alone.
    """
    locality, street = _locality(record), _short(record.street)
    street = "" if _POST_BOX.match(street) or _is_no_street(street) else street  # nobody helps there
    district, postcode = _district(record), _postcode(record)
    name = _short(record.venue) or ("" if of_event else district)
    town = locality or town_of(postcode)
    name = "" if is_the_town(gazetteer.fold(name), gazetteer.fold(town)) or _is_no_house(name) else name
    if of_event and not (street or postcode or locality) and mode(record) == ONLINE:
        return None  # "online" is no house
    if not any((name, locality, street, postcode)) and record.latitude is None:
        return None
    latitude, longitude = _coordinates(record, locality, postcode, district)
    return Place(
        name=name,
        street=street,
        postcode=postcode,
        locality=town,
        country=record.country or "DE",
        latitude=latitude,
        longitude=longitude,
    )


@lru_cache(4096)
def _is_no_house(name: str) -> bool:
    """Say whether a place is none where anybody could go: "stadtweit", "von zu Hause", "auch online möglich"."""
    said = fold(name)
    at_home = any(word in said for word in _AT_HOME) and len(said.split()) <= _FEW_WORDS
    return at_home or f"{said} " in _ANYWHERE


def _is_no_street(street: str) -> bool:
    """Say whether "Homeoffice" stands where a street should."""
    return not any(char.isdecimal() for char in street) and _is_no_house(street)


def _locality(record: Record) -> str:
    """Return the name of a town, of several the first; one in capitals as it is usually written."""
    several = addresses.towns(record.locality)
    named = _short(several[0] if several else record.locality)
    if _PLATE.fullmatch(named) and gazetteer.find(named) is None:
        return town_of(_postcode(record)) or named
    spot = gazetteer.find(named) if named.isupper() else None
    return spot.name if spot and gazetteer.fold(spot.name) == gazetteer.fold(named) else named


def sighting(record: Record) -> Sighting | None:
    """Return what an entry teaches of where the one district is that it names, None where it says too little."""
    district, point, postcode = _district(record), _stated(record), _postcode(record)
    town = _short(record.locality) or town_of(postcode)
    if not district or not town or record.country not in HOME:
        return None
    if point is not None:
        return Sighting(district, town, postcode, *point)
    spot = gazetteer.find(postcode) if postcode else None
    return Sighting(district, town, postcode, spot.latitude, spot.longitude, exact=False) if spot else None


def _district(record: Record) -> str:
    """Return the one district that an entry names, as others name it too: without what brackets add."""
    if len(record.districts) != _ONE or mode(record):
        return ""
    named = _short(record.districts[0])
    return _IN_BRACKETS.sub("", named).strip() or named


def _postcode(record: Record) -> str:
    """Return five digits, also where a spreadsheet took a postcode for a number: "1067.0" is 01067."""
    if _POSTCODE.fullmatch(record.postcode) or not record.postcode:
        return record.postcode
    found = _PRINTED.fullmatch(record.postcode) if record.country in HOME else None
    if found is None:
        return ""
    return found[1] if _POSTCODE.fullmatch(found[1]) else _known(f"0{found[1]}")


def is_stated(record: Record) -> bool:
    """Say whether an entry states coordinates itself that can be right."""
    return _stated(record) is not None


def _stated(record: Record) -> tuple[float, float] | None:
    """Return the degrees that an entry states, None where there are none or they cannot be right."""
    latitude, longitude = record.latitude, record.longitude
    if latitude is None or longitude is None:
        return None
    if record.country not in HOME:
        return latitude, longitude
    named = record.locality or record.postcode
    return points.meant(
        latitude, longitude, gazetteer.find(f"{record.postcode} {record.locality}", at_home=True) if named else None
    )


def _coordinates(record: Record, locality: str, postcode: str, district: str) -> tuple[float | None, float | None]:
    stated = _stated(record)
    if stated is not None:
        return stated
    if record.country not in HOME:
        return None, None
    return _looked_up(locality, postcode, district, data.edition())


@lru_cache(4096)
def _looked_up(locality: str, postcode: str, district: str, _edition: int) -> tuple[float | None, float | None]:
    town = gazetteer.find(locality, at_home=True) if locality else None
    if district and town is not None:
        spot = gazetteer.find(f"{town.name}-{district}")
        if spot is not None and spot.name != town.name:
            return spot.latitude, spot.longitude
        near = gazetteer.find(district)  # lists of a town name the villages around it as districts
        if near is not None and gazetteer.fold(near.name) == gazetteer.fold(district) and _is_near(near, town):
            return near.latitude, near.longitude
    spot = (gazetteer.find(postcode) if postcode else None) or town
    return (spot.latitude, spot.longitude) if spot else (None, None)


def _is_near(one: Spot, other: Spot) -> bool:
    return geo.distance_km(one.latitude, one.longitude, other.latitude, other.longitude) <= _AROUND


@lru_cache(4096)
def _known(postcode: str) -> str:
    return postcode if gazetteer.find(postcode) else ""


@lru_cache(4096)
def town_of(postcode: str) -> str:
    """Return the town of a postcode, "" where it is unknown."""
    spot = gazetteer.find(postcode) if postcode else None
    return spot.name if spot else ""


def _short(text: str) -> str:
    return " ".join(text.split())[:_LONGEST]
