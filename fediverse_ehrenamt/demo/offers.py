"""The opportunities of a demo town, with the flaws that real listings were found to have (counted in German towns).

Of 429 listings of one town half had not been touched for a year, a quarter had no category, a third said nothing about
time, the others in some 240 wordings; 5 % stood twice, under two organisations; 15 % lacked the postcode.
"""

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from random import Random

from fediverse_ehrenamt.demo.chance import chance, some
from fediverse_ehrenamt.demo.ideas import OfferIdea, closings, offer_ideas
from fediverse_ehrenamt.demo.organisations import DemoOrganisation, spot
from fediverse_ehrenamt.demo.towns import District, Town
from fediverse_ehrenamt.opportunities.rules import Draft
from fediverse_ehrenamt.vocab.types import Availability, Effort, OpportunityDetails, Place

STALE, VERY_STALE = 0.5, 0.75  # of all; of the stale ones, those older than two years
WITHOUT_CATEGORY = 0.25
WITHOUT_TIME = 1 / 3
WITHOUT_POSTCODE, WITHOUT_COORDINATES = 0.15, 0.05
TWICE = 0.05
CAREFUL = 0.3  # those that fill in what a form asks; in the counted town nobody did
SHORT = 0.14
_AT_HOME = 0.7  # where the organisation itself is
_KEPT = 0.55  # of the closing sentences
_STRUCTURED = 0.4
_NEVER_EDITED = 0.6
_AGENCY = "agentur"
_BENEFITS = (
    "einarbeitung",
    "fortbildung",
    "supervision",
    "fahrtkosten",
    "verpflegung",
    "bescheinigung",
    "ehrenamtskarte_anrechenbar",
    "dankeschoen",
    "austauschtreffen",
)
SHOWN_FOR = timedelta(days=400)

HASHTAGS = {
    "sport": "Sport",
    "kultur": "Kultur",
    "freizeit": "Freizeit",
    "soziales": "Soziales",
    "gesundheit": "Gesundheit",
    "schule_kita": "Schule",
    "jugend_bildung": "Bildung",
    "umwelt_tiere": "Umwelt",
    "politik": "Beteiligung",
    "beruf": "Beruf",
    "kirche_religion": "Religion",
    "justiz": "Justiz",
    "rettung_feuerwehr": "Rettung",
    "sonstiges": "Mitmachen",
}
_PINNED = "lesepatin"  # what the demo tells people to look for: fresh, complete, posted once
_PINNED_AGE = timedelta(days=3)
_TOWN_WIDE = ("online", "beliebig_im_gebiet")
_NAMES_DAYS = 0.6
_DAYS = {
    "mo": "montags",
    "di": "dienstags",
    "mi": "mittwochs",
    "do": "donnerstags",
    "fr": "freitags",
    "sa": "samstags",
    "so": "sonntags",
}
_TIME = re.compile(r"tags|wochs|tag |[Aa]bend|Uhr|[Mm]orgen|[Ww]oche|Monat|Stunde|Mal|mal |Schicht")
_DU = re.compile(r"\b([Dd]u|[Dd]ich|[Dd]ir|[Dd]eine?[mnrs]?|[Ii]hr trefft)\b")
_GAME = "ärgere dich nicht"


@dataclass(frozen=True, slots=True)
class Offer:
    """A draft with the organisation that posts it and its times."""

    organisation: str
    published_at: datetime
    confirmed_at: datetime
    draft: Draft


@dataclass(frozen=True, slots=True)
class _Flaws:
    """The numbers of the offers that have each flaw."""

    stale: set[int]
    very_stale: set[int]
    uncategorised: set[int]
    timeless: set[int]
    no_postcode: set[int]
    no_point: set[int]


def offers(town: Town, posters: Sequence[DemoOrganisation], now: datetime, seed: int, count: int) -> Iterator[Offer]:
    """Yield `count` opportunities of a town, a twentieth of them posted twice; the same for the same arguments.

    `details.expires_at` is far ahead for all, so that the stale ones still show and are seen to be stale.
    """
    rng = chance("offers", town.key, seed)
    twice = round(count * TWICE)
    ideas = _chosen(offer_ideas(town.key), count - twice, rng)
    used: Counter[str] = Counter()
    made: list[tuple[str, Draft]] = []
    for idea in ideas:
        poster = rng.choice([poster for poster in posters if poster.type in idea.by])
        made.append((poster.handle, _draft(idea, poster, used[idea.key], rng)))
        used[idea.key] += 1
    for number in rng.sample([number for number, idea in enumerate(ideas) if idea.key != _PINNED], twice):
        made.append(_again(made[number], ideas[number], posters, rng))
        ideas.append(ideas[number])
    flaws = _flaws(ideas, rng)
    for number, (handle, draft) in enumerate(made):
        published_at, confirmed_at = _times(number, flaws, now, rng)
        if ideas[number].key == _PINNED:
            published_at = confirmed_at = (now - _PINNED_AGE).replace(microsecond=0)
        details = replace(draft.details, confirmed_at=confirmed_at, expires_at=now + SHOWN_FOR)
        yield Offer(handle, published_at, confirmed_at, _flawed(replace(draft, details=details), number, flaws))


def _chosen(ideas: Sequence[OfferIdea], count: int, rng: Random) -> list[OfferIdea]:
    """Choose the town's own ideas, one of each area, then what chance brings; all again when more are wanted."""
    own = [idea for idea in ideas if idea.towns]
    shared = [idea for idea in ideas if not idea.towns]
    rng.shuffle(shared)
    firsts = {idea.areas[0]: idea for idea in reversed(shared)}
    order = list(dict.fromkeys([*own, *firsts.values(), *shared]))
    rounds = -(-count // len(order))
    return (order * rounds)[:count]


def _draft(idea: OfferIdea, poster: DemoOrganisation, before: int, rng: Random) -> Draft:
    """Write one listing; `before` counts how often the town has used the idea already."""
    district = poster.district if rng.random() < _AT_HOME else rng.choice(poster.town.districts)
    fill = {"town": poster.town.name, "where": district.where, "water": poster.town.water, "org": poster.name}
    one = (rng.randrange(len(idea.titles)) + before) % len(idea.titles)
    title = idea.titles[one]
    if before:
        title = f"{title} ({district.name})"
    details = _details(idea, title, rng)
    return Draft(
        key=f"{idea.key}-{before + 1}" if before else idea.key,
        details=_careful(details, idea, rng) if idea.key == _PINNED or rng.random() < CAREFUL else details,
        text=_text(idea, one, rng).format(**fill),
        place=_place(idea, poster, district, rng),
        hashtags=("Ehrenamt", poster.town.name, *(HASHTAGS[area] for area in idea.areas[:1])),
    )


def _place(idea: OfferIdea, poster: DemoOrganisation, district: District, rng: Random) -> Place | None:
    if idea.mode == "online":
        return None
    if idea.mode in _TOWN_WIDE:
        return Place(locality=poster.town.name, region=poster.town.region, country="DE")
    if idea.key == _PINNED:  # whole, whatever its organisation leaves out of its own
        return spot(poster.town, poster.district, rng, poster.place.street, poster.place.name)
    if district is poster.district:
        return poster.place
    return spot(poster.town, district, rng)


def _text(idea: OfferIdea, one: int, rng: Random) -> str:
    """Put a listing together from one alternative of each part, of position `one` where they are paired.

    Some are as short as many real ones.
    """
    parts = (idea.open, idea.task, idea.wish)
    opening, task, wish = (part[one % len(part)] if idea.paired else rng.choice(part) for part in parts)
    lead = f"{opening} {task}"
    if rng.random() < SHORT:
        return lead
    shared = closings()
    du = _DU.search(f"{lead} {wish}".replace(_GAME, "")) is not None
    ends = [
        rng.choice(shared.induction_du if du else shared.induction),
        rng.choice(shared.benefits_du if du else shared.benefits),
        rng.choice(shared.contact_du if du else shared.contact),
    ]
    kept = [end for end in ends if rng.random() < _KEPT]
    about = [rng.choice(shared.about)] if rng.random() < _KEPT else []
    paragraphs = [lead, " ".join([wish, *about]), " ".join(kept)]
    return "\n\n".join(paragraph for paragraph in paragraphs if paragraph)


def _details(idea: OfferIdea, title: str, rng: Random) -> OpportunityDetails:
    text = _wording(idea, rng)
    structured = bool(idea.cells) and (idea.key == _PINNED or rng.random() < _STRUCTURED)
    return OpportunityDetails(
        title=title,
        kind=idea.kind,
        areas=idea.areas,
        activities=idea.activities,
        audiences=idea.audiences,
        suitable_for=idea.suited,
        mode=idea.mode,
        availability=Availability(
            cells=idea.cells if structured else (), flexible=True if "flexibel" in text else None, text=text
        ),
        effort=Effort(min_hours=idea.hours[0], max_hours=idea.hours[1], per=idea.hours[2])
        if idea.hours and structured
        else None,
    )


def _wording(idea: OfferIdea, rng: Random) -> str:
    """Say when, in one of the ways of real listings and not against what the text says."""
    shared = closings()
    if idea.when:
        return rng.choice(idea.when)
    if idea.cells and rng.random() < _NAMES_DAYS:
        days = [_DAYS[cell[:2]] for cell in idea.cells]
        listed = " und ".join(filter(None, [", ".join(days[:-1]), days[-1]]))
        return rng.choice(shared.wordings_days).format(day=days[0], days=listed, part=idea.cells[0][3:])
    told = idea.cells or _TIME.search(" ".join((*idea.open, *idea.task, *idea.wish)))
    return rng.choice(shared.wordings if told else (*shared.wordings, *shared.wordings_free))


def _careful(details: OpportunityDetails, idea: OfferIdea, rng: Random) -> OpportunityDetails:
    """Add what an organisation says that fills in the whole form."""
    places = rng.choice((None, 1, 2, 3, 4, 6, 10))
    return replace(
        details,
        places=places,
        places_free=places and rng.randrange(1, places + 1),
        minimum_age=idea.age,
        minimum_duration=rng.choice(("", "keine", "3_monate", "6_monate", "1_jahr")),
        german_level=rng.choice(("", "nicht_noetig", "a2", "b1", "b2")),
        credentials=idea.credentials,
        clearance=idea.clearance or rng.choice(("nein", "unbekannt")),
        accessibility=rng.choice(((), ("stufenlos",), ("stufenlos", "rollstuhl_wc"), ("nicht_barrierefrei",))),
        benefits=tuple(rng.sample(_BENEFITS, rng.randrange(1, 4))),
        insurance=rng.choice(((), ("unfall_gesetzlich", "haftpflicht_traeger"), ("unfall_landes",))),
        compensation=rng.choice(("keine", "auslagen")),
        trial=rng.choice((True, None)),
        answer_within_days=rng.choice((3, 7, 14)),
        licence="CC-BY-4.0",
    )


def _again(
    first: tuple[str, Draft], idea: OfferIdea, posters: Sequence[DemoOrganisation], rng: Random
) -> tuple[str, Draft]:
    """Post the same need again as another organisation does that passes it on: nearly the same words."""
    handle, draft = first
    others = [poster for poster in posters if poster.handle != handle]
    poster = rng.choice([poster for poster in others if poster.type in (*idea.by, _AGENCY)] or others)
    paragraphs = draft.text.split("\n\n")
    text = "\n\n".join([rng.choice(closings().repost), *paragraphs[:2]])
    details = replace(draft.details, title=rng.choice((draft.details.title, f"{draft.details.title} (Weitergabe)")))
    return poster.handle, replace(draft, key=f"{draft.key}-weitergabe", details=details, text=text)


def _flaws(ideas: Sequence[OfferIdea], rng: Random) -> _Flaws:
    numbers = [number for number, idea in enumerate(ideas) if idea.key != _PINNED]
    share = len(ideas) / max(1, len(numbers))  # the pinned one has no flaw, the others make up for it
    stale = some(rng, numbers, STALE * share)
    return _Flaws(
        stale=stale,
        very_stale=some(rng, sorted(stale), VERY_STALE),
        uncategorised=_uncategorised(ideas, numbers, rng),
        timeless=some(rng, numbers, WITHOUT_TIME * share),
        no_postcode=some(rng, numbers, WITHOUT_POSTCODE * share),
        no_point=some(rng, numbers, WITHOUT_COORDINATES * share),
    )


def _uncategorised(ideas: Sequence[OfferIdea], numbers: Sequence[int], rng: Random) -> set[int]:
    """Choose those that lose their category, but never the last one of an area."""
    left = Counter(area for idea in ideas for area in idea.areas)
    wanted = round(len(ideas) * WITHOUT_CATEGORY)
    chosen: set[int] = set()
    for number in rng.sample(numbers, len(numbers)):
        if len(chosen) < wanted and all(left[area] > 1 for area in ideas[number].areas):
            left.subtract(ideas[number].areas)
            chosen.add(number)
    return chosen


def _times(number: int, flaws: _Flaws, now: datetime, rng: Random) -> tuple[datetime, datetime]:
    """Return when it was published and when somebody last said that it holds; at least an hour ago."""
    if number in flaws.very_stale:
        confirmed_days = rng.uniform(731, 1500)
    elif number in flaws.stale:
        confirmed_days = rng.uniform(367, 730)
    else:
        confirmed_days = rng.uniform(0.1, 360)
    before = 0.0 if rng.random() < _NEVER_EDITED else rng.uniform(5, 500)
    confirmed_at = (now - timedelta(days=confirmed_days)).replace(microsecond=0)
    return (confirmed_at - timedelta(days=before)).replace(microsecond=0), confirmed_at


def _flawed(draft: Draft, number: int, flaws: _Flaws) -> Draft:
    details, place = draft.details, draft.place
    if number in flaws.uncategorised:
        details = replace(details, areas=("sonstiges",), activities=())
    if number in flaws.timeless:
        details = replace(details, availability=None, effort=None)
    if place and number in flaws.no_postcode:
        place = replace(place, postcode="")
    if place and number in flaws.no_point:
        place = replace(place, latitude=None, longitude=None)
    hashtags = draft.hashtags[:2] if number in flaws.uncategorised else draft.hashtags
    return replace(draft, details=details, place=place, hashtags=hashtags)
