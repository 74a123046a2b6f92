"""The documents that search is judged on: listings written by hand, the demo of three towns, and noise among them.

What is judged is a unit: a listing written by hand, or an idea of the demo ("demo/lesepatin"), of which the towns have
some listings in other words. The noise has titles of the demo's ideas over sentences of other ones and drawn words, as
unevenly spread as real ones: it counts as found by mistake, and where its title's idea is right it counts nothing.
The demo is drawn anew a few times, and a figure is the mean: one draw says as much of its luck as of the search.
"""

import csv
from collections import defaultdict
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import cache
from importlib.resources import files
from pathlib import Path
from typing import Any

import yaml

from fediverse_ehrenamt.demo import bulk
from fediverse_ehrenamt.demo.generator import Entry, entries, organisations
from fediverse_ehrenamt.demo.ideas import EventIdea, OfferIdea, event_ideas, offer_ideas
from fediverse_ehrenamt.demo.towns import TOWNS, Town
from fediverse_ehrenamt.demo.words import wide_vocabulary
from fediverse_ehrenamt.imports import drafts, wordings
from fediverse_ehrenamt.listings.record import Record
from fediverse_ehrenamt.opportunities import rules
from fediverse_ehrenamt.opportunities.rules import Draft
from fediverse_ehrenamt.places import gazetteer
from fediverse_ehrenamt.search.model import EVENT, OPPORTUNITY, Document, Facts
from fediverse_ehrenamt.things import wire
from fediverse_ehrenamt.vocab.types import Place

NOW = datetime(2026, 11, 22, 9, 0, tzinfo=UTC)
SEED = 20261122
DRAWS = range(SEED, SEED + 3)
NOISE = 3_000
LISTINGS = Path(__file__).with_name("listings")
_MONTH = timedelta(days=30.4)
_SHOWN_FOR = timedelta(days=400)


@dataclass(frozen=True, slots=True)
class Listed:
    """A Document and the unit it is judged by; `noise` is never right."""

    unit: str
    document: Document
    noise: bool = False


def over_draws(judge: Callable[[int], dict[str, float]]) -> dict[str, float]:
    """Return the means of what is judged over each draw."""
    found: defaultdict[str, list[float]] = defaultdict(list)
    for draw in DRAWS:
        for key, figure in judge(draw).items():
            found[key].append(figure)
    return {key: sum(figures) / len(figures) for key, figures in found.items()}


@cache
def collect(draw: int = SEED, noise: int = NOISE) -> tuple[Listed, ...]:
    """Return all documents, those of the demo as drawn by this seed; the same each time."""
    return (*_written(), *_demo(draw), *_noise(noise))


def _written() -> Iterator[Listed]:
    for path in sorted(LISTINGS.glob("*.yaml")):
        for number, row in enumerate(yaml.safe_load(path.read_text(encoding="utf-8"))):
            yield Listed(row["key"], _listing(row, f"{path.stem}{number}"))


def _listing(row: dict[str, Any], number: str) -> Document:
    spot = gazetteer.find(row["place"]) if row["place"] else None
    host = "ehrenamt.hagen.example"
    fresh_at = NOW - row["months"] * _MONTH
    return Document(
        uri=f"https://{host}/ap/{row['key']}",
        id=f"h{number}",
        kind=OPPORTUNITY,
        title=row["title"],
        text=row["text"],
        url=f"https://{host}/angebote/{row['key']}",
        host=host,
        local=True,
        organisation=row["org"],
        organisation_uri=f"https://{host}/ap/{gazetteer.fold(row['org'])}",
        language="de",
        areas=tuple(row.get("areas", ["sonstiges"])),
        when=row["when"],
        place=row["place"],
        latitude=spot.latitude if spot else None,
        longitude=spot.longitude if spot else None,
        anywhere=spot is None,
        published_at=fresh_at,
        fresh_at=fresh_at,
        expires_at=NOW + _SHOWN_FOR,
        facts=_understood(row),
    )


def _understood(row: dict[str, Any]) -> Facts:
    """Return what is understood of a listing when it is imported, as those of other portals are."""
    record = Record(id=row["key"], where="", title=row["title"], text=row["text"], times=row["when"])
    draft = drafts.make(record, row["key"], wordings.read).draft
    assert isinstance(draft, Draft), "it is imported as an offer"
    return wire.facts(draft.details, None)


def _demo(draw: int) -> Iterator[Listed]:
    for town in TOWNS:
        names = {poster.handle: poster.name for poster in organisations(town, draw)}
        for number, entry in enumerate(entries(town, NOW, draw)):
            document = _entry(entry, town, names[entry.organisation], number)
            if document.ends_at is None or document.ends_at > NOW:
                yield Listed(f"demo/{_idea(entry.draft.key)}", document)


def _entry(entry: Entry, town: Town, organisation: str, number: int) -> Document:
    draft, place = entry.draft, entry.draft.place or Place()
    host = f"{town.key}.example"
    is_offer = isinstance(draft, Draft)
    return Document(
        uri=f"https://{host}/ap/{number}",
        id=f"{town.key}{number}",
        kind=OPPORTUNITY if is_offer else EVENT,
        title=draft.details.title if isinstance(draft, Draft) else draft.name,
        text=draft.text,
        url=f"https://{host}/seite/{number}",
        host=host,
        local=False,
        organisation=organisation,
        organisation_uri=f"https://{host}/{entry.organisation}",
        language="de",
        areas=draft.details.areas,
        hashtags=draft.hashtags,
        when=rules.when(draft.details) if isinstance(draft, Draft) else "",
        place=place.name or place.locality,
        latitude=place.latitude,
        longitude=place.longitude,
        anywhere=draft.place is None,
        starts_at=None if isinstance(draft, Draft) else draft.starts_at,
        ends_at=None if isinstance(draft, Draft) else draft.ends_at,
        published_at=entry.published_at,
        fresh_at=entry.confirmed_at,
        facts=wire.facts(draft.details, draft.place) if isinstance(draft, Draft) else None,
    )


def _idea(key: str) -> str:
    """Return the idea that a listing's key was made from: "hunde-2-weitergabe" → "hunde"."""
    fitting = [idea for idea in _titles().values() if key == idea or key.startswith(f"{idea}-")]
    return max(fitting, key=len)


def _titles() -> dict[str, str]:
    """Return the idea of each title."""
    ideas: list[OfferIdea | EventIdea] = []
    for town in TOWNS:
        ideas += [*offer_ideas(town.key), *event_ideas(town.key)]
    return {title: idea.key for idea in ideas for title in idea.titles}


def _noise(count: int) -> Iterator[Listed]:
    ideas = _titles()
    with files("german_nouns").joinpath("nouns.csv").open(encoding="utf-8") as table:
        words = wide_vocabulary((cell for row in csv.reader(table) for cell in row if cell[:1].isupper()), 60_000)
    for document in bulk.documents(count, NOW, SEED, words):
        title = document.title.rpartition(" – ")[0]
        yield Listed(f"demo/{ideas[title]}", document, noise=True)
