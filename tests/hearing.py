"""An instance with an offer and an event, and a short way through its inbox: stored if wanted, judged, handled."""

from dataclasses import dataclass

import httpx
import orjson
from sqlalchemy import select

from fediverse_ehrenamt import app, wiring
from fediverse_ehrenamt.events import actions as events
from fediverse_ehrenamt.events.rules import Draft
from fediverse_ehrenamt.federation import inbox
from fediverse_ehrenamt.federation.model import ReceivedRow
from fediverse_ehrenamt.federation.signatures import Signed
from fediverse_ehrenamt.federation.wanted import Arrival
from fediverse_ehrenamt.instance import Instance
from fediverse_ehrenamt.opportunities import actions as opportunities
from fediverse_ehrenamt.vocab import codec
from fediverse_ehrenamt.vocab.types import Activity
from fediverse_ehrenamt.work import Work, Workshop
from tests import workbench
from tests.workbench import ANNA, HOME, PEER, fest, offer

BERTA = f"{PEER}/users/berta"
CARLA = "https://mobilizon.example/@carla"
UNWANTED = "unwanted"
Json = dict[str, object]


@dataclass
class Home:
    """An instance of `owner`, who published `offer` and `event`; Anna, Berta and Carla are known to it."""

    instance: Instance
    owner: str
    offer: str
    event: str

    @property
    def workshop(self) -> Workshop:
        return self.instance.workshop

    async def say(self, said: Json | Activity) -> str:
        """Let its actor say something to us and return what became of it, `UNWANTED` where it was not stored."""
        body = codec.write(said) if isinstance(said, Activity) else orjson.dumps(said)
        activity = codec.parse_outline(body).activity
        assert activity is not None
        arrival = Arrival(Signed(activity.actor, body, "cavage"), activity)
        if not await self.workshop.write(inbox.store, [arrival]):
            return UNWANTED
        while await self.workshop.write(inbox.process, wiring.HANDLERS):
            pass
        return await self.workshop.read(_verdict, activity.id)

    async def hand(self, activity: Activity) -> str:
        """Hand something to its handler and return what became of it."""
        return await self.workshop.write(inbox.dispatch, wiring.HANDLERS, activity)

    async def get(self, path: str, accept: str = "application/activity+json") -> httpx.Response:
        """Ask for something as a peer."""
        transport = httpx.ASGITransport(app.build(self.instance))
        async with httpx.AsyncClient(transport=transport, base_url=HOME) as client:
            return await client.get(path, headers={"Accept": accept})

    async def publish(self, draft: Draft) -> str:
        """Publish, change or withdraw an event and return its id."""
        return (await self.workshop.write(events.publish, self.owner, draft)).uri

    async def tidy(self) -> None:
        for tidy in wiring.HOUSEKEEPING:
            await self.workshop.write(tidy)


def found(instance: Instance) -> Home:
    return Home(instance, *instance.workshop.write_now(_publish))


def _publish(work: Work) -> tuple[str, str, str]:
    owner = workbench.add_organisation(work)
    workbench.know(work, ANNA, BERTA, CARLA)
    return owner, opportunities.publish(work, owner, offer()).uri, events.publish(work, owner, fest()).uri


def _verdict(work: Work, activity: str) -> str:
    return work.db.scalars(select(ReceivedRow.verdict).where(ReceivedRow.activity == activity)).one()
