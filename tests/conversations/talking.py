"""A town with one organisation and what it publishes, and peers that write to it through the real door."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Concatenate, ParamSpec, TypeVar

import httpx
import orjson
from sqlalchemy import select

from fediverse_ehrenamt import app, wiring
from fediverse_ehrenamt.conversations import store
from fediverse_ehrenamt.conversations.model import MessageRow, ReplyRow
from fediverse_ehrenamt.federation import inbox, peers
from fediverse_ehrenamt.federation.cavage import SigningKey, sign
from fediverse_ehrenamt.federation.model import PublishedRow, ReceivedRow
from fediverse_ehrenamt.instance import Instance
from fediverse_ehrenamt.opportunities import actions as opportunities
from fediverse_ehrenamt.search import store as search
from fediverse_ehrenamt.vocab.types import PUBLIC
from fediverse_ehrenamt.work import Work
from tests import workbench
from tests.vocab import samples
from tests.workbench import ANNA, HOME, PEER, RSA, Clock

P = ParamSpec("P")
T = TypeVar("T")
CONTEXT = "https://www.w3.org/ns/activitystreams"


@dataclass
class Hall:
    """`organisation` is the URI of its actor, `thing` that of an offer of its own."""

    instance: Instance
    clock: Clock
    organisation: str = ""
    thing: str = ""

    def open(self) -> None:
        self.organisation = self.write(workbench.add_organisation)
        self.thing = self.write(opportunities.publish, self.organisation, workbench.offer()).uri

    def write(self, function: Callable[Concatenate[Work, P], T], *args: P.args, **kwargs: P.kwargs) -> T:
        return self.instance.workshop.write_now(function, *args, **kwargs)

    async def say(self, *activities: dict[str, Any]) -> list[str]:
        """Let each activity's actor sign and post it, have all handled; return what became of all so far."""
        for activity in activities:
            assert await self.post(str(activity["actor"]), orjson.dumps(activity)) == 202
        return await self.handle()

    async def post(self, actor: str, body: bytes) -> int:
        self.write(_meet, actor)
        headers = sign(SigningKey(f"{actor}#main-key", RSA), "POST", f"{HOME}/inbox", body, self.clock.now)
        transport = httpx.ASGITransport(app.build(self.instance))
        async with httpx.AsyncClient(transport=transport, base_url=HOME) as client:
            kind = {"content-type": "application/activity+json"}
            return (await client.post("/inbox", content=body, headers=headers | kind)).status_code

    async def get(self, url: str) -> httpx.Response:
        transport = httpx.ASGITransport(app.build(self.instance))
        async with httpx.AsyncClient(transport=transport, base_url=HOME) as client:
            return await client.get(url, headers={"accept": "application/activity+json"})

    async def handle(self) -> list[str]:
        while self.write(inbox.process, wiring.HANDLERS):
            pass
        return self.write(workbench.verdicts)

    def sample(self, name: str, *pairs: tuple[str, str]) -> dict[str, Any]:
        """Return a real payload in which addresses of its own world are replaced, in order, by those of this one."""
        text = samples.read(name).decode()
        for old, new in pairs:
            assert old in text
            text = text.replace(old, new)
        found: dict[str, Any] = orjson.loads(text)
        return found

    # --- what is inside -----------------------------------------------------------------------------------------------
    def replies(self) -> list[ReplyRow]:
        return self.write(lambda work: list(work.db.scalars(select(ReplyRow).order_by(ReplyRow.id))))

    def messages(self) -> list[MessageRow]:
        return self.write(lambda work: list(work.db.scalars(select(MessageRow).order_by(MessageRow.id))))

    def bodies(self) -> list[bytes | None]:
        return self.write(
            lambda work: [row.body for row in work.db.scalars(select(ReceivedRow).order_by(ReceivedRow.id))]
        )

    def sent(self) -> list[PublishedRow]:
        chosen = select(PublishedRow).where(~PublishedRow.listed).order_by(PublishedRow.id)
        return self.write(lambda work: list(work.db.scalars(chosen)))

    def indexed(self) -> int:
        return self.write(search.count)

    def listed(self) -> list[store.Message]:
        return self.write(store.messages)


def _meet(work: Work, actor: str) -> None:
    if peers.find(work, actor) is None:
        workbench.know(work, actor)


def note(name: str = "1", *, actor: str = ANNA, **fields: Any) -> dict[str, Any]:
    """A note as JSON; public if nothing else is said."""
    made = {
        "id": f"{PEER}/notes/{name}",
        "type": "Note",
        "attributedTo": actor,
        "content": "<p>Das mache ich <script>alert(1)</script><b>gern</b>!</p>",
        "published": "2026-11-22T11:00:00Z",
        "url": f"{PEER}/@anna/{name}",
        "to": [PUBLIC],
    }
    return made | fields


def activity(kind: str, thing: Any, name: str = "", *, actor: str = ANNA, **fields: Any) -> dict[str, Any]:
    """An activity about a thing, addressed as that is."""
    own = thing if isinstance(thing, dict) else {}
    name = name or f"{kind}-{str(own.get('id', thing)).rpartition('/')[2]}"
    made = {"@context": CONTEXT, "id": f"{PEER}/activities/{name}", "type": kind, "actor": actor, "object": thing}
    return made | {"to": own.get("to", [PUBLIC]), "cc": own.get("cc", [])} | fields
