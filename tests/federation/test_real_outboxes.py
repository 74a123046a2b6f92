"""Sources as other software serves them: real actors and objects, in the collections in which each puts them.

The payloads of others lie where EHRENAMT_TEST_WIRE says; here they are moved to a server on loopback. How the
collections are made is read from each software: Mobilizon embeds the first page, with bare events, and names no next
one; Gancio embeds it with Creates; Mastodon names pages by the ids of posts; WordPress announces its authors' events.
"""

from datetime import UTC, datetime
from typing import Any
from urllib.parse import urlsplit

import orjson
import pytest

from fediverse_ehrenamt import wiring
from fediverse_ehrenamt.federation import discovery, inbox, sources
from fediverse_ehrenamt.federation.sources import Source
from fediverse_ehrenamt.jobs.runner import Runner
from fediverse_ehrenamt.kit import ids
from fediverse_ehrenamt.kit.errors import Conflict
from fediverse_ehrenamt.search import store as search
from fediverse_ehrenamt.search.model import START, Document
from fediverse_ehrenamt.vocab.types import PUBLIC
from fediverse_ehrenamt.work import Work, Workshop
from tests.federation.origin import Answer, Origin
from tests.vocab import samples
from tests.workbench import Clock

pytestmark = pytest.mark.anyio
JSON = "application/json"
Json = dict[str, Any]


def moved(peer: Origin, name: str) -> Json:
    """Return a real payload as this peer would have written it."""
    text = samples.read(name).decode()
    origin = ids.origin(orjson.loads(text)["id"])
    payload: Json = orjson.loads(text.replace(origin, peer.url))
    return payload


def serve_actor(peer: Origin, actor: Json, software: str, application: str = "") -> str:
    """Serve an actor, its inbox, and NodeInfo, which names the instance's actor; return the actor's URI."""
    links = [{"rel": discovery.NODEINFO_RELS[0], "href": peer.at("/nodeinfo/2.1")}]
    links += [{"rel": discovery.APPLICATION_REL, "href": application}] if application else []
    peer.serve("/.well-known/nodeinfo", {"links": links}, kind=JSON)
    peer.serve("/nodeinfo/2.1", {"software": {"name": software}}, kind=JSON)
    peer.answers[_path(actor["inbox"])] = Answer(status=202)
    return peer.serve(_path(actor["id"]), actor)


def _path(url: str) -> str:
    parts = urlsplit(url)
    return f"{parts.path or '/'}?{parts.query}" if parts.query else parts.path


def page(url: str, items: list[Any], **more: Any) -> Json:
    return {"id": url, "type": "OrderedCollectionPage", "orderedItems": items, **more}


def collection(url: str, total: int, first: Json | str) -> Json:
    return {"id": url, "type": "OrderedCollection", "totalItems": total, "first": first}


async def follow(home: Workshop, address: str) -> Source:
    """Add a source, do all that follows from it, and return how it is listed then."""
    await sources.add(home, address)
    await run(home)
    (listed,) = await home.read(sources.listing)
    return listed


async def run(home: Workshop) -> None:
    runner = Runner(home, wiring.JOBS)
    while await runner.run_due():
        pass


async def indexed(home: Workshop) -> dict[str, Document]:
    def read(work: Work) -> dict[str, Document]:
        uris = [change.uri for change in search.changes(work, START) if change.card]
        return {document.title: document for document in search.among(work, uris)}

    return await home.read(read)


# --- Mobilizon --------------------------------------------------------------------------------------------------------
def dance(peer: Origin, number: int, group: str) -> Json:
    """A real event of Mobilizon, of a group, in as many copies as needed."""
    event = moved(peer, "mobilizon/objects_event.json")
    uri = f"{event['id'][:-2]}{number:02}"
    return event | {"id": uri, "url": uri, "uuid": event["uuid"][:-2] + f"{number:02}", "attributedTo": group}


async def test_a_group_on_mobilizon(home: Workshop, peer: Origin, clock: Clock) -> None:
    clock.now = datetime(2022, 12, 1, tzinfo=UTC)
    group = moved(peer, "mobilizon/objects_group.json")
    uri, outbox = serve_actor(peer, group, "Mobilizon"), group["outbox"]
    events = [dance(peer, number, uri) for number in range(12)]
    first = page(f"{outbox}?page=1", events[:10], partOf=outbox)
    peer.serve(_path(outbox), collection(outbox, len(events), first))
    peer.serve(f"{_path(outbox)}?page=2", page(f"{outbox}?page=2", events[10:], partOf=outbox))
    listed = await follow(home, uri)
    assert (listed.what, listed.name, listed.error) == ("Mobilizon-Gruppe", group["name"], "")
    documents = await home.read(lambda work: [change for change in search.changes(work, START) if change.card])
    assert len(documents) == 12
    (document,) = (await indexed(home)).values()
    assert (document.title, document.place) == ("Caledonian scottish dance class", "The Kenn Centre, Teignbridge")
    assert (document.starts_at, document.latitude) == (datetime(2022, 12, 11, 19, tzinfo=UTC), 50.66881615)
    assert document.organisation == group["name"]


async def test_an_instance_of_mobilizon(home: Workshop, peer: Origin, clock: Clock) -> None:
    """Its relay's outbox holds all local events; later ones arrive as Announces of their ids."""
    clock.now = datetime(2022, 12, 1, tzinfo=UTC)
    group = moved(peer, "mobilizon/objects_group.json")
    relay = group | {name: group[name].replace("@contribateliers", "relay") for name in ("id", "inbox", "outbox")}
    relay |= {
        "type": "Application",
        "preferredUsername": "relay",
        "name": "Mobilizon",
        "publicKey": {},
        "url": peer.url,
    }
    serve_actor(peer, group, "Mobilizon")
    uri = serve_actor(peer, relay, "Mobilizon", application=relay["id"])
    old, new = dance(peer, 1, group["id"]), dance(peer, 2, group["id"]) | {"name": "Neuer Tanz"}
    peer.serve(_path(relay["outbox"]), collection(relay["outbox"], 1, page(f"{relay['outbox']}?page=1", [old])))
    listed = await follow(home, peer.url)
    assert (listed.uri, listed.what, listed.whole_origin) == (uri, "Mobilizon-Instanz", True)
    assert set(await indexed(home)) == {"Caledonian scottish dance class"}
    peer.serve(_path(new["id"]), new)
    announce = {"id": f"{uri}/announces/1", "type": "Announce", "actor": uri, "object": new["id"], "to": [PUBLIC]}
    announce["@context"] = "https://www.w3.org/ns/activitystreams"
    verdict = await home.write(inbox.handle, wiring.HANDLERS, uri, orjson.dumps(announce))
    assert verdict.startswith("asking the origin")
    await run(home)
    assert set(await indexed(home)) == {"Caledonian scottish dance class", "Neuer Tanz"}


async def test_people_on_mobilizon_cannot_be_followed(home: Workshop, peer: Origin) -> None:
    with pytest.raises(Conflict, match="Gruppe"):
        await sources.add(home, serve_actor(peer, moved(peer, "mobilizon/objects_person.json"), "Mobilizon"))
    assert await home.read(sources.listing) == []


# --- Gancio -----------------------------------------------------------------------------------------------------------
async def test_a_gancio(home: Workshop, peer: Origin, clock: Clock) -> None:
    clock.now = datetime(2021, 7, 10, tzinfo=UTC)
    actor, create = moved(peer, "gancio/mbz-gancio-actor.json"), moved(peer, "gancio/mbz-gancio-event-activity.json")
    uri = serve_actor(peer, actor, "gancio", application=actor["id"])
    first = page(f"{actor['outbox']}?page=true", [create], partOf=actor["outbox"])
    peer.serve(_path(actor["outbox"]), collection(actor["outbox"], 1, first))
    listed = await follow(home, peer.url)
    assert (listed.uri, listed.what, listed.whole_origin) == (uri, "Gancio-Kalender", True)
    documents = await indexed(home)
    assert documents["Demo event"].starts_at == datetime(2021, 7, 14, 15, 30, 57, tzinfo=UTC)
    assert documents["Demo event"].place == "Colosseo"


# --- WordPress --------------------------------------------------------------------------------------------------------
async def test_a_blog_with_event_bridge(home: Workshop, peer: Origin, clock: Clock) -> None:
    """The blog announces what its authors publish; articles and answers are nothing for the index."""
    clock.now = datetime(2024, 5, 7, tzinfo=UTC)
    blog, author = moved(peer, "wordpress/objects_group.json"), peer.at("/author/pfefferle/")
    uri = serve_actor(peer, blog, "wordpress")
    announce = moved(peer, "wordpress/activities_announce.json") | {"actor": uri}
    event = {
        "id": peer.at("/?p=7"),
        "type": "Event",
        "attributedTo": author,
        "name": "Offene Werkstatt",
        "content": "<p>Reparieren statt wegwerfen.</p>",
        "startTime": "2024-05-10T18:00:00+02:00",
        "endTime": "2024-05-10T20:00:00+02:00",
        "timezone": "Europe/Berlin",
        "location": {
            "type": "Place",
            "name": "Rathaus",
            "address": {"addressLocality": "Hagen", "type": "PostalAddress"},
        },
        "published": "2024-05-01T10:00:00Z",
        "to": [PUBLIC],
        "url": peer.at("/veranstaltung/offene-werkstatt/"),
    }
    create = {"id": peer.at("/?p=7#create"), "type": "Create", "actor": author, "object": event, "to": [PUBLIC]}
    bridged = announce | {"id": peer.at("/?p=7#announce"), "object": create}
    answer = {**moved(peer, "wordpress/objects_note.json"), "attributedTo": author}
    items = [bridged, announce, announce | {"id": peer.at("/a/3"), "object": answer}]
    outbox = blog["outbox"]
    peer.serve(_path(outbox), collection(outbox, 3, f"{outbox}?page=1"))
    peer.serve(f"{_path(outbox)}?page=1", page(f"{outbox}?page=1", items, partOf=outbox))
    listed = await follow(home, uri)
    assert (listed.what, listed.name, listed.whole_origin) == ("WordPress-Blog", "A Division by Zer0", False)
    documents = await indexed(home)
    assert set(documents) == {"Offene Werkstatt"}
    assert documents["Offene Werkstatt"].place == "Rathaus, Hagen"


# --- Mastodon ---------------------------------------------------------------------------------------------------------
@pytest.mark.parametrize("indexable", [True, None])
async def test_the_mastodon_account_of_an_association(
    home: Workshop, peer: Origin, clock: Clock, indexable: bool | None
) -> None:
    """Its posts are posts, no offers; and only if it says that they may be searched."""
    clock.now = datetime(2020, 8, 1, tzinfo=UTC)
    actor, status = moved(peer, "mastodon/mbz-mastodon-actor.json"), moved(peer, "mastodon/mbz-mastodon-status.json")
    uri = serve_actor(peer, actor if indexable is None else actor | {"indexable": indexable}, "mastodon")
    finger = {"subject": "acct:peertube", "links": [{"rel": "self", "type": "application/activity+json", "href": uri}]}
    handle = f"peertube@127.0.0.1:{peer.port}"
    peer.serve(f"/.well-known/webfinger?resource=acct:{handle}", finger, kind="application/jrd+json")
    create = {"id": f"{status['id']}/activity", "type": "Create", "actor": uri, "object": status, "to": [PUBLIC]}
    create["published"] = status["published"]
    boost = {
        "id": f"{uri}/boosts/1",
        "type": "Announce",
        "actor": uri,
        "object": uri,
        "published": "2020-07-28T10:00:00Z",
    }
    outbox = actor["outbox"]
    peer.serve(_path(outbox), collection(outbox, 2, f"{outbox}?page=true"))
    first = page(f"{outbox}?page=true", [boost, create], next=f"{outbox}?max_id=1&page=true", partOf=outbox)
    peer.serve(f"{_path(outbox)}?page=true", first)
    peer.serve(f"{_path(outbox)}?max_id=1&page=true", page(f"{outbox}?max_id=1&page=true", [], partOf=outbox))
    listed = await follow(home, f"@{handle}")
    assert (listed.uri, listed.what, listed.name) == (uri, "Mastodon-Konto", "PeerTube")
    documents = await indexed(home)
    assert [one.kind for one in documents.values()] == (["post"] if indexable else [])
