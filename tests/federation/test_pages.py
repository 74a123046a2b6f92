"""What peers and browsers read of us: actors, activities, objects, collections, WebFinger, NodeInfo, host-meta."""

from collections.abc import AsyncIterator
from typing import Any

import httpx
import pytest
from sqlalchemy import select

from fediverse_ehrenamt import app, wiring
from fediverse_ehrenamt.events import actions as events
from fediverse_ehrenamt.federation import webfinger
from fediverse_ehrenamt.federation.model import LocalActorRow, PublishedRow
from fediverse_ehrenamt.instance import Instance
from fediverse_ehrenamt.settings import Settings
from fediverse_ehrenamt.things.store import Outcome
from fediverse_ehrenamt.vocab import codec
from fediverse_ehrenamt.vocab.types import Actor, Event
from fediverse_ehrenamt.work import Work, Workshop
from tests import workbench
from tests.workbench import HOME, Clock, fest

pytestmark = pytest.mark.anyio
MACHINE = {"accept": "application/activity+json"}
BROWSER = {"accept": "text/html,application/xhtml+xml"}
RELAY = f"{HOME}/ap/actor/relay"


@pytest.fixture
async def client(town: Instance) -> AsyncIterator[httpx.AsyncClient]:
    front = app.build(town)
    front.state.instance_name = "Ehrenamt Hagen"  # as its lifespan does, which would also close the instance
    transport = httpx.ASGITransport(front)
    async with httpx.AsyncClient(transport=transport, base_url=HOME) as made:
        yield made


@pytest.fixture
def owner(home: Workshop) -> str:
    return home.write_now(workbench.add_organisation)


@pytest.fixture
def outcome(home: Workshop, owner: str) -> Outcome:
    return home.write_now(events.publish, owner, fest())


async def get(client: httpx.AsyncClient, url: str, headers: dict[str, str] = MACHINE) -> httpx.Response:
    return await client.get(url.removeprefix(HOME), headers=headers)


# --- actors -----------------------------------------------------------------------------------------------------------
async def test_an_actor_has_its_keys_when_it_is_first_asked_for(
    client: httpx.AsyncClient, owner: str, home: Workshop
) -> None:
    assert await home.read(lambda work: work.db.get_one(LocalActorRow, owner).rsa_public) == ""
    first = await get(client, owner)
    actor = codec.parse_object(first.content)
    assert isinstance(actor, Actor)
    assert (actor.id, actor.type, actor.handle) == (owner, "Organization", "buecherei")
    assert actor.inbox == f"{owner}/inbox"
    assert actor.shared_inbox == f"{HOME}/inbox"
    assert actor.url == f"{HOME}/organisationen/buecherei"
    assert actor.keys[0].id == f"{owner}#main-key"
    assert actor.assertion_methods[0].multibase.startswith("z6Mk")
    assert actor.summary == "<p>Lesen für alle.</p>"
    assert actor.organisation is not None
    assert first.headers["content-type"].startswith("application/activity+json")
    assert first.headers["vary"] == "Accept"
    assert (await get(client, owner)).content == first.content


@pytest.mark.parametrize(
    "accept",
    [
        'application/ld+json; profile="https://www.w3.org/ns/activitystreams"',
        "application/json",
        "*/*",
        "application/activity+json, text/html",
    ],
)
async def test_programs_get_the_object(client: httpx.AsyncClient, owner: str, accept: str) -> None:
    answer = await get(client, owner, {"accept": accept})
    assert answer.status_code == 200
    assert answer.json()["id"] == owner


async def test_browsers_are_sent_to_the_page(client: httpx.AsyncClient, owner: str, outcome: Outcome) -> None:
    for uri, page in ((owner, "/organisationen/buecherei"), (outcome.uri, f"/termine/{outcome.page}")):
        answer = await get(client, uri, BROWSER)
        assert (answer.status_code, answer.headers["location"]) == (303, f"{HOME}{page}")
        assert answer.headers["vary"] == "Accept"


async def test_an_actor_that_is_gone(client: httpx.AsyncClient, owner: str, home: Workshop, clock: Clock) -> None:
    def end(work: Work) -> None:
        work.db.get_one(LocalActorRow, owner).gone_at = clock.now

    await home.write(end)
    for headers in (MACHINE, BROWSER):
        answer = await get(client, owner, headers)
        assert answer.status_code == 410
        assert answer.json()["formerType"] == "Organization"
    assert (await client.get("/.well-known/webfinger?resource=acct:buecherei@hagen.example")).status_code == 404


@pytest.mark.parametrize(
    "path",
    ["/ap/actor/nobody", "/ap/actor/nobody/outbox", "/ap/activity/none", "/ap/object/none", "/nodeinfo/1.0"],
)
async def test_what_is_not_there(client: httpx.AsyncClient, path: str) -> None:
    answer = await get(client, path)
    assert answer.status_code == 404
    assert answer.headers["content-type"] == "application/problem+json"


# --- objects and activities -------------------------------------------------------------------------------------------
async def test_an_object_and_what_is_left_of_it(
    client: httpx.AsyncClient, home: Workshop, owner: str, outcome: Outcome
) -> None:
    answer = await get(client, outcome.uri)
    event = codec.parse_object(answer.content)
    assert isinstance(event, Event)
    assert (event.id, event.name) == (outcome.uri, "Sommerfest")
    await home.write(events.publish, owner, fest(status="withdrawn"))
    answer = await get(client, outcome.uri)
    assert (answer.status_code, answer.json()["type"], answer.json()["id"]) == (410, "Tombstone", outcome.uri)
    assert (await get(client, outcome.uri, BROWSER)).status_code == 410


async def test_things_of_others_are_not_served(client: httpx.AsyncClient, home: Workshop) -> None:
    def receive(work: Work) -> None:
        from_peer = workbench.creation(workbench.note(f"{HOME}/ap/object/theirs"))
        handler = wiring.HANDLERS.find(from_peer)
        assert handler is not None
        handler(work, from_peer)

    await home.write(receive)
    assert (await get(client, "/ap/object/theirs")).status_code == 404


async def test_activities_for_everybody_are_shown_and_others_not(
    client: httpx.AsyncClient, home: Workshop, outcome: Outcome
) -> None:
    await home.write(workbench.add_source)

    def published(work: Work) -> dict[str, str]:
        return {row.kind: row.uri for row in work.db.scalars(select(PublishedRow))}

    uris = await home.read(published)
    answer = await get(client, uris["Create"])
    assert answer.json()["object"]["id"] == outcome.uri
    await home.write(workbench.know, workbench.ANNA)

    def hide(work: Work) -> None:
        work.db.scalars(select(PublishedRow).where(PublishedRow.kind == "Create")).one().listed = False

    await home.write(hide)
    assert (await get(client, uris["Create"])).status_code == 404


@pytest.mark.parametrize("name", ["outbox", "followers", "following"])
async def test_collections(client: httpx.AsyncClient, owner: str, outcome: Outcome, name: str) -> None:
    answer = await get(client, f"{owner}/{name}")
    assert answer.json()["id"] == f"{owner}/{name}"
    assert answer.json()["totalItems"] == (1 if name == "outbox" else 0)
    assert (await get(client, f"{owner}/{name}?page=x")).status_code == 404
    assert (
        await get(client, f"{owner}/{name}?page=1" if name != "outbox" else f"{owner}/{name}?page=first")
    ).is_success
    assert outcome.what == "published"


# --- well known -------------------------------------------------------------------------------------------------------
@pytest.mark.parametrize(
    ("resource", "handle"),
    [
        ("acct:buecherei@hagen.example", "buecherei"),
        ("acct:Buecherei@HAGEN.example", "buecherei"),
        ("acct:@buecherei@hagen.example", "buecherei"),
        ("buecherei@hagen.example", "buecherei"),
        (f"{HOME}/organisationen/buecherei", "buecherei"),
        ("acct:relay@hagen.example", "relay"),
        (RELAY, "relay"),
        (HOME, "relay"),
        (f"{HOME}/", "relay"),
        ("https://hagen.example", "relay"),
        ("acct:nobody@hagen.example", ""),
        ("acct:buecherei@other.example", ""),
        ("buecherei", ""),
        ("https://hagen.example/other", ""),
        ("https://other.example/", ""),
        ("mailto:buecherei@hagen.example", ""),
        ("acct:" + "x" * 3_000 + "@hagen.example", ""),
    ],
)
async def test_webfinger(client: httpx.AsyncClient, owner: str, resource: str, handle: str) -> None:
    answer = await client.get("/.well-known/webfinger", params={"resource": resource})
    assert answer.headers["access-control-allow-origin"] == "*"
    assert answer.status_code == (200 if handle else 404)
    if not handle:
        return
    found = answer.json()
    assert answer.headers["content-type"] == "application/jrd+json"
    assert found["subject"] == f"acct:{handle}@hagen.example"
    uri = owner if handle == "buecherei" else RELAY
    assert uri in found["aliases"]
    links = {(link["rel"], link["type"]): link["href"] for link in found["links"]}
    assert links["self", "application/activity+json"] == uri
    assert (("https://www.w3.org/ns/activitystreams#Application", "application/activity+json") in links) is (
        handle == "relay"
    )


async def test_webfinger_without_a_resource(client: httpx.AsyncClient) -> None:
    assert (await client.get("/.well-known/webfinger")).status_code == 400


async def test_host_meta(client: httpx.AsyncClient) -> None:
    answer = await client.get("/.well-known/host-meta")
    assert answer.headers["content-type"].startswith("application/xrd+xml")
    assert f'template="{HOME}/.well-known/webfinger?resource={{uri}}"' in answer.text


@pytest.mark.parametrize("version", ["2.0", "2.1"])
async def test_nodeinfo(client: httpx.AsyncClient, outcome: Outcome, version: str) -> None:
    links = {link["rel"]: link["href"] for link in (await client.get("/.well-known/nodeinfo")).json()["links"]}
    assert links["https://www.w3.org/ns/activitystreams#Application"] == RELAY
    url = links[f"http://nodeinfo.diaspora.software/ns/schema/{version}"]
    answer = await get(client, url, {"accept": "application/json"})
    assert f'schema/{version}#"' in answer.headers["content-type"]
    found: dict[str, Any] = answer.json()
    assert found["version"] == version
    assert found["software"]["name"] == "ehrenamt"
    assert ("repository" in found["software"]) is (version == "2.1")
    assert found["usage"] == {"users": {"total": 1}, "localPosts": 1}
    assert found["metadata"]["nodeName"] == "Ehrenamt Hagen"
    assert outcome.what == "published"


def test_a_handles_domain_may_differ(town: Instance) -> None:
    """Handles are answered under both, and always said with their own domain."""
    from_domain = Settings.load({"EHRENAMT_URL": "https://ehrenamt.hagen.de", "EHRENAMT_HANDLE_DOMAIN": "hagen.de"})
    other = Workshop(town.workshop.engines, town.workshop.http, from_domain, town.workshop.now)
    uri = other.write_now(workbench.add_organisation, "thw")
    for resource in ("acct:thw@hagen.de", "acct:thw@ehrenamt.hagen.de", uri):
        found = other.read_now(webfinger.descriptor, resource)
        assert found is not None
        assert b'"acct:thw@hagen.de"' in found
    assert other.read_now(webfinger.descriptor, "acct:thw@evil.de") is None
