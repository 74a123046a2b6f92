"""Duplicates, judged against pairs labelled by hand: precision, recall and F1 by band, the held-out half apart.

A family of listings is judged as an instance would: what is usual in an organisation's offers is learnt from those of
its listings that are in the family. Families are by turns for tuning and held out; those
that say so were added for tuning alone.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from itertools import combinations
from pathlib import Path
from typing import Any

import yaml

from fediverse_ehrenamt.duplicates import blocking, rules, usual, wire, words
from fediverse_ehrenamt.duplicates.rules import Judgement, Profile
from fediverse_ehrenamt.duplicates.usual import Tally
from fediverse_ehrenamt.search.model import EVENT, OPPORTUNITY, Document

FILE = Path(__file__).with_name("duplicates.yaml")
TUNING, HELD_OUT = "tuning", "held_out"
_DEFAULTS = ("org", "host", "place", "at", "when", "starts", "actor")


@dataclass(frozen=True, slots=True)
class Labelled:
    """Two listings, whether they are the same need, and what the program says; `met` whether it would compare them.

    `formula` is the bare score to measure it by: the plain Jaccard index of the texts, nothing that contradicts.
    """

    half: str
    one: Document
    other: Document
    same: bool
    met: bool
    judgement: Judgement
    formula: float


def run() -> dict[str, float]:
    """Return the figures of both halves by name; `queue` counts what is merged or put before a person as found.

    `formula` is what the bare score would put before a person.
    """
    judged = list(pairs())
    figures: dict[str, float] = {}
    for half in (TUNING, HELD_OUT):
        some = [pair for pair in judged if pair.half == half]
        figures[f"duplicates_{half}_pairs"] = len(some)
        figures[f"duplicates_{half}_different"] = sum(not pair.same for pair in some)
        figures[f"duplicates_{half}_met"] = _share([pair.met for pair in some if pair.same])
        automatic = [pair for pair in some if pair.judgement.automatic]
        figures[f"duplicates_{half}_automatic_pairs"] = len(automatic)
        figures |= _figures(f"duplicates_{half}_automatic", some, lambda pair: pair.judgement.automatic)
        figures |= _figures(f"duplicates_{half}_formula", some, lambda pair: pair.formula >= rules.REVIEW)
        figures |= _figures(
            f"duplicates_{half}_queue", some, lambda pair: pair.judgement.automatic or pair.judgement.doubtful
        )
    return figures


def _figures(name: str, some: list[Labelled], found: Any) -> dict[str, float]:
    hits = [pair.same for pair in some if pair.met and found(pair)]
    same = sum(pair.same for pair in some)
    precision, recall = _share(hits), sum(hits) / same
    both = 2 * precision * recall / (precision + recall) if precision + recall else 0.0
    return {f"{name}_precision": precision, f"{name}_recall": recall, f"{name}_f1": both}


def _share(hits: list[bool]) -> float:
    return sum(hits) / len(hits) if hits else 1.0


def pairs() -> Iterator[Labelled]:
    """Yield all pairs with what the rules say of them."""
    for number, family in enumerate(yaml.safe_load(FILE.read_text(encoding="utf-8"))):
        half = HELD_OUT if number % 2 and not family.get("tuning") else TUNING
        listings = [_document(number, place, family, one) for place, one in enumerate(family["listings"])]
        profiles = {document.uri: rules.profile(wire.listing(document)) for _, document in listings}
        for (need, one), (other_need, other) in combinations(listings, 2):
            mine, yours = profiles[one.uri], profiles[other.uri]
            met = set(blocking.keys(mine)) & set(blocking.keys(yours))
            near = bool(met) and rules.worthwhile(mine, wire.read_brief(wire.brief(yours)))
            judgement = judge(mine, yours, list(profiles.values()))
            yield Labelled(half, one, other, need == other_need, near, judgement, _formula(mine, yours))


def judge(mine: Profile, yours: Profile, known: list[Profile]) -> Judgement:
    """Judge two listings as `duplicates.desk` does, among those known here."""
    settled = rules.settled(mine, yours)
    if settled is not None:
        return settled
    return rules.judge(mine, yours, usual.usual(mine, yours, (_tally(mine, known), _tally(yours, known))))


def _formula(mine: Profile, yours: Profile) -> float:
    one, other = words.shingles(mine.content), words.shingles(yours.content)
    text = len(one & other) / max(1, len(one | other))
    parts = {"text": text, **rules._parts(mine, yours)}
    return sum(weight * (parts[name] or 0.0) for name, weight in rules.WEIGHTS.items())


def _tally(profile: Profile, known: list[Profile]) -> Tally:
    key, host = blocking.organisation_key(profile), profile.listing.host
    return usual.tally(one for one in known if blocking.organisation_key(one) == key and one.listing.host == host)


def _document(number: int, place: int, family: dict[str, Any], given: dict[str, Any]) -> tuple[str, Document]:
    values = {name: family[name] for name in _DEFAULTS if name in family} | given
    host, uri = values["host"], f"https://{values['host']}/ap/{number}-{place}"
    starts = datetime.fromisoformat(values["starts"]) if values.get("starts") else None
    latitude, longitude = values.get("at", (None, None))
    actor = values.get("actor") or blocking.number(values["org"])
    document = Document(
        uri=uri,
        id=f"{number}x{place}",
        kind=EVENT if starts else OPPORTUNITY,
        title=values["title"],
        text=values["text"].format(**family.get("shared", {})),
        url=values.get("url", f"https://{host}/seite/{number}-{place}"),
        host=host,
        local=False,
        organisation=values["org"],
        organisation_uri=f"https://{host}/ap/actor/{actor}",
        when=values.get("when", ""),
        place=values.get("place", ""),
        latitude=latitude,
        longitude=longitude,
        starts_at=starts,
        ends_at=starts,
        same_as=tuple(values.get("same", ())),
    )
    return values["need"], document
