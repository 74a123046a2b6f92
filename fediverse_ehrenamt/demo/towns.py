"""The three demo towns: real places, whose districts (WGS 84, good to some 300 m) come from the gazetteer."""

from dataclasses import dataclass
from functools import cache

from fediverse_ehrenamt.places import gazetteer

_WITH_ARTICLE = {
    "Mitte": "in der Mitte der Stadt",
    "Innenstadt": "in der Innenstadt",
    "Altstadt": "in der Altstadt",
    "Neustadt": "in der Neustadt",
    "Nordstadt": "in der Nordstadt",
    "Oststadt": "in der Oststadt",
    "Südstadt": "in der Südstadt",
    "Ihlenfelder Vorstadt": "in der Ihlenfelder Vorstadt",
    "Katharinenviertel": "im Katharinenviertel",
    "Vogelviertel": "im Vogelviertel",
    "Reitbahnviertel": "im Reitbahnviertel",
    "Jahnviertel": "im Jahnviertel",
    "Datzeberg": "auf dem Datzeberg",
    "Lindenberg": "auf dem Lindenberg",
    "Emst": "auf Emst",
    "Duburg": "auf Duburg",
    "Westliche Höhe": "auf der Westlichen Höhe",
    "Friesischer Berg": "auf dem Friesischen Berg",
    "Sandberg": "auf dem Sandberg",
    "Rude": "auf der Rude",
}


@dataclass(frozen=True, slots=True)
class District:
    """A part of a town; `where` is how one says that something is there ("in Haspe", "auf dem Datzeberg")."""

    name: str
    where: str
    latitude: float
    longitude: float
    postcode: str


@dataclass(frozen=True, slots=True)
class Town:
    """A demo town; `water` says where one goes for a walk by the water."""

    name: str
    key: str
    region: str
    latitude: float
    longitude: float
    water: str
    districts: tuple[District, ...]


@cache
def _districts(town: str) -> tuple[District, ...]:
    return tuple(
        District(one.name, _WITH_ARTICLE.get(one.name, f"in {one.name}"), one.latitude, one.longitude, one.postcode)
        for one in gazetteer.districts(town)
        if not one.learnt
    )


HAGEN = Town("Hagen", "hagen", "Nordrhein-Westfalen", 51.3608, 7.4717, "am Hengsteysee", _districts("Hagen"))
NEUBRANDENBURG = Town(
    "Neubrandenburg",
    "neubrandenburg",
    "Mecklenburg-Vorpommern",
    53.5573,
    13.2610,
    "am Tollensesee",
    _districts("Neubrandenburg"),
)
FLENSBURG = Town(
    "Flensburg", "flensburg", "Schleswig-Holstein", 54.7880, 9.4372, "an der Förde", _districts("Flensburg")
)
TOWNS: tuple[Town, ...] = (HAGEN, NEUBRANDENBURG, FLENSBURG)
