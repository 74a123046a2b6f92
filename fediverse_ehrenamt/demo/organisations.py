"""The fictional organisations of a demo town, at invented addresses in its real districts."""

from dataclasses import dataclass, replace
from random import Random

from fediverse_ehrenamt.demo.chance import chance, some
from fediverse_ehrenamt.demo.ideas import OrganisationIdea, organisation_ideas
from fediverse_ehrenamt.demo.towns import District, Town
from fediverse_ehrenamt.vocab.types import OrganisationDetails, Place

# Invented, so that nobody's front door is in the demo.
_STREETS = (
    "Alte Ziegelgasse",
    "Am Amselhof",
    "Am Kastanienspeicher",
    "Am Lindenanger",
    "Am Wollspeicher",
    "An der Lohmühlenwiese",
    "Apfelhofweg",
    "Birkenkampgasse",
    "Bleicherhof",
    "Drosselhofweg",
    "Ehrenamtsgasse",
    "Färberhofstraße",
    "Gänseangerweg",
    "Gerberhofgasse",
    "Haselkampweg",
    "Hinter dem Backhaus",
    "Holunderspeicherweg",
    "Kastanienhofweg",
    "Kleine Seilerstraße",
    "Krautmarktgasse",
    "Laternenweg",
    "Mühlenangerstraße",
    "Pflaumenhofweg",
    "Quellenhofgasse",
    "Rosenspeicherweg",
    "Schlehenhofweg",
    "Schulgartengasse",
    "Sonnenspeicherstraße",
    "Weidenkorbgasse",
    "Zum Nachbarschaftshaus",
)
_SPREAD = 0.004  # degrees: within a district, some 300 m
_WITHOUT_POSTCODE, _WITHOUT_COORDINATES, _WITHOUT_HOURS = 0.1, 0.05, 0.3


@dataclass(frozen=True, slots=True)
class DemoOrganisation:
    """An organisation to be created; `handle` is [a-z0-9_]{3,30}, `summary` plain text, `type` the kind of its idea."""

    handle: str
    name: str
    summary: str
    details: OrganisationDetails
    town: Town
    place: Place
    type: str
    district: District
    website: str = ""


def organisations(town: Town, seed: int) -> list[DemoOrganisation]:
    """Return the organisations of a town, the same for the same seed."""
    rng = chance("organisations", town.key, seed)
    ideas = organisation_ideas()
    streets = rng.sample(_STREETS, len(ideas))
    numbers = range(len(ideas))
    no_postcode, no_point = some(rng, numbers, _WITHOUT_POSTCODE), some(rng, numbers, _WITHOUT_COORDINATES)
    no_hours = some(rng, numbers, _WITHOUT_HOURS)
    found = []
    for number, idea in enumerate(ideas):
        made = _organisation(idea, town, streets[number], rng)
        place = made.place
        if number in no_postcode:
            place = replace(place, postcode="")
        if number in no_point:
            place = replace(place, latitude=None, longitude=None)
        details = replace(made.details, opening_hours="") if number in no_hours else made.details
        found.append(replace(made, place=place, details=details))
    return found


def spot(town: Town, district: District, rng: Random, street: str = "", name: str = "") -> Place:
    """Return a place somewhere in the district."""
    return Place(
        name=name,
        street=street,
        postcode=district.postcode,
        locality=town.name,
        region=town.region,
        country="DE",
        latitude=round(district.latitude + rng.uniform(-_SPREAD, _SPREAD) * 0.7, 5),
        longitude=round(district.longitude + rng.uniform(-_SPREAD, _SPREAD), 5),
    )


def _organisation(idea: OrganisationIdea, town: Town, street: str, rng: Random) -> DemoOrganisation:
    name, handle = idea.names[town.key]
    district = rng.choice(town.districts)
    summary = rng.choice(idea.summaries).format(town=town.name, where=district.where, water=town.water)
    place = spot(town, district, rng, f"{street} {rng.randrange(1, 60)}", name)
    details = OrganisationDetails(
        legal_form=idea.form, public_benefit=idea.benefit, areas=idea.areas, opening_hours=idea.hours
    )
    return DemoOrganisation(handle, name, summary, details, town, place, idea.type, district)
