"""The events of a demo town: in the next 90 days and a few just past, on sensible weekdays and hours."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime, time, timedelta
from random import Random

from fediverse_ehrenamt.demo.chance import chance, some
from fediverse_ehrenamt.demo.ideas import EventIdea, event_ideas
from fediverse_ehrenamt.demo.offers import HASHTAGS, WITHOUT_CATEGORY, WITHOUT_COORDINATES, WITHOUT_POSTCODE
from fediverse_ehrenamt.demo.organisations import DemoOrganisation
from fediverse_ehrenamt.demo.towns import Town
from fediverse_ehrenamt.events.rules import Draft
from fediverse_ehrenamt.kit.clock import HOME
from fediverse_ehrenamt.vocab.types import EventDetails

AHEAD_DAYS, PAST_DAYS = 90, 40
PAST = 0.14  # of all: 3 of 22
_ANNOUNCED_DAYS = (8, 70)  # before it begins
_INTRODUCED = 0.6  # that say who the organisers are
_CATEGORIES = {
    "sport": "SPORTS",
    "kultur": "ARTS",
    "umwelt_tiere": "OUTDOORS_ADVENTURE",
    "gesundheit": "HEALTH",
    "kirche_religion": "SPIRITUALITY_RELIGION_BELIEFS",
    "politik": "MOVEMENTS_POLITICS",
    "jugend_bildung": "LEARNING",
    "schule_kita": "FAMILY_EDUCATION",
}


@dataclass(frozen=True, slots=True)
class Happening:
    """A draft with the organisation that posts it and when it did."""

    organisation: str
    published_at: datetime
    draft: Draft


def happenings(
    town: Town, posters: Sequence[DemoOrganisation], now: datetime, seed: int, count: int
) -> Iterator[Happening]:
    """Yield `count` events of a town, the same for the same arguments."""
    rng = chance("events", town.key, seed)
    ideas = _chosen(event_ideas(town.key), count, rng)
    numbers = range(count)
    past = some(rng, numbers, PAST)
    plain = some(rng, numbers, WITHOUT_CATEGORY)
    no_postcode, no_point = some(rng, numbers, WITHOUT_POSTCODE), some(rng, numbers, WITHOUT_COORDINATES)
    for number, idea in enumerate(ideas):
        poster = rng.choice([poster for poster in posters if poster.type in idea.by])
        draft = _draft(idea, poster, number, _begin(idea, now, rng, over=number in past), rng)
        if number in plain:
            draft = replace(draft, details=replace(draft.details, areas=()), hashtags=draft.hashtags[:1])
        if draft.place and number in no_postcode:
            draft = replace(draft, place=replace(draft.place, postcode=""))
        if draft.place and number in no_point:
            draft = replace(draft, place=replace(draft.place, latitude=None, longitude=None))
        announced = draft.starts_at - timedelta(days=rng.uniform(*_ANNOUNCED_DAYS))
        latest = now - timedelta(hours=rng.uniform(1, 200))
        yield Happening(poster.handle, min(announced, latest).replace(microsecond=0), draft)


def _chosen(ideas: Sequence[EventIdea], count: int, rng: Random) -> list[EventIdea]:
    own = [idea for idea in ideas if idea.towns]
    shared = [idea for idea in ideas if not idea.towns]
    rng.shuffle(shared)
    order = [*own, *shared]
    return (order * -(-count // len(order)))[:count]


def _begin(idea: EventIdea, now: datetime, rng: Random, *, over: bool) -> datetime:
    """Choose a day of the idea's weekdays, before or after now, and its hour there."""
    days = range(-PAST_DAYS, -1) if over else range(1, AHEAD_DAYS)
    today = now.astimezone(HOME).date()
    fitting = [day for day in days if (today + timedelta(days=day)).weekday() in idea.days]
    day = today + timedelta(days=rng.choice(fitting))
    return datetime.combine(day, time.fromisoformat(idea.at), HOME).astimezone(UTC)


def _draft(idea: EventIdea, poster: DemoOrganisation, number: int, begin: datetime, rng: Random) -> Draft:
    fill = {"town": poster.town.name, "where": poster.district.where, "water": poster.town.water, "org": poster.name}
    one = rng.randrange(len(idea.titles))
    texts = [idea.open[one % len(idea.open)], idea.detail[one % len(idea.detail)]]
    if rng.random() < _INTRODUCED:
        texts.append(poster.summary)
    return Draft(
        key=f"{idea.key}-{number}",
        name=idea.titles[one].format(**fill),
        details=EventDetails(kind=idea.kind, areas=idea.areas, accessibility=idea.accessibility, cost=idea.cost),
        text="\n\n".join(texts).format(**fill),
        starts_at=begin,
        ends_at=begin + timedelta(hours=idea.hours),
        place=None if idea.online else poster.place,
        online_url=f"https://treffen.example/{idea.key}" if idea.online else "",
        capacity=idea.capacity,
        category=_CATEGORIES.get(idea.areas[0], "COMMUNITY"),
        hashtags=(poster.town.name, *(HASHTAGS[area] for area in idea.areas[:1])),
    )
