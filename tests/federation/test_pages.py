"""What peers and browsers read of us: actors, activities, objects, collections, WebFinger, NodeInfo, host-meta."""

from collections.abc import AsyncIterator
from typing import Any

import httpx
import jsonschema
import orjson
import pytest
from sqlalchemy import select

from fediverse_ehrenamt import app, wiring
from fediverse_ehrenamt.events import actions as events
from fediverse_ehrenamt.federation import addresses, nodeinfo, outbox, webfinger
from fediverse_ehrenamt.federation.model import LocalActorRow, PublishedRow
from fediverse_ehrenamt.instance import Instance
from fediverse_ehrenamt.settings import Settings
from fediverse_ehrenamt.things.store import Outcome
from fediverse_ehrenamt.vocab import codec
from fediverse_ehrenamt.vocab.types import Accept, Actor, Event, Follow
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
async def test_an_actor_has_its_keys_when_it_is_first_asked_for(client: httpx.AsyncClient, home: Workshop) -> None:
    owner = home.write_now(workbench.add_keyless)
    assert await home.read(lambda work: work.db.get_one(LocalActorRow, owner).rsa_public) == ""
    first = await get(client, owner)
    actor = codec.parse_object(first.content)
    assert isinstance(actor, Actor)
    assert (actor.id, actor.type, actor.handle) == (owner, "Organization", "buecherei")
    assert actor.inbox == f"{owner}/inbox"
    assert actor.shared_inbox == f"{HOME}/inbox"
    assert actor.url == f"{HOME}/organisationen/buecherei"
    assert (actor.featured, actor.upcoming_events) == (f"{owner}/featured", f"{owner}/upcoming")
    assert first.json()["generator"]["implements"] == [
        {
            "type": "Link",
            "href": "https://datatracker.ietf.org/doc/html/rfc9421",
            "name": "RFC-9421: HTTP Message Signatures",
        }
    ]  # FEP-844e
    instance = (await get(client, home.read_now(workbench.instance_actor))).json()
    assert instance["implements"] == first.json()["generator"]["implements"], "it is the Application itself"
    assert "generator" not in instance
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
        "APPLICATION/ACTIVITY+JSON, text/html;q=0.5",
        'application/ld+json; profile="https://www.w3.org/ns/activitystreams"; q=0.9, text/html;q=0.1',
        "text/html;q=0, application/json;q=0.1",
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


@pytest.mark.parametrize(
    "accept",
    [
        "application/activity+json;q=0.1, text/html",
        "text/html, application/json;q=0.5",
        "text/html;q=0.9, application/activity+json;q=0.1",
        "application/activity+json;q=0, Text/HTML",
        "text/html;level=1 ; Q=0.4, application/ld+json; q=0.333",
    ],
)
async def test_who_likes_the_page_better_is_sent_there(client: httpx.AsyncClient, owner: str, accept: str) -> None:
    answer = await get(client, owner, {"accept": accept})
    assert (answer.status_code, answer.headers["location"]) == (303, f"{HOME}/organisationen/buecherei")
    assert (await client.get("/organisationen/buecherei", headers={"accept": accept})).status_code == 200


async def test_several_accept_headers_are_one(client: httpx.AsyncClient, owner: str) -> None:
    both = [("accept", "text/html"), ("accept", "application/activity+json")]
    assert (await client.get(owner.removeprefix(HOME), headers=both)).status_code == 200


async def test_an_actor_that_is_gone(client: httpx.AsyncClient, owner: str, home: Workshop, clock: Clock) -> None:
    def end(work: Work) -> None:
        work.db.get_one(LocalActorRow, owner).gone_at = clock.now

    await home.write(end)
    for headers in (MACHINE, BROWSER):
        answer = await get(client, owner, headers)
        assert answer.status_code == 410
        assert answer.json()["formerType"] == "Organization"
    for name in ("outbox", "followers", "following", "featured", "upcoming"):
        assert (await get(client, f"{owner}/{name}")).status_code == 410
    assert (await client.get("/.well-known/webfinger?resource=acct:buecherei@hagen.example")).status_code == 404
    assert (await client.get("/@buecherei")).status_code == 404


@pytest.mark.parametrize(
    "path",
    ["/ap/actor/nobody", "/ap/actor/nobody/outbox", "/ap/activity/none", "/ap/object/none", "/nodeinfo/1.0"],
)
async def test_what_is_not_there(client: httpx.AsyncClient, path: str) -> None:
    answer = await get(client, path)
    assert answer.status_code == 404
    assert answer.headers["content-type"] == "application/problem+json"
    assert "Accept" in answer.headers["vary"].split(", "), "a browser gets a page under the same address"


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


async def published(home: Workshop) -> dict[str, str]:
    """Return the newest activity of each kind."""
    return await home.read(
        lambda work: {row.kind: row.uri for row in work.db.scalars(select(PublishedRow).order_by(PublishedRow.id))}
    )


async def test_activities_for_everybody_are_shown(
    client: httpx.AsyncClient, home: Workshop, owner: str, outcome: Outcome
) -> None:
    uris = await published(home)
    answer = await get(client, uris["Create"])
    assert (answer.json()["id"], answer.json()["object"]["id"]) == (uris["Create"], outcome.uri)
    assert answer.headers["vary"] == "Accept"
    assert (await get(client, uris["Announce"])).json()["object"] == outcome.uri
    await home.write(events.publish, owner, fest(name="Winterfest"))
    update = (await published(home))["Update"]
    assert (await get(client, update)).json()["object"]["name"] == "Winterfest"
    assert (await get(client, uris["Create"])).json()["object"]["name"] == "Winterfest"  # as it is now
    await home.write(events.publish, owner, fest(name="Herbstfest"))
    assert (await get(client, update)).status_code == 404  # it is current no more
    browser = await get(client, uris["Create"], BROWSER)
    assert (browser.status_code, browser.headers["location"]) == (303, outcome.uri)


async def test_activities_about_what_was_withdrawn_are_gone(
    client: httpx.AsyncClient, home: Workshop, owner: str, outcome: Outcome
) -> None:
    uris = await published(home)
    await home.write(events.publish, owner, fest(status="withdrawn"))
    for kind in ("Create", "Announce"):
        answer = await get(client, uris[kind])
        assert (answer.status_code, answer.json()["type"], answer.json()["formerType"]) == (410, "Tombstone", kind)
    answer = await get(client, (await published(home))["Delete"])
    assert (answer.status_code, answer.json()["object"]["type"]) == (200, "Tombstone")
    assert answer.json()["object"]["id"] == outcome.uri


async def test_what_was_said_to_one_is_shown_to_nobody(client: httpx.AsyncClient, home: Workshop, owner: str) -> None:
    def answer_follow(work: Work) -> str:
        accept = Accept(
            id=addresses.new_activity(work.settings),
            actor=owner,
            object=Follow(id=f"{workbench.PEER}/f/1", actor=workbench.ANNA, object=owner),
            to=(workbench.ANNA,),
        )
        outbox.send(work, accept, [f"{workbench.PEER}/inbox"])
        return accept.id

    assert (await get(client, await home.write(answer_follow))).status_code == 404


async def test_both_media_types(client: httpx.AsyncClient, owner: str, outcome: Outcome) -> None:
    linked_data = 'application/ld+json; profile="https://www.w3.org/ns/activitystreams"'
    for uri in (owner, outcome.uri, f"{owner}/outbox", f"{owner}/featured", f"{owner}/upcoming"):
        for accept in ("application/activity+json", linked_data):
            answer = await get(client, uri, {"accept": accept})
            assert answer.headers["content-type"].startswith(accept)
            assert answer.json()["id"] == uri
            head = await client.head(uri.removeprefix(HOME), headers={"accept": accept})
            assert (head.status_code, head.content) == (200, b"")
            assert head.headers["etag"] == answer.headers["etag"]


@pytest.mark.parametrize(
    ("accept", "kind"),
    [
        ("application/activity+json;q=0.8, application/ld+json", "application/ld+json"),
        ("application/activity+json;q=0, application/ld+json;q=0.1", "application/ld+json"),
        ("application/ld+json;q=0.8, application/activity+json", "application/activity+json"),
        ("application/ld+json, application/activity+json", "application/activity+json"),
        ("application/json", "application/activity+json"),
    ],
)
async def test_the_media_type_that_is_liked_better(
    client: httpx.AsyncClient, owner: str, accept: str, kind: str
) -> None:
    answer = await get(client, owner, {"accept": accept})
    assert answer.headers["content-type"].partition(";")[0] == kind


async def test_who_has_it_already_is_told_so(
    client: httpx.AsyncClient, home: Workshop, owner: str, outcome: Outcome
) -> None:
    for uri in (owner, outcome.uri, f"{owner}/outbox", f"{owner}/upcoming"):
        tag = (await get(client, uri)).headers["etag"]
        for condition in (tag, f'"other", {tag}', tag.removeprefix("W/"), "*"):
            again = await get(client, uri, {**MACHINE, "if-none-match": condition})
            assert (again.status_code, again.content) == (304, b"")
            assert again.headers["etag"] == tag
            assert again.headers["vary"] == "Accept"
        assert (await get(client, uri, {**MACHINE, "if-none-match": '"other"'})).status_code == 200
    tag = (await get(client, f"{owner}/outbox")).headers["etag"]
    await home.write(events.publish, owner, fest(name="Winterfest"))
    assert (await get(client, f"{owner}/outbox", {**MACHINE, "if-none-match": tag})).status_code == 200
    tag = (await get(client, outcome.uri)).headers["etag"]
    await home.write(events.publish, owner, fest(status="withdrawn"))
    assert (await get(client, outcome.uri, {**MACHINE, "if-none-match": tag})).status_code == 410


async def test_every_actor_has_what_peers_ask_of_each(client: httpx.AsyncClient) -> None:
    """GoToSocial takes an empty address for one, and Mastodon asks for each of these."""
    document = (await get(client, RELAY)).json()
    for name in ("outbox", "followers", "following", "featured"):
        found = (await get(client, document[name])).json()
        assert (found["id"], found["type"], found["totalItems"]) == (document[name], "OrderedCollection", 0)


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


@pytest.mark.parametrize("path", ["/@buecherei", "/@Buecherei"])
async def test_a_handle_in_the_address(client: httpx.AsyncClient, owner: str, path: str) -> None:
    for accept, there in (("text/html", f"{HOME}/organisationen/buecherei"), ("application/activity+json", owner)):
        answer = await client.get(path, headers={"Accept": accept})
        assert (answer.status_code, answer.headers["location"], answer.headers["vary"]) == (303, there, "Accept")
    assert (await client.get("/@nobody")).status_code == 404


# --- well known -------------------------------------------------------------------------------------------------------
@pytest.mark.parametrize(
    ("resource", "handle"),
    [
        ("acct:buecherei@hagen.example", "buecherei"),
        ("acct:Buecherei@HAGEN.example", "buecherei"),
        ("acct:@buecherei@hagen.example", "buecherei"),
        (f"{HOME}/organisationen/buecherei", "buecherei"),
        (f"{HOME}/@Buecherei", "buecherei"),
        (f"{HOME}/@nobody", ""),
        ("acct:relay@hagen.example", "relay"),
        (RELAY, "relay"),
        (HOME, "relay"),
        (f"{HOME}/", "relay"),
        ("https://hagen.example", "relay"),
        ("acct:nobody@hagen.example", ""),
        ("acct:hagen.example@hagen.example", "relay"),
        ("acct:other.example@hagen.example", ""),
        ("acct:other.example@other.example", ""),
        ("acct:buecherei@other.example", ""),
        ("ACCT:buecherei@hagen.example", "buecherei"),
        (f"{HOME}/organisationen/buecherei/", "buecherei"),
        (HOME.replace("https", "HTTPS").replace("hagen", "Hagen"), "relay"),
        ("https://hagen.example/other", ""),
        ("https://other.example/", ""),
        ("http://[::1", ""),
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


@pytest.mark.parametrize(
    ("rels", "kept"),
    [
        (["self"], ["self", "self"]),
        (["http://webfinger.net/rel/profile-page"], ["http://webfinger.net/rel/profile-page"]),
        (["self", "http://webfinger.net/rel/profile-page"], ["http://webfinger.net/rel/profile-page", "self", "self"]),
        (["http://ostatus.org/schema/1.0/subscribe"], []),
    ],
)
async def test_webfinger_with_the_links_that_are_asked_for(
    client: httpx.AsyncClient, owner: str, rels: list[str], kept: list[str]
) -> None:
    """RFC 7033 section 4.3; subject and aliases stand there in any case."""
    answer = await client.get("/.well-known/webfinger", params={"resource": owner, "rel": rels})
    found = answer.json()
    assert [link["rel"] for link in found["links"]] == kept
    assert found["subject"] == "acct:buecherei@hagen.example"
    assert owner in found["aliases"]


async def test_webfinger_without_a_resource(client: httpx.AsyncClient) -> None:
    assert (await client.get("/.well-known/webfinger")).status_code == 400


async def test_webfinger_for_several_resources(client: httpx.AsyncClient, owner: str) -> None:
    """Section 4.1: the parameter stands there exactly once."""
    answer = await client.get("/.well-known/webfinger", params={"resource": [owner, owner]})
    assert answer.status_code == 400


@pytest.mark.parametrize(
    "resource",
    [
        *("", "buecherei", "buecherei@hagen.example", "@buecherei@hagen.example", "acct=buecherei@hagen.example"),
        *("@", "a b@hagen.example", "acct:", "acct:buecherei", "Acct:@"),
    ],
)
async def test_webfinger_for_what_is_no_resource(client: httpx.AsyncClient, resource: str) -> None:
    answer = await client.get("/.well-known/webfinger", params={"resource": resource})
    assert (answer.status_code, answer.headers["access-control-allow-origin"]) == (400, "*")


async def test_host_meta(client: httpx.AsyncClient) -> None:
    answer = await client.get("/.well-known/host-meta")
    assert answer.headers["content-type"].startswith("application/xrd+xml")
    assert f'template="{HOME}/.well-known/webfinger?resource={{uri}}"' in answer.text
    in_json = await client.get("/.well-known/host-meta.json")
    assert in_json.headers["content-type"] == "application/jrd+json"
    assert in_json.headers["access-control-allow-origin"] == "*"
    (link,) = in_json.json()["links"]
    assert (link["rel"], link["template"]) == ("lrdd", f"{HOME}/.well-known/webfinger?resource={{uri}}")


def _closed(required: str, **properties: Any) -> dict[str, Any]:
    closed = {"type": "object", "properties": properties, "additionalProperties": False}
    return {**closed, "required": required.split()} if required else closed


def _nodeinfo_rules(version: str) -> dict[str, Any]:
    """What the NodeInfo protocol asks of a document, as far as it concerns what we say."""
    number, text, nothing = {"type": "integer", "minimum": 0}, {"type": "string"}, {"type": "array", "maxItems": 0}
    more = {"repository": text, "homepage": text} if version == "2.1" else {}
    return _closed(
        "version software protocols services openRegistrations usage metadata",
        version={"enum": [version]},
        software=_closed("name version", name={"type": "string", "pattern": "^[a-z0-9-]+$"}, version=text, **more),
        protocols={"type": "array", "minItems": 1, "items": {"enum": ["activitypub"]}},
        services=_closed("inbound outbound", inbound=nothing, outbound=nothing),
        openRegistrations={"type": "boolean"},
        usage=_closed(
            "users",
            users=_closed("", total=number, activeMonth=number, activeHalfyear=number),
            localPosts=number,
            localComments=number,
        ),
        metadata={"type": "object"},
    )


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
    assert found["usage"] == {"users": {"total": 1, "activeMonth": 1, "activeHalfyear": 1}, "localPosts": 1}
    jsonschema.Draft4Validator(_nodeinfo_rules(version)).validate(found)
    assert found["metadata"]["nodeName"] == "Ehrenamt Hagen"
    assert outcome.what == "published"


async def test_nodeinfo_counts_who_published_lately(home: Workshop, clock: Clock) -> None:
    def usage() -> dict[str, int]:
        users: dict[str, int] = orjson.loads(home.read_now(nodeinfo.document, "2.1", lambda _: 0))["usage"]["users"]
        return users

    first, _ = (home.write_now(workbench.add_organisation, name) for name in ("buecherei", "thw"))
    assert usage() == {"total": 2, "activeMonth": 0, "activeHalfyear": 0}
    home.write_now(events.publish, first, fest())
    assert usage() == {"total": 2, "activeMonth": 1, "activeHalfyear": 1}
    clock.forward(days=31)
    assert usage() == {"total": 2, "activeMonth": 0, "activeHalfyear": 1}
    clock.forward(days=150)
    assert usage() == {"total": 2, "activeMonth": 0, "activeHalfyear": 0}


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


def test_a_host_with_umlauts_is_answered_for_in_both_spellings(town: Instance) -> None:
    settings = Settings.load({"EHRENAMT_URL": "https://ehrenamt.köln.de", "EHRENAMT_HANDLE_DOMAIN": "köln.de"})
    other = Workshop(town.workshop.engines, town.workshop.http, settings, town.workshop.now)
    uri = other.write_now(workbench.add_organisation, "thw")
    assert uri.startswith("https://ehrenamt.xn--kln-sna.de/ap/actor/")
    for resource in (
        "acct:thw@KÖLN.de",
        "acct:thw@xn--kln-sna.de",
        "thw@ehrenamt.köln.de",
        uri.replace("xn--kln-sna", "köln"),
    ):
        found = other.read_now(webfinger.descriptor, resource)
        assert found is not None, resource
        assert b'"acct:thw@xn--kln-sna.de"' in found
