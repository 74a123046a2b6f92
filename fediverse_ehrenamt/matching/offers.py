"""Offer: what matching must know of one offer, whatever it was made from. Every fact may be missing. Pure."""

from dataclasses import dataclass
from datetime import date, datetime

from fediverse_ehrenamt.vocab.types import Effort, Skill

ONLINE, PARTLY_ONLINE, AREA_WIDE = "online", "teilweise_online", "beliebig_im_gebiet"
ANYBODY = "alle"  # the audience that is everybody
NOT_ACCESSIBLE = "nicht_barrierefrei"
UNKNOWN = ("", "unbekannt")
"""How a slug says that nobody said anything."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Offer:
    """The facts of one offer; slugs are those of the vocabulary, unknown ones are ignored.

    None, "" and an empty tuple mean that nobody said anything. `cells` is a mask of `week`. `latitude` and `longitude`
    are WGS 84 degrees, both or none. `municipality` is the town's name as `places.gazetteer.fold` gives it. `end` is
    the last day of the offer, `confirmed_at` when somebody last said that it holds. `for_minors` is the organisation's
    own "suitable for under-age people". `recent_enquiries` counts those of the last weeks, as far as this instance
    knows them. `text_score` is how well the searched words fit, 1 for the best hit; None where none were searched.
    `told` names those of `cells`, `flexible` and `effort` that a program read from words.
    """

    uri: str
    organisation_uri: str = ""
    title: str = ""
    kind: str = ""
    areas: tuple[str, ...] = ()
    activities: tuple[str, ...] = ()
    audiences: tuple[str, ...] = ()
    suitable_for: tuple[str, ...] = ()
    mode: str = ""
    cells: int = 0
    flexible: bool | None = None
    effort: Effort | None = None
    minimum_duration: str = ""
    latitude: float | None = None
    longitude: float | None = None
    municipality: str = ""
    german_level: str = ""
    languages: tuple[str, ...] = ()
    skills: tuple[Skill, ...] = ()
    minimum_age: int | None = None
    maximum_age: int | None = None
    for_minors: bool | None = None
    clearance: str = ""
    accessibility: tuple[str, ...] = ()
    status: str = ""
    apply_by: date | None = None
    end: date | None = None
    expires_at: datetime | None = None
    confirmed_at: datetime | None = None
    places: int | None = None
    recent_enquiries: int = 0
    text_score: float | None = None
    told: tuple[str, ...] = ()
