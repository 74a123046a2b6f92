"""From the `place` of an entry to a Place with coordinates: given ones, else those of its postcode or town."""

from collections.abc import Mapping
from typing import Any, Final

from fediverse_ehrenamt.kit.errors import Invalid, Problem
from fediverse_ehrenamt.kit.sentences import sentence
from fediverse_ehrenamt.places import gazetteer
from fediverse_ehrenamt.vocab.types import Place

_HOME = "DE"
_POSTCODE_DIGITS = 5
_LATITUDES, _LONGITUDES = (47.2, 55.1), (5.8, 15.1)  # of Germany, in degrees
_OTHERWISE = sentence("Sonst bitte latitude und longitude angeben")
OTHERWISE: Final = "otherwise"
"""The value of a sentence that says what else names the place of an entry in a file; a form has a map for it."""


def place(given: Mapping[str, Any]) -> Place:
    """Return the place that fits its schema; raises `Invalid` where it cannot be found."""
    country = given.get("country", _HOME)
    latitude, longitude = given.get("latitude"), given.get("longitude")
    if country == _HOME and latitude is not None and longitude is not None:
        _check_order(latitude, longitude)
    if latitude is None or longitude is None:
        latitude, longitude = _looked_up(given, country)
    texts = {name: " ".join(given.get(name, "").split()) for name in ("name", "street", "postcode", "locality")}
    return Place(country=country, latitude=float(latitude), longitude=float(longitude), **texts)


def _check_order(latitude: float, longitude: float) -> None:
    """Germany's degrees the other way round are a place off Somalia, and nobody means that."""
    if _is_home(longitude, latitude) and not _is_home(latitude, longitude):
        message = sentence(
            "%(latitude)s ist wohl der Längengrad; richtig wäre latitude: %(longitude)s, longitude: %(latitude)s",
            latitude=f"{latitude:g}",
            longitude=f"{longitude:g}",
        )
        raise Invalid([Problem("place.latitude", message)])


def _is_home(latitude: float, longitude: float) -> bool:
    return _LATITUDES[0] <= latitude <= _LATITUDES[1] and _LONGITUDES[0] <= longitude <= _LONGITUDES[1]


def _looked_up(given: Mapping[str, Any], country: str) -> tuple[float, float]:
    postcode, locality = given.get("postcode", "").strip(), given.get("locality", "").strip()
    if country != _HOME:
        message = sentence(
            "fehlt: Orte außerhalb Deutschlands schlagen wir nicht nach, bitte latitude und longitude angeben"
        )
        raise Invalid([Problem("place.latitude", message)])
    if not postcode and not locality:
        message = sentence("fehlt: bitte Ort oder Postleitzahl angeben. %(otherwise)s", otherwise=_OTHERWISE)
        raise Invalid([Problem("place.locality", message)])
    if postcode and not (len(postcode) == _POSTCODE_DIGITS and postcode.isdecimal()):
        message = sentence("„%(postcode)s“ hat nicht fünf Ziffern; richtig wäre z. B. 58095", postcode=postcode)
        raise Invalid([Problem("place.postcode", message)])
    for clue in (postcode, locality):
        if clue and (spot := gazetteer.find(clue, at_home=True)):
            return spot.latitude, spot.longitude
    raise Invalid([_unfound(postcode, locality)])


def _unfound(postcode: str, locality: str) -> Problem:
    if not locality:
        message = sentence(
            "„%(postcode)s“ kennen wir nicht; bitte den Ort dazuschreiben. %(otherwise)s",
            postcode=postcode,
            otherwise=_OTHERWISE,
        )
        return Problem("place.postcode", message)
    near = gazetteer.meant(locality)
    said = {"locality": locality, OTHERWISE: _OTHERWISE}
    if not near:
        return Problem("place.locality", sentence("„%(locality)s“ kennen wir nicht. %(otherwise)s", **said))
    said["near"] = near
    unsure = sentence("„%(locality)s“ kennen wir nicht. Meinten Sie %(near)s? %(otherwise)s", **said)
    return Problem("place.locality", unsure)
