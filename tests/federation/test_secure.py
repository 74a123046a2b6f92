"""Secure mode: who does not sign is shown nothing but the instance actor, WebFinger, NodeInfo, pages and pictures."""

from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from email.utils import format_datetime
from pathlib import Path

import httpx
import pytest
from sqlalchemy import select

from fediverse_ehrenamt import app, setup
from fediverse_ehrenamt.events import actions as events
from fediverse_ehrenamt.federation import restrictions
from fediverse_ehrenamt.federation.model import LocalActorRow, PublishedRow
from fediverse_ehrenamt.federation.rules import Restriction
from fediverse_ehrenamt.instance import Instance
from fediverse_ehrenamt.kit import ids
from fediverse_ehrenamt.search.engine import Index
from fediverse_ehrenamt.search.feed import Feed
from fediverse_ehrenamt.work import Work
from tests import workbench
from tests.federation.origin import Origin
from tests.federation.signing import RSA as OTHER_KEY
from tests.federation.signing import PrivateKey, make_signature
from tests.workbench import HOME, RSA, Clock, fest

pytestmark = pytest.mark.anyio
MACHINE, BROWSER = "application/activity+json", "text/html"
RELAY = f"{HOME}/ap/actor/relay"
Sign = Callable[[str], dict[str, str]]


@asynccontextmanager
async def opened(url: str, folder: Path, clock: Clock, mode: str) -> AsyncIterator[Instance]:
    workshop = workbench.open_workshop(workbench.settings(url, folder, SECURE_MODE=mode), clock)
    index = Index(folder / "index")
    made = Instance(workshop, index, Feed(index))
    setup.create(made, "Ehrenamt Hagen", "Ehrenamt in Hagen.", None)
    yield made
    await made.feed.close()
    await made.close()


@pytest.fixture
async def safe(migrated_sqlite_url: str, tmp_path: Path, clock: Clock, anyio_backend: str) -> AsyncIterator[Instance]:
    assert anyio_backend == "asyncio"
    async with opened(migrated_sqlite_url, tmp_path, clock, "on") as made:
        yield made


@asynccontextmanager
async def client_of(instance: Instance) -> AsyncIterator[httpx.AsyncClient]:
    front = app.build(instance)
    front.state.instance_name = "Ehrenamt Hagen"  # as its lifespan does, which would also close the instance
    async with httpx.AsyncClient(transport=httpx.ASGITransport(front), base_url=HOME) as made:
        yield made


@pytest.fixture
async def client(safe: Instance) -> AsyncIterator[httpx.AsyncClient]:
    async with client_of(safe) as made:
        yield made


@pytest.fixture
def documents(safe: Instance) -> list[str]:
    """The URLs of all kinds of documents of an organisation that published something."""

    def publish(work: Work) -> list[str]:
        owner = workbench.add_organisation(work)
        thing = events.publish(work, owner, fest()).uri
        activity = work.db.scalar(select(PublishedRow.uri).where(PublishedRow.kind == "Create"))
        assert activity
        names = ("outbox", "followers", "following", "featured", "upcoming")
        collections = [*(f"{owner}/{name}" for name in names), *(f"{thing}/{name}" for name in ("likes", "replies"))]
        return [owner, thing, activity, *collections, f"{owner}/outbox?page=first", f"{RELAY}/outbox"]

    return safe.workshop.write_now(publish)


@pytest.fixture
def sign(peer: Origin, clock: Clock) -> Sign:
    """Sign a GET as the peer's actor, as Mastodon does."""
    actor = peer.actor()
    return lambda url: signed(url, f"{actor.id}#main-key", clock)


def signed(url: str, key_id: str, clock: Clock, key: PrivateKey = RSA) -> dict[str, str]:
    target, date = url.removeprefix(HOME), format_datetime(clock(), usegmt=True)
    text = f"(request-target): get {target}\nhost: {ids.host(HOME)}\ndate: {date}"
    made = make_signature(key, text)
    covered = "(request-target) host date"
    signature = f'keyId="{key_id}",algorithm="rsa-sha256",headers="{covered}",signature="{made}"'
    return {"date": date, "signature": signature, "accept": MACHINE}


async def test_who_does_not_sign_is_told_why(client: httpx.AsyncClient, documents: list[str]) -> None:
    for url in documents:
        answer = await client.get(url, headers={"accept": MACHINE})
        assert (answer.status_code, answer.headers["content-type"]) == (401, "application/problem+json"), url
        assert "signed requests only" in answer.json()["detail"]
        assert answer.headers["www-authenticate"].endswith('headers="(request-target) host date"')


async def test_who_signs_is_answered_and_nobody_else_keeps_a_copy(
    client: httpx.AsyncClient, documents: list[str], sign: Sign
) -> None:
    for url in documents:
        answer = await client.get(url, headers=sign(url))
        assert (answer.status_code, answer.headers["content-type"]) == (200, MACHINE), url
        assert answer.headers["cache-control"] == "private, no-store"
        assert {"accept", "signature"} <= {one.strip().lower() for one in answer.headers["vary"].split(",")}


async def test_a_wrong_signature_is_none(
    client: httpx.AsyncClient, documents: list[str], sign: Sign, peer: Origin, clock: Clock
) -> None:
    owner, thing, *_ = documents
    for headers in (
        sign(owner),  # for another document
        signed(thing, peer.at("/users/anna#main-key"), clock, OTHER_KEY),
        signed(thing, peer.at("/users/nobody#main-key"), clock),
        {**sign(thing), "signature": "keyId=x"},
    ):
        answer = await client.get(thing, headers=headers)
        assert answer.status_code == 401, answer.text
        assert answer.json()["detail"]


async def test_what_everybody_needs_stays_open(client: httpx.AsyncClient, documents: list[str]) -> None:
    assert documents
    for url in (
        RELAY,
        f"{HOME}/.well-known/webfinger?resource=acct:relay@hagen.example",
        f"{HOME}/.well-known/nodeinfo",
        f"{HOME}/.well-known/host-meta",
        f"{HOME}/nodeinfo/2.1",
    ):
        assert (await client.get(url, headers={"accept": MACHINE})).status_code == 200, url
    assert (await client.get(RELAY)).json()["publicKey"]["publicKeyPem"]


async def test_people_are_sent_to_pages_and_machines_do_not_pass_for_people(
    client: httpx.AsyncClient, safe: Instance, documents: list[str]
) -> None:
    owner, thing, _, outbox, *_ = documents
    for url in (owner, thing):
        assert (await client.get(url, headers={"accept": BROWSER})).status_code == 303
        assert (await client.get(url, headers={"accept": f"{BROWSER}, {MACHINE}"})).status_code == 401
    assert (await client.get(outbox, headers={"accept": BROWSER})).status_code == 401
    await safe.workshop.write(lambda work: work.db.get_one(LocalActorRow, owner).__setattr__("gone_at", work.now))
    assert (await client.get(owner, headers={"accept": BROWSER})).status_code == 401, "a tombstone is a document"


async def test_a_key_that_cannot_be_had_now_is_no_fault_of_the_signer(
    client: httpx.AsyncClient, documents: list[str], peer: Origin, clock: Clock
) -> None:
    peer.serve("/users/busy", b"", status=503)
    answer = await client.get(documents[0], headers=signed(documents[0], peer.at("/users/busy#main-key"), clock))
    assert answer.status_code == 503
    assert int(answer.headers["retry-after"]) > 0


@pytest.mark.parametrize("mode", ["on", "off"])
async def test_a_blocked_host_that_signs_is_refused(
    migrated_sqlite_url: str, tmp_path: Path, clock: Clock, peer: Origin, mode: str
) -> None:
    async with opened(migrated_sqlite_url, tmp_path, clock, mode) as instance, client_of(instance) as client:
        owner = await instance.workshop.write(workbench.add_organisation)
        await instance.workshop.write(
            restrictions.put, [Restriction(f"127.0.0.1:{peer.port}", "block", public_comment="Spam")]
        )
        headers = signed(owner, f"{peer.actor().id}#main-key", clock)
        answer = await client.get(owner, headers=headers)
        assert answer.status_code == 403
        assert answer.json()["detail"].endswith("is blocked here: Spam")
        assert peer.requests == [], "not even its key is asked for"


async def test_a_blocked_actor_is_refused_whatever_its_key_is_called(
    client: httpx.AsyncClient, safe: Instance, documents: list[str], peer: Origin, clock: Clock
) -> None:
    actor = peer.actor()
    await safe.workshop.write(restrictions.put, [Restriction(actor.id, "block")])
    answer = await client.get(documents[0], headers=signed(documents[0], f"{actor.id}#main-key", clock))
    assert answer.status_code == 403


async def test_with_the_switch_off_all_is_open_also_to_those_who_sign_badly(
    migrated_sqlite_url: str, tmp_path: Path, clock: Clock
) -> None:
    async with opened(migrated_sqlite_url, tmp_path, clock, "off") as instance, client_of(instance) as client:
        owner = await instance.workshop.write(workbench.add_organisation)
        for headers in ({"accept": MACHINE}, {"accept": MACHINE, "signature": "keyId=x"}):
            answer = await client.get(owner, headers=headers)
            assert answer.status_code == 200
            assert "public" in answer.headers["cache-control"]
