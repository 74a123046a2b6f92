"""Real payloads through the real inbox: signed, posted, stored, handled, indexed, searched for.

The clock stands when an event is current, for what is over leaves the index. Payloads go over the wire byte for byte;
objects that stand alone are put into a Create of their author, as it would send them.
"""

import shutil
from collections.abc import AsyncIterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import httpx
import orjson
import pytest
from sqlalchemy import delete, select

from fediverse_ehrenamt import app, wiring
from fediverse_ehrenamt.federation import inbox, outbox
from fediverse_ehrenamt.federation.cavage import SigningKey, sign
from fediverse_ehrenamt.federation.model import (
    FollowerRow,
    PublishedRow,
    ReceivedRow,
    RecipientRow,
    RemoteActorRow,
    SourceRow,
    TombstoneRow,
)
from fediverse_ehrenamt.instance import Instance
from fediverse_ehrenamt.jobs.model import JobRow, LaneRow
from fediverse_ehrenamt.kit import clock as times
from fediverse_ehrenamt.kit import ids
from fediverse_ehrenamt.search import store as search
from fediverse_ehrenamt.search.model import Document
from fediverse_ehrenamt.search.query import Query
from fediverse_ehrenamt.things import store as things
from fediverse_ehrenamt.things.model import ThingRow
from fediverse_ehrenamt.vocab.types import PUBLIC
from fediverse_ehrenamt.work import Work
from tests import conftest, workbench
from tests.vocab import samples
from tests.wire import expectations
from tests.wire.expectations import EVENT, Deleted, Dropped, Fetched, Indexed, Outcome, Refused
from tests.workbench import HOME, NOW, RSA, Clock

pytestmark = pytest.mark.anyio

SOMEBODY = "https://verein.example/u/thw"
COLLECTIONS = ("Collection", "OrderedCollection")
_EMPTIED = (
    FollowerRow,
    PublishedRow,
    ReceivedRow,
    RecipientRow,
    RemoteActorRow,
    SourceRow,
    TombstoneRow,
    JobRow,
    LaneRow,
)
_WORDS = 6
_PAGES = 20


@dataclass
class Town:
    """An instance that can be emptied, and its door."""

    instance: Instance
    clock: Clock

    async def empty(self, now: datetime = NOW) -> None:
        """Begin anew: nothing known, nothing held, the clock at `now`."""
        self.clock.now = now
        await self.instance.workshop.write(_empty)

    async def post(self, activity: Any, *, body: bytes = b"") -> int:
        """Let the payload's own actor, a followed source, sign and send it; return the status."""
        actor = _actor(activity)
        await self.instance.workshop.write(_follow, actor)
        return await self.send(actor, body or orjson.dumps(activity))

    async def send(self, actor: str, body: bytes) -> int:
        headers = sign(SigningKey(f"{actor}#main-key", RSA), "POST", f"{HOME}/inbox", body, self.clock.now)
        transport = httpx.ASGITransport(app.build(self.instance))  # it raises what the app does not catch
        async with httpx.AsyncClient(transport=transport, base_url=HOME) as client:
            kind = {"content-type": "application/activity+json"}
            return (await client.post("/inbox", content=body, headers=headers | kind)).status_code

    async def handle(self) -> None:
        while await self.instance.workshop.write(inbox.process, wiring.HANDLERS):
            pass

    async def documents(self) -> dict[str, Document]:
        return {document.uri: document for document in await self.instance.workshop.read(_documents)}

    async def found(self, document: Document) -> bool:
        """Say whether a search for the words of its title finds the document."""
        await self.instance.feed.follow(self.instance.workshop)
        words = " ".join(document.title.split()[:_WORDS])
        for page in range(1, _PAGES):
            results = self.instance.index.find(Query(text=words, kinds=(document.kind,), page=page), self.clock.now)
            if any(hit.document.uri == document.uri for hit in results.hits):
                return True
            if page >= results.pages:
                break
        return False

    async def asked_for(self) -> list[str]:
        return await self.instance.workshop.read(_asked_for)

    async def verdicts(self) -> list[str]:
        return await self.instance.workshop.read(workbench.verdicts)


def _empty(work: Work) -> None:
    for table in _EMPTIED:
        work.db.execute(delete(table))
    things.remove(work, list(work.db.scalars(select(ThingRow.uri))))


def _follow(work: Work, actor: str) -> None:
    if ids.origin(actor) and work.db.get(SourceRow, actor) is None:
        workbench.add_source(work, actor)


def _documents(work: Work) -> list[Document]:
    return [search.get(work, uri) for uri in work.db.scalars(select(ThingRow.uri))]


def _asked_for(work: Work) -> list[str]:
    return list(work.db.scalars(select(JobRow.key).where(JobRow.name == "obtain")))


def _actor(activity: Any) -> str:
    """Return who sends a payload; who sends what names nobody is somebody."""
    actor = activity.get("actor") if isinstance(activity, dict) else None
    actor = actor[0] if isinstance(actor, list) and actor else actor
    actor = actor.get("id") if isinstance(actor, dict) else actor
    return actor if isinstance(actor, str) and ids.origin(actor) else SOMEBODY


def _sendable(payload: Any) -> list[Any]:
    """Return the activities in which a payload comes: itself, or Creates of the objects that stand alone."""
    if not isinstance(payload, dict):
        return []
    if payload.get("type") in COLLECTIONS:
        items = payload.get("orderedItems") or payload.get("items") or []
        return [created for item in items for created in _sendable(item)]
    if payload.get("type") not in ("Note", "Article", "Page", "Video", "Event", "Question"):
        return [payload] if "actor" in payload else []
    author = _author(payload.get("attributedTo")) or payload.get("actor") or SOMEBODY
    origin = ids.origin(author if isinstance(author, str) else SOMEBODY)
    context = payload.get("@context", "https://www.w3.org/ns/activitystreams")
    activity = {"@context": context, "id": f"{origin}/wrapped/1", "type": "Create", "actor": author, "to": [PUBLIC]}
    return [activity | {"object": payload}]


def _author(value: Any) -> Any:
    """Return who would send it: of PeerTube's account and channel the account."""
    if not isinstance(value, list):
        return value
    people = [one for one in value if isinstance(one, dict) and one.get("type") == "Person"]
    return people[0].get("id") if people else value


@pytest.fixture(scope="module")
async def shared(
    set_up_sqlite: Path, tmp_path_factory: pytest.TempPathFactory, anyio_backend: str
) -> AsyncIterator[Town]:
    """One town for all payloads; setting one up for each would take ten times as long."""
    assert anyio_backend == "asyncio"
    data = tmp_path_factory.mktemp("town")
    clock = Clock()
    async with conftest.open_set_up(f"sqlite:///{shutil.copy(set_up_sqlite, data)}", data, clock) as opened:
        yield Town(opened, clock)


@pytest.fixture
async def place(shared: Town) -> Town:
    await shared.empty()
    return shared


def _now_for(expected: Indexed, activities: list[Any]) -> datetime:
    """Return a moment at which what is expected is of interest: two hours before an event, or after a post."""
    starts_at = times.parse(expected.starts_at)
    if starts_at:
        return starts_at - timedelta(hours=2)
    things = [one["object"] for one in activities if isinstance(one, dict) and isinstance(one.get("object"), dict)]
    said = [times.parse(thing.get("updated") or thing.get("published")) for thing in things]
    return max((moment for moment in said if moment), default=NOW) + timedelta(hours=2)


# --- nothing breaks ---------------------------------------------------------------------------------------------------
@pytest.mark.parametrize("path", samples.everything(), ids=lambda path: f"{path.parent.name}/{path.name}")
async def test_no_payload_breaks_the_inbox(place: Town, path: Path) -> None:
    payload, body = _read(path)
    assert await place.post(payload, body=body) in {202, 400, 401}
    for activity in _sendable(payload):
        assert await place.post(activity) in {202, 400, 401}
    await place.handle()
    assert not [verdict for verdict in await place.verdicts() if verdict.startswith("failed")]
    for document in (await place.documents()).values():
        assert document.title
        assert ids.same_origin(document.uri, document.organisation_uri)


@pytest.mark.parametrize("path", sorted(samples.OURS.glob("*.json")), ids=lambda path: path.name)
async def test_our_own_payloads_come_back_to_a_sister(place: Town, path: Path) -> None:
    """What we send is understood by an instance of ours: everything public that we publish is found there."""
    payload, _ = _read(path)
    for activity in _sendable(payload):
        assert await place.post(activity) == 202
    await place.handle()
    for verdict in await place.verdicts():
        asked = verdict.startswith("asking the origin of") or verdict.endswith("was not asked")  # by this town
        assert verdict == "handled" or asked, verdict
    for document in (await place.documents()).values():
        place.clock.now = min(document.starts_at or NOW, NOW)
        assert await place.found(document), document.uri


# --- what is found ----------------------------------------------------------------------------------------------------
def _check(document: Document, expected: Indexed) -> None:
    assert document.kind == expected.kind
    assert document.title == expected.title
    assert document.url == expected.url
    assert document.language == expected.language
    assert document.hashtags == expected.hashtags
    assert document.place.startswith(expected.place)
    assert bool(document.place) == bool(expected.place)
    assert (document.latitude, document.longitude) == (expected.latitude, expected.longitude)
    assert document.status == ("abgesagt" if expected.status == "cancelled" else "")
    if expected.kind == EVENT:
        assert document.starts_at == times.parse(expected.starts_at)
        assert document.ends_at == times.parse(expected.ends_at or expected.starts_at)


async def _is_indexed(place: Town, expected: Indexed) -> None:
    documents = await place.documents()
    assert len(documents) == 1, await place.verdicts()
    (document,) = documents.values()
    _check(document, expected)
    assert await place.found(document)


@pytest.mark.parametrize(("name", "expected"), expectations.INDEXED.items(), ids=list(expectations.INDEXED))
async def test_what_a_town_indexes_is_found(place: Town, name: str, expected: Indexed) -> None:
    activities = _sendable(orjson.loads(samples.read(name)))
    await place.empty(_now_for(expected, activities))
    assert [await place.post(activity) for activity in activities] == [202]
    await place.handle()
    await _is_indexed(place, expected)


@pytest.mark.parametrize(("name", "outcome"), expectations.NOT_INDEXED.items(), ids=list(expectations.NOT_INDEXED))
async def test_what_a_town_does_not_index_is_not_found(place: Town, name: str, outcome: Outcome) -> None:
    statuses = {outcome.status} if isinstance(outcome, Refused) else {202, 400}
    for activity in _sendable(orjson.loads(samples.read(name))):
        assert await place.post(activity) in statuses
    await place.handle()
    assert await place.documents() == {}
    if isinstance(outcome, Fetched):
        assert await place.asked_for() == [outcome.uri]


# --- odd and hostile --------------------------------------------------------------------------------------------------
async def _prepare(place: Town, outcome: Outcome) -> None:
    """Let there be what is to be deleted."""
    uri = outcome.uri if isinstance(outcome, Deleted) else ""
    if uri:
        await place.post(_held(uri))
        await place.handle()
        assert len(await place.documents()) == 1


def _held(uri: str, number: int = 1) -> dict[str, Any]:
    """A Create of a note under a URI, or by it where it is an actor's."""
    actor = uri if "/u/" in uri else SOMEBODY
    thing = uri if actor != uri else "https://verein.example/o/77"
    note = {"id": thing, "type": "Note", "attributedTo": actor, "content": "<p>Da</p>", "to": [PUBLIC]}
    activity = {"@context": "https://www.w3.org/ns/activitystreams", "type": "Create", "actor": actor, "to": [PUBLIC]}
    return activity | {"id": f"https://verein.example/earlier/{number}", "object": note}


@pytest.mark.parametrize(("name", "outcome"), expectations.SYNTHETIC.items(), ids=list(expectations.SYNTHETIC))
async def test_hostile_and_odd_payloads_end_as_expected(place: Town, name: str, outcome: Outcome) -> None:
    body = samples.read(f"synthetic/{name}")
    path = Path(name)
    payload = _parsed(body)
    await place.empty(_now_for(outcome, [payload]) if isinstance(outcome, Indexed) else NOW)
    await _prepare(place, outcome)
    status = await place.post(payload, body=body)
    await place.handle()
    match outcome:
        case Refused():
            assert status == outcome.status, path.stem
        case Indexed():
            assert status == 202
            await _is_indexed(place, outcome)
            return
        case Fetched():
            assert status == 202
            assert await place.asked_for() == [outcome.uri]
        case Dropped():
            assert status == 202
            assert await place.asked_for() == []
        case Deleted():
            assert status == 202
            assert await place.instance.workshop.read(outbox.is_buried, outcome.uri)
            if "/u/" not in outcome.uri:  # of an actor that is gone, no key is to be had any more
                assert await place.post(_held(outcome.uri, 2)) == 202
                await place.handle()
    assert await place.documents() == {}


def _read(path: Path) -> tuple[Any, bytes]:
    body = path.read_bytes()
    return _parsed(body), body


def _parsed(body: bytes) -> Any:
    try:
        return orjson.loads(body)
    except orjson.JSONDecodeError:
        return None


async def test_whoever_left_is_not_heard_again(place: Town) -> None:
    await place.post(_held(SOMEBODY))
    goodbye = {"type": "Delete", "id": f"{SOMEBODY}#delete", "actor": SOMEBODY, "object": SOMEBODY, "to": [PUBLIC]}
    assert await place.post(goodbye) == 202
    await place.handle()
    assert await place.documents() == {}
    assert await place.send(SOMEBODY, orjson.dumps(_held(SOMEBODY, 3))) == 503  # its key cannot be had


# --- who may not ------------------------------------------------------------------------------------------------------
async def test_unsigned_and_badly_signed(place: Town) -> None:
    body = orjson.dumps(_held("https://verein.example/o/1"))
    await place.instance.workshop.write(_follow, SOMEBODY)
    transport = httpx.ASGITransport(app.build(place.instance))
    async with httpx.AsyncClient(transport=transport, base_url=HOME) as client:
        assert (await client.post("/inbox", content=body)).status_code == 401
        stale = datetime(2020, 1, 1, tzinfo=UTC)
        headers = sign(SigningKey(f"{SOMEBODY}#main-key", RSA), "POST", f"{HOME}/inbox", body, stale)
        assert (await client.post("/inbox", content=body, headers=headers)).status_code == 401
        headers = sign(SigningKey(f"{SOMEBODY}#main-key", RSA), "POST", f"{HOME}/inbox", b"other", place.clock.now)
        assert (await client.post("/inbox", content=body, headers=headers)).status_code == 401
        assert (await client.post("/inbox", content=b"x" * 1_000_001)).status_code == 413
        assert (await client.get("/inbox")).status_code == 405
    assert await place.verdicts() == []
