"""What can be a district, where one comes from, and what can be done with it. Pure."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from enum import StrEnum
from types import MappingProxyType
from typing import Final

from fediverse_ehrenamt.kit.errors import Problem
from fediverse_ehrenamt.kit.geo import distance_km
from fediverse_ehrenamt.kit.sentences import sentence
from fediverse_ehrenamt.places import gazetteer
from fediverse_ehrenamt.places.districts import LONGEST, District, is_home, is_name, is_postcode
from fediverse_ehrenamt.places.gazetteer import Spot

NAME, TOWN, POSTCODE, POINT = "name", "town", "postcode", "point"
"""The fields of a Problem."""
MOST: Final = 5_000
"""How many an instance keeps, their other names and hidden ones included."""
CHANGES: Final = 500
"""How many changes are kept to be taken back."""


class Origin(StrEnum):
    """Where a district comes from; the value is what the database keeps."""

    OWN = "own"
    """The program brings it; it is kept because it was changed here."""
    LEARNT = "learnt"
    ENTERED = "entered"


class What(StrEnum):
    """What was done; the value is what the database keeps."""

    LEARNT = "learnt"
    ADDED = "added"
    CHANGED = "changed"
    MERGED = "merged"
    PARTED = "parted"
    HIDDEN = "hidden"
    SHOWN = "shown"
    UNDONE = "undone"


WORDS: Mapping[What, str] = MappingProxyType(
    {
        What.LEARNT: "gelernt",
        What.ADDED: "angelegt",
        What.CHANGED: "geändert",
        What.MERGED: "zusammengelegt",
        What.PARTED: "wieder getrennt",
        What.HIDDEN: "ausgeblendet",
        What.SHOWN: "wieder gezeigt",
        What.UNDONE: "zurückgenommen",
    }
)


@dataclass(frozen=True, slots=True)
class Typed:
    """A district as somebody writes it; `point` is WGS 84 degrees, None where it is to be looked up."""

    name: str
    town: str
    postcode: str = ""
    point: tuple[float, float] | None = None


def settled(typed: Typed) -> tuple[District | None, list[Problem]]:
    """Return what is typed as a district, named as its town and placed; or what is wrong with it."""
    town = town_of(typed.town)
    name = " ".join(typed.name.split())
    if town is not None:
        name = name.removeprefix(f"{town.name}-")
    point = typed.point or (place(typed, town) if town is not None else None)
    found = list(_problems(typed, name, town, point))
    if found or town is None or point is None:
        return None, found
    return District(town.name, name, round(point[0], 5), round(point[1], 5), typed.postcode), []


def town_of(text: str) -> Spot | None:
    """Return the town that a text names, None for what is none, or a district itself."""
    spot = gazetteer.find(text) if text.strip() else None
    return spot if spot is not None and spot.population and gazetteer.district(spot.name) is None else None


def place(typed: Typed, town: Spot) -> tuple[float, float] | None:
    """Look up where a district is: by its postcode, else by its name; None where neither is known near the town."""
    code = gazetteer.find(typed.postcode) if typed.postcode else None
    named = (gazetteer.find(text) for text in (f"{typed.name}, {town.name}", typed.name) if typed.name)
    clues = [code, *(spot for spot in named if spot is not None and spot.name != town.name)]
    spots = (spot for spot in clues if spot is not None and _is_near(town, spot.latitude, spot.longitude))
    return next(((spot.latitude, spot.longitude) for spot in spots), None)


def _is_near(town: Spot, latitude: float, longitude: float) -> bool:
    return distance_km(town.latitude, town.longitude, latitude, longitude) <= gazetteer.FROM_TOWN_KM


def _problems(typed: Typed, name: str, town: Spot | None, point: tuple[float, float] | None) -> Iterator[Problem]:
    if not is_name(name) or not gazetteer.fold(name):
        yield Problem(
            NAME,
            sentence(
                "braucht Buchstaben, höchstens %(longest)s, und keine Ziffern; richtig wäre zum Beispiel Haspe",
                longest=LONGEST,
            ),
        )
    elif town is not None and gazetteer.fold(name) == gazetteer.fold(town.name):
        yield Problem(NAME, "ist der Name des ganzen Ortes; richtig wäre der Name eines Teils, zum Beispiel Mitte")
    if town is None:
        yield Problem(
            TOWN, sentence("„%(town)s“ kennen wir nicht als Ort; richtig wäre zum Beispiel Hagen", town=typed.town[:40])
        )
    if not is_postcode(typed.postcode):
        yield Problem(POSTCODE, "hat fünf Ziffern, zum Beispiel 58135; sie darf auch fehlen")
    if town is None:
        return
    if point is None:
        yield Problem(POINT, "ist nicht zu finden. Bitte nennen Sie die Postleitzahl, oder setzen Sie den Punkt")
    elif not (is_home(*point) and _is_near(town, *point)):
        yield Problem(
            POINT,
            sentence(
                "liegt weiter als %(km)s km von der Mitte von %(town)s entfernt",
                km=f"{gazetteer.FROM_TOWN_KM:.0f}",
                town=town.name,
            ),
        )
