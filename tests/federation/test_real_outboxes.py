"""Sources as other software serves them: real actors and objects, in the collections in which each puts them.

The payloads of others lie where EHRENAMT_TEST_WIRE says; here they are moved to a server on loopback. How the
collections are made is read from each software: Mobilizon embeds the first page and has the earliest events first, each
in a Create of this moment, at its relay in an Announce without id; Gancio names pages by numbers, the latest event
first; Mastodon names pages by the ids of posts; WordPress announces its authors' events.
"""

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from typing import Any
from urllib.parse import urlsplit

import orjson
import pytest

from fediverse_ehrenamt import wiring
from fediverse_ehrenamt.federation import catching_up, discovery, inbox, outboxes, sources
from fediverse_ehrenamt.federation.sources import Source
from fediverse_ehrenamt.jobs.runner import Runner
from fediverse_ehrenamt.kit import ids
from fediverse_ehrenamt.kit.errors import Conflict
from fediverse_ehrenamt.search import store as search
from fediverse_ehrenamt.search.model import START, Document
from fediverse_ehrenamt.vocab import codec
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
BY_PAGE = 10


def dance(peer: Origin, number: int, group: str, **changes: Any) -> Json:
    """A real event of Mobilizon, of a group, in as many copies as needed."""
    event = moved(peer, "mobilizon/objects_event.json")
    event.pop("@context")
    uri = f"{event['id'][:-3]}{number:03}"
    return event | {"id": uri, "url": uri, "uuid": event["uuid"][:-3] + f"{number:03}", "attributedTo": group} | changes


def weekly(peer: Origin, group: str, first: datetime, numbers: range) -> list[Json]:
    """Events a week apart; those of later dates were published later."""
    found = []
    for number in numbers:
        starts = first + timedelta(weeks=number)
        times = {"startTime": starts, "endTime": starts + timedelta(hours=2), "published": starts - timedelta(weeks=8)}
        said = {name: moment.isoformat() for name, moment in times.items()}
        found.append(dance(peer, number, group, **said))
    return found


def created(event: Json, now: datetime) -> Json:
    """The Create that Mobilizon makes up for an item of an outbox (`Utils.make_create_data`)."""
    return {
        "id": f"{event['id']}/activity",
        "type": "Create",
        "actor": event["actor"],
        "attributedTo": event["attributedTo"],
        "to": PUBLIC,
        "cc": event["cc"],
        "object": event,
        "published": f"{now:%Y-%m-%dT%H:%M:%SZ}",
    }


def announced(relay: Json, create: Json) -> Json:
    """The Announce that its relay makes up around that (`Utils.make_announce_data` without an id)."""
    return {
        "type": "Announce",
        "actor": relay["id"],
        "attributedTo": create["attributedTo"],
        "to": [relay["followers"], create["actor"]],
        "cc": [PUBLIC],
        "object": create,
    }


def commented(peer: Origin, number: int, now: datetime) -> Json:
    """A comment, as it stands behind the events of a page."""
    uri, author = peer.at(f"/comments/{number}"), peer.at("/@gast")
    note: Json = {"id": uri, "type": "Note", "actor": author, "attributedTo": author, "content": "<p>Schön!</p>"}
    note |= {"to": [PUBLIC], "cc": [], "published": "2020-01-01T10:00:00Z"}
    return created(note, now)


def serve_outbox(peer: Origin, outbox: str, events: list[Json], comments: Sequence[Json] = ()) -> None:
    """Serve both as Mobilizon does: ten of each a page, the first one embedded, each naming the next."""
    total = len(events) + len(comments)
    pages: list[Json] = []
    for number in range(1, total // BY_PAGE + 3):
        part = slice((number - 1) * BY_PAGE, number * BY_PAGE)
        more = {"next": f"{outbox}?page={number + 1}"} if (number - 1) * BY_PAGE < total else {}
        pages.append(page(f"{outbox}?page={number}", [*events[part], *comments[part]], partOf=outbox, **more))
        peer.serve(_path(pages[-1]["id"]), pages[-1])
    peer.serve(_path(outbox), collection(outbox, total, pages[0]))


def serve_group(peer: Origin) -> Json:
    group = moved(peer, "mobilizon/objects_group.json")
    serve_actor(peer, group, "Mobilizon")
    return group


def serve_relay(peer: Origin) -> Json:
    """Its id is /relay, its outbox that of an account (`Actor.build_url`)."""
    relay = moved(peer, "mobilizon/objects_group.json")
    relay |= {name: relay[name].replace("@contribateliers", "@relay") for name in ("outbox", "followers", "following")}
    relay |= {"id": peer.at("/relay"), "inbox": peer.at("/inbox"), "type": "Application", "url": peer.at("/relay")}
    relay |= {"preferredUsername": "relay", "name": "Mobilizon", "publicKey": {}}
    serve_actor(peer, relay, "Mobilizon", application=relay["id"])
    return relay


async def count(home: Workshop) -> int:
    return len(await home.read(lambda work: [change for change in search.changes(work, START) if change.card]))


async def look(home: Workshop, peer: Origin, uri: str) -> int:
    """Look at a source's outbox once more and return how many requests that took."""
    before = len(peer.requests)
    await catching_up.read_outbox(home, wiring.HANDLERS, uri)
    return sum("outbox" in request for request in peer.requests[before:])


async def test_a_group_on_mobilizon(home: Workshop, peer: Origin, clock: Clock) -> None:
    clock.now = datetime(2022, 12, 1, tzinfo=UTC)
    group = serve_group(peer)
    serve_outbox(peer, group["outbox"], [created(dance(peer, number, group["id"]), clock.now) for number in range(12)])
    listed = await follow(home, group["id"])
    assert (listed.what, listed.name, listed.error) == ("Mobilizon-Gruppe", group["name"], "")
    assert await count(home) == 12
    (document,) = (await indexed(home)).values()
    assert (document.title, document.place) == ("Caledonian scottish dance class", "The Kenn Centre, Teignbridge")
    assert (document.starts_at, document.latitude) == (datetime(2022, 12, 11, 19, tzinfo=UTC), 50.66881615)
    assert document.organisation == group["name"]


async def test_an_instance_of_mobilizon(home: Workshop, peer: Origin, clock: Clock) -> None:
    """Its relay's outbox holds all local events; later ones arrive as Announces of their ids."""
    clock.now = datetime(2022, 12, 1, tzinfo=UTC)
    group, relay = serve_group(peer), serve_relay(peer)
    uri = relay["id"]
    old, new = dance(peer, 1, group["id"]), dance(peer, 2, group["id"]) | {"name": "Neuer Tanz"}
    serve_outbox(peer, relay["outbox"], [announced(relay, created(old, clock.now))])
    listed = await follow(home, peer.url)
    assert (listed.uri, listed.what, listed.whole_origin) == (uri, "Mobilizon-Instanz", True)
    assert set(await indexed(home)) == {"Caledonian scottish dance class"}
    peer.serve(_path(new["id"]), new | {"@context": "https://www.w3.org/ns/activitystreams"})
    announce = {"id": f"{uri}/announces/1", "type": "Announce", "actor": uri, "object": new["id"], "to": [PUBLIC]}
    announce["@context"] = "https://www.w3.org/ns/activitystreams"
    verdict = await home.write(inbox.handle, wiring.HANDLERS, uri, codec.parse_activity(orjson.dumps(announce)))
    assert verdict.startswith("asking the origin")
    await run(home)
    assert set(await indexed(home)) == {"Caledonian scottish dance class", "Neuer Tanz"}


@pytest.mark.parametrize("whole", [False, True])
async def test_what_is_new_on_a_later_page_of_mobilizon(
    home: Workshop, peer: Origin, clock: Clock, whole: bool
) -> None:
    """All items say that they are of now, and the first page is for ever that of the earliest events."""
    clock.now = datetime(2022, 6, 1, tzinfo=UTC)
    group = serve_group(peer)
    source = serve_relay(peer) if whole else group
    events = weekly(peer, group["id"], datetime(2022, 6, 2, 19, tzinfo=UTC), range(28))

    def serve(part: list[Json]) -> None:
        items = [created(event, clock.now) for event in part]
        serve_outbox(peer, source["outbox"], [announced(source, item) for item in items] if whole else items)

    serve(events[:25] + events[26:])
    await follow(home, source["id"])
    assert await count(home) == 27
    clock.forward(hours=6)
    serve(events)
    await look(home, peer, source["id"])
    assert await count(home) == 28


@pytest.mark.parametrize("comments", [0, 500])
async def test_a_mobilizon_of_many_years(home: Workshop, peer: Origin, clock: Clock, comments: int) -> None:
    """More events are over than are read of an outbox, and those to come stand behind them."""
    group, relay = serve_group(peer), serve_relay(peer)
    first = clock.now - timedelta(weeks=330) + timedelta(days=1)
    items = [announced(relay, created(event, clock.now)) for event in weekly(peer, group["id"], first, range(361))]
    said = [announced(relay, commented(peer, number, clock.now)) for number in range(comments)]
    serve_outbox(peer, relay["outbox"], items[:360], said)
    await follow(home, relay["id"])
    assert await count(home) == 30
    serve_outbox(peer, relay["outbox"], items, said)
    assert await look(home, peer, relay["id"]) < outboxes.PAGES
    assert await count(home) == 31


async def test_a_mobilizon_where_all_is_over(home: Workshop, peer: Origin, clock: Clock) -> None:
    group = serve_group(peer)
    events = weekly(peer, group["id"], clock.now - timedelta(weeks=400), range(350))
    serve_outbox(peer, group["outbox"], [created(event, clock.now) for event in events])
    listed = await follow(home, group["id"])
    assert (listed.error, await count(home)) == ("", 0)
    assert await look(home, peer, group["id"]) < outboxes.PAGES


async def test_people_on_mobilizon_cannot_be_followed(home: Workshop, peer: Origin) -> None:
    with pytest.raises(Conflict, match="Gruppe"):
        await sources.add(home, serve_actor(peer, moved(peer, "mobilizon/objects_person.json"), "Mobilizon"))
    assert await home.read(sources.listing) == []


# --- Gancio -----------------------------------------------------------------------------------------------------------
async def test_a_gancio(home: Workshop, peer: Origin, clock: Clock) -> None:
    clock.now = datetime(2021, 7, 10, tzinfo=UTC)
    actor, create = moved(peer, "gancio/mbz-gancio-actor.json"), moved(peer, "gancio/mbz-gancio-event-activity.json")
    uri = serve_actor(peer, actor, "gancio", application=actor["id"])
    outbox = actor["outbox"]
    peer.serve(_path(outbox), collection(outbox, 1, f"{outbox}?page=1"))
    peer.serve(f"{_path(outbox)}?page=1", page(f"{outbox}?page=1", [create], partOf=outbox))
    listed = await follow(home, peer.url)
    assert (listed.uri, listed.what, listed.whole_origin) == (uri, "Gancio-Kalender", True)
    documents = await indexed(home)
    assert documents["Demo event"].starts_at == datetime(2021, 7, 14, 15, 30, 57, tzinfo=UTC)
    assert documents["Demo event"].place == "Colosseo"


async def test_a_gancio_without_events_names_pages_for_ever(home: Workshop, peer: Origin) -> None:
    """Its last page is the number of its events by ten, rounded up: 0, and no page has that number (users.js)."""
    actor = moved(peer, "gancio/mbz-gancio-actor.json")
    serve_actor(peer, actor, "gancio", application=actor["id"])
    outbox = actor["outbox"]
    peer.serve(_path(outbox), collection(outbox, 0, f"{outbox}?page=1") | {"last": f"{outbox}?page=0"})
    for number in range(1, outboxes.PAGES + 1):
        url = f"{outbox}?page={number}"
        peer.serve(_path(url), page(url, [], totalItems=0, partOf=outbox, next=f"{outbox}?page={number + 1}"))
    listed = await follow(home, peer.url)
    assert not listed.error
    asked = [request.removeprefix("GET ") for request in peer.requests if "outbox" in request]
    assert asked == [_path(outbox), f"{_path(outbox)}?page=1", f"{_path(outbox)}?page=2"]


# --- WordPress --------------------------------------------------------------------------------------------------------
def serve_application(peer: Origin) -> str:
    """The actor that every WordPress names in NodeInfo (`class-application.php`): it signs, and publishes nothing."""
    uri = peer.at("/wp-json/activitypub/1.0/application")
    actor: Json = {"@context": ["https://www.w3.org/ns/activitystreams"], "id": uri, "type": "Application"}
    actor |= {"url": uri, "preferredUsername": "application", "name": "application", "manuallyApprovesFollowers": True}
    actor |= {name: peer.at(f"/wp-json/activitypub/1.0/actors/-1/{name}") for name in ("inbox", "outbox")}
    return serve_actor(peer, actor | {"indexable": False, "discoverable": False}, "wordpress", application=uri)


@pytest.mark.parametrize("by", ["id", "home page"])
async def test_a_blog_with_event_bridge(home: Workshop, peer: Origin, clock: Clock, by: str) -> None:
    """The blog announces what its authors publish; articles of who does not consent, and answers, are not indexed.

    An event that was changed since stands in its outbox as it was: it is asked for.
    """
    clock.now = datetime(2024, 5, 7, tzinfo=UTC)
    blog, author = moved(peer, "wordpress/objects_group.json"), peer.at("/author/pfefferle/")
    application = serve_application(peer)
    uri = serve_actor(peer, blog, "wordpress", application)
    finger = {"subject": "acct:blog", "links": [{"rel": "self", "type": "application/activity+json", "href": uri}]}
    peer.serve(f"/.well-known/webfinger?resource={peer.url}/", finger, kind="application/jrd+json")
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
    context = {"@context": "https://www.w3.org/ns/activitystreams"}
    peer.serve("/?p=7", context | event | {"name": "Offene Küche"})
    article = announce["object"]["object"]
    peer.serve(_path(article["id"]), context | article)
    answer = {**moved(peer, "wordpress/objects_note.json"), "attributedTo": author}
    items = [bridged, announce, announce | {"id": peer.at("/a/3"), "object": answer}]
    outbox = blog["outbox"]
    peer.serve(_path(outbox), collection(outbox, 3, f"{outbox}?page=1"))
    peer.serve(f"{_path(outbox)}?page=1", page(f"{outbox}?page=1", items, partOf=outbox))
    listed = await follow(home, uri if by == "id" else peer.url)
    assert (listed.uri, listed.what, listed.name) == (uri, "WordPress-Blog", "A Division by Zer0")
    assert not listed.whole_origin
    documents = await indexed(home)
    assert set(documents) == {"Offene Küche"}
    assert documents["Offene Küche"].place == "Rathaus, Hagen"


async def test_a_wordpress_without_a_blog_to_follow(home: Workshop, peer: Origin) -> None:
    """Where the blog's account is off, its home page leads to the one that rejects followers."""
    serve_application(peer)
    with pytest.raises(Conflict, match=r"veröffentlicht nichts.*@name@127\.0\.0\.1"):
        await sources.add(home, peer.url)
    assert await home.read(sources.listing) == []


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
