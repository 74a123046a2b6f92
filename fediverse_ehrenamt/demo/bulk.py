"""Documents by the hundred thousand for benchmarks: all over Germany, with words as unevenly spread as real ones."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import accumulate
from random import Random

from fediverse_ehrenamt.demo.chance import chance
from fediverse_ehrenamt.demo.ideas import EventIdea, OfferIdea, closings, event_ideas, offer_ideas, organisation_ideas
from fediverse_ehrenamt.demo.offers import WITHOUT_CATEGORY, WITHOUT_COORDINATES
from fediverse_ehrenamt.demo.towns import TOWNS
from fediverse_ehrenamt.demo.words import zipf
from fediverse_ehrenamt.places import gazetteer
from fediverse_ehrenamt.search.model import EVENT, OPPORTUNITY, POST, Document, Facts
from fediverse_ehrenamt.vocab import labels
from fediverse_ehrenamt.vocab.types import Effort

MOST_DRAWN = 4_000_000  # words drawn in advance; each document takes slices of them, which is 30 times as fast
_WORDS_EACH = 46
_SLICES = 3
_LEAST_POPULATION = 1_000
_KINDS = (OPPORTUNITY,) * 14 + (EVENT,) * 5 + (POST,)  # 70, 25 and 5 %
_SILENT = 14  # of 43 say nothing about time
_NEAR = 0.03  # degrees from the middle of the place, some 3 km
_DAY = timedelta(days=1)
_FLEXIBLE, _SAYS_HOURS, _SAYS_AGE, _ADULT = 0.4, 0.3, 0.1, 18
_AHEAD_DAYS, _KEPT_DAYS, _PAST_DAYS = 90, 400, 730


@dataclass(frozen=True, slots=True)
class _Stock:
    """What documents are put together from; `offers` and `events` are titles with their areas."""

    drawn: list[str]
    spots: list[gazetteer.Spot]
    hosts: list[str]
    offers: list[tuple[str, tuple[str, ...]]]
    events: list[tuple[str, tuple[str, ...]]]
    sentences: tuple[str, ...]
    organisations: tuple[str, ...]
    wordings: tuple[str, ...]
    slugs: dict[str, tuple[str, ...]]


def documents(count: int, now: datetime, seed: int, words: Sequence[str]) -> Iterator[Document]:
    """Yield `count` documents: 70 % opportunities, 25 % events, 5 % posts; the same for the same arguments.

    A text has about 700 characters: sentences of listings and 46 words drawn from `words`, whose order is their rank
    (Zipf, exponent 1). Places are drawn by population. Half of all were last confirmed more than a year ago, a quarter
    of the opportunities has no category, a twentieth no coordinates. Events and posts state no facts.
    """
    rng = chance("documents", seed)
    stock = _stock(count, rng, words)
    weights = list(accumulate(spot.population for spot in stock.spots))
    places = rng.choices(range(len(stock.spots)), cum_weights=weights, k=count)
    for number, place in enumerate(places):
        yield _document(number, place, now, rng, stock)


def _stock(count: int, rng: Random, words: Sequence[str]) -> _Stock:
    spots = gazetteer.towns(_LEAST_POPULATION)
    offers = tuple(dict.fromkeys(idea for town in TOWNS for idea in offer_ideas(town.key)))
    events = tuple(dict.fromkeys(idea for town in TOWNS for idea in event_ideas(town.key)))
    parts = [part for offer in offers for part in (*offer.open, *offer.task, *offer.wish)]
    parts += [part for event in events for part in (*event.open, *event.detail)]
    return _Stock(
        drawn=zipf(words, rng, max(10 * _WORDS_EACH, min(MOST_DRAWN, count * _WORDS_EACH))),
        spots=spots,
        hosts=[f"ehrenamt.{gazetteer.fold(spot.name).replace(' ', '-')}.example" for spot in spots],
        offers=_titles(offers),
        events=_titles(events),
        sentences=tuple(part for part in parts if "{" not in part),
        organisations=tuple(name.split()[0] for idea in organisation_ideas() for name, _ in idea.names.values()),
        wordings=(*closings().wordings, *closings().wordings_free, *[""] * _SILENT),
        slugs={
            "kind": ("regelmaessig",) * 6 + tuple(labels.KIND),
            "activities": tuple(labels.ACTIVITY),
            "audiences": tuple(labels.AUDIENCE),
            "suitable_for": tuple(labels.SUITABLE_FOR),
            "cells": tuple(f"{day}-{part}" for day in labels.WEEKDAY for part in labels.DAYPART),
            "german_level": ("",) * 12 + tuple(labels.GERMAN_LEVEL),
            "clearance": ("",) * 9 + tuple(labels.CLEARANCE),
            "accessibility": tuple(labels.ACCESSIBILITY),
        },
    )


def _titles(ideas: Iterable[OfferIdea | EventIdea]) -> list[tuple[str, tuple[str, ...]]]:
    return [(title, idea.areas) for idea in ideas for title in idea.titles if "{" not in title]


def _document(number: int, place: int, now: datetime, rng: Random, stock: _Stock) -> Document:
    kind = _KINDS[int(rng.random() * len(_KINDS))]
    spot, host = stock.spots[place], stock.hosts[place]
    title, areas = rng.choice(stock.events if kind == EVENT else stock.offers)
    organisation = f"{rng.choice(stock.organisations)} {spot.name}"
    published_at = now - rng.random() * _PAST_DAYS * _DAY
    begins = now + (rng.random() * (_AHEAD_DAYS + 5) - 5) * _DAY if kind == EVENT else None
    ends = begins + 0.1 * _DAY if begins else None
    located = rng.random() > WITHOUT_COORDINATES
    categorised = kind == EVENT or (kind == OPPORTUNITY and rng.random() > WITHOUT_CATEGORY)
    text, word = _text(rng, stock)
    facts = _facts(kind, rng, stock)
    return Document(
        uri=f"https://{host}/ap/o/{number}",
        id=f"d{number:021d}",
        kind=kind,
        title=f"{title} – {word}",
        text=text,
        url=f"https://{host}/seite/{number}",
        host=host,
        local=False,
        organisation=organisation,
        organisation_uri=f"https://{host}/ap/a/{place}",
        language="de",
        areas=areas if categorised else (("sonstiges",) if kind == OPPORTUNITY else ()),
        hashtags=("Ehrenamt",),
        when="" if kind == POST else rng.choice(stock.wordings),
        place=spot.name,
        latitude=spot.latitude + (rng.random() - 0.5) * 2 * _NEAR if located else None,
        longitude=spot.longitude + (rng.random() - 0.5) * 2 * _NEAR if located else None,
        starts_at=begins,
        ends_at=ends,
        published_at=published_at,
        fresh_at=published_at,
        expires_at=ends or now + (1 + rng.random() * _KEPT_DAYS) * _DAY,
        facts=facts,
    )


def _facts(kind: str, rng: Random, stock: _Stock) -> Facts | None:
    """Draw what a thing says, each fact being missing in most, as in listings of agencies."""
    if kind != OPPORTUNITY:
        return None
    return Facts(
        kind=rng.choice(stock.slugs["kind"]),
        activities=_some(rng, stock.slugs["activities"], 0.6),
        audiences=_some(rng, stock.slugs["audiences"], 0.5),
        suitable_for=_some(rng, stock.slugs["suitable_for"], 0.2),
        cells=_some(rng, stock.slugs["cells"], 0.6),
        flexible=True if rng.random() < _FLEXIBLE else None,
        effort=Effort(min_hours=rng.randint(1, 4), max_hours=rng.randint(4, 8), per="woche")
        if rng.random() < _SAYS_HOURS
        else None,
        german_level=rng.choice(stock.slugs["german_level"]),
        minimum_age=_ADULT if rng.random() < _SAYS_AGE else None,
        clearance=rng.choice(stock.slugs["clearance"]),
        accessibility=_some(rng, stock.slugs["accessibility"], 0.1),
    )


def _some(rng: Random, slugs: Sequence[str], share: float) -> tuple[str, ...]:
    """Return up to three slugs, none in all but a share of cases."""
    return tuple(rng.sample(slugs, rng.randint(1, 3))) if rng.random() < share else ()


def _text(rng: Random, stock: _Stock) -> tuple[str, str]:
    """Return a text and one of the drawn words in it, for the title."""
    each = _WORDS_EACH // _SLICES
    last = len(stock.drawn) - each
    starts = [int(rng.random() * last) for _ in range(_SLICES)]
    slices = [" ".join(stock.drawn[start : start + each]) for start in starts]
    first, second = rng.choice(stock.sentences), rng.choice(stock.sentences)
    return f"{first} {slices[0]}. {second} {slices[1]}. {slices[2]}.", stock.drawn[starts[0]]
