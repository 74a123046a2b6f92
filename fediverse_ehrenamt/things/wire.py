"""From a thing on the wire to the part of its Document that does not depend on what kind it is."""

from dataclasses import dataclass, replace

from fediverse_ehrenamt.kit import html, ids
from fediverse_ehrenamt.places import gazetteer, naming
from fediverse_ehrenamt.search.model import Document, Facts
from fediverse_ehrenamt.things import timing
from fediverse_ehrenamt.vocab.types import Event, Note, Opportunity, OpportunityDetails, Place

Thing = Note | Opportunity | Event

TITLE_LENGTH = 100
_AREA_WIDE = "beliebig_im_gebiet"
_MOST, _CELLS = 24, 42  # values of one fact that a card carries; a week has so many cells
_HOME = frozenset({"", "de", "deu", "deutschland", "germany", "allemagne", "bundesrepublik deutschland"})


@dataclass(frozen=True, slots=True)
class Author:
    """Who a thing is from, as its card says: `host` is the origin's, `url` the page for people.

    `indexable` says whether they consent to being searched (FEP-5feb), None where they were never asked; `suspended`,
    that their own server has suspended them.
    """

    uri: str
    name: str
    host: str
    url: str
    indexable: bool | None = None
    suspended: bool = False


def title(thing: Thing) -> str:
    """Return what a thing is called: its name, else its first line."""
    return thing.name or html.first_line(thing.content, TITLE_LENGTH)


def document(thing: Thing, author: Author, page: str, kind: str, *, local: bool) -> Document:
    """Return the Document of any thing; `page` is the opaque id of its page here."""
    latitude, longitude = coordinates(thing.place)
    picture = next(iter(thing.images), None)  # a remote one is shown from our copy only, once there is one
    return Document(
        uri=thing.id,
        id=page,
        kind=kind,
        title=title(thing),
        text=html.text(thing.content or thing.summary),
        url=thing.url or thing.id,
        host=ids.host(thing.id),
        local=local,
        organisation=author.name,
        organisation_uri=author.uri,
        language=thing.language,
        hashtags=tuple(dict.fromkeys(tag.name for tag in thing.hashtags)),
        place=place_label(thing.place),
        district=district(thing.place),
        latitude=latitude,
        longitude=longitude,
        published_at=thing.published,
        fresh_at=thing.updated or thing.published,
        image=picture.url if picture else "",
        image_alt=picture.alt if picture else "",
    )


def facts(details: OpportunityDetails, place: Place | None, language: str = "") -> Facts:
    """Return what an opportunity, or a shift of an event, says to those whom it may fit; `language` is a BCP 47 tag."""
    times = timing.when(details, language)
    return Facts(
        kind=details.kind,
        activities=details.activities[:_MOST],
        audiences=details.audiences[:_MOST],
        suitable_for=details.suitable_for[:_MOST],
        mode=details.mode,
        cells=times.cells[:_CELLS],
        flexible=times.flexible,
        effort=times.effort,
        minimum_duration=details.minimum_duration,
        municipality=_municipality(place) if details.mode == _AREA_WIDE else "",
        german_level=details.german_level,
        languages=details.languages[:_MOST],
        skills=tuple(replace(skill, name=skill.name[:TITLE_LENGTH]) for skill in details.skills[:_MOST]),
        minimum_age=details.minimum_age,
        maximum_age=details.maximum_age,
        clearance=details.clearance,
        accessibility=details.accessibility[:_MOST],
        apply_by=details.apply_by,
        start_date=details.start_date,
        end_date=details.end_date,
        places=details.places,
        group_size=details.group_size,
        told=times.told,
    )


def _municipality(place: Place | None) -> str:
    """Return the folded name of the town, spelt as the gazetteer does where it knows the town."""
    town = place.locality if place else ""
    spot = gazetteer.find(town) if town else None
    return gazetteer.fold(spot.name if spot else town)


def place_label(place: Place | None) -> str:
    """Return "Bürgerhaus, Lippstadt": the name and the town, each once."""
    if place is None:
        return ""
    town = "" if place.locality.casefold() in place.name.casefold() else place.locality
    return ", ".join(part for part in (place.name, town) if part) or place.street


def coordinates(place: Place | None) -> tuple[float | None, float | None]:
    """Return where a place is; one that only names its postcode or town is there where the gazetteer has that.

    Where no country is named, a postcode counts only beside a town that the gazetteer knows: France has such codes too.
    """
    if place is None:
        return None, None
    if place.latitude is not None and place.longitude is not None:
        return place.latitude, place.longitude
    if place.country.casefold() not in _HOME:
        return None, None
    if not place.country and place.postcode and place.locality and not gazetteer.find(place.locality):
        return None, None
    for clue in (place.postcode, place.locality):
        if clue and (spot := gazetteer.find(clue)):
            return spot.latitude, spot.longitude
    return None, None


def district(place: Place | None) -> str:
    """Return the district that a place in Germany is in, "" where that is not sure.

    Degrees count only beside a name or a street: others have looked them up, and stand for the whole town.
    """
    if place is None or place.country.casefold() not in _HOME:
        return ""
    point = None
    if place.latitude is not None and place.longitude is not None and (place.name or place.street):
        point = place.latitude, place.longitude
    found = naming.district(place.name, place.locality, place.postcode, point)
    return found.label if found else ""
