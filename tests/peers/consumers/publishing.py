"""What our instance sends, case by case: drafts published, changed, filled, cancelled and withdrawn on a real one."""

import re
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import orjson
from sqlalchemy import select

from fediverse_ehrenamt import setup
from fediverse_ehrenamt.events import actions as events
from fediverse_ehrenamt.events.rules import Draft as EventDraft
from fediverse_ehrenamt.federation.model import PublishedRow
from fediverse_ehrenamt.instance import Instance
from fediverse_ehrenamt.opportunities import actions as opportunities
from fediverse_ehrenamt.opportunities.rules import Draft as OfferDraft
from fediverse_ehrenamt.organisations import actions as organisations
from fediverse_ehrenamt.search.engine import Index
from fediverse_ehrenamt.search.feed import Feed
from fediverse_ehrenamt.storage import migrate
from fediverse_ehrenamt.vocab.types import (
    Availability,
    Effort,
    EventDetails,
    OpportunityDetails,
    Place,
)
from fediverse_ehrenamt.work import Work
from tests import workbench
from tests.workbench import Clock

Json = Mapping[str, Any]
Draft = OfferDraft | EventDraft

URL = "https://ehrenamt.hagen.example"
NOW = datetime(2026, 11, 22, 12, tzinfo=UTC)
_OPAQUE = re.compile(r"[0-9a-hjkmnp-tv-z]{22}")
_DIGEST = re.compile(r"[0-9a-f]{20}\b")

# --- drafts -----------------------------------------------------------------------------------------------------------
LIBRARY = Place(name="Stadtbücherei", street="Springe 1", postcode="58095", locality="Hagen", country="DE",
                latitude=51.36, longitude=7.47)  # fmt: skip
HALL = Place(name="Bürgerhaus", street="Am Markt 2", postcode="59555", locality="Lippstadt", country="DE",
             latitude=51.67, longitude=8.34)  # fmt: skip
TOWN = Place(locality="Hagen", postcode="58095", country="DE")
OFFER = OfferDraft(
    key="lesepatin",
    details=OpportunityDetails(
        title="Lesepatin gesucht",
        kind="regelmaessig",
        areas=("kultur",),
        activities=("vorlesen",),
        effort=Effort(min_hours=2, max_hours=2, per="woche"),
        availability=Availability(text="dienstags nachmittags"),
        places=3,
    ),
    text="Wir lesen Kindern vor.\n\nDas macht Freude.",
    place=LIBRARY,
    hashtags=("Lesen",),
    image="kinder.jpg",
    image_alt="Kinder hören zu",
)
BARE_OFFER = OfferDraft(
    key="kasse",
    details=OpportunityDetails(title="Kassenwart gesucht", kind="amt", areas=("sport",)),
    text="Der Verein braucht jemanden, der gut rechnet.",
)
ONLINE_OFFER = OfferDraft(
    key="webseite",
    details=OpportunityDetails(title="Webseite pflegen", kind="online", areas=("sonstiges",), mode="online"),
    text="Von zu Hause aus, wann es passt.",
    contact_url="https://verein.example/mitmachen",
)
EVENT = EventDraft(
    key="offene-tuer",
    name="Tag der offenen Tür",
    details=EventDetails(kind="fest", areas=("kultur",)),
    text="Führungen & Waffeln.",
    starts_at=datetime(2026, 12, 12, 13, tzinfo=UTC),
    ends_at=datetime(2026, 12, 12, 16, tzinfo=UTC),
    place=HALL,
    capacity=40,
    hashtags=("Waffeln",),
    image="tuer.jpg",
    image_alt="Eine offene Tür",
)
BARE_EVENT = replace(EVENT, key="treffen", name="Treffen der Helfer", place=None, capacity=None, image="", image_alt="")
TOWN_EVENT = replace(BARE_EVENT, key="markt", name="Marktstand", place=TOWN)
ONLINE_EVENT = replace(
    BARE_EVENT, key="netz", name="Sprechstunde im Netz", online_url="https://meet.example/sprechstunde"
)
HYBRID_EVENT = replace(EVENT, key="beides", name="Vortrag", online_url="https://meet.example/vortrag")
SHIFT = replace(
    EVENT,
    key="schicht",
    name="Waffeln backen",
    shift=replace(OFFER.details, title="Waffeln backen", kind="schicht", places=2, places_free=2),
)


def _status(draft: OfferDraft, status: str) -> OfferDraft:
    return replace(draft, details=replace(draft.details, status=status))


def _shift(status: str) -> EventDraft:
    assert SHIFT.shift is not None
    return replace(SHIFT, shift=replace(SHIFT.shift, status=status, places_free=0))


CHANGED_OFFER = replace(OFFER, details=replace(OFFER.details, title="Lesepatin oder Lesepate gesucht", places=1))
MOVED_EVENT = replace(
    EVENT,
    starts_at=EVENT.starts_at + timedelta(days=1),
    ends_at=EVENT.ends_at + timedelta(days=1),
    place=LIBRARY,
)
CASES: dict[str, tuple[Draft, ...]] = {
    "offer": (OFFER,),
    "offer without place and picture": (BARE_OFFER,),
    "offer online": (ONLINE_OFFER,),
    "offer changed": (OFFER, CHANGED_OFFER),
    "offer filled": (OFFER, _status(OFFER, "besetzt")),
    "offer expired": (OFFER, _status(OFFER, "abgelaufen")),
    "offer withdrawn": (OFFER, _status(OFFER, "zurueckgezogen")),
    "event": (EVENT,),
    "event without place and picture": (BARE_EVENT,),
    "event without place cancelled": (BARE_EVENT, replace(BARE_EVENT, status="cancelled")),
    "event in a town": (TOWN_EVENT,),
    "event online": (ONLINE_EVENT,),
    "event online changed": (ONLINE_EVENT, replace(ONLINE_EVENT, name="Große Sprechstunde im Netz")),
    "event in both": (HYBRID_EVENT,),
    "event moved": (EVENT, MOVED_EVENT),
    "event cancelled": (EVENT, replace(EVENT, status="cancelled")),
    "event withdrawn": (EVENT, replace(EVENT, status="withdrawn")),
    "shift filled": (SHIFT, _shift("besetzt")),
}


# --- publishing -------------------------------------------------------------------------------------------------------
@dataclass(frozen=True, slots=True)
class Sent:
    """What a follower was sent of one thing, in order, and under which names."""

    activities: tuple[Json, ...]


def readable(text: str) -> str:
    """Return a text with opaque ids as "…", as nobody can foresee them."""
    return _DIGEST.sub("…", _OPAQUE.sub("…", text))


@contextmanager
def instance(folder: Path, clock: Clock) -> Iterator[Instance]:
    """A real instance with one organisation, under https as Misskey and NodeBB want it."""
    settings = workbench.settings(f"sqlite:///{folder / 'ehrenamt.sqlite'}", folder, URL=URL)
    workshop = workbench.open_workshop(settings, clock)
    migrate.upgrade(workshop.engines)
    index = Index(folder / "index")
    made = Instance(workshop, index, Feed(index))
    setup.create(made, "Ehrenamt Hagen", "Ehrenamt in Hagen.", None)
    yield made
    workshop.engines.close()


def send(one: Instance, clock: Clock, owner: str, drafts: Sequence[Draft], name: str) -> Sent:
    """Publish drafts one after the other, a day apart, and return what went out for each."""
    found: dict[str, Json] = {}
    uri = ""
    for draft in drafts:
        keyed = replace(draft, key=name)
        if isinstance(keyed, EventDraft):
            uri = one.workshop.write_now(events.publish, owner, keyed).uri
        else:
            uri = one.workshop.write_now(opportunities.publish, owner, keyed).uri
        for row in one.workshop.read_now(_published, uri, owner):
            # What was sent first is kept: the Create in the outbox is later rewritten for those who come late.
            found.setdefault(row.uri, orjson.loads(row.body))
        clock.forward(days=1)
    return Sent(tuple(found.values()))


def _published(work: Work, uri: str, owner: str) -> list[PublishedRow]:
    chosen = select(PublishedRow).where(PublishedRow.object == uri, PublishedRow.actor == owner)
    return list(work.db.scalars(chosen.order_by(PublishedRow.id)))


def add_owner(one: Instance) -> str:
    return one.workshop.write_now(organisations.add, "buecherei", "Stadtbücherei Hagen", "Lesen für alle.").uri
